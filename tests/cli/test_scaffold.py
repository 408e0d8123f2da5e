"""``new``: a guide that builds at once in any languages, and what it refuses."""

import json
from pathlib import Path
from typing import Final

import pikepdf
import pytest

from taiyaku.cli.commands import main

NEW: Final = {
    "viet": ("vi", "ja"),
    "alone": ("en",),
    "han": ("zh-Hant", "ko"),
}


def new(content: Path, name: str, languages: str, *more: str) -> int:
    return main(["new", name, "--languages", languages, "--content", str(content), *more])


def check(content: Path) -> int:
    return main(["check", "--content", str(content)])


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    """Begin guides in several languages and build them as they are."""
    folder: Path = tmp_path_factory.mktemp("scaffold")
    (folder / "content").mkdir()
    for name, languages in NEW.items():
        assert new(folder / "content", name, ",".join(languages)) == 0
    assert check(folder / "content") == 0
    arguments = ("--content", str(folder / "content"), "--out", str(folder / "out"), "--edition", "screen")
    assert main(["build", "--jobs", "2", *arguments]) == 0
    return folder


@pytest.mark.parametrize(("name", "languages"), NEW.items(), ids=NEW.keys())
def test_builds_at_once(built: Path, name: str, languages: tuple[str, ...]) -> None:
    documents = json.loads((built / "out" / "manifest.json").read_text(encoding="utf-8"))["documents"]
    own = [document for document in documents if document["guide"] == name]
    pair = "_".join(languages)
    assert [document["path"] for document in own] == [
        f"{name}.first_{pair}_checklist-screen.pdf",
        f"{name}_{pair}_booklet-screen.pdf",
    ]
    assert all(document["findings"] == [] for document in own)
    with pikepdf.open(built / "out" / own[1]["path"]) as pdf:
        assert str(pdf.docinfo["/Title"]) == own[1]["title"] == " / ".join(languages)


def test_builds_at_once_from_right_to_left(tmp_path: Path) -> None:
    assert new(tmp_path, "mini", "ar,ja") == 0
    arguments = ("--content", str(tmp_path), "--out", str(tmp_path / "out"), "--form", "booklet", "--edition", "screen")
    assert main(["build", *arguments]) == 0


def test_has_something_of_each_kind_to_copy(built: Path) -> None:
    guide = built / "content" / "viet"
    assert sorted(path.relative_to(guide).as_posix() for path in guide.rglob("*") if path.is_file()) == [
        "figures/README.md",
        "glossary.toml",
        "guide.toml",
        "ja/01-start.md",
        "ja/checklists/first.md",
        "sources.toml",
        "vi/01-start.md",
        "vi/checklists/first.md",
    ]
    chapter = (guide / "vi" / "01-start.md").read_text(encoding="utf-8")
    for mark in ("# vi 1", "[@example]", "\n1. ", "\n!!! tip\n"):
        assert mark in chapter


def test_begins_the_words_of_a_language_in_english(built: Path) -> None:
    strings = built / "content" / "strings"
    assert {path.stem for path in strings.iterdir()} == {"vi", "zh-Hant", "ko"}  # the program brings the others
    assert (
        (strings / "vi.toml")
        .read_text(encoding="utf-8")
        .startswith('# English for now: translate every line into Tiếng Việt.\nlanguage = "Tiếng Việt"\n')
    )


def test_says_what_it_wrote_and_leaves_words_that_are_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "strings").mkdir()
    (tmp_path / "strings" / "ja.toml").write_text("# mine\n", encoding="utf-8")
    assert new(tmp_path, "mini", "en,ja") == 0
    written = [Path(line).relative_to(tmp_path).as_posix() for line in capsys.readouterr().out.splitlines()]
    assert sorted(written) == sorted(
        path.relative_to(tmp_path).as_posix()
        for path in tmp_path.rglob("*")
        if path.is_file() and path.name != "ja.toml"
    )
    assert (tmp_path / "strings" / "ja.toml").read_text(encoding="utf-8") == "# mine\n"
    assert new(tmp_path, "other", "en", "-q") == 0
    assert capsys.readouterr().out == ""


LETTERS: Final = "  hint: use small letters, digits and hyphens\n"


@pytest.mark.parametrize(
    ("name", "languages", "message"),
    [
        ("Mini", "en,ja", f"error: `Mini` cannot be a guide's name\n{LETTERS}"),
        ("../mini", "en,ja", f"error: `../mini` cannot be a guide's name\n{LETTERS}"),
        ("mini_2", "en,ja", f"error: `mini_2` cannot be a guide's name\n{LETTERS}"),
        ("mini\n", "en,ja", f"error: `mini\\x0a` cannot be a guide's name\n{LETTERS}"),
        ("", "en,ja", f"error: `` cannot be a guide's name\n{LETTERS}"),
        ("strings", "en,ja", f"error: `strings` cannot be a guide's name\n{LETTERS}"),
        ("hosts", "en,ja", f"error: `hosts` cannot be a guide's name\n{LETTERS}"),
        (
            "mini",
            "en,klingonese",
            "error: `klingonese` is not a language tag\n  hint: use BCP 47 tags such as zh-Hans,ja\n",
        ),
        ("mini", "en,ja,vi", "error: a new guide has one or two languages\n  hint: write --languages a,b\n"),
        ("mini", "ja,ja", "error: a new guide has one or two languages\n  hint: write --languages a,b\n"),
    ],
)
def test_refuses(tmp_path: Path, name: str, languages: str, message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert new(tmp_path, name, languages) == 2
    assert capsys.readouterr() == ("", message)
    assert not list(tmp_path.iterdir())


def test_refuses_what_is_already_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mini").mkdir()
    assert new(tmp_path, "mini", "en,ja") == 2
    assert capsys.readouterr().err == f"error: {tmp_path}/mini is already there\n  hint: choose another name\n"
    assert not list((tmp_path / "mini").iterdir())


def test_needs_languages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["new", "mini"], ["new", "mini", "--languages", ","], ["new"]):
        with pytest.raises(SystemExit) as stop:
            main([*arguments, "--content", str(tmp_path)])
        assert stop.value.code == 2
    assert "argument --languages: name languages, such as zh-Hans,ja" in capsys.readouterr().err


def test_cannot_write(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "strings").write_text("a file", encoding="utf-8")
    assert new(tmp_path, "mini", "en,vi") == 3
    place = tmp_path / "strings"
    message = f"error: {place}: cannot write: File exists\n  hint: free space, or --content DIR\n"
    assert capsys.readouterr() == ("", message)


@pytest.mark.parametrize(
    ("link", "target", "message"),
    [
        ("mini", "../outside", "content/mini is already there"),
        ("mini", "../none", "content/mini is already there"),
        ("strings", "../outside", "content/strings is a link, and the words of a language would be written through it"),
    ],
)
def test_writes_nothing_through_a_link(
    tmp_path: Path, link: str, target: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    content, outside = tmp_path / "content", tmp_path / "outside"
    content.mkdir()
    outside.mkdir()
    (content / link).symlink_to(target)
    assert new(content, "mini", "ja") != 0
    assert message in capsys.readouterr().err
    assert list(outside.iterdir()) == []
    assert not (tmp_path / "none").exists()


def test_a_file_of_words_that_leads_elsewhere_is_not_written(tmp_path: Path) -> None:
    (tmp_path / "content" / "strings").mkdir(parents=True)
    (tmp_path / "content" / "strings" / "vi.toml").symlink_to("../../mine.toml")
    assert new(tmp_path / "content", "mini", "vi") == 3
    assert not (tmp_path / "mine.toml").exists()
