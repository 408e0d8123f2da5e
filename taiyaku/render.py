"""Pairs + Jinja → HTML. Pure.

Templates compute nothing: this module prepares every row, number and address that they print.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from taiyaku.figures import figure_frames
from taiyaku.languages import direction, typesetter_tag
from taiyaku.measure import column_share, table_widths
from taiyaku.model import BlockKind, Content, Form, Host, House, Inline, Pair, Source, Strings, Title

_CITE: Final = re.compile(r'<a class="cite" href="#source-([^"]+)"\s*(?:/>|></a>)')
_CHAPTER_LINK: Final = re.compile(r'<a href="(?:\.\./|\./)?([\w-]+)\.md"')


@dataclass(frozen=True, slots=True)
class Cell:
    """One language's side of a row. ``slot`` is first, second or solo; ``html`` may be missing (draft).

    ``ruby`` says that a reading stands in the row: then both sides are led a little wider.
    """

    slot: str
    lang: str
    dir: str
    html: Markup
    missing: bool = False
    ruby: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """What one pair becomes on the page."""

    kind: str
    cells: tuple[Cell, ...]
    mark: str = ""
    level: int = 0
    variant: str = ""
    outline: str = ""
    title: tuple[Cell, ...] = ()
    alt: str = ""
    checked: bool = False
    rows: tuple["Row", ...] = ()
    labels: tuple["Label", ...] = ()
    widths: tuple[str, ...] = ()


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


@dataclass(frozen=True, slots=True)
class SourceEntry:
    """A source in the list: what is printed beside its number."""

    number: int
    anchor: str
    title: Cell
    publisher: Cell
    url: str
    shown: str
    checked: str
    good_until: str
    expired: bool
    qr: str


@dataclass(frozen=True, slots=True)
class Manuscripts:
    """The paired texts of one document: chapters of a booklet, or the one checklist."""

    names: tuple[str, ...]
    pairs: tuple[tuple[Pair, ...], ...]


@dataclass(frozen=True, slots=True)
class Rendered:
    """A document as HTML, and what must be found in the PDF made of it."""

    html: str
    heading: str
    cells: tuple[Cell, ...]
    repeats: tuple[Cell, ...]


@lru_cache(maxsize=4)
def environment(templates: tuple[tuple[str, str], ...]) -> Environment:
    """Make the Jinja environment: a misspelt name stops the build, every value is escaped."""
    return Environment(
        loader=DictLoader(dict(templates)),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


class _Setter:
    """Turns pairs into rows for one pair of languages; remembers what it set."""

    def __init__(
        self,
        content: Content,
        house: House,
        languages: tuple[str, ...],
        numbers: Mapping[str, int],
        expired: frozenset[str] = frozenset(),
    ) -> None:
        self.expired = expired
        self._content = content
        self._house = house
        self._languages = languages
        self._numbers = numbers
        self.set: list[Cell] = []
        self.repeats: list[Cell] = []

    def strings(self, language: str) -> Strings:
        return self._house.strings[language]

    def cell(self, slot: str, language: str, html: str, *, missing: bool = False) -> Cell:
        made = Cell(slot, typesetter_tag(language), direction(language), Markup(html), missing, "<ruby" in html)
        if html and not missing:
            self.set.append(made)
        return made

    def html(self, inline: Inline) -> str:
        """Put numbers to citations and anchors to chapter links; write languages as the typesetter knows them."""
        html = _CITE.sub(lambda m: self._cite(m[1]), inline.html).replace('</a><a class="cite"', ',</a><a class="cite"')
        html = _CHAPTER_LINK.sub(lambda m: f'<a class="see" href="#chapter-{m[1]}"', html)
        return re.sub(r'\blang="([^"]+)"', lambda m: f'lang="{typesetter_tag(m[1])}"', html)

    def _cite(self, key: str) -> str:
        number = self._numbers.get(key, 0)
        if key in self.expired:
            return f'<a class="cite" data-expired="" href="#source-{key}">{number}!</a>'
        return f'<a class="cite" href="#source-{key}">{number}</a>'

    def cells(self, pair: Pair, texts: Sequence[Inline | None], *, solo: bool = False) -> tuple[Cell, ...]:
        """Make the cells of a pair: two side by side, one across, or one beside a gap."""
        there = [i for i, block in enumerate((pair.first, pair.second)) if block is not None]
        if len(self._languages) == 1 or solo or (pair.kind is BlockKind.CELL and _same(texts)):
            there = there[:1] if not solo else there
            return tuple(
                self.cell("solo", self._languages[i if i < len(self._languages) else 0], self.html(text))
                for i in there
                if (text := texts[i]) is not None and text.html
            )
        made = []
        for i, (slot, language) in enumerate(zip(("first", "second"), self._languages, strict=True)):
            text = texts[i]
            if text is None:
                made.append(self.cell(slot, language, self.strings(language).untranslated, missing=True))
            else:
                made.append(self.cell(slot, language, self.html(text)))
        return tuple(replace(cell, ruby=any(one.ruby for one in made)) for cell in made)

    def row(self, pair: Pair, mark: str = "") -> Row:
        """Turn a pair into a row, its children into rows inside it."""
        make = {BlockKind.PHRASE: self._phrase, BlockKind.BOX: self._box, BlockKind.FIGURE: self._figure}
        if pair.kind in make:
            return make[pair.kind](pair)
        block = pair.blocks[0]
        texts = [b.inline if b is not None else None for b in (pair.first, pair.second)]
        says = any(text.html for text in texts if text is not None)
        cells = self.cells(pair, texts, solo=pair.solo) if says else ()
        return Row(
            kind=str(pair.kind),
            cells=cells,
            mark=mark,
            level=block.level,
            variant=block.variant,
            outline=" / ".join(b.inline.text for b in pair.blocks) if block.kind is BlockKind.HEADING else "",
            checked=block.checked,
            rows=self._children(pair),
            widths=table_widths(pair) if pair.kind is BlockKind.TABLE else (),
        )

    def _children(self, pair: Pair) -> tuple[Row, ...]:
        if pair.blocks[0].variant == "header":
            before = len(self.set)
            rows = tuple(self.row(child) for child in pair.children)
            self.repeats += self.set[before:]
            return rows
        numbered = pair.kind is BlockKind.STEPS
        return tuple(self.row(child, str(i) if numbered else "") for i, child in enumerate(pair.children, 1))

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
            for t, language in zip(self._titles(pair), (*self._languages, self._languages[0]), strict=False)
        ]
        title = self.cells(pair, titles, solo=pair.solo)
        return Row("box", (), variant=block.variant, title=title, rows=self._children(pair))

    def _phrase(self, pair: Pair) -> Row:
        """Set a phrase card: the sentence once, in the language of the staff; its meaning in the others."""
        host = self._content.host_language
        sentence = self.cell("solo", host, self.html(pair.blocks[0].title))
        said = tuple(
            self.cell("solo", language, self.html(block.inline))
            for language, block in zip(self._languages, (pair.first, pair.second), strict=False)
            if block is not None and block.inline.html
        )
        return Row("phrase", said, title=(sentence,))

    def _figure(self, pair: Pair) -> Row:
        block = pair.blocks[0]
        alt = " / ".join(dict.fromkeys(b.alt for b in pair.blocks if b.alt))
        labels = tuple(self._labels(pair))
        titles = self._titles(pair)
        says = any(title.html for title in titles if title is not None)
        caption = self.cells(pair, titles, solo=pair.solo) if says else ()
        return Row("figure", caption, variant=block.variant, alt=alt, labels=labels)

    def _labels(self, pair: Pair) -> Iterator[Label]:
        """Set a picture's labels into its frames."""
        frames = figure_frames(self._content.figures.get(pair.blocks[0].variant, b""))
        for child, frame in zip(pair.children, frames, strict=False):
            texts = [b.inline if b is not None else None for b in (child.first, child.second)]
            if _same(texts):
                cells: tuple[Cell, ...] = (self.cell("solo", self._languages[0], self.html(child.blocks[0].inline)),)
            else:
                cells = self.cells(child, texts, solo=child.solo)
            yield Label(cells, frame.style, frame.align, str(child.blocks[0].place))


