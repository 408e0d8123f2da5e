"""Makes one title: render → fonts → typeset → fit → proofread → impose, prepress → preflight. Runs in any process."""

import gc
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain
from math import ceil
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from taiyaku.content.pair import Manuscripts
from taiyaku.language.faces import coverage, faces
from taiyaku.model.content import BlockKind, Content, Host, Pair, Role, TomlFile, walk
from taiyaku.model.documents import Binding, Document, Edition, Form, PlacedText, Publication
from taiyaku.model.findings import Finding, Place
from taiyaku.model.theme import Theme
from taiyaku.model.tokens import colour_tokens, press_palette, recoloured
from taiyaku.model.toml import line_of
from taiyaku.prepress.imposition import Imposition
from taiyaku.render.backmatter import HOST_LINES
from taiyaku.render.html import Printed, Rendered, RenderOptions, environment, render
from taiyaku.render.htmltext import language_texts
from taiyaku.render.measures import chosen_layout, column_share
from taiyaku.render.qr import qr_code
from taiyaku.typeset.copyfit import (
    BASE_SIZE,
    SMALLEST,
    Bound,
    Fitted,
    Rung,
    Setting,
    Tried,
    fit_one_page,
    fit_pages,
    ladder,
)
from taiyaku.typeset.fonts import cut_fonts, font_sheet

if TYPE_CHECKING:  # imported where it is used: a build with nothing to do does without the typesetter
    from taiyaku.preflight.preflight import PreflightProfile
    from taiyaku.typeset.engine import Layout, Typesetter


@dataclass(frozen=True, slots=True)
class PrintOptions:
    """How paper editions are produced: how pages are laid on sheets, and the printing house's profile and bleed."""

    imposition: Imposition = field(default_factory=Imposition)
    profile: bytes = b""
    bleed_mm: float = 3.0


@dataclass(frozen=True)
class Job:
    """One title with everything that is needed to make it, in any process."""

    title: Publication
    editions: tuple[Edition, ...]
    content: Content
    theme: Theme
    texts: Manuscripts
    host: Host | None
    assets: Mapping[str, bytes]
    inputs: Mapping[Edition, str]
    draft: bool
    expired: frozenset[str] = frozenset()
    production: PrintOptions = field(default_factory=PrintOptions)
    host_file: TomlFile | None = None


@dataclass(frozen=True)
class JobResult:
    """The documents of one title, and what was found in them."""

    documents: tuple[Document, ...]
    findings: tuple[Finding, ...]


def warm_up(theme: Theme, languages: tuple[str, ...]) -> None:
    """Do in a worker, before there is work, what takes a second: import the typesetter, open fonts and templates.

    From then on garbage is collected between documents only (see ``make``).
    """
    from taiyaku.proofread import proofread
    from taiyaku.typeset import engine

    del proofread, engine
    for tag in languages:
        for face in faces(tag):
            coverage(face)
    templates = environment(tuple(theme.templates.items()))
    for name in theme.templates:
        templates.get_template(name)
    gc.disable()
    gc.freeze()


def make(work: Job) -> JobResult:
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


_PLAIN: Final = RenderOptions()


def set_in_html(work: Job, dress: RenderOptions = _PLAIN, *, optional: bool = True) -> Rendered:
    """Render a work to HTML, with the blocks that its author marked as optional or without them."""
    texts = work.texts if optional else replace(work.texts, pairs=tuple(map(_needed, work.texts.pairs)))
    logo = LOGO if LOGO in work.assets else ""
    printing = Printed(work.host, logo, work.draft, work.expired, work.host_file)
    return render(work.title, work.content, work.theme, texts, printing=printing, dress=dress)


def layout_of(work: Job) -> str:
    """Say how the languages of a booklet stand, before anything is laid out."""
    share = column_share(tuple(chain.from_iterable(work.texts.pairs)))
    return chosen_layout(work.content.guide.layout, work.title, Edition.SCREEN, work.theme.styles, share)


def _needed(pairs: tuple[Pair, ...]) -> tuple[Pair, ...]:
    """Leave out what may go; a chapter's title stays."""
    title, *rest = pairs
    return (title, *(pair for pair in rest if not any(block.optional for block in pair.blocks)))


def files_of(work: Job, html: str) -> dict[str, bytes]:
    """Gather everything that the typesetter may use for a document: cut fonts, styles, pictures, QR codes.

    Of the guide's pictures it gets those that the document's texts name, and the cover: no other file.
    """
    fonts = cut_fonts(language_texts(html))
    sheet = {"fonts/fonts.css": font_sheet(fonts).encode()}
    blocks = (block for pairs in work.texts.pairs for pair in pairs for block in walk(pair.blocks))
    named = {block.variant for block in blocks if block.kind is BlockKind.FIGURE} | {work.content.guide.cover}
    assets = {name: data for name, data in work.assets.items() if name in named or name not in work.content.figures}
    return {**sheet, **{font.path: font.data for font in fonts.fonts}, **assets}


