"""How far the translations of a guide are: language × text, as records and as a table of plain text."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import PurePosixPath
from typing import Any, Final

from taiyaku.checks.prepare import prepare, review
from taiyaku.checks.stale import Freshness, Review, units
from taiyaku.content import load
from taiyaku.content.lock import NAME, section
from taiyaku.model.content import Content, Manuscript, Role, Source, Text, Translation, walk
from taiyaku.model.findings import Finding, in_order
from taiyaku.pipeline.options import BuildOptions
from taiyaku.pipeline.targets import guide_names


@dataclass(frozen=True, slots=True)
class Aged:
    """The source of a text, or of a guide, that was checked longest ago (days as ISO 8601 writes them)."""

    key: str
    checked: str
    good_until: str


@dataclass(frozen=True, slots=True)
class LanguageStatus:
    """A language that translates, and how far its translation is trusted."""

    language: str
    status: str
    reviewer: str


@dataclass(frozen=True, slots=True)
class TranslationStatus:
    """How many blocks of a text one language has.

    ``translated``, ``stale`` and ``missing`` make up the text's blocks. ``unaccepted`` are those of the translated ones
    that nobody has accepted as they stand. Without a lock both are None: it is not known.
    """

    language: str
    path: str
    there: bool
    translated: int
    stale: int | None
    unaccepted: int | None
    missing: int


@dataclass(frozen=True, slots=True)
class TextStatus:
    """A chapter or checklist: how many blocks it has to translate, and the state of each language."""

    name: str
    role: str
    blocks: int
    oldest_source: Aged | None
    translations: tuple[TranslationStatus, ...]


@dataclass(frozen=True, slots=True)
class GuideStatus:
    """A guide: its languages, its texts; ``locked`` says whether anything was ever accepted."""

    guide: str
    source: str
    locked: bool
    languages: tuple[LanguageStatus, ...]
    texts: tuple[TextStatus, ...]
    oldest_source: Aged | None


def survey(order: BuildOptions) -> tuple[tuple[GuideStatus, ...], tuple[Finding, ...]]:
    """Look at the guides that an order means; give also what keeps a guide or its lock from being read."""
    found: list[GuideStatus] = []
    findings: list[Finding] = []
    for name in guide_names(order):
        loaded = load.load_guide(order.content, name)
        content = loaded.content
        if content is None:
            findings += loaded.findings
        else:
            findings += (finding for finding in loaded.findings if PurePosixPath(finding.place.path).name == NAME)
            found.append(_guide(content))
    return tuple(found), in_order(findings)


def as_record(guide: GuideStatus) -> dict[str, Any]:
    """Return a guide's status as plain values for JSON."""
    return asdict(guide)


def _guide(content: Content) -> GuideStatus:
    prepared = prepare(content, draft=False)
    reviews = {section(one.translation.manuscript): one for one in review(content, prepared.texts, prepared.paired)}
    sources = {
        (t.manuscript.role, t.manuscript.name): t
        for t in prepared.texts
        if t.manuscript.language == content.guide.source
    }
    texts = (
        _text(content, role, name, sources.get((role, name)), reviews) for role in Role for name in content.names(role)
    )
    return GuideStatus(
        content.name,
        content.guide.source,
        content.accepted is not None,
        tuple(_languages(content)),
        tuple(texts),
        _oldest(content, content.sources),
    )


def _languages(content: Content) -> Iterator[LanguageStatus]:
    for tag in content.guide.languages:
        if tag != content.guide.source:
            known = content.guide.translations.get(tag, Translation())
            yield LanguageStatus(tag, known.status, known.reviewer)


def _text(content: Content, role: Role, name: str, source: Text | None, reviews: dict[str, Review]) -> TextStatus:
    blocks = sum(1 for _ in units(source.blocks)) if source is not None else 0
    cited = {key for block in walk(source.blocks) for one in block.inlines for key in one.cites} if source else ()
    translations = (
        _translation(content, Manuscript("", tag, name, role, ""), blocks, reviews)
        for tag in content.guide.languages
        if tag != content.guide.source
    )
    oldest = _oldest(content, {key: one for key, one in content.sources.items() if key in cited})
    return TextStatus(name, str(role), blocks, oldest, tuple(translations))


def _translation(content: Content, wanted: Manuscript, blocks: int, reviews: dict[str, Review]) -> TranslationStatus:
    inside = section(wanted)
    path = str(PurePosixPath(content.guide_file.path).parent / inside)
    one = reviews.get(inside)
    there = any(section(manuscript) == inside for manuscript in content.manuscripts)
    known = content.accepted is not None
    if one is None:
        none = 0 if known else None
        return TranslationStatus(wanted.language, path, there, 0, none, none, blocks)
    stale = one.count(Freshness.STALE) if known else 0
    unaccepted = one.count(Freshness.CHANGED, Freshness.NEW) if known else None
    translated = len(one.blocks) - stale
    return TranslationStatus(
        wanted.language, path, there, translated, stale if known else None, unaccepted, one.missing
    )


def _oldest(content: Content, sources: Mapping[str, Source]) -> Aged | None:
    """Return the source that was checked longest ago; of equal ones the first by its key."""
    if not sources:
        return None
    key = min(sources, key=lambda key: (sources[key].checked, key))
    until = content.guide.good_until(sources[key])
    return Aged(key, sources[key].checked.isoformat(), until.isoformat())


def heading(guide: GuideStatus) -> str:
    """Name a guide, what it is translated from, and its oldest source."""
    oldest = guide.oldest_source
    aged = f"; oldest source {oldest.key}, checked {oldest.checked}" if oldest is not None else ""
    return f"{guide.guide}: translated from {guide.source}{aged}"


def table(guide: GuideStatus) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Return the heads and rows of a guide's table: a row a text, a column a language."""
    heads = ("text", "blocks", *(_head(language) for language in guide.languages), "oldest source")
    rows = tuple((_name(text), str(text.blocks), *map(_cell, text.translations), _aged(text)) for text in guide.texts)
    return heads, rows


def _head(language: LanguageStatus) -> str:
    return f"{language.language} ({', '.join(filter(None, (language.status, language.reviewer)))})"


def _name(text: TextStatus) -> str:
    return f"checklists/{text.name}" if text.role == Role.CHECKLIST else text.name


def _aged(text: TextStatus) -> str:
    return f"{text.oldest_source.checked} {text.oldest_source.key}" if text.oldest_source is not None else _NOTHING


_NOTHING: Final = "-"


def _cell(one: TranslationStatus) -> str:
    """Say ``40 translated, 2 stale, 1 missing``: what there is none of is left out."""
    if not one.there:
        return "no file"
    counts = (("stale", one.stale), ("missing", one.missing), ("not accepted", one.unaccepted))
    return ", ".join((f"{one.translated} translated", *(f"{count} {word}" for word, count in counts if count)))


def notes(guide: GuideStatus) -> tuple[str, ...]:
    """Say what a table leaves open."""
    if guide.locked or not guide.languages:
        return ()
    return (f"no {NAME}: what is stale is not known. To begin: python3 build.py accept {guide.guide}",)
