"""The virtual environment: whether it holds what a lock asks for, and how it is filled."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bootstrap.machine import Machine
from bootstrap.words import failure, typed_command
from taiyaku.errors import MachineError

RUN_LOCK, TEST_LOCK = "requirements.lock", "requirements-test.lock"


@dataclass(frozen=True)
class Stamp:
    """Written into `.venv` last of all: from which lock it was filled, and with which Python."""

    python: str
    sha256: str

    def __str__(self) -> str:
        return f"python {self.python}\nsha256 {self.sha256}\n"


@dataclass(frozen=True)
class Project:
    """The project's folder and what the set-up uses in it."""

    root: Path

    @property
    def venv(self) -> Path:
        """The virtual environment."""
        return self.root / ".venv"

    @property
    def stamp(self) -> Path:
        """The file that says from what the virtual environment was made."""
        return self.venv / "taiyaku.lock"

    def python(self, platform: str) -> Path:
        """The virtual environment's Python."""
        return self.venv / ("Scripts/python.exe" if platform == "win32" else "bin/python")


def lock_for(arguments: Sequence[str]) -> str:
    """Name the lock that a command needs."""
    return TEST_LOCK if arguments[:1] == ["test"] else RUN_LOCK


def read_stamp(project: Project) -> Stamp | None:
    """Read the stamp of the virtual environment, or None where there is none or something else lies in its place."""
    try:
        words = project.stamp.read_text(encoding="utf-8").split()
    except (OSError, UnicodeDecodeError):
        return None
    return Stamp(words[1], words[3]) if len(words) == 4 else None


def stamp_for(machine: Machine, project: Project, lock: str) -> Stamp:
    """Make the stamp that a virtual environment filled from a lock should have.

    Raises:
        MachineError: The lock cannot be read.
    """
    try:
        content = (project.root / lock).read_bytes()
    except OSError as error:
        raise MachineError(f"cannot read `{lock}`: {error.strerror}", f"get it back: git checkout {lock}") from error
    # Two patch releases of one Python can share an environment; 3.11 and 3.12 cannot.
    return Stamp("{}.{}".format(*machine.version), hashlib.sha256(content).hexdigest())


def is_current(machine: Machine, project: Project, lock: str) -> bool:
    """Tell whether the virtual environment holds what a lock asks for."""
    stamp = read_stamp(project)
    if stamp is None or not _is_whole(machine, project):
        return False
    # the test lock holds all that the run lock does
    return any(stamp == stamp_for(machine, project, made_from) for made_from in dict.fromkeys((lock, TEST_LOCK)))


def is_reusable(machine: Machine, project: Project) -> bool:
    """Tell whether the virtual environment was finished, by this Python, if maybe from another lock."""
    stamp = read_stamp(project)
    parts = (project.venv / name for name in ("bin", "lib", "include"))  # lib64 is a link in every environment
    return (
        stamp is not None
        and stamp.python == "{}.{}".format(*machine.version)
        and _is_whole(machine, project)
        and not any(part.is_symlink() for part in parts)
    )


def _is_whole(machine: Machine, project: Project) -> bool:
    """Tell whether a Python stands behind the environment: its link dangles once the system's Python has gone."""
    return project.python(machine.platform).exists() and (project.venv / "pyvenv.cfg").is_file()


def refuse_what_is_not_ours(project: Project, again: str) -> None:
    """Look at what lies in the place of the virtual environment: set-up empties a folder there, and fills it.

    Ours is a folder, not a link to one, that holds our stamp or another mark of a virtual environment, or no file at
    all (an installation may have been interrupted). A link may have come
    with a repository, and may lead to anything.

    Raises:
        MachineError: It is something else. Nothing was touched.
    """
    venv = project.venv
    if venv.is_symlink():
        remove = typed_command(("rm", str(venv)))
        hint = f"remove the link ({remove}; what it leads to stays), and run: {again}"
        raise MachineError(f"`{venv}` is a link, and set-up fills no folder through a link: it would empty it", hint)
    marks = (project.stamp, venv / "pyvenv.cfg")
    ours = venv.is_dir() and (any(mark.is_file() for mark in marks) or not any(files for _, _, files in os.walk(venv)))
    if os.path.lexists(venv) and not ours:
        hint = f"move it away, or delete it if you need nothing of it, and run: {again}"
        raise MachineError(f"`{venv}` is no virtual environment, and set-up would have to empty it", hint)


def make_environment(machine: Machine, project: Project, *, lock: str, again: str) -> None:
    """Fill the virtual environment from a lock, making it anew unless it only needs other packages.

    Raises:
        MachineError: It did not work out; the next run starts over.
    """
    stamp = stamp_for(machine, project, lock)
    machine.say(f"taiyaku: installing {_count(project, lock)} Python packages into .venv (once) ...")
    reusable = is_reusable(machine, project)
    try:
        project.stamp.unlink(missing_ok=True)  # an interrupted installation must not pass for a finished one
        if not reusable:
            _run_or_raise(machine, (machine.python, "-m", "venv", "--clear", str(project.venv)), again)
        _run_or_raise(machine, _pip(machine, project, lock), again)
        project.stamp.write_text(str(stamp), encoding="utf-8")
    except OSError as error:
        hint = f"make it writable or delete it, then run: {again}"
        raise MachineError(f"cannot write to `{project.venv}`: {error.strerror}", hint) from error


def _pip(machine: Machine, project: Project, lock: str) -> tuple[str, ...]:
    pip = (str(project.python(machine.platform)), "-m", "pip", "install", "--disable-pip-version-check", "--no-input")
    return (*pip, "--quiet", "--require-hashes", "-r", str(project.root / lock))


def _count(project: Project, lock: str) -> int:
    return (project.root / lock).read_text(encoding="utf-8").count("==")


def _run_or_raise(machine: Machine, command: Sequence[str], again: str) -> None:
    outcome = machine.run(command, quiet=True)
    if outcome.code:
        hint = f"check the network and the space on the disk (about 250 MB), then run: {again}"
        raise MachineError(failure(command, outcome), hint)
