"""4 pt; 5 pt can just be read."""

from taiyaku.preflight.profile import SCREEN
from tests.preflight.tiny import text, tiny, told


def wrong() -> bytes:
    return tiny(SCREEN, told(text("Ab", size=4)))


def right() -> bytes:
    return tiny(SCREEN, told(text("Ab", size=5)))
