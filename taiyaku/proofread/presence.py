"""Texts that are nowhere, and texts that stand there once more."""

from collections.abc import Iterable, Iterator, Sequence

from taiyaku.language.tags import direction
from taiyaku.pdf.characters import compared
from taiyaku.pdf.text import is_long, shorten, squeeze
from taiyaku.proofread.defects import Defect, DefectKind, SetText
from taiyaku.proofread.search import FoundBlock, Search


def lost(texts: Sequence[SetText], blocks: Sequence[FoundBlock]) -> Iterator[Defect]:
    """Find texts that are nowhere, but those from right to left: in their order of painting they may not be found."""
    found = {block.wanted.number for block in blocks}
    for number, text in enumerate(texts):
        if number not in found and squeeze(text.text) and direction(text.language) == "ltr":
            yield Defect(DefectKind.MISSING, 0, shorten(text.text), text.language, None)


def doubled(texts: Sequence[SetText], search: Search, repeats: Iterable[str]) -> Iterator[Defect]:
    """Find long texts that stand there once more than they were to be set, and may not be repeated."""
    again = {squeeze(text) for text in repeats}
    for text in dict.fromkeys(texts):
        key = "".join(map(compared, text.text))
        squeezed = squeeze(text.text)
        if is_long(squeezed) and squeezed not in again:
            span = next(search.stream.pages.find(key), None)
            if span is not None:
                yield Defect(DefectKind.DOUBLED, span[0] + 1, shorten(text.text), text.language, None)
