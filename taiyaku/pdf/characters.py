"""The pages of a PDF → their characters, each with its place, in reading order."""

import ctypes
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

from taiyaku.pdf.elements import Owner, elements_on, pictures_on
from taiyaku.pdf.geometry import Bounds
from taiyaku.pdf.text import reading_order, squeeze


class Char(NamedTuple):
    """A character on the page: a tuple, because a booklet has a hundred thousand of them."""

    page: int
    mcid: int
    rank: int
    x: float
    y: float
    size: float
    box: Bounds


class InkSpot(NamedTuple):
    """A character that is painted on a page, as a tagged file tells it: ``text`` is the same for all of one text.

    ``owner`` says in which element it stands; what is no part of the text (a running head) has none, and each stretch
    of it is a text of its own.
    """

    key: str
    char: Char
    text: int
    owner: Owner | None


class PageText(NamedTuple):
    """A page: its size, its characters in reading order, and what the structure tree says of all that is painted.

    A file without tags has no ``ink`` and no ``pictures``. A picture has a box, and is a label's by its ``group``.
    """

    box: Bounds
    keys: str
    chars: list[Char]
    edges: frozenset[int]
    ink: tuple[InkSpot, ...] = ()
    pictures: tuple[tuple[int, Bounds], ...] = ()


def read_sheets(pdf: bytes) -> Iterator[PageText]:
    """Read the pages of a PDF, one after the other."""
    document = pypdfium2.PdfDocument(pdf)
    for number, page in enumerate(document):
        yield _read_sheet(page, number)
        page.close()
    document.close()


def _read_sheet(page: pypdfium2.PdfPage, number: int) -> PageText:
    """Read a page in the order of its structure tree; where there is none, in the order of painting."""
    marked: dict[int, list[tuple[str, Char]]] = {}
    painted = tuple(_characters(page, number))
    for key, char, _ in painted:
        marked.setdefault(char.mcid, []).append((key, char))
    elements = elements_on(page)
    owners = {mcid: owner for mcid, owner in reading_order(page) if mcid in marked} or dict.fromkeys(marked, 0)
    keys: list[str] = []
    chars: list[Char] = []
    edges = {0}
    inside = -1
    for mcid, owner in owners.items():
        edges |= {len(chars)} if owner != inside else set()
        inside = owner
        for key, char in marked[mcid]:
            ranked = char._replace(rank=len(chars))
            keys.append(key)
            chars += [ranked] * len(key)
    ink = tuple(_inked(painted, elements)) if elements else ()
    pictures = tuple(pictures_on(page, elements))
    return PageText(page.get_bbox(), "".join(keys), chars, frozenset(edges | {len(chars)}), ink, pictures)


def _inked(painted: Iterable[tuple[str, Char, int]], elements: Mapping[int, Owner]) -> Iterator[InkSpot]:
    """Say of each character to which text it belongs."""
    for key, char, item in painted:
        owner = elements.get(char.mcid)
        yield InkSpot(key, char, item if owner is None else owner.text, owner)


def _characters(page: pypdfium2.PdfPage, number: int) -> Iterator[tuple[str, Char, int]]:
    """Return the characters of a page in the order of painting, each with its form to compare, and its text object.

    On a page with letters from right to left pdfium turns round what shares a line with them: there each text object's
    other characters are put from left to right again.
    """
    found = tuple(_painted(page, number))
    if not any(map(_backwards, (key for key, _, _ in found))):
        yield from found
        return
    objects: dict[int, list[tuple[str, Char, int]]] = {}
    for one in found:
        objects.setdefault(one[2], []).append(one)
    for chars in objects.values():
        turned = any(_backwards(key) for key, _, _ in chars)
        yield from chars if turned else sorted(chars, key=lambda one: one[1].x)


def _backwards(key: str) -> bool:
    return any(unicodedata.bidirectional(char) in ("R", "AL") for char in key)


def _painted(page: pypdfium2.PdfPage, number: int) -> Iterator[tuple[str, Char, int]]:
    """Return a page's characters as pdfium has them, with the text object that holds each."""
    textpage = pdfium.FPDFText_LoadPage(page.raw)
    x, y = ctypes.c_double(), ctypes.c_double()
    edges = tuple(ctypes.c_double() for _ in range(4))
    left, right, bottom, top = edges
    objects: dict[int, tuple[int, float]] = {}
    lead = 0
    for at in range(pdfium.FPDFText_CountChars(textpage)):
        code = pdfium.FPDFText_GetUnicode(textpage, at)
        if 0xD800 <= code < 0xDC00:
            lead = code
            continue
        if lead and 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((lead - 0xD800) << 10) + code - 0xDC00
        lead = 0
        key = compared(chr(code))
        item = pdfium.FPDFText_GetTextObject(textpage, at) if key else None
        if not item:
            continue
        address = ctypes.cast(item, ctypes.c_void_p).value or 0
        if address not in objects:
            objects[address] = (pdfium.FPDFPageObj_GetMarkedContentID(item), _size(textpage, at))
        pdfium.FPDFText_GetCharOrigin(textpage, at, x, y)
        pdfium.FPDFText_GetCharBox(textpage, at, *edges)
        mcid, size = objects[address]
        box = (left.value, bottom.value, right.value, top.value)
        yield key, Char(number, mcid, 0, x.value, y.value, size, box), address
    pdfium.FPDFText_ClosePage(textpage)


def _size(textpage: Any, at: int) -> float:
    """Return a character's size on the page in pt: the font's size under the text's matrix."""
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFText_GetMatrix(textpage, at, matrix)
    return float(pdfium.FPDFText_GetFontSize(textpage, at) * abs(matrix.a * matrix.d - matrix.b * matrix.c) ** 0.5)


@cache
def compared(char: str) -> str:
    """Return a character as it is compared: as ``squeeze``, but never joined with its neighbour."""
    return "".join(part for part in unicodedata.normalize("NFKD", char) if squeeze(part))


def around(chars: Iterable[Char]) -> Bounds:
    """Return the box around the ink of characters."""
    boxes = [char.box for char in chars]
    return (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )


def middle(box: Bounds) -> float:
    """Return how far from the left a box has its middle."""
    return (box[0] + box[2]) / 2


def share(one: Bounds, other: Bounds, by: float) -> bool:
    """Tell whether two boxes reach into one another by more than so many pt both ways."""
    return min(one[2], other[2]) - max(one[0], other[0]) > by and min(one[3], other[3]) - max(one[1], other[1]) > by
