"""The same words set by others and by us, and one composition check over all the PDFs.

    python benchmarks/quality.py [--guide phone-number] [--pair zh-Hans,ja] [--out docs/quality.md]
                                 [--only taiyaku,typst] [--keep FOLDER] [--list]

The chapters of a guide, without pictures, as an A5 book with two languages side by side: by plain WeasyPrint,
Chromium's print-to-PDF, Vivliostyle, Typst, and by us. The others get what a careful person writes in an afternoon
(``STYLE`` and ``_TYPST`` below), not our stylesheets and none of our preprocessing.

Needs Noto Sans CJK, and for each engine the program itself: ``chromium`` on PATH (or its path in PEERS_CHROMIUM),
``pip install typst`` (PEERS_VENV names the venv) and ``npm install @vivliostyle/cli`` (PEERS_NODE names the folder that
holds node_modules). Plain WeasyPrint is the one that we use ourselves, in a process of its own. An engine that is not
there is left out with the reason.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from html import escape
from html.parser import HTMLParser
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import Final

import pypdfium2

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # run from a checkout; hence the late imports

from taiyaku.checks.prepare import (
    manuscripts,
    prepare,
)
from taiyaku.content import load
from taiyaku.content.pair import Manuscripts
from taiyaku.content.theme import load_theme
from taiyaku.language.faces import faces
from taiyaku.language.tags import language_of, script
from taiyaku.model.content import Block, BlockKind, Content, Inline, Pair
from taiyaku.model.documents import Edition, Form, Publication
from taiyaku.model.theme import Theme
from taiyaku.pdf.text import text_runs
from taiyaku.pipeline import targets
from taiyaku.pipeline import title as make
from taiyaku.pipeline.options import BuildOptions
from taiyaku.proofread.composition import Defect, DefectKind, Geometry, SetText, count, read_composition
from taiyaku.render.html import RenderOptions
from taiyaku.render.rows import number_sources

SECONDS: Final = 600
"""An engine that takes longer is stopped."""

SIZE: Final = 9
"""The others' type size in pt."""

LEADING: Final = 1.6
"""The others' distance between two baselines in em."""

GAP: Final = 8
"""The strip between two columns in mm: as wide as ours."""


JOINER: Final = "\u2060"
"""No line may part here (UAX #14, WJ): before a source's number, as any careful person would have it."""


# --- The words -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text set in one way; ``reading`` stands above it, ``language`` is set where it is another one."""

    text: str
    reading: str = ""
    language: str = ""
    bold: bool = False
    raised: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """One language's side of a node. ``slot`` is first, second or solo."""

    language: str
    slot: str
    role: str
    spans: tuple[Span, ...]

    @property
    def set_text(self) -> SetText:
        """Return the text as the composition check wants it: readings behind their bases."""
        text = "".join(span.text + span.reading for span in self.spans)
        readings = tuple((span.text, span.reading) for span in self.spans if span.reading)
        others = (span for span in self.spans if span.language not in ("", self.language))
        foreign = tuple((part, span.language) for span in others for part in (span.text, span.reading) if part)
        return SetText(text, self.language, self.role, self.slot, readings, foreign)


@dataclass(frozen=True, slots=True)
class Node:
    """A pair of blocks, for any engine. ``number`` is a step's own, 0 where there is none."""

    kind: str
    words: tuple[Words, ...] = ()
    level: int = 0
    number: int = 0
    nodes: tuple["Node", ...] = ()


@dataclass(frozen=True, slots=True)
class Book:
    """What every engine sets."""

    title: str
    languages: tuple[str, ...]
    nodes: tuple[Node, ...]
    geometry: Geometry

    @property
    def texts(self) -> tuple[SetText, ...]:
        """Return all texts in reading order."""
        return tuple(words.set_text for node in _walk(self.nodes) for words in node.words)

    @property
    def repeats(self) -> tuple[str, ...]:
        """Return the texts that may stand on several pages: the heads of tables."""
        heads = (cell for node in _walk(self.nodes) if node.kind == "header" for cell in node.nodes)
        return tuple(words.set_text.text for cell in heads for words in cell.words)


def _walk(nodes: Iterable[Node]) -> Iterator[Node]:
    for node in nodes:
        yield node
        yield from _walk(node.nodes)


