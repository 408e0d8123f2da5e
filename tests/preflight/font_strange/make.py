"""A font that is none of ours."""

import pikepdf

from taiyaku.preflight.preflight import PreflightProfile
from tests.preflight.tiny import font, tiny

EXPECT = PreflightProfile(families=("Tiny-Sans",))


def spoil(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.Resources.Font.F = font(pdf, "Strange-Sans")


def wrong() -> bytes:
    return tiny(change=spoil)


def right() -> bytes:
    return tiny()
