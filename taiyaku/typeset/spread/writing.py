"""The parts of a spread → the content of one half (ISO 32000-2, 8.7.3, 14.6)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Matrix, Name

from taiyaku.typeset.spread.parts import Half, SpreadPart
from taiyaku.typeset.spread.pen import Instruction


@dataclass(slots=True)
class Writer:
    """Writes one half's content and notes its marks: their MCIDs on the spread, in the order of their new ones."""

    half: Half
    shift: float
    patterns: Any
    marks: list[int] = field(default_factory=list)
    used: dict[str, str] = field(default_factory=dict)

    def write(self, whole: SpreadPart) -> bytes:
        """Write what shows on the half, moved so that the half begins at 0 0."""
        content = pikepdf.unparse_content_stream(list(self._inside(whole)))
        if not self.shift:
            return bytes(content)
        return b"q 1 0 0 1 %s 0 cm\n%s\nQ" % (_number(-self.shift).encode(), content)

    def _inside(self, part: SpreadPart, *, placing: bool = True) -> Iterator[Instruction]:
        for inner in part.parts:
            if inner.bracket:
                yield from self._bracket(inner)
            elif self.half in inner.halves or (inner.sets and (placing or not inner.places)):
                yield from map(self._with_pattern, inner.instructions)

    def _bracket(self, part: SpreadPart) -> Iterator[Instruction]:
        """Write a bracket that shows here. Of one that does not, keep what it sets for what comes behind it."""
        if self.half in part.halves:
            first, last = part.instructions
            yield self._remarked(first, part.mark)
            yield from self._inside(part)
            yield last
        elif part.bracket != "q":
            yield from self._inside(part, placing=part.bracket != "BT")

    def _remarked(self, instruction: Instruction, mark: int | None) -> Instruction:
        if mark is None:
            return instruction
        self.marks.append(mark)
        tag, given = instruction.operands[0], instruction.operands[1]
        properties = Dictionary(dict(given.items())) if isinstance(given, Dictionary) else Dictionary()
        properties.MCID = len(self.marks) - 1
        return pikepdf.ContentStreamInstruction([tag, properties], instruction.operator)

    def _with_pattern(self, instruction: Instruction) -> Instruction:
        """Name a pattern's moved copy: patterns lie on the page, not under its matrix (ISO 32000-2, 8.7.3.1)."""
        name = str(instruction.operands[-1]) if str(instruction.operator) in ("scn", "SCN") else ""
        if not self.shift or name not in self.patterns:
            return instruction
        moved = self.used.setdefault(name, f"{name}-{_number(self.shift)}")
        return pikepdf.ContentStreamInstruction([*instruction.operands[:-1], Name(moved)], instruction.operator)


def _number(value: float) -> str:
    return f"{value:.4f}".rstrip("0").rstrip(".")


def move_patterns(document: pikepdf.Pdf, patterns: Any, used: Mapping[str, str], shift: float) -> None:
    """Return the page a moved copy of each pattern that a half uses; ``used`` names the copies."""
    for name, moved in used.items():
        if moved not in patterns:
            patterns[moved] = _moved_pattern(document, patterns[name], shift)


def _moved_pattern(document: pikepdf.Pdf, pattern: Any, shift: float) -> Any:
    entries = {key: value for key, value in pattern.items() if key != "/Length"}
    if isinstance(pattern, pikepdf.Stream):
        copy: Any = document.make_stream(pattern.read_raw_bytes(), entries)
    else:
        copy = document.make_indirect(Dictionary(entries))
    matrix = Matrix(pattern.get(Name.Matrix, Array([1, 0, 0, 1, 0, 0])))
    copy.Matrix = (matrix @ Matrix(1, 0, 0, 1, -shift, 0)).as_array()
    return copy
