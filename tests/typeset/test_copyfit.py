"""Fitting one page and keeping a page budget, with typesetters that are functions, in few tries."""

from collections.abc import Callable
from dataclasses import dataclass, field
from math import ceil
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taiyaku.model.findings import Finding, Place, format_finding
from taiyaku.model.wordings import Severity
from taiyaku.typeset.copyfit import (
    BASE_SIZE,
    CLOSER,
    FREE_TRIES,
    GAPS,
    LARGEST,
    SIGNATURE,
    SMALLEST,
    STEP,
    Bound,
    Fitted,
    Rung,
    Setting,
    Tried,
    fit_one_page,
    fit_pages,
    ladder,
)

CLOSE, OPEN = GAPS[0], GAPS[-1]


@dataclass
class Typesetter:
    """A page on which text of a given height in pages stands; it remembers what was asked of it."""

    height: Callable[[Setting], float]
    lines: int = 50
    asked: list[Setting] = field(default_factory=list)

    def __call__(self, setting: Setting) -> Tried:
        self.asked.append(setting)
        height = self.height(setting)
        return Tried(max(ceil(height), 1), max(ceil((height - 1) * self.lines), 0), height)


def square(share: float, rows: float = 0.0, power: float = 2.0) -> Typesetter:
    """Make text that takes ``share`` of a page at the base size, and ``rows`` for each mm of gap."""
    return Typesetter(lambda s: share * (s.size / BASE_SIZE) ** power + rows * s.gap)


def fits_up_to(size: float, gap: float = OPEN) -> Typesetter:
    """Make a page that holds the text up to a size, and up to a gap, whatever the height."""
    return Typesetter(lambda s: 1.0 if s.size <= size + 1e-9 and s.gap <= gap + 1e-9 else 1.5)


# What is chosen


@pytest.mark.parametrize(
    ("share", "size"), [(1.0, 10.0), (0.7, 11.9), (1.2, 9.1), (1.35, 8.6), (1.38, 8.5), (0.83, 10.9)]
)
def test_the_largest_size_that_fits(share: float, size: float):
    fitted = fit_one_page(square(share))
    assert (fitted.setting, fitted.fits, fitted.lines_over) == (Setting(size, CLOSE), True, 0)


@pytest.mark.parametrize(("gap", "chosen"), [(1.0, 1.0), (1.3, 1.3), (2.0, 1.9), (3.0, 3.0), (9.0, 3.4)])
def test_the_gap_opens_at_the_largest_size(gap: float, chosen: float):
    assert fit_one_page(fits_up_to(LARGEST, gap)).setting == Setting(LARGEST, chosen)


def test_a_short_text_takes_the_largest_size_and_the_widest_gap():
    assert fit_one_page(square(0.2)).setting == Setting(LARGEST, OPEN)


def test_the_gap_stays_close_below_the_largest_size():
    typesetter = fits_up_to(LARGEST - STEP)
    assert fit_one_page(typesetter).setting == Setting(round(LARGEST - STEP, 1), CLOSE)
    assert {setting.gap for setting in typesetter.asked} == {CLOSE}


def test_a_text_that_is_too_long_says_by_how_many_lines():
    fitted = fit_one_page(Typesetter(lambda s: 2 * s.size / SMALLEST, lines=40))
    assert (fitted.setting, fitted.fits, fitted.lines_over) == (CLOSER[-1], False, 40)


def test_a_text_that_is_too_long_is_so_by_one_line_at_least():
    fitted = fit_one_page(lambda _: Tried(2, 0, 2.0))
    assert (fitted.setting, fitted.fits, fitted.lines_over) == (CLOSER[-1], False, 1)


@pytest.mark.parametrize("at", range(len(CLOSER)))
def test_gaps_and_lines_close_before_a_text_is_too_long(at: int):
    """A host's name takes a line, and a page that was full to the last one has none: the type stays legible."""
    room = CLOSER[at]
    typesetter = Typesetter(lambda s: 1.0 if (s.gap, s.leading) <= (room.gap, room.leading) else 1.02)
    fitted = fit_one_page(typesetter)
    assert (fitted.setting, fitted.fits) == (room, True)
    assert fitted.tries == len(typesetter.asked) == len(set(typesetter.asked))


def test_lines_close_only_where_nothing_else_helps():
    typesetter = square(1.38)
    fit_one_page(typesetter)
    assert not set(CLOSER) & set(typesetter.asked)
    assert all(closer.size == SMALLEST and closer.leading >= 1.4 for closer in CLOSER)
    assert [closer.gap for closer in CLOSER] == sorted((closer.gap for closer in CLOSER), reverse=True)


def test_type_is_never_smaller_than_is_legible():
    typesetter = square(3.0)
    fitted = fit_one_page(typesetter)
    assert fitted.setting.size == min(setting.size for setting in typesetter.asked) == SMALLEST == 8.5


# Another edition's setting


def test_the_first_setting_is_taken_where_it_holds():
    typesetter = square(0.2)
    first = Setting(9.3, CLOSE)
    assert fit_one_page(typesetter, first) == Fitted(first, 0, 1)
    assert typesetter.asked == [first]


