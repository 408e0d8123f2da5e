"""Calls the phases: load → parse → pair → check → (make: render → … → impose) → release."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from taiyaku.checks import references
from taiyaku.checks.prepare import Prepared, manuscripts, prepare
from taiyaku.content import load
from taiyaku.content.theme import load_theme
from taiyaku.errors import UsageError
from taiyaku.model.content import Content
from taiyaku.model.documents import Edition, Form, Publication
from taiyaku.model.findings import Finding, errors, in_order
from taiyaku.model.theme import Theme
from taiyaku.pipeline import output
from taiyaku.pipeline.check import Outcome, check_days, check_prepared, check_theme, load_guides, prepare_whole
from taiyaku.pipeline.locking import locked, recover, require_writable
from taiyaku.pipeline.options import BuildOptions
from taiyaku.pipeline.targets import Target, expired, kept, plan, targets_of, unseen
from taiyaku.pipeline.title import Job, PrintOptions, assets_of, make, warm_up
from taiyaku.pipeline.workers import Workers
from taiyaku.prepress.profile import load_profile

Progress = Callable[[str, int, int], None]
"""Told what is done: a name, how many are done, how many there are."""


def silent(_name: str, _done: int, _all: int) -> None:
    """Show no progress."""


def build(order: BuildOptions, progress: Progress = silent) -> Outcome:
    """Make the documents that an order asks for and that are not there yet.

    All or nothing: with an error among the findings nothing is written.
    """
    loaded_theme = load_theme(order.content)
    guides = load_guides(order)
    host = load.load_host(order.content, order.host) if order.host else load.LoadedHost(None, b"", ())
    hosts = (
        references.check_host(host.host, host.logo, host.file, loaded_theme.theme.styles)
        if host.host and host.file
        else ()
    )
    contents = [loaded.content for loaded in guides if loaded.content is not None]
    findings = [*check_theme(order, loaded_theme, contents), *host.findings, *hosts]
    findings += (finding for loaded in guides for finding in loaded.findings)
    if host.host and host.file:
        findings += references.check_host_words(host.host, host.file, _printed(order, contents))
    if errors(findings):
        return Outcome(in_order(findings))
    meant = [content for content in contents if plan(content, order)]
    findings += (finding for content in meant for finding in check_days(order, content))
    recover(order.out)
    known = output.read_manifest(order.out)
    profile = load_profile(order.profile) if order.edition in (None, Edition.PRESS) else b""
    asked = targets_of(order, contents, loaded_theme.theme, host, profile)
    if not asked:
        raise UsageError("nothing to build: no document is like that", "leave out --pair, --form or --edition")
    fresh = [item for item in asked if output.up_to_date(order.out, known, item.title, item.edition, item.inputs)]
    due = [item for item in asked if item not in fresh]
    if not due and len(kept(order, contents, known, ())) == len(known):
        return Outcome(in_order(findings), kept=len(fresh), unseen=unseen(order, contents))
    require_writable(order.out)
    outcome = _build(order, due, _Loaded(contents, loaded_theme.theme, host, profile), known, findings, progress)
    return replace(outcome, kept=0 if outcome.failed else len(fresh), unseen=unseen(order, contents))


def _printed(order: BuildOptions, contents: Iterable[Content]) -> tuple[str, ...]:
    """Return the languages that an order prints, each once."""
    pairs = (pair for content in contents for pair in content.guide.pairs if not order.pair or pair == order.pair)
    return tuple(dict.fromkeys(tag for pair in pairs for tag in pair))


@dataclass(frozen=True)
class _Loaded:
    """Everything that was read."""

    contents: Sequence[Content]
    theme: Theme
    host: load.LoadedHost
    profile: bytes


def _build(
    order: BuildOptions,
    due: Sequence[Target],
    stock: _Loaded,
    known: Mapping[str, Mapping[str, object]],
    before: Sequence[Finding],
    progress: Progress,
) -> Outcome:
    titles = tuple(dict.fromkeys(item.title for item in due))
    ready = partial(warm_up, stock.theme, tuple(dict.fromkeys(tag for title in titles for tag in title.languages)))
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
            if everything := prepare_whole(order, content):
                findings += (*everything.findings, *check_prepared(everything, stock.theme, order))
        if errors(findings):
            return Outcome(in_order(findings))
        made: list[output.Artifact] = []
        for done, (work, result) in enumerate(zip(works, results, strict=True), 1):
            findings += result.findings
            warnings = tuple(f for f in result.findings if f not in errors(result.findings))
            made += (
                output.Artifact(document, work.inputs[document.edition], warnings) for document in result.documents
            )
            progress(work.title.name, done, len(works))
    if errors(findings):
        return Outcome(in_order(findings))
    newest = max((content.guide for content in stock.contents), key=lambda guide: guide.date)
    with locked(order.out):  # another build may have ended meanwhile: what it made is kept
        old = kept(order, stock.contents, output.read_manifest(order.out), made)
        output.publish(order.out, made, old, version=newest.version, source_date=newest.date.isoformat())
    return Outcome(in_order(findings), len(made), entries=tuple(made))


def _works(
    order: BuildOptions, due: Sequence[Target], stock: _Loaded, prepared: Mapping[str, Prepared]
) -> tuple[Job, ...]:
    """Gather the documents that are due by title: the editions of one title are typeset together. Long ones first."""
    contents = {content.name: content for content in stock.contents}
    colours = dict(stock.host.host.colors) if stock.host.host is not None else {}
    assets = {content.name: assets_of(content, stock.theme, stock.host.logo, colours) for content in stock.contents}
    editions: dict[Publication, list[Edition]] = {}
    inputs: dict[Publication, dict[Edition, str]] = {}
    production = PrintOptions(order.imposition, stock.profile, order.bleed_mm)
    for item in due:
        editions.setdefault(item.title, []).append(item.edition)
        inputs.setdefault(item.title, {})[item.edition] = item.inputs
    works = [
        Job(
            title,
            tuple(its),
            contents[title.guide],
            stock.theme,
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
