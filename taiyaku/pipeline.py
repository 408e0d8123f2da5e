"""Calls the phases: load → parse → pair → check → (make: render → … → impose) → release."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import PurePosixPath

from taiyaku import check, load, parity, release, stale
from taiyaku.before_printing import before_printing
from taiyaku.errors import UsageError
from taiyaku.findings import Finding, errors, in_order
from taiyaku.jobs import Workers
from taiyaku.make import Production, Work, assets_of, make, warm_up
from taiyaku.model import Content, Document, Edition, Form, House, Manuscript, Role, Text, Title
from taiyaku.pair import Paired, alone, pair
from taiyaku.parse import parse
from taiyaku.plan import Order, Wanted, expired, guide_names, kept, plan, printed, roles, unseen, wanted
from taiyaku.render import Manuscripts


@dataclass(frozen=True)
class Outcome:
    """What came of an order: how many documents were made and kept, and what was found."""

    findings: tuple[Finding, ...]
    made: int = 0
    kept: int = 0
    entries: tuple[release.Made, ...] = ()
    unseen: tuple[str, ...] = ()
    """The languages and texts that the order does not look at."""

    @property
    def documents(self) -> tuple[Document, ...]:
        """Give the documents that were made."""
        return tuple(one.document for one in self.entries)

    @property
    def failed(self) -> bool:
        """Say whether an error stopped the build."""
        return bool(errors(self.findings))


Progress = Callable[[str, int, int], None]
"""Told what is done: a name, how many are done, how many there are."""


def silent(_name: str, _done: int, _all: int) -> None:
    """Show no progress."""


PairedTexts = Mapping[tuple[Role, str, tuple[str, ...]], Paired]
"""Paired texts by role, name and languages."""


@dataclass(frozen=True)
class Prepared:
    """A guide that was read: its texts, their pairs by role, name and languages, what marks and pairs lack."""

    content: Content
    texts: tuple[Text, ...]
    paired: PairedTexts
    findings: tuple[Finding, ...] = ()


def prepare(content: Content, *, draft: bool, titles: Sequence[Title] = (), compared: bool = False) -> Prepared:
    """Parse a guide's texts and pair them: all, or those of some titles. In a draft, mark what is stale.

    Texts of titles are ``compared`` with their sources, which are parsed too then.
    """
    parsed = [parse(manuscript) for manuscript in _needed(content, titles, compared=compared)]
    texts = tuple(one.text for one in parsed)
    pairs = dict.fromkeys(title.languages for title in titles) or content.guide.pairs
    paired = dict(_paired(texts, pairs))
    accepted = content.accepted
    reviews = tuple(review(content, texts, paired)) if accepted is not None else ()
    lacking = [finding for one in paired.values() for finding in one.findings]
    lacking += stale.check_stale(reviews, accepted or {})
    if draft and any(one.count(stale.State.STALE) for one in reviews):
        texts = stale.marked(texts, reviews)
        paired = dict(_paired(texts, pairs))
    found = [finding for one in parsed for finding in one.findings]
    found += (finding.as_warning() for finding in lacking) if draft else lacking
    return Prepared(content, texts, paired, tuple(found))


def _needed(content: Content, titles: Sequence[Title], *, compared: bool) -> Iterator[Manuscript]:
    """Give the manuscripts of titles, and the sources by which the accepted ones of them are judged."""
    source = () if content.accepted is None and not compared else (content.guide.source,)
    needed = [replace(title, languages=(*title.languages, *source)) for title in titles]
    return (m for m in content.manuscripts if not titles or any(title.is_made_from(m) for title in needed))


def _paired(
    texts: Sequence[Text], pairs: Iterable[tuple[str, ...]]
) -> Iterator[tuple[tuple[Role, str, tuple[str, ...]], Paired]]:
    """Pair texts in each pair of languages. An empty file has its own finding, and is paired with nothing."""
    known = {(text.manuscript.role, text.manuscript.name, text.manuscript.language): text for text in texts}
    for languages in pairs:
        for role, name in dict.fromkeys((role, name) for role, name, _ in known):
            there = [known[role, name, tag] for tag in languages if (role, name, tag) in known]
            if len(there) == len(languages) and all(text.blocks for text in there):
                yield (role, name, languages), alone(*there) if len(there) == 1 else pair(*there)


def check_prepared(prepared: Prepared, house: House, order: Order) -> tuple[Finding, ...]:
    """Check what texts point at, that every character can be printed, and that all languages say the same.

    A source that is not printed is only compared with. In a draft what is not finished yet is a warning.
    """
    content, tags = prepared.content, printed(order, prepared.content.guide)
    texts = tuple(text for text in prepared.texts if text.manuscript.language in tags)
    whole = tags == content.guide.languages and order.form is None  # else a source may be cited where nobody looks
    always = (
        *load.check_strings(house, tags, "content"),
        *(f for f in check.check_references(content, texts) if whole or f.code != "source.unused"),
        *check.check_contacts(content, texts),
        *check.check_characters(content, texts),
    )
    unfinished = (
        *(finding for text in texts for finding in parity.check_sourced(text, content.guide.date)),
        *_parity(prepared),
    )
    return (*always, *_in(order, unfinished))


def _in(order: Order, findings: Iterable[Finding]) -> Iterator[Finding]:
    """Give findings as they count in an order: what a draft shows is a warning there."""
    return (finding.as_warning() if order.draft else finding for finding in findings)


def _days(order: Order, content: Content) -> Iterator[Finding]:
    """Check the days of a guide and of its sources against the day of an order."""
    return _in(order, (*check.check_ages(content, order.today), *check.check_days(content, order.today)))


def _parity(prepared: Prepared) -> Iterator[Finding]:
    """Compare every text with the source's."""
    source = prepared.content.guide.source
    for first, text, paired in _compared(source, prepared.texts, prepared.paired):
        yield from parity.check_ticks(first, text)
        yield from parity.check_parity(prepared.content, paired.pairs, (source, text.manuscript.language))


