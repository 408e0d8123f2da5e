"""HTML → PDF bytes, pages, findings.

The typesetter reads nothing from disk and nothing from the network: what it may use is handed to
it, and everything else is refused by our own fetcher.
"""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from mimetypes import guess_type
from typing import Any, Final

from taiyaku.errors import MachineError
from taiyaku.language.linebreak import visible
from taiyaku.model.documents import PlacedText
from taiyaku.model.findings import Finding, Place
from taiyaku.model.units import MM_PER_PX
from taiyaku.own_files import SET_UP
from taiyaku.typeset.forms import Field, FieldKind
from taiyaku.typeset.weasyprint_inside import (
    HTML,
    FontConfiguration,
    LineBox,
    MarginBox,
    URLFetcher,
    URLFetcherResponse,
    drop_strays,
    join_links,
    page_box,
    typesetting,
)

BASE: Final = "https://taiyaku.invalid/"
"""The address of what a document may use. ``.invalid`` names nothing on any network (RFC 2606, 2)."""

INNER: Final = 13 / 148
"""The inner margin of half a spread, in widths of a page: the fold is not an edge of the page that is laid out
(tokens.css, --page-inner)."""

VARIANT: Final = "pdf/ua-1"


class _Fetcher(URLFetcher):  # type: ignore[misc]  # weasyprint has no types
    """Serves the files that a document was given, and refuses every other address."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False)
        self._files = files

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        """Return a file by its address; ValueError for what was not handed in."""
        path = url.removeprefix(BASE)
        if not url.startswith(BASE) or path not in self._files:
            raise ValueError(f"{url} is not part of the document")
        kind = guess_type(path)[0] or "application/octet-stream"
        return URLFetcherResponse(url, self._files[path], {"Content-Type": kind})


class _Log(logging.Handler):
    """Collects what the typesetter complains about: the log is part of the result."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: dict[str, None] = {}

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a message once."""
        self.messages[record.getMessage()] = None


@dataclass(frozen=True, slots=True)
class Layout:
    """A document laid out: its pages, and its height in pages.

    ``overfull`` names the labels that do not fit into their picture's frame: where each was written, and its text.
    """

    pages: int
    height: float
    overfull: tuple[tuple[str, str], ...]
    _document: Any
    _log: _Log

    def write(self) -> bytes:
        """Write the PDF: tagged, PDF/UA-1."""
        for page in self._document.pages:
            join_links(page)
        with typesetting(self._log):
            return bytes(self._document.write_pdf(pdf_variant=VARIANT))

    def fields(self) -> tuple[Field, ...]:
        """Return the form fields of the pages, in reading order: the boxes of elements with a ``data-name``."""
        pages = enumerate(page_box(page) for page in self._document.pages)
        return tuple(chain.from_iterable(_fields(box, box.margin_height(), number) for number, box in pages))

    def lines_behind(self, pages: int) -> int:
        """Count the lines that stand behind so many pages."""
        return sum(_rows(_lines(page_box(page))) for page in self._document.pages[pages:])

    def standing(self) -> tuple[PlacedText, ...]:
        """Say on which pages the texts stand that authors wrote, and the parts of a booklet that they did not."""
        found: dict[tuple[str, str, str], dict[int, None]] = {}
        leaf = 0
        for page in self._document.pages:
            leaves = range(leaf + 1, leaf + 1 + _leaves([self._document.pages[0], page]) - 1)
            leaf = leaves[-1]
            for key in _written(page_box(page)):
                found.setdefault(key, {}).update(dict.fromkeys(leaves))
        return tuple(PlacedText(at, point, tuple(pages), text) for (at, point, text), pages in found.items())

    def margins(self) -> tuple[float, float, float, float, float, float]:
        """Return the measures of a page with running text, in mm: width, height, top, bottom, inner and outer margin.

        Covers have none; the second page is a left one, so its outer margin is on its left. Of a spread, its left half.
        In a book that is bound at the right the second page is a right one: inner and outer margin change names.
        """
        first, page = (page_box(self._document.pages[at]) for at in (0, min(1, len(self._document.pages) - 1)))
        outer, leaf = page.margin_left, first.margin_width()
        inner = page.margin_right if page.margin_width() == leaf else INNER * leaf
        lengths = (leaf, page.margin_height(), page.margin_top, page.margin_bottom, inner, outer)
        width, height, top, bottom, within, without = (length * MM_PER_PX for length in lengths)
        return width, height, top, bottom, within, without

    def without_last(self, count: int) -> "Layout":
        """Leave out so many pages (or spreads) before the back cover: pages for notes that are not needed."""
        pages = self._document.pages
        last = len(pages) - 1
        back = next((at for at, page in enumerate(pages) if _is_back(page)), last)  # a host may fill two pages of it
        kept = self._document.copy([*pages[: back - count], *pages[back:]])
        return replace(self, pages=_leaves(kept.pages), _document=kept)

    def behind(self, page: int) -> tuple[tuple[str, ...], int]:
        """Return the anchors of the blocks that begin behind a page (counted from 1), and how many lines stand there.

        The back cover does not count: it is there whatever the pages before it hold.
        """
        pages = self._document.pages
        behind = [page_box(one) for at, one in enumerate(pages[:-1]) if _leaves(pages[: at + 1]) > page]
        anchors = dict.fromkeys(anchor for box in behind for anchor in _anchors(box))
        return tuple(anchors), sum(_rows(_lines(box)) for box in behind)

    def findings(self, name: str) -> tuple[Finding, ...]:
        """Return the typesetter's complaints, and labels that are too long, as findings about the document ``name``."""
        complaints = [Finding("typeset.log", Place(name), {"message": text}) for text in self._log.messages]
        for place, text in self.overfull:
            path, _, line = place.rpartition(":")
            facts = {"document": name, "text": visible(text)}
            complaints.append(Finding("figure.full", Place(path, int(line)), facts))
        return tuple(complaints)


