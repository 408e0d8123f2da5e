"""A block's HTML → the texts that it sets."""

from collections.abc import Iterable
from html.parser import HTMLParser
from itertools import pairwise

from taiyaku.proofread.defects import SetText
from taiyaku.render.htmltext import runs


class _Marked(HTMLParser):
    """Reads a block's HTML: its text, its readings, what is marked as another language."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[tuple[str, str, str]] = []
        self.telephones: list[str] = []
        self._open: list[tuple[str, str]] = []
        self._dials = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Enter an element."""
        given = dict(attrs)
        self._open.append((tag, given.get("lang") or ""))
        if given.get("class") == "tel":
            self.telephones.append("")
            self._dials = len(self._open)

    def handle_endtag(self, tag: str) -> None:
        """Leave an element, and what was never left inside it, as an image."""
        while self._open and self._open.pop()[0] != tag:
            pass
        if len(self._open) < self._dials:
            self._dials = 0

    def handle_data(self, data: str) -> None:
        """Note a piece of text with the element that it is in and the language that it is marked as."""
        if self._dials:
            self.telephones[-1] += data
        ruby = next((tag for tag, _ in reversed(self._open) if tag in ("rt", "ruby")), "")
        self.pieces.append((data, ruby, next((marked for _, marked in reversed(self._open) if marked), "")))


def set_texts(html: str, language: str, role: str, slot: str = "solo", at: str = "") -> tuple[SetText, ...]:
    """Return what a block's HTML sets, as the check wants it: several texts where a footnote or a reference parts it.

    Args:
        html: The HTML inside the block.
        language: The block's language.
        role: The block's role, as in `SetText`.
        slot: The block's column.
        at: Where the block was written.
    """
    marked = _Marked()
    marked.feed(str(html))
    marked.close()
    readings = [(base, reading) for (base, _, _), (reading, kind, _) in pairwise(marked.pieces) if kind == "rt"]
    foreign = [(text, other) for text, _, other in marked.pieces if other not in ("", language)]
    return tuple(
        SetText(
            text,
            language,
            role,
            slot,
            _of(text, readings, both=True),
            _of(text, foreign, both=False),
            tuple(number for number in marked.telephones if number in text),
            at,
        )
        for text in runs(html)
    )


def _of(text: str, parts: Iterable[tuple[str, str]], *, both: bool) -> tuple[tuple[str, str], ...]:
    return tuple((one, other) for one, other in parts if (one + other if both else one) in text)
