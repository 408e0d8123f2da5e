"""The release command: the same bytes for everybody, all or nothing, and what must be printed again."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.making import ROOT, tiny_guide
from tests.releases import URL

PLAIN: Final = ("--url", URL, "--jobs", "1")


def run(content: Path, out: Path, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "taiyaku", "release", "--content", str(content), "--out", str(out), *options]
    its = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    return subprocess.run(command, env=its, cwd=out.parent, capture_output=True, text=True, check=False)


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_guide(tmp_path_factory.mktemp("guide"))


@pytest.fixture(scope="module")
def first(content: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("first") / "dist"
    made = run(content, out, *PLAIN)
    assert made.returncode == 0, made.stderr
    return out / "release"


@pytest.fixture(scope="module")
def changed(first: Path, content: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A second release, in which one text says something else, compared with the first."""
    place = tmp_path_factory.mktemp("changed")
    shutil.copytree(content, place / "content")
    for text in (place / "content").glob("mini/*/01-start.md"):
        said = text.read_text(encoding="utf-8")
        assert "{: " not in said.splitlines()[0]
        title = said.splitlines()[0]
        text.write_text(said.replace(title, f"{title} 2", 1), encoding="utf-8")
    made = run(place / "content", place / "dist", "--since", str(first), *PLAIN)
    assert made.returncode == 0, made.stderr
    return place / "dist" / "release", made.stdout


def test_a_release_holds_what_people_look_for(first: Path):
    names = set(files(first))
    assert {"index.html", "SHA256SUMS", "manifest.json", "CHANGES.md", "LICENCES.md", "sbom.cdx.json"} <= names
    assert {"print-pack_zh-Hans.zip", "how-to-print_zh-Hans.pdf", "poster_mini_zh-Hans_ja.pdf"} <= names
    assert "read/mini_zh-Hans_ja.html" in names
    documents = json.loads((first / "manifest.json").read_text(encoding="utf-8"))["documents"]
    assert {one["path"] for one in documents} <= names
    assert {one["edition"] for one in documents} == {"screen", "print", "press", "large"}


def test_another_person_elsewhere_on_another_day_makes_the_same_files(first: Path, content: Path, tmp_path: Path):
    elsewhere = tmp_path / "another place"
    shutil.copytree(content, elsewhere / "content")
    for path in (elsewhere / "content").rglob("*"):
        os.utime(path, (0, 0))
    other = {"TZ": "America/Lima", "PYTHONHASHSEED": "7", "HOME": str(tmp_path), "USER": "other", "LANG": "C"}
    # three days later: no source of the guide has expired by then
    day = str(int(os.environ["SOURCE_DATE_EPOCH"]) + 3 * 86400)
    old = os.umask(0o077)
    try:
        made = run(
            elsewhere / "content", elsewhere / "dist", "--url", URL, "--jobs", "2", **other, SOURCE_DATE_EPOCH=day
        )
    finally:
        os.umask(old)
    assert made.returncode == 0, made.stderr
    assert files(elsewhere / "dist" / "release") == files(first)


def test_the_sums_are_true(first: Path):
    checked = subprocess.run(["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"], cwd=first, check=False)
    assert checked.returncode == 0


def test_the_next_release_says_what_to_print_again(changed: tuple[Path, str]):
    folder, said = changed
    assert "to print again:" in said
    assert "REPRINT.md" in said
    told = json.loads((folder / "reprint.json").read_text(encoding="utf-8"))
    again = {one["path"]: one["print"] for one in told["documents"]}
    assert again["mini_zh-Hans_ja_booklet-print.pdf"]
    assert again["mini.todo_zh-Hans_ja_checklist-print.pdf"] == [], "nothing changed there"
    page = (folder / "index.html").read_text(encoding="utf-8")
    for name in ("REPRINT.md", "reprint_zh-Hans.md", "reprint_ja.md"):
        assert "mini_zh-Hans_ja_booklet-print.pdf" in (folder / name).read_text(encoding="utf-8")
        assert name == "REPRINT.md" or f'href="{name}"' in page


def test_a_manifest_alone_is_enough_to_compare_with(first: Path, content: Path, tmp_path: Path):
    shutil.copy(first / "manifest.json", tmp_path / "old.json")
    made = run(content, tmp_path / "dist", "--since", str(tmp_path / "old.json"), *PLAIN)
    assert made.returncode == 0, made.stderr
    told = json.loads((tmp_path / "dist" / "release" / "reprint.json").read_text(encoding="utf-8"))
    assert {one["state"] for one in told["documents"]} == {"same"}
    assert "to print again: 0 documents" in made.stdout


def test_pages_drawn_by_another_program_are_drawn_again_or_refused(first: Path, content: Path, tmp_path: Path):
    shutil.copytree(first, tmp_path / "old")
    manifest = json.loads((first / "manifest.json").read_text(encoding="utf-8"))
    text = json.dumps({**manifest, "drawn_by": "a pencil"})
    (tmp_path / "alone.json").write_text(text, encoding="utf-8")
    refused = run(content, tmp_path / "dist", "--since", str(tmp_path / "alone.json"), *PLAIN)
    assert refused.returncode == 2
    assert "a pencil" in refused.stderr
    assert "hint: name the folder" in refused.stderr


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"documents": [{}]}', '{"documents": 3}'])
def test_what_is_no_release_is_told_before_anything_is_built(content: Path, tmp_path: Path, text: str):
    (tmp_path / "manifest.json").write_text(text, encoding="utf-8")
    made = run(content, tmp_path / "dist", "--since", str(tmp_path / "manifest.json"), *PLAIN)
    assert made.returncode == 2
    assert "no manifest of a release" in made.stderr
    assert "Traceback" not in made.stderr
    assert not (tmp_path / "dist").exists()


def test_an_error_leaves_the_old_release_as_it_was(first: Path, content: Path, tmp_path: Path):
    shutil.copytree(first, tmp_path / "dist" / "release")
    shutil.copytree(content, tmp_path / "content")
    (tmp_path / "content" / "mini" / "ja" / "01-start.md").write_text("# 空\n", encoding="utf-8")
    made = run(tmp_path / "content", tmp_path / "dist", *PLAIN)
    assert made.returncode == 1
    assert "nothing was written" in made.stderr
    assert files(tmp_path / "dist" / "release") == files(first)
    assert [path.name for path in (tmp_path / "dist").iterdir()] == ["release"]


def test_a_release_needs_no_address(content: Path, tmp_path: Path):
    """README's own command has no option at all."""
    made = run(content, tmp_path / "dist")
    assert (made.returncode, made.stderr) == (0, "")
    held = set(files(tmp_path / "dist" / "release"))
    assert {"index.html", "SHA256SUMS", "print-pack_ja.zip", "how-to-print_zh-Hans.pdf"} <= held
    assert not any(name.startswith("poster_") for name in held), "its code would lead nowhere"


def test_an_address_is_an_address(content: Path, tmp_path: Path):
    made = run(content, tmp_path / "dist", "--url", "example")
    assert made.returncode == 2
    assert "is no address" in made.stderr
