"""The imposed file read, measured, looked at, folded and cut."""

import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from hashlib import sha256
from io import BytesIO
from itertools import groupby
from pathlib import Path
from random import Random
from time import sleep
from typing import Any

import pikepdf
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
import pytest

from taiyaku.model.documents import Binding
from taiyaku.model.units import mm
from taiyaku.prepress.imposition import Flip, Imposition, PaperSize, Scheme, Sheet, Side, saddle_stitch
from taiyaku.prepress.sheets import Imposed, impose
from tests.folding import Panel, cut, fold, fold_and_stack, fold_zine
from tests.prepress.test_imposition import reading_order

A5 = (mm(148), mm(210))
A6 = (mm(105), mm(148))
SMALL = (60.0, 80.0)
RED, WHITE = (255, 0, 0), (255, 255, 255)


# Building the source and reading the result


def source_pdf(
    pages: int,
    *,
    trim: tuple[float, float] = A5,
    bleed: float = 0,
    corner: float | None = None,
    paint: Mapping[int, str] | None = None,
    font_file: bytes = b"",
) -> bytes:
    """Make pages that hold their own number as text, 20 pt from the trim's left edge; ``paint`` lies beneath it.

    ``corner`` is where the MediaBox begins: WeasyPrint puts it at minus the bleed, most other programs at 0.
    """
    low = -bleed if corner is None else corner
    origin = low + bleed
    with pikepdf.new() as pdf:
        resources = pdf.make_indirect(pikepdf.Dictionary(Font=pikepdf.Dictionary(F=font(pdf, font_file))))
        for number in range(1, pages + 1):
            page = pdf.add_blank_page(page_size=trim)
            page.trimbox = pikepdf.Array([origin, origin, origin + trim[0], origin + trim[1]])
            page.mediabox = pikepdf.Array([low, low, origin + trim[0] + bleed, origin + trim[1] + bleed])
            page.obj.Resources = resources
            painted = (paint or {}).get(number, "")
            text = f"1 0 0 1 {origin} {origin} cm {painted} 0 g BT /F 20 Tf 20 40 Td ({number}) Tj ET"
            page.obj.Contents = pdf.make_stream(text.encode())
        return saved(pdf)


def font(pdf: pikepdf.Pdf, font_file: bytes) -> pikepdf.Object:
    made = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    if font_file:
        made.FontDescriptor = pikepdf.Dictionary(FontFile2=pdf.make_stream(font_file))
    return pdf.make_indirect(made)


def saved(pdf: pikepdf.Pdf) -> bytes:
    output = BytesIO()
    pdf.save(output)
    return output.getvalue()


def opened(pdf: bytes) -> pikepdf.Pdf:
    return pikepdf.open(BytesIO(pdf))


@pytest.fixture(scope="module")
def longest() -> bytes:
    return source_pdf(64)


def first_pages(pdf: bytes, pages: int) -> bytes:
    with opened(pdf) as source, pikepdf.new() as part:
        part.pages.extend(source.pages[:pages])
        return saved(part)


def read_cells(page: Any, columns: int, rows: int = 1, *, turned: bool = False) -> list[list[Panel]]:
    """Read which page number stands in each cell of a side, row by row, and whether it stands upright.

    ``turned`` turns the paper by half a turn first, as a person does who holds it the wrong way.
    """
    text = page.get_textpage()
    width, height = page.get_size()
    digits: dict[tuple[int, int], list[tuple[float, str, bool]]] = {}
    for at in range(text.count_chars()):
        if (sign := text.get_text_range(at, 1)).isdigit():
            left, bottom, right, top = text.get_charbox(at)
            x, y = (left + right) / 2, (bottom + top) / 2
            upright = (abs(pdfium_c.FPDFText_GetCharAngle(text, at)) < 0.1) is not turned
            x, y = (width - x, height - y) if turned else (x, y)
            cell = (int(rows - y / height * rows), int(x / width * columns))
            digits.setdefault(cell, []).append((x if upright else -x, sign, upright))
    return [[read_number(digits.get((row, column), [])) for column in range(columns)] for row in range(rows)]


def read_number(digits: list[tuple[float, str, bool]]) -> Panel:
    uprights = {upright for _, _, upright in digits} or {True}
    assert len(uprights) == 1
    return Panel(int("".join(sign for _, sign, _ in sorted(digits))) if digits else None, uprights.pop())


def read_side(page: Any, *, turned: bool = False) -> Side:
    """Read a side of two halves; both must stand upright."""
    ((left, right),) = read_cells(page, 2, turned=turned)
    assert left.upright and right.upright
    return Side(left.page, right.page)


def read_sheets(pdf: bytes, flip: Flip = Flip.SHORT) -> tuple[Sheet, ...]:
    """Read the sheets as a printer delivers them: front, and back once the sheet is turned like the page of a book.

    All papers here lie lengthwise. Turned over the long edge, a back is upright; so turned over the short edge, as
    the page of a book, it is to be read after half a turn more.
    """
    with pdfium.PdfDocument(pdf) as document:
        pages = list(document)
        return tuple(
            Sheet(read_side(front), read_side(back, turned=flip is Flip.LONG))
            for front, back in zip(pages[::2], pages[1::2], strict=True)
        )


