"""Imposition as orders of pages: which page stands where on which sheet, so that it reads in order. Pure.

Nothing is drawn here (see ``impose``), and nothing is judged here: ``tests/folding.py`` folds, cuts and stacks what
these functions say and reads it back. Lengths are points unless a name ends in ``_mm``.

Sources: ISO 534 (thickness is grammage times specific volume), ISO 536 (grammage); ISO 216 (A sizes), JIS P 0138
(B sizes), ANSI/ASME Y14.1 (Letter, Tabloid).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import ceil
from typing import Final

from taiyaku.model.documents import Binding
from taiyaku.model.units import mm

GSM: Final = 80.0
"""Grammage of office paper, in g/m²."""

BULK: Final = 1.25
"""Specific volume of uncoated paper, in cm³/g: office and offset paper has 1.2 to 1.3, coated paper 0.8 to 1.0."""

ZINE_PAGES: Final = 8
"""So many pages has a sheet that is folded three times and cut once."""


class Scheme(StrEnum):
    """What becomes of the printed sheets."""

    SADDLE = "saddle"
    """All sheets are folded into one another, as one signature or as several that are stacked."""

    CUT_STACK = "cut-stack"
    """All sheets are cut once in the middle, and the left stack is put on the right one."""

    ZINE = "zine"
    """One side of one sheet is folded into eight pages, with one cut."""


class Flip(StrEnum):
    """Over which edge of the paper a printer turns the sheet for its back."""

    SHORT = "short"
    LONG = "long"


class PaperSize(StrEnum):
    """Paper to print on, lying open; B sizes are those of JIS P 0138."""

    A6 = "a6"
    A5 = "a5"
    B5 = "b5"
    A4 = "a4"
    B4 = "b4"
    A3 = "a3"
    LETTER = "letter"
    TABLOID = "tabloid"

    @property
    def long_mm(self) -> float:
        """Return the long edge in mm."""
        return _STOCKS_MM[self][0]

    @property
    def short_mm(self) -> float:
        """Return the short edge in mm."""
        return _STOCKS_MM[self][1]


_STOCKS_MM: Final[Mapping[PaperSize, tuple[float, float]]] = {
    PaperSize.A6: (148, 105),
    PaperSize.A5: (210, 148),
    PaperSize.B5: (257, 182),
    PaperSize.A4: (297, 210),
    PaperSize.B4: (364, 257),
    PaperSize.A3: (420, 297),
    PaperSize.LETTER: (279.4, 215.9),
    PaperSize.TABLOID: (431.8, 279.4),
}
"""Long and short edge."""


@dataclass(frozen=True, slots=True)
class Imposition:
    """How pages are laid on sheets, and on what paper.

    ``gsm`` (g/m²) and ``bulk`` (cm³/g) say how thick the paper is; 0 g/m² leaves every page where it is.
    ``sheets_per_signature`` is the most sheets that are folded into one another (None: all of them). ``copies`` are
    put one after another before sheets are cut and stacked, so that two copies stand side by side; ``double_sided``
    gives each leaf of theirs a back. ``paper`` is what lies in the printer (None: what two pages cover, A4 for a zine);
    on smaller paper pages are scaled down. ``marks`` shows where to fold, staple, sew and cut.

    Raises:
        ValueError: The options do not go together.
    """

    scheme: Scheme = Scheme.SADDLE
    binding: Binding = Binding.LEFT
    flip: Flip = Flip.SHORT
    gsm: float = GSM
    bulk: float = BULK
    sheets_per_signature: int | None = None
    copies: int = 1
    double_sided: bool = True
    paper: PaperSize | None = None
    marks: bool = True

    def __post_init__(self) -> None:
        thickness_mm(self.gsm, self.bulk)
        if self.sheets_per_signature is not None:
            _refuse_unless(self.scheme, Scheme.SADDLE, "signatures are folded")
            _refuse_none(self.sheets_per_signature, "a signature", "sheet")
        if self.copies != 1:
            _refuse_unless(self.scheme, Scheme.CUT_STACK, "copies stand side by side")
            _refuse_none(self.copies, "a print run", "copy")
        if not self.double_sided:
            _refuse_unless(self.scheme, Scheme.CUT_STACK, "leaves without a back are cut")

    @property
    def paper_mm(self) -> float:
        """Return the thickness of the paper in mm."""
        return thickness_mm(self.gsm, self.bulk)


def _refuse_unless(scheme: Scheme, needed: Scheme, why: str) -> None:
    if scheme is not needed:
        raise ValueError(f"{why} in the scheme `{needed}`, not in `{scheme}`")


def _refuse_none(count: int, whole: str, part: str) -> None:
    if count < 1:
        raise ValueError(f"{whole} has at least one {part}, not `{count}`")


def thickness_mm(gsm: float, bulk: float = BULK) -> float:
    """Return the thickness of paper in mm, by its grammage (g/m²) and specific volume (cm³/g): ISO 534.

    Office paper of 80 g/m² is 0.1 mm thick.

    Raises:
        ValueError: The paper weighs less than nothing, or has no volume.
    """
    if not gsm >= 0:
        raise ValueError(f"paper cannot weigh `{gsm:g}` g/m²")
    if not bulk > 0:
        raise ValueError(f"paper cannot have a volume of `{bulk:g}` cm³/g")
    return gsm * bulk / 1000


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a sheet: the page on each half, numbered from 1; None is a blank."""

    left: int | None
    right: int | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of paper: its front, and its back as one sees it after turning the sheet like the page of a book.

    When it is folded, the front is its outer side.
    """

    front: Side
    back: Side


@dataclass(frozen=True, slots=True)
class Zine:
    """The printed side of a sheet that is folded into eight pages: the upper row stands on its head."""

    upper: tuple[int | None, ...]
    lower: tuple[int | None, ...]


def saddle_stitch(pages: int, *, binding: Binding = Binding.LEFT) -> tuple[Sheet, ...]:
    """Return the sheets of a saddle-stitched booklet of one signature, the outermost (the cover) first.

    The pages are padded to a multiple of four. Blanks stand before the last page, so that the back cover stays the
    back cover; a single page is a front cover, and three blanks follow it.

    The law: where all places are numbered, blanks too, the two numbers on a side add up to one more than the places.

    Raises:
        ValueError: There is no page.
    """
    return _folded(_padded(pages, 4), binding)


def signatures(
    pages: int, sheets_per_signature: int, *, binding: Binding = Binding.LEFT
) -> tuple[tuple[Sheet, ...], ...]:
    """Return the signatures of a thick booklet, the first first; each lists its sheets from the outermost.

    There are as few signatures as can be. None has more sheets than ``sheets_per_signature``, and no two differ by
    more than one sheet: a last one of a single sheet could not be sewn as firmly. Blanks stand before the last page.

    Raises:
        ValueError: There is no page, or no sheet in a signature.
    """
    _refuse_none(sheets_per_signature, "a signature", "sheet")
    places = _padded(pages, 4)
    sheets = len(places) // 4
    parts, start = [], 0
    for size in _shared_out(sheets, ceil(sheets / sheets_per_signature)):
        parts.append(_folded(places[4 * start : 4 * (start + size)], binding))
        start += size
    return tuple(parts)


def _shared_out(sheets: int, parts: int) -> tuple[int, ...]:
    """Share sheets out among signatures, the thicker ones first."""
    least, over = divmod(sheets, parts)
    return tuple(least + (part < over) for part in range(parts))


def _padded(pages: int, multiple: int) -> tuple[int | None, ...]:
    """Number the pages, with blanks before the last so that there is a multiple of places."""
    if pages < 1:
        raise ValueError(f"a booklet has at least one page, not `{pages}`")
    numbers = tuple(range(1, pages + 1))
    before_last = max(pages - 1, 1)
    return (*numbers[:before_last], *[None] * (-pages % multiple), *numbers[before_last:])


def _folded(places: Sequence[int | None], binding: Binding) -> tuple[Sheet, ...]:
    return tuple(_sheet(places, outer, binding) for outer in range(0, len(places) // 2, 2))


def _sheet(places: Sequence[int | None], outer: int, binding: Binding) -> Sheet:
    """Take a sheet's four places from both ends of the signature; ``outer`` counts those that lie outside it."""
    return Sheet(
        front=_bound(binding, verso=places[-1 - outer], recto=places[outer]),
        back=_bound(binding, verso=places[outer + 1], recto=places[-2 - outer]),
    )


