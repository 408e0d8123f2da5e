"""Blocks × blocks → pairs and findings. Pure.

The pairing law: every block of both languages is in exactly one pair, in order; heading with
heading of the same level, item with item, row with row. A block without partner, or beside one of
another kind, is a finding that names both files and lines.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from taiyaku.model.content import Block, BlockKind, Pair, Text
from taiyaku.model.findings import Finding, Place

WHAT: Final = {
    BlockKind.HEADING: "the heading",
    BlockKind.PARAGRAPH: "the paragraph",
    BlockKind.STEPS: "the list of steps",
    BlockKind.BULLETS: "the list",
    BlockKind.TASKS: "the list of boxes",
    BlockKind.ITEM: "the list item",
    BlockKind.TABLE: "the table",
    BlockKind.ROW: "the table row",
    BlockKind.CELL: "the table cell",
    BlockKind.DEFINITIONS: "the list of definitions",
    BlockKind.TERM: "the term",
    BlockKind.DEFINITION: "the definition",
    BlockKind.BOX: "the box",
    BlockKind.PHRASE: "the phrase card",
    BlockKind.FIGURE: "the picture",
    BlockKind.QUOTE: "the quotation",
}

_GAP: Final = 1.0
_OTHER_KIND: Final = 1.9
"""Dearer than one gap, a little cheaper than two: blocks of two kinds meet only where both lack a partner."""


@dataclass(frozen=True)
class Paired:
    """The pairs of two texts, and where the law is broken."""

    pairs: tuple[Pair, ...]
    findings: tuple[Finding, ...]


def alone(text: Text) -> Paired:
    """Make pairs of a text that is printed in one language only."""
    return Paired(tuple(_single(block, first=True) for block in text.blocks), ())


def pair(first: Text, second: Text) -> Paired:
    """Pair two texts by the pairing law."""
    names = (first.manuscript.language, second.manuscript.language)
    ends = (Place(first.manuscript.path), Place(second.manuscript.path))
    walk = _Pairing(names)
    pairs = tuple(walk.pairs(first.blocks, second.blocks, ends))
    return Paired(pairs, tuple(walk.findings))


def _single(block: Block, *, first: bool) -> Pair:
    children = tuple(_single(child, first=first) for child in block.children)
    return Pair(block if first else None, None if first else block, children)


_ANCHOR: Final = re.compile(r"[0-9][0-9,.:-]*|[A-Za-z]{2,}")


def _anchors(block: Block) -> frozenset[str]:
    """Return what a block has in common with its translation: digits, Latin words, sources."""
    own = {word.lower() for inline in block.inlines for word in _ANCHOR.findall(inline.text)}
    cited = {f"@{key}" for inline in block.inlines for key in inline.cites}
    return frozenset(own | cited).union(*(_anchors(child) for child in block.children))


def _size(block: Block) -> int:
    return sum(len(inline.text) for inline in block.inlines) + sum(map(_size, block.children))


@dataclass(frozen=True)
class _Shape:
    """What the alignment compares: computed once a block."""

    kind: BlockKind
    level: int
    variant: str
    anchors: frozenset[str]
    size: int


def _shape(block: Block) -> _Shape:
    variant = "" if block.kind is BlockKind.FIGURE else block.variant
    return _Shape(block.kind, block.level, variant, _anchors(block), _size(block))


def _distance(a: _Shape, b: _Shape) -> float:
    """Say how unlike two blocks are: 0 … 0.9 for one kind, ``_OTHER_KIND`` for two."""
    if a.kind is not b.kind:
        return _OTHER_KIND
    union = a.anchors | b.anchors
    apart = 1 - len(a.anchors & b.anchors) / len(union) if union else 0.0
    ratio = 1 - (min(a.size, b.size) + 8) / (max(a.size, b.size) + 8)
    other_form = 0.25 if (a.level, a.variant) != (b.level, b.variant) else 0.0
    return 0.4 * apart + 0.25 * ratio + other_form


def align(first: Sequence[Block], second: Sequence[Block]) -> tuple[tuple[int | None, int | None], ...]:
    """Align two rows of blocks, in order, so that as little as possible is left alone.

    Least total cost by dynamic programming (Needleman and Wunsch 1970; for translations Gale and
    Church 1993). Equal kinds in equal order are paired one to one whatever they say.
    """
    if [block.kind for block in first] == [block.kind for block in second]:
        return tuple((i, i) for i in range(len(first)))
    return _cheapest(tuple(map(_shape, first)), tuple(map(_shape, second)))


def _cheapest(first: tuple[_Shape, ...], second: tuple[_Shape, ...]) -> tuple[tuple[int | None, int | None], ...]:
    rows, columns = len(first), len(second)
    cost = [[(i + j) * _GAP for j in range(columns + 1)] for i in range(rows + 1)]
    for i in range(1, rows + 1):
        for j in range(1, columns + 1):
            beside = cost[i - 1][j - 1] + _distance(first[i - 1], second[j - 1])
            cost[i][j] = min(beside, cost[i - 1][j] + _GAP, cost[i][j - 1] + _GAP)
    steps: list[tuple[int | None, int | None]] = []
    i, j = rows, columns
    while i or j:
        if i and j and cost[i][j] == cost[i - 1][j - 1] + _distance(first[i - 1], second[j - 1]):
            i, j = i - 1, j - 1
            steps.append((i, j))
        elif i and cost[i][j] == cost[i - 1][j] + _GAP:
            i -= 1
            steps.append((i, None))
        else:
            j -= 1
            steps.append((None, j))
    return tuple(reversed(steps))


class _Pairing:
    """One run of the pairer over two texts: it gathers the findings."""

    def __init__(self, languages: tuple[str, str]) -> None:
        self.languages = languages
        self.findings: list[Finding] = []

    def pairs(self, first: Sequence[Block], second: Sequence[Block], ends: tuple[Place, Place]) -> Iterator[Pair]:
        """Pair two rows of blocks; solo blocks stand alone where they were written."""
        shared = [block for block in first if not block.solo], [block for block in second if not block.solo]
        before: tuple[Place, Place] = ends
        a, b = list(first), list(second)
        for i, j in align(*shared):
            left = shared[0][i] if i is not None else None
            right = shared[1][j] if j is not None else None
            yield from self._solos(a, left, first=True)
            yield from self._solos(b, right, first=False)
            yield from self._pair(left, right, before)
            before = (left.place if left else before[0], right.place if right else before[1])
        yield from (_single(block, first=True) for block in a)
        yield from (_single(block, first=False) for block in b)

    def _solos(self, row: list[Block], until: Block | None, *, first: bool) -> Iterator[Pair]:
        """Return the solo blocks that stand before ``until``, and take them and it off the row."""
        while until is not None and row and row[0] is not until:
            yield _single(row.pop(0), first=first)
        if until is not None:
            row.pop(0)

    def _pair(self, left: Block | None, right: Block | None, before: tuple[Place, Place]) -> Iterator[Pair]:
        """Pair two blocks; of two kinds each stands alone, so that a draft prints both whole."""
        if left is None or right is None:
            yield self._lonely(left, right, before)
        elif left.kind is not right.kind:
            self._report("pair.kind", left, right, first=WHAT[left.kind], second=WHAT[right.kind])
            yield from (_single(left, first=True), _single(right, first=False))
        else:
            self._compare(left, right)
            children = tuple(self.pairs(left.children, right.children, (left.place, right.place)))
            yield Pair(left, right, children)

    def _lonely(self, left: Block | None, right: Block | None, before: tuple[Place, Place]) -> Pair:
        block, language, near = (left, self.languages[1], before[1]) if left else (right, self.languages[0], before[0])
        if block is None:
            raise ValueError("a pair has at least one block")
        facts = {"what": WHAT[block.kind], "language": language}
        self.findings.append(Finding("pair.missing", block.place, facts, near))
        return _single(block, first=left is not None)

    def _compare(self, left: Block, right: Block) -> None:
        """Report what differs between two blocks of one kind."""
        if left.level != right.level:
            self._report("pair.level", left, right, first=left.level, second=right.level)
        if _start(left) != _start(right) and left.children and right.children:
            self._report("pair.steps", left, right, first=_start(left), second=_start(right))
        if left.kind is BlockKind.BOX and left.variant != right.variant:
            self._report("pair.box", left, right, first=left.variant, second=right.variant)
        if left.kind is BlockKind.PHRASE and left.title.html != right.title.html:
            self._report("pair.phrase", left, right)

    def _report(self, code: str, left: Block, right: Block, **facts: Any) -> None:
        self.findings.append(Finding(code, left.place, facts, right.place))


def _start(block: Block) -> str:
    """Return the number with which a list begins, as people say it; empty where a block is no list of steps."""
    first = block.children[0] if block.children else block
    return "" if first.kind is not BlockKind.ITEM else "no number" if first.number is None else str(first.number)


@dataclass(frozen=True, slots=True)
class Manuscripts:
    """The paired texts of one document: chapters of a booklet, or the one checklist."""

    names: tuple[str, ...]
    pairs: tuple[tuple[Pair, ...], ...]
