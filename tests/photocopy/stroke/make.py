"""A rule of 0.2 mm that the copier takes for paper, and one that it keeps."""

from tests.photocopy.tiny import document, grey, rule


def wrong() -> bytes:
    return document(grey(0xCC) + rule(0.2))


def right() -> bytes:
    return document(grey(0x8D) + rule(0.2))
