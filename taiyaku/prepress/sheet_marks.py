"""Where a sheet is cut, folded and stapled, as PDF operators."""

from collections.abc import Iterator, Sequence
from typing import Final

from taiyaku.model.units import mm
from taiyaku.prepress.sheet_format import SheetFormat, SheetPaper

MARK_MM: Final = 4
"""Length of a mark: of a fold or cut mark from the paper's edge, of a staple or sewing mark along the fold."""

CUT_DASHES: Final = "[4 3] 0 d"
"""The cut inside a zine, which is no edge of the paper: a broken line, in pt."""

TRIM_ROOM_MM: Final = 5
"""So much paper must lie beyond the trim for trim marks to be drawn."""

TRIM_GAP_MM: Final = 3
"""Trim marks keep away from the trim by so much, so that they do not stand in the bleed."""


# Marks


def edge_marks(size: SheetFormat) -> Iterator[str]:
    """Show at both edges of the paper where it is folded or cut, and where pages end that are smaller."""
    paper, reach = size.paper, mm(MARK_MM)
    yield line_operators(paper.middle, 0, paper.middle, reach)
    yield line_operators(paper.middle, paper.height - reach, paper.middle, paper.height)
    yield from _trim_marks(size)


def _trim_marks(size: SheetFormat) -> Iterator[str]:
    """Show the trim of two pages that meet at the fold, where the paper leaves room for it."""
    paper, gap, reach = size.paper, mm(TRIM_GAP_MM), mm(TRIM_GAP_MM + MARK_MM)
    left, right = paper.middle - size.width, paper.middle + size.width
    low = (paper.height - size.height) / 2
    high = low + size.height
    if low >= mm(TRIM_ROOM_MM):
        for x in (left, right):
            yield line_operators(x, max(low - reach, 0), x, low - gap)
            yield line_operators(x, high + gap, x, min(high + reach, paper.height))
    if left >= mm(TRIM_ROOM_MM):
        for y in (low, high):
            yield line_operators(max(left - reach, 0), y, left - gap, y)
            yield line_operators(right + gap, y, min(right + reach, paper.width), y)


def along_fold(paper: SheetPaper, shares: Sequence[float]) -> Iterator[str]:
    """Mark places on the fold at shares of its height: staples, holes."""
    half = mm(MARK_MM) / 2
    for share in shares:
        y = paper.height * share
        yield line_operators(paper.middle, y - half, paper.middle, y + half)


def zine_marks(paper: SheetPaper) -> Iterator[str]:
    """Show the folds at the edges, and the cut between the two inner columns as a broken line."""
    reach, quarter, height = mm(MARK_MM), paper.width / 4, paper.height
    for x in (quarter, 2 * quarter, 3 * quarter):
        yield line_operators(x, 0, x, reach)
        yield line_operators(x, height - reach, x, height)
    yield line_operators(0, height / 2, reach, height / 2)
    yield line_operators(paper.width - reach, height / 2, paper.width, height / 2)
    yield f"q {CUT_DASHES} {line_operators(quarter, height / 2, 3 * quarter, height / 2)} Q"


def line_operators(x: float, y: float, to_x: float, to_y: float) -> str:
    """Return the operators that draw a line, in pt."""
    return f"{numbers(x, y)} m {numbers(to_x, to_y)} l S"


def numbers(*values: float) -> str:
    """Return numbers as a content stream writes them."""
    return " ".join(f"{round(value, 4) + 0:.4f}".rstrip("0").rstrip(".") for value in values)  # + 0: never -0
