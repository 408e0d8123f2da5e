"""Checks of what a screen reader meets: tags, languages, links and fields (PDF/UA-1: ISO 14289-1)."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import pikepdf

from taiyaku.language.tags import language_of, script
from taiyaku.model.findings import Finding
from taiyaku.pdf.objects import entry, is_holder, key_of, part, spelt
from taiyaku.pdf.painted import Key, Mark
from taiyaku.pdf.structure import Element, Tree
from taiyaku.preflight.document import Page, PdfDocument
from taiyaku.preflight.type import is_cjk_text


def tagged(subject: PdfDocument) -> Iterator[Finding]:
    """A file for a screen reader is tagged (ISO 14289-1, 7.1), and all that is painted is tagged or an artifact."""
    if not subject.expect.tagged:
        return
    marked = bool(part(subject.pdf.Root, "/MarkInfo").get("/Marked", False))
    if subject.tree is None or not subject.tree.elements or not marked:
        yield from subject.found("pdf.untagged")
        return
    if subject.tree.rings:
        yield from subject.found("pdf.tree-ring", count=str(subject.tree.rings))
    loose = [page.number for page in subject.pages if any(_untold(mark, subject.tree) for mark in _marks(page))]
    if loose:
        yield from subject.found("pdf.unmarked", loose)


def _marks(page: Page) -> set[Mark]:
    painted = page.painted
    marks = {run.mark for run in painted.runs if not run.said.text.isspace()}
    marks |= {shape.mark for shape in painted.shapes}
    return marks | {picture.mark for picture in painted.pictures}


def _untold(mark: Mark, tree: Tree) -> bool:
    """Tell whether what is painted is neither an artifact nor in the structure tree."""
    return not mark.artifact and (mark.owner, mark.mcid) not in tree.owners


def figures(subject: PdfDocument) -> Iterator[Finding]:
    """A figure says in words what it shows (ISO 14289-1, 7.3)."""
    yield from _elements(subject, "pdf.alt", lambda one: one.kind in ("Figure", "Formula") and not one.said)


def heads(subject: PdfDocument) -> Iterator[Finding]:
    """A table's head says for which cells it stands (ISO 14289-1, 7.5)."""
    scopes = ("Row", "Column", "Both")
    yield from _elements(subject, "pdf.table-head", lambda one: one.kind == "TH" and one.scope not in scopes)


def _elements(subject: PdfDocument, code: str, wrong: Callable[[Element], bool]) -> Iterator[Finding]:
    """Report the pages of elements that are wrong; how many there are is told."""
    tree = subject.tree
    if not subject.expect.tagged or tree is None:
        return
    found = [at for at, element in enumerate(tree.elements) if wrong(element)]
    if found:
        yield from subject.found(code, _pages(subject, tree, found), count=str(len(found)))


def _pages(subject: PdfDocument, tree: Tree, indexes: Sequence[int]) -> set[int]:
    return {number for at in indexes if (number := subject.numbers.get(tree.page_of(at)))}


def headings(subject: PdfDocument) -> Iterator[Finding]:
    """No heading is skipped on the way down: H1, then H2 (ISO 14289-1, 7.4.2)."""
    tree = subject.tree
    if not subject.expect.tagged or tree is None:
        return
    above = 0
    for at, element in enumerate(tree.elements):
        if element.kind[:1] != "H" or not element.kind[1:].isdecimal():
            continue
        depth = int(element.kind[1:])
        if depth > above + 1:
            facts = {"before": f"H{above}" if above else "nothing", "heading": element.kind}
            yield from subject.found("pdf.heading", _pages(subject, tree, [at]), **facts)
            return
        above = depth


def faces(subject: PdfDocument) -> Iterator[Finding]:
    """A text tagged as Japanese is drawn with a Japanese face, and so on: else it is read aloud, or drawn, wrongly."""
    tree = subject.tree
    if not subject.expect.tagged or tree is None:
        return
    wrong: dict[tuple[str, str], list[tuple[int, str]]] = {}
    for page, run in subject.runs:
        if run.face.region and not run.mark.artifact and is_cjk_text(run.said.text):
            owner = tree.owners.get((run.mark.owner, run.mark.mcid))
            if owner is not None and run.face.region not in _regions(owner.language):
                tags = (owner.language or "no language", run.face.region)
                wrong.setdefault(tags, []).append((page.number, run.said.text))
    if wrong:
        (language, region), runs = max(wrong.items(), key=lambda item: len(item[1]))
        pages = {number for found in wrong.values() for number, _ in found}
        yield from subject.found("pdf.face", pages, language=language, region=region, text=runs[0][1][:40])


def _regions(language: str) -> tuple[str, ...]:
    """Return the regions whose faces may draw the Han characters of a language."""
    return _REGIONS.get((language_of(language), script(language)), _REGIONS.get((language_of(language), ""), ()))


_REGIONS: Final = {
    ("ja", ""): ("JP",),
    ("ko", ""): ("KR",),
    ("zh", "Hans"): ("SC",),
    ("zh", "Hant"): ("TC", "HK"),
    ("yue", ""): ("HK", "TC"),
}


