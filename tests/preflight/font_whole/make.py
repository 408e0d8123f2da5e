"""The whole font, not what is used of it."""

import pikepdf

from tests.preflight.tiny import font, tiny


def spoil(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.Resources.Font.F = font(pdf, "Tiny-Sans", mark="")


def wrong() -> bytes:
    return tiny(change=spoil)


def right() -> bytes:
    return tiny()
