"""Texts and pages → where each text stands."""

from bisect import bisect, insort
from collections.abc import Sequence
from dataclasses import dataclass

from taiyaku.language.tags import direction
from taiyaku.pdf.characters import Char, PageText, around, middle
from taiyaku.proofread.completeness import Pages, Span
from taiyaku.proofread.defects import SetText
from taiyaku.proofread.lines import SetLine, lines_of
from taiyaku.proofread.needles import Needle


@dataclass(frozen=True, slots=True)
class FoundBlock:
    """A text that was found: its characters, its lines, its rubies (base, reading)."""

    wanted: Needle
    chars: tuple[Char, ...]
    lines: tuple[SetLine, ...]
    rubies: tuple[tuple[tuple[Char, ...], tuple[Char, ...], str], ...]

    @property
    def source(self) -> SetText:
        """Return the text as it was to be set."""
        return self.wanted.source


class _Stream:
    """The characters of a document in one order, from which found texts are taken away."""

    def __init__(self, sheets: Sequence[PageText]) -> None:
        self._sheets = sheets
        self.pages = Pages(sheet.keys for sheet in sheets)
        self._places: dict[str, list[tuple[int, tuple[int, int]]]] = {}
        self.taken: set[Char] = set()

    def take(self, key: str, number: int, language: str) -> tuple[Char, ...]:
        """Take a text away: where it fills elements, behind the text before it, else wherever it stands.

        That is the one before it in its language: the other's may stand on the page after (facing pages).
        """
        spans = tuple(self.pages.find(key))
        places = self._places.setdefault(language, [])
        before, after = _near(places, number)
        if before is None and after is not None:  # a contents list may stand before the first text
            spans = (*(span for span in reversed(spans) if span[:2] < after), *spans)
        else:
            spans = tuple(sorted(spans, key=lambda span: span[:2] < (before or (0, 0))))
        whole = min(spans, key=lambda span: not self._fills(span), default=None)
        got = self.pages.take_at(whole) if whole else self.pages.take_parted(key)
        if not got:
            return ()
        insort(places, (number, (got[-1][0], got[-1][1] + got[-1][2])))
        chars = tuple(char for page, at, length in got for char in self._sheets[page].chars[at : at + length])
        self.taken.update(chars)
        return chars

    def take_near(self, key: str, base: Sequence[Char]) -> tuple[Char, ...]:
        """Take the reading that stands nearest to its base, on its page."""
        spans = [span for span in self.pages.find(key) if span[0] == base[0].page]
        if not spans:
            return ()
        centre = middle(around(base))
        page, at, length = min(spans, key=lambda span: abs(self._chars(span)[0].x - centre) + self._rise(span, base))
        self.pages.take_at((page, at, length))
        return tuple(self._sheets[page].chars[at : at + length])

    def _chars(self, span: Span) -> list[Char]:
        page, at, length = span
        return self._sheets[page].chars[at : at + length]

    def _rise(self, span: Span, base: Sequence[Char]) -> float:
        return abs(self._chars(span)[0].y - base[0].y - base[0].size)

    def _fills(self, span: Span) -> bool:
        page, at, length = span
        edges = self._sheets[page].edges
        return at in edges and at + length in edges


def _near(
    places: Sequence[tuple[int, tuple[int, int]]], number: int
) -> tuple[tuple[int, int] | None, tuple[int, int] | None]:
    """Return where the texts before and after one of this number stand, as far as they are found."""
    at = bisect(places, (number, (0, 0)))
    before, after = places[:at][-1:], places[at : at + 1]
    return (before[0][1] if before else None, after[0][1] if after else None)


class Search:
    """Finds texts on the pages: in reading order first, then as they are painted, then as they stand."""

    def __init__(self, sheets: Sequence[PageText]) -> None:
        self._sheets = sheets
        self.stream = _Stream(sheets)

    def find(self, wanted: Sequence[Needle]) -> tuple[FoundBlock, ...]:
        """Find each text once, the longest first; what is nowhere is left out."""
        got: dict[int, tuple[Needle, tuple[Char, ...]]] = {}
        for rearranged in (False, True):
            missing = [text for text in wanted if text.number not in got]
            if rearranged and missing:
                self.stream = _Stream([_by_place(sheet, self.stream.taken) for sheet in self._sheets])
            for text in sorted(missing, key=lambda text: -len(text.key)):
                if found := self._take(text):
                    got[text.number] = found
        return tuple(self._block(*got[number]) for number in sorted(got))

    def _take(self, text: Needle) -> tuple[Needle, tuple[Char, ...]] | None:
        """Take a text with its readings inline, or without them."""
        for form in (text, text.bare()) if text.readings else (text,):
            if chars := self.stream.take(form.key, form.number, form.source.language):
                return form, chars
        return None

    def _block(self, text: Needle, chars: tuple[Char, ...]) -> FoundBlock:
        rubies = []
        for reading in text.readings:
            base = tuple(chars[at] for at in reading.base)
            above = tuple(chars[at] for at in reading.inline) or self.stream.take_near(reading.text, base)
            rubies.append((base, above, reading.base_text))
        return FoundBlock(text, chars, tuple(lines_of(text, chars)), tuple(rubies))


def _by_place(sheet: PageText, taken: set[Char]) -> PageText:
    """Return what is left of a page in the order of its lines, from the top left."""
    left = [(key, char) for key, char in zip(sheet.keys, sheet.chars, strict=True) if char not in taken]
    left.sort(key=lambda pair: (-round(pair[1].y / (pair[1].size or 1)), pair[1].x))
    chars = [char for _, char in left]
    edges = {at for at in range(1, len(chars)) if chars[at].mcid != chars[at - 1].mcid} | {0, len(chars)}
    return sheet._replace(keys="".join(key for key, _ in left), chars=chars, edges=frozenset(edges))


def reads_forth(block: FoundBlock) -> bool:
    """Tell whether a text is read from left to right."""
    return direction(block.source.language) == "ltr"