class _Spans(HTMLParser):
    """Reads a text's HTML into spans."""

    def __init__(self, numbers: Mapping[str, int]) -> None:
        super().__init__()
        self.spans: list[Span] = []
        self._numbers = numbers
        self._open: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Enter an element; a source's mark becomes its number."""
        known = dict(attrs)
        if known.get("class") == "cite":
            key = (known.get("href") or "").removeprefix("#source-")
            self._cite(str(self._numbers.get(key, 0)))
        self._open.append((tag, known.get("lang") or ""))

    def handle_endtag(self, tag: str) -> None:
        """Leave an element."""
        if self._open:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        """Note a text, or the reading of the one before it."""
        if not (text := data.replace(JOINER, "")):
            return
        if self._inside("rt"):
            self.spans[-1] = replace(self.spans[-1], reading=text)
        else:
            language = next((language for _, language in reversed(self._open) if language), "")
            self.spans.append(Span(text, language=language, bold=self._inside("strong")))

    def _inside(self, tag: str) -> bool:
        return any(name == tag for name, _ in self._open)

    def _cite(self, number: str) -> None:
        if self.spans and self.spans[-1].raised:
            self.spans[-1] = replace(self.spans[-1], text=f"{self.spans[-1].text},{number}")
        else:
            self.spans.append(Span(number, raised=True))


class _Reader:
    """Turns pairs into nodes."""

    def __init__(self, content: Content, theme: Theme, languages: tuple[str, ...], pairs: Iterable[Pair]) -> None:
        self._host = content.host_language
        self._house = theme
        self._languages = languages
        self._numbers = number_sources(pairs, content.sources)

    def nodes(self, pairs: Iterable[Pair]) -> tuple[Node, ...]:
        return tuple(self.node(pair) for pair in pairs)

    def node(self, pair: Pair) -> Node:
        if pair.kind is BlockKind.BOX:
            titles = self._sides(pair, "heading", lambda block, language: self._box_title(block, language))
            return Node("box", nodes=(Node("box-title", titles), *self.nodes(pair.children)))
        if pair.kind is BlockKind.PHRASE:
            return Node("phrase", self._phrase(pair))
        steps = pair.kind is BlockKind.STEPS
        inner = tuple(
            replace(node, number=number if steps else 0) for number, node in enumerate(self.nodes(pair.children), 1)
        )
        kind = "header" if pair.blocks[0].variant == "header" else str(pair.kind)
        sides = self._sides(pair, _ROLES.get(pair.kind, "paragraph"), lambda block, _: block.inline)
        return Node(kind, sides, level=pair.blocks[0].level, nodes=inner)

    def _sides(self, pair: Pair, role: str, text: Callable[[Block, str], Inline]) -> tuple[Words, ...]:
        """Return both languages; once where they say the same in a table, or the block is there in one only."""
        blocks = zip(("first", "second"), self._languages, (pair.first, pair.second), strict=True)
        sides = [(slot, tag, text(block, tag)) for slot, tag, block in blocks if block is not None]
        same = pair.kind is BlockKind.CELL and len({inline.html for _, _, inline in sides}) == 1
        if pair.solo or len(sides) == 1 or same:
            sides = [("solo", language, inline) for _, language, inline in sides][: 1 if same else None]
        return tuple(self._words(slot, language, role, inline) for slot, language, inline in sides if inline.html)

    def _words(self, slot: str, language: str, role: str, inline: Inline) -> Words:
        reader = _Spans(self._numbers)
        reader.feed(inline.html)
        reader.close()
        return Words(language, slot, role, tuple(reader.spans))

    def _box_title(self, block: Block, language: str) -> Inline:
        word = str(getattr(self._house.strings[language], block.variant))
        return block.title if block.title.html else Inline(escape(word), word)

    def _phrase(self, pair: Pair) -> tuple[Words, ...]:
        sentence = self._words("solo", self._host, "phrase", pair.blocks[0].title)
        said = (
            self._words("solo", language, "phrase", block.inline)
            for language, block in zip(self._languages, (pair.first, pair.second), strict=True)
            if block is not None and block.inline.html
        )
        return (sentence, *said)


_ROLES: Final = {
    BlockKind.HEADING: "heading",
    BlockKind.TERM: "heading",
    BlockKind.ITEM: "item",
    BlockKind.CELL: "cell",
}


@dataclass(frozen=True, slots=True)
class Given:
    """A guide's chapters in two languages as they were read, and the same as a book for others."""

    content: Content
    theme: Theme
    title: Publication
    texts: Manuscripts
    book: Book


