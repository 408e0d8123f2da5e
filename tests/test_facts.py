"""Facts in a text: each kind as it is written in each language, equal where it says the same, and only there."""

import datetime as dt
import re
import unicodedata
from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from taiyaku.facts import NEEDS_SOURCE, UNITS, FactKind, Said, facts, lacking, names_penalty, number_words

TAGS = ("zh-Hans", "ja", "en")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def found(text: str, language: str) -> list[str]:
    """Give the facts in a text as ``kind value``."""
    return [f"{fact.kind} {fact.value}" for fact in sorted(facts(text, language))]


def lost(said: str, language: str, other: str, other_language: str) -> list[str]:
    """Give the facts that a translation lacks."""
    return [fact.value for fact in lacking(Said(said, language), Said(other, other_language))]


def unequal(said: dict[str, str]) -> list[tuple[str, str, list[str]]]:
    """Compare every text with every other: who says what that who does not."""
    return [(a, b, missing) for a, b in permutations(said, 2) for missing in [lost(said[a], a, said[b], b)] if missing]


def read_in_each(said: dict[str, str]) -> set[str]:
    """Give what is read in texts that hold one fact each: one value, where it is the same."""
    return {"; ".join(found(text, tag)) for tag, text in said.items()}


# What a fact is

READ = {
    FactKind.WEB: [
        ("ja", "https://example.org/a?b=1を見る", ["web address https://example.org/a?b=1"]),
        (
            "zh-Hans",
            "看www.example.org，然后（www.example.com）？",
            ["web address www.example.com", "web address www.example.org"],
        ),
        ("ja", "「https://example.org/A1」、次", ["web address https://example.org/a1"]),
        ("en", "See www.example.org/a.", ["web address www.example.org/a"]),
        ("en", "(https://example.org/)", ["web address https://example.org/"]),
    ],
    FactKind.MAIL: [("en", "Write to Help.Desk+1@example.co.jp.", ["e-mail address help.desk+1@example.co.jp"])],
    FactKind.POSTCODE: [
        ("ja", "〒160-0022 新宿区", ["postcode 〒160-0022"]),
        ("zh-Hans", "〒 160-0022", ["postcode 〒160-0022"]),
    ],
    FactKind.PHONE: [
        ("ja", "電話0120-123-456へ", ["telephone number 0120123456"]),
        ("ja", "０３－１２３４－５６７８", ["telephone number 0312345678"]),
        ("en", "0570-012345", ["telephone number 0570012345"]),
        ("en", "+81 3-1234-5678", ["telephone number +81312345678"]),
        ("ja", "#9110", ["telephone number #9110"]),
        ("ja", "110番か188へ", ["telephone number 110", "telephone number 188"]),
        ("en", "Call 110 or 119.", ["telephone number 110", "telephone number 119"]),
    ],
    FactKind.DATE: [
        *((tag, "2026年4月1日", ["date 2026-04-01"]) for tag in ("zh-Hans", "ja")),
        ("ja", "2026 年 4 月", ["date 2026-04"]),
        ("zh-Hans", "4月1日", ["date --04-01"]),
        ("zh-Hans", "4月", ["date --04"]),
        ("ja", "2026年", ["date 2026"]),
        ("en", "1 April 2026", ["date 2026-04-01"]),
        ("en", "April 1st, 2026", ["date 2026-04-01"]),
        ("en", "until April 2026", ["date 2026-04"]),
        ("en", "on 1 May", ["date --05-01"]),
        ("en", "on May 1", ["date --05-01"]),
        ("en", "in April", ["date --04"]),
        ("en", "since 2026", ["date 2026"]),
        *((tag, "2026-04-01", ["date 2026-04-01"]) for tag in (*TAGS, "ko")),
    ],
    FactKind.AMOUNT: [
        ("ja", "1,000円", ["amount in yen 1000"]),
        ("zh-Hans", "50万日元", ["amount in yen 500000"]),
        ("zh-Hans", "1.5 万日元", ["amount in yen 15000"]),
        ("ja", "1億円", ["amount in yen 100000000"]),
        ("en", "¥500,000", ["amount in yen 500000"]),
        ("en", "￥1 million", ["amount in yen 1000000"]),
        ("en", "2 million yen", ["amount in yen 2000000"]),
        ("en", "2000 yen", ["amount in yen 2000"]),
        ("en", "1980円", ["amount in yen 1980"]),
        ("ja", "1,000〜2,000円", ["amount in yen 1000–2000"]),
        ("ja", "1,000円から2,000円", ["amount in yen 1000–2000"]),
        ("en", "¥1,000–¥2,000", ["amount in yen 1000–2000"]),
    ],
    FactKind.SPAN: [
        ("zh-Hans", "14天内", ["length of time 14 day"]),
        ("ja", "14日以内", ["length of time 14 day"]),
        ("en", "within 14 days", ["length of time 14 day"]),
        ("en", "a 14-day stay", ["length of time 14 day"]),
        ("zh-Hans", "3个月", ["length of time 3 month"]),
        *(("ja", f"3{counter}月", ["length of time 3 month"]) for counter in "かヵヶカケ箇"),
        ("ja", "2週間", ["length of time 2 week"]),
        ("zh-Hans", "2个星期", ["length of time 2 week"]),
        ("ja", "24時間", ["length of time 24 hour"]),
        ("zh-Hans", "24小时", ["length of time 24 hour"]),
        ("en", "10 minutes", ["length of time 10 minute"]),
        ("ja", "5年間", ["length of time 5 year"]),
        ("en", "3 to 5 days", ["length of time 3–5 day"]),
        ("ja", "3日から5日", ["length of time 3–5 day"]),
    ],
    FactKind.TIME: [
        ("ja", "9:00", ["time of day 9:00"]),
        ("ja", "9時30分", ["time of day 9:30"]),
        ("ja", "午後3時半", ["time of day 15:30"]),
        ("zh-Hans", "下午3点", ["time of day 15:00"]),
        ("zh-Hans", "上午9:15", ["time of day 9:15"]),
        ("en", "9 a.m. to 5:30 PM", ["time of day 17:30", "time of day 9:00"]),
        ("en", "12 p.m.", ["time of day 12:00"]),
        ("en", "12 a.m.", ["time of day 0:00"]),
    ],
    FactKind.NUMBER: [
        ("ja", "3つの会社", ["number 3"]),
        ("en", "3.5 GB and 20%", ["number 20", "number 3.5"]),
        ("zh-Hans", "1.5万家", ["number 15000"]),
        ("en", "by the 25th", ["number 25"]),
    ],
}


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [(language, text, expected) for kind in READ.values() for language, text, expected in kind],
)
def test_a_fact_is_read_without_its_language(language: str, text: str, expected: list[str]):
    assert found(text, language) == expected


