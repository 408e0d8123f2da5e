"""A finished PDF → findings. Each page is copied twice, as a copier in an office would, and read again.

The page is drawn in grey as a printer does, 600 dots to the inch, and scanned at 200. A copy is three steps on that
picture, without chance in them:

* The scanner blurs (``_OPTICS``). Blur and tone together decide how far an edge moves and which gaps close (E. H.
  Barney Smith, ICDAR 2001, doi:10.1109/ICDAR.2001.953968, who names repeated photocopying; H. S. Baird, "Document image
  defect models", 1992). Their hard threshold is a tone curve here: a copier keeps greys.
* The exposure control takes what is nearly white for paper (``GROUND``). So pale lines and tints go.
* The toner spreads: dot gain (``DOT_GAIN``), as tone value increase is defined in ISO 12647-1, on a parabola.

Grey is read as the share of paper that ink covers (Murray and Davies 1936): 0 paper, 1 full ink; a pixel's value is
255 times the share of paper. The screen of a copier is left out: its dots are an average here.
"""

import ctypes
import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import pypdfium2
import pypdfium2.raw as pdfium
import zxingcpp
from PIL import Image, ImageChops, ImageFilter, ImageStat

from taiyaku.findings import Finding, Place, of
from taiyaku.preflight.subject import page_ranges
from taiyaku.readback import shorten
from taiyaku.units import PT_PER_MM

DPI: Final = 200
"""Pixels to the inch at which a page is scanned."""

FINER: Final = 3
"""So many times finer it is printed."""

GENERATIONS: Final = 2
"""A copy of a copy."""

DOT_GAIN: Final = 0.20
"""What should cover half of the paper covers so much more: an ordinary value of print on uncoated paper."""

GROUND: Final = 0.10
"""What covers less of the paper than this is taken for paper by the exposure control."""

_OPTICS: Final = ImageFilter.Kernel((3, 3), (1, 4, 1, 4, 16, 4, 1, 4, 1))
"""The scanner's blur: a standard deviation of 0.58 pixels (0.07 mm); of lines two to the mm it keeps two thirds."""

LEAST_CONTRAST: Final = 4.5
"""So far the colour of a text stands at least from its ground on the copy (WCAG 2.2, 1.4.3)."""

LEAST_STROKE: Final = 2.0
"""So far the darkest parts of its strokes do: in small type they are thinner than a pixel (docs/photocopy.md)."""

LEAST_LINE: Final = 0.20
"""A line is there where it covers so much more of the paper than what is beside it."""

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

_PX_PER_PT: Final = DPI / 72
_FINE_PER_PT: Final = FINER * _PX_PER_PT
_PX_PER_MM: Final = _PX_PER_PT * PT_PER_MM
_PAPER: Final = 255
_HALF: Final = 128

_HAIR_MM: Final = 1.0
"""What is thinner is a line, not a ground."""

_STEP_PX: Final = 5
"""A line is looked at every so many pixels (0.6 mm)."""

_MOST_SPOTS: Final = 60
"""In so many places at most between two corners."""

_ASIDE_PX: Final = 2.5
"""How far beside a line its ground is looked at."""

_RING_PX: Final = 2
"""How far around a text its ground is looked at."""

_TICK_MM: Final = (3.0, 9.0)
"""Sides of a square frame that is a box to tick."""


# The model


def copied(page: Image.Image) -> Image.Image:
    """Copy a page once: blur, exposure control, dot gain. Takes and gives greys, 0 ink … 255 paper."""
    return page.filter(_OPTICS).point(_TONES)


def _printed(value: int) -> int:
    """Give the grey that is printed where the scanner reads ``value``."""
    ink = max(0.0, 1 - value / _PAPER - GROUND) / (1 - GROUND)
    return round(_PAPER * (1 - ink - 4 * DOT_GAIN * ink * (1 - ink)))


_TONES: Final = tuple(map(_printed, range(_PAPER + 1)))


