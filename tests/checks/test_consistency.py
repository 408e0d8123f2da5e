"""What two languages say: the same facts, sources, terms and boxes; and a source for everything to act on."""

import datetime as dt
import unicodedata
from dataclasses import replace
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taiyaku.checks.consistency import check_parity, check_sourced, check_ticks
from taiyaku.content.pair import pair
from taiyaku.model.content import Content, TermEntry
from taiyaku.model.findings import Finding, format_finding
from taiyaku.model.wordings import Severity
from tests.making import codes, text, tiny_content, told

ZH, JA = "zh-Hans/01-start.md", "ja/01-start.md"
DATE: Final = dt.date(2026, 11, 22)


def term(key: str, **names: str) -> TermEntry:
    return TermEntry(key, {tag.replace("_", "-"): name for tag, name in names.items()})


TERMS: Final = (
    term("check", zh_Hans="身份核验", ja="本人確認", en="identity check"),
    term("papers", zh_Hans="身份核验文件", ja="本人確認書類", en="ID document"),
    term("company", zh_Hans="手机公司", ja="携帯電話会社", en="mobile company"),
    term("shop", zh_Hans="门店", ja="店", en="shop"),
    term("card", zh_Hans="在留卡", ja="在留カード", en="residence card"),
    term("special", zh_Hans="特定在留卡", ja="特定カード", en="specified card"),
)


def content(*terms: TermEntry) -> Content:
    """Return a guide with the given glossary."""
    return replace(tiny_content(), glossary=terms)


def compared(
    first: str, second: str, *terms: TermEntry, languages: tuple[str, str] = ("zh-Hans", "ja")
) -> list[Finding]:
    """Compare two texts, each below a title: its first line is the file's third."""
    a, b = (
        text(f"# 題\n\n{markdown}\n", tag, f"{tag}/01-start.md")
        for tag, markdown in zip(languages, (first, second), strict=True)
    )
    return list(check_parity(content(*terms), pair(a, b).pairs, languages))


def unsourced(markdown: str, language: str = "ja") -> list[Finding]:
    return list(check_sourced(text(f"# 題\n\n{markdown}\n", language, f"{language}/01-start.md"), DATE))


# The same facts: one seeded fault of each kind

DIFFERENT: Final[dict[str, tuple[str, str, str, str]]] = {
    "a telephone number": (
        "请打0120-123-456。",
        "0120-123-457に電話します。",
        "telephone number 0120123456",
        "telephone number 0120123457",
    ),
    "an amount": ("罚款50万日元。", "罰金は60万円です。", "amount in yen 500000", "amount in yen 600000"),
    "a number of days": ("14天内。", "15日以内。", "length of time 14 day", "length of time 15 day"),
    "a date": ("2026年4月1日起。", "2026年4月2日から。", "date 2026-04-01", "date 2026-04-02"),
    "a web address": (
        "看 www.example.org 。",
        "www.example.com を見ます。",
        "web address www.example.org",
        "web address www.example.com",
    ),
    "an e-mail address": (
        "写信到a@example.org。",
        "b@example.orgに書きます。",
        "e-mail address a@example.org",
        "e-mail address b@example.org",
    ),
    "a postcode": ("〒160-0022", "〒160-0032", "postcode 〒160-0022", "postcode 〒160-0032"),
    "a time": ("9:00开门。", "10:00に開きます。", "time of day 9:00", "time of day 10:00"),
    "a number": ("3家公司。", "4つの会社。", "number 3", "number 4"),
    "a fact that one language does not say": ("14天内。", "すぐに。", "length of time 14 day", "nothing"),
    "a fact that the source does not say": ("马上。", "14日以内。", "nothing", "length of time 14 day"),
    "two facts": (
        "14天内，50万日元。",
        "15日以内。",
        "amount in yen 500000, length of time 14 day",
        "length of time 15 day",
    ),
}


