"""A box to tick whose outline goes, and one that stays."""

from tests.photocopy.tiny import document, frame, grey


def wrong() -> bytes:
    return document(grey(0xC0) + frame(0.2))


def right() -> bytes:
    return document(grey(0x1C) + frame(0.35))