def _compared(source: str, texts: Iterable[Text], paired: PairedTexts) -> Iterator[tuple[Text, Text, Paired]]:
    """Give every translation beside its source, whichever pairs are printed."""
    known = {(t.manuscript.role, t.manuscript.name, t.manuscript.language): t for t in texts}
    for (role, name, tag), text in known.items():
        first = known.get((role, name, source))
        if tag != source and first is not None and first.blocks and text.blocks:
            yield first, text, paired.get((role, name, (source, tag))) or pair(first, text)


def review(content: Content, texts: Iterable[Text], paired: PairedTexts) -> Iterator[stale.Review]:
    """Judge every translation by what was accepted of it."""
    for first, text, its in _compared(content.guide.source, texts, paired):
        yield stale.review(first, text, its.pairs, its.findings, content.accepted or {})


def check_guides(order: Order) -> Outcome:
    """Check guides without typesetting anything."""
    loaded_house = load.load_house(order.root, order.content)
    loaded = _load(order)
    contents = [one.content for one in loaded if one.content is not None]
    findings = [*_of_house(order, loaded_house, contents), *(f for one in loaded for f in one.findings)]
    if order.pair and contents and not any(plan(content, order) for content in contents):
        raise UsageError("nothing to check: no guide has that pair", "leave out --pair")
    for content in contents:
        if whole := _whole(order, content):
            findings += (*whole.findings, *check_prepared(whole, loaded_house.house, order))
            findings += _days(order, content)
    return Outcome(in_order(findings), unseen=unseen(order, contents))


def _load(order: Order) -> list[load.Loaded]:
    """Read the guides that an order means; of one that it makes nothing of, no fault is told."""
    loaded = [load.load_guide(order.content, name, order.pair, roles(order)) for name in guide_names(order)]
    return [one if one.content is None or plan(one.content, order) else replace(one, findings=()) for one in loaded]


def _of_house(order: Order, house: load.LoadedHouse, contents: Iterable[Content]) -> Iterator[Finding]:
    """Give what is wrong with the words that templates print, in the languages that an order prints."""
    tags = {tag for content in contents for tag in printed(order, content.guide)}
    return (f for f in house.findings if not order.pair or PurePosixPath(f.place.path).stem in tags)


def _whole(order: Order, content: Content) -> Prepared | None:
    """Prepare all that an order looks at in a guide, whether or not it has to be made; None where that is nothing."""
    titles = plan(content, order)
    if not unseen(order, (content,)):
        return prepare(content, draft=order.draft)
    return prepare(content, draft=order.draft, titles=titles, compared=True) if titles else None


def list_before_printing(order: Order, out: str) -> tuple[str, tuple[Finding, ...]]:
    """List what a person opens and dials before a print run of the guides that an order means."""
    lists: list[str] = []
    findings: list[Finding] = []
    for name in guide_names(order):
        loaded = load.load_guide(order.content, name)
        findings += loaded.findings
        if loaded.content is not None:
            prepared = prepare(loaded.content, draft=True)
            lists.append(before_printing(loaded.content, prepared.texts, out))
    return "\n".join(lists), in_order(findings)


