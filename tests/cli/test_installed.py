"""The program as people install it: a wheel, somewhere else, with no checkout in sight."""

import os
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from taiyaku.own_files import own_file
from tests.making import ROOT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = (sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", folder, ROOT)
    subprocess.run(command, check=True, capture_output=True)
    (made,) = folder.glob("taiyaku-*.whl")
    return made


@dataclass(frozen=True)
class Installed:
    """A machine that has the wheel, and a folder in which somebody works."""

    place: Path
    desk: Path

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        command = (sys.executable, str(self.place / "bin" / "taiyaku"), *arguments)
        environment = {**os.environ, "PYTHONPATH": str(self.place)}
        return subprocess.run(command, cwd=self.desk, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    place = tmp_path_factory.mktemp("installed")
    install = (sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-index", "--target", place, wheel)
    subprocess.run(install, check=True, capture_output=True)
    return Installed(place, tmp_path_factory.mktemp("desk"))


def test_the_wheel_takes_in_what_the_program_brings(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    ours = [path for name in ("templates", "styles", "strings") for path in own_file(name).rglob("*") if path.is_file()]
    assert len(ours) > 30
    for path in ours:
        inside = path.relative_to(ROOT).as_posix().removeprefix("content/")
        assert f"taiyaku/own/{inside}" in names
    assert not any(name.startswith(("tests/", "bootstrap/", "content/")) for name in names)


def test_a_new_guide_builds_outside_any_checkout(installed: Installed) -> None:
    made = installed.run("new", "x", "--languages", "vi,ja", "--content", "guides")
    assert (made.returncode, made.stderr) == (0, "")
    built = installed.run("build", "--content", "guides", "--jobs", "2", "--out", "made")
    assert (built.returncode, built.stderr) == (0, "")
    names = {path.name for path in (installed.desk / "made").glob("*.pdf")}
    assert {"x_vi_ja_booklet-print.pdf", "x_vi_ja_booklet-screen.pdf", "x.first_vi_ja_checklist-print.pdf"} <= names
    assert "How to print:" in built.stdout


def test_what_to_do_next_names_the_command(installed: Installed) -> None:
    (installed.desk / "empty").mkdir()
    assert "make one: taiyaku new NAME" in installed.run("build", "--content", "empty").stderr


def test_help_names_the_command(installed: Installed) -> None:
    assert installed.run("--help").stdout.startswith("usage: taiyaku ")
