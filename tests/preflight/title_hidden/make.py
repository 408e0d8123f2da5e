"""A window shows the file's name."""

import pikepdf

from tests.preflight.tiny import tiny


def spoil(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.ViewerPreferences


def wrong() -> bytes:
    return tiny(change=spoil)


def right() -> bytes:
    return tiny()
