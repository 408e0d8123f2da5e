"""A bar that ends at the trim; the right one goes on to the end of the bleed."""

from taiyaku.preflight.expect import PRESS
from taiyaku.units import mm
from tests.preflight.tiny import BLEED, text, tiny, wanted

EXPECT = wanted(PRESS)


def wrong() -> bytes:
    return tiny(PRESS, text("A") + b" 0 0 30 20 re f")


def right() -> bytes:
    return tiny(PRESS, text("A") + b" %f %f 30 20 re f" % (-mm(BLEED), -mm(BLEED)))