def number_corners(pdf: bytes) -> dict[int, tuple[float, float]]:
    """Measure where the lower left corner of each page's number stands on its side, in pt."""
    with pdfium.PdfDocument(pdf) as document:
        return dict(corner for page in document for corner in corners_on(page))


def corners_on(page: Any) -> Iterable[tuple[int, tuple[float, float]]]:
    text, middle = page.get_textpage(), page.get_width() / 2
    boxes = [(text.get_text_range(at, 1), text.get_charbox(at)) for at in range(text.count_chars())]
    digits = [(sign, box) for sign, box in boxes if sign.isdigit()]
    for _, half in groupby(sorted(digits, key=lambda digit: digit[1][0]), key=lambda digit: digit[1][0] > middle):
        signs = list(half)
        yield int("".join(sign for sign, _ in signs)), signs[0][1][:2]


def looks(pdf: bytes, side: int, box: tuple[int, int, int, int]) -> set[tuple[int, ...]]:
    """Print a side at 72 dpi and give the colours within ``box``: left, top, right, bottom, in pt from the top."""
    with pdfium.PdfDocument(pdf) as document:
        picture = document[side].render(scale=1).to_pil().convert("RGB")
        return {colour for _, colour in picture.crop(box).getcolors()}


Line = tuple[float, float, float, float]


def marks(page: pikepdf.Page) -> list[Line]:
    """Return the lines that are drawn on a side outside the pages: from x, y to x, y, in pt."""
    lines, start = [], (0.0, 0.0)
    for operands, operator in ((i.operands, str(i.operator)) for i in pikepdf.parse_content_stream(page)):
        if operator not in "ml":
            continue
        x, y = (float(operand) for operand in operands)
        if operator == "l":
            lines.append((*start, x, y))
        start = (x, y)
    return lines


def near(lines: Iterable[Line]) -> list[Any]:
    return [pytest.approx(line, abs=0.001) for line in lines]


# Folding


@pytest.mark.parametrize("pages", range(1, 65))
def test_imposed_file_folds_into_reading_order(longest: bytes, pages: int) -> None:
    imposed = impose(first_pages(longest, pages))
    sheets = read_sheets(imposed.pdf)
    assert fold(sheets) == reading_order(pages)
    assert (imposed.pages, imposed.sheets) == (pages, len(sheets))


def test_imposed_file_bound_right(longest: bytes) -> None:
    imposed = impose(first_pages(longest, 10), Imposition(binding=Binding.RIGHT))
    assert fold(read_sheets(imposed.pdf), binding=Binding.RIGHT) == reading_order(10)


@pytest.mark.parametrize("binding", Binding)
@pytest.mark.parametrize("flip", Flip)
@pytest.mark.parametrize("pages", [1, 7, 16, 37])
def test_printed_on_either_edge_it_folds_into_reading_order(
    longest: bytes, pages: int, flip: Flip, binding: Binding
) -> None:
    imposed = impose(first_pages(longest, pages), Imposition(flip=flip, binding=binding))
    assert fold(read_sheets(imposed.pdf, flip), binding=binding) == reading_order(pages)


@pytest.mark.parametrize("flip", Flip)
def test_the_wrong_edge_is_seen(longest: bytes, flip: Flip) -> None:
    """A printer that flips on the other edge prints backs on their head."""
    imposed = impose(first_pages(longest, 8), Imposition(flip=flip))
    with pdfium.PdfDocument(imposed.pdf) as document:
        ((left, right),) = read_cells(document[1], 2, turned=flip is Flip.SHORT)
    assert not left.upright
    assert not right.upright


def test_upright_paper_turns_over_the_other_edge() -> None:
    """Two narrow pages make a sheet that stands upright: there the edges at its sides are the long ones."""
    narrow = (40.0, 100.0)
    with pdfium.PdfDocument(impose(source_pdf(4, trim=narrow)).pdf) as document:
        assert read_side(document[1], turned=True) == Side(2, 3)
    with pdfium.PdfDocument(impose(source_pdf(4, trim=narrow), Imposition(flip=Flip.LONG)).pdf) as document:
        assert read_side(document[1]) == Side(2, 3)


@pytest.mark.parametrize("flip", Flip)
@pytest.mark.parametrize(("pages", "most", "sizes"), [(8, 1, (1, 1)), (34, 4, (3, 3, 3)), (64, 5, (4, 4, 4, 4))])
def test_signatures_in_the_file(longest: bytes, pages: int, most: int, sizes: tuple[int, ...], flip: Flip) -> None:
    imposed = impose(first_pages(longest, pages), Imposition(sheets_per_signature=most, flip=flip))
    sheets = iter(read_sheets(imposed.pdf, flip))
    assert imposed.signatures == sizes
    assert fold_and_stack([[next(sheets) for _ in range(size)] for size in sizes]) == reading_order(pages)