@pytest.mark.parametrize(("first", "second", "only_zh", "only_ja"), DIFFERENT.values(), ids=DIFFERENT)
def test_a_differing_digit_is_told_with_both_lines(first: str, second: str, only_zh: str, only_ja: str):
    (finding,) = compared(first, second)
    numbers = f"the numbers differ: only zh-Hans has {only_zh}; only ja has {only_ja}"
    assert format_finding(finding).splitlines() == [
        f"{JA}:3: error: {numbers} [facts.differ]",
        f"  see also: {ZH}:3",
        "  hint: say the same in both languages",
    ]


def test_a_number_that_is_read_by_its_marks_is_told_with_the_marks_of_both_languages():
    (finding,) = compared("薬は75 ml", "Minum 7,5 ml", languages=("ja", "id"))
    assert format_finding(finding).splitlines() == [
        "id/01-start.md:3: error: the numbers differ: only ja has number 75 milliliter; "
        "only id has number 7.5 milliliter (`7,5 ml`) [facts.differ]",
        "  see also: ja/01-start.md:3",
        "  hint: say the same in both languages; ja writes 1,234.5, id writes 1.234,5",
    ]


def test_the_marks_are_not_told_where_both_languages_have_the_same():
    (finding,) = compared("1,250円、2026年3月5日", "1,350 yen, 5/3/2026", languages=("ja", "en"))
    numbers = "only ja has amount in yen 1250, date 2026-03-05; "
    assert format_finding(finding).splitlines() == [
        f"en/01-start.md:3: error: the numbers differ: {numbers}"
        "only en has amount in yen 1350, date 2026-05-03 (`5/3/2026`) [facts.differ]",
        "  see also: ja/01-start.md:3",
        "  hint: say the same in both languages",
    ]


def test_a_unit_that_is_not_known_is_a_warning_with_both_lines():
    (finding,) = compared("一。\n\n5日後", "Satu.\n\nSetelah 5 pekanan", languages=("ja", "id"))
    assert format_finding(finding).splitlines() == [
        "id/01-start.md:5: warning: ja has length of time 5 day; id has 5 pekanan: "
        "whether the unit is the same is not known [facts.unit]",
        "  see also: ja/01-start.md:5",
        "  hint: compare the two by eye; units are known by their usual words, as id writes them in full",
    ]


def test_a_unit_is_compared_from_either_side():
    (finding,) = compared("Setelah 5 pekanan", "5日後", languages=("id", "ja"))
    assert (finding.code, finding.severity, finding.facts["language"]) == ("facts.unit", Severity.WARNING, "ja")


SAME: Final = {
    "a telephone number": ("打0120-123-456。", "0120-123-456へ。", "Call 0120-123-456."),
    "days": ("14天内。", "14日以内。", "Within 14 days."),
    "days in words": ("2天后。", "2日後。", "After two days."),
    "an amount": ("50万日元。", "50万円。", "¥500,000."),
    "a date": ("2026年4月1日起。", "2026年4月1日から。", "From 1 April 2026."),
    "a day of the month": ("每月25日之前。", "毎月25日までに。", "By the 25th of each month."),
    "a web address": ("看 www.example.org 。", "www.example.org を見ます。", "See www.example.org."),
    "a postcode and an e-mail address": (
        "〒160-0022，a@example.org。",
        "〒160-0022、a@example.org。",
        "〒160-0022, a@example.org.",
    ),
    "no fact": ("马上。", "すぐに。", "At once."),
}


@pytest.mark.parametrize(("chinese", "japanese", "english"), SAME.values(), ids=SAME)
def test_the_same_facts_are_right(chinese: str, japanese: str, english: str):
    assert compared(chinese, japanese) == []
    assert compared(chinese, english, languages=("zh-Hans", "en")) == []
    assert compared(english, japanese, languages=("en", "ja")) == []


