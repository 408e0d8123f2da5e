"""Pictures: which files are one, what an SVG may hold, and the frames for labels in it. Pure.

A picture holds no words, so that one file serves every language. Where words belong into it, its SVG
has a frame, ``<rect class="label" …>``, and the Markdown a list of labels: the first label stands in
the first frame. ``data-align="start"`` sets a label at the frame's left edge instead of its middle,
``data-align="top"`` at its top.

An SVG draws shapes and nothing else. What it might load, run or hide is found here, before anything is set: a font that
a picture brings would replace ours, and change the digits on every page.
"""

import re
import struct
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import PurePosixPath
from typing import Final

from PIL import Image, ImageFile

from taiyaku.content.svg import PictureFault, SvgReader

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_JPEG: Final = b"\xff\xd8\xff"
SUFFIXES: Final = (".svg", ".png", ".jpg", ".jpeg")
"""How the names of pictures end, in small letters."""


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
        """Return the frame as CSS for a box inside the picture's."""
        return f"left: {self.left:.3f}%; top: {self.top:.3f}%; width: {self.width:.3f}%; height: {self.height:.3f}%"


@dataclass(frozen=True, slots=True)
class _Drawing:
    """What an SVG holds, read without carrying out anything that it asks for."""

    root: str
    words: bool
    faults: tuple[PictureFault, ...]
    frames: tuple[Frame, ...]
    view: str
    size: tuple[str, str]


def is_picture(name: str, data: bytes) -> bool:
    """Tell whether the bytes are what the file's name promises: SVG, PNG or JPEG."""
    suffix = PurePosixPath(name).suffix.lower()
    if suffix == ".svg":
        return _read(data).root == "svg"
    starts = {".png": _PNG, ".jpg": _JPEG, ".jpeg": _JPEG}
    return suffix in starts and data.startswith(starts[suffix])


def holds_words(data: bytes) -> bool:
    """Tell whether an SVG holds text, which nobody could translate."""
    return _read(data).words


def svg_faults(name: str, data: bytes) -> tuple[PictureFault, ...]:
    """Return what an SVG holds besides shapes, in the order of its lines; other pictures hold nothing of the kind."""
    return _read(data).faults if PurePosixPath(name).suffix.lower() == ".svg" else ()


MOST_PIXELS: Final = 64_000_000
"""So many pixels has a bitmap at most: A3 in 500 dpi, or what a telephone's camera takes. More fills the memory."""


