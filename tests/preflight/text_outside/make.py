"""A line that runs off the page."""

from taiyaku.preflight.profile import SCREEN
from tests.preflight.tiny import text, tiny, told


def wrong() -> bytes:
    return tiny(SCREEN, told(text("AbAbAb", x=90)))


def right() -> bytes:
    return tiny()
