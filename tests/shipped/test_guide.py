"""The real guide, built once and strictly, and its finished files read back; and: the same input, the same bytes."""

import ctypes
import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from math import ceil
from pathlib import Path
from typing import Any, Final

import page
import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from fontTools.ttLib import TTFont

from taiyaku.language.faces import faces
from taiyaku.model.content import Content, Role
from taiyaku.pdf.text import squeeze
from taiyaku.prepress.imposition import Sheet, Side
from taiyaku.typeset.fonts import CUT
from tests.folding import fold
from tests.making import tiny_guide
from tests.shipped import (
    BOOKLETS,
    DOCUMENTS,
    LARGE,
    PRINT,
    ROOT,
    SCREEN,
    Built,
    watched,
)

READ: Final = [path for path in DOCUMENTS if path in (*SCREEN, *LARGE)]
"""What is read as it is: on a screen, or in large print."""


def opened(pdf: bytes) -> pikepdf.Pdf:
    return pikepdf.open(BytesIO(pdf))


# The build


def test_builds_without_a_word_of_complaint(built: Built) -> None:
    assert (built.code, built.stderr) == (0, "")
    assert built.stdout.startswith(f"66 documents made, 0 up to date, in {built.out}/\n")
    assert all(entry["findings"] == [] for entry in built.entries.values())


def test_makes_every_document(built: Built) -> None:
    assert list(built.entries) == DOCUMENTS
    assert len(DOCUMENTS) == 66
    assert sorted(path.name for path in built.out.iterdir()) == ["manifest.json", *DOCUMENTS]


def test_manifest_has_the_guides_version_and_date(built: Built, content: Content) -> None:
    assert (built.manifest["schema"], built.manifest["version"]) == (1, content.guide.version)
    assert built.manifest["source_date"] == content.guide.date.isoformat()


def test_nothing_is_fetched(built: Built, tmp_path: Path) -> None:
    assert built.network == []
    reach_out = "import socket\ntry: socket.create_connection(('127.0.0.1', 9), 1)\nexcept OSError: pass"
    subprocess.run((sys.executable, "-c", reach_out), env=watched(tmp_path), check=True)
    assert "socket.connect" in (tmp_path / "log").read_text(encoding="utf-8"), "the watch sleeps"


# Each document


