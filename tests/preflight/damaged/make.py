"""The table of objects is gone, and a reader must look for them."""

from tests.preflight.tiny import tiny


def wrong() -> bytes:
    return tiny().replace(b"startxref", b"startxxxx")


def right() -> bytes:
    return tiny()
