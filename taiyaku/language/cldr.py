"""How languages write numbers, dates and units (Unicode CLDR, UTS 35, by way of Babel). Pure.

Words are as a text has them after NFKC. Where CLDR knows nothing of a language, a table is empty.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from babel import Locale
from babel.numbers import get_currency_name, get_currency_unit_pattern, get_decimal_symbol, get_group_symbol
from babel.units import format_unit

from taiyaku.language.tags import language_of, locale_of

SPANS: Final = ("day", "week", "month", "year", "hour", "minute")
"""Lengths of time, as facts name them."""

_MEASURES: Final[Mapping[str, str]] = {
    "percent": "concentr-percent",
    **{f"{size}gram": f"mass-{size}gram" for size in ("", "kilo", "milli")},
    **{f"{size}meter": f"length-{size}meter" for size in ("", "kilo", "centi", "milli")},
    **{f"{size}liter": f"volume-{size}liter" for size in ("", "milli", "deci")},
    **{f"{size}byte": f"digital-{size}byte" for size in ("kilo", "mega", "giga", "tera")},
    "square meter": "area-square-meter",
    "degree Celsius": "temperature-celsius",
    "second": "duration-second",
}
MEASURES: Final = tuple(_MEASURES)
"""What else has a unit, as facts name it."""

_SYMBOLS: Final[Mapping[str, str]] = {
    "%": "percent",
    "٪": "percent",
    "g": "gram",
    "kg": "kilogram",
    "mg": "milligram",
    "m": "meter",
    "km": "kilometer",
    "cm": "centimeter",
    "mm": "millimeter",
    "l": "liter",
    "L": "liter",
    "ml": "milliliter",
    "mL": "milliliter",
    "dl": "deciliter",
    "dL": "deciliter",
    "KB": "kilobyte",
    "kB": "kilobyte",
    "MB": "megabyte",
    "GB": "gigabyte",
    "TB": "terabyte",
    "m2": "square meter",
    "°C": "degree Celsius",
}
"""Signs that all languages use (SI Brochure, 9th edition, 5.2), as NFKC leaves them."""

_LENGTHS: Final[tuple[Literal["long", "short"], ...]] = ("long", "short")

_COUNTS: Final = (2, 0, 1, 3, 5, 11, 20, 100, 1.5)
"""One number at least of each plural category of each language (UTS 35, part 3, 5.1.1)."""

_SIGNS_OF_TIME: Final[Mapping[str, str]] = {"h": "hour", "min": "minute"}

_NO_EDGE: Final = r"[\u0900-\u109f\u10a0-\u11ff\u1780-\u17ff\u2d00-\u2d2f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
"""Letters of scripts that write endings, particles or the next word right behind a unit."""


_LATIN: Final = r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff]"
_SHORT_WORD: Final = r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7afလ]"
"""Characters that are a whole word: 日, 년, and the month of Burmese."""

_MORE: Final[Mapping[str, Mapping[str, set[str]]]] = {
    "de": {"day": {"Tagen"}, "month": {"Monaten"}, "year": {"Jahren"}},
    "hi": {"month": {"महीनों"}, "hour": {"घंटों"}},
    "ko": {"week": {"주일", "주간"}, "month": {"달"}, "year": {"년간"}},
}
"""Forms of a word that stand in a sentence and not in CLDR."""

_YEN: Final[Mapping[str, tuple[str, ...]]] = {"ko": ("엔",), "zh": ("日元", "日圆", "日圓")}

_TIMES: Final[Mapping[str, Mapping[str, int]]] = {
    "ja": {"千": 10**3},
    "vi": {"ngàn": 10**3, "tỉ": 10**9},
    "ru": {"тыс.": 10**3, "млн": 10**6, "млрд": 10**9},
    "uk": {"тис.": 10**3, "млн": 10**6, "млрд": 10**9},
    "ne": {"करोड": 10**7},  # CLDR 47 says a tenth of it
}


@dataclass(frozen=True, slots=True)
class Marks:
    """What parts a number's whole from its fraction, and its thousands from one another."""

    decimal: str
    group: str


def plain(text: str) -> str:
    """Write a text as it is compared: NFKC, without what is not seen (breaks inside words, directions).

    A full-width comma between narrow digits parts two numbers (119，050); in a wide number it parts thousands.
    """
    parted = re.sub(r"(?<=[0-9])，(?=[0-9])", "、", text)
    return re.sub(r"[\u00ad\u061c\u200b\u200e\u200f\u2060]", "", unicodedata.normalize("NFKC", parted))


@lru_cache(maxsize=64)
def marks(tag: str) -> Marks:
    """Return the marks of a language, in numbers of Latin digits; a point and a comma where nobody knows."""
    locale = locale_of(tag)
    if locale is None:
        return Marks(".", ",")
    return Marks(get_decimal_symbol(locale), plain(get_group_symbol(locale)))


