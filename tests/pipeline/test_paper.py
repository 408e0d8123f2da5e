"""Papers and bindings: what they are, and that every page is set to the size and the side that it has."""

from dataclasses import replace
from functools import cache
from io import BytesIO
from itertools import permutations
from typing import Final

import pikepdf
import pypdfium2
import pytest
from PIL import ImageChops

from taiyaku.checks.prepare import manuscripts, prepare
from taiyaku.content.load import load_guide
from taiyaku.content.theme import load_theme
from taiyaku.model.content import Content, Role
from taiyaku.model.documents import Binding, Edition, Form, Paper, Publication, binding_of, own_paper
from taiyaku.model.findings import errors
from taiyaku.model.theme import Theme
from taiyaku.model.units import mm
from taiyaku.pipeline.title import Job, assets_of, make
from taiyaku.render.measures import (
    chosen_layout,
    page_lengths,
    page_style,
    pictures_shrink,
    table_line,
    tokens,
    type_scale,
)
from taiyaku.typeset.copyfit import GAPS, IN_HAND, LARGEST, SMALLEST, Setting, Tried, fit_one_page
from tests.making import ROOT, theme, tiny_content, told

LEAST_OUTER: Final = 10
"""5 mm that a printer leaves empty, and 5 mm for a number of three digits."""
ARABIC: Final = ("ar", "ja")
CHINESE: Final = ("zh-Hans", "ja")
RED: Final = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 408"><rect width="640" height="408" fill="red"/></svg>'
)
HAIR: Final = 0.02
"""Boxes and rendered edges may differ by so many mm: the PDF's numbers are rounded."""


def title(languages: tuple[str, ...] = CHINESE, form: Form = Form.BOOKLET, paper: Paper | None = None) -> Publication:
    return Publication("mini", "mini", form, languages, paper=paper or "")


# What papers and bindings are


@pytest.mark.parametrize(
    ("paper", "size"),
    [
        ("a5", (148, 210)),
        ("b6", (128, 182)),
        ("b5", (182, 257)),
        ("a4", (210, 297)),
        ("letter", (215.9, 279.4)),
        ("half-letter", (139.7, 215.9)),
    ],
)
def test_papers_have_the_sizes_of_their_standards(paper: str, size: tuple[float, float]):
    """ISO 216, JIS P 0138, ANSI/ASME Y14.1."""
    assert (Paper(paper).width, Paper(paper).height) == size


def test_two_pages_cover_the_next_paper():
    """But for the millimetre that a standard rounds off: a booklet folds from a paper that can be bought."""
    for page, sheet in ((Paper.A5, Paper.A4), (Paper.B6, Paper.B5), (Paper.HALF_LETTER, Paper.LETTER)):
        assert 0 <= sheet.height - 2 * page.width <= 1
        assert sheet.width == pytest.approx(page.height)


@pytest.mark.parametrize("language", ["ar", "he", "fa", "ur"])
def test_a_book_is_bound_as_its_reader_reads(language: str):
    assert binding_of((language, "ja")) is Binding.RIGHT
    assert binding_of(("ja", language)) is Binding.LEFT
    assert title((language, "ja")).binding is Binding.RIGHT
    assert title().binding is Binding.LEFT


def test_each_document_has_a_paper_of_its_own():
    assert [own_paper(Form.BOOKLET, edition) for edition in (Edition.SCREEN, Edition.PRINT)] == [Paper.A5] * 2
    assert own_paper(Form.BOOKLET, Edition.LARGE) is Paper.A4
    assert own_paper(Form.CHECKLIST, Edition.SCREEN) is Paper.A4
    assert title().paper_of(Edition.SCREEN) is Paper.A5


@pytest.mark.parametrize("paper", Paper)
def test_large_print_stands_on_office_paper(paper: Paper):
    american = paper in (Paper.LETTER, Paper.HALF_LETTER)
    assert title(paper=paper).paper_of(Edition.LARGE) is (Paper.LETTER if american else Paper.A4)
    assert title(paper=paper).paper_of(Edition.PRINT) is paper