def copy_of_copy(page: Image.Image) -> Image.Image:
    """Copy a page, and copy the copy."""
    for _ in range(GENERATIONS):
        page = copied(page)
    return page


# What stands on a page

Point = tuple[float, float]
Colour = tuple[int, int, int]
"""Red, green and blue, 0 … 255."""

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
        """Give a point's place in the other space."""
        x, y = point
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f

    def then(self, after: "Matrix") -> "Matrix":
        """Give the matrix that does this one and then the other."""
        (e, f), (a, b), (c, d) = (after.on(self.on(p)) for p in ((0, 0), (1, 0), (0, 1)))
        return Matrix(a - e, b - f, c - e, d - f, e, f)

    @property
    def scale(self) -> float:
        """Give by how much lengths grow, on average."""
        return math.sqrt(abs(self.a * self.d - self.b * self.c))


@dataclass(frozen=True, slots=True)
class Text:
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
class Line:
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

    outline: Line
    inside: Box


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a page holds, in the order of painting."""

    texts: tuple[Text, ...]
    lines: tuple[Line, ...]
    grounds: tuple[Ground, ...]
    ticks: tuple[Tick, ...]


def drawn_on(page: pypdfium2.PdfPage) -> Drawn:
    """Give what a page holds, with places in pixels of the drawn page; forms are opened (ISO 32000-2, 8.10)."""
    found: dict[type, list[Any]] = {Text: [], Line: [], Ground: [], Tick: []}
    textpage = page.get_textpage()
    spaces = {0: _on_paper(page)}
    for item in page.get_objects(textpage=textpage):
        space = spaces[item.level]
        if item.type == pdfium.FPDF_PAGEOBJ_FORM:
            spaces[item.level + 1] = _matrix(item).then(space)
        elif item.type == pdfium.FPDF_PAGEOBJ_TEXT:
            text = Text(item.extract(), _size(item, space), _colour(item), _box(item.get_bounds(), space))
            found[Text] += [text] if text.text.strip() else []
        elif item.type == pdfium.FPDF_PAGEOBJ_PATH:
            for mark in _path(item, space):
                found[type(mark)].append(mark)
    textpage.close()
    return Drawn(*(tuple(found[kind]) for kind in (Text, Line, Ground, Tick)))


_PARTS: Final = 64
"""Parts of a pixel in which pdfium is asked for places; it answers in whole numbers."""


def _on_paper(page: pypdfium2.PdfPage) -> Matrix:
    """Give where a page's points lie on the drawn page, whatever its boxes and its turn."""
    (e, f), (a, b), (c, d) = (_device(page, point) for point in ((0, 0), (100, 0), (0, 100)))
    return Matrix((a - e) / 100, (b - f) / 100, (c - e) / 100, (d - f) / 100, e, f)


def _device(page: pypdfium2.PdfPage, point: tuple[int, int]) -> Point:
    x, y = ctypes.c_int(), ctypes.c_int()
    width, height = (_PARTS * math.ceil(side * _FINE_PER_PT) for side in page.get_size())
    pdfium.FPDF_PageToDevice(page.raw, 0, 0, width, height, 0, *point, x, y)
    return x.value / (_PARTS * FINER), y.value / (_PARTS * FINER)


def _matrix(item: pypdfium2.PdfObject) -> Matrix:
    return Matrix(*item.get_matrix().get())


def _size(item: Any, space: Matrix) -> float:
    return float(item.get_font_size()) * _matrix(item).then(space).scale / _PX_PER_PT


def _box(bounds: Sequence[float], space: Matrix) -> Box:
    """Give the pixels that an object touches."""
    left, bottom, right, top = bounds
    return _around(map(space.on, ((left, bottom), (left, top), (right, bottom), (right, top))))


def _around(points: Iterable[Point]) -> Box:
    xs, ys = zip(*points, strict=True)
    return math.floor(min(xs)), math.floor(min(ys)), math.ceil(max(xs)), math.ceil(max(ys))