def marked(tag: str) -> str:
    """Write one thousand two hundred and thirty-four and a half as a language does, in Latin digits."""
    its = marks(tag)
    return f"1{its.group}234{its.decimal}5"


@lru_cache(maxsize=64)
def months(tag: str) -> Mapping[str, int]:
    """Return the names of the Gregorian months, whole and shortened, in small letters."""
    locale = locale_of(tag)
    found: dict[str, int] = {}
    for context in ("format", "stand-alone"):
        for width in ("wide", "abbreviated"):
            for number, name in locale.months[context][width].items() if locale is not None else ():
                found[plain(name).rstrip(".").lower()] = int(number)
    return found


_PARTS: Final = ("am", "pm", "morning", "afternoon", "evening", "night")
_HALVES: Final = {"午前": "am", "午後": "pm", "上午": "am", "下午": "pm", "오전": "am", "오후": "pm"}
_MORE_PARTS: Final[Mapping[str, Mapping[str, str]]] = {
    "zh": {"夜里": "night", "傍晚": "evening", "早晨": "morning", "半夜": "night"},
    "ja": {"深夜": "night", "早朝": "morning", "正午": "afternoon"},
}


@lru_cache(maxsize=64)
def parts_of_day(tag: str) -> Mapping[str, str]:
    """Return the words for parts of the day that stand beside an hour: 午後, 晚上, م, giờ tối (UTS 35, part 4, 2.5)."""
    locale = locale_of(tag)
    found: dict[str, str] = {}
    widths = (its for context in locale.day_periods.values() for its in context.values()) if locale is not None else ()
    for name, word in ((name, plain(word)) for its in widths for name, word in its.items()):
        part = name.rstrip("12")
        if part in _PARTS and (len(word) > 1 or not re.fullmatch(_LATIN, word)):
            found.setdefault(word, part)
    return {**found, **_HALVES, **_MORE_PARTS.get(language_of(tag), {})}


@lru_cache(maxsize=64)
def points_hours(tag: str) -> bool:
    """Tell whether a language writes 9.30 for half past nine, and no fraction so."""
    locale = locale_of(tag)
    return (
        locale is not None
        and marks(tag).decimal != "."
        and "H.m" in locale.time_formats["short"].pattern.replace("HH", "H")
    )


@lru_cache(maxsize=64)
def date_order(tag: str) -> str:
    """Return the order of day, month and year in a date that is written in figures, as ``dmy``."""
    locale = locale_of(tag)
    pattern = locale.date_formats["short"].pattern if locale is not None else "y-M-d"
    return "".join(dict.fromkeys(re.findall("[dmy]", pattern.lower())))


@lru_cache(maxsize=64)
def units(tag: str) -> Mapping[str, str]:
    """Return for each of ``SPANS`` and ``MEASURES`` what stands behind the number, as a regular expression."""
    words = {unit: _behind(tag, unit) for unit in (*SPANS, *MEASURES)}
    longer = frozenset(word for its in words.values() for word in its)
    return {unit: either(its, longer) for unit, its in words.items() if its}


@lru_cache(maxsize=64)
def units_before(tag: str) -> Mapping[str, str]:
    """Return the units whose word stands before the number (Swahili siku 3, Sinhala දින 3, Turkish %3)."""
    found = {unit: {form[0] for form in _forms(tag, unit) if form[0]} for unit in (*SPANS, *MEASURES)}
    return {unit: either(words) for unit, words in found.items() if words}


@lru_cache(maxsize=64)
def duals(tag: str) -> Mapping[str, str]:
    """Return the words that mean two of a unit without a number (Arabic يومان, Hebrew יומיים)."""
    locale = locale_of(tag)
    if locale is None:
        return {}
    written = {
        plain(format_unit(2, f"duration-{unit}", length, locale=locale)): unit for length in _LENGTHS for unit in SPANS
    }
    return {word: unit for word, unit in written.items() if not re.search(r"\d", word)}


@lru_cache(maxsize=64)
def yen(tag: str) -> str:
    """Return the words for the yen, as a regular expression: of "Iene japonês" the one that is not the country's."""
    words = {"円", "JPY", "yen", "yens", "¥", "JP¥", *_YEN.get(language_of(tag), ())}
    locale = locale_of(tag)
    if locale is not None:
        country = plain(str(locale.territories.get("JP", ""))).casefold().removeprefix("ال")
        names = {get_currency_name("JPY", count=count, locale=locale) for count in (*_COUNTS, None)}
        words |= {plain(name) for name in names}
        words |= {max(parts, key=len) for name in names if (parts := [*_not_of(country, name)])}
    return either(words - {"yeni"} if language_of(tag) in ("tr", "az") else words)  # there it is "new" too


@lru_cache(maxsize=64)
def yen_before(tag: str) -> bool:
    """Tell whether the word for the yen stands before the number (Burmese, Sinhala, Swahili)."""
    locale = locale_of(tag)
    return locale is not None and get_currency_unit_pattern("JPY", 2, locale).startswith("{1}")


