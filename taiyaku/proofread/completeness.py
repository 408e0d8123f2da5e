"""A finished PDF → findings. What was to be printed is found in it, once, inside the page.

The text is read through the structure tree (ISO 32000-2, 14.7): in reading order, without running
heads and folios, whatever the order of painting.
"""

import ctypes
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import count
from typing import Any, Final

import pypdfium2
import pypdfium2.raw as pdfium

from taiyaku.model.findings import Finding, Place

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


def check_text(
    read: ReadBack, runs: Iterable[str], name: str, repeats: Iterable[str] = (), painted: Iterable[str] = ()
) -> tuple[Finding, ...]:
    """Find texts that a PDF has lost or shows twice, and glyphs off the page.

    ``repeats`` are texts that may stand on several pages: the heads of tables. ``painted`` are texts
    from right to left: a PDF keeps them in the order of painting, so their letters are counted.
    """
    wanted = [(text, squeezed) for text in runs if (squeezed := squeeze(text))]
    again = {squeeze(text) for text in repeats}
    pages = Pages(read.pages)
    place = Place(name)
    findings = [
        Finding("text.lost", place, {"document": name, "text": shorten(text)})
        for text, squeezed in sorted(wanted, key=lambda pair: -len(pair[1]))
        if not pages.take(squeezed)
    ]
    findings += _lost_letters(read, painted, name)
    findings += [
        Finding("text.twice", place, {"document": name, "text": shorten(text)})
        for text, squeezed in dict.fromkeys(wanted)
        if is_long(squeezed) and squeezed not in again and pages.has(squeezed)
    ]
    findings += [
        Finding("text.off-page", place, {"document": name, "page": number, "text": shorten(chars)})
        for number, chars in read.off_page
    ]
    return tuple(findings)


def _lost_letters(read: ReadBack, painted: Iterable[str], name: str) -> Iterator[Finding]:
    """Find texts from right to left whose letters are not all there."""
    left = Counter(char for page in read.pages for char in page)
    for text in painted:
        letters = Counter(char for char in squeeze(text) if unicodedata.bidirectional(char) in ("R", "AL"))
        if letters - left:
            yield Finding("text.lost", Place(name), {"document": name, "text": shorten(text)})
        left -= letters


LONG: Final = 12.0
"""A text of fewer characters (two letters count as one) may stand on a page again by right, inside another."""


def is_long(text: str) -> bool:
    """Tell whether a squeezed text is so long that it stands on a page once by right."""
    return sum(1.0 if ord(char) >= 0x2E80 else 0.5 for char in text) >= LONG


def shorten(text: str) -> str:
    """Return a text as a message shows it: on one line, at most 60 characters."""
    flat = " ".join(text.split())
    return flat if len(flat) <= 60 else flat[:59] + "…"


Span = tuple[int, int, int]
"""Where a text stood: the page's index, the index of the first character on it, how many there are."""


class Pages:
    """The text of a document from which found texts are taken away, each once."""

    _TAKEN = "\0"

    def __init__(self, pages: Iterable[str]) -> None:
        self._pages = list(pages)

    def has(self, text: str) -> bool:
        """Tell whether the text still stands there."""
        return any(text in page for page in self._pages)

    def find(self, text: str) -> Iterator[Span]:
        """Return every place where the text stands whole, in order."""
        for number, page in enumerate(self._pages):
            at = page.find(text)
            while at >= 0:
                yield number, at, len(text)
                at = page.find(text, at + 1)

    def take(self, text: str) -> tuple[Span, ...]:
        """Take a text away: whole, or parted by the end of one page and going on at the next; empty where it is not."""
        whole = next(self.find(text), None)
        return self.take_at(whole) if whole is not None else self.take_parted(text)

    def take_at(self, span: Span) -> tuple[Span, ...]:
        """Take away what stands at a place that `find` gave."""
        number, at, length = span
        page = self._pages[number]
        self._pages[number] = page[:at] + self._TAKEN * length + page[at + length :]
        return (span,)

    def take_parted(self, text: str) -> tuple[Span, ...]:
        """Take away a text that goes on behind a page's end; empty where it does not stand there."""
        return next(filter(None, (self._take_parted(text, number) for number in range(len(self._pages) - 1))), ())

    def _take_parted(self, text: str, number: int) -> tuple[Span, ...]:
        """Take the longest beginning that stands on this page and whose rest stands on the next ones."""
        if number + 1 >= len(self._pages):
            return ()
        for length in range(self._longest(text, number), 0, -1):
            rest = text[length:]
            at = self._pages[number + 1].find(rest)
            if at >= 0:
                return (*self._take_last(text[:length], number), *self.take_at((number + 1, at, len(rest))))
            if len(rest) > _LONG_REST and (taken := self._take_parted(rest, number + 1)):
                return (*self._take_last(text[:length], number), *taken)
        return ()

    def _take_last(self, text: str, number: int) -> tuple[Span, ...]:
        """Take a text away where it stands last on its page."""
        return self.take_at((number, self._pages[number].rfind(text), len(text)))

    def _longest(self, text: str, number: int) -> int:
        low, high = 0, len(text) - 1
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if text[:middle] in self._pages[number] else (low, middle - 1)
        return low


_LONG_REST: Final = 400
"""Only a rest of more characters than this can fill a page and go on behind it."""
