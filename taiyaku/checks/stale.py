"""Pairs × what was accepted → which translations are stale. Pure.

A translation is accepted for one state of its source. It is **stale** where the source says something else now. Blocks
are known by what they say, not by their number: a block put in between changes nothing for those behind it.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Final

from taiyaku.content.lock import fingerprint, section
from taiyaku.model.content import Accepted, Block, BlockKind, Pair, Text
from taiyaku.model.findings import Finding, Place

_WITHOUT_WORDS: Final = frozenset({BlockKind.BOX, BlockKind.FIGURE, BlockKind.ROW})
"""What is a block of its own even where it has no words: a box's kind, a picture's file, a row's cells count."""


class Freshness(StrEnum):
    """How a translated block stands to what was accepted."""

    ACCEPTED = "accepted"
    STALE = "stale"
    CHANGED = "changed"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Judged:
    """A source's block, its translation, what would be accepted of them now, and how that stands."""

    source: Block
    translation: Block
    now: Accepted
    state: Freshness


@dataclass(frozen=True, slots=True)
class Review:
    """A translation beside its source: its blocks, how many it lacks, and where the pairing law is broken."""

    source: Text
    translation: Text
    blocks: tuple[Judged, ...]
    missing: int
    faults: tuple[Finding, ...]

    def count(self, *states: Freshness) -> int:
        """Count the blocks in some states."""
        return sum(block.state in states for block in self.blocks)


def units(blocks: Iterable[Block]) -> Iterator[Block]:
    """Return the blocks that are accepted one by one, in reading order: what says something; a row with its cells."""
    for block in blocks:
        if _is_unit(block) and not block.solo:
            yield block
        if block.kind is not BlockKind.ROW:
            yield from units(block.children)


def _is_unit(block: Block) -> bool:
    return block.kind in _WITHOUT_WORDS or bool(block.inlines)


def review(
    source: Text,
    translation: Text,
    pairs: Sequence[Pair],
    faults: tuple[Finding, ...],
    accepted: Mapping[str, tuple[Accepted, ...]],
) -> Review:
    """Judge a translation by what was accepted of it.

    Args:
        source: The text in the source language.
        translation: The same text in another.
        pairs: The two paired, the source first.
        faults: Where they break the pairing law.
        accepted: What the lock says, by the names of its sections.
    """
    both = tuple(_both(pairs))
    now = tuple(Accepted(a.kind, fingerprint(a), fingerprint(b)) for a, b in both)
    standing = frozenset(map(fingerprint, units(source.blocks))) if faults else frozenset[str]()
    states = judge(accepted.get(section(translation.manuscript), ()), now, standing)
    blocks = tuple(Judged(a, b, one, state) for (a, b), one, state in zip(both, now, states, strict=True))
    return Review(source, translation, blocks, _missing(pairs), faults)


def _both(pairs: Iterable[Pair]) -> Iterator[tuple[Block, Block]]:
    for pair in pairs:
        if pair.first is not None and pair.second is not None and (_is_unit(pair.first) or _is_unit(pair.second)):
            yield pair.first, pair.second
        if pair.kind is not BlockKind.ROW:
            yield from _both(pair.children)


def _missing(pairs: Iterable[Pair]) -> int:
    """Count the source's blocks that no block of the translation stands beside."""
    found = 0
    for pair in pairs:
        if pair.first is not None and pair.second is None:
            found += sum(1 for _ in units((pair.first,)))
        else:
            found += _missing(pair.children)
    return found


_RULES: Final[tuple[tuple[Freshness, Callable[[Accepted], tuple[str, ...]]], ...]] = (
    (Freshness.ACCEPTED, lambda one: (one.source, one.translation)),
    (Freshness.STALE, lambda one: (one.translation,)),
    (Freshness.CHANGED, lambda one: (one.source,)),
)
"""By what a block is known again: by both hashes; by the translation's, then the source is another; by the source's."""


