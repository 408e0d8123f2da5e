"""All checks of the guides of an order, without making a document."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from taiyaku.checks import consistency, references
from taiyaku.checks.before_printing import before_printing
from taiyaku.checks.prepare import Prepared, compared_pairs, prepare
from taiyaku.content import load
from taiyaku.content.theme import LoadedTheme, check_strings, load_theme
from taiyaku.errors import UsageError
from taiyaku.model.content import Content
from taiyaku.model.documents import Document
from taiyaku.model.findings import Finding, errors, in_order
from taiyaku.model.theme import Theme
from taiyaku.pipeline import output
from taiyaku.pipeline.options import BuildOptions
from taiyaku.pipeline.targets import guide_names, plan, printed, roles, unseen


@dataclass(frozen=True)
class Outcome:
    """What came of an order: how many documents were made and kept, and what was found."""

    findings: tuple[Finding, ...]
    made: int = 0
    kept: int = 0
    entries: tuple[output.Artifact, ...] = ()
    unseen: tuple[str, ...] = ()
    """The languages and texts that the order does not look at."""

    @property
    def documents(self) -> tuple[Document, ...]:
        """Return the documents that were made."""
        return tuple(one.document for one in self.entries)

    @property
    def failed(self) -> bool:
        """Tell whether an error stopped the build."""
        return bool(errors(self.findings))


def check_prepared(prepared: Prepared, theme: Theme, order: BuildOptions) -> tuple[Finding, ...]:
    """Check what texts point at, that every character can be printed, and that all languages say the same.

    A source that is not printed is only compared with. In a draft what is not finished yet is a warning.
    """
    content, tags = prepared.content, printed(order, prepared.content.guide)
    texts = tuple(text for text in prepared.texts if text.manuscript.language in tags)
    whole = tags == content.guide.languages and order.form is None  # else a source may be cited where nobody looks
    always = (
        *check_strings(theme, tags, "content"),
        *(f for f in references.check_references(content, texts) if whole or f.code != "source.unused"),
        *references.check_contacts(content, texts),
        *references.check_characters(content, texts),
    )
    unfinished = (
        *(finding for text in texts for finding in consistency.check_sourced(text, content.guide.date)),
        *_parity(prepared),
    )
    return (*always, *_in(order, unfinished))


def _in(order: BuildOptions, findings: Iterable[Finding]) -> Iterator[Finding]:
    """Return findings as they count in an order: what a draft shows is a warning there."""
    return (finding.as_warning() if order.draft else finding for finding in findings)


def check_days(order: BuildOptions, content: Content) -> Iterator[Finding]:
    """Check the days of a guide and of its sources against the day of an order."""
    return _in(order, (*references.check_ages(content, order.today), *references.check_days(content, order.today)))


def _parity(prepared: Prepared) -> Iterator[Finding]:
    """Compare every text with the source's."""
    source = prepared.content.guide.source
    for first, text, paired in compared_pairs(source, prepared.texts, prepared.paired):
        yield from consistency.check_ticks(first, text)
        yield from consistency.check_parity(prepared.content, paired.pairs, (source, text.manuscript.language))


def check_guides(order: BuildOptions) -> Outcome:
    """Check guides without typesetting anything."""
    loaded_theme = load_theme(order.content)
    loaded = load_guides(order)
    contents = [one.content for one in loaded if one.content is not None]
    findings = [*check_theme(order, loaded_theme, contents), *(f for one in loaded for f in one.findings)]
    if order.pair and contents and not any(plan(content, order) for content in contents):
        raise UsageError("nothing to check: no guide has that pair", "leave out --pair")
    for content in contents:
        if whole := prepare_whole(order, content):
            findings += (*whole.findings, *check_prepared(whole, loaded_theme.theme, order))
            findings += check_days(order, content)
    return Outcome(in_order(findings), unseen=unseen(order, contents))


def load_guides(order: BuildOptions) -> list[load.Loaded]:
    """Read the guides that an order means; of one that it makes nothing of, no fault is told."""
    loaded = [load.load_guide(order.content, name, order.pair, roles(order)) for name in guide_names(order)]
    return [one if one.content is None or plan(one.content, order) else replace(one, findings=()) for one in loaded]


def check_theme(order: BuildOptions, theme: LoadedTheme, contents: Iterable[Content]) -> Iterator[Finding]:
    """Return what is wrong with the words that templates print, in the languages that an order prints."""
    tags = {tag for content in contents for tag in printed(order, content.guide)}
    return (f for f in theme.findings if not order.pair or PurePosixPath(f.place.path).stem in tags)


def prepare_whole(order: BuildOptions, content: Content) -> Prepared | None:
    """Prepare all that an order looks at in a guide, whether or not it has to be made; None where that is nothing."""
    titles = plan(content, order)
    if not unseen(order, (content,)):
        return prepare(content, draft=order.draft)
    return prepare(content, draft=order.draft, titles=titles, compared=True) if titles else None


def list_before_printing(order: BuildOptions, out: str) -> tuple[str, tuple[Finding, ...]]:
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
