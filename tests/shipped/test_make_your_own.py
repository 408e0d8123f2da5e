"""docs/make-your-own.md and docs/releasing.md, followed: their commands exist, and lead from nothing to a release."""

import contextlib
import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from taiyaku.cli.arguments import parser
from taiyaku.cli.commands import COMMANDS
from tests.making import ROOT

GUIDES: Final = ("docs/make-your-own.md", "docs/releasing.md")
ADDRESS: Final = "https://my-town.example/handouts/"


def commands(name: str) -> Iterator[str]:
    """Return the commands of a text, without those of other programs."""
    text = (ROOT / name).read_text(encoding="utf-8")
    yield from (match[1] for match in re.finditer(r"`(?:[^`]*&& )?python3 build\.py ?([^`]*)`", text))


@pytest.mark.parametrize("line", [f"{name}: {line}" for name in GUIDES for line in commands(name)])
def test_every_command_is_one(line: str) -> None:
    words = shlex.split(line.split(": ", 1)[1])
    with contextlib.redirect_stderr(io.StringIO()) as said:
        try:
            parser().parse_args(words if words and words[0] in COMMANDS else ["build", *words])
        except SystemExit as stopped:
            pytest.fail(f"{line}: {said.getvalue()}{stopped}")


@pytest.mark.parametrize("name", GUIDES)
def test_every_file_that_is_named_is_there(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    named = set(re.findall(r"\]\(([^)#:]+)\)", text))
    assert not [path for path in named if not (ROOT / "docs" / path).exists()]
    scripts = set(re.findall(r"(?<![\w.])(\.(?:ci|github)/[\w./-]+\w)", text))
    assert named | scripts
    assert not [path for path in scripts if not (ROOT / path).exists()]


# From nothing


def run(place: Path, *arguments: str) -> subprocess.Popen[str]:
    command = (sys.executable, "-m", "taiyaku", *arguments)
    return subprocess.Popen(command, cwd=place, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def done(process: "subprocess.Popen[str]") -> str:
    said, _ = process.communicate()
    assert process.returncode == 0, said
    return said


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Copy the project twice, into folders of different names and depths, and begin a guide of one's own in each."""
    folder = tmp_path_factory.mktemp("own")
    ignored = shutil.ignore_patterns(
        ".*cache", ".git", ".venv", ".hypothesis", "dist", "phone-number", "tests", "*.pyc"
    )
    both = (folder / "mine", folder / "deeper" / "theirs")
    for place in both:
        shutil.copytree(ROOT, place, ignore=ignored)
        said = done(run(place, "new", "my-guide", "--languages", "vi,ja"))
        assert "content/strings/vi.toml" in said
    return both


def test_a_new_guide_is_checked_accepted_and_fresh(copies: tuple[Path, Path]) -> None:
    place = copies[0]
    assert done(run(place, "check")) == "no findings\n"
    assert done(run(place, "accept", "my-guide")).startswith("12 blocks of 2 files accepted")
    assert done(run(place, "freshness")) == "1 source: 0 expired, 0 expiring within 30 days\n"
    assert "https://example.org/" in done(run(place, "before-printing"))


def test_a_host_that_lacks_a_language_is_told(copies: tuple[Path, Path]) -> None:
    process = run(copies[0], "build", "--host", "example-university", "--form", "checklist", "--edition", "screen")
    said, _ = process.communicate()
    assert process.returncode == 1
    assert "content/hosts/example-university/host.toml:2: error: the host's `name` is not there in vi" in said
    assert "[host.words]" in said


def test_a_release_of_a_new_guide_is_the_same_in_every_folder(copies: tuple[Path, Path]) -> None:
    """What .github/workflows/release.yml does, with the real program: build twice, compare, pack."""
    made = [run(place, "release", "--url", ADDRESS, "--jobs", "1") for place in copies]
    assert all("7 documents" in done(one) for one in made)
    first, again = (place / "dist" / "release" for place in copies)
    compared = subprocess.run((ROOT / ".ci" / "compare", first, again), capture_output=True, text=True, check=False)
    assert compared.returncode == 0, compared.stdout + compared.stderr
    assert compared.stdout.endswith("the same in both\n")
    page = (first / "index.html").read_text(encoding="utf-8")
    assert "Tiếng Việt" in page
    assert (first / "poster_my-guide_vi_ja.pdf").is_file()
    archive = first.parent / "my-town.zip"
    subprocess.run((ROOT / ".ci" / "archive", first, archive), check=True)
    unpacked = first.parent / "unpacked"
    subprocess.run((sys.executable, "-m", "zipfile", "-e", archive, unpacked), check=True)
    subprocess.run(("sha256sum", "--check", "--quiet", "SHA256SUMS"), cwd=unpacked / "my-town", check=True)
    subprocess.run(
        ("sha256sum", "--check", "--quiet", "--ignore-missing", "my-town.zip.sha256"), cwd=first.parent, check=True
    )
    manifest = json.loads((first / "manifest.json").read_text(encoding="utf-8"))
    assert {one["guide"] for one in manifest["documents"]} == {"my-guide"}
    assert os.fsencode(str(copies[0])) not in b"".join(path.read_bytes() for path in first.rglob("*") if path.is_file())
