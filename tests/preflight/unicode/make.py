"""A glyph of which the file does not say what it is."""

import pikepdf

from tests.preflight.tiny import CHARS, tiny, to_unicode


def spoil(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.Resources.Font.F.ToUnicode = pdf.make_stream(to_unicode(CHARS[:2]))


def wrong() -> bytes:
    return tiny(change=spoil)


def right() -> bytes:
    return tiny()
