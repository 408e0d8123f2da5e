"""content/ → records. The only reader of content/, templates/ and styles/."""

import os
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from taiyaku.content.figures import SUFFIXES
from taiyaku.content.lock import NAME, read_lock
from taiyaku.content.shelf import MOST_PICTURE, Shelf
from taiyaku.language.tags import is_tag
from taiyaku.model.content import Accepted, Content, Guide, Host, Manuscript, Role, Source, TermEntry, TomlFile
from taiyaku.model.documents import Paper
from taiyaku.model.findings import Finding, Place
from taiyaku.model.toml import line_of, read_record


@dataclass(frozen=True)
class Loaded:
    """A guide as it was read (None: it could not be), and what was wrong."""

    content: Content | None
    findings: tuple[Finding, ...]


def guides(content: Path) -> tuple[str, ...]:
    """Return the guides below a content folder: what holds a guide.toml, or does not let itself be read."""
    return tuple(path.name for path in Shelf(content).entries(content) if _may_hold(path, "guide.toml"))


def _may_hold(folder: Path, name: str) -> bool:
    try:
        (folder / name).lstat()
    except PermissionError:
        return True
    except OSError:
        return False
    return True


def load_guide(content: Path, name: str, pair: Sequence[str] = (), roles: Collection[Role] = tuple(Role)) -> Loaded:
    """Read everything that a guide consists of.

    Args:
        content: The folder of the guides.
        name: The guide's.
        pair: Only what these languages and the source lack is a finding (empty: all).
        roles: Only what is missing of these texts is a finding.
    """
    shelf = Shelf(content)
    folder = content / name
    if not shelf.named(name, folder):
        return Loaded(None, tuple(shelf.findings))
    guide_file, guide = shelf.record(Guide, folder / "guide.toml", "every guide has one")
    if guide is None or not _has_tags(shelf, guide_file, guide):
        return Loaded(None, tuple(shelf.findings))
    asked = tuple(tag for tag in guide.languages if not pair or tag in pair or tag == guide.source)
    _check_guide(shelf, guide_file, guide, asked)
    sources_file, entries = _toml_if_there(shelf, folder / "sources.toml")
    glossary_file, terms = _toml_if_there(shelf, folder / "glossary.toml")
    loaded = Content(
        name=name,
        guide=guide,
        guide_file=guide_file,
        sources=dict(_sources(shelf, sources_file, entries)),
        sources_file=sources_file,
        glossary=tuple(_terms(shelf, glossary_file, terms, guide, (*asked, guide.host_language))),
        glossary_file=glossary_file,
        manuscripts=tuple(_manuscripts(shelf, folder, guide, asked, roles)),
        figures=_figures(shelf, folder),
        accepted=_accepted(shelf, folder / NAME),
    )
    return Loaded(loaded, tuple(shelf.findings))


def _toml_if_there(shelf: Shelf, path: Path) -> tuple[TomlFile, dict[str, Any]]:
    """Read a file that a guide may leave out: then it is empty."""
    return shelf.toml(path) if os.path.lexists(path) else (TomlFile(shelf.name(path), ""), {})


def _has_tags(shelf: Shelf, file: TomlFile, guide: Guide) -> bool:
    """Report what is no language tag. Such a guide is not read on: all else would be missing in that language."""
    before = len(shelf.findings)
    tags = [*guide.languages, *guide.translations, *guide.title, *guide.subtitle, guide.source]
    for tag in dict.fromkeys((*tags, *((guide.host_language,) if guide.host_language else ()))):
        if not is_tag(tag):
            line = line_of(file, ("languages",)) if tag in guide.languages else _line_with(file, tag)
            shelf.report("load.language", Place(file.path, line), tag=tag)
    return len(shelf.findings) == before


def _check_guide(shelf: Shelf, file: TomlFile, guide: Guide, asked: Sequence[str]) -> None:
    for key, tag in (("source", guide.source), ("host_language", guide.host_language)):
        if tag and tag not in guide.languages:
            place = Place(file.path, line_of(file, (key,)))
            shelf.report("load.value", place, key=key, why=f"`{tag}` is not among the languages")
    for key, names in (("languages", guide.languages), ("pairs", tuple(map("+".join, guide.pairs)))):
        for name in (name for name, count in Counter(names).items() if count > 1):
            shelf.report("load.value", Place(file.path, line_of(file, (key,))), key=key, why=f"{name} is there twice")
    for pair in guide.pairs:
        for tag in pair:
            if tag not in guide.languages:
                facts = {"pair": "+".join(pair), "tag": tag}
                shelf.report("load.pair", Place(file.path, line_of(file, ("pairs",))), **facts)
    _require_words(shelf, file, guide, asked)


