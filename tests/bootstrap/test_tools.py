"""The commands that take finished PDFs: preflight, impose, test-sheet."""

import json
import re
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from taiyaku.cli.commands import main
from tests.making import ROOT

A5 = (419.53, 595.28)


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """A PDF of ten empty pages of A5."""
    with pikepdf.new() as document:
        for _ in range(10):
            document.add_blank_page(page_size=A5)
        document.save(tmp_path / "ten.pdf")
    return tmp_path / "ten.pdf"


def run(*arguments: object) -> int:
    return main([str(one) for one in arguments])


def test_preflight_tells_what_is_wrong_and_where(pages: Path, capsys: pytest.CaptureFixture[str]):
    assert run("preflight", pages) == 1
    said = capsys.readouterr()
    assert "ten.pdf: error: the file has no title [pdf.title]" in said.err
    assert said.out.strip().endswith("warnings") or said.out.strip().endswith("warning")


def test_preflight_in_json_names_code_severity_and_pages(pages: Path, capsys: pytest.CaptureFixture[str]):
    assert run("preflight", pages, "--json") == 1
    records = json.loads(capsys.readouterr().out)
    blank = next(one for one in records if one["code"] == "pdf.blank-page")
    assert (blank["severity"], blank["path"]) == ("error", "ten.pdf")
    assert blank["pages"].startswith("1")


def test_preflight_in_sarif(pages: Path, capsys: pytest.CaptureFixture[str]):
    assert run("preflight", pages, "--sarif") == 1
    log = json.loads(capsys.readouterr().out)
    assert log["version"] == "2.1.0"
    assert {one["ruleId"] for one in log["runs"][0]["results"]} >= {"pdf.title", "pdf.blank-page"}


def test_preflight_holds_a_file_against_its_edition(pages: Path, capsys: pytest.CaptureFixture[str]):
    run("preflight", pages, "--as", "press", "--json")
    assert "pdf.output-intent" in capsys.readouterr().out
    run("preflight", pages, "--as", "print", "--json")
    assert "pdf.output-intent" not in capsys.readouterr().out


def test_preflight_of_what_is_no_pdf_is_a_finding(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "letter.pdf").write_text("Dear Sir", encoding="utf-8")
    assert run("preflight", tmp_path / "letter.pdf", "--photocopy") == 1
    assert "[pdf.unreadable]" in capsys.readouterr().err


def broken_files(folder: Path) -> tuple[Path, ...]:
    """Write a file that asks for a password, one that is cut off, one with a broken picture, and one in which a name is
    not there."""
    paths = tuple(folder / f"{name}.pdf" for name in ("locked", "cut", "picture", "odd"))
    for path in paths:
        with pikepdf.new() as document:
            page = document.add_blank_page(page_size=A5)
            page.Contents = document.make_stream(b"/No gs q 99 0 0 99 99 99 cm /I Do Q")
            if path.stem == "picture":
                more = {"ColorSpace": pikepdf.Name.DeviceRGB, "BitsPerComponent": 8, "Filter": pikepdf.Name.DCTDecode}
                image = document.make_stream(b"\xff\xd8\xff", Subtype=pikepdf.Name.Image, Width=9, Height=9, **more)
                page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(I=image))
            lock = pikepdf.Encryption(owner="a", user="b") if path.stem == "locked" else None
            document.save(path, encryption=lock or False)
    paths[1].write_bytes(paths[3].read_bytes()[:200])
    return paths


