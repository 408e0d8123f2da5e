"""Boxes and matrices on a page, in pt from the page's origin (ISO 32000-2, 8.3)."""

from collections.abc import Iterable
from math import hypot
from typing import Final, NamedTuple

from taiyaku.model.units import PT_PER_MM

Matrix = tuple[float, float, float, float, float, float]
"""a b c d e f: x' = ax + cy + e, y' = bx + dy + f (ISO 32000-2, 8.3.4)."""

IDENTITY: Final[Matrix] = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


class Box(NamedTuple):
    """A rectangle: left, bottom, right, top in pt."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        """Return the width in pt."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Return the height in pt."""
        return self.top - self.bottom

    @property
    def thickness(self) -> float:
        """Return the shorter side in pt."""
        return min(self.width, self.height)

    def cut(self, other: "Box") -> "Box":
        """Return what two boxes share; where they share nothing, a box of a negative side."""
        return Box(
            max(self.left, other.left), max(self.bottom, other.bottom),
            min(self.right, other.right), min(self.top, other.top),
        )  # fmt: skip

    def grown(self, by: float) -> "Box":
        """Return the box with each edge moved outwards by so many pt."""
        return Box(self.left - by, self.bottom - by, self.right + by, self.top + by)

    def holds(self, other: "Box", slack: float = 0.0) -> bool:
        """Tell whether another box lies inside; ``slack`` pt may stand out."""
        return (
            other.left >= self.left - slack
            and other.bottom >= self.bottom - slack
            and other.right <= self.right + slack
            and other.top <= self.top + slack
        )

    def meets(self, other: "Box") -> bool:
        """Tell whether two boxes share more than an edge."""
        return (
            self.left < other.right and other.left < self.right and self.bottom < other.top and other.bottom < self.top
        )

    def size_mm(self) -> str:
        """Say the size in mm, as a message shows it."""
        return f"{self.width / PT_PER_MM:.1f} × {self.height / PT_PER_MM:.1f} mm"


EVERYWHERE: Final = Box(float("-inf"), float("-inf"), float("inf"), float("inf"))


def times(first: Matrix, then: Matrix) -> Matrix:
    """Return the matrix that does ``first``, and ``then`` the other (ISO 32000-2, 8.3.4: M' = first × then)."""
    a, b, c, d, e, f = first
    p, q, r, s, t, u = then
    return (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u)


def scale_of(matrix: Matrix) -> float:
    """Return by how much lengths grow: the root of the area's growth."""
    a, b, c, d, _, _ = matrix
    return float(abs(a * d - b * c) ** 0.5)


def sides_of(matrix: Matrix) -> tuple[float, float]:
    """Return the lengths of the unit square's sides in pt: what an image measures (ISO 32000-2, 8.9.5.1)."""
    a, b, c, d, _, _ = matrix
    return hypot(a, b), hypot(c, d)


def around(points: Iterable[tuple[float, float]], matrix: Matrix = IDENTITY) -> Box:
    """Return the box around points after a matrix."""
    a, b, c, d, e, f = matrix
    xs: list[float] = []
    ys: list[float] = []
    for x, y in points:
        xs.append(a * x + c * y + e)
        ys.append(b * x + d * y + f)
    return Box(min(xs), min(ys), max(xs), max(ys))


def placed(box: Box, matrix: Matrix) -> Box:
    """Return the box around a box after a matrix."""
    left, bottom, right, top = box
    return around(((left, bottom), (right, bottom), (left, top), (right, top)), matrix)


Bounds = tuple[float, float, float, float]
"""Left, bottom, right, top in pt from the page's lower left."""
