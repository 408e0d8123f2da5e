"""The bars of print quality, proved on stylesheets and on finished PDFs: contrast, type sizes, boxes to tick, QR codes.

One booklet and one checklist of the real guide are made, once; what needs other layouts, a host or a draft is made of
small guides. Lengths are mm, type sizes pt.
"""

import ctypes
import datetime as dt
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from html.parser import HTMLParser
from io import BytesIO
from itertools import chain, groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import page as validator
import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium
import pytest
import tinycss2
import zxingcpp
from markupsafe import Markup

from taiyaku.checks import accept
from taiyaku.checks.prepare import manuscripts, prepare
from taiyaku.content.load import LoadedHost, load_guide, load_host
from taiyaku.content.theme import load_theme
from taiyaku.language.tags import CJK, is_cjk
from taiyaku.model.content import Content, Layout
from taiyaku.model.documents import Edition, Form
from taiyaku.model.findings import Finding, errors
from taiyaku.model.theme import Theme
from taiyaku.model.tokens import LEAST_CONTRAST, PAPERS, colour_tokens, contrast, recoloured
from taiyaku.model.units import PT_PER_MM
from taiyaku.model.wordings import Severity
from taiyaku.pdf.text import is_long, read_back, reading_order, squeeze, text_runs
from taiyaku.pipeline import build
from taiyaku.pipeline.check import Outcome
from taiyaku.pipeline.options import BuildOptions
from taiyaku.pipeline.targets import plan
from taiyaku.pipeline.title import Job, JobResult, assets_of, make, set_in_html
from taiyaku.proofread import annotate
from taiyaku.proofread.completeness import Pages
from taiyaku.render.html import RenderOptions
from taiyaku.render.rows import Cell, Row, RowBuilder, chapters, number_sources, walk_rows
from tests.making import ROOT, codes, theme, tiny_guide, told

GUIDES: Final = {"phone-number": ROOT / "content", "sample": ROOT / "tests" / "sample"}
CHECKLIST: Final = "bring"
REAL: Final = ("zh-Hans", "ja")
SAMPLE: Final = ("vi", "ja")
LAYOUTS: Final[tuple[Layout, ...]] = ("side-by-side", "stacked", "facing")
WHITE: Final = "#ffffff"


# Making, once each


@cache
def content(guide: str) -> Content:
    read = load_guide(GUIDES[guide], guide).content
    assert read is not None
    return read


@cache
def work(
    guide: str,
    languages: tuple[str, ...],
    form: Form,
    editions: tuple[Edition, ...] = (Edition.SCREEN,),
    layout: Layout | None = None,
    hosted: bool = False,
) -> Job:
    """Gather a title: the booklet, or the checklist that tells what to bring."""
    own = content(guide)
    if layout is not None:
        own = replace(own, guide=own.guide.model_copy(update={"layout": layout}))
    order = BuildOptions(ROOT, GUIDES[guide], Path("unused"), host=HOST if hosted else "")
    names = (guide, CHECKLIST)
    (title,) = (t for t in plan(own, order) if (t.languages, t.form) == (languages, form) and t.name in names)
    host = the_host() if hosted else LoadedHost(None, b"", ())
    colours = host.host.colors if host.host is not None else {}
    return Job(
        title=title,
        editions=editions,
        content=own,
        theme=theme() if guide == "phone-number" else sample_house(),
        texts=manuscripts(prepare(own, draft=False), title),
        host=host.host,
        assets=assets_of(own, theme(), host.logo, colours),
        inputs={},
        draft=False,
    )


@cache
def sample_house() -> Theme:
    return load_theme(GUIDES["sample"]).theme


@cache
def made(one: tuple[Any, ...]) -> JobResult:
    """Make the title that `work` gathers from these arguments."""
    return make(work(*one))


BOTH: Final = (Edition.SCREEN, Edition.PRINT)
BOOKLET: Final = ("phone-number", REAL, Form.BOOKLET, BOTH)
TO_BRING: Final = ("phone-number", REAL, Form.CHECKLIST, BOTH)
VIETNAMESE: Final = ("sample", SAMPLE, Form.BOOKLET)
LARGE: Final = ("sample", SAMPLE, Form.BOOKLET, (Edition.LARGE,))

DOCUMENTS: Final = {
    "booklet screen": (BOOKLET, Edition.SCREEN),
    "booklet print": (BOOKLET, Edition.PRINT),
    "checklist screen": (TO_BRING, Edition.SCREEN),
    "checklist print": (TO_BRING, Edition.PRINT),
    "sample": (VIETNAMESE, Edition.SCREEN),
    "large": (LARGE, Edition.LARGE),
}
CHECKLISTS: Final = ("checklist screen", "checklist print")


def pdf_of(name: str) -> bytes:
    one, edition = DOCUMENTS[name]
    return next(document.pdf for document in made(one).documents if document.edition is edition)


def html_of(name: str) -> str:
    one, edition = DOCUMENTS[name]
    return set_in_html(work(*one), RenderOptions(edition)).html


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_has_no_fault(name: str):
    """What follows is measured on documents that may be printed."""
    assert told(made(DOCUMENTS[name][0]).findings) == []
    assert pdf_of(name)


# Reading stylesheets


@dataclass(frozen=True, slots=True)
class Declaration:
    """One declaration of a stylesheet: where it stands (a selector or an at-rule, from outside in), name and value."""

    sheet: str
    where: str
    name: str
    value: str


def _squeezed(nodes: Iterable[Any]) -> str:
    return " ".join(tinycss2.serialize(list(nodes)).split())


