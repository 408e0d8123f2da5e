"""Markdown → blocks and findings, each with its line. Pure.

``chunks`` cuts the file, this module turns each chunk into a block, ``inline`` converts the texts.
"""

import re
import xml.etree.ElementTree as etree
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import pairwise
from typing import Any, Final

from taiyaku.chunks import BOX, FIGURE, HEADING, MARKER, NOTE, Chunk, ChunkKind, split
from taiyaku.findings import Finding, Place
from taiyaku.inline import Converted, read_inline, reader, set_notes
from taiyaku.model import Block, BlockKind, Inline, Manuscript, Text

BOXES: Final = ("note", "tip", "warning", "scam")
ATTRIBUTES: Final = (".solo", ".optional", ".labels")
_RUBY_BAR = re.compile(r"(\{[^{}|]*[^{}|\\])\|([^{}]*\})")
"""A reading's bar, which parts no cells of a table."""

_TASK = re.compile(r"^\[([ xX])\]\s+")


@dataclass
class _Reading:
    """One file while it is parsed: findings and footnotes gather here."""

    path: str
    findings: list[Finding] = field(default_factory=list)
    notes: dict[str, Inline] = field(default_factory=dict)
    note_places: dict[str, Place] = field(default_factory=dict)
    called: set[str] = field(default_factory=set)

    def report(self, code: str, line: int, **facts: Any) -> None:
        self.findings.append(Finding(code, Place(self.path, line), facts))

    def inline(self, text: str, line: int) -> Inline:
        """Convert a text and put its footnotes in."""
        converted = self.converted(text, line)
        for call in converted.calls:
            self.called.add(call)
            if call not in self.notes:
                self.report("parse.note", line, name=call)
        return set_notes(converted.inline, self.notes, converted.calls)

    def converted(self, text: str, line: int) -> Converted:
        converted = read_inline(text, Place(self.path, line))
        self.findings.extend(converted.findings)
        return converted


@dataclass(frozen=True)
class Parsed:
    """A parsed file and what was wrong in it."""

    text: Text
    findings: tuple[Finding, ...]


@lru_cache(maxsize=1024)
def parse(manuscript: Manuscript) -> Parsed:
    """Parse a manuscript. Every finding names the file and the line."""
    reading = _Reading(manuscript.path)
    chunks = split(manuscript.text)
    _read_notes(chunks, reading)
    blocks = tuple(_blocks(chunks, reading, 0))
    _check_notes(reading)
    _check_headings(blocks, reading)
    return Parsed(Text(manuscript, blocks), tuple(reading.findings))


def _read_notes(chunks: tuple[Chunk, ...], reading: _Reading) -> None:
    for chunk in chunks:
        if chunk.kind is ChunkKind.NOTE and (match := NOTE.match(chunk.body[0])):
            text = " ".join([match[2], *(line.strip() for line in chunk.body[1:])])
            reading.notes[match[1]] = reading.converted(text, chunk.line).inline
            reading.note_places[match[1]] = Place(reading.path, chunk.line)


def _check_notes(reading: _Reading) -> None:
    for name, place in reading.note_places.items():
        if name not in reading.called:
            reading.findings.append(Finding("parse.note-unused", place, {"name": name}))


def _check_headings(blocks: tuple[Block, ...], reading: _Reading) -> None:
    """Find what outlines and screen readers stumble over: no title, two titles, a skipped level."""
    if not blocks:
        reading.report("parse.empty", 1)
        return
    headings = [block for block in blocks if block.kind is BlockKind.HEADING]
    if blocks[0].kind is not BlockKind.HEADING or blocks[0].level != 1:
        reading.report("parse.title", blocks[0].place.line)
    for before, heading in pairwise(headings):
        if heading.level == 1:
            reading.report("parse.titles", heading.place.line)
        elif heading.level > before.level + 1:
            facts = {"before": before.level, "level": heading.level, "marks": "#" * (before.level + 1)}
            reading.report("parse.level", heading.place.line, **facts)


def _blocks(chunks: tuple[Chunk, ...], reading: _Reading, offset: int) -> Iterator[Block]:
    """Turn chunks into blocks; ``offset`` is added to their lines (for text inside a box)."""
    before: Block | None = None
    for chunk in chunks:
        if chunk.kind is ChunkKind.NOTE or not chunk.body:
            continue
        moved = replace(chunk, line=chunk.line + offset)
        block = _MAKERS[chunk.kind](moved, reading)
        if block is None:
            continue
        block = _with_attributes(block, moved, reading)
        if ".labels" in chunk.attributes.split():
            before = _labelled(before, block, reading)
            continue
        if before is not None:
            yield before
        before = block
    if before is not None:
        yield before


def _with_attributes(block: Block, chunk: Chunk, reading: _Reading) -> Block:
    for attribute in chunk.attributes.split():
        if attribute not in ATTRIBUTES:
            reading.report("parse.attribute", chunk.line, attribute=attribute, known=", ".join(ATTRIBUTES))
    marks = chunk.attributes.split()
    marked = replace(block, optional=".optional" in marks)
    return _solo(marked) if ".solo" in marks else marked


