"""What a machine may lack."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum


class Need(Enum):
    """What a machine may lack, in the words of a message."""

    LIBRARIES = "the Pango and HarfBuzz libraries"
    LATIN_FONTS = "the Noto Sans fonts"
    CJK_FONTS = "the Noto Sans CJK fonts"
    PROFILE = "a CMYK colour profile"
    TOOLS = "programs that the tests check documents with"
    VENV = "Python's own module for virtual environments"
    PACKAGES = "the Python packages"


@dataclass(frozen=True)
class Missing:
    """One need that is not met, and which parts of it."""

    need: Need
    parts: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.need.value} ({', '.join(self.parts)})"


def for_system(lacking: Sequence[Missing]) -> list[Missing]:
    """Leave out what the system's package manager does not bring: the Python packages."""
    return [item for item in lacking if item.need is not Need.PACKAGES]


FONTS = {
    Need.LATIN_FONTS: ("NotoSans-Regular.ttf", "NotoSans-Bold.ttf"),
    Need.CJK_FONTS: ("NotoSansCJK-Regular.ttc", "NotoSansCJK-Bold.ttc"),
}
