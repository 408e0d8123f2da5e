"""`accept` and `status` as a person runs them, and what a stale translation does to `check` and `build`."""

import errno
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from taiyaku.checks.prepare import prepare
from taiyaku.content.load import load_guide
from taiyaku.model.content import walk
from taiyaku.model.documents import Form, Publication
from taiyaku.pipeline import build
from tests.cli.test_commands import JA_PARAGRAPH, Desk, Ran, files_in, run, swap, untouched
from tests.making import tiny_guide
from tests.pipeline.test_output import make_at_once, nothing

ZH: Final = "zh-Hans/01-start.md"
JA: Final = "ja/01-start.md"
EN: Final = "en/01-start.md"
LOCK: Final = "translations.lock"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Return the tiny guide in three languages; the pair of the two translations is printed too."""
    tiny_guide(tmp_path, ("zh-Hans", "en", "ja"))
    one = Desk(tmp_path)
    swap("guide.toml", '[["zh-Hans", "en", "ja"]]', '[["zh-Hans", "ja"], ["en", "ja"]]', one.guide)
    return one


@pytest.fixture
def accepted(desk: Desk) -> Desk:
    assert accept(desk, "mini").code == 0
    return desk


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let documents be made in no time."""
    monkeypatch.setattr(build, "make", make_at_once)
    monkeypatch.setattr(build, "warm_up", nothing)


def accept(desk: Desk, *names: object) -> Ran:
    return run("accept", "--content", desk.content, *names)


def check(desk: Desk, *more: object) -> Ran:
    return run("check", "--content", desk.content, *more)


def locked(desk: Desk) -> str:
    return (desk.guide / LOCK).read_text(encoding="utf-8")


def told(ran: Ran) -> list[str]:
    """Return what was told, without the folder and the code."""
    return [line.removeprefix("content/mini/").partition(" [")[0] for line in ran.told]


def change_source(desk: Desk) -> None:
    swap(ZH, "先打电话预约", "先打电话问时间", desk.guide)


SOURCE_CHANGED: Final = "the source has changed since this translation was accepted"
NEVER: Final = "warning: this translation was never accepted"


# accept


def test_a_guide_without_a_lock_is_not_stale(desk: Desk) -> None:
    assert check(desk) == Ran(0, "no findings\n", "")
    change_source(desk)
    assert check(desk) == Ran(0, "no findings\n", "")


def test_a_whole_guide_is_accepted(desk: Desk) -> None:
    assert accept(desk, "mini") == Ran(0, "24 blocks of 4 files accepted: 0 had been stale, 24 changed or new\n", "")
    assert [line for line in locked(desk).splitlines() if line.startswith("[")] == [
        "[en/01-start.md]",
        "[en/checklists/todo.md]",
        "[ja/01-start.md]",
        "[ja/checklists/todo.md]",
    ]
    assert check(desk) == Ran(0, "no findings\n", "")


def test_accepting_again_changes_no_byte(accepted: Desk) -> None:
    with untouched(accepted.guide):
        assert accept(accepted, "mini").out == "24 blocks of 4 files accepted: 0 had been stale, 0 changed or new\n"
        assert accept(accepted, accepted.guide / JA).out.startswith("8 blocks of 1 file accepted: 0 had been stale")


def test_a_changed_source_makes_all_its_translations_stale(accepted: Desk) -> None:
    change_source(accepted)
    ran = check(accepted)
    assert (ran.code, ran.out) == (1, "2 errors, 0 warnings\n")
    assert told(ran) == [f"{EN}:5: error: {SOURCE_CHANGED}", f"{JA}:5: error: {SOURCE_CHANGED}"]
    assert ran.err.count(f"  see also: content/mini/{ZH}:5\n") == 2
    assert f"then: python3 build.py accept content/mini/{JA}\n" in ran.err


def test_in_a_draft_stale_is_a_warning(accepted: Desk) -> None:
    change_source(accepted)
    ran = check(accepted, "--draft")
    assert (ran.code, ran.out) == (0, "0 errors, 2 warnings\n")
    assert told(ran) == [f"{EN}:5: warning: {SOURCE_CHANGED}", f"{JA}:5: warning: {SOURCE_CHANGED}"]


