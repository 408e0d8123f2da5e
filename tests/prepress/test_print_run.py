"""The plan of a print day: its counts are what the files need, its commands are what a shell takes."""

import json
import re
import shutil
import subprocess
from collections import Counter
from dataclasses import asdict, replace
from io import BytesIO
from math import ceil
from pathlib import Path
from typing import Final

import pikepdf
import pypdfium2
import pytest

from taiyaku.cli.commands import main
from taiyaku.model.documents import Edition, Form
from taiyaku.prepress.print_run import (
    Media,
    PaperUse,
    PrintJob,
    Sides,
    commands,
    copies_for,
    in_printing_order,
    lp,
    needs_of,
)
from tests.shipped import LARGE, PRINT, Built

A4: Final = Media("iso_a4_210x297mm", "A4", 210, 297)
LETTER: Final = Media("na_letter_8.5x11in", "Letter", 215.9, 279.4)


@pytest.mark.parametrize("name", sorted((*PRINT, *LARGE)))
def test_the_counts_are_those_of_the_file(built: Built, name: str):
    entry = built.entries[name]
    needs = needs_of(built.pdf(name), Form(entry["form"]), Edition(entry["edition"]))
    with pikepdf.open(built.out / name) as pdf:
        sides = len(pdf.pages)
        wish = pdf.Root.get("/ViewerPreferences", pikepdf.Dictionary()).get("/Duplex")
    assert needs.sides == sides
    assert needs.sheets == entry["sheets"] == ceil(sides / 2)
    if "booklet-print" in name:
        assert (needs.how, needs.staples, wish) == (Sides.SHORT, 2, pikepdf.Name.DuplexFlipShortEdge)
        assert needs.sheets * 4 == entry["pages"]
    elif "large" in name:
        assert (needs.how, needs.staples) == (Sides.LONG, 1)
    else:
        assert (needs.how, needs.staples) == (Sides.ONE, 0)
    assert (needs.media.keyword, needs.media.name) == ("iso_a4_210x297mm", "A4")
    document = pypdfium2.PdfDocument(built.out / name)
    inked = sum(any(byte != 255 for byte in bytes(page.render(scale=0.3).buffer)[:-1]) for page in document)
    assert needs.inked == inked


def test_a_blank_side_takes_no_toner(tmp_path: Path):
    with pikepdf.new() as pdf:
        for content in (b"0 0 20 20 re f", b""):
            page = pdf.add_blank_page(page_size=(612, 792))
            page.obj.Contents = pdf.make_stream(content)
        pdf.save(tmp_path / "two.pdf")
    needs = needs_of((tmp_path / "two.pdf").read_bytes(), Form.CHECKLIST, Edition.PRINT)
    assert needs == PaperUse(2, 1, 1, 0, LETTER, Sides.LONG)


@pytest.mark.parametrize(
    ("people", "spare", "copies"), [(60, 0, 60), (60, 5, 63), (60, 1, 61), (1, 10, 2), (10, 10, 11)]
)
def test_spare_copies_are_rounded_up(people, spare, copies):
    assert copies_for(people, spare) == copies


def run(name: str = "a.pdf", sheets: int = 1, edition: Edition = Edition.PRINT, form: Form = Form.BOOKLET) -> PrintJob:
    return PrintJob(name, form, edition, 3, PaperUse(2, 2, sheets, 0, A4, Sides.SHORT))


def test_thick_booklets_come_first_and_large_print_last():
    runs = [
        run("large.pdf", 30, Edition.LARGE),
        run("list.pdf", 1, form=Form.CHECKLIST),
        run("thin.pdf", 2),
        run("thick.pdf", 9),
    ]
    assert [one.path for one in in_printing_order(runs)] == ["thick.pdf", "thin.pdf", "list.pdf", "large.pdf"]


def test_the_trial_is_one_of_the_copies():
    runs = [run("a.pdf", 4), run("b.pdf", 1)]
    printed: Counter[str] = Counter()
    for command in commands(runs, "dist", ""):
        said = re.fullmatch(r"lp -n (\d+) .* -- dist/(.+)", command)
        assert said is not None
        printed[said[2]] += int(said[1])
    assert printed == {"a.pdf": 3, "b.pdf": 3}
    assert commands(runs, "dist", "")[0].startswith("lp -n 1 ")
    assert len(commands([replace(runs[0], copies=1)], "dist", "")) == 1, "nothing is left to print"


@pytest.mark.parametrize(
    ("width", "height", "media"),
    [(297, 420, "iso_a3_297x420mm"), (515, 364, "Custom.364x515mm"), (148, 105, "iso_a6_105x148mm")],
)
def test_a_paper_has_the_name_that_a_printer_knows(width: float, height: float, media: str):
    points = 72 / 25.4
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(width * points, height * points))
        pdf.save(written := BytesIO())
    assert needs_of(written.getvalue(), Form.CHECKLIST, Edition.PRINT).media.keyword == media