def _labelled(figure: Block | None, labels: Block, reading: _Reading) -> Block | None:
    """Put a list of labels into the picture before it: they are the words that stand in it."""
    if figure is None or figure.kind is not BlockKind.FIGURE or labels.kind is not BlockKind.BULLETS:
        hint = "put a list of - items right under its picture, and {: .labels } under the list"
        reading.report("parse.mark", labels.place.line, mark="labels without a picture", hint=hint)
        return figure
    if any(label.children for label in labels.children):
        hint = "write every label as an item of its own"
        reading.report("parse.mark", labels.place.line, mark="a list inside a label", hint=hint)
    whole = replace(figure, children=(*figure.children, *labels.children))
    return _solo(whole) if figure.solo else whole


def _solo(block: Block) -> Block:
    return replace(block, solo=True, children=tuple(map(_solo, block.children)))


def _heading(chunk: Chunk, reading: _Reading) -> Block | None:
    match = HEADING.match(chunk.body[0])
    if match is None or not match[2]:
        reading.report("parse.mark", chunk.line, mark="a heading without words", hint="write its words behind the #")
        return None
    inline = reading.inline(match[2], chunk.line)
    return Block(BlockKind.HEADING, Place(reading.path, chunk.line), inline, level=len(match[1]))


def _paragraph(chunk: Chunk, reading: _Reading) -> Block:
    for line, text in enumerate(chunk.body[1:], chunk.line + 1):
        if MARKER.match(text):
            reading.report("parse.mark", line, mark="a list right under a text", hint="put a blank line before it")
    return Block(
        BlockKind.PARAGRAPH, Place(reading.path, chunk.line), reading.inline("\n".join(chunk.body), chunk.line)
    )


def _quote(chunk: Chunk, reading: _Reading) -> Block:
    inner = "\n".join(re.sub(r"^> ?", "", line) for line in chunk.body)
    children = tuple(_blocks(split(inner), reading, chunk.line - 1))
    return Block(BlockKind.QUOTE, Place(reading.path, chunk.line), children=children)


def _box(chunk: Chunk, reading: _Reading) -> Block | None:
    match = BOX.match(chunk.body[0])
    kind, title = (match[1], match[2]) if match else (chunk.body[0][3:].strip(), None)
    inner = "\n".join(re.sub(r"^(?: {4}|\t)", "", line) for line in chunk.body[1:])
    if kind == "phrase":
        return _phrase(chunk, title, inner, reading)
    if kind not in BOXES:
        reading.report("parse.admonition", chunk.line, kind=kind, known=", ".join((*BOXES, "phrase")))
        return None
    named = reading.inline(title, chunk.line) if title else Inline()
    children = tuple(_blocks(split(inner), reading, chunk.line))
    if not children:
        reading.report("parse.mark", chunk.line, mark="an empty box", hint="indent its text by four spaces")
    return Block(BlockKind.BOX, Place(reading.path, chunk.line), title=named, variant=kind, children=children)


def _phrase(chunk: Chunk, sentence: str | None, inner: str, reading: _Reading) -> Block | None:
    if not sentence:
        reading.report("parse.phrase", chunk.line)
        return None
    return Block(
        BlockKind.PHRASE,
        Place(reading.path, chunk.line),
        reading.inline(inner.strip(), chunk.line + 1) if inner.strip() else Inline(),
        reading.inline(sentence, chunk.line),
    )


def _figure(chunk: Chunk, reading: _Reading) -> Block | None:
    match = FIGURE.match(chunk.body[0])
    if match is None:
        return None
    alt, src, caption = match[1].strip(), match[2], match[3]
    if not alt:
        reading.report("figure.alt", chunk.line, src=src)
    title = reading.inline(caption, chunk.line) if caption else Inline()
    return Block(BlockKind.FIGURE, Place(reading.path, chunk.line), title=title, variant=src, alt=alt)


def _list(chunk: Chunk, reading: _Reading) -> Block:
    """Convert a list with Python-Markdown; its items' lines are those of the markers, in order."""
    marked = iter(
        chunk.line + i for i, line in enumerate(chunk.lines[_lead(chunk) :]) if MARKER.match(line.expandtabs(4))
    )
    root = reader().elements(chunk.body)
    for stray in root[1:]:
        reading.report("parse.mark", chunk.line, mark=f"<{stray.tag}> inside a list", hint="put it behind the list")
    return _list_block(root[0], marked, reading, chunk.line)


def _lead(chunk: Chunk) -> int:
    return next((i for i, line in enumerate(chunk.lines) if line.strip()), 0)


