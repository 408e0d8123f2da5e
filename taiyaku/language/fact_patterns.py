"""How a language writes numbers, amounts, dates and times: one pattern a language."""

import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache, partial
from typing import Final, TypeVar

from taiyaku.language import cldr
from taiyaku.language.tags import language_of


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

_T = TypeVar("_T")

_NAMES: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_MONTHS: Final[Mapping[str, int]] = {name: number for number, name in enumerate(_NAMES, 1)}
_MONTH: Final = "|".join(_MONTHS)

_MARK: Final = "[.,٫٬'’\x1f]"
_DIGITS: Final = rf"(?<!\d)\d++(?:{_MARK}\d++)*(?!{_MARK}?\d)"
TO: Final = "đến|tới|a|até|à|bis|до|hingga|sampai|إلى|से|देखि|tot|til|till|do|al"
_RANGE: Final = rf"(?:\s*(?:[–—〜~～-]|to|到|至|から|부터|에서|ถึง)\s*|\s+(?:{TO})\s+)"

_TIMES: Final[Mapping[str, int]] = {"万": 10**4, "億": 10**8, "亿": 10**8, "million": 10**6}


def _number_pattern(tag: str) -> str:
    """Find a number with all of its marks; thousands apart where the language parts them so (fr, ru)."""
    if cldr.marks(tag).group != " " and language_of(tag) != "es":  # Ortografía de la lengua española, VIII 2.1.1
        return f"(?:{_DIGITS})"
    return rf"(?:(?<!\d)[1-9]\d{{0,2}}(?: \d{{3}})+(?!\d)(?:[.,]\d+)?|{_DIGITS})"


def _value(written: str, tag: str) -> str | None:
    """Read a number by its language's marks; None where it is no number, as 2,5 in English: two and five.

    What may be thousands or a fraction, a mark before three digits, is what the language makes of it. As a
    fraction it keeps its zeros: ``1.500`` is not equal to ``1.5``, lest fifteen hundred were meant.
    """
    joined = re.sub(r"['’٬\x1f ](?=\d{3}(?!\d))", "", written)
    if re.fullmatch(r"\d+|\d+٫\d+", joined):
        return _trimmed(joined.replace("٫", "."))
    found = re.findall(r"\D", joined)
    if set(found) - {".", ","}:
        return None
    if len(found) > 1:
        return _grouped(joined, found)
    whole, fraction = joined.split(found[0])
    marks = cldr.marks(tag)
    thousands = len(fraction) == 3 and len(whole) < 4 and not whole.startswith("0")
    if found[0] == marks.group and (thousands or found[0] == ","):
        return _trimmed(whole + fraction) if thousands else None
    read = f"{_trimmed(whole)}.{fraction}"
    return read if thousands or found[0] != marks.decimal else _trimmed(read)


def _grouped(written: str, found: list[str]) -> str | None:
    """Read a number of several marks: those of thousands (of hundreds in South Asia), then one of a fraction."""
    last = found[-1] if found.count(found[-1]) == 1 else ""
    whole, _, fraction = written.rpartition(last) if last else (written, "", "")
    if not re.fullmatch(r"\d{1,3}(?:,\d{3})+|\d{1,3}(?:\.\d{3})+|\d{1,2}(?:,\d\d)+,\d{3}", whole):
        return None
    return _trimmed(re.sub(r"\D", "", whole) + (f".{fraction}" if fraction else ""))


def _trimmed(number: str) -> str:
    """Take off the zeros that change nothing."""
    whole, point, fraction = number.partition(".")
    return (whole.lstrip("0") or "0") + (point + fraction).rstrip("0").rstrip(".")


def _read(written: str, times: str | None, tag: str) -> tuple[str, tuple[str, ...]]:
    """Return the value of a number and the numbers in it; ``万`` behind it is ten thousand, and so on."""
    value = _value(written, tag)
    if value is None:
        return written, tuple(_trimmed(part) for part in re.findall(r"\d+", written))
    if times:
        value = _trimmed(format(Decimal(value) * _known(times, _times(tag)), "f"))
    return value, (value,)


