"""Facts in a text: each kind as it is written in each language, equal where it says the same, and only there."""

import datetime as dt
import re
import unicodedata
from decimal import Decimal
from itertools import permutations
from time import process_time

import pytest
from babel import Locale
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal
from babel.units import format_unit
from hypothesis import assume, example, given
from hypothesis import strategies as st

from taiyaku.language.agreement import Statement, beside, in_digits, lacking, names_penalty, unsure
from taiyaku.language.fact_patterns import UNITS, FactKind
from taiyaku.language.facts import NEEDS_SOURCE, facts

TAGS = ("zh-Hans", "ja", "en")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def found(text: str, language: str) -> list[str]:
    """Return the facts in a text as ``kind value``."""
    return [f"{fact.kind} {fact.value}" for fact in sorted(facts(text, language))]


def lost(said: str, language: str, other: str, other_language: str) -> list[str]:
    """Return the facts that a translation lacks."""
    return [fact.value for fact in lacking(Statement(said, language), Statement(other, other_language))]


def unequal(said: dict[str, str]) -> list[tuple[str, str, list[str]]]:
    """Compare every text with every other: who says what that who does not."""
    return [(a, b, missing) for a, b in permutations(said, 2) for missing in [lost(said[a], a, said[b], b)] if missing]


def read_in_each(said: dict[str, str]) -> set[str]:
    """Return what is read in texts that hold one fact each: one value, where it is the same."""
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
    said = Statement(text, language)
    assert lacking(said, said) == ()
    plain = unicodedata.normalize("NFKC", text)
    assert [fact for fact in facts(text, language) if fact.written not in plain or not fact.value] == []


# Numbers, dates and units as every language writes them

LANGUAGES = (
    *("ar", "bn", "cs", "de", "de-CH", "en", "es", "es-PE", "fa", "fil", "fr", "he", "hi", "hu", "id", "it", "ja"),
    *("km", "ko", "lo", "my", "ne", "nl", "pl", "pt", "pt-PT", "ru", "si", "ta", "th", "tr", "uk", "ur", "uz", "vi"),
    *("zh-Hans", "zh-Hant"),
)
"""Languages of people who live in Japan, and others that write numbers in another way."""


@pytest.fixture(autouse=True, scope="module")
def _patterns_are_ready() -> None:
    """A language's patterns are made once, which takes longer than a single case may."""
    for tag in (*LANGUAGES, "en-GB", "en-US"):
        facts("", tag)


def values(text: str, tag: str) -> list[tuple[str, str]]:
    return [(fact.value, fact.unit) for fact in sorted(facts(text, tag))]


def in_full(count: int, unit: str, locale: Locale) -> str:
    """Write so many of a unit; in the short form where CLDR has no other."""
    said = format_unit(count, unit, "long", locale=locale)
    return said if unit not in said else format_unit(count, unit, "short", locale=locale)


@pytest.mark.parametrize("tag", LANGUAGES)
def test_what_a_language_writes_is_read(tag: str):
    """CLDR writes, the program reads."""
    locale = Locale.parse(tag, sep="-")
    for number in (7, 1500, 15_234, 1_234_567, 2.5, 1_234_567.25):
        assert values(format_decimal(number, locale=locale), tag) == [(f"{number}", "")]
    for unit in SPANS:
        for count in (2, 3, 25):
            assert values(in_full(count, f"duration-{unit}", locale), tag) == [(f"{count} {unit}", unit)]
    for sign, unit in (("mass-kilogram", "kilogram"), ("concentr-percent", "percent"), ("length-meter", "meter")):
        assert values(in_full(25, sign, locale), tag) == [("25", unit)]
    assert values(format_currency(1500, "JPY", locale=locale, format_type="name"), tag) == [("1500", "yen")]
    assert values(format_date(dt.date(2026, 4, 17), "long", locale=locale), tag) == [("2026-04-17", "")]


