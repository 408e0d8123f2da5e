"""Characters in the form of another region than their language's."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from taiyaku.pdf.characters import Char
from taiyaku.pdf.text import shorten
from taiyaku.proofread.defects import Defect, DefectKind, SetText
from taiyaku.proofread.regional import DrawnGlyph, region_of
from taiyaku.proofread.search import FoundBlock

_REGIONAL: Final = re.compile(r"[\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff]")
"""Han characters, kana, hangul, and their punctuation."""


def wrong_glyphs(pdf: bytes, blocks: Sequence[FoundBlock]) -> Iterator[Defect]:
    """Find texts with a character that is drawn in another region's form."""
    drawn = DrawnGlyph(pdf)
    for block in blocks:
        if wrong := tuple(_wrong(block, drawn)):
            shown = "".join(dict.fromkeys(char for char, _ in wrong))
            first = wrong[0][1]
            yield Defect(
                DefectKind.GLYPH, first.page + 1, shorten(shown), block.source.language, first.box, block.source.at
            )


def _wrong(block: FoundBlock, drawn: DrawnGlyph) -> Iterator[tuple[str, Char]]:
    """Return the characters of a text that are drawn in another region's form than that of their language.

    Latin letters, digits and the punctuation that Latin shares (“ ” …) are not looked at.
    """
    source = block.source
    regions = dict(_foreign(source))
    own = region_of(source.language)
    if not own and not regions:
        return
    for at, place in zip(block.wanted.at, block.chars, strict=True):
        region = regions.get(at, own)
        if _REGIONAL.match(source.text[at]) and region and drawn.wrong(source.text[at], region, place.page, place.mcid):
            yield source.text[at], place


def _foreign(source: SetText) -> Iterator[tuple[int, str]]:
    """Return the index of each character that is marked as another language, and that language's region."""
    end = 0
    for part, language in source.foreign:
        start = source.text.find(part, end)
        if start >= 0:
            end = start + len(part)
            yield from ((at, region_of(language)) for at in range(start, end))
