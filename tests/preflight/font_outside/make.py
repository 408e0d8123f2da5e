"""A font that the printer may not have."""

import pikepdf

from tests.preflight.tiny import font, tiny


def spoil(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.Resources.Font.F = font(pdf, "Tiny-Sans", embedded=False)


def wrong() -> bytes:
    return tiny(change=spoil)


def right() -> bytes:
    return tiny()
