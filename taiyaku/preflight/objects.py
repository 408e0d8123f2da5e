"""Reaching into a PDF's objects, whatever stands there (ISO 32000-2, 7.3)."""

from typing import Any

import pikepdf


def part(holder: Any, key: str) -> Any:
    """Give a dictionary in a dictionary; an empty one where there is none."""
    found = holder.get(key)
    return found if isinstance(found, pikepdf.Dictionary | pikepdf.Stream) else {}


def listed(holder: Any, key: str) -> list[Any]:
    """Give the members of an array in a dictionary; a single thing stands for an array of one."""
    found = holder.get(key)
    if found is None:
        return []
    return list(found) if isinstance(found, pikepdf.Array) else [found]
