"""A content stream → where each of its operators paints (ISO 32000-2, 8.4, 8.5, 9.4)."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple, TypeAlias

import pikepdf
from pikepdf import Array, Matrix, Name

Instruction: TypeAlias = pikepdf.ContentStreamInstruction | pikepdf.ContentStreamInlineImage


class SpreadBox(NamedTuple):
    """A rectangle with its sides along the page's, in pt: a text's is the point at which it begins."""

    left: float
    bottom: float
    right: float
    top: float

    def with_(self, other: "SpreadBox") -> "SpreadBox":
        """Return the smallest box around both."""
        return SpreadBox(*map(min, self[:2], other[:2]), *map(max, self[2:], other[2:]))

    def within(self, other: "SpreadBox") -> "SpreadBox | None":
        """Return what both boxes cover, None where that is nothing."""
        shared = SpreadBox(*map(max, self[:2], other[:2]), *map(min, self[2:], other[2:]))
        return shared if shared.left <= shared.right and shared.bottom <= shared.top else None


def _around(matrix: Matrix, points: Iterable[tuple[float, float]]) -> SpreadBox:
    moved = [matrix.transform(point) for point in points]
    xs, ys = [float(x) for x, _ in moved], [float(y) for _, y in moved]
    return SpreadBox(min(xs), min(ys), max(xs), max(ys))


def _corners(box: Sequence[float]) -> tuple[tuple[float, float], ...]:
    left, bottom, right, top = box
    return ((left, bottom), (right, bottom), (right, top), (left, top))


_UNIT: Final = (0.0, 0.0, 1.0, 1.0)
_EVERYWHERE: Final = SpreadBox(-1e9, -1e9, 1e9, 1e9)


class Paint(NamedTuple):
    """What an operator puts on the page: where, and whether it is text."""

    box: SpreadBox
    text: bool = False


@dataclass(frozen=True, slots=True)
class _PenState:
    """What ``q`` saves and ``Q`` brings back, as far as it decides where something shows."""

    ctm: Matrix
    clip: SpreadBox = _EVERYWHERE
    line: float = 1.0


PATH: Final = frozenset({"m", "l", "c", "v", "y", "re", "h"})
CLIP: Final = frozenset({"W", "W*"})
FILL: Final = frozenset({"f", "F", "f*"})
STROKE: Final = frozenset({"S", "s", "B", "B*", "b", "b*"})
_SHOW: Final = frozenset({"Tj", "TJ", "'", '"'})

PLACE: Final = frozenset({"Td", "TD", "Tm", "T*"})
"""Operators that are only allowed between BT and ET and mean nothing behind it (ISO 32000-2, table 106)."""


class SpreadPen:
    """Follows the graphics state through a content stream and says where each operator paints."""

    def __init__(self, resources: Any, ctm: Matrix | None = None, clip: SpreadBox = _EVERYWHERE) -> None:
        """Begin a content stream: a page's, or a form's with the matrix and the clip with which it is drawn."""
        self._resources = resources
        self._state = _PenState(Matrix() if ctm is None else ctm, clip)
        self._saved: list[_PenState] = []
        self._path: SpreadBox | None = None
        self._clips = False
        self._line = Matrix()
        self._leading = 0.0

    def paints(self, operator: str, operands: Any) -> tuple[Paint, ...]:
        """Carry out an operator; give what it puts on the page. A form gives each of its parts."""
        if operator in PATH:
            self._extend(operator, [float(number) for number in operands])
        elif operator in CLIP:
            self._clips = True
        elif operator in FILL or operator in STROKE or operator == "n":
            return self._finish(operator)
        elif operator in _SHOW:
            return self._show(operator)
        elif operator in ("Do", "INLINE IMAGE", "sh"):
            return self._place(operator, operands)
        elif operator in _MOVES:
            _MOVES[operator](self, operands)
        return ()

    def _extend(self, operator: str, numbers: list[float]) -> None:
        if operator == "re":
            x, y, width, height = numbers
            points = _corners((x, y, x + width, y + height))
        else:
            points = tuple(zip(numbers[::2], numbers[1::2], strict=True))
        if points:
            box = _around(self._state.ctm, points)
            self._path = box if self._path is None else self._path.with_(box)

    def _finish(self, operator: str) -> tuple[Paint, ...]:
        """End a path: paint it, then make it the clip if W said so (ISO 32000-2, 8.5.4)."""
        path, clips = self._path, self._clips
        self._path, self._clips = None, False
        if path is None:
            return ()
        painted = () if operator == "n" else self._seen(self._inked(path) if operator in STROKE else path)
        if clips:
            shared = path.within(self._state.clip)
            self._state = replace(self._state, clip=shared or SpreadBox(*path[:2], *path[:2]))
        return painted

    def _inked(self, path: SpreadBox) -> SpreadBox:
        """Widen a path by half of its line, which is as wide as the matrix makes it."""
        a, b, c, d = (abs(float(value)) for value in self._state.ctm.shorthand[:4])
        x, y = self._state.line / 2 * (a + c), self._state.line / 2 * (b + d)
        return SpreadBox(path.left - x, path.bottom - y, path.right + x, path.top + y)

    def _seen(self, box: SpreadBox) -> tuple[Paint, ...]:
        shared = box.within(self._state.clip)
        return (Paint(shared),) if shared else ()

    def _show(self, operator: str) -> tuple[Paint, ...]:
        """Say where a text begins. It is never clipped away: a text may be hidden, but not lost."""
        if operator in "'\"":
            self._down()
        return (Paint(_around(self._line @ self._state.ctm, [(0, 0)]), text=True),)

    def _place(self, operator: str, operands: Sequence[Any]) -> tuple[Paint, ...]:
        form = self._resources.XObject[str(operands[0])] if operator == "Do" else None
        if form is not None and form.Subtype == Name.Form:
            return tuple(self._inside(form))
        return self._seen(self._state.clip if operator == "sh" else _around(self._state.ctm, _corners(_UNIT)))

    def _inside(self, form: Any) -> Iterator[Paint]:
        """Return what a form paints: a transparent group's box is often the whole page, whatever is in it."""
        ctm = Matrix(form.get(Name.Matrix, Array([1, 0, 0, 1, 0, 0]))) @ self._state.ctm
        clip = _around(ctm, _corners([float(number) for number in form.BBox])).within(self._state.clip)
        pen = SpreadPen(form.get(Name.Resources, self._resources), ctm, clip or SpreadBox(0, 0, 0, 0))
        for instruction in pikepdf.parse_content_stream(form):
            yield from pen.paints(str(instruction.operator), instruction.operands)

    def _save(self, _operands: Sequence[Any]) -> None:
        self._saved.append(self._state)

    def _restore(self, _operands: Sequence[Any]) -> None:
        self._state = self._saved.pop()

    def _transform(self, operands: Sequence[Any]) -> None:
        self._state = replace(self._state, ctm=Matrix(*map(float, operands)) @ self._state.ctm)

    def _set_line(self, operands: Sequence[Any]) -> None:
        self._state = replace(self._state, line=float(operands[0]))

    def _begin_text(self, _operands: Sequence[Any]) -> None:
        self._line = Matrix()

    def _set_text(self, operands: Sequence[Any]) -> None:
        self._line = Matrix(*map(float, operands))

    def _move_text(self, operands: Sequence[Any]) -> None:
        self._line = Matrix(1, 0, 0, 1, float(operands[0]), float(operands[1])) @ self._line

    def _move_and_lead(self, operands: Sequence[Any]) -> None:
        self._leading = -float(operands[1])
        self._move_text(operands)

    def _set_leading(self, operands: Sequence[Any]) -> None:
        self._leading = float(operands[0])

    def _down(self, _operands: Sequence[Any] = ()) -> None:
        self._move_text((0, -self._leading))


_MOVES: Final[Mapping[str, Callable[[SpreadPen, Sequence[Any]], None]]] = {
    "q": SpreadPen._save,
    "Q": SpreadPen._restore,
    "cm": SpreadPen._transform,
    "w": SpreadPen._set_line,
    "BT": SpreadPen._begin_text,
    "Tm": SpreadPen._set_text,
    "Td": SpreadPen._move_text,
    "TD": SpreadPen._move_and_lead,
    "TL": SpreadPen._set_leading,
    "T*": SpreadPen._down,
}
