"""What a print day takes: sheets, sides with toner, staples, the order of printing, and the commands that print. Pure.

Everything is read from the finished files: how many sides they have, which of them are blank, what paper they are for
and on which edge a printer must flip them (ISO 32000-2, table 147: Duplex).
"""

import shlex
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from io import BytesIO
from math import ceil
from typing import Any, Final

import pikepdf
import pypdfium2

from taiyaku.model.documents import Edition, Form

PACKET: Final = 500
"""Sheets in a packet of office paper."""


class Sides(StrEnum):
    """How a printer uses both sides of a sheet (IPP, RFC 8011, 5.2.8: sides)."""

    ONE = "one-sided"
    SHORT = "two-sided-short-edge"
    LONG = "two-sided-long-edge"


@dataclass(frozen=True, slots=True)
class Media:
    """A paper by its name for a printer (PWG 5101.1) and its name for people, upright, in mm."""

    keyword: str
    name: str
    width: float
    height: float


_MEDIA: Final = (
    Media("iso_a3_297x420mm", "A3", 297, 420),
    Media("iso_a4_210x297mm", "A4", 210, 297),
    Media("iso_a5_148x210mm", "A5", 148, 210),
    Media("iso_a6_105x148mm", "A6", 105, 148),
    Media("jis_b4_257x364mm", "B4 (JIS)", 257, 364),
    Media("jis_b5_182x257mm", "B5 (JIS)", 182, 257),
    Media("jis_b6_128x182mm", "B6 (JIS)", 128, 182),
    Media("na_invoice_5.5x8.5in", "half Letter", 139.7, 215.9),
    Media("na_ledger_11x17in", "Tabloid", 279.4, 431.8),
    Media("na_letter_8.5x11in", "Letter", 215.9, 279.4),
)

_MM: Final = 25.4 / 72
_NEAR_MM: Final = 1.5


@dataclass(frozen=True, slots=True)
class PaperUse:
    """What one copy of a finished file takes: sides, those with toner, sheets, staples; its paper, its sides."""

    sides: int
    inked: int
    sheets: int
    staples: int
    media: Media
    how: Sides


@dataclass(frozen=True, slots=True)
class PrintJob:
    """A file and how many copies of it are printed."""

    path: str
    form: Form
    edition: Edition
    copies: int
    each: PaperUse

    @property
    def sheets(self) -> int:
        """Return the sheets of paper of all copies."""
        return self.copies * self.each.sheets

    @property
    def folded(self) -> bool:
        """Tell whether it is folded, and stapled on the fold."""
        return is_folded(self.form, self.edition)

    @property
    def inked(self) -> int:
        """Return the sides with toner of all copies."""
        return self.copies * self.each.inked

    @property
    def staples(self) -> int:
        """Return the staples of all copies."""
        return self.copies * self.each.staples


@dataclass(frozen=True, slots=True)
class Readers:
    """How many people get the handouts of a pair of languages."""

    languages: tuple[str, ...]
    people: int


def is_folded(form: Form, edition: Edition) -> bool:
    """Tell whether a document is folded, and stapled on the fold."""
    return form is Form.BOOKLET and edition is Edition.PRINT


def needs_of(pdf: bytes, form: Form, edition: Edition) -> PaperUse:
    """Find out what one copy of a finished file takes."""
    how, media, sides = _how(pdf)
    sheets = sides if how is Sides.ONE else ceil(sides / 2)
    staples = 0 if sheets == 1 else 2 if is_folded(form, edition) else 1
    return PaperUse(sides, sum(_inked(pdf)), sheets, staples, media, how)


def _how(pdf: bytes) -> tuple[Sides, Media, int]:
    with pikepdf.open(BytesIO(pdf)) as opened:
        wish = str(opened.Root.get("/ViewerPreferences", pikepdf.Dictionary()).get("/Duplex", ""))
        box = [float(edge) for edge in opened.pages[0].mediabox]
        sides = len(opened.pages)
    usual = Sides.ONE if sides == 1 else Sides.LONG
    asked = {"/DuplexFlipShortEdge": Sides.SHORT, "/DuplexFlipLongEdge": Sides.LONG, "/Simplex": Sides.ONE}
    return asked.get(wish, usual), _media((box[2] - box[0]) * _MM, (box[3] - box[1]) * _MM), sides


def _media(width: float, height: float) -> Media:
    """Find the paper of a size in mm, lying or upright; one that nobody sells by name gets CUPS's name for its size."""
    short, long = sorted((width, height))
    for media in _MEDIA:
        if abs(short - media.width) < _NEAR_MM and abs(long - media.height) < _NEAR_MM:
            return media
    return Media(f"Custom.{short:.0f}x{long:.0f}mm", f"{short:.0f} × {long:.0f} mm", short, long)