@pytest.mark.parametrize("flip", Flip)
@pytest.mark.parametrize("pages", [2, 7, 16])
def test_cut_and_stack_in_the_file(longest: bytes, pages: int, flip: Flip) -> None:
    imposed = impose(first_pages(longest, pages), Imposition(Scheme.CUT_STACK, flip=flip))
    read = [page for page in cut(read_sheets(imposed.pdf, flip)) if page]
    assert read == list(range(1, pages + 1))
    assert (imposed.pages, imposed.sheets, imposed.signatures) == (pages, (pages + 3) // 4, ())


def test_one_page_twice_on_a_sheet(longest: bytes) -> None:
    """A checklist on A5: one side of A4 holds it twice, and nothing is printed on the back."""
    imposed = impose(first_pages(longest, 1), Imposition(Scheme.CUT_STACK, copies=2))
    with pdfium.PdfDocument(imposed.pdf) as document:
        assert [read_side(page) for page in document] == [Side(1, 1)]
    assert (imposed.sheets, imposed.stock) == (1, PaperSize.A4)


def test_single_sided_leaves(longest: bytes) -> None:
    imposed = impose(first_pages(longest, 5), Imposition(Scheme.CUT_STACK, double_sided=False))
    with pdfium.PdfDocument(imposed.pdf) as document:
        assert [read_side(page) for page in document] == [Side(1, 4), Side(2, 5), Side(3, None)]
    assert imposed.sheets == 3


@pytest.mark.parametrize("binding", Binding)
@pytest.mark.parametrize("stock", [None, PaperSize.A4, PaperSize.A3])
@pytest.mark.parametrize("pages", [1, 5, 8])
def test_zine_in_the_file(longest: bytes, pages: int, stock: PaperSize | None, binding: Binding) -> None:
    imposed = impose(first_pages(longest, pages), Imposition(Scheme.ZINE, paper=stock, binding=binding))
    with pdfium.PdfDocument(imposed.pdf) as document:
        (side,) = document
        upper, lower = read_cells(side, 4, 2)
    read = fold_zine(upper, lower, binding=binding)
    assert tuple(panel.page for panel in read) == reading_order(pages, 8)
    assert all(panel.upright for panel in read if panel.page)
    assert (imposed.sheets, imposed.stock) == (1, stock or PaperSize.A4)


# Creep


@pytest.mark.parametrize("binding", Binding)
def test_creep_is_in_the_file(longest: bytes, binding: Binding) -> None:
    source = first_pages(longest, 24)
    flat = number_corners(impose(source, Imposition(gsm=0, binding=binding)).pdf)
    crept = number_corners(impose(source, Imposition(gsm=160, binding=binding)).pdf)
    assert len(saddle_stitch(24, binding=binding)) == 6
    for index, sheet in enumerate(saddle_stitch(24, binding=binding)):
        shift = index * 0.2 * 72 / 25.4
        for side in (sheet.front, sheet.back):
            for page, towards_spine in ((side.left, shift), (side.right, -shift)):
                assert page
                assert crept[page] == pytest.approx((flat[page][0] + towards_spine, flat[page][1]), abs=0.001)


def test_creep_begins_anew_in_each_signature(longest: bytes) -> None:
    source = first_pages(longest, 24)
    flat = number_corners(impose(source, Imposition(gsm=0, sheets_per_signature=3)).pdf)
    crept = number_corners(impose(source, Imposition(gsm=100, bulk=1.3, sheets_per_signature=3)).pdf)
    by_page = [round((crept[page][0] - flat[page][0]) / mm(0.13), 2) for page in range(1, 13)]
    assert by_page == [0, 0, -1, 1, -2, 2, -2, 2, -1, 1, 0, 0]
    assert all(
        crept[page + 12][0] - flat[page + 12][0] == pytest.approx(crept[page][0] - flat[page][0], abs=0.001)
        for page in range(1, 13)
    )


def test_leaves_that_are_cut_do_not_creep(longest: bytes) -> None:
    source = first_pages(longest, 24)
    light, heavy = (impose(source, Imposition(Scheme.CUT_STACK, gsm=gsm)) for gsm in (0, 300))
    assert light.pdf == heavy.pdf


# Paper, trim and clip


@pytest.mark.parametrize(
    ("trim", "paper"),
    [
        (A5, (mm(297), mm(210))),
        ((420, 595), (mm(297), mm(210))),
        (A6, (mm(210), mm(148))),
        ((mm(128), mm(182)), (mm(257), mm(182))),
        ((mm(210), mm(297)), (mm(420), mm(297))),
        ((mm(182), mm(257)), (mm(364), mm(257))),
        ((396, 612), (792, 612)),
        ((612, 792), (1224, 792)),
        (SMALL, (120, 80)),
    ],
    ids=["A5", "A5 in whole points", "A6", "JIS B6", "A4", "JIS B5", "half Letter", "Letter", "no standard"],
)
def test_sheet_size(trim: tuple[float, float], paper: tuple[float, float]) -> None:
    with opened(impose(source_pdf(5, trim=trim)).pdf) as pdf:
        for page in pdf.pages:
            assert [float(edge) for edge in page.mediabox] == pytest.approx([0, 0, *paper], abs=1e-4)
            assert page.trimbox == page.mediabox


def test_pages_meet_at_the_fold() -> None:
    """On A4 an A5 page keeps its size; the millimetre that two of them lack lies at the outer edges."""
    corner = number_corners(source_pdf(4))
    placed = number_corners(impose(source_pdf(4)).pdf)
    assert placed[1] == pytest.approx((mm(148.5) + corner[1][0], corner[1][1]), abs=0.001)
    assert placed[4] == pytest.approx((mm(0.5) + corner[4][0], corner[4][1]), abs=0.001)


def test_boxes_in_whole_points_are_centred_in_height() -> None:
    placed = number_corners(impose(source_pdf(4, trim=(420, 595))).pdf)
    assert placed[1][1] == pytest.approx(40 + (mm(210) - 595) / 2, abs=0.001)


@pytest.mark.parametrize("corner", [-mm(3), 0, 40], ids=["negative", "zero", "positive"])
def test_bleed_puts_the_trim_area_in_its_half(corner: float) -> None:
    plain = impose(source_pdf(16, trim=SMALL))
    bleeding = impose(source_pdf(16, trim=SMALL, bleed=mm(3), corner=corner))
    expected = number_corners(plain.pdf)
    for number, measured in number_corners(bleeding.pdf).items():
        assert measured == pytest.approx(expected.pop(number), abs=0.001)
    assert not expected


def test_bleed_is_cut_off_at_the_trim() -> None:
    """The trim area of page 1 is red, its bleed black: only red arrives, up to the edges of its half."""
    paint = {1: f"0 g -9 -9 78 98 re f 1 0 0 rg 0 0 {SMALL[0]} {SMALL[1]} re f"}
    imposed = impose(source_pdf(4, trim=SMALL, bleed=9, paint=paint))
    assert looks(imposed.pdf, 0, (61, 0, 120, 25)) == {RED}
    assert looks(imposed.pdf, 0, (0, 0, 59, 25)) == {WHITE}


@pytest.mark.parametrize("binding", Binding)
def test_overflow_does_not_reach_the_neighbour(binding: Binding) -> None:
    """Page 3 spills over on all sides and creeps 8.5 pt towards the spine: page 6 beside it stays clean."""
    paint = {3: "1 0 0 rg -500 -500 1000 1000 re f"}
    imposed = impose(source_pdf(8, trim=SMALL, bleed=50, paint=paint), Imposition(gsm=2400, binding=binding))
    own, neighbour = (61, 1, 119, 25), (1, 1, 59, 25)
    if binding is Binding.RIGHT:
        own, neighbour = neighbour, own
    assert looks(imposed.pdf, 2, own) == {RED}
    assert looks(imposed.pdf, 2, neighbour) == {WHITE}


@pytest.mark.parametrize(("bleed", "colour"), [(0, WHITE), (50, RED)])
def test_bleed_fills_what_creep_leaves_at_the_outer_edge(bleed: float, colour: tuple[int, int, int]) -> None:
    paint = {3: "1 0 0 rg -500 -500 1000 1000 re f"}
    imposed = impose(source_pdf(8, trim=SMALL, bleed=bleed, paint=paint), Imposition(gsm=2400))
    assert looks(imposed.pdf, 2, (112, 1, 119, 25)) == {colour}


def test_turned_pages_stand_upright() -> None:
    """A page that /Rotate turns is measured and placed as it is seen."""
    with opened(source_pdf(4, trim=(80, 60))) as pdf:
        for page in pdf.pages:
            page.rotate(90, relative=False)
        turned = saved(pdf)
    with opened(impose(turned).pdf) as pdf:
        assert [float(edge) for edge in pdf.pages[0].mediabox] == [0, 0, 120, 80]


def test_trim_box_is_optional() -> None:
    with opened(source_pdf(4, trim=SMALL)) as pdf:
        for page in pdf.pages:
            del page.obj["/TrimBox"]
        boxless = saved(pdf)
    assert number_corners(impose(boxless).pdf) == number_corners(impose(source_pdf(4, trim=SMALL)).pdf)


def test_mixed_sizes() -> None:
    with opened(source_pdf(4)) as pdf, opened(source_pdf(1, trim=A6)) as other:
        pdf.pages[2] = other.pages[0]
        mixed = saved(pdf)
    message = r"^page 3 is 105\.0 × 148\.0 mm, page 1 is 148\.0 × 210\.0 mm: a booklet's pages have one size$"
    with pytest.raises(ValueError, match=message):
        impose(mixed)


def test_all_pages_of_another_size_are_named() -> None:
    with opened(source_pdf(6)) as pdf, opened(source_pdf(1, trim=A6)) as other:
        for at in (2, 3, 5):
            pdf.pages[at] = other.pages[0]
        mixed = saved(pdf)
    with pytest.raises(ValueError, match=r"^page 3 is .* one size \(so do not: 4, 6\)$"):
        impose(mixed)


@pytest.mark.parametrize("off", [(-0.9, 0.0), (0.9, -0.9), (0.28, 0.11)])
def test_pages_that_differ_by_less_than_a_millimetre_are_one_size(off: tuple[float, float]) -> None:
    """They stand in the middle of the first page's place."""
    wide, high = (side + mm(by) for side, by in zip(A5, off, strict=True))
    with opened(source_pdf(4)) as pdf, opened(source_pdf(4, trim=(wide, high))) as other:
        pdf.pages[2] = other.pages[2]
        corners, plain = number_corners(impose(saved(pdf)).pdf), number_corners(impose(source_pdf(4)).pdf)
    moved = tuple(a - b for a, b in zip(corners[3], plain[3], strict=True))
    assert moved == pytest.approx((-mm(off[0]) / 2, -mm(off[1]) / 2), abs=0.01)


# What prints besides the pages' own content

RED_BOX = b"1 0 0 rg 0 0 30 20 re f"


def with_notes(*notes: Mapping[str, Any], need: bool = False, look: bytes = RED_BOX, layer_off: bool = False) -> bytes:
    """Return a page with annotations of 30 by 20 pt at 50, 100; they are painted red, where they say not otherwise."""
    with opened(source_pdf(4)) as pdf:
        page = pdf.pages[0].obj
        layer = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.OCG, Name=pikepdf.String("draft")))
        made = []
        for note in notes:
            stream = pdf.make_stream(look, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, BBox=[0, 0, 30, 20])
            facts = {"Rect": pikepdf.Array([50, 100, 80, 120]), "AP": pikepdf.Dictionary(N=stream), "F": 4, **note}
            held = {key: value for key, value in facts.items() if value is not None}
            if held.get("OC"):
                held["OC"] = layer
            made.append(pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Annot, P=page, **held)))
        page.Annots = pikepdf.Array(made)
        fields = pikepdf.Array([one for one in made if one.Subtype == "/Widget"])
        helvetica = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=page.Resources.Font.F))
        pdf.Root.AcroForm = pikepdf.Dictionary(Fields=fields, DR=helvetica, DA=pikepdf.String("/F 12 Tf 0 g"))
        if need:
            pdf.Root.AcroForm.NeedAppearances = True
        if layer_off:
            layers = pikepdf.Array([layer])
            pdf.Root.OCProperties = pikepdf.Dictionary(OCGs=layers, D=pikepdf.Dictionary(OFF=layers))
        return saved(pdf)


