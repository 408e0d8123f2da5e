"""Every command that README and docs print does as printed: collected from the files, run on a small guide.

A copy of the content folder has the names of the shipped one and the texts of a tiny guide, so that commands which make
documents stay short; those that make all of them are parsed here, and made once from start to end below.
"""

import argparse
import re
import shlex
import shutil
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Final

import pytest

from taiyaku.cli import commands
from taiyaku.cli.arguments import parser
from taiyaku.pipeline import build
from taiyaku.pipeline.title import Job, JobResult
from tests.cli.test_commands import run
from tests.making import ROOT, tiny_guide
from tests.pipeline.test_output import make_at_once, nothing
from tests.releases import blank

PAPERS: Final = (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md")))
GUIDE: Final = "phone-number"

_CODE: Final = re.compile(r"`([^`\n]+)`")
_COMMAND: Final = re.compile(r"(?:python3 )?build\.py((?: [^#`|&]*)?)")

FILLED: Final = {
    "GUIDE": GUIDE,
    "FILE": "content/phone-number/ja/01-start.md",
    "FILE.pdf": "test.pdf",
    "DIR": "dist",
    "NAME": "example-university",
    "MANIFEST": "dist/manifest.json",
    "ADDRESS": "https://example.org/",
    "EDITION": "press",
    "FOLDER": "last",
    "N": "900",
    "DAYS": "7",
    "SHEETS": "2",
}
"""What a reader puts in the place of a word in capitals."""


def printed() -> Iterator[tuple[str, str]]:
    """Return each command with the place where it is printed; of a row of the table, one for each choice in it."""
    for path in PAPERS:
        fenced = False
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            fenced ^= line.startswith("```")
            whole = fenced or line.startswith("    ")
            for text in [line] if whole else _CODE.findall(line):
                if match := _COMMAND.search(text):
                    yield f"{path.name}:{number}", match[1].strip()


def table() -> Iterator[tuple[str, str]]:
    """Return the commands of README's table, whole, with each of the options that its row names."""
    for number, line in enumerate((ROOT / "README.md").read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("| `") and (name := re.match(r"\| `([a-z-]+)[ `]", line)) and name[1] in commands.COMMANDS:
            first, *more = _CODE.findall(line.replace("\\|", "\x00"))
            yield f"README.md:{number}", first
            least = _least(first)
            for text in more:
                if text.startswith("--"):
                    yield f"README.md:{number}", f"{least} {text}{_VALUES.get(text, '')}"


_VALUES: Final = {"--since": " DIR"}
"""What follows an option that a sentence names alone."""


def _least(usage: str) -> str:
    """Leave out of a usage what stands in brackets."""
    return " ".join(re.sub(r"\[[^\]]*\]…?", "", usage).split())


def forms(command: str) -> Iterator[list[str]]:
    """Write a usage out: without what is in brackets, with it, and with each of the choices."""
    command = command.replace("…", "")
    plain = _least(command)
    full = re.sub(r"[\[\]]", " ", command)
    for text in dict.fromkeys((plain, full)):
        words = [re.split(r"[|\x00]", word) for word in shlex.split(text)]
        options = [word for word in words if len(word) > 1 and word[0].startswith("--")]
        for chosen in product(*words) if len(options) < 2 else ():
            words_of = [FILLED.get(word, word) for word in chosen]
            if "--content" in words_of:
                words_of[words_of.index("--content") + 1] = "content"
            if words_of[:2] == ["new", GUIDE]:
                words_of[1] = "another-guide"
            yield words_of


COMMANDS: Final = sorted({*printed(), *table()}, key=lambda one: (one[0], one[1]))

SLOW: Final = frozenset({"release", "test"})
"""What is not run here: the release has tests of its own, from start to end; the tests are these."""


def test_the_papers_hold_commands_of_every_kind() -> None:
    named = {next((word for word in text.split() if word in commands.COMMANDS), "build") for _, text in COMMANDS}
    assert named == set(commands.COMMANDS)
    assert len(COMMANDS) > 50


def _guide(place: Path) -> Path:
    content = tiny_guide(place, ("zh-Hans", "ja", "en"))
    guide = (content / "mini").rename(content / GUIDE)
    text = (guide / "guide.toml").read_text(encoding="utf-8")
    pairs = '[["zh-Hans", "ja"], ["en", "ja"], ["zh-Hans", "en"]]'
    text = text.replace('[["zh-Hans", "ja", "en"]]', pairs).replace('host_language = "en"', 'host_language = "ja"')
    (guide / "guide.toml").write_text(text, encoding="utf-8")
    for name in ("bring", "online"):
        for tag in ("zh-Hans", "ja", "en"):
            shutil.copy(guide / tag / "checklists" / "todo.md", guide / tag / "checklists" / f"{name}.md")
    for tag in ("zh-Hans", "ja", "en"):
        shutil.copy(guide / tag / "01-start.md", guide / tag / "07-refused.md")
    shutil.copytree(ROOT / "content" / "hosts", content / "hosts")
    shutil.copytree(content / "hosts" / "example-university", content / "hosts" / "my-town")
    shutil.copytree(guide, content / "my-guide")
    return content


def _make_blank(work: Job) -> JobResult:
    made = make_at_once(work)
    return replace(made, documents=tuple(replace(one, pdf=blank(8)) for one in made.documents))


@pytest.fixture
def desk(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder as a clone is one, with documents of blank pages already made."""
    place = tmp_path_factory.mktemp("clone")
    _guide(place)
    (place / "test.pdf").write_bytes(blank(8))
    (place / "docs").mkdir()
    monkeypatch.chdir(place)
    monkeypatch.setattr(build, "make", _make_blank)
    monkeypatch.setattr(build, "warm_up", nothing)
    monkeypatch.setattr("taiyaku.cli.reading._asked", lambda urls: {})
    return place


def parsed(words: list[str]) -> argparse.Namespace:
    return parser().parse_args(commands._with_default(words))


@pytest.mark.parametrize(("place", "command"), COMMANDS, ids=lambda one: str(one)[:60])
def test_a_printed_command_runs(desk: Path, place: str, command: str) -> None:
    for words in forms(command):
        if words[:1] == ["test"]:
            continue
        options = parsed(words)
        if options.command in SLOW or getattr(options, "profile", None):
            continue
        if options.command == "new":
            shutil.rmtree(desk / "content" / "my-guide")
        if options.command == "plan":
            for host in ("", "example-university"):
                order = ("build", GUIDE, "--host", host, "--content", "content", "--jobs", 1)
                assert run(*order).code == 0
        ran = run(*commands._with_default(words), *(() if "--content" in words else ("--content", "content")))
        findings_are_right = options.command in ("preflight", "plan", "freshness")
        assert ran.code in ((0, 1) if findings_are_right else (0,)), (place, words, ran.err)


def test_every_option_may_be_left_out() -> None:
    """argparse sends a default that is a text through the option's type: it must be one that the type takes."""
    subparsers = next(a for a in parser()._actions if isinstance(a, argparse._SubParsersAction))
    checked = 0
    for command in subparsers.choices.values():
        for action in command._actions:
            if isinstance(action.default, str) and action.default != argparse.SUPPRESS and callable(action.type):
                assert action.type(action.default) == action.default, (command.prog, action.dest)
                checked += 1
    assert checked > 3
    assert parsed(["release"]).url is None
