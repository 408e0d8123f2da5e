"""A copy of a copy: each code has a PDF that a copier spoils and one that it does not; the model keeps its laws."""

import re
from collections.abc import Iterator
from importlib import import_module
from io import BytesIO
from itertools import combinations, pairwise
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import pikepdf
import pypdfium2
import pytest
import tinycss2
from hypothesis import given
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageChops

from taiyaku.model.findings import finding_to_dict
from taiyaku.model.wordings import WORDINGS
from taiyaku.preflight.photocopy.photocopy import (
    DOT_GAIN,
    GROUND,
    LEAST_LIKENESS,
    Copied,
    CopiedText,
    Matrix,
    contrast,
    copied,
    copy_of_copy,
    copy_page,
    extremes,
    grey_on_copy,
    likeness,
    photocopy,
    readings,
)
from tests.making import ROOT, codes, told
from tests.photocopy.tiny import (
    HEIGHT,
    INDIGO,
    VERMILION,
    WIDTH,
    area,
    document,
    fill,
    frame,
    grey,
    rule,
    text,
)
from tests.shipped import LARGE, PRINT, Built

HERE: Final = Path(__file__).parent.parent / "photocopy"
CODES: Final = tuple(code for code in WORDINGS if code.startswith("copy."))

ADDRESS: Final = "https://example.org/a-long-name-of-a-page-a-long-name-of-a-…"
SAID: Final = {
    "copy.contrast": "texts are too pale: 1 (page 1), the first pale",
    "copy.tint": "texts are lost in their ground: 1 (page 1), the first on a tint",
    "copy.stroke": "lines are gone: 1 (page 1), the first at 30 mm from the left, 20 mm from the top",
    "copy.ruby": "readings cannot be told any more: 1 (page 1), the first benren queren",
    "copy.box": "boxes to tick are not whole: 1 (page 1), the first outline at 22 mm from the left, 18 mm from the top",
    "copy.qr": f"QR codes cannot be read: 1 (page 1), the first {ADDRESS}",
    "copy.colour": (
        "areas of two colours look the same: 2 (page 1), the first at 25 mm from the left, 23 mm from the top"
    ),
}


def case(code: str) -> ModuleType:
    """Return the module that makes a code's PDFs."""
    return import_module(f"tests.photocopy.{code.removeprefix('copy.')}.make")


def found(*bodies: str) -> list[str]:
    """Return the codes that a document of such pages has."""
    return codes(photocopy(document(*bodies), "a.pdf"))


def page_of(pdf: bytes) -> Copied:
    with pypdfium2.PdfDocument(pdf) as opened:
        return copy_page(opened[0])


# Each code


def test_every_code_has_a_folder_and_every_folder_a_code():
    assert {path.parent.name for path in HERE.glob("*/make.py")} == {code.removeprefix("copy.") for code in CODES}


@pytest.mark.parametrize("code", CODES)
def test_what_a_copier_spoils_is_told(code: str):
    """Exactly that code, and in the words that a person reads."""
    pdf = case(code).wrong()
    assert told(photocopy(pdf, "a.pdf")) == [f"a.pdf: error: on a copy of a copy {SAID[code]} [{code}]"]


@pytest.mark.parametrize("code", CODES)
def test_what_it_leaves_is_not(code: str):
    assert told(photocopy(case(code).right(), "a.pdf")) == []


def test_one_finding_lists_all_pages():
    pale, dark = grey(0xAA) + text("pale"), grey(0) + text("dark")
    (finding,) = photocopy(document(pale, dark, pale, pale + text("too", y=20)), "a.pdf")
    assert (finding.facts["pages"], finding.facts["count"]) == ("1, 3–4", 4)


def test_the_same_file_gives_the_same_findings():
    pdf = case("copy.ruby").wrong()
    assert photocopy(pdf, "a.pdf") == photocopy(pdf, "a.pdf")


# The model


def flat(value: int) -> Image.Image:
    return Image.new("L", (9, 9), value)


def centre(picture: Image.Image) -> int:
    return int(picture.crop((4, 4, 5, 5)).histogram().index(1))


TONES: Final = tuple(centre(copied(flat(value))) for value in range(256))


def test_paper_stays_paper_and_ink_ink():
    assert (TONES[255], TONES[0]) == (255, 0)


