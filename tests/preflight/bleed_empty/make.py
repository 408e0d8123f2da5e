"""A bar that ends at the trim; the right one goes on to the end of the bleed."""

from taiyaku.model.units import mm
from taiyaku.preflight.profile import PRESS
from tests.preflight.tiny import BLEED, text, tiny, wanted

EXPECT = wanted(PRESS)


def wrong() -> bytes:
    return tiny(PRESS, text("A") + b" 0 0 30 20 re f")


def right() -> bytes:
    return tiny(PRESS, text("A") + b" %f %f 30 20 re f" % (-mm(BLEED), -mm(BLEED)))