@lru_cache(maxsize=64)
def _times(tag: str) -> Mapping[str, int]:
    return {**_TIMES, **cldr.multipliers(tag)}


_Made = tuple[str, tuple[str, ...], str]
"""The value of a fact, the numbers in it, its unit."""


def _date(match: re.Match[str], tag: str) -> _Made:
    groups = match.groupdict()
    year, month, day = (groups.get(name) or "" for name in ("year", "month", "day"))
    if month and not month.isdigit():
        month = str(_known(month, {**_MONTHS, **cldr.months(tag)}))
    if year.startswith("25"):
        year = str(int(year) - 543)  # the Buddhist era, as Thailand counts
    numbers = tuple(str(int(part)) for part in (year, month, day) if part)
    return "-".join([year or "-", *(f"{int(part):02d}" for part in (month, day) if part)]), numbers, ""


def _known(word: str, table: Mapping[str, _T]) -> _T:
    """Look up a word that was found, whatever its case and spaces: İ has no small letter of one character."""
    return next(value for name, value in table.items() if re.fullmatch(_words(name), word, re.IGNORECASE))


def _words(text: str) -> str:
    return r"\s+".join(re.escape(part) for part in text.split())


def _amounts(match: re.Match[str], tag: str, unit: str = "yen") -> _Made:
    groups = match.groupdict()
    last, numbers = _read(match["b"], groups.get("bm"), tag)
    if groups.get("a"):
        first, more = _read(match["a"], groups.get("am"), tag)
        last, numbers = f"{first}–{last}", (*more, *numbers)
    return last, numbers, unit


def _span(match: re.Match[str], tag: str, unit: str) -> _Made:
    value, numbers, _ = _amounts(match, tag)
    return f"{value} {unit}", numbers, unit


def _dual(match: re.Match[str], tag: str) -> _Made:
    unit = _known(match[0], cldr.duals(tag))
    return f"2 {unit}", ("2",), unit


def _as_written(match: re.Match[str], _tag: str) -> _Made:
    return re.sub(r"\s", "", match[0]).rstrip(".,;:!?").lower(), tuple(re.findall(r"\d+", match[0])), ""


def _phone(match: re.Match[str], _tag: str) -> _Made:
    value = re.sub(r"[^\d+#]", "", match[0])
    return value, (value.lstrip("+#"),), ""


def _clock(match: re.Match[str], tag: str) -> _Made:
    groups = match.groupdict()
    hour = _of_the_day(int(match["hour"]), _part(groups.get("half") or "", tag))
    minute = 30 if groups.get("past") else int(groups.get("minute") or 0)
    return f"{hour}:{minute:02d}", (str(hour), *((str(minute),) if minute else ())), ""


def _part(word: str, tag: str) -> str:
    """Return the part of the day that a word names: am, pm, or a part of a language's day; empty for no word."""
    if word.lower() in ("a", "p"):
        return f"{word.lower()}m"
    return _known(word, cldr.parts_of_day(tag)) if word else ""


def _of_the_day(hour: int, part: str) -> int:
    """Count an hour from midnight on: 晚上7点 is 19, 夜1時 is 1, 中午11点 stays 11."""
    if hour > 12 or part in ("", "morning"):
        return hour
    if part in ("am", "pm"):
        return hour % 12 + (12 if part == "pm" else 0)
    if part == "night":
        return hour % 12 + (12 if 6 <= hour < 12 else 0)
    return hour + (12 if hour < (10 if part == "afternoon" else 12) else 0)


def _number(match: re.Match[str], tag: str, unit: str = "") -> _Made:
    value, numbers = _read(match["n"], match["m"], tag)
    return value, numbers, unit or _unit_before(match, tag)


def _unit_before(match: re.Match[str], tag: str) -> str:
    """Return the unit whose word stands right before a number: ngày 25, dia 25."""
    before = match.string[max(0, match.start() - 16) : match.start()]
    return next((unit for unit, words in cldr.units(tag).items() if re.search(rf"(?<![^\W\d_]){words}\s$", before)), "")