def test_a_file_names_its_paper_where_it_is_not_its_own():
    b6 = title(paper=Paper.B6)
    assert b6.file_name(Edition.PRINT) == "mini_zh-Hans_ja_booklet-print_b6.pdf"
    assert replace(b6, host="desk").file_name(Edition.PRINT) == "mini_zh-Hans_ja_booklet-print_b6_desk.pdf"
    assert b6.file_name(Edition.LARGE) == "mini_zh-Hans_ja_booklet-large.pdf"
    assert title(paper=Paper.A5).file_name(Edition.SCREEN) == title().file_name(Edition.SCREEN)
    half = title(paper=Paper.HALF_LETTER)
    assert half.file_name(Edition.SCREEN) == "mini_zh-Hans_ja_booklet-screen_half-letter.pdf"
    assert half.file_name(Edition.LARGE) == "mini_zh-Hans_ja_booklet-large_letter.pdf"


def test_titles_on_several_papers_have_an_order():
    titles = [title(), title(paper=Paper.B6), title(paper=Paper.A5)]
    assert {tuple(sorted(order)) for order in permutations(titles)} == {(titles[0], titles[2], titles[1])}


# The measures of a page


@pytest.mark.parametrize(
    ("sheet", "form", "edition"),
    [
        ("booklet", Form.BOOKLET, Edition.SCREEN),
        ("facing", Form.BOOKLET, Edition.SCREEN),
        ("large", Form.BOOKLET, Edition.LARGE),
        ("checklist", Form.CHECKLIST, Edition.SCREEN),
    ],
)
def test_the_stylesheets_are_drawn_for_the_documents_own_paper(sheet: str, form: Form, edition: Edition):
    token, own = tokens(theme().styles, sheet), own_paper(form, edition)
    assert (token["page-width"], token["page-height"]) == (own.width, own.height)
    pages = 2 if sheet == "facing" else 1
    inner = token["page-outer"] if sheet in ("facing", "checklist") else token["page-inner"]
    assert token["page-measure"] == pages * own.width - inner - token["page-outer"]
    assert page_style(title(form=form), edition, theme().styles, sheet) == ""


def test_facing_pages_have_the_measure_of_one_page():
    token = tokens(theme().styles, "facing")
    assert token["page-leaf"] == token["page-width"] - token["page-inner"] - token["page-outer"]


@pytest.mark.parametrize("paper", [paper for paper in Paper if paper is not Paper.A5])
def test_another_paper_keeps_the_proportions(paper: Paper):
    said = dict(
        one.split(": ") for one in page_style(title(paper=paper), Edition.SCREEN, theme().styles, "booklet").split("; ")
    )
    token = tokens(theme().styles)
    assert said["--page-width"] == f"{paper.width:.2f}mm"
    lengths = {
        name: float(said[f"--page-{name}"].removesuffix("mm")) for name in ("inner", "outer", "measure", "bleed")
    }
    assert lengths["inner"] / paper.width == pytest.approx(token["page-inner"] / 148, abs=1e-4)
    assert sum(lengths[name] for name in ("inner", "outer", "measure")) == pytest.approx(paper.width, abs=HAIR)
    assert lengths["bleed"] >= 5, "printing houses want 3 mm, some 5"
    assert float(said["--type-size"].removesuffix("pt")) >= token["type-size"], "what is legible stays so"


def lengths(paper: Paper, form: Form = Form.BOOKLET) -> dict[str, float]:
    return page_lengths(title(form=form, paper=paper), Edition.SCREEN, theme().styles, str(form))


@pytest.mark.parametrize("paper", [paper for paper in Paper if paper is not Paper.A5])
def test_pictures_hang_over_the_text_as_far_as_their_labels_need(paper: Paper):
    """Labels do not shrink with the page: the picture keeps its width, or ends 5 mm from the trim."""
    said, drawn = lengths(paper), tokens(theme().styles)["page-measure"]
    width = said["measure"] + 2 * said["hang"]
    assert width == pytest.approx(max(said["measure"], min(drawn, said["measure"] + 2 * (said["outer"] - 5))))
    assert min(said["outer"], said["inner"]) - said["hang"] >= 5
    assert pictures_shrink(said, theme().styles, "booklet") == (paper is Paper.B6)


@pytest.mark.parametrize("paper", Paper)
def test_a_number_of_three_digits_stands_beside_a_table(paper: Paper):
    assert paper is Paper.A5 or lengths(paper)["outer"] >= LEAST_OUTER