def _wider(box: Box, by: int) -> Box:
    return box[0] - by, box[1] - by, box[2] + by, box[3] + by


# Paths

Polygon = tuple[Point, ...]


def _path(item: pypdfium2.PdfObject, space: Matrix) -> Iterator[Line | Ground | Tick]:
    """Give what a path draws: a line, a ground, a box to tick; nothing, where it only clips."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(item.raw, fill, stroke)
    own = _matrix(item).then(space)
    polygons = tuple(_polygons(item.raw, own))
    if not polygons or not (fill.value or stroke.value):
        return
    clip = _clip(item.raw, space)
    if stroke.value:
        yield _stroked(polygons, _stroke_width(item.raw) * own.scale, clip)
    if fill.value:
        yield _filled(polygons, even_odd=fill.value == pdfium.FPDF_FILLMODE_ALTERNATE, clip=clip, colour=_colour(item))


def _stroked(polygons: Sequence[Polygon], width: float, clip: "Clip") -> Line | Tick:
    line = Line(_spots(polygons, clip), max(width, 1) / 2 + _ASIDE_PX)
    if len(polygons) == 1 and polygons[0][0] == polygons[0][-1] and _is_square(polygons[0]):
        return Tick(line, _wider(_around(polygons[0]), -math.ceil(width / 2 + 1)))
    return line


def _filled(polygons: Sequence[Polygon], *, even_odd: bool, clip: "Clip", colour: "Colour") -> Line | Ground | Tick:
    """Tell a line, drawn as a narrow area, from a ground."""
    rule = _rule(polygons, clip)
    if rule is not None:
        return rule
    closed = tuple((*polygon, polygon[0]) for polygon in polygons)
    thick = _thickness(closed, even_odd=even_odd)
    spots = _spots(closed, clip)
    if thick > _HAIR_MM * _PX_PER_MM:
        return Ground(spots, colour)
    line = Line(spots, thick / 2 + _ASIDE_PX)
    outer, *inner = sorted(closed, key=lambda polygon: -abs(_area(polygon)))
    if len(inner) == 1 and _is_square(outer):
        return Tick(line, _wider(_around(inner[0]), -1))
    return line


def _rule(polygons: Sequence[Polygon], clip: "Clip") -> Line | None:
    """Give a straight line: an area which, where it shows, is narrow and longer than broad. Its axis stands for it."""
    left, top, right, bottom = _shown(polygons, clip)
    width, height = right - left, bottom - top
    if not 0 <= min(width, height) <= min(_HAIR_MM * _PX_PER_MM, max(width, height) / 2):
        return None
    x, y = (left + right) / 2, (top + bottom) / 2
    axis = ((left, y), (right, y)) if width >= height else ((x, top), (x, bottom))
    return Line(_spots((axis,), None), min(width, height) / 2 + _ASIDE_PX)


Clip = tuple[float, float, float, float] | None
"""Left, top, right and bottom in pixels, outside which nothing shows; None: the page."""


def _shown(polygons: Sequence[Polygon], clip: Clip) -> tuple[float, float, float, float]:
    xs, ys = zip(*(point for polygon in polygons for point in polygon), strict=True)
    left, top, right, bottom = clip or (-math.inf, -math.inf, math.inf, math.inf)
    return max(min(xs), left), max(min(ys), top), min(max(xs), right), min(max(ys), bottom)


def _clip(raw: Any, space: Matrix) -> Clip:
    """Give the box of what an object is clipped to."""
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
    """Give a path's parts as points on the drawn page; a curve becomes a few of them."""
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
    """Give points of a cubic Bézier curve behind its start (ISO 32000-2, 8.5.2.2)."""
    for at in range(1, _PIECES + 1):
        t = at / _PIECES
        weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
        x, y = (sum(w * p[i] for w, p in zip(weights, (start, first, second, end), strict=True)) for i in (0, 1))
        yield x, y


