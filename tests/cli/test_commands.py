"""The commands, as a person runs them: what they print, their exit codes, and what they leave untouched.

Bad input gets one clear message, and the documents of the last good build stay as they were.
"""

import datetime as dt
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Final

import pypdfium2
import pytest

from taiyaku.cli.commands import main
from taiyaku.cli.making import HOW_TO_PRINT
from taiyaku.pipeline import build as pipeline
from tests.making import tiny_guide
from tests.pipeline.test_output import make_at_once, nothing

ROOT: Final = Path(__file__).resolve().parent.parent.parent
JA: Final = "ja/01-start.md"
ZH: Final = "zh-Hans/01-start.md"
JA_LIST: Final = "ja/checklists/todo.md"
ZH_LIST: Final = "zh-Hans/checklists/todo.md"
JA_PARAGRAPH: Final = "法律により、契約のときに{本人確認|ほんにんかくにん}をします。[@law]\n\n"
PICTURE: Final = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>'
IDLE_SOURCE: Final = """
[idle]
title     = { ja = "電話" }
publisher = "総務省"
url       = "https://example.org/idle"
checked   = 2026-11-22
kind      = "press"
"""
FIRST_LINE: Final = re.compile(r"^\S.*: (?:error|warning): ", re.MULTILINE)
DOCUMENTS: Final = (
    "mini.todo_zh-Hans_ja_checklist-press.pdf",
    "mini.todo_zh-Hans_ja_checklist-print.pdf",
    "mini.todo_zh-Hans_ja_checklist-screen.pdf",
    "mini_zh-Hans_ja_booklet-large.pdf",
    "mini_zh-Hans_ja_booklet-press.pdf",
    "mini_zh-Hans_ja_booklet-print.pdf",
    "mini_zh-Hans_ja_booklet-screen.pdf",
)

Change = Callable[[Path], object]
"""Damages a guide, whose folder it is given."""


# Running a command, and a desk to work at


NO_CHAPTERS: Final = "not looked at, because this order does not make it: chapters"


@dataclass(frozen=True)
class Ran:
    """What came of a command."""

    code: object
    out: str
    err: str

    @property
    def told(self) -> list[str]:
        """Return the first line of each finding."""
        return [line for line in self.err.splitlines() if FIRST_LINE.match(line)]


def run(*arguments: object) -> Ran:
    """Run a command in this process. Whatever happens, there is no traceback and, in a pipe, no control code."""
    out, err = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        try:
            code: object = main([str(argument) for argument in arguments])
        except SystemExit as stop:
            code = stop.code
    ran = Ran(code, out.getvalue(), err.getvalue())
    assert "Traceback" not in ran.err
    assert not re.search(r"[\x1b\r]", ran.out + ran.err)
    return ran


@dataclass(frozen=True)
class Desk:
    """A folder with a content folder and what was built from it."""

    folder: Path

    @property
    def content(self) -> Path:
        return self.folder / "content"

    @property
    def guide(self) -> Path:
        return self.content / "mini"

    @property
    def out(self) -> Path:
        return self.folder / "out"

    def arguments(self, *more: object) -> tuple[str, ...]:
        return tuple(map(str, ("build", "--content", self.content, "--out", self.out, "--jobs", 1, *more)))

    def build(self, *more: object) -> Ran:
        return run(*self.arguments(*more))

    def process(self, *more: object) -> "subprocess.Popen[str]":
        """Start a build as a process of its own, with a group of its own."""
        command = (sys.executable, "-m", "taiyaku", *self.arguments(*more))
        pipe = subprocess.PIPE
        return subprocess.Popen(command, cwd=ROOT, stdout=pipe, stderr=pipe, text=True, start_new_session=True)

    def manifest(self) -> dict[str, dict[str, object]]:
        documents = json.loads((self.out / "manifest.json").read_text(encoding="utf-8"))["documents"]
        return {document["path"]: document for document in documents}


