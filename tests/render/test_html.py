"""Pairs to HTML: one golden file a kind of block, and what must hold of every document."""

import os
import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Final

import jinja2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from taiyaku.checks.references import check_references
from taiyaku.content.pair import Manuscripts, alone, pair
from taiyaku.model.content import Content, Host, Source
from taiyaku.model.documents import Form, Publication
from taiyaku.model.theme import Theme
from taiyaku.render.backmatter import shown_address
from taiyaku.render.html import Printed, Rendered, RenderOptions, render
from taiyaku.render.htmltext import language_texts, runs
from taiyaku.render.rows import Cell, number_sources
from tests.making import FRAMED, bare, text, theme, tiny_content, told

GOLDENS: Final = Path(__file__).parent.with_name("goldens")
PLAIN: Final = Printed()
DRAFT: Final = Printed(draft=True)
SCREEN: Final = RenderOptions()
BLOCKS_ONLY: Final = """\
{% import "_blocks.html.jinja" as b with context %}
{% for chapter in chapters %}
{{ b.heading(chapter.title) }}
{{ b.blocks(chapter.rows) }}
{% endfor %}
"""


@cache
def content() -> Content:
    """Return the tiny guide, with three sources and a picture that has frames."""
    law = tiny_content().sources["law"]
    sources = {key: law.model_copy(update={"title": {"ja": key}}) for key in ("law", "bank", "card")}
    return replace(tiny_content(), sources=sources, figures={"figures/framed.svg": FRAMED.encode()})


def blocks_only() -> Theme:
    """Return our house with a template that prints the blocks and nothing else."""
    return with_template(BLOCKS_ONLY)


def with_template(source: str) -> Theme:
    return replace(theme(), templates={**theme().templates, "checklist.html.jinja": source})


def rendered(
    *texts: str,
    languages: tuple[str, ...] = ("zh-Hans", "ja"),
    form: Form = Form.CHECKLIST,
    using: Theme | None = None,
    of: Content | None = None,
    printing: Printed = PLAIN,
    dress: RenderOptions = SCREEN,
) -> Rendered:
    """Render Markdown, one text a language, without what `compose` puts between characters: it has its own tests."""
    parsed = [text(markdown, tag, f"{tag}/todo.md") for markdown, tag in zip(texts, languages, strict=True)]
    pairs = (pair(*parsed) if len(parsed) == 2 else alone(*parsed)).pairs
    title = Publication("mini", "todo", form, languages)
    texts_of = Manuscripts(("todo",), (pairs,))
    made = render(title, of or content(), using or blocks_only(), texts_of, printing=printing, dress=dress)
    return replace(
        made, html=bare(made.html), cells=tuple(map(plain, made.cells)), repeats=tuple(map(plain, made.repeats))
    )


def plain(cell: Cell) -> Cell:
    return replace(cell, html=Markup(bare(cell.html)))


def lines(html: str) -> str:
    return "".join(f"{line.strip()}\n" for line in html.splitlines() if line.strip())


# Goldens: written by TAIYAKU_WRITE_GOLDENS=1