def read(guide: str, languages: tuple[str, ...], folder: Path) -> Given:
    """Read a guide's chapters.

    Pictures are left out. A link to another chapter becomes plain words: we would print a page number behind it,
    and the words would not be the same.

    Raises:
        SystemExit: the guide cannot be read, or has no such pair of languages.
    """
    order = BuildOptions(ROOT, ROOT / "content", folder, (guide,), languages, Form.BOOKLET, Edition.SCREEN)
    theme = load_theme(order.content).theme
    content = load.load_guide(order.content, guide).content
    titles = targets.plan(content, order) if content is not None else ()
    if content is None or not titles:
        raise SystemExit(f"{guide} cannot be read in {', '.join(languages)}")
    texts = manuscripts(prepare(content, draft=False), titles[0])
    texts = Manuscripts(texts.names, tuple(tuple(_plain_pairs(pairs)) for pairs in texts.pairs))
    everything = [pair for pairs in texts.pairs for pair in pairs]
    nodes = _Reader(content, theme, languages, everything).nodes(everything)
    name = " / ".join(content.guide.title[tag] for tag in languages)
    return Given(content, theme, titles[0], texts, Book(name, languages, nodes, geometry(theme)))


_LINK: Final = re.compile(r'<a href="[^"]*">(.*?)</a>')


def _plain_pairs(pairs: Iterable[Pair]) -> Iterator[Pair]:
    """Leave out pictures and links."""
    for pair in pairs:
        if pair.kind is not BlockKind.FIGURE:
            first, second = (_plain_block(block) if block is not None else None for block in (pair.first, pair.second))
            yield Pair(first, second, tuple(_plain_pairs(pair.children)))


def _plain_block(block: Block) -> Block:
    return replace(block, inline=_without_links(block.inline), title=_without_links(block.title))


def _without_links(inline: Inline) -> Inline:
    return replace(inline, html=_LINK.sub(r"\1", inline.html), links=())


_MARGIN: Final = re.compile(r"@page\s*\{[^}]*?size:\s*([\d.]+)mm\s+([\d.]+)mm;\s*margin:([^;}]+)")


def geometry(theme: Theme) -> Geometry:
    """Read the page and its margins out of our stylesheet; the others get the same.

    Raises:
        SystemExit: the stylesheet says it in another way.
    """
    match = _MARGIN.search(theme.styles["page.css"].decode())
    sides = [float(side) for side in re.findall(r"([\d.]+)mm", match[3])] if match is not None else []
    if match is None or len(sides) != 4:
        raise SystemExit("styles/page.css does not give size and four margins in mm")
    top, outer, bottom, inner = sides
    return Geometry(float(match[1]), float(match[2]), top, bottom, inner, outer)


# --- HTML, for the three engines that read it ------------------------------------------------------------------------

STYLE: Final = """
@page { size: %(width)gmm %(height)gmm; @bottom-center { content: counter(page); font: 8pt "Noto Sans" } }
@page :right { margin: %(top)gmm %(outer)gmm %(bottom)gmm %(inner)gmm }
@page :left { margin: %(top)gmm %(inner)gmm %(bottom)gmm %(outer)gmm }
%(fonts)s
body { font-size: %(size)gpt; line-height: %(leading)g; margin: 0; orphans: 2; widows: 2 }
body { line-break: strict; text-autospace: normal }
p, li, h1, h2, h3 { margin: 0; text-wrap: pretty }
p, li { text-align: justify }
h1, h2, h3, .box-title { break-after: avoid }
h1 { font-size: 15pt } h2 { font-size: 11pt } h3 { font-size: 10pt }
h1, h2, h3 { line-height: 1.3 }
.pair { border-spacing: 0; break-inside: avoid; display: table; table-layout: fixed; width: 100%% }
.pair { margin-bottom: 1.5mm }
.pair > * { display: table-cell; vertical-align: top }
.pair > :first-child { padding-right: %(half)gmm } .pair > :nth-child(2) { padding-left: %(half)gmm }
.heading { break-after: avoid; margin-top: 3mm }
.pair.term, .box-title { font-weight: bold; break-after: avoid }
ol, ul { margin: 0; padding-left: 1.6em }
.box, .phrase { border: .3mm solid #888; margin: 2mm 0; padding: 2mm }
.box, .phrase { break-inside: avoid }
.phrase p:first-child { font-size: 11pt }
table { border-collapse: collapse; margin: 2mm 0; width: 100%% }
th, td { border: .2mm solid #888; padding: 1mm; text-align: left; vertical-align: top }
td p, th p { text-align: left }
tr { break-inside: avoid }
sup { font-size: 60%%; line-height: 0 }
"""