def files_in(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def first_build(tmp_path_factory) -> tuple[Desk, Ran]:
    """Build the tiny guide once: everything else begins with a copy of it."""
    desk = Desk(tmp_path_factory.mktemp("desk"))
    tiny_guide(desk.folder)
    return desk, desk.build()


@pytest.fixture
def desk(first_build: tuple[Desk, Ran], tmp_path: Path) -> Desk:
    shutil.copytree(first_build[0].folder, tmp_path / "desk")
    return Desk(tmp_path / "desk")


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let documents be made in no time, where what is in them does not matter."""
    monkeypatch.setattr(pipeline, "make", make_at_once)
    monkeypatch.setattr(pipeline, "warm_up", nothing)


@contextmanager
def untouched(out: Path) -> Iterator[None]:
    """Require that a folder is byte for byte as before, with nothing besides."""
    before = files_in(out)
    yield
    assert files_in(out) == before
    assert not list(out.glob(".*"))


def swap(name: str, old: str, new: str, guide: Path) -> None:
    text = (guide / name).read_text(encoding="utf-8")
    assert old in text
    (guide / name).write_text(text.replace(old, new), encoding="utf-8")


def swapped(name: str, old: str, new: str) -> Change:
    return partial(swap, name, old, new)


def added(name: str, more: str) -> Change:
    def change(guide: Path) -> None:
        with (guide / name).open("a", encoding="utf-8") as file:
            file.write(more)

    return change


def both(*changes: Change) -> Change:
    def change(guide: Path) -> None:
        for one in changes:
            one(guide)

    return change


def drawn(name: str, text: str = PICTURE) -> Change:
    def change(guide: Path) -> None:
        (guide / "figures").mkdir(exist_ok=True)
        (guide / "figures" / name).write_text(text, encoding="utf-8")

    return change


def pictured(src: str, alt: str = "絵") -> Change:
    """Put a picture into the Japanese chapter, at line 15, beside a good one in the Chinese."""
    return both(drawn("good.svg"), added(ZH, "\n![图](figures/good.svg)\n"), added(JA, f"\n![{alt}]({src})\n"))


def linked_out(guide: Path) -> None:
    (guide.parent.parent / "secret.svg").write_text(PICTURE, encoding="utf-8")
    (guide / "figures").mkdir(exist_ok=True)
    (guide / "figures" / "link.svg").symlink_to(guide.parent.parent / "secret.svg")


def in_shift_jis(guide: Path) -> None:
    (guide / JA).write_bytes((guide / JA).read_bytes() + "\n電話".encode("shift-jis"))


# Bad input: one message that names the file and the line


PAIRING: Final[Mapping[str, tuple[Change, str]]] = {
    "a paragraph removed from one language": (
        swapped(JA, JA_PARAGRAPH, ""),
        f"{ZH}:3: error: the paragraph has no partner in ja [pair.missing]",
    ),
    "a list with one item more": (
        swapped(ZH, "- 带上在留卡原件\n", "- 带上在留卡原件\n- 带上护照\n"),
        f"{ZH}:7: error: the list item has no partner in ja [pair.missing]",
    ),
    "heading levels that differ": (
        both(added(ZH, "\n## 一\n\n### 二\n"), added(JA, "\n## 一\n\n## 二\n")),
        f"{ZH}:17: error: heading of level 3 stands beside level 2 [pair.level]",
    ),
}
FILES: Final[Mapping[str, tuple[Change, str]]] = {
    "broken guide.toml": (
        swapped("guide.toml", '"2026.11.0"', '"2026.11.0'),
        "guide.toml:7: error: the TOML cannot be read: Illegal character '\\n' [load.toml]",
    ),
    "broken sources.toml": (
        swapped("sources.toml", "kind      =", "kind"),
        "sources.toml:6: error: the TOML cannot be read: Expected '=' after a key in a key/value pair [load.toml]",
    ),
    "unknown key in guide.toml": (
        added("guide.toml", 'colour = "red"\n'),
        "guide.toml:9: error: unknown key `colour` [load.key]",
    ),
    "unknown key in sources.toml": (
        added("sources.toml", 'colour = "red"\n'),
        "sources.toml:7: error: unknown key `law.colour` [load.key]",
    ),
    "unknown language": (
        swapped("guide.toml", 'languages = ["zh-Hans", "ja"]', 'languages = ["zh-Hans", "ja", "klingonese"]'),
        "guide.toml:4: error: `klingonese` is not a language tag [load.language]",
    ),
    "a chapter missing in one language": (
        lambda guide: (guide / ZH).unlink(),
        f"{ZH}: error: this file is missing [load.file]",
    ),
    "a file that is not UTF-8": (
        in_shift_jis,
        f"{JA}:15: error: the file is not UTF-8 (byte 339) [load.utf8]",
    ),
    "a cited source that does not exist": (
        added(JA, "\n日本語だけの文。[@lawless]\n{: .solo }\n"),
        f"{JA}:15: error: the source `lawless` is not in sources.toml [source.unknown]",
    ),
    "an unused source": (
        added("sources.toml", IDLE_SOURCE),
        "sources.toml:8: error: the source `idle` is never cited [source.unused]",
    ),
    "raw HTML": (
        swapped(JA, "先に電話で", "先に<b>電話で"),
        f"{JA}:5: error: raw HTML `<b>` [parse.html]",
    ),
    "a character that no font has": (
        swapped(JA, "先に電話で", "🦆先に電話で"),
        f"{JA}:5: error: no font of ja has 🦆 (U+1F986 DUCK) [font.glyph]",
    ),
}
PICTURES: Final[Mapping[str, tuple[Change, str]]] = {
    "missing": (
        pictured("figures/none.svg"),
        f"{JA}:15: error: the picture `figures/none.svg` does not exist [figure.missing]",
    ),
    "text named .png": (
        both(drawn("fake.png", "電話\n"), pictured("figures/fake.png")),
        f"{JA}:15: error: `figures/fake.png` is not a picture [figure.format]",
    ),
    "text named .svg": (
        both(drawn("fake.svg", "電話\n"), pictured("figures/fake.svg")),
        f"{JA}:15: error: `figures/fake.svg` is not a picture [figure.format]",
    ),
    "words in an SVG": (
        both(drawn("words.svg", PICTURE.replace("<path", "<text>9</text><path")), pictured("figures/words.svg")),
        f"{JA}:15: error: the picture `figures/words.svg` holds words, which nobody can translate [figure.words]",
    ),
    "no alternative text": (
        both(drawn("card.svg"), pictured("figures/card.svg", alt="")),
        f"{JA}:15: error: the picture `figures/card.svg` has no alternative text [figure.alt]",
    ),
    "a symbolic link that leads out": (
        both(linked_out, pictured("figures/link.svg")),
        "figures/link.svg: error: the picture `figures/link.svg` lies outside the guide [figure.outside]",
    ),
    "a cover that does not exist": (
        added("guide.toml", 'cover = "figures/none.svg"\n'),
        "guide.toml:9: error: the picture `figures/none.svg` does not exist [figure.missing]",
    ),
    "a cover outside the guide": (
        added("guide.toml", 'cover = "file:///etc/hostname"\n'),
        "guide.toml:9: error: the picture `file:///etc/hostname` lies outside the guide [figure.outside]",
    ),
    **{
        f"outside: {src}": (
            pictured(src),
            f"{JA}:15: error: the picture `{src}` lies outside the guide [figure.outside]",
        )
        for src in (
            "../x.svg",
            "figures/../../x.svg",
            "/etc/x.svg",
            "file:///etc/hostname",
            "https://example.org/x.svg",
        )
    },
}
SAYING: Final[Mapping[str, tuple[Change, str]]] = {
    "an amount that differs": (
        swapped(JA, "1,000円", "1,080円"),
        f"{JA}:10: error: the numbers differ: only zh-Hans has amount in yen 1000; only ja has amount in yen 1080 "
        "[facts.differ]",
    ),
    "a number of days in one language only": (
        both(swapped(ZH_LIST, "银行存折", "银行存折（2天内）[@law]"), swapped(JA_LIST, "通帳", "通帳[@law]")),
        f"{JA_LIST}:4: error: the numbers differ: only zh-Hans has length of time 2 day; only ja has nothing "
        "[facts.differ]",
    ),
    "a citation in one language only": (
        swapped(ZH, "核验身份。[@law]", "核验身份。"),
        f"{JA}:3: error: cited in one language only: @law [cite.differ]",
    ),
    "another word for a term": (
        swapped(ZH, "先打电话预约", "身份核验前先打电话预约"),
        f"{JA}:5: error: the other language says `身份核验`; here `本人確認` is missing [term.differ]",
    ),
    "days without a source": (
        both(added(ZH, "\n2天内。\n"), added(JA, "\n二日以内。\n")),
        f"{ZH}:15: error: this block states something to act on (length of time) and cites no source [facts.unsourced]",
    ),
    "a shortened link": (
        swapped("sources.toml", "https://example.org/law", "https://bit.ly/law"),
        "sources.toml:4: error: `https://bit.ly/law` hides where it leads [link.short]",
    ),
    "an account of a messaging app": (
        added(JA, "\n日本語だけの文。LINE ID: taiyaku\n{: .solo }\n"),
        f"{JA}:15: error: `LINE ID: taiyaku` looks like an account of a messaging app [text.handle]",
    ),
    "an old source": (
        swapped("sources.toml", "2026-11-22", "2026-05-25"),
        "sources.toml:5: error: what the source `law` says was checked on 2026-05-25 and held until 2026-11-21 "
        "[source.expired]",
    ),
}
CASES: Final = {**PAIRING, **FILES, **SAYING, **{f"picture: {name}": case for name, case in PICTURES.items()}}


@pytest.mark.parametrize(("change", "message"), CASES.values(), ids=CASES.keys())
def test_bad_input_is_told_once_and_changes_nothing(desk: Desk, change: Change, message: str) -> None:
    change(desk.guide)
    with untouched(desk.out):
        ran = desk.build()
    assert ran.told == [f"content/mini/{message}"]
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.endswith(f"\nnothing was written to {desk.out}: 1 error, 0 warnings\n")
    assert "  hint: " in ran.err


@pytest.mark.parametrize(("change", "message"), PAIRING.values(), ids=PAIRING.keys())
def test_pairing_names_the_other_file_too(desk: Desk, change: Change, message: str) -> None:
    change(desk.guide)
    told, other, *_ = desk.build().err.splitlines()
    assert told == f"content/mini/{message}"
    assert re.match(rf"^  see also: content/mini/{JA}:\d+$", other)


def test_a_box_to_tick_that_one_language_lacks(desk: Desk) -> None:
    swap(ZH_LIST, "- [ ] 银行存折\n", "- [ ] 银行存折\n- [ ] 护照\n", desk.guide)
    with untouched(desk.out):
        ran = desk.build()
    assert ran.told == [
        f"content/mini/{JA_LIST}: error: 2 boxes to tick stand beside 3 [facts.ticks]",
        f"content/mini/{ZH_LIST}:5: error: the list item has no partner in ja [pair.missing]",
    ]


@pytest.mark.parametrize("pairs", ['[["zh-Hans", "ja"]]', '[["ja"], ["zh-Hans"]]', '[["ja", "zh-Hans"]]'])
def test_every_language_is_compared_with_the_source(desk: Desk, pairs: str) -> None:
    """Whichever pairs are printed."""
    swap("guide.toml", '[["zh-Hans", "ja"]]', pairs, desk.guide)
    swap(JA, "1,000円", "1,080円", desk.guide)
    ran = run("check", "--content", desk.content)
    assert [line.rpartition(" ")[2] for line in ran.told] == ["[facts.differ]"]
    assert ran.told[0].startswith(f"content/mini/{JA}:10: error: the numbers differ: only zh-Hans has")


def test_a_character_that_only_japanese_fonts_have(tmp_path: Path) -> None:
    """𠮟 is right in Japanese and has no glyph in English: each text asks its own language's fonts."""
    desk = Desk(tmp_path)
    tiny_guide(tmp_path, ("en", "ja"))
    swap(JA_LIST, "銀行の通帳", "𠮟られたら", desk.guide)
    assert run("check", "--content", desk.content).code == 0
    swap("en/checklists/todo.md", "The bank book", "The 𠮟 book", desk.guide)
    ran = desk.build()
    place = "content/mini/en/checklists/todo.md:4"
    assert ran.told == [f"{place}: error: no font of en has 𠮟 (U+20B9F CJK UNIFIED IDEOGRAPH-20B9F) [font.glyph]"]
    assert ran.code == 1
    assert not files_in(desk.out)


@pytest.mark.parametrize("text", ["", " \n\n"], ids=["no byte", "blank lines"])
def test_an_empty_chapter(desk: Desk, text: str) -> None:
    (desk.guide / JA).write_text(text, encoding="utf-8")
    with untouched(desk.out):
        ran = desk.build()
    assert ran.code == 1
    assert ran.told[0] == f"content/mini/{JA}:1: error: the file is empty [parse.empty]"


def test_an_empty_chapter_is_told_once(desk: Desk) -> None:
    (desk.guide / JA).write_text("", encoding="utf-8")
    assert desk.build().told == [f"content/mini/{JA}:1: error: the file is empty [parse.empty]"]


def test_everything_wrong_is_told_in_one_run(desk: Desk) -> None:
    both(swapped(JA, "先に電話で", "🦆先に<b>電話で"), swapped(ZH, "身份。[@law]", "身份。[@lawless]"))(desk.guide)
    with untouched(desk.out):
        ran = desk.build()
    codes = [re.search(r"\[([a-z.]+)\]$", line) for line in ran.told]
    assert [code and code[1] for code in codes] == ["cite.differ", "font.glyph", "parse.html", "source.unknown"]
    assert "4 errors, 0 warnings" in ran.err


# A checklist that is too long


LONG: Final = 130


@pytest.fixture(scope="module")
def long_list(first_build: tuple[Desk, Ran], tmp_path_factory) -> Desk:
    """Return a guide with a checklist of three pages."""
    desk = Desk(tmp_path_factory.mktemp("long") / "desk")
    shutil.copytree(first_build[0].folder, desk.folder)
    for name in (JA_LIST, ZH_LIST):
        added(name, "\n" + "".join(f"- [ ] {1000 + number}\n" for number in range(LONG)))(desk.guide)
    return desk


@pytest.fixture(scope="module")
def too_long(long_list: Desk) -> str:
    """Build a checklist of three pages, and give what is told."""
    return told_of(long_list)


def told_of(desk: Desk, *options: str) -> str:
    """Build checklists for screens, and give the one thing that is told."""
    with untouched(desk.out):
        ran = desk.build("--form", "checklist", "--edition", "screen", *options)
    assert (ran.code, ran.out, len(ran.told)) == (1, "", 1)
    return ran.told[0]


def test_a_checklist_of_three_pages(too_long: str) -> None:
    told = r"the checklist is \d+ lines too long for one page \(zh-Hans\+ja, screen\) \[fit\.long\]"
    assert re.fullmatch(rf"content/mini/{ZH_LIST}: error: {told}", too_long)


def test_a_checklist_on_small_paper_has_more_than_one_page(long_list: Desk) -> None:
    assert "lines too long for 2 pages (" in told_of(long_list, "--paper", "b5")


def test_a_checklist_says_by_how_many_lines_it_is_too_long(too_long: str) -> None:
    lines = re.search(r"is (\d+) lines", too_long)
    assert lines
    assert LONG * 0.6 < int(lines[1]) < LONG


# Usage


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("nobody",), "error: there is no guide `nobody` in {content}\n  hint: the guides are: mini\n"),
        (("--pair", "en,fr"), "error: nothing to build: no document is like that\n"),
        (("--pair", ","), "argument --pair: name languages, such as zh-Hans,ja\n"),
        (("--form", "poster"), "argument --form: `poster` is none of: booklet, checklist\n"),
        (("--edition", "gold"), "argument --edition: `gold` is none of: screen, print, press, large\n"),
        (("--jobs", "0"), "argument --jobs: `0` is not a number from 1\n"),
        (("--jobs", "many"), "argument --jobs: `many` is not a number from 1\n"),
        (("--colour",), "unrecognized arguments: --colour\n"),
        (("-v", "-q"), "not allowed with argument"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_usage(desk: Desk, arguments: tuple[str, ...], message: str) -> None:
    with untouched(desk.out):
        ran = desk.build(*arguments)
    assert message.format(content=desk.content) in ran.err
    assert (ran.code, ran.out) == (2, "")


def test_no_content_folder(tmp_path: Path) -> None:
    ran = run("build", "--content", tmp_path / "none")
    assert ran.code == 2
    assert ran.err.startswith(f"error: {tmp_path}/none: there is no such folder\n")


def test_no_guide(tmp_path: Path) -> None:
    ran = run("check", "--content", tmp_path)
    assert ran.code == 2
    assert ran.err == (
        f"error: there is no guide in {tmp_path}\n  hint: make one: python3 build.py new NAME --languages a,b\n"
    )


@pytest.mark.parametrize("host", ["nobody", "../hosts/university"])
def test_unknown_host(desk: Desk, host: str) -> None:
    """A host is a name, not a path: it becomes part of file names."""
    (desk.content / "hosts" / "university").mkdir(parents=True)
    (desk.content / "hosts" / "university" / "host.toml").write_text('name = { ja = "大学" }\n', encoding="utf-8")
    with untouched(desk.out):
        ran = desk.build("--host", host)
    assert ran.told == [f"content/hosts: error: there is no host `{host}` [load.host]"]
    assert "  hint: the hosts are: university\n" in ran.err
    assert ran.code == 1


def test_help_and_version() -> None:
    assert run("--help").out.startswith("usage: build.py ")
    assert re.match(r"^Taiyaku \d+\.\d+\.\d+\n$", run("--version").out)


# A machine that cannot write


@pytest.mark.parametrize(("below", "why"), [("", "File exists"), ("deep/er", "Not a directory")])
def test_out_is_a_file(desk: Desk, below: str, why: str) -> None:
    (desk.folder / "file").write_text("keep me", encoding="utf-8")
    out = desk.folder / "file" / below
    ran = desk.build("--out", out)
    hint = "free space or choose another folder with --out DIR"
    assert ran == Ran(3, "", f"error: {out}: cannot write: {why}\n  hint: {hint}\n")
    assert (desk.folder / "file").read_text(encoding="utf-8") == "keep me"


@contextmanager
def small_disk(folder: Path, kib: int) -> Iterator[None]:
    """Mount a disk of so many KiB on a folder; skip the test where that is refused."""
    folder.mkdir()
    mount = ("mount", "-t", "tmpfs", "-o", f"size={kib}k", "tmpfs", str(folder))
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a small disk cannot be mounted here")
    try:
        yield
    finally:
        subprocess.run(("umount", str(folder)), check=True)


def test_disk_full_and_read_only(desk: Desk) -> None:
    disk = desk.folder / "disk"
    used = sum(-(-len(data) // 4096) * 4 for data in files_in(desk.out).values())
    with small_disk(disk, used + 8):
        for name, data in files_in(desk.out).items():
            (disk / name).write_bytes(data)
        swap(JA_LIST, "在留カード", "在留カードと旅券", desk.guide)
        with untouched(disk):
            full = desk.build("--out", disk, "--form", "checklist", "--edition", "screen")
        subprocess.run(("mount", "-o", "remount,ro", str(disk)), check=True)
        with untouched(disk):
            read_only = desk.build("--out", disk)
    hint = "  hint: free space or choose another folder with --out DIR\n"
    assert full == Ran(3, "", f"error: {disk}: cannot write: No space left on device\n{hint}")
    assert read_only == Ran(3, "", f"error: {disk}: cannot write: Read-only file system\n{hint}")


# Interrupted and killed


def status(process: str) -> dict[str, str]:
    """Read what Linux says of a process; nothing where it is gone."""
    try:
        text = Path("/proc", process, "status").read_text(encoding="utf-8")
    except OSError:
        return {}
    return dict(line.split(":\t", 1) for line in text.splitlines() if ":\t" in line)


def living(group: int) -> list[str]:
    """Return the processes of a group that are not zombies."""
    found = []
    for folder in Path("/proc").iterdir():
        try:
            fields = (folder / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == group and fields[0] != "Z":
            found.append(folder.name)
    return found


def wait_for(happened: Callable[[], object], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.02)


def workers_of(process: int) -> list[str]:
    """Return the workers of a build that are ready: they leave Ctrl-C to their parent."""
    bit = 1 << signal.SIGINT - 1
    return [one for one in living(process) if one != str(process) and int(status(one).get("SigIgn", "0"), 16) & bit]


needs_proc = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads Linux's /proc")


@needs_proc
def test_ctrl_c_while_documents_are_made(desk: Desk) -> None:
    swap(JA, "先に電話で", "さきに電話で", desk.guide)
    with untouched(desk.out):
        process = desk.process("--jobs", "2")
        wait_for(lambda: workers_of(process.pid))  # at once: on a busy machine a moment more may be the whole build
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=20)
    assert (process.returncode, out) == (130, "")
    assert err == "\ninterrupted: the documents in the output folder are as they were\n"
    wait_for(lambda: not living(process.pid), seconds=5)


@needs_proc
def test_a_worker_is_killed(desk: Desk) -> None:
    """Where memory runs out, the system kills a worker: the build ends with a message."""
    swap(JA, "先に電話で", "さきに電話で", desk.guide)
    with untouched(desk.out):
        process = desk.process()
        wait_for(lambda: workers_of(process.pid))
        time.sleep(0.5)  # until it is given work
        os.kill(int(workers_of(process.pid)[0]), signal.SIGKILL)
        out, err = process.communicate(timeout=20)
    assert (process.returncode, out) == (3, "")
    assert err.startswith("error: ")
    assert "Traceback" not in err


KILLED_AFTER_ONE_MOVE: Final = """
import os, signal, sys
from pathlib import Path
from taiyaku.cli.commands import main
real, moved = Path.replace, []
def replace(path, target):
    if moved:
        os.kill(os.getpid(), signal.SIGKILL)
    moved.append(target)
    return real(path, target)
Path.replace = replace
main(sys.argv[1:])
"""


def test_killed_in_mid_publish(desk: Desk) -> None:
    """Each file is whole, old or new; the next build mends what is half done and sweeps up."""
    only = ("--form", "checklist", "--edition", "screen")
    old = files_in(desk.out)
    swap(JA_LIST, "在留カード", "在留カードと旅券", desk.guide)
    command = (sys.executable, "-c", KILLED_AFTER_ONE_MOVE, *desk.arguments(*only))
    killed = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    assert killed.returncode == -signal.SIGKILL
    (stage,) = desk.out.glob(".building-*")
    torn = {name: data for name, data in files_in(desk.out).items() if "/" not in name}
    assert torn.keys() == old.keys()
    long_ago = time.time() - 2 * 3600
    os.utime(stage, (long_ago, long_ago))

    ran = desk.build(*only)
    assert (ran.code, ran.err) == (0, "")
    new = files_in(desk.out)
    assert new.keys() == old.keys()
    assert all(torn[name] in (old[name], new[name]) for name in old)
    assert sum(torn[name] == new[name] != old[name] for name in old) == 1
    assert desk.build(*only).out == f"0 documents made, 1 up to date, in {desk.out}/\n{NO_CHAPTERS}\n"


# What is printed


def test_first_build(first_build: tuple[Desk, Ran]) -> None:
    """The first build says how to print; in a pipe it is silent meanwhile."""
    desk, ran = first_build
    assert ran == Ran(0, f"7 documents made, 0 up to date, in {desk.out}/\n{HOW_TO_PRINT}\n", "")
    assert "print these double-sided, flip on short edge" in HOW_TO_PRINT
    assert sorted(files_in(desk.out)) == ["manifest.json", *DOCUMENTS]


def test_second_build_makes_nothing_and_imports_no_typesetter(desk: Desk) -> None:
    command = (sys.executable, "-X", "importtime", "-m", "taiyaku", *desk.arguments())
    with untouched(desk.out):
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == f"0 documents made, 7 up to date, in {desk.out}/\n"
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if line.startswith("import time:")}
    assert "taiyaku.pipeline.build" in imported
    assert not imported & {"weasyprint", "taiyaku.typeset.engine", "pikepdf", "pypdfium2", "rich"}
    assert [line for line in done.stderr.splitlines() if not line.startswith("import time:")] == []


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize(
    ("name", "made", "count"), [(JA, "mini_", 4), (ZH_LIST, "mini.todo_", 3)], ids=["a chapter", "a checklist"]
)
def test_only_documents_that_hold_a_change_are_made(desk: Desk, name: str, made: str, count: int) -> None:
    added_word = {JA: ("先に電話で", "さきに電話で"), ZH_LIST: ("银行存折", "银行的存折")}
    swap(name, *added_word[name], desk.guide)
    before = files_in(desk.out)
    times = {path.name: path.stat().st_mtime_ns for path in desk.out.glob("*.pdf")}
    ran = desk.build()
    assert ran == Ran(0, f"{count} documents made, {7 - count} up to date, in {desk.out}/\n", "")
    after = files_in(desk.out)
    changed = {path.name for path in desk.out.glob("*.pdf") if path.stat().st_mtime_ns != times[path.name]}
    assert changed == {name for name in DOCUMENTS if name.startswith(made)}
    assert {name for name in DOCUMENTS if after[name] != before[name]} == changed


@pytest.mark.usefixtures("at_once")
def test_quiet(desk: Desk) -> None:
    assert desk.build("-q") == Ran(0, "", "")
    swap(ZH_LIST, "银行存折", "银行的存折", desk.guide)
    assert desk.build("-q", "--form", "checklist", "--edition", "screen") == Ran(0, "", "")
    assert run("check", "-q", "--content", desk.content) == Ran(0, "", "")


@pytest.mark.usefixtures("at_once")
def test_verbose(desk: Desk) -> None:
    swap(ZH_LIST, "银行存折", "银行的存折", desk.guide)
    ran = desk.build("-v", "--form", "checklist", "--edition", "screen")
    first, second, third = ran.out.splitlines()
    assert third == NO_CHAPTERS
    assert re.match(r"^mini\.todo_zh-Hans_ja_checklist-screen\.pdf: 4 pages, \d+ KiB$", first)
    assert second.startswith("1 document made, ")


class Terminal(StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize("colours", [True, False], ids=["in colour", "NO_COLOR"])
def test_progress_on_a_terminal(desk: Desk, monkeypatch: pytest.MonkeyPatch, colours: bool) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "COLORTERM", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    if not colours:
        monkeypatch.setenv("NO_COLOR", "1")
    swap(ZH_LIST, "银行存折", "银行的存折", desk.guide)
    screen = Terminal()
    with redirect_stdout(StringIO()), redirect_stderr(screen):
        code = main(desk.arguments("--form", "checklist", "--edition", "screen"))
    assert code == 0
    assert "todo" in screen.getvalue()
    assert bool(re.search(r"\x1b\[(?:\d+;)*(?:3\d|38;[\d;]+|9\d)m", screen.getvalue())) == colours


# check


def test_check_in_json(desk: Desk) -> None:
    swap(JA, "をします。[@law]", "をします。[@lawless]", desk.guide)
    swap(JA, JA_PARAGRAPH.partition("。")[0], "🦆", desk.guide)
    ran = run("check", "--json", "--content", desk.content)
    assert (ran.code, ran.err) == (1, "")
    cites, glyph, source = json.loads(ran.out)
    assert source == {
        "code": "source.unknown",
        "severity": "error",
        "path": f"content/mini/{JA}",
        "line": 3,
        "message": "the source `lawless` is not in sources.toml",
        "hint": "add it, or correct the key",
    }
    assert (glyph["code"], glyph["line"]) == ("font.glyph", 3)
    assert (cites["code"], cites["also"]) == ("cite.differ", {"path": f"content/mini/{ZH}", "line": 3})


def test_check_without_findings(desk: Desk) -> None:
    assert run("check", "--content", desk.content) == Ran(0, "no findings\n", "")
    assert json.loads(run("check", "--json", "--content", desk.content).out) == []


def test_check_says_the_same_as_a_build(desk: Desk) -> None:
    swap(JA, "先に電話で", "先に<b>電話で", desk.guide)
    checked = run("check", "--content", desk.content)
    assert (checked.code, checked.out) == (1, "1 error, 0 warnings\n")
    assert desk.build().err.startswith(checked.err)


# Drafts


def text_of(pdf: Path) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        return "".join(page.get_textpage().get_text_range() for page in document)


def test_a_draft_prints_what_is_not_translated_with_a_mark(desk: Desk) -> None:
    mark = "（まだ訳していません）"
    assert mark not in text_of(desk.out / "mini_zh-Hans_ja_booklet-screen.pdf")
    swap(JA, JA_PARAGRAPH, "", desk.guide)
    assert desk.build().code == 1
    ran = desk.build("--draft", "--form", "booklet")
    assert ran.code == 0
    assert ran.told == [f"content/mini/{ZH}:3: warning: the paragraph has no partner in ja [pair.missing]"]
    assert mark in text_of(desk.out / "mini_zh-Hans_ja_booklet-screen.pdf")
    assert run("check", "--draft", "--content", desk.content).code == 0


@pytest.mark.usefixtures("at_once")
def test_a_draft_is_not_taken_for_a_release(desk: Desk) -> None:
    """After a draft, a plain build makes everything again."""
    assert desk.build("--draft", "--form", "checklist").out.startswith("3 documents made")
    assert desk.build("--form", "checklist").out.startswith("3 documents made")


def test_a_draft_takes_what_differs_as_a_warning(desk: Desk) -> None:
    swap(JA, "1,000円 [@law]", "1,080円", desk.guide)
    ran = run("check", "--draft", "--content", desk.content)
    assert (ran.code, ran.out) == (0, "0 errors, 3 warnings\n")
    assert [line.rpartition(" ")[2] for line in ran.told] == ["[cite.differ]", "[facts.differ]", "[facts.unsourced]"]
    assert all(": warning: " in line for line in ran.told)


# The day: SOURCE_DATE_EPOCH decides which facts have expired

LAST_DAY: Final = dt.date(2027, 5, 21)
"""On which the tiny guide's source holds: 180 days after it was checked."""

EXPIRED: Final = (
    "content/mini/sources.toml:5: {}: what the source `law` says was checked on 2026-11-22 and held until 2027-05-21 "
    "[source.expired]"
)


def on(day: dt.date) -> str:
    """Return the last second of a day as SOURCE_DATE_EPOCH says it."""
    return str(int(dt.datetime.combine(day, dt.time(23, 59, 59), dt.UTC).timestamp()))


@pytest.fixture
def expired(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let it be the day after the source's last day."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", on(LAST_DAY + dt.timedelta(days=1)))


def test_an_expired_source_stops_check_and_build(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where every document is up to date."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", on(LAST_DAY))
    assert run("check", "--content", desk.content) == Ran(0, "no findings\n", "")
    assert desk.build() == Ran(0, f"0 documents made, 7 up to date, in {desk.out}/\n", "")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", on(LAST_DAY + dt.timedelta(days=1)))
    checked = run("check", "--content", desk.content)
    assert (checked.code, checked.told) == (1, [EXPIRED.format("error")])
    with untouched(desk.out):
        ran = desk.build()
    assert (ran.code, ran.out, ran.told) == (1, "", [EXPIRED.format("error")])
    assert "  hint: open https://example.org/law, compare, and set `checked` to that day" in ran.err


@pytest.mark.usefixtures("expired", "at_once")
def test_a_draft_warns_of_an_expired_source(desk: Desk) -> None:
    """Every time, also where nothing else is to do."""
    assert run("check", "--draft", "--content", desk.content).told == [EXPIRED.format("warning")]
    for made in ("7 documents made, 0 up to date", "0 documents made, 7 up to date"):
        ran = desk.build("--draft")
        assert (ran.code, ran.told) == (0, [EXPIRED.format("warning")])
        assert ran.out.startswith(made)


@pytest.mark.usefixtures("expired")
def test_a_draft_prints_an_expired_source_with_a_mark(desk: Desk) -> None:
    assert desk.build("--draft", "--edition", "screen").code == 0
    booklet, checklist = (text_of(desk.out / DOCUMENTS[i]) for i in (6, 2))
    assert [mark for mark in ("1!", *expired_words(desk)) if mark not in re.sub(r"\s", "", booklet)] == []
    assert "1!" in checklist


def expired_words(desk: Desk) -> list[str]:
    """Return the words that mark an expired source, without spaces."""
    files = (desk.content / "strings" / f"{tag}.toml" for tag in ("zh-Hans", "ja"))
    return [re.sub(r"\s", "", tomllib.loads(file.read_text(encoding="utf-8"))["expired"]) for file in files]


@pytest.mark.usefixtures("at_once")
def test_a_draft_is_made_again_when_another_source_has_expired(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    for days in (0, 1, 2, -100):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", on(LAST_DAY + dt.timedelta(days=days)))
        made.append(desk.build("--draft").out.partition(",")[0])
    assert made == ["7 documents made", "7 documents made", "0 documents made", "7 documents made"]


def built_on(desk: Desk, monkeypatch: pytest.MonkeyPatch, day: dt.date, *more: str) -> dict[str, bytes]:
    """Build everything for screens into a folder of its own, and give the documents."""
    out = desk.folder / f"out-{day}"
    monkeypatch.setenv("SOURCE_DATE_EPOCH", on(day))
    assert desk.build(*more, "--edition", "screen", "--out", out).code == 0
    return {name: data for name, data in files_in(out).items() if name.endswith(".pdf")}


def test_the_day_is_in_no_document(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    made = built_on(desk, monkeypatch, LAST_DAY)
    assert len(made) == 2
    assert {name: data for name, data in files_in(desk.out).items() if name in made} == made


def test_a_draft_is_the_same_on_two_days_on_which_the_same_has_expired(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = (LAST_DAY + dt.timedelta(days=number) for number in (1, 2000))
    made = built_on(desk, monkeypatch, one, "--draft")
    assert made == built_on(desk, monkeypatch, other, "--draft")
    assert [name for name, data in files_in(desk.out).items() if made.get(name) == data] == []


def test_without_a_given_day_it_is_today(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "")
    swap("sources.toml", "2026-11-22", f"{dt.date.today() - dt.timedelta(days=182)}", desk.guide)
    assert [line.rpartition(" ")[2] for line in run("check", "--content", desk.content).told] == ["[source.expired]"]
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    swap("sources.toml", "kind ", "good_for = 200\nkind ", desk.guide)
    assert run("check", "--content", desk.content).code == 0


@pytest.mark.parametrize("epoch", ["soon", "1.5", "2026-11-22", "9" * 30, "-" + "9" * 20])
@pytest.mark.parametrize("command", ["build", "check"])
def test_a_day_that_is_none(desk: Desk, monkeypatch: pytest.MonkeyPatch, command: str, epoch: str) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    with untouched(desk.out):
        ran = desk.build() if command == "build" else run("check", "--content", desk.content)
    message = f"SOURCE_DATE_EPOCH is `{epoch}`, which is no number of seconds since 1970"
    assert ran == Ran(2, "", f"error: {message}\n  hint: correct it, or take it out of the environment\n")


# The machine


def test_a_stream_that_cannot_say_it(desk: Desk) -> None:
    """On a console without Unicode a message is legible all the same, with escapes."""
    swap(JA, "先に電話で", "🦆先に電話で", desk.guide)
    command = (sys.executable, "-m", "taiyaku", "check", "--content", str(desk.content))
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "PYTHONIOENCODING": "ascii"}, capture_output=True, check=False
    )
    assert done.returncode == 1
    assert b"no font of ja has \\U0001f986 (U+1F986 DUCK) [font.glyph]" in done.stderr
    assert b"Traceback" not in done.stderr
    done = subprocess.run(
        (*command, "--json"),
        cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=False,
    )
    (finding,) = json.loads(done.stdout)
    assert (done.returncode, finding["message"]) == (1, "no font of ja has 🦆 (U+1F986 DUCK)")
