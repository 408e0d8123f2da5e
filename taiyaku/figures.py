"""Pictures: which files are one, and the frames for labels that an SVG holds. Pure.

A picture holds no words, so that one file serves every language. Where words belong into it, its SVG
has a frame, ``<rect class="label" …>``, and the Markdown a list of labels: the first label stands in
the first frame. ``data-align="start"`` sets a label at the frame's left edge instead of its middle,
``data-align="top"`` at its top.
"""

import re
import xml.etree.ElementTree as etree
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Final

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_JPEG: Final = b"\xff\xd8\xff"
_SVG_ROOT: Final = re.compile(rb"^\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*<svg[\s>]", re.DOTALL)
_RECT: Final = "{http://www.w3.org/2000/svg}rect"


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a label stands, in percent of the picture's width and height."""

    left: float
    top: float
    width: float
    height: float
    align: str = "middle"

    @property
    def style(self) -> str:
        """Give the frame as CSS for a box inside the picture's."""
        return f"left: {self.left:.3f}%; top: {self.top:.3f}%; width: {self.width:.3f}%; height: {self.height:.3f}%"


def is_picture(name: str, data: bytes) -> bool:
    """Say whether the bytes are what the file's name promises: SVG, PNG or JPEG."""
    suffix = PurePosixPath(name).suffix.lower()
    starts: Mapping[str, bool] = {
        ".svg": bool(_SVG_ROOT.match(data)),
        ".png": data.startswith(_PNG),
        ".jpg": data.startswith(_JPEG),
        ".jpeg": data.startswith(_JPEG),
    }
    return starts.get(suffix, False)


def holds_words(data: bytes) -> bool:
    """Say whether an SVG holds text, which nobody could translate."""
    return bool(re.search(rb"<(?:\w+:)?(?:text|foreignObject)\b", data))


@lru_cache(maxsize=64)
def figure_frames(data: bytes) -> tuple[Frame, ...]:
    """Give the frames of an SVG in document order; none for other pictures and for an SVG that cannot be read.

    Frames are measured against the viewBox (SVG 2, 8.6), so they may not be moved by a ``transform``.
    """
    if b"label" not in data or not _SVG_ROOT.match(data):
        return ()
    try:
        root = etree.fromstring(data)
        left, top, width, height = map(float, root.get("viewBox", "").replace(",", " ").split())
        return tuple(
            Frame(
                100 * (float(rect.get("x", "0")) - left) / width,
                100 * (float(rect.get("y", "0")) - top) / height,
                100 * float(rect.get("width", "0")) / width,
                100 * float(rect.get("height", "0")) / height,
                rect.get("data-align", "middle"),
            )
            for rect in root.iter(_RECT)
            if rect.get("class") == "label"
        )
    except (etree.ParseError, LookupError, ValueError, ZeroDivisionError):
        return ()
