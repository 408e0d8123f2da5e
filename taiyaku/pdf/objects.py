"""Reaching into a PDF's objects, whatever stands there (ISO 32000-2, 7.3)."""

import re
from collections.abc import Iterable
from decimal import Decimal
from itertools import count, groupby
from math import isfinite
from typing import Any, Final

import pikepdf


class OddError(ValueError):
    """Something in a file is not what ISO 32000-2 says.

    Attributes:
        why: What is wrong with it, as the end of a sentence.
        which: The thing itself, in short.
    """

    def __init__(self, why: str, which: str = "") -> None:
        super().__init__(f"{why} {which}".strip())
        self.why = why
        self.which = which


def is_holder(thing: Any) -> bool:
    """Tell whether a thing has entries: a dictionary, or a stream."""
    return isinstance(thing, pikepdf.Dictionary | pikepdf.Stream)


def entry(holder: Any, key: Any) -> Any:
    """Return an entry of a dictionary; None where there is none, or no dictionary."""
    return holder.get(key) if is_holder(holder) else None


def part(holder: Any, key: str) -> Any:
    """Return a dictionary in a dictionary; an empty one where there is none."""
    found = entry(holder, key)
    return found if isinstance(found, pikepdf.Dictionary | pikepdf.Stream) else {}


def listed(holder: Any, key: str) -> list[Any]:
    """Return the members of an array in a dictionary; a single thing stands for an array of one."""
    found = entry(holder, key)
    if found is None:
        return []
    return list(found) if isinstance(found, pikepdf.Array) else [found]


def number(thing: Any, default: float = 0.0) -> float:
    """Return a number; what is none is the default."""
    if isinstance(thing, bool) or not isinstance(thing, int | float | Decimal):
        return default
    try:
        read = float(thing)
    except OverflowError:
        return default
    return read if isfinite(read) else default


def numbers(thing: Any, count: int) -> tuple[float, ...] | None:
    """Return an array of so many numbers; None for anything else."""
    if not isinstance(thing, pikepdf.Array | list | tuple) or len(thing) != count:
        return None
    read = tuple(number(one, float("nan")) for one in thing)
    return read if all(map(isfinite, read)) else None


def key_of(thing: Any) -> tuple[int, int]:
    """Return an object's number and generation; 0 and 0 for what is no object of its own."""
    found: tuple[int, int] = getattr(thing, "objgen", (0, 0))
    return found


def spelt(thing: Any) -> str:
    """Return a name, a string or another thing as text.

    Names are bytes, which need not be UTF-8 (ISO 32000-2, 7.3.5): what is not is shown as a file writes it, ``#cb``.
    """
    text = bytes(thing).decode("utf-8", "surrogateescape") if isinstance(thing, pikepdf.Name) else str(thing)
    return _NO_UTF8.sub(lambda byte: f"#{ord(byte[0]) & 0xFF:02x}", text)


_NO_UTF8: Final = re.compile("[\ud800-\udfff]")
"""What is left in a text of bytes that are no UTF-8."""


def page_ranges(pages: Iterable[int]) -> str:
    """Say page numbers in short: ``1, 3–4``."""
    steps = count()
    runs = [list(group) for _, group in groupby(sorted(set(pages)), key=lambda number: number - next(steps))]
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs)
