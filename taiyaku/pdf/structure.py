"""A PDF's structure tree → its elements in reading order, as plain records (ISO 32000-2, 14.7, 14.8)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pikepdf

from taiyaku.pdf.objects import key_of, listed, part, spelt
from taiyaku.pdf.painted import NOWHERE, Key

MarkKey = tuple[Key, int]
"""A marked content: the page or form whose stream numbers it, and its MCID."""


@dataclass(slots=True)
class Element:
    """A structure element.

    Attributes:
        kind: Its type as a standard one ("P", "H2", "TH"), after the role map.
        language: The language in force: its own, else its parent's, else the document's.
        parent: The index of its parent among the elements; -1 for the topmost.
        said: Whether it has an alternative or replacement text that is not empty.
        scope: Of a table head: the attribute Scope.
        page: The page that it names, if it names one.
        marks: The marked contents that are its own, in order.
        objects: The annotations and XObjects that are its own.
    """

    kind: str
    language: str
    parent: int
    said: bool
    scope: str
    page: Key
    marks: list[MarkKey]
    objects: list[Key]


@dataclass(frozen=True)
class Tree:
    """The structure tree: its elements in reading order, and so the marked contents, each with its element's index.

    ``rings`` counts the elements that stand in themselves, or in two places; they are read once.
    """

    elements: tuple[Element, ...]
    contents: tuple[tuple[int, MarkKey], ...]
    rings: int = 0

    @cached_property
    def owners(self) -> Mapping[MarkKey, Element]:
        """Return the element of each marked content."""
        return {mark: element for element in self.elements for mark in element.marks}

    def page_of(self, at: int) -> Key:
        """Return the page on which an element begins: what it names itself, else what is in it, else what holds it."""
        element = self.elements[at]
        if element.page != NOWHERE:
            return element.page
        inside = (one for one in self.below(at) if one.page != NOWHERE or one.marks)
        first = next(inside, None)
        return (first.page if first.page != NOWHERE else first.marks[0][0]) if first is not None else NOWHERE

    def below(self, at: int) -> Iterator[Element]:
        """Return an element and all that is in it, in order."""
        yield self.elements[at]
        inside = {at}
        for index in range(at + 1, len(self.elements)):
            if self.elements[index].parent not in inside:
                return
            inside.add(index)
            yield self.elements[index]

    def within(self, element: Element) -> Iterator[Element]:
        """Return an element and what it stands in, from inside outwards."""
        yield element
        while element.parent >= 0:
            element = self.elements[element.parent]
            yield element


def read_tree(pdf: pikepdf.Pdf) -> Tree | None:
    """Read the structure tree; None where the file has none."""
    root = pdf.Root.get("/StructTreeRoot")
    if not isinstance(root, pikepdf.Dictionary):
        return None
    roles = {spelt(own): spelt(standard) for own, standard in part(root, "/RoleMap").items()}
    return _read(root, roles, spelt(pdf.Root.get("/Lang", "")))


def _read(root: Any, roles: Mapping[str, str], language: str) -> Tree:
    """Walk the tree without recursion: a file may be as deep as it likes."""
    elements: list[Element] = []
    contents: list[tuple[int, MarkKey]] = []
    seen: set[Key] = set()
    rings = 0
    waiting: list[tuple[Any, int]] = [(kid, -1) for kid in reversed(listed(root, "/K"))]
    while waiting:
        item, parent = waiting.pop()
        above = elements[parent] if parent >= 0 else None
        mark = _mark(item, above)
        if mark is not None and above is not None:
            above.marks.append(mark)
            contents.append((parent, mark))
        elif not isinstance(item, pikepdf.Dictionary) or mark is not None:
            continue
        elif item.get("/Type") == "/OBJR":
            if above is not None:
                above.objects.append(key_of(item.get("/Obj")))
        elif item.objgen != NOWHERE and item.objgen in seen:  # in itself, or in two places: the walk would not end
            rings += 1
        else:
            seen.add(item.objgen)
            waiting += [(kid, len(elements)) for kid in reversed(listed(item, "/K"))]
            elements.append(_element(item, roles, above.language if above else language, parent))
    return Tree(tuple(elements), tuple(contents), rings)


def _mark(item: Any, element: Element | None) -> MarkKey | None:
    """Read a marked content: its number alone, or a reference that may name another page or stream (14.7.5.2)."""
    page = element.page if element is not None else NOWHERE
    if isinstance(item, int):
        return page, item
    if not isinstance(item, pikepdf.Dictionary) or item.get("/Type") != "/MCR":
        return None
    holder, mcid = item.get("/Stm", item.get("/Pg")), item.get("/MCID")
    return (page if holder is None else key_of(holder)), mcid if isinstance(mcid, int) else -1


def _element(item: Any, roles: Mapping[str, str], language: str, parent: int) -> Element:
    kind = spelt(item.get("/S", "/"))
    for _ in range(len(roles)):  # a role may be mapped to one that is mapped again
        if kind not in roles or roles[kind] == kind:
            break
        kind = roles[kind]
    page = item.get("/Pg")
    said = any(spelt(item.get(key, "")).strip() for key in ("/Alt", "/ActualText"))
    scope = _scope(item) if kind == "/TH" else ""
    own = item.get("/Lang")
    return Element(
        kind[1:], language if own is None else spelt(own), parent, said, scope,
        key_of(page), [], [],
    )  # fmt: skip


def _scope(item: Any) -> str:
    """Return a table head's Scope (ISO 32000-2, 14.8.5.7)."""
    dictionaries = [group for group in listed(item, "/A") if isinstance(group, pikepdf.Dictionary)]
    return next((spelt(group["/Scope"])[1:] for group in dictionaries if "/Scope" in group), "")
