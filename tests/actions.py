"""Runs the workflows of .github/ on this machine: the shell for real, the few actions that they use by copying folders.

Programs that would reach out of the machine (gh, apt-get) are fakes on PATH that write down what they were asked.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML

from tests.making import ROOT

WORKFLOWS: Final = ROOT / ".github" / "workflows"

FAKE: Final = """\
#!{python}
import json, os, sys, pathlib
place = pathlib.Path(os.environ["FAKES"])
told = dict(program="{name}", arguments=sys.argv[1:])
for one, two in zip(sys.argv, sys.argv[1:]):
    if one.endswith("-file"):
        told["file"] = pathlib.Path(two).read_text(encoding="utf-8")
with (place / "calls.jsonl").open("a", encoding="utf-8") as log:
    print(json.dumps(told), file=log)
answers = json.loads((place / "answers.json").read_text(encoding="utf-8"))
said = answers.get(" ".join(["{name}", *sys.argv[1:3]]), dict())
for name, text in said.get("files", dict()).items():
    pathlib.Path(sys.argv[sys.argv.index("--dir") + 1], name).write_text(text, encoding="utf-8")
print(said.get("out", ""), end="")
sys.exit(said.get("code", 0))
"""

BUILD: Final = """\
import hashlib, json, os, pathlib, sys
with open(os.environ["FAKES"] + "/calls.jsonl", "a", encoding="utf-8") as log:
    print(json.dumps(dict(program="build.py", arguments=sys.argv[1:])), file=log)
if sys.argv[1] == "release":
    out = pathlib.Path(sys.argv[sys.argv.index("--out") + 1], "release")
    (out / "read").mkdir(parents=True)
    made = {"index.html": "<html>", "CHANGES.md": "# New", "a.pdf": "%PDF-" + os.environ.get("WEATHER", "")}
    made |= {"read/a.html": "<html>", "manifest.json": "{}"}
    for name, text in made.items():
        (out / name).write_text(text, encoding="utf-8")
    sums = "".join(f"{hashlib.sha256(text.encode()).hexdigest()}  {name}\\n" for name, text in sorted(made.items()))
    (out / "SHA256SUMS").write_text(sums, encoding="utf-8")
else:
    print(os.environ["REPORT"], end="")
    sys.exit(int(os.environ.get("STATUS", "0")))
