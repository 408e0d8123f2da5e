"""Faults of composition → marks on the pages of a draft. Pure.

Each fault is framed where it stands, with a bar in the page's outer margin, so that a proofreader who leafs through
finds it. The marks are artifacts (ISO 32000-2, 14.8.2.2): no reader of the text meets them.
"""

from collections.abc import Iterable
from io import BytesIO
from typing import Final

import pikepdf

from taiyaku.model.units import mm
from taiyaku.pdf.save import saved
from taiyaku.proofread.composition import Defect

_COLOUR: Final = "0.54 0.1 0.54"
"""The colour of proofs (tokens.css, --color-proof), as DeviceRGB."""

_BAR: Final = mm(2.0)
"""Width of the bar in the margin, and its distance from the page's edge, in pt."""


def mark(pdf: bytes, defects: Iterable[Defect]) -> bytes:
    """Draw a frame around each fault, and a bar beside it in the margin; deterministic."""
    drawn: dict[int, list[str]] = {}
    with pikepdf.open(BytesIO(pdf)) as document:
        for defect in defects:
            if defect.box is not None:
                width = float(document.pages[defect.page - 1].mediabox[2])
                drawn.setdefault(defect.page, []).append(_marks(defect.box, defect.page, width))
        for number, marks in sorted(drawn.items()):
            content = f"/Artifact BMC q {_COLOUR} RG {_COLOUR} rg 0.8 w\n{''.join(marks)}Q EMC\n"
            page = document.pages[number - 1]
            page.contents_add(b"q\n", prepend=True)
            page.contents_add(b"\nQ\n" + content.encode())
        return saved(document)


def _marks(box: tuple[float, float, float, float], page: int, width: float) -> str:
    """Write a frame and a bar; the outer margin is on the left of an even page."""
    left, bottom, right, top = box
    edge = _BAR if page % 2 == 0 else width - 2 * _BAR
    frame = f"{left - 1:.2f} {bottom - 1:.2f} {right - left + 2:.2f} {top - bottom + 2:.2f} re S\n"
    return f"{frame}{edge:.2f} {bottom - 1:.2f} {_BAR:.2f} {top - bottom + 2:.2f} re f\n"