LOGO: Final = "host/logo"
"""The path of a host's logo inside a document."""


def assets_of(
    content: Content, theme: Theme, logo: bytes, colours: Mapping[Any, str] = MappingProxyType({})
) -> dict[str, bytes]:
    """Return styles, pictures and QR codes of a guide's documents by their paths, pictures in the host's colours."""
    tokens = colour_tokens(theme.styles)
    drawn = {**{f"styles/{name}": data for name, data in theme.styles.items()}, **content.figures}
    return {
        **{n: recoloured(data, tokens, colours) if n.endswith(".svg") else data for n, data in drawn.items()},
        **{f"qr/{key}.png": qr_code(source.url) for key, source in content.sources.items()},
        **({LOGO: logo} if logo else {}),
    }


MOST_NOTES: Final = 3
"""So many pages for notes at most fill a booklet up to a multiple of four."""


@dataclass(frozen=True)
class _Book:
    """A booklet laid out: what was rendered, its layout, and whether it keeps to its pages."""

    rendered: Rendered
    layout: "Layout"
    findings: tuple[Finding, ...] = ()


def _make_booklet(work: Job) -> JobResult:
    from taiyaku.typeset.spread.cut import cut_spreads

    made: list[JobResult] = []
    for editions, lay_out in ((_BOUND, _bind), ((Edition.LARGE,), _lay_out_large)):
        wanted = [edition for edition in work.editions if edition in editions]
        if wanted:
            book = lay_out(work)
            name = work.title.file_name(editions[0])
            pdf, found = _proofread(work, cut_spreads(book.layout.write()), book.rendered, book.layout, name)
            made.append(JobResult((), (*book.findings, *_of_host(work, editions[0], book, found))))
            standing = book.layout.standing()
            pages = _Pages(book.rendered.heading, pdf, book.layout.pages, standing, too_many=bool(book.findings))
            made += (_in_edition(work, edition, pages) for edition in wanted)
    return _all_of(made)


def _all_of(made: list[JobResult]) -> JobResult:
    documents = chain.from_iterable(one.documents for one in made)
    return JobResult(tuple(documents), tuple(chain.from_iterable(one.findings for one in made)))


_BOUND: Final = (Edition.SCREEN, Edition.PRINT, Edition.PRESS)
"""Editions that are one booklet: to be read on a screen, imposed to be folded, or printed by a printing house."""