RUBY_BY_HAND: Final = """
ruby { display: inline-block; line-height: 1; position: relative; text-align: center }
rt { font-size: 50%; left: -1em; line-height: 1; position: absolute; right: -1em; top: -1em; white-space: nowrap }
"""
"""WeasyPrint knows no ruby and would print the reading behind its base: the usual stopgap puts it above."""


def as_html(book: Book, *, more_style: str = "") -> str:
    """Write the book as HTML."""
    page = book.geometry
    fonts = "\n".join(f':lang({tag}) {{ font-family: "{_family(tag)}" }}' for tag in _languages(book))
    style = STYLE % {**asdict(page), "fonts": fonts, "size": SIZE, "leading": LEADING, "half": GAP / 2}
    head = f'<meta charset="utf-8"><title>{escape(book.title)}</title><style>{style}{more_style}</style>'
    body = "\n".join(_html(node) for node in book.nodes)
    return f'<!doctype html>\n<html lang="{book.languages[0]}"><head>{head}</head><body>\n{body}\n</body></html>\n'


def _languages(book: Book) -> tuple[str, ...]:
    texts = [words for node in _walk(book.nodes) for words in node.words]
    spoken = (span.language for words in texts for span in words.spans if span.language)
    return tuple(dict.fromkeys((*book.languages, *(words.language for words in texts), *spoken)))


def _family(language: str) -> str:
    return faces(language)[0].family


def _html(node: Node) -> str:
    inner = "\n".join(_html(child) for child in node.nodes)
    if node.kind in ("box", "quote"):
        return f'<div class="{node.kind}">{inner}</div>'
    if node.kind == "phrase":
        return '<div class="phrase">' + "".join(_html_words(words, "p") for words in node.words) + "</div>"
    if node.kind == "table":
        return _html_table(node)
    return (_html_row(node) if node.words else "") + inner


def _html_row(node: Node) -> str:
    tag = f"h{node.level}" if node.kind == "heading" else "p"
    mark = f'ol start="{node.number}"' if node.number else "ul"
    sides = (
        f"<div><{mark}>{_html_words(words, 'li')}</{mark.split()[0]}></div>"
        if node.kind == "item"
        else _html_words(words, tag)
        for words in node.words
    )
    return f'<div class="pair {node.kind}">{"".join(sides)}</div>'


def _html_table(node: Node) -> str:
    return f"<table>{''.join(map(_html_table_row, node.nodes))}</table>"


def _html_table_row(row: Node) -> str:
    head = row.kind == "header"
    cells = "".join(_html_cell(cell, "th" if head else "td") for cell in row.nodes)
    return f"<thead><tr>{cells}</tr></thead>" if head else f"<tr>{cells}</tr>"


def _html_cell(cell: Node, tag: str) -> str:
    return f"<{tag}>{''.join(_html_words(words, 'p') for words in cell.words)}</{tag}>"


def _html_words(words: Words, tag: str) -> str:
    return f'<{tag} lang="{words.language}">{"".join(map(_html_span, words.spans))}</{tag}>'


def _html_span(span: Span) -> str:
    html = escape(span.text, quote=False)
    spoken = f' lang="{span.language}"' if span.language else ""
    if span.reading:
        html = f"<ruby{spoken}>{html}<rt>{escape(span.reading)}</rt></ruby>"
    elif spoken:
        html = f"<span{spoken}>{html}</span>"
    html = f"<strong>{html}</strong>" if span.bold else html
    return f"{JOINER}<sup>{html}</sup>" if span.raised else html


# --- Typst -----------------------------------------------------------------------------------------------------------

_TYPST: Final = """
#set document(title: %(title)s)
#set page(width: %(width)gmm, height: %(height)gmm, numbering: "1",
  margin: (inside: %(inner)gmm, outside: %(outer)gmm, top: %(top)gmm, bottom: %(bottom)gmm))
#set text(size: %(size)gpt, top-edge: .88em, bottom-edge: -.12em, %(main)s)
#set par(justify: true, leading: %(leading)gem)
#show heading.where(level: 1): set text(15pt)
#show heading.where(level: 2): set text(11pt)
#show heading.where(level: 3): set text(10pt)
#show heading: set par(justify: false)
#show table: set par(justify: false, spacing: %(leading)gem)
#show table.cell.where(y: 0): strong
#let row(sticky: false, above: auto, ..sides) = block(breakable: false, sticky: sticky, above: above, width: 100%%,
  grid(columns: sides.pos().map(_ => 1fr), column-gutter: %(gap)gmm, ..sides))
#let boxed(body) = block(breakable: false, width: 100%%, stroke: .5pt + gray, inset: 2mm, body)
#let card(body) = block(breakable: false, width: 100%%, stroke: .5pt + gray, inset: (top: 3.5mm, rest: 2mm), body)
#let ruby(base, reading) = box(context {
  let small = text(.5em, reading)
  box(width: calc.max(measure(base).width, measure(small).width), {
    align(center, base)
    place(top + center, dy: -.55em, small)
  })
})
"""
"""Typst has no ruby: a small function sets the reading above a box that holds the base."""