def _read(nodes: Sequence[Any], sheet: str, where: str) -> Iterator[Declaration]:
    for node in tinycss2.parse_blocks_contents(nodes, skip_comments=True, skip_whitespace=True):
        assert node.type != "error", f"{sheet}: {where}: {node.message}"
        if node.type == "declaration":
            yield Declaration(sheet, where, node.name, _squeezed(node.value))
        elif node.content is not None:
            yield from _read(node.content, sheet, f"{where} {_rule(node)}")


def _rule(node: Any) -> str:
    prelude = _squeezed(node.prelude)
    return f"@{node.at_keyword} {prelude}".strip() if node.type == "at-rule" else prelude


@cache
def declarations(sheet: str) -> tuple[Declaration, ...]:
    """Read every declaration of one stylesheet."""
    rules = tinycss2.parse_stylesheet(theme().styles[sheet].decode(), skip_comments=True, skip_whitespace=True)
    found: list[Declaration] = []
    for rule in rules:
        assert rule.type != "error", f"{sheet}: {rule.message}"
        if rule.content is not None:
            found += _read(rule.content, sheet, _rule(rule))
    return tuple(found)


def sheets() -> tuple[str, ...]:
    """Name the stylesheets of what is printed. Those of pages on the web have other grounds: axe looks at them."""
    return tuple(name for name in theme().styles if name.endswith(".css") and not name.startswith("web/"))


def imports(sheet: str) -> tuple[str, ...]:
    """Return a stylesheet and all that it takes in, each as often as it is taken in."""
    found = re.findall(r"@import url\((.*?)\)", theme().styles[sheet].decode())
    return (*chain.from_iterable(map(imports, found)), sheet)


def every_declaration() -> Iterator[Declaration]:
    return chain.from_iterable(map(declarations, sheets()))


def selectors(where: str) -> frozenset[str]:
    """Part a list of selectors, so that their order does not matter."""
    return frozenset(part.strip() for part in where.split(","))


SHEETS_OF_DOCUMENTS: Final = ("booklet.css", "checklist.css", "facing.css", "large.css", "leaflet.css", "testsheet.css")


@pytest.mark.parametrize("sheet", SHEETS_OF_DOCUMENTS)
def test_no_rule_is_written_twice(sheet: str):
    files = imports(sheet)
    assert [name for name, times in Counter(files).items() if times > 1] == []
    every = [one for name in files for one in declarations(name)]
    assert len(every) > 75
    count = Counter((selectors(one.where), one.name, one.value) for one in every)
    assert [(sorted(where), name, value) for (where, name, value), times in count.items() if times > 1] == []


def test_every_stylesheet_belongs_to_a_document():
    used = {name for sheet in SHEETS_OF_DOCUMENTS for name in imports(sheet)}
    assert used == set(sheets())


# Contrast

_HEX: Final = re.compile(r"#(?:[0-9a-fA-F]{6}|[0-9a-fA-F]{3})\b")
_VAR: Final = re.compile(r"var\((--color-[\w-]+)\)")
_NO_GROUND: Final = frozenset({"none", "transparent", "inherit"})

DRAWN: Final = {".ticked", ".item + .item > .first::before, .definition + .term > .first::before"}
"""What is filled and holds no text: a box that is ticked, the rule above an item."""


def whole(colour: str) -> str:
    """Write #abc as #aabbcc."""
    return f"#{''.join(2 * digit for digit in colour[1:])}".lower() if len(colour) == 4 else colour.lower()


def colours_in(one: Declaration) -> tuple[str, ...]:
    """Return the colours that a declaration names, as #rrggbb."""
    tokens = colour_tokens(theme().styles)
    return (*(tokens[name] for name in _VAR.findall(one.value)), *map(whole, _HEX.findall(one.value)))


def grounds() -> dict[str, str]:
    """Return each colour that text may stand on, but for those of a rule that sets its own text colour; by place."""
    own = {one.where for one in every_declaration() if one.name == "color"}
    filled = [one for one in every_declaration() if one.name in ("background", "background-color")]
    there = [one for one in filled if one.where not in own | DRAWN]
    tinted = {colour: one.where for one in there for colour in colours_in(one)}
    papers = {colour_tokens(theme().styles)[name]: name for name in PAPERS}
    return {WHITE: "the page", **papers, **tinted}


def own_ground(one: Declaration) -> str | None:
    """Return the colour that the very rule of a text colour fills its ground with."""
    filled = (
        d for d in declarations(one.sheet) if d.where == one.where and d.name in ("background", "background-color")
    )
    return next((colour for d in filled for colour in colours_in(d)), None)


def text_colours() -> list[Declaration]:
    return [one for one in every_declaration() if one.name == "color" and one.value != "inherit"]


def test_every_text_colour_can_be_read_on_every_ground():
    """5:1 (WCAG 2.2, 1.4.3 asks for 4.5:1): any text may stand in any box, on white, and in what a draft marks."""
    pale = []
    for one in text_colours():
        (colour,) = colours_in(one)
        ground = own_ground(one)
        for paper in grounds() if ground is None else (ground,):
            if (ratio := contrast(colour, paper)) < LEAST_CONTRAST:
                pale.append(f"{one.sheet}: {one.where}: {colour} on {paper}: {ratio:.2f}")
    assert pale == []


def test_the_grounds_are_those_that_are_meant():
    """The tints of boxes, of a table's head, and of what is stale in a draft."""
    tokens = colour_tokens(theme().styles)
    assert {tokens["--color-paper-warm"], tokens["--color-paper-cool"], WHITE} < set(grounds())
    assert len(grounds()) == 4, "a new tint is measured; count it here"
    tokens_of_text = {name for one in text_colours() for name in _VAR.findall(one.value)}
    names = {"reader", "host", "text", "quiet", "proof"}
    assert tokens_of_text == {f"--color-{name}" for name in names}


