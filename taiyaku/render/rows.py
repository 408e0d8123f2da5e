"""Pairs → rows: what each pair becomes on the page. Pure.

A row holds one cell a language, and the small number that stands beside both: two people point at the same place.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Final

from markupsafe import Markup

from taiyaku.content.figures import aspect_of, figure_frames
from taiyaku.language.linebreak import CARD_READING_SIZE, LONGEST_PHRASE, READING_SIZE, SHORT_PHRASE, compose
from taiyaku.language.tags import direction, typesetter_tag
from taiyaku.model.content import BlockKind, Content, Inline, Pair, Source
from taiyaku.model.theme import Strings, Theme
from taiyaku.render import telephone
from taiyaku.render.measures import LINE, table_widths

_CITE: Final = re.compile(r'<a class="cite" href="#source-([^"]+)"\s*(?:/>|></a>)')
_CHAPTER_LINK: Final = re.compile(r'<a href="(?:\.\./|\./)?([\w-]+)\.md"([^>]*>)([^<]*)')
_SHORT_LINK: Final = 16
"""A link to a chapter of so many characters stays on one line with its page; a longer one parts, as any text."""

_BY_PHRASES: Final = frozenset({BlockKind.HEADING, BlockKind.CELL, BlockKind.TERM, BlockKind.FIGURE})
"""Short texts: their lines part between phrases only."""

_POINTS: Final = frozenset({"paragraph", "item", "row", "definition", "phrase"})
"""What has a number to point at."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One language's side of a row. ``slot`` is first, second or solo; ``html`` may be missing (draft).

    ``ruby`` says that a reading stands in the row: then both sides are led a little wider. ``role`` says what the
    text is, for the composition check; ``at`` where it was written, for people (``zh-Hans/03-x.md:24``). ``dial`` says
    that it is a telephone number and no more, ``urgent`` one to dial in danger.
    """

    slot: str
    lang: str
    dir: str
    html: Markup
    missing: bool = False
    ruby: bool = False
    stale: bool = False
    role: str = "paragraph"
    at: str = ""
    dial: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """What one pair becomes on the page.

    ``mark`` is a step's own numeral, as written; ``point`` the number that stands beside both languages, counted
    through the whole document; ``aspect`` how many times as wide as high its picture is; ``keys`` name the sources that
    it cites, for a proof; ``field`` names its box to tick, for a form.
    """

    kind: str
    cells: tuple[Cell, ...]
    mark: str = ""
    level: int = 0
    variant: str = ""
    outline: str = ""
    title: tuple[Cell, ...] = ()
    alt: str = ""
    alts: tuple[str, ...] = ()
    checked: bool = False
    rows: tuple["Row", ...] = ()
    labels: tuple["Label", ...] = ()
    widths: tuple[str, ...] = ()
    point: str = ""
    aspect: str = ""
    keys: tuple[str, ...] = ()
    field: str = ""

    @property
    def texts(self) -> Iterator[Cell]:
        """Return all cells of the row and of the rows inside it."""
        yield from self.title
        yield from self.cells
        for label in self.labels:
            yield from label.cells
        for row in self.rows:
            yield from row.texts


@dataclass(frozen=True, slots=True)
class Label:
    """Words that stand in a picture: ``style`` says where in it (percent), ``place`` where they were written."""

    cells: tuple[Cell, ...]
    style: str
    align: str
    place: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter on the page: its number, its anchor, its title and its rows."""

    number: int
    anchor: str
    title: Row
    rows: tuple[Row, ...]