def kind(name: str, **more: Any) -> dict[str, Any]:
    return {"Subtype": pikepdf.Name(f"/{name}"), **more}


def line(value: str, **more: Any) -> dict[str, Any]:
    said = {"FT": pikepdf.Name.Tx, "T": pikepdf.String("a"), "V": pikepdf.String(value)}
    return kind("Widget", DA=pikepdf.String("/F 12 Tf 0 g"), **said, **more)


def on_the_sheet(imposed: Imposed) -> tuple[bool, str]:
    """Tell whether anything red is on the sheet, and what its front says."""
    with pdfium.PdfDocument(imposed.pdf) as document:
        colours = {colour for _, colour in document[0].render(scale=1).to_pil().convert("RGB").getcolors(99999)}
        return RED in colours, document[0].get_textpage().get_text_bounded()


@pytest.mark.parametrize("name", ["Stamp", "FreeText", "Ink", "Highlight", "Widget"])
def test_what_prints_is_on_the_sheet(name: str) -> None:
    imposed = impose(with_notes(kind(name)))
    assert (on_the_sheet(imposed)[0], imposed.notes) == (True, ())
    with opened(imposed.pdf) as pdf:
        assert "/AcroForm" not in pdf.Root
        assert not any("/Annots" in page.obj for page in pdf.pages)


