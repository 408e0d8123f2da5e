"""A line of 0.1 pt."""

from taiyaku.preflight.profile import SCREEN
from tests.preflight.tiny import BODY, artifact, tiny


def wrong() -> bytes:
    return tiny(SCREEN, BODY + artifact(b".1 w 30 50 m 60 50 l S"))


def right() -> bytes:
    return tiny(SCREEN, BODY + artifact(b".25 w 30 50 m 60 50 l S"))
