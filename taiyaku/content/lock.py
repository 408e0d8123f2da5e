"""translations.lock: for which state of its source each translation was accepted. Text ↔ records, and the hashes. Pure.

A line a block, in reading order: its place in the pairing is its place in the file, so that a block put in
between adds one line and changes no other.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from taiyaku.model.content import Accepted, Block, BlockKind, Inline, Manuscript, Role, TomlFile
from taiyaku.model.findings import Finding, Place

NAME: Final = "translations.lock"

FORMAT: Final = "format 1"
"""Another way of hashing gets another number: a lock of the old one is then refused, not misread."""

_HEAD: Final = f"""\
# For which state of its source each translation was accepted. Do not edit: python3 build.py accept GUIDE
# One line a block, in reading order: its kind, a hash of the source's block, a hash of the translation's.
{FORMAT}
"""

_SECTION: Final = re.compile(r"\[([^\[\]]+\.md)\]")
_DIGITS: Final = 16
"""64 bits: two of a million blocks share a hash with a chance of 1 in 37 million."""
_BLOCK: Final = re.compile(rf"([a-z]+) ([0-9a-f]{{{_DIGITS}}}) ([0-9a-f]{{{_DIGITS}}})")


def section(manuscript: Manuscript) -> str:
    """Name a manuscript as the lock does: by its path inside the guide."""
    below = "checklists/" if manuscript.role is Role.CHECKLIST else ""
    return f"{manuscript.language}/{below}{manuscript.name}.md"


def fingerprint(block: Block) -> str:
    """Return a hash of what a block says: not of its line, its white space, or how its text is set."""
    data = json.dumps(_content(block), ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(data.encode()).hexdigest()[:_DIGITS]


def _content(block: Block) -> list[Any]:
    """Return what counts as a change. A row of a table is one block with its cells."""
    cells = [_content(cell) for cell in block.children] if block.kind is BlockKind.ROW else []
    texts = [_said(block.title), _said(block.inline)]
    return [block.level, block.variant, block.checked, _plain(block.alt), *texts, cells]


def _said(inline: Inline) -> list[Any]:
    notes = [_said(note) for note in inline.notes]
    return [_plain(inline.text), [*map(_plain, inline.readings)], [*inline.cites], [*inline.links], notes]


def _plain(text: str) -> str:
    return " ".join(text.split())


def write_lock(accepted: Mapping[str, tuple[Accepted, ...]]) -> str:
    """Write a lock: the files in the order of their names, their blocks in reading order."""
    return _HEAD + "".join(_section(name, accepted[name]) for name in sorted(accepted))


def _section(name: str, blocks: tuple[Accepted, ...]) -> str:
    lines = (f"{block.kind} {block.source} {block.translation}\n" for block in blocks)
    return f"\n[{name}]\n{''.join(lines)}"


def read_lock(file: TomlFile) -> tuple[dict[str, tuple[Accepted, ...]] | None, tuple[Finding, ...]]:
    """Read a lock; None and a finding at the first line that the program has not written so.

    What stands there is not told: it may be anything but a lock.
    """
    sections: dict[str, list[Accepted]] = {}
    for number, why in _lines(file.text, sections):
        if why:
            return None, (Finding("load.lock", Place(file.path, number), {"why": why}),)
    return {name: tuple(blocks) for name, blocks in sections.items()}, ()


def _lines(text: str, sections: dict[str, list[Accepted]]) -> Iterator[tuple[int, str]]:
    """Fill ``sections`` line by line; give each line's number, and what is wrong with it."""
    blocks: list[Accepted] | None = None
    known = False
    for number, line in enumerate(text.split("\n"), 1):
        why = ""
        if not line or line.startswith("#"):
            continue
        if not known:
            known, why = True, "" if line == FORMAT else f"it is not `{FORMAT}`"
        elif header := _SECTION.fullmatch(line):
            why = "its file is there twice" if header[1] in sections else ""
            blocks = sections.setdefault(header[1], [])
        elif blocks is None:
            why = "it belongs to no file"
        elif (entry := _BLOCK.fullmatch(line)) and entry[1] in tuple(BlockKind):
            blocks.append(Accepted(BlockKind(entry[1]), entry[2], entry[3]))
        else:
            why = "it is not a kind of block with two hashes"
        yield number, why
    if not known:
        yield 1, f"`{FORMAT}` is missing"