def _same(texts: Sequence[Inline | None]) -> bool:
    """Say whether both languages say the same to the letter, as a telephone number: it is printed once."""
    return len({text.html for text in texts if text is not None}) == 1 and None not in texts


def cited(pairs: Iterable[Pair]) -> Iterator[str]:
    """Give the sources that pairs cite, in reading order, with repeats."""
    for pair in pairs:
        for block in pair.blocks:
            for inline in block.inlines:
                yield from inline.cites
        yield from cited(pair.children)


def number_sources(pairs: Iterable[Pair], known: Mapping[str, Source]) -> dict[str, int]:
    """Number the cited sources from 1 in the order in which a reader meets them."""
    keys = dict.fromkeys(key for key in cited(pairs) if key in known)
    return {key: number for number, key in enumerate(keys, 1)}


LONGEST_ADDRESS: Final = 40
"""An address of more letters is not typed by hand: its QR code leads there, its beginning says whose it is."""


def shown_address(url: str) -> str:
    """Give an address as it is printed: without its scheme, and only whose it is where it is long."""
    bare = url.split("://", 1)[1].removeprefix("www.").rstrip("/")
    return bare if len(bare) <= LONGEST_ADDRESS else f"{bare.split('/')[0]}/…"


def _source_entries(setter: _Setter, content: Content, numbers: Mapping[str, int], languages: tuple[str, ...]) -> Any:
    for key, number in numbers.items():
        source = content.sources[key]
        tag, title = next(
            ((t, source.title[t]) for t in languages if t in source.title), next(iter(source.title.items()))
        )
        named = setter.cell("solo", tag, str(Markup.escape(title)))
        qr = f"qr/{key}.png"
        checked = source.checked.isoformat()
        publisher = setter.cell("solo", content.host_language, str(Markup.escape(source.publisher)))
        until = content.guide.good_until(source).isoformat()
        old = key in setter.expired
        yield SourceEntry(
            number, f"source-{key}", named, publisher, source.url, shown_address(source.url), checked, until, old, qr
        )


