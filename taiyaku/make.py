"""Makes one title: render → fonts → typeset → fit → preflight → impose. Runs in any process."""

import gc
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from math import ceil
from typing import TYPE_CHECKING, Final

import segno

from taiyaku.findings import Finding, Place
from taiyaku.fit import BASE_SIZE, SMALLEST, Fitted, Setting, Tried, fit_one_page
from taiyaku.fonts import coverage, cut_fonts, faces, font_sheet
from taiyaku.htmltext import language_texts, runs
from taiyaku.model import Content, Document, Edition, Form, Host, House, Role, Title
from taiyaku.render import Manuscripts, Rendered, environment, render

if TYPE_CHECKING:  # imported where it is used: a build with nothing to do does without the typesetter
    from taiyaku.typeset import Typesetter


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
    from taiyaku import preflight, typeset

    del preflight, typeset
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


def set_in_html(work: Work, edition: Edition, setting: Setting | None = None) -> Rendered:
    """Render a work to HTML."""
    return render(
        work.title,
        work.content,
        work.house,
        work.texts,
        host=work.host,
        logo=LOGO if LOGO in work.assets else "",
        edition=str(edition),
        root_style=setting.style if setting is not None else "",
        draft=work.draft,
        expired=work.expired,
    )


def files_of(work: Work, html: str) -> dict[str, bytes]:
    """Gather everything that the typesetter may use for a document: cut fonts, styles, pictures, QR codes."""
    fonts = cut_fonts(language_texts(html))
    sheet = {"fonts/fonts.css": font_sheet(fonts).encode()}
    return {**sheet, **{font.path: font.data for font in fonts.fonts}, **work.assets}


LOGO: Final = "host/logo"
"""The path of a host's logo inside a document."""


def assets_of(content: Content, house: House, logo: bytes) -> dict[str, bytes]:
    """Give the styles, pictures and QR codes of a guide's documents by their paths."""
    return {
        **{f"styles/{name}": data for name, data in house.styles.items()},
        **content.figures,
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


def _make_booklet(work: Work) -> Made:
    from taiyaku.impose import impose
    from taiyaku.typeset import Typesetter

    rendered = set_in_html(work, Edition.SCREEN)
    layout = Typesetter(files_of(work, rendered.html)).lay_out(rendered.html)
    pdf = layout.write()
    name = work.title.file_name(Edition.SCREEN)
    findings = (*layout.findings(name), *_preflight(pdf, rendered, name))
    documents = []
    for edition in work.editions:
        if edition is Edition.SCREEN:
            screen = Document(work.title, edition, rendered.heading, pdf, layout.pages, ceil(layout.pages / 2))
            documents.append(screen)
        else:
            imposed = impose(pdf, title=rendered.heading)
            booklet = Document(work.title, edition, rendered.heading, imposed.pdf, imposed.pages, imposed.sheets)
            documents.append(booklet)
    return Made(tuple(documents), findings)


def _make_checklist(work: Work) -> Made:
    from taiyaku.typeset import Typesetter

    typesetter = Typesetter(files_of(work, set_in_html(work, Edition.SCREEN).html))
    documents: list[Document] = []
    findings: list[Finding] = []
    fitted = None
    for edition in work.editions:
        first = fitted.setting if fitted is not None else None
        fitted = fit_one_page(partial(_attempt, typesetter, work, edition), first)
        if not fitted.fits:
            findings.append(_too_long(work, edition, fitted))
            continue
        rendered = set_in_html(work, edition, fitted.setting)
        layout = typesetter.lay_out(rendered.html)
        pdf = layout.write()
        name = work.title.file_name(edition)
        findings += (*layout.findings(name), *_preflight(pdf, rendered, name))
        documents.append(Document(work.title, edition, rendered.heading, pdf, layout.pages, 1))
    return Made(tuple(documents), tuple(findings))


def _attempt(typesetter: "Typesetter", work: Work, edition: Edition, setting: Setting) -> Tried:
    layout = typesetter.lay_out(set_in_html(work, edition, setting).html)
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


def _preflight(pdf: bytes, rendered: Rendered, name: str) -> tuple[Finding, ...]:
    from taiyaku.preflight import check_text, read_back

    wanted = [text for cell in rendered.cells if cell.dir == "ltr" for text in runs(cell.html)]
    painted = [text for cell in rendered.cells if cell.dir == "rtl" for text in runs(cell.html)]
    repeats = [text for cell in rendered.repeats for text in runs(cell.html)]
    return check_text(read_back(pdf), wanted, name, repeats, painted)
