"""Bitmaps without what a camera or an editor noted in them: where, when, by whom, with what. Pure.

Whoever publishes a photograph means what it shows. The picture itself is kept byte for byte, with its colours (ICC) and
which way up it is; all else goes: Exif, XMP, IPTC, comments, small second pictures, and what stands behind the end.
"""

import struct
from collections.abc import Iterator
from typing import Final
from zlib import crc32

from PIL import Image

from taiyaku.content.figures import ORIENTATION, way_up

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_JPEG: Final = b"\xff\xd8"

_CHUNKS: Final = frozenset((b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"cICP", b"sBIT", b"bKGD", b"pHYs"))
"""The parts of a PNG that change how it looks, besides those that every reader must know (PNG, 11.3)."""

_APPLICATIONS: Final = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
"""The application segments of a JPEG that change how it looks, and how they begin."""

_COMMENT: Final = 0xFE
_START_OF_SCAN: Final = 0xDA
_END: Final = 0xD9
_LONELY: Final = frozenset((0x01, *range(0xD0, 0xD8)))
"""Markers of a JPEG that have no length (ITU-T T.81, B.1.1.3)."""


def without_notes(data: bytes) -> bytes:
    """Return a PNG or a JPEG without what was noted in it; other files as they are."""
    if data.startswith(_PNG):
        return _PNG + b"".join(_chunks(data))
    return _JPEG + b"".join(_segments(data)) if data.startswith(_JPEG) else data


def _way_up(data: bytes) -> bytes:
    """Return an Exif block that holds nothing but which way up a picture is; none where it stands upright."""
    exif = Image.Exif()
    exif[ORIENTATION] = turned = way_up(data)
    return exif.tobytes() if turned > 1 else b""


def _chunks(data: bytes) -> Iterator[bytes]:
    at, name = len(_PNG), b""
    while at + 8 <= len(data) and name != b"IEND":
        end = at + 12 + int(struct.unpack_from(">I", data, at)[0])
        name = data[at + 4 : at + 8]
        if name[:1].isupper() or name in _CHUNKS:
            yield data[at:end]
        if name == b"IHDR" and (exif := _way_up(data).removeprefix(b"Exif\0\0")):
            yield struct.pack(">I", len(exif)) + b"eXIf" + exif + struct.pack(">I", crc32(b"eXIf" + exif))
        at = end


def _segments(data: bytes) -> Iterator[bytes]:
    """Return the segments of a JPEG that draw it, and its scans, up to the end of the picture (ITU-T T.81, B.1)."""
    if exif := _way_up(data):
        yield b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif
    at, marker = len(_JPEG), 0
    while at + 2 <= len(data) and marker != _END:
        if data[at] != 0xFF or data[at + 1] == 0xFF:  # filling between segments
            at += 1
            continue
        marker, end = data[at + 1], at + 2
        if marker not in _LONELY and marker != _END and end + 2 <= len(data):
            end += int(struct.unpack_from(">H", data, end)[0])
        if marker == _START_OF_SCAN:
            end = _scan_end(data, end)
        if _draws(marker, data[at + 4 : end]):
            yield data[at:end]
        at = end


def _draws(marker: int, body: bytes) -> bool:
    if marker in range(0xE0, 0xF0):
        return marker in _APPLICATIONS and body.startswith(_APPLICATIONS[marker])
    return marker != _COMMENT


def _scan_end(data: bytes, at: int) -> int:
    """Find the marker behind a scan: in it, 0xFF is followed by 0, or begins a marker that counts."""
    while (at := data.find(b"\xff", at)) >= 0 and at + 1 < len(data):
        if data[at + 1] not in (0, 0xFF) and data[at + 1] not in _LONELY:
            return at
        at += 1
    return len(data)
