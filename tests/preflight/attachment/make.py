"""A file within the file."""

import pikepdf

from tests.preflight.tiny import tiny


def spoil(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["secret.txt"] = b"secret"


def wrong() -> bytes:
    return tiny(change=spoil)


def right() -> bytes:
    return tiny()
