"""Checks of the pages: how many, their boxes, bleed, crop marks, blanks, and how near text stands to the edge."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from taiyaku.model.findings import Finding
from taiyaku.model.units import PT_PER_MM, mm
from taiyaku.pdf.colour import Kind
from taiyaku.pdf.geometry import Box
from taiyaku.pdf.objects import part
from taiyaku.pdf.painted import GlyphRun, Shape
from taiyaku.preflight.document import Page, PdfDocument
from taiyaku.preflight.profile import PRESS, PRINT

ROUNDING: Final = 0.06
"""pt that a box may be off: 0.02 mm, what is lost where whole tenths are written."""

ONE_SIZE_MM: Final = 1.0
"""Pages that differ by so much are one size: A4 is 595 × 842 pt with one program, 595.28 × 841.89 with another."""

HALF_MM: Final = mm(0.5)
"""Half of 297 mm is 148 or 148.5 mm: a page may be so far from the size that was asked."""


def page_count(subject: PdfDocument) -> Iterator[Finding]:
    """What is folded has a multiple of four pages; imposed sides come in twos."""
    count, multiple = len(subject.pages), subject.expect.multiple
    if not count or count % multiple:
        yield from subject.found("pdf.page-count", count=str(count), multiple=str(multiple))


def page_size(subject: PdfDocument) -> Iterator[Finding]:
    """All pages are cut to one size: the one that was asked, else the first page's."""
    if not subject.pages:
        return
    trim = subject.expect.trim
    width, height = (mm(trim[0]), mm(trim[1])) if trim else (subject.pages[0].trim.width, subject.pages[0].trim.height)
    slack = HALF_MM if trim else ROUNDING if subject.expect.press else mm(ONE_SIZE_MM) + ROUNDING
    wrong = [
        page for page in subject.pages if max(abs(page.trim.width - width), abs(page.trim.height - height)) > slack
    ]
    if wrong:
        pages = (page.number for page in wrong)
        wanted = Box(0, 0, width, height).size_mm()
        yield from subject.found("pdf.page-size", pages, size=wrong[0].trim.size_mm(), wanted=wanted)


def boxes(subject: PdfDocument) -> Iterator[Finding]:
    """MediaBox holds BleedBox holds TrimBox, and no CropBox cuts the page (ISO 32000-2, 14.11.2.1)."""
    wrong = [page.number for page in subject.pages if not _nested(page)]
    if wrong:
        yield from subject.found("pdf.boxes", wrong)
    shifted = [page.number for page in subject.pages if max(map(abs, page.media[:2])) > ROUNDING]
    if subject.expect.press and shifted:  # some programs of printing houses take the corner for 0 0
        yield from subject.found("pdf.origin", shifted)


def _nested(page: Page) -> bool:
    return (
        page.boxed
        and page.media.holds(page.bleed, ROUNDING)
        and page.bleed.holds(page.trim, ROUNDING)
        and page.crop.holds(page.bleed, ROUNDING)
        and page.trim.thickness > 0
    )


def bleed(subject: PdfDocument) -> Iterator[Finding]:
    """The bleed is as wide as was asked, and what touches the trim is painted to its edge."""
    wanted = mm(subject.expect.bleed)
    if wanted <= 0:
        return
    narrow = {page.number: least for page in subject.pages if (least := _narrowest(page)) < wanted - ROUNDING}
    if narrow:
        width = f"{max(min(narrow.values()), 0) / PT_PER_MM:.1f} mm"
        yield from subject.found("pdf.bleed", narrow, width=width, wanted=f"{subject.expect.bleed:g} mm")
    short = [page.number for page in subject.pages if any(_stops_short(box, page, wanted) for box in _painted(page))]
    if short:
        yield from subject.found("pdf.bleed-empty", short, wanted=f"{subject.expect.bleed:g} mm")


def _narrowest(page: Page) -> float:
    box, trim = page.bleed, page.trim
    return min(trim.left - box.left, trim.bottom - box.bottom, box.right - trim.right, box.top - trim.top)


def _painted(page: Page) -> Iterator[Box]:
    """Return the boxes of all that leaves ink."""
    yield from (shape.box for shape in page.painted.shapes if not shape.loose and not shape.colour.white)
    yield from (picture.box for picture in page.painted.pictures if not picture.loose)


_NEAR: Final = 0.75
"""pt from the trim within which something counts as touching it: a quarter of a millimetre."""


def _stops_short(box: Box, page: Page, bleed: float) -> bool:
    """Tell whether a box reaches the trim from inside and ends before the bleed does."""
    trim = page.trim
    inside = box.cut(trim)
    if inside.width <= _NEAR or inside.height <= _NEAR:
        return False
    reach = bleed - ROUNDING - 0.25
    return (
        (box.left <= trim.left + _NEAR and box.left > trim.left - reach)
        or (box.bottom <= trim.bottom + _NEAR and box.bottom > trim.bottom - reach)
        or (box.right >= trim.right - _NEAR and box.right < trim.right + reach)
        or (box.top >= trim.top - _NEAR and box.top < trim.top + reach)
    )


