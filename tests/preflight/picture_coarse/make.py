"""20 pixels on half an inch; the right one has 160."""

import pikepdf

from taiyaku.preflight.profile import SCREEN
from tests.preflight.tiny import BODY, add_image, artifact, photograph, tiny

PLACED = BODY + artifact(b"36 0 0 36 30 20 cm /I Do")


def spoil(pdf: pikepdf.Pdf) -> None:
    add_image(pdf, 20, 20, photograph(20))


def mend(pdf: pikepdf.Pdf) -> None:
    add_image(pdf, 160, 160, photograph(160))


def wrong() -> bytes:
    return tiny(SCREEN, PLACED, change=spoil)


def right() -> bytes:
    return tiny(SCREEN, PLACED, change=mend)
