"""Says that translations now match their sources: the only writer of translations.lock."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from taiyaku.checks.prepare import prepare, review
from taiyaku.checks.stale import Freshness, Review
from taiyaku.content import load
from taiyaku.content.lock import NAME, section, write_lock
from taiyaku.errors import UsageError
from taiyaku.files import write_file
from taiyaku.model.content import Accepted, Content, Manuscript
from taiyaku.model.findings import Finding, errors, in_order


@dataclass(frozen=True, slots=True)
class Accepting:
    """What was accepted of one translation: how many blocks, and how many of them had been stale, or changed or new."""

    path: str
    blocks: int
    stale: int
    others: int


@dataclass(frozen=True)
class _Guide:
    """A guide of which translations are accepted: all, or those that were named."""

    content: Content
    findings: tuple[Finding, ...]
    chosen: tuple[Manuscript, ...]
    whole: bool


def accept(content: Path, names: Sequence[str]) -> tuple[tuple[Accepting, ...], tuple[Finding, ...]]:
    """Accept translations as they stand. With an error in one of them nothing is written.

    Args:
        content: The folder of the guides.
        names: Files of translations, as a path from here or as findings name them, or guides: all translations then.

    Returns:
        What was accepted, and what was found wrong in those texts and their sources.

    Raises:
        UsageError: a name is neither a translation nor a guide.
        MachineError: the lock cannot be written.
    """
    done: list[Accepting] = []
    findings: list[Finding] = []
    locks: dict[Path, str] = {}
    for guide, files in _meant(content, names).items():
        loaded = load.load_guide(content, guide)
        if loaded.content is None:
            findings += loaded.findings
            continue
        chosen = tuple(_chosen(loaded.content, content, files))
        accepting, text, found = _accept(_Guide(loaded.content, loaded.findings, chosen, whole=not files))
        done += accepting
        findings += found
        locks[content / guide / NAME] = text
    if not errors(findings):
        for path, text in locks.items():
            write_file(path, text.encode())
    return tuple(done), in_order(findings)


def _meant(content: Path, names: Sequence[str]) -> dict[str, set[Path]]:
    """Return the guides that are meant with the files in them; without files the whole guide is."""
    guides = load.guides(content)
    meant: dict[str, set[Path]] = {}
    for name in names:
        if name not in guides:
            file = _file(content, name)
            meant.setdefault(file.relative_to(content).parts[0], set()).add(file)
    return meant | {name: set() for name in names if name in guides}


def _file(content: Path, name: str) -> Path:
    """Find a file of a guide: from here, or as findings name it."""
    guides = load.guides(content)
    for path in (Path(name).resolve(), (content.parent / name).resolve()):
        if path.is_file() and any(path.is_relative_to(content / guide) for guide in guides):
            return path
    raise _not_a_translation(name, guides)


def _chosen(content: Content, folder: Path, files: Collection[Path]) -> Iterator[Manuscript]:
    """Return the manuscripts that are accepted.

    Raises:
        UsageError: a file is none, or is in the source language.
    """
    translations = {
        folder / content.name / section(m): m for m in content.manuscripts if m.language != content.guide.source
    }
    for file in sorted(files) or translations:
        if file not in translations:
            raise _not_a_translation(file.relative_to(folder.parent).as_posix(), (content.name,), content.guide.source)
        yield translations[file]


def _not_a_translation(name: str, guides: Iterable[str], source: str = "") -> UsageError:
    other = f" of another language than {source}, the source" if source else ""
    hint = f"name a Markdown file{other}, or a guide for all its translations: {', '.join(guides)}"
    return UsageError(f"{name} is not a translation", hint)


def _accept(guide: _Guide) -> tuple[list[Accepting], str, tuple[Finding, ...]]:
    """Judge the chosen translations, and give the lock that holds them as they stand."""
    content = guide.content
    prepared = prepare(content, draft=False)
    chosen = {m.path for m in guide.chosen}
    reviews = [
        one for one in review(content, prepared.texts, prepared.paired) if one.translation.manuscript.path in chosen
    ]
    new = {section(one.translation.manuscript): tuple(block.now for block in one.blocks) for one in reviews}
    old: Mapping[str, tuple[Accepted, ...]] = {} if guide.whole else content.accepted or {}
    findings = (*_in_the_way(guide, prepared.findings), *(fault for one in reviews for fault in one.faults))
    return [_accepting(one) for one in reviews], write_lock({**old, **new}), findings


def _in_the_way(guide: _Guide, found: Iterable[Finding]) -> Iterator[Finding]:
    """Return what is wrong in the chosen files and their sources, and a lock that cannot be read where it is kept."""
    folder = PurePosixPath(guide.content.guide_file.path).parent
    sources = (replace(m, language=guide.content.guide.source) for m in guide.chosen)
    paths = {str(folder / section(m)) for m in (*guide.chosen, *sources)}
    paths |= set() if guide.whole else {str(folder / NAME)}
    for finding in (*guide.findings, *found):
        if finding.code.startswith(("load.", "parse.")) and finding.place.path in paths:
            yield finding


def _accepting(one: Review) -> Accepting:
    stale, others = one.count(Freshness.STALE), one.count(Freshness.CHANGED, Freshness.NEW)
    return Accepting(one.translation.manuscript.path, len(one.blocks), stale, others)
