"""All that this program does to the inside of WeasyPrint, and all that it reads there. The only importer of weasyprint.

What is documented is used as it is (``HTML``, ``Document.copy``, ``write_pdf(pdf_variant=…)``, ``URLFetcher``, the
log). The rest may change with any version, so it stands here, each with its reason, is put in place only while a
document is laid out or written (``typesetting``), and has its shape asserted in
tests/typeset/test_weasyprint_inside.py: an upgrade fails there, with a sentence.

| touch | why | Kozea/WeasyPrint |
|---|---|---|
| ``pdf.add_tags`` replaced | one element for what goes on over pages, languages, row heads | 2902, 2482 |
| ``text.line_break.Layout`` replaced | no ``text-spacing-trim`` (CSS Text 4, 8.4) | none |
| ``images.SVGImage`` replaced | a face in a picture counts for the whole document | 2627 |
| ``stream._tags`` | which mark on a page shows which box | 2482 |
| ``stream.stream``: bytes and dictionaries | marks that are artifacts, and stamps | 2482 |
| ``page._page_box`` and its boxes | where things stand on a page | none |
| ``page.links`` assigned, ``link[-1]`` a box | a link inside a link is a second stop | 185 |
| ``children`` of ``html`` assigned | what is positioned stays behind when its row moves on | 591, 2044 |
| ``FONTCONFIG_FILE`` | a font of the machine would stand in for a missing one | 1073 |
"""

import logging
import os
import warnings
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from itertools import chain
from pathlib import Path
from typing import Any, Final

import pydyf

from taiyaku.model.units import MM_PER_PX, PT_PER_MM
from taiyaku.typeset.tree import Box, ContentMark, PlacedBox
from taiyaku.typeset.write_tree import STAMP

with warnings.catch_warnings():
    warnings.filterwarnings("ignore", message=".*[Ff]ont[Cc]onfig.*")
    import weasyprint.pdf
    from weasyprint import HTML, images
    from weasyprint.formatting_structure import boxes
    from weasyprint.text import line_break
    from weasyprint.text.ffi import ffi, pango
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher, URLFetcherResponse

from taiyaku.language.linebreak import closed_up
from taiyaku.typeset.normalise import normalise_tree
from taiyaku.typeset.tree import build_tree
from taiyaku.typeset.write_tree import write_structure

__all__ = [
    "HTML",
    "FontConfiguration",
    "LineBox",
    "MarginBox",
    "URLFetcher",
    "URLFetcherResponse",
    "drop_strays",
    "join_links",
    "page_box",
    "typesetting",
]

LineBox: Final = boxes.LineBox
MarginBox: Final = boxes.MarginBox

_NO_FONT_OF_THE_MACHINE: Final = str(Path(__file__).with_name("fonts.conf"))


class ClosedUp(line_break.Layout):  # type: ignore[misc]  # weasyprint has no types
    """Shapes a text with its punctuation closed up: of two marks side by side, one loses its empty half.

    The feature ``halt`` on single characters does it, here and not in the HTML, so that no element stands between two
    characters: lines break as in plain text.
    """

    def set_text(self, text: str, justify: bool = False) -> None:
        """Set the text, then halve the marks that `linebreak` names."""
        super().set_text(text, justify)
        marks = closed_up(self.text) if not text.isascii() else ()
        if not marks:
            return
        attributes = pango.pango_layout_get_attributes(self.layout)
        if attributes == ffi.NULL:
            attributes = ffi.gc(pango.pango_attr_list_new(), pango.pango_attr_list_unref)
        for at in marks:
            halved = pango.pango_attr_font_features_new(b"halt 1")
            halved.start_index = len(self.text[:at].encode())
            halved.end_index = halved.start_index + len(self.text[at].encode())
            pango.pango_attr_list_insert(attributes, halved)
        pango.pango_layout_set_attributes(self.layout, attributes)


def add_tags(pdf: Any, document: Any, _version: object, streams: Sequence[Any]) -> None:
    """Write the structure tree: the typesetter calls this once its pages are drawn, in place of its own."""
    found = boxes_on(document.pages, [stream._tags for stream in streams])
    tree = normalise_tree(build_tree(root_of(document.pages[0]), found))
    _mark_artifacts(tree.artifacts, streams)
    _mark_stamps(tree.stamps, streams)
    write_structure(pdf, tree, len(streams))


class Shapes(images.SVGImage):  # type: ignore[misc]  # weasyprint has no types
    """An SVG that gets nothing but what it draws itself: no font face, no stylesheet, no other picture."""

    def __init__(self, tree: Any, base_url: Any, _url_fetcher: object, context: Any) -> None:
        shut = copy(context)
        if shut is not None:
            shut.get_image_from_uri = _refuse_picture
        super().__init__(tree, base_url, None, shut)


def _refuse_picture(url: str, **_: object) -> None:
    """Refuse what an SVG asks for, in the typesetter's own words."""
    message = "Failed to load image at %r: ValueError: %s is not part of the document"
    logging.getLogger("weasyprint").error(message, url, url)


_TOUCHED: Final = (
    (weasyprint.pdf, "add_tags", add_tags),
    (line_break, "Layout", ClosedUp),
    (images, "SVGImage", Shapes),
)


