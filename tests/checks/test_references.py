"""What needs no typesetting: how old a source may be, what leads nowhere, and pictures with their labels."""

import datetime as dt
from dataclasses import replace
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taiyaku.checks.references import check_ages, check_contacts, check_days, check_references
from taiyaku.model.content import Content, TomlFile
from taiyaku.model.findings import Finding, format_finding
from tests.making import FRAMED, PATH, SOURCES, codes, text, tiny_content, told

CHECKED: Final = dt.date(2026, 11, 22)


def aged(good_for: int | None = None, max_age: int = 180) -> Content:
    """Return a guide whose source holds for so many days."""
    guide = tiny_content().guide.model_copy(update={"max_source_age_days": max_age})
    law = tiny_content().sources["law"].model_copy(update={"good_for": good_for})
    return replace(tiny_content(), guide=guide, sources={"law": law})


# Sources and their age


def test_an_expired_source_is_told_with_the_line_of_its_day():
    (finding,) = check_ages(aged(good_for=30), dt.date(2026, 12, 23))
    assert format_finding(finding).splitlines() == [
        "content/mini/sources.toml:5: error: what the source `law` says was checked on 2026-11-22 "
        "and held until 2026-12-22 [source.expired]",
        "  hint: open https://example.org/law, compare, and set `checked` to that day; "
        "with --draft it is printed with a mark",
    ]


@pytest.mark.parametrize(
    ("good_for", "max_age", "days", "expired"),
    [
        (None, 180, 180, False),
        (None, 180, 181, True),
        (None, 10, 11, True),
        (30, 180, 30, False),
        (30, 180, 31, True),
        (300, 180, 181, False),
        (30, 180, -1, False),
    ],
)
def test_a_source_holds_as_long_as_it_says_or_as_its_guide_says(
    good_for: int | None, max_age: int, days: int, expired: bool
):
    found = check_ages(aged(good_for, max_age), CHECKED + dt.timedelta(days=days))
    assert codes(list(found)) == (["source.expired"] if expired else [])


def test_each_expired_source_is_told():
    law = tiny_content().sources["law"]
    new = law.model_copy(update={"checked": dt.date(2027, 5, 1)})
    file = TomlFile("content/mini/sources.toml", SOURCES + SOURCES.replace("[law]", "[new]"))
    several = replace(tiny_content(), sources={"law": law, "new": new, "old": law}, sources_file=file)
    assert [finding.facts["key"] for finding in check_ages(several, dt.date(2027, 6, 1))] == ["law", "old"]


@given(st.integers(1, 10_000), st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1)))
def test_a_source_expires_on_one_day_and_stays_so(good_for: int, today: dt.date):
    content = aged(good_for)
    until = content.guide.good_until(content.sources["law"])
    assert until == CHECKED + dt.timedelta(days=good_for)
    assert bool(list(check_ages(content, today))) == (today > until)


# Days that are still to come


def days(checked: dt.date, date: dt.date, today: dt.date) -> list[Finding]:
    guide = tiny_content().guide.model_copy(update={"date": date})
    law = tiny_content().sources["law"].model_copy(update={"checked": checked})
    return list(check_days(replace(tiny_content(), guide=guide, sources={"law": law}), today))


def test_a_source_that_was_checked_on_a_day_to_come_is_told_with_its_line():
    (finding,) = days(dt.date(2072, 11, 22), CHECKED, CHECKED)
    assert format_finding(finding).splitlines() == [
        "content/mini/sources.toml:5: error: the source `law` is said to have been checked on 2072-11-22, "
        "which is still to come [source.future]",
        "  hint: set `checked` to the day on which somebody looked at https://example.org/law; today is 2026-11-22",
    ]


def test_a_guide_of_a_day_to_come_is_told_and_may_be_made_ready_before():
    (finding,) = days(CHECKED, dt.date(2027, 11, 22), CHECKED)
    assert format_finding(finding).splitlines() == [
        "content/mini/guide.toml:8: warning: the guide's day 2027-11-22 is still to come, "
        "and is printed as the day of its facts [guide.future]",
        "  hint: correct `date`, unless the guide is made ready for that day; today is 2026-11-22",
    ]


@pytest.mark.parametrize("ahead", [-400, -1, 0, 1])
def test_a_day_that_has_begun_somewhere_is_right(ahead: int):
    there = CHECKED + dt.timedelta(days=ahead)
    assert days(there, there, CHECKED) == []


@pytest.mark.parametrize("ahead", [2, 30, 365, 36_525])
def test_a_later_day_is_not(ahead: int):
    there = CHECKED + dt.timedelta(days=ahead)
    assert codes(days(there, there, CHECKED)) == ["source.future", "guide.future"]


def test_where_the_day_is_not_known_none_is_to_come():
    assert days(CHECKED, CHECKED, dt.date.min) == []


@pytest.mark.parametrize(("checked", "good_for"), [(dt.date.max, 180), (CHECKED, 10**12)])
def test_a_source_may_hold_to_the_end_of_the_calendar(checked: dt.date, good_for: int):
    law = tiny_content().sources["law"].model_copy(update={"checked": checked, "good_for": good_for})
    assert tiny_content().guide.good_until(law) == dt.date.max


# What leads nobody knows where


def contacts(markdown: str) -> list[str]:
    """Return what is told of a text, from its third line on."""
    return told(list(check_contacts(tiny_content(), [text(f"# 題\n\n{markdown}\n")])))


def short(target: str, line: int = 3) -> str:
    return f"{PATH}:{line}: error: `{target}` hides where it leads [link.short]"


def handle(written: str, line: int = 3) -> str:
    return f"{PATH}:{line}: error: `{written}` looks like an account of a messaging app [text.handle]"


