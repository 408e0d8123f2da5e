"""Readings that do not stand above their bases."""

from collections.abc import Iterator, Sequence
from typing import Final

from taiyaku.pdf.characters import Char, around, middle, share
from taiyaku.proofread.defects import Defect, DefectKind
from taiyaku.proofread.lines import SetLine
from taiyaku.proofread.search import FoundBlock, reads_forth

_LOWEST, _HIGHEST = 0.6, 1.5
"""Between these heights in em above its base's baseline a reading has its own."""

_BESIDE: Final = 0.6
"""How far in em a reading's centre may stand beside its base's: it may overhang its neighbours (JLReq 3.3.8)."""

_TOUCH: Final = 0.5
"""How far in pt a reading may reach into the line above."""


def misplaced(block: FoundBlock, lines: Sequence[SetLine]) -> Iterator[Defect]:
    """Find readings that do not stand above their bases."""
    if not reads_forth(block):
        return
    for base, above, name in block.rubies:
        if not above or _stands_wrong(base, above) or _hits(above, base, lines):
            source = block.source
            yield Defect(DefectKind.RUBY, base[0].page + 1, name, source.language, around((*base, *above)), source.at)


def _stands_wrong(base: Sequence[Char], above: Sequence[Char]) -> bool:
    size = base[0].size
    rise = above[0].y - base[0].y
    beside = abs(middle(around(above)) - middle(around(base)))
    return (
        _parted(base)
        or _parted(above)
        or above[0].page != base[0].page
        or not _LOWEST * size <= rise <= _HIGHEST * size
        or beside > _BESIDE * size
    )


def _parted(chars: Sequence[Char]) -> bool:
    """Tell whether characters stand on several lines or pages."""
    first = chars[0]
    return any(char.page != first.page or abs(char.y - first.y) > 0.4 * first.size for char in chars)


def _hits(above: Sequence[Char], base: Sequence[Char], lines: Sequence[SetLine]) -> bool:
    """Tell whether a reading touches a line that is not its base's."""
    ink = around(above)
    return any(
        share(char.box, one.box, _TOUCH)
        for line in lines
        if line.page == base[0].page and abs(line.y - base[0].y) > 0.4 * line.size and share(line.box, ink, _TOUCH)
        for char in line.chars
        for one in above
    )
