"""Sets up what a machine lacks, once, and hands over to the program in the project's virtual environment.

Four things are needed: the locked Python packages in `.venv`, the shared libraries that WeasyPrint loads, the Noto
fonts, and a colour profile for the press. The tests want a few programs besides, which judge our PDFs from outside.
A second run finds all in milliseconds and installs nothing.

Runs before anything is installed: the standard library only, and nothing that Python 3.8 cannot parse, so that an old
Python gets a sentence and not a SyntaxError. For the same reason rarely needed modules are imported where they are
used: every start passes here.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache
from pathlib import Path

from taiyaku.errors import ExitCode, MachineError

ROOT = Path(__file__).resolve().parent.parent
OLDEST_PYTHON = (3, 11)
NO_SETUP = "--no-setup"
# Tells the second start of build.py, in the virtual environment, that the first has checked the machine.
HANDED_OVER = "TAIYAKU_HANDED_OVER"
LINES_OF_A_FAILURE = 15
REMAKE = "delete the folder .venv and run the same command again: it will be made anew"


class Need(Enum):
    """What a machine may lack, in the words of a message."""

    LIBRARIES = "the Pango and HarfBuzz libraries"
    LATIN_FONTS = "the Noto Sans fonts"
    CJK_FONTS = "the Noto Sans CJK fonts"
    PROFILE = "a CMYK colour profile"
    TOOLS = "programs that the tests check documents with"
    VENV = "Python's own module for virtual environments"
    PACKAGES = "the Python packages"


@dataclass(frozen=True)
class Missing:
    """One need that is not met, and which parts of it."""

    need: Need
    parts: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.need.value} ({', '.join(self.parts)})"


# --- fonts -----------------------------------------------------------------------------------------------------------

FONTS = {
    Need.LATIN_FONTS: ("NotoSans-Regular.ttf", "NotoSans-Bold.ttf"),
    Need.CJK_FONTS: ("NotoSansCJK-Regular.ttc", "NotoSansCJK-Bold.ttc"),
}


def font_folders() -> list[Path]:
    """List the folders in which fonts are looked for, the first to be searched first.

    Returns:
        The folders named in TAIYAKU_FONTS, then the usual ones of Linux and macOS; some may not exist.
    """
    named = [Path(folder) for folder in os.environ.get("TAIYAKU_FONTS", "").split(os.pathsep) if folder]
    usual = ["/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts"]
    if os.environ.get("XDG_DATA_HOME"):
        usual.append(os.environ["XDG_DATA_HOME"] + "/fonts")
    usual += ["/Library/Fonts", "~/Library/Fonts", "/opt/homebrew/share/fonts"]
    return named + [folder for folder in map(_without_tilde, usual) if folder]


def find_font(name: str) -> Path | None:
    """Find a font by its file name, anywhere below the font folders.

    Args:
        name: The file name, such as `NotoSansCJK-Regular.ttc`.

    Returns:
        The file, or None where no folder has it.
    """
    place = _font_files(tuple(font_folders())).get(name)
    return Path(place, name) if place else None


def _without_tilde(folder: str) -> Path | None:
    try:
        return Path(folder).expanduser()
    except RuntimeError:  # a user without a home, as in many containers
        return None


@lru_cache(maxsize=8)
def _font_files(folders: tuple[Path, ...]) -> dict[str, str]:
    """Map each file name to the first folder that has it, in one walk a process."""
    places: dict[str, str] = {}
    for folder in folders:
        for place, subfolders, names in os.walk(folder):
            subfolders.sort()  # the same copy of a font is found on every file system
            for name in names:
                places.setdefault(name, place)
    return places


# --- the colour profile and the programs of the tests ----------------------------------------------------------------

# Free to use and to hand on: the profile that Ghostscript brings. A printing house's own is named with --profile.
PROFILE = "default_cmyk.icc"
PROFILE_FOLDERS = (
    "~/.local/share/color/icc",
    "/usr/share/color/icc",
    "/usr/local/share/color/icc",
    "/usr/share/ghostscript",
    "/usr/local/share/ghostscript",
    "/opt/homebrew/share/ghostscript",
)

TOOLS = ("gs", "mutool", "qpdf")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def find_profile(name: str = PROFILE) -> Path | None:
    """Find a colour profile by its file name, below the folders where systems keep them; None where there is none."""
    folders = filter(None, map(_without_tilde, PROFILE_FOLDERS))
    return next((path for folder in folders for path in sorted(folder.rglob(name))), None)


# --- shared libraries ------------------------------------------------------------------------------------------------


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


# --- the machine -----------------------------------------------------------------------------------------------------


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


# --- the virtual environment -----------------------------------------------------------------------------------------

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
    return stamp is not None and stamp.python == "{}.{}".format(*machine.version) and _is_whole(machine, project)


def _is_whole(machine: Machine, project: Project) -> bool:
    """Tell whether a Python stands behind the environment: its link dangles once the system's Python has gone."""
    return project.python(machine.platform).exists() and (project.venv / "pyvenv.cfg").is_file()


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
        raise MachineError(_failure(command, outcome), hint)


