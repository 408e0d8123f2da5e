"""What a print day takes: sheets, sides with toner, staples, the order of printing, and the commands that print. Pure.

Everything is read from the finished files: how many sides they have, which of them are blank, what paper they are for
and on which edge a printer must flip them (ISO 32000-2, table 147: Duplex).
"""

import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from io import BytesIO
from math import ceil
from typing import Any, Final

import pikepdf
import pypdfium2

from taiyaku.model import Edition, Form

PACKET: Final = 500
"""Sheets in a packet of office paper."""


class Sides(StrEnum):
    """How a printer uses both sides of a sheet (IPP, RFC 8011, 5.2.8: sides)."""

    ONE = "one-sided"
    SHORT = "two-sided-short-edge"
    LONG = "two-sided-long-edge"


_MEDIA: Final[Mapping[str, tuple[float, float]]] = {
    "iso_a3_297x420mm": (297, 420),
    "iso_a4_210x297mm": (210, 297),
    "iso_a5_148x210mm": (148, 210),
    "jis_b4_257x364mm": (257, 364),
    "jis_b5_182x257mm": (182, 257),
    "jis_b6_128x182mm": (128, 182),
    "na_invoice_5.5x8.5in": (139.7, 215.9),
    "na_ledger_11x17in": (279.4, 431.8),
    "na_letter_8.5x11in": (215.9, 279.4),
}
"""Papers by their names for a printer (PWG 5101.1), in mm."""

_MM: Final = 25.4 / 72
_NEAR_MM: Final = 1.5


@dataclass(frozen=True, slots=True)
class Needs:
    """What one copy of a finished file takes: sides, those with toner, sheets, staples; its paper, its sides."""

    sides: int
    inked: int
    sheets: int
    staples: int
    media: str
    how: Sides


@dataclass(frozen=True, slots=True)
class Run:
    """A file and how many copies of it are printed."""

    path: str
    form: Form
    edition: Edition
    copies: int
    each: Needs

    @property
    def sheets(self) -> int:
        """Give the sheets of paper of all copies."""
        return self.copies * self.each.sheets

    @property
    def inked(self) -> int:
        """Give the sides with toner of all copies."""
        return self.copies * self.each.inked

    @property
    def staples(self) -> int:
        """Give the staples of all copies."""
        return self.copies * self.each.staples


@dataclass(frozen=True, slots=True)
class Readers:
    """How many people get the handouts of a pair of languages."""

    languages: tuple[str, ...]
    people: int


def needs_of(pdf: bytes, form: Form, edition: Edition) -> Needs:
    """Find out what one copy of a finished file takes."""
    how, media, sides = _how(pdf, edition)
    sheets = sides if how is Sides.ONE else ceil(sides / 2)
    folded = form is Form.BOOKLET and edition is Edition.PRINT
    staples = 2 if folded and sheets > 1 else 1 if sheets > 1 else 0
    return Needs(sides, sum(_inked(pdf)), sheets, staples, media, how)


def _how(pdf: bytes, edition: Edition) -> tuple[Sides, str, int]:
    with pikepdf.open(BytesIO(pdf)) as opened:
        wish = str(opened.Root.get("/ViewerPreferences", pikepdf.Dictionary()).get("/Duplex", ""))
        box = [float(edge) for edge in opened.pages[0].mediabox]
        sides = len(opened.pages)
    usual = Sides.ONE if sides == 1 else Sides.LONG
    asked = {"/DuplexFlipShortEdge": Sides.SHORT, "/DuplexFlipLongEdge": Sides.LONG, "/Simplex": Sides.ONE}
    return asked.get(wish, usual), _media((box[2] - box[0]) * _MM, (box[3] - box[1]) * _MM), sides


def _media(width: float, height: float) -> str:
    """Name the paper of a size in mm, lying or upright."""
    short, long = sorted((width, height))
    for name, (its_short, its_long) in _MEDIA.items():
        if abs(short - its_short) < _NEAR_MM and abs(long - its_long) < _NEAR_MM:
            return name
    return f"custom_{short:.0f}x{long:.0f}mm"


_PAPER_WHITE: Final = 250


def _inked(pdf: bytes) -> list[bool]:
    """Say of each side whether anything is printed on it."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.render(scale=0.5, grayscale=True).to_pil().getextrema()[0] < _PAPER_WHITE for page in document]
    finally:
        document.close()


def copies_for(people: int, spare_percent: float) -> int:
    """Give how many copies so many people need, with some to spare, rounded up."""
    return ceil(round(people * (1 + spare_percent / 100), 6))


def in_printing_order(runs: Iterable[Run]) -> tuple[Run, ...]:
    """Put runs in the order of printing: booklets, which must be folded, the thickest first; lists; large print."""
    ranks = {(Form.BOOKLET, Edition.PRINT): 0, (Form.CHECKLIST, Edition.PRINT): 1}
    return tuple(sorted(runs, key=lambda run: (ranks.get((run.form, run.edition), 2), -run.each.sheets, run.path)))


def lp(run: Run, folder: str, queue: str, copies: int | None = None) -> str:
    """Give the command that prints a run on a queue of CUPS (lp(1)), safe to paste into a shell."""
    words = ["lp", *(["-d", queue] if queue else []), "-n", str(copies or run.copies)]
    options = (f"media={run.each.media}", f"sides={run.each.how}", "print-scaling=none", "collate=true")
    words += [word for option in options for word in ("-o", option)]
    return shlex.join([*words, "--", f"{folder.rstrip('/')}/{run.path}"])


def told(runs: Sequence[Run], readers: Sequence[Readers], folder: str, queue: str) -> str:
    """Say on one screen what a print day takes."""
    people = ", ".join(f"{one.people} for {' + '.join(one.languages)}" for one in readers)
    lines = [f"For {sum(one.people for one in readers)} people ({people}):", ""]
    lines.append("copies  sheets   sides  staples  document")
    lines += [f"{r.copies:6}  {r.sheets:6}  {r.inked:6}  {r.staples:7}  {r.path}" for r in runs]
    lines += ["", *_totals(runs), ""]
    lines += ["Print one copy first, besides those above; fold it and check the order of its pages:", ""]
    lines += [f"  {lp(runs[0], folder, queue, 1)}", "", "Then, in this order:", ""]
    lines += [f"  {lp(run, folder, queue)}" for run in runs]
    return "\n".join(lines) + "\n"


def _totals(runs: Sequence[Run]) -> Iterable[str]:
    """Give the paper by its size, then sides with toner and staples."""
    media = dict.fromkeys(run.each.media for run in runs)
    for name in media:
        sheets = sum(run.sheets for run in runs if run.each.media == name)
        packets = ceil(sheets / PACKET)
        yield f"{sheets} sheets of {name} ({packets} packet{'s' if packets != 1 else ''} of {PACKET})"
    yield f"{sum(run.inked for run in runs)} sides with toner, {sum(run.staples for run in runs)} staples"


def as_record(runs: Sequence[Run], readers: Sequence[Readers], folder: str, queue: str) -> dict[str, Any]:
    """Give the same as JSON's values."""
    return {
        "readers": [asdict(one) for one in readers],
        "runs": [
            {
                **asdict(run),
                "sheets": run.sheets,
                "inked": run.inked,
                "staples": run.staples,
                "lp": lp(run, folder, queue),
            }
            for run in runs
        ],
        "sheets": sum(run.sheets for run in runs),
        "inked": sum(run.inked for run in runs),
        "staples": sum(run.staples for run in runs),
    }
