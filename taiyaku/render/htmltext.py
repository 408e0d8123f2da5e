"""Reads rendered HTML back: which texts it sets, in which language. Pure."""

from html.parser import HTMLParser
from typing import Final

_VOID: Final = frozenset({"img", "br", "meta", "link", "hr", "input", "wbr", "col"})


class _LanguageTexts(HTMLParser):
    """Collects the text of an HTML document by the language in which it is set."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: dict[str, list[str]] = {}
        self._stack: list[str] = [""]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Enter an element: its language is its own or its parent's."""
        language = dict(attrs).get("lang") or self._stack[-1]
        if tag not in _VOID:
            self._stack.append(language)

    def handle_endtag(self, tag: str) -> None:
        """Leave an element."""
        if tag not in _VOID and len(self._stack) > 1:
            self._stack.pop()

    def handle_data(self, data: str) -> None:
        """Note a text."""
        if data.strip():
            self.texts.setdefault(self._stack[-1], []).append(data)


def language_texts(html: str) -> dict[str, list[str]]:
    """Return the texts of an HTML document by language tag."""
    reader = _LanguageTexts()
    reader.feed(str(html))
    reader.close()
    return {language: texts for language, texts in reader.texts.items() if language}


class _Plain(HTMLParser):
    """Reads a cell's HTML: the running text, parted where the page puts something of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.runs: list[str] = [""]
        self._ends: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a new run at a footnote; after it, and after a page reference, another begins."""
        kind = dict(attrs).get("class")
        if kind == "footnote":
            self.runs.append("")
        if tag not in _VOID:
            self._ends.append(kind in ("footnote", "see"))

    def handle_endtag(self, tag: str) -> None:
        """Leave an element."""
        if tag not in _VOID and self._ends and self._ends.pop():
            self.runs.append("")

    def handle_data(self, data: str) -> None:
        """Note a text."""
        self.runs[-1] += data


def runs(html: str) -> tuple[str, ...]:
    """Return the texts that a cell's HTML sets, each of which stands in the PDF in one run."""
    plain = _Plain()
    plain.feed(str(html))  # not as Markup: it would escape what the parser has unescaped
    plain.close()
    return tuple(text for text in plain.runs if text.strip())
