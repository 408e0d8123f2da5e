"""Pictures of finished documents: a thumbnail of the first page, and a sheet with all pages. Pure.

Pictures have a palette, because pages are white, a few colours and grey edges: so they are small. Their bytes are the
same for the same pages: PNG holds no time unless it is told to.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from math import ceil
from typing import Final

import pypdfium2
from PIL import Image, ImageDraw, ImageFont

THUMBNAIL_PX: Final = 320
"""The width of a thumbnail: it is shown at less than half of it, so that it is sharp on a phone too."""

_PAGE_PX: Final = 240
_MOST_ACROSS: Final = 6
_GAP_PX: Final = 16
_LABEL_PX: Final = 22
_COLOURS: Final = 32
_FRAME: Final = (138, 141, 148)
_INK: Final = (84, 87, 94)


@dataclass(frozen=True, slots=True)
class Shown:
    """The pictures of a document, as PNG, with the thumbnail's size in px."""

    thumbnail: bytes
    width: int
    height: int
    sheet: bytes


def show(pdf: bytes) -> Shown:
    """Draw a document: its first page, and all its pages in reading order, numbered."""
    pages = tuple(_pages(pdf))
    first = pages[0]
    return Shown(_png(first), first.width, first.height, _png(_sheet([_narrower(page) for page in pages])))


def _pages(pdf: bytes) -> Iterator[Image.Image]:
    """Draw every page in the width of a thumbnail."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        document.init_forms()
        for page in document:
            drawn = page.render(scale=THUMBNAIL_PX / page.get_width(), rev_byteorder=True)
            yield drawn.to_pil().convert("RGB")
    finally:
        document.close()


def _narrower(page: Image.Image) -> Image.Image:
    return page.resize((_PAGE_PX, round(page.height * _PAGE_PX / page.width)), Image.Resampling.LANCZOS)


def _sheet(pages: Sequence[Image.Image]) -> Image.Image:
    """Set pages in rows on white, each in a frame over its number."""
    across = min(_MOST_ACROSS, len(pages))
    cell = (_PAGE_PX + _GAP_PX, max(page.height for page in pages) + _LABEL_PX + _GAP_PX)
    sheet = Image.new("RGB", (across * cell[0] + _GAP_PX, ceil(len(pages) / across) * cell[1] + _GAP_PX), "white")
    draw = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(size=14)
    for number, page in enumerate(pages):
        left, top = _GAP_PX + number % across * cell[0], _GAP_PX + number // across * cell[1]
        sheet.paste(page, (left, top))
        draw.rectangle((left - 1, top - 1, left + page.width, top + page.height), outline=_FRAME)
        draw.text((left + page.width / 2, top + page.height + 4), str(number + 1), _INK, font, anchor="ma")
    return sheet


def _png(picture: Image.Image) -> bytes:
    out = BytesIO()
    few = picture.quantize(_COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    few.save(out, "PNG", optimize=True)
    return out.getvalue()
