"""Impose a booklet: pages in reading order become the sides of sheets to print, fold, cut and staple.

``imposition`` says which page stands where; here the sides are drawn with pikepdf. Lengths are points unless a name
ends in ``_mm``. The imposed file is for paper only: what prints of fields, stamps and notes is drawn into its page
(``printing``); links, tags and the outline of the source stay behind, and so do its claims to PDF/UA, PDF/A or PDF/X.

Sources: ISO 32000-2, 8.10 (form XObjects), 8.11 (layers), 12.2 (viewer preferences) and 14.11.2 (page boxes).
"""

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Final

import pikepdf

from taiyaku.model.units import mm
from taiyaku.pdf.save import saved
from taiyaku.prepress.flatten import draw_what_prints, take_layers
from taiyaku.prepress.imposition import (
    Flip,
    Imposition,
    PaperSize,
    Scheme,
    Sheet,
    Side,
    Zine,
    creep_shift,
    cut_and_stack,
    saddle_stitch,
    signatures,
    zine,
)
from taiyaku.prepress.sheet_format import PageArea, PagePlace, SheetFace, SheetFormat, SheetJob, SheetPaper, format_for
from taiyaku.prepress.sheet_marks import MARK_MM, along_fold, edge_marks, line_operators, numbers, zine_marks

MARK_WIDTH_PT: Final = 0.25
MARK_GREY: Final = 0.25

STAPLES: Final = (1 / 4, 3 / 4)
"""Where staples go, as shares of the fold's length."""

HOLES: Final = (1 / 8, 3 / 8, 5 / 8, 7 / 8)
"""Where a signature is pierced to be sewn."""

STEP_MARK_WIDTH_MM: Final = 1.5
"""Width of the bars on the spines of signatures. In a stack that is in order they make a staircase."""

STEP_TOP_MM: Final = 15
"""How far from the head the first signature's bar begins."""

ONE_SIZE_PT: Final = mm(1) + 0.01
"""Pages that differ by no more are one size, and stand in the middle of it: two programs round A4 in two ways."""

CARRIED_INFO: Final = tuple(
    pikepdf.Name(f"/{key}")
    for key in ("Title", "Author", "Subject", "Keywords", "Creator", "Producer", "CreationDate", "ModDate")
)
"""What the imposed file keeps of the source's document information."""

_SADDLE_STITCH: Final = Imposition()


@dataclass(frozen=True, slots=True)
class Imposed:
    """An imposed file: how many pages it was made from, and what it takes to print.

    ``sheets`` counts sheets of paper, ``signatures`` the sheets of each signature (none where nothing is folded into
    one another); ``scale`` is 1 where pages keep their size; ``stock`` is the paper, None where it has no name.
    ``notes`` says in words what of the source is not on the sheets as it may be on a screen.
    """

    pdf: bytes
    pages: int
    sheets: int
    signatures: tuple[int, ...] = ()
    scale: float = 1
    stock: PaperSize | None = None
    notes: tuple[str, ...] = ()


def impose(pdf: bytes, imposition: Imposition = _SADDLE_STITCH, *, title: str | None = None) -> Imposed:
    """Lay the pages of a PDF on sheets: by default saddle-stitched, for a duplex printer that flips on the short edge.

    Sides come in the order front, back, front, back, the outermost sheet first; for a printer that flips on the long
    edge each back stands on its head. Without ``imposition.paper`` a side is twice as wide as the trim area of a page
    (TrimBox, else CropBox, else MediaBox); where that is a standard paper but for the millimetre that the standard
    rounds off, it is that paper: A5 gives A4. On smaller paper pages are scaled down; on larger paper they keep
    their size, show their bleed and get trim marks.

    Pages meet at the fold, are cut off there, and move towards it by ``creep_shift``, counted within their signature.
    ``title`` replaces the source's title. The same input gives the same bytes.

    Raises:
        ValueError: There is no page, or there are too many for a zine; or pages differ in size from the first by more
            than a millimetre. The message names them.
        pikepdf.PikepdfError, pikepdf.QpdfRuntimeError: The file cannot be read.
    """
    with pikepdf.open(BytesIO(pdf), suppress_warnings=True) as source, pikepdf.new() as target:
        drawn = draw_what_prints(source)
        areas = [_area(page) for page in source.pages]
        orders = _orders(len(areas), imposition)
        _refuse_mixed_sizes(areas)
        size = format_for(areas[0].trim, imposition)
        job = _job(orders, size, imposition)
        for number, face in enumerate(job.faces):
            is_back = job.double_sided and number % 2 == 1
            on_its_head = is_back and _turns_backs(imposition.flip, size.paper)
            _add_side(target, face, areas, size, on_its_head=on_its_head)
        _set_printing(target, imposition.flip, double_sided=job.double_sided)
        _carry_info(source, target, title)
        take_layers(source, target)
        made = saved(target, at_least=max("1.7", source.pdf_version))  # Duplex and PickTrayByPDFSize came with 1.7
    return Imposed(made, len(areas), job.sheets, job.signatures, size.scale, size.paper.stock, drawn.notes)