def _stroke_width(raw: Any) -> float:
    width = ctypes.c_float()
    pdfium.FPDFPageObj_GetStrokeWidth(raw, width)
    return width.value


def _colour(item: pypdfium2.PdfObject) -> Colour:
    """Give a fill's red, green and blue; white for a pattern, whose colours are its own."""
    parts = tuple(ctypes.c_uint() for _ in range(4))
    if not pdfium.FPDFPageObj_GetFillColor(item.raw, *parts):
        return _PAPER, _PAPER, _PAPER
    red, green, blue, _ = (part.value for part in parts)
    return red, green, blue


def _area(polygon: Polygon) -> float:
    return sum(x * v - u * y for (x, y), (u, v) in pairwise(polygon)) / 2


def _thickness(polygons: Sequence[Polygon], *, even_odd: bool) -> float:
    """Give how thick an area is on average: twice its size by its edge's length, exact for frames and long rules."""
    if even_odd:
        boxes = [_around(polygon) for polygon in polygons]
        depths = [sum(_holds(outer, inner) for outer in boxes) for inner in boxes]
        area = sum(abs(_area(polygon)) * (-1) ** depth for polygon, depth in zip(polygons, depths, strict=True))
    else:
        area = sum(map(_area, polygons))
    edge = sum(math.dist(here, there) for polygon in polygons for here, there in pairwise(polygon))
    return 2 * abs(area) / edge if edge else 0.0


def _holds(outer: Box, inner: Box) -> bool:
    """Say whether a box holds another one, and is not the same."""
    return outer != inner and all(a <= b for a, b in zip(outer[:2] + inner[2:], inner[:2] + outer[2:], strict=True))


def _is_square(polygon: Polygon) -> bool:
    """Say whether an outline is a square of a tick box's size, with corners that may be round."""
    left, top, right, bottom = _around(polygon)
    width, height = (right - left) / _PX_PER_MM, (bottom - top) / _PX_PER_MM
    low, high = _TICK_MM
    fills = abs(_area(polygon)) > 0.86 * (right - left - 1) * (bottom - top - 1)
    return low <= min(width, height) and max(width, height) <= high and abs(width - height) < 1 and fills


def _spots(polygons: Iterable[Polygon], clip: Clip) -> tuple[Spot, ...]:
    """Give places along outlines, as far as they show."""
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


# What is left of it


@dataclass(frozen=True, slots=True)
class Copied:
    """A page as printed, as scanned, and its copy's copy; ``codes`` are the original's.

    ``colours`` draws it once more, in colour.
    """

    printed: Image.Image
    original: Image.Image
    copy: Image.Image
    codes: "tuple[Code, ...]"
    drawn: Drawn
    colours: Callable[[], Image.Image]


@dataclass(frozen=True, slots=True)
class Loss:
    """What a copy has lost: a code, and what it was."""

    code: str
    what: str


def photocopy(pdf: bytes, name: str) -> tuple[Finding, ...]:
    """Copy each page of a PDF twice, in grey, and find what is lost.

    Args:
        pdf: The finished file.
        name: What messages call it.

    Returns:
        One finding a code, with the pages: text too pale (``copy.contrast``) or on a ground that went dark
        (``copy.tint``), lines that are gone (``copy.stroke``), readings that closed up (``copy.ruby``), boxes to tick
        that are open or not white inside (``copy.box``), QR codes that cannot be read (``copy.qr``), coloured areas
        that run into one another (``copy.colour``).

    Raises:
        pypdfium2.PdfiumError: the file cannot be opened.
    """
    lost: dict[str, list[tuple[int, str]]] = {}
    with pypdfium2.PdfDocument(pdf) as document:
        for number in range(len(document)):
            page = document[number]
            for loss in losses(copy_page(page)):
                lost.setdefault(loss.code, []).append((number + 1, loss.what))
            page.close()
    return tuple(_finding(code, found, name) for code, found in sorted(lost.items()))