def as_typst(book: Book) -> str:
    """Write the book as Typst's markup; texts are string literals, so that nothing in them is markup."""
    page = book.geometry
    head = _TYPST % {
        **asdict(page),
        "title": _quoted(book.title),
        "main": _typst_language(book.languages[0]),
        "size": SIZE,
        "gap": GAP,
        "leading": LEADING - 1,  # Typst counts from a line's lower edge to the next one's upper edge
    }
    return head + "\n".join("#" + _typst(node) for node in book.nodes) + "\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


_REGIONS: Final = {"Hans": "cn", "Hant": "tw"}


def _typst_language(language: str) -> str:
    region = _REGIONS.get(script(language))
    place = f', region: "{region}"' if region else ""
    return f'lang: "{language_of(language)}"{place}, font: "{_family(language)}"'


def _typst(node: Node) -> str:
    inner = "\n".join("#" + _typst(child) for child in node.nodes)
    if node.kind == "box":
        return f"boxed[{inner}]"
    if node.kind == "phrase":
        first, *rest = (_typst_words(words) for words in node.words)
        return f"card[#text(11pt, {first})" + "".join(f" #parbreak() #{text}" for text in rest) + "]"
    if node.kind == "table":
        return _typst_table(node)
    if node.kind == "quote":
        return f"block[{inner}]"
    return f"[{'#' + _typst_row(node) if node.words else ''}\n{inner}]"


def _typst_row(node: Node) -> str:
    sides = ", ".join(_typst_side(node, words) for words in node.words)
    sticky = "true" if node.kind in ("heading", "term", "box-title") else "false"
    above = ", above: 1.8em" if node.kind == "heading" else ""
    return f"row(sticky: {sticky}{above}, {sides})"


def _typst_side(node: Node, words: Words) -> str:
    text = _typst_words(words)
    if node.kind == "heading":
        return f"heading(level: {node.level}, {text})"
    if node.kind == "item":
        return f"enum(start: {node.number}, {text})" if node.number else f"list({text})"
    return f"strong({text})" if node.kind in ("term", "box-title") else text


def _typst_table(node: Node) -> str:
    columns = max(len(row.nodes) for row in node.nodes)
    rows = []
    for row in node.nodes:
        cells = ", ".join("[" + " #parbreak() ".join("#" + _typst_words(w) for w in c.words) + "]" for c in row.nodes)
        rows.append(f"table.header({cells})" if row.kind == "header" else cells)
    return f"table(columns: {columns}, stroke: .5pt + gray, inset: 1.5mm, {', '.join(rows)})"


def _typst_words(words: Words) -> str:
    return f"text({_typst_language(words.language)})[{''.join('#' + _typst_span(span) for span in words.spans)}]"


def _typst_span(span: Span) -> str:
    made = f"[#{_quoted(span.text)}]"
    if span.reading:
        made = f"ruby({_quoted(span.text)}, {_quoted(span.reading)})"
    if span.language:
        made = f"text({_typst_language(span.language)}, {made})"
    made = f"strong({made})" if span.bold else made
    return f"[#{_quoted(JOINER)}#super({made})]" if span.raised else made


# --- The engines -----------------------------------------------------------------------------------------------------


class LeftOutError(Exception):
    """An engine cannot be used; says why."""


@dataclass(frozen=True, slots=True)
class Engine:
    """One way to set the book: it writes into a folder and gives the PDF; and what it calls itself."""

    name: str
    set: Callable[[Given, Path], bytes]
    version: Callable[[], str]


def run(command: Sequence[str | Path], folder: Path) -> str:
    """Run a command in a folder and give what it printed.

    Raises:
        LeftOutError: it failed.
    """
    clean = {key: value for key, value in os.environ.items() if key != "FONTCONFIG_FILE"}  # ours is for us only
    done = subprocess.run(
        [str(part) for part in command], cwd=folder, capture_output=True, text=True, timeout=SECONDS, env=clean
    )
    if done.returncode:
        raise LeftOutError(_complaint(done.stderr + done.stdout) or f"it ended with {done.returncode}")
    return done.stdout.strip()


