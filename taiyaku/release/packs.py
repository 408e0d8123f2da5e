"""Packs of files, and the sums by which one finds out whether a file is whole. Pure.

Files are stored, not compressed: PDFs are compressed already, and what zlib makes of the rest depends on its version.
"""

import datetime as dt
import hashlib
import zipfile
from collections.abc import Mapping
from io import BytesIO
from typing import Final

from taiyaku.release.catalogue import Catalogue

_UNIX: Final = 3
_PLAIN_FILE: Final = 0o100644 << 16


def pack(files: Mapping[str, bytes], date: dt.date) -> bytes:
    """Make a ZIP of files, by name in order, all of one date: the same files give the same bytes (APPNOTE 4.4)."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, data in sorted(files.items()):
            entry = zipfile.ZipInfo(name, (date.year, date.month, date.day, 0, 0, 0))
            entry.create_system = _UNIX
            entry.external_attr = _PLAIN_FILE
            archive.writestr(entry, data)
    return out.getvalue()


def packed(shelf: Catalogue) -> dict[str, tuple[str, ...]]:
    """Say by language what belongs into its pack: all that an office prints for its readers."""
    packs = {tag: tuple(volume.path for volume in shelf.printed_for(tag)) for tag in shelf.languages}
    return {tag: paths for tag, paths in packs.items() if paths}


def pack_name(language: str) -> str:
    """Return the file name of a language's pack."""
    return f"print-pack_{language}.zip"


def sums(files: Mapping[str, bytes]) -> str:
    """Return the sums of files as ``sha256sum -c`` reads them."""
    lines = (f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(files.items()))
    return "".join(lines)
