"""How the pages of a printed document look: a fingerprint a page, whatever numbers its fonts and objects have.

A page is drawn, not read: whatever changes on paper changes its fingerprint, and nothing else does. What stands at the
foot (the number of the page, the guide's name, its date) is drawn on every page, and is kept apart; so are stamps, the
version and its date on a cover, on the back or on a checklist: two pages that differ there only say the same.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

import pikepdf
import pypdfium2

from taiyaku.typeset.write_tree import STAMP

DPI: Final = 150
"""Dots per inch at which pages are compared: a stroke of 0.2 mm is wider than one dot."""

DRAWN_BY: Final = f"pdfium {pypdfium2.version.PDFIUM_INFO} at {DPI} dpi"
"""What drew the pages: fingerprints of two versions cannot be compared."""

_PLACED: Final = re.compile(r"/P(\d+)")
_LETTERS: Final = 16


@dataclass(frozen=True, slots=True)
class PageFingerprint:
    """The fingerprints of a page: of what is drawn but for foot and stamps, of its text with them and without."""

    body: str
    text: str
    words: str


@dataclass(frozen=True, slots=True)
class PageFingerprints:
    """How a document looks: its pages by number, and which of them stand on each side of paper, from left to right."""

    pages: dict[int, PageFingerprint]
    sides: tuple[tuple[int, ...], ...]


def fingerprints_of(pdf: bytes) -> PageFingerprints:
    """Take the fingerprints of a finished document; where its sides hold several pages each, of these pages."""
    with pikepdf.open(BytesIO(pdf)) as source:
        sides = tuple(map(_placed, source.pages))
        imposed = any(sides)
        if not imposed:
            sides = tuple((number,) for number in range(1, len(source.pages) + 1))
        whole, bodies = pikepdf.new(), pikepdf.new()
        with whole, bodies:
            forms = dict(_forms(source) if imposed else _pages(source))
            for number in sorted(forms):
                _add(whole, forms[number], footless=False)
                _add(bodies, forms[number], footless=True)
            drawn = map(PageFingerprint, _drawn(_saved(bodies)), _texts(_saved(whole)), _texts(_saved(bodies)))
            return PageFingerprints(dict(zip(sorted(forms), drawn, strict=True)), sides)


def _placed(side: pikepdf.Page) -> tuple[int, ...]:
    """Return the pages that a side of an imposed document shows, in the order in which it draws them; else none."""
    names = side.obj.get("/Resources", pikepdf.Dictionary()).get("/XObject", pikepdf.Dictionary()).keys()
    if not names or not all(map(_PLACED.fullmatch, names)):
        return ()
    drawn = (str(one.operands[0]) for one in pikepdf.parse_content_stream(side) if str(one.operator) == "Do")
    return tuple(int(name.removeprefix("/P")) for name in drawn)


def _forms(source: pikepdf.Pdf) -> Iterator[tuple[int, pikepdf.Object]]:
    """Return the pages that lie on the sides of an imposed document, by their numbers."""
    for side in source.pages:
        for name, form in (
            side.obj.get("/Resources", pikepdf.Dictionary()).get("/XObject", pikepdf.Dictionary()).items()
        ):
            yield int(name.removeprefix("/P")), form


def _pages(source: pikepdf.Pdf) -> Iterator[tuple[int, pikepdf.Object]]:
    return ((number, page.as_form_xobject()) for number, page in enumerate(source.pages, 1))


def _add(target: pikepdf.Pdf, form: pikepdf.Object, *, footless: bool) -> None:
    """Add a page that shows a form (ISO 32000-2, 8.10), with what stands at its foot and its stamps or without."""
    left, bottom, right, top = map(float, form.BBox.as_list())
    page = target.add_blank_page(page_size=(right - left, top - bottom))
    page.obj.MediaBox = pikepdf.Array([left, bottom, right, top])
    own = target.copy_foreign(form)
    if footless:
        kept = pikepdf.unparse_content_stream(list(_without_foot(pikepdf.parse_content_stream(own))))
        own.write(kept)
    page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Page=own))
    page.obj.Contents = target.make_stream(b"/Page Do")


_PAINTS_PATH: Final = frozenset({"f", "F", "f*", "S", "s", "B", "B*", "b", "b*"})
_PAINTS: Final = frozenset({"Tj", "TJ", "'", '"', "Do", "sh", "INLINE IMAGE"})


def _without_foot(instructions: Iterable[Any]) -> Iterator[Any]:
    """Leave out what paints inside a stamp or an artifact of the foot (ISO 32000-2, 14.8.2.2); the state stays set."""
    marks: list[bool] = []
    for one in instructions:
        name = str(one.operator)
        if name in ("BDC", "BMC"):
            marks.append(_is_foot(one.operands))
        elif name == "EMC" and marks:
            marks.pop()
        if not any(marks) or name not in _PAINTS_PATH | _PAINTS:
            yield one
        elif name in _PAINTS_PATH:
            yield pikepdf.ContentStreamInstruction([], pikepdf.Operator("n"))


def _is_foot(operands: Any) -> bool:
    tag, properties = operands[0], operands[1] if len(operands) > 1 else None
    if not isinstance(properties, pikepdf.Dictionary):
        return False
    return f"/{STAMP}" in properties or (str(tag) == "/Artifact" and properties.get("/Subtype") == "/Footer")


def _saved(pdf: pikepdf.Pdf) -> bytes:
    out = BytesIO()
    pdf.save(out)
    return out.getvalue()


def _drawn(pdf: bytes) -> Iterator[str]:
    """Draw pages and give the fingerprints of the pictures."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        for page in document:
            bitmap = page.render(scale=DPI / 72, may_draw_forms=False)
            yield _fingerprint(f"{bitmap.width}x{bitmap.height}".encode(), bytes(bitmap.buffer))
    finally:
        document.close()


def _texts(pdf: bytes) -> Iterator[str]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        for page in document:
            yield _fingerprint(page.get_textpage().get_text_range().encode())
    finally:
        document.close()


def _fingerprint(*parts: bytes) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.hexdigest()[:_LETTERS]