def crop_marks(subject: PdfDocument) -> Iterator[Finding]:
    """A page for the press has crop marks at its four corners, all outside the bleed."""
    if not subject.expect.press:
        return
    without = [page.number for page in subject.pages if not all(_marked(page))]
    if without:
        yield from subject.found("pdf.crop-marks", without)
    inside = [page.number for page in subject.pages if any(_inside(shape, page) for shape in page.painted.shapes)]
    if inside:
        yield from subject.found("pdf.mark-inside", inside)


def _marked(page: Page) -> Iterator[bool]:
    """Say for each edge of the trim whether two thin lines outside the bleed stand in line with it."""
    boxes = [shape.box for shape in page.painted.shapes if _outside(shape.box, page.bleed)]
    lines = [box for box in boxes if box.thickness < _THIN]
    for at in (page.trim.left, page.trim.right):
        yield sum(abs((box.left + box.right) / 2 - at) < 0.2 and box.height > box.width for box in lines) >= 2
    for at in (page.trim.bottom, page.trim.top):
        yield sum(abs((box.bottom + box.top) / 2 - at) < 0.2 and box.width > box.height for box in lines) >= 2


_THIN: Final = 1.5
"""pt: what is thicker is no crop mark."""


def _outside(box: Box, bleed: Box) -> bool:
    return not box.meets(bleed.grown(-0.5))


def _inside(shape: Shape, page: Page) -> bool:
    """Tell whether something in the colour of marks reaches into the bleed."""
    return shape.colour.kind is Kind.ALL and not _outside(shape.box, page.bleed)


def blanks(subject: PdfDocument) -> Iterator[Finding]:
    """No page is empty, but for those before the back cover that fill a printed booklet's sheets."""
    empty = {page.number for page in subject.pages if not _has_something(page)}
    if subject.expect.edition in (PRINT, PRESS):
        back = len(subject.pages) - 1
        for number in range(back, max(back - 3, 0), -1):
            if number not in empty:
                break
            empty.discard(number)
    if empty:
        yield from subject.found("pdf.blank-page", empty)


def _has_something(page: Page) -> bool:
    """Tell whether anything is printed inside the trim."""
    if any(run.box.grown(0.1).meets(page.trim) for run in page.shown):
        return True
    return any(box.meets(page.trim) for box in _painted(page))


def text_place(subject: PdfDocument) -> Iterator[Finding]:
    """Text stands inside the trim, and not near it: a cut is a millimetre off, an office printer leaves 5 mm white.

    What stands wholly outside the bleed is for the printer: the name of the file between the marks. A folio or running
    foot may stand nearer to the edge.
    """
    outside: set[int] = set()
    near: set[int] = set()
    margin = mm(subject.expect.margin)
    running = _running(subject)
    for page, run in subject.runs:
        if page.trim.grown(-margin).holds(box := run.box, ROUNDING) or _for_the_printer(box, page):
            continue
        if not page.trim.holds(box, ROUNDING):
            outside.add(page.number)
        elif not _safe(subject, page, margin).holds(box, ROUNDING) and not _is_running(run, running):
            near.add(page.number)
    if outside:
        yield from subject.found("pdf.text-outside", outside, text=_example(subject, outside, 0.0, frozenset()))
    if near:
        least = f"{subject.expect.margin:g} mm"
        text = _example(subject, near, margin, running)
        yield from subject.found("pdf.text-near-edge", near, margin=least, text=text)


_OFTEN: Final = 3
"""On so many pages a text stands at one height that is a running foot, or a number that is a folio."""

Running = frozenset[tuple[str, int]]
"""The texts, at their heights in pt, that run through a document."""


def _running(subject: PdfDocument) -> Running:
    """Find the running heads, feet and folios of a file that does not mark them as artifacts."""
    places = Counter(place for page in subject.pages for place in set(map(_at_height, page.shown)))
    return frozenset(place for place, pages in places.items() if pages >= _OFTEN)


def _at_height(run: GlyphRun) -> tuple[str, int]:
    text = run.said.text.strip()
    return "0" if text.isdecimal() else text, round(run.start[1])


def _is_running(run: GlyphRun, running: Running) -> bool:
    return run.mark.artifact or _at_height(run) in running


def _safe(subject: PdfDocument, page: Page, margin: float) -> Box:
    """Return the area in which text may stand. A page that is folded is not cut at the fold: there it has no margin."""
    area = page.trim.grown(-margin)
    if subject.expect.multiple % 4:
        return area
    right_to_left = part(subject.pdf.Root, "/ViewerPreferences").get("/Direction") == "/R2L"
    fold_is_left = (page.number % 2 == 1) != right_to_left
    return area._replace(left=page.trim.left) if fold_is_left else area._replace(right=page.trim.right)


def _for_the_printer(box: Box, page: Page) -> bool:
    return page.media != page.trim and not box.grown(0.01).meets(page.bleed)


def _example(subject: PdfDocument, pages: set[int], margin: float, running: Running) -> str:
    """Return the first text on the first of the pages that stands too far out."""
    page = subject.pages[min(pages) - 1]
    edge = _safe(subject, page, margin)
    runs = (run for run in page.shown if not edge.holds(run.box, ROUNDING) and _at_height(run) not in running)
    return next(runs).said.text[:40]


CHECKS: Final = (page_count, page_size, boxes, bleed, crop_marks, blanks, text_place)
