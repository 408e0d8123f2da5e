"""The trim reaches out of the bleed."""

import pikepdf
from pikepdf import Array

from taiyaku.model.units import mm
from tests.preflight.tiny import SIDE, tiny


def spoil(pdf: pikepdf.Pdf) -> None:
    side = mm(SIDE)
    pdf.pages[0].obj.BleedBox = Array([2, 2, side, side])


def wrong() -> bytes:
    return tiny(change=spoil)


def right() -> bytes:
    return tiny()
