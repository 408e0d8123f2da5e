"""Text in a grey that pales, and in one that does not."""

from tests.photocopy.tiny import document, grey, text


def wrong() -> bytes:
    return document(grey(0x99) + text("pale"))


def right() -> bytes:
    return document(grey(0x54) + text("dark"))