def _slots(languages: tuple[str, ...]) -> tuple[str, ...]:
    """Name the places of the languages on the page."""
    return ("solo",) if len(languages) == 1 else ("first", "second")


def _labels(setter: _Setter, languages: tuple[str, ...]) -> dict[str, tuple[Cell, ...]]:
    """Give each word of the strings files as cells, so that a template prints it in every language."""
    return {
        name: tuple(
            Cell(slot, typesetter_tag(tag), direction(tag), Markup.escape(getattr(setter.strings(tag), name)))
            for slot, tag in zip(_slots(languages), languages, strict=True)
        )
        for name in Strings.model_fields
    }


def _dates_legend(setter: _Setter, languages: tuple[str, ...]) -> tuple[Cell, ...]:
    """Say once what the two dates beside each source are."""
    dates = {tag: f"{setter.strings(tag).checked_on} → {setter.strings(tag).good_until}" for tag in languages}
    return _words(setter, dates, languages)


def _words(setter: _Setter, words: Mapping[str, str], languages: tuple[str, ...]) -> tuple[Cell, ...]:
    fallback = next(iter(words.values()), "")
    texts = [words.get(tag, fallback) for tag in languages]
    return tuple(
        setter.cell(slot, tag, str(Markup.escape(text)))
        for slot, tag, text in zip(_slots(languages), languages, texts, strict=True)
    )


def _host(
    setter: _Setter, host: Host | None, languages: tuple[str, ...], logo: str, form: Form
) -> dict[str, Any] | None:
    """Make the host's block: whole on a booklet's cover and again on its back, the name alone on a checklist."""
    if host is None:
        return None
    lines = ("name", "desk", "hours", "event") if form is Form.BOOKLET else ("name",)
    texts = {line: _words(setter, getattr(host, line), languages) for line in lines}
    if form is Form.BOOKLET:
        setter.set += [cell for cells in texts.values() for cell in cells if cell.html]
    return {
        **{line: cells if any(cell.html for cell in cells) else () for line, cells in texts.items()},
        "phone": host.phone,
        "url": host.url,
        "logo": logo,
        "plain_name": next(iter(host.name.values()), ""),
    }


def _statuses(setter: _Setter, content: Content, languages: tuple[str, ...]) -> tuple[dict[str, Any], ...]:
    """Say of each language how far it is to be trusted (original, draft, reviewed), in that language."""
    lines = []
    for tag in languages:
        strings = setter.strings(tag)
        translation = content.guide.translations.get(tag)
        status = strings.original if tag == content.guide.source else strings.draft
        if translation is not None and translation.status == "reviewed":
            status = strings.reviewed
        reviewer = translation.reviewer if translation is not None else ""
        name, words = Markup.escape(strings.language), Markup.escape(status)
        lines.append(
            {"lang": typesetter_tag(tag), "dir": direction(tag), "name": name, "status": words, "reviewer": reviewer}
        )
    return tuple(lines)


