"""A tag that BCP 47 does not know."""

import pikepdf
from pikepdf import String

from tests.preflight.tiny import tiny


def spoil(pdf: pikepdf.Pdf) -> None:
    pdf.Root.StructTreeRoot.K[0].K[0].Lang = String("japanese")


def mend(pdf: pikepdf.Pdf) -> None:
    pdf.Root.StructTreeRoot.K[0].K[0].Lang = String("ja")


def wrong() -> bytes:
    return tiny(change=spoil)


def right() -> bytes:
    return tiny(change=mend)
