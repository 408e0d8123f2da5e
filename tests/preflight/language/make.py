"""Nobody knows which language it is in; the paragraph alone says it."""

import pikepdf
from pikepdf import String

from tests.preflight.tiny import tiny


def spoil(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.Lang
    pdf.Root.StructTreeRoot.K[0].Lang = String("en")


def wrong() -> bytes:
    return tiny(change=spoil)


def right() -> bytes:
    return tiny()
