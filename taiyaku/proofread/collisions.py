"""All that is painted on a page: texts over texts, pictures that are cut, digits beside a telephone number.

What a file without tags paints cannot be told apart: there texts are compared as they were found (`areas`).
"""

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from difflib import get_close_matches
from itertools import groupby
from typing import Final, NamedTuple

from taiyaku.model.units import mm
from taiyaku.pdf.characters import Char, InkSpot, PageText, around, compared, share
from taiyaku.pdf.geometry import Bounds
from taiyaku.pdf.text import shorten
from taiyaku.proofread.defects import Defect, DefectKind, SetText
from taiyaku.proofread.search import FoundBlock


class _Run(NamedTuple):
    """Characters of one text that stand on one line, and the box around them."""

    text: int
    ink: tuple[InkSpot, ...]
    box: Bounds


class Known:
    """Says which text of those that were to be set a character on the pages belongs to."""

    def __init__(self, texts: Sequence[SetText], blocks: Sequence[FoundBlock]) -> None:
        self._found = {(char.page, char.mcid): block.source for block in blocks for char in block.chars}
        self._keys = {"".join(map(compared, text.text)): text for text in texts}

    def defect(self, fault: DefectKind, page: int, ink: Sequence[InkSpot], box: Bounds) -> Defect:
        """Say what is wrong on a page (from 0) with the text that holds these characters; the likeliest, if need be."""
        said = "".join(one.key for one in ink)
        source = self._found.get((page, ink[0].char.mcid)) if ink and ink[0].owner is not None else None
        if source is None and said:
            near = get_close_matches(said, self._keys, 1, _LIKE)
            source = self._keys[near[0]] if near else None
        if source is None:
            return Defect(fault, page + 1, shorten(said), "", box)
        return Defect(fault, page + 1, shorten(source.text), source.language, box, source.at)


_LIKE: Final = 0.4

_OVERLAP: Final = 1.0
"""How far in pt the ink of two texts may reach into one another."""


def collisions(sheets: Sequence[PageText], known: Known) -> Iterator[Defect]:
    """Find lines that run into a line of another text; each is told once."""
    for page, sheet in enumerate(sheets):
        runs = sorted(_runs(sheet.ink), key=lambda run: -run.box[3])
        told: set[int] = set()
        for at, upper in enumerate(runs):
            for lower in runs[at + 1 :]:
                if lower.box[3] <= upper.box[1] + _OVERLAP:
                    break
                if lower.text != upper.text and not {id(lower), id(upper)} & told and _collide(upper, lower):
                    wrong = lower if lower.ink[0].owner is not None else upper
                    told.add(id(wrong))
                    yield known.defect(DefectKind.MEASURE, page, wrong.ink, wrong.box)


def _runs(ink: Iterable[InkSpot]) -> Iterator[_Run]:
    """Part what is painted into stretches of one text on one line."""
    for text, painted in groupby(ink, key=lambda one: one.text):
        for _, line in groupby(painted, key=lambda one: (round(one.char.y, 1), round(one.char.size, 1))):
            chars = tuple(line)
            yield _Run(text, chars, around(one.char for one in chars))


def _collide(one: _Run, other: _Run) -> bool:
    """Tell whether ink of two lines shares a place. A reading below a line is looked at with its base (`ruby`)."""
    if any(
        _is_reading(low) and high.ink[0].char.y > low.ink[0].char.y + 1 for low, high in ((one, other), (other, one))
    ):
        return False
    return share(one.box, other.box, _OVERLAP) and any(
        share(mine.char.box, yours.char.box, _OVERLAP) for mine in one.ink for yours in other.ink
    )


def _is_reading(run: _Run) -> bool:
    return run.ink[0].owner is not None and run.ink[0].owner.type == "RT"


_EDGE: Final = 1.0
"""How far in pt a picture may reach over the page's edge: rounding."""


def cut_pictures(sheets: Sequence[PageText], known: Known) -> Iterator[Defect]:
    """Find pictures that reach over the page's edge, and those that stand on a text which is no label of theirs."""
    for page, sheet in enumerate(sheets):
        for group, box in sheet.pictures:
            edge = sheet.box
            labels = [one for one in sheet.ink if one.owner is not None and one.owner.group == group >= 0]
            hidden = [one for one in sheet.ink if one not in labels and share(box, one.char.box, _OVERLAP)]
            over = box[0] < edge[0] - _EDGE or box[1] < edge[1] - _EDGE or box[2] > edge[2] + _EDGE
            if over or box[3] > edge[3] + _EDGE or hidden:
                yield known.defect(DefectKind.PICTURE, page, labels or hidden, box)


_APART: Final = mm(2.0)
"""So far in pt a digit of another text stands from a telephone number at least."""

_DIGIT: Final = re.compile(r"\d")
_SMALL: Final = 0.8


def dialled_too(
    sheets: Sequence[PageText], blocks: Sequence[FoundBlock], numbers: Iterable[SetText], known: Known
) -> Iterator[Defect]:
    """Find telephone numbers beside which a digit of another text, or a source's number, stands too near.

    ``numbers`` are texts that are a telephone number and no more: they are looked for among whole texts.
    """
    inside: dict[int, list[tuple[Char, ...]]] = {}
    for block in blocks:
        for chars in _telephones(block):
            inside.setdefault(chars[0].page, []).append(chars)
    alone = {"".join(map(compared, number)) for text in numbers for number in text.telephones}
    for page, sheet in enumerate(sheets):
        digits = tuple(one for one in sheet.ink if _DIGIT.match(one.key))
        told = (*inside.get(page, ()), *_bare(sheet, alone))
        for chars in told:
            owner = next((one.text for one in sheet.ink if one.char.box == chars[0].box), None)
            near = [one for one in digits if (one.text != owner or _is_small(one, chars)) and _beside(one.char, chars)]
            if near:
                ink = tuple(one for one in sheet.ink if one.text == owner)
                yield known.defect(DefectKind.TELEPHONE, page, ink, around((*chars, *(one.char for one in near))))


def _telephones(block: FoundBlock) -> Iterator[tuple[Char, ...]]:
    """Return the characters of each telephone number in a text, line by line."""
    at = 0
    for number in block.source.telephones:
        start = block.source.text.find(number, at)
        at = start + len(number)
        places = zip(block.wanted.at, block.chars, strict=True)
        chars = (char for index, char in places if start <= index < at)
        for _, line in groupby(chars, key=lambda char: (char.page, round(char.y))):
            yield tuple(line)


def _bare(sheet: PageText, numbers: Set[str]) -> Iterator[tuple[Char, ...]]:
    """Return the characters of each text on a page that is a telephone number, but for a source's number behind it."""
    if not numbers:
        return
    texts: dict[int, list[InkSpot]] = {}
    for one in sheet.ink:
        if one.owner is not None and one.owner.type != "Lbl":
            texts.setdefault(one.text, []).append(one)
    for ink in texts.values():
        size = max(one.char.size for one in ink)
        full = [one for one in ink if one.char.size >= _SMALL * size]
        if "".join(one.key for one in full) in numbers:
            yield tuple(one.char for one in full)


def _is_small(one: InkSpot, chars: Sequence[Char]) -> bool:
    return one.char.size < _SMALL * chars[0].size


def _beside(digit: Char, chars: Sequence[Char]) -> bool:
    """Tell whether a digit stands on the line of a telephone number, and nearer to it than it may."""
    ink = around(chars)
    gap = max(digit.box[0] - ink[2], ink[0] - digit.box[2])
    level = min(digit.box[3], ink[3]) - max(digit.box[1], ink[1])
    return level > 0 and gap < _APART
