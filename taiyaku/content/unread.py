"""Lines that look like marks which the guide format does not know: a page would show them as they are. Pure."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from taiyaku.content.lists import LEAD, MARKER

_BOX: Final = 'write !!! note "…" at the beginning of the line, and indent its text by four spaces'
_APART: Final = "put a blank line before it"
_LINK: Final = "write [text](address) where the link is"

_LINES: Final[tuple[tuple[re.Pattern[str], str, str], ...]] = tuple(
    (re.compile(pattern), mark, hint)
    for pattern, mark, hint in (
        (r"\[!\w+\]", "a box that begins with [!…]", _BOX),
        (r"\?\?\?", "a box that begins with ???", _BOX),
        (r":::", "a box that begins with :::", _BOX),
        (r"!!!", "a box that is indented", _BOX),
        (
            r"\[(?:[^\]\\@^]|\\.)(?:[^\]\\]|\\.)*\]:(?:\s|[/<#]|\w+:|$)",
            "the address of a link on a line of its own",
            _LINK,
        ),
        (r"(?:=+|-{2,})$", "a line under a heading", "write ## before the heading's words"),
        (
            r"(?:(?:\*\s*){3,}|(?:_\s*){3,}|(?=-+\s)(?:-\s*){3,})$",
            "a rule across the page",
            r"use a heading; write \_ if it is none",
        ),
        (r"\+{3}$", "a line of plus signs", "take the file's head away: what it says belongs into guide.toml"),
        (r"#{2,6}[^#\s]", "a heading without a space behind its #", "put a space there"),
        (r"#{1,6}\s", "a heading that is indented", "begin the line with the #"),
        (r"\d{1,9}\)\s", "a number with a bracket", r"write `1.` for a step, or `1\)` where it is none"),
        (r"\|.*\|$", "a table without its head or right under a text", "put a blank line before its head"),
        (r":\s", "a definition without its term", "write the term above it, and three spaces behind the colon"),
        (r"(?:```|~~~)", "a code block", "write its words as text"),
        (r"%%", "a comment between %%", "write <!-- … -->"),
        (r".*(?<!\\)(?:\\\\)*\\$", "a line break", "begin a new paragraph or a list item"),
        (
            r"[\[［]\s*[xX✓✔☑✗✘-]?\s*[\]］](?![(\[:])",
            "a box to tick without a space in it or behind it",
            "write - [ ] and its words",
        ),
    )
)
_BARE: Final = tuple(
    (re.compile(pattern), hint)
    for pattern, hint in (
        (r"[-–—•‣⁃▪▸●○■◆◦・·－＊](?![-\d]|\s+\d+\s*[-–—])\s*[^\s-]", "write `- ` before each item"),
        (r"[□☐▢]\s*\S", "write `- [ ] ` before each item"),
        (r"(?:\d{1,2}(?:[.．）](?!\d)|、)|[(（]\d{1,2}[)）]|[①-⑳])\s*\S", "write `1. `, `2. ` before the items"),
    )
)
"""How lists begin in other programs: as a text they would run on in one line."""

_STRUCK: Final = re.compile(r"~~(?=\S)[^~]+~~|__(?=[^\s_])[^_]+__|==(?=[^\s=])[^=]+==|\]\([^\s()]+[()]")


def unread_lines(lines: Sequence[str], inside: str) -> Iterator[tuple[int, str, str]]:
    """Find the lines of a text that begin like a mark: their places in it, what the mark is, what to do.

    Args:
        lines: A text's lines. What begins a block at its first line was read as that block.
        inside: What holds the text, where it is not a paragraph of its own.
    """
    listed = False
    before = ""
    told: set[str] = set()
    for at, line in enumerate(line.strip() for line in lines):
        line = LEAD.sub("", line)
        marker = MARKER.match(line) if at else None
        for pattern, hint in _BARE:
            if "list" not in told and not MARKER.match(line) and pattern.match(line) and pattern.match(before):
                told.add("list")
                yield at, "a list without its marks", f"{hint}, and a blank line before the list; else join the lines"
        before = line
        if marker and not listed:
            listed = True
            escaped = f"{marker[3]}\\." if marker[3] else f"\\{marker[2]}"
            where = f"inside {inside}" if inside else "right under a text"
            before = "put it behind the whole block" if inside else _APART
            yield at, f"a list {where}", f"{before}, or write {escaped} if it is none"
        if line.startswith(">"):
            where, hint = (f"inside {inside}", "put it behind the list") if inside else ("right under a text", _APART)
            yield at, f"a quotation {where}", hint
        for pattern, mark, hint in _LINES:
            if mark not in told and pattern.match(line):
                told.add(mark)
                yield at, mark, hint


def unread_words(written: str, read: str) -> str:
    """Find words that are still between ~~ or __ when they are read; a text with code or escapes may mean them."""
    found = _STRUCK.search(read) if not {"`", "\\"} & {*written} else None
    return found[0] if found else ""


def lost_breaks(text: str) -> Iterator[int]:
    """Find the lines that end with two spaces in the middle of a text, where Markdown breaks the line."""
    lines = text.split("\n")
    for number, (line, following) in enumerate(pairwise(lines), 1):
        begins = any(_BLOCK.match(one) for one in (line, following))
        if line.endswith("  ") and line.strip() and following.strip() and not begins and not MARKER.match(following):
            yield number


_BLOCK: Final = re.compile(r"\s*(?:#|\||!|:|>|\{:|```|~~~|\[\^)")