def _bound(binding: Binding, *, verso: int | None, recto: int | None) -> Side:
    """Lay a verso (even) and a recto (odd) page on a side: bound left, the verso lies left of the fold."""
    return Side(left=verso, right=recto) if binding is Binding.LEFT else Side(left=recto, right=verso)


def cut_and_stack(pages: int, *, copies: int = 1, double_sided: bool = True) -> tuple[Sheet, ...]:
    """Return the sheets of leaves that are printed two by two, cut apart and stacked, the uppermost sheet first.

    A leaf is a page and the next one on its back, or a page alone. All leaves of the first copy come first, then
    those of the second: the left stack, put on the right one, is in order. Two copies stand side by side.

    Raises:
        ValueError: There is no page or no copy.
    """
    _refuse_none(pages, "a leaf", "page")
    _refuse_none(copies, "a print run", "copy")
    leaves = [(page, _back_of(page, pages, double_sided)) for page in range(1, pages + 1, 1 + double_sided)] * copies
    half = ceil(len(leaves) / 2)
    right = [*leaves[half:], *[(None, None)] * (2 * half - len(leaves))]
    return tuple(
        Sheet(front=Side(left[0], other[0]), back=Side(other[1], left[1]))
        for left, other in zip(leaves[:half], right, strict=True)
    )