def _complaint(said: str) -> str:
    """Choose the line that names the error, else the last one."""
    lines = [line.strip() for line in re.sub(r"\x1b\[\d*m", "", said).splitlines() if line.strip()]
    return next((line for line in lines if "error" in line.lower()), lines[-1] if lines else "")


def tool(name: str, *folders: str | None, hint: str) -> Path:
    """Find a program in folders or on PATH.

    Raises:
        LeftOutError: it is nowhere.
    """
    places = os.pathsep.join((*(folder for folder in folders if folder), os.environ.get("PATH", "")))
    found = shutil.which(name, path=places)
    if found is None:
        raise LeftOutError(f"{name} is not there; {hint}")
    return Path(found).absolute()


def chromium() -> Path:
    """Find Chromium."""
    named = os.environ.get("PEERS_CHROMIUM")
    return Path(named) if named else tool("chromium", hint="install chromium or set PEERS_CHROMIUM")


def vivliostyle() -> Path:
    """Find Vivliostyle's command."""
    node = os.environ.get("PEERS_NODE", "node")
    return tool("vivliostyle", f"{node}/node_modules/.bin", hint="npm install @vivliostyle/cli, and set PEERS_NODE")


def typst_python() -> Path:
    """Find a Python that has Typst.

    Raises:
        LeftOutError: there is none.
    """
    python = Path(os.environ.get("PEERS_VENV", "venv")).absolute() / "bin" / "python"
    if not python.exists() or subprocess.run([python, "-c", "import typst"], capture_output=True).returncode:
        raise LeftOutError("typst is not there; pip install typst into a venv, and set PEERS_VENV to it")
    return python


def by_weasyprint(given: Given, folder: Path) -> bytes:
    """Set the book with plain WeasyPrint, tagged (PDF/UA-1)."""
    (folder / "in.html").write_text(as_html(given.book, more_style=RUBY_BY_HAND), encoding="utf-8")
    switches = ("--presentational-hints", "--pdf-variant", "pdf/ua-1")  # the first: lists begin at their start
    run([sys.executable, "-m", "weasyprint", *switches, "in.html", "out.pdf"], folder)
    return (folder / "out.pdf").read_bytes()


def by_chromium(given: Given, folder: Path) -> bytes:
    """Set the book with Chromium's print-to-PDF, which is tagged by default."""
    (folder / "in.html").write_text(as_html(given.book), encoding="utf-8")
    still = ("--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run")
    switches = ("--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder}/profile", *still)
    run([chromium(), *switches, "--print-to-pdf=out.pdf", "--no-pdf-header-footer", "in.html"], folder)
    return (folder / "out.pdf").read_bytes()


def by_vivliostyle(given: Given, folder: Path) -> bytes:
    """Set the book with Vivliostyle, which is tagged by default."""
    (folder / "in.html").write_text(as_html(given.book), encoding="utf-8")
    run([vivliostyle(), "build", "in.html", "-o", "out.pdf", "--executable-browser", chromium()], folder)
    return (folder / "out.pdf").read_bytes()


def by_typst(given: Given, folder: Path) -> bytes:
    """Set the book with Typst, as PDF/UA-1."""
    (folder / "in.typ").write_text(as_typst(given.book), encoding="utf-8")
    program = "import typst; typst.compile('in.typ', output='out.pdf', pdf_standards=['ua-1'])"
    run([typst_python(), "-c", program], folder)
    return (folder / "out.pdf").read_bytes()


_MATTER: Final = re.compile(r'<section class="(?:cover|contents|matter|notes|back)\b.*?</section>', re.DOTALL)


def by_us(given: Given, folder: Path) -> bytes:
    """Set the book as the build command does, without what is not in the chapters: cover, contents, lists, back."""
    from taiyaku.typeset.engine import Typesetter

    assets = make.assets_of(given.content, given.theme, b"")
    work = make.Job(
        given.title, (Edition.SCREEN,), given.content, given.theme, given.texts, None, assets, {}, draft=False
    )
    html = _MATTER.sub("", make.set_in_html(work, RenderOptions(layout="side-by-side")).html)
    (folder / "in.html").write_text(html, encoding="utf-8")
    return Typesetter(make.files_of(work, html)).lay_out(html).write()


