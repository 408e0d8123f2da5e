"""HTML and what was set of it → a tree of what a listener meets (ISO 32000-2, 14.7). Pure; `mend` makes it well-formed.

The tree grows from the HTML, not from boxes on pages: what an element says on three pages is one element in the tree,
lists and tables with it. An element says what it is by its name or by ``data-tag``: with a standard structure type of
PDF 1.7, or with ``Artifact``. What is no part of the text becomes an artifact: what stands in the margin, decoration,
and the head of a table that is said again on its later pages.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from taiyaku.language.linebreak import visible
from taiyaku.language.tags import typesetter_tag

Box: TypeAlias = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class PlacedBox:
    """What the typesetter has set of an element of the HTML, in the order of boxes on a page.

    ``part`` names a pseudo-element, as ``marker``; ``running`` says that it stands in the margin, as ``Header`` or
    ``Footer``. It may hold a mark (MCID), a link's annotation, and where a picture stands, in pt from the lower left.
    """

    page: int
    element: Any
    part: str = ""
    mcid: int | None = None
    annotation: Any = None
    box: Box | None = None
    running: str = ""


@dataclass(frozen=True, slots=True)
class ContentMark:
    """A marked content: the index of its page, and its MCID there."""

    page: int
    mcid: int


@dataclass(frozen=True, slots=True)
class Annotation:
    """A link on a page: the index of the page, the annotation's dictionary, and the words of the link."""

    page: int
    annotation: Any
    words: str


@dataclass(slots=True)
class Node:
    """A structure element: its type, its language (BCP 47), what it holds, and the attributes of its element."""

    type: str
    lang: str
    kids: list["Child"] = field(default_factory=list)
    given: Mapping[str, str] = field(default_factory=dict)
    actual: str = ""
    box: Box | None = None
    key: str = ""
    headers: tuple[str, ...] = ()


Child: TypeAlias = Node | ContentMark | Annotation


@dataclass(frozen=True, slots=True)
class TagTree:
    """A document's structure, the marks that are no part of it (artifacts, by why they are there), and its stamps.

    A stamp is read like any other text; it says which version a document is of, and may differ between two that are
    else the same.
    """

    root: Node
    artifacts: Mapping[ContentMark, str]
    stamps: Collection[ContentMark] = frozenset()


_SVG: Final = "{http://www.w3.org/2000/svg}"

_BY_NAME: Final = dict(
    **{name: name.upper() for name in ("p", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "th", "td")},
    **dict.fromkeys(("ul", "ol", "dl"), "L"),
    **dict.fromkeys(("caption", "figcaption"), "Caption"),
    **dict.fromkeys(("img", f"{_SVG}svg"), "Figure"),
    main="Part",
    article="Art",
    section="Sect",
    blockquote="BlockQuote",
    body="Document",
    table="Table",
    thead="THead",
    tbody="TBody",
    tfoot="TFoot",
    li="LI",
    dt="Lbl",
    dd="LBody",
    a="Link",
    ruby="Ruby",
    rt="RT",
)
"""What an element is by its name. All others are nothing by themselves, as div and span."""

_BLOCKS: Final = frozenset({"div", "html", "body", "header", "footer", "nav", "figure"})
"""Elements without meaning that part what stands in them from what stands beside them."""

_TAGS: Final = {typesetter_tag(tag): tag for tag in ("zh-Hans", "zh-Hant", "ko")}
"""Languages by the tags that the typesetter needs (see languages): BCP 47 where a person, or a voice, looks."""


def language(tag: str) -> str:
    """Return the language as a listener's voices know it: BCP 47, where the HTML names a region for the typesetter."""
    return _TAGS.get(tag, tag)


def build_tree(root: Any, found: Iterable[PlacedBox]) -> TagTree:
    """Put what was found into a tree of all elements of the HTML below ``root``, the element ``html``."""
    planter = _Planter(root)
    for one in found:
        planter.take(one)
    return TagTree(planter.root, planter.artifacts, planter.stamps)