class Typesetter:
    """Lays out HTML with one set of files. Its font configuration is its own: sharing corrupts memory."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        """Take the files. Without a font among them Pango would crash: MachineError."""
        if not any(name.startswith("fonts/") and not name.endswith(".css") for name in files):
            raise MachineError("there is no font to typeset with", SET_UP)
        self._fetcher = _Fetcher(files)
        with typesetting(_Log()):
            self._fonts = FontConfiguration()

    def lay_out(self, html: str) -> Layout:
        """Lay out a document; nothing is written yet."""
        log = _Log()
        with typesetting(log):
            source = HTML(string=html, base_url=BASE, url_fetcher=self._fetcher)
            document = source.render(font_config=self._fonts, pdf_variant=VARIANT)
        for page in document.pages:
            drop_strays(page)
        height = len(document.pages) - 1 + _fill(document.pages[-1])
        overfull = tuple(_overfull(page_box(page)) for page in document.pages)
        return Layout(_leaves(document.pages), height, tuple(chain(*overfull)), document, log)


def _leaves(pages: Any) -> int:
    """Count pages as they are bound: a spread is cut in two."""
    return sum(round(page.width / pages[0].width) for page in pages)


def _anchors(box: Any) -> Iterator[str]:
    """Return the ids of the elements in a box, in reading order."""
    anchor = getattr(box.element, "get", lambda _: None)("id")
    if anchor:
        yield anchor
    for child in getattr(box, "children", ()):
        yield from _anchors(child)


def _is_back(page: Any) -> bool:
    return any(at == "back" for at, _, _ in _written(page_box(page)))


def _written(box: Any, point: str = "") -> Iterator[tuple[str, str, str]]:
    """Return the texts in a box: where each was written, the number beside it, and what it says."""
    of = getattr(box.element, "get", lambda _, other: other)
    anchor, at = str(of("id", "")), str(of("data-at", ""))
    point = anchor.removeprefix("point-") if anchor.startswith("point-") else point
    if box.element_tag == "section":
        yield from ((part, "", "") for part in _classes(box.element) & _PARTS)
    if at:
        yield at, point, visible(" ".join("".join(_said(box.element)).split()))
        return
    for child in getattr(box, "children", ()):
        yield from _written(child, point)


_PARTS: Final = frozenset({"cover", "contents", "glossary", "sources", "notes", "back"})
"""The parts of a booklet that no author writes, by the classes of their sections."""


def _lines(box: Any) -> Iterator[tuple[float, float]]:
    """Return the lower and upper edge of each line of text in a page, margin boxes left out."""
    if isinstance(box, LineBox):
        yield box.position_y + box.height, box.position_y
    elif not isinstance(box, MarginBox):
        for child in getattr(box, "children", ()):
            yield from _lines(child)


_PT_PER_PX: Final = 0.75
"""Points in a CSS pixel (CSS Values 4, 6.2)."""

_ASKS: Final = frozenset({"row", "field"})
"""The classes of elements whose texts say what is to be ticked or written."""

_ASIDE: Final = frozenset({"cite", "footnote", "keys", "state"})
"""The classes of elements inside a text that are no part of what it says."""


def _fields(box: Any, height: float, page: int, asks: Any = None) -> Iterator[Field]:
    """Return the form fields on a page of so many CSS px; ``asks`` is the element around them that has their texts."""
    classes = _classes(box.element)
    if classes and box.element.get("data-name"):
        left, top = box.border_box_x(), box.border_box_y()
        edges = (left, height - top - box.border_height(), left + box.border_width(), height - top)
        yield Field(
            box.element.get("data-name"),
            FieldKind.TICK if "tick" in classes else FieldKind.TEXT,
            page,
            tuple(edge * _PT_PER_PX for edge in edges),
            " / ".join(dict.fromkeys(_texts(asks))),
            "ticked" in classes,
        )
        return
    asks = box.element if _ASKS & classes else asks
    for child in getattr(box, "children", ()):
        yield from _fields(child, height, page, asks)


def _texts(element: Any) -> Iterator[str]:
    """Return the text of each language in an element."""
    for child in element:
        if child.get("lang"):
            yield visible(" ".join("".join(_said(child)).split()))
        else:
            yield from _texts(child)


def _said(element: Any) -> Iterator[str]:
    """Return the parts of a text without readings, citations and notes."""
    yield element.text or ""
    for child in element:
        if child.tag != "rt" and not _ASIDE & _classes(child):
            yield from _said(child)
        yield child.tail or ""


def _classes(element: Any) -> frozenset[str]:
    return frozenset((getattr(element, "get", lambda _: None)("class") or "").split())


_HAIR: Final = 0.5
"""How far a line may stand over a frame's edge, in CSS px, before a label counts as too long."""