def test_every_kind_of_fact_is_read():
    assert set(READ) == set(FactKind)
    for kind, cases in READ.items():
        assert all(fact.kind is kind for language, text, _ in cases for fact in facts(text, language))


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ja", "A4の紙とIPv6とB110"),
        ("en", "You may march on"),
        ("en", "March on! May I?"),
        ("en", "There are five of them"),
        ("ja", "二つの会社"),
        ("zh-Hans", "先打电话预约"),
        ("ja", ""),
    ],
)
def test_what_is_no_fact(language: str, text: str):
    assert found(text, language) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("110円", ["amount in yen 110"]),
        ("188日", ["length of time 188 day"]),
        ("119,000", ["number 119000"]),
        ("110GB", ["number 110"]),
    ],
)
def test_only_a_bare_emergency_number_is_one(text: str, expected: list[str]):
    assert found(text, "ja") == expected


def test_a_fact_is_given_once_with_its_numbers_and_as_it_was_written():
    (fact,) = facts("50万円、50 万円、５０万円", "ja")
    assert (fact.kind, fact.value, fact.numbers) == (FactKind.AMOUNT, "500000", ("500000",))
    assert fact.written in ("50万円", "50 万円")


def test_what_one_kind_takes_no_other_kind_reads_again():
    text = "2026年4月1日の9:00から、03-1234-5678へ、1,000円。〒160-0022"
    kinds = [fact.kind for fact in facts(text, "ja")]
    assert sorted(kinds) == sorted((FactKind.DATE, FactKind.TIME, FactKind.PHONE, FactKind.AMOUNT, FactKind.POSTCODE))


def test_what_is_taken_parts_what_is_left():
    assert found("4月1日5日", "ja") == ["date --04-01", "length of time 5 day"]
    assert found("1〒160-00222", "ja") == ["number 1", "number 2", "postcode 〒160-0022"]


# The same in every language

