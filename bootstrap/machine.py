"""The computer: what it has, and what is done to it."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from taiyaku.system_files import find_font, find_profile

TOOLS = ("gs", "mutool", "qpdf")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@dataclass(frozen=True)
class Library:
    """A shared library that WeasyPrint loads, and its file on Linux and on macOS."""

    name: str
    linux: str
    macos: str


LIBRARIES = (
    Library("libgobject-2.0", "libgobject-2.0.so.0", "libgobject-2.0.0.dylib"),
    Library("libpango-1.0", "libpango-1.0.so.0", "libpango-1.0.0.dylib"),
    Library("libpangoft2-1.0", "libpangoft2-1.0.so.0", "libpangoft2-1.0.0.dylib"),
    Library("libharfbuzz", "libharfbuzz.so.0", "libharfbuzz.0.dylib"),
    Library("libharfbuzz-subset", "libharfbuzz-subset.so.0", "libharfbuzz-subset.0.dylib"),
    Library("libfontconfig", "libfontconfig.so.1", "libfontconfig.1.dylib"),
)

# What drives the browser in the tests needs it.
ATOMIC = Library("libatomic", "libatomic.so.1", "")
MACOS_FOLDERS = ("/opt/homebrew/lib", "/usr/local/lib")


def library_files(library: Library, platform: str) -> tuple[str, ...]:
    """List the files to try for a library, in order.

    There are none on Windows, where WeasyPrint searches folders of its own and says what it lacks.
    """
    if platform == "win32":
        return ()
    if platform == "darwin":
        return (library.macos, *(f"{folder}/{library.macos}" for folder in MACOS_FOLDERS))
    return (library.linux,)


def _loads(file: str) -> bool:
    try:
        ctypes.CDLL(file)
    except OSError:
        return False
    return True


@dataclass(frozen=True)
class Outcome:
    """How a command ended, and what it printed where that was kept."""

    code: int
    output: str = ""


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _is_terminal() -> bool:
    return os.isatty(0) and os.isatty(2)


def _base_python() -> str:
    """Find the Python below any active virtual environment: it survives when `.venv` is made anew."""
    return getattr(sys, "_base_executable", None) or sys.executable


@dataclass(frozen=True)
class Machine:
    """Everything the set-up asks of the computer and does to it; tests hand in a machine that only writes down."""

    version: tuple[int, int] = field(default_factory=lambda: (sys.version_info[0], sys.version_info[1]))
    python: str = field(default_factory=_base_python)
    prefix: Path = field(default_factory=lambda: Path(sys.prefix))
    platform: str = sys.platform
    is_root: bool = field(default_factory=_is_root)
    is_terminal: bool = field(default_factory=_is_terminal)

    def which(self, program: str) -> str | None:
        """Find a program on PATH."""
        from shutil import which

        return which(program)

    def has_module(self, name: str) -> bool:
        """Tell whether this Python has a module."""
        from importlib.util import find_spec

        return find_spec(name) is not None

    def has_library(self, library: Library) -> bool:
        """Tell whether a shared library can be loaded."""
        files = library_files(library, self.platform)
        return not files or any(map(_loads, files))

    def has_font(self, name: str) -> bool:
        """Tell whether a font file lies in one of the font folders."""
        return find_font(name) is not None

    def has_profile(self, name: str) -> bool:
        """Tell whether a colour profile lies in one of its folders."""
        return find_profile(name) is not None

    def run(self, command: Sequence[str], *, quiet: bool) -> Outcome:
        """Run a command to its end.

        Quiet, what it prints is kept and it has nothing to read. Otherwise it has the terminal, and its output goes to
        stderr, because stdout belongs to the program's own results.
        """
        import subprocess

        kept, read = (subprocess.PIPE, subprocess.DEVNULL) if quiet else (2, None)
        try:
            done = subprocess.run(
                command, stdin=read, stdout=kept, stderr=subprocess.STDOUT, encoding="utf-8", errors="replace"
            )
        except OSError as error:
            return Outcome(127, str(error))
        return Outcome(done.returncode, done.stdout or "")

    def ask(self, question: str) -> bool:
        """Ask on the terminal; Enter means yes, the end of the input means no."""
        print(question, end=" [Y/n] ", file=sys.stderr, flush=True)
        answer = sys.stdin.readline()
        return bool(answer) and answer.strip().lower() in ("", "y", "yes")

    def say(self, text: str) -> None:
        """Tell the user something on stderr."""
        print(text, file=sys.stderr, flush=True)

    def become(self, command: Sequence[str], environment: Mapping[str, str]) -> int:
        """Replace this process by another, which passes its exit code on by itself.

        Windows has nothing of the kind: there it is a child whose exit code is returned.
        """
        os.environ.update(environment)
        if self.platform == "win32":
            from subprocess import call

            return call(command)
        return os.execv(command[0], list(command))
