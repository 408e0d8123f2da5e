"""Imposition: the laws of the page order, and the finished file read, measured, looked at and folded."""

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
import pytest
from hypothesis import given
from hypothesis import strategies as st

from taiyaku.impose import Binding, Imposed, Sheet, Side, creep_shift, fold, impose, saddle_stitch
from taiyaku.units import mm

A5 = (mm(148), mm(210))
A6 = (mm(105), mm(148))
SMALL = (60.0, 80.0)
RED, WHITE = (255, 0, 0), (255, 255, 255)

page_counts = st.integers(1, 400)
bindings = st.sampled_from(Binding)


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


def read_sides(pdf: bytes) -> tuple[Side, ...]:
    """Read from the text's position which page number stands on which half of each side."""
    with pdfium.PdfDocument(pdf) as document:
        return tuple(read_side(page) for page in document)


def read_side(page: Any) -> Side:
    text, middle = page.get_textpage(), page.get_width() / 2
    left = text.get_text_bounded(right=middle).strip()
    right = text.get_text_bounded(left=middle).strip()
    return Side(left=int(left) if left else None, right=int(right) if right else None)


def read_sheets(pdf: bytes) -> tuple[Sheet, ...]:
    sides = read_sides(pdf)
    return tuple(Sheet(front, back) for front, back in zip(sides[::2], sides[1::2], strict=True))


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


def marks(page: pikepdf.Page) -> list[tuple[float, float, float]]:
    """Give the lines that are drawn on a side outside the pages: x, lower and upper end, in pt."""
    lines, start = [], (0.0, 0.0)
    for operands, operator in ((i.operands, str(i.operator)) for i in pikepdf.parse_content_stream(page)):
        numbers = [float(operand) for operand in operands if operator in "ml"]
        if operator == "m":
            start = (numbers[0], numbers[1])
        elif operator == "l":
            assert numbers[0] == start[0], "a mark lies along the fold"
            lines.append((start[0], start[1], numbers[1]))
    return lines


def reading_order(pages: int) -> tuple[int | None, ...]:
    """Say what a reader must find: the pages in order, blanks before the last, the back cover last."""
    blanks = [None] * (-pages % 4)
    return (1, *blanks) if pages == 1 else (*range(1, pages), *blanks, pages)


def sides_of(sheets: Iterable[Sheet]) -> list[Side]:
    return [side for sheet in sheets for side in (sheet.front, sheet.back)]


# The order of the pages


def test_printers_dummy() -> None:
    """The order that every printer knows by heart: 8 1 / 2 7, 6 3 / 4 5."""
    assert saddle_stitch(8) == (Sheet(Side(8, 1), Side(2, 7)), Sheet(Side(6, 3), Side(4, 5)))


def test_blanks_before_back_cover() -> None:
    assert saddle_stitch(5) == (Sheet(Side(5, 1), Side(2, None)), Sheet(Side(None, 3), Side(4, None)))


def test_one_page_is_the_front_cover() -> None:
    assert saddle_stitch(1) == (Sheet(Side(None, 1), Side(None, None)),)


@given(page_counts, bindings)
def test_each_page_once(pages: int, binding: Binding) -> None:
    sides = sides_of(saddle_stitch(pages, binding=binding))
    printed = [page for side in sides for page in (side.left, side.right)]
    assert sorted(page for page in printed if page) == list(range(1, pages + 1))
    assert len(printed) == pages + -pages % 4


@given(page_counts, bindings)
def test_places_on_a_side_add_up(pages: int, binding: Binding) -> None:
    places = len(reading_order(pages))
    place = {page: at for at, page in enumerate(reading_order(pages), start=1) if page}
    blanks = set(range(1, places + 1)) - set(place.values())
    for side in sides_of(saddle_stitch(pages, binding=binding)):
        for page, opposite in ((side.left, side.right), (side.right, side.left)):
            if page:
                expected = places + 1 - place[page]
                assert expected == place[opposite] if opposite else expected in blanks