BLOCKS: Final[dict[str, tuple[str, ...]]] = {
    "heading": ("# 开始\n\n## 去之前", "# はじめに\n\n## 行く前に"),
    "paragraph": ("# 开始\n\n先**打电话**预约。", "# はじめに\n\n先に**電話**で予約します。"),
    "inline": (
        "# 开始\n\n{身份核验|héyàn}，见[第2章](02-next.md)。[@law; @bank] 注[^1]。\n\n[^1]: 看{ja:役所}的网站。[@card]",
        "# はじめに\n\n{本人確認|ほんにんかくにん}は[第2章](02-next.md)。[@law; @bank] 注[^1]。\n\n"
        "[^1]: 役所のサイト。[@card]",
    ),
    "steps": ("# 开始\n\n1. 预约\n    - 电话\n2. 出门", "# はじめに\n\n1. 予約\n    - 電話\n2. 出発"),
    "bullets": ("# 开始\n\n- 预约\n    1. 电话\n- 出门", "# はじめに\n\n- 予約\n    1. 電話\n- 出発"),
    "tasks": ("# 开始\n\n- [ ] 在留卡\n- [x] 存折\n", "# はじめに\n\n- [ ] 在留カード\n- [x] 通帳\n"),
    "table": (
        "# 开始\n\n| 公司 | 电话 |\n|---|---|\n| 甲公司 | 0120 |",
        "# はじめに\n\n| 会社 | 電話 |\n|---|---|\n| 甲の会社 | 0120 |",
    ),
    "definitions": ("# 开始\n\n语音卡\n:   能打电话", "# はじめに\n\n音声SIM\n:   電話ができる"),
    "box": ('# 开始\n\n!!! scam "小心"\n    不要借名。', '# はじめに\n\n!!! scam "注意"\n    名前を貸さない。'),
    "box-without-title": ("# 开始\n\n!!! tip\n    - 早到", "# はじめに\n\n!!! tip\n    - 早めに"),
    "phrase": (
        '# 开始\n\n!!! phrase "{契約|けいやく}したいです。"\n    我想签约。',
        '# はじめに\n\n!!! phrase "{契約|けいやく}したいです。"',
    ),
    "figure": ('# 开始\n\n![卡](figures/a.svg "正面")', '# はじめに\n\n![カード](figures/a.svg "表")'),
    "labels": (
        "# 开始\n\n![路](figures/framed.svg)\n\n- **报警**\n- 110\n{: .labels }",
        "# はじめに\n\n![道](figures/framed.svg)\n\n- **警察**へ\n- 110\n{: .labels }",
    ),
    "quote": ("# 开始\n\n> 引文\n>\n> - 一", "# はじめに\n\n> 引用\n>\n> - 一"),
    "solo": ("# 开始\n\n使馆\n{: .solo }\n\n- 一\n- 二\n{: .solo }", "# はじめに\n\n役所\n{: .solo }"),
    "missing": ("# 开始\n\n多一段。", "# はじめに\n\n- 一つ多い"),
}


@pytest.mark.parametrize("name", BLOCKS)
def test_a_block_becomes_the_golden_html(name: str):
    assert_golden(name, rendered(*BLOCKS[name]).html)


def test_one_language_alone_becomes_the_golden_html():
    everything = [
        markdown.partition("\n\n")[2] for name, (_, markdown) in BLOCKS.items() if name not in ("inline", "missing")
    ]
    assert_golden("one-language", rendered("\n\n".join(["# はじめに", *everything]), languages=("ja",)).html)


