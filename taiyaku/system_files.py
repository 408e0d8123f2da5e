"""Fonts and the colour profile: where they lie on a machine."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path


def font_folders() -> list[Path]:
    """List the folders in which fonts are looked for, the first to be searched first.

    Returns:
        The folders named in TAIYAKU_FONTS, then the usual ones of Linux and macOS; some may not exist.
    """
    named = [Path(folder) for folder in os.environ.get("TAIYAKU_FONTS", "").split(os.pathsep) if folder]
    usual = ["/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts"]
    if os.environ.get("XDG_DATA_HOME"):
        usual.append(os.environ["XDG_DATA_HOME"] + "/fonts")
    usual += ["/Library/Fonts", "~/Library/Fonts", "/opt/homebrew/share/fonts"]
    return named + [folder for folder in map(_without_tilde, usual) if folder]


def find_font(name: str) -> Path | None:
    """Find a font by its file name, anywhere below the font folders.

    Args:
        name: The file name, such as `NotoSansCJK-Regular.ttc`.

    Returns:
        The file, or None where no folder has it.
    """
    place = font_files(tuple(font_folders())).get(name)
    return Path(place, name) if place else None


def _without_tilde(folder: str) -> Path | None:
    try:
        return Path(folder).expanduser()
    except RuntimeError:  # a user without a home, as in many containers
        return None


@lru_cache(maxsize=8)
def font_files(folders: tuple[Path, ...]) -> dict[str, str]:
    """Map each file name to the first folder that has it, in one walk a process."""
    places: dict[str, str] = {}
    for folder in folders:
        for place, subfolders, names in os.walk(folder):
            subfolders.sort()  # the same copy of a font is found on every file system
            for name in names:
                places.setdefault(name, place)
    return places


# Free to use and to hand on: the profile that Ghostscript brings. A printing house's own is named with --profile.
PROFILE = "default_cmyk.icc"
PROFILE_FOLDERS = (
    "~/.local/share/color/icc",
    "/usr/share/color/icc",
    "/usr/local/share/color/icc",
    "/usr/share/ghostscript",
    "/usr/local/share/ghostscript",
    "/opt/homebrew/share/ghostscript",
)


def find_profile(name: str = PROFILE) -> Path | None:
    """Find a colour profile by its file name, below the folders where systems keep them; None where there is none."""
    folders = filter(None, map(_without_tilde, PROFILE_FOLDERS))
    return next((path for folder in folders for path in sorted(folder.rglob(name))), None)
