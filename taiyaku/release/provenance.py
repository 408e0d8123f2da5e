"""Where the program's parts come from: packages and fonts, with versions, licences and sums."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from email.message import Message
from importlib.metadata import distributions
from pathlib import Path

from taiyaku.language.faces import faces
from taiyaku.own_files import own_file
from taiyaku.system_files import find_font


@dataclass(frozen=True, slots=True)
class FontFile:
    """A font whose characters stand in documents, with the SHA-256 of its file; the licence as SPDX knows it."""

    name: str
    version: str
    licence: str
    sha256: str


def load_packages() -> tuple[str, Mapping[str, Message]]:
    """Read the lock file, and by name what the installed packages say of themselves."""
    installed = {str(one.metadata["Name"]).lower().replace("_", "-").replace(".", "-"): one for one in distributions()}
    lock = own_file("requirements.lock").read_text(encoding="utf-8")
    return lock, {name: one.metadata for name, one in installed.items()}  # type: ignore[misc]  # it is a Message


def load_fonts(languages: Iterable[str]) -> tuple[FontFile, ...]:
    """Read what the fonts that languages are set in say of themselves (OpenType, name table)."""
    from fontTools.ttLib import TTFont

    wanted = {(file, face.index) for tag in languages for face in faces(tag) for file in (face.regular, face.bold)}
    found = []
    for file, index in sorted(wanted):
        path = find_font(file)
        if path is not None:
            with TTFont(path, fontNumber=index, lazy=True) as font:
                said = [font["name"].getDebugName(number) or "" for number in (4, 5, 13)]
            licence = "OFL-1.1" if "Open Font License" in said[2] else "LicenseRef-see-the-font"
            found.append(FontFile(said[0], said[1].removeprefix("Version ").partition(";")[0], licence, _sha256(path)))
    return tuple(found)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
