"""The second of three pages is empty; before the back cover of a printed booklet it may be."""

from taiyaku.preflight.profile import PRINT
from tests.preflight.tiny import BODY, tiny, wanted

EXPECT = wanted(PRINT)


def wrong() -> bytes:
    return tiny(PRINT, BODY, b"", BODY, BODY)


def right() -> bytes:
    return tiny(PRINT, BODY, BODY, b"", BODY)