@pytest.mark.parametrize(
    ("first", "second", "line"),
    [
        ("- 一\n- 14天", "- 一\n- 15日", 4),
        ("- 一\n    - 14天", "- 一\n    - 15日", 4),
        ("- [ ] 14天", "- [ ] 15日", 3),
        ("| 甲 | 乙 |\n|---|---|\n| 一 | 14天 |", "| 甲 | 乙 |\n|---|---|\n| 一 | 15日 |", 5),
        ('!!! tip "14天"\n    文', '!!! tip "15日"\n    文', 3),
        ("!!! tip\n    文\n\n    14天", "!!! tip\n    文\n\n    15日", 6),
        ('!!! phrase "文"\n    14天', '!!! phrase "文"\n    15日', 3),
        ("卡\n:   14天", "カード\n:   15日", 4),
        ("## 14天", "## 15日", 3),
        ("文[^1]\n\n[^1]: 14天", "文[^1]\n\n[^1]: 15日", 3),
        ('![图](figures/a.svg "14天")', '![図](figures/a.svg "15日")', 3),
        ("![14天](figures/a.svg)", "![15日](figures/a.svg)", 3),
        ("![图](figures/a.svg)\n\n- 14天\n{: .labels }", "![図](figures/a.svg)\n\n- 15日\n{: .labels }", 5),
    ],
)
def test_facts_are_compared_in_every_kind_of_block(first: str, second: str, line: int):
    (finding,) = compared(first, second)
    assert (finding.code, str(finding.place), str(finding.also)) == ("facts.differ", f"{JA}:{line}", f"{ZH}:{line}")


def test_each_block_answers_for_itself():
    """A number that stands in another paragraph is not said here."""
    assert codes(compared("14天内。\n\n马上。", "すぐに。\n\n14日以内。")) == ["facts.differ"] * 2


@pytest.mark.parametrize("first", ["14天内。\n{: .solo }", "- 14天内"])
def test_a_block_without_partner_has_no_finding_here(first: str):
    assert compared(first, "文。") == []


@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_any_two_amounts_differ_or_are_right(one: int, other: int):
    found = compared(f"付{one:,}日元。", f"Pay ¥{other}.", languages=("zh-Hans", "en"))
    assert codes(found) == ([] if one == other else ["facts.differ"])


# The same sources


def test_a_source_that_one_language_cites_is_told_with_both_lines():
    (finding,) = compared("一。\n\n文。[@law; @bank]", "一。\n\n文。[@law; @card]")
    assert format_finding(finding).splitlines() == [
        f"{JA}:5: error: cited in one language only: @bank, @card [cite.differ]",
        f"  see also: {ZH}:5",
        "  hint: cite the same sources in every language",
    ]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("- 一[@law]\n- 二", "- 一\n- 二[@law]"),
        ('!!! tip "题[@law]"\n    文', '!!! tip "題"\n    文'),
        ('![图](figures/a.svg "一[@law]")', '![図](figures/a.svg "一")'),
        ("文[^1]\n\n[^1]: 注[@law]", "文[^1]\n\n[^1]: 注"),
        ("| 甲[@law] |\n|---|\n| 一 |", "| 甲 |\n|---|\n| 一[@law] |"),
    ],
)
def test_sources_are_compared_block_by_block(first: str, second: str):
    assert set(codes(compared(first, second))) == {"cite.differ"}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("一[@law]，二[@bank]", "二[@bank]、一[@law]、三[@law]"),
        ("一[@law]", "一[^1]\n\n[^1]: 注[@law]"),
        ("| 甲 | 乙 |\n|---|---|\n| 一[@law] | 二 |", "| 甲 | 乙 |\n|---|---|\n| 一 | 二[@law] |"),
    ],
    ids=["order and number", "a footnote", "another cell of the row"],
)
def test_the_same_sources_are_right(first: str, second: str):
    assert compared(first, second) == []


# The glossary's words