def _list_block(element: etree.Element, lines: Iterator[int], reading: _Reading, line: int) -> Block:
    items = tuple(_item(li, lines, reading, line) for li in element if li.tag == "li")
    ticked = [item for item in items if item.variant == "task"]
    kind = BlockKind.TASKS if ticked else BlockKind.STEPS if element.tag == "ol" else BlockKind.BULLETS
    if ticked and len(ticked) < len(items):
        reading.report("parse.mark", line, mark="a list with and without boxes", hint="give every item a box: - [ ]")
    place = Place(reading.path, items[0].place.line if items else line)
    return Block(kind, place, children=tuple(replace(item, variant="") for item in items))


def _item(li: etree.Element, lines: Iterator[int], reading: _Reading, line: int) -> Block:
    own = next(lines, line)
    paragraphs = [li.text or "", *(child.text or "" for child in li if child.tag == "p")]
    text = "\n".join(part.strip() for part in paragraphs if part.strip())
    task = _TASK.match(text)
    inline = reading.inline(_TASK.sub("", text), own)
    nested = tuple(_list_block(child, lines, reading, own) for child in li if child.tag in ("ul", "ol"))
    for child in li:
        if child.tag not in ("p", "ul", "ol"):
            reading.report("parse.mark", own, mark=f"<{child.tag}> inside a list item", hint="put it behind the list")
    return Block(
        BlockKind.ITEM,
        Place(reading.path, own),
        inline,
        variant="task" if task else "",
        checked=task is not None and task[1] in "xX",
        children=nested,
    )


def _table(chunk: Chunk, reading: _Reading) -> Block:
    """Convert a table: its header is the chunk's first line, its rows begin at the third."""
    lines = [chunk.line, *range(chunk.line + 2, chunk.line + len(chunk.body))]
    body = tuple(_RUBY_BAR.sub(r"\1\\|\2", line) for line in chunk.body)
    rows = list(reader().elements(body).iter("tr"))
    for at, written in zip(lines[1:], body[2:], strict=False):
        if rows and _columns(written) > len(rows[0]):
            hint = r"write a bar inside a cell as \|"
            reading.report("parse.mark", at, mark="a row with more cells than its table's head", hint=hint)
    if not rows:
        hint = "give its head and the rule below it the same number of columns"
        reading.report("parse.mark", chunk.line, mark="a table that cannot be read", hint=hint)
    children = tuple(_row(tr, at, reading) for tr, at in zip(rows, lines, strict=False))
    return Block(BlockKind.TABLE, Place(reading.path, chunk.line), children=children)


def _columns(line: str) -> int:
    return len(re.split(r"(?<!\\)\|", re.sub(r"`[^`]*`", "", line).strip().removeprefix("|").removesuffix("|")))


def _row(tr: etree.Element, line: int, reading: _Reading) -> Block:
    place = Place(reading.path, line)
    header = any(cell.tag == "th" for cell in tr)
    cells = tuple(
        Block(BlockKind.CELL, place, reading.inline((cell.text or "").replace(r"\|", "|"), line)) for cell in tr
    )
    return Block(BlockKind.ROW, place, variant="header" if header else "", children=cells)


def _definitions(chunk: Chunk, reading: _Reading) -> Block:
    """Read terms and their definitions line by line (PHP Markdown Extra, definition lists)."""
    children = []
    for line, text in _entries(chunk):
        definition = re.match(r"(?s)^:\s+(.*)$", text)
        kind = BlockKind.DEFINITION if definition else BlockKind.TERM
        inline = reading.inline(definition[1] if definition else text, line)
        children.append(Block(kind, Place(reading.path, line), inline))
    return Block(BlockKind.DEFINITIONS, Place(reading.path, chunk.line), children=tuple(children))


def _entries(chunk: Chunk) -> list[tuple[int, str]]:
    """Give each term and definition with its line; an indented line goes on with the one before."""
    entries: list[tuple[int, str]] = []
    for line, text in enumerate(chunk.body, chunk.line):
        if entries and text.startswith(("    ", "\t")):
            entries[-1] = (entries[-1][0], f"{entries[-1][1]}\n{text.strip()}")
        elif text.strip():
            entries.append((line, text))
    return entries


def _refused(mark: str, hint: str) -> Callable[[Chunk, _Reading], Block | None]:
    def make(chunk: Chunk, reading: _Reading) -> Block | None:
        reading.report("parse.mark", chunk.line, mark=mark, hint=hint)
        return None

    return make


_MAKERS: Final[dict[ChunkKind, Callable[[Chunk, _Reading], Block | None]]] = {
    ChunkKind.HEADING: _heading,
    ChunkKind.PARAGRAPH: _paragraph,
    ChunkKind.QUOTE: _quote,
    ChunkKind.BOX: _box,
    ChunkKind.FIGURE: _figure,
    ChunkKind.LIST: _list,
    ChunkKind.TABLE: _table,
    ChunkKind.DEFINITIONS: _definitions,
    ChunkKind.CODE: _refused("a code block", "text indented by four spaces belongs into a box or a list"),
    ChunkKind.RULE: _refused("a rule across the page", "use a heading"),
}