def _overfull(box: Any) -> Iterator[tuple[str, str]]:
    """Return the place and the text of each label on a page whose lines stand over its frame."""
    if getattr(box.element, "get", lambda _: None)("data-place") and box.element_tag == "div":
        lines = tuple(_inside(box))
        top, bottom = box.position_y - _HAIR, box.position_y + box.height + _HAIR
        left, right = box.position_x - _HAIR, box.position_x + box.width + _HAIR
        if any(
            line.position_y < top
            or line.position_y + line.height > bottom
            or min((part.position_x for part in line.children), default=left) < left
            or max((part.position_x + part.width for part in line.children), default=right) > right
            for line in lines
        ):
            yield box.element.get("data-place"), " ".join("".join(box.element.itertext()).split())
        return
    for child in getattr(box, "children", ()):
        yield from _overfull(child)


def _inside(box: Any) -> Iterator[Any]:
    """Return the lines of text in a box."""
    if isinstance(box, LineBox):
        yield box
    for child in getattr(box, "children", ()):
        yield from _inside(child)


def _rows(lines: Iterator[tuple[float, float]]) -> int:
    """Count lines as a reader does: two languages side by side, and the number before them, are one line."""
    count, bottom = 0, float("-inf")
    for lower, upper in sorted(lines):
        if upper >= bottom:
            count, bottom = count + 1, lower
    return count


def _fill(page: Any) -> float:
    """Say how much of a page's height its content takes, 0 … 1."""
    box = page_box(page)
    bottoms = [_bottom(child) for child in box.children if not isinstance(child, MarginBox)]
    return float((max(bottoms, default=box.content_box_y()) - box.content_box_y()) / box.height)


def _bottom(box: Any) -> float:
    """Find the lowest edge of the content in a box (CSS px from the page's top)."""
    children = [child for child in getattr(box, "children", ()) if getattr(child, "position_y", None) is not None]
    if isinstance(box, LineBox) or not children:
        return float(box.position_y + box.margin_height())
    return max(_bottom(child) for child in children)