_Maker = Callable[[re.Match[str], str], _Made]
_COMMON: Final[tuple[tuple[FactKind, str, _Maker], ...]] = (
    (FactKind.WEB, r"(?:https?://|www\.)[!-(*-~]+", _as_written),
    (FactKind.MAIL, r"(?<![A-Za-z0-9._+-])[A-Za-z0-9._+-]++@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+", _as_written),
    (FactKind.POSTCODE, r"〒\s?\d{3}-\d{4}", _as_written),
    (
        FactKind.PHONE,
        r"\+\d{1,3}[ \x1f-]\d[\d \x1f-]{5,}\d"
        r"|(?<!\d)(?<!\d[.-])(?!\d\d-\d\d-(?:19|20)\d\d(?!\d))0\d{1,4}-\d{1,4}-\d{3,4}(?![\d-])",
        _phone,
    ),
    (FactKind.PHONE, r"(?<!\d)(?<!\d-)0\d{3}-\d{6}(?![\d-])|#\d{4}(?!\d)", _phone),
    (FactKind.DATE, r"(?<![\d-])(?P<year>(?:19|20)\d\d)-(?P<month>\d\d)(?:-(?P<day>\d\d))?(?![\d-])", _date),
)
_ENGLISH_DATES: Final = (
    rf"(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+)?(?P<month>{_MONTH})\s+(?P<year>(?:19|20)\d\d)",
    rf"(?P<month>{_MONTH})\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>(?:19|20)\d\d)",
    rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<month>{_MONTH})",
    rf"(?P<month>{_MONTH})\s+(?P<day>\d{{1,2}})(?!\d)",
    rf"(?<![A-Za-z])(?P<month>{'|'.join(m for m in _MONTHS if m not in ('May', 'March'))})\b",
    r"(?<![\d,.¥-])(?P<year>(?:19|20)\d\d)(?![\d,.]\d|\s*(?:yen|円|\d))(?!\d)",
)
_CJK_DATES: Final[Mapping[str, tuple[str, str, str]]] = {
    "zh": ("年", "月", "日"),
    "ja": ("年", "月", "日"),
    "yue": ("年", "月", "日"),
    "ko": ("년", "월", "일"),
}
_FIGURES: Final[Mapping[str, str]] = {
    "d": r"(?P<day>0?[1-9]|[12]\d|3[01])",
    "m": r"(?P<month>0?[1-9]|1[0-2])",
    "y": r"(?P<year>(?:19|20)\d\d)",
}


def _dates(tag: str) -> Iterator[str]:
    """Return the patterns of dates: with names of months, and in figures in the order of the language."""
    language = language_of(tag)
    if language in _CJK_DATES:
        yield from _cjk_dates(*_CJK_DATES[language])
    elif language == "en":
        yield from _ENGLISH_DATES[:5]
        yield from _named_dates(tag)[:6]
    elif cldr.months(tag):
        yield from _named_dates(tag)
    order = cldr.date_order(tag)
    orders = ("ymd", *((order, order[1] + order[0] + "y") if order.endswith("y") else ()))
    for one in orders:  # where the language's own order gives no date, the other one is meant: 13/4 is no month
        first, second, third = (_FIGURES[part] for part in one)
        yield rf"(?<![\d./-]){first}(?P<by>[./-]) ?{second}(?P=by) ?{third}(?![./-]?\d)"


def _cjk_dates(year: str, month: str, day: str) -> Iterator[str]:
    yield (
        rf"(?P<year>(?:19|20)\d\d)\s*{year}"
        rf"(?:\s*(?P<month>\d{{1,2}})\s*{month}(?:\s*(?P<day>\d{{1,2}})\s*{day})?)?"
    )
    yield rf"(?<![\d.])(?P<month>\d{{1,2}})\s*{month}\s*(?P<day>\d{{1,2}})\s*{day}"
    yield rf"(?<![\d.])(?P<month>\d{{1,2}})\s*{month}(?!間|曜)"


