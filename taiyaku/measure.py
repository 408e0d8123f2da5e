"""Pairs → how the measure is shared: between two languages, and between the columns of a table. Pure.

The typesetter is never asked how wide running text would like to be, which in CJK takes quadratic time: lengths are
estimated here from the words.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import Final

from taiyaku.languages import CJK
from taiyaku.model import BlockKind, Pair

WIDEST_SHARE: Final = 0.56
"""A column gets this share of the measure at most, so that the other one stays a column too."""

_CJK: Final = re.compile(CJK)


def column_share(pairs: Sequence[Pair]) -> str:
    """Share the measure between two languages by how much room their words take: CSS for the root element."""
    sides = tuple(_sides(pairs))
    first, both = sum(_extent(a) for a, _ in sides), sum(_extent(a) + _extent(b) for a, b in sides)
    share = min(max(first / both, 1 - WIDEST_SHARE), WIDEST_SHARE) if both else 0.5
    return f"--column-first: {share:.0%}"


LINE: Final = 38.0
"""How many em of a booklet's type a whole line holds."""

_WORD: Final = re.compile(r"[A-Za-z0-9+#.,:–-]+")


def table_widths(table: Pair) -> tuple[str, ...]:
    """Share a table's width between its columns by how much they hold, in percent; the longest word of each fits."""
    columns = tuple(zip_longest(*(tuple(map(_cell_texts, row.children)) for row in table.children), fillvalue=()))
    if not columns:
        return ()
    least = [min((max(map(_longest, column)) + 1.2) / LINE, 1 / len(columns)) for column in columns]
    held = [sum(_extent(text) for texts in column for text in texts) for column in columns]
    spare, whole = max(1 - sum(least), 0), sum(held) or 1
    return tuple(f"{100 * (low + spare * own / whole):.1f}%" for low, own in zip(least, held, strict=True))


def _cell_texts(cell: Pair) -> tuple[str, ...]:
    return tuple(block.inline.text for block in cell.blocks)


def _longest(texts: tuple[str, ...]) -> float:
    """Give the length in em of the longest word; four CJK characters stay on a line too."""
    words = (len(word) * 0.56 for text in texts for word in _WORD.findall(text))
    return max((*words, *(min(_extent(text), 4.0) for text in texts)), default=0)


def _sides(pairs: Iterable[Pair]) -> Iterator[tuple[str, str]]:
    """Give what two languages say side by side."""
    for pair in pairs:
        if pair.first is not None and pair.second is not None and pair.kind is not BlockKind.CELL:
            yield pair.first.inline.text, pair.second.inline.text
        yield from _sides(pair.children)


def _extent(text: str) -> float:
    """Estimate the length of a text in em: a CJK character is one, another half of one."""
    wide = len(_CJK.findall(text))
    return wide + (len(text) - wide) * 0.5