@given(page_counts)
def test_outermost_sheet_first(pages: int) -> None:
    fronts = [sheet.front.right for sheet in saddle_stitch(pages)]
    assert fronts[0] == 1
    assert [page for page in fronts if page] == sorted(page for page in fronts if page)


@given(page_counts)
def test_bound_right_mirrors_each_side(pages: int) -> None:
    mirrored = [Side(left=side.right, right=side.left) for side in sides_of(saddle_stitch(pages))]
    assert sides_of(saddle_stitch(pages, binding=Binding.RIGHT)) == mirrored


@pytest.mark.parametrize("pages", [0, -4])
def test_no_page(pages: int) -> None:
    with pytest.raises(ValueError, match=f"^a booklet has at least one page, not `{pages}`$"):
        saddle_stitch(pages)


# Folding


@given(page_counts, bindings)
def test_folded_booklet_reads_in_order(pages: int, binding: Binding) -> None:
    assert fold(saddle_stitch(pages, binding=binding), binding=binding) == reading_order(pages)


def test_fold_one_sheet_by_hand() -> None:
    assert fold([Sheet(front=Side(left=40, right=10), back=Side(left=20, right=30))]) == (10, 20, 30, 40)


def test_fold_notices_the_wrong_order_of_sheets() -> None:
    assert fold(saddle_stitch(8)[::-1]) == (3, 4, 1, 2, 7, 8, 5, 6)


def test_fold_notices_swapped_sides() -> None:
    turned = [Sheet(front=sheet.back, back=sheet.front) for sheet in saddle_stitch(4)]
    assert fold(turned) == (3, 4, 1, 2)


def test_fold_notices_backs_flipped_on_the_other_edge() -> None:
    flipped = [Sheet(sheet.front, Side(sheet.back.right, sheet.back.left)) for sheet in saddle_stitch(4)]
    assert fold(flipped) == (1, 3, 2, 4)


@given(page_counts)
def test_fold_notices_the_wrong_binding(pages: int) -> None:
    opened_from_behind = fold(saddle_stitch(pages), binding=Binding.RIGHT)
    assert opened_from_behind == reading_order(pages)[::-1]


@pytest.mark.parametrize("pages", range(1, 65))
def test_imposed_file_folds_into_reading_order(longest: bytes, pages: int) -> None:
    imposed = impose(first_pages(longest, pages))
    sheets = read_sheets(imposed.pdf)
    assert fold(sheets) == reading_order(pages)
    assert (imposed.pages, imposed.sheets) == (pages, len(sheets))


def test_imposed_file_bound_right(longest: bytes) -> None:
    imposed = impose(first_pages(longest, 10), binding=Binding.RIGHT)
    assert fold(read_sheets(imposed.pdf), binding=Binding.RIGHT) == reading_order(10)


# Creep


@given(st.integers(1, 100), st.floats(0, 0.5))
def test_creep_grows_by_one_thickness_a_sheet(sheets: int, paper_mm: float) -> None:
    shifts = [creep_shift(index, sheets=sheets, paper_mm=paper_mm) for index in range(sheets)]
    assert shifts == pytest.approx([index * paper_mm * 72 / 25.4 for index in range(sheets)])


def test_creep_of_office_paper() -> None:
    assert creep_shift(5, sheets=6) == pytest.approx(1.41732, abs=1e-5)


@pytest.mark.parametrize("index", [-1, 3])
def test_creep_of_no_sheet(index: int) -> None:
    with pytest.raises(ValueError, match=f"^there is no sheet `{index}` among `3`$"):
        creep_shift(index, sheets=3)


def test_creep_of_no_paper() -> None:
    with pytest.raises(ValueError, match=r"^paper cannot be `-0\.1` mm thick$"):
        creep_shift(0, sheets=1, paper_mm=-0.1)


@pytest.mark.parametrize("binding", Binding)
def test_creep_is_in_the_file(longest: bytes, binding: Binding) -> None:
    source = first_pages(longest, 24)
    flat = number_corners(impose(source, paper_mm=0, binding=binding).pdf)
    crept = number_corners(impose(source, paper_mm=0.2, binding=binding).pdf)
    for index, sheet in enumerate(saddle_stitch(24, binding=binding)):
        shift = index * 0.2 * 72 / 25.4
        for side in (sheet.front, sheet.back):
            for page, towards_spine in ((side.left, shift), (side.right, -shift)):
                assert page
                assert crept[page] == pytest.approx((flat[page][0] + towards_spine, flat[page][1]), abs=0.001)