_UNSPACED: Final = r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]"
"""Thai, Lao, Burmese, Khmer: the next word follows a month at once."""


def _named_dates(tag: str) -> list[str]:
    """Return the patterns of dates with the name of a month, those with a year first: 1 de abril de 2026, 1. April."""
    names = sorted(cldr.months(tag), key=len, reverse=True)
    whole = [name for name in names if len(name) > 4 and re.fullmatch(_UNSPACED, name[-1])]
    month = rf"(?P<month>(?:{'|'.join(whole) or '(?!)'})|(?i:{'|'.join(map(_words, names))})(?![^\W_]))\.?"
    link = r"[.,،]?\s*(?:[^\d\s,;:()]{1,5}\s+)?"
    day = r"(?<![\d.,])(?P<day>\d{1,2})(?:[.°-]|[^\W\d_]{1,2})?"
    last_day = r"(?P<day>\d{1,2})(?![\d.,]*\d)"
    year = r"(?P<year>(?:19|20|25)\d\d)(?!\d)" if language_of(tag) == "th" else r"(?P<year>(?:19|20)\d\d)(?!\d)"
    no_unit = rf"(?!\s*{cldr.either_of(words for unit, words in cldr.units(tag).items() if unit in cldr.SPANS)})"
    dated = [
        rf"{day}{link}ב?{month}{link}{year}",
        rf"{month}\s*{last_day}{link}{year}",
        rf"{year}{link}{month}\s*{last_day}",
        rf"{year}{link}{day}{link}{month}",
        rf"{month}{link}{year}",
        rf"{year}{link}{month}(?!\s*\d)",
        rf"{day}{link}ב?{month}(?!\d){no_unit}",
        rf"{month}\s+{last_day}{no_unit}",
    ]
    if alone := "|".join(_words(name) for name in names if len(name) > 4):
        dated.append(rf"(?<![^\W_])(?P<month>(?i:{alone}))(?![^\W_]){no_unit}")
    return dated


_EMERGENCY: Final = r"(?<![A-Za-z\d,.#+-])(?:110|118|119|171|188|189)(?![\d,.]*\d)(?!\s*[GM]B|\s*%)"


HOURS: Final[Mapping[str, str]] = {"zh": "[点點时時](?!间|間)", "ja": "時(?!間)", "ko": "시(?!간)", "de": "Uhr"}
_POINTED: Final[Mapping[str, str]] = {"de": "Uhr", "th": "น"}
"""Languages that write 9.30 for half past nine, and the word behind it."""


def _clocks(tag: str) -> Iterator[str]:
    """Return the patterns of times of day, with the part of the day before or behind them: 晚上7点, 7:15 م."""
    language, parts = language_of(tag), cldr.either(cldr.parts_of_day(tag))
    hour = HOURS.get(language) or cldr.units(tag).get("hour")
    hour = rf"|\s?{hour}" if hour and language != "en" else ""
    before = rf"(?:(?P<half>{parts})\s*)?"
    yield r"(?<![\d.:])(?P<hour>\d{1,2})(?:[:.](?P<minute>\d\d))?\s*(?P<half>[AaPp])(?:\.\s?)?[Mm]\b\.?"
    yield rf"(?<![\d.:])(?P<hour>\d{{1,2}})(?:[:.](?=\d){hour})\s?(?P<minute>[0-5]\d)?\s*(?P<half>{parts})(?!\.\w)"
    if several := [word for word in cldr.parts_of_day(tag) if " " in word]:
        yield rf"(?<![\d.:])(?P<hour>1?\d)\s(?P<half>{cldr.either(several)})"
    yield rf"{before}(?<![\d.:])(?P<hour>\d{{1,2}}):(?P<minute>\d\d)(?!\d)"
    yield r"(?<![\d.:,])(?P<hour>\d{1,2})\s?h\s?(?P<minute>\d\d)(?!\d)"
    if language in _POINTED:
        yield rf"(?<![\d.:])(?P<hour>\d{{1,2}})\.(?P<minute>\d\d)\s*{_POINTED[language]}"
    if language in HOURS:
        after = r"(?:\s*(?P<minute>\d{1,2})\s*[分분]|(?P<past>[半반]))?"
        yield rf"{before}(?P<hour>\d{{1,2}})\s*{HOURS[language]}{after}"


