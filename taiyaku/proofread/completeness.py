"""A finished PDF → findings. What was to be printed is found in it, once, inside the page.

The text is read through the structure tree (ISO 32000-2, 14.7): in reading order, without running
heads and folios, whatever the order of painting.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from taiyaku.model.findings import Finding, Place
from taiyaku.pdf.text import ReadBack, is_long, shorten, squeeze


def check_text(
    read: ReadBack, runs: Iterable[str], name: str, repeats: Iterable[str] = (), painted: Iterable[str] = ()
) -> tuple[Finding, ...]:
    """Find texts that a PDF has lost or shows twice, and glyphs off the page.

    ``repeats`` are texts that may stand on several pages: the heads of tables. ``painted`` are texts
    from right to left: a PDF keeps them in the order of painting, so their letters are counted.
    """
    wanted = [(text, squeezed) for text in runs if (squeezed := squeeze(text))]
    again = {squeeze(text) for text in repeats}
    pages = Pages(read.pages)
    place = Place(name)
    findings = [
        Finding("text.lost", place, {"document": name, "text": shorten(text)})
        for text, squeezed in sorted(wanted, key=lambda pair: -len(pair[1]))
        if not pages.take(squeezed)
    ]
    findings += _lost_letters(read, painted, name)
    findings += [
        Finding("text.twice", place, {"document": name, "text": shorten(text)})
        for text, squeezed in dict.fromkeys(wanted)
        if is_long(squeezed) and squeezed not in again and pages.has(squeezed)
    ]
    findings += [
        Finding("text.off-page", place, {"document": name, "page": number, "text": shorten(chars)})
        for number, chars in read.off_page
    ]
    return tuple(findings)


def _lost_letters(read: ReadBack, painted: Iterable[str], name: str) -> Iterator[Finding]:
    """Find texts from right to left whose letters are not all there."""
    left = Counter(char for page in read.pages for char in page)
    for text in painted:
        letters = Counter(char for char in squeeze(text) if unicodedata.bidirectional(char) in ("R", "AL"))
        if letters - left:
            yield Finding("text.lost", Place(name), {"document": name, "text": shorten(text)})
        left -= letters


Span = tuple[int, int, int]
"""Where a text stood: the page's index, the index of the first character on it, how many there are."""


class Pages:
    """The text of a document from which found texts are taken away, each once."""

    _TAKEN = "\0"

    def __init__(self, pages: Iterable[str]) -> None:
        self._pages = list(pages)

    def has(self, text: str) -> bool:
        """Tell whether the text still stands there."""
        return any(text in page for page in self._pages)

    def find(self, text: str) -> Iterator[Span]:
        """Return every place where the text stands whole, in order."""
        for number, page in enumerate(self._pages):
            at = page.find(text)
            while at >= 0:
                yield number, at, len(text)
                at = page.find(text, at + 1)

    def take(self, text: str) -> tuple[Span, ...]:
        """Take a text away: whole, or parted by the end of one page and going on at the next; empty where it is not."""
        whole = next(self.find(text), None)
        return self.take_at(whole) if whole is not None else self.take_parted(text)

    def take_at(self, span: Span) -> tuple[Span, ...]:
        """Take away what stands at a place that `find` gave."""
        number, at, length = span
        page = self._pages[number]
        self._pages[number] = page[:at] + self._TAKEN * length + page[at + length :]
        return (span,)

    def take_parted(self, text: str) -> tuple[Span, ...]:
        """Take away a text that goes on behind a page's end; empty where it does not stand there."""
        return next(filter(None, (self._take_parted(text, number) for number in range(len(self._pages) - 1))), ())

    def _take_parted(self, text: str, number: int) -> tuple[Span, ...]:
        """Take the longest beginning that stands on this page and whose rest stands on the next ones."""
        if number + 1 >= len(self._pages):
            return ()
        for length in range(self._longest(text, number), 0, -1):
            rest = text[length:]
            at = self._pages[number + 1].find(rest)
            if at >= 0:
                return (*self._take_last(text[:length], number), *self.take_at((number + 1, at, len(rest))))
            if len(rest) > _LONG_REST and (taken := self._take_parted(rest, number + 1)):
                return (*self._take_last(text[:length], number), *taken)
        return ()

    def _take_last(self, text: str, number: int) -> tuple[Span, ...]:
        """Take a text away where it stands last on its page."""
        return self.take_at((number, self._pages[number].rfind(text), len(text)))

    def _longest(self, text: str, number: int) -> int:
        low, high = 0, len(text) - 1
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if text[:middle] in self._pages[number] else (low, middle - 1)
        return low


_LONG_REST: Final = 400
"""Only a rest of more characters than this can fill a page and go on behind it."""
