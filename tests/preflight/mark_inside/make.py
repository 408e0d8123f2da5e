"""A mark that reaches 2 mm over the trim; the right one stays outside the bleed."""

from taiyaku.preflight.profile import PRESS
from tests.preflight.tiny import BODY, tiny, wanted

EXPECT = wanted(PRESS)


def wrong() -> bytes:
    return tiny(PRESS, BODY + b" q /All CS 1 SCN .25 w 20 -20 m 20 6 l S Q")


def right() -> bytes:
    return tiny(PRESS, BODY + b" q /All CS 1 SCN .25 w 20 -20 m 20 -10 l S Q")