_WORD: Final = r"(?<![^\s\0(])"
"""Where a word begins; vowel signs are no letters for a regular expression."""


@lru_cache(maxsize=64)
def patterns(tag: str) -> tuple[tuple[FactKind, re.Pattern[str], _Maker], ...]:
    """Return the patterns of a language, in the order in which they take what they find."""
    number = _number_pattern(tag)
    times = cldr.either(_times(tag))
    yen = f"(?:日元|日圆|{cldr.yen(tag)})"
    made = [*_COMMON]
    made += ((FactKind.DATE, pattern, _date) for pattern in _dates(tag))
    ranged = rf"(?:(?P<a>{number})\s*(?P<am>{times})?\s*{yen}?{_RANGE})?"
    made.append((FactKind.AMOUNT, rf"{ranged}(?P<b>{number})\s*(?P<bm>{times})?\s*(?:de\s+)?{yen}", _amounts))
    sign = f"(?:(?:JP)?¥|JPY{f'|{yen}' if cldr.yen_before(tag) else ''})"
    signed = rf"{sign}\s?(?:(?P<a>{number}){_RANGE}(?:(?:JP)?¥)?\s?)?(?P<b>{number})(?:\s*(?P<bm>{times}))?"
    made.append((FactKind.AMOUNT, signed, _amounts))
    made += ((FactKind.TIME, pattern, _clock) for pattern in _clocks(tag))
    for unit in cldr.SPANS:
        for pattern in _spans(tag, unit, number):
            made.append((FactKind.SPAN, pattern, partial(_span, unit=unit)))
    if cldr.duals(tag):
        made.append((FactKind.SPAN, cldr.either(cldr.duals(tag)), _dual))
    bare = rf"(?<![A-Za-z\d.])(?P<n>{number})(?:\s*(?P<m>{times}))?"
    for unit, words in cldr.units(tag).items():
        if unit not in cldr.SPANS:
            made.append((FactKind.NUMBER, rf"{bare}[ -]?{words}", partial(_number, unit=unit)))
    for unit, words in cldr.units_before(tag).items():
        if unit not in cldr.SPANS:
            made.append((FactKind.NUMBER, rf"{_WORD}{words}\s?(?P<n>{number})(?P<m>)", partial(_number, unit=unit)))
    if language_of(tag) == "en":
        made.append((FactKind.DATE, _ENGLISH_DATES[5], _date))
    made.append((FactKind.PHONE, _EMERGENCY, _phone))
    if cldr.points_hours(tag):
        made.append(
            (FactKind.TIME, r"(?<![\d.,:/-])(?P<hour>[01]?\d|2[0-3])\.(?P<minute>[0-5]\d)(?![\d.,/-]*\d)", _clock)
        )
    made.append((FactKind.NUMBER, bare, _number))
    return tuple((kind, re.compile(pattern), make) for kind, pattern, make in made)


def _spans(tag: str, unit: str, number: str) -> Iterator[str]:
    words = "|".join(filter(None, (UNITS.get(language_of(tag), {}).get(unit), cldr.units(tag).get(unit))))
    if words:
        named = rf"[ -]?(?:{words})" + ("(?![一二三四五六日天])" if (language_of(tag), unit) == ("zh", "week") else "")
        yield rf"(?:(?P<a>{number})(?:{named})?{_RANGE})?(?P<b>{number}){named}"
    if unit in cldr.units_before(tag):
        yield rf"{_WORD}{cldr.units_before(tag)[unit]}\s+(?:(?P<a>{number}){_RANGE})?(?P<b>{number})"