READ_BY_LANGUAGE = [
    # the language's marks; others, where they can mean only one thing
    ("de", "3,5 km", "3.5"),
    ("de", "12.000 km", "12000"),
    ("de", "3.5 km", "3.5"),
    ("de", "1,234,567 km", "1234567"),
    ("de", "1,234.5 km", "1234.5"),
    ("en", "1.234.567,5 km", "1234567.5"),
    ("fr", "12 000 km", "12000"),
    ("fr", "12\u202f000 km", "12000"),
    ("en", "12\u00a0000 km", "12000"),
    ("es", "12 000 km", "12000"),
    ("pt-PT", "12 000,5 km", "12000.5"),
    ("de-CH", "12’000.5 km", "12000.5"),
    ("de-CH", "12'000 km", "12000"),
    ("hi", "12,34,567 km", "1234567"),
    ("ne", "१२,३४,५६७ km", "1234567"),
    ("ar", "١٢٬٠٠٠٫٥ km", "12000.5"),
    # a mark before three digits is the language's; as a fraction it keeps its zeros
    ("id", "1,250 km", "1.250"),
    ("id", "1.250 km", "1250"),
    ("es-PE", "1,250 km", "1250"),
    ("fr", "1.250 km", "1.250"),
    ("en", "1.500 km", "1.500"),
    ("en", "0.500 km", "0.5"),
    ("id", "1250,500 km", "1250.5"),
    # what is no number is not put together
    ("en", "7,5 km", "7,5"),
    ("ja", "12,3456 km", "12,3456"),
    ("en", "5'30 km", "5'30"),
]


@pytest.mark.parametrize(("tag", "text", "value"), READ_BY_LANGUAGE)
def test_a_number_is_read_by_its_languages_marks(tag: str, text: str, value: str):
    assert values(text, tag) == [(value, "kilometer")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("119，050号码", {"119", "50"}),
        ("３，５００円", {"3500"}),
        ("3,500円", {"3500"}),
    ],
)
def test_a_full_width_comma_parts_numbers_unless_they_are_full_width_too(text: str, said: set[str]):
    assert {fact.value for fact in facts(text, "zh-Hans")} == said


@pytest.mark.parametrize(
    ("tag", "text", "value"),
    [
        ("vi", "3 triệu yên", "3000000"),
        ("vi", "3,5 nghìn yên", "3500"),
        ("pt", "2 mil ienes", "2000"),
        ("pt", "2 milhões de ienes", "2000000"),
        ("ne", "२ करोड येन", "20000000"),
        ("hi", "2 लाख येन", "200000"),
        ("ko", "3만 엔", "30000"),
        ("zh-Hant", "3萬日圓", "30000"),
        ("ja", "3千円", "3000"),
        ("tr", "2 MİLYON yen", "2000000"),
        ("de", "2.000 ¥", "2000"),
        ("en", "JPY 2,000", "2000"),
        ("my", "ယန်း 2,000", "2000"),
    ],
)
def test_an_amount_is_read_in_every_language(tag: str, text: str, value: str):
    assert values(text, tag) == [(value, "yen")]


@pytest.mark.parametrize("text", ["3 milhas", "3 mesas", "3 diarreias", "3 iniciais", "3 horários"])
def test_a_longer_word_is_no_unit(text: str):
    assert values(text, "pt") == [("3", "")]


@pytest.mark.parametrize(
    ("tag", "text", "value"),
    [
        ("pt", "5/3/2026", "2026-03-05"),
        ("en", "5/3/2026", "2026-05-03"),
        ("en-GB", "5/3/2026", "2026-03-05"),
        ("en", "25/3/2026", "2026-03-25"),
        ("de", "5.3.2026", "2026-03-05"),
        ("cs", "5. 3. 2026", "2026-03-05"),
        ("ja", "2026/3/5", "2026-03-05"),
        ("ko", "2026. 3. 5.", "2026-03-05"),
        ("ko", "2026년 3월 5일", "2026-03-05"),
        ("pt", "1º de março de 2026", "2026-03-01"),
        ("fr", "le 1er mars 2026", "2026-03-01"),
        ("fr", "MARS 2026", "2026-03"),
        ("de", "am 5. März", "--03-05"),
        ("vi", "ngày 5 tháng 3 năm 2026", "2026-03-05"),
        ("vi", "tháng 11 năm 2026", "2026-11"),
        ("en", "5 Mar 2026", "2026-03-05"),
        ("th", "5 มีนาคม 2569", "2026-03-05"),
        ("he", "5 במרץ 2026", "2026-03-05"),
        ("ur", "5 مارچ، 2026", "2026-03-05"),
        ("pt", "em abril", "--04"),
    ],
)
def test_a_date_is_read_by_its_languages_order_and_names(tag: str, text: str, value: str):
    assert [(fact.kind, fact.value) for fact in facts(text, tag)] == [(FactKind.DATE, value)]


