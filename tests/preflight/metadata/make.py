"""Two titles."""

import pikepdf

from tests.preflight.tiny import tiny


def spoil(pdf: pikepdf.Pdf) -> None:
    pdf.docinfo["/Title"] = "Another"


def wrong() -> bytes:
    return tiny(change=spoil)


def right() -> bytes:
    return tiny()
