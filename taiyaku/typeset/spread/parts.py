"""A spread's content → a tree of parts, and the halves on which each shows (ISO 32000-2, 7.8.2, 14.6)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import IntFlag
from typing import Any, Final

import pikepdf
from pikepdf import Name

from taiyaku.typeset.spread.pen import CLIP, FILL, PATH, PLACE, STROKE, Instruction, Paint, SpreadBox, SpreadPen

HAIR_PT: Final = 0.05
"""How far a drawing may reach over the fold and still lie on one half: less than a printer's dot."""


class Half(IntFlag):
    """The halves of a spread on which something shows."""

    NONE = 0
    LEFT = 1
    RIGHT = 2
    BOTH = 3


def size_of(page: pikepdf.Page) -> tuple[float, float]:
    """Return a page's trimmed width and height in pt."""
    box = pikepdf.Rectangle(page.trimbox)
    return float(box.width), float(box.height)


@dataclass(slots=True)
class SpreadPart:
    """A part of a content stream: one operator with its path, or what stands between two brackets.

    ``halves`` says where it paints. An operator that only sets something paints nowhere and is kept wherever its
    bracket is kept: ``sets``. ``mark`` is the MCID of a marked content, ``box`` where that shows.
    """

    instructions: list[Instruction]
    halves: Half = Half.NONE
    sets: bool = False
    bracket: str = ""
    mark: int | None = None
    box: SpreadBox | None = None
    parts: list["SpreadPart"] = field(default_factory=list)

    @property
    def places(self) -> bool:
        """Tell whether it only moves to where the next text begins."""
        return str(self.instructions[-1].operator) in PLACE


_CLOSES: Final = {"q": "Q", "BT": "ET", "BDC": "EMC", "BMC": "EMC"}


class Planner:
    """Reads a spread's content into parts and says for each on which half it shows."""

    def __init__(self, page: pikepdf.Page, number: int) -> None:
        self._page, self._number = page, number
        self._resources = page.resources
        self._fold = size_of(page)[0] / 2
        self._pen = SpreadPen(self._resources)
        self._path: list[Instruction] = []
        self._open = [SpreadPart([], bracket="page")]
        self._last = Half.LEFT

    def plan(self) -> SpreadPart:
        """Read the whole content."""
        for instruction in pikepdf.parse_content_stream(self._page):
            self._take(instruction)
        if len(self._open) != 1:
            raise ValueError(f"the content of page {self._number} ends inside `{self._open[-1].bracket}`")
        return self._open[0]

    def _take(self, instruction: Instruction) -> None:
        operator = str(instruction.operator)
        paints = self._pen.paints(operator, instruction.operands)
        if operator in _CLOSES:
            mark = self._mark(instruction) if operator == "BDC" else None
            self._open.append(SpreadPart([instruction], bracket=operator, mark=mark))
        elif operator in _CLOSES.values():
            self._close(instruction, operator)
        elif operator in PATH or operator in CLIP:
            self._path.append(instruction)
        else:
            self._add(instruction, paints)

    def _add(self, instruction: Instruction, paints: tuple[Paint, ...]) -> None:
        """Add an operator, with the path before it. A clip is kept on both halves, whatever it also paints."""
        clips = any(str(step.operator) in CLIP for step in self._path)
        ends = bool(self._path) or str(instruction.operator) in FILL | STROKE | {"n"}
        draws = bool(paints) or (ends and not clips) or str(instruction.operator) in ("Do", "INLINE IMAGE", "sh")
        part = SpreadPart([*self._path, instruction], self._halves(paints), sets=clips or not draws)
        self._path = []
        self._open[-1].parts.append(part)
        for paint in paints:
            self._widen(paint.box)

    def _widen(self, box: SpreadBox) -> None:
        for part in self._open:
            if part.mark is not None:
                part.box = box if part.box is None else part.box.with_(box)

    def _halves(self, paints: Iterable[Paint]) -> Half:
        halves, texts = Half.NONE, False
        for paint in paints:
            halves |= self._half_of_text(paint.box) if paint.text else self._half(paint.box)
            texts = texts or paint.text
        if texts and halves == Half.BOTH:
            raise ValueError(f"a transparent group with text crosses the fold of page {self._number}")
        return halves

    def _half_of_text(self, start: SpreadBox) -> Half:
        return Half.LEFT if start.left < self._fold else Half.RIGHT

    def _half(self, box: SpreadBox) -> Half:
        left = Half.LEFT if box.left < self._fold - HAIR_PT else Half.NONE
        right = Half.RIGHT if box.right > self._fold + HAIR_PT else Half.NONE
        return (left | right) or Half.BOTH  # a hairline on the fold itself

    def _mark(self, instruction: Instruction) -> int | None:
        properties = self._properties(instruction)
        return int(properties.MCID) if Name.MCID in properties else None

    def _properties(self, instruction: Instruction) -> Any:
        given: Any = instruction.operands[1]
        return self._resources.Properties[str(given)] if isinstance(given, Name) else given

    def _close(self, instruction: Instruction, operator: str) -> None:
        part = self._open.pop()
        if _CLOSES.get(part.bracket) != operator:
            raise ValueError(f"the content of page {self._number} closes `{part.bracket}` with `{operator}`")
        for inner in part.parts:
            part.halves |= inner.halves
        if part.mark is not None and not part.halves:
            part.halves = self._last  # a space between two words: it stays with the text before it
        if part.mark is not None and part.halves != Half.BOTH:
            self._last = part.halves
        part.instructions.append(instruction)
        self._open[-1].parts.append(part)
        self._open[-1].halves |= part.halves
