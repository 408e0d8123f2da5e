"""The page budget: a checklist fills one page (a small leaf more), a booklet a multiple of four. Pure.

The typesetter comes in as a function. A bounded ladder: on a checklist first the type grows or shrinks within legible
limits, then the gaps open, or they close with the lines where the smallest type is too large; in a booklet gaps and
leading close, then the languages change their place, then what its author marked as optional goes. Both languages of a
pair always get the same.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

BASE_SIZE: Final = 10.0
"""The size of a checklist's type at scale 1, in pt."""

LARGEST: Final = 12.0
SMALLEST: Final = 8.5
"""The smallest legible size, in pt: what stands on a sheet on the wall or at a counter is read at arm's length."""

IN_HAND: Final = 9.0
"""The size of a booklet's type, in pt: a folded sheet is read as near, and larger type breaks its narrow columns."""

STEP: Final = 0.1
"""Sizes are tried in steps of this many pt, so that two runs choose the same one."""

GAPS: Final = (1.0, 1.3, 1.6, 1.9, 2.2, 2.6, 3.0, 3.4)
"""The gaps between rows, in mm, from close to open."""

LEADING: Final = 1.45
"""The leading of the stylesheets (``--type-leading``), in em."""

GUESSES: Final = 4
"""After so many tries the search no longer follows the heights but halves what is left."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What fit may choose: the size of the type in pt, the gap between rows in mm, and the leading."""

    size: float
    gap: float
    leading: float = LEADING

    @property
    def style(self) -> str:
        """Return the setting as custom properties of the root element; leading where it is not the stylesheet's."""
        leading = "" if self.leading == LEADING else f"; --type-leading: {self.leading:.2f}"
        return f"--type-size: {self.size:.1f}pt; --page-gap: {self.gap:.1f}mm{leading}"


CLOSER: Final = (Setting(SMALLEST, 0.9, 1.42), Setting(SMALLEST, 0.8, 1.4))
"""What is tried where the smallest type is too large: a host's name, or a line more than the page has. Gaps are no
closer than a box to tick is high: it would touch the next one's rule."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of a setting: the pages, the lines behind those that it may fill, the height of all text in pages."""

    pages: int
    lines_over: int
    height: float = 1.0


@dataclass(frozen=True, slots=True)
class Fitted:
    """The setting that was chosen; ``lines_over`` is 0 where the text fits.

    ``notes`` counts the pages for notes that a folded sheet has besides.
    """

    setting: Setting
    lines_over: int
    tries: int
    notes: int = 0

    @property
    def fits(self) -> bool:
        """Tell whether all text stands on the pages that it may fill."""
        return self.lines_over == 0


FOLDED: Final = 4
LEAVES: Final = (1, 2, FOLDED)
"""The pages of a checklist: one side of a leaf, both, or a sheet that is folded once."""


def fit_one_page(attempt: Callable[[Setting], Tried], first: Setting | None = None, *, sides: int = 1) -> Fitted:
    """Find the largest type, then the widest gap, with which the text stands on one page, or on the sides of a leaf.

    ``attempt`` lays the text out; it is called about five times. Where the smallest type is too large, its gaps and
    lines close (``CLOSER``). ``first`` is tried first and taken
    if it holds: the setting of another edition. With two ``sides`` the text goes on to the back where one page is too
    short for the smallest type, with four on to a folded sheet where both are.
    """
    tries: dict[Setting, Tried] = {}

    def tried(setting: Setting) -> Tried:
        if setting not in tries:
            tries[setting] = attempt(setting)
        return tries[setting]

    sides = next((n for n in LEAVES if n >= sides or tried(Setting(SMALLEST, GAPS[0])).pages <= n), sides)
    if first is not None and tried(first).pages <= sides:
        return Fitted(first, 0, len(tries), _left(tried(first).pages))
    sizes = _sizes(SMALLEST)
    if sides == FOLDED:
        sizes = tuple(size for size in sizes if size <= IN_HAND)
    best = _last_that_fits(sizes, lambda size: tried(Setting(size, GAPS[0])), sides)
    if best is None:
        closest = next((closer for closer in CLOSER if tried(closer).pages <= sides), CLOSER[-1])
        over = max(tried(closest).lines_over, 1) if tried(closest).pages > sides else 0
        return Fitted(closest, over, len(tries), 0 if over else _left(tried(closest).pages))
    gap = GAPS[0]
    if best == sizes[-1]:
        pages = tried(Setting(best, gap)).pages if sides == FOLDED else sides  # a last page is not begun for gaps
        gap = _last_that_fits(GAPS, lambda gap: tried(Setting(best, gap)), pages) or gap
    return Fitted(Setting(best, gap), 0, len(tries), _left(tried(Setting(best, gap)).pages))


