"""A page for the press without marks."""

import pikepdf

from taiyaku.preflight.profile import PRESS
from tests.preflight.tiny import tiny, wanted

EXPECT = wanted(PRESS)


def spoil(pdf: pikepdf.Pdf) -> None:
    page = pdf.pages[0].obj
    page.Contents = pdf.make_stream(page.Contents.read_bytes().partition(b" q /All CS")[0])


def wrong() -> bytes:
    return tiny(PRESS, change=spoil)


def right() -> bytes:
    return tiny(PRESS)
