"""What a listener hears of each shipped document is what its HTML says, in its order, each word in its language.

The structure tree is read here without the program's own reader, and the HTML without the program that tags it.
"""

import ctypes
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from io import BytesIO
from typing import Any, Final

import page as validator
import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium
import pytest

from taiyaku.checks.prepare import manuscripts, prepare
from taiyaku.content.load import load_guide
from taiyaku.model.content import Content
from taiyaku.model.documents import Edition
from taiyaku.pipeline.options import BuildOptions
from taiyaku.pipeline.targets import plan
from taiyaku.pipeline.title import Job, layout_of, set_in_html
from taiyaku.render.html import RenderOptions
from tests.making import theme
from tests.shipped import BOOKLETS, GUIDE, ROOT, SCREEN, Built

Said = tuple[str, str]
"""A text and its language."""

SHOWN: Final = {"zh-CN": "zh-Hans", "zh-TW": "zh-Hant", "ko-KR": "ko"}
"""Languages as a voice knows them, by the names that the typesetter needs."""


def letters(said: Iterator[Said]) -> tuple[str, tuple[str, ...]]:
    """Return the characters that are compared, each with its language: no spaces, no hyphens."""
    pairs = [
        (char, language)
        for text, language in said
        for char in unicodedata.normalize("NFKC", text)
        if char not in "-\u2010\u2011" and unicodedata.category(char)[0] not in "ZC"
    ]
    return "".join(char for char, _ in pairs), tuple(language for _, language in pairs)


# The finished file, through its structure tree


def runs(page: pypdfium2.PdfPage) -> Iterator[tuple[int, str, tuple[str, ...]]]:
    """Return each run of text on a page: its MCID, its text, and the tags around it."""
    textpage = page.get_textpage()
    for item in page.get_objects(filter=(pdfium.FPDF_PAGEOBJ_TEXT,)):
        length = pdfium.FPDFTextObj_GetText(item.raw, textpage.raw, None, 0)
        buffer = ctypes.create_string_buffer(length)
        pdfium.FPDFTextObj_GetText(item.raw, textpage.raw, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), length)
        marks = (pdfium.FPDFPageObj_GetMark(item.raw, at) for at in range(pdfium.FPDFPageObj_CountMarks(item.raw)))
        text = buffer.raw[: length - 2].decode("utf-16-le", "replace")
        yield pdfium.FPDFPageObj_GetMarkedContentID(item.raw), text, tuple(map(mark_name, marks))


def mark_name(mark: Any) -> str:
    buffer, size = ctypes.create_string_buffer(64), ctypes.c_ulong()
    pdfium.FPDFPageObjMark_GetName(mark, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), 64, size)
    return buffer.raw[: size.value - 2].decode("utf-16-le")


@dataclass
class Tree:
    """A tagged PDF: its texts by page and mark, and its structure."""

    pdf: pikepdf.Pdf
    texts: dict[tuple[int, int], str]
    outside: list[tuple[int, str, tuple[str, ...]]]
    pdfium_order: list[list[int]]
    marks: list[tuple[int, int]] = field(default_factory=list)
    types: Counter[str] = field(default_factory=Counter)
    fields: list[str] = field(default_factory=list)
    heads: dict[str, str] = field(default_factory=dict)
    cells: list[tuple[str, ...]] = field(default_factory=list)

    def read(self) -> Iterator[Said]:
        """Read the document out, as a reader's program does."""
        pages = {page.objgen: number for number, page in enumerate(self.pdf.pages)}
        yield from self._element(self.pdf.Root.StructTreeRoot.K, pages, None, str(self.pdf.Root.Lang))

    def _element(self, kid: Any, pages: Mapping[Any, int], page: int | None, language: str) -> Iterator[Said]:
        if isinstance(kid, pikepdf.Array):
            for one in kid:
                yield from self._element(one, pages, page, language)
            return
        if not isinstance(kid, pikepdf.Dictionary):
            yield self._mark(page, int(kid), language)
            return
        page = pages[kid.Pg.objgen] if "/Pg" in kid else page
        if kid.get("/Type") == "/MCR":
            yield self._mark(page, int(kid.MCID), language)
        if kid.get("/Type") in ("/MCR", "/OBJR"):
            return
        language = str(kid.get("/Lang", language))
        self.types[str(kid.S)] += 1
        if kid.S == "/Form":
            self.fields.append(str(kid.T))
        elif kid.S == "/TH":
            self.heads[str(kid.ID)] = str(kid.A.Scope)
        elif kid.S == "/TD":
            self.cells.append(tuple(str(key) for key in kid.A.Headers))
        below = list(self._element(kid.get("/K", pikepdf.Array()), pages, page, language))
        if "/ActualText" in kid or kid.S == "/Figure":
            below = [(str(kid.get("/ActualText", kid.get("/Alt"))), language)]
        yield from below

    def _mark(self, page: int | None, mcid: int, language: str) -> Said:
        assert page is not None
        self.marks.append((page, mcid))
        return self.texts.get((page, mcid), ""), language


