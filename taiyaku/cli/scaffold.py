"""Begins a guide that builds at once: its files in every language, with something of each kind to copy."""

import datetime as dt
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from taiyaku.errors import MachineError, UsageError
from taiyaku.language.tags import is_tag, own_name
from taiyaku.own_files import own_file

_NAME: Final = re.compile(r"^[a-z0-9]+(?:-[a-z0-9]+)*$")
_RESERVED: Final = ("strings", "hosts")

_GUIDE: Final = """\
title     = {{ {title} }}
subtitle  = {{ {subtitle} }}
source    = "{source}"
languages = [{languages}]
pairs     = [[{languages}]]
host_language = "{host}"
version   = "{version}"
date      = {date}
"""

_SOURCES: Final = """\
# Where each fact comes from and when it was last checked. Cite a source with [@example].

[example]
title     = {{ {title} }}
publisher = "Name of the publisher"
url       = "https://example.org/"
checked   = {date}
kind      = "official"  # official | carrier | press
"""

_GLOSSARY: Final = """\
# One table a term: its word in every language, and its reading in the language of the staff.

[term]
{words}
"""

_CHAPTER: Final = """\
# {word} 1

{word} 2. [@example]

## {word} 3

1. {word} 4
2. {word} 5

!!! tip
    {word} 6
"""

_CHECKLIST: Final = """\
# {word} 1

## {word} 2

- [ ] {word} 3
- [ ] {word} 4

{word} 5 [@example]
"""

_FIGURES: Final = """\
# Pictures

| file | shows | origin and licence |
|---|---|---|
"""


def new_guide(content: Path, name: str, languages: tuple[str, ...], today: dt.date) -> tuple[Path, ...]:
    """Write a new guide of today below the content folder and give the files.

    Raises:
        UsageError: the name or a language is not one, or the guide is already there.
        MachineError: the folder cannot be written, or a link in it leads elsewhere.
    """
    if not _NAME.fullmatch(name) or name in _RESERVED:
        raise UsageError(f"`{name}` cannot be a guide's name", "use small letters, digits and hyphens")
    for tag in languages:
        if not is_tag(tag):
            raise UsageError(f"`{tag}` is not a language tag", "use BCP 47 tags such as zh-Hans,ja")
    if not 1 <= len(set(languages)) == len(languages) <= 2:
        raise UsageError("a new guide has one or two languages", "write --languages a,b")
    if os.path.lexists(content / name):
        raise UsageError(f"{content / name} is already there", "choose another name")
    if (content / "strings").is_symlink():
        message = f"{content / 'strings'} is a link, and the words of a language would be written through it"
        raise MachineError(message, "put the folder in its place")
    files = {**dict(_strings(content, languages)), **dict(_files(content / name, languages, today))}
    try:
        for path, text in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("x", encoding="utf-8") as file:  # a new file: nothing is written through a link
                file.write(text)
    except OSError as error:
        raise MachineError(
            f"{error.filename}: cannot write: {error.strerror}", "free space, or --content DIR"
        ) from error
    return tuple(files)


def _table(words: Mapping[str, str]) -> str:
    return ", ".join(f'{tag} = "{word}"' for tag, word in words.items())


def _files(folder: Path, languages: tuple[str, ...], today: dt.date) -> Iterator[tuple[Path, str]]:
    words = {tag: tag for tag in languages}
    yield (
        folder / "guide.toml",
        _GUIDE.format(
            title=_table(words),
            subtitle=_table(words),
            source=languages[0],
            host=languages[-1],
            languages=", ".join(f'"{tag}"' for tag in languages),
            version=f"{today:%Y.%m}.0",
            date=today,
        ),
    )
    yield folder / "sources.toml", _SOURCES.format(title=_table({languages[0]: "Example"}), date=today)
    yield folder / "glossary.toml", _GLOSSARY.format(words="\n".join(f'{tag} = "{tag}"' for tag in languages))
    yield folder / "figures" / "README.md", _FIGURES
    for tag in languages:
        yield folder / tag / "01-start.md", _CHAPTER.format(word=tag)
        yield folder / tag / "checklists" / "first.md", _CHECKLIST.format(word=tag)


def _strings(content: Path, languages: tuple[str, ...]) -> Iterator[tuple[Path, str]]:
    """Begin the words of a language that has none yet, and for which the program brings none, with the English ones."""
    for tag in languages:
        path = content / "strings" / f"{tag}.toml"
        if not path.exists() and not own_file(f"strings/{tag}.toml").exists():
            english = own_file("strings/en.toml").read_text(encoding="utf-8")
            named = english.replace('language = "English"', f'language = "{own_name(tag)}"', 1)
            yield path, f"# English for now: translate every line into {own_name(tag)}.\n{named}"
