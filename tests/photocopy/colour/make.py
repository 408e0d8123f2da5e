"""Two areas side by side: of colours that a copier cannot tell apart, and the same with a white line between them."""

from tests.photocopy.tiny import INDIGO, VERMILION, area, document, fill


def wrong() -> bytes:
    return document(fill(INDIGO) + area(10, 10, 15, 15) + fill(VERMILION) + area(25, 10, 15, 15))


def right() -> bytes:
    return document(fill(INDIGO) + area(10, 10, 15, 15) + fill(VERMILION) + area(26, 10, 15, 15))
