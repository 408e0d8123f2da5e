"""A PDF as the checks see it: opened once, painted once, with what it should be."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import count, groupby
from typing import Any, Final

import pikepdf

from taiyaku.findings import Finding, Place, of
from taiyaku.preflight.expect import Expect
from taiyaku.preflight.geometry import Box
from taiyaku.preflight.metadata import read_info, read_xmp, signs_of
from taiyaku.preflight.objects import OddError, is_holder, listed, numbers
from taiyaku.preflight.painted import Key, Painted, Picture, Run, Shape
from taiyaku.preflight.painting import paint
from taiyaku.preflight.streams import Library
from taiyaku.preflight.tree import Tree, read_tree
from taiyaku.preflight.typefaces import Typeface


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
    def shown(self) -> Iterator[Run]:
        """Give the runs of text that can be seen: not those of spaces only."""
        return (run for run in self.painted.runs if run.shown and not run.said.text.isspace())


@dataclass(frozen=True)
class Subject:
    """A PDF that is checked, and what it should be. ``unread`` says why its XMP cannot be read."""

    name: str
    size: int
    pdf: pikepdf.Pdf
    expect: Expect
    info: Mapping[str, str]
    xmp: Mapping[str, str]
    pages: tuple[Page, ...]
    faces: tuple[Typeface, ...]
    unread: str = ""

    @cached_property
    def tree(self) -> Tree | None:
        """Give the structure tree; None where there is none."""
        return read_tree(self.pdf)

    @cached_property
    def numbers(self) -> Mapping[Key, int]:
        """Give the number of each page, by its object and by the forms on it."""
        forms = {run.mark.owner: page.number for page in reversed(self.pages) for run in page.painted.runs}
        return forms | {page.key: page.number for page in self.pages}

    @property
    def runs(self) -> Iterator[tuple[Page, Run]]:
        """Give the runs of text that can be seen, each with its page."""
        return ((page, run) for page in self.pages for run in page.shown)

    @property
    def shapes(self) -> Iterator[tuple[Page, Shape]]:
        """Give the painted shapes, each with its page."""
        return ((page, shape) for page in self.pages for shape in page.painted.shapes)

    @property
    def pictures(self) -> Iterator[tuple[Page, Picture]]:
        """Give the pictures, each with its page."""
        return ((page, picture) for page in self.pages for picture in page.painted.pictures)

    def found(self, code: str, pages: Iterable[int] = (), **facts: str) -> Iterator[Finding]:
        """Make one finding of a code: for the whole file, where it names no page."""
        numbers = page_ranges(pages)
        where = {"pages": numbers, "at": f" (page {numbers})"} if numbers else {"at": ""}
        yield of(code, Place(self.name), where | facts)


Check = Callable[[Subject], Iterator[Finding]]
"""A check: what is wrong with a PDF, one finding a code."""


def page_ranges(pages: Iterable[int]) -> str:
    """Say page numbers in short: ``1, 3–4``."""
    steps = count()
    runs = [list(group) for _, group in groupby(sorted(set(pages)), key=lambda number: number - next(steps))]
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs)


def subject_of(pdf: pikepdf.Pdf, name: str, size: int, expect: Callable[[Any], Expect]) -> Subject:
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
    wanted = expect(signs_of(info, xmp, trim, len(pages)))
    faces = {id(face): face for page in pages for face in page.painted.faces}
    return Subject(name, size, pdf, wanted, info, xmp, pages, tuple(faces.values()), unread)


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
    """Give an entry of a page, or of a node of the page tree that it hangs on (ISO 32000-2, 7.7.3.4)."""
    for _ in range(_DEEPEST):
        if not is_holder(page) or key in page:
            break
        page = page.get("/Parent")
    return page.get(key) if is_holder(page) else None


_DEEPEST: Final = 64
"""Nodes above a page: more is a tree that runs in a ring."""


def _box(edges: Any) -> Box | None:
    """Give a box with its corners in order (ISO 32000-2, 7.9.5); None for what is none."""
    read = numbers(edges, 4)
    if read is None:
        return None
    x, y, right, top = read
    return Box(min(x, right), min(y, top), max(x, right), max(y, top))