class RowBuilder:
    """Turns pairs into rows for one pair of languages; remembers what it set."""

    def __init__(
        self,
        content: Content,
        theme: Theme,
        languages: tuple[str, ...],
        numbers: Mapping[str, int],
        expired: frozenset[str] = frozenset(),
        *,
        proof: bool = False,
        large: bool = False,
        facing: bool = False,
        line: float = LINE,
        tight: bool = False,
    ) -> None:
        self._proof = proof
        self._facing = facing and len(languages) == 2
        self._large = large
        self._line = line
        self._tight = tight
        self.expired = expired
        self.languages = languages
        self._content = content
        self._house = theme
        self._numbers = numbers
        self.set: list[Cell] = []
        self.repeats: list[Cell] = []

    @property
    def slots(self) -> tuple[str, ...]:
        """Name the places of the languages on the page."""
        return ("solo",) if len(self.languages) == 1 else ("first", "second")

    def strings(self, language: str) -> Strings:
        """Return the words that templates print in a language."""
        return self._house.strings[language]

    def cell(
        self,
        slot: str,
        language: str,
        html: str,
        *,
        missing: bool = False,
        stale: bool = False,
        phrases: bool = False,
        role: str = "paragraph",
        at: str = "",
    ) -> Cell:
        """Make a cell and note that its text is set."""
        size = CARD_READING_SIZE if role == "phrase" else READING_SIZE
        in_frame = role == "label" and not self._large
        narrow = self._tight if in_frame else self._line < LINE
        longest = (SHORT_PHRASE if narrow else LONGEST_PHRASE) if phrases else 0
        html = telephone.marked(html, language, links=role != "heading")  # the contents link to a heading themselves
        dial = telephone.alone(html) if role == "cell" else ""
        set_html = Markup(compose(html, language, phrases=longest, reading=size, tight=in_frame and narrow))
        if stale:
            set_html = Markup('<span class="state">{}</span> {}').format(self.strings(language).stale, set_html)
        tag, ruby = typesetter_tag(language), "<ruby" in html
        made = Cell(slot, tag, direction(language), set_html, missing, ruby, stale, role, at, dial)
        if html and not missing:
            self.set.append(made)
        return made

    def words(self, words: Mapping[str, str], *, role: str = "cell", at: str = "") -> tuple[Cell, ...]:
        """Make a cell a language from plain words, written at ``at``; a language that has none gets the first one's."""
        fallback = next(iter(words.values()), "")
        return tuple(
            self.cell(slot, tag, str(Markup.escape(words.get(tag, fallback))), phrases=True, role=role, at=at)
            for slot, tag in zip(self.slots, self.languages, strict=True)
        )

    def html(self, inline: Inline) -> str:
        """Put numbers to citations and anchors to chapter links; write languages as the typesetter knows them."""
        html = _CITE.sub(lambda m: self._cite(m[1]), inline.html).replace('</a><a class="cite"', ',</a><a class="cite"')
        html = _CHAPTER_LINK.sub(_see, html)
        return re.sub(r'\blang="([^"]+)"', lambda m: f'lang="{typesetter_tag(m[1])}"', html)

    def _cite(self, key: str) -> str:
        number = self._numbers.get(key, 0)
        if key in self.expired:
            return f'<a class="cite" data-expired="" href="#source-{key}">{number}!</a>'
        return f'<a class="cite" href="#source-{key}">{number}</a>'

    def cells(self, pair: Pair, texts: Sequence[Inline | None], *, role: str = "paragraph") -> tuple[Cell, ...]:
        """Make the cells of a pair: two side by side, one across, or one beside a gap."""
        blocks, phrases = (pair.first, pair.second), pair.kind in _BY_PHRASES or role == "label"
        places = [str(block.place) if block is not None else "" for block in blocks]
        there = [i for i, block in enumerate(blocks) if block is not None]
        same = (pair.kind is BlockKind.CELL or role == "label") and _same(texts)
        if self._facing and (pair.solo or same):
            return tuple(
                self.cell(
                    slot, language, self.html(text) if text is not None else "", phrases=phrases, role=role, at=at
                )
                for slot, language, text, at in zip(("first", "second"), self.languages, texts, places, strict=True)
            )
        if len(self.languages) == 1 or pair.solo or (pair.kind is BlockKind.CELL and _same(texts)):
            there = there if pair.solo else there[:1]
            return tuple(
                self.cell(
                    "solo",
                    self.languages[i if i < len(self.languages) else 0],
                    self.html(text),
                    phrases=phrases,
                    role=role,
                    at=places[i],
                )
                for i in there
                if (text := texts[i]) is not None and text.html
            )
        made = []
        for i, (slot, language, text) in enumerate(zip(("first", "second"), self.languages, texts, strict=True)):
            block = blocks[i]
            stale = block is not None and block.stale
            if text is None:
                made.append(self.cell(slot, language, self.strings(language).untranslated, missing=True, role=role))
            else:
                set_html = self.html(text)
                made.append(self.cell(slot, language, set_html, stale=stale, phrases=phrases, role=role, at=places[i]))
        if self._large:  # one stands above the other: each is led as it needs
            return tuple(made)
        return tuple(replace(cell, ruby=any(one.ruby for one in made)) for cell in made)

    def row(self, pair: Pair, mark: str = "") -> Row:
        """Turn a pair into a row, its children into rows inside it."""
        make = {BlockKind.PHRASE: self._phrase, BlockKind.BOX: self._box, BlockKind.FIGURE: self._figure}
        if pair.kind in make:
            return make[pair.kind](pair)
        block = pair.blocks[0]
        texts = [b.inline if b is not None else None for b in (pair.first, pair.second)]
        says = any(text.html for text in texts if text is not None)
        return Row(
            kind=str(pair.kind),
            cells=self.cells(pair, texts, role=_ROLES.get(pair.kind, "paragraph")) if says else (),
            mark=mark,
            level=block.level,
            variant=block.variant,
            outline=" / ".join(b.inline.text for b in pair.blocks) if block.kind is BlockKind.HEADING else "",
            checked=block.checked,
            rows=self._children(pair),
            widths=table_widths(pair, self._line) if pair.kind is BlockKind.TABLE else (),
            keys=_keys(pair) if self._proof else (),
        )

    def _children(self, pair: Pair) -> tuple[Row, ...]:
        if pair.blocks[0].variant == "header":
            before = len(self.set)
            rows = tuple(self.row(child) for child in pair.children)
            self.repeats += self.set[before:]
            return rows
        numbers = (child.blocks[0].number for child in pair.children)
        marks = ("" if number is None else str(number) for number in numbers)
        return tuple(self.row(child, mark) for child, mark in zip(pair.children, marks, strict=True))

    def _titles(self, pair: Pair) -> list[Inline | None]:
        return [b.title if b is not None else None for b in (pair.first, pair.second)]

    def _box(self, pair: Pair) -> Row:
        """Set a box: its own title, or the word for its kind."""
        block = pair.blocks[0]
        titles = [
            None
            if t is None
            else t
            if t.html
            else Inline(html=str(Markup.escape(getattr(self.strings(language), block.variant))))
            for t, language in zip(self._titles(pair), (*self.languages, self.languages[0]), strict=False)
        ]
        title = self.cells(pair, titles, role="heading")
        return Row("box", (), variant=block.variant, title=title, rows=self._children(pair))

    def _phrase(self, pair: Pair) -> Row:
        """Set a phrase card: the sentence once, in the language of the staff; its meaning in the others."""
        host = self._content.host_language
        at_host = self.languages.index(host) if host in self.languages else -1
        slot = self.slots[at_host] if self._facing else "solo"
        first = pair.blocks[0]
        sentence = self.cell(slot, host, self.html(first.title), phrases=True, role="phrase", at=str(first.place))
        said = tuple(
            self.cell(
                slot if self._facing else "solo",
                language,
                self.html(block.inline),
                phrases=True,
                role="phrase",
                at=str(block.place),
            )
            for slot, language, block in zip(self.slots, self.languages, (pair.first, pair.second), strict=False)
            if block is not None and block.inline.html
        )
        return Row("phrase", said, title=(sentence,), keys=_keys(pair) if self._proof else ())

    def _figure(self, pair: Pair) -> Row:
        block = pair.blocks[0]
        aspect = f"{aspect_of(self._content.figures.get(block.variant, b'')):.4f}"
        alt = " / ".join(dict.fromkeys(b.alt for b in pair.blocks if b.alt))
        labels = tuple(self._labels(pair))
        alts = tuple(b.alt or alt for b in pair.blocks) * (2 if len(pair.blocks) == 1 else 1)
        titles = self._titles(pair)
        says = any(title.html for title in titles if title is not None)
        caption = self.cells(pair, titles, role="cell") if says else ()
        listed = tuple(self._listed_labels(labels)) if self._large else ()
        made = Row("figure", caption, variant=block.variant, alt=alt, alts=alts, labels=labels, rows=listed)
        return replace(made, aspect=aspect)

    def _listed_labels(self, labels: Sequence[Label]) -> Iterator[Row]:
        """Say a picture's labels again under it, for an edition whose type is larger than the picture's frames."""
        for label in labels:
            self.set += label.cells
            yield Row("label", label.cells)

    def _labels(self, pair: Pair) -> Iterator[Label]:
        """Set a picture's labels into its frames."""
        frames = figure_frames(self._content.figures.get(pair.blocks[0].variant, b""))
        for child, frame in zip(pair.children, frames, strict=False):
            texts = [b.inline if b is not None else None for b in (child.first, child.second)]
            if _same(texts) and not self._facing:
                html = self.html(child.blocks[0].inline)
                at = str(child.blocks[0].place)
                one = self.cell("solo", self.languages[0], html, phrases=True, role="label", at=at)
                cells: tuple[Cell, ...] = (one,)
            else:
                cells = self.cells(child, texts, role="label")
            yield Label(cells, frame.style, frame.align, str(child.blocks[0].place))


