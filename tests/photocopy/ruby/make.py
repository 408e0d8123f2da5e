"""A reading that closes up, and one that does not."""

from tests.photocopy.tiny import document, text


def page(size: float) -> bytes:
    return document(text("Hanzi", size=10) + text("benren queren", size=size, x=22, y=70, font="B"))


def wrong() -> bytes:
    return page(1.8)


def right() -> bytes:
    return page(5)
