"""Split a Markdown file into its top-level blocks, each with its line. Pure.

Python-Markdown keeps no line numbers, so the file is cut first and each piece is converted alone.
Law: joining the chunks' lines gives the file.
"""

import re
from dataclasses import dataclass
from enum import StrEnum, auto

from taiyaku.content.lists import MARKER, RULE, interrupts, read_list


class ChunkKind(StrEnum):
    """What the first line of a chunk says that it is."""

    HEADING = auto()
    LIST = auto()
    TABLE = auto()
    DEFINITIONS = auto()
    BOX = auto()
    QUOTE = auto()
    NOTE = auto()
    FIGURE = auto()
    CODE = auto()
    RULE = auto()
    PARAGRAPH = auto()


@dataclass(frozen=True, slots=True)
class Chunk:
    """A top-level block as written: its lines with their ends, blank lines behind it included."""

    kind: ChunkKind
    line: int
    lines: tuple[str, ...]
    attributes: str = ""

    @property
    def body(self) -> tuple[str, ...]:
        """Return the lines without blank ones at either end, without line ends and attribute line."""
        lines = [line.rstrip() for line in self.lines]
        if self.attributes:
            lines = [line for line in lines if not ATTRIBUTES.match(line)]
        start = next((i for i, line in enumerate(lines) if line), len(lines))
        end = next((i for i in range(len(lines), 0, -1) if lines[i - 1]), start)
        return tuple(lines[start:end])


ATTRIBUTES = re.compile(r"^\{:\s*([^}]*?)\s*\}$")
HEADING = re.compile(r"^(#{1,6})(?:\s+(.*?))?\s*#*$")
BOX = re.compile(r'^!!!\s*([\w-]*)\s*(?:"(.*)")?\s*$')
NOTE = re.compile(r"^\[\^([^\]]+)\]:\s*(.*)$")
FIGURE = re.compile(r'^!\[((?:[^\[\]]|\[[^\[\]]*\])*)\]\(\s*([^\s)"]*)(?:\s+"(.*)")?\s*\)$')
TABLE_RULE = re.compile(r"^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$")
_INDENTED = re.compile(r"^(?: {4}|\t)")
_FENCE = re.compile(r"^(?:```|~~~)")


def _kind(lines: list[str], at: int) -> ChunkKind:
    line = lines[at].rstrip()
    following = lines[at + 1].rstrip() if at + 1 < len(lines) else ""
    tests = (
        (ChunkKind.HEADING, HEADING.match(line)),
        (ChunkKind.BOX, line.startswith("!!!")),
        (ChunkKind.NOTE, NOTE.match(line)),
        (ChunkKind.FIGURE, FIGURE.match(line)),
        (ChunkKind.RULE, RULE.match(line)),
        (ChunkKind.LIST, MARKER.match(line) and not _INDENTED.match(line)),
        (ChunkKind.QUOTE, line.startswith(">")),
        (ChunkKind.CODE, _INDENTED.match(line) or _FENCE.match(line)),
        (ChunkKind.TABLE, "|" in line and "|" in following and TABLE_RULE.match(following)),
        (ChunkKind.DEFINITIONS, following.startswith(":   ")),
    )
    return next((kind for kind, found in tests if found), ChunkKind.PARAGRAPH)


_HOLDS_INDENTED = frozenset({ChunkKind.BOX, ChunkKind.NOTE, ChunkKind.DEFINITIONS, ChunkKind.CODE})
_ONE_LINE = frozenset({ChunkKind.HEADING, ChunkKind.FIGURE, ChunkKind.RULE})


def _goes_on(kind: ChunkKind, lines: list[str], at: int) -> bool:
    """Tell whether ``lines[at]``, the first after a blank line, still belongs to the chunk."""
    line = lines[at]
    if kind in _HOLDS_INDENTED and _INDENTED.match(line):
        return True
    return kind is ChunkKind.DEFINITIONS and _kind(lines, at) is ChunkKind.DEFINITIONS


def _interrupts(kind: ChunkKind, lines: list[str], at: int, *, in_item: bool) -> bool:
    """Tell whether ``lines[at]``, directly under the chunk, begins another one all the same."""
    line = lines[at]
    if kind in _ONE_LINE:
        return True
    if kind in (ChunkKind.BOX, ChunkKind.NOTE):
        return not _INDENTED.match(line)
    inner = in_item and kind is ChunkKind.PARAGRAPH and interrupts(line) and not _INDENTED.match(line)
    return inner or begins_anew(line)


def begins_anew(line: str) -> bool:
    """Tell whether a line begins a block that needs no blank line before it."""
    return bool(HEADING.match(line.rstrip()) or NOTE.match(line)) or line.startswith("!!!")


def ends_list(line: str) -> bool:
    """Tell whether a line right under a list, and in no item, is not of the list."""
    return begins_anew(line) or bool(RULE.match(line.rstrip()) or ATTRIBUTES.match(line.strip()))


def _end(kind: ChunkKind, lines: list[str], start: int, *, in_item: bool) -> int:
    """Find the line behind the chunk and its blank lines."""
    fence = _FENCE.match(lines[start])
    is_list = kind is ChunkKind.LIST
    at = read_list(lines, start, ends_list)[1] if is_list else start + 1
    while at < len(lines):
        line, blank_before = lines[at], not lines[at - 1].strip()
        if fence:
            at += 1
            if line.startswith(fence[0]):
                fence = None
            continue
        if not line.strip() or _is_attributes(lines, at):
            at += 1
            continue
        if is_list or _is_attributes(lines, _last_written(lines, at)):  # they close their block
            break
        if blank_before and not _goes_on(kind, lines, at):
            break
        if not blank_before and _interrupts(kind, lines, at, in_item=in_item):
            break
        at += 1
    return at


def _last_written(lines: list[str], at: int) -> int:
    """Find the last line before ``at`` that is not blank."""
    return next(i for i in range(at - 1, -1, -1) if lines[i].strip())


def _is_attributes(lines: list[str], at: int) -> bool:
    """Tell whether a line right under a block holds its attributes."""
    line = lines[at]
    return bool(ATTRIBUTES.match(line.strip())) and bool(lines[at - 1].strip()) and not _INDENTED.match(line)


def _attributes(lines: tuple[str, ...]) -> str:
    written = [match[1] for line in lines if not _INDENTED.match(line) and (match := ATTRIBUTES.match(line.strip()))]
    return " ".join(written)


def split(text: str, *, in_item: bool = False) -> tuple[Chunk, ...]:
    """Cut Markdown into chunks. Blank lines at the top belong to the first chunk.

    In an item of a list, a list may stand right under a text.
    """
    lines = re.findall(r".*\n|.+", text)
    chunks = []
    first = next((i for i, line in enumerate(lines) if line.strip()), len(lines))
    start = first
    while start < len(lines):
        kind = _kind(lines, start)
        end = _end(kind, lines, start, in_item=in_item)
        own = tuple(lines[0 if start == first else start : end])
        chunks.append(Chunk(kind, start + 1, own, _attributes(own)))
        start = end
    return tuple(chunks)
