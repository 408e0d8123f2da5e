"""Markdown → blocks and findings, each with its line. Pure.

``chunks`` cuts the file, this module turns each chunk into a block, ``inline`` converts the texts.
"""

import re
import xml.etree.ElementTree as etree
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import pairwise
from typing import Any, Final

from taiyaku.content.chunks import BOX, FIGURE, HEADING, NOTE, Chunk, ChunkKind, ends_list, split
from taiyaku.content.comments import without_comments
from taiyaku.content.inline import Converted, read_inline, reader, set_notes
from taiyaku.content.letters import check_letters
from taiyaku.content.lists import DIRECTIONS, MARKER, Item, read_list
from taiyaku.content.unread import lost_breaks, unread_lines, unread_words
from taiyaku.model.content import Block, BlockKind, Inline, Manuscript, Text
from taiyaku.model.findings import Finding, Place, Severity, errors

BOXES: Final = ("note", "tip", "warning", "scam")
ATTRIBUTES: Final = (".solo", ".optional", ".labels")
_RUBY_BAR = re.compile(r"(\{[^{}|]*[^{}|\\])\|([^{}]*\})")
"""A reading's bar, which parts no cells of a table."""

_STRONG: Final = "write **words** for what is important"
_LONGEST: Final = 10_000
"""So many characters may stand in one text: some pages. Longer ones would take minutes to be read."""

_DEEPEST: Final = 12
"""So many lists, boxes and quotations may stand in one another; no page has room for more."""

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]")
"""Controls, and other programs' line breaks: no page shows them, and what stands behind them is no line of its own."""

_MOST_STEPS: Final = 1000
"""A number from here on is a year, or whatever else: no list of steps is so long, and no page has room for it."""

_TASK = re.compile(rf"^[{DIRECTIONS}]*\[([\sxX])\]\s+")


@dataclass
class _Reading:
    """One file while it is parsed: findings and footnotes gather here."""

    path: str
    findings: list[Finding] = field(default_factory=list)
    notes: dict[str, Inline] = field(default_factory=dict)
    note_places: dict[str, Place] = field(default_factory=dict)
    called: set[str] = field(default_factory=set)
    depth: int = 0

    @contextmanager
    def inside(self, line: int) -> Iterator[bool]:
        """Go into a block that holds others; say whether there is room for them."""
        self.depth += 1
        if self.depth > _DEEPEST:
            mark = f"more than {_DEEPEST} lists, boxes and quotations in one another"
            self.report("parse.mark", line, mark=mark, hint=r"end some of them; write \- or \> if it is none")
        yield self.depth <= _DEEPEST
        self.depth -= 1

    def report(self, code: str, line: int, **facts: Any) -> None:
        self.findings.append(Finding(code, Place(self.path, line), facts))

    def step(self, number: str | int, line: int, severity: Severity = Severity.ERROR) -> None:
        """Report a line that is a step by its number only."""
        self.findings.append(Finding("parse.step", Place(self.path, line), {"number": number}, severity=severity))

    def prose(self, lines: Sequence[tuple[int, str]], line: int, inside: str = "") -> Inline:
        """Convert a text of numbered lines; what looks like a mark and was not read is told."""
        texts = [text for _, text in lines]
        for at, mark, hint in unread_lines(texts, inside):
            self.report("parse.mark", lines[at][0], mark=mark, hint=hint)
        return self.inline("\n".join(texts), line)

    def inline(self, text: str, line: int) -> Inline:
        """Convert a text and put its footnotes in."""
        converted = self.converted(text, line)
        for call in converted.calls:
            self.called.add(call)
            if call not in self.notes:
                self.report("parse.note", line, name=call)
        return set_notes(converted.inline, self.notes, converted.calls)

    def converted(self, text: str, line: int) -> Converted:
        if len(text) > _LONGEST:
            mark = f"a text of more than {_LONGEST:,} characters"
            self.report("parse.mark", line, mark=mark, hint="part it by blank lines")
            return Converted(Inline())
        converted = read_inline(text, Place(self.path, line))
        self.findings.extend(converted.findings)
        for title in converted.titles:
            mark = f"the title “{title}” of a link, which no page shows,"
            self.report("parse.mark", line, mark=mark, hint="write it as text, or take it away")
        for words in converted.doubtful:
            mark = f"emphasis of “{words}” at a number or a sign"
            self.report("parse.mark", line, mark=mark, hint=r"write \* for a star that is printed, as in \*100#")
        if words := unread_words(text, converted.inline.text):
            hint = "write [text](address), a picture on a line of its own" if words[0] == "]" else _STRONG
            self.report("parse.mark", line, mark=f"`{words}`", hint=hint)
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
    for found in _CONTROL.finditer(manuscript.text):
        mark = f"the control character U+{ord(found[0]):04X}"
        line = manuscript.text.count("\n", 0, found.start()) + 1
        reading.report("parse.mark", line, mark=mark, hint="take it away; where a line ends, begin a new one")
    text, unclosed = without_comments(_CONTROL.sub(" ", manuscript.text))
    if unclosed:
        reading.report("parse.comment", unclosed)
    for line in lost_breaks(text):
        reading.findings.append(Finding("parse.break", Place(reading.path, line), severity=Severity.WARNING))
    chunks = split(text)
    _read_notes(chunks, reading)
    blocks = tuple(_blocks(chunks, reading, 0))
    _check_notes(reading)
    _check_headings(blocks, reading)
    _check_steps(blocks, reading)
    if not errors(reading.findings):
        reading.findings.extend(check_letters(manuscript, blocks))
    return Parsed(Text(manuscript, blocks), tuple(reading.findings))


