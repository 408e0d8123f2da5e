"""Calls the phases: load → parse → pair → render → fonts → typeset → fit → impose → release.

What may run in another process (``make``) takes and gives plain records.
"""

import gc
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from io import BytesIO
from math import ceil
from pathlib import Path
from typing import Final

import segno

from taiyaku import check, load, release
from taiyaku.errors import UsageError
from taiyaku.findings import Finding, Place, errors, in_order
from taiyaku.fit import BASE_SIZE, Fitted, Setting, Tried, fit_one_page, smallest
from taiyaku.fonts import cut_fonts, fingerprint, font_sheet
from taiyaku.htmltext import language_texts, runs
from taiyaku.jobs import Workers
from taiyaku.model import Content, Document, Edition, Form, Host, House, Pair, Role, Text, Title
from taiyaku.pair import alone, pair
from taiyaku.parse import parse
from taiyaku.render import Manuscripts, Rendered, render


@dataclass(frozen=True)
class Order:
    """What the command line asks for; empty means all."""

    root: Path
    content: Path
    out: Path
    guides: tuple[str, ...] = ()
    pair: tuple[str, ...] = ()
    form: Form | None = None
    edition: Edition | None = None
    host: str = ""
    jobs: int = 1
    draft: bool = False


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


@dataclass(frozen=True)
class Outcome:
    """What came of an order: how many documents were made and kept, and what was found."""

    findings: tuple[Finding, ...]
    made: int = 0
    kept: int = 0
    documents: tuple[Document, ...] = ()

    @property
    def failed(self) -> bool:
        """Say whether an error stopped the build."""
        return bool(errors(self.findings))


Progress = Callable[[str, int, int], None]
"""Told what is done: a name, how many are done, how many there are."""


def silent(_name: str, _done: int, _all: int) -> None:
    """Show no progress."""


# --- checking: everything that needs no typesetting -------------------------------------------------------------


@dataclass(frozen=True)
class Prepared:
    """A guide that was read and parsed: its texts by role, name and language; what their marks and pairs lack."""

    content: Content
    texts: Mapping[tuple[Role, str, str], Text] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


def guide_names(order: Order) -> tuple[str, ...]:
    """Give the names of the guides that an order means.

    Raises:
        UsageError: a guide that does not exist, or no guide at all.
    """
    known = load.guides(order.content)
    for name in order.guides:
        if name not in known:
            raise UsageError(f"there is no guide `{name}` in {order.content}", f"the guides are: {', '.join(known)}")
    if not known:
        raise UsageError(f"there is no guide in {order.content}", "make one: python3 build.py new NAME --languages a,b")
    return order.guides or known


def prepare(content: Content, *, draft: bool) -> Prepared:
    """Parse a guide's texts and pair them."""
    parsed = [parse(manuscript) for manuscript in content.manuscripts]
    texts = {(p.text.manuscript.role, p.text.manuscript.name, p.text.manuscript.language): p.text for p in parsed}
    pairing = [finding for languages in content.guide.pairs for finding in _pair_findings(content, texts, languages)]
    found = [finding for one in parsed for finding in one.findings]
    found += (finding.as_warning() for finding in pairing) if draft else pairing
    return Prepared(content, texts, tuple(found))


def check_prepared(prepared: Prepared, house: House) -> tuple[Finding, ...]:
    """Check what texts point at, and that every character can be printed."""
    content, texts = prepared.content, prepared.texts.values()
    return (
        *load.check_strings(house, content.guide, "content"),
        *check.check_references(content, texts),
        *check.check_characters(content, texts),
    )


def _pair_findings(
    content: Content, texts: Mapping[tuple[Role, str, str], Text], languages: tuple[str, ...]
) -> Iterator[Finding]:
    for role in Role:
        for name in content.names(role):
            there = [texts[role, name, tag] for tag in languages if (role, name, tag) in texts]
            if len(there) == 2:
                yield from pair(*there).findings


def check_guides(order: Order) -> tuple[Finding, ...]:
    """Check guides without typesetting anything."""
    loaded_house = load.load_house(order.root, order.content)
    findings = list(loaded_house.findings)
    for name in guide_names(order):
        loaded = load.load_guide(order.content, name)
        findings += loaded.findings
        if loaded.content is not None:
            prepared = prepare(loaded.content, draft=order.draft)
            findings += (*prepared.findings, *check_prepared(prepared, loaded_house.house))
    return in_order(findings)


# --- planning: which documents, made from what ------------------------------------------------------------------