def judge(
    before: Sequence[Accepted], now: Sequence[Accepted], standing: Collection[str] = frozenset()
) -> tuple[Freshness, ...]:
    """Say how each block stands to what was accepted.

    Where both texts of a block are unknown, it is a changed one if an accepted one of its kind is gone from that very
    place: then it is stale. Otherwise it is new.

    Args:
        before: What was accepted, in reading order.
        now: What stands there, in reading order.
        standing: Where the pairing law is broken, the hashes of all that the source says: a translation may stand
            beside the wrong block then, and is not stale as long as its own source is still there.
    """
    found: dict[int, int] = {}
    states: dict[int, Freshness] = {}
    for state, key in _RULES:
        for j, i in _known_again(before, now, found, key):
            found[j] = i
            states[j] = Freshness.ACCEPTED if state is Freshness.STALE and before[i].source in standing else state
    if len(found) < len(now):
        states |= dict.fromkeys(_in_place_of_another(before, now, found), Freshness.STALE)
    return tuple(states.get(j, Freshness.NEW) for j in range(len(now)))


def _known_again(
    before: Sequence[Accepted],
    now: Sequence[Accepted],
    found: Mapping[int, int],
    key: Callable[[Accepted], tuple[str, ...]],
) -> list[tuple[int, int]]:
    """Match what is not matched yet by a key; of equal ones the first with the first."""
    taken = set(found.values())
    free: dict[tuple[str, ...], deque[int]] = defaultdict(deque)
    for i, one in enumerate(before):
        if i not in taken:
            free[key(one)].append(i)
    return [(j, free[key(one)].popleft()) for j, one in enumerate(now) if j not in found and free[key(one)]]


def _in_place_of_another(
    before: Sequence[Accepted], now: Sequence[Accepted], found: Mapping[int, int]
) -> Iterator[int]:
    """Return the unknown blocks that stand where accepted ones of their kind are gone."""
    taken = set(found.values())
    here = [found.get(j, -1 - j) for j in range(len(now))]
    for step, i, end, j, last in SequenceMatcher(None, range(len(before)), here, autojunk=False).get_opcodes():
        gone = {before[k].kind for k in range(i, end) if k not in taken} if step == "replace" else set()
        yield from (k for k in range(j, last) if k not in found and now[k].kind in gone)


_WHY: Final = {
    Freshness.CHANGED: "has changed since it was accepted",
    Freshness.NEW: "was never accepted",
}


def check_stale(reviews: Iterable[Review], accepted: Mapping[str, tuple[Accepted, ...]]) -> Iterator[Finding]:
    """Report stale translations, and as warnings those that nobody has accepted as they stand."""
    for one in reviews:
        path = one.translation.manuscript.path
        if section(one.translation.manuscript) not in accepted:
            yield _unaccepted(Place(path), Place(one.source.manuscript.path), Freshness.NEW, path)
            continue
        for block in one.blocks:
            place, also = block.translation.place, block.source.place
            if block.state is Freshness.STALE:
                yield Finding("translation.stale", place, {"file": path}, also)
            elif block.state is not Freshness.ACCEPTED:
                yield _unaccepted(place, also, block.state, path)


def _unaccepted(place: Place, also: Place, state: Freshness, path: str) -> Finding:
    facts = {"why": _WHY[state], "file": path}
    return Finding("translation.unaccepted", place, facts, also)


def marked(texts: Iterable[Text], reviews: Iterable[Review]) -> tuple[Text, ...]:
    """Mark the stale blocks of texts, so that a draft can show them."""
    stale = {one.translation.manuscript: _stale(one) for one in reviews}
    return tuple(
        replace(text, blocks=_marked(text.blocks, stale[text.manuscript])) if stale.get(text.manuscript) else text
        for text in texts
    )


def _stale(one: Review) -> frozenset[Block]:
    return frozenset(block.translation for block in one.blocks if block.state is Freshness.STALE)


def _marked(blocks: Iterable[Block], stale: Collection[Block], *, all_of_them: bool = False) -> tuple[Block, ...]:
    """Mark blocks; the cells of a row with it, since they hold its texts."""
    return tuple(
        replace(block, stale=is_stale, children=_marked(block.children, stale, all_of_them=whole))
        for block in blocks
        for is_stale in (all_of_them or block in stale,)
        for whole in (is_stale and block.kind is BlockKind.ROW,)
    )
