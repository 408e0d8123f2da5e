"""The second page is 2 mm wider."""

import pikepdf
from pikepdf import Array

from taiyaku.model.units import mm
from taiyaku.preflight.profile import SCREEN
from tests.preflight.tiny import BODY, SIDE, tiny


def spoil(pdf: pikepdf.Pdf) -> None:
    side = mm(SIDE)
    for box in ("/MediaBox", "/BleedBox", "/TrimBox"):
        pdf.pages[1].obj[box] = Array([0, 0, side + mm(2), side])


def wrong() -> bytes:
    return tiny(SCREEN, BODY, BODY, change=spoil)


def right() -> bytes:
    return tiny(SCREEN, BODY, BODY)
