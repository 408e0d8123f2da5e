"""No PDF: half of one."""

from tests.preflight.tiny import tiny


def wrong() -> bytes:
    return tiny()[:700]


def right() -> bytes:
    return tiny()