def _finding(code: str, found: Sequence[tuple[int, str]], name: str) -> Finding:
    pages = page_ranges(number for number, _ in found)
    facts = {"pages": pages, "at": f" (page {pages})", "count": len(found), "text": shorten(found[0][1])}
    return of(code, Place(name), facts)


def copy_page(page: pypdfium2.PdfPage) -> Copied:
    """Print a page in grey, scan it at 200 dpi and copy it twice."""
    printed = page.render(scale=_FINE_PER_PT, grayscale=True).to_pil()
    original = printed.reduce(FINER)
    codes, copy = read_codes(original), copy_of_copy(original)
    return Copied(printed, original, copy, codes, drawn_on(page), lambda: _in_colour(page, original.size))


def _in_colour(page: pypdfium2.PdfPage, size: tuple[int, int]) -> Image.Image:
    drawn: Image.Image = page.render(scale=_PX_PER_PT).to_pil()
    return drawn.convert("RGB").resize(size)


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
        box = _on_page(_wider(text.box, _RING_PX), page.original.size)
        if contrast(*extremes(page.original.crop(box))) < _SEEN:
            continue  # nobody can read it in the original either: it lies under a picture or outside the page
        dark, light = extremes(page.copy.crop(box))
        if not _stands_out(text, dark, light):
            yield Loss("copy.tint" if light < _DARK else "copy.contrast", text.text)


def _on_page(box: Box, size: tuple[int, int]) -> Box:
    """Give the part of a box that lies on the page; at least a pixel of it."""
    (left, right), (top, bottom) = (
        (min(max(0, low), side - 1), max(min(high, side), 1))
        for low, high, side in zip(box[:2], box[2:], size, strict=True)
    )
    return left, top, max(left + 1, right), max(top + 1, bottom)


def _stands_out(text: Text, dark: float, light: float) -> bool:
    """Say whether a text is read on the copy. A sign, such as an arrow, is as good as a line."""
    if not any(map(str.isalnum, text.text)):
        return light - dark >= LEAST_LINE * _PAPER
    ink = grey_on_copy(text.colour)
    coloured = max(contrast(*sorted((ink, ground))) for ground in (dark, light))
    return coloured >= LEAST_CONTRAST and contrast(dark, light) >= LEAST_STROKE


_SEEN: Final = 1.15
"""With less contrast a text does not show at all."""

_DARK: Final = 0.6 * _PAPER
"""A ground that is darker has swallowed its text, whatever the text's own colour."""

_SHARE: Final = 0.05
"""The darkest and the lightest part of a text's box that stand for its ink and its ground, or the other way about."""


def extremes(picture: Image.Image) -> tuple[float, float]:
    """Give the mean of the darkest and of the lightest pixels, 0 … 255."""
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
    """Give the contrast of two greys 0 … 255, which are shares of paper and so of light (WCAG 2.2, contrast ratio)."""
    return (light / _PAPER + 0.05) / (dark / _PAPER + 0.05)


def _gone(page: Copied) -> Iterator[Loss]:
    """Find lines that do not show along their length. The modules of a code are no lines."""
    boxes = [code.box for code in page.codes]
    for line in page.drawn.lines:
        if any(_lies_in(line, box) for box in boxes):
            continue
        if length_left(line, page.original, page.copy) < LEAST_LENGTH:
            yield Loss("copy.stroke", _where(line))


def _lies_in(line: Line, box: Box) -> bool:
    left, top, right, bottom = _wider(box, _RING_PX)
    return all(left <= spot.x <= right and top <= spot.y <= bottom for spot in line.spots)


def _where(line: Line) -> str:
    x, y = (sum(axis) / len(line.spots) / _PX_PER_MM for axis in zip(*((s.x, s.y) for s in line.spots), strict=True))
    return f"at {x:.0f} mm from the left, {y:.0f} mm from the top"


_DRAWN: Final = GROUND * _PAPER
"""A line that differs less from what is beside it in the original is a tint: it parts what stands apart without it."""

