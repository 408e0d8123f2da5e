"""An order asks only of what it makes: a language that is not finished, or a chapter, does not stop others."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from taiyaku.model.documents import Form
from taiyaku.model.findings import errors
from taiyaku.pipeline import build
from taiyaku.pipeline.check import check_guides
from taiyaku.pipeline.options import BuildOptions
from tests.cli.test_commands import run
from tests.making import ROOT, SOURCES, codes, tiny_guide
from tests.pipeline.test_output import make_at_once, nothing

Change = Callable[[Path], object]


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A guide in three languages, made by pairs; the source is zh-Hans."""
    folder = tiny_guide(tmp_path, ("zh-Hans", "ja", "en"))
    put("guide.toml", '[["zh-Hans", "ja", "en"]]', '[["zh-Hans", "ja"], ["en", "ja"], ["ja", "en"]]')(folder / "mini")
    put("guide.toml", 'host_language = "en"', 'host_language = "ja"')(folder / "mini")
    return folder


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "make", make_at_once)
    monkeypatch.setattr(build, "warm_up", nothing)


def put(name: str, before: str, now: str) -> Change:
    def change(guide: Path) -> None:
        text = (guide / name).read_text(encoding="utf-8")
        assert before in text, text
        (guide / name).write_text(text.replace(before, now), encoding="utf-8")

    return change


def gone(name: str) -> Change:
    return lambda guide: (guide / name).unlink()


UNFINISHED: Final[dict[str, Change]] = {
    "a block is missing": put("en/01-start.md", "- Bring the residence card itself\n", ""),
    "a number differs": put("en/01-start.md", "1,000 yen", "9,000 yen"),
    "a source is not cited": put("en/01-start.md", "contract. [@law]", "contract."),
    "a character that no font has": put("en/01-start.md", "Call first", "Call first \U0001f986"),
    "raw HTML": put("en/01-start.md", "Call first", "<b>Call</b> first"),
    "a chapter is not there": gone("en/01-start.md"),
    "a checklist is not there": gone("en/checklists/todo.md"),
    "a chapter is empty": lambda guide: (guide / "en/01-start.md").write_text(""),
    "a chapter is not UTF-8": lambda guide: (guide / "en/01-start.md").write_bytes(b"# \xff\n"),
    "the glossary has no word": put("glossary.toml", 'en = "identity check"\n', ""),
    "the guide has no title": put("guide.toml", ', en = "A phone number in Japan"', ""),
    "the words of templates are broken": lambda guide: (guide.parent / "strings" / "en.toml").write_text("x ="),
}


@pytest.mark.parametrize("change", UNFINISHED.values(), ids=UNFINISHED.keys())
def test_a_language_that_is_not_finished_stops_only_its_own_pairs(content: Path, tmp_path: Path, change: Change):
    change(content / "mini")
    ran = run("build", "--content", content, "--out", tmp_path / "out", "--jobs", 1, "--pair", "zh-Hans,ja")
    assert (ran.code, ran.told) == (0, [])
    assert "not looked at, because this order does not make it: en" in ran.out
    assert run("check", "--content", content, "--pair", "zh-Hans,ja").code == 0
    whole = run("check", "--content", content)
    assert (whole.code, "not looked at" in whole.out) == (1, False)
    stopped = run("build", "--content", content, "--out", tmp_path / "other", "--jobs", 1, "--pair", "en,ja")
    assert stopped.code == 1
    assert not list((tmp_path / "other").glob("*"))


def test_a_pair_without_the_source_is_compared_with_it_all_the_same(content: Path):
    put("ja/01-start.md", "1,000円", "1,080円")(content / "mini")
    order = BuildOptions(ROOT, content, Path("out"), pair=("en", "ja"))
    assert codes(errors(check_guides(order).findings)) == ["facts.differ"]


def test_a_fault_of_a_source_that_is_not_printed_does_not_stop(content: Path):
    put("zh-Hans/01-start.md", "先打电话预约", "先打电话预约 \U0001f986")(content / "mini")
    asks = {
        pair: codes(check_guides(BuildOptions(ROOT, content, Path("out"), pair=pair)).findings)
        for pair in (("en", "ja"), ("zh-Hans", "ja"))
    }
    assert asks == {("en", "ja"): [], ("zh-Hans", "ja"): ["font.glyph"]}


@pytest.mark.parametrize(
    ("form", "name", "other"),
    [(Form.CHECKLIST, "ja/01-start.md", Form.BOOKLET), (Form.BOOKLET, "ja/checklists/todo.md", Form.CHECKLIST)],
)
def test_a_form_asks_only_for_its_own_texts(content: Path, tmp_path: Path, form: Form, name: str, other: Form):
    with (content / "mini" / name).open("a", encoding="utf-8") as file:
        file.write("\n<b>x</b>\n")
    ran = run("build", "--content", content, "--out", tmp_path / "out", "--jobs", 1, "--form", form)
    assert (ran.code, ran.told) == (0, [])
    assert (
        f"not looked at, because this order does not make it: {'chapters' if form is Form.CHECKLIST else 'checklists'}"
        in ran.out
    )
    assert run("build", "--content", content, "--out", tmp_path / "out", "--jobs", 1, "--form", other).code == 1


def test_what_was_made_before_stays_in_the_manifest(content: Path, tmp_path: Path):
    """A narrow order after a whole one keeps the other documents, and knows which of its own are up to date."""
    assert run("build", "--content", content, "--out", tmp_path / "out", "--jobs", 1).code == 0
    before = (tmp_path / "out" / "manifest.json").read_text(encoding="utf-8")
    gone("en/checklists/todo.md")(content / "mini")
    ran = run("build", "--content", content, "--out", tmp_path / "out", "--jobs", 1, "--pair", "zh-Hans,ja")
    assert (ran.code, ran.told) == (0, [])
    assert "0 documents made" in ran.out
    assert (tmp_path / "out" / "manifest.json").read_text(encoding="utf-8") == before


@pytest.mark.parametrize("language", ["zh-Hans", "en"], ids=["the source", "another"])
def test_a_source_that_is_cited_in_another_language_only_is_not_unused(content: Path, language: str):
    with (content / "mini" / "sources.toml").open("a", encoding="utf-8") as file:
        file.write(SOURCES.replace("[law]", "[embassy]"))
    with (content / "mini" / language / "01-start.md").open("a", encoding="utf-8") as file:
        file.write("\n100 [@embassy]\n{: .solo }\n")
    pair = ("en", "ja") if language == "zh-Hans" else ("zh-Hans", "ja")
    for order in (
        BuildOptions(ROOT, content, Path("out"), pair=pair),
        BuildOptions(ROOT, content, Path("out"), form=Form.CHECKLIST),
    ):
        assert codes(check_guides(order).findings) == []