def _glossary(setter: _Setter, content: Content, languages: tuple[str, ...]) -> dict[str, Any]:
    """Make the glossary's columns: the pair's languages, and the staff's where the pair has it not."""
    columns = tuple(dict.fromkeys((*languages, content.host_language)))
    head = tuple(
        Cell("solo", typesetter_tag(tag), direction(tag), Markup.escape(setter.strings(tag).language))
        for tag in columns
    )
    rows = []
    for term in sorted(content.glossary, key=lambda term: term.reading or term.names[content.host_language]):
        cells = []
        for tag in columns:
            reading = term.reading if tag == content.host_language and term.reading != term.names[tag] else ""
            cell = setter.cell("solo", tag, str(Markup.escape(term.names[tag])))
            spoken = setter.cell("solo", tag, str(Markup.escape(reading))) if reading else None
            cells.append({"word": cell, "reading": spoken})
        rows.append(tuple(cells))
    return {"head": head, "rows": tuple(rows)}


def render(
    title: Title,
    content: Content,
    house: House,
    texts: Manuscripts,
    *,
    host: Host | None = None,
    logo: str = "",
    edition: str = "screen",
    root_style: str = "",
    draft: bool = False,
    expired: frozenset[str] = frozenset(),
) -> Rendered:
    """Set a document in HTML. ``root_style`` carries what ``fit`` has chosen, as custom properties.

    ``expired`` names the sources whose facts get a mark.
    """
    languages = title.languages
    everything = [pair for pairs in texts.pairs for pair in pairs]
    numbers = number_sources(everything, content.sources)
    setter = _Setter(content, house, languages, numbers, expired)
    chapters = tuple(
        _chapter(setter, number, name, pairs)
        for number, (name, pairs) in enumerate(zip(texts.names, texts.pairs, strict=True), 1)
    )
    heading = chapters[0].title.outline if title.form is Form.CHECKLIST else _outline(content.guide.title, languages)
    context = {
        "title": heading,
        "lang": typesetter_tag(languages[0]),
        "dir": direction(languages[0]),
        "languages": tuple(map(typesetter_tag, languages)),
        "form": str(title.form),
        "edition": edition,
        "root_style": "; ".join(filter(None, (column_share(everything), root_style))),
        "draft": draft,
        "guide_title": _words(setter, content.guide.title, languages),
        "subtitle": _words(setter, content.guide.subtitle, languages) if title.form is Form.BOOKLET else (),
        "version": content.guide.version,
        "date": content.guide.date.isoformat(),
        "guide": content.name,
        "cover": content.guide.cover,
        "labels": _labels(setter, languages),
        "dates_legend": _dates_legend(setter, languages) if title.form is Form.BOOKLET and numbers else (),
        "host": _host(setter, host, languages, logo, title.form),
        "chapters": chapters,
        "sources": tuple(_source_entries(setter, content, numbers, languages)),
        "glossary": _glossary(setter, content, languages) if title.form is Form.BOOKLET else None,
        "statuses": _statuses(setter, content, languages),
    }
    if title.form is Form.BOOKLET:  # the contents say every title once more
        setter.set += [cell for chapter in chapters for cell in chapter.title.cells]
    html = environment(tuple(house.templates.items())).get_template(f"{title.form}.html.jinja").render(context)
    return Rendered(html, heading, tuple(setter.set), tuple(setter.repeats))


def _outline(words: Mapping[str, str], languages: tuple[str, ...]) -> str:
    return " / ".join(words[tag] for tag in languages)


def _chapter(setter: _Setter, number: int, name: str, pairs: tuple[Pair, ...]) -> Chapter:
    first, *rest = pairs
    tasks = iter(range(1, 10_000))
    rows = tuple(_numbered(setter.row(pair), tasks) for pair in rest)
    return Chapter(number, f"chapter-{name}", setter.row(first), rows)


def _numbered(row: Row, numbers: Iterator[int]) -> Row:
    """Number the tick boxes of a text through, so that two people can point at the same one."""
    if row.kind != BlockKind.TASKS:
        return row
    rows = tuple(_marked(item, str(next(numbers))) for item in row.rows)
    return Row(row.kind, row.cells, row.mark, rows=rows)


def _marked(row: Row, mark: str) -> Row:
    return Row(row.kind, row.cells, mark, row.level, row.variant, checked=row.checked, rows=row.rows)