def _read_notes(chunks: tuple[Chunk, ...], reading: _Reading) -> None:
    for chunk in chunks:
        if chunk.kind is ChunkKind.NOTE and (match := NOTE.match(chunk.body[0])):
            lines = [match[2], *(line.strip() for line in chunk.body[1:])]
            for at, mark, hint in unread_lines(lines, "a footnote"):
                reading.report("parse.mark", chunk.line + at, mark=mark, hint=hint)
            text = " ".join(lines)
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


def _check_steps(blocks: tuple[Block, ...], reading: _Reading, parent: Block | None = None) -> None:
    """Find numbers that nobody means as those of steps: a date at the beginning of a line, a number left out.

    A single step belongs to a row of steps that goes on behind something else, or is the only one.
    """
    top = {id(block) for block in blocks} if parent is None else set()
    blocks = tuple(_read_on(blocks))
    listed = [block for block in blocks if block.children and block.children[0].number is not None]
    ends = [(_number(block.children[0]), _number(block.children[-1])) for block in listed]
    told: set[int] = set()
    for at, (block, (first, last)) in enumerate(zip(listed, ends, strict=True)):
        line = block.place.line
        goes_on = first - 1 in {end for _, end in ends[:at]} or last + 1 in {start for start, _ in ends[at + 1 :]}
        single = len(block.children) == 1 and not goes_on
        if last >= _MOST_STEPS or (single and (first != 1 or _is_beside(parent, line))):
            reading.step(first, line)
            told.add(line)
        elif single and id(block) in top:
            reading.step(first, line, Severity.WARNING)
        else:
            _check_row(block, reading)
    for block in blocks:
        if block.children and block.place.line not in told:
            _check_steps(block.children, reading, block)


def _read_on(blocks: Sequence[Block]) -> Iterator[Block]:
    """Return blocks with those in boxes and quotations in their places: steps go on through these."""
    for block in blocks:
        yield from _read_on(block.children) if block.kind in (BlockKind.BOX, BlockKind.QUOTE) else (block,)


def _check_row(steps: Block, reading: _Reading) -> None:
    """Find the first step whose number is not the one behind that of the step before."""
    for before, item in pairwise(steps.children):
        if _number(item) != _number(before) + 1:
            facts = {"before": _number(before), "number": _number(item)}
            reading.report("parse.steps", item.place.line, **facts)
            return


def _number(item: Block) -> int:
    return item.number if item.number is not None else 0


def _is_beside(parent: Block | None, line: int) -> bool:
    """Tell whether a list begins on the line of the item that holds it, as in ``- 3. October``."""
    return parent is not None and parent.kind is BlockKind.ITEM and parent.place.line == line


def _blocks(chunks: tuple[Chunk, ...], reading: _Reading, offset: int) -> Iterator[Block]:
    """Turn chunks into blocks; ``offset`` is added to their lines (for text inside a box)."""
    before: Block | None = None
    for chunk in chunks:
        moved = replace(chunk, line=chunk.line + offset)
        if chunk.kind is ChunkKind.NOTE and Place(reading.path, moved.line) not in reading.note_places.values():
            hint = "put it at the end of the file; of two with one name write one"
            reading.report("parse.mark", moved.line, mark="a footnote's text at this place", hint=hint)
        if chunk.attributes and (chunk.kind is ChunkKind.NOTE or not chunk.body):
            hint = "put it right under its block, with no blank line and no note between the two"
            reading.report("parse.mark", moved.line, mark=f"`{{: {chunk.attributes} }}` under no block", hint=hint)
        if chunk.kind is ChunkKind.NOTE or not chunk.body:
            continue
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
    return Block(
        BlockKind.PARAGRAPH,
        Place(reading.path, chunk.line),
        reading.prose(tuple(enumerate(chunk.body, chunk.line)), chunk.line),
    )


def _quote(chunk: Chunk, reading: _Reading) -> Block:
    inner = "\n".join(re.sub(r"^> ?", "", line) for line in chunk.body)
    with reading.inside(chunk.line) as room:
        children = tuple(_blocks(split(inner), reading, chunk.line - 1)) if room else ()
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
    with reading.inside(chunk.line) as room:
        children = tuple(_blocks(split(inner), reading, chunk.line)) if room else ()
    if not children:
        reading.report("parse.mark", chunk.line, mark="an empty box", hint="indent its text by four spaces")
    return Block(BlockKind.BOX, Place(reading.path, chunk.line), title=named, variant=kind, children=children)


