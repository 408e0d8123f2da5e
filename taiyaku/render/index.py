"""The indexes: a word in each language, and the points where it stands."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import unescape
from typing import Final

from markupsafe import Markup

from taiyaku.language.collation import letter_of, sort_key
from taiyaku.language.linebreak import visible
from taiyaku.language.tags import direction, is_cjk, typesetter_tag
from taiyaku.model.content import Content, TermEntry
from taiyaku.render.rows import Cell, Row, RowBuilder, walk_rows

LONGEST_READING: Final = 11
"""A reading of more kana may part: it is longer than half a column of the index."""

MOST_POINTS: Final = 4
"""So many places of a word are named in the index."""


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """A word in an index: its letter where a new one begins, what the others call it, and where it stands."""

    letter: str
    word: Cell
    others: tuple[Cell, ...]
    points: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Index:
    """The guide's words in the order of one language."""

    head: Cell
    entries: tuple[IndexEntry, ...]


def indexes(builder: RowBuilder, content: Content, rows: Iterable[Row]) -> tuple[Index, ...]:
    """List the guide's words in the order of each language, each with the numbers where it stands.

    The first list serves as the glossary too: it gives every word in all languages, and the staff's with its reading.
    In the second a helper looks a word up and points at its number.
    """
    if not content.glossary:
        return ()
    texts = tuple((row.point, _own_texts(row)) for row in walk_rows(rows) if row.point)
    places = {term.key: _places(term, texts) for term in content.glossary}
    every = tuple(dict.fromkeys((*builder.languages, content.host_language)))
    return tuple(_index(builder, content, tag, every, places) for tag in builder.languages)


def _index(
    builder: RowBuilder, content: Content, tag: str, every: Sequence[str], places: Mapping[str, tuple[str, ...]]
) -> Index:
    others = every if tag == builder.languages[0] else ()
    entries, letter = [], ""
    for term in sorted(content.glossary, key=lambda term: sort_key(_spelled(term, tag, content), tag)):
        begins = letter_of(_spelled(term, tag, content), tag)
        entries.append(
            IndexEntry(
                begins if begins != letter else "",
                _word(builder, content, term, tag),
                tuple(_word(builder, content, term, other) for other in others if other != tag),
                places[term.key],
            )
        )
        letter = begins
    words = builder.strings(tag)
    head = Cell("solo", typesetter_tag(tag), direction(tag), Markup.escape(f"{words.index} · {words.language}"))
    return Index(head, tuple(entries))


def _word(builder: RowBuilder, content: Content, term: TermEntry, tag: str) -> Cell:
    """Set a word; the staff's with its reading above, as everywhere in the booklet."""
    name = str(Markup.escape(term.names[tag]))
    if tag == content.host_language and term.reading and term.reading != term.names[tag]:
        whole = " keep" if len(term.reading) <= LONGEST_READING else ""
        name = f'{name} <span class="reading{whole}">{Markup.escape(term.reading)}</span>'
    return builder.cell("solo", tag, name, phrases=True, role="cell")


def _spelled(term: TermEntry, tag: str, content: Content) -> str:
    return (term.reading if tag == content.host_language else "") or term.names[tag]


_READING: Final = re.compile(r"<rt>.*?</rt>|<a class=\"cite\".*?</a>|<[^>]*>")


def _own_texts(row: Row) -> tuple[tuple[str, str], ...]:
    """Return a row's own texts by language, without readings and sources' numbers."""
    cells = row.texts if row.kind == "row" else (*row.title, *row.cells)
    return tuple(
        (cell.lang, " ".join(unescape(visible(_READING.sub("", cell.html))).split()).casefold()) for cell in cells
    )


def _places(term: TermEntry, texts: Sequence[tuple[str, tuple[tuple[str, str], ...]]]) -> tuple[str, ...]:
    """Return the numbers beside which a word stands in any of the languages, the first few."""
    names = {typesetter_tag(tag): _pattern(name, is_cjk(tag)) for tag, name in term.names.items()}
    found = (point for point, own in texts if any(lang in names and names[lang].search(text) for lang, text in own))
    return tuple(dict.fromkeys(found))[:MOST_POINTS]


@cache
def _pattern(name: str, cjk: bool) -> re.Pattern[str]:
    quoted = re.escape(re.sub(r"\s*[（(].*?[）)]", "", name).casefold())
    return re.compile(quoted if cjk else rf"\b{quoted}s?\b")
