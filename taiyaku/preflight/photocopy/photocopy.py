"""A finished PDF → findings. Each page is copied twice, as a copier in an office would, and read again.

``copier`` is the copier. ``page`` says what a page holds, as the records of ``places``; ``paths`` tells lines, grounds
and boxes to tick by their outlines. ``measures`` compares a page with its copy, and ``losses`` says what is lost.
docs/photocopy.md says why each measure is what it is.
"""

from collections.abc import Sequence

import pypdfium2
from PIL import Image

from taiyaku.model.findings import Finding, Place
from taiyaku.pdf.broken import undrawn
from taiyaku.pdf.objects import page_ranges
from taiyaku.pdf.text import shorten
from taiyaku.preflight.photocopy.copier import (
    DOT_GAIN,
    FINE_PER_PT,
    FINER,
    GROUND,
    PX_PER_PT,
    copied,
    copy_of_copy,
    grey_on_copy,
)
from taiyaku.preflight.photocopy.losses import LEAST_LIKENESS, Copied, losses, readings
from taiyaku.preflight.photocopy.measures import contrast, extremes, likeness, read_codes
from taiyaku.preflight.photocopy.page import drawn_on
from taiyaku.preflight.photocopy.places import CopiedText, Matrix

__all__ = [
    "DOT_GAIN",
    "GROUND",
    "LEAST_LIKENESS",
    "Copied",
    "CopiedText",
    "Matrix",
    "contrast",
    "copied",
    "copy_of_copy",
    "copy_page",
    "extremes",
    "grey_on_copy",
    "likeness",
    "photocopy",
    "readings",
]


def photocopy(pdf: bytes, name: str) -> tuple[Finding, ...]:
    """Copy each page of a PDF twice, in grey, and find what is lost.

    Args:
        pdf: The finished file.
        name: What messages call it.

    Returns:
        One finding a code, with the pages: text too pale (``copy.contrast``) or on a ground that went dark
        (``copy.tint``), lines that are gone (``copy.stroke``), readings that closed up (``copy.ruby``), boxes to tick
        that are open or not white inside (``copy.box``), QR codes that cannot be read (``copy.qr``), coloured areas
        that run into one another (``copy.colour``). A file that cannot be drawn has ``preflight.undrawn`` alone.
    """
    try:
        return _copied_pages(pdf, name)
    except pypdfium2.PdfiumError as error:
        return (undrawn(name, "it was not copied", error),)


def _copied_pages(pdf: bytes, name: str) -> tuple[Finding, ...]:
    lost: dict[str, list[tuple[int, str]]] = {}
    with pypdfium2.PdfDocument(pdf) as document:
        for number in range(len(document)):
            page = document[number]
            for loss in losses(copy_page(page)):
                lost.setdefault(loss.code, []).append((number + 1, loss.what))
            page.close()
    return tuple(_finding(code, found, name) for code, found in sorted(lost.items()))


def _finding(code: str, found: Sequence[tuple[int, str]], name: str) -> Finding:
    pages = page_ranges(number for number, _ in found)
    facts = {"pages": pages, "at": f" (page {pages})", "count": len(found), "text": shorten(found[0][1])}
    return Finding(code, Place(name), facts)


def copy_page(page: pypdfium2.PdfPage) -> Copied:
    """Print a page in grey, scan it at 200 dpi and copy it twice."""
    printed = page.render(scale=FINE_PER_PT, grayscale=True).to_pil()
    original = printed.reduce(FINER)
    codes, copy = read_codes(original), copy_of_copy(original)
    return Copied(printed, original, copy, codes, drawn_on(page), lambda: _in_colour(page, original.size))


def _in_colour(page: pypdfium2.PdfPage, size: tuple[int, int]) -> Image.Image:
    drawn: Image.Image = page.render(scale=PX_PER_PT).to_pil()
    return drawn.convert("RGB").resize(size)