def test_another_is_looked_for_where_the_first_does_not_hold():
    typesetter = square(1.0)
    fitted = fit_one_page(typesetter, Setting(11.0, CLOSE))
    assert fitted.setting == Setting(10.0, CLOSE)
    assert fitted.tries == len(typesetter.asked)


# Laws

shares = st.floats(0.3, 2.0)


@given(shares, st.floats(0, 0.03), st.floats(1.6, 2.4))
def test_a_smooth_text_takes_eight_tries_at_most(share: float, rows: float, power: float):
    typesetter = square(share, rows, power)
    fitted = fit_one_page(typesetter)
    assert fitted.tries == len(typesetter.asked) <= 8 + (len(CLOSER) if fitted.setting in CLOSER else 0)


def rising(values: int) -> st.SearchStrategy[list[float]]:
    return st.lists(st.floats(0, 0.2), min_size=values, max_size=values)


@given(st.floats(0.1, 2.5), rising(36), rising(len(GAPS)))
def test_the_choice_fits_and_the_next_does_not(least: float, by_size: list[float], by_gap: list[float]):
    def height(setting: Setting) -> float:
        size, gap = round((setting.size - SMALLEST) / STEP), GAPS.index(max(setting.gap, CLOSE))
        return least + sum(by_size[: size + 1]) / 8 + sum(by_gap[: gap + 1])

    typesetter = Typesetter(height)
    fitted = fit_one_page(typesetter)
    chosen = fitted.setting
    larger = Setting(round(chosen.size + STEP, 1), chosen.gap)
    assert fitted.fits == (height(Setting(SMALLEST, CLOSE)) <= 1)
    if fitted.fits:
        assert height(chosen) <= 1
        assert chosen.size == LARGEST or height(larger) > 1
        wider = GAPS[GAPS.index(chosen.gap) + 1 :][:1]
        assert chosen.size < LARGEST or all(height(Setting(LARGEST, gap)) > 1 for gap in wider)


@given(shares, st.floats(0, 0.2))
def test_no_setting_is_tried_twice(share: float, rows: float):
    typesetter = square(share, rows)
    fitted = fit_one_page(typesetter)
    assert len(set(typesetter.asked)) == len(typesetter.asked) == fitted.tries


@given(shares, st.floats(0, 0.2))
def test_two_runs_choose_the_same(share: float, rows: float):
    assert fit_one_page(square(share, rows)) == fit_one_page(square(share, rows))


def test_a_setting_is_written_as_custom_properties():
    assert Setting(9.25, 1.3).style == "--type-size: 9.2pt; --page-gap: 1.3mm"
    assert Setting(8.5, 0.8, 1.4).style == "--type-size: 8.5pt; --page-gap: 0.8mm; --type-leading: 1.40"


def test_what_is_told_of_a_long_text():
    scale = SMALLEST / BASE_SIZE
    facts = {"lines": 3, "room": "one page", "languages": "zh-Hans+ja", "edition": "screen", "scale": scale}
    finding = Finding("fit.long", Place("content/mini/ja/checklists/todo.md"), facts)
    assert finding.severity is Severity.ERROR
    assert format_finding(finding) == (
        "content/mini/ja/checklists/todo.md: error: the checklist is 3 lines too long for one page (zh-Hans+ja, screen)"
        " [fit.long]\n  hint: shorten it: at 85% the type is as small as it may be"
    )


# A booklet's page budget


@dataclass
class Binder:
    """A booklet whose pages are known for each rung; it remembers what was asked of it."""

    pages: Callable[[Rung], int]
    asked: list[Rung] = field(default_factory=list)

    def __call__(self, rung: Rung) -> int:
        self.asked.append(rung)
        return self.pages(rung)


def always(pages: int) -> Binder:
    return Binder(lambda _: pages)


def by_rung(*pages: int, layout: str = "side-by-side") -> Binder:
    """Make a booklet with so many pages on the first rung, so many on the second …"""
    return Binder(dict(zip(ladder(layout), pages, strict=False)).__getitem__)


SIDE: Final = ladder("side-by-side")


@pytest.mark.parametrize("layout", ["side-by-side", "stacked", "facing"])
def test_the_ladder_goes_from_open_to_close(layout: str):
    rungs = ladder(layout)
    assert rungs[0] == Rung()
    assert len(set(rungs)) == len(rungs)
    spaced = [rung for rung in rungs if rung.optional and not rung.layout]
    assert spaced == list(rungs[: len(spaced)]), "first the gaps and the lines close"
    assert spaced == sorted(spaced, key=lambda rung: (-rung.leading, -rung.gap))
    assert all((rung.leading, rung.gap) == (spaced[-1].leading, spaced[-1].gap) for rung in rungs[len(spaced) :])
    kept = [rung.optional for rung in rungs]
    assert kept == sorted(kept, reverse=True), "what is optional goes last"
    assert not kept[-1]