def assert_golden(name: str, html: str) -> None:
    path = GOLDENS / f"{name}.html"
    if os.environ.get("TAIYAKU_WRITE_GOLDENS"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(lines(html), encoding="utf-8")
    assert lines(html) == path.read_text(encoding="utf-8")


def test_every_golden_is_looked_at():
    assert {path.stem for path in GOLDENS.glob("*.html")} == {*BLOCKS, "one-language"}


# Templates


@pytest.mark.parametrize("source", ["{{ titel }}", "{{ chapters[0].nmae }}", "{% for x in chapter %}{% endfor %}"])
def test_a_misspelt_name_in_a_template_stops_the_build(source: str):
    with pytest.raises(jinja2.UndefinedError):
        rendered("# 題", languages=("ja",), using=with_template(source))


@pytest.mark.parametrize("form", Form)
@pytest.mark.parametrize("languages", [("ja",), ("zh-Hans", "ja"), ("en", "ja"), ("zh-Hans", "en")])
def test_the_real_templates_print_every_kind_of_block(form: Form, languages: tuple[str, ...]):
    markdown = "\n\n".join(["# 題", *(second.partition("\n\n")[2] for _, second in BLOCKS.values())])
    texts, content = [markdown] * len(languages), tiny_content(*languages)
    made = rendered(*texts, languages=languages, form=form, using=theme(), of=content)
    assert made.html.startswith("<!doctype html>")
    assert [tag for tag in ("figure", "box", "phrase", "rows tasks", "quote") if f'class="{tag}' not in made.html] == []


def test_what_fit_has_chosen_is_on_the_root():
    made = rendered("# 题", "# 題", using=theme(), dress=RenderOptions(style="--type-size: 9.0pt"))
    assert ' style="--column-first: 50%; --type-size: 9.0pt">' in made.html


# Labels in pictures


def test_a_label_stands_in_its_frame_and_knows_where_it_was_written():
    made = rendered(*BLOCKS["labels"])
    styles = re.findall(r'<div class="in-picture ([^"]*)" style="([^"]*)" data-place="([^"]*)">', made.html)
    assert styles == [
        ("middle", "left: 0.000%; top: 0.000%; width: 50.000%; height: 100.000%", "zh-Hans/todo.md:5"),
        ("start top", "left: 50.000%; top: 0.000%; width: 50.000%; height: 100.000%", "zh-Hans/todo.md:6"),
    ]


def test_a_label_that_both_languages_write_alike_stands_once():
    made = rendered(*BLOCKS["labels"])
    assert made.html.count(">110<") == 1
    assert [runs(cell.html) for cell in made.cells if cell.slot == "solo"] == [("110",)]


def test_a_label_may_cite_its_source():
    markdown = "![路](figures/framed.svg)\n\n- 一[@law]\n- 二\n{: .labels }"
    made = rendered(f"# 题\n\n文[@bank]\n\n{markdown}", f"# 題\n\n文[@bank]\n\n{markdown}")
    assert 'href="#source-law">2</a>' in made.html


def test_a_draft_shows_the_gap_where_a_label_lacks_its_translation():
    made = rendered(BLOCKS["labels"][0], BLOCKS["labels"][1].replace("- **警察**へ\n", ""), printing=DRAFT)
    assert made.html.count(theme().strings["ja"].untranslated) == 1
    assert "报警" in words(made)


# Escaping


def test_text_is_escaped():
    made = rendered("# A & <B", "# \"A\" & 'B' > C\n", using=theme())
    assert "A &amp; &lt;B" in made.html
    assert "<B" not in made.html


def test_what_is_not_markdown_is_escaped_too():
    evil = 'x"><script>&'
    source = Source.model_validate({**content().sources["law"].model_dump(), "title": {"ja": evil}, "publisher": evil})
    guide = content().guide.model_copy(update={"title": {"zh-Hans": evil, "ja": evil}, "subtitle": {"ja": evil}})
    host = Host(name={"ja": evil}, desk={"ja": evil}, phone=evil, url=evil)
    made = rendered(
        f"# 题\n\n文[@law]\n\n![{evil}](figures/a.svg)",
        f"# 題\n\n文[@law]\n\n![{evil}](figures/a.svg)",
        form=Form.BOOKLET,
        using=theme(),
        of=replace(content(), guide=guide, sources={"law": source}),
        printing=Printed(host, "host/logo"),
    )
    assert "<script" not in made.html
    assert made.html.count("&lt;script&gt;&amp;") >= 10


@pytest.mark.parametrize("kind", ["note", "tip", "warning", "scam"])
def test_the_words_of_the_house_are_escaped(kind: str):
    strings = {tag: words.model_copy(update={kind: "Q & <A>"}) for tag, words in theme().strings.items()}
    made = rendered(
        f"# 题\n!!! {kind}\n    文", f"# 題\n!!! {kind}\n    文", using=replace(blocks_only(), strings=strings)
    )
    assert "Q &amp; &lt;A&gt;" in made.html
    assert "<A>" not in made.html


# Citations


def test_sources_are_numbered_in_reading_order():
    markdown = "# 題\n\n一[@card][@law]\n\n- 二[@law]\n    - 三[^1]\n\n四[@none]\n\n[^1]: 注[@bank]\n"
    pairs = alone(text(markdown)).pairs
    assert number_sources(pairs, content().sources) == {"card": 1, "law": 2, "bank": 3}


def test_a_citation_prints_its_number_and_leads_to_its_source():
    made = rendered("# 题\n\n一[@bank]，二[@law; @bank]", "# 題\n\n一[@bank]、二[@law; @bank]", using=theme())
    assert re.findall(r'<a class="cite" href="#source-(\w+)">([\d,]+)</a>', made.html)[:3] == [
        ("bank", "1"),
        ("law", "2,"),
        ("bank", "1"),
    ]
    assert made.html.index('id="source-bank"') < made.html.index('id="source-law"')
    assert 'id="source-card"' not in made.html


# Facts that have expired


@pytest.mark.parametrize("expired", [frozenset(), frozenset({"bank"}), frozenset({"bank", "law"})], ids=len)
def test_what_has_expired_is_marked_beside_its_number(expired: frozenset[str]):
    made = rendered("# 题\n\n一[@bank]，二[@law]", "# 題\n\n一[@bank]、二[@law]", printing=Printed(expired=expired))
    cites = set(re.findall(r'href="#source-(\w+)">(\d+!?)</a>', made.html))
    assert cites == {("bank", "1!" if "bank" in expired else "1"), ("law", "2!" if "law" in expired else "2")}


@pytest.mark.parametrize("form", Form)
def test_what_has_expired_is_marked_in_the_list_of_sources(form: Form):
    texts = ("# 题\n\n一[@bank]，二[@law]", "# 題\n\n一[@bank]、二[@law]")
    made = rendered(*texts, form=form, using=theme(), printing=Printed(expired=frozenset({"bank"})))
    bank, law = made.html.partition('id="source-bank"')[2].split('id="source-law"')
    for tag in ("zh-Hans", "ja"):
        assert theme().strings[tag].expired in bank
        assert theme().strings[tag].expired not in law
    assert theme().strings["ja"].expired not in rendered(*texts, form=form, using=theme()).html


def test_a_source_says_until_when_it_holds():
    texts = ("# 题\n\n一[@law]", "# 題\n\n一[@law]")
    law = content().sources["law"].model_copy(update={"good_for": 30})
    made = rendered(*texts, form=Form.BOOKLET, using=theme(), of=replace(content(), sources={"law": law}))
    assert "2026-11-22" in made.html.partition('id="source-law"')[2]
    assert "2026-12-22" in made.html.partition('id="source-law"')[2]


@pytest.mark.parametrize(
    ("languages", "shown"),
    [(("ja",), "電話の法律"), (("zh-Hans", "ja"), "電話の法律"), (("zh-Hans",), "The phone law")],
    ids=["the reader's", "the other one", "neither"],
)
def test_a_source_is_listed_once_in_the_first_language_that_has_its_title(languages: tuple[str, ...], shown: str):
    title = {"en": "The phone law", "ja": "電話の法律"}
    law = content().sources["law"].model_copy(update={"title": title})
    of = replace(content(), sources={"law": law})
    texts = ["# 題\n\n文[@law]"] * len(languages)
    made = rendered(*texts, languages=languages, form=Form.BOOKLET, using=theme(), of=of)
    assert [word for word in title.values() if word in made.html] == [shown]


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://example.org/", "example.org"),
        ("http://www.example.org/law", "example.org/law"),
        (f"https://example.org/{'a' * 28}", f"example.org/{'a' * 28}"),
        (f"https://example.org/{'a' * 29}", "example.org/…"),
        ("https://www.example.org/a/b/?page=1234567890123456789012345", "example.org/…"),
    ],
)
def test_an_address_is_printed_as_far_as_a_hand_types_it(url: str, shown: str):
    assert shown_address(url) == shown


