"""A PDF as the checks see it: opened once, painted once, with what it should be."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import pikepdf

from taiyaku.model.findings import Finding, Place
from taiyaku.pdf.fonts import Typeface
from taiyaku.pdf.geometry import Box
from taiyaku.pdf.interpreter import paint
from taiyaku.pdf.metadata import read_info, read_xmp
from taiyaku.pdf.objects import OddError, is_holder, listed, numbers, page_ranges
from taiyaku.pdf.operators import Library
from taiyaku.pdf.painted import GlyphRun, Key, Painted, Picture, Shape
from taiyaku.pdf.structure import Tree, read_tree
from taiyaku.preflight.profile import PreflightProfile, claims_of


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its number from 1, its boxes (ISO 32000-2, 14.11.2), what is painted on it, its annotations.

    ``boxed`` says whether its boxes can be read; where they cannot, it is taken for Letter, as viewers do.
    """

    number: int
    key: Key
    media: Box
    crop: Box
    bleed: Box
    trim: Box
    painted: Painted
    notes: tuple[Any, ...]
    boxed: bool = True

    @property
    def shown(self) -> Iterator[GlyphRun]:
        """Return the runs of text that can be seen: not those of spaces only."""
        return (run for run in self.painted.runs if run.shown and not run.said.text.isspace())


@dataclass(frozen=True)
class PdfDocument:
    """A PDF that is checked, and what it should be. ``unread`` says why its XMP cannot be read."""

    name: str
    size: int
    pdf: pikepdf.Pdf
    expect: PreflightProfile
    info: Mapping[str, str]
    xmp: Mapping[str, str]
    pages: tuple[Page, ...]
    faces: tuple[Typeface, ...]
    unread: str = ""

    @cached_property
    def tree(self) -> Tree | None:
        """Return the structure tree; None where there is none."""
        return read_tree(self.pdf)

    @cached_property
    def numbers(self) -> Mapping[Key, int]:
        """Return the number of each page, by its object and by the forms on it."""
        forms = {run.mark.owner: page.number for page in reversed(self.pages) for run in page.painted.runs}
        return forms | {page.key: page.number for page in self.pages}

    @property
    def runs(self) -> Iterator[tuple[Page, GlyphRun]]:
        """Return the runs of text that can be seen, each with its page."""
        return ((page, run) for page in self.pages for run in page.shown)

    @property
    def shapes(self) -> Iterator[tuple[Page, Shape]]:
        """Return the painted shapes, each with its page."""
        return ((page, shape) for page in self.pages for shape in page.painted.shapes)

    @property
    def pictures(self) -> Iterator[tuple[Page, Picture]]:
        """Return the pictures, each with its page."""
        return ((page, picture) for page in self.pages for picture in page.painted.pictures)

    def found(self, code: str, pages: Iterable[int] = (), **facts: str) -> Iterator[Finding]:
        """Make one finding of a code: for the whole file, where it names no page."""
        numbers = page_ranges(pages)
        where = {"pages": numbers, "at": f" (page {numbers})"} if numbers else {"at": ""}
        yield Finding(code, Place(self.name), where | facts)


Check = Callable[[PdfDocument], Iterator[Finding]]
"""A check: what is wrong with a PDF, one finding a code."""


def read_document(pdf: pikepdf.Pdf, name: str, size: int, expect: Callable[[Any], PreflightProfile]) -> PdfDocument:
    """Read a PDF for the checks. ``expect`` is asked what it should be, given what it says of itself.

    Raises:
        pikepdf.PdfError: the pages cannot be found.
    """
    library = Library()
    pages = tuple(_page(page, number, library) for number, page in enumerate(pdf.pages, 1))
    info, unread = read_info(pdf), ""
    xmp: Mapping[str, str] = {}
    try:
        xmp = read_xmp(pdf)
    except OddError as odd:
        unread = odd.why
    trim = pages[0].trim if pages else _NO_BOX
    wanted = expect(claims_of(info, xmp, trim, len(pages)))
    faces = {id(face): face for page in pages for face in page.painted.faces}
    return PdfDocument(name, size, pdf, wanted, info, xmp, pages, tuple(faces.values()), unread)


_NO_BOX: Final = Box(0, 0, 0, 0)


def _page(page: pikepdf.Page, number: int, library: Library) -> Page:
    notes = tuple(note for note in listed(page.obj, "/Annots") if isinstance(note, pikepdf.Dictionary))
    media = _box(_inherited(page.obj, "/MediaBox"))
    boxed = media is not None
    outer = media or _LETTER
    crop = _box(_inherited(page.obj, "/CropBox")) or outer
    bleed, trim = (_box(page.obj.get(name)) or crop for name in ("/BleedBox", "/TrimBox"))
    return Page(number, page.obj.objgen, outer, crop, bleed, trim, paint(page, library), notes, boxed)


_LETTER: Final = Box(0, 0, 612, 792)


def _inherited(page: Any, key: str) -> Any:
    """Return an entry of a page, or of a node of the page tree that it hangs on (ISO 32000-2, 7.7.3.4)."""
    for _ in range(_DEEPEST):
        if not is_holder(page) or key in page:
            break
        page = page.get("/Parent")
    return page.get(key) if is_holder(page) else None


_DEEPEST: Final = 64
"""Nodes above a page: more is a tree that runs in a ring."""


def _box(edges: Any) -> Box | None:
    """Return a box with its corners in order (ISO 32000-2, 7.9.5); None for what is none."""
    read = numbers(edges, 4)
    if read is None:
        return None
    x, y, right, top = read
    return Box(min(x, right), min(y, top), max(x, right), max(y, top))