def test_a_ticked_box_is_on_the_sheet_and_an_empty_one_is_not() -> None:
    for state, shown in (("/Yes", True), ("/Off", False)):
        with opened(with_notes(kind("Widget", FT=pikepdf.Name.Btn, T=pikepdf.String("b")))) as pdf:
            box = pdf.pages[0].obj.Annots[0]
            empty = pdf.make_stream(b"q Q", Subtype=pikepdf.Name.Form, BBox=[0, 0, 30, 20])
            box.AP.N = pikepdf.Dictionary(Yes=box.AP.N, Off=empty)
            box.AS = box.V = pikepdf.Name(state)
            assert on_the_sheet(impose(saved(pdf)))[0] is shown


@pytest.mark.parametrize(
    ("note", "said"),
    [
        (kind("Stamp", F=0), ("notes that are not marked to be printed are left out (page 1)",)),
        (kind("FreeText", AP=None), ("notes without an appearance are not drawn (page 1)",)),
        (kind("Stamp", F=6), ()),
        (kind("Link"), ()),
        (kind("Popup", F=0), ()),
    ],
)
def test_what_does_not_print_is_told_where_it_could_be_missed(note: Mapping[str, Any], said: tuple[str, ...]) -> None:
    imposed = impose(with_notes(note))
    assert (on_the_sheet(imposed)[0], imposed.notes) == (False, said)


@pytest.mark.parametrize("need", [False, True])
def test_a_field_without_an_appearance_gets_one(need: bool) -> None:
    imposed = impose(with_notes(line("Été 12", AP=None, Rect=pikepdf.Array([50, 100, 150, 120])), need=need))
    assert "t" in on_the_sheet(imposed)[1]
    assert "12" in on_the_sheet(imposed)[1]
    assert imposed.notes == ()


def test_a_field_whose_letters_cannot_be_written_is_told_and_keeps_its_look() -> None:
    imposed = impose(with_notes(line("新宿"), need=True))
    assert on_the_sheet(imposed)[0]
    assert imposed.notes == (
        "fields whose letters cannot be written here show what they showed before, or nothing (page 1)",
    )