def _failure(command: Sequence[str], outcome: Outcome) -> str:
    """Word the failure of a command: what ran, how it ended, and the last that it said."""
    # pip may list a hundred versions in one line
    last = [f"  {line[:200]}" for line in outcome.output.strip().splitlines()[-LINES_OF_A_FAILURE:]]
    return "\n".join([f"`{_shell(command)}` failed with exit code {outcome.code}", *last])


# --- system packages -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Manager:
    """A system's package manager, and under which names it has what we need."""

    program: str
    install: tuple[str, ...]
    packages: Mapping[Need, tuple[str, ...]]
    refresh: tuple[str, ...] = ()
    uses_sudo: bool = True
    by_hand: Mapping[Need, str] = field(default_factory=dict)


MANAGERS = (
    Manager(
        "apt-get",
        ("env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-y", "--no-install-recommends"),
        {
            Need.LIBRARIES: ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"),
            Need.LATIN_FONTS: ("fonts-noto-core",),
            Need.CJK_FONTS: ("fonts-noto-cjk",),
            Need.PROFILE: ("libgs-common",),
            Need.TOOLS: ("ghostscript", "mupdf-tools", "qpdf", "chromium", "libatomic1"),
            Need.VENV: ("python3-venv",),
        },
        refresh=("apt-get", "update"),
    ),
    Manager(
        "dnf",
        ("dnf", "install", "-y"),
        {
            Need.LIBRARIES: ("pango", "harfbuzz", "fontconfig"),
            # not the -vf packages that Fedora installs by itself: a variable font is one file for all weights
            Need.LATIN_FONTS: ("google-noto-sans-fonts",),
            Need.CJK_FONTS: ("google-noto-sans-cjk-fonts",),
            Need.PROFILE: ("libgs",),
            Need.TOOLS: ("ghostscript", "mupdf", "qpdf", "chromium", "libatomic"),
        },
    ),
    Manager(
        "pacman",
        ("pacman", "-S", "--needed", "--noconfirm"),
        {
            Need.LIBRARIES: ("pango", "harfbuzz", "fontconfig"),
            Need.LATIN_FONTS: ("noto-fonts",),
            Need.CJK_FONTS: ("noto-fonts-cjk",),
            Need.PROFILE: ("ghostscript",),
            Need.TOOLS: ("ghostscript", "mupdf-tools", "qpdf", "chromium"),
        },
        # no refresh: -Sy without upgrading the whole system can break it, and that is the user's to decide
    ),
    Manager(
        "brew",
        ("brew", "install"),
        {
            Need.LIBRARIES: ("pango", "harfbuzz", "fontconfig"),
            Need.LATIN_FONTS: ("font-noto-sans",),
            Need.PROFILE: ("ghostscript",),
            Need.TOOLS: ("ghostscript", "mupdf-tools", "qpdf"),
        },
        uses_sudo=False,
        # Homebrew's font-noto-sans-cjk is one NotoSansCJK.ttc of all weights, in which a face has another number
        by_hand={
            Need.CJK_FONTS: "curl -fLo /tmp/noto.zip"
            " https://github.com/notofonts/noto-cjk/releases/download/Sans2.004/03_NotoSansCJK-OTC.zip"
            " && unzip -jo /tmp/noto.zip '*NotoSansCJK-Regular.ttc' '*NotoSansCJK-Bold.ttc' -d ~/Library/Fonts",
            Need.TOOLS: "brew install --cask chromium",
        },
    ),
)


def find_manager(machine: Machine) -> Manager | None:
    """Find the package manager of a machine, or None where it has none that we know."""
    return next((manager for manager in MANAGERS if machine.which(manager.program)), None)


def system_commands(machine: Machine, manager: Manager, lacking: Sequence[Missing]) -> list[tuple[str, ...]]:
    """List the commands that install what is missing, as they are run and as a person can type them.

    There are none where the manager has nothing of it.
    """
    names = list(dict.fromkeys(name for item in lacking for name in manager.packages.get(item.need, ())))
    commands = [manager.refresh, (*manager.install, *names)] if names else []
    sudo = ("sudo",) if manager.uses_sudo and not machine.is_root and machine.which("sudo") else ()
    return [(*sudo, *command) for command in commands if command]