SAME = {
    "a telephone number": {"zh-Hans": "打0120-123-456", "ja": "0120-123-456へ電話", "en": "Call 0120-123-456."},
    "an emergency number": {"zh-Hans": "打110报警", "ja": "110番に電話", "en": "Call 110."},
    "days": {"zh-Hans": "14天内", "ja": "14日以内", "en": "within 14 days"},
    "a word for a number": {"zh-Hans": "2天", "ja": "2日間", "en": "two days"},
    "a character for a number": {"zh-Hans": "两天后", "ja": "2日後", "en": "after two days"},
    "twice": {"zh-Hans": "2次", "ja": "2回", "en": "twice"},
    "an amount": {"zh-Hans": "50万日元", "ja": "50万円", "en": "¥500,000"},
    "an amount in words": {"zh-Hans": "100万日元", "ja": "100万円", "en": "1 million yen"},
    "from and to": {"zh-Hans": "1,000～2,000日元", "ja": "1,000円から2,000円まで", "en": "¥1,000–2,000"},
    "a date": {"zh-Hans": "2026年4月1日", "ja": "2026年4月1日", "en": "1 April 2026"},
    "a month": {"zh-Hans": "2026年4月起", "ja": "2026年4月から", "en": "since April 2026"},
    "a day of the month": {"zh-Hans": "每月25日", "ja": "毎月25日", "en": "by the 25th of every month"},
    "an hour": {"zh-Hans": "下午3点", "ja": "午後3時", "en": "3 p.m."},
    "half past": {"zh-Hans": "9点半", "ja": "9時30分", "en": "9:30"},
    "noon": {"zh-Hans": "12:00", "ja": "正午12時", "en": "12 p.m."},
    "around the clock": {"zh-Hans": "24小时", "ja": "24時間", "en": "24 hours a day"},
    "a web address": {"zh-Hans": "看www.example.org。", "ja": "www.example.org、次", "en": "See www.example.org."},
    "an e-mail address": {
        "zh-Hans": "写信到a@example.org。",
        "ja": " a@example.org へ",
        "en": "Write to A@example.org.",
    },
    "a postcode": {"zh-Hans": "〒160-0022", "ja": "〒１６０－００２２", "en": "〒 160-0022"},
    "a share": {"zh-Hans": "10％", "ja": "10%", "en": "10%"},
    "traditional characters": {"zh-Hans": "3个月", "zh-Hant": "3個月", "en": "3 months"},
    "days that look like a telephone number": {"ja": "110日以内", "ko": "110일 이내"},
    "a language whose units are unknown": {"ja": "14日以内に50万円", "ko": "14일 이내에 500,000원"},
    "a sentence of the staff's language": {"zh-Hans": "月1980円、14日以内", "en": "月1980円、14日以内"},
}


@pytest.mark.parametrize("said", SAME.values(), ids=SAME)
def test_the_same_fact_is_equal_in_all_languages(said: dict[str, str]):
    assert unequal(said) == []
    assert any(facts(text, tag) for tag, text in said.items())


def test_a_language_may_say_a_fact_once_more():
    assert unequal({"ja": "14日以内。その14日は休日も数えます。", "en": "within 14 days"}) == []


DIFFERENT = {
    "telephone number": ("打0120-123-456", "0120-123-457へ", ["0120123456"], ["0120123457"]),
    "emergency number": ("打110", "119へ", ["110"], ["119"]),
    "amount": ("50万日元", "5万円", ["500000"], ["50000"]),
    "amount from and to": ("1,000～2,000日元", "1,000～3,000円", ["1000–2000"], ["1000–3000"]),
    "days": ("14天内", "15日以内", ["14 day"], ["15 day"]),
    "unit of time": ("3个月内", "3年以内", ["3 month"], ["3 year"]),
    "date": ("2026年4月1日", "2026年4月2日", ["2026-04-01"], ["2026-04-02"]),
    "day and month the wrong way round": ("4月1日", "1月4日", ["--04-01"], ["--01-04"]),
    "year left out": ("2026年4月1日", "4月1日", ["2026-04-01"], ["--04-01"]),
    "day of the month": ("每月25日", "毎月26日", ["25 day"], ["26 day"]),
    "time of day": ("9:00", "9:30", ["9:00"], ["9:30"]),
    "half of the day": ("上午3点", "午後3時", ["3:00"], ["15:00"]),
    "web address": ("www.example.org", "www.example.com", ["www.example.org"], ["www.example.com"]),
    "e-mail address": ("a1@example.org", "b1@example.org", ["a1@example.org"], ["b1@example.org"]),
    "postcode": ("〒160-0022", "〒160-0023", ["〒160-0022"], ["〒160-0023"]),
    "number": ("3家公司", "4つの会社", ["3"], ["4"]),
    "said by one alone": ("14天内", "すぐに", ["14 day"], []),
}