def _turns_backs(flip: Flip, paper: SheetPaper) -> bool:
    """Tell whether a back is printed on its head, so that it is upright once the sheet is turned like a book's page.

    Turned like that, a sheet goes over its edge at the left or right: the short one where the paper lies lengthwise.
    """
    return (flip is Flip.LONG) == (paper.width >= paper.height)


# Pages and paper


def _area(page: pikepdf.Page) -> PageArea:
    form = page.as_form_xobject()
    form.Resources = page.resources  # the form has a copy; all pages must go on sharing one dictionary
    form.BBox = page.bleedbox
    matrix = pikepdf.Matrix(form.get(pikepdf.Name.Matrix, pikepdf.Array([1, 0, 0, 1, 0, 0])))
    return PageArea(form, matrix.transform(pikepdf.Rectangle(page.trimbox)))


def _refuse_mixed_sizes(areas: Sequence[PageArea]) -> None:
    first = areas[0].trim
    others = [
        (number, area.trim)
        for number, area in enumerate(areas, start=1)
        if max(abs(area.trim.width - first.width), abs(area.trim.height - first.height)) > ONE_SIZE_PT
    ]
    if others:
        number, trim = others[0]
        more = f" (so do not: {', '.join(str(one) for one, _ in others[1:])})" if len(others) > 1 else ""
        raise ValueError(
            f"page {number} is {_size_mm(trim)}, page 1 is {_size_mm(first)}: a booklet's pages have one size{more}"
        )


def _size_mm(trim: pikepdf.Rectangle) -> str:
    return f"{trim.width / mm(1):.1f} × {trim.height / mm(1):.1f} mm"


# Schemes


def _orders(pages: int, imposition: Imposition) -> tuple[tuple[Sheet, ...], ...] | Zine:
    """Ask for the order of the pages: the sheets of each signature, or a zine."""
    if imposition.scheme is Scheme.ZINE:
        return zine(pages, binding=imposition.binding)
    if imposition.scheme is Scheme.CUT_STACK:
        return (cut_and_stack(pages, copies=imposition.copies, double_sided=imposition.double_sided),)
    if imposition.sheets_per_signature is None:
        return (saddle_stitch(pages, binding=imposition.binding),)
    return signatures(pages, imposition.sheets_per_signature, binding=imposition.binding)


def _job(orders: tuple[tuple[Sheet, ...], ...] | Zine, size: SheetFormat, imposition: Imposition) -> SheetJob:
    """Put all pages into their places, with the marks of the scheme."""
    if isinstance(orders, Zine):
        job = SheetJob(
            (SheetFace(tuple(_zine_places(orders, size)), tuple(zine_marks(size.paper))),), double_sided=False
        )
    elif imposition.scheme is Scheme.CUT_STACK:
        job = _cut_job(orders[0], size)
    else:
        job = _folded_job(orders, size, imposition.paper_mm)
    return job if imposition.marks else replace(job, faces=tuple(replace(face, marks=()) for face in job.faces))


def _cut_job(sheets: Sequence[Sheet], size: SheetFormat) -> SheetJob:
    """Print leaves side by side; where no leaf has anything on its back, there are no backs."""
    marks = tuple(edge_marks(size))
    double_sided = any(sheet.back.left or sheet.back.right for sheet in sheets)
    sides = [side for sheet in sheets for side in (sheet.front, sheet.back)[: 1 + double_sided]]
    return SheetJob(tuple(SheetFace(tuple(_halves(side, size)), marks) for side in sides), double_sided)


def _folded_job(signatures: Sequence[Sequence[Sheet]], size: SheetFormat, paper_mm: float) -> SheetJob:
    faces = []
    for number, sheets in enumerate(signatures):
        for index, sheet in enumerate(sheets):
            shift = creep_shift(index, sheets=len(sheets), paper_mm=paper_mm)
            for side, marks in (
                (sheet.front, _outer_marks(size.paper, number, len(signatures)) if index == 0 else ()),
                (sheet.back, _inner_marks(size.paper, len(signatures)) if index == len(sheets) - 1 else ()),
            ):
                faces.append(SheetFace(tuple(_halves(side, size, shift)), (*edge_marks(size), *marks)))
    return SheetJob(tuple(faces), double_sided=True, signatures=tuple(map(len, signatures)))