def install_system_packages(machine: Machine, lacking: Sequence[Missing], again: str) -> None:
    """Install libraries and fonts with the system's package manager, once the user may and wants to.

    Raises:
        MachineError: They could not be installed, with the commands to type.
    """
    manager = find_manager(machine)
    commands = system_commands(machine, manager, lacking) if manager else []
    needs_sudo = manager is not None and manager.uses_sudo and not machine.is_root
    if not commands or (needs_sudo and not _may_use_sudo(machine)):
        raise _lacks(machine, lacking, again)
    machine.say(_lines(f"taiyaku: this machine lacks {_listing(lacking)}; installing with:", _typed(commands)))
    if needs_sudo and machine.is_terminal and not machine.ask("Install them now with sudo?"):
        raise _lacks(machine, lacking, again)
    for command in commands:
        outcome = machine.run(command, quiet=not machine.is_terminal)
        # one dead package source fails the refresh and yet need not stop the installation
        if outcome.code and command is commands[-1]:
            raise MachineError(_failure(command, outcome), _way_out(machine, lacking, again))
    _font_files.cache_clear()


def _may_use_sudo(machine: Machine) -> bool:
    """Tell whether sudo can be used: with a person to ask, or where it asks nobody for a password (as in CI)."""
    if not machine.which("sudo"):
        return False
    return machine.is_terminal or machine.run(("sudo", "-n", "true"), quiet=True).code == 0


def _lacks(machine: Machine, lacking: Sequence[Missing], again: str) -> MachineError:
    return MachineError(f"this machine lacks {_listing(lacking)}", _way_out(machine, lacking, again))


def _way_out(machine: Machine, lacking: Sequence[Missing], again: str) -> str:
    """Word the very commands to type, the one that tries again last."""
    for_system = _for_system(lacking)
    manager = find_manager(machine)
    commands = _commands_by_hand(machine, manager, for_system) if manager else []
    if commands or not for_system:
        as_root = " as root" if manager and manager.uses_sudo and not _has_rights(machine) else ""
        return _lines(f"type{as_root}:", [*commands, f"  {again}"])
    known = ", ".join(known.program for known in MANAGERS)
    return _lines(
        f"no package manager that has them was found (known: {known}); install them by hand",
        ["(fonts may lie in any folder that the environment variable TAIYAKU_FONTS names), then type:", f"  {again}"],
    )


def _commands_by_hand(machine: Machine, manager: Manager, lacking: Sequence[Missing]) -> list[str]:
    by_hand = [f"  {manager.by_hand[item.need]}" for item in lacking if item.need in manager.by_hand]
    return _typed(system_commands(machine, manager, lacking)) + by_hand


def _has_rights(machine: Machine) -> bool:
    return machine.is_root or bool(machine.which("sudo"))


def _listing(lacking: Sequence[Missing]) -> str:
    return "; ".join(map(str, lacking))


def _lines(first: str, others: Sequence[str]) -> str:
    return "\n".join([first, *others])


def _typed(commands: Sequence[Sequence[str]]) -> list[str]:
    return [f"  {_shell(command)}" for command in commands]


def _shell(command: Sequence[str]) -> str:
    from shlex import join

    return join(command)


# --- the whole -------------------------------------------------------------------------------------------------------


def main(arguments: Sequence[str], machine: Machine | None = None, root: Path = ROOT) -> int:
    """Set up what is missing and run the program in the virtual environment.

    Args:
        arguments: The command line without the program; `--no-setup` only says what is missing.
        machine: The machine, unless it is this one.
        root: The project's folder.

    Returns:
        The program's exit code, 3 where the machine lacks something, 130 when interrupted.
    """
    machine = machine or Machine()
    try:
        return _main(
            [word for word in arguments if word != NO_SETUP], machine, root, may_install=NO_SETUP not in arguments
        )
    except MachineError as error:
        machine.say(_lines(f"error: {error.message}", [f"hint: {error.hint}"] if error.hint else []))
        return int(error.exit_code)
    except KeyboardInterrupt:
        return int(ExitCode.INTERRUPTED)