_DASH: Final = 0.67
"""What shows less than so much of a line's darkest place is a gap between its dashes."""


def length_left(line: Line, original: Image.Image, copy: Image.Image) -> float:
    """Give how much of a line that shows in the original still shows in the copy; 1.0 where none did."""
    before, after = original.load(), copy.load()
    profiles = [(_across(spot, line.reach, original.size), spot.length) for spot in line.spots]
    depths = [_depth(before, places) for places, _ in profiles]
    least = max(_DRAWN, _DASH * max(depths, default=0))
    shown = [profile for profile, depth in zip(profiles, depths, strict=True) if depth >= least]
    left = sum(length for places, length in shown if _depth(after, places) >= LEAST_LINE * _PAPER)
    return left / sum(length for _, length in shown) if shown else 1.0


def _depth(pixels: Any, places: Sequence[tuple[int, int]]) -> int:
    """Give how far the darkest and the lightest of some pixels are apart."""
    seen = [pixels[place] for place in places]
    return max(seen) - min(seen) if seen else 0


def _across(spot: Spot, reach: float, size: tuple[int, int]) -> list[tuple[int, int]]:
    """Give the pixels across a line, from one side to the other, as far as they lie on the page."""
    (right, down), (width, height), steps = spot.across, size, math.ceil(reach)
    places = ((int(spot.x + step * right), int(spot.y + step * down)) for step in range(-steps, steps + 1))
    return [(x, y) for x, y in places if 0 <= x < width and 0 <= y < height]


def _closed_up(page: Copied) -> Iterator[Loss]:
    """Find readings whose strokes have closed up or gone."""
    for text in readings(page.drawn.texts):
        box = _on_page(text.box, page.original.size)
        left, top, right, bottom = (FINER * side for side in box)
        if likeness(page.printed.crop((left, top, right, bottom)), page.copy.crop(box)) < LEAST_LIKENESS:
            yield Loss("copy.ruby", text.text)


def likeness(printed: Image.Image, copy: Image.Image) -> float:
    """Give how like a copy is to what was printed, finer: the correlation of their greys, 1 where nothing changed."""
    again = copy.resize(printed.size, Image.Resampling.BICUBIC)
    one, other = ImageStat.Stat(printed), ImageStat.Stat(again)
    both = ImageStat.Stat(ImageChops.multiply(printed, again)).mean[0] * _PAPER
    spread = one.stddev[0] * other.stddev[0]
    return float((both - one.mean[0] * other.mean[0]) / spread) if spread else 0.0


_READING: Final = re.compile(r"[\u3041-\u309f\u30a1-\u30ffA-Za-z\u00c0-\u024f\u0300-\u036f' ]+")
"""Kana, or letters with or without tones."""

_SMALLER: Final = 0.67
"""A reading is smaller than so much of its base."""


def readings(texts: Sequence[Text]) -> Iterator[Text]:
    """Give the texts that stand as readings right above a larger one: files without tags tell them no other way."""
    for text in texts:
        if _READING.fullmatch(text.text.strip()) and any(_stands_on(text, base) for base in texts):
            yield text


def _stands_on(text: Text, base: Text) -> bool:
    """Say whether a text's centre lies above a larger one's, near to it."""
    if text.size > _SMALLER * base.size:
        return False
    middle, size = (text.box[0] + text.box[2]) / 2, base.size * _PX_PER_PT
    gap = base.box[1] - text.box[3]
    return base.box[0] <= middle <= base.box[2] and -0.3 * size <= gap <= 0.35 * size


def open_left(original: Image.Image, copy: Image.Image) -> float:
    """Give how much of the original's paper is still paper on the copy; 1.0 where there was little: it is ticked."""
    paper = original.point(_LIGHT)
    both = ImageChops.darker(paper, copy.point(_LIGHT))
    before, after = (picture.histogram()[_PAPER] for picture in (paper, both))
    return after / before if before > _TICKED * original.width * original.height else 1.0


