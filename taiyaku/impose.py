"""Impose a booklet: pages in reading order become the sides of sheets to print, fold and staple.

``saddle_stitch``, ``creep_shift`` and ``fold`` are pure; ``impose`` draws the sides with pikepdf. Lengths are
points unless a name ends in ``_mm``. The imposed file is for paper only: links, form fields, tags and the outline of
the source stay behind, and so do its claims to PDF/UA, PDF/A or PDF/X.

Sources: ISO 32000-2, 8.10 (form XObjects), 12.2 (viewer preferences) and 14.11.2 (page boxes); ISO 216 (A sizes);
JIS P 0138 (B sizes).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from io import BytesIO
from typing import Final

import pikepdf

from taiyaku.units import mm

PAPERS_MM: Final = ((210, 148), (257, 182), (297, 210), (364, 257), (420, 297))
"""Papers that a folded booklet is printed on, landscape: A5, JIS B5, A4, JIS B4, A3."""

FOLD_MARK_MM: Final = 4
"""How far a fold mark reaches from the paper's edge."""

STAPLE_MARK_MM: Final = 4
"""Length of a staple mark. It lies along the fold, so that the staple covers it."""

MARK_WIDTH_PT: Final = 0.25
MARK_GREY: Final = 0.5

ROUNDING_PT: Final = 0.1
"""Page boxes that differ by less are the same size."""

CARRIED_INFO: Final = tuple(
    pikepdf.Name(f"/{key}")
    for key in ("Title", "Author", "Subject", "Keywords", "Creator", "Producer", "CreationDate", "ModDate")
)
"""What the imposed file keeps of the source's document information."""


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a sheet: the page on each half, numbered from 1; None is a blank."""

    left: int | None
    right: int | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of paper: ``front`` is its outer side once it is folded, ``back`` its inner one."""

    front: Side
    back: Side


class Binding(Enum):
    """On which edge of its front cover a booklet has the spine."""

    LEFT = "left"
    RIGHT = "right"

    def side(self, *, verso: int | None, recto: int | None) -> Side:
        """Lay a verso (even) and a recto (odd) page on a side: bound left, the verso lies left of the fold."""
        return Side(left=verso, right=recto) if self is Binding.LEFT else Side(left=recto, right=verso)


@dataclass(frozen=True, slots=True)
class Imposed:
    """An imposed booklet: the file, how many pages it was made from, how many sheets of paper it takes."""

    pdf: bytes
    pages: int
    sheets: int