# Paper, trim and clip


@pytest.mark.parametrize(
    ("trim", "paper"),
    [
        (A5, (mm(297), mm(210))),
        ((420, 595), (mm(297), mm(210))),
        (A6, (mm(210), mm(148))),
        ((mm(128), mm(182)), (mm(257), mm(182))),
        ((mm(210), mm(297)), (mm(420), mm(297))),
        ((396, 612), (792, 612)),
        (SMALL, (120, 80)),
    ],
    ids=["A5", "A5 in whole points", "A6", "JIS B6", "A4", "half letter", "no standard"],
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


@pytest.mark.parametrize(("binding", "edge"), [(Binding.LEFT, (111, 1, 120, 80)), (Binding.RIGHT, (0, 1, 9, 80))])
def test_overflow_does_not_reach_the_neighbour(binding: Binding, edge: tuple[int, int, int, int]) -> None:
    """Page 3 spills over on all sides and creeps 8.5 pt towards the spine: page 6 beside it stays clean."""
    paint = {3: "1 0 0 rg -500 -500 1000 1000 re f"}
    imposed = impose(source_pdf(8, trim=SMALL, bleed=50, paint=paint), paper_mm=3, binding=binding)
    neighbour, own = (
        ((0, 1, 59, 25), (61, 1, 109, 25)) if binding is Binding.LEFT else ((61, 1, 120, 25), (11, 1, 59, 25))
    )
    assert looks(imposed.pdf, 2, own) == {RED}
    assert looks(imposed.pdf, 2, neighbour) == {WHITE}
    assert WHITE in looks(imposed.pdf, 2, edge)


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


def test_source_without_pages() -> None:
    with pikepdf.new() as pdf, pytest.raises(ValueError, match="at least one page"):
        impose(saved(pdf))


# Marks


def test_fold_marks_on_every_side_and_staple_marks_outside() -> None:
    with opened(impose(source_pdf(12)).pdf) as pdf:
        drawn = [marks(page) for page in pdf.pages]
    middle, top, four = mm(148.5), mm(210), mm(4)
    folds = [(middle, 0, four), (middle, top - four, top)]
    staples = [(middle, top * at - four / 2, top * at + four / 2) for at in (0.25, 0.75)]
    assert len(drawn) == 6
    assert drawn[0] == [pytest.approx(mark, abs=0.001) for mark in (*folds, *staples)]
    assert all(side == [pytest.approx(mark, abs=0.001) for mark in folds] for side in drawn[1:])


def test_marks_are_thin_grey_and_above_a_coloured_cover() -> None:
    imposed = impose(source_pdf(4, trim=SMALL, paint=dict.fromkeys((1, 4), "1 0 0 rg 0 0 60 80 re f")))
    with opened(imposed.pdf) as pdf:
        contents = pdf.pages[0].obj.Contents.read_bytes()
    assert b"q 0.25 w 0.5 G 60 0 m" in contents
    assert looks(imposed.pdf, 0, (58, 0, 62, 4)) != {RED}


# The file


def test_print_dialogue_is_preset() -> None:
    with opened(impose(source_pdf(4)).pdf) as pdf:
        assert pdf.Root.PageLayout == "/SinglePage"
        assert dict(pdf.Root.ViewerPreferences.items()) == {
            "/Duplex": pikepdf.Name.DuplexFlipShortEdge,
            "/PrintScaling": pikepdf.Name("/None"),
            "/PickTrayByPDFSize": True,
        }
        assert pdf.pdf_version == "1.7"


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
        "from pathlib import Path; from hashlib import sha256; from taiyaku.impose import impose\n"
        "print(sha256(impose(Path('source.pdf').read_bytes()).pdf).hexdigest())"
    )
    elsewhere = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(Path(__file__).parents[1]),
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
