"""Text of four inks; an area may be."""

from taiyaku.preflight.profile import PRESS
from tests.preflight.tiny import text, tiny, wanted

EXPECT = wanted(PRESS)


def wrong() -> bytes:
    return tiny(PRESS, b".5 .4 .4 1 k " + text("Ab"))


def right() -> bytes:
    return tiny(PRESS, text("Ab") + b" .5 .4 .4 1 k 30 30 9 9 re f")