def test_every_colour_is_one_that_can_be_measured():
    """No named colour, no rgb(), no opacity: those would pass unmeasured."""
    painted = [one for one in every_declaration() if one.name in ("color", "background", "background-color")]
    assert len(painted) > 40
    rest = [one for one in painted if not colours_in(one) and one.value not in _NO_GROUND]
    assert [one for one in rest if not one.value.startswith("url(icons/")] == []
    assert [one for one in every_declaration() if "opacity" in one.name] == []
    assert [name for name, text in theme().templates.items() if re.search(r"style=\"[^\"]*color|<font", text)] == []


def test_a_pale_text_colour_is_found():
    """The bar is one that a colour can fail."""
    assert contrast("#767676", colour_tokens(theme().styles)["--color-paper-warm"]) < LEAST_CONTRAST
    assert colours_in(Declaration("x.css", ".x", "color", "#767")) == ("#776677",)


def painted_colours(pdf: bytes) -> set[str]:
    """Return the colours in which a document's text is filled."""
    found = set()
    channels = [ctypes.c_uint() for _ in range(4)]
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            for item in page.get_objects(filter=(pdfium.FPDF_PAGEOBJ_TEXT,)):
                assert pdfium.FPDFPageObj_GetFillColor(item.raw, *map(ctypes.byref, channels))
                assert channels[3].value == 255
                found.add("#" + "".join(f"{channel.value:02x}" for channel in channels[:3]))
    return found


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_text_that_is_printed_has_no_other_colour(name: str):
    """What the stylesheets say is what the ink does; white stands on the reader's colour only."""
    tokens = colour_tokens(theme().styles)
    meant = {tokens[f"--color-{name}"] for name in ("reader", "host", "text", "quiet")}
    assert tokens["--color-reader"] in painted_colours(pdf_of(name))
    assert painted_colours(pdf_of(name)) <= meant | {WHITE}
    assert contrast(WHITE, tokens["--color-reader"]) >= LEAST_CONTRAST


# Type sizes


@dataclass(frozen=True, slots=True)
class Letter:
    """A character as it is printed: on which page (from 0), how large, and in which run of text."""

    char: str
    page: int
    size: float
    run: int


@cache
def letters(pdf: bytes) -> tuple[Letter, ...]:
    """Read every character of a PDF in the order of its structure tree; a page that has none, as it is painted."""
    with pypdfium2.PdfDocument(pdf) as document:
        return tuple(chain.from_iterable(_letters(page, number) for number, page in enumerate(document)))


def _letters(page: pypdfium2.PdfPage, number: int) -> list[Letter]:
    textpage = page.get_textpage()
    matrix = pdfium.FS_MATRIX()
    marked: dict[int, list[Letter]] = {}
    for at in range(textpage.count_chars()):
        item = pdfium.FPDFText_GetTextObject(textpage.raw, at)
        char = chr(pdfium.FPDFText_GetUnicode(textpage.raw, at))
        if not item or not squeeze(char):
            continue
        assert pdfium.FPDFText_GetMatrix(textpage.raw, at, ctypes.byref(matrix))
        size = pdfium.FPDFText_GetFontSize(textpage.raw, at) * math.hypot(matrix.c, matrix.d)
        run = ctypes.cast(item, ctypes.c_void_p).value or 0
        marked.setdefault(pdfium.FPDFPageObj_GetMarkedContentID(item), []).append(
            Letter(char, number, round(size, 2), run)
        )
    order = dict.fromkeys(mcid for mcid, _ in reading_order(page))
    textpage.close()
    return list(chain.from_iterable(marked[mcid] for mcid in (*order, *(set(marked) - set(order))) if mcid in marked))


def small_runs(pdf: bytes, least: float) -> Counter[tuple[str, float]]:
    """Return the runs of Chinese or Japanese text that are smaller than ``least``, with their sizes."""
    runs = [list(run) for _, run in groupby(letters(pdf), key=lambda letter: (letter.page, letter.run))]
    small = (run for run in runs if any(re.match(CJK, one.char) and one.size < least for one in run))
    return Counter((squeeze("".join(one.char for one in run)), min(one.size for one in run)) for run in small)


def readings(html: str) -> set[str]:
    return {squeeze(re.sub("<[^>]*>", "", text)) for text in re.findall(r"<rt>(.*?)</rt>", html)}


LEAST_CJK: Final = 8.0
LEAST_READING: Final = 5.0


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_chinese_or_japanese_text_is_smaller_than_8_pt(name: str):
    """Strokes of a small character run together in print; readings alone, which are kana, may be smaller."""
    assert sum(bool(re.match(CJK, letter.char)) for letter in letters(pdf_of(name))) > 300
    small = small_runs(pdf_of(name), LEAST_CJK)
    known = readings(html_of(name))
    assert {(text, size) for text, size in small if text not in known} == set()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_reading_is_smaller_than_5_pt(name: str):
    known = readings(html_of(name))
    found = [(text, size) for text, size in small_runs(pdf_of(name), 12) if text in known]
    assert len(found) >= 5
    assert [(text, size) for text, size in found if size < LEAST_READING] == []


