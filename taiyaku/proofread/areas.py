"""Where lines stand on their page: headings at its foot, what reaches out, what runs into another text."""

import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final

from taiyaku.model.units import mm
from taiyaku.pdf.characters import PageText, around, share
from taiyaku.pdf.geometry import Bounds
from taiyaku.pdf.text import shorten
from taiyaku.proofread.defects import Defect, DefectKind, Geometry, SetText
from taiyaku.proofread.lines import SetLine, defect_in
from taiyaku.proofread.search import FoundBlock, reads_forth


def headings(blocks: Sequence[FoundBlock]) -> Iterator[Defect]:
    """Find headings below which nothing stands that follows them."""
    told = [line for block in blocks if block.source.role != "heading" for line in block.lines]
    lowest: dict[int, list[tuple[int, float]]] = {}
    for line in told:
        lowest.setdefault(line.page, []).append((line.chars[0].rank, line.y))
    end = max(((line.page, line.chars[0].rank) for line in told), default=(0, 0))
    for block in blocks:
        last = block.lines[-1]
        here = (last.page, last.chars[0].rank)
        if block.source.role == "heading" and here < end and reads_forth(block):
            below = (rank > here[1] and y < last.y - 1 for rank, y in lowest.get(last.page, ()))
            if not any(below):
                yield defect_in(DefectKind.HEADING, last, block.source)


_EDGE: Final = 1.0
"""How far in pt a character's ink may reach over the page's edge, as in `readback`."""

_TOLERANCE: Final = 0.7

_HOOK: Final = 1.5
"""How far in pt a letter's ink may reach over the type area above or below, and at a side: round letters do by design,
and the hooks of f and J reach further."""


def outside(blocks: Sequence[FoundBlock], sheets: Sequence[PageText], geometry: Geometry | None) -> Iterator[Defect]:
    """Find lines that reach over the type area, and lines and readings that reach over the page's edge."""
    for block in blocks:
        for line in block.lines:
            fault = _off(line, block.source, sheets[line.page].box, geometry)
            if fault is not None:
                yield defect_in(fault, line, block.source)
        for base, above, _ in block.rubies:
            if above and _over(around(above), sheets[above[0].page].box, _EDGE):
                text = block.source.text[block.wanted.at[0] : block.wanted.at[-1] + 1]
                source = block.source
                yield Defect(
                    DefectKind.CLIPPED, base[0].page + 1, shorten(text), source.language, around(above), source.at
                )


def _off(line: SetLine, source: SetText, page: Bounds, geometry: Geometry | None) -> DefectKind | None:
    """Say over what a line reaches: the page's edge, else the type area at a side, else above or below."""
    if _over(around(line.chars), page, _EDGE):
        return DefectKind.CLIPPED
    kinds = (unicodedata.category(source.text[at])[0] for at in line.at)
    letters = [char for char, kind in zip(line.chars, kinds, strict=True) if kind in "LN"]
    if geometry is None or not letters:
        return None
    area, ink = _type_area(geometry, line.page), around(letters)
    over = _HOOK + (mm(geometry.hang) if source.role == "label" else 0.0)
    if ink[0] < area[0] - over or ink[2] > area[2] + over:
        return DefectKind.MEASURE
    return DefectKind.AREA if ink[1] < area[1] - _TOLERANCE or ink[3] > area[3] + _TOLERANCE else None


def _over(ink: Bounds, edge: Bounds, by: float) -> bool:
    return ink[0] < edge[0] - by or ink[1] < edge[1] - by or ink[2] > edge[2] + by or ink[3] > edge[3] + by


def _type_area(geometry: Geometry, page: int) -> Bounds:
    """Return the type area of a page (from 0) in pt; the first page is a right-hand one."""
    left, right = (geometry.inner, geometry.outer) if page % 2 == 0 else (geometry.outer, geometry.inner)
    area = (left, geometry.bottom, geometry.width - right, geometry.height - geometry.top)
    return (mm(area[0]), mm(area[1]), mm(area[2]), mm(area[3]))


_OVERLAP: Final = 1.0
"""How far in pt two lines may reach into one another."""


def overlaps(blocks: Sequence[FoundBlock]) -> Iterator[Defect]:
    """Find lines that run into a line of another text; each is told once."""
    sources = {line.number: block.source for block in blocks for line in block.lines}
    by_page: dict[int, list[SetLine]] = {}
    for line in (line for block in blocks for line in block.lines):
        by_page.setdefault(line.page, []).append(line)
    for here in by_page.values():
        here.sort(key=lambda line: -line.box[3])
        told: set[int] = set()
        for at, upper in enumerate(here):
            for lower in here[at + 1 :]:
                if lower.box[3] <= upper.box[1] + _OVERLAP:
                    break
                if lower.number != upper.number and id(lower) not in told and _collide(upper, lower):
                    told.add(id(lower))
                    yield defect_in(DefectKind.MEASURE, lower, sources[lower.number])


def _collide(one: SetLine, other: SetLine) -> bool:
    """Tell whether ink of two lines shares a place: a box first, then character by character."""
    return share(one.box, other.box, _OVERLAP) and any(
        share(mine.box, yours.box, _OVERLAP) for mine in one.chars for yours in other.chars
    )
