"""The printed test sheet, measured and held against the light as a person does it."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from string import Formatter
from typing import Any, Final

import pypdfium2 as pdfium
import pytest
from PIL import Image, ImageOps

from taiyaku.content.theme import load_theme
from taiyaku.language.faces import missing
from taiyaku.language.linebreak import visible
from taiyaku.model.units import mm
from taiyaku.pipeline.testsheet import RINGS, _lay_out, make_test_sheet
from taiyaku.prepress.imposition import Flip, PaperSize
from taiyaku.prepress.sheets import Imposed
from tests.making import ROOT

PX: Final = 8
"""Pixels a millimetre in the pictures."""

FOLD: Final = 148.5
EDGE: Final = 0.5
"""A4 is wider than two pages by half a millimetre at each side."""

WORDS: Final = tomllib.loads((ROOT / "templates" / "testsheet.toml").read_text(encoding="utf-8"))


@cache
def sheet(flip: Flip) -> Imposed:
    return make_test_sheet(load_theme(ROOT / "content").theme, WORDS, flip)


@cache
def side(flip: Flip, number: int) -> Image.Image:
    """Print a side, in black and white."""
    with pdfium.PdfDocument(sheet(flip).pdf) as document:
        picture: Image.Image = document[number].render(scale=PX / mm(1) * (1 - 1e-6), grayscale=True).to_pil()
        return picture.point(lambda grey: 255 * (grey > 160))


def is_dark(picture: Image.Image, x: float, y: float) -> bool:
    """Tell whether there is ink within a quarter of a millimetre of a place in mm."""
    box = [round(edge * PX) for edge in (x - 0.25, y - 0.25, x + 0.25, y + 0.25)]
    return 0 in picture.crop((box[0], box[1], box[2], box[3])).tobytes()


def longest_run(line: Image.Image) -> float:
    """Measure the longest unbroken line in a strip, in mm."""
    return max(map(len, line.tobytes().split(b"\xff"))) / PX


def test_one_sheet_of_a4_with_two_sides() -> None:
    made = sheet(Flip.SHORT)
    assert (made.pages, made.sheets, made.scale, made.stock) == (4, 1, 1, PaperSize.A4)
    assert side(Flip.SHORT, 0).size == side(Flip.SHORT, 1).size == (297 * PX, 210 * PX)


def test_rulers_are_a_hundred_millimetres() -> None:
    front = side(Flip.SHORT, 0)
    row, column = round(26 * PX), round((24 + EDGE) * PX)
    rows = [front.crop((0, row + at, round(FOLD * PX), row + at + 1)) for at in (-1, 0, 1)]
    columns = [front.crop((column + at, 0, column + at + 1, front.height)) for at in (-1, 0, 1)]
    assert max(map(longest_run, rows)) == pytest.approx(100, abs=0.3)
    assert max(map(longest_run, columns)) == pytest.approx(100, abs=0.3)


def through_paper(flip: Flip) -> Image.Image:
    """Print a sheet, hold it up with the front towards you, and look at what shines through from its back.

    The back is printed for ``flip``; turned like the page of a book and seen from behind, left and right change.
    """
    back = side(flip, 1) if flip is Flip.SHORT else side(flip, 1).rotate(180)
    return ImageOps.mirror(back)


@pytest.mark.parametrize("flip", Flip)
def test_crosses_are_inside_the_rings_against_the_light(flip: Flip) -> None:
    front, back = side(flip, 0), through_paper(flip)
    for page in (EDGE, FOLD):
        for x, y in RINGS:
            assert is_dark(back, page + x, y)
            assert not is_dark(front, page + x, y)
            assert is_dark(front, page + x + 3, y)


@pytest.mark.parametrize("flip", Flip)
def test_the_arrow_is_inside_the_arrow_against_the_light(flip: Flip) -> None:
    """Both point up; were the back on its head, it would show on the other half, and point down."""
    front, back = side(flip, 0), through_paper(flip)
    middle = FOLD + 74
    assert not is_dark(front, middle, 100)
    assert is_dark(front, middle, 62)
    assert is_dark(back, middle, 71)
    assert is_dark(back, middle, 100)
    assert not is_dark(back, middle, 66)
    assert not is_dark(back, middle + 10, 100)
    assert not is_dark(back, EDGE + 74, 100)
    assert is_dark(back.rotate(180), EDGE + 74, 210 - 100)


@dataclass(frozen=True)
class Letter:
    """A letter's box in mm from the upper left corner of a side."""

    left: float
    top: float
    right: float
    bottom: float


def letters(pdf: bytes) -> list[list[Letter]]:
    """Measure the letters of each side."""
    with pdfium.PdfDocument(pdf) as document:
        return [list(letters_of(page)) for page in document]


def letters_of(page: Any) -> Iterator[Letter]:
    text, height = page.get_textpage(), page.get_height()
    for at in range(text.count_chars()):
        if text.get_text_range(at, 1).strip():
            left, low, right, top = text.get_charbox(at)
            yield Letter(left / mm(1), (height - top) / mm(1), right / mm(1), (height - low) / mm(1))


def test_all_words_are_on_the_sheet() -> None:
    with pdfium.PdfDocument(sheet(Flip.SHORT).pdf) as document:
        said = "".join("".join(visible(page.get_textpage().get_text_range()).split()) for page in document)
    for words in WORDS.values():
        for key in words.keys() - {"short", "long"}:
            assert "".join(words[key].format(edge=words["short"], other="long").split()) in said


def test_words_keep_away_from_edges_fold_rings_and_arrows() -> None:
    front, back = letters(sheet(Flip.SHORT).pdf)
    found = front + back
    assert min(letter.left for letter in found) > 18
    assert min(letter.top for letter in found) > 18
    assert max(letter.right for letter in found) < 297 - 18
    assert max(letter.bottom for letter in found) < 210 - 18
    assert not [one for one in found if one.left < FOLD + 11 and one.right > FOLD - 11]
    for letters_of_side, page in ((front, FOLD), (back, EDGE)):
        beside = [one for one in letters_of_side if page + 52 < one.right and one.left < page + 96]
        assert not [one for one in beside if one.bottom > 62 and one.top < 122]


def test_the_sheet_names_the_edge_that_it_was_made_for() -> None:
    texts = {}
    for flip in Flip:
        with pdfium.PdfDocument(sheet(flip).pdf) as document:
            texts[flip] = " ".join(document[0].get_textpage().get_text_range().split())
    assert "Print double-sided, flip on short edge, at 100 %" in texts[Flip.SHORT]
    assert "Print double-sided, flip on long edge, at 100 %" in texts[Flip.LONG]


@pytest.mark.parametrize("flip", Flip)
def test_the_typesetter_has_no_complaint(flip: Flip) -> None:
    layout = _lay_out(load_theme(ROOT / "content").theme, WORDS, flip)
    assert layout.findings("test sheet") == ()


@pytest.mark.parametrize("tag", WORDS)
def test_every_language_says_the_same(tag: str) -> None:
    """The same keys in the same order, the same places for settings, and only characters that its fonts have."""
    english = WORDS["en"]
    assert list(WORDS[tag]) == list(english)
    for key, text in WORDS[tag].items():
        assert fields(text) == fields(english[key])
        assert missing(text, tag) == ()


def fields(text: str) -> set[str]:
    return {field for _, field, _, _ in Formatter().parse(text) if field}


def test_same_words_same_bytes() -> None:
    theme = load_theme(ROOT / "content").theme
    assert make_test_sheet(theme, WORDS).pdf == sheet(Flip.SHORT).pdf