class _Pieces(HTMLParser):
    """Parts a cell's HTML into runs as `htmltext.runs` does; of each piece it says whether it is body text.

    A reading, a source's number, a footnote and the word that a block is stale are smaller by right.
    """

    _OTHER: Final = frozenset({"cite", "footnote", "state"})

    def __init__(self) -> None:
        super().__init__()
        self.runs: list[list[tuple[str, bool]]] = [[]]
        self._open: list[tuple[bool, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kind = dict(attrs).get("class")
        if kind == "footnote":
            self.runs.append([])
        if tag not in ("br", "img", "wbr"):
            self._open.append((tag == "rt" or kind in self._OTHER, kind in ("footnote", "see")))

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open.pop()[1]:
            self.runs.append([])

    def handle_data(self, data: str) -> None:
        self.runs[-1].append((squeeze(data), not any(other for other, _ in self._open)))


def pieces(cell: Cell) -> list[list[tuple[str, bool]]]:
    parser = _Pieces()
    parser.feed(str(cell.html))
    parser.close()
    return [run for run in parser.runs if any(text for text, _ in run)]


def body_sizes(name: str) -> dict[str, set[float]]:
    """Return the sizes of body text (paragraphs and items long enough to be found for sure) by language."""
    one, edition = DOCUMENTS[name]
    cells = [
        cell for cell in set_in_html(work(*one), RenderOptions(edition)).cells if cell.role in ("paragraph", "item")
    ]
    wanted = [(cell.lang, run) for cell in cells for run in pieces(cell)]
    wanted = [(lang, run) for lang, run in wanted if is_long("".join(text for text, _ in run))]
    by_page = [list(found) for _, found in groupby(letters(pdf_of(name)), key=lambda letter: letter.page)]
    spread = [[(part, letter.size) for letter in found for part in squeeze(letter.char)] for found in by_page]
    pages = Pages("".join(part for part, _ in page) for page in spread)
    sizes: dict[str, set[float]] = {}
    for lang, run in sorted(wanted, key=lambda pair: -sum(len(text) for text, _ in pair[1])):
        spans = pages.take("".join(text for text, _ in run))
        assert spans, run
        printed = [size for number, at, length in spans for _, size in spread[number][at : at + length]]
        body = [is_body for text, is_body in run for _ in text]
        sizes.setdefault(lang, set()).update(size for size, is_body in zip(printed, body, strict=True) if is_body)
    return sizes


BODY: Final = {"booklet screen": (8.5, 9.0), "sample": (8.5, 9.0), "large": (16.0, 16.0)}
"""The least size of body text: in Chinese, Japanese or Korean, and in any other language."""


@pytest.mark.parametrize("name", BODY)
def test_body_text_is_large_enough(name: str):
    """A5: 8.5 pt and 9 pt, as a Latin letter fills less of its body; large print: 16 pt."""
    sizes = body_sizes(name)
    assert len(sizes) == 2
    cjk, latin = BODY[name]
    assert {lang: min(found) for lang, found in sizes.items() if min(found) < (cjk if is_cjk(lang) else latin)} == {}


def test_a_source_number_is_not_taken_for_body_text():
    """The measure tells them apart: with them the least size would be a third less."""
    run = pieces(Cell("solo", "ja", "ltr", Markup('電話<ruby>本<rt>ほん</rt></ruby>です。<a class="cite">12</a>')))
    assert run == [[("電話", True), ("本", True), ("ほん", False), ("です。", True), ("12", False)]]
    assert min(letter.size for letter in letters(pdf_of("sample")) if letter.char.isdigit()) < 8.5


# Boxes to tick

LEAST_TICK: Final = 4.0
_HAIR: Final = 0.05


def _outline(item: Any) -> list[tuple[float, float]]:
    """Return width and height in mm of each closed line of a path, on the page."""
    matrix = item.get_matrix()
    x, y = ctypes.c_float(), ctypes.c_float()
    lines: list[list[tuple[float, float]]] = []
    for at in range(pdfium.FPDFPath_CountSegments(item.raw)):
        segment = pdfium.FPDFPath_GetPathSegment(item.raw, at)
        assert pdfium.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
        if pdfium.FPDFPathSegment_GetType(segment) == pdfium.FPDF_SEGMENT_MOVETO:
            lines.append([])
        lines[-1].append(matrix.on_point(x.value, y.value))
    return [tuple((max(side) - min(side)) / PT_PER_MM for side in zip(*line, strict=True)) for line in lines]


def ticks(pdf: bytes) -> list[tuple[float, float, float, float]]:
    """Return each frame with rounded corners that is about a square of 3 to 9 mm: outer and inner width and height."""
    found = []
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            for item in page.get_objects(filter=(pdfium.FPDF_PAGEOBJ_PATH,)):
                lines = sorted(_outline(item), reverse=True)
                if len(lines) == 2 and 3 < lines[0][0] < 9 and abs(lines[0][0] - lines[0][1]) < 1:
                    found.append((*lines[0], *lines[1]))
    return found


@pytest.mark.parametrize("name", CHECKLISTS)
def test_a_box_to_tick_is_4_mm_square(name: str):
    """Measured inside its frame, where the pen goes."""
    boxes = ticks(pdf_of(name))
    assert len(boxes) == html_of(name).count('<span class="tick') > 5
    for *_, width, height in boxes:
        assert width == pytest.approx(height, abs=_HAIR)
        assert min(width, height) >= LEAST_TICK - _HAIR / 10


# QR codes

LEAST_CODE: Final = 15.0
_CAMERA: Final = 150 / 72
"""Pixels a point: 150 to the inch, which a telephone's camera has at arm's length."""


def decoded(pdf: bytes) -> list[str]:
    """Read the QR codes off the pages, as a camera would."""
    with pypdfium2.PdfDocument(pdf) as document:
        pictures = [page.render(scale=_CAMERA).to_pil().convert("L") for page in document]
    return [code.text for picture in pictures for code in zxingcpp.read_barcodes(picture)]


def images(pdf: bytes) -> list[tuple[float, float]]:
    """Return width and height of each image in mm, whichever way the page is turned."""
    with pypdfium2.PdfDocument(pdf) as document:
        items = [item.get_bounds() for page in document for item in page.get_objects(filter=(3,), max_depth=9)]
    return [((right - left) / PT_PER_MM, (top - bottom) / PT_PER_MM) for left, bottom, right, top in items]


def sources_shown(name: str) -> list[str]:
    """Return the addresses for which a document has codes: a booklet for all it cites, a checklist for three."""
    one = work(*DOCUMENTS[name][0])
    keys = tuple(number_sources(tuple(chain.from_iterable(one.texts.pairs)), one.content.sources))
    return [one.content.sources[key].url for key in (keys if one.title.form is Form.BOOKLET else keys[:3])]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_source_has_a_code_that_a_camera_reads(name: str):
    assert len(sources_shown(name)) >= 2
    assert Counter(decoded(pdf_of(name))) == Counter(sources_shown(name))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_code_is_15_mm_square(name: str):
    found = images(pdf_of(name))
    assert len(found) == len(sources_shown(name))
    for width, height in found:
        assert width == pytest.approx(height, abs=_HAIR)
        assert width >= LEAST_CODE


# Without colour

MACHADO: Final[Mapping[str, Sequence[Sequence[float]]]] = {
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "grey": ((0.2126, 0.7152, 0.0722),) * 3,
}
"""What an eye, or a copier, makes of linear red, green and blue (Machado, Oliveira, Fernandes 2009, severity 1.0)."""


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)


def _coded(light: float) -> float:
    light = min(max(light, 0.0), 1.0)
    return 12.92 * light if light <= 0.0031308 else float(1.055 * light ** (1 / 2.4) - 0.055)


def seen(colour: str, eye: str) -> str:
    """Return a colour as an eye sees it, as #rrggbb."""
    light = [_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5)]
    mixed = [sum(part * own for part, own in zip(row, light, strict=True)) for row in MACHADO[eye]]
    return "#" + "".join(f"{round(255 * _coded(channel)):02x}" for channel in mixed)