_TICKED: Final = 0.5
"""A box of which less is white is ticked."""

_LIGHT: Final = tuple(_PAPER * (value >= _HALF) for value in range(_PAPER + 1))


def _open(page: Copied) -> Iterator[Loss]:
    """Find boxes to tick whose outline has gaps, or in which there is no room left."""
    for tick in page.drawn.ticks:
        if length_left(tick.outline, page.original, page.copy) < 1:
            yield Loss("copy.box", f"outline {_where(tick.outline)}")
            continue
        inside = _on_page(tick.inside, page.original.size)
        if open_left(page.original.crop(inside), page.copy.crop(inside)) < LEAST_INSIDE:
            yield Loss("copy.box", f"inside {_where(tick.outline)}")


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code: what it says, and its box on the page."""

    text: str
    box: Box


def _unread(page: Copied) -> Iterator[Loss]:
    """Find QR codes that can be read off the page and not off its copy."""
    copy = [code.text for code in read_codes(page.copy)] if page.codes else []
    for code in page.codes:
        if code.text in copy:
            copy.remove(code.text)
        else:
            yield Loss("copy.qr", code.text)


def read_codes(picture: Image.Image) -> tuple[Code, ...]:
    """Read the QR codes (ISO/IEC 18004) in a picture."""
    found = zxingcpp.read_barcodes(picture, formats=zxingcpp.barcode_formats_from_str("QRCodeModel2"))
    return tuple(Code(code.text, _corners(code.position)) for code in found)


def _corners(place: Any) -> Box:
    return _around((at.x, at.y) for at in (place.top_left, place.top_right, place.bottom_left, place.bottom_right))


def _merged(page: Copied) -> Iterator[Loss]:
    """Find areas of different colours that meet and have the same grey on the copy."""
    if not _are_alike({ground.colour for ground in page.drawn.grounds}):
        return
    colours, copy = page.colours(), page.copy
    for ground in page.drawn.grounds:
        lost = tuple(spot for spot in ground.edge if _is_lost(spot, colours.load(), copy.load(), copy.size))
        if sum(spot.length for spot in lost) >= _LEAST_EDGE_MM * _PX_PER_MM:
            yield Loss("copy.colour", _where(Line(lost, 0)))


_LEAST_EDGE_MM: Final = 3.0
"""Areas that meet in less are not told apart by their colours."""


def _are_alike(colours: Iterable[Colour]) -> bool:
    """Say whether two of the colours differ to the eye and not on a copy."""
    inked = [(colour, grey) for colour in colours if (grey := grey_on_copy(colour)) < (1 - GROUND) * _PAPER]
    return any(
        _differ(one, other) and abs(grey - other_grey) < LEAST_APART * _PAPER
        for one, grey in inked
        for other, other_grey in inked
    )


def grey_on_copy(colour: Colour) -> int:
    """Give the grey 0 … 255 of an area of a colour on a copy of a copy."""
    red, green, blue = colour
    grey = round(0.299 * red + 0.587 * green + 0.114 * blue)  # ITU-R BT.601, as pdfium draws grey
    for _ in range(GENERATIONS):
        grey = _TONES[grey]
    return grey


def _differ(one: Sequence[int], other: Sequence[int]) -> bool:
    return max(abs(a - b) for a, b in zip(one, other, strict=True)) >= COLOURS_APART


def _is_lost(spot: Spot, colours: Any, copy: Any, size: tuple[int, int]) -> bool:
    """Say whether an edge parts two colours in the original and nothing, not even a line, on the copy."""
    places = _across(spot, _ASIDE_PX, size)
    if not places or not _differ(colours[places[0]], colours[places[-1]]):
        return False
    greys = [int(copy[place]) for place in places]
    return max(greys) - min(greys) < LEAST_APART * _PAPER and max(greys) < (1 - GROUND) * _PAPER
