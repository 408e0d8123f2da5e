"""A page and its copy → what the copy has lost."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from PIL import Image

from taiyaku.preflight.photocopy.copier import FINER, GROUND, PAPER, PX_PER_MM, PX_PER_PT, Colour, grey_on_copy
from taiyaku.preflight.photocopy.measures import (
    LEAST_LINE,
    Code,
    contrast,
    extremes,
    length_left,
    likeness,
    open_left,
    pixels_across,
    read_codes,
)
from taiyaku.preflight.photocopy.paths import ASIDE_PX
from taiyaku.preflight.photocopy.places import Box, CopiedLine, CopiedPage, CopiedText, Spot, on_page, wider

LEAST_CONTRAST: Final = 4.5
"""So far the colour of a text stands at least from its ground on the copy (WCAG 2.2, 1.4.3)."""

LEAST_STROKE: Final = 2.0
"""So far the darkest parts of its strokes do: in small type they are thinner than a pixel (docs/photocopy.md)."""

LEAST_LENGTH: Final = 0.90
"""So much of a line's length has to be there."""

LEAST_LIKENESS: Final = 0.70
"""So much of a reading's shape is left at least: the correlation of copy and original (docs/photocopy.md)."""

LEAST_INSIDE: Final = 0.95
"""So much of what was white inside a box to tick has to stay white."""

LEAST_APART: Final = 0.08
"""Two grounds that differ less in grey are the same on a copy."""

COLOURS_APART: Final = 48
"""Two colours that differ by so much in red, green or blue (0 … 255) are different to the eye."""

_RING_PX: Final = 2
"""How far around a text its ground is looked at."""


@dataclass(frozen=True, slots=True)
class Copied:
    """A page as printed, as scanned, and its copy's copy; ``codes`` are the original's.

    ``colours`` draws it once more, in colour.
    """

    printed: Image.Image
    original: Image.Image
    copy: Image.Image
    codes: "tuple[Code, ...]"
    drawn: CopiedPage
    colours: Callable[[], Image.Image]


@dataclass(frozen=True, slots=True)
class Loss:
    """What a copy has lost: a code, and what it was."""

    code: str
    what: str


def losses(page: Copied) -> Iterator[Loss]:
    """Find what a copied page has lost."""
    yield from _pale(page)
    yield from _gone(page)
    yield from _closed_up(page)
    yield from _open(page)
    yield from _unread(page)
    yield from _merged(page)


def _pale(page: Copied) -> Iterator[Loss]:
    """Find texts that do not stand out of their ground."""
    for text in page.drawn.texts:
        box = on_page(wider(text.box, _RING_PX), page.original.size)
        if contrast(*extremes(page.original.crop(box))) < _SEEN:
            continue  # nobody can read it in the original either: it lies under a picture or outside the page
        dark, light = extremes(page.copy.crop(box))
        if not _stands_out(text, dark, light):
            yield Loss("copy.tint" if light < _DARK else "copy.contrast", text.text)


def _stands_out(text: CopiedText, dark: float, light: float) -> bool:
    """Tell whether a text is read on the copy. A sign, such as an arrow, is as good as a line."""
    if not any(map(str.isalnum, text.text)):
        return light - dark >= LEAST_LINE * PAPER
    ink = grey_on_copy(text.colour)
    coloured = max(contrast(*sorted((ink, ground))) for ground in (dark, light))
    return coloured >= LEAST_CONTRAST and contrast(dark, light) >= LEAST_STROKE


_SEEN: Final = 1.15
"""With less contrast a text does not show at all."""

_DARK: Final = 0.6 * PAPER
"""A ground that is darker has swallowed its text, whatever the text's own colour."""


def _gone(page: Copied) -> Iterator[Loss]:
    """Find lines that do not show along their length. The modules of a code are no lines."""
    boxes = [code.box for code in page.codes]
    for line in page.drawn.lines:
        if any(_lies_in(line, box) for box in boxes):
            continue
        if length_left(line, page.original, page.copy) < LEAST_LENGTH:
            yield Loss("copy.stroke", _where(line))


def _lies_in(line: CopiedLine, box: Box) -> bool:
    left, top, right, bottom = wider(box, _RING_PX)
    return all(left <= spot.x <= right and top <= spot.y <= bottom for spot in line.spots)