@pytest.mark.parametrize(("first", "second", "missing", "more"), DIFFERENT.values(), ids=DIFFERENT)
def test_a_differing_fact_is_missed_on_both_sides(first: str, second: str, missing: list[str], more: list[str]):
    assert lost(first, "zh-Hans", second, "ja") == missing
    assert lost(second, "ja", first, "zh-Hans") == more


@pytest.mark.parametrize(
    ("said", "language", "other", "other_language", "missing"),
    [
        ("2天", "zh-Hans", "three days", "en", ["2 day"]),
        ("within 12 days", "en", "二日", "ja", ["12 day"]),
        ("14日以内", "ja", "15일 이내", "ko", ["14 day"]),
        ("a1@example.org", "ja", "b1@example.org", "ko", ["a1@example.org"]),
        ("https://example.org/1", "ja", "https://example.com/1", "ko", ["https://example.org/1"]),
        ("1 April", "en", "2026-04-01", "ja", ["--04-01"]),
        ("1 million yen", "en", "10万円", "ja", ["1000000"]),
    ],
)
def test_what_a_translation_lacks(said: str, language: str, other: str, other_language: str, missing: list[str]):
    assert lost(said, language, other, other_language) == missing


# Laws

numbers = st.integers(1, 10**8 - 1)
days = st.dates(dt.date(1900, 1, 1), dt.date(2099, 12, 31))


def in_ten_thousands(number: int) -> str:
    """Write a number as Chinese and Japanese do: 1.5万."""
    return f"{format((Decimal(number) / 10_000).normalize(), 'f')}万"


@given(numbers)
@example(1980)
@example(2026)
def test_any_amount_is_the_same_however_it_is_written(number: int):
    written = {
        "zh-Hans": f"罚款{in_ten_thousands(number)}日元",
        "ja": f"{number:,}円を払う",
        "en": f"a fine of ¥{number:,}",
        "zh-Hant": f"{number}日圓".replace("圓", "圆"),
        "en-GB": f"pay {number} yen",
    }
    assert read_in_each(written) == {f"amount in yen {number}"}
    assert unequal(written) == []


@given(days)
def test_any_date_is_the_same_however_it_is_written(day: dt.date):
    month = MONTHS[day.month - 1]
    written = {
        "zh-Hans": f"{day.year}年{day.month}月{day.day}日起",
        "ja": f"{day.year} 年 {day.month} 月 {day.day} 日から",
        "en": f"since {day.day} {month} {day.year}",
        "en-US": f"since {month} {day.day}, {day.year}",
        "ko": day.isoformat(),
    }
    assert read_in_each(written) == {f"date {day}"}
    assert unequal(written) == []


@given(days)
def test_any_day_without_its_year_is_the_same_in_all_languages(day: dt.date):
    written = {
        "zh-Hans": f"{day.month}月{day.day}日",
        "ja": f"{day.month}月{day.day}日",
        "en": f"on {day.day} {MONTHS[day.month - 1]}",
    }
    assert unequal(written) == []
    assert found(written["en"], "en") == [f"date --{day:%m-%d}"]


SPANS = {
    "day": ("{}天", "{}日以内", "{} days"),
    "week": ("{}周", "{}週間", "{} weeks"),
    "month": ("{}个月", "{}か月", "{} months"),
    "year": ("{}年", "{}年間", "{} years"),
    "hour": ("{}小时", "{}時間", "{} hours"),
    "minute": ("{}分钟", "{}分", "{} minutes"),
}


def test_each_unit_has_its_words_in_each_language():
    assert [units for units in UNITS.values() if set(units) != set(SPANS)] == []


@given(st.sampled_from(sorted(SPANS)), st.integers(1, 999))
def test_any_length_of_time_is_the_same_in_all_languages(unit: str, number: int):
    written = dict(zip(TAGS, (form.format(number) for form in SPANS[unit]), strict=True))
    assert unequal(written) == []
    assert found(written["ja"], "ja") == [f"length of time {number} {unit}"]


