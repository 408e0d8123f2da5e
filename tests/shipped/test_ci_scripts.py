"""The scripts of .ci/, run one by one; `gh` and `build.py` are fakes that write down what they were asked."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest

from tests.making import ROOT

TAG: Final = "v2026.11.0"

FAKE: Final = f"""\
#!{sys.executable}
import json, os, pathlib, sys
name, *asked = pathlib.Path(sys.argv[0]).name, *sys.argv[1:]
with open(os.environ["FAKES"] + "/calls", "a", encoding="utf-8") as log:
    print(name, *asked, file=log)
    for option, file in zip(asked, asked[1:]):
        if option.endswith("-file"):
            print("file:", pathlib.Path(file).read_text(encoding="utf-8"), file=log)
answers = json.loads(pathlib.Path(os.environ["FAKES"], "answers").read_text(encoding="utf-8"))
code, said, files = answers.get(" ".join([name, *asked[:2]])) or answers.get(name, [0, "", dict()])
for file, text in files.items():
    pathlib.Path(asked[asked.index("--dir") + 1], file).write_text(text, encoding="utf-8")
print(said, end="")
sys.exit(code)
"""
"""Answers what was prepared for its name and its first two arguments, or for its name."""

Answer = tuple[int, str, Mapping[str, str]]


class Machine:
    """A folder with the scripts, a guide and the fakes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.answers: dict[str, Answer] = {}
        self.said = ""
        shutil.copytree(ROOT / ".ci", folder / ".ci")
        guide = folder / "content" / "mini" / "guide.toml"
        guide.parent.mkdir(parents=True)
        guide.write_text('version   = "2026.11.0"\n', encoding="utf-8")
        (folder / "fakes").mkdir()
        for fake in (folder / "build.py", folder / "fakes" / "gh"):
            fake.write_text(FAKE, encoding="utf-8")
            fake.chmod(0o755)

    def run(self, script: str, *arguments: str, **known: str) -> int:
        """Run a script in the folder, with these variables besides; give its exit code."""
        fakes = self.folder / "fakes"
        (fakes / "answers").write_text(json.dumps(self.answers), encoding="utf-8")
        path = f"{fakes}{os.pathsep}{os.environ['PATH']}"
        without = {name: value for name, value in os.environ.items() if name not in ("GITHUB_REPOSITORY", "TAG")}
        done = subprocess.run(
            (self.folder / ".ci" / script, *arguments),
            cwd=self.folder,
            env={**without, "PATH": path, "FAKES": str(fakes), **known},
            capture_output=True,
            text=True,
            check=False,
        )
        self.said = done.stdout + done.stderr
        return done.returncode

    @property
    def calls(self) -> list[str]:
        """Return what the fakes were asked, in order, and the files that they were given."""
        log = self.folder / "fakes" / "calls"
        return log.read_text(encoding="utf-8").splitlines() if log.exists() else []


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path / "machine")


def a_release(folder: Path, weather: str = "") -> Path:
    """Write the folder of a release, with its sums."""
    files = {"CHANGES.md": "# New", "a.pdf": f"%PDF-{weather}", "index.html": "<html>", "read/a.html": "<html>"}
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    sums = (f"{hashlib.sha256(text.encode()).hexdigest()}  {name}\n" for name, text in sorted(files.items()))
    (folder / "SHA256SUMS").write_text("".join(sums), encoding="utf-8")
    return folder


# .ci/release


@pytest.mark.parametrize(
    ("known", "more"),
    [
        ({}, ""),
        ({"TAG": TAG, "PAGE_URL": "https://example.org/g/"}, " --url https://example.org/g/"),
        ({"GITHUB_REPOSITORY": "Some-Group/Handouts"}, " --url https://some-group.github.io/Handouts/"),
        ({"GITHUB_REPOSITORY": "Group/group.github.io"}, " --url https://group.github.io/"),
        ({"HOSTS": "one-university two-town"}, " --host one-university --host two-town"),
    ],
)
def test_what_a_release_is_made_with(machine: Machine, known: Mapping[str, str], more: str):
    assert machine.run("release", "dist", **known) == 0, machine.said
    assert machine.calls == [f"build.py release --out dist{more}"]


def test_a_release_is_compared_where_there_was_one_before(machine: Machine):
    previous = machine.folder / "previous"
    previous.mkdir()
    assert machine.run("release", "dist", str(previous)) == 0
    (previous / "manifest.json").write_text("{}", encoding="utf-8")
    assert machine.run("release", "dist", str(previous)) == 0
    assert machine.calls == ["build.py release --out dist", f"build.py release --out dist --since {previous}"]


def test_a_tag_that_is_no_guides_version_stops_at_once(machine: Machine):
    assert machine.run("release", "dist", TAG="v2026.12.0") == 2
    assert "no guide has the version of the tag v2026.12.0" in machine.said
    assert machine.calls == []


# .ci/previous


def test_before_the_first_release_there_is_none(machine: Machine):
    assert machine.run("previous", "old", TAG=TAG) == 0
    assert machine.said == "no release was published before\n"
    assert list((machine.folder / "old").iterdir()) == []