def plan(content: Content, order: Order) -> tuple[Title, ...]:
    """List the titles of a guide that an order asks for."""
    pairs = [languages for languages in content.guide.pairs if not order.pair or languages == order.pair]
    titles = [
        Title(content.name, name, form, languages, order.host)
        for languages in pairs
        for form, names in ((Form.BOOKLET, (content.name,)), (Form.CHECKLIST, content.names(Role.CHECKLIST)))
        for name in names
        if order.form in (None, form)
    ]
    return tuple(titles)


def _digest(parts: Iterable[bytes | str]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)
    return digest.hexdigest()


def program_fingerprint(root: Path) -> str:
    """Give a hash of the program and its locked engines: another program, other PDFs."""
    patterns = ("requirements.lock", "taiyaku/*.py", "templates/*", "styles/**/*")
    files = [path for pattern in patterns for path in sorted(root.glob(pattern))]
    return _digest(part for path in files if path.is_file() for part in (path.name, path.read_bytes()))


def inputs_of(title: Title, content: Content, house: House, program: str, *parts: str | bytes) -> str:
    """Give a hash of everything that a title is made from."""
    languages = {*title.languages, content.host_language}
    role = Role.CHAPTER if title.form is Form.BOOKLET else Role.CHECKLIST
    wanted = (m for m in content.manuscripts if m.language in title.languages and m.role is role)
    texts = [part for m in wanted if role is Role.CHAPTER or m.name == title.name for part in (m.path, m.text)]
    return _digest(
        (
            program,
            repr(title),
            content.guide_file.text,
            content.sources_file.text,
            content.glossary_file.text,
            *texts,
            *(part for name, data in sorted(content.figures.items()) for part in (name, data)),
            *(house.strings_files[tag].text for tag in sorted(languages) if tag in house.strings_files),
            fingerprint(sorted(languages)),
            *parts,
        )
    )


# --- building ----------------------------------------------------------------------------------------------------


def build(order: Order, progress: Progress = silent) -> Outcome:
    """Make the documents that an order asks for and that are not there yet.

    All or nothing: with an error among the findings nothing is written.
    """
    loaded_house = load.load_house(order.root, order.content)
    guides = [(name, load.load_guide(order.content, name)) for name in guide_names(order)]
    host = load.load_host(order.content, order.host) if order.host else load.LoadedHost(None, b"", ())
    findings = [*loaded_house.findings, *host.findings, *(f for _, loaded in guides for f in loaded.findings)]
    contents = [loaded.content for _, loaded in guides if loaded.content is not None]
    if errors(findings):
        return Outcome(in_order(findings))
    known = release.read_manifest(order.out)
    wanted = _wanted(order, contents, loaded_house.house, host)
    if not wanted:
        raise UsageError("nothing to build: no document is like that", "leave out --pair, --form or --edition")
    fresh = [item for item in wanted if release.up_to_date(order.out, known, item.title, item.edition, item.inputs)]
    stale = [item for item in wanted if item not in fresh]
    if not stale:
        return Outcome((), kept=len(fresh))
    release.require_writable(order.out)
    return _build(order, stale, _Stock(contents, loaded_house.house, host), known, progress)


@dataclass(frozen=True)
class _Wanted:
    """A document that an order asks for, and the fingerprint of what it is made from."""

    title: Title
    edition: Edition
    inputs: str


@dataclass(frozen=True)
class _Stock:
    """Everything that was read."""

    contents: Sequence[Content]
    house: House
    host: load.LoadedHost


def _wanted(order: Order, contents: Iterable[Content], house: House, host: load.LoadedHost) -> list[_Wanted]:
    program = program_fingerprint(order.root)
    editions = (order.edition,) if order.edition is not None else tuple(Edition)
    parts = (repr(host.host), host.logo, "draft" if order.draft else "")
    return [
        _Wanted(title, edition, inputs)
        for content in contents
        for title in plan(content, order)
        for inputs in (inputs_of(title, content, house, program, *parts),)
        for edition in editions
    ]


def _build(
    order: Order, stale: Sequence[_Wanted], stock: _Stock, known: Mapping[str, Mapping[str, object]], progress: Progress
) -> Outcome:
    titles = len({item.title for item in stale})
    with Workers(make, _warm_up, min(order.jobs, titles)) as workers:
        prepared = {content.name: prepare(content, draft=order.draft) for content in stock.contents}
        findings = [finding for one in prepared.values() for finding in one.findings]
        works = () if errors(findings) else _works(order, stale, stock, prepared)
        results = workers.start(works)  # they begin while the rest is checked
        findings += (f for one in prepared.values() for f in check_prepared(one, stock.house))
        if errors(findings):
            return Outcome(in_order(findings))
        made: list[release.Made] = []
        for done, (work, result) in enumerate(zip(works, results, strict=True), 1):
            findings += result.findings
            warnings = tuple(f for f in result.findings if f not in errors(result.findings))
            made += (release.Made(document, work.inputs, warnings) for document in result.documents)
            progress(work.title.name, done, len(works))
    if errors(findings):
        return Outcome(in_order(findings))
    kept = _kept(order, stock.contents, known, made)
    newest = max((content.guide for content in stock.contents), key=lambda guide: guide.date)
    release.publish(order.out, made, kept, version=newest.version, source_date=newest.date.isoformat())
    documents = tuple(one.document for one in made)
    return Outcome(in_order(findings), len(made), len(kept), documents)