def test_the_simulation_keeps_white_and_greys():
    """The rows of each matrix sum up to one."""
    for eye in MACHADO:
        assert [seen(grey, eye) for grey in (WHITE, "#000000", "#808080")] == [WHITE, "#000000", "#808080"]
    assert len({seen("#00ff00", eye) for eye in MACHADO}) == len(MACHADO)


@pytest.mark.parametrize("eye", MACHADO)
@pytest.mark.parametrize("name", ["reader", "host"])
def test_the_two_colours_can_be_read_by_every_eye(name: str, eye: str):
    tokens = colour_tokens(theme().styles)
    colour = seen(tokens[f"--color-{name}"], eye)
    papers = [seen(paper, eye) for paper in (WHITE, *(tokens[paper] for paper in PAPERS))]
    assert min(contrast(colour, paper) for paper in papers) >= LEAST_CONTRAST


LEAST_APART: Final = 1.5
"""How far the two colours stand apart in grey: enough to be seen side by side, as a dark and a middle grey."""


def test_the_two_colours_differ_in_grey():
    """No more than a help: which language it is its place and its weight say. To a red-blind eye both are as dark."""
    reader, host = (seen(colour_tokens(theme().styles)[f"--color-{name}"], "grey") for name in ("reader", "host"))
    assert contrast(reader, host) >= LEAST_APART


BOXES: Final = ("note", "tip", "warning", "scam", "phrase")


def last_of(where: str, name: str) -> str:
    """Return a declaration of the boxes' stylesheet as it counts: the last one."""
    found = [one.value for one in declarations("boxes.css") if one.where == where and one.name == name]
    return found[-1] if found else ""


def icon(kind: str) -> str:
    """Return the icon of a box: its own, or, of a note, that of all boxes."""
    own = f".{kind} .box-title .spine" if kind != "note" else ".box-title .spine"
    names = ("background-image", "background")
    values = (last_of(where, name) for where in (own, f".{kind}") for name in names)
    return next((match[1] for value in values if (match := re.search(r"url\((.*?)\)", value))), "")


def outline(kind: str) -> frozenset[str]:
    """Return the borders of a box without their colours."""
    borders = [one for one in declarations("boxes.css") if one.where == f".{kind}" and one.name.startswith("border")]
    return frozenset(f"{one.name}: {_VAR.sub('', one.value).strip()}" for one in borders)


def test_each_kind_of_box_has_an_outline_of_its_own():
    assert all(map(outline, BOXES))
    assert len(set(map(outline, BOXES))) == len(BOXES)


@pytest.mark.parametrize("kind", BOXES)
def test_each_kind_of_box_has_an_icon_of_its_own(kind: str):
    own = icon(kind)
    assert own, "without colour an icon says what a box is"
    assert own not in [icon(other) for other in BOXES if other != kind]
    assert own in theme().styles
    drawings = [re.sub(rb"#[0-9a-fA-F]{3,6}", b"", theme().styles[icon(one)]) for one in BOXES if icon(one)]
    assert len(set(drawings)) == len(drawings), "they differ in more than colour"


# A host's own colours and logo

HOST: Final = "other-school"
CHOSEN: Final = {"reader": "#0b5345", "host": "#6e2c00"}
_LOGO_COLOUR: Final = "#7d6608"
_HOST_FILE: Final = """\
name   = {{ vi = "Trường Khác", zh-Hans = "另一所学校", ja = "ほかの学校" }}
phone  = "000-0000-0000"
url    = "https://example.org/other"
logo   = "logo.svg"
colors = {{ reader = "{reader}", host = "{host}" }}
"""