def tree_of(data: bytes) -> Tree:
    texts: dict[tuple[int, int], str] = {}
    outside, order = [], []
    with pypdfium2.PdfDocument(data) as document:
        for number, page in enumerate(document):
            for mcid, text, tags in runs(page):
                if mcid < 0:
                    outside.append((number, text, tags))
                else:
                    texts[number, mcid] = texts.get((number, mcid), "") + text
            order.append(list(page_order(page)))
    return Tree(pikepdf.open(BytesIO(data)), texts, outside, order)


def page_order(page: pypdfium2.PdfPage) -> Iterator[int]:
    """Return the marks of one page as pdfium finds them in the tree."""

    def below(element: Any) -> Iterator[int]:
        for at in range(pdfium.FPDF_StructElement_CountChildren(element)):
            child = pdfium.FPDF_StructElement_GetChildAtIndex(element, at)
            mcid = pdfium.FPDF_StructElement_GetChildMarkedContentID(element, at)
            if child:
                yield from below(child)
            elif mcid >= 0:
                yield mcid

    tree = pdfium.FPDF_StructTree_GetForPage(page.raw)
    for at in range(pdfium.FPDF_StructTree_CountChildren(tree)):
        yield from below(pdfium.FPDF_StructTree_GetChildAtIndex(tree, at))
    pdfium.FPDF_StructTree_Close(tree)


# The HTML


@dataclass
class Element:
    """An element of the HTML with what stands in it."""

    tag: str
    given: dict[str, str]
    inside: list["Element | str"] = field(default_factory=list)

    @property
    def classes(self) -> list[str]:
        return self.given.get("class", "").split()

    @property
    def children(self) -> "list[Element]":
        return [one for one in self.inside if isinstance(one, Element)]

    def all(self) -> "Iterator[Element]":
        yield self
        for child in self.children:
            yield from child.all()


