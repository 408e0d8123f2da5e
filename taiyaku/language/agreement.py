"""Whether two texts state the same facts, and how far they part."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from taiyaku.language.fact_patterns import HOURS, FactKind
from taiyaku.language.facts import PENALTIES, Fact, facts
from taiyaku.language.tags import language_of

_BY_LETTER: Final = frozenset({FactKind.WEB, FactKind.MAIL})
"""What leads elsewhere with another letter: its numbers alone do not make it equal."""
_COUNTED: Final = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_WORDS: Final[Mapping[str, str]] = {
    **{word: str(number) for number, word in enumerate(_COUNTED, 1)},
    "once": "1",
    "twice": "2",
}
_CJK_DIGITS: Final[Mapping[str, int]] = {
    **{char: number for number, char in enumerate("一二三四五六七八九", 1)},
    "两": 2,
    "兩": 2,
}

_CLOCK_WORDS: Final = frozenset({*HOURS, "en"})
"""Languages that say another word for a length of hours than for an hour of the day."""


def in_digits(text: str, language: str) -> str:
    """Write the numbers of a text in digits that it writes as words: "two", 两, 十二."""
    if language_of(language) == "en":
        return re.sub("[A-Za-z]+", lambda match: _WORDS.get(match[0].lower(), match[0]), text)
    return re.sub("[一二两兩三四五六七八九十]+", lambda match: _cjk_number(match[0]), text)


def _cjk_number(written: str) -> str:
    """Read a number up to 99; of other characters, as 三四 for "three or four", each by itself."""
    tens = re.fullmatch("(.?)十(.?)", written)
    if tens is not None and "十" not in tens.groups():
        return str(10 * _CJK_DIGITS.get(tens[1], 1) + _CJK_DIGITS.get(tens[2], 0))
    return " ".join("10" if char == "十" else str(_CJK_DIGITS[char]) for char in written)


def names_penalty(text: str, language: str) -> bool:
    """Tell whether a text tells of a punishment."""
    pattern = PENALTIES.get(language_of(language))
    return bool(pattern and re.search(pattern, text, re.IGNORECASE))


@dataclass(frozen=True, slots=True)
class Statement:
    """What a block says in one language: its text and its language."""

    text: str
    language: str


class _Verdict(IntEnum):
    """What a translation says of a fact."""

    MISSING = 0
    UNSURE = 1
    THERE = 2


def lacking(said: Statement, other: Statement) -> tuple[Fact, ...]:
    """Return the facts of one text that its translation does not hold.

    A number that the translation writes as a word, or without any unit, is there; with another unit it is not.
    """
    return _judged(said, other, _Verdict.MISSING)


def unsure(said: Statement, other: Statement) -> tuple[Fact, ...]:
    """Return the facts of one text whose number its translation holds beside a word that is not known as a unit."""
    return _judged(said, other, _Verdict.UNSURE)


def beside(fact: Fact, other: Statement) -> tuple[str, ...]:
    """Return how a translation writes the numbers of a fact of which one is ``unsure``."""
    held = (one for one in sorted(facts(other.text, other.language)) if set(one.numbers) & set(fact.numbers))
    return tuple(f"{one.written} {one.after}".strip() for one in held)


def _judged(said: Statement, other: Statement, verdict: _Verdict) -> tuple[Fact, ...]:
    there = facts(other.text, other.language) | facts(in_digits(other.text, other.language), other.language)
    clocks = not {language_of(one.language) for one in (said, other)} <= _CLOCK_WORDS
    return tuple(
        fact for fact in sorted(facts(said.text, said.language)) if _verdict(fact, there, clocks=clocks) is verdict
    )


def _verdict(fact: Fact, there: frozenset[Fact], *, clocks: bool) -> _Verdict:
    """Judge a fact by the facts of the translation; ``clocks``: there, hours may be a time of day and a length."""
    if any((fact.kind, fact.value, fact.unit) == (other.kind, other.value, other.unit) for other in there):
        return _Verdict.THERE
    if fact.kind in _BY_LETTER or not fact.numbers:
        return _Verdict.MISSING
    hours = {other.numbers[0] for other in there if clocks and fact.unit == "hour" and other.kind is FactKind.TIME}
    if (
        fact.is_range
        and not set(fact.numbers) <= hours
        and not any(other.is_bare and set(fact.numbers) & set(other.numbers) for other in there)
    ):
        return _Verdict.MISSING  # "from 3 to 5 days" is not "3 days or 5 days"
    return min(
        max((_of_number(fact, other, clocks=clocks) for other in there if number in other.numbers), default=_Verdict(0))
        for number in fact.numbers
    )


_AGES: Final = frozenset("歳才岁歲세살")
"""Counters of a person's years, where other languages say years."""


def _of_number(fact: Fact, other: Fact, *, clocks: bool) -> _Verdict:
    """Judge one number of a fact by a fact of the translation that holds it too."""
    if fact.is_bare or (fact.unit and fact.unit == other.unit):
        return _Verdict.THERE
    if other.is_bare:
        if fact.kind is FactKind.AMOUNT and other.after and unicodedata.category(other.after[0]) == "Sc":
            return _Verdict.MISSING  # other money than yen
        if fact.unit == "year" and other.after[:1] in _AGES:
            return _Verdict.THERE
        parted = fact.kind in (FactKind.DATE, FactKind.TIME) and len(fact.numbers) > 1
        a_year = fact.kind is FactKind.DATE and fact.value.isdigit()
        return _Verdict.UNSURE if parted or (other.after and not a_year) else _Verdict.THERE
    if other.kind is FactKind.PHONE and len(other.value) == 3:
        return _Verdict.UNSURE  # 110 of something whose unit is not known
    return _Verdict.THERE if clocks and _same_clock(fact, other) else _Verdict.MISSING


def _same_clock(fact: Fact, other: Fact) -> bool:
    """Tell whether one is a time of day and the other so many hours: 17時, 17 giờ."""
    time, length = (fact, other) if fact.kind is FactKind.TIME else (other, fact)
    return (
        time.kind is FactKind.TIME
        and length.unit in ("hour", "minute")
        and (set(length.numbers) <= set(time.numbers) or (length.is_range and set(time.numbers) <= set(length.numbers)))
    )