@lru_cache(maxsize=64)
def bitmap_fault(data: bytes) -> tuple[str, str] | None:
    """Decode a bitmap once: give the finding's code and what stands in the way, or None where it can be shown whole.

    What is cut off or damaged would be printed black or grey. Of a PNG every part is compared with its checksum; a JPEG
    has none, and only what is missing is found.
    """
    if not data.startswith((_PNG, _JPEG)):
        return None
    try:
        with _silenced(), Image.open(BytesIO(data), formats=_FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                return "figure.large", f"{image.width} × {image.height}"
            image.verify()
            with Image.open(BytesIO(data), formats=_FORMATS) as whole:
                whole.load()
        if data.startswith(_PNG) and _PNG_END not in data:
            return "figure.broken", "its end is missing"
    except Image.DecompressionBombError:
        return "figure.large", "hundreds of millions of"
    except (OSError, SyntaxError, ValueError, LookupError, OverflowError) as error:  # as Pillow's readers raise them
        return "figure.broken", str(error).partition("<_io")[0].strip() or type(error).__name__
    return None


@contextmanager
def _silenced() -> Iterator[None]:
    """Let Pillow warn of nothing: not of damaged notes in a picture, which nobody needs, nor of many pixels.

    It stops at what is cut off; the typesetter lets it pass, from its import on, for the whole process.
    """
    lenient, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = lenient


_PNG_END: Final = b"\0\0\0\0IEND\xaeB`\x82"
_FORMATS: Final = ("PNG", "JPEG")

NARROWEST: Final = 1 / 6
"""A picture that is higher for its width than this is a strip where it is as high as the page: nobody can read it."""

_UNSIZED: Final = 2.0
"""What is as wide for its height where nothing says so (CSS Images 3, 4.3: 300 by 150)."""


@lru_cache(maxsize=64)
def aspect_of(data: bytes) -> float:
    """Return how many times as wide as high a picture is."""
    try:
        width, height = _svg_size(_read(data)) if _read(data).root == "svg" else _bitmap_size(data)
        return width / height
    except (OSError, SyntaxError, LookupError, ValueError, ZeroDivisionError, Image.DecompressionBombError):
        return _UNSIZED


def _svg_size(drawing: _Drawing) -> tuple[float, float]:
    """Return an SVG's width and height as it says them, else those of its viewBox (SVG 2, 8.12)."""
    said = [_LENGTH.fullmatch(length) for length in drawing.size]
    lengths = [float(one[1]) * _UNITS[one[2]] for one in said if one is not None]
    if len(lengths) < len(said) or not all(lengths):
        lengths = [float(number) for number in drawing.view.replace(",", " ").split()[2:4]]
    return lengths[0], lengths[1]


_UNITS: Final[Mapping[str, float]] = {"": 1, "px": 1, "pt": 4 / 3, "pc": 16, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96}
_LENGTH: Final = re.compile(r"\s*([\d.]+)\s*(px|pt|pc|mm|cm|in|)\s*")


def _bitmap_size(data: bytes) -> tuple[float, float]:
    """Return a bitmap's width and height as it is shown: a camera's picture may lie on its side (Exif, Orientation)."""
    with _silenced(), Image.open(BytesIO(data), formats=_FORMATS) as image:
        wide, high = image.size
    return (high, wide) if way_up(data) > _UPRIGHT else (wide, high)


def way_up(data: bytes) -> int:
    """Return which way up a bitmap is shown (Exif, Orientation): 1 to 8, where 1 is as it stands."""
    try:
        with _silenced(), Image.open(BytesIO(data), formats=_FORMATS) as image:
            turned = image.getexif().get(ORIENTATION, 1)
    except (OSError, SyntaxError, ValueError, LookupError, struct.error):  # a damaged note says nothing
        return 1
    return turned if turned in range(1, 9) else 1


ORIENTATION: Final = 0x0112
_UPRIGHT: Final = 4


def figure_frames(data: bytes) -> tuple[Frame, ...]:
    """Return the frames of an SVG in document order; none for other pictures and for an SVG that cannot be read.

    Frames are measured against the viewBox (SVG 2, 8.6), so they may not be moved by a ``transform``.
    """
    return _read(data).frames


_WORDS: Final = re.compile(rb"<(?:\w+:)?(?:text|foreignObject)\b")
"""Words behind the place up to which a file can be read."""


@lru_cache(maxsize=64)
def _read(data: bytes) -> _Drawing:
    reader = SvgReader()
    reader.read(data)
    faults = tuple(reader.faults)
    unread = any(fault.code in ("figure.xml", "figure.entities") for fault in faults)
    words = reader.words or (unread and _WORDS.search(data) is not None)
    frames = () if faults else _frames(reader)
    return _Drawing(reader.root, words, faults, frames, reader.view, reader.size)


def _frames(reader: SvgReader) -> tuple[Frame, ...]:
    try:
        left, top, width, height = map(float, reader.view.replace(",", " ").split())
        return tuple(
            Frame(
                100 * (float(rect.get("x", "0")) - left) / width,
                100 * (float(rect.get("y", "0")) - top) / height,
                100 * float(rect.get("width", "0")) / width,
                100 * float(rect.get("height", "0")) / height,
                rect.get("data-align", "middle"),
            )
            for rect in reader.rects
        )
    except (ValueError, ZeroDivisionError):
        return ()