def test_a_look_that_two_fields_share_is_not_written_into() -> None:
    """One asks for a new appearance, and the other keeps the red box."""
    with opened(with_notes(line("new", AP=None), line("旧", Rect=pikepdf.Array([150, 100, 180, 120])))) as pdf:
        first, second = pdf.pages[0].obj.Annots
        first.AP = second.AP
        pdf.Root.AcroForm.NeedAppearances = True
        shown, text = on_the_sheet(impose(saved(pdf)))
    assert shown
    assert "new" in text


def test_a_hidden_layer_stays_hidden() -> None:
    """In the content, and of a stamp; a layer that shows is shown."""
    for off in (True, False):
        with opened(with_notes(kind("Stamp", OC=True), layer_off=off)) as pdf:
            layer = pdf.pages[0].obj.Annots[0].OC
            page = pdf.pages[3]
            page.obj.Resources = pikepdf.Dictionary(
                Font=page.obj.Resources.Font, Properties=pikepdf.Dictionary(L=layer)
            )
            page.contents_add(b"/OC /L BDC BT /F 9 Tf 30 150 Td (secret) Tj ET EMC", prepend=False)
            shown = impose(saved(pdf))
        with pdfium.PdfDocument(shown.pdf) as document:
            drawn = document[0].render(scale=1).to_pil().convert("L").crop((20, 435, 80, 450))
        assert (drawn.getextrema()[0] > 200) is off
        assert on_the_sheet(shown)[0] is not off


def test_pages_without_anything_to_draw_go_on_sharing_their_resources() -> None:
    with opened(with_notes(kind("Link"))) as pdf:
        source = saved(pdf)
    with opened(impose(source).pdf) as pdf:
        fonts = {form.Resources.Font.F.objgen for page in pdf.pages for form in page.obj.Resources.XObject.values()}
    assert len(fonts) == 1


def test_source_without_pages() -> None:
    with pikepdf.new() as pdf, pytest.raises(ValueError, match="at least one page"):
        impose(saved(pdf))


@pytest.mark.parametrize(
    ("trim", "scheme", "stock", "scale"),
    [
        (A5, Scheme.SADDLE, PaperSize.A4, 1),
        (A5, Scheme.SADDLE, PaperSize.A3, 1),
        (A5, Scheme.SADDLE, PaperSize.LETTER, 279.4 / 2 / 148),
        (A5, Scheme.SADDLE, PaperSize.A5, 148 / 210),
        ((420, 595), Scheme.SADDLE, PaperSize.A4, 1),
        (A5, Scheme.ZINE, None, 0.5),
        (A5, Scheme.ZINE, PaperSize.A3, 297 / 2 / 210),
        ((mm(210), mm(297)), Scheme.CUT_STACK, PaperSize.A4, 210 / 297),
        (SMALL, Scheme.ZINE, None, 1),
    ],
)
def test_pages_are_scaled_down_to_the_paper(
    trim: tuple[float, float], scheme: Scheme, stock: PaperSize | None, scale: float
) -> None:
    imposed = impose(source_pdf(4, trim=trim), Imposition(scheme, paper=stock))
    with opened(imposed.pdf) as pdf:
        stock = stock or PaperSize.A4
        assert [float(edge) for edge in pdf.pages[0].mediabox[2:]] == pytest.approx(
            [mm(stock.long_mm), mm(stock.short_mm)], abs=1e-4
        )
    assert imposed.stock is stock
    assert imposed.scale == pytest.approx(scale, abs=1e-4)
    assert imposed.scale <= scale + 1e-6
    assert digit_height(imposed.pdf) == pytest.approx(imposed.scale * digit_height(source_pdf(1)), rel=1e-3)


def digit_height(pdf: bytes) -> float:
    """Measure the number of page 1, in pt."""
    with pdfium.PdfDocument(pdf) as document:
        text = document[0].get_textpage()
        _, bottom, _, top = text.get_charbox(text.get_text_range().index("1"))
        return float(top - bottom)


@pytest.mark.parametrize("bleed", [0, mm(3)])
def test_scaled_pages_fill_their_half_to_the_fold(bleed: float) -> None:
    """A5 on Letter: the width decides, the height is left in the middle."""
    paint = {1: "1 0 0 rg -20 -20 500 700 re f"}
    imposed = impose(source_pdf(4, bleed=bleed, paint=paint), Imposition(paper=PaperSize.LETTER, marks=False))
    assert looks(imposed.pdf, 0, (398, 30, 791, 300)) == {RED}
    assert looks(imposed.pdf, 0, (0, 0, 395, 300)) == {WHITE}
    head = RED if bleed else WHITE
    assert looks(imposed.pdf, 0, (398, 21, 791, 24)) == {head}
    assert looks(imposed.pdf, 0, (398, 0, 791, 14)) == {WHITE}


# Marks


MIDDLE, TOP, FOUR = mm(148.5), mm(210), mm(4)
FOLDS = [(MIDDLE, 0, MIDDLE, FOUR), (MIDDLE, TOP - FOUR, MIDDLE, TOP)]


def ticks(*heights: float) -> list[Line]:
    """Say where marks of 4 mm along the fold of A4 lie, by the share of its height."""
    return [(MIDDLE, TOP * at - FOUR / 2, MIDDLE, TOP * at + FOUR / 2) for at in heights]