def _main(arguments: Sequence[str], machine: Machine, root: Path, *, may_install: bool) -> int:
    refuse_old_python(machine)
    project = Project(root)
    if os.environ.pop(HANDED_OVER, "") == str(root):  # taken out: what the program starts is not handed over
        return run_program(arguments, machine, project)
    lock = lock_for(arguments)
    lacking = missing(machine, project, lock)
    if lacking:
        again = _shell((Path(machine.python).name, str(_seen_from_here(root / "build.py")), *arguments))
        if not may_install:
            raise _lacks(machine, lacking, again)
        set_up(machine, project, lock=lock, again=again)
    return hand_over(arguments, machine, project)


def _seen_from_here(file: Path) -> Path:
    return Path(file.name) if file.parent == Path.cwd() else file


def refuse_old_python(machine: Machine) -> None:
    """Check the version of Python.

    Raises:
        MachineError: It is too old.
    """
    if machine.version < OLDEST_PYTHON:
        found, oldest = "{}.{}".format(*machine.version), "{}.{}".format(*OLDEST_PYTHON)
        raise MachineError(
            f"Taiyaku needs Python {oldest} or newer, and `{machine.python}` is Python {found}",
            f"install a newer Python and call it by its name: python{oldest} build.py",
        )


def missing(machine: Machine, project: Project, lock: str) -> list[Missing]:
    """List what the machine lacks for a command that needs this lock."""
    wanted = {
        Need.LIBRARIES: [library.name for library in LIBRARIES if not machine.has_library(library)],
        **{need: [name for name in names if not machine.has_font(name)] for need, names in FONTS.items()},
        Need.PROFILE: [] if machine.has_profile(PROFILE) else [PROFILE],
    }
    if lock == TEST_LOCK:
        wanted[Need.TOOLS] = [program for program in TOOLS if not machine.which(program)]
        if not any(map(machine.which, BROWSERS)):
            wanted[Need.TOOLS].append(BROWSERS[0])
        if machine.platform == "linux" and not machine.has_library(ATOMIC):
            wanted[Need.TOOLS].append(ATOMIC.name)
    if not is_current(machine, project, lock):
        if not is_reusable(machine, project) and not machine.has_module("ensurepip"):
            wanted[Need.VENV] = ["ensurepip"]
        wanted[Need.PACKAGES] = [f".venv from {lock}"]
    return [Missing(need, tuple(parts)) for need, parts in wanted.items() if parts]


def set_up(machine: Machine, project: Project, *, lock: str, again: str) -> None:
    """Install what is missing: the system's packages first, because making `.venv` may need one of them.

    Raises:
        MachineError: Something could not be installed, or is still missing afterwards.
    """
    lacking = _for_system(missing(machine, project, lock))
    if lacking:
        install_system_packages(machine, lacking, again)
        lacking = _for_system(missing(machine, project, lock))
    if lacking:
        raise _lacks(machine, lacking, again)
    if not is_current(machine, project, lock):
        make_environment(machine, project, lock=lock, again=again)
    machine.say("taiyaku: this machine is set up")


def _for_system(lacking: Sequence[Missing]) -> list[Missing]:
    return [item for item in lacking if item.need is not Need.PACKAGES]


def hand_over(arguments: Sequence[str], machine: Machine, project: Project) -> int:
    """Start build.py once more, with the virtual environment's Python.

    Raises:
        MachineError: That Python does not start.
    """
    environment = {HANDED_OVER: str(project.root)}
    if machine.platform == "darwin":  # WeasyPrint asks for libraries by name, and Python may not be Homebrew's
        folders = (os.environ.get("DYLD_FALLBACK_LIBRARY_PATH"), *MACOS_FOLDERS, "/usr/lib")
        environment["DYLD_FALLBACK_LIBRARY_PATH"] = ":".join(filter(None, folders))
    command = (str(project.python(machine.platform)), str(project.root / "build.py"), *arguments)
    try:
        return machine.become(command, environment)
    except OSError as error:
        raise MachineError(f"cannot start `{command[0]}`: {error.strerror}", REMAKE) from error


def run_program(arguments: Sequence[str], machine: Machine, project: Project) -> int:
    """Run the program, or the checks, in this very process.

    Raises:
        MachineError: The virtual environment is not the one that was set up.
    """
    if machine.prefix.resolve() != project.venv.resolve():
        raise MachineError(f"`{project.python(machine.platform)}` does not use the packages in its own folder", REMAKE)
    try:
        if arguments[:1] == ["test"]:
            from taiyaku.selftest import run_tests

            return run_tests(project.root, arguments[1:])
        from taiyaku.cli import main as program
    except ModuleNotFoundError as error:
        raise MachineError(f"the package `{error.name}` is missing from `{project.venv}`", REMAKE) from error
    return program(list(arguments))