# Columns


def share(first: str, second: str, languages: tuple[str, str] = ("zh-Hans", "ja")) -> str:
    """Return the share of the measure that the first language's column gets."""
    made = rendered(f"# 題\n\n{first}", f"# 題\n\n{second}", languages=languages, using=theme())
    (found,) = re.findall(r"--column-first: (\d+%)", made.html)
    return str(found)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("文" * 99, "文" * 99, "50%"),
        ("文" * 89, "文" * 109, "45%"),
        ("文" * 119, "文" * 79, "56%"),
        ("文", "文" * 500, "44%"),
        ("a" * 199, "文" * 99, "50%"),
        ("- 一\n    - " + "文" * 119, "- 一\n    - " + "文" * 79, "56%"),
        ("| 一 |\n|---|\n| 文文文文 |", "| 一 |\n|---|\n| 文 |", "50%"),
        ("", "", "50%"),
    ],
)
def test_columns_are_as_wide_as_their_words_need(first: str, second: str, expected: str):
    assert share(first, second) == expected


@settings(deadline=None)  # the first text waits for the phrase parser
@given(st.text("文a", max_size=200), st.text("文a", max_size=200))
def test_neither_column_is_a_strip(first: str, second: str):
    assert 44 <= int(share(first, second).rstrip("%")) <= 56


def widths(*texts: str, draft: bool = False) -> list[float]:
    """Return the widths of a table's columns in percent."""
    return [
        float(found)
        for found in re.findall(r'style="width: ([\d.]+)%"', rendered(*texts, printing=Printed(draft=draft)).html)
    ]


def test_a_tables_columns_are_as_wide_as_their_words_need():
    first, second = widths(
        "# 题\n\n| 甲 | 乙 |\n|---|---|\n| 一 | 一二三四五六七八九十 |", "# 題\n\n| 甲 | 乙 |\n|---|---|\n| 一 | 一 |"
    )
    assert first < second
    assert first + second == pytest.approx(100, abs=0.2)


@settings(deadline=None)
@given(st.lists(st.text("文a ", min_size=1, max_size=80), min_size=1, max_size=5))
def test_a_tables_columns_fill_the_line(cells: list[str]):
    row = "| " + " | ".join(f"a{cell}" for cell in cells) + " |"
    found = widths(*[f"# 題\n\n{row}\n|{'---|' * len(cells)}\n{row}\n"] * 2)
    assert len(found) == len(cells)
    assert sum(found) == pytest.approx(100, abs=0.3)


