"""A head of nobody knows which cells."""

import pikepdf
from pikepdf import Dictionary, Name

from taiyaku.preflight.profile import SCREEN
from tests.preflight.tiny import BODY, add_element, text, tiny, told

TABLE = BODY + told(text("b", y=40), 1, "TH")


def spoil(pdf: pikepdf.Pdf) -> None:
    add_element(pdf, "TH", 1)


def mend(pdf: pikepdf.Pdf) -> None:
    add_element(pdf, "TH", 1, A=Dictionary(O=Name.Table, Scope=Name.Column))


def wrong() -> bytes:
    return tiny(SCREEN, TABLE, change=spoil)


def right() -> bytes:
    return tiny(SCREEN, TABLE, change=mend)
