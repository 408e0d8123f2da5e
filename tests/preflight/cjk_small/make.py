"""Japanese of 6 pt; above its base of 12 pt it is a reading."""

import pikepdf
from pikepdf import String

from taiyaku.preflight.profile import SCREEN
from tests.preflight.tiny import text, tiny, told


def tag(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Lang = String("ja")


def wrong() -> bytes:
    return tiny(SCREEN, told(text("あ", size=6, font="J")), change=tag)


def right() -> bytes:
    return tiny(
        SCREEN, told(text("直", size=12, font="J") + b" " + text("あ", size=6, x=33, y=71, font="J")), change=tag
    )