def test_a_draft_prints_tables_with_another_number_of_columns():
    texts = (
        "# 题\n\n| 甲 | 乙 | 丙 |\n|---|---|---|\n| 一 | 二 | 三 |",
        "# 題\n\n| 甲 | 乙 |\n|---|---|\n| 一 | 二 |\n| 四 | 五 |",
    )
    assert len(widths(*texts, draft=True)) == 3


# Links


def test_a_chapter_link_leads_to_its_chapter():
    made = rendered(*BLOCKS["inline"], form=Form.BOOKLET, using=theme())
    assert '<a class="see" href="#chapter-02-next">第2章</a>' in made.html
    assert 'id="chapter-todo"' in made.html
    assert ".md" not in re.sub(r' data-at="[^"]*"', "", made.html)


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("01-start.md", None),
        ("02-next.md", "the link `02-next.md` leads nowhere [link.chapter]"),
        ("01-start", "the link `01-start` leads nowhere [link.chapter]"),
        ("#top", "the link `#top` leads nowhere [link.chapter]"),
        ("https://example.org/law", None),
        ("https://example.org/", "the link `https://example.org/` cannot be followed on paper [link.source]"),
        ("mailto:a@example.org", "the link `mailto:a@example.org` cannot be followed on paper [link.source]"),
    ],
)
def test_a_link_that_cannot_be_followed_is_told(target: str, message: str | None):
    law = {"law": content().sources["law"]}
    linked = text(f"# 題\n\n- 一[@law]\n- [二]({target})\n")
    found = list(check_references(replace(content(), sources=law), [linked]))
    assert told(found) == ([f"content/mini/ja/01-start.md:4: error: {message}"] if message else [])


# Languages


def test_languages_are_written_as_the_typesetter_knows_them():
    made = rendered("# {zh-Hans:签约}{zh-Hant:簽約}{ko:계약}", "# {en:contract}契約", form=Form.BOOKLET, using=theme())
    tags = set(re.findall(r'\blang="([^"]+)"', made.html))
    assert {"zh-CN", "zh-TW", "ko-KR", "ja", "en"} <= tags
    assert tags.isdisjoint({"zh-Hans", "zh-Hant", "ko"})
    assert '<html lang="zh-CN" dir="ltr"' in made.html


def test_a_language_is_written_in_its_own_direction():
    strings = {**theme().strings, "ar": theme().strings["en"]}
    made = rendered("# عقد", "# 契約", languages=("ar", "ja"), using=replace(blocks_only(), strings=strings))
    assert 'lang="ar" dir="rtl"' in made.html
    assert 'lang="ja" dir="ltr"' in made.html


# What is set


def words(made: Rendered) -> str:
    return "\n".join(run for cell in made.cells for run in runs(cell.html))


@pytest.mark.parametrize("name", BLOCKS)
def test_all_that_was_written_is_set_and_looked_for(name: str):
    for markdown in BLOCKS[name]:
        for token in re.findall(
            r"[\u3040-\u30ff\u4e00-\u9fff]+", re.sub(r"\[\^?\w*\]\(\S+ |figures/\S+|!\[.*\]", "", markdown)
        ):
            made = rendered(*BLOCKS[name])
            assert token in re.sub(r"<[^>]+>", "", made.html)
            assert token in words(made)


@pytest.mark.parametrize(
    ("first", "second", "lost"),
    [
        ("| 甲 | |\n|---|---|\n| 一 | |", "| 甲 | 備考 |\n|---|---|\n| 一 | 千円 |", ("備考", "千円")),
        ("| 甲 | 备注 |\n|---|---|\n| 一 | 千元 |", "| 甲 | |\n|---|---|\n| 一 | |", ("备注", "千元")),
    ],
)
def test_a_cell_that_one_language_leaves_empty_is_set(first: str, second: str, lost: tuple[str, ...]):
    made = rendered(f"# 题\n\n{first}", f"# 題\n\n{second}")
    assert [word for word in lost if word not in made.html or word not in words(made)] == []


def test_what_both_languages_write_alike_stands_once_in_a_table():
    assert rendered(*BLOCKS["table"]).html.count("0120") == 1


def test_the_head_of_a_table_may_repeat():
    made = rendered(*BLOCKS["table"])
    assert [str(cell.html) for cell in made.repeats] == ["公司", "会社", "电话", "電話"]
    assert set(made.repeats) <= set(made.cells)