@given(st.times())
def test_any_time_of_day_is_the_same_in_all_languages(time: dt.time):
    half = "午後" if time.hour >= 12 else "午前"
    written = {
        "zh-Hans": f"{time.hour}点{time.minute}分",
        "ja": f"{half}{time.hour % 12}時{time.minute:02d}分",
        "en": f"at {(time.hour - 1) % 12 + 1}:{time.minute:02d} {'p' if time.hour >= 12 else 'a'}.m.",
        "ko": f"{time.hour}:{time.minute:02d}",
    }
    assert read_in_each(written) == {f"time of day {time.hour}:{time.minute:02d}"}


phones = st.from_regex(r"0[1-9]0-[0-9]{4}-[0-9]{4}|0[1-9]-[0-9]{4}-[0-9]{4}|0120-[0-9]{3}-[0-9]{3}", fullmatch=True)
SHAPES = {
    "{}へ電話": phones,
    "{}円": numbers.map(str),
    "{}日以内": st.integers(1, 999).map(str),
    "{}に始まる": days.map(lambda day: f"{day.year}年{day.month}月{day.day}日"),
    "〒{}": st.from_regex(r"[0-9]{3}-[0-9]{4}", fullmatch=True),
    "https://example.org/{}を見る": st.from_regex(r"[0-9]{1,5}", fullmatch=True),
    "m{}@example.org": st.from_regex(r"[0-9]{1,5}", fullmatch=True),
}


@given(st.data(), st.sampled_from(sorted(SHAPES)), st.sampled_from(["zh-Hans", "ja", "ko"]))
def test_any_other_value_is_missed_and_the_same_value_is_not(data: st.DataObject, shape: str, language: str):
    one, other = data.draw(SHAPES[shape]), data.draw(SHAPES[shape])
    assume(language != "ko" or set(re.findall(r"\d+", one)) != set(re.findall(r"\d+", other)))
    first, second = shape.format(one), shape.format(other)
    assert bool(lost(first, "ja", second, language)) == (one != other)
    assert bool(lost(second, language, first, "ja")) == (one != other)


anything = st.text() | st.lists(
    st.sampled_from("0123456789 年月日天円万,.-–:/#+〒¥@") | st.sampled_from(["110", "April ", "days", "p.m.", "www."])
).map("".join)


@given(anything, st.sampled_from([*TAGS, "ko", "ar"]))
@example("٣٠ 日", "ja")
@example("1,,.万円", "ja")
@example("99月99日", "zh-Hans")
@example("0" * 40, "en")
def test_any_text_can_be_read_and_holds_its_own_facts(text: str, language: str):
    said = Said(text, language)
    assert lacking(said, said) == ()
    plain = unicodedata.normalize("NFKC", text)
    assert [fact for fact in facts(text, language) if fact.written not in plain or not fact.value] == []


# Words


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "Two days, then once more; Twelve, not someone", {"2", "1", "12"}),
        ("en-GB", "seven", {"7"}),
        ("zh-Hans", "两天内打三次", {"2", "3"}),
        ("ja", "一つ、二つ", {"1", "2"}),
        ("ja", "two", set()),
        ("en", "2 days", set()),
    ],
)
def test_numbers_that_are_written_as_words(language: str, text: str, expected: set[str]):
    assert number_words(text, language) == expected


@pytest.mark.parametrize(
    ("language", "text", "tells"),
    [
        ("en", "You can be fined.", True),
        ("en", "Fines of ¥500,000 are possible.", True),
        ("en", "a fine", True),
        ("en", "Imprisonment or a penalty", True),
        ("en", "you are punished", True),
        ("en", "That is fine. Read the fine print; find the refined one", False),
        ("ja", "50万円以下の罰金", True),
        ("ja", "罰せられます", True),
        ("ja", "料金を払います", False),
        ("zh-Hans", "处以罚款", True),
        ("zh-Hans", "可能被判刑", True),
        ("zh-Hans", "付款", False),
        ("ko", "벌금", False),
    ],
)
def test_a_text_that_tells_of_a_punishment(language: str, text: str, tells: bool):
    assert names_penalty(text, language) == tells


def test_what_a_reader_acts_on():
    assert {str(kind) for kind in NEEDS_SOURCE} == {
        "telephone number",
        "date",
        "amount in yen",
        "length of time",
    }
