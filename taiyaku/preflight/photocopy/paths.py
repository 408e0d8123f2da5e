"""A path on a page → a line, a ground or a box to tick, with places along it."""

import ctypes
import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any, Final

import pypdfium2
import pypdfium2.raw as pdfium

from taiyaku.preflight.photocopy.copier import PAPER, PX_PER_MM, Colour
from taiyaku.preflight.photocopy.places import (
    Box,
    Clip,
    CopiedLine,
    Ground,
    Matrix,
    Point,
    Polygon,
    Spot,
    Tick,
    around,
    wider,
)

_HAIR_MM: Final = 1.0
"""What is thinner is a line, not a ground."""

_STEP_PX: Final = 5
"""A line is looked at every so many pixels (0.6 mm)."""

_MOST_SPOTS: Final = 60
"""In so many places at most between two corners."""

ASIDE_PX: Final = 2.5
"""How far beside a line its ground is looked at."""

_TICK_MM: Final = (3.0, 9.0)
"""Sides of a square frame that is a box to tick."""


def matrix_of(item: pypdfium2.PdfObject) -> Matrix:
    """Return where an object's points lie in the space of what holds it."""
    return Matrix(*item.get_matrix().get())


def marks_of(item: pypdfium2.PdfObject, space: Matrix) -> Iterator[CopiedLine | Ground | Tick]:
    """Return what a path draws: a line, a ground, a box to tick; nothing, where it only clips."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(item.raw, fill, stroke)
    own = matrix_of(item).then(space)
    polygons = tuple(_polygons(item.raw, own))
    if not polygons or not (fill.value or stroke.value):
        return
    clip = _clip(item.raw, space)
    if stroke.value:
        yield _stroked(polygons, _stroke_width(item.raw) * own.scale, clip)
    if fill.value:
        yield _filled(
            polygons, even_odd=fill.value == pdfium.FPDF_FILLMODE_ALTERNATE, clip=clip, colour=colour_of(item)
        )


def _stroked(polygons: Sequence[Polygon], width: float, clip: "Clip") -> CopiedLine | Tick:
    line = CopiedLine(_spots(polygons, clip), max(width, 1) / 2 + ASIDE_PX)
    if len(polygons) == 1 and polygons[0][0] == polygons[0][-1] and _is_square(polygons[0]):
        return Tick(line, wider(around(polygons[0]), -math.ceil(width / 2 + 1)))
    return line


def _filled(
    polygons: Sequence[Polygon], *, even_odd: bool, clip: "Clip", colour: "Colour"
) -> CopiedLine | Ground | Tick:
    """Tell a line, drawn as a narrow area, from a ground."""
    rule = _rule(polygons, clip)
    if rule is not None:
        return rule
    closed = tuple((*polygon, polygon[0]) for polygon in polygons)
    thick = _thickness(closed, even_odd=even_odd)
    spots = _spots(closed, clip)
    if thick > _HAIR_MM * PX_PER_MM:
        return Ground(spots, colour)
    line = CopiedLine(spots, thick / 2 + ASIDE_PX)
    outer, *inner = sorted(closed, key=lambda polygon: -abs(_area(polygon)))
    if len(inner) == 1 and _is_square(outer):
        return Tick(line, wider(around(inner[0]), -1))
    return line


def _rule(polygons: Sequence[Polygon], clip: "Clip") -> CopiedLine | None:
    """Return a straight line: an area that, where it shows, is narrow and longer than broad. Its axis stands for it."""
    left, top, right, bottom = _shown(polygons, clip)
    width, height = right - left, bottom - top
    if not 0 <= min(width, height) <= min(_HAIR_MM * PX_PER_MM, max(width, height) / 2):
        return None
    x, y = (left + right) / 2, (top + bottom) / 2
    axis = ((left, y), (right, y)) if width >= height else ((x, top), (x, bottom))
    return CopiedLine(_spots((axis,), None), min(width, height) / 2 + ASIDE_PX)


def _shown(polygons: Sequence[Polygon], clip: Clip) -> tuple[float, float, float, float]:
    xs, ys = zip(*(point for polygon in polygons for point in polygon), strict=True)
    left, top, right, bottom = clip or (-math.inf, -math.inf, math.inf, math.inf)
    return max(min(xs), left), max(min(ys), top), min(max(xs), right), min(max(ys), bottom)


def _clip(raw: Any, space: Matrix) -> Clip:
    """Return the box of what an object is clipped to."""
    path = pdfium.FPDFPageObj_GetClipPath(raw)
    shown: Clip = None
    for index in range(pdfium.FPDFClipPath_CountPaths(path) if path else 0):
        count = pdfium.FPDFClipPath_CountPathSegments(path, index)
        segments = (pdfium.FPDFClipPath_GetPathSegment(path, index, at) for at in range(count))
        points = tuple(space.on(_point(segment)) for segment in segments)
        shown = _shown((points,), shown) if points else shown
    return shown


def _point(segment: Any) -> Point:
    x, y = ctypes.c_float(), ctypes.c_float()
    pdfium.FPDFPathSegment_GetPoint(segment, x, y)
    return x.value, y.value


def _polygons(raw: Any, space: Matrix) -> Iterator[Polygon]:
    """Return a path's parts as points on the drawn page; a curve becomes a few of them."""
    points: list[Point] = []
    curve: list[Point] = []
    for at in range(pdfium.FPDFPath_CountSegments(raw)):
        segment = pdfium.FPDFPath_GetPathSegment(raw, at)
        kind, point = pdfium.FPDFPathSegment_GetType(segment), space.on(_point(segment))
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            if len(points) > 1:
                yield tuple(points)
            points = [point]
        elif kind == pdfium.FPDF_SEGMENT_LINETO:
            points.append(point)
        else:
            curve.append(point)
            if len(curve) == 3:
                points += _curve(points[-1], *curve)
                curve = []
        if pdfium.FPDFPathSegment_GetClose(segment) and points[-1] != points[0]:
            points.append(points[0])
    if len(points) > 1:
        yield tuple(points)


