"""The corner of the page is at -10 -10."""

import pikepdf
from pikepdf import Array

from taiyaku.preflight.profile import PRESS
from tests.preflight.tiny import tiny, wanted

EXPECT = wanted(PRESS)


def spoil(pdf: pikepdf.Pdf) -> None:
    page = pdf.pages[0].obj
    page.MediaBox = Array([-10, -10, *list(page.MediaBox)[2:]])


def wrong() -> bytes:
    return tiny(PRESS, change=spoil)


def right() -> bytes:
    return tiny(PRESS)
