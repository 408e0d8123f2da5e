"""A bleed of 2 mm."""

import pikepdf
from pikepdf import Array

from taiyaku.model.units import mm
from taiyaku.preflight.profile import PRESS
from tests.preflight.tiny import ROOM, SIDE, tiny, wanted

EXPECT = wanted(PRESS)


def spoil(pdf: pikepdf.Pdf) -> None:
    low, high = mm(ROOM - 2), mm(ROOM + SIDE + 2)
    pdf.pages[0].obj.BleedBox = Array([low, low, high, high])


def wrong() -> bytes:
    return tiny(PRESS, change=spoil)


def right() -> bytes:
    return tiny(PRESS)
