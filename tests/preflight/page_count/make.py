"""Three pages cannot be folded."""

from taiyaku.preflight.preflight import PreflightProfile
from taiyaku.preflight.profile import SCREEN
from tests.preflight.tiny import BODY, tiny

EXPECT = PreflightProfile(multiple=4)


def wrong() -> bytes:
    return tiny(SCREEN, *[BODY] * 3)


def right() -> bytes:
    return tiny(SCREEN, *[BODY] * 4)
