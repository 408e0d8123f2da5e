"""Boxes on pages → what was set of each element of the HTML (`tags`). Knows the typesetter's boxes, imports none."""

import logging
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from taiyaku.model.units import MM_PER_PX, PT_PER_MM
from taiyaku.typeset.tree import Box, PlacedBox


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