class Reader(HTMLParser):
    """Reads HTML into elements."""

    def __init__(self) -> None:
        super().__init__()
        self.open = [Element("", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        made = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].inside.append(made)
        if tag not in ("img", "br", "meta", "link", "col"):
            self.open.append(made)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        self.open[-1].inside.append(data)


def parsed(html: str) -> Element:
    reader = Reader()
    reader.feed(html)
    return next(one for one in reader.open[0].children if one.tag == "html")


def says(element: Element, language: str, folios: Mapping[str, int]) -> Iterator[Said]:
    """Say what an element says: no running heads, no readings, and numbers before the text that they stand beside."""
    language = SHOWN.get(element.given.get("lang", ""), element.given.get("lang", language))
    kind = element.given.get("data-tag", "")
    if element.tag in ("head", "rt") or {"head", "foot"} & set(element.classes) or kind == "Artifact":
        return
    if element.tag == "img":
        yield element.given["alt"], language
        return
    inside = element.inside
    if "row" in element.classes:
        spines = [one for one in element.children if "spine" in one.classes and one.given.get("data-tag") is None]
        inside = [*spines, *(one for one in inside if one not in spines)]
    for one in inside:
        if isinstance(one, Element):
            yield from says(one, language, folios)
        else:
            yield one, language
    yield set_after(element, folios), language


def set_after(element: Element, folios: Mapping[str, int]) -> str:
    """Say what the stylesheets put behind a link: the page that it leads to."""
    number = folios.get(element.given.get("href", "").removeprefix("#"), 0)
    by_class = {"folio": f"{number}", "see": f"→p.{number}", "at": f"p.{number}"}
    return next((by_class[name] for name in element.classes if name in by_class), "")


@cache
def content() -> Content:
    loaded = load_guide(ROOT / "content", GUIDE).content
    assert loaded is not None
    return loaded


@cache
def rendered(path: str, notes: int) -> Element:
    """Render a shipped document again, with so many pages for notes."""
    titles = plan(content(), BuildOptions(ROOT, ROOT / "content", ROOT / "dist"))
    title = next(one for one in titles if one.file_name(Edition.SCREEN) == path)
    texts = manuscripts(prepare(content(), draft=False), title)
    work = Job(title, (Edition.SCREEN,), content(), theme(), texts, None, {}, {}, draft=False)
    layout = layout_of(work) if path in BOOKLETS else ""
    return parsed(set_in_html(work, RenderOptions(Edition.SCREEN, layout, notes=notes)).html)


@dataclass
class Read:
    """A shipped document: read through its structure tree, and its HTML."""

    tree: Tree
    said: tuple[str, tuple[str, ...]]
    html: Element
    wanted: tuple[str, tuple[str, ...]]
    report: Any


def folios_of(pdf: pikepdf.Pdf) -> dict[str, int]:
    """Return the number of the page on which each named place of a document lies."""
    pages = {page.objgen: number for number, page in enumerate(pdf.pages, 1)}
    if "/Names" not in pdf.Root:
        return {}
    places: Any = pikepdf.NameTree(pdf.Root.Names.Dests).items()
    return {str(name): pages[place[0].objgen] for name, place in places}


_read: dict[str, Read] = {}


def read(built: Built, path: str) -> Read:
    if path not in _read:
        data = built.pdf(path)
        tree = tree_of(data)
        said = letters(tree.read())
        folios = folios_of(tree.pdf)
        ways = [(html, letters(says(html, "", folios))) for html in (rendered(path, notes) for notes in range(4))]
        html, wanted = next((way for way in ways if len(way[1][0]) == len(said[0])), ways[0])
        report = validator.validate_pdf_bytes(data, profile=validator.ValidationProfile.PDF_UA_1)
        _read[path] = Read(tree, said, html, wanted, report)
    return _read[path]


def apart(said: str, wanted: str) -> str:
    """Show where two texts part; empty where they are the same."""
    if said == wanted:
        return ""
    at = next((at for at, (one, other) in enumerate(zip(said, wanted, strict=False)) if one != other), 0)
    return f"{said[max(at - 20, 0) : at + 20]} instead of {wanted[max(at - 20, 0) : at + 20]}"


@pytest.mark.parametrize("path", SCREEN)
def test_a_listener_hears_the_text_in_its_order(built: Built, path: str) -> None:
    one = read(built, path)
    assert len(one.wanted[0]) > 300
    assert apart(one.said[0], one.wanted[0]) == ""


@pytest.mark.parametrize("path", SCREEN)
def test_every_word_has_the_voice_of_its_language(built: Built, path: str) -> None:
    one = read(built, path)
    assert len(set(one.wanted[1])) >= 2
    wrong = [
        f"{char} in {language} instead of {wanted}"
        for char, language, wanted in zip(one.said[0], one.said[1], one.wanted[1], strict=True)
        if language != wanted
    ]
    assert wrong == []


@pytest.mark.parametrize("path", SCREEN)
def test_nothing_is_read_twice_and_nothing_is_left_out(built: Built, path: str) -> None:
    """Each mark is in the tree once; what is in none is an artifact (ISO 14289-1, 7.1)."""
    tree = read(built, path).tree
    assert set(tree.texts) <= set(tree.marks)
    assert [mark for mark, times in Counter(tree.marks).items() if times > 1] == []
    assert [one for one in tree.outside if one[1].strip() and "Artifact" not in one[2]] == []
    assert bool(tree.outside) == (path in BOOKLETS), "running heads"


@pytest.mark.parametrize("path", SCREEN)
def test_a_page_alone_has_the_same_order(built: Built, path: str) -> None:
    """As pdfium gives it, where a list or a table goes on over the end of a page."""
    tree = read(built, path).tree
    for number, order in enumerate(tree.pdfium_order):
        assert order == [mcid for page, mcid in tree.marks if page == number]


@pytest.mark.parametrize("path", SCREEN)
def test_lists_and_tables_are_whole(built: Built, path: str) -> None:
    """As many as the HTML has, whatever pages they stand on; and no table that is one for its looks only."""
    one = read(built, path)
    elements = list(one.html.all())
    tags = Counter(element.tag for element in elements)
    kinds = Counter(element.given.get("data-tag", "") for element in elements)
    types = one.tree.types
    for tag, type_ in (("table", "/Table"), ("thead", "/THead"), ("tr", "/TR"), ("th", "/TH"), ("td", "/TD")):
        assert types[type_] == tags[tag]
    nested = sum(
        int(element.given.get("data-depth", 0)) > int(before.given.get("data-depth", 0))
        for parent in elements
        for before, element in zip(parent.children, parent.children[1:], strict=False)
    )
    assert types["/L"] == kinds["L"] + nested
    terms = sum("term" in element.classes for element in elements)
    empty = sum("LI" in element.given.get("data-tag", "") and not element.inside for element in elements)
    assert types["/LI"] == kinds["LI"] + terms - empty
    assert types["/TOCI"] == kinds["TOCI"]
    assert types["/Ruby"] == types["/RB"] == types["/RT"] == tags["ruby"]
    assert types["/Figure"] == sum(element.tag == "img" and element.given["alt"] != "" for element in elements)


@pytest.mark.parametrize("path", SCREEN)
def test_every_cell_names_its_row_and_its_column(built: Built, path: str) -> None:
    tree = read(built, path).tree
    assert bool(tree.cells) == ("_checklist-" not in path), "checklists have no tables"
    for heads in tree.cells:
        assert [tree.heads[key] for key in heads] == ["/Row", "/Column"]


@pytest.mark.parametrize("path", SCREEN)
def test_fields_stand_where_they_are_filled_in(built: Built, path: str) -> None:
    one = read(built, path)
    assert one.tree.fields == [
        element.given["data-name"] for element in one.html.all() if element.given.get("data-tag") == "Form"
    ]
    assert bool(one.tree.fields) == (path not in BOOKLETS)
    ticks = [name for name in one.tree.fields if name.startswith("tick-")]
    assert ticks == [f"tick-{number}" for number in range(1, len(ticks) + 1)]


@pytest.mark.parametrize("path", SCREEN)
def test_a_validator_finds_nothing(built: Built, path: str) -> None:
    """PDF/UA-1 (ISO 14289-1)."""
    report = read(built, path).report
    assert report.is_compliant, report.to_json()


# That these checks can fail


def test_a_wrong_order_is_seen() -> None:
    html = parsed('<html lang="ja"><body><p>一</p><p lang="zh-CN">二</p></body></html>')
    text, languages = letters(says(html, "", {}))
    assert (text, languages) == ("一二", ("ja", "zh-Hans"))
    assert apart("二一", text) == "二一 instead of 一二"
    assert apart("一", text)


def test_a_number_is_said_before_both_languages() -> None:
    row = '<div class="row"><p lang="en">a</p><div class="spine"><span data-tag="Lbl">7</span></div><p>b</p></div>'
    assert letters(says(parsed(f'<html lang="ja"><body>{row}</body></html>'), "", {}))[0] == "7ab"


def test_what_is_not_said_is_left_out() -> None:
    body = '<p><ruby>本<rt>ほん</rt></ruby><span data-tag="Artifact">x</span></p><div class="head">y</div>'
    link = '<a class="see" href="#there">章</a><img alt="絵">'
    html = parsed(f'<html lang="ja"><head><title>t</title></head><body>{body}{link}</body></html>')
    assert letters(says(html, "", {"there": 9}))[0] == "本章→p.9絵"
