"""The characters of a text → its lines."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from taiyaku.language.tags import direction
from taiyaku.pdf.characters import Char, around
from taiyaku.pdf.geometry import Bounds
from taiyaku.pdf.text import shorten
from taiyaku.proofread.defects import Defect, DefectKind, SetText
from taiyaku.proofread.needles import Needle


@dataclass(frozen=True, slots=True)
class SetLine:
    """A line of a text: its characters, and the index of each in the text; a source's number is small."""

    number: int
    language: str
    page: int
    y: float
    size: float
    chars: tuple[Char, ...]
    at: tuple[int, ...]
    small: tuple[bool, ...]
    box: Bounds


_SMALL: Final = 0.8
"""A character below this part of the text's size is a reading or a source's number."""


def lines_of(text: Needle, chars: Sequence[Char]) -> Iterator[SetLine]:
    """Part a text into lines: where the baseline changes, or the text goes back to the left."""
    above = {at for reading in text.readings for at in reading.inline}
    body = [at for at in range(len(chars)) if at not in above]
    size = Counter(round(chars[at].size, 1) for at in body).most_common(1)[0][0] or 1.0
    backward = direction(text.source.language) == "rtl"
    line: list[int] = []
    for at in body:
        if line and _parts([chars[i] for i in line], chars[at], size, backward=backward):
            yield _line(text, chars, line, size)
            line = []
        line.append(at)
    yield _line(text, chars, line, size)


def _parts(line: Sequence[Char], char: Char, size: float, *, backward: bool) -> bool:
    """Tell whether a character stands on another line than those before it."""
    full = next((one for one in line if one.size >= _SMALL * size), None)
    small = char.size < _SMALL * size or full is None
    apart = abs(char.y - (full or line[0]).y) > (0.75 if small else 0.4) * size
    back = not backward and char.x < line[-1].x - 0.7 * size
    return char.page != line[-1].page or apart or back


def _line(text: Needle, chars: Sequence[Char], at: Sequence[int], size: float) -> SetLine:
    here = tuple(chars[i] for i in at)
    small = tuple(char.size < _SMALL * size for char in here)
    body = [char for char, is_small in zip(here, small, strict=True) if not is_small] or list(here)
    return SetLine(
        text.number,
        text.source.language,
        here[0].page,
        body[0].y,
        size,
        here,
        tuple(text.at[i] for i in at),
        small,
        around(body),
    )


def defect_in(fault: DefectKind, line: SetLine, source: SetText) -> Defect:
    """Say what is wrong with a line of a text."""
    shown = source.text[min(line.at) : max(line.at) + 1]
    return Defect(fault, line.page + 1, shorten(shown), source.language, line.box, source.at)
