"""Dark text on a ground that goes dark, and on one that goes white."""

from tests.photocopy.tiny import area, document, fill, text


def page(ground: tuple[int, int, int]) -> bytes:
    return document(fill(ground) + area(4, 15, 50, 15) + fill((28, 28, 28)) + text("on a tint"))


def wrong() -> bytes:
    return page((95, 115, 105))


def right() -> bytes:
    return page((234, 240, 247))