def _left(pages: int) -> int:
    """Return how many pages a folded sheet has left behind so many; a leaf has none."""
    return next(leaf for leaf in LEAVES if leaf >= pages) - pages


def _sizes(least: float) -> tuple[float, ...]:
    steps = round((LARGEST - least) / STEP)
    return tuple(round(LARGEST - STEP * i, 1) for i in range(steps, -1, -1))


def _last_that_fits(values: Sequence[float], attempt: Callable[[float], Tried], sides: int) -> float | None:
    """Find the largest value with which the text fits its pages; what fits at a value fits below it.

    The height of each attempt says where to look next: text grows with about the square of its size.
    """
    low, high = -1, len(values)
    at, tried = len(values) // 2, 0
    while high - low > 1:
        result = attempt(values[at])
        tried += 1
        low, high = (at, high) if result.pages <= sides else (low, at)
        aim = values[at] / max(result.height / sides, 0.1) ** 0.55
        nearest = max((i for i, value in enumerate(values) if value <= aim), default=0)
        guess = nearest if tried < GUESSES else (low + high) // 2  # text that hardly changes misleads
        at = min(max(guess, low + 1), high - 1)
    return values[low] if low >= 0 else None


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of a booklet's ladder: leading, gap in mm, layout where it changes, with optional blocks or without."""

    leading: float = LEADING
    gap: float = 1.4
    layout: str = ""
    optional: bool = True

    @property
    def style(self) -> str:
        """Return the rung as custom properties for the root element; none where it is the stylesheet's own."""
        own = Rung(layout=self.layout, optional=self.optional)
        return "" if self == own else f"--type-leading: {self.leading:.2f}; --page-gap: {self.gap:.1f}mm"


_SPACED: Final = (Rung(), Rung(1.4, 1.2), Rung(1.36, 0.8))
"""First the gaps close, then the lines; no line comes nearer to the next than 1.36 times its size."""

SIGNATURE: Final = 4
"""A folded sheet has four pages: a booklet has a multiple of it."""

FREE_TRIES: Final = 2
"""So far down the ladder a booklet goes for one page over a multiple of four, before it gets pages for notes."""


def ladder(layout: str) -> tuple[Rung, ...]:
    """Return the rungs from open to close for a booklet whose languages stand as ``layout`` says."""
    other = {"side-by-side": ("stacked",), "stacked": ("side-by-side",)}.get(layout, ())
    changed = tuple(replace(_SPACED[-1], layout=name) for name in other)
    return (*_SPACED, *changed, *(replace(rung, optional=False) for rung in (_SPACED[-1], *changed)))


@dataclass(frozen=True, slots=True)
class Bound:
    """What was chosen for a booklet: the rung, its pages with those for notes, and how many of these there are.

    ``over`` counts the pages that are too many where nothing fits.
    """

    rung: Rung
    pages: int
    notes: int
    over: int = 0


def fit_pages(attempt: Callable[[Rung], int], rungs: Sequence[Rung], budget: int | None = None) -> Bound:
    """Find the most open rung with which a booklet has as many pages as it may.

    ``attempt`` lays the booklet out and gives its pages. Without a ``budget`` the next multiple of four is right, but
    for a single page over one, which is worth two tries more.
    """
    first = attempt(rungs[0])
    if budget is None:
        for rung in rungs[1 : FREE_TRIES + 1] if first % SIGNATURE == 1 else ():
            if (pages := attempt(rung)) < first:
                return _bound(rung, pages)
        return _bound(rungs[0], first)
    if first <= budget:
        return Bound(rungs[0], budget, budget - first)
    least = first
    for rung in rungs[1:]:
        least = attempt(rung)
        if least <= budget:
            return Bound(rung, budget, budget - least)
    return Bound(rungs[-1], least, 0, least - budget)


def _bound(rung: Rung, pages: int) -> Bound:
    notes = -pages % SIGNATURE
    return Bound(rung, pages + notes, notes)
