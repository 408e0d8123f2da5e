"""What goes with a release: packs, sums, pictures, the bill of materials, licences, leaflets."""

import datetime as dt
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from email.message import Message
from io import BytesIO
from pathlib import Path
from typing import Final

import pypdfium2
import pytest
import zxingcpp
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from PIL import Image, ImageChops, ImageStat

from taiyaku.errors import MachineError, UsageError
from taiyaku.model.content import Content
from taiyaku.model.findings import errors
from taiyaku.pdf.text import read_back, squeeze
from taiyaku.preflight.preflight import preflight
from taiyaku.release.leaflets import poster
from taiyaku.release.packs import pack, sums
from taiyaku.release.provenance import load_fonts, load_packages
from taiyaku.release.sbom import locked_packages, packages
from taiyaku.release.thumbnails import THUMBNAIL_PX, show
from taiyaku.render.htmltext import language_texts
from tests.making import ROOT, theme
from tests.releases import URL, arabic_release, put, shipped_release, stock
from tests.shipped import DOCUMENTS, Built

LANGUAGES: Final = ("zh-Hans", "ja", "en")
DATE: Final = dt.date(2026, 11, 22)
FILES: Final = {"b.txt": b"two", "a/紙.txt": "紙".encode(), "z.pdf": b"%PDF"}


# Packs and sums


def test_a_pack_holds_its_files_whole_in_order_and_of_one_date():
    with zipfile.ZipFile(BytesIO(pack(FILES, DATE))) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == sorted(FILES)
        assert {name: archive.read(name) for name in archive.namelist()} == FILES
        assert {one.date_time for one in archive.infolist()} == {(2026, 11, 22, 0, 0, 0)}
        assert {one.compress_type for one in archive.infolist()} == {zipfile.ZIP_STORED}


def test_a_pack_is_the_same_for_another_user_on_another_day_elsewhere(tmp_path: Path):
    code = (
        "import os,sys,datetime as dt; os.umask(0o077); from taiyaku.release.packs import pack;"
        "sys.stdout.buffer.write(pack({'z.pdf': b'%PDF', 'b.txt': b'two'}, dt.date(2026, 11, 22)))"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TZ": "Pacific/Kiritimati", "HOME": str(tmp_path)}
    made = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, check=True)
    assert made.stdout == pack({"b.txt": b"two", "z.pdf": b"%PDF"}, DATE)


@pytest.mark.parametrize("tag", LANGUAGES)
def test_the_pack_of_a_language_holds_all_that_an_office_prints_and_how(tag):
    with zipfile.ZipFile(BytesIO(shipped_release()[f"print-pack_{tag}.zip"])) as archive:
        names = set(archive.namelist())
        assert all(archive.read(name) == shipped_release()[name] for name in names)
    expected = {
        name
        for name in DOCUMENTS
        if re.search(r"-(print|large)\.pdf$", name)
        and (f"_{tag}_" in name if tag == "ja" else name.split("_")[1] == tag)
    }
    assert names == expected | {f"how-to-print_{tag}.pdf"}


def test_sums_are_those_that_sha256sum_reads(tmp_path: Path):
    files = shipped_release()
    assert {line.split("  ", 1)[1] for line in files["SHA256SUMS"].decode().splitlines()} == {*files} - {"SHA256SUMS"}
    put(files, tmp_path)
    program = shutil.which("sha256sum")
    assert program, "coreutils has it"
    checked = subprocess.run(
        [program, "--check", "--strict", "SHA256SUMS"], cwd=tmp_path, capture_output=True, check=False
    )
    assert checked.returncode == 0, checked.stderr
    (tmp_path / "index.html").write_text("other", encoding="utf-8")
    checked = subprocess.run([program, "--check", "SHA256SUMS"], cwd=tmp_path, capture_output=True, check=False)
    assert checked.returncode != 0


def test_sums_are_in_order():
    assert [line[66:] for line in sums(FILES).splitlines()] == sorted(FILES)
    assert sums(FILES).startswith(hashlib.sha256("紙".encode()).hexdigest())


# Pictures


@pytest.mark.parametrize("name", [name for name in DOCUMENTS if "zh-Hans_ja" in name and "press" not in name])
def test_a_thumbnail_shows_the_first_page_of_the_file_that_it_names(built: Built, tmp_path: Path, name: str):
    program = shutil.which("mutool")
    assert program, "the tests install it"
    path = built.out / name
    shown = Image.open(BytesIO(show(path.read_bytes()).thumbnail))
    assert shown.width == THUMBNAIL_PX
    wrong = built.out / "phone-number_zh-Hans_ja_booklet-screen.pdf"
    right, other = (apart(shown, drawn(program, file, page, tmp_path)) for file, page in ((path, 1), (wrong, 9)))
    assert right < 6
    assert right < other / 2


