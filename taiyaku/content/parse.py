"""Markdown → blocks and findings, each with its line. Pure.

``chunks`` cuts the file, this module turns each chunk into a block, ``inline`` converts the texts.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

from taiyaku.content.blocks import blocks_of
from taiyaku.content.chunks import NOTE, Chunk, ChunkKind, split
from taiyaku.content.comments import without_comments
from taiyaku.content.letters import check_letters
from taiyaku.content.reading import Reading
from taiyaku.content.unread import lost_breaks, unread_lines
from taiyaku.model.content import Block, BlockKind, Manuscript, Text
from taiyaku.model.findings import Finding, Place, errors

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]")
"""Controls, and other programs' line breaks: no page shows them, and what stands behind them is no line of its own."""

_MOST_STEPS: Final = 1000
"""A number from here on is a year, or whatever else: no list of steps is so long, and no page has room for it."""


@dataclass(frozen=True)
class Parsed:
    """A parsed file and what was wrong in it."""

    text: Text
    findings: tuple[Finding, ...]


@lru_cache(maxsize=1024)
def parse(manuscript: Manuscript) -> Parsed:
    """Parse a manuscript. Every finding names the file and the line."""
    reading = Reading(manuscript.path)
    for found in _CONTROL.finditer(manuscript.text):
        mark = f"the control character U+{ord(found[0]):04X}"
        line = manuscript.text.count("\n", 0, found.start()) + 1
        reading.report("parse.mark", line, mark=mark, hint="take it away; where a line ends, begin a new one")
    text, unclosed = without_comments(_CONTROL.sub(" ", manuscript.text))
    if unclosed:
        reading.report("parse.comment", unclosed)
    for line in lost_breaks(text):
        reading.findings.append(Finding("parse.break", Place(reading.path, line)))
    chunks = split(text)
    _read_notes(chunks, reading)
    blocks = tuple(blocks_of(chunks, reading, 0))
    _check_notes(reading)
    _check_headings(blocks, reading)
    _check_steps(blocks, reading)
    if not errors(reading.findings):
        reading.findings.extend(check_letters(manuscript, blocks))
    return Parsed(Text(manuscript, blocks), tuple(reading.findings))


def _read_notes(chunks: tuple[Chunk, ...], reading: Reading) -> None:
    for chunk in chunks:
        if chunk.kind is ChunkKind.NOTE and (match := NOTE.match(chunk.body[0])):
            lines = [match[2], *(line.strip() for line in chunk.body[1:])]
            for at, mark, hint in unread_lines(lines, "a footnote"):
                reading.report("parse.mark", chunk.line + at, mark=mark, hint=hint)
            text = " ".join(lines)
            reading.notes[match[1]] = reading.converted(text, chunk.line).inline
            reading.note_places[match[1]] = Place(reading.path, chunk.line)


def _check_notes(reading: Reading) -> None:
    for name, place in reading.note_places.items():
        if name not in reading.called:
            reading.findings.append(Finding("parse.note-unused", place, {"name": name}))


def _check_headings(blocks: tuple[Block, ...], reading: Reading) -> None:
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


def _check_steps(blocks: tuple[Block, ...], reading: Reading, parent: Block | None = None) -> None:
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
            reading.step(first, line, lowered=True)
        else:
            _check_row(block, reading)
    for block in blocks:
        if block.children and block.place.line not in told:
            _check_steps(block.children, reading, block)


def _read_on(blocks: Sequence[Block]) -> Iterator[Block]:
    """Return blocks with those in boxes and quotations in their places: steps go on through these."""
    for block in blocks:
        yield from _read_on(block.children) if block.kind in (BlockKind.BOX, BlockKind.QUOTE) else (block,)


def _check_row(steps: Block, reading: Reading) -> None:
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