def our_version() -> str:
    """Return our version and the typesetter's: what is installed, since a checkout need not be."""
    ours = re.search(r'^version = "([^"]+)"', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)
    return f"{ours[1] if ours is not None else '?'} on WeasyPrint {version('weasyprint')}"


def _said(command: Callable[[], Sequence[str | Path]]) -> Callable[[], str]:
    """Ask a program for its version: the first number that it prints."""

    def ask() -> str:
        number = re.search(r"\d+(?:\.\d+)+", run(command(), ROOT))
        return number[0] if number is not None else "?"

    return ask


_ASK_TYPST: Final = "from importlib.metadata import version; print(version('typst'))"
ENGINES: Final = (
    Engine("taiyaku", by_us, our_version),
    Engine("WeasyPrint", by_weasyprint, lambda: version("weasyprint")),
    Engine("Chromium", by_chromium, _said(lambda: (chromium(), "--version"))),
    Engine("Vivliostyle", by_vivliostyle, _said(lambda: (vivliostyle(), "--version"))),
    Engine("Typst", by_typst, _said(lambda: (typst_python(), "-c", _ASK_TYPST))),
)


# --- The report ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Result:
    """What one engine made of the book."""

    name: str
    version: str
    pdf: bytes
    pages: int
    lines: int
    defects: tuple[Defect, ...]


def measure(engine: Engine, given: Given, folder: Path) -> Result:
    """Set the book with one engine and check the composition of its PDF.

    Raises:
        LeftOutError: the engine is not there or failed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    called = engine.version()
    try:
        pdf = engine.set(given, folder)
    except subprocess.TimeoutExpired as error:
        raise LeftOutError(f"it took longer than {SECONDS} s") from error
    book = given.book
    defects = read_composition(pdf, book.texts, book.geometry, repeats=book.repeats)
    pages, lines = extent(pdf)
    return Result(engine.name, called, pdf, pages, lines, defects)


def extent(pdf: bytes) -> tuple[int, int]:
    """Count a PDF's pages, and its lines of text in each half of the page: for rates, so near enough is enough."""
    document = pypdfium2.PdfDocument(pdf)
    lines = 0
    for page in document:
        middle = page.get_width() / 2
        runs = [run for run in text_runs(page) if run.top - run.bottom > _SMALL]
        for half in (True, False):
            centres = sorted((run.top + run.bottom) / 2 for run in runs if (run.left < middle) is half)
            lines += sum(high - low > _SAME_LINE for low, high in pairwise((float("-inf"), *centres)))
    pages = len(document)
    document.close()
    return pages, lines


_SMALL: Final = 4.6
"""Readings, sources' numbers and dashes are no higher than this, in pt."""

_SAME_LINE: Final = 5.0
"""Runs whose middles are nearer than this stand on one line, in pt."""

WHAT: Final[Mapping[DefectKind, str]] = {
    DefectKind.KINSOKU: "a line begins or ends with a character that may not, or a number is parted",
    DefectKind.LAST_LINE: "fewer than two characters on a text's last line",
    DefectKind.WIDOW: "a text's last line alone at the top of a page",
    DefectKind.ORPHAN: "a text's first line alone at the foot of a page",
    DefectKind.HEADING: "a heading with nothing below it on its page",
    DefectKind.AREA: "letters outside the type area",
    DefectKind.MEASURE: "a line over its measure, or over another text",
    DefectKind.RUBY: "a reading that does not stand above its base",
    DefectKind.GLYPH: "a character in another region's form or face",
    DefectKind.PICTURE: "a picture that is cut, or stands on a text",
    DefectKind.TELEPHONE: "a digit of another text beside a telephone number",
    DefectKind.MISSING: "a text that is not in the PDF",
    DefectKind.DOUBLED: "a text that is there once too often",
    DefectKind.CLIPPED: "letters off the page",
}


