"""Thins the structure tree that the typesetter writes, before the file is written.

The typesetter gives every line of text an element of its own and every box of a layout table four.
A screen reader has to step through them, and they make a fifth of the file. What says nothing is
taken out: an element without attributes of its own whose parent can hold its contents
(ISO 32000-2, 14.8.4: Span, Div and NonStruct are grouping elements without meaning of their own).
"""

from collections.abc import Mapping
from typing import Any, Final

import pydyf

_EMPTY: Final = frozenset({"/Span", "/Div", "/NonStruct"})
"""Structure types that carry no meaning by themselves."""

_GROUPS: Final = frozenset({"/Document", "/Sect", "/Div", "/NonStruct", "/Part", "/Art", "/TD", "/TH", "/LBody"})
"""Structure types that may hold blocks."""

_PLAIN: Final = frozenset({"Type", "S", "K", "Pg", "P"})

Elements = Mapping[bytes, Any]


def thin(_document: object, pdf: pydyf.PDF) -> None:
    """Take meaningless elements out of a PDF's structure tree, in place. Called by the typesetter at the end."""
    elements = {o.reference: o for o in pdf.objects if isinstance(o, pydyf.Dictionary) and _is_element(o)}
    root = next((e for e in elements.values() if e["S"] == "/Document"), None)
    if root is None:
        return
    moved: dict[bytes, bytes] = {}
    _thin(root, elements, moved)
    _remap(pdf, moved)


def _is_element(candidate: Mapping[str, Any]) -> bool:
    return candidate.get("Type") == "/StructElem"


def _thin(element: Any, elements: Elements, moved: dict[bytes, bytes]) -> None:
    """Thin what is below an element, then take up the contents of children that say nothing."""
    kids: list[Any] = []
    for kid in element["K"]:
        child = elements.get(kid) if isinstance(kid, bytes) else None
        if child is None:
            kids.append(kid)
            continue
        _thin(child, elements, moved)
        if _says_nothing(child, element, elements):
            kids += _taken_up(child, element, elements, moved)
        else:
            kids.append(kid)
    element["K"] = pydyf.Array(kids)


def _says_nothing(child: Any, parent: Any, elements: Elements) -> bool:
    """Say whether a child may go: it has no meaning, and the parent may hold what it holds."""
    if child["S"] not in _EMPTY or not _PLAIN.issuperset(child):
        return False
    marks = [kid for kid in child["K"] if isinstance(kid, int)]
    if marks and (parent["S"] in _GROUPS - {"/TD", "/TH", "/LBody"} or parent.get("Pg") != child["Pg"]):
        return False
    blocks = [kid for kid in child["K"] if isinstance(kid, bytes) and kid in elements]
    inline = all(elements[kid]["S"] in ("/Link", "/Span", "/NonStruct") for kid in blocks)
    return (inline and len(blocks) == len(child["K"]) - len(marks)) or parent["S"] in _GROUPS


def _taken_up(child: Any, parent: Any, elements: Elements, moved: dict[bytes, bytes]) -> list[Any]:
    kids = list(child["K"])
    for kid in kids:
        if isinstance(kid, bytes) and kid in elements:
            elements[kid]["P"] = parent.reference
    moved[child.reference] = parent.reference
    child.clear()
    return kids


def _remap(pdf: pydyf.PDF, moved: Mapping[bytes, bytes]) -> None:
    """Let the parent tree (ISO 32000-2, 14.7.5.4) name the elements that hold the marked contents now."""

    def owner(reference: bytes) -> bytes:
        while reference in moved:
            reference = moved[reference]
        return reference

    for candidate in pdf.objects:
        if isinstance(candidate, pydyf.Dictionary) and "Nums" in candidate:
            for entry in candidate["Nums"]:
                if isinstance(entry, list):
                    entry[:] = [owner(reference) if isinstance(reference, bytes) else reference for reference in entry]
