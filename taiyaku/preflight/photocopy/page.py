"""A page of a PDF → what it holds, with places in pixels of the drawn page."""

import ctypes
import math
from collections.abc import Sequence
from typing import Any, Final

import pypdfium2
import pypdfium2.raw as pdfium

from taiyaku.preflight.photocopy.copier import FINE_PER_PT, FINER, PX_PER_PT
from taiyaku.preflight.photocopy.paths import colour_of, marks_of, matrix_of
from taiyaku.preflight.photocopy.places import (
    Box,
    CopiedLine,
    CopiedPage,
    CopiedText,
    Ground,
    Matrix,
    Point,
    Tick,
    around,
)


def drawn_on(page: pypdfium2.PdfPage) -> CopiedPage:
    """Return what a page holds, with places in pixels of the drawn page; forms are opened (ISO 32000-2, 8.10)."""
    found: dict[type, list[Any]] = {CopiedText: [], CopiedLine: [], Ground: [], Tick: []}
    textpage = page.get_textpage()
    spaces = {0: _on_paper(page)}
    for item in page.get_objects(textpage=textpage):
        space = spaces[item.level]
        if item.type == pdfium.FPDF_PAGEOBJ_FORM:
            spaces[item.level + 1] = matrix_of(item).then(space)
        elif item.type == pdfium.FPDF_PAGEOBJ_TEXT:
            text = CopiedText(item.extract(), _size(item, space), colour_of(item), _box(item.get_bounds(), space))
            found[CopiedText] += [text] if text.text.strip() else []
        elif item.type == pdfium.FPDF_PAGEOBJ_PATH:
            for mark in marks_of(item, space):
                found[type(mark)].append(mark)
    textpage.close()
    return CopiedPage(*(tuple(found[kind]) for kind in (CopiedText, CopiedLine, Ground, Tick)))


_PARTS: Final = 64
"""Parts of a pixel in which pdfium is asked for places; it answers in whole numbers."""


def _on_paper(page: pypdfium2.PdfPage) -> Matrix:
    """Return where a page's points lie on the drawn page, whatever its boxes and its turn."""
    (e, f), (a, b), (c, d) = (_device(page, point) for point in ((0, 0), (100, 0), (0, 100)))
    return Matrix((a - e) / 100, (b - f) / 100, (c - e) / 100, (d - f) / 100, e, f)


def _device(page: pypdfium2.PdfPage, point: tuple[int, int]) -> Point:
    x, y = ctypes.c_int(), ctypes.c_int()
    width, height = (_PARTS * math.ceil(side * FINE_PER_PT) for side in page.get_size())
    pdfium.FPDF_PageToDevice(page.raw, 0, 0, width, height, 0, *point, x, y)
    return x.value / (_PARTS * FINER), y.value / (_PARTS * FINER)


def _size(item: Any, space: Matrix) -> float:
    return float(item.get_font_size()) * matrix_of(item).then(space).scale / PX_PER_PT


def _box(bounds: Sequence[float], space: Matrix) -> Box:
    """Return the pixels that an object touches."""
    left, bottom, right, top = bounds
    return around(map(space.on, ((left, bottom), (left, top), (right, bottom), (right, top))))
