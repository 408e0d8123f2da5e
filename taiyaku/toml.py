"""TOML → records, each fault with its line. Pure."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from pydantic import ValidationError

from taiyaku.findings import Finding, Place
from taiyaku.model import Record, TomlFile

R = TypeVar("R", bound=Record)

_AT_LINE = re.compile(r"\s*\(at line (\d+), column \d+\)|\s*\(at end of document\)")


def line_of(file: TomlFile, path: Sequence[object]) -> int:
    """Find the line on which the key at ``path`` is written (0: not found).

    Follows table headers; what stands in an inline table is found at its key's line.
    """
    keys = [str(part) for part in path if isinstance(part, str)]
    best, depth, table = 0, 0, ""
    for number, line in enumerate(file.text.splitlines(), 1):
        if header := re.match(r"^\s*\[+\s*([^\]]+?)\s*\]+", line):
            table = header[1].replace('"', "")
            key = table
        elif entry := re.match(r'^\s*"?([\w-]+)"?\s*=', line):
            key = f"{table}.{entry[1]}" if table else entry[1]
        else:
            continue
        parts = key.split(".")
        if len(parts) > depth and keys[: len(parts)] == parts:
            best, depth = number, len(parts)
    return best


def read_table(file: TomlFile) -> tuple[dict[str, Any], tuple[Finding, ...]]:
    """Read a TOML file; a syntax error is a finding with its line."""
    try:
        return tomllib.loads(file.text), ()
    except tomllib.TOMLDecodeError as error:
        at = _AT_LINE.search(str(error))
        line = int(at[1]) if at and at[1] else len(file.text.splitlines())
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