@pytest.mark.parametrize(
    ("tag", "text", "wrong"),
    [("vi", "3 tháng 4 ngày", FactKind.DATE), ("en", "24/7", FactKind.DATE), ("ja", "第2月曜日", FactKind.DATE)],
)
def test_what_only_looks_like_a_date(tag: str, text: str, wrong: FactKind):
    assert [fact for fact in facts(text, tag) if fact.kind is wrong] == []


AGREE = [
    ("ja", "薬は一回3.5 ml", "id", "3,5 ml sekali minum"),
    ("ja", "12,000円", "ru", "12 000 иен"),
    ("ja", "2か月", "he", "חודשיים"),
    ("ja", "20キログラム", "uk", "20 кг"),
    ("ja", "毎月20日", "vi", "ngày 20 hằng tháng"),
    ("ja", "毎月20日", "pt", "no dia 20 de cada mês"),
    ("ja", "820円から960円", "pt", "de 820 a 960 ienes"),
    ("ja", "820円と960円", "pt", "820 e 960 ienes"),
    ("ja", "16時", "vi", "16 giờ"),
    ("ja", "16時15分", "fr", "16 h 15"),
    ("ja", "16時15分", "pt", "16h15"),
    ("ja", "午後4時", "ko", "오후 4시"),
    ("ja", "16時15分", "de", "16.15 Uhr"),
    ("ja", "第3,7章", "en", "chapters 3 and 7"),
    ("ja", "第3月曜日", "zh-Hans", "第3个星期一"),
    ("ja", "十二日間", "zh-Hans", "12天"),
    ("ja", "500ドル", "en", "$500"),
    ("ja", "2026年に", "pt", "em 2026"),
    ("ja", "電話は03-0000-0000", "he", "טלפון ל-03-0000-0000"),
    # parts of the day
    ("ja", "午後8時", "zh-Hans", "晚上8点"),
    ("ja", "11時30分", "zh-Hant", "中午11:30"),
    ("ja", "夜1時", "en", "1 a.m."),
    ("ja", "20時15分", "ar", "8:15 م"),
    ("ja", "20時15分", "id", "pukul 20.15"),
    ("ja", "8時15分", "en", "8.15 a.m."),
    ("ja", "20時", "ru", "8 часов вечера"),
    ("ja", "20時", "es", "las 8 de la tarde"),
    ("ja", "午前中に2時間", "en", "2 hours in the morning"),
    ("ja", "9時から18時", "fr", "de 9 h à 18 h"),
    # the year before a month's name; no space behind it
    ("ja", "2026年8月", "ne", "२०२६ अगस्ट"),
    ("ja", "8月6日まで", "th", "ก่อน 6 สิงหาคมเท่านั้น"),
    # a unit inside a longer one
    ("ja", "30平方メートル", "fr", "30 mètres carrés"),
    ("ja", "30ミリリットル", "bn", "30 মিলিলিটার"),
    ("ja", "30 m²の部屋", "tr", "30 m²"),
    ("ja", "30 m", "uk", "30 м"),
    ("ja", "3,000円", "pt", "3.000 JP¥"),
    ("ja", "40万円", "ru", "400 тыс. иен"),
    ("ja", "19歳", "fr", "19 ans"),
]


@pytest.mark.parametrize("case", AGREE)
def test_two_languages_agree(case: tuple[str, str, str, str]):
    first, second = Statement(case[1], case[0]), Statement(case[3], case[2])
    assert [*lacking(first, second), *lacking(second, first), *unsure(first, second), *unsure(second, first)] == []