@pytest.mark.parametrize("paper", [Paper.A5, Paper.B6, Paper.B5, Paper.HALF_LETTER])
def test_a_small_leaf_gives_its_margins_to_its_text(paper: Paper):
    """A box hangs 3 mm out of the text, and ends 5 mm from the trim."""
    said, scale = lengths(paper, Form.CHECKLIST), paper.width / Paper.A4.width
    assert 8 <= said["outer"] < 15 * scale
    assert said["measure"] + 2 * said["outer"] == pytest.approx(paper.width)
    assert said["spine"] == pytest.approx(11 * scale)


def test_a_larger_sheet_keeps_the_proportions():
    said = lengths(Paper.LETTER, Form.CHECKLIST)
    assert said["outer"] / Paper.LETTER.width == pytest.approx(15 / Paper.A4.width)
    assert "spine" not in said


def test_lines_grow_less_than_their_paper():
    a5, a4, b6 = (title(paper=paper) for paper in (Paper.A5, Paper.A4, Paper.B6))
    assert 1 < table_line(a4, Edition.SCREEN) / table_line(a5, Edition.SCREEN) < 1.2
    assert type_scale(b6, Edition.SCREEN) == 1
    assert table_line(b6, Edition.SCREEN) == pytest.approx(table_line(a5, Edition.SCREEN) * 128 / 148)


@pytest.mark.parametrize(
    ("paper", "layout"),
    [
        (Paper.B6, "stacked"),
        (Paper.A5, "side-by-side"),
        (Paper.B5, "side-by-side"),
        (Paper.A4, "side-by-side"),
        (Paper.LETTER, "side-by-side"),
        (Paper.HALF_LETTER, "side-by-side"),
    ],
)
def test_columns_that_get_too_narrow_are_stacked(paper: Paper, layout: str):
    assert chosen_layout("auto", title(("en", "ja"), paper=paper), Edition.SCREEN, theme().styles, 0.5) == layout


def test_what_is_bound_at_the_right_has_no_facing_pages():
    assert chosen_layout("facing", title(ARABIC), Edition.SCREEN, theme().styles, 0.5) == "side-by-side"
    assert chosen_layout("facing", title(("ja", "ar")), Edition.SCREEN, theme().styles, 0.5) == "facing"


# A checklist's leaf


