"""Content streams → instructions with plain values, each stream and each font read once (ISO 32000-2, 7.8.2)."""

import re
import warnings
from collections.abc import Iterable, Mapping
from decimal import Decimal
from math import isfinite
from typing import Any, Final, NamedTuple

import pikepdf

from taiyaku.pdf.fonts import Typeface, typeface
from taiyaku.pdf.objects import spelt
from taiyaku.pdf.painted import NOWHERE, Key


class Instruction(NamedTuple):
    """An operator with its operands: numbers as floats, strings as bytes, arrays as lists.

    ``odd`` is what a person reads of operands that the operator does not take; it is then carried out with those that
    it does take, the last ones, or, where they are too few or of another type, not at all (``operands`` is None).
    """

    operator: str
    operands: list[Any] | None
    odd: str = ""


INLINE_IMAGE: Final = "BI"
"""The operator under which an inline image stands; its one operand is the image."""

UNKNOWN: Final = "?"
"""The operator under which one stands that ISO 32000-2 does not know; ``odd`` names it."""

END: Final = "$"
"""The operator that stands where a stream ends before its time."""

_BARE: Final = frozenset(["q", "Q", "BT", "T*", "W", "W*", "n", "S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "EMC"])
"""The operators that take no operands: more than half of what stands in a page."""

_ASIDE: Final = frozenset(["h", "d", "i", "j", "J", "M", "ri", "ET", "MP", "DP", "BX", "EX", "d0", "d1", "ID", "EI"])
"""The operators that do not decide what is painted where: dashes, joins, rendering intents, points of interest."""

_N, _S, _A, _O = float, bytes, list, pikepdf.Object
_TAKES: Final[Mapping[str, list[type]]] = {
    "cm": [_N] * 6, "w": [_N], "gs": [_O], "Do": [_O], "sh": [_O], "re": [_N] * 4, "m": [_N] * 2, "l": [_N] * 2,
    "c": [_N] * 6, "v": [_N] * 4, "y": [_N] * 4,
    "Tf": [_O, _N], "Td": [_N] * 2, "TD": [_N] * 2, "Tm": [_N] * 6, "Tj": [_S], "TJ": [_A], "'": [_S],
    '"': [_N, _N, _S], "Tc": [_N], "Tw": [_N], "Tz": [_N], "TL": [_N], "Ts": [_N], "Tr": [_N],
    "g": [_N], "G": [_N], "rg": [_N] * 3, "RG": [_N] * 3, "k": [_N] * 4, "K": [_N] * 4, "cs": [_O], "CS": [_O],
    "BMC": [_O], "BDC": [_O, _O],
}  # fmt: skip
"""The types of the operands of each operator (ISO 32000-2, annex A); an object is a name, but BDC's second."""

_COLOURS: Final = frozenset(["sc", "SC", "scn", "SCN"])
"""The operators that take as many numbers as the colour space has, and the last two a pattern's name."""


def instructions(stream: Any) -> list[Instruction]:
    """Read a content stream, or all those of a page.

    Raises:
        pikepdf.PdfError: it cannot be parsed.
    """
    found = []
    tolerated = 0
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        try:
            read = pikepdf.parse_content_stream(stream)
        except TypeError as error:  # of what no content may hold, such as a reference (ISO 32000-2, 7.8.2)
            raise pikepdf.PdfError("it holds what no content may hold") from error
    for instruction in read:
        if isinstance(instruction, pikepdf.ContentStreamInlineImage):
            found.append(Instruction(INLINE_IMAGE, [instruction.iimage]))
            continue
        operator = instruction.operator.unparse().decode("utf-8", "surrogateescape")
        if operator in _BARE and not len(instruction.operands):
            found.append(Instruction(operator, []))
        elif operator in _ASIDE:
            tolerated += {"BX": 1, "EX": -1}.get(operator, 0)
        elif operator in _TAKES or operator in _BARE or operator in _COLOURS:
            found.append(_fitting(operator, instruction.operands))
        elif tolerated <= 0:  # between BX and EX a reader passes over what it does not know (ISO 32000-2, 7.8.2)
            found.append(Instruction(UNKNOWN, None, _SPECIAL.sub("\ufffd", spelt(operator))[:20]))
    return [*found, Instruction(END, None)] if said else found


def _fitting(operator: str, operands: Any) -> Instruction:
    """Return an operator with the operands that it takes; what is too much stands before them, as viewers have it."""
    given = values(operands)
    if operator in _COLOURS:
        fits = all(type(one) is float for one in given[:-1]) and bool(given)
        return Instruction(operator, given) if fits else Instruction(operator, None, _told(given))
    takes = _TAKES.get(operator, [])
    last = given[len(given) - len(takes) :] if len(given) >= len(takes) else given
    if [*map(type, last)] != takes or (_O in takes and not isinstance(last[0], pikepdf.Name)):
        return Instruction(operator, None, _told(given))
    return Instruction(operator, last, "" if len(last) == len(given) else _told(given))


def _told(operands: Iterable[Any]) -> str:
    """Write operands as a person reads them, in short."""
    said = " ".join(_as_written(one) for one in operands)
    return _SPECIAL.sub("\ufffd", said)[:60] or "none"


def _as_written(operand: Any) -> str:
    if isinstance(operand, float):
        return f"{operand:g}"
    if isinstance(operand, bytes):
        return f"({operand[:20].decode('latin-1')})"
    if isinstance(operand, list):
        return "[…]"
    return "null" if operand is None else str(operand).lower() if isinstance(operand, bool) else spelt(operand)


_SPECIAL: Final = re.compile("[\x00-\x1f\x7f-\x9f]")
"""Characters that a terminal may take for an order."""


def values(operands: Iterable[Any]) -> list[Any]:
    """Return operands as plain values; names and dictionaries stay as they are."""
    return [_float(operand) if type(operand) in _NUMBERS else _value(operand) for operand in operands]


def _float(operand: Any) -> float | None:
    """Return a number; None for one that is beyond all measure."""
    try:
        read = float(operand)
    except OverflowError:
        return None
    return read if isfinite(read) and abs(read) < _BEYOND else None


_BEYOND: Final = 1e12
"""pt: no number in a page is so large."""


_NUMBERS: Final = frozenset({int, Decimal})
"""What pikepdf makes of a number. The type is looked up, because asking every object takes three times as long."""


def _value(operand: Any) -> Any:
    if isinstance(operand, pikepdf.String):
        return bytes(operand)
    if isinstance(operand, pikepdf.Array):
        return values(operand)
    return operand


class Library:
    """The fonts and the called streams of a file, each read once."""

    def __init__(self) -> None:
        self._faces: dict[Key, Typeface] = {}
        self._instructions: dict[Key, list[Instruction]] = {}

    def face(self, font: Any) -> Typeface:
        """Return a font; one that stands directly in the resources is read each time."""
        key = font.objgen
        if key == NOWHERE:
            return typeface(font)
        if key not in self._faces:
            self._faces[key] = typeface(font)
        return self._faces[key]

    def instructions(self, stream: Any) -> list[Instruction]:
        """Return what a form or pattern does."""
        key = stream.objgen
        if key not in self._instructions:
            self._instructions[key] = instructions(stream)
        return self._instructions[key]
