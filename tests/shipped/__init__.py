"""The real guide, built once and strictly for a whole run of the tests, whatever process asks first."""

import fcntl
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import pytest

ROOT: Final = Path(__file__).resolve().parent.parent.parent
GUIDE: Final = "phone-number"
PAIRS: Final = ("zh-Hans_ja", "en_ja", "zh-Hans_en")
CHECKLISTS: Final = ("at-the-shop", "bring", "first-days", "keep-your-number", "leaving-japan", "online")
EDITIONS: Final = {"booklet": ("screen", "print", "press", "large"), "checklist": ("screen", "print", "press")}
DOCUMENTS: Final = sorted(
    f"{GUIDE}{name}_{pair}_{form}-{edition}.pdf"
    for pair in PAIRS
    for name, form in (("", "booklet"), *((f".{checklist}", "checklist") for checklist in CHECKLISTS))
    for edition in EDITIONS[form]
)
SCREEN: Final = [path for path in DOCUMENTS if path.endswith("-screen.pdf")]
PRINT: Final = [path for path in DOCUMENTS if path.endswith("-print.pdf")]
PRESS: Final = [path for path in DOCUMENTS if path.endswith("-press.pdf")]
LARGE: Final = [path for path in DOCUMENTS if path.endswith("-large.pdf")]
BOOKLETS: Final = [path for path in DOCUMENTS if "_booklet-" in path]

WATCH: Final = """
import os, sys
def watch(event, arguments):
    if event in ("socket.getaddrinfo", "socket.gethostbyname", "urllib.Request") or (
        event == "socket.connect" and not isinstance(arguments[1], (str, bytes))
    ):
        with open(os.environ["TAIYAKU_TEST_LOG"], "a") as log:
            print(event, arguments[1:], file=log)
sys.addaudithook(watch)
"""
"""Python runs it at the start of every process: what goes out to the network is written down (PEP 578)."""


@dataclass(frozen=True)
class Built:
    """The guide as it was built: how the command ended and what it said, its folder, what it asked of the network."""

    code: int
    stdout: str
    stderr: str
    out: Path
    network: list[str]

    @cached_property
    def manifest(self) -> dict[str, Any]:
        read: dict[str, Any] = json.loads((self.out / "manifest.json").read_text(encoding="utf-8"))
        return read

    @cached_property
    def entries(self) -> dict[str, dict[str, Any]]:
        return {document["path"]: document for document in self.manifest["documents"]}

    def pdf(self, path: str) -> bytes:
        return (self.out / path).read_bytes()


def watched(folder: Path) -> dict[str, str]:
    """Make an environment whose Python writes down what it fetches."""
    (folder / "watch").mkdir()
    (folder / "watch" / "sitecustomize.py").write_text(WATCH, encoding="utf-8")
    return {**os.environ, "PYTHONPATH": str(folder / "watch"), "TAIYAKU_TEST_LOG": str(folder / "log")}


def shipped(factory: pytest.TempPathFactory) -> Built:
    """Return the built guide: the first process of a run builds it, the others wait."""
    beside_all = factory.getbasetemp().parent if "PYTEST_XDIST_WORKER" in os.environ else factory.getbasetemp()
    folder = beside_all / "shipped"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "done.json").exists():
            _build(folder)
    log = folder / "log"
    network = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
    return Built(**json.loads((folder / "done.json").read_text(encoding="utf-8")), out=folder / "out", network=network)


def _build(folder: Path) -> None:
    command = (sys.executable, "-m", "taiyaku", "build", GUIDE, "--jobs", "2", "--out", str(folder / "out"))
    done = subprocess.run(command, cwd=ROOT, env=watched(folder), capture_output=True, text=True, check=False)
    told = {"code": done.returncode, "stdout": done.stdout, "stderr": done.stderr}
    (folder / "done.json").write_text(json.dumps(told), encoding="utf-8")
