"""What is left of a text, a line, a reading, a box or a code, measured on a page and its copy."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import zxingcpp
from PIL import Image, ImageChops, ImageStat

from taiyaku.preflight.photocopy.copier import GROUND, PAPER
from taiyaku.preflight.photocopy.places import Box, CopiedLine, Spot, around

LEAST_LINE: Final = 0.20
"""A line is there where it covers so much more of the paper than what is beside it."""

_HALF: Final = 128

_SHARE: Final = 0.05
"""The darkest and the lightest part of a text's box that stand for its ink and its ground, or the other way about."""


def extremes(picture: Image.Image) -> tuple[float, float]:
    """Return the mean of the darkest and of the lightest pixels, 0 … 255."""
    counts = picture.histogram()
    wanted = max(1, round(_SHARE * sum(counts)))
    return _mean_of_first(enumerate(counts), wanted), _mean_of_first(reversed(tuple(enumerate(counts))), wanted)


def _mean_of_first(counts: Iterable[tuple[int, int]], wanted: int) -> float:
    total, left = 0, wanted
    for value, count in counts:
        taken = min(count, left)
        total, left = total + value * taken, left - taken
        if not left:
            break
    return total / wanted


def contrast(dark: float, light: float) -> float:
    """Return the contrast of two greys 0…255, which are shares of paper and so of light (WCAG 2.2, contrast ratio)."""
    return (light / PAPER + 0.05) / (dark / PAPER + 0.05)


_DRAWN: Final = GROUND * PAPER
"""A line that differs less from what is beside it in the original is a tint: it parts what stands apart without it."""

_DASH: Final = 0.67
"""What shows less than so much of a line's darkest place is a gap between its dashes."""


def length_left(line: CopiedLine, original: Image.Image, copy: Image.Image) -> float:
    """Return how much of a line that shows in the original still shows in the copy; 1.0 where none did."""
    before, after = original.load(), copy.load()
    profiles = [(pixels_across(spot, line.reach, original.size), spot.length) for spot in line.spots]
    depths = [_depth(before, places) for places, _ in profiles]
    least = max(_DRAWN, _DASH * max(depths, default=0))
    shown = [profile for profile, depth in zip(profiles, depths, strict=True) if depth >= least]
    left = sum(length for places, length in shown if _depth(after, places) >= LEAST_LINE * PAPER)
    return left / sum(length for _, length in shown) if shown else 1.0


def _depth(pixels: Any, places: Sequence[tuple[int, int]]) -> int:
    """Return how far the darkest and the lightest of some pixels are apart."""
    seen = [pixels[place] for place in places]
    return max(seen) - min(seen) if seen else 0


def pixels_across(spot: Spot, reach: float, size: tuple[int, int]) -> list[tuple[int, int]]:
    """Return the pixels across a line, from one side to the other, as far as they lie on the page."""
    (right, down), (width, height), steps = spot.across, size, math.ceil(reach)
    places = ((int(spot.x + step * right), int(spot.y + step * down)) for step in range(-steps, steps + 1))
    return [(x, y) for x, y in places if 0 <= x < width and 0 <= y < height]


def likeness(printed: Image.Image, copy: Image.Image) -> float:
    """Return how like a copy is to what was printed, finer: the correlation of their greys, 1 where nothing changed."""
    again = copy.resize(printed.size, Image.Resampling.BICUBIC)
    one, other = ImageStat.Stat(printed), ImageStat.Stat(again)
    both = ImageStat.Stat(ImageChops.multiply(printed, again)).mean[0] * PAPER
    spread = one.stddev[0] * other.stddev[0]
    return float((both - one.mean[0] * other.mean[0]) / spread) if spread else 0.0


def open_left(original: Image.Image, copy: Image.Image) -> float:
    """Return how much of the original's paper is still paper on the copy; 1.0 where there was little: it is ticked."""
    paper = original.point(_LIGHT)
    both = ImageChops.darker(paper, copy.point(_LIGHT))
    before, after = (picture.histogram()[PAPER] for picture in (paper, both))
    return after / before if before > _TICKED * original.width * original.height else 1.0


_TICKED: Final = 0.5
"""A box of which less is white is ticked."""

_LIGHT: Final = tuple(PAPER * (value >= _HALF) for value in range(PAPER + 1))


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code: what it says, and its box on the page."""

    text: str
    box: Box


def read_codes(picture: Image.Image) -> tuple[Code, ...]:
    """Read the QR codes (ISO/IEC 18004) in a picture."""
    found = zxingcpp.read_barcodes(picture, formats=zxingcpp.barcode_formats_from_str("QRCodeModel2"))
    return tuple(Code(code.text, _corners(code.position)) for code in found)


def _corners(place: Any) -> Box:
    return around((at.x, at.y) for at in (place.top_left, place.top_right, place.bottom_left, place.bottom_right))