def test_another_word_for_a_term_is_told_with_both_lines():
    (finding,) = compared("一。\n\n先做身份核验。", "一。\n\nまず身元確認をします。", *TERMS)
    assert format_finding(finding).splitlines() == [
        f"{JA}:5: error: the other language says `身份核验`; here `本人確認` is missing [term.differ]",
        f"  see also: {ZH}:5",
        "  hint: use the glossary's word for ja",
    ]


@pytest.mark.parametrize(
    ("first", "second", "languages", "terms"),
    [
        ("身份核验", "The ID check", ("zh-Hans", "en"), ["身份核验"]),
        ("身份核验和门店", "Check in the store", ("zh-Hans", "en"), ["身份核验", "门店"]),
        ("Two shops", "会社", ("en", "ja"), ["shop"]),
        ("Identity Checks", "身元確認", ("en", "ja"), ["identity check"]),
        ("Mobile companies", "電話会社", ("en", "ja"), ["mobile company"]),
        ("身份核验文件", "本人確認", ("zh-Hans", "ja"), ["身份核验文件"]),
        ("身份核验文件，身份核验", "書類、本人確認", ("zh-Hans", "ja"), ["身份核验文件"]),
    ],
)
def test_a_term_is_missed(first: str, second: str, languages: tuple[str, str], terms: list[str]):
    found = compared(first, second, *TERMS, languages=languages)
    assert (set(codes(found)), sorted(one.facts["term"] for one in found)) == ({"term.differ"}, sorted(terms))


@pytest.mark.parametrize(
    ("first", "second", "languages"),
    [
        ("身份核验", "{本人確認|ほんにんかくにん}", ("zh-Hans", "ja")),
        ("身份核验", "**Identity  checks** come first", ("zh-Hans", "en")),
        ("手机公司", "Mobile\ncompanies", ("zh-Hans", "en")),
        ("手机公司", "A mobile-company", ("zh-Hans", "en")),
        ("身份核验文件", "本人確認書類", ("zh-Hans", "ja")),
        ("Workshops", "作業", ("en", "ja")),
        ("马上", "本人確認", ("zh-Hans", "ja")),
        ("特定在留卡", "特定カード", ("zh-Hans", "ja")),
        ('!!! phrase "ここですか"\n    门店', '!!! phrase "ここですか"\n    ここ', ("zh-Hans", "ja")),
        ("门店\n{: .solo }\n\n文", "文", ("zh-Hans", "ja")),
    ],
    ids=[
        *("with its reading", "plural and emphasis", "over two lines", "with a hyphen", "a longer term"),
        "a longer term with other words",
        *("a part of a word", "what the source does not say", "a phrase card", "a block that stands alone"),
    ],
)
def test_a_term_is_said(first: str, second: str, languages: tuple[str, str]):
    assert compared(first, second, *TERMS, languages=languages) == []


WRITTEN: Final = [
    # in small and capital letters of every script that has them
    ("vi", "đường sắt", "Đường sắt"),
    ("vi", "ủy ban phường", "ỦY BAN PHƯỜNG"),
    ("vi", "thẻ", unicodedata.normalize("NFD", "Thẻ ở đây")),
    ("vi", unicodedata.normalize("NFD", "ứng dụng"), "Ứng dụng"),
    ("el", "διαβατήριο", "ΔΙΑΒΑΤΗΡΙΟ"),
    ("el", "άδεια", "Άδεια"),
    ("el", "φάκελος", "ΦΑΚΕΛΟΣ"),
    ("ru", "пропуск", "ПРОПУСК"),
    ("uk", "їжа", unicodedata.normalize("NFD", "Їжа")),
    ("hy", "անձնագիր", "ԱՆՁՆԱԳԻՐ"),
    ("ka", "პასპორტი", "ᲞᲐᲡᲞᲝᲠᲢᲘ"),
    ("tr", "izin", "İZİN"),
    ("tr", "ışık", "IŞIK"),
    ("tr", "İzmir", "izmir"),
    ("de", "Reisepaß", "REISEPASS"),
    ("de", "Fußweg", "FUSSWEG"),
    ("en", "İzmir", "IZMIR"),
    ("cs", "průkaz", "Průkaz"),
    # with the ending of a plural, a case, an article
    ("ru", "пропуск", "без пропусков"),
    ("bg", "карта", "с картата"),
    ("el", "άδεια", "της άδειας"),
    ("hy", "քարտ", "քարտը"),
    ("ka", "პასპორტი", "პასპორტის"),
    # beside what is no letter of a word
    ("ru", "сим-карта", "«Сим-карта»"),
    ("ja", "SIMカード", "このSIMカード"),
    ("ja", "SIM", "格安SIMの"),
    ("vi", "thẻ cư trú", "Thẻ  cư\ntrú."),
    ("de", "Ausweis", "Aus\u00adweis"),
]


