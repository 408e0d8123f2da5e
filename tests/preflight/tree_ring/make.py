"""A structure element that stands in itself."""

import pikepdf

from tests.preflight.tiny import tiny


def _ring(pdf: pikepdf.Pdf) -> None:
    document = pdf.Root.StructTreeRoot.K[0]
    document.K.append(document)


def wrong() -> bytes:
    return tiny(change=_ring)


def right() -> bytes:
    return tiny()
