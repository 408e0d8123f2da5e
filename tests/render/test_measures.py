"""How the measure is shared, and when two languages stand side by side."""

import pytest

from taiyaku.content.pair import pair
from taiyaku.model.documents import Edition, Form, Paper, Publication
from taiyaku.model.units import PT_PER_MM
from taiyaku.render.measures import (
    LEAST_CJK,
    LEAST_LETTERS,
    WIDEST_ON_LEAF,
    WIDEST_SHARE,
    chosen_layout,
    column_share,
    is_leaf,
    tokens,
)
from tests.making import text, theme

TYPE, CJK, SPINE = 10.0, 0.9, 8.0


def title(*languages: str, form: Form = Form.BOOKLET) -> Publication:
    return Publication("mini", "mini", form, languages or ("zh-Hans", "ja"))


def styles(measure: float) -> dict[str, bytes]:
    """Write a token file whose whole line is so many mm wide."""
    return {
        "tokens.css": (
            f":root {{ --type-size: {TYPE}pt; --type-cjk: {CJK}em; --page-measure: {measure:.3f}mm;"
            f" --page-spine: {SPINE}mm; --color-text: #111; --type-leading: 1.45 }}"
        ).encode()
    }


def column(ems: float, share: float = 0.5) -> float:
    """Return the measure in mm at which the column with that share of it is so many em wide."""
    return (ems * TYPE / PT_PER_MM + SPINE / 2) / share


def test_measures_are_read_out_of_the_token_file():
    assert tokens(styles(124)) == {"type-size": 10, "type-cjk": 0.9, "page-measure": 124, "page-spine": 8}
    assert tokens({}) == {}


def test_our_own_token_file_has_what_is_asked_for():
    assert {"type-size", "type-cjk", "page-measure", "page-spine"} <= tokens(theme().styles).keys()


@pytest.mark.parametrize("languages", [("zh-Hans", "ja"), ("ja", "ko"), ("zh-Hant", "zh-Hans")])
@pytest.mark.parametrize(("more", "layout"), [(0.01, "side-by-side"), (-0.01, "stacked")])
def test_cjk_columns_hold_sixteen_characters(languages: tuple[str, str], more: float, layout: str):
    measure = column((LEAST_CJK + more) * CJK)
    assert LEAST_CJK == 16
    assert chosen_layout("auto", title(*languages), Edition.SCREEN, styles(measure), 0.5) == layout


@pytest.mark.parametrize("languages", [("en", "vi"), ("en", "ja"), ("ja", "en"), ("ar", "ja")])
@pytest.mark.parametrize(("more", "layout"), [(0.01, "side-by-side"), (-0.01, "stacked")])
def test_columns_of_letters_hold_thirty_two(languages: tuple[str, str], more: float, layout: str):
    """A letter is half an em wide, so that the Latin column is the one that decides."""
    measure = column((LEAST_LETTERS + more) / 2)
    assert LEAST_LETTERS == 32
    assert chosen_layout("auto", title(*languages), Edition.SCREEN, styles(measure), 0.5) == layout


@pytest.mark.parametrize("share", [1 - WIDEST_SHARE, WIDEST_SHARE])
@pytest.mark.parametrize(("more", "layout"), [(0.01, "side-by-side"), (-0.01, "stacked")])
def test_the_narrower_column_decides(share: float, more: float, layout: str):
    measure = column((LEAST_CJK + more) * CJK, min(share, 1 - share))
    assert chosen_layout("auto", title(), Edition.SCREEN, styles(measure), share) == layout


@pytest.mark.parametrize("choice", ["side-by-side", "stacked", "facing"])
@pytest.mark.parametrize("measure", [20, 500])
def test_what_the_guide_says_holds_whatever_the_columns_are(choice: str, measure: float):
    assert chosen_layout(choice, title(), Edition.SCREEN, styles(measure), 0.5) == choice
    assert chosen_layout(choice, title(), Edition.PRINT, styles(measure), 0.5) == choice


@pytest.mark.parametrize("choice", ["auto", "side-by-side", "stacked", "facing"])
def test_large_print_and_one_language_stand_in_one_column(choice: str):
    assert chosen_layout(choice, title(), Edition.LARGE, styles(500), 0.5) == "stacked"
    assert chosen_layout(choice, title("ja"), Edition.SCREEN, styles(500), 0.5) == "stacked"


@pytest.mark.parametrize("choice", ["auto", "side-by-side", "stacked", "facing"])
def test_a_checklist_stands_side_by_side(choice: str):
    assert chosen_layout(choice, title(form=Form.CHECKLIST), Edition.SCREEN, styles(20), 0.5) == "side-by-side"


@pytest.mark.parametrize(
    ("languages", "share", "layout"),
    [
        (("zh-Hans", "ja"), 1 - WIDEST_SHARE, "side-by-side"),
        (("zh-Hans", "ja"), WIDEST_SHARE, "side-by-side"),
        (("en", "ja"), 0.5, "side-by-side"),
        (("en", "ja"), WIDEST_SHARE, "side-by-side"),
        (("en", "ja"), 1 - WIDEST_SHARE, "stacked"),
    ],
)
def test_our_own_booklet_has_room_for_two_columns(languages: tuple[str, str], share: float, layout: str):
    assert chosen_layout("auto", title(*languages), Edition.SCREEN, theme().styles, share) == layout


@pytest.mark.parametrize(
    ("first", "second", "share"), [("文" * 50, "文" * 50, 0.5), ("文" * 46, "文" * 54, 0.46), ("文", "文" * 99, 0.44)]
)
def test_a_share_is_a_number(first: str, second: str, share: float):
    pairs = pair(text(first, "zh-Hans", "zh-Hans/a.md"), text(second, "ja", "ja/a.md")).pairs
    assert column_share(pairs) == pytest.approx(share)


def test_the_columns_of_a_small_leaf_are_nearly_alike():
    pairs = pair(text("文", "zh-Hans", "zh-Hans/a.md"), text("文" * 99, "ja", "ja/a.md")).pairs
    assert column_share(pairs, WIDEST_ON_LEAF) == pytest.approx(1 - WIDEST_ON_LEAF)
    assert [
        is_leaf(Publication("g", "c", Form.CHECKLIST, ("en", "ja"), paper=paper), Edition.SCREEN) for paper in Paper
    ] == [paper.width < Paper.A4.width for paper in Paper]
    assert not is_leaf(title(), Edition.SCREEN)
