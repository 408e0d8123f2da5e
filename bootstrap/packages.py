"""The system's packages: who has them under which name, and how they are installed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bootstrap.machine import Machine
from bootstrap.needs import Missing, Need, for_system
from bootstrap.words import failure, in_lines, listing, typed
from taiyaku.errors import MachineError
from taiyaku.system_files import font_files


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
        raise lacks(machine, lacking, again)
    machine.say(in_lines(f"taiyaku: this machine lacks {listing(lacking)}; installing with:", typed(commands)))
    if needs_sudo and machine.is_terminal and not machine.ask("Install them now with sudo?"):
        raise lacks(machine, lacking, again)
    for command in commands:
        outcome = machine.run(command, quiet=not machine.is_terminal)
        # one dead package source fails the refresh and yet need not stop the installation
        if outcome.code and command is commands[-1]:
            raise MachineError(failure(command, outcome), _way_out(machine, lacking, again))
    font_files.cache_clear()


def _may_use_sudo(machine: Machine) -> bool:
    """Tell whether sudo can be used: with a person to ask, or where it asks nobody for a password (as in CI)."""
    if not machine.which("sudo"):
        return False
    return machine.is_terminal or machine.run(("sudo", "-n", "true"), quiet=True).code == 0


def lacks(machine: Machine, lacking: Sequence[Missing], again: str) -> MachineError:
    """Make the error that says what a machine lacks, and the very commands that bring it."""
    return MachineError(f"this machine lacks {listing(lacking)}", _way_out(machine, lacking, again))


def _way_out(machine: Machine, lacking: Sequence[Missing], again: str) -> str:
    """Word the very commands to type, the one that tries again last."""
    of_system = for_system(lacking)
    manager = find_manager(machine)
    commands = _commands_by_hand(machine, manager, of_system) if manager else []
    if commands or not of_system:
        as_root = " as root" if manager and manager.uses_sudo and not _has_rights(machine) else ""
        return in_lines(f"type{as_root}:", [*commands, f"  {again}"])
    known = ", ".join(known.program for known in MANAGERS)
    return in_lines(
        f"no package manager that has them was found (known: {known}); install them by hand",
        ["(fonts may lie in any folder that the environment variable TAIYAKU_FONTS names), then type:", f"  {again}"],
    )


def _commands_by_hand(machine: Machine, manager: Manager, lacking: Sequence[Missing]) -> list[str]:
    by_hand = [f"  {manager.by_hand[item.need]}" for item in lacking if item.need in manager.by_hand]
    return typed(system_commands(machine, manager, lacking)) + by_hand


def _has_rights(machine: Machine) -> bool:
    return machine.is_root or bool(machine.which("sudo"))
