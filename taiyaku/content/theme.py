"""templates/, styles/ and content/strings/ become a theme."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from taiyaku.content.shelf import Shelf
from taiyaku.model.content import TomlFile
from taiyaku.model.findings import Finding, Place
from taiyaku.model.theme import Strings, Theme
from taiyaku.model.toml import read_record
from taiyaku.own_files import own_file


@dataclass(frozen=True)
class LoadedTheme:
    """What all guides share, and what was wrong with it."""

    theme: Theme
    findings: tuple[Finding, ...]


def load_theme(content: Path) -> LoadedTheme:
    """Read templates, styles and words: the program's own, and before them those of the project.

    A project's files stand in `templates/` and `styles/` beside its content folder; each replaces the one of its name.
    Its words, in `strings/` below the content folder, are put over the program's, key by key.
    """
    shelf = Shelf(content)
    strings: dict[str, Strings] = {}
    files: dict[str, TomlFile] = {}
    ours = {path.stem: path for path in sorted(own_file("strings").glob("*.toml"))}
    theirs = {path.stem: path for path in shelf.entries(content / "strings") if path.suffix == ".toml"}
    for tag in sorted({*ours, *theirs}):
        text = ours[tag].read_text(encoding="utf-8") if tag in ours else ""
        file, values = TomlFile(f"strings/{tag}.toml", text), tomllib.loads(text)
        before = len(shelf.findings)
        if tag in theirs:
            file, over = shelf.toml(theirs[tag])
            values = _over(values, over)
        files[tag] = file
        if len(shelf.findings) == before:  # what cannot be read lacks no key
            record, findings = read_record(Strings, values, file)
            shelf.findings.extend(findings)
            if record is not None:
                strings[tag] = record
    folders = {name: Shelf(content.parent / name) for name in ("templates", "styles")}
    found = {
        name: _files(own_file(name), its) | _files(folder.content, its, folder)
        for (name, folder), its in zip(folders.items(), ((".jinja",), (".css", ".svg")), strict=True)
    }
    templates = {name: data.decode() for name, data in found["templates"].items()}
    findings_of_all = (finding for one in (shelf, *folders.values()) for finding in one.findings)
    return LoadedTheme(Theme(templates, found["styles"], strings, files), tuple(findings_of_all))


def _over(words: Mapping[str, Any], others: Mapping[str, Any]) -> dict[str, Any]:
    """Put words over others, table by table."""
    both = {key: (words.get(key), value) for key, value in others.items()}
    tables = {
        key: _over(old, new) for key, (old, new) in both.items() if isinstance(old, dict) and isinstance(new, dict)
    }
    return {**words, **others, **tables}


def _files(folder: Path, suffixes: tuple[str, ...], shelf: Shelf | None = None) -> dict[str, bytes]:
    """Read the files of a folder by their path inside it; a project's through a shelf, which tells what is wrong."""
    if shelf is None:
        paths = (path for path in sorted(folder.rglob("*")) if path.suffix in suffixes)
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
    if folder == own_file(folder.name):
        return {}  # a checkout is its own project
    texts = {path: shelf.text(path) for path in _below(shelf, folder) if path.suffix in suffixes}
    return {path.relative_to(folder).as_posix(): text.encode() for path, text in texts.items() if text is not None}


def _below(shelf: Shelf, folder: Path) -> Iterator[Path]:
    for path in shelf.entries(folder):
        if path.is_dir() and not path.is_symlink():
            yield from _below(shelf, path)
        else:
            yield path


def check_strings(theme: Theme, languages: Iterable[str], content_name: str) -> Iterable[Finding]:
    """Find the languages whose words are missing."""
    for tag in languages:
        if tag not in theme.strings and tag not in theme.strings_files:
            yield Finding("load.strings", Place(f"{content_name}/strings/{tag}.toml"), {"tag": tag})
