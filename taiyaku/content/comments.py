"""Comments in Markdown: notes of those who write, which no reader gets to see. Pure."""

import re
from typing import Final

_OPEN: Final = "<!--"
_CLOSE: Final = "-->"
_FENCED: Final = r"^(?P<fence>```|~~~)[\s\S]*?^(?P=fence)"
_CODE: Final = r"(?<![\\`])(?P<ticks>`+)(?!`)(?:(?!\n\s*\n)[\s\S])+?(?<!`)(?P=ticks)(?!`)"
_ESCAPED: Final = r"\\[\\`<\[]"
_TITLE: Final = (
    r"(?:\((?:(?!\n\s*\n)(?:[^()]|\([^()]*\)))*\)"
    r'|"(?:(?!\n\s*\n)[^"])*"'
    r"|'(?:(?!\n\s*\n)[^'])*')[ \t]*$"
)
_LINK: Final = (
    rf"^[ \t]*\[(?://|comment|)\]:[ \t]*(?:\S+\s+{_TITLE}|.*$)"
    rf"|^[ \t]*\[[^\]@^\n]+\]:[ \t]*(?:#|<[ \t]*#?[ \t]*>)(?=\s|$)(?:\s+{_TITLE}|.*$)"
)
"""An address that leads nowhere, for the sake of its title: ``[//]: # (a note)``, ``[comment]: <> (a note)``."""
_MET: Final = re.compile(
    rf"{_FENCED}|{_CODE}|{_ESCAPED}|(?P<link>{_LINK})|(?P<open>{_OPEN})", re.MULTILINE | re.IGNORECASE
)


_UNENDED: Final = re.compile(r"\A[^:]*:\s*\S+\s+\((?!.*\)\s*\Z)", re.DOTALL)


def without_comments(text: str) -> tuple[str, int]:
    """Take out comments, so that every other line keeps its number; give the line of one that never ends, or 0.

    A comment inside code is code (CommonMark 0.31, 6.1). One that holds the beginning of another, and one in brackets
    with a blank line in it, end before those who wrote them meant: they are told as if they never did.
    """
    kept, unclosed, at = "", 0, 0
    while met := _MET.search(text, at):
        kept += text[at : met.start()]
        at = met.end()
        if met["link"] is not None:
            kept += "\n" * met["link"].count("\n")
            if _UNENDED.search(met["link"]):
                unclosed = unclosed or text.count("\n", 0, met.start()) + 1
        elif met["open"] is None:
            kept += met[0]
        elif unclosed or (end := _end(text, met.start())) < 0:
            unclosed = unclosed or text.count("\n", 0, met.start()) + 1
        else:
            gone = text[met.start() : end]
            if _OPEN in gone[1:] and _CLOSE in text[end:].partition(_OPEN)[0]:
                unclosed = unclosed or text.count("\n", 0, met.start()) + 1
            inner = gone.rpartition("\n")[2] if "\n" in gone else ""
            kept += "\n" * gone.count("\n") + inner[: len(inner) - len(inner.lstrip())]
            at = end
            if not kept.rpartition("\n")[2].strip():  # what follows begins the line
                while text[at : at + 1] in (" ", "\t"):
                    at += 1
    return kept + text[at:], unclosed


def _end(text: str, start: int) -> int:
    """Find the place behind a comment (CommonMark 0.31, 6.6: ``<!-->`` and ``<!--->`` are whole ones)."""
    for short in ("<!-->", "<!--->"):
        if text.startswith(short, start):
            return start + len(short)
    found = text.find(_CLOSE, start + len(_OPEN))
    return found + len(_CLOSE) if found >= 0 else -1