def test_the_last_release_is_never_the_one_that_is_made(machine: Machine):
    machine.answers = {
        "gh release list": (0, f"{TAG}\nv2026.10.1\nv2026.10.0\n", {}),
        "gh release download": (0, "", {"manifest.json": "{}"}),
    }
    assert machine.run("previous", "old", TAG=TAG) == 0, machine.said
    assert machine.calls[1:] == ["gh release download v2026.10.1 --dir old --pattern manifest.json --pattern *.pdf"]
    assert (machine.folder / "old" / "manifest.json").is_file()
    assert machine.run("previous", "old") == 0
    assert f"the last release is {TAG}" in machine.said


# .ci/compare and .ci/archive


def test_two_releases_that_differ_are_told(machine: Machine, tmp_path: Path):
    first, second = a_release(tmp_path / "first", "sun"), a_release(tmp_path / "second", "rain")
    assert machine.run("compare", str(first), str(first)) == 0
    assert machine.said == "4 files, the same in both\n"
    assert machine.run("compare", str(first), str(second)) == 1
    assert "a.pdf differ" in machine.said
    assert "two different releases: nothing is published" in machine.said


def test_a_file_that_was_broken_on_the_way_is_told(machine: Machine, tmp_path: Path):
    folder = a_release(tmp_path / "first")
    (folder / "a.pdf").write_text("half", encoding="utf-8")
    assert machine.run("compare", str(folder), str(folder)) == 1
    assert "a.pdf: FAILED" in machine.said


def test_an_archive_holds_the_folder_under_its_own_name(machine: Machine, tmp_path: Path):
    folder = a_release(tmp_path / "first")
    assert machine.run("archive", str(folder), "guide-1.zip") == 0, machine.said
    with zipfile.ZipFile(machine.folder / "guide-1.zip") as archive:
        names = {name for name in archive.namelist() if not name.endswith("/")}
    assert names == {f"guide-1/{path.relative_to(folder)}" for path in folder.rglob("*") if path.is_file()}
    own = hashlib.sha256((machine.folder / "guide-1.zip").read_bytes()).hexdigest()
    sums = (machine.folder / "guide-1.zip.sha256").read_text(encoding="utf-8")
    assert sums == (folder / "SHA256SUMS").read_text(encoding="utf-8") + f"{own}  guide-1.zip\n"


# .ci/publish


def publish(machine: Machine, tmp_path: Path, view: Answer, sums: str = "") -> int:
    machine.answers = {"gh release view": view, "gh release download": (0, "", {"SHA256SUMS": sums})}
    return machine.run("publish", str(a_release(tmp_path / "new")), "a.zip", TAG=TAG)


@pytest.mark.parametrize(("view", "created"), [((1, "", {}), 1), ((0, "true\n", {}), 0)])
def test_a_release_is_a_draft_until_every_file_is_there(machine: Machine, tmp_path: Path, view: Answer, created: int):
    """A draft that is there gets its files again."""
    assert publish(machine, tmp_path, view) == 0, machine.said
    new = tmp_path / "new"
    create = f"gh release create {TAG} --draft --verify-tag --title {TAG} --notes-file {new}/CHANGES.md"
    files = " ".join(f"{new}/{name}" for name in ("CHANGES.md", "SHA256SUMS", "a.pdf", "index.html"))
    assert machine.calls[1:] == [
        *[create, "file: # New"][: 2 * created],
        f"gh release upload {TAG} --clobber a.zip {files}",
        f"gh release edit {TAG} --draft=false --latest",
    ]


@pytest.mark.parametrize("same", [True, False])
def test_a_published_release_is_compared_and_never_touched(machine: Machine, tmp_path: Path, same: bool):
    sums = (a_release(tmp_path / "new") / "SHA256SUMS").read_text(encoding="utf-8")
    assert publish(machine, tmp_path, (0, "false\n", {}), sums if same else "0" * 64 + "  a.pdf\n") == 1 - same
    assert [call.split()[2] for call in machine.calls] == ["view", "download"], (
        "what people have printed is not touched"
    )
    assert (
        "is published already, and its files are these" if same else "give the new ones a new version"
    ) in machine.said


# .ci/freshness


@pytest.mark.parametrize(
    ("status", "issue", "asked"),
    [
        (0, "", []),
        (0, "7", ["issue comment 7 --body-file", "issue close 7"]),
        (1, "", ["label create freshness --force", "issue create --label freshness --title"]),
        (1, "7", ["issue edit 7 --body-file"]),
    ],
)
def test_what_is_found_stands_in_one_issue(machine: Machine, status: int, issue: str, asked: list[str]):
    machine.answers = {"build.py": (status, "# what is old", {}), "gh issue list": (0, f"{issue}\n" * bool(issue), {})}
    assert machine.run("freshness") == 0, machine.said
    assert machine.calls[0] == "build.py freshness --links --markdown"
    calls = [call.removeprefix("gh ") for call in machine.calls[2:] if call.startswith("gh ")]
    assert len(calls) == len(asked)
    assert all(line.startswith(wanted) for line, wanted in zip(calls, asked, strict=True))
    told = [call for call in machine.calls if call.startswith("file:")]
    assert told == ["file: # what is old"] * any("--body-file" in call for call in calls)


@pytest.mark.parametrize(("status", "report"), [(3, "no network"), (1, "")])
def test_a_fault_of_the_machine_is_no_issue(machine: Machine, status: int, report: str):
    """Exit 1 without a report: the guide itself cannot be read."""
    machine.answers = {"build.py": (status, report, {})}
    assert machine.run("freshness") == status
    assert machine.calls == ["build.py freshness --links --markdown"]
