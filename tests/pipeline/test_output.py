"""What lies in dist/: the manifest's contract, file names, partial builds, and writes that hold when all goes wrong.

Nothing is typeset here: a maker that takes no time stands in for the typesetter.
"""

import hashlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest

from taiyaku.cli.commands import main
from taiyaku.errors import ExitCode, MachineError, UsageError
from taiyaku.files import write_file
from taiyaku.model.documents import Document, Edition, Form, Publication
from taiyaku.model.findings import Finding, Place
from taiyaku.pipeline import build as pipeline
from taiyaku.pipeline import output, targets
from taiyaku.pipeline import title as make
from taiyaku.pipeline.check import Outcome
from taiyaku.pipeline.locking import recover, require_writable, scratch
from tests.making import ROOT, tiny_guide

BOOKLET: Final = Publication("mini", "mini", Form.BOOKLET, ("zh-Hans", "ja"))
CHECKLIST: Final = Publication("mini", "todo", Form.CHECKLIST, ("zh-Hans", "ja"))
BOOKLETS: Final = [f"mini_zh-Hans_ja_booklet-{edition}.pdf" for edition in ("large", "print", "screen", "press")]
CHECKLISTS: Final = [f"mini.todo_zh-Hans_ja_checklist-{edition}.pdf" for edition in ("print", "screen", "press")]
UNIVERSITY: Final = 'name = { ja = "大学", zh-Hans = "大学" }\n'


def made(
    title: Publication = BOOKLET, edition: Edition = Edition.SCREEN, pdf: bytes = b"%PDF-", **more: Any
) -> output.Artifact:
    return output.Artifact(Document(title, edition, "在日本办手机号", pdf, 6, 3), "fingerprint", **more)


def publish(out: Path, *documents: output.Artifact, kept: tuple[Mapping[str, Any], ...] = ()) -> None:
    output.publish(out, documents, kept, version="2026.11.0", source_date="2026-11-22")