def _works(order: Order, stale: Sequence[_Wanted], stock: _Stock, prepared: Mapping[str, Prepared]) -> tuple[Work, ...]:
    """Gather the stale documents by title: the editions of one title are typeset together. Long ones first."""
    contents = {content.name: content for content in stock.contents}
    assets = {content.name: assets_of(content, stock.house, stock.host.logo) for content in stock.contents}
    editions: dict[Title, list[Edition]] = {}
    inputs = {item.title: item.inputs for item in stale}
    for item in stale:
        editions.setdefault(item.title, []).append(item.edition)
    works = [
        Work(
            title,
            tuple(wanted),
            contents[title.guide],
            stock.house,
            manuscripts(prepared[title.guide], title),
            stock.host.host,
            assets[title.guide],
            inputs[title],
            order.draft,
        )
        for title, wanted in editions.items()
    ]
    return tuple(sorted(works, key=lambda work: work.title.form is Form.CHECKLIST))


def _kept(
    order: Order, contents: Sequence[Content], known: Mapping[str, Mapping[str, object]], made: Sequence[release.Made]
) -> list[Mapping[str, object]]:
    """Choose the manifest's old entries that still hold: documents of today's plan that stand there whole.

    Entries of other guides or hosts are kept; those of a title that is no longer planned are not.
    """
    new = {one.document.title.file_name(one.document.edition) for one in made}
    names = {content.name for content in contents}
    planned = {
        replace(title, host="").file_name(edition)
        for content in contents
        for title in plan(content, Order(order.root, order.content, order.out))
        for edition in Edition
    }
    kept: list[Mapping[str, object]] = []
    for path, document in known.items():
        host = f"_{document.get('host')}.pdf" if document.get("host") else ".pdf"
        still = document.get("guide") not in names or path.removesuffix(host) + ".pdf" in planned
        if path not in new and still and (order.out / path).is_file():
            kept.append(document)
    return kept


def manuscripts(prepared: Prepared, title: Title) -> Manuscripts:
    """Pair the texts that a title consists of."""
    role = Role.CHAPTER if title.form is Form.BOOKLET else Role.CHECKLIST
    names = prepared.content.names(role) if role is Role.CHAPTER else (title.name,)
    return Manuscripts(names, tuple(_pairs(prepared, role, name, title.languages) for name in names))


def _pairs(prepared: Prepared, role: Role, name: str, languages: tuple[str, ...]) -> tuple[Pair, ...]:
    texts = [prepared.texts[role, name, tag] for tag in languages]
    return (alone(*texts) if len(texts) == 1 else pair(*texts)).pairs


@dataclass(frozen=True)
class Made:
    """The documents of one title, and what was found in them."""

    documents: tuple[Document, ...]
    findings: tuple[Finding, ...]


def _warm_up() -> None:
    """Import in a worker what takes a second: the typesetter and what reads its PDFs."""
    from taiyaku import impose, preflight, typeset

    del impose, preflight, typeset


def make(work: Work) -> Made:
    """Make all wanted editions of a title.

    The garbage collector rests meanwhile: a laid out book is a million live objects, and walking
    them again and again takes a fifth of the time.
    """
    gc.disable()
    try:
        return _make_booklet(work) if work.title.form is Form.BOOKLET else _make_checklist(work)
    finally:
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

    A vector drawing of the same code takes the typesetter ten times as long.
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
        fitted = fit_one_page(partial(_attempt, typesetter, work, edition), work.title.languages, first)
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


def _attempt(typesetter: "Typesetter", work: Work, edition: Edition, setting: Setting) -> Tried:  # type: ignore[name-defined]  # noqa: F821
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
        "scale": smallest(work.title.languages) / BASE_SIZE,
    }
    return Finding("fit.long", Place(path), facts)


def _preflight(pdf: bytes, rendered: Rendered, name: str) -> tuple[Finding, ...]:
    from taiyaku.preflight import check_text, read_back

    wanted = [text for cell in rendered.cells for text in runs(cell.html)]
    repeats = [text for cell in rendered.repeats for text in runs(cell.html)]
    return check_text(read_back(pdf), wanted, name, repeats)