def table(results: Sequence[Result]) -> str:
    """Make the table: a row a fault, a column an engine."""
    counts = [count(result.defects) for result in results]
    rows = [
        ["fault", *(result.name for result in results)],
        ["---", *("---:" for _ in results)],
        *([f"{fault}: {what}", *(str(one[fault]) for one in counts)] for fault, what in WHAT.items()),
        ["**all**", *(f"**{len(result.defects)}**" for result in results)],
        ["**faults per 100 lines**", *(f"**{_rate(result):.1f}**" for result in results)],
        ["lines", *(str(result.lines) for result in results)],
        ["pages", *(str(result.pages) for result in results)],
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _rate(result: Result) -> float:
    return 100 * len(result.defects) / max(result.lines, 1)


REPORT: Final = """# The same words set by others

<!-- Made by benchmarks/quality.py: change the template there. -->

%(texts)d texts (paragraphs, items, headings, table cells, phrase cards) of the guide `%(guide)s` in %(pair)s, the same
for every engine, as an A5 book with two languages side by side, fonts embedded by language. Then one check reads every
PDF and counts faults of composition (`taiyaku/composition/` defines each).

    python benchmarks/quality.py --guide %(guide)s --pair %(pair)s --out docs/quality.md

The head of `benchmarks/quality.py` says what must be installed. Here:
%(versions)s.%(left_out)s

%(table)s

## How the others were used

As a careful person would in an afternoon: A5 with our margins, two columns of equal width, %(size)d pt, a Noto Sans
font for each language, language tags, justified text, no widows and orphans (at least two lines), headings kept with
what follows, pairs and boxes never parted by a page, tagged PDF, real headings, lists and tables. A word joiner
(U+2060) stands before each source's number, so that none should begin a line. Not our stylesheets, and none of our
other preparation of the text.

- HTML for three of them, with `line-break: strict`, `text-wrap: pretty` and `text-autospace: normal` too, which
  WeasyPrint ignores.
- Ruby: Chromium and Vivliostyle set `<ruby>` themselves. WeasyPrint and Typst have none: WeasyPrint gets the usual
  stopgap in CSS, Typst a small function with a box.
- Pictures are left out for all, ours too, and so are our cover, contents and lists. Links to chapters are plain words:
  ours would print a page number behind them.
- Lines are counted in each half of a page, to make rates comparable: larger type makes more lines of the same words.
- The check is ours, and we mend what it finds in our own pages. So it says how often the others break these rules, not
  which of them is the better typesetter.

## What they do better

- **Typst** chooses all breaks of a paragraph together, stretches CJK lines to an even right edge, spaces Latin words in
  CJK text by itself, and is much quicker than we are.
- **Chromium** has ruby, strict line breaking, justified CJK lines and the spacing of Latin in CJK text as plain CSS.
  Ours prepares the text for it, and only in languages that it knows; our right edge is ragged, and a line stays short
  where words are held together. The check does not count that.
- **Vivliostyle** adds real page make-up to that, and sets vertical text, which we cannot.
- **WeasyPrint** is what ours is built on. Plain, it takes any HTML; ours takes one form of book.
"""


def report(given: Given, results: Sequence[Result], left_out: Mapping[str, str]) -> str:
    """Write docs/quality.md."""
    missed = "".join(f" {name} was left out: {reason}." for name, reason in left_out.items())
    return REPORT % {
        "texts": len(given.book.texts),
        "guide": given.title.guide,
        "pair": ",".join(given.book.languages),
        "versions": ", ".join(f"{result.name} {result.version}" for result in results),
        "left_out": missed,
        "table": table(results),
        "size": SIZE,
    }


def list_defects(results: Iterable[Result]) -> None:
    """Print each fault with its page, to look it up."""
    for result in results:
        for defect in result.defects:
            print(f"{result.name}\tp. {defect.page}\t{defect.fault}\t{defect.language}\t{defect.text}")


def _options() -> argparse.Namespace:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--guide", default="phone-number")
    options.add_argument("--pair", default="zh-Hans,ja")
    options.add_argument("--out", type=Path, help="write the report there")
    options.add_argument("--only", default="", help="engines, separated by commas")
    options.add_argument("--keep", type=Path, help="keep each engine's files in this folder")
    options.add_argument("--list", action="store_true", help="print each fault with its page")
    return options.parse_args()


def main() -> None:
    """Set, check, print the table, write the report."""
    chosen = _options()
    wanted = {name.lower() for name in chosen.only.split(",") if name}
    results: list[Result] = []
    left_out: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = chosen.keep or Path(name)
        given = read(chosen.guide, tuple(chosen.pair.split(",")), Path(name))
        for engine in ENGINES:
            if wanted and engine.name.lower() not in wanted:
                continue
            try:
                results.append(measure(engine, given, folder / engine.name.lower()))
            except LeftOutError as error:
                left_out[engine.name] = str(error)
                print(f"left out: {engine.name}: {error}", file=sys.stderr)
            else:
                (folder / engine.name.lower() / "out.pdf").write_bytes(results[-1].pdf)
    if chosen.list:
        list_defects(results)
    print(table(results))
    if chosen.out is not None:
        chosen.out.write_text(report(given, results, left_out), encoding="utf-8")


if __name__ == "__main__":
    main()
