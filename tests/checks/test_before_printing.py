"""What a person opens and dials before a print run: the list, and the command that makes it."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from taiyaku.checks.before_printing import before_printing
from taiyaku.cli.commands import main
from taiyaku.model.content import Content, Text
from tests.making import text, tiny_content, tiny_guide

OUT: Final = "docs/before-printing.md"


def content(**sources: tuple[dt.date, int | None, str]) -> Content:
    """Return a guide with sources: the day of the check, how long it holds, what to look for."""
    law = tiny_content().sources["law"]
    made = {
        key: law.model_copy(update={"checked": checked, "good_for": good_for, "verify": verify})
        for key, (checked, good_for, verify) in sources.items()
    }
    return replace(tiny_content(), sources=made)


def chapter(markdown: str, name: str = "01-start", language: str = "ja") -> Text:
    return text(f"# 題\n\n{markdown}\n", language, f"content/mini/{language}/{name}.md")


def listed(content: Content, *texts: Text) -> list[str]:
    return before_printing(content, texts, OUT).splitlines()


def entries(lines: Iterable[str]) -> list[str]:
    """Return what is to be opened and dialled, in order."""
    return [line.removeprefix("- [ ] ") for line in lines if line.startswith("- [ ] ")]


DAY: Final = dt.date(2026, 11, 22)


def test_the_whole_list():
    guide = content(law=(DAY, None, ""), fee=(DAY, 30, "the fee since September"))
    texts = (chapter("法律。[@law]110番か0120-123-456へ。[@fee]"), chapter("一[@fee]、0120-123-456", "02-next"))
    assert listed(guide, *texts) == [
        "# Before a print run: 在日本办手机号",
        "",
        "Made by `python3 build.py before-printing --out docs/before-printing.md` from `content/mini/sources.toml`. "
        "Change that file, not this one.",
        "",
        "Every fact was true on the day on which it was checked. Before you print for others, a person opens each page "
        "below",
        "and dials each number, compares, and sets `checked` to that day. Nobody can do this by a program: a page may "
        "be there",
        "and say something else.",
        "",
        "## Open first: a question is open (1)",
        "",
        "- [ ] `fee` 総務省: The phone law",
        "      <https://example.org/law>",
        "      checked 2026-11-22, good until 2026-12-22; cited in 01-start, 02-next",
        "      note: the fee since September",
        "",
        "## Open too, the oldest first (1)",
        "",
        "- [ ] `law` 総務省: The phone law",
        "      <https://example.org/law>",
        "      checked 2026-11-22, good until 2027-05-21; cited in 01-start",
        "",
        "## Dial (2)",
        "",
        "- [ ] 0120-123-456: in 01-start, 02-next",
        "- [ ] 110: in 01-start",
    ]


def test_questions_come_first_then_what_expires_first():
    guide = content(
        late=(DAY, 90, ""),
        soon=(DAY, 30, ""),
        b=(DAY, 60, ""),
        a=(DAY, 60, ""),
        asked_late=(DAY, 300, "?"),
        asked=(DAY, 200, "?"),
    )
    assert [line.split("`")[1] for line in entries(listed(guide))] == ["asked", "asked_late", "soon", "a", "b", "late"]


def test_every_source_and_every_number_is_listed_once():
    guide = content(law=(DAY, None, ""), fee=(DAY, None, ""))
    texts = (
        chapter("一[@law]03-1234-5678。\n\n二[@law]0３-1234-5678、119[^1]\n\n[^1]: #9110[@fee]"),
        chapter("一[@law]03-1234-5678、119", language="zh-Hans"),
    )
    assert entries(listed(guide, *texts)) == [
        "`fee` 総務省: The phone law",
        "`law` 総務省: The phone law",
        "#9110: in 01-start",
        "03-1234-5678: in 01-start",
        "119: in 01-start",
    ]


@pytest.mark.parametrize(
    "markdown", ["| 甲 |\n|---|\n| 0120-123-456 |", '!!! tip "0120-123-456"\n    - 一', "- 一\n    - 0120-123-456"]
)
def test_numbers_are_found_in_every_block(markdown: str):
    assert entries(listed(content(), chapter(markdown))) == ["0120-123-456: in 01-start"]


def test_a_source_that_no_text_cites_says_so():
    assert "      checked 2026-11-22, good until 2027-05-21; cited in no text" in listed(content(law=(DAY, None, "")))


def test_the_title_is_english_where_there_is_one():
    english = tiny_content("en", "ja")
    assert listed(english)[0] == "# Before a print run: A phone number in Japan"
    law = english.sources["law"].model_copy(update={"title": {"ja": "電話の法律"}})
    assert entries(listed(replace(english, sources={"law": law}))) == ["`law` 総務省: 電話の法律"]


def test_a_guide_without_sources_and_numbers_has_an_empty_list():
    assert [line for line in listed(content()) if line.startswith("## ")] == [
        "## Open first: a question is open (0)",
        "## Open too, the oldest first (0)",
        "## Dial (0)",
    ]


# The command


def run(content: Path, *more: str) -> int:
    return main(["before-printing", "--content", str(content), *more])


def test_the_list_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert run(tiny_guide(tmp_path)) == 0
    out, err = capsys.readouterr()
    assert out.startswith(
        "# Before a print run: 在日本办手机号\n\nMade by `python3 build.py before-printing --out FILE` from"
    )
    assert out.endswith("## Dial (0)\n\n")
    assert "\n- [ ] `law` 総務省: The phone law\n" in out
    assert err == ""


def test_the_list_is_written_to_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    content, file = tiny_guide(tmp_path), tmp_path / "list.md"
    assert run(content, "--out", str(file)) == 0
    assert capsys.readouterr() == ("", "")
    assert f"--out {file.as_posix()}`" in file.read_text(encoding="utf-8")
    assert run(content) == 0
    assert capsys.readouterr().out.replace("--out FILE", f"--out {file}") == file.read_text(encoding="utf-8")


def test_each_guide_has_its_list(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    content = tiny_guide(tmp_path)
    (content / "mini").rename(content / "other")
    tiny_guide(tmp_path)
    assert run(content) == 0
    assert capsys.readouterr().out.count("# Before a print run: ") == 2
    assert run(content, "other") == 0
    out = capsys.readouterr().out
    assert (out.count("# Before a print run: "), "content/other/sources.toml" in out) == (1, True)


def test_the_list_does_not_depend_on_the_day(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    content = tiny_guide(tmp_path)
    lists = []
    for epoch in ("0", "4000000000"):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
        assert run(content) == 0
        lists.append(capsys.readouterr().out)
    assert lists[0] == lists[1]


def test_a_guide_that_cannot_be_read_has_no_list(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    content, file = tiny_guide(tmp_path), tmp_path / "list.md"
    with (content / "mini" / "sources.toml").open("a", encoding="utf-8") as sources:
        sources.write('colour = "red"\n')
    assert run(content, "--out", str(file)) == 1
    out, err = capsys.readouterr()
    assert (out, file.exists()) == ("", False)
    assert err.startswith("content/mini/sources.toml:7: error: unknown key `law.colour` [load.key]\n")


@pytest.mark.parametrize(
    ("more", "code", "message"),
    [
        (("nobody",), 2, "error: there is no guide `nobody` in {content}\n  hint: the guides are: mini\n"),
        (
            ("--out", "{content}/none/list.md"),
            3,
            "error: {content}/none/list.md: cannot write: No such file or directory\n  hint: choose another file\n",
        ),
    ],
    ids=["an unknown guide", "no such folder"],
)
def test_a_list_that_cannot_be_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], more: tuple[str, ...], code: int, message: str
):
    content = tiny_guide(tmp_path)
    assert run(content, *(part.format(content=content) for part in more)) == code
    assert capsys.readouterr() == ("", message.format(content=content))
