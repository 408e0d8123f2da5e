"""Content streams → instructions with plain values, each stream and each font read once (ISO 32000-2, 7.8.2)."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final, NamedTuple

import pikepdf

from taiyaku.preflight.painted import NOWHERE, Key
from taiyaku.preflight.typefaces import Typeface, typeface


class Instruction(NamedTuple):
    """An operator with its operands: numbers as floats, strings as bytes, arrays as lists."""

    operator: str
    operands: list[Any]


INLINE_IMAGE: Final = "BI"
"""The operator under which an inline image stands; its one operand is the image."""

_OPERATORS: Final = (
    "q Q cm w gs Do sh BT Tf Td TD Tm T* Tc Tw Tz TL Ts Tr Tj TJ ' \" re m l c v y W W* n S s f F f* B B* b b* "
    "g G rg RG k K cs CS sc SC scn SCN BMC BDC EMC BI ID EI"
)
"""The operators that decide what is painted where; the others set dashes, joins and rendering intents."""

_BARE: Final = frozenset(["q", "Q", "BT", "T*", "W", "W*", "n", "S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "EMC"])
"""The operators that take no operands: more than half of what stands in a page."""


def instructions(stream: Any) -> list[Instruction]:
    """Read a content stream, or all those of a page.

    Raises:
        pikepdf.PdfError: it cannot be parsed.
    """
    found = []
    for instruction in pikepdf.parse_content_stream(stream, _OPERATORS):
        if isinstance(instruction, pikepdf.ContentStreamInlineImage):
            found.append(Instruction(INLINE_IMAGE, [instruction.iimage]))
            continue
        operator = str(instruction.operator)
        read = _nothing if operator in _BARE else _text_parts if operator == "TJ" else values
        found.append(Instruction(operator, read(instruction.operands)))
    return found


def _nothing(_operands: Any) -> list[Any]:
    return []


def values(operands: Iterable[Any]) -> list[Any]:
    """Give operands as plain values; names and dictionaries stay as they are."""
    return [float(operand) if type(operand) in _NUMBERS else _value(operand) for operand in operands]


_NUMBERS: Final = frozenset({int, Decimal})
"""What pikepdf makes of a number. The type is looked up, because asking every object takes three times as long."""


def _value(operand: Any) -> Any:
    if isinstance(operand, pikepdf.String):
        return bytes(operand)
    if isinstance(operand, pikepdf.Array):
        return values(operand)
    return operand


def _text_parts(operands: Any) -> list[Any]:
    """Give what TJ shows: strings and numbers, and nothing else (ISO 32000-2, 9.4.3)."""
    return [[float(one) if type(one) in _NUMBERS else bytes(one) for one in operands[0]]]


class Library:
    """The fonts and the called streams of a file, each read once."""

    def __init__(self) -> None:
        self._faces: dict[Key, Typeface] = {}
        self._instructions: dict[Key, list[Instruction]] = {}

    def face(self, font: Any) -> Typeface:
        """Give a font; one that stands directly in the resources is read each time."""
        key = font.objgen
        if key == NOWHERE:
            return typeface(font)
        if key not in self._faces:
            self._faces[key] = typeface(font)
        return self._faces[key]

    def instructions(self, stream: Any) -> list[Instruction]:
        """Give what a form or pattern does."""
        key = stream.objgen
        if key not in self._instructions:
            self._instructions[key] = instructions(stream)
        return self._instructions[key]