def test_a_file_is_accepted_as_findings_name_it(accepted: Desk) -> None:
    """Also from another folder; the other language stays stale, and its lines in the lock as they were."""
    change_source(accepted)
    before = locked(accepted).splitlines()
    ran = accept(accepted, f"content/mini/{JA}")
    assert ran == Ran(0, "8 blocks of 1 file accepted: 1 had been stale, 0 changed or new\n", "")
    after = locked(accepted).splitlines()
    changed = [number for number, (a, b) in enumerate(zip(before, after, strict=True)) if a != b]
    assert [after[number].split()[0] for number in changed] == ["item"]
    assert changed[0] > after.index(f"[{JA}]")
    assert told(check(accepted)) == [f"{EN}:5: error: {SOURCE_CHANGED}"]


def test_several_files_are_accepted(accepted: Desk) -> None:
    change_source(accepted)
    ran = accept(accepted, "-v", accepted.guide / EN, accepted.guide / JA)
    assert ran.out.splitlines() == [
        f"content/mini/{EN}: 8 blocks",
        f"content/mini/{JA}: 8 blocks",
        "16 blocks of 2 files accepted: 2 had been stale, 0 changed or new",
    ]
    assert accept(accepted, "-q", "mini") == Ran(0, "", "")
    assert check(accepted) == Ran(0, "no findings\n", "")


def test_white_space_and_lines_are_no_change(accepted: Desk) -> None:
    swap(ZH, "# 开始\n", "\n\n#  开始\n\n", accepted.guide)
    swap(JA, "- 先に", "*   先に", accepted.guide)
    assert check(accepted) == Ran(0, "no findings\n", "")


def test_a_paragraph_put_in_changes_nothing_for_those_behind_it(accepted: Desk) -> None:
    for name, words in ((ZH, "新的一段。"), (JA, "新しい段落。"), (EN, "A new paragraph.")):
        swap(name, "\n\n- ", f"\n\n{words}\n\n- ", accepted.guide)
    ran = check(accepted)
    assert (ran.code, told(ran)) == (0, [f"{EN}:5: {NEVER}", f"{JA}:5: {NEVER}"])
    before = locked(accepted).splitlines()
    accept(accepted, "mini")
    after = locked(accepted).splitlines()
    assert [line for line in after if line in before] == before
    assert len(after) == len(before) + 2
    assert check(accepted).told == []


def test_a_translation_that_was_touched_stays_stale(accepted: Desk) -> None:
    """A stale translation is not waved through by another comma."""
    change_source(accepted)
    swap(JA, "先に電話で", "先に、電話で", accepted.guide)
    assert f"{JA}:5: error: {SOURCE_CHANGED}" in told(check(accepted))


def test_a_changed_translation_is_seen(accepted: Desk) -> None:
    swap(JA, "先に電話で", "まず電話で", accepted.guide)
    ran = check(accepted)
    assert (ran.code, told(ran)) == (0, [f"{JA}:5: warning: this translation has changed since it was accepted"])


def test_a_file_that_nobody_accepted_is_told_once(desk: Desk) -> None:
    accept(desk, desk.guide / JA)
    names = ["en/01-start.md", "en/checklists/todo.md", "ja/checklists/todo.md"]
    assert told(check(desk)) == [f"{name}: {NEVER}" for name in names]


def test_a_text_that_is_gone_leaves_the_lock_with_its_guide(accepted: Desk) -> None:
    for tag in ("zh-Hans", "ja", "en"):
        (accepted.guide / tag / "checklists" / "todo.md").unlink()
    assert check(accepted).told == []
    accept(accepted, "mini")
    assert "todo.md" not in locked(accepted)


# What is not accepted


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        (f"content/mini/{ZH}", "name a Markdown file of another language than zh-Hans, the source, or a guide"),
        ("content/mini/guide.toml", "name a Markdown file of another language than zh-Hans, the source, or a guide"),
        ("content/mini/ja", "name a Markdown file, or a guide for all its translations: mini\n"),
        ("content/mini/ja/02-none.md", "name a Markdown file, or a guide for all its translations: mini\n"),
        ("content/strings/ja.toml", "name a Markdown file, or a guide for all its translations: mini\n"),
        ("maxi", "name a Markdown file, or a guide for all its translations: mini\n"),
    ],
)
def test_what_is_no_translation_is_refused(accepted: Desk, name: str, hint: str) -> None:
    change_source(accepted)
    with untouched(accepted.guide):
        ran = accept(accepted, f"content/mini/{JA}", name)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"error: {name} is not a translation\n  hint: {hint}")


