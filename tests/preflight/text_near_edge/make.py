"""A line 3 mm from the edge; a folio may stand there."""

from taiyaku.model.units import mm
from taiyaku.preflight.profile import SCREEN
from tests.preflight.tiny import BODY, artifact, text, tiny, told


def wrong() -> bytes:
    return tiny(SCREEN, told(text("Ab", y=mm(3))))


def right() -> bytes:
    return tiny(SCREEN, BODY + artifact(text("1", y=mm(3))))
