"""Lists in Markdown: their items, each with its line, its number and its own lines. Pure.

A line belongs to an item where it stands under the item's text (CommonMark 0.31, 5.2), or is indented by four spaces,
as in Python-Markdown. So two, three and four spaces and a tab all nest.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

_SPACE: Final = r"[\s\u180e\u200b\u2060\ufeff]"
"""What counts as a space around a marker: keyboards and other programs put more than U+0020 and tabs there."""

DIRECTIONS: Final = r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
"""Marks of direction, which nobody sees: a program for Arabic or Hebrew puts them around a marker."""

_LEADS: Final = rf"(?:{_SPACE}|[{DIRECTIONS}])*"
MARKER: Final = re.compile(rf"^({_LEADS})([-*+]|(\d{{1,9}})\.)(?:[{DIRECTIONS}]*({_SPACE}+)|[{DIRECTIONS}]*$)")
RULE: Final = re.compile(r"^ {0,3}(?:(?:\* *){3,}|(?:- *){3,}|(?:_ *){3,})$")
LEAD: Final = re.compile(rf"^{_LEADS}")
_TAB: Final = 4
_WIDE: Final = "\u3000"
_NARROW: Final = re.compile(rf"[\u180e\u200b\u2060\ufeff{DIRECTIONS}]")


@dataclass(frozen=True, slots=True)
class Item:
    """An item: where its line stands in the list, from 0; its number as written, if any; its lines without indents."""

    line: int
    number: str
    lines: tuple[str, ...]


def indent(line: str) -> int:
    """Measure the white space before a line in columns: an ideographic space is two wide, tabs stop at every fourth."""
    columns = 0
    for char in _lead(line):
        columns += _TAB - columns % _TAB if char == "\t" else 2 if char == _WIDE else 0 if _NARROW.match(char) else 1
    return columns


def _lead(line: str) -> str:
    found = LEAD.match(line)
    return found[0].rstrip("\r\n") if found else ""


def _without(line: str, columns: int) -> str:
    """Take up to so many columns of white space off a line; of its own, deeper indent spaces are left."""
    return " " * max(indent(line) - columns, 0) + line[len(_lead(line)) :].rstrip()


class _Open:
    """The item that is being read: where text under it begins, and its lines so far."""

    def __init__(self, at: int, line: str, marker: re.Match[str]) -> None:
        self.at, self.number = at, marker[3] or ""
        before = indent(line)
        begins = before + len(marker[2])
        behind = len((" " * begins + (marker[4] or "")).expandtabs(_TAB)) - begins
        self._offset = begins + (behind if 1 <= behind <= _TAB else 1)
        self.room = min(self._offset, before + _TAB)
        self._first = line[marker.end() :]
        self.rest: list[str] = []

    def close(self) -> Item:
        """Return the item; its lines lose the indent of the first one that has text."""
        first = next((indent(line) for line in self.rest if line), 0)
        columns = first if self.room <= first < self._offset + _TAB else self._offset
        return Item(self.at, self.number, (self._first, *(_without(line, columns) for line in self.rest)))


def interrupts(line: str) -> bool:
    """Tell whether a line begins an item within a paragraph (CommonMark 0.31, 5.3: of numbers only 1 does)."""
    marker = MARKER.match(line)
    return marker is not None and bool(line[marker.end() :].strip()) and (not marker[3] or int(marker[3]) == 1)


def read_list(lines: Sequence[str], start: int, ends: Callable[[str], bool]) -> tuple[tuple[Item, ...], int]:
    """Read the list that begins at ``lines[start]``; give its items and where the line behind it is.

    Args:
        lines: The lines of a text.
        start: A line with a marker.
        ends: Whether a line that stands right under an item, and not in it, begins something else.
    """
    items: list[Item] = []
    item = _Open(0, lines[start].rstrip(), _marker(lines[start].rstrip()))
    at = start + 1
    while at < len(lines):
        line = lines[at].rstrip()
        marker = None if RULE.match(line) else MARKER.match(line)
        if line and indent(line) < item.room:
            if marker and bool(marker[3]) is bool(item.number):
                items.append(item.close())
                item = _Open(at - start, line, marker)
                at += 1
                continue
            if marker or not lines[at - 1].strip() or ends(line):
                break
        item.rest.append(line)
        at += 1
    return (*items, item.close()), at


def _marker(line: str) -> re.Match[str]:
    marker = MARKER.match(line)
    if marker is None:
        raise ValueError("a list begins with a marker")
    return marker