@contextmanager
def typesetting(log: logging.Handler) -> Iterator[None]:
    """Let WeasyPrint work as this program needs it, and hear what it complains of; afterwards all is as it was."""
    logger = logging.getLogger("weasyprint")
    heard, fonts = logger.propagate, os.environ.get("FONTCONFIG_FILE")
    theirs = [(owner, name, getattr(owner, name)) for owner, name, _ in _TOUCHED]
    logger.addHandler(log)
    logger.propagate = False
    os.environ["FONTCONFIG_FILE"] = _NO_FONT_OF_THE_MACHINE
    for owner, name, ours in _TOUCHED:
        setattr(owner, name, ours)
    try:
        yield
    finally:
        for owner, name, its in theirs:
            setattr(owner, name, its)
        if fonts is None:
            del os.environ["FONTCONFIG_FILE"]
        else:
            os.environ["FONTCONFIG_FILE"] = fonts
        logger.removeHandler(log)
        logger.propagate = heard


def boxes_on(pages: Any, marks: Any) -> Iterator[PlacedBox]:
    """Say what stands on pages that are drawn, in reading order; ``marks`` holds the marks of each page by their boxes.

    Raises:
        ValueError: A page shows something that is in none of its boxes.
    """
    numbered = enumerate(zip(pages, marks, strict=True))
    return chain.from_iterable(_found(page._page_box, number, own) for number, (page, own) in numbered)


def root_of(page: Any) -> Any:
    """Return the element ``html`` of the document that a page shows."""
    return page._page_box.children[0].element


def boxes_in(box: Any) -> Iterator[Any]:
    """Return a box and all in it, in order. What is positioned stands where it is written."""
    box = getattr(box, "_box", box)
    yield box
    for child in getattr(box, "children", ()):
        yield from boxes_in(child)


def _found(page: Any, number: int, marks: Mapping[Any, Any]) -> Iterator[PlacedBox]:
    left = dict(marks)
    for child in page.children:
        edge = getattr(child, "at_keyword", "")
        running = edge and ("Header" if edge.startswith("@top") else "Footer")
        for box in boxes_in(child):
            mark = left.pop(box, None)
            if box.element is not None or mark is not None:
                part = (box.element_tag or "").partition("::")[2]
                mcid = mark["mcid"] if mark is not None else None
                yield PlacedBox(number, box.element, part, mcid, box.link_annotation, _place(box, page), running)
    if left:
        raise ValueError(f"page {number + 1} shows what stands in none of its boxes")


def _place(box: Any, page: Any) -> Box | None:
    """Return where a picture stands, in pt from the lower left of its page; complain of one without ``alt``."""
    if not hasattr(box, "replacement"):
        return None
    if box.element.tag == "img" and box.element.get("alt") is None:
        logging.getLogger("weasyprint").error("a picture says nothing to a listener: %s", box.element.get("src"))
    left, bottom = box.content_box_x(), page.margin_height() - box.content_box_y() - box.height
    point = MM_PER_PX * PT_PER_MM
    return left * point, bottom * point, (left + box.width) * point, (bottom + box.height) * point


def join_links(page: Any) -> None:
    """Let a link be one stop: what stands inside it (a reading, the page that it leads to) gets none of its own."""
    linked = {link[-1] for link in page.links}
    inside = {below for box in linked for child in getattr(box, "children", ()) for below in boxes_in(child)}
    page.links = [link for link in page.links if link[-1] not in inside]


def drop_strays(page: Any) -> None:
    """Take off a page what has no place in it: the number of a row that stands on another page.

    Where a row does not fit, the typesetter moves it to the next page, but carries over what is positioned in it as
    well, as if it went on there. A text that really went on would be found missing (readback).
    """
    html = page._page_box.children[0]
    inside = (html.element, *html.element)
    html.children = [box for box in html.children if any(box.element is one for one in inside)]


ARTIFACTS: Final[Mapping[str, Mapping[str, str]]] = {
    "Header": {"Type": "/Pagination", "Subtype": "/Header"},
    "Footer": {"Type": "/Pagination", "Subtype": "/Footer"},
    "Pagination": {"Type": "/Pagination"},
    "Layout": {"Type": "/Layout"},
}
"""What is no part of the text, and why (ISO 32000-2, 14.8.2.2; ISO 14289-1, 7.8)."""


def _mark_stamps(stamps: Collection[ContentMark], streams: Sequence[Any]) -> None:
    """Let marked contents say that they are stamps."""
    for page, stream in enumerate(streams):
        for at, part in enumerate(stream.stream):
            if isinstance(part, dict) and "MCID" in part and ContentMark(page, part["MCID"]) in stamps:
                stream.stream[at] = pydyf.Dictionary({**part, STAMP: "true"})


def _mark_artifacts(artifacts: Mapping[ContentMark, str], streams: Sequence[Any]) -> None:
    """Let marked contents that are no part of the text say so in their page's content (ISO 32000-2, 14.8.2.2)."""
    left = dict(artifacts)
    for page, stream in enumerate(streams):
        parts = stream.stream
        for at, part in enumerate(parts):
            reason = left.pop(ContentMark(page, part["MCID"]), "") if isinstance(part, dict) and "MCID" in part else ""
            if reason:
                parts[at - 1 : at + 1] = ["/Artifact", pydyf.Dictionary(ARTIFACTS[reason])]
    if left:
        pages = ", ".join(str(page + 1) for page in sorted({mark.page for mark in left}))
        raise ValueError(f"artifacts are not in the content of their page: {pages}")


def page_box(page: Any) -> Any:
    """Return the box of a page: all that stands on it is below."""
    return page._page_box
