"""Where things lie on a drawn page, in its pixels, and the records of what a page holds."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from taiyaku.preflight.photocopy.copier import Colour

Point = tuple[float, float]

Box = tuple[int, int, int, int]
"""Left, top, right and bottom in pixels of the drawn page."""


@dataclass(frozen=True, slots=True)
class Matrix:
    """How points of one space lie in another (ISO 32000-2, 8.3.4)."""

    a: float
    b: float
    c: float
    d: float
    e: float
    f: float

    def on(self, point: Point) -> Point:
        """Return a point's place in the other space."""
        x, y = point
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f

    def then(self, after: "Matrix") -> "Matrix":
        """Return the matrix that does this one and then the other."""
        (e, f), (a, b), (c, d) = (after.on(self.on(p)) for p in ((0, 0), (1, 0), (0, 1)))
        return Matrix(a - e, b - f, c - e, d - f, e, f)

    @property
    def scale(self) -> float:
        """Return by how much lengths grow, on average."""
        return math.sqrt(abs(self.a * self.d - self.b * self.c))


@dataclass(frozen=True, slots=True)
class CopiedText:
    """A run of text: what it says, its size in pt on the page, its colour, and the box of its glyphs."""

    text: str
    size: float
    colour: Colour
    box: Box


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on a line or edge, the direction across it (of length 1), and the length in pixels it stands for."""

    x: float
    y: float
    across: Point
    length: float


@dataclass(frozen=True, slots=True)
class CopiedLine:
    """A drawn line, rule or outline: places along it, and how far across it one has to look, in pixels."""

    spots: tuple[Spot, ...]
    reach: float


@dataclass(frozen=True, slots=True)
class Ground:
    """A filled area: places along its edge, and its colour."""

    edge: tuple[Spot, ...]
    colour: Colour


@dataclass(frozen=True, slots=True)
class Tick:
    """A box to tick: its outline, and what lies inside."""

    outline: CopiedLine
    inside: Box


@dataclass(frozen=True, slots=True)
class CopiedPage:
    """What a page holds, in the order of painting."""

    texts: tuple[CopiedText, ...]
    lines: tuple[CopiedLine, ...]
    grounds: tuple[Ground, ...]
    ticks: tuple[Tick, ...]


def around(points: Iterable[Point]) -> Box:
    """Return the pixels in which points lie."""
    xs, ys = zip(*points, strict=True)
    return math.floor(min(xs)), math.floor(min(ys)), math.ceil(max(xs)), math.ceil(max(ys))


def wider(box: Box, by: int) -> Box:
    """Return a box that is larger by so many pixels on each side, or smaller, where they are negative."""
    return box[0] - by, box[1] - by, box[2] + by, box[3] + by


Polygon = tuple[Point, ...]

Clip = tuple[float, float, float, float] | None
"""Left, top, right and bottom in pixels, outside which nothing shows; None: the page."""


def on_page(box: Box, size: tuple[int, int]) -> Box:
    """Return the part of a box that lies on the page; at least a pixel of it."""
    (left, right), (top, bottom) = (
        (min(max(0, low), side - 1), max(min(high, side), 1))
        for low, high, side in zip(box[:2], box[2:], size, strict=True)
    )
    return left, top, max(left + 1, right), max(top + 1, bottom)