def drawn(program: str, pdf: Path, page: int, folder: Path) -> Image.Image:
    """Draw a page with another program."""
    subprocess.run([program, "draw", "-q", "-r", "80", "-o", folder / "page.png", pdf, str(page)], check=True)
    return Image.open(folder / "page.png")


def apart(one: Image.Image, two: Image.Image) -> float:
    """Return how far two pictures are apart in grey, 0 … 255 on average, where edges do not count: in 40 columns."""
    small = [picture.convert("RGB").convert("L").resize((40, 56), Image.Resampling.BOX) for picture in (one, two)]
    return float(ImageStat.Stat(ImageChops.difference(*small)).mean[0])


def test_a_contact_sheet_shows_every_page(built: Built):
    pdf = built.pdf("phone-number_zh-Hans_ja_booklet-screen.pdf")
    with Image.open(BytesIO(show(pdf).sheet)) as sheet:
        pages = len(pypdfium2.PdfDocument(pdf))
        assert sheet.width * sheet.height > pages * 240 * 330
        assert sheet.width <= 1600
    assert show(pdf) == show(pdf)


# The bill of materials, licences


def test_the_bill_of_materials_is_valid_and_names_every_locked_package(content: Content):
    text = shipped_release()["sbom.cdx.json"].decode()
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    bill = json.loads(text)
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    named = {(one["name"], one.get("version")) for one in bill["components"]}
    assert {(one.name, one.version) for one in locked_packages(lock)} <= named
    assert len(locked_packages(lock)) == lock.count("==")
    assert all(
        one.get("licenses") for one in bill["components"] if one["type"] != "file" or one["name"].startswith("Noto")
    )
    assert any(name.startswith("Noto Sans CJK JP") for name, _ in named)
    assert bill["metadata"]["timestamp"].startswith(f"{content.guide.date}T00:00:00")


def test_every_package_says_its_licence():
    lock, metadata = load_packages()
    assert [one.locked.name for one in packages(lock, metadata) if one.licence == "not said"] == []


def test_another_version_than_the_locked_one_stops_the_release():
    known = Message()
    known["Version"] = "1.0"
    with pytest.raises(MachineError, match=r"the lock file says 2\.0, and this machine has 1\.0"):
        packages("mini==2.0 \\\n", {"mini": known})
    with pytest.raises(MachineError, match="this machine has missing"):
        packages("mini==2.0 \\\n", {})


def test_licences_begin_with_what_one_may_do():
    text = shipped_release()["LICENCES.md"].decode()
    assert text.index("CC BY 4.0") < text.index("MIT") < text.index("Open Font License") < text.index("| weasyprint |")


def test_fonts_are_those_of_the_languages():
    names = {font.name for font in load_fonts(["zh-Hans", "ja"])}
    assert {"Noto Sans CJK JP", "Noto Sans CJK SC"} <= names
    assert all(font.licence == "OFL-1.1" for font in load_fonts(["zh-Hans", "ja", "ar"]))


# Leaflets


@pytest.mark.parametrize("tag", LANGUAGES)
def test_the_leaflet_says_on_one_page_how_to_print(tag):
    pdf = shipped_release()[f"how-to-print_{tag}.pdf"]
    read = read_back(pdf)
    (page,) = read.pages
    assert read.off_page == ()
    words = theme().strings[tag].page
    assert words is not None
    for text in (*words.how_booklet, words.how_checklist, words.how_large):
        assert squeeze(text) in page
    for name in DOCUMENTS:
        if re.search(r"-print\.pdf$", name) and name.split("_")[1] == tag:
            assert squeeze(name) in page
    assert errors(preflight(pdf, "leaflet.pdf")) == ()


@pytest.mark.parametrize("pair", ["zh-Hans_ja", "en_ja", "zh-Hans_en"])
def test_the_code_of_a_poster_leads_to_the_page(pair):
    pdf = shipped_release()[f"poster_phone-number_{pair}.pdf"]
    document = pypdfium2.PdfDocument(pdf)
    assert len(document) == 1
    codes = zxingcpp.read_barcodes(document[0].render(scale=150 / 72).to_pil())
    assert [one.text for one in codes] == [URL]
    corners = codes[0].position
    assert (corners.top_right.x - corners.top_left.x) / 150 * 25.4 >= 50
    assert squeeze(URL) in read_back(pdf).pages[0]
    assert errors(preflight(pdf, "poster.pdf")) == ()


def test_a_poster_without_an_address_is_refused():
    own = stock(ROOT / "content", "phone-number", url="")
    with pytest.raises(UsageError, match="needs the address"):
        poster(own.shelf, own.theme, "phone-number", ("zh-Hans", "ja"))


def test_leaflets_run_from_right_to_left_too():
    (page,) = read_back(arabic_release()["how-to-print_ar.pdf"]).pages
    assert squeeze("sample_ar_ja_booklet-print.pdf") in page
    assert language_texts('<p lang="ar">أ<wbr>ب</p><p lang="ja">紙</p>') == {"ar": ["أ", "ب"], "ja": ["紙"]}