@pytest.mark.parametrize(
    "markdown",
    ["文", "- 一\n- 二", "| a |\n|---|\n| b |", "!!! tip\n    文", "语音卡\n:   卡", "> 文", "## 节"],
)
@pytest.mark.parametrize("solo", [True, False])
def test_only_what_lacks_a_translation_says_so(markdown: str, solo: bool):
    made = rendered(f"# 题\n\n{markdown}\n{'{: .solo }' if solo else ''}\n", "# 題\n")
    assert (theme().strings["ja"].untranslated in made.html) == (not solo)
    assert theme().strings["zh-Hans"].untranslated not in made.html
    assert theme().strings["ja"].untranslated not in words(made)


@pytest.mark.parametrize(("missing", "there"), [(0, 1), (1, 0)])
@pytest.mark.parametrize("name", [name for name in BLOCKS if name not in ("solo", "missing", "inline")])
def test_a_draft_prints_each_kind_of_block_without_its_partner(name: str, missing: int, there: int):
    texts = ["# 題", "# 題"]
    texts[there] = BLOCKS[name][there]
    made = rendered(*texts, printing=DRAFT)
    tokens = re.findall(r"[\u3040-\u30ff\u4e00-\u9fff]{2,}", BLOCKS[name][there].partition("\n\n")[2])
    assert [token for token in tokens if token not in made.html] == []
    assert missing != there


def test_tick_boxes_are_numbered_through():
    markdown = "# 題\n\n- [ ] 一\n- [ ] 二\n\n## 節\n\n- [ ] 三\n"
    made = rendered(markdown, languages=("ja",))
    assert re.findall(r'<span class="point" data-tag="Lbl">(\d+)</span>', made.html) == ["1", "2", "3"]


def test_a_phrase_is_set_in_the_language_of_the_staff():
    made = rendered(*BLOCKS["phrase"])
    assert [(cell.lang, runs(cell.html)) for cell in made.cells if cell.role == "phrase"] == [
        ("ja", ("契約けいやくしたいです。",)),
        ("zh-CN", ("我想签约。",)),
    ]


@pytest.mark.parametrize("form", Form)
def test_the_title_of_a_document(form: Form):
    made = rendered("# 要带的东西", "# 持ち物", form=form, using=theme())
    names = {
        Form.CHECKLIST: "要带的东西 / 持ち物",
        Form.BOOKLET: "在日本办手机号 / 日本で電話番号を持つ",
    }
    assert made.heading == names[form]
    assert f"<title>{names[form]}</title>" in made.html


def test_a_host_is_named():
    host = Host(name={"ja": "留学生課"}, hours={"ja": "九時から"}, phone="03-0000", url="https://example.org/")
    made = rendered("# 题", "# 題", form=Form.BOOKLET, using=theme(), printing=Printed(host, "host/logo"))
    for word in ("留学生課", "九時から", "03-0000", "https://example.org/", 'src="host/logo"'):
        assert word in made.html
    assert words(made).count("留学生課") == made.html.count(">留学生課<")


# Reading HTML back


def test_texts_are_gathered_by_language():
    html = (
        '<html lang="zh-CN"><head><meta charset="x"><title>题</title></head><body><p>签约<span lang="ja">契約<br>書'
        '</span>卡</p><img src="x" lang="ko"><p lang="en"> A &amp; B </p><p> </p></body></html>'
    )
    assert language_texts(html) == {"zh-CN": ["题", "签约", "卡"], "ja": ["契約", "書"], "en": [" A & B "]}


def test_text_without_a_language_is_left_out():
    assert language_texts("<p>x</p><p lang='ja'>文</p>y") == {"ja": ["文"]}


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("文", ("文",)),
        ("<b>本</b>人<em>確認</em>", ("本人確認",)),
        ("<ruby>本人<rt>ほんにん</rt></ruby>です", ("本人ほんにんです",)),
        ('前<span class="footnote">注<b>文</b></span>後', ("前", "注文", "後")),
        ('前<a class="see" href="#c">第2章</a>後', ("前第2章", "後")),
        ('前<span class="keep">。<a class="cite" href="#s">1</a></span>', ("前。1",)),
        ("一<br>二<img src='x'>三", ("一二三",)),
        ("A &amp; B &lt;", ("A & B <",)),
        ("<b>Q</b>&amp;<b>A</b> &lt;5", ("Q&A <5",)),
        (" ", ()),
        ("", ()),
    ],
)
def test_the_runs_of_a_cell(html: str, expected: Sequence[str]):
    assert runs(html) == expected
    assert runs(Markup(html)) == expected
