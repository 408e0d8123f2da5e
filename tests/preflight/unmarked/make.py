"""A line that is neither told nor an artifact."""

from taiyaku.preflight.profile import SCREEN
from tests.preflight.tiny import BODY, RULE, tiny


def wrong() -> bytes:
    return tiny(SCREEN, BODY + b" 1 w 30 50 m 60 50 l S")


def right() -> bytes:
    return tiny(SCREEN, BODY + RULE)