def test_a_name_is_needed(desk: Desk) -> None:
    ran = accept(desk)
    assert (ran.code, ran.out) == (2, "")
    assert "the following arguments are required: FILE" in ran.err


def test_a_translation_that_lacks_a_block_is_not_accepted(accepted: Desk) -> None:
    swap(JA, JA_PARAGRAPH, "", accepted.guide)
    with untouched(accepted.guide):
        ran = accept(accepted, f"content/mini/{JA}")
        assert (ran.code, ran.out) == (1, "")
        assert told(ran) == [f"{ZH}:3: error: the paragraph has no partner in ja"]
        assert ran.err.endswith("nothing was accepted: 1 error, 0 warnings\n")
        assert accept(accepted, "mini").code == 1
    assert accept(accepted, f"content/mini/{EN}").code == 0


def test_a_text_that_cannot_be_read_is_not_accepted(accepted: Desk) -> None:
    swap(ZH, "先打电话", "先<b>打电话", accepted.guide)
    with untouched(accepted.guide):
        ran = accept(accepted, f"content/mini/{JA}")
    assert (ran.code, told(ran)) == (1, [f"{ZH}:5: error: raw HTML `<b>`"])
    assert accept(accepted, "content/mini/ja/checklists/todo.md").code == 0


def test_a_translation_without_source_is_not_accepted(accepted: Desk) -> None:
    (accepted.guide / ZH).unlink()
    with untouched(accepted.guide):
        ran = accept(accepted, f"content/mini/{JA}")
    assert (ran.code, told(ran)) == (1, [f"{ZH}: error: this file is missing"])


def test_a_guide_that_cannot_be_read_is_not_accepted(accepted: Desk) -> None:
    swap("guide.toml", "title ", "title = ", accepted.guide)
    with untouched(accepted.guide):
        ran = accept(accepted, "mini")
    assert (ran.code, ran.out, len(ran.told)) == (1, "", 1)
    assert ran.told[0].endswith("[load.toml]")


def test_a_language_that_lacks_a_file_does_not_stop_the_others(desk: Desk) -> None:
    (desk.guide / EN).unlink()
    assert accept(desk, "mini").out.startswith("16 blocks of 3 files accepted")


def test_a_broken_lock_stops_all_but_a_new_one(accepted: Desk) -> None:
    swap(LOCK, f"[{JA}]", f"<<<<<<< HEAD\n[{JA}]", accepted.guide)
    line = locked(accepted).splitlines().index("<<<<<<< HEAD") + 1
    why = "it is not a kind of block with two hashes"
    message = f"{LOCK}:{line}: error: this line was not written by `accept`: {why}"
    with untouched(accepted.guide):
        for ran in (check(accepted), accept(accepted, f"content/mini/{JA}"), run("status", *content(accepted))):
            assert (ran.code, told(ran)) == (1, [message])
    assert "hint: undo the change, or write the file anew: python3 build.py accept GUIDE\n" in ran.err
    assert accept(accepted, "mini").code == 0
    assert check(accepted).told == []


def test_a_lock_that_is_not_text_stops_all_but_a_new_one(accepted: Desk) -> None:
    (accepted.guide / LOCK).write_bytes(locked(accepted).encode() + b"\xff")
    with untouched(accepted.guide):
        for ran in (check(accepted), accept(accepted, f"content/mini/{JA}"), run("status", *content(accepted))):
            assert (ran.code, [line.rpartition(" ")[2] for line in ran.told]) == (1, ["[load.utf8]"])
    assert accept(accepted, "mini").code == 0


def content(desk: Desk) -> tuple[str, str]:
    return "--content", str(desk.content)


def test_a_lock_with_other_line_ends_is_the_same(accepted: Desk) -> None:
    (accepted.guide / LOCK).write_bytes(b"\xef\xbb\xbf" + locked(accepted).replace("\n", "\r\n").encode())
    assert check(accepted) == Ran(0, "no findings\n", "")