"""
"""Stands for the program: makes a release of five files at once, or a report."""


def workflow(name: str) -> dict[str, Any]:
    """Read a workflow."""
    read: dict[str, Any] = YAML(typ="safe").load(WORKFLOWS / name)
    return read


@dataclass
class Machine:
    """A runner: its folder, what it knows (``github.ref_name`` and so on), its artifacts, what the fakes answer."""

    folder: Path
    known: dict[str, str] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    said: str = ""

    def __post_init__(self) -> None:
        fakes = self.folder / "fakes"
        fakes.mkdir(parents=True)
        for name in ("gh", "apt-get"):
            (fakes / name).write_text(FAKE.format(python=sys.executable, name=name), encoding="utf-8")
            (fakes / name).chmod(0o755)
        self.known = {"github.token": "token", "github.ref_name": "v2026.11.0", "github.ref": "x", **self.known}

    @property
    def calls(self) -> list[dict[str, Any]]:
        """Return what the fakes were asked, in order."""
        log = self.folder / "fakes" / "calls.jsonl"
        return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()] if log.exists() else []

    def called(self, program: str) -> list[str]:
        """Return what one of them was asked, as lines."""
        return [" ".join(one["arguments"]) for one in self.calls if one["program"] == program]

    def run(self, name: str) -> bool:
        """Run a workflow and say whether every step of it went well."""
        jobs = workflow(name)["jobs"]
        return all(self._job(key, job, matrix) for key, job in jobs.items() for matrix in _matrix(job))

    def _job(self, key: str, job: Mapping[str, Any], matrix: Mapping[str, str]) -> bool:
        place = self.folder / "jobs" / "-".join((key, *matrix.values()))
        place.mkdir(parents=True)
        known = {**self.known, **{f"matrix.{name}": value for name, value in matrix.items()}}
        return all(self._step(step, place, known) for step in job["steps"])

    def _step(self, step: Mapping[str, Any], place: Path, known: Mapping[str, str]) -> bool:
        given = {name: _filled(str(value), known) for name, value in step.get("with", {}).items()}
        if "run" in step:
            own = {name: _filled(value, known) for name, value in step.get("env", {}).items()}
            return self._shell(step["run"], place, own)
        action = step["uses"].split("@")[0].removeprefix("actions/").replace("-", "_")
        return bool(getattr(self, f"_{action}")(place, **{name.replace("-", "_"): v for name, v in given.items()}))

    def _shell(self, script: str, place: Path, own: Mapping[str, str]) -> bool:
        assert "${{" not in script, "what others write must not get into a script"
        fakes = self.folder / "fakes"
        (fakes / "answers.json").write_text(json.dumps(self.answers), encoding="utf-8")
        path = f"{fakes}{os.pathsep}{os.environ['PATH']}"
        environment = {**os.environ, "PATH": path, "FAKES": str(fakes), **self.environment, **own}
        bash = ("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script)
        done = subprocess.run(bash, cwd=place, env=environment, capture_output=True, text=True, check=False)
        self.said += done.stdout + done.stderr
        return done.returncode == 0

    def _checkout(self, place: Path, path: str = ".", **_more: str) -> bool:
        copy = place / path
        shutil.copytree(ROOT / ".ci", copy / ".ci")
        (copy / "content" / "mini").mkdir(parents=True)
        (copy / "content" / "mini" / "guide.toml").write_text('version   = "2026.11.0"\n', encoding="utf-8")
        (copy / "build.py").write_text(BUILD, encoding="utf-8")
        return True

    def _setup_python(self, _place: Path, **_more: str) -> bool:
        return True

    def _upload_artifact(
        self, place: Path, name: str, path: str, if_no_files_found: str = "warn", **_more: str
    ) -> bool:
        files = [file for file in (place / path).rglob("*") if file.is_file()]
        if files:
            shutil.copytree(place / path, self.folder / "artifacts" / name)
        return bool(files) or if_no_files_found != "error"

    def _download_artifact(self, place: Path, name: str = "", pattern: str = "", path: str = ".") -> bool:
        """With a pattern each artifact gets a folder of its name, and there may be none; a name must be there."""
        if name:
            shutil.copytree(self.folder / "artifacts" / name, place / path, dirs_exist_ok=True)
            return True
        store = self.folder / "artifacts"
        for one in sorted(store.iterdir()) if store.exists() else ():
            if fnmatch(one.name, pattern):
                shutil.copytree(one, place / path / one.name)
        return True

    def _attest_build_provenance(self, place: Path, subject_checksums: str) -> bool:
        lines = (place / subject_checksums).read_text(encoding="utf-8").splitlines()
        self.calls_of("attest", [line.split("  ")[1] for line in lines if re.fullmatch(r"[0-9a-f]{64}  \S+", line)])
        return bool(lines)

    def _upload_pages_artifact(self, place: Path, path: str) -> bool:
        return (place / path / "index.html").is_file()

    def _deploy_pages(self, _place: Path) -> bool:
        self.calls_of("pages", [])
        return True

    def calls_of(self, program: str, arguments: list[str]) -> None:
        """Write down what an action was asked."""
        with (self.folder / "fakes" / "calls.jsonl").open("a", encoding="utf-8") as log:
            log.write(json.dumps({"program": program, "arguments": arguments}) + "\n")


def _matrix(job: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    matrix = job.get("strategy", {}).get("matrix", {"": [""]})
    ((name, values),) = matrix.items()
    yield from ({name: value} if name else {} for value in values)


def _filled(text: str, known: Mapping[str, str]) -> str:
    """Put in what a machine knows; a variable that nobody set is empty."""

    def value(match: re.Match[str]) -> str:
        return known.get(match[1], "") if match[1].startswith("vars.") else known[match[1]]

    return re.sub(r"\$\{\{ *([\w.]+) *\}\}", value, text)