def _require_words(shelf: Shelf, file: TomlFile, guide: Guide, asked: Sequence[str]) -> None:
    for key, words in (("title", guide.title), ("subtitle", guide.subtitle)):
        for tag in asked:
            if not words.get(tag, "").strip():
                place = Place(file.path, line_of(file, (key,)))
                shelf.report("load.value", place, key=f"{key}.{tag}", why="this language has no words")


def _line_with(file: TomlFile, text: str) -> int:
    return next((n for n, line in enumerate(file.text.split("\n"), 1) if text in line), 0)


def _sources(shelf: Shelf, file: TomlFile, entries: Mapping[str, Any]) -> Iterator[tuple[str, Source]]:
    for key, values in entries.items():
        if not isinstance(values, dict):
            place = Place(file.path, line_of(file, (key,)))
            shelf.report("load.key", place, key=key, known=f"[{key}] tables, one a source")
            continue
        source, findings = read_record(Source, values, file, (key,))
        shelf.findings.extend(findings)
        _check_tags(shelf, file, source.title if source is not None else (), key, "title")
        if source is not None and not source.title:
            place = Place(file.path, line_of(file, (key, "title")))
            shelf.report("load.value", place, key=f"{key}.title", why="no language has words")
        elif source is not None:
            yield key, source


def _check_tags(shelf: Shelf, file: TomlFile, tags: Iterable[str], *at: str) -> None:
    """Report what is no language tag among the languages of words."""
    for tag in tags:
        if not is_tag(tag):
            shelf.report("load.language", Place(file.path, line_of(file, (*at, tag))), tag=tag)


def _terms(
    shelf: Shelf, file: TomlFile, entries: Mapping[str, Any], guide: Guide, asked: Sequence[str]
) -> Iterator[TermEntry]:
    for key, values in entries.items():
        words = values if isinstance(values, dict) else {}
        names = {tag: word for tag, word in words.items() if tag != "reading" and isinstance(word, str)}
        faults = list(_term_faults(words, guide, asked))
        for code, part, facts in faults:
            place = Place(file.path, line_of(file, (key, part)))
            shelf.report(code, place, key=f"{key}.{part}", **facts)
        if not any(code == "load.value" for code, _, _ in faults):
            yield TermEntry(key, names, words.get("reading", ""))


def _term_faults(
    words: Mapping[str, Any], guide: Guide, asked: Sequence[str]
) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Return what is wrong with a term: the finding's code, the key that it is about, and its facts."""
    for tag in words:
        if tag not in (*guide.languages, "reading"):
            yield "load.key", tag, {"known": ", ".join((*guide.languages, "reading"))}
    for tag in (tag for tag in guide.languages if tag in asked):
        if not isinstance(words.get(tag), str):
            yield "load.value", tag, {"why": "the term has no word in this language"}
    if not isinstance(words.get("reading", ""), str):
        yield "load.value", "reading", {"why": "the reading is not a text"}


def _manuscripts(
    shelf: Shelf, folder: Path, guide: Guide, asked: Sequence[str], roles: Collection[Role]
) -> Iterator[Manuscript]:
    """Read the chapters and checklists; a name that one language lacks is a finding, where it is asked for."""
    for role, below in ((Role.CHAPTER, ""), (Role.CHECKLIST, "checklists")):
        folders = {tag: folder / tag / below for tag in guide.languages}
        everything = [path for tag in asked for path in shelf.entries(folders[tag]) if path.name.endswith(".md")]
        told = shelf if role in roles else Shelf(shelf.content)
        if role is Role.CHAPTER and not everything:
            told.report("load.no-chapters", Place(shelf.name(folder)), tag=guide.source)
        good = {path.name for path in everything if told.named(path.name.removesuffix(".md"), path)}
        for name in sorted(name.removesuffix(".md") for name in good):
            yield from _translations(shelf, name, role, folders, asked if role in roles else ())