def test_what_is_nearly_white_becomes_paper():
    assert TONES[round(255 * (1 - GROUND)) :] == (255,) * (256 - round(255 * (1 - GROUND)))


def test_what_is_darker_stays_darker():
    assert all(dark <= light for dark, light in pairwise(TONES))
    assert all(TONES[value] <= value for value in range(128))


def test_half_ink_gains_a_fifth():
    """ISO 12647: the tone value increase is what the print covers more than was asked for."""
    half = round(255 * (1 - (0.5 * (1 - GROUND) + GROUND)))
    assert 1 - TONES[half] / 255 == pytest.approx(0.5 + DOT_GAIN, abs=0.01)


@given(st.integers(0, 255))
def test_a_flat_grey_is_copied_as_the_colour_of_a_text_is(value: int):
    assert centre(copy_of_copy(flat(value))) == grey_on_copy((value, value, value))


def test_contrast_is_that_of_the_guidelines_at_both_ends():
    assert contrast(0, 255) == pytest.approx(21)
    assert contrast(80, 80) == 1


def test_a_line_of_one_pixel_spreads_and_a_gap_of_one_pixel_closes():
    line, gap = flat(255), flat(0)
    line.paste(0, (4, 0, 5, 9))
    gap.paste(255, (4, 0, 5, 9))
    assert 0 < centre(copy_of_copy(line)) < 80
    assert centre(copy_of_copy(gap)) < 96


@given(st.integers(0, 255), st.integers(0, 255))
def test_extremes_are_the_darkest_and_the_lightest_part(one: int, other: int):
    picture = Image.new("L", (10, 10), one)
    picture.paste(other, (0, 0, 10, 1))
    assert extremes(picture) == (min(one, other), max(one, other))


def test_a_thing_is_like_itself_and_unlike_a_blot():
    printed = Image.new("L", (30, 30), 255)
    printed.paste(0, (0, 0, 30, 6))
    printed.paste(0, (0, 15, 30, 21))
    assert likeness(printed, printed) == pytest.approx(1)
    assert likeness(printed, flat(40)) == 0
    assert likeness(printed, ImageChops.invert(printed)) < 0 < LEAST_LIKENESS


# Where things stand


def turned(pdf: bytes, **changes: Any) -> bytes:
    with pikepdf.open(BytesIO(pdf)) as opened:
        for key, value in changes.items():
            opened.pages[0].obj[f"/{key}"] = value
        written = BytesIO()
        opened.save(written)
        return written.getvalue()


FORMS: Final[tuple[list[float], ...]] = ([1, 0, 0, 1, 5, -3], [0.5, 0, 0, 0.5, 0, 0])


def in_a_form(body: str, matrix: str) -> bytes:
    """Paint a page's content through two forms, one in the other, as an imposed page does."""
    with pikepdf.open(BytesIO(document(body))) as opened:
        page = opened.pages[0]
        for number, form_matrix in enumerate(FORMS):
            form: Any = page.Contents
            form.stream_dict.update({"/Type": Name.XObject, "/Subtype": Name.Form})
            form.Resources, form.BBox, form.Matrix = page.Resources, Array([-500, -500, 500, 500]), Array(form_matrix)
            page.Resources = Dictionary(XObject=Dictionary({f"/X{number}": form}))
            page.Contents = opened.make_stream(f"q {matrix} cm /X{number} Do Q".encode())
        written = BytesIO()
        opened.save(written)
        return written.getvalue()


MARKS: Final = "0 g " + text("Hn", x=40, y=50, size=16)
PLACED: Final = {
    "as it is": document(MARKS),
    "turned": turned(document(MARKS), Rotate=90),
    "upside down": turned(document(MARKS), Rotate=180),
    "with a corner elsewhere": turned(document(MARKS), MediaBox=Array([-20, 10, 140, 110])),
    "cut": turned(document(MARKS), CropBox=Array([10, 20, 150, 100])),
    "in forms": in_a_form(MARKS, "0.9 0 0 0.9 12 7"),
    "in turned forms": in_a_form(MARKS, "0 0.8 -0.8 0 130 2"),
}


@pytest.mark.parametrize("name", PLACED)
def test_a_text_is_looked_for_where_it_stands(name: str):
    """Its box is that of all that is dark on the page."""
    page = page_of(PLACED[name])
    dark = ImageChops.invert(page.original).point(lambda value: 255 * (value > 40)).getbbox()
    assert dark is not None
    (said,) = page.drawn.texts
    assert all(abs(a - b) <= 3 for a, b in zip(said.box, dark, strict=True))


