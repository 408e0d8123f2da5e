"""A structure tree → objects of a PDF that is about to be written (ISO 32000-2, 14.7).

The typesetter's own tree has no languages, a table and a list for each page, and an element for each line and box; so
it is not made at all. Beside the tree stand the parent tree, the names of heads and notes, and the artifacts.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import pydyf

from taiyaku.typeset.tree import Annotation, Child, ContentMark, Node, TagTree


def write_structure(pdf: pydyf.PDF, tree: TagTree, pages: int) -> None:
    """Write a tree into a PDF whose pages, so many, are drawn."""
    root = _added(pdf, {"Type": "/StructTreeRoot"})
    written = _TreeWriter(pdf)
    root["K"] = pydyf.Array([written.element(tree.root, root, tree.root.lang).reference])
    parents = list(written.parents(pages))
    root["ParentTree"] = _added(pdf, {"Nums": pydyf.Array(parents)}).reference
    root["ParentTreeNextKey"] = len(parents) // 2
    if written.keys:
        names = (part for key in sorted(written.keys) for part in (pydyf.String(key), written.keys[key]))
        root["IDTree"] = _added(pdf, {"Names": pydyf.Array(names)}).reference
    pdf.catalog["StructTreeRoot"] = root.reference
    pdf.catalog["MarkInfo"] = pydyf.Dictionary({"Marked": "true"})
    pdf.catalog["ViewerPreferences"] = pydyf.Dictionary({"DisplayDocTitle": "true"})
    pdf.catalog["Lang"] = pydyf.String(tree.root.lang)


def _added(pdf: pydyf.PDF, entries: Mapping[str, Any]) -> Any:
    made = pydyf.Dictionary(entries)
    pdf.add_object(made)
    return made


class _TreeWriter:
    """Writes elements, and remembers for the parent tree which one holds what."""

    def __init__(self, pdf: pydyf.PDF) -> None:
        self._pdf = pdf
        self._owners: dict[int, dict[int, bytes]] = {}
        self._annotations: list[tuple[Any, bytes]] = []
        self.keys: dict[str, bytes] = {}

    def element(self, node: Node, parent: Any, above: str) -> Any:
        """Write an element and all below it; ``above`` is the language that it would have by itself."""
        entries = {"Type": "/StructElem", "S": f"/{node.type}", "P": parent.reference}
        made = _added(self._pdf, {**entries, **dict(_attributes(node, above))})
        if node.key:
            self.keys[node.key] = made.reference
        page = next((kid.page for kid in node.kids if isinstance(kid, ContentMark)), None)
        if page is not None:
            made["Pg"] = self._pdf.page_references[page]
        made["K"] = pydyf.Array(self._kid(kid, made, node.lang, page) for kid in node.kids)
        return made

    def _kid(self, kid: Child, holder: Any, lang: str, page: int | None) -> Any:
        """Write what an element holds: a number stands for a mark on its own page (ISO 32000-2, 14.7.5.2)."""
        if isinstance(kid, Node):
            return self.element(kid, holder, lang).reference
        reference = self._pdf.page_references[kid.page]
        if isinstance(kid, Annotation):
            if kid.words:  # not the name of the place that it leads to, which is what the typesetter wrote
                kid.annotation["Contents"] = pydyf.String(kid.words)
            self._annotations.append((kid.annotation, holder.reference))
            return pydyf.Dictionary({"Type": "/OBJR", "Obj": kid.annotation.reference, "Pg": reference})
        self._owners.setdefault(kid.page, {})[kid.mcid] = holder.reference
        if kid.page == page:
            return kid.mcid
        return pydyf.Dictionary({"Type": "/MCR", "Pg": reference, "MCID": kid.mcid})

    def parents(self, pages: int) -> Iterator[Any]:
        """Say whose every mark and every annotation is, and number the annotations (ISO 32000-2, 14.7.5.4)."""
        for page in range(pages):
            owners = self._owners.get(page, {})
            yield page
            yield pydyf.Array(owners.get(mcid, "null") for mcid in range(max(owners, default=-1) + 1))
        for number, (annotation, holder) in enumerate(self._annotations, pages):
            annotation["StructParent"] = number
            yield number
            yield holder


def _attributes(node: Node, above: str) -> Iterator[tuple[str, Any]]:
    """Return what an element says of itself (ISO 32000-2, tables 355 and 371 to 385)."""
    if node.lang != above:
        yield "Lang", pydyf.String(node.lang)
    if node.actual:
        yield "ActualText", pydyf.String(node.actual)
    if node.key:
        yield "ID", pydyf.String(node.key)
    if node.type == "Figure":
        yield "Alt", pydyf.String(node.given.get("alt", ""))
    if node.type == "Form":
        yield "T", pydyf.String(node.given.get("data-name", ""))
    owner, values = _styled(node)
    if values:
        yield "A", pydyf.Dictionary({"O": f"/{owner}", **values})


def _styled(node: Node) -> tuple[str, dict[str, Any]]:
    """Return an element's attributes with their owner (ISO 32000-2, 14.8.5)."""
    if node.type == "Figure" and node.box is not None:
        return "Layout", {"BBox": pydyf.Array(round(edge, 3) for edge in node.box)}
    if node.type == "L" and "data-numbering" in node.given:
        return "List", {"ListNumbering": f"/{node.given['data-numbering']}"}
    if node.type not in ("TH", "TD"):
        return "", {}
    cell: dict[str, Any] = {}
    if node.type == "TH":
        cell["Scope"] = "/Row" if node.given.get("scope") == "row" else "/Column"
    if node.headers:
        cell["Headers"] = pydyf.Array(map(pydyf.String, node.headers))
    if "colspan" in node.given:
        cell["ColSpan"] = int(node.given["colspan"])
    return "Table", cell


STAMP: Final = "Taiyaku_Stamp"
"""In the properties of a marked content: a version and its date stand there. They are ours (ISO 32000-2, 14.6.2)."""
