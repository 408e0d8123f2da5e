"""templates/, styles/ and content/strings/ become a theme."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from taiyaku.content.shelf import Shelf
from taiyaku.model.content import TomlFile
from taiyaku.model.findings import Finding, Place
from taiyaku.model.theme import Strings, Theme


@dataclass(frozen=True)
class LoadedTheme:
    """What all guides share, and what was wrong with it."""

    theme: Theme
    findings: tuple[Finding, ...]


def load_theme(root: Path, content: Path) -> LoadedTheme:
    """Read templates, styles and strings."""
    shelf = Shelf(content)
    strings: dict[str, Strings] = {}
    files: dict[str, TomlFile] = {}
    for path in (path for path in shelf.entries(content / "strings") if path.suffix == ".toml"):
        file, record = shelf.record(Strings, path)
        files[path.stem] = file
        if record is not None:
            strings[path.stem] = record
    templates = {path.name: path.read_text(encoding="utf-8") for path in sorted((root / "templates").glob("*.jinja"))}
    return LoadedTheme(Theme(templates, _styles(root / "styles"), strings, files), tuple(shelf.findings))


def _styles(folder: Path) -> dict[str, bytes]:
    """Read stylesheets and the icons that they use, by their path inside the folder."""
    files = (path for path in sorted(folder.rglob("*")) if path.suffix in (".css", ".svg"))
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def check_strings(theme: Theme, languages: Iterable[str], content_name: str) -> Iterable[Finding]:
    """Find the languages whose words are missing."""
    for tag in languages:
        if tag not in theme.strings and tag not in theme.strings_files:
            yield Finding("load.strings", Place(f"{content_name}/strings/{tag}.toml"), {"tag": tag})