@pytest.mark.parametrize(
    ("layout", "other"), [("side-by-side", {"stacked"}), ("stacked", {"side-by-side"}), ("facing", set())]
)
def test_the_languages_change_their_place_after_the_gaps_have_closed(layout: str, other: set[str]):
    rungs = ladder(layout)
    assert {rung.layout for rung in rungs} - {""} == other
    if other:
        first = next(i for i, rung in enumerate(rungs) if rung.layout)
        assert all(rung.optional for rung in rungs[: first + 1])


def test_lines_never_come_too_near():
    assert min(rung.leading for rung in SIDE) == 1.36


def test_a_rung_is_written_as_custom_properties():
    assert Rung().style == Rung(layout="stacked", optional=False).style == ""
    assert Rung(1.4, 1.2).style == "--type-leading: 1.40; --page-gap: 1.2mm"


@pytest.mark.parametrize(("pages", "bound", "notes"), [(1, 4, 3), (2, 4, 2), (3, 4, 1), (4, 4, 0), (38, 40, 2)])
def test_a_booklet_gets_pages_for_notes_up_to_the_next_multiple_of_four(pages: int, bound: int, notes: int):
    assert fit_pages(always(pages), SIDE) == Bound(Rung(), bound, notes)


@pytest.mark.parametrize("pages", [4, 6, 7, 8])
def test_a_booklet_without_a_budget_is_laid_out_once(pages: int):
    binder = always(pages)
    fit_pages(binder, SIDE)
    assert binder.asked == [Rung()]


@pytest.mark.parametrize(
    ("pages", "rung", "asked"), [((5, 4), 1, 2), ((5, 5, 4), 2, 3), ((9, 8), 1, 2), ((41, 41, 40), 2, 3)]
)
def test_a_single_page_over_a_multiple_of_four_is_won_back(pages: tuple[int, ...], rung: int, asked: int):
    binder = by_rung(*pages)
    assert fit_pages(binder, SIDE) == Bound(SIDE[rung], pages[0] - 1, 0)
    assert binder.asked == list(SIDE[:asked])


def test_a_single_page_that_cannot_be_won_back_is_tried_twice():
    binder = always(5)
    assert fit_pages(binder, SIDE) == Bound(Rung(), 8, 3)
    assert binder.asked == list(SIDE[: 1 + FREE_TRIES])
    assert FREE_TRIES == 2


def test_pages_that_are_won_besides_are_counted():
    """Closer lines may win more than the one page: what is free then is for notes."""
    assert fit_pages(by_rung(9, 6), SIDE) == Bound(SIDE[1], 8, 2)


@pytest.mark.parametrize(("pages", "notes"), [(40, 0), (39, 1), (36, 4), (33, 7)])
def test_a_budget_is_kept(pages: int, notes: int):
    binder = always(pages)
    assert fit_pages(binder, SIDE, 40) == Bound(Rung(), 40, notes)
    assert binder.asked == [Rung()]


@pytest.mark.parametrize("at", range(1, len(SIDE)))
def test_the_first_rung_that_keeps_the_budget_is_taken(at: int):
    binder = by_rung(*[42] * at, 39)
    assert fit_pages(binder, SIDE, 40) == Bound(SIDE[at], 40, 1)
    assert binder.asked == list(SIDE[: at + 1])


def test_what_does_not_fit_says_how_many_pages_are_over():
    binder = by_rung(50, 48, 47, 46, 45, 43)
    assert fit_pages(binder, SIDE, 40) == Bound(SIDE[-1], 43, 0, over=3)
    assert binder.asked == list(SIDE)


@given(
    st.lists(st.integers(1, 60), min_size=len(SIDE), max_size=len(SIDE)),
    st.none() | st.integers(1, 15).map(lambda sheets: sheets * SIGNATURE),
)
def test_a_booklet_is_bound_within_few_tries(pages: list[int], budget: int | None):
    binder = by_rung(*pages)
    bound = fit_pages(binder, SIDE, budget)
    chosen = pages[SIDE.index(bound.rung)]
    assert len(set(binder.asked)) == len(binder.asked) <= (len(SIDE) if budget else 1 + FREE_TRIES)
    assert bound.rung in binder.asked
    assert bound.pages == chosen + bound.notes
    if budget is None:
        assert (bound.pages % SIGNATURE, bound.over) == (0, 0)
        assert bound.notes < SIGNATURE
    else:
        assert bound.pages == budget + bound.over
        assert (bound.over > 0) == (min(pages) > budget)


def test_what_is_told_of_a_long_booklet():
    facts = {"pages": 43, "budget": 40, "languages": "en+ja", "lines": 61, "blocks": "310–322"}
    finding = Finding("fit.pages", Place("content/mini/guide.toml"), facts)
    assert finding.severity is Severity.ERROR
    first, hint = format_finding(finding).splitlines()
    assert first == (
        "content/mini/guide.toml: error: the booklet needs 43 pages and has 40 (en+ja): 61 lines are over, "
        "blocks 310–322 [fit.pages]"
    )
    assert "{: .optional }" in hint