def _translations(
    shelf: Shelf, name: str, role: Role, folders: Mapping[str, Path], asked: Collection[str]
) -> Iterator[Manuscript]:
    paths = [place / f"{name}.md" for place in folders.values()]
    there = [shelf.name(path) for path in paths if os.path.lexists(path)]
    for tag, place in folders.items():
        path = place / f"{name}.md"
        told = shelf if tag in asked else Shelf(shelf.content)  # what nobody asks for is not told
        text = told.text(path, why=f"translate {there[0]}, or remove it")
        if text is not None:
            yield Manuscript(shelf.name(path), tag, name, role, text)


def _figures(shelf: Shelf, folder: Path) -> dict[str, bytes]:
    """Read the guide's pictures, by their path inside the guide. A link that leads out is not one of them.

    Of a file that is no picture by its name only the name is known: a text that names it gets a finding.
    """
    figures: dict[str, bytes] = {}
    for path in _below(shelf, folder / "figures"):
        src = path.relative_to(folder).as_posix()
        if path.suffix == ".md":
            continue
        if not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder)):
            place = Place(shelf.name(path))
            shelf.report("figure.outside", place, src=src, folder=shelf.name(folder / "figures"))
        elif path.suffix.lower() not in SUFFIXES:
            figures[src] = b""
        elif shelf.named(path.name, path) and (data := shelf.data(path, most=MOST_PICTURE)) is not None:
            figures[src] = data
    return figures


def _below(shelf: Shelf, folder: Path) -> Iterator[Path]:
    """Return all files below a folder; links to folders inside it are not followed."""
    for path in shelf.entries(folder):
        if path.is_dir() and not path.is_symlink():
            if shelf.named(path.name, path):
                yield from _below(shelf, path)
        elif not path.is_dir() or not shelf.holds(path):
            yield path


def _accepted(shelf: Shelf, path: Path) -> dict[str, tuple[Accepted, ...]] | None:
    """Read what was accepted; None where nobody has accepted anything yet, or the lock cannot be read."""
    text = shelf.text(path) if os.path.lexists(path) else None
    if text is None:
        return None
    accepted, findings = read_lock(TomlFile(shelf.name(path), text))
    shelf.findings.extend(findings)
    return accepted


@dataclass(frozen=True)
class LoadedHost:
    """A host with its logo (empty: none), and what was wrong."""

    host: Host | None
    logo: bytes
    findings: tuple[Finding, ...]
    file: TomlFile | None = None


def load_host(content: Path, name: str) -> LoadedHost:
    """Read a host's block."""
    shelf = Shelf(content)
    known = [path.name for path in shelf.entries(content / "hosts") if _may_hold(path, "host.toml")]
    if name in known and name in tuple(Paper):
        why = "it is the name of a paper, and would stand in its place in file names"
        shelf.report("load.name", Place(shelf.name(content / "hosts" / name)), name=name, why=why)
        return LoadedHost(None, b"", tuple(shelf.findings))
    if name in known and not shelf.named(name, content / "hosts" / name):
        return LoadedHost(None, b"", tuple(shelf.findings))
    if name not in known:
        shelf.report("load.host", Place(shelf.name(content / "hosts")), name=name, known=", ".join(known) or "none")
        return LoadedHost(None, b"", tuple(shelf.findings))
    folder = content / "hosts" / name
    file, host = shelf.record(Host, folder / "host.toml")
    for line in ("name", "desk", "hours", "event"):
        _check_tags(shelf, file, getattr(host, line, ()), line)
    return LoadedHost(host, _logo(shelf, folder, host, file), tuple(shelf.findings), file)


def _logo(shelf: Shelf, folder: Path, host: Host | None, file: TomlFile) -> bytes:
    if host is None or not host.logo:
        return b""
    path = folder / host.logo
    place = Place(file.path, line_of(file, ("logo",)))
    if "\0" in host.logo or (not os.path.lexists(path) and ".." not in path.parts):
        shelf.report("figure.missing", place, src=host.logo, folder=shelf.name(folder))
    elif not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder)):
        shelf.report("figure.outside", place, src=host.logo, folder=shelf.name(folder))
    else:
        return shelf.data(path, most=MOST_PICTURE) or b""
    return b""