@pytest.mark.parametrize(
    ("markdown", "target"),
    [
        ("https://bit.ly/3abc を見る", "https://bit.ly/3abc"),
        ("見て：t.cn/Abc。", "t.cn/Abc"),
        ("[申込](http://tinyurl.com/abc)", "http://tinyurl.com/abc"),
        ("See www.goo.gl/x, then", "www.goo.gl/x,"),
        ("HTTPS://BIT.LY/X", "HTTPS://BIT.LY/X"),
        ("https://lin.ee/abc）", "https://lin.ee/abc"),
        ("t.co ", "t.co"),
        ("点击t.cn/Abc，", "t.cn/Abc"),
        ("点击https://bit.ly/x。", "https://bit.ly/x"),
    ],
)
def test_a_shortened_link_is_told(markdown: str, target: str):
    assert contacts(markdown) == [short(target)]


@pytest.mark.parametrize(
    "markdown",
    [
        "https://example.org/bit.ly",
        "contact.co/abc",
        "https://docomo.example/t.co",
        "not.co.jp",
        "orbit.ly/abc",
        "https://t.co.example.org/",
        "[第2章](02-next.md)",
    ],
)
def test_a_whole_address_is_right(markdown: str):
    assert contacts(markdown) == []


def test_a_shortened_link_of_a_source_is_told_at_its_line():
    law = tiny_content().sources["law"].model_copy(update={"url": "https://bit.ly/law"})
    (finding,) = check_contacts(replace(tiny_content(), sources={"law": law}), [])
    assert format_finding(finding).splitlines() == [
        "content/mini/sources.toml:4: error: `https://bit.ly/law` hides where it leads [link.short]",
        "  hint: write the whole address",
    ]


@pytest.mark.parametrize(
    ("markdown", "written"),
    [
        ("LINE ID: taiyaku1", "LINE ID: taiyaku1"),
        ("LINE：@shop", "LINE：@shop"),
        ("微信号：abcd1234", "微信号：abcd1234"),
        ("加QQ群 123456", "QQ群 123456"),
        ("WhatsApp +81", ""),
        ("QQ 1234567", "QQ 1234567"),
        ("Telegram @agent99", "Telegram @agent99"),
        ("ask @tanaka_san", "@tanaka_san"),
        ("加@tanaka_san好友", "@tanaka_san"),
        ("加t.me/agent", "t.me/agent"),
        ("https://t.me/agent", "https://t.me/agent"),
        ("line.me/ti/p/abc", "line.me/ti/p/abc"),
        ("- 一 [@law]\n- 二 @tanaka", "@tanaka"),
    ],
)
def test_an_account_of_a_messaging_app_is_told(markdown: str, written: str):
    assert contacts(markdown) == ([handle(written, 3 + markdown.count("\n"))] if written else [])


@pytest.mark.parametrize(
    "markdown",
    [
        "LINEやWeChatで送られた番号を人に教えない。",
        "help@example.orgに書く。",
        "法律です。[@law; @bank]",
        "法律です。[@law;\n@bank]",
        "ONLINE: shop around",
        "HOTLINE: 0120-123-456",
        "LINE 3,000円",
        "WhatsApp Business第2章",
        "https://www.youtube.com/@example",
    ],
)
def test_what_only_looks_like_an_account_is_right(markdown: str):
    assert contacts(markdown) == []


def test_a_line_is_counted_over_a_citation_of_two_lines():
    assert contacts("法律です。[@law;\n@bank]\n\n@tanaka") == [handle("@tanaka", 6)]


def test_the_hint_says_what_to_name_instead():
    (finding,) = check_contacts(tiny_content(), [text("# 題\n\n@tanaka\n")])
    assert format_finding(finding).splitlines()[1:] == ["  hint: name the office or company, its page or its telephone"]


# Labels in pictures


def labelled(labels: int, data: bytes, name: str = "a.svg") -> list[str]:
    """Return what is told of a picture with so many labels."""
    items = "".join(f"- {number}\n" for number in range(labels))
    markdown = f"# 題\n\n文。[@law]\n\n![図](figures/{name})\n\n{items}" + ("{: .labels }\n" if labels else "")
    content = replace(tiny_content(), figures={f"figures/{name}": data})
    return told(list(check_references(content, [text(markdown)])))


@pytest.mark.parametrize("labels", [0, 1, 3])
def test_a_picture_has_as_many_labels_as_frames(labels: int):
    assert labelled(labels, FRAMED.encode()) == [
        f"{PATH}:5: error: the picture `figures/a.svg` has 2 frames for labels, and there are {labels} labels "
        "[figure.labels]"
    ]


PHOTO: Final = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\1\0\0\0\0007n\xf9$"
    b"\0\0\0\nIDATx\x9cch\0\0\0\x82\0\x81w\xcdr\xb6\0\0\0\0IEND\xaeB`\x82"
)
"""One black pixel."""


def test_as_many_labels_as_frames_are_right():
    assert labelled(2, FRAMED.encode()) == []
    assert labelled(0, b'<svg xmlns="http://www.w3.org/2000/svg"/>') == []
    assert labelled(0, PHOTO, "a.png") == []


def test_a_photo_has_no_frames_for_labels():
    assert labelled(1, PHOTO, "a.png") == [
        f"{PATH}:5: error: the picture `figures/a.png` has 0 frames for labels, and there are 1 labels [figure.labels]"
    ]


def test_a_picture_that_is_not_there_is_told_once():
    lost = "# 題\n\n文。[@law]\n\n![図](figures/none.svg)\n\n- 一\n{: .labels }\n"
    assert codes(list(check_references(tiny_content(), [text(lost)]))) == ["figure.missing"]
