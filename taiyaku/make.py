"""Makes one title: render → fonts → typeset → fit → readback → impose. Runs in any process."""

import gc
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from io import BytesIO
from itertools import chain
from math import ceil
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import segno

from taiyaku.colours import colour_tokens, recoloured
from taiyaku.findings import Finding, Place
from taiyaku.fit import BASE_SIZE, SMALLEST, Bound, Fitted, Rung, Setting, Tried, fit_one_page, fit_pages, ladder
from taiyaku.fonts import coverage, cut_fonts, faces, font_sheet
from taiyaku.htmltext import language_texts
from taiyaku.measure import chosen_layout, column_share
from taiyaku.model import Content, Document, Edition, Form, Host, House, Pair, Role, Title
from taiyaku.render import Dress, Manuscripts, Printing, Rendered, environment, render

if TYPE_CHECKING:  # imported where it is used: a build with nothing to do does without the typesetter
    from taiyaku.typeset import Layout, Typesetter


@dataclass(frozen=True)
class Work:
    """One title with everything that is needed to make it, in any process."""

    title: Title
    editions: tuple[Edition, ...]
    content: Content
    house: House
    texts: Manuscripts
    host: Host | None
    assets: Mapping[str, bytes]
    inputs: str
    draft: bool
    expired: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Made:
    """The documents of one title, and what was found in them."""

    documents: tuple[Document, ...]
    findings: tuple[Finding, ...]


def warm_up(house: House, languages: tuple[str, ...]) -> None:
    """Do in a worker, before there is work, what takes a second: import the typesetter, open fonts and templates.

    From then on garbage is collected between documents only (see ``make``).
    """
    from taiyaku import proofread, typeset

    del proofread, typeset
    for tag in languages:
        for face in faces(tag):
            coverage(face)
    templates = environment(tuple(house.templates.items()))
    for name in house.templates:
        templates.get_template(name)
    gc.disable()
    gc.freeze()


def make(work: Work) -> Made:
    """Make all wanted editions of a title.

    The garbage collector rests meanwhile: a laid out book is a million live objects, and walking
    them again and again takes a fifth of the time. What the last title left goes first.
    """
    collects = gc.isenabled()
    gc.collect()
    gc.disable()
    try:
        return _make_booklet(work) if work.title.form is Form.BOOKLET else _make_checklist(work)
    finally:
        if collects:
            gc.enable()


_PLAIN: Final = Dress()


def set_in_html(work: Work, dress: Dress = _PLAIN, *, optional: bool = True) -> Rendered:
    """Render a work to HTML, with the blocks that its author marked as optional or without them."""
    texts = work.texts if optional else replace(work.texts, pairs=tuple(map(_needed, work.texts.pairs)))
    logo = LOGO if LOGO in work.assets else ""
    printing = Printing(work.host, logo, work.draft, work.expired)
    return render(work.title, work.content, work.house, texts, printing=printing, dress=dress)


def layout_of(work: Work) -> str:
    """Say how the languages of a booklet stand, before anything is laid out."""
    share = column_share(tuple(chain.from_iterable(work.texts.pairs)))
    return chosen_layout(work.content.guide.layout, work.title, Edition.SCREEN, work.house.styles, share)


def _needed(pairs: tuple[Pair, ...]) -> tuple[Pair, ...]:
    """Leave out what may go; a chapter's title stays."""
    title, *rest = pairs
    return (title, *(pair for pair in rest if not any(block.optional for block in pair.blocks)))


def files_of(work: Work, html: str) -> dict[str, bytes]:
    """Gather everything that the typesetter may use for a document: cut fonts, styles, pictures, QR codes."""
    fonts = cut_fonts(language_texts(html))
    sheet = {"fonts/fonts.css": font_sheet(fonts).encode()}
    return {**sheet, **{font.path: font.data for font in fonts.fonts}, **work.assets}


LOGO: Final = "host/logo"
"""The path of a host's logo inside a document."""


def assets_of(
    content: Content, house: House, logo: bytes, colours: Mapping[Any, str] = MappingProxyType({})
) -> dict[str, bytes]:
    """Give the styles, pictures and QR codes of a guide's documents by their paths, pictures in the host's colours."""
    tokens = colour_tokens(house.styles)
    drawn = {**{f"styles/{name}": data for name, data in house.styles.items()}, **content.figures}
    return {
        **{n: recoloured(data, tokens, colours) if n.endswith(".svg") else data for n, data in drawn.items()},
        **{f"qr/{key}.png": qr_code(source.url) for key, source in content.sources.items()},
        **({LOGO: logo} if logo else {}),
    }


def qr_code(url: str) -> bytes:
    """Draw an address as a QR code (ISO/IEC 18004) with its quiet zone of four modules, as PNG.

    Drawn as vectors, the codes took a quarter of the time in which a booklet is written.
    """
    out = BytesIO()
    segno.make(url, error="m", micro=False).save(out, kind="png", border=4, scale=2)
    return out.getvalue()


MOST_NOTES: Final = 3
"""So many pages for notes at most fill a booklet up to a multiple of four."""


@dataclass(frozen=True)
class _Book:
    """A booklet laid out: what was rendered, its layout, and whether it keeps to its pages."""

    rendered: Rendered
    layout: "Layout"
    findings: tuple[Finding, ...] = ()


