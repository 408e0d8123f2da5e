"""Red as a screen mixes it; the right one as a press does."""

from taiyaku.preflight.profile import PRESS
from tests.preflight.tiny import BODY, tiny, wanted

EXPECT = wanted(PRESS)


def wrong() -> bytes:
    return tiny(PRESS, BODY + b" 1 0 0 rg 30 30 9 9 re f")


def right() -> bytes:
    return tiny(PRESS, BODY + b" 0 1 1 0 k 30 30 9 9 re f")