def saddle_stitch(pages: int, *, binding: Binding = Binding.LEFT) -> tuple[Sheet, ...]:
    """Give the sheets of a saddle-stitched booklet of one signature, the outermost (the cover) first.

    The pages are padded to a multiple of four. Blanks stand before the last page, so that the back cover stays the
    back cover; a single page is a front cover, and three blanks follow it.

    The law: where all places are numbered, blanks too, the two numbers on a side add up to one more than the places.

    Raises:
        ValueError: There is no page.
    """
    places = _padded(pages)
    return tuple(_sheet(places, outer, binding) for outer in range(0, len(places) // 2, 2))


def _padded(pages: int) -> tuple[int | None, ...]:
    if pages < 1:
        raise ValueError(f"a booklet has at least one page, not `{pages}`")
    numbers = tuple(range(1, pages + 1))
    before_last = max(pages - 1, 1)
    return (*numbers[:before_last], *[None] * (-pages % 4), *numbers[before_last:])


def _sheet(places: Sequence[int | None], outer: int, binding: Binding) -> Sheet:
    """Take a sheet's four places from both ends of the booklet; ``outer`` counts those that lie outside it."""
    return Sheet(
        front=binding.side(verso=places[-1 - outer], recto=places[outer]),
        back=binding.side(verso=places[outer + 1], recto=places[-2 - outer]),
    )


def creep_shift(sheet_index: int, *, sheets: int, paper_mm: float = 0.1) -> float:
    """Say how far the pages of a sheet move towards the spine, in pt; sheet 0 is the outermost and stays.

    ``paper_mm`` is the thickness of the paper: 0.1 mm is office paper of 80 g/m², 0 leaves every page where it is.

    Raises:
        ValueError: There is no such sheet, or the paper is thinner than nothing.
    """
    if not 0 <= sheet_index < sheets:
        raise ValueError(f"there is no sheet `{sheet_index}` among `{sheets}`")
    if paper_mm < 0:
        raise ValueError(f"paper cannot be `{paper_mm}` mm thick")
    # Folded into one another, each sheet lies around the fold of the next and pushes it out of the fore edge by its
    # own thickness. Trimming cuts off what sticks out, and with it that much of the inner sheet's outer margins.
    return mm(sheet_index * paper_mm)


@dataclass(frozen=True, slots=True)
class _Leaf:
    """Half of a sheet on the table: the page that one sees and the page beneath it."""

    up: int | None
    down: int | None

    def turned(self) -> "_Leaf":
        return _Leaf(up=self.down, down=self.up)


def fold(sheets: Sequence[Sheet], *, binding: Binding = Binding.LEFT) -> tuple[int | None, ...]:
    """Fold printed sheets as a person does and read the booklet: its pages in reading order, None for a blank.

    Nothing is known here about how the sheets were imposed, so this can judge an imposition. ``sheets`` are listed
    from the outermost to the innermost; ``binding`` says on which side the reader expects the spine.
    """
    left, right = _opened(sheets)
    read, unread = (left, right) if binding is Binding.LEFT else (right, left)
    while read:  # close the booklet: its front cover comes to lie on top
        unread.append(read.pop().turned())
    return tuple(page for leaf in reversed(unread) for page in (leaf.up, leaf.down))


def _opened(sheets: Sequence[Sheet]) -> tuple[list[_Leaf], list[_Leaf]]:
    """Stack the sheets and staple them: the leaves left and right of the spine, each pile from the table upwards.

    The outermost sheet lies lowest, each with its front on the table. A sheet turned over like that swaps its
    halves: beneath the left half of the back is the right half of the front.
    """
    left = [_Leaf(up=sheet.back.left, down=sheet.front.right) for sheet in sheets]
    right = [_Leaf(up=sheet.back.right, down=sheet.front.left) for sheet in sheets]
    return left, right


@dataclass(frozen=True, slots=True)
class _Area:
    """A page to be laid on paper: its form XObject, and the trim area that shows of it, upright, in pt."""

    form: pikepdf.Object
    trim: pikepdf.Rectangle


@dataclass(frozen=True, slots=True)
class _Paper:
    """A sheet's size in pt, lying open; the fold runs upwards through its middle."""

    width: float
    height: float

    @property
    def fold(self) -> float:
        return self.width / 2


def impose(pdf: bytes, *, paper_mm: float = 0.1, binding: Binding = Binding.LEFT, title: str | None = None) -> Imposed:
    """Lay the pages of a PDF two by two on sheets, for a duplex printer that flips on the short edge.

    Sides come in the order front, back, front, back, the outermost sheet first. A side is twice as wide as the trim
    area of a page (TrimBox, else CropBox, else MediaBox); where that is a standard paper but for the millimetre that
    the standard rounds off, it is that paper: A5 gives A4. Pages meet at the fold, each cut off at its trim
    and at the fold, and move towards it by ``creep_shift`` for paper of ``paper_mm``. ``title`` replaces the source's
    title. The same input gives the same bytes.

    Raises:
        ValueError: There is no page, or a page differs in size from the first; the message names it.
    """
    with pikepdf.open(BytesIO(pdf)) as source, pikepdf.new() as target:
        areas = [_area(page) for page in source.pages]
        sheets = saddle_stitch(len(areas), binding=binding)
        _refuse_mixed_sizes(areas)
        for index, sheet in enumerate(sheets):
            shift = creep_shift(index, sheets=len(sheets), paper_mm=paper_mm)
            _add_side(target, sheet.front, areas, shift=shift, staples=index == 0)
            _add_side(target, sheet.back, areas, shift=shift, staples=False)
        _set_printing(target)
        _carry_info(source, target, title)
        return Imposed(_saved(target, source.pdf_version), pages=len(areas), sheets=len(sheets))


def _area(page: pikepdf.Page) -> _Area:
    form = page.as_form_xobject()
    form.Resources = page.resources  # the form has a copy; all pages must go on sharing one dictionary
    matrix = pikepdf.Matrix(form.get(pikepdf.Name.Matrix, pikepdf.Array([1, 0, 0, 1, 0, 0])))
    return _Area(form, matrix.transform(pikepdf.Rectangle(page.trimbox)))


def _refuse_mixed_sizes(areas: Sequence[_Area]) -> None:
    first = areas[0].trim
    for number, trim in enumerate((area.trim for area in areas), start=1):
        if max(abs(trim.width - first.width), abs(trim.height - first.height)) > ROUNDING_PT:
            raise ValueError(
                f"page {number} is {_size_mm(trim)}, page 1 is {_size_mm(first)}: a booklet's pages have one size"
            )


def _size_mm(trim: pikepdf.Rectangle) -> str:
    return f"{trim.width / mm(1):.1f} × {trim.height / mm(1):.1f} mm"


def _paper_for(trim: pikepdf.Rectangle) -> _Paper:
    width, height = 2 * trim.width, trim.height
    for paper in (_Paper(mm(wide), mm(high)) for wide, high in PAPERS_MM):
        if _is_rounded(width, paper.width) and _is_rounded(height, paper.height):
            return paper
    return _Paper(width, height)


def _is_rounded(length: float, standard: float) -> bool:
    """Half of 297 mm is 148 mm in ISO 216: a millimetre may be missing, and a point where boxes are whole points."""
    return -1 <= standard - length <= mm(1) + 1


def _add_side(target: pikepdf.Pdf, side: Side, areas: Sequence[_Area], *, shift: float, staples: bool) -> None:
    paper = _paper_for(areas[0].trim)
    placed = {name: areas[page - 1] for name, page in (("/Left", side.left), ("/Right", side.right)) if page}
    drawn = [_draw(area, name, paper, shift=shift) for name, area in placed.items()]
    forms = {name: target.copy_foreign(area.form) for name, area in placed.items()}
    sheet_side = target.add_blank_page(page_size=(paper.width, paper.height))
    sheet_side.trimbox = sheet_side.mediabox
    sheet_side.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(forms))
    sheet_side.obj.Contents = target.make_stream("\n".join([*drawn, _draw_marks(paper, staples=staples)]).encode())


def _draw(area: _Area, name: str, paper: _Paper, *, shift: float) -> str:
    """Write a page onto its half. The form's BBox cuts it off at the trim; the half cuts off what creeps past."""
    trim, is_left = area.trim, name == "/Left"
    x = paper.fold - trim.width + shift if is_left else paper.fold - shift
    y = (paper.height - trim.height) / 2
    half = f"{_numbers(0 if is_left else paper.fold, 0, paper.fold, paper.height)} re W n"
    return f"q {half} {_numbers(1, 0, 0, 1, x - trim.llx, y - trim.lly)} cm {name} Do Q"


def _draw_marks(paper: _Paper, *, staples: bool) -> str:
    """Write the fold marks over the pages, so that a coloured cover does not hide them, and the staple marks."""
    ticks = [(0, mm(FOLD_MARK_MM)), (paper.height - mm(FOLD_MARK_MM), paper.height)]
    if staples:
        reach = mm(STAPLE_MARK_MM) / 2
        ticks += [(paper.height * at - reach, paper.height * at + reach) for at in (1 / 4, 3 / 4)]
    lines = " ".join(f"{_numbers(paper.fold, low)} m {_numbers(paper.fold, high)} l S" for low, high in ticks)
    return f"q {MARK_WIDTH_PT} w {MARK_GREY} G {lines} Q"


def _numbers(*values: float) -> str:
    return " ".join(f"{round(value, 4) + 0:.4f}".rstrip("0").rstrip(".") for value in values)  # + 0: never -0


def _set_printing(target: pikepdf.Pdf) -> None:
    """Preset the print dialogue: both sides, short edge, actual size, paper by the file's size (ISO 32000-2, 12.2)."""
    target.Root.PageLayout = pikepdf.Name.SinglePage
    target.Root.ViewerPreferences = pikepdf.Dictionary(
        Duplex=pikepdf.Name.DuplexFlipShortEdge, PrintScaling=pikepdf.Name("/None"), PickTrayByPDFSize=True
    )


def _carry_info(source: pikepdf.Pdf, target: pikepdf.Pdf, title: str | None) -> None:
    """Carry the document information over and write the XMP anew from it: the source's may claim PDF/UA."""
    info = {key: str(source.docinfo[key]) for key in CARRIED_INFO if key in source.docinfo}
    for key, value in (info | ({pikepdf.Name.Title: title} if title is not None else {})).items():
        target.docinfo[key] = value
    with target.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as xmp:
        xmp.load_from_docinfo(target.docinfo)


def _saved(target: pikepdf.Pdf, source_version: str) -> bytes:
    output = BytesIO()
    target.save(
        output,
        min_version=max("1.7", source_version),  # Duplex and PickTrayByPDFSize came with 1.7
        deterministic_id=True,
        compress_streams=True,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
    )
    return output.getvalue()