def test_a_shell_hands_every_word_to_lp(tmp_path: Path):
    fake = tmp_path / "lp"
    fake.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n', encoding="utf-8")
    fake.chmod(0o755)
    folder = "a folder; rm -rf $HOME"
    command = lp(run("it's.pdf"), folder, "first floor")
    shell = shutil.which("bash") or "bash"
    only = {"PATH": str(tmp_path)}
    done = subprocess.run([shell, "-c", command], env=only, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [
        *("-d", "first floor", "-n", "3", "-o", "media=iso_a4_210x297mm", "-o", "sides=two-sided-short-edge"),
        *("-o", "print-scaling=none", "-o", "collate=true", "--", f"{folder}/it's.pdf"),
    ]


# The command


def plan(built: Built, capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, str, str]:
    code = main(["plan", "--out", str(built.out), *options])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_the_plan_adds_up(built: Built, capsys):
    code, out, _ = plan(
        built, capsys, "--people", "60", "--pair", "zh-Hans,ja", "--spare", "5", "--large", "2", "--json"
    )
    told = json.loads(out)
    entries = built.entries
    sheets = sum(entries[one["path"]]["sheets"] * one["copies"] for one in told["runs"])
    assert code == 0
    assert told["sheets"] == sheets
    assert {one["path"] for one in told["runs"]} == {name for name in (*PRINT, *LARGE) if "_zh-Hans_ja_" in name}
    copies = {one["edition"]: one["copies"] for one in told["runs"]}
    assert copies == {"print": 63, "large": 2}, "there is something to spare of what everybody gets"
    assert told["staples"] == 63 * 2 + 2
    assert told["paper"] == [{"media": asdict(A4), "sheets": sheets, "packets": ceil(sheets / 500)}]


def test_several_pairs_each_have_their_readers(built: Built, capsys):
    code, out, _ = plan(
        built, capsys, "--pair", "zh-Hans,ja:40", "--pair", "en,ja:20", "--checklists", "bring", "--queue", "x y"
    )
    assert code == 0
    assert "For 60 people (40 for zh-Hans + ja, 20 for en + ja):" in out
    assert out.count("phone-number.bring_") == 4, "once in the table, once in the commands, for each pair"
    assert "online" not in out
    assert "lp -d 'x y' -n 1 " in out


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--people", "9", "--pair", "en,ja", "--guide", "nope"), "there is no document of nope in en,ja"),
        (("--people", "9", "--pair", "en,ja", "--paper", "b5"), "there is no document in en,ja"),
        (("--pair", "en,ja:3", "--pair", "en,ja:4"), "named twice"),
        ((), "needs to know who reads what"),
        (("--people", "0", "--pair", "en,ja"), "0"),
        (("--pair", "en,ja"), "how many people read which pair?"),
        (("--people", "9", "--pair", "en,ja", "--pair", "zh-Hans,ja"), "how many people read which pair?"),
        (("--people", "9", "--pair", "en,ja:4", "--pair", "zh-Hans,ja:4"), "the pairs have 8 people"),
        (("--people", "9", "--pair", "ko,ja"), "there is no document in ko,ja"),
        (("--people", "9", "--pair", "en,ja", "--host", "nobody"), "--host nobody"),
        (("--people", "9", "--pair", "en,ja", "--checklists", "nothing"), "there is no checklist `nothing`"),
    ],
)
def test_what_cannot_be_planned_is_told(built: Built, capsys, options, says):
    try:
        code, _, err = plan(built, capsys, *options)
    except SystemExit as stopped:  # argparse's way
        code, err = int(str(stopped.code)), capsys.readouterr().err
    assert code == 2
    assert says in err


def test_a_file_that_changed_since_it_was_built_is_not_planned(built: Built, tmp_path: Path, capsys):
    name = "phone-number.bring_en_ja_checklist-print.pdf"
    manifest = {**built.manifest, "documents": [built.entries[name]]}
    (tmp_path / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    (tmp_path / name).write_bytes(built.pdf(name) + b"\n")
    assert main(["plan", "--out", str(tmp_path), "--people", "2", "--pair", "en,ja"]) == 2
    assert "is not the file that was built" in capsys.readouterr().err


def test_where_nothing_is_chosen_the_plan_says_so(built: Built, tmp_path: Path, capsys):
    only = [entry for entry in built.entries.values() if entry["edition"] == "screen"]
    (tmp_path / "manifest.json").write_text(json.dumps({**built.manifest, "documents": only}), encoding="utf-8")
    assert main(["plan", "--out", str(tmp_path), "--people", "2", "--pair", "en,ja"]) == 2
    assert "nothing to print" in capsys.readouterr().err
    assert main(["plan", "--out", str(tmp_path / "none"), "--people", "2", "--pair", "en,ja"]) == 2
    assert "build it first" in capsys.readouterr().err
