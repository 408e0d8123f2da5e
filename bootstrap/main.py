"""Sets up what a machine lacks, once, and hands over to the program in the project's virtual environment.

Four things are needed: the locked Python packages in `.venv`, the shared libraries that WeasyPrint loads, the Noto
fonts, and a colour profile for the press. The tests want a few programs besides, which judge our PDFs from outside.
A second run finds all in milliseconds and installs nothing.

``needs`` names what may be missing, ``files`` finds fonts and profiles, ``machine`` is the computer, ``environment``
fills `.venv`, ``packages`` asks the system's package manager, ``words`` words commands.

Runs before anything is installed: the standard library only, and nothing that Python 3.8 cannot parse, so that an old
Python gets a sentence and not a SyntaxError. For the same reason rarely needed modules are imported where they are
used: every start passes here.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from bootstrap.environment import (
    RUN_LOCK,
    TEST_LOCK,
    Project,
    Stamp,
    is_current,
    is_reusable,
    lock_for,
    make_environment,
    refuse_what_is_not_ours,
    stamp_for,
)
from bootstrap.machine import (
    ATOMIC,
    BROWSERS,
    LIBRARIES,
    MACOS_FOLDERS,
    TOOLS,
    Library,
    Machine,
    Outcome,
    library_files,
)
from bootstrap.needs import FONTS, Missing, Need, for_system
from bootstrap.packages import install_system_packages, lacks
from bootstrap.words import in_lines, typed_command
from taiyaku.errors import ExitCode, MachineError
from taiyaku.system_files import PROFILE, find_font, find_profile, font_folders

__all__ = [
    "BROWSERS", "FONTS", "HANDED_OVER", "LIBRARIES", "PROFILE", "ROOT", "RUN_LOCK", "TEST_LOCK", "TOOLS", "Library",
    "Machine", "Need", "Outcome", "Project", "Stamp", "find_font", "find_profile", "font_folders", "library_files",
    "main", "stamp_for",
]  # fmt: skip

ROOT = Path(__file__).resolve().parent.parent
OLDEST_PYTHON = (3, 11)
NO_SETUP = "--no-setup"

# Tells the second start of build.py, in the virtual environment, that the first has checked the machine.
HANDED_OVER = "TAIYAKU_HANDED_OVER"
REMAKE = "delete the folder .venv and run the same command again: it will be made anew"


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
        machine.say(in_lines(f"error: {error.message}", [f"hint: {error.hint}"] if error.hint else []))
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
        again = typed_command((Path(machine.python).name, str(_seen_from_here(root / "build.py")), *arguments))
        if not may_install:
            raise lacks(machine, lacking, again)
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
    if not is_current(machine, project, lock):
        refuse_what_is_not_ours(project, again)
    lacking = for_system(missing(machine, project, lock))
    if lacking:
        install_system_packages(machine, lacking, again)
        lacking = for_system(missing(machine, project, lock))
    if lacking:
        raise lacks(machine, lacking, again)
    if not is_current(machine, project, lock):
        make_environment(machine, project, lock=lock, again=again)
    machine.say("taiyaku: this machine is set up")


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
            from bootstrap.selftest import run_tests

            return run_tests(project.root, arguments[1:])
        from taiyaku.cli.commands import main as program
    except ModuleNotFoundError as error:
        raise MachineError(f"the package `{error.name}` is missing from `{project.venv}`", REMAKE) from error
    return program(list(arguments))