def _see(link: re.Match[str]) -> str:
    parts = ' data-parts=""' if len(link[3]) > _SHORT_LINK else ""
    return f'<a class="see" href="#chapter-{link[1]}"{parts}{link[2]}{link[3]}'


_ROLES: Final[Mapping[BlockKind, str]] = {
    BlockKind.HEADING: "heading",
    BlockKind.ITEM: "item",
    BlockKind.CELL: "cell",
    BlockKind.TERM: "heading",
}


def _same(texts: Sequence[Inline | None]) -> bool:
    """Tell whether both languages say the same to the letter, as a telephone number: it is printed once."""
    return len({text.html for text in texts if text is not None}) == 1 and None not in texts


def _keys(pair: Pair) -> tuple[str, ...]:
    """Return the sources that a pair cites itself, or in its cells, each once."""
    own = (key for block in pair.blocks for inline in block.inlines for key in inline.cites)
    inner = cited(pair.children) if pair.kind is BlockKind.ROW else ()
    return tuple(dict.fromkeys((*own, *inner)))


def cited(pairs: Iterable[Pair]) -> Iterator[str]:
    """Return the sources that pairs cite, in reading order, with repeats."""
    for pair in pairs:
        for block in pair.blocks:
            for inline in block.inlines:
                yield from inline.cites
        yield from cited(pair.children)


