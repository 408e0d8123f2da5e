"""The orders of pages: their laws, and what comes out when paper is folded, cut and stacked like that."""

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taiyaku.model.documents import Binding
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
    thickness_mm,
    zine,
)
from tests.folding import Panel, cut, fold, fold_and_stack, fold_zine

page_counts = st.integers(1, 400)
sheet_counts = st.integers(1, 12)
bindings = st.sampled_from(Binding)


def reading_order(pages: int, multiple: int = 4) -> tuple[int | None, ...]:
    """Say what a reader must find: the pages in order, blanks before the last, the back cover last."""
    blanks = [None] * (-pages % multiple)
    return (1, *blanks) if pages == 1 else (*range(1, pages), *blanks, pages)


def sides_of(sheets: Iterable[Sheet]) -> list[Side]:
    return [side for sheet in sheets for side in (sheet.front, sheet.back)]


# Saddle stitch


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


# Signatures


@given(page_counts, sheet_counts, bindings)
def test_folded_and_stacked_signatures_read_in_order(pages: int, most: int, binding: Binding) -> None:
    stack = signatures(pages, most, binding=binding)
    assert fold_and_stack(stack, binding=binding) == reading_order(pages)


@given(page_counts, sheet_counts)
def test_signatures_are_few_and_alike(pages: int, most: int) -> None:
    sizes = [len(sheets) for sheets in signatures(pages, most)]
    sheets = (pages + 3) // 4
    assert sum(sizes) == sheets
    assert len(sizes) == (sheets + most - 1) // most
    assert max(sizes) <= most
    assert max(sizes) - min(sizes) <= 1
    assert sizes == sorted(sizes, reverse=True)


@given(page_counts, bindings)
def test_one_signature_is_a_saddle_stitch(pages: int, binding: Binding) -> None:
    assert signatures(pages, 100, binding=binding) == (saddle_stitch(pages, binding=binding),)


def test_two_signatures_by_hand() -> None:
    first, second = signatures(15, 2)
    assert first == saddle_stitch(8)
    assert second == (Sheet(Side(15, 9), Side(10, None)), Sheet(Side(14, 11), Side(12, 13)))


def test_stack_notices_the_wrong_order_of_signatures() -> None:
    assert fold_and_stack(signatures(8, 1)[::-1]) == (5, 6, 7, 8, 1, 2, 3, 4)


def test_no_sheet_in_a_signature() -> None:
    with pytest.raises(ValueError, match=r"^a signature has at least one sheet, not `0`$"):
        signatures(8, 0)


# Cut and stack


@given(page_counts, st.integers(1, 5), st.booleans())
def test_cut_and_stacked_leaves_are_in_order(pages: int, copies: int, double_sided: bool) -> None:
    """What is read is each copy from its first leaf to its last; a leaf without a partner leaves one leaf blank."""
    numbers = chain.from_iterable((page,) if double_sided else (page, None) for page in range(1, pages + 1))
    copy: list[int | None] = list(numbers)
    copy += [None] * (len(copy) % 2)
    leaves = copies * len(copy) // 2
    assert cut(cut_and_stack(pages, copies=copies, double_sided=double_sided)) == (
        *copy * copies,
        *[None] * (2 * (leaves % 2)),
    )


