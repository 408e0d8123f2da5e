"""No structure tree."""

import pikepdf

from tests.preflight.tiny import tiny


def spoil(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.StructTreeRoot


def wrong() -> bytes:
    return tiny(change=spoil)


def right() -> bytes:
    return tiny()