@given(st.lists(st.integers(-3, 3), min_size=18, max_size=18))
def test_matrices_follow_one_another(numbers: list[int]):
    one, two, three = (Matrix(*map(float, numbers[at : at + 6])) for at in (0, 6, 12))
    assert one.then(two).then(three).on((1, 2)) == three.on(two.on(one.on((1, 2))))


# What is a line, a ground, a box, a reading


def kinds(body: str) -> list[str]:
    drawn = page_of(document(body)).drawn
    return [type(mark).__name__ for group in (drawn.texts, drawn.lines, drawn.grounds, drawn.ticks) for mark in group]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (rule(0.2), "CopiedLine"),
        ("2 w 20 20 m 100 20 l S", "CopiedLine"),
        ("20 20 60 40 re S", "CopiedLine"),
        (area(10, 10, 20, 20), "Ground"),
        (frame(0.35), "Tick"),
        ("1 w 40 40 12 12 re S", "Tick"),
        (frame(0.35, side=12), "CopiedLine"),
        (frame(0.35, side=2), "CopiedLine"),
    ],
)
def test_a_path_is_told_by_its_form(body: str, kind: str):
    assert kinds(body) == [kind]


def test_a_path_that_only_clips_draws_nothing():
    assert kinds("20 20 60 40 re W n") == []


def test_one_side_of_a_border_is_a_line_where_it_shows():
    """As the typesetter draws it: the whole border, cut to one side."""
    side = "q 20 20 100 1 re W n 20 20 100 60 re 20 21 100 59 re f* Q "
    (line,) = page_of(document(side)).drawn.lines
    assert {round(spot.y) for spot in line.spots} == {round((HEIGHT / 25.4 * 72 - 20.5) * 200 / 72)}


def stand(*things: tuple[str, float, tuple[int, int, int, int]]) -> list[str]:
    texts = [CopiedText(said, size, (0, 0, 0), box) for said, size, box in things]
    return [reading.text for reading in readings(texts)]


BASE: Final = ("電話", 9.0, (100, 100, 150, 125))


@pytest.mark.parametrize("said", ["でんわ", "デンワ", "diànhuà", "dian hua"])
def test_a_reading_stands_right_above_its_base(said: str):
    assert stand((said, 5.0, (105, 86, 145, 99)), BASE) == [said]


@pytest.mark.parametrize(
    ("said", "size", "box"),
    [
        ("電", 5.0, (105, 86, 145, 99)),
        ("12", 5.0, (105, 86, 145, 99)),
        ("でんわ", 9.0, (105, 76, 145, 99)),
        ("でんわ", 5.0, (105, 26, 145, 39)),
        ("でんわ", 5.0, (160, 86, 200, 99)),
        ("でんわ", 5.0, (105, 126, 145, 139)),
    ],
)
def test_nothing_else_is_a_reading(said: str, size: float, box: tuple[int, int, int, int]):
    assert stand((said, size, box), BASE) == []