class _Planter:
    """Puts what was found where its element stands in the HTML, in the order in which elements are met."""

    def __init__(self, root: Any) -> None:
        self._above = {child: parent for parent in root.iter() for child in parent}
        self._nodes: dict[tuple[Any, str], Node] = {}
        self._heads: dict[Any, int] = {}
        self.artifacts: dict[ContentMark, str] = {}
        self.stamps: set[ContentMark] = set()
        self.root = self._node(root)

    def take(self, one: PlacedBox) -> None:
        """Take what was found of one element on one page."""
        mark = ContentMark(one.page, one.mcid) if one.mcid is not None else None
        reason = one.running or self._decoration(one)
        if reason and mark is not None:
            self.artifacts[mark] = reason
        if one.running or (reason and one.annotation is None):
            return
        node = self._part(one.element, one.part)
        if mark is not None and not reason:
            node.kids.append(mark)
            if any(element.get("data-stamp") is not None for element in self._line(one.element)):
                self.stamps.add(mark)
        if one.annotation is not None:
            words = " ".join(visible("".join(_base(one.element))).split())
            node.kids.append(Annotation(one.page, one.annotation, words))
        node.box = node.box or one.box

    def _decoration(self, one: PlacedBox) -> str:
        """Say why something is not read: a head of a table that is said again on a later page, or decoration."""
        for element in self._line(one.element):
            if element.tag == "thead" and self._heads.setdefault(element, one.page) != one.page:
                return "Pagination"
            if element.get("data-tag") == "Artifact" or (element.tag == "img" and element.get("alt") == ""):
                return "Layout"
        return ""

    def _line(self, element: Any) -> Iterator[Any]:
        """Return an element and all above it."""
        while element is not None:
            yield element
            element = self._above.get(element)

    def _node(self, element: Any) -> Node:
        """Return the node of an element; it and those above it begin where they are first met."""
        node = self._nodes.get((element, ""))
        if node is None:
            above = self._node(self._above[element]) if element in self._above else None
            said = element.get("lang")
            lang = language(said) if said is not None else above.lang if above is not None else ""
            node = self._nodes[element, ""] = Node(_type(element), lang, given=_given(element))
            node.actual = _said_instead(element, node.type)
            if above is not None:
                above.kids.append(node)
        return node

    def _part(self, element: Any, part: str) -> Node:
        """Return the node of a pseudo-element that has one: a list's marker, a footnote's number, the call for it."""
        node = self._node(element)
        if part not in _PARTS:
            return node
        if (element, part) not in self._nodes:
            made = self._nodes[element, part] = Node(_PARTS[part], node.lang)
            if part == "footnote-call":  # before the note itself
                kids = self._node(self._above[element]).kids
                kids.insert(next(at for at, kid in enumerate(kids) if kid is node), made)
            else:
                node.kids.insert(0, made)
        return self._nodes[element, part]


_PARTS: Final = {"marker": "Lbl", "footnote-marker": "Lbl", "footnote-call": "Reference"}


def _type(element: Any) -> str:
    """Return the type of an element; one without meaning is ``block`` or ``inline``."""
    plain = "block" if element.tag in _BLOCKS else "inline"
    note = "Note" if element.get("class") == "footnote" else ""
    return str(element.get("data-tag") or note or _BY_NAME.get(element.tag, plain))


def _given(element: Any) -> Mapping[str, str]:
    """Return an element's attributes; a drawing in the HTML says what it shows in its title (SVG 2, 5.8)."""
    title = element.find(f"{_SVG}title") if element.tag == f"{_SVG}svg" else None
    return dict(element.attrib) if title is None else {**element.attrib, "alt": title.text or ""}


def _said_instead(element: Any, type_: str) -> str:
    """Return what is said instead of an element's contents (ISO 32000-2, 14.9.4).

    A reading repeats its base, so a ruby says its base only. A number does not run into the words behind it: a space
    parts them.
    """
    if type_ == "Ruby":
        return "".join(_base(element))
    text = "".join(element.itertext()).strip() if type_ == "Lbl" else ""
    return f"{text} " if text.isdecimal() else ""


def _base(element: Any) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag not in ("rt", "rp"):
            yield from _base(child)
        yield child.tail or ""