@cache
def the_host(reader: str = CHOSEN["reader"], host: str = CHOSEN["host"]) -> LoadedHost:
    with TemporaryDirectory() as folder:
        return load_host(write_host(Path(folder) / "content", reader, host), HOST)


def write_host(contents: Path, reader: str, host: str) -> Path:
    place = contents / "hosts" / HOST
    place.mkdir(parents=True)
    place.joinpath("host.toml").write_text(_HOST_FILE.format(reader=reader, host=host), encoding="utf-8")
    drawing = f'<rect width="40" height="20" fill="{_LOGO_COLOUR}"/>'
    place.joinpath("logo.svg").write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20">{drawing}</svg>', encoding="utf-8"
    )
    return contents


def hosted(form: Form, *, own: bool = True) -> bytes:
    return made(("sample", SAMPLE, form, (Edition.SCREEN,), None, own)).documents[0].pdf


def pixels(pdf: bytes, scale: float = 50 / 72) -> list[Counter[tuple[int, int, int]]]:
    """Count the colours of each page's pixels, at 50 to the inch."""
    counted: list[Counter[tuple[int, int, int]]] = []
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            picture = page.render(scale=scale).to_pil().convert("RGB")
            counted.append(Counter({colour: times for times, colour in picture.getcolors(2**24)}))
    return counted


def near(colour: str, pages: Iterable[Counter[tuple[int, int, int]]], tolerance: int = 14) -> list[int]:
    """Count on each page the pixels whose channels differ from a colour by no more than ``tolerance``."""
    wanted = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    return [
        sum(n for own, n in page.items() if all(abs(a - b) <= tolerance for a, b in zip(own, wanted, strict=True)))
        for page in pages
    ]


@pytest.mark.parametrize("form", Form)
def test_a_host_changes_both_colours_everywhere(form: Form):
    tokens = colour_tokens(theme().styles)
    before, after = pixels(hosted(form, own=False)), pixels(hosted(form))
    assert told(made(("sample", SAMPLE, form, (Edition.SCREEN,), None, True)).findings) == []
    for name, chosen in CHOSEN.items():
        ours = tokens[f"--color-{name}"]
        assert sum(near(ours, before)) > 10, "it is there to be changed"
        assert near(ours, after) == [0] * len(after)
        assert sum(near(chosen, after)) > 10
        assert sum(near(chosen, before)) == 0


def test_a_host_puts_a_logo_on_the_cover_and_the_back():
    counted = near(_LOGO_COLOUR, pixels(hosted(Form.BOOKLET)))
    assert [at for at, times in enumerate(counted) if times > 100] == [0, len(counted) - 1]


def test_our_pictures_have_no_colour_that_a_host_cannot_change():
    """A tint of our blue that is no token would stay blue beside a host's green. Greys and white may stay."""
    tokens = colour_tokens(theme().styles)
    drawn = {**theme().styles, **content("phone-number").figures, **content("sample").figures}
    pictures = {name: data for name, data in drawn.items() if name.endswith(".svg")}
    assert len(pictures) > 8
    left = {
        name: sorted(own)
        for name, data in pictures.items()
        if (own := {c for c in map(whole, _HEX.findall(data.decode())) if c not in tokens.values() and not _grey(c)})
    }
    assert left == {}
    for name, data in pictures.items():
        changed = recoloured(data, tokens, CHOSEN).decode().lower()
        assert tokens["--color-reader"] not in changed, name
        assert tokens["--color-host"] not in changed, name


def _grey(colour: str) -> bool:
    """Tell whether a colour has no hue to speak of."""
    channels = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    return max(channels) - min(channels) <= 12


@pytest.mark.parametrize(("pale", "line"), [("reader", 5), ("host", 5)])
def test_a_host_colour_that_is_too_pale_stops_the_build(tmp_path: Path, pale: str, line: int):
    contents = write_host(tiny_guide(tmp_path), **{**CHOSEN, pale: "#c0a060"})
    outcome = build.build(BuildOptions(ROOT, contents, tmp_path / "out", host=HOST))
    assert outcome.failed
    assert not (tmp_path / "out").exists()
    (finding,) = outcome.findings
    assert (finding.code, finding.severity) == ("host.contrast", Severity.ERROR)
    assert str(finding.place) == f"content/hosts/{HOST}/host.toml:{line}"
    assert finding.facts["colour"] == "#c0a060"


# The order of tags


def _page_texts(pdf: bytes) -> dict[tuple[int, int], str]:
    """Return the text of each marked content by page and mark."""
    found: dict[tuple[int, int], str] = {}
    with pypdfium2.PdfDocument(pdf) as document:
        for number, page in enumerate(document):
            for run in text_runs(page):
                found[number, run.mcid] = found.get((number, run.mcid), "") + run.text
    return found


def tagged_text(pdf: bytes) -> str:
    """Read a document through its structure tree as a whole, over the ends of pages (ISO 32000-2, 14.7.2)."""
    texts = _page_texts(pdf)
    with pikepdf.open(BytesIO(pdf)) as document:
        pages = {page.objgen: number for number, page in enumerate(document.pages)}
        root = document.Root.StructTreeRoot
        return squeeze("".join(texts.get(mark, "") for mark in _marks(root.K, pages, None)))


def _marks(kid: Any, pages: Mapping[Any, int], at: int | None) -> Iterator[tuple[int, int]]:
    """Return page and mark of each marked content below an element; a page is the element's own or above it."""
    if isinstance(kid, pikepdf.Array):
        for one in kid:
            yield from _marks(one, pages, at)
    elif isinstance(kid, pikepdf.Dictionary):
        at = pages[kid.Pg.objgen] if "/Pg" in kid else at
        if "/MCID" in kid:
            yield at if at is not None else -1, int(kid.MCID)
        elif "/K" in kid:
            yield from _marks(kid.K, pages, at)
    else:
        yield at if at is not None else -1, int(kid)