def leaf(text: float, sides: int, first: Setting | None = None) -> tuple[Setting, bool]:
    """Fit a text that fills so many pages at 10 pt."""

    def attempt(setting: Setting) -> Tried:
        height = text * (setting.size / 10) ** 2 * (1 + (setting.gap - 1) / 10)
        pages = max(1, -int(-height // 1))
        return Tried(pages, 0 if pages <= sides else 9, height)

    fitted = fit_one_page(attempt, first, sides=sides)
    return fitted.setting, fitted.fits


def test_a_long_checklist_goes_on_to_the_back():
    assert not leaf(1.7, 1)[1]
    setting, fits = leaf(1.7, 2)
    assert fits
    assert setting.size > SMALLEST


def test_a_checklist_that_fits_one_page_stays_on_it():
    """Smaller type on one page is better than a page to turn over: on a wall the back is not seen."""
    assert leaf(1.2, 2) == leaf(1.2, 1)
    assert leaf(0.3, 2) == (Setting(LARGEST, GAPS[-1]), True)


def test_the_back_has_an_end_too():
    assert not leaf(2.9, 2)[1]


def test_another_editions_setting_holds_on_a_leaf():
    first = leaf(1.7, 2)[0]
    assert leaf(1.7, 2, first) == (first, True)


def test_what_is_too_long_for_a_leaf_is_folded():
    """It is as large as a booklet's type; gaps open, but begin no page of their own."""
    setting, fits = leaf(3.0, 4)
    assert fits
    assert setting.size == IN_HAND
    assert setting.gap > GAPS[0]
    assert leaf(3.0, 4, setting) == (setting, True)


def test_a_folded_sheet_has_no_blank_page():
    def attempt(setting: Setting) -> Tried:
        return Tried(3 if setting.size < 12 else 5, 0, setting.size / 4)

    assert fit_one_page(attempt, sides=4).notes == 1
    assert fit_one_page(attempt, Setting(8.7, GAPS[0]), sides=4).notes == 1
    assert fit_one_page(lambda _: Tried(4, 0, 3.6), sides=4).notes == 0
    assert fit_one_page(lambda _: Tried(2, 0, 1.6), sides=2).notes == 0


def test_what_fits_a_leaf_is_not_folded():
    assert leaf(1.7, 4) == leaf(1.7, 2)
    assert leaf(0.3, 4) == leaf(0.3, 1)
    assert not leaf(6.0, 4)[1]


def test_only_a4_asks_for_one_page():
    assert [paper for paper in Paper if paper.sides == 1] == [Paper.A4]
    assert [paper for paper in Paper if paper.sides == 4] == [Paper.B6]


# Finished pages


@cache
def content(guide: str) -> Content:
    if guide == "mini":
        tiny = tiny_content()
        return replace(
            tiny, guide=tiny.guide.model_copy(update={"cover": "figures/c.svg"}), figures={"figures/c.svg": RED}
        )
    read = load_guide(ROOT / "tests" / "sample", guide).content
    assert read is not None
    return read


def work(one: Publication, own: Content, words: Theme, edition: Edition) -> Job:
    return Job(
        title=one,
        editions=(edition,),
        content=own,
        theme=words,
        texts=manuscripts(prepare(own, draft=False), one),
        host=None,
        assets=assets_of(own, words, b""),
        inputs={},
        draft=False,
    )


@cache
def built(
    guide: str, paper: Paper, form: Form = Form.BOOKLET, edition: Edition = Edition.SCREEN, layout: str = "auto"
) -> bytes:
    """Make one document; nothing may be wrong with it."""
    own = content(guide)
    own = replace(own, guide=own.guide.model_copy(update={"layout": layout}))
    languages = CHINESE if guide == "mini" else ARABIC
    name = guide if form is Form.BOOKLET else own.names(Role.CHECKLIST)[0]
    one = Publication(guide, name, form, languages, paper=paper)
    words = theme() if guide == "mini" else load_theme(ROOT / "tests" / "sample").theme
    made = make(work(one, own, words, edition))
    assert told(errors(made.findings)) == []
    return made.documents[0].pdf


def test_the_shipped_guide_is_bound_on_the_smallest_paper():
    """Its longest texts, its tables and its pictures, in the pair whose labels are the longest."""
    shipped, languages = load_guide(ROOT / "content", "phone-number").content, ("en", "ja")
    assert shipped is not None
    words = load_theme(ROOT / "content").theme
    one = Publication(shipped.name, shipped.name, Form.BOOKLET, languages, paper=Paper.B6)
    made = make(work(one, shipped, words, Edition.SCREEN))
    assert told(made.findings) == []
    assert sizes(made.documents[0].pdf) == {(128, 182)}


def test_a_checklist_on_the_smallest_paper_is_a_folded_sheet():
    """Four pages in the hand, the last one for notes; in print one sheet of twice the size, folded once."""
    shipped, languages = load_guide(ROOT / "content", "phone-number").content, ("en", "ja")
    assert shipped is not None
    words = load_theme(ROOT / "content").theme
    one = Publication(shipped.name, "bring", Form.CHECKLIST, languages, paper=Paper.B6)
    made = make(replace(work(one, shipped, words, Edition.SCREEN), editions=(Edition.SCREEN, Edition.PRINT)))
    assert told(made.findings) == []
    screen, printed = made.documents
    assert sizes(screen.pdf) == {(128, 182)}
    assert sizes(printed.pdf) == {(257, 182)}
    assert (screen.pages, printed.pages, printed.sheets) == (4, 4, 1)
    with pypdfium2.PdfDocument(screen.pdf) as document, pypdfium2.PdfDocument(printed.pdf) as sheet:
        pages = [page.get_textpage().get_text_bounded() for page in document]
        sides = [page.get_textpage().get_text_bounded() for page in sheet]
    assert "Notes" in pages[3]
    assert len(sides) == 2
    assert "Notes" in sides[0], "page 4 stands on the back of the folded sheet, beside page 1"
    assert "Original" in sides[0]


def sizes(pdf: bytes) -> set[tuple[float, float]]:
    """Return the sizes of a file's pages in mm; the boxes begin at 0 0."""
    with pikepdf.open(BytesIO(pdf)) as document:
        boxes = [pikepdf.Rectangle(page.mediabox) for page in document.pages]
        assert {(box.llx, box.lly) for box in boxes} == {(0, 0)}
        return {(round(float(box.width) / mm(1), 1), round(float(box.height) / mm(1), 1)) for box in boxes}


@pytest.mark.parametrize("paper", Paper)
def test_every_page_has_the_size_of_its_paper(paper: Paper):
    assert sizes(built("mini", paper)) == {(paper.width, paper.height)}


@pytest.mark.parametrize("paper", [Paper.A5, Paper.LETTER])
def test_a_checklist_stands_on_its_paper(paper: Paper):
    assert sizes(built("mini", paper, Form.CHECKLIST)) == {(paper.width, paper.height)}


def test_large_print_on_american_paper():
    assert sizes(built("mini", Paper.HALF_LETTER, edition=Edition.LARGE)) == {(215.9, 279.4)}


def test_facing_pages_on_another_paper():
    assert sizes(built("mini", Paper.B6, layout="facing")) == {(128, 182)}


def edges(pdf: bytes, number: int) -> tuple[float, float]:
    """Return how far the rules that begin a page stand from its left and its right edge, in mm."""
    with pypdfium2.PdfDocument(pdf) as document:
        page = document[number - 1]
        width, height = page.get_size()
        bounds = [one.get_bounds() for one in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_PATH])]
        upper = [box for box in bounds if box[3] > height * 0.85]
        return min(box[0] for box in upper) / mm(1), (width - max(box[2] for box in upper)) / mm(1)