def _bind(work: Job) -> _Book:
    """Lay a booklet out so that it has as many pages as it may: the page budget."""
    tried: dict[Rung, _Book] = {}
    budget = work.content.guide.pages
    layout = layout_of(work)
    wide = 2 if layout == "facing" else 1
    spare = (budget or MOST_NOTES) // wide
    covers = _cover_style(work, RenderOptions(Edition.SCREEN, layout))

    def attempt(rung: Rung) -> int:
        dress = RenderOptions(Edition.SCREEN, rung.layout, "; ".join(filter(None, (rung.style, covers))), notes=spare)
        tried[rung] = _lay_out(work, dress, optional=rung.optional)
        return tried[rung].layout.pages - spare * wide

    bound = fit_pages(attempt, ladder(layout), budget)
    book = tried[bound.rung]
    trimmed = book.layout.without_last(spare - bound.notes // wide)
    over = (_too_many(work, trimmed, bound),) if bound.over else ()
    return _Book(book.rendered, trimmed, over)


_NO_ROOM: Final = frozenset({"set.over-measure", "set.outside-area", "text.off-page", "text.lost"})
"""What is found where a cover holds more than it has room for."""


def _of_host(work: Job, edition: Edition, book: _Book, found: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Say of faults on the covers that they are the host's, where without it there are none."""
    if work.host is None or not any(finding.code in _NO_ROOM for finding in found):
        return found
    dress = RenderOptions(edition, book.rendered.layout, _HIGH_COVER)
    if not _faults_of_covers(work, dress) or _faults_of_covers(replace(work, host=None), dress):
        return found
    back = (page for part in book.layout.standing() if part.at == "back" for page in part.pages)
    pages = (None, 1, *back)  # what is lost stands on none
    left = tuple(f for f in found if not f.code.startswith(("set.", "text.")) or f.facts.get("page") not in pages)
    return (_no_room(work, f"the covers ({work.title.file_name(edition)})"), *left)


def _faults_of_covers(work: Job, dress: RenderOptions) -> bool:
    """Tell whether something has no room in a booklet without its chapters."""
    covers = replace(work, texts=Manuscripts((), ()))
    book = _lay_out(covers, dress)
    _, found = _proofread(covers, book.layout.write(), book.rendered, book.layout, "covers")
    return any(finding.code in _NO_ROOM for finding in found)


def _no_room(work: Job, where: str) -> Finding:
    """Say of the longest line of the host's that it has no room."""
    lines = {line: "".join(getattr(work.host, line).values()) for line in HOST_LINES[work.title.form]}
    longest = max(lines, key=lambda line: len(lines[line]))
    place = Place("host.toml") if work.host_file is None else _line(work.host_file, longest)
    finding = Finding("host.room", place, {"entry": longest, "where": where})
    return finding.as_warning() if work.draft else finding


def _line(file: TomlFile, key: str) -> Place:
    return Place(file.path, line_of(file, (key,)))


def _lay_out_large(work: Job) -> _Book:
    return _lay_out(work, RenderOptions(Edition.LARGE, style=_cover_style(work, RenderOptions(Edition.LARGE))))


_HIGH_COVER: Final = "--cover-words: auto"


def _cover_style(work: Job, dress: RenderOptions) -> str:
    """Let a host who says much have more of the cover than its picture leaves."""
    return _HIGH_COVER if work.host is not None and _faults_of_covers(work, dress) else ""


def _lay_out(work: Job, dress: RenderOptions, *, optional: bool = True) -> _Book:
    from taiyaku.typeset.engine import Typesetter

    rendered = set_in_html(work, dress, optional=optional)
    return _Book(rendered, Typesetter(files_of(work, rendered.html)).lay_out(rendered.html))


@dataclass(frozen=True, slots=True)
class _Pages:
    """Finished pages in reading order: the document's heading, the PDF, how many, what stands on them, if too many."""

    heading: str
    pdf: bytes
    count: int
    texts: tuple[PlacedText, ...] = ()
    too_many: bool = False


def _in_edition(work: Job, edition: Edition, pages: _Pages) -> JobResult:
    """Make a document of finished pages, and check the very file that is handed out."""
    imposed = edition is Edition.PRINT and _is_folded(work.title, pages)
    made = _imposed(work, pages) if imposed else _single(work, edition, pages)
    found = chain.from_iterable(_preflight(work, document, pages) for document in made.documents)
    return replace(made, findings=(*made.findings, *found))


def _is_folded(title: Publication, pages: _Pages) -> bool:
    """Tell whether a document is folded: a booklet, and a checklist that fills more than a leaf."""
    return title.form is Form.BOOKLET or pages.count > _LEAF


_LEAF: Final = 2


def _imposed(work: Job, pages: _Pages) -> JobResult:
    from taiyaku.prepress.sheets import impose

    how = replace(work.production.imposition, binding=work.title.binding)
    imposed = impose(pages.pdf, how, title=pages.heading)
    facts = (pages.heading, imposed.pdf, pages.count, imposed.sheets, pages.texts)
    return JobResult((Document(work.title, Edition.PRINT, *facts),), ())


def _single(work: Job, edition: Edition, pages: _Pages) -> JobResult:
    pdf, findings = _pressed(work, pages) if edition is Edition.PRESS else (_bound(work, pages.pdf), ())
    document = Document(work.title, edition, pages.heading, pdf, pages.count, ceil(pages.count / 2), pages.texts)
    return JobResult((document,), findings)


def _bound(work: Job, pdf: bytes) -> bytes:
    from taiyaku.prepress.binding import bind_right

    return bind_right(pdf) if work.title.binding is Binding.RIGHT else pdf


def _pressed(work: Job, pages: _Pages) -> tuple[bytes, tuple[Finding, ...]]:
    from taiyaku.prepress.inks import read_profile
    from taiyaku.prepress.pdfx import Press, prepress

    how = Press(
        profile=read_profile(work.production.profile),
        palette=press_palette(work.theme.styles),
        title=pages.heading,
        languages=work.title.languages,
        document=work.title.file_name(Edition.PRESS),
        binding=work.title.binding,
        bleed_mm=work.production.bleed_mm,
    )
    pressed = prepress(pages.pdf, how)
    return pressed.pdf, pressed.findings


def _preflight(work: Job, document: Document, pages: _Pages) -> Iterator[Finding]:
    """Check a finished file. A draft is a proof sheet, and its marks would be found: it is not handed out."""
    from taiyaku.preflight.preflight import preflight

    if not work.draft:
        name = document.title.file_name(document.edition)
        yield from preflight(document.pdf, name, _expected(work, document, pages))


def _too_many(work: Job, layout: "Layout", bound: Bound) -> Finding:
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


def _expected(work: Job, document: Document, pages: _Pages) -> "PreflightProfile":
    """Say what a document must be that its own file does not say."""
    from taiyaku.preflight.preflight import PreflightProfile
    from taiyaku.preflight.profile import OWN_FAMILIES

    title, edition = document.title, document.edition
    imposed = _is_folded(title, pages) and edition is Edition.PRINT
    folded = _is_folded(title, pages) and edition is not Edition.LARGE and not pages.too_many
    paper = title.paper_of(edition)
    return PreflightProfile(
        str(edition),
        trim=None if imposed else (paper.width, paper.height),
        bleed=work.production.bleed_mm if edition is Edition.PRESS else 0.0,
        multiple=2 if imposed else 4 if folded else 1,
        families=OWN_FAMILIES,
        languages=title.languages,
        date=work.content.guide.date,
        max_bytes=MOST_BYTES,
    )


MOST_BYTES: Final = 8 << 20
"""A document that weighs more is too heavy to send by mail."""


def _make_checklist(work: Job) -> JobResult:
    from taiyaku.typeset.engine import Typesetter

    sides = work.title.paper_of(Edition.SCREEN).sides
    fullest = RenderOptions(notes=int(sides > _LEAF))  # the fonts are cut once, for all that may stand there
    typesetter = Typesetter(files_of(work, set_in_html(work, fullest).html))
    made: list[JobResult] = []
    first: Setting | None = None
    for editions in _LOOKS if Edition.PRINT in work.editions else _LOOKS[:1]:
        wanted = [edition for edition in work.editions if edition in editions]
        fitted = fit_one_page(partial(_attempt, typesetter, work, editions[0], sides), first, sides=sides)
        first = fitted.setting
        if not wanted:
            continue
        if not fitted.fits:
            bare = _attempt(typesetter, replace(work, host=None), editions[0], sides, fitted.setting)
            made.append(JobResult((), (_too_long(work, wanted[0], fitted, of_host=bare.pages <= sides),)))
            continue
        pages, found = _set_checklist(work, typesetter, editions[0], fitted)
        made.append(JobResult((), found))
        made += (_in_edition(work, edition, pages) for edition in wanted)
    return _all_of(made)


_LOOKS: Final = ((Edition.SCREEN, Edition.PRESS), (Edition.PRINT,))
"""Editions of a checklist that look the same. Print takes the setting of the first, where it holds, and so these are
fitted even where only print is wanted: it has the same bytes, made with them or by itself."""


def _set_checklist(
    work: Job, typesetter: "Typesetter", edition: Edition, fitted: Fitted
) -> tuple[_Pages, tuple[Finding, ...]]:
    """Set a checklist with the setting that fits, its boxes and lines as fields where it is read on a screen."""
    from taiyaku.typeset.forms import add_fields

    rendered = set_in_html(work, RenderOptions(edition, style=fitted.setting.style, notes=fitted.notes))
    layout = typesetter.lay_out(rendered.html)
    filled = add_fields(layout.write(), layout.fields())
    pdf, found = _proofread(work, filled, rendered, layout, work.title.file_name(edition))
    return _Pages(rendered.heading, pdf, layout.pages, layout.standing()), found


def _attempt(typesetter: "Typesetter", work: Job, edition: Edition, sides: int, setting: Setting) -> Tried:
    layout = typesetter.lay_out(set_in_html(work, RenderOptions(edition, style=setting.style)).html)
    return Tried(layout.pages, layout.lines_behind(sides), layout.height)


def _too_long(work: Job, edition: Edition, fitted: Fitted, *, of_host: bool) -> Finding:
    path = next(
        m.path
        for m in work.content.manuscripts
        if m.role is Role.CHECKLIST and m.name == work.title.name and m.language == work.title.languages[0]
    )
    if of_host:
        return replace(_no_room(work, f"the checklist ({work.title.file_name(edition)})"), also=Place(path))
    sides = work.title.paper_of(edition).sides
    facts = {
        "lines": fitted.lines_over,
        "room": "one page" if sides == 1 else f"{sides} pages",
        "languages": "+".join(work.title.languages),
        "edition": str(edition),
        "scale": SMALLEST / BASE_SIZE,
    }
    return Finding("fit.long", Place(path), facts)


def _proofread(
    work: Job, pdf: bytes, rendered: Rendered, layout: "Layout", name: str
) -> tuple[bytes, tuple[Finding, ...]]:
    """Read a document back; in a draft what is wrong is a warning, and marked on the page."""
    from taiyaku.proofread.composition import Geometry
    from taiyaku.proofread.proofread import proofread

    marked, found = proofread(pdf, rendered, Geometry(*layout.margins(), rendered.hang), name, draft=work.draft)
    findings = (*layout.findings(name), *found)
    return marked, tuple(finding.as_warning() for finding in findings) if work.draft else findings
