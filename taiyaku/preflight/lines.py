"""A tagged PDF whose source is not at hand → faults of composition: its texts are taken from its own structure tree.

A build reads every document's lines against its source (``proofread``). Here only the file is known, so what was lost
before it was written cannot be found, and what is found is a warning.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Final

import pikepdf
import pypdfium2

from taiyaku.language.tags import is_cjk
from taiyaku.model.findings import Finding, Place
from taiyaku.pdf.broken import kept, undrawn
from taiyaku.pdf.structure import Element, MarkKey, Tree
from taiyaku.preflight.document import PdfDocument, read_document
from taiyaku.preflight.profile import PreflightProfile
from taiyaku.preflight.type import is_cjk_text
from taiyaku.proofread.composition import DefectKind, SetText, read_composition

_ROLES: Final = {"LBody": "item", "TD": "cell", "TH": "cell", "Caption": "cell", "Art": "phrase"}
"""What a paragraph is by what it stands in."""

_BLOCKS: Final = frozenset({"P", "Note", *_ROLES})
_INLINE: Final = frozenset({"Span", "Link", "Ruby", "RB", "RT", "RP", "Em", "Strong", "Quote", "Code", "Reference"})
_TOLD: Final = frozenset(DefectKind) - {DefectKind.MISSING, DefectKind.DOUBLED, DefectKind.CLIPPED, DefectKind.AREA}
"""What can be told without the source and the margins."""


def read_lines(pdf: bytes, name: str) -> tuple[Finding, ...]:
    """Find the faults of composition in a tagged PDF; nothing in one without tags.

    A file that cannot be read has the one finding ``pdf.unreadable``, as in ``preflight``; one that can, but not be
    drawn, ``preflight.undrawn``.
    """
    try:
        return tuple(kept(name, "reading the lines", _mishaps(pdf, name)))
    except pypdfium2.PdfiumError as error:
        return (undrawn(name, "its lines were not read", error).as_warning(),)


def _mishaps(pdf: bytes, name: str) -> Iterator[Finding]:
    with pikepdf.open(BytesIO(pdf), suppress_warnings=True) as opened:
        subject = read_document(opened, name, len(pdf), lambda _: PreflightProfile())
        blocks = tuple(_blocks(subject.tree, _said(subject))) if subject.tree is not None else ()
        empty = _pages_to_write_on(subject, subject.tree) if subject.tree is not None else frozenset()
    if not blocks:
        return
    texts = tuple(block.text for block in blocks if _has_letters(block.text))
    heads = tuple(block.text.text for block in blocks if block.repeats)
    for defect in read_composition(pdf, texts, repeats=heads):
        if defect.fault in _TOLD and not (defect.fault is DefectKind.HEADING and defect.page in empty):
            facts = {"document": name, "page": defect.page, "text": defect.text[:60]}
            yield Finding(f"set.{defect.fault}", Place(name), facts).as_warning()


def _pages_to_write_on(subject: PdfDocument, tree: Tree) -> frozenset[int]:
    """Return the pages whose only text is headings: lines to write on are no text that a heading could have lost."""
    pages: dict[bool, set[int]] = {True: set(), False: set()}
    for at, mark in tree.contents:
        block = _block_of(tree, at)
        if block >= 0 and mark[0] in subject.numbers:
            pages[_is_heading(tree.elements[block])].add(subject.numbers[mark[0]])
    return frozenset(pages[True] - pages[False])


def _has_letters(text: SetText) -> bool:
    """Tell whether a text has letters of its language: the numbers of pages in an index have no composition."""
    return is_cjk_text(text.text) if is_cjk(text.language) else any(map(str.isalpha, text.text))


def _said(subject: PdfDocument) -> Mapping[MarkKey, str]:
    """Return what each marked content says."""
    said: dict[MarkKey, str] = {}
    for page in subject.pages:
        for run in page.painted.runs:
            key = (run.mark.owner, run.mark.mcid)
            said[key] = said.get(key, "") + run.said.text
    return said


@dataclass(frozen=True, slots=True)
class _Block:
    """A block's text, and whether it may stand on several pages: a table's head."""

    text: SetText
    repeats: bool


def _blocks(tree: Tree, said: Mapping[MarkKey, str]) -> Iterator[_Block]:
    """Return each block's text, with its readings and its stretches of another language."""
    parts: dict[int, list[tuple[int, str]]] = {}
    for at, mark in tree.contents:
        parts.setdefault(_block_of(tree, at), []).append((at, said.get(mark, "")))
    for block, pieces in parts.items():
        element = tree.elements[block] if block >= 0 else None
        if element is not None:
            above = tree.elements[element.parent].kind if element.parent >= 0 else ""
            yield _Block(_set_text(tree, element, above, pieces), "TH" in (element.kind, above))


def _set_text(tree: Tree, block: Element, above: str, pieces: Sequence[tuple[int, str]]) -> SetText:
    role = "heading" if _is_heading(block) else _ROLES.get(block.kind, _ROLES.get(above, "paragraph"))
    foreign = tuple(
        (text, language) for at, text in pieces if (language := tree.elements[at].language) != block.language and text
    )
    text = "".join(text for _, text in pieces)
    return SetText(text, block.language, role, readings=tuple(_readings(tree, pieces)), foreign=foreign)


def _block_of(tree: Tree, at: int) -> int:
    """Return the block in whose lines an element stands; -1 for a label or a figure, which are in no line."""
    while at >= 0 and tree.elements[at].kind in _INLINE:
        at = tree.elements[at].parent
    return at if at >= 0 and (tree.elements[at].kind in _BLOCKS or _is_heading(tree.elements[at])) else -1


def _is_heading(element: Element) -> bool:
    return element.kind[:1] == "H" and element.kind[1:].isdecimal()


def _readings(tree: Tree, pieces: Sequence[tuple[int, str]]) -> Iterator[tuple[str, str]]:
    """Pair each base with the reading behind it (ISO 32000-2, 14.8.4.7.3)."""
    base = ""
    for at, text in pieces:
        kind = tree.elements[at].kind
        if kind == "RT" and base:
            yield base, text
        base = text if kind == "RB" else ""