def manifest(out: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    return read


def paths(out: Path) -> list[str]:
    return [document["path"] for document in manifest(out)["documents"]]


def names(out: Path) -> list[str]:
    return sorted(path.name for path in out.iterdir())


# The manifest


def test_manifest_is_a_contract(tmp_path: Path) -> None:
    """Other tools read it: fields may be added, none may be renamed."""
    warning = Finding("source.unused", Place("content/mini/sources.toml", 8), {"key": "idle"}).as_warning()
    publish(tmp_path, made(pdf=b"%PDF-1", findings=(warning,)))
    assert manifest(tmp_path) == {
        "schema": 1,
        "version": "2026.11.0",
        "source_date": "2026-11-22",
        "documents": [
            {
                "path": "mini_zh-Hans_ja_booklet-screen.pdf",
                "guide": "mini",
                "name": "mini",
                "form": "booklet",
                "edition": "screen",
                "languages": ["zh-Hans", "ja"],
                "host": "",
                "title": "在日本办手机号",
                "paper": "a5",
                "pages": 6,
                "sheets": 3,
                "bytes": 6,
                "sha256": hashlib.sha256(b"%PDF-1").hexdigest(),
                "inputs": "fingerprint",
                "findings": [
                    {
                        "code": "source.unused",
                        "severity": "warning",
                        "path": "content/mini/sources.toml",
                        "line": 8,
                        "message": "the source `idle` is never cited",
                        "hint": "cite it with [@idle], or remove it",
                    }
                ],
            }
        ],
    }


def test_manifest_is_sorted_and_legible(tmp_path: Path) -> None:
    publish(tmp_path, made(), made(CHECKLIST), made(CHECKLIST, Edition.PRINT), kept=({"path": "a_ja_booklet.pdf"},))
    assert paths(tmp_path) == ["a_ja_booklet.pdf", *CHECKLISTS[:2], BOOKLETS[2]]
    text = (tmp_path / "manifest.json").read_text(encoding="utf-8")
    assert "在日本办手机号" in text
    assert text.endswith("}\n")


def test_manifest_says_the_truth_about_files(tmp_path: Path) -> None:
    publish(tmp_path, made(pdf=b"one"), made(CHECKLIST, pdf=b"three"))
    for document in manifest(tmp_path)["documents"]:
        data = (tmp_path / document["path"]).read_bytes()
        assert (document["bytes"], document["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())


@pytest.mark.parametrize(
    ("title", "edition", "name"),
    [
        (BOOKLET, Edition.PRINT, "mini_zh-Hans_ja_booklet-print.pdf"),
        (CHECKLIST, Edition.SCREEN, "mini.todo_zh-Hans_ja_checklist-screen.pdf"),
        (Publication("mini", "mini", Form.BOOKLET, ("en",)), Edition.SCREEN, "mini_en_booklet-screen.pdf"),
        (
            Publication("phone-number", "at-the-shop", Form.CHECKLIST, ("en", "ja"), "university"),
            Edition.PRINT,
            "phone-number.at-the-shop_en_ja_checklist-print_university.pdf",
        ),
    ],
)
def test_file_names_explain_themselves(title: Publication, edition: Edition, name: str) -> None:
    assert title.file_name(edition) == name


# What is up to date


def test_up_to_date(tmp_path: Path) -> None:
    publish(tmp_path, made(pdf=b"%PDF-1"))
    known = output.read_manifest(tmp_path)

    def fresh(inputs: str = "fingerprint", edition: Edition = Edition.SCREEN) -> bool:
        return output.up_to_date(tmp_path, known, BOOKLET, edition, inputs)

    assert fresh()
    assert not fresh(inputs="other")
    assert not fresh(edition=Edition.PRINT)
    (tmp_path / BOOKLETS[2]).write_bytes(b"%PDF-2")
    assert not fresh()
    (tmp_path / BOOKLETS[2]).unlink()
    assert not fresh()


BROKEN: Final = {
    "no JSON": b"{",
    "not UTF-8": b"\xff\xfe",
    "nothing": b"",
    "a list": b"[]",
    "null": b"null",
    "no documents": b'{"schema": 1}',
    "numbers": b'{"schema": 1, "documents": [1, 2]}',
    "no path": b'{"schema": 1, "documents": [{"guide": "mini"}]}',
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN.keys())
def test_broken_manifest_is_no_manifest(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "manifest.json").write_bytes(text)
    assert output.read_manifest(tmp_path) == {}
    publish(tmp_path, made())
    assert paths(tmp_path) == [BOOKLETS[2]]


def test_manifest_that_leads_elsewhere_removes_nothing(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (tmp_path / "mine.pdf").write_bytes(b"keep me")
    foreign = ["../mine.pdf", "../out/../mine.pdf", str(tmp_path / "mine.pdf"), "..", "."]
    (out / "manifest.json").write_text(
        json.dumps({"schema": 1, "documents": [{"path": one} for one in foreign]}), "utf-8"
    )
    publish(out, made())
    assert (tmp_path / "mine.pdf").read_bytes() == b"keep me"
    assert names(out) == ["manifest.json", BOOKLETS[2]]


# Writing


def test_what_no_manifest_names_any_more_is_removed(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("not ours", encoding="utf-8")
    publish(tmp_path, made(), made(CHECKLIST))
    publish(tmp_path, made())
    assert names(tmp_path) == ["manifest.json", BOOKLETS[2], "notes.txt"]


def test_sweeping_leaves_a_running_build_alone(tmp_path: Path) -> None:
    for name, hours in ((".building-old", 2), (".building-now", 0)):
        (tmp_path / name).mkdir()
        then = time.time() - hours * 3600
        os.utime(tmp_path / name, (then, then))
    publish(tmp_path, made())
    assert names(tmp_path) == [".building-now", "manifest.json", BOOKLETS[2]]


def test_failing_write_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(tmp_path, made(pdf=b"old"))
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(MachineError) as caught:
        publish(tmp_path, made(pdf=b"new"))
    assert caught.value.message == f"{tmp_path}: cannot write: No space left on device"
    assert caught.value.hint == "free space or choose another folder with --out DIR"
    assert caught.value.exit_code is ExitCode.MACHINE
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.parametrize("moves", range(4))
def test_killed_while_moving_files(tmp_path: Path, moves: int) -> None:
    """SIGKILL before each move: every file is whole, the manifest comes last, and the next publishing mends all."""
    publish(tmp_path, made(pdf=b"old" * 9), made(CHECKLIST, pdf=b"OLD" * 9))
    child = os.fork()
    if child == 0:
        die_after(moves)
        publish(tmp_path, made(pdf=b"new" * 9), made(CHECKLIST, pdf=b"NEW" * 9))
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == (-signal.SIGKILL if moves < 3 else 0)
    booklet, checklist = ((tmp_path / name).read_bytes() for name in (BOOKLETS[2], CHECKLISTS[1]))
    assert (booklet, checklist) == (
        b"new" * 9 if moves > 0 else b"old" * 9,
        b"NEW" * 9 if moves > 1 else b"OLD" * 9,
    )
    old = hashlib.sha256(b"old" * 9).hexdigest()
    assert (manifest(tmp_path)["documents"][1]["sha256"] == old) == (moves < 3)
    publish(tmp_path, made(pdf=b"new" * 9), made(CHECKLIST, pdf=b"NEW" * 9))
    assert [name for name in names(tmp_path) if not name.startswith(".")] == [
        "manifest.json",
        CHECKLISTS[1],
        BOOKLETS[2],
    ]


def die_after(moves: int) -> None:
    """Let this process be killed when it would move one file more."""
    real, moved = Path.replace, list[object]()

    def replace(path: Path, target: Path) -> Path:
        if len(moved) == moves:
            os.kill(os.getpid(), signal.SIGKILL)
        moved.append(target)
        return real(path, target)

    Path.replace = replace  # type: ignore[method-assign, assignment]


# What is somebody else's


@pytest.mark.parametrize("said", ['{"name": "an app", "icons": []}', '{"documents": [{"path": "thesis.pdf"}]}', "[1]"])
def test_another_programs_manifest_is_not_replaced(tmp_path: Path, said: str) -> None:
    (tmp_path / "manifest.json").write_text(said, encoding="utf-8")
    (tmp_path / "thesis.pdf").write_bytes(b"precious")
    for attempt in (partial(publish, tmp_path, made()), partial(require_writable, tmp_path)):
        with pytest.raises(MachineError) as caught:
            attempt()
        assert caught.value.message == f"{tmp_path}/manifest.json is another program's, and ours would take its place"
    assert contents(tmp_path) == {"manifest.json": said.encode(), "thesis.pdf": b"precious"}


def test_a_document_that_somebody_has_changed_is_not_removed(tmp_path: Path) -> None:
    """Filled in and saved, or put there under the name that a manifest holds."""
    publish(tmp_path, made(), made(CHECKLIST))
    (tmp_path / CHECKLISTS[1]).write_bytes(b"filled in")
    publish(tmp_path, made())
    assert paths(tmp_path) == [BOOKLETS[2]]
    assert (tmp_path / CHECKLISTS[1]).read_bytes() == b"filled in"


def test_two_documents_of_one_name_are_refused(tmp_path: Path) -> None:
    publish(tmp_path, made(pdf=b"old"))
    before = contents(tmp_path)
    with pytest.raises(UsageError) as caught:
        publish(tmp_path, made(pdf=b"new"), made(replace(BOOKLET, guide="MINI", name="MINI"), pdf=b"NEW"))
    assert caught.value.message == f"two documents would have the name {BOOKLETS[2].lower()}"
    assert contents(tmp_path) == before


def test_nothing_is_written_through_a_link(tmp_path: Path) -> None:
    out, victim = tmp_path / "out", tmp_path / "thesis.txt"
    out.mkdir()
    victim.write_bytes(b"precious")
    for name in (BOOKLETS[2], "manifest.json", f".sheet.pdf.{os.getpid()}.part", ".sheet.pdf.part", "sheet.pdf"):
        (out / name).symlink_to(victim)
    publish(out, made(pdf=b"new"))
    write_file(out / "sheet.pdf", b"a sheet")
    assert victim.read_bytes() == b"precious"
    assert {(out / name).is_symlink() for name in (BOOKLETS[2], "manifest.json", "sheet.pdf")} == {False}


def test_the_output_folder_itself_may_be_a_link_to_another_disk(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "disk" / "mine.pdf").write_bytes(b"mine")
    (tmp_path / "dist").symlink_to("disk")
    publish(tmp_path / "dist", made())
    output.publish_folder(tmp_path / "dist" / "release", {"a": b"1"})
    assert names(tmp_path / "disk") == ["manifest.json", "mine.pdf", BOOKLETS[2], "release"]


def a_link(place: Path) -> None:
    (place.parent / "site").mkdir()
    (place.parent / "site" / "mine.html").write_bytes(b"mine")
    place.symlink_to("site")


def a_file(place: Path) -> None:
    place.write_bytes(b"mine")


@pytest.mark.parametrize(("make_it", "what"), [(a_link, "a link"), (a_file, "a file")])
def test_a_release_takes_no_place_of_a_link_or_a_file(
    tmp_path: Path, make_it: Callable[[Path], None], what: str
) -> None:
    make_it(tmp_path / "release")
    before = contents(tmp_path)
    for attempt in (output.require_release_folder, partial(output.publish_folder, files={"a": b"1"})):
        with pytest.raises(MachineError) as caught:
            attempt(tmp_path / "release")
        assert caught.value.message == f"{tmp_path}/release is {what}, and a release would take its place"
    assert contents(tmp_path) == before


def test_a_release_takes_no_place_of_what_no_release_has_written(tmp_path: Path) -> None:
    folder = tmp_path / "release"
    output.publish_folder(folder, {"read/a.html": b"1", "SHA256SUMS": b"aa  read/a.html\n"})
    (folder / ".DS_Store").write_bytes(b"left by a window")
    output.require_release_folder(folder)
    (folder / "read" / "notes.txt").write_bytes(b"mine")
    with pytest.raises(MachineError) as caught:
        output.require_release_folder(folder)
    assert f"{folder} holds read/notes.txt, which no release has written" in caught.value.message


# Moves that fail or are interrupted


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def fail_at(monkeypatch: pytest.MonkeyPatch, move: int, error: BaseException) -> None:
    """Let one move of a file fail."""
    real, moved = Path.replace, list[object]()

    def replace_but_once(path: Path, target: Path) -> Path:
        moved.append(target)
        if len(moved) == move:
            raise error
        return real(path, target)

    monkeypatch.setattr(Path, "replace", replace_but_once)


@pytest.mark.parametrize("move", [1, 2, 3, 4])
@pytest.mark.parametrize("error", [OSError(5, "Input/output error"), KeyboardInterrupt()])
def test_a_move_that_fails_leaves_documents_and_manifest_as_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, move: int, error: BaseException
) -> None:
    publish(tmp_path, made(pdf=b"old"), made(CHECKLIST, pdf=b"OLD"))
    before = contents(tmp_path)
    fail_at(monkeypatch, move, error)
    with pytest.raises((MachineError, KeyboardInterrupt)):
        publish(tmp_path, made(pdf=b"new"), made(CHECKLIST, pdf=b"NEW"), made(CHECKLIST, Edition.PRINT, pdf=b"more"))
    assert contents(tmp_path) == before


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.parametrize("moves", range(3))
def test_after_a_kill_the_next_command_makes_the_manifest_true(tmp_path: Path, moves: int) -> None:
    publish(tmp_path, made(pdf=b"old"), made(CHECKLIST, pdf=b"OLD"))
    before = contents(tmp_path)
    killed_after(moves, partial(publish, tmp_path, made(pdf=b"new"), made(CHECKLIST, pdf=b"NEW")))
    recover(tmp_path)
    assert {name: data for name, data in contents(tmp_path).items() if "/" not in name} == before


@pytest.mark.parametrize("error", [OSError(5, "Input/output error"), KeyboardInterrupt()])
def test_the_very_last_step_may_fail_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    publish(tmp_path, made(pdf=b"old"))
    before = contents(tmp_path)
    real = Path.rename

    def rename(path: Path, target: Path) -> Path:
        if path.name == "old":
            raise error
        return real(path, target)

    monkeypatch.setattr(Path, "rename", rename)
    with pytest.raises((MachineError, KeyboardInterrupt)):
        publish(tmp_path, made(pdf=b"new"), made(CHECKLIST))
    monkeypatch.undo()
    assert {name: data for name, data in contents(tmp_path).items() if "/" not in name} == before
    recover(tmp_path)
    assert {name: data for name, data in contents(tmp_path).items() if "/" not in name} == before


def killed_after(moves: int, run: Callable[[], object]) -> None:
    """Run something in a process that is killed when it would move one file more."""
    child = os.fork()
    if child == 0:
        die_after(moves)
        run()
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


@pytest.fixture(params=["in one step", "in two"])
def steps(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "in two":
        monkeypatch.setattr(output, "_exchange", lambda _first, _second: False)
    return str(request.param)


def test_a_release_takes_the_place_of_the_old_one(tmp_path: Path, steps: str) -> None:
    output.publish_folder(tmp_path / "release", {"a": b"old", "b": b"gone"})
    output.publish_folder(tmp_path / "release", {"a": b"new", "read/c": b"new"})
    assert contents(tmp_path) == {"release/a": b"new", "release/read/c": b"new"}
    assert names(tmp_path) == ["release"], steps


@pytest.mark.skipif(sys.platform != "linux", reason="a call of Linux")
def test_on_linux_two_folders_change_places_in_one_step(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / name).touch()
    assert output._exchange(tmp_path / "a", tmp_path / "b")
    assert [names(tmp_path / name) for name in ("a", "b")] == [["b"], ["a"]]
    assert not output._exchange(tmp_path / "a", tmp_path / "none")


@pytest.mark.parametrize("move", [1, 2])
@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_release_is_not_lost_when_a_move_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, move: int, error: BaseException
) -> None:
    monkeypatch.setattr(output, "_exchange", lambda _first, _second: False)
    output.publish_folder(tmp_path / "release", {"a": b"old"})
    fail_at(monkeypatch, move, error)
    with pytest.raises((MachineError, KeyboardInterrupt)):
        output.publish_folder(tmp_path / "release", {"a": b"new"})
    assert contents(tmp_path) == {"release/a": b"old"}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_release_whose_command_was_killed_between_the_moves_comes_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever comes next, and however much later."""
    monkeypatch.setattr(output, "_exchange", lambda _first, _second: False)
    output.publish_folder(tmp_path / "release", {"a": b"old"})
    killed_after(1, partial(output.publish_folder, tmp_path / "release", {"a": b"new"}))
    assert not (tmp_path / "release").exists()
    (stage,) = tmp_path.glob(".building-*")
    os.utime(stage, (0, 0))
    publish(tmp_path, made())
    assert (tmp_path / "release" / "a").read_bytes() == b"old"
    assert names(tmp_path) == ["manifest.json", BOOKLETS[2], "release"]


# Two at once


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_of_two_at_once_the_manifest_is_true(tmp_path: Path) -> None:
    def many(who: int) -> None:
        for number in range(20):
            publish(tmp_path, made(pdf=f"{who} {number}".encode()), made(CHECKLIST, pdf=f"{number} {who}".encode()))

    children = [os.fork() for _ in range(1)]
    if 0 in children:
        many(1)
        os._exit(0)
    many(2)
    assert os.waitpid(children[0], 0)[1] == 0
    for document in manifest(tmp_path)["documents"]:
        assert hashlib.sha256((tmp_path / document["path"]).read_bytes()).hexdigest() == document["sha256"]
    assert names(tmp_path) == ["manifest.json", CHECKLISTS[1], BOOKLETS[2]]


HOLDS: Final = """
import sys, time
from pathlib import Path
from taiyaku.pipeline.locking import locked
with locked(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no locks of that kind")
def test_a_folder_that_is_held_is_told_with_its_process_and_free_when_that_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("taiyaku.pipeline.locking._PATIENCE_S", 0.1)
    with subprocess.Popen([sys.executable, "-c", HOLDS, tmp_path], cwd=ROOT, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(MachineError) as caught:
            publish(tmp_path, made())
        other.kill()
    by = f" (process {other.pid})" if sys.platform == "linux" else ""
    assert caught.value.message == f"{tmp_path}: another build{by} is writing there"
    publish(tmp_path, made())
    assert names(tmp_path) == ["manifest.json", BOOKLETS[2]]


def test_a_stage_whose_process_lives_is_not_swept_however_old(tmp_path: Path) -> None:
    with scratch(tmp_path / "release") as stage:
        os.utime(stage.parent, (0, 0))
        publish(tmp_path, made())
        assert stage.is_dir()
        publish(stage, made())  # who builds in there locks it for itself
    assert not stage.parent.exists()


# Builds, with a maker that takes no time


def make_at_once(work: make.Job) -> make.JobResult:
    documents = (
        Document(work.title, edition, work.title.name, f"{work.inputs} {edition}".encode(), 4, 1)
        for edition in work.editions
    )
    return make.JobResult(tuple(documents), ())


def nothing(*_: object) -> None:
    """Import no typesetter."""


@pytest.fixture
def guide(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(pipeline, "make", make_at_once)
    monkeypatch.setattr(pipeline, "warm_up", nothing)
    return tiny_guide(tmp_path) / "mini"


def build(guide: Path, *more: str) -> Path:
    out = guide.parent.parent / "out"
    assert main(["build", "--content", str(guide.parent), "--out", str(out), "--jobs", "1", *more]) == 0
    return out


def said(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().out.splitlines()[0]


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_partial_build_keeps_the_other_entries(guide: Path) -> None:
    out = build(guide)
    before = {document["path"]: document for document in manifest(out)["documents"]}
    change(guide / "ja/01-start.md", "先に電話で", "さきに電話で")
    change(guide / "ja/checklists/todo.md", "銀行の通帳", "通帳")
    build(guide, "--form", "checklist", "--edition", "print")
    after = {document["path"]: document for document in manifest(out)["documents"]}
    assert list(after) == sorted([*CHECKLISTS, *BOOKLETS])
    assert [path for path in after if after[path] != before[path]] == [CHECKLISTS[0]]


def test_partial_build_does_not_call_the_others_up_to_date(guide: Path, capsys: pytest.CaptureFixture[str]) -> None:
    build(guide)
    said(capsys)
    change(guide / "ja/01-start.md", "先に電話で", "さきに電話で")
    change(guide / "ja/checklists/todo.md", "銀行の通帳", "通帳")
    out = build(guide, "--form", "checklist")
    assert said(capsys) == f"3 documents made, 0 up to date, in {out}/"


def test_building_one_guide_keeps_the_other(guide: Path) -> None:
    (guide.parent / "other").mkdir()
    for path in sorted(guide.rglob("*")):
        copy = guide.parent / "other" / path.relative_to(guide)
        copy.mkdir() if path.is_dir() else copy.write_bytes(path.read_bytes())
    out = build(guide)
    assert len(paths(out)) == 14
    change(guide / "ja/01-start.md", "先に電話で", "さきに電話で")
    build(guide, "mini")
    assert [path for path in paths(out) if path.startswith("other")] == [
        name.replace("mini", "other") for name in sorted([*CHECKLISTS, *BOOKLETS])
    ]


def without_checklist(guide: Path) -> None:
    for tag in ("zh-Hans", "ja"):
        (guide / tag / "checklists" / "todo.md").unlink()


def test_removed_checklist_disappears_with_the_next_change(guide: Path) -> None:
    out = build(guide)
    without_checklist(guide)
    change(guide / "ja/01-start.md", "先に電話で", "さきに電話で")
    build(guide)
    assert names(out) == ["manifest.json", *sorted(BOOKLETS)]
    assert paths(out) == sorted(BOOKLETS)


def test_removed_checklist_disappears(guide: Path) -> None:
    out = build(guide)
    without_checklist(guide)
    build(guide)
    assert names(out) == ["manifest.json", *sorted(BOOKLETS)]
    assert paths(out) == sorted(BOOKLETS)


def test_source_that_only_a_removed_checklist_cited(guide: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What the rest lacks is told, though no document is stale."""
    for tag, amount in (("zh-Hans", "1,000日元"), ("ja", "1,000円")):
        change(guide / tag / "01-start.md", "[@law]", "")
        change(guide / tag / "01-start.md", amount, "－")
    build(guide)
    without_checklist(guide)
    assert main(["build", "--content", str(guide.parent), "--out", str(guide.parent.parent / "out")]) == 1
    assert "the source `law` is never cited" in capsys.readouterr().err


def test_removed_document_is_made_again(guide: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = build(guide)
    said(capsys)
    (out / BOOKLETS[0]).unlink()
    (out / CHECKLISTS[1]).write_bytes(b"altered by hand")
    build(guide)
    assert said(capsys) == f"2 documents made, 5 up to date, in {out}/"
    assert names(out) == ["manifest.json", *sorted([*CHECKLISTS, *BOOKLETS])]


def test_hosts_are_kept_apart(guide: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (guide.parent / "hosts" / "university").mkdir(parents=True)
    (guide.parent / "hosts" / "university" / "host.toml").write_text(UNIVERSITY, encoding="utf-8")
    out = build(guide)
    said(capsys)
    build(guide, "--host", "university")
    assert said(capsys).startswith("7 documents made")
    hosted = [re.sub(r"\.pdf$", "_university.pdf", name) for name in (*CHECKLISTS, *BOOKLETS)]
    assert paths(out) == sorted([*CHECKLISTS, *BOOKLETS, *hosted])
    assert {document["path"]: document["host"] for document in manifest(out)["documents"]} == {
        **dict.fromkeys((*CHECKLISTS, *BOOKLETS), ""),
        **dict.fromkeys(hosted, "university"),
    }
    build(guide)
    assert said(capsys).startswith("0 documents made")
    change(guide.parent / "hosts" / "university" / "host.toml", "大学", "大学院")
    build(guide)
    assert said(capsys).startswith("0 documents made")
    build(guide, "--host", "university")
    assert said(capsys).startswith("7 documents made")
    assert len(paths(out)) == 14


def test_what_another_build_has_made_meanwhile_is_kept(guide: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both have read the manifest before either has written it."""
    (guide.parent / "hosts" / "university").mkdir(parents=True)
    (guide.parent / "hosts" / "university" / "host.toml").write_text(UNIVERSITY, encoding="utf-8")
    real = pipeline._build

    def overtaken(*arguments: Any) -> Outcome:
        monkeypatch.setattr(pipeline, "_build", real)
        build(guide, "--host", "university")
        return real(*arguments)

    monkeypatch.setattr(pipeline, "_build", overtaken)
    out = build(guide)
    assert len(paths(out)) == 14
    assert names(out) == ["manifest.json", *paths(out)]


def test_a_document_altered_by_hand_is_in_no_manifest_of_another_build(guide: Path) -> None:
    out = build(guide)
    (out / BOOKLETS[0]).write_bytes(b"altered by hand")
    change(guide / "ja/checklists/todo.md", "銀行の通帳", "通帳")
    build(guide, "--form", "checklist")
    assert BOOKLETS[0] not in paths(out)
    assert (out / BOOKLETS[0]).read_bytes() == b"altered by hand"


def test_removed_checklist_disappears_for_every_host(guide: Path) -> None:
    (guide.parent / "hosts" / "university").mkdir(parents=True)
    (guide.parent / "hosts" / "university" / "host.toml").write_text(UNIVERSITY, encoding="utf-8")
    out = build(guide)
    build(guide, "--host", "university")
    without_checklist(guide)
    change(guide / "ja/01-start.md", "先に電話で", "さきに電話で")
    build(guide)
    assert paths(out) == sorted([*BOOKLETS, *(re.sub(r"\.pdf$", "_university.pdf", name) for name in BOOKLETS)])


def test_manifest_has_version_and_date_of_the_guide(guide: Path) -> None:
    change(guide / "guide.toml", '"2026.11.0"', '"2026.12.3"')
    change(guide / "guide.toml", "2026-11-22", "2026-12-24")
    written = manifest(build(guide))
    assert (written["schema"], written["version"], written["source_date"]) == (1, "2026.12.3", "2026-12-24")


def add_comment(file: Path) -> None:
    file.write_text(file.read_text(encoding="utf-8") + "# one comment more\n", encoding="utf-8")


@pytest.mark.parametrize("damage", ["strings", "guide.toml", "sources.toml", "glossary.toml", "figures", "program"])
def test_whatever_a_document_is_made_from_makes_it_stale(
    guide: Path, damage: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    out = build(guide)
    said(capsys)
    if damage == "strings":
        add_comment(guide.parent / "strings" / "ja.toml")
    elif damage == "figures":
        (guide / "figures").mkdir()
        (guide / "figures" / "new.svg").write_text("<svg/>", encoding="utf-8")
    elif damage == "program":
        monkeypatch.setattr(targets, "program_fingerprint", lambda _theme: "another program")
    else:
        add_comment(guide / damage)
    build(guide)
    assert said(capsys) == f"7 documents made, 0 up to date, in {out}/"


if sys.platform == "win32":  # workers start anew there: they would not know the maker
    pytest.skip("stands in for the typesetter in forked workers", allow_module_level=True)
