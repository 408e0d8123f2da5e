"""Chunks of Markdown become blocks, each with the line where it begins."""

import re
import xml.etree.ElementTree as etree
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from taiyaku.content.chunks import BOX, FIGURE, HEADING, Chunk, ChunkKind, ends_list, split
from taiyaku.content.inline import reader
from taiyaku.content.lists import DIRECTIONS, MARKER, Item, read_list
from taiyaku.content.reading import Reading
from taiyaku.model.content import Block, BlockKind, Inline
from taiyaku.model.findings import Place

BOXES: Final = ("note", "tip", "warning", "scam")
ATTRIBUTES: Final = (".solo", ".optional", ".labels")
_RUBY_BAR = re.compile(r"(\{[^{}|]*[^{}|\\])\|([^{}]*\})")
"""A reading's bar, which parts no cells of a table."""

_TASK = re.compile(rf"^[{DIRECTIONS}]*\[([\sxX])\]\s+")


def blocks_of(chunks: tuple[Chunk, ...], reading: Reading, offset: int) -> Iterator[Block]:
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


def _with_attributes(block: Block, chunk: Chunk, reading: Reading) -> Block:
    for attribute in chunk.attributes.split():
        if attribute not in ATTRIBUTES:
            reading.report("parse.attribute", chunk.line, attribute=attribute, known=", ".join(ATTRIBUTES))
    marks = chunk.attributes.split()
    marked = replace(block, optional=".optional" in marks)
    return _solo(marked) if ".solo" in marks else marked


def _labelled(figure: Block | None, labels: Block, reading: Reading) -> Block | None:
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


def _heading(chunk: Chunk, reading: Reading) -> Block | None:
    match = HEADING.match(chunk.body[0])
    if match is None or not match[2]:
        reading.report("parse.mark", chunk.line, mark="a heading without words", hint="write its words behind the #")
        return None
    inline = reading.inline(match[2], chunk.line)
    return Block(BlockKind.HEADING, Place(reading.path, chunk.line), inline, level=len(match[1]))


def _paragraph(chunk: Chunk, reading: Reading) -> Block:
    return Block(
        BlockKind.PARAGRAPH,
        Place(reading.path, chunk.line),
        reading.prose(tuple(enumerate(chunk.body, chunk.line)), chunk.line),
    )


def _quote(chunk: Chunk, reading: Reading) -> Block:
    inner = "\n".join(re.sub(r"^> ?", "", line) for line in chunk.body)
    with reading.inside(chunk.line) as room:
        children = tuple(blocks_of(split(inner), reading, chunk.line - 1)) if room else ()
    return Block(BlockKind.QUOTE, Place(reading.path, chunk.line), children=children)


def _box(chunk: Chunk, reading: Reading) -> Block | None:
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
        children = tuple(blocks_of(split(inner), reading, chunk.line)) if room else ()
    if not children:
        reading.report("parse.mark", chunk.line, mark="an empty box", hint="indent its text by four spaces")
    return Block(BlockKind.BOX, Place(reading.path, chunk.line), title=named, variant=kind, children=children)


def _phrase(chunk: Chunk, sentence: str | None, inner: str, reading: Reading) -> Block | None:
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


def _figure(chunk: Chunk, reading: Reading) -> Block | None:
    match = FIGURE.match(chunk.body[0])
    if match is None:
        return None
    alt, src, caption = match[1].strip(), match[2], match[3]
    if not alt:
        reading.report("figure.alt", chunk.line, src=src)
    title = reading.inline(caption, chunk.line) if caption else Inline()
    return Block(BlockKind.FIGURE, Place(reading.path, chunk.line), title=title, variant=src, alt=alt)


def _list(chunk: Chunk, reading: Reading) -> Block:
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


def _item(item: Item, first: int, reading: Reading) -> Block:
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


def _table(chunk: Chunk, reading: Reading) -> Block:
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


def _row(tr: etree.Element, line: int, reading: Reading) -> Block:
    place = Place(reading.path, line)
    header = any(cell.tag == "th" for cell in tr)
    cells = tuple(
        Block(BlockKind.CELL, place, reading.inline((cell.text or "").replace(r"\|", "|"), line)) for cell in tr
    )
    return Block(BlockKind.ROW, place, variant="header" if header else "", children=cells)


def _definitions(chunk: Chunk, reading: Reading) -> Block:
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


def _refused(mark: str, hint: str) -> Callable[[Chunk, Reading], Block | None]:
    def make(chunk: Chunk, reading: Reading) -> Block | None:
        reading.report("parse.mark", chunk.line, mark=mark, hint=hint)
        return None

    return make


_MAKERS: Final[dict[ChunkKind, Callable[[Chunk, Reading], Block | None]]] = {
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