@given(page_counts, st.integers(1, 5), st.booleans())
def test_cut_and_stack_takes_half_as_many_sheets_as_leaves(pages: int, copies: int, double_sided: bool) -> None:
    leaves = copies * ((pages + 1) // 2 if double_sided else pages)
    assert len(cut_and_stack(pages, copies=copies, double_sided=double_sided)) == (leaves + 1) // 2


@given(page_counts, st.booleans())
def test_two_copies_stand_side_by_side(pages: int, double_sided: bool) -> None:
    for sheet in cut_and_stack(pages, copies=2, double_sided=double_sided):
        assert sheet.front.left == sheet.front.right
        assert sheet.back.left == sheet.back.right


def test_cut_and_stack_by_hand() -> None:
    assert cut_and_stack(8) == (Sheet(Side(1, 5), Side(6, 2)), Sheet(Side(3, 7), Side(8, 4)))
    assert cut_and_stack(3, double_sided=False) == (
        Sheet(Side(1, 3), Side(None, None)),
        Sheet(Side(2, None), Side(None, None)),
    )


def test_cut_notices_backs_flipped_on_the_other_edge() -> None:
    flipped = [Sheet(sheet.front, Side(sheet.back.right, sheet.back.left)) for sheet in cut_and_stack(4)]
    assert cut(flipped) == (1, 4, 3, 2)


def test_cut_notices_a_booklet() -> None:
    assert cut(saddle_stitch(8)) != tuple(range(1, 9))


def test_no_leaf_and_no_copy() -> None:
    with pytest.raises(ValueError, match=r"^a leaf has at least one page, not `0`$"):
        cut_and_stack(0)
    with pytest.raises(ValueError, match=r"^a print run has at least one copy, not `0`$"):
        cut_and_stack(2, copies=0)


# Zine


def panels(order: Zine) -> tuple[Sequence[Panel], Sequence[Panel]]:
    return [Panel(page, upright=False) for page in order.upper], [Panel(page) for page in order.lower]


@given(st.integers(1, 8), bindings)
def test_folded_zine_reads_in_order_and_upright(pages: int, binding: Binding) -> None:
    read = fold_zine(*panels(zine(pages, binding=binding)), binding=binding)
    assert tuple(panel.page for panel in read) == reading_order(pages, 8)
    assert all(panel.upright for panel in read)


def test_zine_by_hand() -> None:
    """The order that a sheet shows that was folded, numbered by hand and opened again."""
    assert zine(8) == Zine(upper=(5, 4, 3, 2), lower=(6, 7, 8, 1))
    assert zine(6) == Zine(upper=(5, 4, 3, 2), lower=(None, None, 6, 1))


def test_fold_notices_a_row_that_is_not_turned() -> None:
    order = zine(8)
    read = fold_zine([Panel(page) for page in order.upper], [Panel(page) for page in order.lower])
    assert [panel.page for panel in read if not panel.upright] == [2, 3, 4, 5]


def test_fold_notices_a_zine_in_rows() -> None:
    read = fold_zine([Panel(page) for page in (1, 2, 3, 4)], [Panel(page) for page in (5, 6, 7, 8)])
    assert [panel.page for panel in read] == [8, 4, 3, 2, 1, 5, 6, 7]


@given(st.integers(1, 8))
def test_fold_notices_a_zine_bound_on_the_other_side(pages: int) -> None:
    read = fold_zine(*panels(zine(pages)), binding=Binding.RIGHT)
    assert [panel.page for panel in read] != list(reading_order(pages, 8))


def test_too_many_pages_for_a_zine() -> None:
    with pytest.raises(ValueError, match=r"^one sheet folds into at most 8 pages, not `9`$"):
        zine(9)


# Paper and its thickness


def test_office_paper_is_a_tenth_of_a_millimetre() -> None:
    assert thickness_mm(80) == Imposition().paper_mm == pytest.approx(0.1)


@given(st.floats(0, 400), st.floats(0.5, 2.5))
def test_thickness_grows_with_weight_and_bulk(gsm: float, bulk: float) -> None:
    assert thickness_mm(gsm, bulk) == pytest.approx(gsm * bulk / 1000)
    assert thickness_mm(2 * gsm, bulk) == pytest.approx(2 * thickness_mm(gsm, bulk))


@pytest.mark.parametrize("stock", PaperSize)
def test_paper_lies_lengthwise(stock: PaperSize) -> None:
    assert stock.long_mm > stock.short_mm


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"gsm": -80}, "paper cannot weigh `-80` g/m²"),
        ({"gsm": float("nan")}, "paper cannot weigh `nan` g/m²"),
        ({"bulk": 0}, "paper cannot have a volume of `0` cm³/g"),
        ({"sheets_per_signature": 0}, "a signature has at least one sheet, not `0`"),
        (
            {"sheets_per_signature": 4, "scheme": Scheme.ZINE},
            "signatures are folded in the scheme `saddle`, not in `zine`",
        ),
        ({"copies": 2}, "copies stand side by side in the scheme `cut-stack`, not in `saddle`"),
        ({"copies": 0, "scheme": Scheme.CUT_STACK}, "a print run has at least one copy, not `0`"),
        ({"double_sided": False}, "leaves without a back are cut in the scheme `cut-stack`, not in `saddle`"),
    ],
)
def test_options_that_do_not_go_together(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError) as error:
        Imposition(**options)
    assert str(error.value) == message


def test_by_default_a_booklet_on_office_paper() -> None:
    imposition = Imposition()
    assert (imposition.scheme, imposition.flip, imposition.binding) == (Scheme.SADDLE, Flip.SHORT, Binding.LEFT)


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