def _phrase(chunk: Chunk, sentence: str | None, inner: str, reading: _Reading) -> Block | None:
    if not sentence:
        reading.report("parse.phrase", chunk.line)
        return None
    meaning = tuple(enumerate(inner.strip().split("\n"), chunk.line + 1))
    return Block(
        BlockKind.PHRASE,
        Place(reading.path, chunk.line),
        reading.prose(meaning, chunk.line + 1, "a phrase card") if inner.strip() else Inline(),
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
    """Read a list. Each item is read like a small file: a text, and the lists inside it."""
    lead = next((i for i, line in enumerate(chunk.lines) if line.strip()), 0)
    with reading.inside(chunk.line) as room:
        read = read_list(chunk.lines, lead, ends_list)[0] if room else ()
        items = tuple(_item(item, chunk.line, reading) for item in read)
    ticked = [item for item in items if item.variant == "task"]
    kind = BlockKind.TASKS if ticked else BlockKind.BULLETS if not items or items[0].number is None else BlockKind.STEPS
    if ticked and len(ticked) < len(items):
        hint = "give every item a box: - [ ]"
        reading.report("parse.mark", chunk.line, mark="a list with and without boxes", hint=hint)
    place = Place(reading.path, chunk.line)
    return Block(kind, place, children=tuple(replace(item, variant="") for item in items))


def _item(item: Item, first: int, reading: _Reading) -> Block:
    """Read an item; ``first`` is the line of its list."""
    line = first + item.line
    if item.number and item.number.startswith("0") and len(item.number) > 1:
        reading.step(item.number, line)
    texts: list[tuple[int, str]] = []
    nested: list[Block] = []
    marks: list[Chunk] = []
    for chunk in split("\n".join(item.lines), in_item=True):
        moved = replace(chunk, line=line + chunk.line - 1)
        if chunk.kind is ChunkKind.LIST:
            nested.append(_with_attributes(_list(moved, reading), moved, reading))
        elif chunk.kind is not ChunkKind.PARAGRAPH:
            mark = f"{_INSIDE.get(chunk.kind, f'a {chunk.kind}')} inside a list item"
            reading.report("parse.mark", moved.line, mark=mark, hint="put it behind the list")
        elif nested:
            hint = "put it before the inner list, or make it an item of its own"
            reading.report("parse.mark", moved.line, mark="a text behind a list inside an item", hint=hint)
        else:
            texts += enumerate(moved.body, moved.line)
            marks.append(moved)
    task = _TASK.match(texts[0][1]) if texts else None
    if not texts and not nested:
        reading.report("parse.mark", line, mark="a list item without words", hint="write its words behind the marker")
    texts[:1] = [(at, _TASK.sub("", text)) for at, text in texts[:1]]
    block = Block(
        BlockKind.ITEM,
        Place(reading.path, line),
        reading.prose(texts, line, "a list item"),
        variant="task" if task else "",
        checked=task is not None and task[1] in "xX",
        number=int(item.number) if item.number else None,
        children=tuple(nested),
    )
    for chunk in marks:
        block = _with_attributes(block, chunk, reading)
    return block


_INSIDE: Final = {
    ChunkKind.QUOTE: "a quotation",
    ChunkKind.DEFINITIONS: "a list of definitions",
    ChunkKind.NOTE: "a footnote's text",
    ChunkKind.FIGURE: "a picture",
    ChunkKind.CODE: "a code block",
    ChunkKind.RULE: "a rule across the page",
}
"""What a list item cannot hold, as people call it, where that is not the name of its kind."""


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
        if not all("|" in line for line in body):
            hint = "put a blank line behind it: every row has a |"
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
    for (line, text), *more in _entries(chunk):
        definition = re.match(r"^:\s+(.*)$", text)
        kind = BlockKind.DEFINITION if definition else BlockKind.TERM
        lines = ((line, definition[1] if definition else text), *more)
        children.append(Block(kind, Place(reading.path, line), reading.prose(lines, line, "a definition")))
    bare = [child for child in children if child.kind is BlockKind.TERM and MARKER.match(child.inline.text)]
    if bare or children[-1].kind is BlockKind.TERM:
        hint = "put a blank line behind the definitions"
        reading.report("parse.mark", (*bare, children[-1])[0].place.line, mark="a term without definition", hint=hint)
    return Block(BlockKind.DEFINITIONS, Place(reading.path, chunk.line), children=tuple(children))


def _entries(chunk: Chunk) -> list[list[tuple[int, str]]]:
    """Return each term and definition as lines with their numbers; an indented line goes on with the one before."""
    entries: list[list[tuple[int, str]]] = []
    for line, text in enumerate(chunk.body, chunk.line):
        if entries and text.startswith(("    ", "\t")):
            entries[-1].append((line, text.strip()))
        elif text.strip():
            entries.append([(line, text)])
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
