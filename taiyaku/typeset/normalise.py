"""A tree of what a listener meets → a well-formed one (ISO 32000-2, 14.8.4; ISO 14289-1, 7). Pure.

What means nothing goes, words among blocks become paragraphs, lists hold items of a label and a body, rubies a base and
a reading, and the cells of a table know their heads.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final

from taiyaku.typeset.tree import Annotation, Child, Node, TagTree

_INLINE: Final = frozenset({"Span", "Link", "Ruby", "Reference", "Form", "Note"})
"""Types that stand within a line (ISO 32000-2, 14.8.4.7)."""

_GROUPS: Final = frozenset({"Document", "Part", "Art", "Sect", "Div", "BlockQuote"})
"""Types that hold blocks only: words in them are a paragraph (ISO 32000-2, 14.8.4.4)."""

_LINES: Final = frozenset({"P", "H1", "H2", "H3", "H4", "H5", "H6"})

_KEPT: Final = frozenset({"TH", "TD", "Form"})
"""Types that are there though they hold nothing: a table keeps its columns, a field waits for its annotation."""


def normalise_tree(tree: TagTree) -> TagTree:
    """Make a planted tree well-formed; its nodes are used up."""
    kids = _shape(tree.root, "")
    document = next((kid for kid in kids if isinstance(kid, Node) and kid.type == "Document"), None)
    root = document or Node("Document", tree.root.lang)
    _number(root)
    return TagTree(root, tree.artifacts, tree.stamps)


# Elements


def _shape(node: Node, above: str) -> list[Child]:
    """Return what becomes of a node: itself, mended, or what it holds where it means nothing.

    ``above`` is the language of the element that it stands in.
    """
    kids: list[Child] = []
    for kid in node.kids:
        kids += _shape(kid, node.lang) if isinstance(kid, Node) else (kid,)
    node.kids = kids
    if not kids and node.type not in _KEPT:
        return []
    if node.type == "Link" and not any(isinstance(kid, Annotation) for kid in kids):
        node.type = "inline"
    if node.type == "inline":
        node.type = "Span"
        return kids if node.lang == above or not all(map(_is_inline, kids)) else [node]
    if node.type == "block":
        return _shape_block(node)
    return [_MENDED.get(node.type, _as_it_is)(node)]


def _shape_block(node: Node) -> list[Child]:
    """Let a block without meaning go: its words are a paragraph, and so are those among its blocks."""
    if all(map(_is_inline, node.kids)):
        node.type = "P"
        return [node]
    return _blocks(_labelled(node.kids), node.lang)


def _is_inline(kid: Child) -> bool:
    return not isinstance(kid, Node) or kid.type in _INLINE


def _blocks(kids: Iterable[Child], lang: str) -> list[Child]:
    """Make paragraphs of the words that stand among blocks."""
    made: list[Child] = []
    for inline, run in groupby(kids, _is_inline):
        held = list(run)
        made += [Node("P", lang, held)] if inline else held
    return made


def _labelled(kids: Sequence[Child]) -> list[Child]:
    """Put numbers that stand beside a text, or between two languages, before the text: into its first paragraph."""
    labels = [kid for kid in kids if isinstance(kid, Node) and kid.type == "Lbl"]
    rest = [kid for kid in kids if not (isinstance(kid, Node) and kid.type == "Lbl")]
    first = next((kid for kid in rest if isinstance(kid, Node) and kid.type in _LINES), None)
    if first is None or not labels:
        return list(kids)
    first.kids[:0] = labels
    return rest


def _as_it_is(node: Node) -> Node:
    return node


def _group(node: Node) -> Node:
    node.kids = _blocks(_labelled(node.kids), node.lang)
    return node


def _cell(node: Node) -> Node:
    node.kids = _labelled(node.kids)
    return node


def _line(node: Node) -> Node:
    """Let a label hold words only: a paragraph in it is a part of its line (a term in two languages)."""
    for kid in node.kids:
        if isinstance(kid, Node) and kid.type in _LINES:
            kid.type = "Span"
    return node


def _ruby(node: Node) -> Node:
    """Part a ruby into its base and its reading (ISO 32000-2, 14.8.4.7.3)."""
    reading = [kid for kid in node.kids if isinstance(kid, Node) and kid.type == "RT"]
    base: list[Child] = [kid for kid in node.kids if not (isinstance(kid, Node) and kid.type == "RT")]
    node.kids = [Node("RB", node.lang, base), *reading]
    return node


def _item(node: Node) -> Node:
    """Part an item into its label and its body, the label first; a second label is a number in the body."""
    label = next((kid for kid in node.kids if isinstance(kid, Node) and kid.type == "Lbl"), None)
    rest: list[Child] = [kid for kid in node.kids if kid is not label]
    if not any(isinstance(kid, Node) and kid.type == "LBody" for kid in rest):
        rest = [Node("LBody", node.lang, _labelled(rest))] if rest else []
    node.kids = [label, *rest] if label is not None else rest
    return node


def _list(node: Node) -> Node:
    """Let a list hold items only: a term and what it means are one; what is nested stands in the item before it."""
    items: list[Node] = []
    for kid in node.kids:
        one = kid if isinstance(kid, Node) else Node("Span", node.lang, [kid])
        if one.type in ("LI", "Caption"):
            _nest(items, one, int(one.given.get("data-depth", 0)), node)
        elif items and (one.type == "LBody" or (one.type == "L" and items[-1].type == "LI")):
            _body(items[-1]).kids += one.kids if one.type == "LBody" else [one]
        else:
            items.append(_item(Node("LI", node.lang, [one])))
    node.kids = list(items)
    return node


def _nest(items: list[Node], item: Node, depth: int, parent: Node) -> None:
    """Put an item at its depth: a list in the body of the item before it."""
    if not depth or not items:
        items.append(item)
        return
    body = _body(items[-1])
    last = body.kids[-1] if body.kids else None
    inner = last if isinstance(last, Node) and last.type == "L" else Node("L", parent.lang, given=parent.given)
    if inner is not last:
        body.kids.append(inner)
    held = [kid for kid in inner.kids if isinstance(kid, Node)]
    _nest(held, item, depth - 1, parent)
    inner.kids = list(held)


def _body(item: Node) -> Node:
    """Return an item's body; make it where there is none."""
    found = next((kid for kid in item.kids if isinstance(kid, Node) and kid.type == "LBody"), None)
    if found is None:
        found = Node("LBody", item.lang)
        item.kids.append(found)
    return found