DIFFER = [
    ("ja", "35 ml", "id", "3,5 ml"),
    ("ja", "1250 g", "id", "1,250 g"),
    ("ja", "1.25 g", "id", "1,250 g"),
    ("ja", "1.5 g", "en", "1.500 g"),
    ("ja", "7円", "vi", "7.000 yên"),
    ("ja", "7円", "fr", "7 000 yens"),
    ("ja", "75円", "ru", "7,5 иены"),
    ("ja", "75 ml", "en", "7,5 ml"),
    ("ja", "75 ml", "pt", "7,5 ml"),
    ("ja", "10円", "pt", "10 mil ienes"),
    ("ja", "10円", "vi", "10 triệu yên"),
    ("ja", "500円", "en", "$500"),
    ("ja", "5日", "pt", "5 meses"),
    ("ja", "5年", "vi", "5 ngày"),
    ("ja", "5週間", "ne", "५ दिन"),
    ("ja", "5時間", "th", "5 นาที"),
    ("ja", "5か月", "my", "5 ရက်"),
    ("ja", "5日", "sw", "miezi 5"),
    ("ja", "3日", "ar", "يومان"),
    ("ja", "2日", "en", "two weeks"),
    ("ja", "20%", "de", "20 Tage"),
    ("ja", "午後8時", "zh-Hans", "早上8点"),
    ("ja", "9時から18時", "fr", "de 9 h à 17 h"),
    ("ja", "30平方メートル", "fr", "30 mètres"),
    ("ja", "20時15分", "id", "pukul 20.45"),
    ("ja", "8分", "ru", "8 ч."),
    ("ja", "20 kg", "ru", "20 мг"),
    ("ja", "2026年3月5日", "en", "5/3/2026"),
    ("ja", "2026年3月5日", "id", "5 Mei 2026"),
    ("ja", "3日から5日", "en", "3 days or 5 days"),
    ("zh-Hans", "5天", "ja", "五十日"),
]


@pytest.mark.parametrize(("tag", "text", "other_tag", "other"), DIFFER)
def test_two_languages_differ(tag: str, text: str, other_tag: str, other: str):
    first, second = Statement(text, tag), Statement(other, other_tag)
    assert lacking(first, second)


@pytest.mark.parametrize(
    ("tag", "text", "other_tag", "other", "written"),
    [
        ("ja", "5日", "en", "5 fortnights", ("5 fortnights",)),
        ("ja", "5日", "pt", "5 quinzenas", ("5 quinzenas",)),
        ("ja", "5円", "pt", "5 reais", ("5 reais",)),
        ("en", "5 kg", "ja", "5貫", ("5 貫",)),
        ("ja", "3月5日", "pt", "5/3", ("3 /", "5 /")),
        ("ja", "110日", "yo", "110 ọjọ", ("110",)),
    ],
)
def test_a_unit_that_is_not_known_is_never_the_same(
    tag: str, text: str, other_tag: str, other: str, written: tuple[str, ...]
):
    first, second = Statement(text, tag), Statement(other, other_tag)
    assert lacking(first, second) == ()
    (fact,) = unsure(first, second)
    assert beside(fact, second) == written


def test_a_number_without_any_unit_is_the_same():
    assert (
        lacking(Statement("5円", "ja"), Statement("5", "pt"))
        == unsure(Statement("5円", "ja"), Statement("5.", "pt"))
        == ()
    )


def test_a_fact_says_whether_its_marks_were_read():
    said = {
        str(fact): fact.has_marks for fact in facts("1,250 yên, 5/3/2026, 20 kg, 7 ngày, www.example.org/1.2", "vi")
    }
    assert said == {
        "amount in yen 1.250": True,
        "date 2026-03-05": True,
        "number 20 kilogram": False,
        "length of time 7 day": False,
        "web address www.example.org/1.2": False,
    }


@pytest.mark.parametrize("said", ["1", "1 ", "a", "03-", "12:", "2026 "])
def test_a_long_line_is_read_at_once(said: str):
    """No pattern begins anew at each character of what it has read."""
    begun = process_time()
    facts(said * (40_000 // len(said)), "zh-Hans")
    assert process_time() - begun < 5


# Words


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "Two days, then once more; Twelve, not someone", "2 days, then 1 more; 12, not someone"),
        ("en-GB", "seven", "7"),
        ("zh-Hans", "两天内打三次", "2天内打3次"),
        ("zh-Hant", "兩天", "2天"),
        ("ja", "一つ、二つ", "1つ、2つ"),
        ("ja", "十二日、二十日、十日、三十五日", "12日、20日、10日、35日"),
        ("zh-Hans", "三四天", "3 4天"),
        ("ja", "十十", "10 10"),
        ("ja", "two", "two"),
        ("en", "2 days", "2 days"),
    ],
)
def test_numbers_that_are_written_as_words(language: str, text: str, expected: str):
    assert in_digits(text, language) == expected


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
