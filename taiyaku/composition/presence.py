"""Texts that are nowhere, and texts that stand there once more."""

from collections.abc import Iterable, Iterator, Sequence

from taiyaku.composition.records import Fault, Mishap, SetText
from taiyaku.composition.search import Block, Search
from taiyaku.composition.sheets import compared
from taiyaku.languages import direction
from taiyaku.readback import is_long, shorten, squeeze


def lost(texts: Sequence[SetText], blocks: Sequence[Block]) -> Iterator[Mishap]:
    """Find texts that are nowhere, but those from right to left: in their order of painting they may not be found."""
    found = {block.wanted.number for block in blocks}
    for number, text in enumerate(texts):
        if number not in found and squeeze(text.text) and direction(text.language) == "ltr":
            yield Mishap(Fault.MISSING, 0, shorten(text.text), text.language, None)


def doubled(texts: Sequence[SetText], search: Search, repeats: Iterable[str]) -> Iterator[Mishap]:
    """Find long texts that stand there once more than they were to be set, and may not be repeated."""
    again = {squeeze(text) for text in repeats}
    for text in dict.fromkeys(texts):
        key = "".join(map(compared, text.text))
        squeezed = squeeze(text.text)
        if is_long(squeezed) and squeezed not in again:
            span = next(search.stream.pages.find(key), None)
            if span is not None:
                yield Mishap(Fault.DOUBLED, span[0] + 1, shorten(text.text), text.language, None)