def _back_of(page: int, pages: int, double_sided: bool) -> int | None:
    return page + 1 if double_sided and page < pages else None


def zine(pages: int, *, binding: Binding = Binding.LEFT) -> Zine:
    """Return the side of a sheet that is folded into a booklet of eight pages, with a cut in its middle.

    Fewer pages are padded with blanks before the last, so that the back cover stays the back cover.

    Raises:
        ValueError: There is no page, or there are more than eight.
    """
    if pages > ZINE_PAGES:
        raise ValueError(f"one sheet folds into at most {ZINE_PAGES} pages, not `{pages}`")
    one, two, three, four, five, six, seven, eight = _padded(pages, ZINE_PAGES)
    upper, lower = (five, four, three, two), (six, seven, eight, one)
    return Zine(upper, lower) if binding is Binding.LEFT else Zine(upper[::-1], lower[::-1])


def creep_shift(sheet_index: int, *, sheets: int, paper_mm: float = GSM * BULK / 1000) -> float:
    """Say how far the pages of a sheet move towards the spine, in pt; sheet 0 of a signature is outermost and stays.

    ``paper_mm`` is the thickness of the paper (see ``thickness_mm``); 0 leaves every page where it is.

    Raises:
        ValueError: There is no such sheet, or the paper is thinner than nothing.
    """
    if not 0 <= sheet_index < sheets:
        raise ValueError(f"there is no sheet `{sheet_index}` among `{sheets}`")
    if paper_mm < 0:
        raise ValueError(f"paper cannot be `{paper_mm}` mm thick")
    # Folded into one another, each sheet lies around the fold of the next and pushes it out of the fore edge by its
    # own thickness. Trimming cuts off what sticks out, and with it that much of the inner sheet's outer margins.
    return mm(sheet_index * paper_mm)
