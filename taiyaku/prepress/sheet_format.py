"""Pages on paper: sizes, places and faces of a sheet. Lengths are mm unless a name says pt."""

from dataclasses import dataclass
from math import floor
from typing import Final

import pikepdf

from taiyaku.model.units import mm
from taiyaku.prepress.imposition import Imposition, PaperSize, Scheme

SCALE_STEPS: Final = 10_000
"""Scales are whole ten-thousandths, so that the file says them exactly."""


@dataclass(frozen=True, slots=True)
class PageArea:
    """A page to be laid on paper: its form XObject, and the trim area that shows of it, upright, in pt."""

    form: pikepdf.Object
    trim: pikepdf.Rectangle


@dataclass(frozen=True, slots=True)
class SheetPaper:
    """A sheet's size in pt, lying open; the fold or cut runs upwards through its middle."""

    width: float
    height: float
    stock: PaperSize | None = None

    @property
    def middle(self) -> float:
        """Return where the fold lies, in pt from the left."""
        return self.width / 2


@dataclass(frozen=True, slots=True)
class SheetFormat:
    """The paper, and a page's trim area on it: its size in pt as it is printed, and by how much it was scaled."""

    paper: SheetPaper
    width: float
    height: float
    scale: float


@dataclass(frozen=True, slots=True)
class PagePlace:
    """A page's place on a side: nothing of it shows outside its cell (``left`` … ``height``, in pt).

    ``x`` is the left edge of its trim area; it stands in the middle of the cell's height, on its head if ``turned``.
    """

    page: int
    left: float
    bottom: float
    width: float
    height: float
    x: float
    turned: bool = False


@dataclass(frozen=True, slots=True)
class SheetFace:
    """What one side of a sheet shows: pages in their places, and over them the marks, as content."""

    places: tuple[PagePlace, ...]
    marks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SheetJob:
    """The faces of all sheets in the order of printing, fronts first, and the sizes of the signatures."""

    faces: tuple[SheetFace, ...]
    double_sided: bool
    signatures: tuple[int, ...] = ()

    @property
    def sheets(self) -> int:
        """Return how many sheets of paper it takes."""
        return len(self.faces) // (1 + self.double_sided)


def format_for(trim: pikepdf.Rectangle, imposition: Imposition) -> SheetFormat:
    """Choose the paper, and scale pages down where it is too small; boxes in whole points are no reason to."""
    paper = _paper(trim, imposition)
    columns, rows = (4, 2) if imposition.scheme is Scheme.ZINE else (2, 1)
    width, height = paper.width / columns, paper.height / rows
    fits = _is_at_most(trim.width, width) and _is_at_most(trim.height, height)
    scale = 1.0 if fits else _whole_steps(min(width / trim.width, height / trim.height))
    return SheetFormat(paper, trim.width * scale, trim.height * scale, scale)


def _whole_steps(scale: float) -> float:
    """Round a scale down to what the file can say; a hair too little for half is half."""
    return floor(scale * SCALE_STEPS + 0.01) / SCALE_STEPS


def _paper(trim: pikepdf.Rectangle, imposition: Imposition) -> SheetPaper:
    if imposition.paper is not None or imposition.scheme is Scheme.ZINE:
        return _standard(imposition.paper or PaperSize.A4)
    width, height = 2 * trim.width, trim.height
    for paper in map(_standard, PaperSize):
        if _is_rounded(width, paper.width) and _is_rounded(height, paper.height):
            return paper
    return SheetPaper(width, height)


def _standard(stock: PaperSize) -> SheetPaper:
    return SheetPaper(mm(stock.long_mm), mm(stock.short_mm), stock)


def _is_rounded(length: float, standard: float) -> bool:
    """Half of 297 mm is 148 mm in ISO 216: a millimetre may be missing, and a point where boxes are whole points."""
    return _is_at_most(length, standard) and standard - length <= mm(1) + 1


def _is_at_most(length: float, room: float) -> bool:
    """Tell whether a length fits, a box in whole points too."""
    return length <= room + 1
