"""Texts → the facts in them: numbers that a reader acts on, in a form that is equal in all languages. Pure.

"14天内", "14日以内" and "within 14 days" hold the same fact. A language that ``UNITS`` does not know is
read for telephone numbers, dates in figures, addresses and bare numbers.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Final

from taiyaku.languages import language_of


class FactKind(StrEnum):
    """What a fact is, as a finding says it."""

    WEB = "web address"
    MAIL = "e-mail address"
    POSTCODE = "postcode"
    PHONE = "telephone number"
    DATE = "date"
    AMOUNT = "amount in yen"
    SPAN = "length of time"
    TIME = "time of day"
    NUMBER = "number"


@dataclass(frozen=True, slots=True, order=True)
class Fact:
    """A fact: its kind, its value in a form without language, the numbers in it, and how it was written."""

    kind: FactKind
    value: str
    numbers: tuple[str, ...] = ()
    written: str = field(default="", compare=False)


NEEDS_SOURCE: Final = frozenset({FactKind.PHONE, FactKind.DATE, FactKind.AMOUNT, FactKind.SPAN})
"""What a reader acts on: a block that says it cites a source (so does a penalty, see ``names_penalty``)."""

_BY_LETTER: Final = frozenset({FactKind.WEB, FactKind.MAIL})
"""What leads elsewhere with another letter: its numbers alone do not make it equal."""

UNITS: Final[Mapping[str, Mapping[str, str]]] = {
    "zh": {"day": "天|日", "week": "周|个?星期", "month": "个月", "year": "年", "hour": "个?小时", "minute": "分钟"},
    "ja": {
        "day": "日間?",
        "week": "週間?",
        "month": "[かヵヶカケ箇]月間?",
        "year": "年間?",
        "hour": "時間",
        "minute": "分間?",
    },
    "en": {
        "day": "(?:calendar )?days?",
        "week": "weeks?",
        "month": "months?",
        "year": "years?",
        "hour": "hours?",
        "minute": "minutes?",
    },
}

PENALTIES: Final[Mapping[str, str]] = {
    "zh": "罚金|罚款|处罚|受罚|监禁|拘禁刑|判刑",
    "ja": "罰金|罰せられ|罰則|処罰|拘禁刑|懲役",
    "en": r"\b(?:fined|fines?\s+(?:of|up)|a fine\b|punish|penalt|imprison|prison\b)",
}

_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_MONTH: Final = "|".join(_MONTHS)
_COUNTED: Final = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_WORDS: Final[Mapping[str, str]] = {
    **{word: str(number) for number, word in enumerate(_COUNTED, 1)},
    "once": "1",
    "twice": "2",
}
_CJK_WORDS: Final[Mapping[str, str]] = {
    **{char: str(number) for number, char in enumerate("一二三四五六七八九十", 1)},
    "两": "2",
}
_NUMBER: Final = r"\d[\d,]*(?:\.\d+)?"
_RANGE: Final = r"\s*(?:[–—〜~～-]|to|到|至|から)\s*"


_TIMES: Final[Mapping[str, int]] = {"万": 10**4, "億": 10**8, "亿": 10**8, "million": 10**6}


def _plain(number: str, times: str | None = None) -> str:
    """Write a number without commas; ``万`` behind it is ten thousand, and so on."""
    value = Decimal(number.replace(",", "").rstrip(".")) * _TIMES.get(times or "", 1)
    return format(value.normalize(), "f")


def _date(match: re.Match[str]) -> tuple[str, tuple[str, ...]]:
    groups = match.groupdict()
    month = groups.get("month") or ""
    number = str(_MONTHS.index(month) + 1) if month in _MONTHS else month
    parts = [part for part in (groups.get("year"), number, groups.get("day")) if part]
    numbers = tuple(str(int(part)) for part in parts)
    dated = groups.get("year") or "-"
    return "-".join([dated, *(f"{int(part):02d}" for part in (number, groups.get("day") or "") if part)]), numbers


def _amounts(match: re.Match[str]) -> tuple[str, tuple[str, ...]]:
    groups = match.groupdict()
    last = _plain(match["b"], groups.get("bm"))
    both = ((_plain(match["a"], groups.get("am")),) if match["a"] else ()) + (last,)
    return "–".join(both), both


def _as_written(match: re.Match[str]) -> tuple[str, tuple[str, ...]]:
    return re.sub(r"\s", "", match[0]).rstrip(".,;:!?").lower(), tuple(re.findall(r"\d+", match[0]))


def _phone(match: re.Match[str]) -> tuple[str, tuple[str, ...]]:
    value = re.sub(r"[^\d+#]", "", match[0])
    return value, (value.lstrip("+#"),)


def _clock(match: re.Match[str]) -> tuple[str, tuple[str, ...]]:
    groups = match.groupdict()
    hour, half = int(match["hour"]), (groups.get("half") or "").lower()
    if half:
        hour = hour % 12 + (12 if half in _AFTER_NOON else 0)
    minute = 30 if groups.get("past") else int(groups.get("minute") or 0)
    return f"{hour}:{minute:02d}", (str(hour), *((str(minute),) if minute else ()))


def _number(match: re.Match[str]) -> tuple[str, tuple[str, ...]]:
    value = _plain(match["n"], match["m"])
    return value, (value,)


_Maker = Callable[[re.Match[str]], tuple[str, tuple[str, ...]]]
_COMMON: Final[tuple[tuple[FactKind, str, _Maker], ...]] = (
    (FactKind.WEB, r"(?:https?://|www\.)[!-(*-~]+", _as_written),
    (FactKind.MAIL, r"[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+", _as_written),
    (FactKind.POSTCODE, r"〒\s?\d{3}-\d{4}", _as_written),
    (FactKind.PHONE, r"\+\d{1,3}[ -]\d[\d -]{5,}\d|(?<![\d.-])0\d{1,4}-\d{1,4}-\d{3,4}(?![\d-])", _phone),
    (FactKind.PHONE, r"(?<![\d-])0\d{3}-\d{6}(?![\d-])|#\d{4}(?!\d)", _phone),
    (FactKind.DATE, r"(?<![\d-])(?P<year>(?:19|20)\d\d)-(?P<month>\d\d)(?:-(?P<day>\d\d))?(?![\d-])", _date),
)
_CJK_DATES: Final = (
    r"(?P<year>(?:19|20)\d\d)\s*年(?:\s*(?P<month>\d{1,2})\s*月(?:\s*(?P<day>\d{1,2})\s*日)?)?",
    r"(?<![\d.])(?P<month>\d{1,2})\s*月\s*(?P<day>\d{1,2})\s*日",
    r"(?<![\d.])(?P<month>\d{1,2})\s*月(?!間)",
)
_DATES: Final[Mapping[str, tuple[str, ...]]] = {
    "zh": _CJK_DATES,
    "ja": _CJK_DATES,
    "en": (
        rf"(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+)?(?P<month>{_MONTH})\s+(?P<year>(?:19|20)\d\d)",
        rf"(?P<month>{_MONTH})\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>(?:19|20)\d\d)",
        rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<month>{_MONTH})",
        rf"(?P<month>{_MONTH})\s+(?P<day>\d{{1,2}})(?!\d)",
        rf"(?<![A-Za-z])(?P<month>{'|'.join(m for m in _MONTHS if m not in ('May', 'March'))})\b",
        r"(?<![\d,.¥-])(?P<year>(?:19|20)\d\d)(?![\d,.]\d|\s*(?:yen|円|\d))(?!\d)",
    ),
}
_TEN: Final = "|".join(_TIMES)
_YEN: Final = r"日元|日圆|円|yen\b"
_AMOUNTS: Final = (
    rf"(?:(?P<a>{_NUMBER})\s*(?P<am>{_TEN})?\s*(?:{_YEN})?{_RANGE})?(?P<b>{_NUMBER})\s*(?P<bm>{_TEN})?\s*(?:{_YEN})",
    rf"¥\s?(?:(?P<a>{_NUMBER}){_RANGE}¥?\s?)?(?P<b>{_NUMBER})(?:\s*(?P<bm>million))?",
)
_EMERGENCY: Final = r"(?<![A-Za-z\d,.#+-])(?:110|118|119|171|188|189)(?![\d,.]*\d)(?!\s*[GM]B|\s*%)"


_CJK_HALVES: Final = "午前|午後|上午|下午"
_AFTER_NOON: Final = frozenset({"p", "午後", "下午"})


def _clocks(language: str) -> tuple[str, ...]:
    hours = {"zh": "[点點时](?!间)", "ja": "時(?!間)"}
    before = rf"(?:(?P<half>{_CJK_HALVES})\s*)?"
    after = r"(?:(?P<minute>\d{1,2})\s*分|(?P<past>半))?"
    own = (rf"{before}(?P<hour>\d{{1,2}})\s*{hours[language]}{after}",) if language in hours else ()
    half = r"(?P<hour>\d{1,2})(?::(?P<minute>\d\d))?\s*(?P<half>[AaPp])\.?[Mm]\b\.?"
    return (half, rf"{before}(?<![\d.:])(?P<hour>\d{{1,2}}):(?P<minute>\d\d)(?!\d)", *own)


@lru_cache(maxsize=64)
def _patterns(language: str) -> tuple[tuple[FactKind, re.Pattern[str], _Maker], ...]:
    """Give the patterns of a language, in the order in which they take what they find."""
    made = [*_COMMON]
    made += ((FactKind.DATE, pattern, _date) for pattern in _DATES.get(language, ()))
    made += ((FactKind.AMOUNT, pattern, _amounts) for pattern in _AMOUNTS)
    made += ((FactKind.TIME, pattern, _clock) for pattern in _clocks(language))
    for unit, words in UNITS.get(language, {}).items():
        named = rf"[ -]?(?:{words})"
        span = rf"(?:(?P<a>{_NUMBER})(?:{named})?{_RANGE})?(?P<b>{_NUMBER}){named}"
        made.append((FactKind.SPAN, span, _span(unit)))
    made.append((FactKind.PHONE, _EMERGENCY, _phone))
    made.append((FactKind.NUMBER, rf"(?<![A-Za-z\d.])(?P<n>{_NUMBER})(?:\s*(?P<m>{_TEN}))?", _number))
    return tuple((kind, re.compile(pattern), make) for kind, pattern, make in made)


def _span(unit: str) -> _Maker:
    def make(match: re.Match[str]) -> tuple[str, tuple[str, ...]]:
        value, numbers = _amounts(match)
        return f"{value} {unit}", numbers

    return make


@lru_cache(maxsize=8192)
def facts(text: str, language: str) -> frozenset[Fact]:
    """Give the facts in a text, each once."""
    return frozenset(_found(unicodedata.normalize("NFKC", text), language_of(language)))


def _found(rest: str, language: str) -> Iterator[Fact]:
    for kind, pattern, make in _patterns(language):
        for match in pattern.finditer(rest):
            yield Fact(kind, *make(match), written=match[0].strip())
        rest = pattern.sub(lambda match: "\0" * len(match[0]), rest)  # what is taken parts what is left


def number_words(text: str, language: str) -> frozenset[str]:
    """Give the numbers that a text writes as words: "two", 两, 二つ."""
    if language_of(language) == "en":
        return frozenset(_WORDS[word] for word in re.findall("[a-z]+", text.lower()) if word in _WORDS)
    return frozenset(_CJK_WORDS[char] for char in text if char in _CJK_WORDS)


def names_penalty(text: str, language: str) -> bool:
    """Say whether a text tells of a punishment."""
    pattern = PENALTIES.get(language_of(language))
    return bool(pattern and re.search(pattern, text, re.IGNORECASE))


@dataclass(frozen=True, slots=True)
class Said:
    """What a block says in one language: its text and its language."""

    text: str
    language: str


def lacking(said: Said, other: Said) -> tuple[Fact, ...]:
    """Give the facts of one text that its translation does not hold.

    A number that the translation writes as a word is there. Where a language's units are unknown, only the
    numbers are compared.
    """
    there = facts(other.text, other.language)
    spelt = number_words(other.text, other.language)
    numbers = {number for fact in there for number in fact.numbers} | spelt
    typed = all(language_of(one.language) in UNITS for one in (said, other))
    missing = []
    for fact in sorted(facts(said.text, said.language)):
        same_numbers = fact.kind not in _BY_LETTER and fact.numbers and set(fact.numbers) <= numbers
        loose = not typed or fact.kind is FactKind.NUMBER or _as_number(fact, there) or set(fact.numbers) <= spelt
        if fact not in there and not (same_numbers and loose):
            missing.append(fact)
    return tuple(missing)


def _as_number(fact: Fact, there: frozenset[Fact]) -> bool:
    """Say whether the translation writes the same number with a unit that is not in the table: 25日, the 25th."""
    bare = {number for other in there if other.kind is FactKind.NUMBER for number in other.numbers}
    return set(fact.numbers) <= bare