def test_lines_taken_out_of_the_lock_are_seen(accepted: Desk) -> None:
    before = locked(accepted)
    start = before.index("paragraph", before.index(f"[{JA}]"))
    (accepted.guide / LOCK).write_text(before[:start] + before[before.index("\n", start) + 1 :], encoding="utf-8")
    assert told(check(accepted)) == [f"{JA}:3: {NEVER}"]


def test_a_full_disk_leaves_the_lock_as_it_was(accepted: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_file: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    change_source(accepted)
    monkeypatch.setattr(os, "fsync", full)
    with untouched(accepted.guide):
        ran = accept(accepted, "mini")
    message = f"error: {accepted.guide.resolve() / LOCK}: cannot write: No space left on device\n"
    assert (ran.code, ran.out, ran.err[: len(message)]) == (3, "", message)


# build


def made(ran: Ran) -> tuple[int, int]:
    """Return how many documents were made and how many were up to date."""
    counts = re.match(r"(\d+) documents? made, (\d+) up to date", ran.out)
    assert counts
    return int(counts[1]), int(counts[2])


@pytest.mark.usefixtures("at_once")
def test_a_stale_translation_stops_a_build(accepted: Desk) -> None:
    assert accepted.build().code == 0
    change_source(accepted)
    with untouched(accepted.out):
        ran = accepted.build()
    assert (ran.code, ran.out) == (1, "")
    assert told(ran) == [f"{EN}:5: error: {SOURCE_CHANGED}", f"{JA}:5: error: {SOURCE_CHANGED}"]
    assert accepted.build("--draft").code == 0


@pytest.mark.usefixtures("at_once")
def test_a_source_that_is_not_printed_stops_a_build_too(accepted: Desk) -> None:
    """English and Japanese, translated from a Chinese text that has changed."""
    assert accepted.build("--pair", "en,ja").code == 0
    change_source(accepted)
    assert accepted.build("--pair", "en,ja").code == 1


@pytest.mark.usefixtures("at_once")
def test_a_strict_build_is_not_made_from_what_was_accepted(accepted: Desk) -> None:
    """A translation that is accepted once more is no reason to make its documents again."""
    swap(JA, "先に電話で", "まず電話で", accepted.guide)
    everything, _ = made(accepted.build())
    before = files_in(accepted.out)
    assert everything
    accept(accepted, "mini")
    assert made(accepted.build()) == (0, everything)
    assert files_in(accepted.out) == before


@pytest.mark.usefixtures("at_once")
def test_a_draft_is_made_again_when_its_marks_change(accepted: Desk) -> None:
    change_source(accepted)
    everything, _ = made(accepted.build("--draft"))
    booklets = len([name for name in files_in(accepted.out) if name.startswith("mini_en_ja_booklet-")])
    assert 0 < booklets < everything
    accept(accepted, f"content/mini/{EN}")
    assert made(accepted.build("--draft")) == (booklets, everything - booklets)
    assert made(accepted.build("--draft")) == (0, everything)


@pytest.mark.usefixtures("at_once")
def test_a_draft_with_nothing_to_do_parses_nothing(accepted: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("parsed")

    assert accepted.build("--draft").code == 0
    monkeypatch.setattr("taiyaku.checks.prepare.parse", never)
    assert made(accepted.build("--draft"))[0] == 0


def stale_lines(desk: Desk, *, draft: bool, titles: tuple[Publication, ...] = ()) -> Iterator[tuple[str, int]]:
    """Return the places of the blocks that a build gets marked as stale."""
    read = load_guide(desk.content, "mini").content
    assert read is not None
    prepared = prepare(read, draft=draft, titles=titles)
    for (_, _, languages), paired in prepared.paired.items():
        for pair in paired.pairs:
            for tag, top in zip(languages, (pair.first, pair.second), strict=True):
                if top is not None:
                    yield from ((tag, block.place.line) for block in walk((top,)) if block.stale)


def test_a_draft_gets_stale_blocks_marked(accepted: Desk) -> None:
    change_source(accepted)
    assert list(stale_lines(accepted, draft=True)) == [("ja", 5), ("en", 5), ("ja", 5)]
    assert list(stale_lines(accepted, draft=False)) == []


def test_a_draft_of_two_translations_gets_both_marked(accepted: Desk) -> None:
    change_source(accepted)
    title = Publication("mini", "mini", Form.BOOKLET, ("en", "ja"))
    assert list(stale_lines(accepted, draft=True, titles=(title,))) == [("en", 5), ("ja", 5)]


# status


def status(desk: Desk) -> list[dict[str, Any]]:
    ran = run("status", "--json", *content(desk))
    assert (ran.code, ran.err) == (0, "")
    guides: list[dict[str, Any]] = json.loads(ran.out)
    return guides


def test_status_is_a_table(accepted: Desk) -> None:
    swap("guide.toml", "date ", "translations.en = { status = 'reviewed', reviewer = 'A. B.' }\ndate ", accepted.guide)
    change_source(accepted)
    swap(JA, "支払日の", "払う日の", accepted.guide)
    swap(EN, "- Bring the residence card itself\n", "", accepted.guide)
    (accepted.guide / "en/checklists/todo.md").unlink()
    ran = run("status", *content(accepted))
    assert (ran.code, ran.err) == (0, "")
    assert [re.split(r" {3,}", line) for line in ran.out.splitlines()] == [
        ["mini: translated from zh-Hans; oldest source law, checked 2026-11-22"],
        ["text", "blocks", "en (reviewed, A. B.)", "ja (draft)", "oldest source"],
        [
            "01-start",
            "8",
            "6 translated, 1 stale, 1 missing",
            "7 translated, 1 stale, 1 not accepted",
            "2026-11-22 law",
        ],
        ["checklists/todo", "4", "no file", "4 translated", "2026-11-22 law"],
    ]


def test_status_without_a_lock_says_so(desk: Desk) -> None:
    ran = run("status", *content(desk))
    assert ran.out.splitlines()[-1] == (
        "no translations.lock: what is stale is not known. To begin: python3 build.py accept mini"
    )
    assert "stale" not in "".join(ran.out.splitlines()[:-1])
    (guide,) = status(desk)
    assert guide["locked"] is False
    assert {one["stale"] for text in guide["texts"] for one in text["translations"]} == {None}


def test_status_in_json(accepted: Desk) -> None:
    change_source(accepted)
    (guide,) = status(accepted)
    assert guide | {"texts": []} == {
        "guide": "mini",
        "source": "zh-Hans",
        "locked": True,
        "languages": [
            {"language": "en", "status": "draft", "reviewer": ""},
            {"language": "ja", "status": "draft", "reviewer": ""},
        ],
        "texts": [],
        "oldest_source": {"key": "law", "checked": "2026-11-22", "good_until": "2027-05-21"},
    }
    chapter, checklist = guide["texts"]
    assert (chapter["name"], chapter["role"], chapter["blocks"]) == ("01-start", "chapter", 8)
    assert (checklist["name"], checklist["role"], checklist["blocks"]) == ("todo", "checklist", 4)
    assert chapter["translations"][1] == {
        "language": "ja",
        "path": f"content/mini/{JA}",
        "there": True,
        "translated": 7,
        "stale": 1,
        "unaccepted": 0,
        "missing": 0,
    }


def test_status_counts_every_block_once(accepted: Desk) -> None:
    change_source(accepted)
    swap(EN, "- Bring the residence card itself\n", "", accepted.guide)
    (accepted.guide / "ja/checklists/todo.md").unlink()
    (guide,) = status(accepted)
    for text in guide["texts"]:
        for one in text["translations"]:
            assert one["translated"] + one["stale"] + one["missing"] == text["blocks"]


def test_status_of_a_guide_that_is_not_there(desk: Desk) -> None:
    ran = run("status", "maxi", *content(desk))
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("error: there is no guide `maxi`")


def test_status_of_a_guide_that_cannot_be_read(desk: Desk) -> None:
    swap("guide.toml", "title ", "title = ", desk.guide)
    ran = run("status", *content(desk))
    assert (ran.code, ran.out) == (1, "")
    assert ran.told[0].endswith("[load.toml]")


def test_status_of_one_language(tmp_path: Path) -> None:
    tiny_guide(tmp_path, ("ja",))
    ran = run("status", "--content", tmp_path / "content")
    assert ran.code == 0
    assert ran.out.splitlines()[0].startswith("mini: translated from ja")
    assert "translations.lock" not in ran.out
