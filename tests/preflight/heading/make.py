"""After a title a heading of the third level."""

import pikepdf

from taiyaku.preflight.profile import SCREEN
from tests.preflight.tiny import BODY, add_element, text, tiny, told

HEADED = BODY + told(text("b", y=80), 1, "H1") + told(text("A", y=40), 2, "H2")


def spoil(pdf: pikepdf.Pdf) -> None:
    add_element(pdf, "H1", 1)
    add_element(pdf, "H3", 2)


def mend(pdf: pikepdf.Pdf) -> None:
    add_element(pdf, "H1", 1)
    add_element(pdf, "H2", 2)


def wrong() -> bytes:
    return tiny(SCREEN, HEADED, change=spoil)


def right() -> bytes:
    return tiny(SCREEN, HEADED, change=mend)