def languages(subject: PdfDocument) -> Iterator[Finding]:
    """Some text is tagged as each language that the file is in."""
    tree = subject.tree
    if not subject.expect.tagged or tree is None:
        return
    said = {_spoken(element.language) for element in tree.elements if element.marks}
    absent = [tag for tag in subject.expect.languages if _spoken(tag) not in said]
    if absent:
        yield from subject.found("pdf.language-absent", languages=", ".join(absent))


def _spoken(tag: str) -> tuple[str, str]:
    """Return what two tags of one language have in common: zh-CN and zh-Hans."""
    return language_of(tag), script(tag)


def links(subject: PdfDocument) -> Iterator[Finding]:
    """A link, or an entry of the outline, leads to a page that is there, or to an address (ISO 32000-2, 12.3.2)."""
    pages = {page.key for page in subject.pages}
    named = _named_places(subject.pdf, pages)
    dead: list[tuple[int, str]] = []
    for page in subject.pages:
        notes = (note for note in page.notes if note.get("/Subtype") == "/Link")
        dead += [(page.number, target) for note in notes if (target := _dead_end(note, named, pages))]
    outline = [target for item in _outline(subject.pdf) if (target := _dead_end(item, named, pages))]
    if dead or outline:
        targets = dict.fromkeys([*(target for _, target in dead), *outline])
        yield from subject.found("pdf.link-dead", (number for number, _ in dead), targets=", ".join(list(targets)[:5]))


def _dead_end(holder: Any, named: frozenset[str], pages: set[Key]) -> str:
    """Return the target of a link that leads nowhere; empty for one that leads somewhere."""
    action = holder.get("/A")
    kind = entry(action, "/S")
    if kind == "/URI":
        address = _address(action.get("/URI"))
        return "" if ":" in address else f"`{address}`"
    if kind is not None and kind != "/GoTo":
        return ""  # another file, a form's button: no promise about this file
    target = holder.get("/Dest") if action is None else entry(action, "/D")
    return _dead_place(target, named, pages)


def _address(uri: Any) -> str:
    return bytes(uri).decode("utf-8", "replace").strip() if isinstance(uri, pikepdf.String) else ""


def _dead_place(target: Any, named: frozenset[str], pages: set[Key]) -> str:
    if isinstance(target, pikepdf.Array):
        return "" if len(target) and key_of(target[0]) in pages else "`a page that is not there`"
    if target is None:
        return "`nothing`"
    name = spelt(target).removeprefix("/") if isinstance(target, pikepdf.Name) else spelt(target)
    return "" if name in named else f"`{name}`"


def _named_places(pdf: pikepdf.Pdf, pages: set[Key]) -> frozenset[str]:
    """Return the names of places on pages that are there (ISO 32000-2, 12.3.2.4)."""
    places = {spelt(name)[1:]: place for name, place in part(pdf.Root, "/Dests").items()}
    tree = part(pdf.Root, "/Names").get("/Dests")
    if isinstance(tree, pikepdf.Dictionary):
        places |= {spelt(name): place for name, place in pikepdf.NameTree(tree).items()}
    return frozenset(name for name, place in places.items() if not _dead_place(_place(place), frozenset(), pages))


def _place(place: Any) -> Any:
    return place.get("/D") if isinstance(place, pikepdf.Dictionary) else place


def _outline(pdf: pikepdf.Pdf) -> Iterator[Any]:
    """Return the entries of the outline that lead somewhere, each once, though a broken file may run in a ring."""
    waiting = [part(pdf.Root, "/Outlines").get("/First")]
    seen: set[Key] = set()
    while waiting:
        item = waiting.pop()
        if not is_holder(item) or item.objgen in seen:
            continue
        seen.add(item.objgen)
        waiting += [item.get("/Next"), item.get("/First")]
        if "/Dest" in item or "/A" in item:
            yield item


def fields(subject: PdfDocument) -> Iterator[Finding]:
    """A form field has a name of its own, a tooltip (ISO 14289-1, 7.18.1), and a place in the tree (7.18.4)."""
    nameless: list[int] = []
    mute: list[int] = []
    loose: list[int] = []
    tree = subject.tree
    told = {key for element in tree.elements if element.kind == "Form" for key in element.objects} if tree else set()
    for page in subject.pages:
        for widget in page.notes:
            if widget.get("/Subtype") != "/Widget":
                continue
            nameless += [page.number] * (not _inherited(widget, "/T"))
            mute += [page.number] * (not _inherited(widget, "/TU"))
            loose += [page.number] * (subject.expect.tagged and widget.objgen not in told)
    for code, pages in (("pdf.field-name", nameless), ("pdf.field-tooltip", mute), ("pdf.field-loose", loose)):
        if pages:
            yield from subject.found(code, pages, count=str(len(pages)))


def _inherited(widget: Any, key: str) -> str:
    """Return an entry of a field, or of a field that it is a part of (ISO 32000-2, 12.7.4.1)."""
    for _ in range(32):
        if not is_holder(widget) or key in widget:
            break
        widget = widget.get("/Parent")
    return spelt(widget.get(key, "")).strip() if is_holder(widget) else ""


CHECKS: Final = (tagged, figures, heads, headings, faces, languages, links, fields)
