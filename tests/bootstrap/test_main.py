"""The set-up, on machines that only write down what they are asked to do: nothing is installed, no network is used."""

import ast
import hashlib
import os
import re
import subprocess
import sys
import types
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bootstrap import main as setup
from bootstrap import selftest
from bootstrap.main import (
    BROWSERS,
    FONTS,
    HANDED_OVER,
    LIBRARIES,
    PROFILE,
    RUN_LOCK,
    TEST_LOCK,
    TOOLS,
    Library,
    Machine,
    Need,
    Outcome,
    find_font,
    find_profile,
    font_folders,
    library_files,
    main,
)
from taiyaku import system_files
from taiyaku.errors import MachineError

PANGO, CJK = LIBRARIES[1].name, FONTS[Need.CJK_FONTS][0]
LATIN = FONTS[Need.LATIN_FONTS][0]

PROGRAMS = {*TOOLS, *BROWSERS}

BEFORE_ALL = [
    *("build.py", "taiyaku/__init__.py", "taiyaku/errors.py", "taiyaku/system_files.py"),
    *sorted(f"bootstrap/{path.name}" for path in (setup.ROOT / "bootstrap").glob("*.py")),
]
"""What an old Python, or one without a single package, reads of us."""

APT_UPDATE = "apt-get update"
APT = "env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends"
APT_ALL = f"{APT} libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-core fonts-noto-cjk"


@dataclass(frozen=True)
class FakeMachine(Machine):
    """A machine that lacks what the test says, and has everything once a package manager was asked."""

    version: tuple[int, int] = (3, 11)
    python: str = "/usr/bin/python3"
    platform: str = "linux"
    is_root: bool = True
    is_terminal: bool = False
    programs: tuple[str, ...] = ("apt-get",)
    lacks: set[str] = field(default_factory=set)
    says_yes: bool = True
    heals: bool = True
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    ran: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    became: list[tuple[list[str], dict[str, str]]] = field(default_factory=list)

    def which(self, program):
        there = program in self.programs or (program in PROGRAMS and program not in self.lacks)
        return f"/usr/bin/{program}" if there else None

    def has_module(self, name):
        return name not in self.lacks

    def has_library(self, library):
        return library.name not in self.lacks

    def has_font(self, name):
        return name not in self.lacks

    def has_profile(self, name):
        return name not in self.lacks

    def run(self, command, *, quiet):
        line = " ".join(command)
        self.ran.append(line)
        outcome = next((outcome for part, outcome in self.outcomes.items() if part in line), Outcome(0))
        if not outcome.code and self.heals and (" install " in line or "pacman -S" in line):
            self.lacks.clear()
        if not outcome.code and "-m venv" in line:
            fill(Path(command[-1]))
        return outcome

    def ask(self, question):
        self.asked.append(question)
        return self.says_yes

    def say(self, text):
        self.said.append(text)

    def become(self, command, environment):
        self.became.append((list(command), dict(environment)))
        return 42

    @property
    def heard(self):
        return "\n".join(self.said)


def fill(venv: Path) -> None:
    (venv / "bin").mkdir(parents=True, exist_ok=True)
    (venv / "bin" / "python").unlink(missing_ok=True)
    (venv / "bin" / "python").touch()
    (venv / "pyvenv.cfg").touch()


def stamp(root: Path, lock: str, python: str = "3.11") -> None:
    digest = hashlib.sha256((root / lock).read_bytes()).hexdigest()
    (root / ".venv" / "taiyaku.lock").write_text(f"python {python}\nsha256 {digest}\n")


