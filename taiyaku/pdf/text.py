"""The text of a PDF as pdfium reads it: runs with their marks, in reading order."""

import ctypes
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import count
from typing import Any, Final

import pypdfium2
import pypdfium2.raw as pdfium

_EDGE: Final = 1.0
"""How far in pt a line's box may reach over the page's edge before its text counts as lost."""


@dataclass(frozen=True, slots=True)
class TextRun:
    """A run of text on a finished page: its mark (MCID), and its box in pt from the page's lower left."""

    text: str
    mcid: int
    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True, slots=True)
class ReadBack:
    """What a PDF says: each page's text in reading order, and what reaches over the edge."""

    pages: tuple[str, ...]
    off_page: tuple[tuple[int, str], ...]


def read_back(pdf: bytes) -> ReadBack:
    """Read a tagged PDF's text, page by page, in the order of its structure tree."""
    document = pypdfium2.PdfDocument(pdf)
    pages, off = [], []
    for number in range(len(document)):
        page = document[number]
        marked: dict[int, list[str]] = {}
        for run in text_runs(page):
            marked.setdefault(run.mcid, []).append(run.text)
            if _off_page(run, *page.get_size()):
                off.append((number + 1, run.text))
        pages.append(squeeze("".join(text for mcid, _ in reading_order(page) for text in marked.get(mcid, ()))))
        page.close()
    document.close()
    return ReadBack(tuple(pages), tuple(off))


def text_runs(page: pypdfium2.PdfPage) -> Iterator[TextRun]:
    """Return the runs of text on a page in the order of painting."""
    textpage = page.get_textpage()
    placed = _placed(textpage) if _reads_backwards(textpage) else {}
    for item in page.get_objects(filter=(pdfium.FPDF_PAGEOBJ_TEXT,)):
        length = pdfium.FPDFTextObj_GetText(item.raw, textpage.raw, None, 0)
        buffer = ctypes.create_string_buffer(length)
        pdfium.FPDFTextObj_GetText(item.raw, textpage.raw, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), length)
        text = buffer.raw[: length - 2].decode("utf-16-le", "replace")
        if not _RIGHT_TO_LEFT.intersection(map(unicodedata.bidirectional, text)):
            text = placed.get(ctypes.cast(item.raw, ctypes.c_void_p).value or 0, text)
        if text.strip():
            yield TextRun(text, pdfium.FPDFPageObj_GetMarkedContentID(item.raw), *item.get_bounds())
    textpage.close()


_RIGHT_TO_LEFT: Final = frozenset({"R", "AL"})


def _reads_backwards(textpage: pypdfium2.PdfTextPage) -> bool:
    """Tell whether a page holds letters from right to left: then pdfium turns round what shares a line with them."""
    return bool(_RIGHT_TO_LEFT.intersection(map(unicodedata.bidirectional, textpage.get_text_range())))


def _placed(textpage: pypdfium2.PdfTextPage) -> dict[int, str]:
    """Return the text of each text object with its characters from left to right, as they are painted."""
    found: dict[int, list[tuple[float, str]]] = {}
    x, y = ctypes.c_double(), ctypes.c_double()
    for at in range(textpage.count_chars()):
        item = pdfium.FPDFText_GetTextObject(textpage.raw, at)
        if item:
            pdfium.FPDFText_GetCharOrigin(textpage.raw, at, x, y)
            char = chr(pdfium.FPDFText_GetUnicode(textpage.raw, at))
            found.setdefault(ctypes.cast(item, ctypes.c_void_p).value or 0, []).append((x.value, char))
    return {item: "".join(char for _, char in sorted(chars, key=lambda one: one[0])) for item, chars in found.items()}


def _off_page(run: TextRun, width: float, height: float) -> bool:
    return run.left < -_EDGE or run.bottom < -_EDGE or run.right > width + _EDGE or run.top > height + _EDGE


def reading_order(page: pypdfium2.PdfPage) -> Iterator[tuple[int, int]]:
    """Return a page's marked contents in the order of the structure tree (ISO 32000-2, 14.7.5).

    Yields:
        The MCID, and a number that is the same for contents of one element.
    """
    tree = pdfium.FPDF_StructTree_GetForPage(page.raw)
    numbers = count()
    try:
        for index in range(pdfium.FPDF_StructTree_CountChildren(tree)):
            yield from _marks(pdfium.FPDF_StructTree_GetChildAtIndex(tree, index), numbers)
    finally:
        pdfium.FPDF_StructTree_Close(tree)


def _marks(element: Any, numbers: Iterator[int]) -> Iterator[tuple[int, int]]:
    """Walk one structure element: a child is an element or a marked content."""
    own = next(numbers)
    for index in range(pdfium.FPDF_StructElement_CountChildren(element)):
        child = pdfium.FPDF_StructElement_GetChildAtIndex(element, index)
        if child:
            yield from _marks(child, numbers)
        elif (mcid := pdfium.FPDF_StructElement_GetChildMarkedContentID(element, index)) >= 0:
            yield mcid, own


def squeeze(text: str) -> str:
    """Bring text into the form in which it is compared: compatible forms made one, nothing invisible.

    Hyphens go too: at a line's end pdfium reads one as a soft hyphen.
    """
    return "".join(char for char in unicodedata.normalize("NFKC", text) if _counts(char))


@cache
def _counts(char: str) -> bool:
    return char not in "-\u2010\u2011" and unicodedata.category(char)[0] not in "ZC"


LONG: Final = 12.0
"""A text of fewer characters (two letters count as one) may stand on a page again by right, inside another."""


def is_long(text: str) -> bool:
    """Tell whether a squeezed text is so long that it stands on a page once by right."""
    return sum(1.0 if ord(char) >= 0x2E80 else 0.5 for char in text) >= LONG


def shorten(text: str) -> str:
    """Return a text as a message shows it: on one line, at most 60 characters."""
    flat = " ".join(text.split())
    return flat if len(flat) <= 60 else flat[:59] + "…"