_PIECES: Final = 8
"""Straight pieces in which a curve is followed: icons are small."""


def _curve(start: Point, first: Point, second: Point, end: Point) -> Iterator[Point]:
    """Return points of a cubic Bézier curve behind its start (ISO 32000-2, 8.5.2.2)."""
    for at in range(1, _PIECES + 1):
        t = at / _PIECES
        weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
        x, y = (sum(w * p[i] for w, p in zip(weights, (start, first, second, end), strict=True)) for i in (0, 1))
        yield x, y


def _stroke_width(raw: Any) -> float:
    width = ctypes.c_float()
    pdfium.FPDFPageObj_GetStrokeWidth(raw, width)
    return width.value


def colour_of(item: pypdfium2.PdfObject) -> Colour:
    """Return a fill's red, green and blue; white for a pattern, whose colours are its own."""
    parts = tuple(ctypes.c_uint() for _ in range(4))
    if not pdfium.FPDFPageObj_GetFillColor(item.raw, *parts):
        return PAPER, PAPER, PAPER
    red, green, blue, _ = (part.value for part in parts)
    return red, green, blue


def _area(polygon: Polygon) -> float:
    return sum(x * v - u * y for (x, y), (u, v) in pairwise(polygon)) / 2


def _thickness(polygons: Sequence[Polygon], *, even_odd: bool) -> float:
    """Return how thick an area is on average: twice its size by its edge's length, exact for frames and long rules."""
    if even_odd:
        boxes = [around(polygon) for polygon in polygons]
        depths = [sum(_holds(outer, inner) for outer in boxes) for inner in boxes]
        area = sum(abs(_area(polygon)) * (-1) ** depth for polygon, depth in zip(polygons, depths, strict=True))
    else:
        area = sum(map(_area, polygons))
    edge = sum(math.dist(here, there) for polygon in polygons for here, there in pairwise(polygon))
    return 2 * abs(area) / edge if edge else 0.0


def _holds(outer: Box, inner: Box) -> bool:
    """Tell whether a box holds another one, and is not the same."""
    return outer != inner and all(a <= b for a, b in zip(outer[:2] + inner[2:], inner[:2] + outer[2:], strict=True))


def _is_square(polygon: Polygon) -> bool:
    """Tell whether an outline is a square of a tick box's size, with corners that may be round."""
    left, top, right, bottom = around(polygon)
    width, height = (right - left) / PX_PER_MM, (bottom - top) / PX_PER_MM
    low, high = _TICK_MM
    fills = abs(_area(polygon)) > 0.86 * (right - left - 1) * (bottom - top - 1)
    return low <= min(width, height) and max(width, height) <= high and abs(width - height) < 1 and fills


def _spots(polygons: Iterable[Polygon], clip: Clip) -> tuple[Spot, ...]:
    """Return places along outlines, as far as they show."""
    found = (spot for polygon in polygons for ends in pairwise(polygon) for spot in _along(*ends))
    return tuple(spot for spot in found if clip is None or _is_in(spot, clip))


def _along(start: Point, end: Point) -> Iterator[Spot]:
    length = math.dist(start, end)
    if not length:
        return
    (x, y), (u, v) = start, end
    across = (v - y) / length, (x - u) / length
    count = min(max(1, round(length / _STEP_PX)), _MOST_SPOTS)
    for at in range(count):
        share = (at + 0.5) / count
        yield Spot(x + (u - x) * share, y + (v - y) * share, across, length / count)


def _is_in(spot: Spot, clip: tuple[float, float, float, float]) -> bool:
    left, top, right, bottom = clip
    return left <= spot.x <= right and top <= spot.y <= bottom