# No false alarms


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(
            fill(INDIGO) + area(10, 10, 20, 20) + "1 g " + text("12", x=40, y=50, font="B"), id="white on dark"
        ),
        pytest.param("1 g " + text("nobody sees it"), id="white on white"),
        pytest.param("3 Tr 0.7 g " + text("not painted"), id="not painted"),
        pytest.param(grey(0xEE) + area(0, 0, WIDTH, HEIGHT) + grey(0) + text("on a tint"), id="tint"),
        pytest.param(grey(0x60) + text("..."), id="a sign is as good as a line"),
        pytest.param("[2 2] 0 d 0.7 w 20 20 m 140 20 l S", id="dashed"),
        pytest.param(grey(0xEE) + rule(0.4), id="a rule as pale as a tint"),
        pytest.param("0 g 20 20 m 40 80 60 80 80 20 c S", id="curve"),
        pytest.param(frame(0.35) + area(20.8, 20.8, 2.4, 2.4), id="ticked"),
        pytest.param(fill(INDIGO) + area(10, 10, 9, 9) + fill(VERMILION) + area(30, 10, 9, 9), id="colours apart"),
        pytest.param("q 0 0 10 10 re W n 0.8 G 1 w 50 50 m 90 50 l S Q", id="cut away"),
        pytest.param("0.8 G 1 w 500 500 m 900 500 l S 0.7 g " + text("x", x=700), id="outside the page"),
    ],
)
def test_a_copier_does_no_harm(body: str):
    assert found(body) == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        pytest.param(grey(0x99) + area(10, 10, 30, 20) + "1 g " + text("12", x=40, y=50), "copy.contrast", id="white"),
        pytest.param(grey(0xB0) + "0.5 w 20 20 m 90 90 l S", "copy.stroke", id="slanting"),
        pytest.param(grey(0xB0) + "0.5 w 20 20 m 40 80 60 80 80 20 c S", "copy.stroke", id="curve"),
        pytest.param(rule(0.2, length=20) + grey(0xCC) + area(30, 20, 20, 0.2), "copy.stroke", id="half"),
        pytest.param(grey(0xB4) + text("...", size=7), "copy.contrast", id="sign"),
        pytest.param(grey(0xC0) + "0.6 w 40 40 12 12 re S", "copy.box", id="stroked box"),
    ],
)
def test_a_copier_does_harm(body: str, code: str):
    assert found(body) == [code]


def test_a_huge_text_is_looked_at_on_the_page_only():
    """A text of 20 m and one that begins off the page: what lies outside is not black."""
    assert found("0 g " + text("H", size=60000, x=-9000, y=-9000)) == []
    assert found(grey(0xB0) + text("pale", x=-6)) == ["copy.contrast"]


def test_a_box_that_fills_up_is_told_by_its_inside():
    """A ground that is pale in the original and dark on the copy."""
    (finding,) = photocopy(document(grey(0x90) + area(15, 15, 15, 15) + grey(0) + frame(0.35)), "a.pdf")
    assert (finding.code, finding.facts["text"]) == ("copy.box", "inside at 22 mm from the left, 18 mm from the top")


# Nothing by colour alone: the stylesheets

KINDS: Final = ("note", "tip", "warning", "scam", "phrase")
_COLOUR: Final = re.compile(r"#[0-9a-fA-F]{3,8}|var\(--color-[\w-]+\)")


def declarations(selector: str) -> Iterator[str]:
    """Return what boxes.css says of a selector, with all colours taken out."""
    sheet = tinycss2.parse_stylesheet(
        (ROOT / "styles/boxes.css").read_text(encoding="utf-8"), skip_comments=True, skip_whitespace=True
    )
    for rule_ in sheet:
        if selector in [part.strip() for part in tinycss2.serialize(rule_.prelude).split(",")]:
            for one in tinycss2.parse_blocks_contents(rule_.content, skip_comments=True, skip_whitespace=True):
                if one.name != "color":
                    yield f"{one.name}: {_COLOUR.sub('', tinycss2.serialize(one.value)).strip()}"


def outline(kind: str) -> set[str]:
    return {said for said in declarations(f".{kind}") if said.startswith("border") and "radius" not in said}


def icon(kind: str) -> bytes:
    """Return a kind's icon without its colours; a box has the note's if it names none."""
    said = " ".join(declarations(f".{kind} .box-title .spine")) + " ".join(declarations(f".{kind}"))
    name = re.search(r"icons/([\w-]+\.svg)", said)
    path = ROOT / "styles/icons" / (name[1] if name else "note.svg")
    return re.sub(rb"#[0-9a-fA-F]{3,6}", b"", path.read_bytes())


@pytest.mark.parametrize(("one", "other"), tuple(combinations(KINDS, 2)))
def test_kinds_of_boxes_differ_without_their_colours(one: str, other: str):
    assert outline(one), one
    assert outline(one) != outline(other)
    assert icon(one) != icon(other)


def test_a_colour_is_taken_out():
    assert "border: .3mm dashed" in outline("tip")


def test_a_finding_of_a_copy_says_its_page_to_machines():
    (finding,) = photocopy(case("copy.stroke").wrong(), "a.pdf")
    assert finding_to_dict(finding)["pages"] == "1"


# The real guide


@pytest.mark.parametrize("path", sorted((*PRINT, *LARGE)))
def test_what_is_printed_can_be_copied_twice(built: Built, path: str):
    assert told(photocopy(built.pdf(path), path)) == []
