"""A figure that says nothing."""

import pikepdf
from pikepdf import String

from taiyaku.preflight.profile import SCREEN
from tests.preflight.tiny import BODY, add_element, tiny, told

FIGURE = BODY + told(b"30 30 9 9 re f", 1, "Figure")


def spoil(pdf: pikepdf.Pdf) -> None:
    add_element(pdf, "Figure", 1)


def mend(pdf: pikepdf.Pdf) -> None:
    add_element(pdf, "Figure", 1, Alt=String("a square"))


def wrong() -> bytes:
    return tiny(SCREEN, FIGURE, change=spoil)


def right() -> bytes:
    return tiny(SCREEN, FIGURE, change=mend)