def build(order: Order, progress: Progress = silent) -> Outcome:
    """Make the documents that an order asks for and that are not there yet.

    All or nothing: with an error among the findings nothing is written.
    """
    loaded_house = load.load_house(order.root, order.content)
    guides = _load(order)
    host = load.load_host(order.content, order.host) if order.host else load.LoadedHost(None, b"", ())
    hosts = (
        check.check_host(host.host, host.logo, host.file, loaded_house.house.styles) if host.host and host.file else ()
    )
    contents = [loaded.content for loaded in guides if loaded.content is not None]
    findings = [*_of_house(order, loaded_house, contents), *host.findings, *hosts]
    findings += (finding for loaded in guides for finding in loaded.findings)
    if host.host and host.file:
        findings += check.check_host_words(host.host, host.file, _printed(order, contents))
    if errors(findings):
        return Outcome(in_order(findings))
    meant = [content for content in contents if plan(content, order)]
    findings += (finding for content in meant for finding in _days(order, content))
    release.recover(order.out)
    known = release.read_manifest(order.out)
    profile = load.load_profile(order.profile) if order.edition in (None, Edition.PRESS) else b""
    asked = wanted(order, contents, loaded_house.house, host, profile)
    if not asked:
        raise UsageError("nothing to build: no document is like that", "leave out --pair, --form or --edition")
    fresh = [item for item in asked if release.up_to_date(order.out, known, item.title, item.edition, item.inputs)]
    due = [item for item in asked if item not in fresh]
    if not due and len(kept(order, contents, known, ())) == len(known):
        return Outcome(in_order(findings), kept=len(fresh), unseen=unseen(order, contents))
    release.require_writable(order.out)
    outcome = _build(order, due, _Stock(contents, loaded_house.house, host, profile), known, findings, progress)
    return replace(outcome, kept=0 if outcome.failed else len(fresh), unseen=unseen(order, contents))


def _printed(order: Order, contents: Iterable[Content]) -> tuple[str, ...]:
    """Give the languages that an order prints, each once."""
    pairs = (pair for content in contents for pair in content.guide.pairs if not order.pair or pair == order.pair)
    return tuple(dict.fromkeys(tag for pair in pairs for tag in pair))


@dataclass(frozen=True)
class _Stock:
    """Everything that was read."""

    contents: Sequence[Content]
    house: House
    host: load.LoadedHost
    profile: bytes


def _build(
    order: Order,
    due: Sequence[Wanted],
    stock: _Stock,
    known: Mapping[str, Mapping[str, object]],
    before: Sequence[Finding],
    progress: Progress,
) -> Outcome:
    titles = tuple(dict.fromkeys(item.title for item in due))
    ready = partial(warm_up, stock.house, tuple(dict.fromkeys(tag for title in titles for tag in title.languages)))
    with Workers(make, ready, max(1, min(order.jobs, len(titles)))) as workers:  # one at least: some may be gone
        needed = {
            content.name: prepare(content, draft=order.draft, titles=its)
            for content in stock.contents
            if (its := [t for t in titles if t.guide == content.name])
        }
        findings = [*before, *(finding for one in needed.values() for finding in one.findings)]
        works = () if errors(findings) else _works(order, due, stock, needed)
        results = workers.start(works)  # they begin while the rest is read and checked
        for content in stock.contents:
            if everything := _whole(order, content):
                findings += (*everything.findings, *check_prepared(everything, stock.house, order))
        if errors(findings):
            return Outcome(in_order(findings))
        made: list[release.Made] = []
        for done, (work, result) in enumerate(zip(works, results, strict=True), 1):
            findings += result.findings
            warnings = tuple(f for f in result.findings if f not in errors(result.findings))
            made += (release.Made(document, work.inputs[document.edition], warnings) for document in result.documents)
            progress(work.title.name, done, len(works))
    if errors(findings):
        return Outcome(in_order(findings))
    newest = max((content.guide for content in stock.contents), key=lambda guide: guide.date)
    with release.locked(order.out):  # another build may have ended meanwhile: what it made is kept
        old = kept(order, stock.contents, release.read_manifest(order.out), made)
        release.publish(order.out, made, old, version=newest.version, source_date=newest.date.isoformat())
    return Outcome(in_order(findings), len(made), entries=tuple(made))


def _works(order: Order, due: Sequence[Wanted], stock: _Stock, prepared: Mapping[str, Prepared]) -> tuple[Work, ...]:
    """Gather the documents that are due by title: the editions of one title are typeset together. Long ones first."""
    contents = {content.name: content for content in stock.contents}
    colours = dict(stock.host.host.colors) if stock.host.host is not None else {}
    assets = {content.name: assets_of(content, stock.house, stock.host.logo, colours) for content in stock.contents}
    editions: dict[Title, list[Edition]] = {}
    inputs: dict[Title, dict[Edition, str]] = {}
    production = Production(order.imposition, stock.profile, order.bleed_mm)
    for item in due:
        editions.setdefault(item.title, []).append(item.edition)
        inputs.setdefault(item.title, {})[item.edition] = item.inputs
    works = [
        Work(
            title,
            tuple(its),
            contents[title.guide],
            stock.house,
            manuscripts(prepared[title.guide], title),
            stock.host.host,
            assets[title.guide],
            inputs[title],
            order.draft,
            expired(contents[title.guide], order),
            production,
            stock.host.file,
        )
        for title, its in editions.items()
    ]
    return tuple(sorted(works, key=lambda work: work.title.form is Form.CHECKLIST))


def manuscripts(prepared: Prepared, title: Title) -> Manuscripts:
    """Give the paired texts that a title consists of."""
    role = Role.CHAPTER if title.form is Form.BOOKLET else Role.CHECKLIST
    names = prepared.content.names(role) if role is Role.CHAPTER else (title.name,)
    return Manuscripts(names, tuple(prepared.paired[role, name, title.languages].pairs for name in names))