_PAPER_WHITE: Final = 250


def _inked(pdf: bytes) -> list[bool]:
    """Say of each side whether anything is printed on it."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.render(scale=0.5, grayscale=True).to_pil().getextrema()[0] < _PAPER_WHITE for page in document]
    finally:
        document.close()


def copies_for(people: int, spare_percent: float) -> int:
    """Return how many copies so many people need, with some to spare, rounded up."""
    return ceil(round(people * (1 + spare_percent / 100), 6))


def in_printing_order(runs: Iterable[PrintJob]) -> tuple[PrintJob, ...]:
    """Put runs in the order of printing: booklets, which must be folded, the thickest first; lists; large print."""
    ranks = {(Form.BOOKLET, Edition.PRINT): 0, (Form.CHECKLIST, Edition.PRINT): 1}
    return tuple(sorted(runs, key=lambda run: (ranks.get((run.form, run.edition), 2), -run.each.sheets, run.path)))


def lp(run: PrintJob, folder: str, queue: str) -> str:
    """Return the command that prints a run on a queue of CUPS (lp(1)), safe to paste into a shell."""
    words = ["lp", *(["-d", queue] if queue else []), "-n", str(run.copies)]
    options = (f"media={run.each.media.keyword}", f"sides={run.each.how}", "print-scaling=none", "collate=true")
    words += [word for option in options for word in ("-o", option)]
    return shlex.join([*words, "--", f"{folder.rstrip('/')}/{run.path}"])


def told(runs: Sequence[PrintJob], readers: Sequence[Readers], folder: str, queue: str) -> str:
    """Say on one screen what a print day takes."""
    people = ", ".join(f"{one.people} for {' + '.join(one.languages)}" for one in readers)
    lines = [f"For {sum(one.people for one in readers)} people ({people}):", ""]
    lines.append("copies  sheets   sides  staples  document")
    lines += [f"{r.copies:6}  {r.sheets:6}  {r.inked:6}  {r.staples:7}  {r.path}" for r in runs]
    lines += ["", *_totals(runs), ""]
    first, *others = commands(runs, folder, queue)
    folded = " Fold it, and check the order of its pages" if runs[0].folded else " Look at every side of it"
    lines += [f"Print one copy first.{folded}:", "", f"  {first}"]
    if others:
        lines += ["", "Then the rest, in this order:", "", *(f"  {command}" for command in others)]
    return "\n".join(lines) + "\n"


def commands(runs: Sequence[PrintJob], folder: str, queue: str) -> tuple[str, ...]:
    """Return the commands that print all runs, one copy of the first one by itself: a trial, and one of its copies."""
    first, *others = runs
    trial, rest = replace(first, copies=1), replace(first, copies=first.copies - 1)
    return tuple(lp(run, folder, queue) for run in (trial, rest, *others) if run.copies)


@dataclass(frozen=True, slots=True)
class PaperOrder:
    """What a print day takes of one paper: sheets, and the packets that hold them."""

    media: Media
    sheets: int
    packets: int


def supplies(runs: Sequence[PrintJob]) -> tuple[PaperOrder, ...]:
    """Return the paper of all runs, by its size, in the order in which it is needed."""
    all_media = dict.fromkeys(run.each.media for run in runs)
    counts = {media: sum(run.sheets for run in runs if run.each.media == media) for media in all_media}
    return tuple(PaperOrder(media, sheets, ceil(sheets / PACKET)) for media, sheets in counts.items())


def _totals(runs: Sequence[PrintJob]) -> Iterable[str]:
    """Return the paper by its size, then sides with toner and staples."""
    for one in supplies(runs):
        packets = f"{one.packets} packet{'s' if one.packets != 1 else ''} of {PACKET}"
        yield f"{one.sheets} sheets of {one.media.name} ({packets})"
    yield f"{sum(run.inked for run in runs)} sides with toner, {sum(run.staples for run in runs)} staples"


def as_record(runs: Sequence[PrintJob], readers: Sequence[Readers], folder: str, queue: str) -> dict[str, Any]:
    """Return the same as JSON's values."""
    return {
        "readers": [asdict(one) for one in readers],
        "runs": [{**asdict(run), "sheets": run.sheets, "inked": run.inked, "staples": run.staples} for run in runs],
        "commands": commands(runs, folder, queue),
        "paper": [asdict(one) for one in supplies(runs)],
        "sheets": sum(run.sheets for run in runs),
        "inked": sum(run.inked for run in runs),
        "staples": sum(run.staples for run in runs),
    }