@dataclass(frozen=True)
class Set:
    """The small booklet in one layout: its rows, and what came of it."""

    rows: tuple[Row, ...]
    pdf: bytes
    findings: tuple[Finding, ...]


@cache
def laid_out(layout: Layout | None) -> Set:
    """Make the small booklet as a layout wants it; without a layout, in one language."""
    languages = SAMPLE if layout is not None else ("ja",)
    arguments = ("sample", languages, Form.BOOKLET, (Edition.SCREEN,), layout)
    one = work(*arguments)
    pairs = tuple(chain.from_iterable(one.texts.pairs))
    numbers = number_sources(pairs, one.content.sources)
    builder = RowBuilder(one.content, one.theme, languages, numbers, facing=layout == "facing")
    rows = tuple(
        row for chapter in chapters(builder, one.texts.names, one.texts.pairs) for row in (chapter.title, *chapter.rows)
    )
    done = made(arguments)
    return Set(rows, done.documents[0].pdf, done.findings)


def first_text(cell: Cell) -> str:
    return next(("".join(text for text, _ in run) for run in pieces(cell)), "")


def two_sides(row: Row) -> tuple[str, ...]:
    """Return what a row says first in each of its languages; a table's row by the first column in two languages."""
    sides = (row.title, row.cells, *((column.cells for column in row.rows) if row.kind == "row" else ()))
    return next(
        (tuple(map(first_text, cells)) for cells in sides if len(cells) == 2 and all(map(first_text, cells))), ()
    )


def said_by(rows: Iterable[Row]) -> list[tuple[str, ...]]:
    """Return the pairs of a booklet in order; what stands in one language, or is the same in both, is none."""
    walked = (row for row in walk_rows(rows) if row.kind not in ("cell", "figure", "phrase"))
    return [sides for row in walked if (sides := two_sides(row))]


def out_of_order(text: str, sides: Iterable[tuple[str, ...]]) -> list[str]:
    """Return the texts that do not stand behind the one before them."""
    at, found = 0, []
    for one in chain.from_iterable(sides):
        place = text.find(one, at)
        if place < 0:
            found.append(one)
        else:
            at = place + len(one)
    return found


@pytest.mark.parametrize("layout", LAYOUTS)
def test_tags_give_each_pair_before_the_next(layout: Layout):
    """A reader hears the first language, then the second, pair by pair, however the two stand on paper."""
    one = laid_out(layout)
    sides = said_by(one.rows)
    assert len(sides) > 30
    assert out_of_order(tagged_text(one.pdf), sides) == []


def test_the_order_of_tags_can_fail():
    text = "".join(chain.from_iterable(said_by(laid_out("side-by-side").rows)))
    sides = said_by(laid_out("side-by-side").rows)
    assert out_of_order(text, sides) == []
    assert out_of_order(text, [side[::-1] for side in sides])
    assert out_of_order(text, sides[::-1])


def test_tags_of_one_language_follow_the_text():
    one = laid_out(None)
    texts = [tuple(map(first_text, row.cells)) for row in walk_rows(one.rows) if row.kind not in ("cell", "figure")]
    texts = [text for text in texts if "".join(text)]
    assert len(texts) > 20
    assert out_of_order(tagged_text(one.pdf), texts) == []


@pytest.mark.parametrize("layout", [*LAYOUTS, None])
def test_every_layout_is_accessible_and_well_composed(layout: Layout | None):
    one = laid_out(layout)
    assert told(one.findings) == []
    report = validator.validate_pdf_bytes(one.pdf, profile=validator.ValidationProfile.PDF_UA_1)
    assert report.is_compliant, report


def words_of(layout: Layout | None, language: str) -> set[str]:
    """Return what the chapters say in a language, in one layout; found in the finished file."""
    one = laid_out(layout)
    cells = (cell for row in one.rows for cell in row.texts if cell.lang == language)
    words = {"".join(text for text, _ in run) for cell in cells for run in pieces(cell)}
    read = "".join(read_back(one.pdf).pages)
    assert sorted(text for text in words if is_long(text) and text not in tagged_text(one.pdf)) == []
    assert sorted(text for text in words if not is_long(text) and text not in read) == []
    return words


@pytest.mark.parametrize("layout", [*LAYOUTS, None])
def test_every_layout_says_the_same(layout: Layout | None):
    """Facing pages say on both what is the same in both languages; nothing else differs."""
    ours = words_of("side-by-side", "ja")
    assert len(ours) > 40
    assert ours - words_of(layout, "ja") == set()
    assert words_of(layout, "ja") - ours <= words_of("side-by-side", "vi")
    if layout is not None:
        assert words_of("side-by-side", "vi") == words_of(layout, "vi")


# A proof

BASE: Final = "公司的店里的窗口的人要看的在日本住的人的证件的原件的正面和反面"
"""It is longer than its line: so it parts, and its reading cannot stand above it."""
_STALE_TINT: Final = "#fbeecb"


@cache
def proof_guide(folder: Path) -> Path:
    """Write a guide with a word that is too long, accept its translation; then lose a paragraph, change a source."""
    contents = tiny_guide(folder)
    ja, zh = (contents / "mini" / tag / "01-start.md" for tag in ("ja", "zh-Hans"))
    change(zh, "先打电话预约", f"{{{BASE}|zhèngjiàn}}：先打电话预约[@law]")
    change(ja, "先に電話で予約します", "先に電話で予約します[@law]")
    accept.accept(contents, ["mini"])
    paragraph = "法律により、契約のときに{本人確認|ほんにんかくにん}をします。[@law]\n\n"
    change(ja, paragraph, "")
    change(zh, "付款日前一天再看一次余额。", "付款日前两天再看一次余额。")
    return contents


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8")


