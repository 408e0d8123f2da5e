"""The profile is not one of a press."""

import pikepdf

from taiyaku.preflight.profile import PRESS
from tests.preflight.tiny import cmyk_profile, tiny, wanted

EXPECT = wanted(PRESS)


def spoil(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OutputIntents[0].DestOutputProfile = pdf.make_stream(cmyk_profile(b"RGB "), N=3)


def wrong() -> bytes:
    return tiny(PRESS, change=spoil)


def right() -> bytes:
    return tiny(PRESS)
