"""No text is tagged as Japanese."""

import pikepdf
from pikepdf import String

from taiyaku.preflight.preflight import PreflightProfile
from taiyaku.preflight.profile import SCREEN
from tests.preflight.tiny import BODY, add_element, text, tiny, told

EXPECT = PreflightProfile(languages=("en", "ja"))


def mend(pdf: pikepdf.Pdf) -> None:
    add_element(pdf, "P", 1, Lang=String("ja"))


def wrong() -> bytes:
    return tiny()


def right() -> bytes:
    return tiny(SCREEN, BODY + told(text("あ", y=40, font="J"), 1), change=mend)