def _make_booklet(work: Work) -> Made:
    from taiyaku.spread import cut_spreads

    documents: list[Document] = []
    findings: list[Finding] = []
    for editions, lay_out in ((_FOLDED, _bind), ((Edition.LARGE,), _lay_out_large)):
        wanted = [edition for edition in work.editions if edition in editions]
        if wanted:
            book = lay_out(work)
            name = work.title.file_name(editions[0])
            pdf, found = _proofread(work, cut_spreads(book.layout.write()), book.rendered, book.layout, name)
            findings += (*book.findings, *found)
            documents += (_in_edition(work, edition, book, pdf) for edition in wanted)
    return Made(tuple(documents), tuple(findings))


_FOLDED: Final = (Edition.SCREEN, Edition.PRINT)
"""Editions that are one booklet: to be read on a screen, or imposed, printed and folded."""


def _bind(work: Work) -> _Book:
    """Lay a booklet out so that it has as many pages as it may: the page budget."""
    tried: dict[Rung, _Book] = {}
    budget = work.content.guide.pages
    layout = layout_of(work)
    wide = 2 if layout == "facing" else 1
    spare = (budget or MOST_NOTES) // wide

    def attempt(rung: Rung) -> int:
        dress = Dress(Edition.SCREEN, rung.layout, rung.style, notes=spare)
        tried[rung] = _lay_out(work, dress, optional=rung.optional)
        return tried[rung].layout.pages - spare * wide

    bound = fit_pages(attempt, ladder(layout), budget)
    book = tried[bound.rung]
    trimmed = book.layout.without_last(spare - bound.notes // wide)
    over = (_too_many(work, trimmed, bound),) if bound.over else ()
    return _Book(book.rendered, trimmed, over)


def _lay_out_large(work: Work) -> _Book:
    return _lay_out(work, Dress(Edition.LARGE))


def _lay_out(work: Work, dress: Dress, *, optional: bool = True) -> _Book:
    from taiyaku.typeset import Typesetter

    rendered = set_in_html(work, dress, optional=optional)
    return _Book(rendered, Typesetter(files_of(work, rendered.html)).lay_out(rendered.html))


def _in_edition(work: Work, edition: Edition, book: _Book, pdf: bytes) -> Document:
    """Make a document of a booklet's pages: as they are, or imposed."""
    from taiyaku.impose import impose

    heading, pages = book.rendered.heading, book.layout.pages
    if edition is not Edition.PRINT:
        return Document(work.title, edition, heading, pdf, pages, ceil(pages / 2))
    imposed = impose(pdf, title=heading)
    return Document(work.title, edition, heading, imposed.pdf, imposed.pages, imposed.sheets)


def _too_many(work: Work, layout: "Layout", bound: Bound) -> Finding:
    """Say which blocks stand behind the last page that a booklet may fill, and how many lines they are."""
    budget = bound.pages - bound.over
    anchors, lines = layout.behind(budget - 1)
    points = [anchor.removeprefix("point-") for anchor in anchors if anchor.startswith("point-")]
    facts = {
        "pages": bound.pages,
        "budget": budget,
        "languages": "+".join(work.title.languages),
        "lines": lines,
        "blocks": f"{points[0]}–{points[-1]}" if points else ", ".join(anchors),
    }
    return Finding("fit.pages", Place(work.content.guide_file.path), facts)


def _make_checklist(work: Work) -> Made:
    from taiyaku.typeset import Typesetter

    typesetter = Typesetter(files_of(work, set_in_html(work).html))
    documents: list[Document] = []
    findings: list[Finding] = []
    fitted = None
    for edition in work.editions:
        first = fitted.setting if fitted is not None else None
        fitted = fit_one_page(partial(_attempt, typesetter, work, edition), first)
        if not fitted.fits:
            findings.append(_too_long(work, edition, fitted))
            continue
        rendered = set_in_html(work, Dress(edition, style=fitted.setting.style))
        layout = typesetter.lay_out(rendered.html)
        pdf = layout.write()
        name = work.title.file_name(edition)
        pdf, found = _proofread(work, pdf, rendered, layout, name)
        findings += found
        documents.append(Document(work.title, edition, rendered.heading, pdf, layout.pages, 1))
    return Made(tuple(documents), tuple(findings))


def _attempt(typesetter: "Typesetter", work: Work, edition: Edition, setting: Setting) -> Tried:
    layout = typesetter.lay_out(set_in_html(work, Dress(edition, style=setting.style)).html)
    return Tried(layout.pages, layout.lines_over, layout.height)


def _too_long(work: Work, edition: Edition, fitted: Fitted) -> Finding:
    path = next(
        m.path
        for m in work.content.manuscripts
        if m.role is Role.CHECKLIST and m.name == work.title.name and m.language == work.title.languages[0]
    )
    facts = {
        "lines": fitted.lines_over,
        "languages": "+".join(work.title.languages),
        "edition": str(edition),
        "scale": SMALLEST / BASE_SIZE,
    }
    return Finding("fit.long", Place(path), facts)


def _proofread(
    work: Work, pdf: bytes, rendered: Rendered, layout: "Layout", name: str
) -> tuple[bytes, tuple[Finding, ...]]:
    """Read a document back; in a draft what is wrong is a warning, and marked on the page."""
    from taiyaku.composition import Geometry
    from taiyaku.proofread import proofread

    marked, found = proofread(pdf, rendered, Geometry(*layout.margins()), name, draft=work.draft)
    findings = (*layout.findings(name), *found)
    return marked, tuple(finding.as_warning() for finding in findings) if work.draft else findings