def all_marks(imposed: Imposed) -> list[list[Line]]:
    with opened(imposed.pdf) as pdf:
        return [marks(page) for page in pdf.pages]


def test_fold_marks_on_every_side_and_staple_marks_outside() -> None:
    drawn = all_marks(impose(source_pdf(12)))
    assert drawn == [near([*FOLDS, *ticks(0.25, 0.75)]), *[near(FOLDS)] * 5]


def test_signatures_have_bars_in_steps_outside_and_holes_inside() -> None:
    """No staples: each signature is pierced inside, and its bar begins where the last one's ends."""
    drawn = all_marks(impose(source_pdf(24), Imposition(sheets_per_signature=2)))
    bars = [[(MIDDLE, TOP - mm(19) - at * FOUR, MIDDLE, TOP - mm(15) - at * FOUR)] for at in range(3)]
    holes = ticks(1 / 8, 3 / 8, 5 / 8, 7 / 8)
    assert drawn == [near([*FOLDS, *extra]) for bar in bars for extra in (bar, [], [], holes)]


def test_bars_of_many_signatures_stay_on_the_spine() -> None:
    drawn = all_marks(impose(source_pdf(64 * 4), Imposition(sheets_per_signature=1)))
    bars = [side[2] for side in drawn[::2]]
    assert len(bars) == 64
    assert all(mm(10) < low < high < TOP - mm(10) for _, low, _, high in bars)


def test_cut_marks_lie_where_the_stack_is_cut() -> None:
    drawn = all_marks(impose(source_pdf(8), Imposition(Scheme.CUT_STACK)))
    assert drawn == [near(FOLDS)] * 4


def test_zine_shows_its_folds_and_its_cut() -> None:
    (drawn,) = all_marks(impose(source_pdf(8), Imposition(Scheme.ZINE)))
    columns = [mm(297) * at / 4 for at in (1, 2, 3)]
    folds = [line for x in columns for line in ((x, 0, x, FOUR), (x, TOP - FOUR, x, TOP))]
    edges = [(0, TOP / 2, FOUR, TOP / 2), (mm(297) - FOUR, TOP / 2, mm(297), TOP / 2)]
    slit = (columns[0], TOP / 2, columns[2], TOP / 2)
    assert drawn == near([*folds, *edges, slit])


@pytest.mark.parametrize("scheme", Scheme)
def test_marks_can_be_left_out(scheme: Scheme) -> None:
    assert not any(all_marks(impose(source_pdf(8), Imposition(scheme, marks=False))))


def test_trim_marks_where_paper_is_left_over() -> None:
    """A5 on A3: the corners of the open booklet, 3 mm away from it and 4 mm long."""
    (drawn, _) = all_marks(impose(source_pdf(4, bleed=mm(3)), Imposition(paper=PaperSize.A3)))
    trims = {
        (round(x / mm(1), 2), round(y / mm(1), 2), round(u / mm(1), 2), round(v / mm(1), 2)) for x, y, u, v in drawn
    }
    left, right, low, high = 210 - 148, 210 + 148, 43.5, 297 - 43.5
    upright = {(x, y, x, y + 4) for x in (left, right) for y in (low - 7, high + 3)}
    level = {(x, y, x + 4, y) for x in (left - 7, right + 3) for y in (low, high)}
    assert upright | level <= trims
    assert len(trims) == 8 + 4


def test_bleed_shows_where_paper_is_left_over() -> None:
    paint = dict.fromkeys(range(1, 5), "1 0 0 rg -500 -500 2000 2000 re f")
    imposed = impose(source_pdf(4, trim=SMALL, bleed=9, paint=paint), Imposition(paper=PaperSize.A6, marks=False))
    left, top = mm(74) - 60, (mm(105) - 80) / 2
    edge = int(left - 9) + 2
    assert looks(imposed.pdf, 0, (edge, int(top) - 7, edge + 130, int(top) + 85)) >= {RED}
    assert looks(imposed.pdf, 0, (edge, int(top) - 7, edge + 20, int(top) + 10)) == {RED}
    assert looks(imposed.pdf, 0, (0, 0, edge - 3, 290)) == {WHITE}


def test_marks_are_thin_grey_and_above_a_coloured_cover() -> None:
    imposed = impose(source_pdf(4, trim=SMALL, paint=dict.fromkeys((1, 4), "1 0 0 rg 0 0 60 80 re f")))
    with opened(imposed.pdf) as pdf:
        contents = pdf.pages[0].obj.Contents.read_bytes()
    assert b"q 0.25 w 0.25 G 60 0 m" in contents
    assert looks(imposed.pdf, 0, (58, 0, 62, 4)) != {RED}


# The file