def _not_of(country: str, name: str) -> Iterator[str]:
    """Return the words of a currency's name that do not say whose it is."""
    for part in re.split(r"[\s\u200b]+", unicodedata.normalize("NFKC", name)):
        word = part.casefold()
        if word[:2] not in (country[:2], "ja") and word not in country:
            yield word.replace(country, "")


@lru_cache(maxsize=64)
def multipliers(tag: str) -> Mapping[str, int]:
    """Return the words that multiply a number before them: mil, triệu, 万, करोड़."""
    locale = locale_of(tag)
    formats = locale.compact_decimal_formats if locale is not None else {}
    found: dict[str, int] = {}
    widths = ("long", "short") if "long" not in formats else ("long",)
    for pattern, power in (
        (pattern.pattern, int(power))
        for width in widths
        for forms in formats.get(width, {}).values()
        for power, pattern in forms.items()
    ):
        written = re.fullmatch(r"(0+)\s*([^\W\d_][^0]*)", plain(pattern.replace("'", "")))
        if written is not None and _is_word(written[2].strip()):
            found[written[2].strip().lower()] = power // 10 ** (len(written[1]) - 1)
    return {**found, **_TIMES.get(language_of(tag), {})}


def _is_word(text: str) -> bool:
    """Tell whether a text is more than a letter: the m. of a month is a metre's elsewhere."""
    return len(text.rstrip(".")) > 1 or bool(re.fullmatch(_SHORT_WORD, text))


def _behind(tag: str, unit: str) -> set[str]:
    """Return the words and signs of a unit."""
    words = {form[1] for form in _forms(tag, unit)}
    known = {word for word in words if _is_word(word)}
    signs = {sign for sign, its in {**_SYMBOLS, **_SIGNS_OF_TIME}.items() if its == unit}
    return known | signs | {*_letters(tag, unit)} | _MORE.get(language_of(tag), {}).get(unit, set())


def _letters(tag: str, unit: str) -> Iterator[str]:
    """Return the single letters that a language writes for a unit and for nothing else: ru ч., uk м, th ก."""
    for _, word in _forms(tag, unit):
        letter = word.rstrip(".")
        if len(letter) != 1 or re.fullmatch(_LATIN, letter) or (letter == word and re.fullmatch(_NO_EDGE, letter)):
            continue
        taken = (its for one in (*SPANS, *MEASURES) if one != unit for its in _forms(tag, one))
        if letter not in {*parts_of_day(tag), *(form[1].rstrip(".") for form in taken), "с"}:  # ru "from", "with"
            yield word


@lru_cache(maxsize=2048)
def _forms(tag: str, unit: str) -> frozenset[tuple[str, str]]:
    """Return how a unit is written: what stands before the number, and what behind it."""
    locale = locale_of(tag)
    return frozenset() if locale is None else frozenset(_written(locale, _MEASURES.get(unit, f"duration-{unit}")))


def _written(locale: Locale, unit: str) -> Iterator[tuple[str, str]]:
    for length in _LENGTHS:
        for count in _COUNTS:
            said = plain(format_unit(count, unit, length, locale=locale))
            before, *behind = (part.strip() for part in re.split(r"\d(?:[\d.,٫]*\d)?", said, maxsplit=1))
            if behind and bool(before) != bool(behind[0]) and behind[0] != unit:  # Babel's answer where CLDR has none
                yield before, behind[0]


def either(words: Iterable[str], others: Iterable[str] = ()) -> str:
    """Find any of some words, a longer one first; whole where a script has edges of words.

    Where one of the ``others`` begins with it, the word is not found in that: no metre in a square metre.
    """
    others = frozenset(others)
    found = "|".join(_word(word) + _not_in(word, others) for word in sorted(words, key=lambda word: (-len(word), word)))
    return f"(?:{found})"


def _not_in(word: str, others: frozenset[str]) -> str:
    more = sorted(
        r"\s+".join(map(re.escape, re.split(r"\s+", other[len(word) :])))
        for other in others
        if other.startswith(word) and other != word
    )
    return f"(?!{'|'.join(more)})" if more else ""


def either_of(patterns: Iterable[str]) -> str:
    """Find what any of some patterns finds; nothing, where there are none."""
    return f"(?:{'|'.join(patterns) or '(?!)'})"


def _word(word: str) -> str:
    escaped = r"\s+".join(re.escape(part) for part in word.split())
    if len(word) > 2:
        escaped = f"(?i:{escaped})"
    if word == "လ":
        return rf"{word}(?![\u102b-\u103e])"  # with a vowel it is the beginning of another word
    if re.fullmatch(rf"{_LATIN}|\d", word[-1]):
        return rf"{escaped}(?!{_LATIN}|\d)"  # in Japanese the next word follows at once: 25 kgまで
    edged = word[-1].isalnum() and not re.fullmatch(_NO_EDGE, word[-1])
    return rf"{escaped}(?![^\W_])" if edged else escaped
