"""What points at a page: destinations, the outline, page labels (ISO 32000-2, 12.3.2, 12.4.2)."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

import pikepdf
from pikepdf import Array, Dictionary, Name

from taiyaku.typeset.spread.cutting import Spreads

_X_AT: Final = {"/XYZ": (2,), "/FitV": (2,), "/FitBV": (2,), "/FitR": (2, 4)}
"""Where a destination's x stands (ISO 32000-2, table 149)."""


def move_destinations(document: pikepdf.Pdf, spreads: Spreads) -> None:
    """Let named destinations, the outline and the links name the half on which their places lie."""
    root = document.Root
    if Name.Names in root and Name.Dests in root.Names:
        for _, target in pikepdf.NameTree(root.Names.Dests).items():
            _move(target, spreads)
    for holder in (root, *_outline(root.get(Name.Outlines)), *annotations_of(document)):
        for key in (Name.Dest, Name.OpenAction, Name.A):
            _move(holder.get(key), spreads)


def _outline(item: Any) -> Iterator[Any]:
    """Return the items below an outline's item."""
    child = item.get(Name.First) if item is not None else None
    while child is not None:
        yield child
        yield from _outline(child)
        child = child.get(Name.Next)


def annotations_of(document: pikepdf.Pdf) -> Iterator[Any]:
    """Return the annotations of all pages, page by page."""
    for page in document.pages:
        yield from page.obj.get(Name.Annots, ())


def _move(target: Any, spreads: Spreads) -> None:
    """Let a destination, or the action or dictionary that holds one, name the half on which its place lies."""
    while isinstance(target, Dictionary):
        target = target.get(Name.D)
    if not isinstance(target, Array) or not isinstance(target[0], Dictionary) or target[0].objgen not in spreads:
        return
    places = [at for at in _X_AT.get(str(target[1]), ()) if at < len(target) and target[at] is not None]
    if places:
        page, shift = spreads[target[0].objgen].side(float(target[places[0]]))
        target[0] = page
        for at in places:
            target[at] = float(target[at]) - shift


def relabel(document: pikepdf.Pdf, spreads: Spreads) -> None:
    """Move page labels to where their pages are once each spread is two (ISO 32000-2, 12.4.2)."""
    if Name.PageLabels not in document.Root:
        return
    starts, count = [], 0
    for page in document.pages:
        starts.append(count)
        count += 2 if page.obj.objgen in spreads else 1
    labels = pikepdf.NumberTree(document.Root.PageLabels).items()
    document.Root.PageLabels = number_tree((starts[index], label) for index, label in labels if index < len(starts))


def number_tree(entries: Iterable[tuple[int, Any]]) -> Dictionary:
    """Make a number tree (ISO 32000-2, 7.9.7) of entries that are in order."""
    return Dictionary(Nums=Array([value for entry in entries for value in entry]))