@dataclass(frozen=True)
class Proof:
    """A draft's booklet: as HTML, as it is proofread, without the marks, and what was found."""

    html: str
    pdf: bytes
    unmarked: bytes
    findings: tuple[Finding, ...]
    strict: Outcome
    written: tuple[str, ...]


@pytest.fixture(scope="module")
def draft(tmp_path_factory: pytest.TempPathFactory) -> Proof:
    folder = tmp_path_factory.mktemp("proof")
    contents = proof_guide(folder)
    own = load_guide(contents, "mini").content
    assert own is not None
    today = dt.date(2026, 11, 22)
    order = BuildOptions(
        ROOT, contents, folder / "out", form=Form.BOOKLET, edition=Edition.SCREEN, draft=True, today=today
    )
    (title,) = plan(own, order)
    prepared = prepare(own, draft=True)
    texts = manuscripts(prepared, title)
    one = Job(title, (Edition.SCREEN,), own, theme(), texts, None, assets_of(own, theme(), b""), {}, draft=True)
    done = make(one)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(annotate, "mark", lambda pdf, _: pdf)
        unmarked = make(one).documents[0].pdf
    strict = build.build(replace(order, draft=False))
    findings = (*prepared.findings, *done.findings)
    written = tuple(path.name for path in (folder / "out").rglob("*"))
    return Proof(set_in_html(one).html, done.documents[0].pdf, unmarked, findings, strict, written)


def test_a_proof_tints_what_is_missing_and_stale(draft: Proof):
    for state, tint in (("missing", colour_tokens(theme().styles)["--color-paper-warm"]), ("stale", _STALE_TINT)):
        assert re.search(rf'class="[^"]*\b{state}\b[^"]*"', draft.html)
        assert sum(near(tint, pixels(draft.pdf), 1)) > 300
    assert draft.html.count(" missing") == 1
    assert sum(near(_STALE_TINT, pixels(hosted(Form.BOOKLET)), 1)) == 0


def test_a_proof_says_so_in_words(draft: Proof):
    read = "".join(read_back(draft.pdf).pages)
    words = theme().strings["ja"]
    for said in (words.untranslated, words.stale):
        assert read.count(squeeze(said)) == 1


def in_margin(pdf: bytes, text: str) -> list[float]:
    """Give, in mm from the page's left edge, where each run that says just this ends, left of the type area."""
    with pypdfium2.PdfDocument(pdf) as document:
        runs = [(number, run) for number, page in enumerate(document) for run in text_runs(page)]
    inner, outer = 13.0, 11.0
    edges = [
        (run.right / PT_PER_MM, outer if number % 2 else inner) for number, run in runs if run.text.strip() == text
    ]
    return [right for right, margin in edges if right < margin]


def test_a_proof_names_the_sources_in_the_margin(draft: Proof):
    """Beside the paragraph, the item and the row of the table that cite one."""
    ends = in_margin(draft.pdf, "law")
    assert len(ends) == 3 == draft.html.count('class="keys"')
    assert min(ends) > 0, "on the page"


def frames(pdf: bytes) -> Counter[int]:
    """Count on each page the drawings in the colour of proofs."""
    tint = colour_tokens(theme().styles)["--color-proof"]
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    found: Counter[int] = Counter()
    with pypdfium2.PdfDocument(pdf) as document:
        for number, page in enumerate(document, 1):
            for item in page.get_objects(filter=(pdfium.FPDF_PAGEOBJ_PATH,)):
                pdfium.FPDFPageObj_GetStrokeColor(item.raw, *map(ctypes.byref, (red, green, blue, alpha)))
                own = (red.value, green.value, blue.value)
                wanted = tuple(int(tint[at : at + 2], 16) for at in (1, 3, 5))
                found[number] += all(abs(a - b) <= 1 for a, b in zip(own, wanted, strict=True))
    return +found


def test_a_proof_frames_what_is_composed_badly(draft: Proof):
    """A frame around each fault and a bar beside it, on its page, and nothing else is drawn."""
    faults = [finding for finding in draft.findings if finding.code.startswith("set.")]
    assert "set.ruby-parted" in codes(faults)
    added = frames(draft.pdf) - frames(draft.unmarked)
    assert added == Counter({page: 2 * times for page, times in Counter(f.facts["page"] for f in faults).items()})
    assert read_back(draft.pdf) == read_back(draft.unmarked), "no reader of the text meets the marks"


def test_what_a_proof_warns_of_names_the_text(draft: Proof):
    (fault,) = (finding for finding in draft.findings if finding.code == "set.ruby-parted")
    assert str(fault.facts["text"]) == BASE
    assert str(fault.place) == "content/mini/zh-Hans/01-start.md:5"


def test_a_proof_is_still_accessible(draft: Proof):
    report = validator.validate_pdf_bytes(draft.pdf, profile=validator.ValidationProfile.PDF_UA_1)
    assert report.is_compliant, report


def test_what_a_draft_warns_of_stops_a_strict_build(draft: Proof):
    assert errors(draft.findings) == ()
    assert {"pair.missing", "translation.stale", "set.ruby-parted"} <= set(codes(draft.findings))
    assert draft.strict.failed
    assert {"pair.missing", "translation.stale"} <= set(codes(errors(draft.strict.findings)))
    assert draft.written == ()