def test_no_file_hides_what_is_found_in_another(pages: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    files = (*broken_files(tmp_path), pages)
    assert run("preflight", *files, "--photocopy", "--json") == 1
    said = capsys.readouterr()
    found = {(one["path"], one["code"]) for one in json.loads(said.out)}
    assert {
        ("locked.pdf", "pdf.unreadable"),
        ("cut.pdf", "pdf.unreadable"),
        ("picture.pdf", "pdf.picture-broken"),
        ("picture.pdf", "pdf.operator"),
        ("odd.pdf", "pdf.operator"),
        ("odd.pdf", "pdf.title"),
        ("ten.pdf", "pdf.title"),
    } <= found
    assert not [one for one in found if one[1] == "preflight.fault"]
    assert (said.err, "0x" in said.out) == ("", False)


def test_a_fault_of_ours_in_one_file_ends_nothing(
    pages: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    def stumble(_pdf: bytes, _name: str) -> None:
        raise OSError("cannot identify image file <_io.BytesIO object at 0x7f3a>")

    monkeypatch.setattr("taiyaku.preflight.photocopy.photocopy.photocopy", stumble)
    assert run("preflight", pages, pages, "--photocopy") == 1
    said = capsys.readouterr().err
    assert said.count("copying it came to no end: what it would have found is not known [preflight.fault]") == 2
    assert said.count("[pdf.title]") == 2
    assert "0x" not in said


def test_a_file_that_pdfium_does_not_open_is_not_copied(
    pages: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    def refuse(_pdf: bytes) -> None:
        raise pypdfium2.PdfiumError("Failed to load document (PDFium: Data format error).")

    monkeypatch.setattr("pypdfium2.PdfDocument", refuse)
    assert run("preflight", pages, "--photocopy") == 1
    said = capsys.readouterr().err
    assert "the file cannot be drawn, and so it was not copied: Failed to load document" in said
    assert "[pdf.title]" in said


def test_pages_of_two_programs_are_one_size(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    for name, other in (("near", (420.0, 595.0)), ("far", (425.0, 595.28))):
        with pikepdf.new() as document:
            for size in (A5, other, A5, other):
                document.add_blank_page(page_size=size)
            document.save(tmp_path / f"{name}.pdf")
        run("preflight", tmp_path / f"{name}.pdf")
        assert ("[pdf.page-size]" in capsys.readouterr().err) is (name == "far")


@pytest.mark.parametrize("command", ["preflight", "impose"])
def test_a_file_that_is_not_there_is_a_message(tmp_path: Path, command: str, capsys: pytest.CaptureFixture[str]):
    more = ("--out", tmp_path / "out.pdf") if command == "impose" else ()
    assert run(command, tmp_path / "none.pdf", *more) == 2
    assert "none.pdf: cannot read: No such file or directory" in capsys.readouterr().err


def test_impose_lays_pages_on_sheets(pages: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert run("impose", pages, "--signature", "2", "--gsm", "64", "--out", tmp_path / "sheets.pdf") == 0
    assert capsys.readouterr().out == f"{tmp_path}/sheets.pdf: 10 pages on 3 sheets of paper, folded 2 + 1\n"
    with pikepdf.open(tmp_path / "sheets.pdf") as sheets:
        assert len(sheets.pages) == 6


def test_impose_says_how_small_pages_become(pages: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    with pikepdf.open(pages) as ten:
        del ten.pages[8:]
        ten.save(tmp_path / "eight.pdf")
    assert run("impose", tmp_path / "eight.pdf", "--scheme", "zine", "--out", tmp_path / "zine.pdf") == 0
    assert "8 pages on 1 sheet of paper, scaled to 50%" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (("--scheme", "zine"), "one sheet folds into at most 8 pages, not `10`"),
        (("--scheme", "zine", "--signature", "2"), "signatures are folded in the scheme `saddle`, not in `zine`"),
    ],
)
def test_impose_refuses_what_cannot_be(
    pages: Path, tmp_path: Path, options: tuple[str, ...], why: str, capsys: pytest.CaptureFixture[str]
):
    assert run("impose", pages, *options, "--out", tmp_path / "out.pdf") == 2
    assert why in capsys.readouterr().err
    assert not (tmp_path / "out.pdf").exists()


def test_impose_of_what_is_no_pdf_is_a_message(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "letter.pdf").write_text("Dear Sir", encoding="utf-8")
    assert run("impose", tmp_path / "letter.pdf", "--out", tmp_path / "out.pdf") == 2
    assert "letter.pdf" in capsys.readouterr().err


def test_impose_of_a_broken_file_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    for path in broken_files(tmp_path)[:2]:
        assert run("impose", path, "--out", tmp_path / "out.pdf") == 2
        said = capsys.readouterr().err.splitlines()
        assert len(said) == 2
        assert said[0].startswith(f"error: {path}: the file cannot be read: ")
        assert "0x" not in said[0]
        assert ("a password is asked for" in said[0]) is (path.stem == "locked")
    assert not (tmp_path / "out.pdf").exists()


@pytest.mark.parametrize("error", [pikepdf.DependencyError("jbig2dec"), pikepdf.QpdfRuntimeError("odd")])
def test_impose_of_what_cannot_be_unpacked_is_a_message(
    pages: Path, tmp_path: Path, error: Exception, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    def refuse(*_: object) -> None:
        raise error

    monkeypatch.setattr("taiyaku.prepress.sheets._area", refuse)
    assert run("impose", pages, "--out", tmp_path / "out.pdf") == 2
    assert "ten.pdf: the file cannot be read: " in capsys.readouterr().err


def test_a_fault_of_ours_while_imposing_says_so(
    pages: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    def stumble(*_: object) -> None:
        raise AttributeError("no attribute")

    monkeypatch.setattr("taiyaku.prepress.sheets._area", stumble)
    assert run("impose", pages, "--out", tmp_path / "out.pdf") == 1
    said = capsys.readouterr().err
    assert "please report it" in said
    assert "no attribute" not in said


def test_impose_does_not_write_over_its_source(pages: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    before = pages.read_bytes()
    (tmp_path / "same.pdf").symlink_to(pages)
    for out in (pages, tmp_path / "same.pdf"):
        assert run("impose", pages, "--out", out) == 2
        assert "this is the file that is imposed" in capsys.readouterr().err
    assert pages.read_bytes() == before


def test_impose_tells_what_is_left_behind(pages: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    with pikepdf.open(pages) as document:
        note = pikepdf.Dictionary(Subtype=pikepdf.Name.FreeText, Rect=pikepdf.Array([9, 9, 99, 99]), F=4)
        document.pages[1].obj.Annots = pikepdf.Array([note])
        document.save(tmp_path / "noted.pdf")
    assert run("impose", tmp_path / "noted.pdf", "--out", tmp_path / "out.pdf") == 0
    assert "this is not on the sheets: notes without an appearance are not drawn (page 2) [impose.left-behind]" in (
        capsys.readouterr().err
    )


def test_the_test_sheet_is_one_sheet(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert run("test-sheet", "--flip", "long", "--out", tmp_path / "sheet.pdf") == 0
    assert "flip on long edge" in capsys.readouterr().out
    with pikepdf.open(BytesIO((tmp_path / "sheet.pdf").read_bytes())) as sheet:
        assert len(sheet.pages) == 2


@pytest.mark.parametrize("options", [("--bleed", "9"), ("--gsm", "x"), ("--paper", "a0"), ("--flip", "left")])
def test_an_option_out_of_its_range_is_a_message(options: tuple[str, str], capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as stopped:
        run("build", *options)
    assert stopped.value.code == 2
    assert f"`{options[1]}` is" in capsys.readouterr().err


def test_a_profile_that_is_none_is_a_message(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "shop.icc").write_bytes(b"no profile")
    options = ("--content", ROOT / "content", "--out", tmp_path / "out", "--edition", "press", "--jobs", "1")
    assert run("build", *options, "--pair", "en,ja", "--form", "checklist", "--profile", tmp_path / "shop.icc") == 3
    assert "the colour profile cannot be read" in capsys.readouterr().err
    assert run("build", *options, "--profile", tmp_path / "none.icc") == 2
    assert "none.icc: cannot read the profile" in capsys.readouterr().err


def test_no_pattern_repeats_a_group_possessively():
    """Python before 3.11.5 matches such a group wrongly where it can step back inside (cpython 106052)."""
    sources = sorted((ROOT / "taiyaku").rglob("*.py"))
    assert sources
    wrong = {
        f"{path.name}:{number}"
        for path in sources
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(r"\)(?:[*+?]|\{\d*,?\d*\})\+|\(\?>", line) and "r" in line
    }
    assert not wrong