@pytest.mark.parametrize(("tag", "word", "said"), WRITTEN)
def test_a_term_is_found_in_the_letters_of_every_script(tag: str, word: str, said: str):
    named = TermEntry("one", {"zh-Hans": "门店", tag: word})
    assert compared("门店", said, named, languages=("zh-Hans", tag)) == []
    assert codes(compared(said, "无", named, languages=(tag, "zh-Hans"))) == ["term.differ"]


@pytest.mark.parametrize(
    ("tag", "word", "said"),
    [
        ("vi", "thẻ", "thẻo"),
        ("vi", "an", "bạn"),
        ("vi", "ban", "bản"),
        ("vi", "ban", unicodedata.normalize("NFD", "bản")),
        ("fr", "carte", "écarté"),
        ("fr", "t", "été"),
        ("el", "πάσο", "διπάσο"),
        ("ru", "рис", "рисунок"),
        ("ru", "том", "атом"),
        ("hy", "քարտ", "քարտեզ"),
        ("ka", "კარი", "კარიბჭე"),
        ("tr", "ısı", "ISIN"),
        ("tr", "kir", "KIR"),
        ("en", "cafe", "cafe\u0331"),
        ("ja", "SIMカード", "eSIMカード"),
        ("en", "form 1", "form 12"),
    ],
)
def test_a_term_is_not_found_inside_another_word(tag: str, word: str, said: str):
    named = TermEntry("one", {"zh-Hans": "门店", tag: word})
    assert "term.differ" in codes(compared("门店", said, named, languages=("zh-Hans", tag)))
    assert "term.differ" not in codes(compared(said, "无", named, languages=(tag, "zh-Hans")))


def test_a_term_without_a_word_promises_nothing():
    unnamed = (term("one", zh_Hans="门店", ja=""), term("two", zh_Hans="", ja="店"), TERMS[0])
    assert compared("门店的身份核验", "本人確認", *unnamed) == []


# A source for what a reader acts on

ACTED_ON: Final = {
    "an amount": ("zh-Hans", "付50万日元。", "amount in yen"),
    "a date": ("ja", "2026年4月1日からです。", "date"),
    "a penalty": ("en", "You can be fined.", "penalty"),
    "days": ("zh-Hans", "14天内。", "length of time"),
    "a telephone number": ("ja", "0120-123-456に電話します。", "telephone number"),
    "much at once": ("ja", "14日以内。50万円以下の罰金。", "amount in yen, length of time, penalty"),
}


@pytest.mark.parametrize(("language", "said", "what"), ACTED_ON.values(), ids=ACTED_ON)
def test_what_a_reader_acts_on_needs_a_source(language: str, said: str, what: str):
    (finding,) = unsourced(f"一。\n\n{said}", language)
    assert format_finding(finding).splitlines() == [
        f"{language}/01-start.md:5: error: this block states something to act on ({what}) and cites no source "
        "[facts.unsourced]",
        "  hint: add [@key] with a key of sources.toml",
    ]
    assert unsourced(f"一。\n\n{said}[@law]", language) == []


