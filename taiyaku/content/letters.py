"""The law of text: every letter of a manuscript that is no mark is in exactly one block, in its order. Pure.

It reads a manuscript in its own way and shares nothing with `parse`: it knows what a mark looks like, and nothing of
blocks. So what `parse` loses, moves, doubles or takes for text shows as a difference.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from html import unescape
from html.entities import html5
from itertools import zip_longest
from typing import Final

from taiyaku.model.content import Block, Manuscript, walk
from taiyaku.model.findings import Finding, Place

_NOTE: Final = r"^\[\^(?P<name>[^\]\n]+)\]:(?P<body>.*(?:\n(?:[ \t]*\n)*(?:[ ]{4}|\t).*)*)"
_BRACKETS: Final = r"\((?:[^()\n]|\n(?![ \t]*\n)|\([^()\n]*\))*\)[ \t]*$"
_UNSEEN: Final = r"[\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
_inner, _linked = r"[^()\n]*", r"(?:\\.|[^\[\]\\])*"
for _ in range(4):
    _inner, _linked = rf"(?:[^()\n]|\({_inner}\))*", rf"(?:\\.|[^\[\]\\]|\[{_linked}\])*"
_ADDRESS: Final = rf"""\((?:(?!\s["'])(?:[^()\n]|\n(?![ \t]*\n)|\({_inner}\)))*(?:\)|(?=\s["']))"""  # a caption stays
_MARKS: Final = re.compile(
    rf"""
      \\[!-/:-@\[-`{{-~]
    | <!--(?:-?>|[\s\S]*?-->)
    | ^[ \t]*\[(?://|comment|)\]:(?:[ \t]*\S+\s+{_BRACKETS}|.*$)
    | ^[ \t]*\[[^\]@^\n]+\]:[ \t]*(?:\#|<[ \t]*\#?[ \t]*>)(?=\s|$)(?:\s+{_BRACKETS}|.*$)
    | {_NOTE}
    | (?<!`)(?P<ticks>`+)(?!`)(?P<code>(?:(?!\n[ \t]*\n)[\s\S])+?)(?<!`)(?P=ticks)(?!`)
    | \[@[^\]]*\]
    | \[\^(?P<call>[^\]\n]+)\]
    | \{{:[^{{}}\n]*\}}
    | \{{[A-Za-z][A-Za-z0-9-]*:
    | !?\[(?P<linked>{_linked})\]{_ADDRESS}
    | (?P<entity>&\#?\w+;)
    | ^[ \t>]*!!![ \t]*[\w-]*
    | ^(?P<item>[^\w\n]*?(?:[-*+]|\d{{1,9}}\.)(?:\s|{_UNSEEN})+)\[[xX]\](?=\s)
    """,
    re.VERBOSE | re.MULTILINE | re.IGNORECASE,
)
"""What is not printed: escapes, comments, keys of sources, attributes, tags of languages, addresses, kinds of boxes."""

_TAGS: Final = re.compile(r"<[^<>]*>")
_EXCERPT: Final = 40

Letters = Iterator[tuple[str, int]]
"""Letters, each with its place in the text that it is from."""


def check_letters(manuscript: Manuscript, blocks: Sequence[Block]) -> Iterator[Finding]:
    """Compare a manuscript with its blocks; tell of the first letter that is lost, moved, doubled or put in."""
    text, page = manuscript.text, "\n".join(_said(blocks))
    notes = {note["name"]: note for note in re.finditer(_NOTE, text, re.MULTILINE)}
    last = 0
    for written, read in zip_longest(_written(text, 0, len(text), notes), _plain(page, 0, len(page))):
        if written is None or read is None or written[0] != read[0]:
            at = last if written is None else written[1]
            facts = {
                "written": _excerpt(text, at) if written is not None else "",
                "read": _excerpt(" ".join(page[read[1] :].split()), 0) if read is not None else "",
            }
            yield Finding("parse.letters", Place(manuscript.path, text.count("\n", 0, at) + 1), facts)
            return
        last = written[1]


def _excerpt(text: str, at: int) -> str:
    return text[at : at + _EXCERPT].partition("\n")[0].strip()


def _said(blocks: Sequence[Block]) -> Iterator[str]:
    """Return what blocks print, in reading order; footnotes stand where they are called."""
    for block in walk(tuple(blocks)):
        yield "" if block.number is None else str(block.number)
        yield unescape(block.alt)
        yield from (unescape(_TAGS.sub("", inline.html)) for inline in (block.title, block.inline))


def _written(text: str, start: int, end: int, notes: Mapping[str, re.Match[str]]) -> Letters:
    """Return the letters of a part of a manuscript that are no marks; a footnote's stand where it is called."""
    at = start
    for mark in _MARKS.finditer(text, start, end):
        yield from _plain(text, at, mark.start())
        at = mark.end()
        if mark["code"] is not None:
            yield from _plain(text, *mark.span("code"))
        elif mark["item"] is not None:
            yield from _plain(text, *mark.span("item"))
        elif mark["linked"] is not None:
            yield from _written(text, *mark.span("linked"), notes)
        elif mark["entity"] is not None:
            said = unescape(mark["entity"]) if mark["entity"][1:] in html5 or "#" in mark["entity"] else mark["entity"]
            yield from ((letter, mark.start()) for letter, _ in _plain(said, 0, None))
        elif mark["call"] in notes:
            yield from _written(text, *notes[mark["call"]].span("body"), {})
    yield from _plain(text, at, end)


def _plain(text: str, start: int, end: int | None) -> Letters:
    """Return the letters, digits and signs of a text. Marks are made of the rest: spaces and ASCII punctuation."""
    for at, char in enumerate(text[start:end], start):
        kind = unicodedata.category(char)
        if char.isalnum() or (char > "\x7f" and kind[0] not in "ZC"):
            yield (str(unicodedata.decimal(char)) if kind == "Nd" else char), at
