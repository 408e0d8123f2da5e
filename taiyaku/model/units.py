"""Lengths: millimetres and points for the page, CSS pixels inside the typesetter."""

from typing import Final

PT_PER_MM: Final = 72 / 25.4
"""Points in a millimetre (ISO 32000-2, 8.3.2.3: a point is 1/72 inch)."""

MM_PER_PX: Final = 25.4 / 96
"""Millimetres in a CSS pixel."""


def mm(length: float) -> float:
    """Return ``length`` millimetres in points."""
    return length * PT_PER_MM