def _halves(side: Side, size: SheetFormat, shift: float = 0) -> Iterator[PagePlace]:
    """Lay pages against the fold or cut, and past it by ``shift``: what is past it does not show."""
    paper, middle = size.paper, size.paper.middle
    if side.left:
        yield PagePlace(side.left, 0, 0, middle, paper.height, middle - size.width + shift)
    if side.right:
        yield PagePlace(side.right, middle, 0, middle, paper.height, middle - shift)


def _zine_places(order: Zine, size: SheetFormat) -> Iterator[PagePlace]:
    """Lay eight pages in the middle of their cells; the upper row stands on its head."""
    width, height = size.paper.width / 4, size.paper.height / 2
    for row, bottom, turned in ((order.upper, height, True), (order.lower, 0, False)):
        for column, page in enumerate(row):
            if page:
                x = column * width + (width - size.width) / 2
                yield PagePlace(page, column * width, bottom, width, height, x, turned)


def _outer_marks(paper: SheetPaper, number: int, count: int) -> Iterator[str]:
    """Mark the spine on the outside of a signature: where to staple, or its bar where several are stacked.

    The bars go down by their own length from signature to signature, so that a stack in the wrong order shows.
    """
    if count == 1:
        yield from along_fold(paper, STAPLES)
        return
    length = mm(MARK_MM)
    steps = int((paper.height - 2 * mm(STEP_TOP_MM)) // length)
    top = paper.height - mm(STEP_TOP_MM) - number % steps * length
    yield f"q {numbers(mm(STEP_MARK_WIDTH_MM))} w {line_operators(paper.middle, top - length, paper.middle, top)} Q"


def _inner_marks(paper: SheetPaper, count: int) -> Iterator[str]:
    """Mark the holes for the needle inside a signature of several; one by itself is stapled from outside."""
    if count > 1:
        yield from along_fold(paper, HOLES)


# Drawing


def _add_side(
    target: pikepdf.Pdf, face: SheetFace, areas: Sequence[PageArea], size: SheetFormat, *, on_its_head: bool
) -> None:
    paper = size.paper
    content = [_draw(place, areas[place.page - 1], size) for place in face.places]
    if face.marks:  # over the pages, so that a coloured cover does not hide them
        content.append(f"q {MARK_WIDTH_PT} w {MARK_GREY} G {' '.join(face.marks)} Q")
    if on_its_head:
        content = [f"q {numbers(-1, 0, 0, -1, paper.width, paper.height)} cm", *content, "Q"]
    forms = {_name(place.page): target.copy_foreign(areas[place.page - 1].form) for place in face.places}
    side = target.add_blank_page(page_size=(paper.width, paper.height))
    side.trimbox = side.mediabox
    side.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(forms))
    side.obj.Contents = target.make_stream("\n".join(content).encode())


def _name(page: int) -> str:
    return f"/P{page}"


def _draw(place: PagePlace, area: PageArea, size: SheetFormat) -> str:
    """Write a page into its place. Its BBox cuts it off at its bleed, the cell at the fold and at its neighbours."""
    y = place.bottom + (place.height - size.height) / 2
    cell = f"{numbers(place.left, place.bottom, place.width, place.height)} re W n"
    scale, trim = size.scale, area.trim
    aside, up = (size.width - scale * trim.width) / 2, (size.height - scale * trim.height) / 2
    if place.turned:
        matrix = (-scale, 0, 0, -scale, place.x + aside + scale * trim.urx, y + up + scale * trim.ury)
    else:
        matrix = (scale, 0, 0, scale, place.x + aside - scale * trim.llx, y + up - scale * trim.lly)
    return f"q {cell} {numbers(*matrix)} cm {_name(place.page)} Do Q"


def _set_printing(target: pikepdf.Pdf, flip: Flip, *, double_sided: bool) -> None:
    """Preset the print dialogue: which edge to flip on, actual size, paper by the file's size (ISO 32000-2, 12.2)."""
    edge = pikepdf.Name.DuplexFlipShortEdge if flip is Flip.SHORT else pikepdf.Name.DuplexFlipLongEdge
    target.Root.PageLayout = pikepdf.Name.SinglePage
    target.Root.ViewerPreferences = pikepdf.Dictionary(
        Duplex=edge if double_sided else pikepdf.Name.Simplex,
        PrintScaling=pikepdf.Name("/None"),
        PickTrayByPDFSize=True,
    )


def _carry_info(source: pikepdf.Pdf, target: pikepdf.Pdf, title: str | None) -> None:
    """Carry the document information over and write the XMP anew from it: the source's may claim PDF/UA."""
    info = {key: str(source.docinfo[key]) for key in CARRIED_INFO if key in source.docinfo}
    for key, value in (info | ({pikepdf.Name.Title: title} if title is not None else {})).items():
        target.docinfo[key] = value
    with warnings.catch_warnings(), target.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as xmp:
        warnings.simplefilter("ignore")  # of a date that is none: it stays in the information dictionary
        xmp.load_from_docinfo(target.docinfo)