@pytest.fixture
def root(tmp_path, monkeypatch):
    """A project that was never set up."""
    monkeypatch.delenv(HANDED_OVER, raising=False)
    (tmp_path / "build.py").touch()
    (tmp_path / RUN_LOCK).write_text("jinja2==3 \\\n    --hash=sha256:1\nrich==15\n")
    (tmp_path / TEST_LOCK).write_text("jinja2==3 \\\n    --hash=sha256:1\nrich==15\npytest==9\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def ready(root):
    """A project that was set up for running."""
    fill(root / ".venv")
    stamp(root, RUN_LOCK)
    return root


def venv_commands(root: Path, lock: str = RUN_LOCK) -> list[str]:
    return [f"/usr/bin/python3 -m venv --clear {root}/.venv", pip_command(root, lock)]


def pip_command(root: Path, lock: str = RUN_LOCK) -> str:
    pip = f"{root}/.venv/bin/python -m pip install --disable-pip-version-check --no-input --quiet"
    return f"{pip} --require-hashes -r {root}/{lock}"


# --- nothing to do, and the hand-over


def test_nothing_missing_runs_nothing_and_hands_over(ready):
    machine = FakeMachine()
    assert main(["check", "--json"], machine, ready) == 42
    assert (machine.ran, machine.said) == ([], [])
    command, environment = machine.became[0]
    assert command == [f"{ready}/.venv/bin/python", f"{ready}/build.py", "check", "--json"]
    assert environment == {HANDED_OVER: str(ready)}


def test_no_setup_is_taken_out_of_the_arguments(ready):
    machine = FakeMachine()
    assert main(["--no-setup", "check"], machine, ready) == 42
    assert machine.became[0][0][2:] == ["check"]


def test_on_macos_the_program_finds_homebrews_libraries(ready, monkeypatch):
    monkeypatch.setenv("DYLD_FALLBACK_LIBRARY_PATH", "/mine")
    machine = FakeMachine(platform="darwin")
    main([], machine, ready)
    folders = machine.became[0][1]["DYLD_FALLBACK_LIBRARY_PATH"]
    assert folders == "/mine:/opt/homebrew/lib:/usr/local/lib:/usr/lib"


def test_a_python_that_does_not_start_is_a_message(ready):
    class Broken(FakeMachine):
        def become(self, command, environment):
            raise OSError(8, "Exec format error")

    machine = Broken()
    assert main([], machine, ready) == 3
    assert "cannot start" in machine.heard
    assert "delete the folder .venv" in machine.heard


def test_handed_over_the_program_runs_in_this_process(ready, monkeypatch):
    monkeypatch.setenv(HANDED_OVER, str(ready))
    monkeypatch.setitem(sys.modules, "taiyaku.cli.commands", types.SimpleNamespace(main=lambda words: len(words)))
    machine = FakeMachine(prefix=ready / ".venv", lacks={PANGO})
    assert main(["a", "b"], machine, ready) == 2
    assert machine.became == []
    assert HANDED_OVER not in os.environ


def test_handed_over_test_runs_the_checks(ready, monkeypatch):
    monkeypatch.setenv(HANDED_OVER, str(ready))
    monkeypatch.setattr(selftest, "run_tests", lambda root, words: 5 if (root, words) == (ready, ["-k", "x"]) else 1)
    assert main(["test", "-k", "x"], FakeMachine(prefix=ready / ".venv"), ready) == 5


def test_handed_over_to_the_wrong_environment_does_not_loop(ready, monkeypatch):
    monkeypatch.setenv(HANDED_OVER, str(ready))
    machine = FakeMachine(prefix=Path("/usr"))
    assert main([], machine, ready) == 3
    assert "delete the folder .venv" in machine.heard
    assert machine.became == []


def test_a_package_that_was_removed_is_named(ready, monkeypatch):
    monkeypatch.setenv(HANDED_OVER, str(ready))
    monkeypatch.setitem(sys.modules, "taiyaku.cli.commands", None)
    machine = FakeMachine(prefix=ready / ".venv")
    assert main([], machine, ready) == 3
    assert "the package `taiyaku.cli.commands` is missing" in machine.heard


# --- the virtual environment


def test_a_new_environment_is_made_from_the_run_lock_and_stamped(root):
    machine = FakeMachine()
    assert main([], machine, root) == 42
    assert machine.ran == venv_commands(root)
    assert "installing 2 Python packages into .venv (once)" in machine.heard
    again = FakeMachine()
    assert main([], again, root) == 42
    assert again.ran == []


def test_the_test_command_needs_the_test_lock_and_reuses_the_environment(ready):
    machine = FakeMachine()
    assert main(["test"], machine, ready) == 42
    assert machine.ran == [pip_command(ready, TEST_LOCK)]
    assert "installing 3 Python packages" in machine.heard


def test_the_run_command_is_content_with_the_test_lock(root):
    main(["test"], FakeMachine(), root)
    machine = FakeMachine()
    assert main([], machine, root) == 42
    assert machine.ran == []


def test_a_changed_lock_only_installs(ready):
    (ready / RUN_LOCK).write_text("jinja2==4\n")
    machine = FakeMachine()
    assert main([], machine, ready) == 42
    assert machine.ran == [pip_command(ready)]


def broken_stamp(root):
    (root / ".venv" / "taiyaku.lock").write_bytes(b"\xff\x00 half a stamp")


def no_stamp(root):
    (root / ".venv" / "taiyaku.lock").unlink()


def other_python(root):
    stamp(root, RUN_LOCK, python="3.12")


def dangling_python(root):
    (root / ".venv" / "bin" / "python").unlink()
    (root / ".venv" / "bin" / "python").symlink_to("/nowhere/python3.11")


@pytest.mark.parametrize("harm", [broken_stamp, no_stamp, other_python, dangling_python])
def test_a_doubtful_environment_is_made_anew(ready, harm):
    harm(ready)
    machine = FakeMachine()
    assert main([], machine, ready) == 42
    assert machine.ran == venv_commands(ready)


def test_a_failing_pip_is_told_with_its_last_lines_and_the_command_to_repeat(root):
    output = "\n".join(f"line {number}" for number in range(40)) + "\nERROR: no network\n"
    machine = FakeMachine(outcomes={"-m pip": Outcome(1, output)})
    assert main(["check"], machine, root) == 3
    assert "failed with exit code 1" in machine.heard
    assert "line 39\n  ERROR: no network\nhint:" in machine.heard
    assert "line 9\n" not in machine.heard
    assert machine.heard.endswith("python3 build.py check")
    assert machine.became == []
    assert main(["check"], FakeMachine(), root) == 42


def test_a_failing_venv_is_told(root):
    machine = FakeMachine(outcomes={"-m venv": Outcome(1, "No space left on device")})
    assert main([], machine, root) == 3
    assert "No space left on device" in machine.heard
    assert len(machine.ran) == 1


def test_a_folder_that_cannot_be_written_is_told(root):
    (root / ".venv").mkdir()
    (root / ".venv" / "taiyaku.lock").mkdir()  # cannot be unlinked, even by root
    machine = FakeMachine()
    assert main([], machine, root) == 3
    assert f"cannot write to `{root}/.venv`" in machine.heard


def test_a_missing_lock_is_told(root):
    (root / TEST_LOCK).unlink()
    machine = FakeMachine()
    assert main(["test"], machine, root) == 3
    assert "cannot read `requirements-test.lock`" in machine.heard


def precious(folder: Path) -> Path:
    (folder / "sub").mkdir(parents=True)
    (folder / "sub" / "thesis.txt").write_text("precious")
    return folder


def as_a_link(root: Path) -> None:
    (root / ".venv").symlink_to(precious(root / "documents"))


def as_a_link_to_an_environment(root: Path) -> None:
    fill(root / "documents")
    as_a_link_into(root)


def as_a_link_into(root: Path) -> None:
    (root / ".venv").symlink_to("documents")


def as_a_folder_of_somebody(root: Path) -> None:
    precious(root / ".venv")


def as_a_file(root: Path) -> None:
    (root / ".venv").write_text("mine")


@pytest.mark.parametrize(
    ("harm", "what"),
    [
        (as_a_link, "is a link"),
        (as_a_link_to_an_environment, "is a link"),
        (as_a_link_into, "is a link"),
        (as_a_folder_of_somebody, "is no virtual environment"),
        (as_a_file, "is no virtual environment"),
    ],
)
def test_what_set_up_has_not_made_is_neither_emptied_nor_filled(root, harm, what):
    """A link to a folder, to another environment, to nothing; a folder of somebody's; a file."""
    harm(root)
    before = sorted((str(path), path.is_symlink()) for path in root.rglob("*"))
    machine = FakeMachine(lacks={CJK})
    assert main(["check"], machine, root) == 3
    assert machine.ran == []
    assert sorted((str(path), path.is_symlink()) for path in root.rglob("*")) == before
    assert machine.heard.startswith(f"error: `{root}/.venv` {what}")
    assert machine.heard.endswith("run: python3 build.py check")


def test_an_environment_by_a_link_that_needs_nothing_is_used(root):
    fill(root / "documents")
    as_a_link_into(root)
    stamp(root, RUN_LOCK)
    machine = FakeMachine()
    assert main([], machine, root) == 42
    assert machine.ran == []


def test_an_environment_whose_parts_are_links_is_made_anew_and_not_filled(ready):
    (ready / ".venv" / "lib").symlink_to(precious(ready / "documents"))
    (ready / RUN_LOCK).write_text("jinja2==4\n")
    machine = FakeMachine()
    assert main([], machine, ready) == 42
    assert machine.ran == venv_commands(ready)


def test_what_an_interrupted_venv_leaves_is_made_anew(root):
    """Folders without a file, before Python has marked them as an environment's."""
    (root / ".venv" / "lib").mkdir(parents=True)
    (root / ".venv" / "lib64").symlink_to("lib")
    machine = FakeMachine()
    assert main([], machine, root) == 42
    assert machine.ran == venv_commands(root)


def test_clearing_an_environment_leaves_what_its_links_lead_to(tmp_path):
    """As Python's own venv does it: what we call."""
    fill(tmp_path / ".venv")
    (tmp_path / ".venv" / "lib").symlink_to(precious(tmp_path / "documents"))
    command = [sys.executable, "-m", "venv", "--clear", "--without-pip", str(tmp_path / ".venv")]
    assert subprocess.run(command, check=False).returncode == 0
    assert (tmp_path / "documents" / "sub" / "thesis.txt").read_text() == "precious"


@pytest.mark.parametrize("name", [".venv", "dist", "build"])
def test_what_is_made_here_is_ignored_as_a_link_too(tmp_path, name):
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    (tmp_path / ".gitignore").write_bytes((setup.ROOT / ".gitignore").read_bytes())
    (tmp_path / name).symlink_to("/tmp")
    asked = subprocess.run(["git", "check-ignore", "-q", name], cwd=tmp_path, check=False)
    assert asked.returncode == 0


def test_an_interrupted_installation_is_done_again(ready):
    class Interrupted(FakeMachine):
        def run(self, command, *, quiet):
            raise KeyboardInterrupt

    (ready / RUN_LOCK).write_text("jinja2==4\n")
    assert main([], Interrupted(), ready) == 130
    machine = FakeMachine()
    assert main([], machine, ready) == 42
    assert machine.ran == venv_commands(ready)


# --- system packages


@pytest.mark.parametrize(
    ("programs", "lacks", "commands"),
    [
        (("apt-get", "dnf"), {PANGO, LATIN, CJK}, [APT_UPDATE, APT_ALL]),
        (("apt-get",), {CJK}, [APT_UPDATE, f"{APT} fonts-noto-cjk"]),
        (("apt-get",), {LATIN}, [APT_UPDATE, f"{APT} fonts-noto-core"]),
        (
            ("dnf", "pacman"),
            {PANGO, LATIN, CJK},
            ["dnf install -y pango harfbuzz fontconfig google-noto-sans-fonts google-noto-sans-cjk-fonts"],
        ),
        (
            ("pacman", "brew"),
            {PANGO, LATIN, CJK},
            ["pacman -S --needed --noconfirm pango harfbuzz fontconfig noto-fonts noto-fonts-cjk"],
        ),
        (("brew",), {PANGO, LATIN}, ["brew install pango harfbuzz fontconfig font-noto-sans"]),
    ],
)
def test_root_installs_at_once_with_the_systems_manager(ready, programs, lacks, commands):
    machine = FakeMachine(programs=programs, lacks=set(lacks))
    expected = "".join(f"\n  {command}" for command in commands)
    assert main([], machine, ready) == 42
    assert machine.ran == commands
    assert machine.said[0].startswith("taiyaku: this machine lacks")
    assert machine.said[0].endswith(f"installing with:{expected}")
    assert machine.asked == []


def test_python3_venv_comes_before_the_environment(root):
    machine = FakeMachine(lacks={"ensurepip"})
    assert main([], machine, root) == 42
    assert machine.ran == [APT_UPDATE, f"{APT} python3-venv", *venv_commands(root)]


def test_a_whole_environment_needs_no_python3_venv(ready):
    machine = FakeMachine(lacks={"ensurepip"})
    assert main(["test"], machine, ready) == 42
    assert machine.ran == [pip_command(ready, TEST_LOCK)]


def test_with_sudo_and_a_yes_each_command_begins_with_sudo(ready):
    machine = FakeMachine(is_root=False, is_terminal=True, programs=("apt-get", "sudo"), lacks={CJK})
    assert main([], machine, ready) == 42
    assert machine.ran == [f"sudo {APT_UPDATE}", f"sudo {APT} fonts-noto-cjk"]
    assert machine.asked == ["Install them now with sudo?"]


@pytest.mark.parametrize(
    ("is_terminal", "programs", "typed"),
    [
        (True, ("apt-get", "sudo"), "hint: type:\n  sudo apt-get update\n  sudo env"),  # and the answer is no
        (False, ("apt-get", "sudo"), "hint: type:\n  sudo apt-get update\n  sudo env"),
        (True, ("apt-get",), "hint: type as root:\n  apt-get update\n  env"),
    ],
)
def test_who_may_not_install_is_told_the_commands(ready, is_terminal, programs, typed):
    password = {"sudo -n true": Outcome(1, "sudo: a password is required")}
    machine = FakeMachine(
        is_root=False, is_terminal=is_terminal, programs=programs, lacks={CJK}, says_yes=False, outcomes=password
    )
    assert main(["build", "a b"], machine, ready) == 3
    assert [command for command in machine.ran if command != "sudo -n true"] == []
    assert machine.said[-1].startswith("error: this machine lacks the Noto Sans CJK fonts (NotoSansCJK-Regular.ttc)\n")
    assert len(machine.said) == 1 + len(machine.asked)
    assert typed in machine.heard
    assert machine.heard.endswith("fonts-noto-cjk\n  python3 build.py build 'a b'")


def test_without_a_terminal_a_sudo_that_needs_no_password_is_used_unasked(ready):
    machine = FakeMachine(is_root=False, programs=("apt-get", "sudo"), lacks={CJK})
    assert main([], machine, ready) == 42
    assert machine.ran == ["sudo -n true", f"sudo {APT_UPDATE}", f"sudo {APT} fonts-noto-cjk"]
    assert machine.asked == []


def test_brew_neither_asks_nor_uses_sudo(ready):
    machine = FakeMachine(is_root=False, is_terminal=True, programs=("brew", "sudo"), lacks={PANGO})
    assert main([], machine, ready) == 42
    assert machine.ran == ["brew install pango harfbuzz fontconfig"]
    assert machine.asked == []


def test_what_brew_does_not_have_is_told(ready):
    machine = FakeMachine(is_root=False, programs=("brew",), lacks={CJK})
    assert main([], machine, ready) == 3
    assert machine.ran == []
    assert "hint: type:\n  curl -fLo" in machine.heard
    assert "NotoSansCJK-Bold.ttc' -d ~/Library/Fonts\n  python3 build.py" in machine.heard


def test_without_a_known_manager_the_way_out_is_told(ready):
    machine = FakeMachine(programs=(), lacks={PANGO, CJK})
    assert main([], machine, ready) == 3
    assert machine.ran == []
    assert "(known: apt-get, dnf, pacman, brew)" in machine.heard
    assert "TAIYAKU_FONTS" in machine.heard


def test_a_refresh_may_fail_but_the_installation_may_not(ready):
    machine = FakeMachine(lacks={CJK}, outcomes={"update": Outcome(100)})
    assert main([], machine, ready) == 42
    machine = FakeMachine(lacks={CJK}, outcomes={" install ": Outcome(100, "E: Could not get lock")})
    assert main([], machine, ready) == 3
    assert "failed with exit code 100\n  E: Could not get lock\nhint: type:" in machine.heard


def test_still_missing_after_the_installation_is_told(root):
    machine = FakeMachine(lacks={CJK}, heals=False)
    assert main([], machine, root) == 3
    assert machine.ran == [APT_UPDATE, f"{APT} fonts-noto-cjk"]
    assert "error: this machine lacks the Noto Sans CJK fonts" in machine.heard


def test_no_setup_tells_everything_and_does_nothing(root):
    machine = FakeMachine(lacks={PANGO, LATIN, CJK, "ensurepip"})
    assert main(["test", "--no-setup"], machine, root) == 3
    assert (machine.ran, machine.became) == ([], [])
    assert f"hint: type:\n  {APT_UPDATE}\n  {APT_ALL} python3-venv\n  python3 build.py test" in machine.heard
    assert "the Python packages (.venv from requirements-test.lock)" in machine.heard


def test_no_setup_without_an_environment_only_names_the_command(root):
    machine = FakeMachine(programs=())
    assert main(["--no-setup"], machine, root) == 3
    assert machine.heard.endswith("hint: type:\n  python3 build.py")


def test_an_old_python_is_refused(ready):
    machine = FakeMachine(version=(3, 8), python="/usr/bin/python3.8")
    assert main([], machine, ready) == 3
    assert "needs Python 3.11 or newer, and `/usr/bin/python3.8` is Python 3.8" in machine.heard
    assert machine.ran == []


@pytest.mark.parametrize("name", BEFORE_ALL)
def test_what_an_old_python_reads_it_can_parse(name):
    """Nor are annotations carried out, where there are any of types that an old Python has not: ``list[Path]``."""
    text = (setup.ROOT / name).read_text(encoding="utf-8")
    ast.parse(text, feature_version=(3, 8))
    modern = re.search(r"(?::|->) [\w.]+(?:\[| \|)", text)
    assert not modern or "from __future__ import annotations" in text


# --- fonts and libraries


def put(folder: Path, name: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).touch()
    return folder / name


def test_named_font_folders_come_first(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("TAIYAKU_FONTS", os.pathsep.join([str(tmp_path / "a"), "", str(tmp_path / "b")]))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    folders = font_folders()
    assert folders[:3] == [tmp_path / "a", tmp_path / "b", Path("/usr/share/fonts")]
    assert {tmp_path / ".fonts", tmp_path / ".local/share/fonts", tmp_path / "data" / "fonts"} <= set(folders)
    at_home, second = put(tmp_path / ".fonts" / "deep" / "er", "Probe-X.ttf"), tmp_path / "b" / "Probe-X.ttf"
    assert find_font("Probe-X.ttf") == at_home
    system_files.font_files.cache_clear()
    put(tmp_path / "b", "Probe-X.ttf")
    assert find_font("Probe-X.ttf") == second
    assert find_font("Probe-Y.ttf") is None


def test_of_two_copies_in_a_folder_the_same_is_found_everywhere(tmp_path, monkeypatch):
    monkeypatch.setenv("TAIYAKU_FONTS", str(tmp_path))
    put(tmp_path / "z", "Probe-X.ttf")
    first = put(tmp_path / "a", "Probe-X.ttf")
    assert find_font("Probe-X.ttf") == first


def test_a_user_without_a_home_has_the_systems_folders(monkeypatch):
    def homeless(self):
        raise RuntimeError("could not determine home directory")

    monkeypatch.setattr(Path, "expanduser", homeless)
    monkeypatch.delenv("TAIYAKU_FONTS", raising=False)
    assert font_folders() == []


def test_library_files_of_each_platform():
    pango = Library("libpango-1.0", "libpango-1.0.so.0", "libpango-1.0.0.dylib")
    assert library_files(pango, "linux") == ("libpango-1.0.so.0",)
    assert library_files(pango, "darwin")[1] == "/opt/homebrew/lib/libpango-1.0.0.dylib"
    assert library_files(pango, "win32") == ()


def test_a_missing_profile_is_installed_by_its_own_package(root):
    machine = FakeMachine(lacks={PROFILE})
    assert main([], machine, root) == 42
    assert f"{APT} libgs-common" in machine.ran


def test_only_the_tests_ask_for_programs_that_judge_pdfs(root):
    machine = FakeMachine(lacks={*PROGRAMS})
    assert main([], machine, root) == 42
    assert not any(line.startswith(APT) for line in machine.ran)
    machine = FakeMachine(lacks={*PROGRAMS})
    assert main(["test"], machine, root) == 42
    assert f"{APT} ghostscript mupdf-tools qpdf chromium libatomic1" in machine.ran


def test_what_drives_the_browser_is_installed(root):
    machine = FakeMachine(lacks={"libatomic"})
    assert main(["test"], machine, root) == 42
    assert any("libatomic1" in line for line in machine.ran)
    machine = FakeMachine(lacks={"libatomic"})
    assert main([], machine, root) == 42
    assert not any("libatomic1" in line for line in machine.ran)


def test_any_browser_of_the_kind_will_do(root):
    machine = FakeMachine(lacks={*PROGRAMS} - {"google-chrome"})
    assert main(["test"], machine, root) == 42
    assert f"{APT} ghostscript mupdf-tools qpdf chromium libatomic1" in machine.ran
    machine = FakeMachine(lacks=set(BROWSERS[:2]))
    assert main(["test"], machine, root) == 42
    assert not any(line.startswith(APT) for line in machine.ran)


def test_a_package_that_meets_two_needs_is_named_once(root):
    machine = FakeMachine(programs=("pacman",), lacks={PROFILE, *PROGRAMS})
    assert main(["test"], machine, root) == 42
    assert "pacman -S --needed --noconfirm ghostscript mupdf-tools qpdf chromium" in machine.ran


def test_a_profile_is_found_in_the_folders_of_the_system(tmp_path, monkeypatch):
    monkeypatch.setattr(system_files, "PROFILE_FOLDERS", (str(tmp_path / "none"), str(tmp_path / "icc")))
    assert find_profile("Probe.icc") is None
    there = put(tmp_path / "icc" / "ghostscript", "Probe.icc")
    assert find_profile("Probe.icc") == there


# --- the real machine, as far as it can be tried


def test_the_real_machine_knows_what_is_not_there():
    machine = Machine()
    assert not machine.has_library(Library("libnone", "libnone-taiyaku.so.0", "libnone-taiyaku.dylib"))
    assert not machine.has_font("None-Taiyaku.ttf")
    assert not machine.has_module("none_taiyaku")
    assert machine.which("none-taiyaku") is None


def test_the_real_machine_runs_quietly():
    machine = Machine()
    code = "import sys; print('out'); print('err', file=sys.stderr); sys.exit(4)"
    assert machine.run([sys.executable, "-Sc", code], quiet=True).code == 4
    assert "err" in machine.run([sys.executable, "-Sc", code], quiet=True).output
    assert machine.run(["/none-taiyaku"], quiet=True).code == 127


@pytest.mark.parametrize(
    ("typed", "answer"), [("\n", True), ("Y\n", True), (" yes \n", True), ("n\n", False), ("", False)]
)
def test_enter_means_yes_and_the_end_of_input_means_no(monkeypatch, typed, answer):
    monkeypatch.setattr(sys, "stdin", types.SimpleNamespace(readline=lambda: typed))
    assert Machine().ask("Now?") is answer


def test_build_py_says_what_is_missing_on_stderr(tmp_path):
    for name in (*BEFORE_ALL, RUN_LOCK, TEST_LOCK):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes((setup.ROOT / name).read_bytes())
    done = subprocess.run(
        [sys.executable, "-P", tmp_path / "build.py", "--no-setup"],
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith("error: this machine lacks ")
    assert f"{tmp_path}/build.py" in done.stderr


# --- the checks


def test_the_checks_stop_at_the_first_failure_and_pytest_is_last(monkeypatch, tmp_path):
    ran = []

    def run(command, cwd, check):
        assert cwd == tmp_path
        ran.append(" ".join(command[1:]))
        return types.SimpleNamespace(returncode=7 if ran[-1] == failing else 0)

    monkeypatch.setattr(subprocess, "run", run)
    failing = "none"
    assert selftest.run_tests(tmp_path, ["-x"]) == 0
    linters = [" ".join(linter) for linter in selftest.LINTERS]
    assert ran == [*linters, "-m pytest -n auto --dist loadfile -x"]
    assert [line for line in linters if "importlinter" in line]
    ran.clear()
    failing = "-m mypy"
    assert selftest.run_tests(tmp_path, []) == 7
    assert ran[-1] == "-m mypy"
    ran.clear()
    failing = "none"
    assert selftest.run_tests(tmp_path, ["unit", "-x"]) == 0
    assert ran == ["-m pytest -n auto --dist loadfile --level unit -x"]


# --- the locks


def pins(lock: str) -> dict[str, str]:
    text = (setup.ROOT / lock).read_text(encoding="utf-8")
    return dict(re.findall(r"^([\w.-]+)==(\S+)", text, re.MULTILINE))


def test_the_test_lock_holds_all_of_the_run_lock():
    assert pins(RUN_LOCK).items() <= pins(TEST_LOCK).items()


@pytest.mark.parametrize("name", ["requirements", "requirements-test"])
def test_a_lock_holds_what_is_asked_for_and_no_address(name):
    asked = re.findall(r"^([A-Za-z][\w.-]*)", (setup.ROOT / f"{name}.in").read_text(encoding="utf-8"), re.MULTILINE)
    assert asked
    assert {word.lower() for word in asked} <= pins(f"{name}.lock").keys()
    lock = (setup.ROOT / f"{name}.lock").read_text(encoding="utf-8")
    assert not re.search(r"^--|://|\s/\w", lock, re.MULTILINE)


def test_the_error_for_an_unreadable_lock_has_a_way_out(tmp_path):
    with pytest.raises(MachineError) as caught:
        setup.stamp_for(FakeMachine(), setup.Project(tmp_path), RUN_LOCK)
    assert "git checkout requirements.lock" in caught.value.hint
