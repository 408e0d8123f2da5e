"""A note on the page; a printer's mark may be there."""

import pikepdf

from taiyaku.preflight.profile import PRESS
from tests.preflight.tiny import add_note, tiny, wanted

EXPECT = wanted(PRESS)


def spoil(pdf: pikepdf.Pdf) -> None:
    add_note(pdf, "Text")


def mend(pdf: pikepdf.Pdf) -> None:
    add_note(pdf, "PrinterMark")


def wrong() -> bytes:
    return tiny(PRESS, change=spoil)


def right() -> bytes:
    return tiny(PRESS, change=mend)
