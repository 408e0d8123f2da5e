"""Ten KiB where eight are allowed."""

import pikepdf

from taiyaku.preflight.preflight import PreflightProfile
from tests.preflight.tiny import tiny

EXPECT = PreflightProfile(max_bytes=8 * 1024)


def spoil(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.PieceInfo = pdf.make_stream(bytes(range(256)) * 40)


def wrong() -> bytes:
    return tiny(change=spoil, compress_streams=False)


def right() -> bytes:
    return tiny()