@pytest.mark.parametrize("path", DOCUMENTS)
def test_manifest_tells_the_truth(built: Built, path: str) -> None:
    entry, data = built.entries[path], built.pdf(path)
    assert (entry["bytes"], entry["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())
    assert path == "_".join(
        (
            entry["guide"] if entry["name"] == entry["guide"] else f"{entry['guide']}.{entry['name']}",
            *entry["languages"],
            f"{entry['form']}-{entry['edition']}.pdf",
        )
    )
    with opened(data) as pdf:
        sides = len(pdf.pages)
        assert str(pdf.docinfo["/Title"]) == entry["title"] != ""
    if (entry["form"], entry["edition"]) == ("booklet", "print"):
        assert sides == 2 * entry["sheets"]
        assert entry["sheets"] == ceil(entry["pages"] / 4)
        assert entry["pages"] == built.entries[path.replace("-print", "-screen")]["pages"]
    else:
        assert (sides, ceil(sides / 2)) == (entry["pages"], entry["sheets"])
    if entry["form"] == "checklist":
        assert (entry["pages"], entry["sheets"]) == (1, 1)
    elif entry["edition"] == "large":
        assert entry["pages"] > 40
    else:
        assert 28 <= entry["pages"] <= 40
        assert entry["pages"] % 4 == 0


@pytest.mark.parametrize("path", READ)
def test_what_is_read_as_it_is_is_accessible(built: Built, path: str) -> None:
    """PDF/UA-1 (ISO 14289-1), and what a reader's own program shows: language, title, outline."""
    report = page.validate_pdf_bytes(built.pdf(path), profile=page.ValidationProfile.PDF_UA_1)
    assert report.is_compliant, report
    with opened(built.pdf(path)) as pdf:
        assert pdf.check_pdf_syntax() == []
        assert str(pdf.Root.Lang) == built.entries[path]["languages"][0]
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)


@pytest.mark.parametrize("path", READ)
def test_outline_has_each_chapter(built: Built, content: Content, path: str) -> None:
    with opened(built.pdf(path)) as pdf, pdf.open_outline() as outline:
        titles = [item.title for item in outline.root]
    names = content.names(Role.CHAPTER) if path in BOOKLETS else ("",)
    assert len(titles) == len(set(titles)) == len(names)
    assert all(" / " in title for title in titles)


@pytest.mark.parametrize("path", PRINT)
def test_print_edition_is_sound(built: Built, path: str) -> None:
    with opened(built.pdf(path)) as pdf:
        assert pdf.check_pdf_syntax() == []


def fonts_of(pdf: pikepdf.Pdf) -> Iterator[tuple[str, pikepdf.Object]]:
    """Return each font that has a descriptor, with it."""
    for thing in pdf.objects:
        if isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == "/Font" and "/FontDescriptor" in thing:
            yield str(thing.BaseFont).removeprefix("/"), thing.FontDescriptor


@pytest.mark.parametrize("path", DOCUMENTS)
def test_fonts_are_our_own_cut_and_embedded(built: Built, content: Content, path: str) -> None:
    families = {CUT + face.family for tag in content.guide.languages for face in faces(tag)}
    with opened(built.pdf(path)) as pdf:
        found = dict(fonts_of(pdf))
        assert found
        for name, descriptor in found.items():
            match = re.fullmatch(r"(?:[A-Z]{6}\+)?(Cut-Noto-Sans.*?)(?:-Bold)?", name)
            assert match, name
            assert match[1].replace("-", " ") in families
            assert {"/FontFile2", "/FontFile3"} & set(descriptor.keys()), f"{name} is not embedded"
        drawing = [one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/Font"]
        kinds = Counter(str(font.Subtype) for font in drawing)
        simple = 1 if path in SCREEN and path not in BOOKLETS else 0  # the font in which fields are filled in
        assert kinds["/TrueType"] == simple
        assert kinds["/Type0"] == kinds["/CIDFontType0"] + kinds["/CIDFontType2"] == (len(drawing) - simple) / 2


@pytest.mark.parametrize("path", DOCUMENTS)
def test_a_character_code_is_the_number_of_its_glyph(built: Built, path: str) -> None:
    """Codes are CIDs (Identity-H), and a CID-keyed font finds its glyph by CID (ISO 32000-2, 9.7.4.2)."""
    with opened(built.pdf(path)) as pdf:
        embedded = [font.FontFile3.read_bytes() for _, font in fonts_of(pdf) if "/FontFile3" in font]
    assert embedded
    for data in embedded:
        top = TTFont(BytesIO(data))["CFF "].cff.topDictIndex[0]
        assert top.charset[1:] == [f"cid{number:05d}" for number in range(1, len(top.charset))]


@pytest.mark.parametrize("path", [path for path in DOCUMENTS if path not in BOOKLETS])
def test_checklist_is_set_in_legible_type(built: Built, path: str) -> None:
    """Half of all characters at least stand in 8.5 pt or more: items and cards, not readings and references."""
    with pypdfium2.PdfDocument(built.pdf(path)) as document:
        sizes = sorted(size for run in font_sizes(document[0]) for size in run)
    assert sizes[len(sizes) // 2] >= 8.49


def font_sizes(page: pypdfium2.PdfPage) -> Iterator[list[float]]:
    """Return the type size in pt of each character, by runs."""
    textpage = page.get_textpage()
    for item in page.get_objects(filter=(pdfium.FPDF_PAGEOBJ_TEXT,)):
        size = ctypes.c_float()
        assert pdfium.FPDFTextObj_GetFontSize(item.raw, ctypes.byref(size))
        length = pdfium.FPDFTextObj_GetText(item.raw, textpage.raw, None, 0) // 2 - 1
        yield [size.value * abs(item.get_matrix().a)] * length


@pytest.mark.parametrize("path", LARGE)
def test_large_print_is_large(built: Built, path: str) -> None:
    """Sheets of A4; half of all characters at least stand in 16 pt or more."""
    with pypdfium2.PdfDocument(built.pdf(path)) as document:
        assert {tuple(round(length / 72 * 25.4) for length in side.get_size()) for side in document} == {(210, 297)}
        sizes = sorted(size for side in document for run in font_sizes(side) for size in run)
    assert sizes[len(sizes) // 2] >= 15.99


# The booklet in your hand


def letters(text: str) -> Counter[str]:
    """Count letters: in which order the halves' lines are read does not matter, nor how a word is divided."""
    return Counter(squeeze(text))


def read_sheets(pdf: bytes, pages: list[Counter[str]]) -> Iterator[Sheet]:
    """Read from the text on each half which page lies there."""
    with pypdfium2.PdfDocument(pdf) as document:
        sides = [read_side(side, pages) for side in document]
    for front, back in zip(sides[::2], sides[1::2], strict=True):
        yield Sheet(front, back)


def read_side(side: Any, pages: list[Counter[str]]) -> Side:
    text, middle = side.get_textpage(), side.get_width() / 2
    halves = (letters(text.get_text_bounded(right=middle)), letters(text.get_text_bounded(left=middle)))
    left, right = (pages.index(half) + 1 if half else None for half in halves)
    return Side(left, right)


@pytest.mark.parametrize("path", [path for path in BOOKLETS if path in PRINT])
def test_folded_booklet_reads_from_front_to_back(built: Built, path: str) -> None:
    with pypdfium2.PdfDocument(built.pdf(path.replace("-print", "-screen"))) as screen:
        pages = [letters(page.get_textpage().get_text_range()) for page in screen]
    assert len({frozenset(page.items()) for page in pages}) == len(pages), "two pages cannot be told apart"
    last = len(pages)
    expected = [*range(1, last), *[None] * (-last % 4), last]
    assert list(fold(tuple(read_sheets(built.pdf(path), pages)))) == expected


# The same input, the same bytes


def test_same_bytes_anywhere_at_any_time_with_any_number_of_jobs(tmp_path: Path) -> None:
    """In another folder, time zone and order of hashing, with two jobs for one."""
    copy = tmp_path / "elsewhere" / "project"
    for name in ("taiyaku", "templates", "styles"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    if (ROOT / "requirements.lock").exists():
        shutil.copy(ROOT / "requirements.lock", copy)
    runs = []
    for root, zone, seed, jobs in ((ROOT, "Asia/Tokyo", "1", "1"), (copy, "America/Lima", "2", "2")):
        folder = tmp_path / seed
        arguments = ("--content", str(tiny_guide(folder)), "--out", str(folder / "out"), "--jobs", jobs)
        command = (sys.executable, "-m", "taiyaku", "build", "-q", *arguments)
        environment = {**os.environ, "TZ": zone, "PYTHONHASHSEED": seed, "PYTHONPATH": ""}
        runs.append((subprocess.Popen(command, cwd=root, env=environment), folder / "out"))
    assert [process.wait(120) for process, _ in runs] == [0, 0]
    here, there = ({path.name: path.read_bytes() for path in out.iterdir()} for _, out in runs)
    assert len(here) == 8
    assert [name for name in here | there if here.get(name) != there.get(name)] == []