def number_sources(pairs: Iterable[Pair], known: Mapping[str, Source]) -> dict[str, int]:
    """Number the cited sources from 1 in the order in which a reader meets them."""
    keys = dict.fromkeys(key for key in cited(pairs) if key in known)
    return {key: number for number, key in enumerate(keys, 1)}


def chapters(builder: RowBuilder, names: Sequence[str], texts: Sequence[tuple[Pair, ...]]) -> tuple[Chapter, ...]:
    """Set the chapters of a document and number their blocks, and their boxes to tick, through."""
    points, ticks = count(1), count(1)

    def numbered(pair: Pair) -> Row:
        return ticked(pointed(builder.row(pair), points), ticks)

    return tuple(
        Chapter(number, f"chapter-{name}", builder.row(first), tuple(map(numbered, rest)))
        for number, (name, (first, *rest)) in enumerate(zip(names, texts, strict=True), 1)
    )


def pointed(row: Row, points: Iterator[int]) -> Row:
    """Return a row and the rows inside it the numbers to point at, in reading order.

    A list item that only holds a list, a table's head and a row of no text have none.
    """
    has = row.kind in _POINTS and row.variant != "header" and (row.cells or row.title or row.kind == "row")
    point = str(next(points)) if has else ""
    if row.variant == "header" or row.kind == "row":
        return replace(row, point=point)
    return replace(row, point=point, rows=tuple(pointed(inner, points) for inner in row.rows))


def ticked(row: Row, ticks: Iterator[int]) -> Row:
    """Name the boxes to tick in a row and the rows inside it, in reading order: ``tick-1`` and so on."""
    rows = []
    for inner in row.rows:
        named = replace(inner, field=f"tick-{next(ticks)}") if row.kind == "tasks" and inner.cells else inner
        rows.append(ticked(named, ticks))
    return replace(row, rows=tuple(rows))


def walk_rows(rows: Iterable[Row]) -> Iterator[Row]:
    """Return rows and everything inside them, in reading order."""
    for row in rows:
        yield row
        yield from walk_rows(row.rows)
