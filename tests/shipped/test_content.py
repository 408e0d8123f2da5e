"""What the real guide says: every part is there, nothing that is known to be wrong, and staff can read the cards."""

import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Final

import pytest

from taiyaku.checks.before_printing import before_printing
from taiyaku.checks.prepare import prepare
from taiyaku.content.load import load_guide
from taiyaku.content.parse import parse
from taiyaku.model.content import Block, BlockKind, Content, Role, Text, walk
from taiyaku.model.findings import format_finding

ROOT: Final = Path(__file__).resolve().parent.parent.parent
LANGUAGES: Final = ("zh-Hans", "ja", "en")
CHAPTERS: Final = (
    *("01-why", "02-first-days", "03-prepare", "04-choose", "05-online", "06-shop", "07-refused", "08-right"),
    *("09-keep", "10-changes", "11-safe", "12-rules", "13-help", "14-phrases"),
)
FIGURES: Final = {
    "02-first-days": "first-days",
    "03-prepare": "residence-card",
    "04-choose": "which-line",
    "05-online": "first-call",
    "12-rules": "rules-timeline",
}

N5_N4: Final = frozenset(
    "一二三四五六七八九十百千万円日月火水木金土年時分半今午前後間週毎先人男女子母父友名中大小長高安新古多少上下左右北南東西外国語"
    "本校学生車駅店電話食飲見聞読書行来出入休立会買言天気雨山川花魚何白"
    "会同事自社者地業方場員開手力問代明動京目通理体田主題意不作用度強公持野以思家世正院心界教文元重近考画海売知道集別物使品計死特私"
    "始朝運終台広住無真有口町料工建空急止送切転研究楽起着病質待試族銀早映親験英医仕去味写字答夜音注帰歌悪図室歩風紙黒春赤青館屋色"
    "走秋夏習洋旅服夕借曜肉貸堂鳥飯勉冬昼茶弟牛兄犬妹姉漢足発"
)
"""Kanji that learners know by the level N4 of the JLPT, as textbooks list them (there is no official list)."""

WRONG: Final = {
    "0120-76-2029": "a help desk that was there for a while only",
    "03-5253-5900": "no official page shows this number",
    "0570-011000": "not confirmed since 2020",
    "2026年9月30日": "the end of the transition rests on one note",
    "30 September 2026": "the end of the transition rests on one note",
    "90日未満": "no company's rule of today",
    "最长3年": "six years since 2022",
    "最長3年": "six years since 2022",
    "300万": "only as a business, and not in this guide",
    "懲役": "the word of before June 2025",
    "880": "one report of one product",
    "Nippon SIM": "nothing was found about it",
    "JP Smart": "nothing was found about it",
}
"""What goes round and must not be printed, with the reason."""


@pytest.fixture(scope="module")
def content() -> Content:
    loaded = load_guide(ROOT / "content", "phone-number").content
    assert loaded is not None
    return loaded


@pytest.fixture(scope="module")
def texts(content: Content) -> dict[tuple[str, str], Text]:
    return {(m.language, m.name): parse(m).text for m in content.manuscripts}


def blocks(text: Text, kind: BlockKind) -> Iterator[Block]:
    return (block for block in walk(text.blocks) if block.kind is kind)


def test_every_part_is_there_in_every_language(content: Content) -> None:
    assert content.names(Role.CHAPTER) == CHAPTERS
    assert {m.language for m in content.manuscripts} == set(LANGUAGES)


@pytest.mark.parametrize(("chapter", "figure"), FIGURES.items())
def test_pictures_hold_their_words_in_every_language(
    texts: dict[tuple[str, str], Text], chapter: str, figure: str
) -> None:
    for language in LANGUAGES:
        (shown,) = blocks(texts[language, chapter], BlockKind.FIGURE)
        assert shown.variant == f"figures/{figure}.svg"
        assert shown.children
        assert all(label.inline.text for label in shown.children)


def test_glossary_has_forty_terms_with_readings(content: Content) -> None:
    assert len(content.glossary) >= 40
    assert [term.key for term in content.glossary if not term.reading] == []
    names = {term.names["ja"] for term in content.glossary}
    assert {"本人確認", "在留カード", "契約事務手数料"} <= names


def test_twenty_cards_to_point_at(texts: dict[tuple[str, str], Text]) -> None:
    cards = list(blocks(texts["zh-Hans", "14-phrases"], BlockKind.PHRASE))
    assert len({card.title.text for card in cards}) == len(cards) >= 20


READING: Final = re.compile(r"\{(?:[A-Za-z-]+:)?[^{}|]*\|[^{}]*\}")


def test_hard_kanji_carry_readings_where_the_japanese_is_pointed_at(content: Content) -> None:
    """In phrase cards and in the Japanese of the checklists; the name of a source or a company is not there."""
    bare: dict[str, set[str]] = {}
    for m in content.manuscripts:
        lines = m.text.splitlines()
        if not (m.language == "ja" and m.role is Role.CHECKLIST):
            lines = [line for line in lines if line.startswith("!!! phrase")]
        for line in lines:
            left = set(re.findall(r"[\u4e00-\u9fff]", READING.sub("", line))) - N5_N4
            if left:
                bare[f"{m.path}: {line}"] = left
    assert bare == {}


def test_companies_stand_in_alphabetical_order_three_at_least(texts: dict[tuple[str, str], Text]) -> None:
    for language in LANGUAGES:
        tables = list(blocks(texts[language, "04-choose"], BlockKind.TABLE))
        assert tables
        for table in tables:
            names = [row.children[0].inline.text for row in table.children[1:] if row.children[0].inline.text]
            assert len(names) >= 3
            if language != "ja":
                assert names == sorted(names, key=str.lower)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("words", WRONG)
def test_nothing_that_is_known_to_be_wrong_is_printed(content: Content, words: str, language: str) -> None:
    assert [m.path for m in content.manuscripts if m.language == language and words in m.text] == []


def test_the_list_for_before_a_print_run_is_up_to_date(content: Content, texts: dict[tuple[str, str], Text]) -> None:
    out = "docs/before-printing.md"
    written = (ROOT / out).read_text(encoding="utf-8")
    assert written == before_printing(content, texts.values(), out), (
        f"run: python3 build.py before-printing --out {out}"
    )


def test_every_translation_is_accepted(content: Content) -> None:
    """Nobody can say for a translator that two texts match: accept those that you have compared."""
    prepared = prepare(content, draft=False)
    assert content.accepted is not None
    assert [format_finding(finding) for finding in prepared.findings] == []


def test_every_chapter_that_is_pointed_at_has_its_number(content: Content) -> None:
    """The text says "chapter 4" and links to 04-….md: both lead to the same chapter."""
    links = re.compile(r"\[[^\]]*?(\d+)[^\]]*\]\((\d\d)-")
    found = list(chain.from_iterable(links.findall(m.text) for m in content.manuscripts))
    assert found
    assert [(said, file) for said, file in found if int(said) != int(file)] == []
