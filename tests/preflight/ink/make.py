"""All inks in full, 400 %."""

from taiyaku.preflight.profile import PRESS
from tests.preflight.tiny import BODY, tiny, wanted

EXPECT = wanted(PRESS)


def wrong() -> bytes:
    return tiny(PRESS, BODY + b" 1 1 1 1 k 30 30 9 9 re f")


def right() -> bytes:
    return tiny(PRESS, BODY + b" 1 1 .9 0 k 30 30 9 9 re f")
