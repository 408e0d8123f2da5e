"""A QR code whose modules run into one another, and the same one larger."""

import segno

from tests.photocopy.tiny import area, document

ADDRESS = "https://example.org/" + "a-long-name-of-a-page-" * 5


def page(side: float) -> bytes:
    """Draw the code on a square of so many mm, its dark modules as areas."""
    rows = tuple(segno.make(ADDRESS, error="m", micro=False).matrix)
    module = side / len(rows)
    dark = ((x, y) for y, row in enumerate(reversed(rows)) for x, cell in enumerate(row) if cell)
    return document("0 g " + "".join(area(10 + x * module, 4 + y * module, module, module) for x, y in dark))


def wrong() -> bytes:
    return page(11)


def right() -> bytes:
    return page(30)