def _where(line: CopiedLine) -> str:
    x, y = (sum(axis) / len(line.spots) / PX_PER_MM for axis in zip(*((s.x, s.y) for s in line.spots), strict=True))
    return f"at {x:.0f} mm from the left, {y:.0f} mm from the top"


def _closed_up(page: Copied) -> Iterator[Loss]:
    """Find readings whose strokes have closed up or gone."""
    for text in readings(page.drawn.texts):
        box = on_page(text.box, page.original.size)
        left, top, right, bottom = (FINER * side for side in box)
        if likeness(page.printed.crop((left, top, right, bottom)), page.copy.crop(box)) < LEAST_LIKENESS:
            yield Loss("copy.ruby", text.text)


_READING: Final = re.compile(r"[\u3041-\u309f\u30a1-\u30ffA-Za-z\u00c0-\u024f\u0300-\u036f' ]+")
"""Kana, or letters with or without tones."""

_SMALLER: Final = 0.67
"""A reading is smaller than so much of its base."""


def readings(texts: Sequence[CopiedText]) -> Iterator[CopiedText]:
    """Return the texts that stand as readings right above a larger one: files without tags tell them no other way."""
    for text in texts:
        if _READING.fullmatch(text.text.strip()) and any(_stands_on(text, base) for base in texts):
            yield text


def _stands_on(text: CopiedText, base: CopiedText) -> bool:
    """Tell whether a text's centre lies above a larger one's, near to it."""
    if text.size > _SMALLER * base.size:
        return False
    middle, size = (text.box[0] + text.box[2]) / 2, base.size * PX_PER_PT
    gap = base.box[1] - text.box[3]
    return base.box[0] <= middle <= base.box[2] and -0.3 * size <= gap <= 0.35 * size


def _open(page: Copied) -> Iterator[Loss]:
    """Find boxes to tick whose outline has gaps, or in which there is no room left."""
    for tick in page.drawn.ticks:
        if length_left(tick.outline, page.original, page.copy) < 1:
            yield Loss("copy.box", f"outline {_where(tick.outline)}")
            continue
        inside = on_page(tick.inside, page.original.size)
        if open_left(page.original.crop(inside), page.copy.crop(inside)) < LEAST_INSIDE:
            yield Loss("copy.box", f"inside {_where(tick.outline)}")


def _unread(page: Copied) -> Iterator[Loss]:
    """Find QR codes that can be read off the page and not off its copy."""
    copy = [code.text for code in read_codes(page.copy)] if page.codes else []
    for code in page.codes:
        if code.text in copy:
            copy.remove(code.text)
        else:
            yield Loss("copy.qr", code.text)


def _merged(page: Copied) -> Iterator[Loss]:
    """Find areas of different colours that meet and have the same grey on the copy."""
    if not _are_alike({ground.colour for ground in page.drawn.grounds}):
        return
    colours, copy = page.colours(), page.copy
    for ground in page.drawn.grounds:
        lost = tuple(spot for spot in ground.edge if _is_lost(spot, colours.load(), copy.load(), copy.size))
        if sum(spot.length for spot in lost) >= _LEAST_EDGE_MM * PX_PER_MM:
            yield Loss("copy.colour", _where(CopiedLine(lost, 0)))


_LEAST_EDGE_MM: Final = 3.0
"""Areas that meet in less are not told apart by their colours."""


def _are_alike(colours: Iterable[Colour]) -> bool:
    """Tell whether two of the colours differ to the eye and not on a copy."""
    inked = [(colour, grey) for colour in colours if (grey := grey_on_copy(colour)) < (1 - GROUND) * PAPER]
    return any(
        _differ(one, other) and abs(grey - other_grey) < LEAST_APART * PAPER
        for one, grey in inked
        for other, other_grey in inked
    )


def _differ(one: Sequence[int], other: Sequence[int]) -> bool:
    return max(abs(a - b) for a, b in zip(one, other, strict=True)) >= COLOURS_APART


def _is_lost(spot: Spot, colours: Any, copy: Any, size: tuple[int, int]) -> bool:
    """Tell whether an edge parts two colours in the original and nothing, not even a line, on the copy."""
    places = pixels_across(spot, ASIDE_PX, size)
    if not places or not _differ(colours[places[0]], colours[places[-1]]):
        return False
    greys = [int(copy[place]) for place in places]
    return max(greys) - min(greys) < LEAST_APART * PAPER and max(greys) < (1 - GROUND) * PAPER
