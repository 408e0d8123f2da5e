"""The structure tree of a document whose spreads are cut (ISO 32000-2, 14.7)."""

from collections.abc import Sequence
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

from taiyaku.typeset.spread.cutting import SpreadMark, Spreads
from taiyaku.typeset.spread.parts import HAIR_PT
from taiyaku.typeset.spread.targets import annotations_of, number_tree


def retag(document: pikepdf.Pdf, spreads: Spreads) -> None:
    """Let the structure tree name the new pages and marks, and make its parent tree anew."""
    tree = document.Root.get(Name.StructTreeRoot)
    if tree is None:
        return
    elements = [found for found in document.objects if _is_element(found)]
    for element in elements:
        _move_kids(element, spreads)
    settled: dict[tuple[int, int], Any] = {}
    for element in elements:
        _settle(element, spreads, settled)
    _grow_parent_tree(document, tree, spreads)


def _is_element(found: Any) -> bool:
    return isinstance(found, Dictionary) and found.get(Name.Type) == Name.StructElem


def _kids(element: Any) -> list[Any]:
    kids = element.get(Name.K, Array())
    return list(kids) if isinstance(kids, Array) else [kids]


def _move_kids(element: Any, spreads: Spreads) -> None:
    """Return an element the marks that its own have become: on its first mark's page a number, elsewhere an MCR."""
    old = element.get(Name.Pg)
    kids = [_moved(kid, old, spreads) for kid in _kids(element)]
    marks = [mark for kid in kids if isinstance(kid, tuple) for mark in kid]
    if not marks:
        return
    if old is None or old.objgen in spreads:
        element.Pg = marks[0].page
    flat = (part for kid in kids for part in (kid if isinstance(kid, tuple) else (kid,)))
    element.K = Array([_kid(part, element.Pg) if isinstance(part, SpreadMark) else part for part in flat])
    _measure(element, marks)


def _moved(kid: Any, page: Any, spreads: Spreads) -> Any:
    """Return the marks that a spread's mark has become; an annotation's reference learns its page; all else stays."""
    if isinstance(kid, Dictionary) and kid.get(Name.Type) == Name.OBJR:
        kid.Pg = kid.Obj.get(Name.P, kid.get(Name.Pg))
        return kid
    if isinstance(kid, Dictionary) and kid.get(Name.Type) != Name.MCR:
        return kid
    page, mcid = (kid.get(Name.Pg, page), int(kid.MCID)) if isinstance(kid, Dictionary) else (page, int(kid))
    cut = spreads.get(page.objgen) if page is not None else None
    if cut is None:
        return kid
    if mcid not in cut.marks:
        raise ValueError(f"the mark {mcid} is not in the content of page {cut.number}")
    return cut.marks[mcid]


def _kid(mark: SpreadMark, page: Any) -> Any:
    return mark.mcid if mark.page.objgen == page.objgen else Dictionary(Type=Name.MCR, Pg=mark.page, MCID=mark.mcid)


def _measure(element: Any, marks: Sequence[SpreadMark]) -> None:
    """Say anew where a figure stands: its BBox is given on its page (ISO 32000-2, 14.8.5.4.3)."""
    attributes = element.get(Name.A)
    boxes = [mark.box for mark in marks if mark.box is not None]
    if not isinstance(attributes, Dictionary) or Name.BBox not in attributes or not boxes:
        return
    whole = boxes[0]
    for box in boxes[1:]:
        whole = whole.with_(box)
    x = float(element.Pg.MediaBox[2]) if whole.left >= float(element.Pg.MediaBox[2]) - HAIR_PT else 0.0
    attributes.BBox = Array([whole.left - x, whole.bottom, whole.right - x, whole.top])


def _settle(element: Any, spreads: Spreads, settled: dict[tuple[int, int], Any]) -> Any:
    """Let an element without marks of its own name the page of the first that it holds; give that page."""
    if element.objgen not in settled:
        settled[element.objgen] = element.get(Name.Pg)  # a tree that runs in a circle ends here
        kids = [kid for kid in _kids(element) if isinstance(kid, Dictionary)]
        if len(kids) == len(_kids(element)) and Name.Pg in element and element.Pg.objgen in spreads:
            pages = (_settle(kid, spreads, settled) if _is_element(kid) else kid.get(Name.Pg) for kid in kids)
            element.Pg = next((page for page in pages if page is not None), element.Pg)
        settled[element.objgen] = element.get(Name.Pg)
    return settled[element.objgen]


def _grow_parent_tree(document: pikepdf.Pdf, tree: Any, spreads: Spreads) -> None:
    """Number pages, then annotations, and list the elements that hold their contents (ISO 32000-2, 14.7.5.4)."""
    old = dict(pikepdf.NumberTree(tree.ParentTree).items())
    owners: list[Any] = []
    rights = {cut.right.objgen: cut for cut in spreads.values()}
    for page in document.pages:
        cut = spreads.get(page.obj.objgen) or rights.get(page.obj.objgen)
        if Name.StructParents in page.obj:
            listed = old[int(page.obj.StructParents)]
            order = None if cut is None else cut.order[page.obj.objgen in rights]
            page.obj.StructParents = len(owners)
            owners.append(listed if order is None else Array([listed[mcid] for mcid in order]))
    for annotation in annotations_of(document):
        if Name.StructParent in annotation:
            owner = old[int(annotation.StructParent)]
            annotation.StructParent = len(owners)
            owners.append(owner)
    tree.ParentTree = document.make_indirect(number_tree(enumerate(owners)))
    if Name.ParentTreeNextKey in tree:
        tree.ParentTreeNextKey = len(owners)
