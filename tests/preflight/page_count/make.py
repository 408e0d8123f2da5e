"""Three pages cannot be folded."""

from taiyaku.preflight import Expect
from taiyaku.preflight.expect import SCREEN
from tests.preflight.tiny import BODY, tiny

EXPECT = Expect(multiple=4)


def wrong() -> bytes:
    return tiny(SCREEN, *[BODY] * 3)


def right() -> bytes:
    return tiny(SCREEN, *[BODY] * 4)
