"""Glyph 0, the empty box."""

from taiyaku.preflight.profile import SCREEN
from tests.preflight.tiny import tiny, told


def wrong() -> bytes:
    return tiny(SCREEN, told(b"BT /F 10 Tf 30 60 Td <00020000> Tj ET"))


def right() -> bytes:
    return tiny()
