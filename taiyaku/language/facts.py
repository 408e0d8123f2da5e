"""Texts → the facts in them: numbers that a reader acts on, in a form that is equal in all languages. Pure.

"14天内", "14日以内" and "within 14 days" hold the same fact. Numbers are read by their language's marks: "2,5" is
two and a half in Portuguese, and "1.500" fifteen hundred. Names of months and words of units are those of CLDR, and
those of ``UNITS``. A number behind which another word stands is a number whose unit is not known.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from taiyaku.language import cldr
from taiyaku.language.fact_patterns import TO, FactKind, patterns


@dataclass(frozen=True, slots=True, order=True)
class Fact:
    """A fact: its kind, its value in a form without language, the numbers in it, its unit, and how it was written.

    ``after`` is what stands beside a bare number and is not known as a unit; empty where nothing does.
    """

    kind: FactKind
    value: str
    numbers: tuple[str, ...] = ()
    unit: str = ""
    after: str = ""
    written: str = field(default="", compare=False)

    @property
    def is_bare(self) -> bool:
        """Tell whether it is a number without a unit that is known."""
        return self.kind is FactKind.NUMBER and not self.unit

    @property
    def is_range(self) -> bool:
        """Tell whether it has a first and a last number of a unit."""
        return bool(self.unit) and len(self.numbers) > 1

    def __str__(self) -> str:
        """Name the fact as a finding does."""
        return f"{self.kind} {self.value}" + (f" {self.unit}" if self.kind is FactKind.NUMBER and self.unit else "")

    @property
    def has_marks(self) -> bool:
        """Tell whether it was read by the marks of its language: 2,5 or 1/4/2026."""
        return self.kind in _BY_MARKS and bool(re.search(r"\d[.,/'’ ]\d", self.written))


NEEDS_SOURCE: Final = frozenset({FactKind.PHONE, FactKind.DATE, FactKind.AMOUNT, FactKind.SPAN})
"""What a reader acts on: a block that says it cites a source (so does a penalty, see ``names_penalty``)."""

_BY_MARKS: Final = frozenset({FactKind.NUMBER, FactKind.AMOUNT, FactKind.SPAN, FactKind.DATE})
"""What is read by the marks that a language has in its numbers and dates."""

PENALTIES: Final[Mapping[str, str]] = {
    "zh": "罚金|罚款|处罚|受罚|监禁|拘禁刑|判刑",
    "ja": "罰金|罰せられ|罰則|処罰|拘禁刑|懲役",
    "en": r"\b(?:fined|fines?\s+(?:of|up)|a fine\b|punish|penalt|imprison|prison\b)",
}
_NO_BREAK: Final = re.compile(r"(?<=\d)[\u00a0\u2009\u202f](?=\d{3}(?!\d))")


_NO_UNIT: Final = frozenset(
    {
        *("st", "nd", "rd", "th", "o", "a", "er"),  # ordinals; º and ª are o and a after NFKC
        *("and", "or", "e", "ou", "y", "u", "et", "und", "oder", "và", "hoặc", "dan", "atau", "at", "и", "или"),
        *("و", "أو", "और", "या", "र", "वा", "na", "și", "sau", "en", "of", "och", "eller", "og", "ve", "veya", "lub"),
        *("to", *TO.split("|")),
    }
)
"""Words behind a number that are no unit: endings of ordinals, "and", "or", "to"."""


def _after(match: re.Match[str]) -> str:
    """Return what stands beside a bare number and may be its unit: a word, a stroke, a sign of money."""
    before, behind = match.string[: match.start()][-1:], match.string[match.end() :]
    if before and (before == "/" or unicodedata.category(before) == "Sc"):
        return before
    word = re.match(r"[ -]?([^\W\d_]+)|\s?([/°‰′″])", behind)
    if word is None:
        return behind[:1] if behind and unicodedata.category(behind[0]) == "Sc" else ""
    return "" if word[1] in _NO_UNIT else word[1] or word[2]


@lru_cache(maxsize=8192)
def facts(text: str, language: str) -> frozenset[Fact]:
    """Return the facts in a text, each once."""
    return frozenset(_found(cldr.plain(_NO_BREAK.sub("\x1f", text)), language))


def _found(said: str, tag: str) -> Iterator[Fact]:
    rest = re.sub(r"[^\D0-9]", lambda match: str(unicodedata.decimal(match[0])), said)  # the digits of all scripts
    said = said.replace("\x1f", " ")
    for kind, pattern, make in patterns(tag):
        for match in pattern.finditer(rest):
            value, numbers, unit = make(match, tag)
            after = _after(match) if kind is FactKind.NUMBER and not unit else ""
            yield Fact(kind, value.replace("\x1f", " "), numbers, unit, after, said[slice(*match.span())].strip())
        rest = pattern.sub(lambda match: "\0" * len(match[0]), rest)  # what is taken parts what is left
