"""The structure tree of a page → of which text each marked content is, and where the pictures stand."""

import ctypes
from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any, Final, NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

from taiyaku.pdf.geometry import Bounds


class Owner(NamedTuple):
    """Whose a marked content is: the number of its text on the page, its type, and its group (Div).

    A reading (RT) is of its text, and has a type of its own.
    """

    text: int
    type: str
    group: int


_INLINE: Final = frozenset({"Span", "Link", "Ruby", "RB", "RT", "RP", "Em", "Strong", "Quote", "Code"})
"""Elements that part no text (ISO 32000-2, 14.8.4.7)."""


def elements_on(page: pypdfium2.PdfPage) -> dict[int, Owner]:
    """Return the owner of each marked content (MCID) of a page; none where the file is not tagged."""
    tree = pdfium.FPDF_StructTree_GetForPage(page.raw)
    numbers = count()
    try:
        roots = (pdfium.FPDF_StructTree_GetChildAtIndex(tree, at) for at in range(_children_of(tree)))
        return dict(owned for root in roots for owned in _owned(root, Owner(-1, "", -1), numbers))
    finally:
        pdfium.FPDF_StructTree_Close(tree)


def _children_of(tree: Any) -> int:
    return max(int(pdfium.FPDF_StructTree_CountChildren(tree)), 0)


def _owned(element: Any, above: Owner, numbers: Iterator[int]) -> Iterator[tuple[int, Owner]]:
    """Walk one structure element: a child is an element or a marked content."""
    name = _type(element)
    number = next(numbers)
    group = number if name == "Div" else above.group
    inline = name in _INLINE and above.text >= 0
    owner = above._replace(type=name if name == "RT" else above.type) if inline else Owner(number, name, group)
    for at in range(pdfium.FPDF_StructElement_CountChildren(element)):
        child = pdfium.FPDF_StructElement_GetChildAtIndex(element, at)
        if child:
            yield from _owned(child, owner, numbers)
        elif (mcid := pdfium.FPDF_StructElement_GetChildMarkedContentID(element, at)) >= 0:
            yield mcid, owner


def _type(element: Any) -> str:
    length = pdfium.FPDF_StructElement_GetType(element, None, 0)
    buffer = ctypes.create_string_buffer(length)
    pdfium.FPDF_StructElement_GetType(element, buffer, length)
    return buffer.raw[: length - 2].decode("utf-16-le", "replace")


def pictures_on(page: pypdfium2.PdfPage, elements: Mapping[int, Owner]) -> Iterator[tuple[int, Bounds]]:
    """Return the pictures of a page that say something: the group that each stands in, and the box around its ink."""
    found: dict[int, tuple[int, Bounds]] = {}
    if not any(owner.type == "Figure" for owner in elements.values()):
        return
    for item in page.get_objects(max_depth=1):
        owner = elements.get(pdfium.FPDFPageObj_GetMarkedContentID(item.raw))
        if owner is not None and owner.type == "Figure":
            box = _shown(item)
            held = found.get(owner.text, (owner.group, box))[1]
            found[owner.text] = (owner.group, _both(held, box))
    yield from found.values()


def _both(one: Bounds, other: Bounds) -> Bounds:
    return (min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3]))


def _shown(item: Any) -> Bounds:
    """Return the box of what is shown of an object: it ends where it is clipped."""
    box: Bounds = item.get_bounds()
    clip = pdfium.FPDFPageObj_GetClipPath(item.raw)
    for at in range(max(pdfium.FPDFClipPath_CountPaths(clip), 0) if clip else 0):
        points = tuple(_points(clip, at))
        if points:
            across, up = zip(*points, strict=True)
            box = (max(box[0], min(across)), max(box[1], min(up)), min(box[2], max(across)), min(box[3], max(up)))
    return box


def _points(clip: Any, path: int) -> Iterator[tuple[float, float]]:
    x, y = ctypes.c_float(), ctypes.c_float()
    for at in range(max(pdfium.FPDFClipPath_CountPathSegments(clip, path), 0)):
        segment = pdfium.FPDFClipPath_GetPathSegment(clip, path, at)
        if pdfium.FPDFPathSegment_GetPoint(segment, x, y):
            yield x.value, y.value
