"""TOML → records, each fault with its line. Pure."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from pydantic import ValidationError

from taiyaku.model.content import Record, TomlFile
from taiyaku.model.findings import Finding, Place

R = TypeVar("R", bound=Record)

_AT_LINE = re.compile(r"\s*\(at line (\d+), column \d+\)|\s*\(at end of document\)")


_KEY = r"""(?:"[^"]*"|'[^']*'|[\w-]+)"""
_DOTTED = rf"{_KEY}(?:\s*\.\s*{_KEY})*"
_DEEP = re.compile(rf"^[^\S\n]*+(?:\[|[^\n#\"'=\[]*=\s*\{{)*\s*+(?:{_KEY}\s*+\.\s*+){{50}}", re.MULTILINE)
"""A key of more parts than anybody writes, in a line, a header or an inline table."""

_HEADER = re.compile(rf"^\s*\[+\s*({_DOTTED})\s*\]+")
_ENTRY = re.compile(rf"^\s*({_DOTTED})\s*=")


def line_of(file: TomlFile, path: Sequence[object]) -> int:
    """Find the line on which the key at ``path`` is written (0: not found).

    Follows table headers and dotted keys; what stands in an inline table is found at its key's line.
    """
    keys = [str(part) for part in path if isinstance(part, str)]
    best, depth = 0, 0
    table: list[str] = []
    for number, line in enumerate(file.text.split("\n"), 1):
        if header := _HEADER.match(line):
            table = parts = _parts(header[1])
        elif entry := _ENTRY.match(line):
            parts = [*table, *_parts(entry[1])]
        else:
            continue
        shared = _shared(parts, keys)
        if shared > depth and (shared == len(parts) or shared == len(keys)):
            best, depth = number, shared
    return best


def _parts(dotted: str) -> list[str]:
    return [part.strip("\"'") for part in re.findall(_KEY, dotted)]


def _shared(first: Sequence[str], second: Sequence[str]) -> int:
    return next(
        (i for i, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), min(len(first), len(second))
    )


def read_table(file: TomlFile) -> tuple[dict[str, Any], tuple[Finding, ...]]:
    """Read a TOML file; a syntax error is a finding with its line, and so is what stands too deep in something else."""
    if deep := _DEEP.search(file.text):  # each part would be read again for every part behind it
        line = file.text.count("\n", 0, deep.end()) + 1
        return {}, (Finding("load.toml", Place(file.path, line), {"why": "the key has too many parts"}),)
    try:
        return tomllib.loads(file.text), ()
    except RecursionError:
        lines = file.text.split("\n")
        line = max(range(len(lines)), key=lambda at: lines[at].count("[") + lines[at].count("{")) + 1
        return {}, (Finding("load.toml", Place(file.path, line), {"why": "too many brackets stand in one another"}),)
    except tomllib.TOMLDecodeError as error:
        at = _AT_LINE.search(str(error))
        line = int(at[1]) if at and at[1] else file.text.rstrip("\n").count("\n") + 1
        why = _AT_LINE.sub("", str(error))
        return {}, (Finding("load.toml", Place(file.path, line), {"why": why}),)


def read_record(
    kind: type[R], values: Mapping[str, Any], file: TomlFile, at: tuple[str, ...] = ()
) -> tuple[R | None, tuple[Finding, ...]]:
    """Make a record of ``values``, which stand at ``at`` in ``file``."""
    try:
        return kind.model_validate(dict(values)), ()
    except ValidationError as error:
        return None, tuple(_finding(kind, fault, file, at) for fault in error.errors())


def _finding(kind: type[Record], fault: Any, file: TomlFile, at: tuple[str, ...]) -> Finding:
    path = (*at, *fault["loc"])
    key = ".".join(str(part) for part in path)
    line = line_of(file, path)
    if fault["type"] == "extra_forbidden":
        known = ", ".join(sorted(kind.model_fields))
        return Finding("load.key", Place(file.path, line), {"key": key, "known": known})
    return Finding("load.value", Place(file.path, line), {"key": key, "why": _lower(fault["msg"])})


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