def folio_at_left(pdf: bytes, number: int) -> bool:
    """Say on which half of its page the folio stands."""
    with pypdfium2.PdfDocument(pdf) as document:
        page = document[number - 1]
        text = page.get_textpage()
        found = text.search(str(number))
        places = []
        while (hit := found.get_next()) is not None:
            box = text.get_charbox(hit[0])
            if box[1] < mm(12):
                places.append(box[0])
        outermost = min(places, key=lambda x: min(x, page.get_width() - x))
        return bool(outermost < page.get_width() / 2)


BOUND: Final = [
    *(("mini", paper) for paper in Paper),
    ("sample", Paper.A5),
    ("sample", Paper.B6),
    ("sample", Paper.LETTER),
]


@pytest.mark.parametrize(("guide", "paper"), BOUND)
def test_the_fold_is_where_the_book_is_bound(guide: str, paper: Paper):
    """Bound left, page 3 is a right one; bound right, page 2 is. The inner margin is at the left of a right page."""
    pdf = built(guide, paper)
    inner, outer = (length * paper.width / Paper.A5.width for length in (13, 11))
    outer = max(outer, LEAST_OUTER)
    right, left = (3, 2) if guide == "mini" else (2, 3)
    assert edges(pdf, left) == pytest.approx((outer, inner), abs=HAIR)
    assert edges(pdf, right) == pytest.approx((inner, outer), abs=HAIR)


@pytest.mark.parametrize(("guide", "paper"), BOUND)
def test_folios_stand_outside(guide: str, paper: Paper):
    pdf = built(guide, paper)
    assert [folio_at_left(pdf, number) for number in (2, 3)] == ([True, False] if guide == "mini" else [False, True])


@pytest.mark.parametrize("paper", Paper)
def test_the_covers_picture_hangs_over_the_edge(paper: Paper):
    """So that it can be printed beyond the trim; below, it ends on the page."""
    with pikepdf.open(BytesIO(built("mini", paper))) as document:
        page = document.pages[0]
        width, height = (float(length) for length in page.mediabox[2:])
        page.mediabox = pikepdf.Rectangle(-mm(10), -mm(10), width + mm(10), height + mm(10))
        page.cropbox = page.trimbox = page.mediabox
        out = BytesIO()
        document.save(out)
    with pypdfium2.PdfDocument(out.getvalue()) as document:
        picture = document[0].render(scale=2).to_pil()
    red, green, _ = picture.convert("RGB").split()
    edges = ImageChops.subtract(red, green).point(lambda value: 255 * (value > 220)).getbbox()
    assert edges is not None
    left, top, right, bottom = (edge / 2 / mm(1) - 10 for edge in edges)
    over = 6 * paper.width / Paper.A5.width
    assert (left, top) == pytest.approx((-over, -over), abs=0.4)
    assert right - paper.width == pytest.approx(over, abs=0.4)
    assert bottom == pytest.approx(96 * paper.width / Paper.A5.width, abs=0.4)