@pytest.mark.parametrize(
    ("imposition", "duplex"),
    [
        (Imposition(), "/DuplexFlipShortEdge"),
        (Imposition(flip=Flip.LONG), "/DuplexFlipLongEdge"),
        (Imposition(flip=Flip.LONG, sheets_per_signature=1), "/DuplexFlipLongEdge"),
        (Imposition(Scheme.CUT_STACK), "/DuplexFlipShortEdge"),
        (Imposition(Scheme.CUT_STACK, flip=Flip.LONG), "/DuplexFlipLongEdge"),
        (Imposition(Scheme.CUT_STACK, double_sided=False), "/Simplex"),
        (Imposition(Scheme.ZINE), "/Simplex"),
    ],
)
def test_print_dialogue_is_preset(imposition: Imposition, duplex: str) -> None:
    with opened(impose(source_pdf(8), imposition).pdf) as pdf:
        assert pdf.Root.PageLayout == "/SinglePage"
        assert dict(pdf.Root.ViewerPreferences.items()) == {
            "/Duplex": pikepdf.Name(duplex),
            "/PrintScaling": pikepdf.Name("/None"),
            "/PickTrayByPDFSize": True,
        }
        assert pdf.pdf_version == "1.7"
        assert pdf.check_pdf_syntax() == []


@pytest.mark.parametrize("pages", [1, 6, 16])
def test_syntax_is_clean(longest: bytes, pages: int) -> None:
    with opened(impose(first_pages(longest, pages)).pdf) as pdf:
        assert pdf.check_pdf_syntax() == []


def accessible_pdf() -> bytes:
    """Make what only a screen edition may have: a link, a tag tree, an outline, a claim to PDF/UA."""
    with opened(source_pdf(4)) as pdf:
        link = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9])
        pdf.pages[0].obj.Annots = pikepdf.Array([pdf.make_indirect(link)])
        pdf.Root.StructTreeRoot = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.StructTreeRoot))
        pdf.Root.MarkInfo = pikepdf.Dictionary(Marked=True)
        with pdf.open_outline() as outline:
            outline.root.append(pikepdf.OutlineItem("one", 0))
        info = {"/Title": "電話番号", "/CreationDate": "D:20261122000000Z", "/GTS_PDFXVersion": "PDF/X-4"}
        pdf.docinfo.update(info)
        with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as xmp:
            xmp["dc:title"], xmp["pdfuaid:part"] = "電話番号", "1"
        return saved(pdf)


def test_for_paper_only() -> None:
    with opened(impose(accessible_pdf()).pdf) as pdf:
        assert set(pdf.Root.keys()) == {"/Type", "/Pages", "/PageLayout", "/ViewerPreferences", "/Metadata"}
        assert not any("/Annots" in page.obj for page in pdf.pages)
        assert b"pdfuaid" not in pdf.Root.Metadata.read_bytes()


def test_title_and_date_are_carried_over() -> None:
    with opened(impose(accessible_pdf()).pdf) as pdf:
        info = {key: str(value) for key, value in pdf.docinfo.items()}
        assert info == {"/Title": "電話番号", "/CreationDate": "D:20261122000000Z"}
        assert pdf.open_metadata()["dc:title"] == "電話番号"


def test_title_is_replaced() -> None:
    with opened(impose(accessible_pdf(), title="手机号码").pdf) as pdf:
        assert str(pdf.docinfo["/Title"]) == pdf.open_metadata()["dc:title"] == "手机号码"


def test_no_date_of_its_own() -> None:
    with opened(impose(source_pdf(4)).pdf) as pdf:
        assert not [key for key in pdf.docinfo if "Date" in str(key)]
        assert b"Date" not in pdf.Root.Metadata.read_bytes()


def test_same_input_same_bytes() -> None:
    source = accessible_pdf()
    assert impose(source) == impose(source)
    assert isinstance(impose(source), Imposed)


def test_same_bytes_in_another_process_at_another_time(tmp_path: Path) -> None:
    source = accessible_pdf()
    expected = sha256(impose(source).pdf).hexdigest()
    sleep(1.01)  # without a deterministic ID the bytes change with each second
    (tmp_path / "source.pdf").write_bytes(source)
    script = (
        "from pathlib import Path; from hashlib import sha256; from taiyaku.prepress.sheets import impose\n"
        "print(sha256(impose(Path('source.pdf').read_bytes()).pdf).hexdigest())"
    )
    elsewhere = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "PYTHONHASHSEED": "7",
        "TZ": "Asia/Tokyo",
    }
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, cwd=tmp_path, env=elsewhere, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == expected


def test_resources_stay_shared() -> None:
    source = source_pdf(16, font_file=Random(7).randbytes(20_000))
    imposed = impose(source)
    assert len(imposed.pdf) <= 1.3 * len(source)
    assert b"/ObjStm" in imposed.pdf
    with opened(imposed.pdf) as pdf:
        forms = [form for page in pdf.pages for form in page.obj.Resources.XObject.values()]
        assert len(forms) == 16
        assert {(form.Resources.is_indirect, form.Resources.objgen) for form in forms} == {
            (True, forms[0].Resources.objgen)
        }
        streams = [thing for thing in pdf.objects if isinstance(thing, pikepdf.Stream)]
        assert sum(len(stream.read_raw_bytes()) > 9_999 for stream in streams) == 1


def test_inherited_resources_stay_shared() -> None:
    with opened(source_pdf(4)) as pdf:
        pdf.Root.Pages.Resources = pdf.pages[0].obj.Resources
        for page in pdf.pages:
            del page.obj["/Resources"]
        inherited = saved(pdf)
    assert fold(read_sheets(impose(inherited).pdf)) == (1, 2, 3, 4)