@pytest.mark.parametrize(
    ("markdown", "lines"),
    [
        ("- 14日\n- 15日[@law]\n- 16日", [3, 5]),
        ("- 一[@law]\n    - 14日", [4]),
        ("- 14日\n    - 一[@law]", [3]),
        ("- [ ] 14日", [3]),
        ("カード\n:   14日", [4]),
        ("| 甲 | 乙 |\n|---|---|\n| 一[@law] | 1円 |\n| 二 | 2円 |", [6]),
        ("| 14日 |\n|---|\n| 一 |", [3]),
        ('!!! tip "14日"\n    - 一', [3]),
        ("!!! tip\n    一\n\n    - 14日", [3]),
        ("文[^1]\n\n[^1]: 14日", [3]),
        ('![図](figures/a.svg "14日")', [3]),
        ("![14日](figures/a.svg)", [3]),
        ("![図](figures/a.svg)\n\n- 14日\n{: .labels }", [5]),
        ("> 14日", [3]),
        ("14日\n{: .solo }", [3]),
    ],
)
def test_every_kind_of_block_needs_its_source(markdown: str, lines: list[int]):
    found = unsourced(markdown)
    assert codes(found) == ["facts.unsourced"] * len(lines)
    assert [finding.place.line for finding in found] == lines


@pytest.mark.parametrize(
    "markdown",
    [
        "## 14日以内",
        '!!! phrase "14日以内に出します。"\n    14日',
        "| 甲 | 乙 |\n|---|---|\n| 14日[@law] | 1円 |",
        "!!! tip\n    14日\n\n    - 50万円[@law]",
        '!!! tip "14日[@law]"\n    50万円',
        "文[^1]14日\n\n[^1]: 注[@law]",
        '![14日](figures/a.svg "図[@law]")',
        "3つの会社に9:00に行きます。〒160-0022",
        "a@example.orgに書きます。",
        "先に電話で予約します。",
    ],
)
def test_a_block_with_its_source_or_nothing_to_act_on_is_right(markdown: str):
    assert unsourced(markdown) == []


@pytest.mark.parametrize(
    ("markdown", "language", "right"),
    [
        ("2026年11月22日の情報です。", "ja", True),
        ("As of November 2026.", "en", True),
        ("2026年11月23日の情報です。", "ja", False),
        ("2026年の情報です。", "ja", False),
    ],
)
def test_only_the_guides_own_date_needs_no_source(markdown: str, language: str, right: bool):
    assert codes(unsourced(markdown, language)) == ([] if right else ["facts.unsourced"])


# The same boxes to tick


def ticks(first: str, second: str) -> list[Finding]:
    a, b = (text(f"# 題\n\n{m}\n", tag, f"{tag}/01-start.md") for tag, m in (("zh-Hans", first), ("ja", second)))
    return list(check_ticks(a, b))


def test_a_box_to_tick_that_one_language_lacks_is_told():
    (finding,) = ticks("- [ ] 一\n- [ ] 二\n\n文\n\n- [ ] 三", "- [ ] 一\n- [ ] 二\n\n文")
    assert format_finding(finding).splitlines() == [
        f"{JA}: error: 2 boxes to tick stand beside 3 [facts.ticks]",
        f"  see also: {ZH}",
        "  hint: have the same boxes in every language",
    ]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("- [ ] 一\n- [ ] 二", "- [ ] 一\n- [x] 二"),
        ("- [ ] 一\n    - [ ] 二", "!!! tip\n    - [ ] 一\n    - [ ] 二"),
        ("- 一", "文"),
    ],
    ids=["one is ticked", "wherever they stand", "none"],
)
def test_the_same_number_of_boxes_is_right(first: str, second: str):
    assert ticks(first, second) == []


def test_boxes_are_counted_inside_other_blocks():
    assert told(ticks("- [ ] 一\n    - [ ] 二", "- [ ] 一")) == [
        f"{JA}: error: 1 boxes to tick stand beside 2 [facts.ticks]"
    ]