_MENDED: Final[Mapping[str, Callable[[Node], Node]]] = {
    **dict.fromkeys(_GROUPS, _group),
    **dict.fromkeys(("TD", "TH", "LBody", "Caption"), _cell),
    "Lbl": _line,
    "Ruby": _ruby,
    "LI": _item,
    "L": _list,
}


# Names: cells know their heads, notes are told apart


def nodes(node: Node) -> Iterator[Node]:
    """Return a node and all below it, in reading order."""
    yield node
    for kid in node.kids:
        if isinstance(kid, Node):
            yield from nodes(kid)


def _number(root: Node) -> None:
    """Return keys to heads of tables and to notes (ISO 14289-1, 7.5 and 7.9), and to cells the keys of their heads."""
    every = tuple(nodes(root))
    for number, note in enumerate((node for node in every if node.type == "Note"), 1):
        note.key = f"note-{number}"
    for number, table in enumerate((node for node in every if node.type == "Table"), 1):
        _head(table, f"table-{number}")


def _head(table: Node, key: str) -> None:
    columns: dict[int, tuple[str, ...]] = {}
    for number, row in enumerate((node for node in nodes(table) if node.type == "TR"), 1):
        heads: tuple[str, ...] = ()
        for held, cell in _columns(row):
            if cell.type == "TH":
                cell.key = f"{key}-{number}-{held[0] + 1}"
                if cell.given.get("scope") == "row":
                    heads += (cell.key,)
                else:
                    columns.update({at: (*columns.get(at, ()), cell.key) for at in held})
            else:
                above = (head for at in held for head in columns.get(at, ()))
                cell.headers = tuple(dict.fromkeys((*heads, *above)))


def _columns(row: Node) -> Iterator[tuple[range, Node]]:
    """Return the cells of a row, each with the columns that it stands in."""
    at = 0
    for cell in row.kids:
        if isinstance(cell, Node):
            held = range(at, at + int(cell.given.get("colspan", 1)))
            yield held, cell
            at = held.stop
