"""The bars of PDF/X-4 (ISO 15930-7) and of the press, each proved on a booklet and a checklist of the real guide.

Nothing here asks the program how it converts: files are walked, rendered and separated by other means.
"""

import ctypes
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from xml.etree import ElementTree

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium
import pytest
import zxingcpp
from pikepdf import Array, Dictionary, Stream
from PIL import Image, ImageChops, ImageCms, ImageFilter, ImageStat

from bootstrap.main import find_profile
from taiyaku.model.units import mm
from tests.shipped import GUIDE, PRESS, ROOT, Built

TRIM_MM: Final = {"booklet": (148, 210), "checklist": (210, 297)}
NAMES: Final = tuple(TRIM_MM)
BLEED: Final = mm(3)
DPI: Final = 150


@cache
def profile() -> bytes:
    path = find_profile()
    assert path is not None
    return path.read_bytes()


PATHS: Final = {"booklet": f"{GUIDE}_zh-Hans_ja_booklet", "checklist": f"{GUIDE}.bring_zh-Hans_ja_checklist"}
_OUT: list[Path] = []


@pytest.fixture(autouse=True, scope="module")
def _shipped(built: Built) -> None:
    _OUT[:] = [built.out]


@cache
def screen_pdf(name: str) -> bytes:
    return (_OUT[0] / f"{PATHS.get(name, name)}-screen.pdf").read_bytes()


@cache
def title(name: str) -> str:
    with pikepdf.open(BytesIO(screen_pdf(name))) as screen:
        return str(screen.docinfo["/Title"])


@cache
def press_pdf(name: str) -> bytes:
    return (_OUT[0] / f"{PATHS.get(name, name)}-press.pdf").read_bytes()


@cache
def opened(name: str) -> pikepdf.Pdf:
    return pikepdf.open(BytesIO(press_pdf(name)))


each = pytest.mark.parametrize("name", NAMES)
every = pytest.mark.parametrize("name", [path.removesuffix("-press.pdf") for path in PRESS])
"""Of two documents, what takes long: rendering. Of every shipped one, what can be read."""


# The file


@every
def test_it_is_pdf_1_6_and_open_to_all(name: str):
    assert press_pdf(name).startswith(b"%PDF-1.6\n")
    assert not opened(name).is_encrypted
    assert "/Version" not in opened(name).Root
    assert opened(name).check_pdf_syntax() == []


@every
def test_it_has_all_pages_of_the_screen_edition(name: str):
    with pikepdf.open(BytesIO(screen_pdf(name))) as screen:
        assert len(opened(name).pages) == len(screen.pages)


@every
def test_it_has_an_identifier(name: str):
    first, second = opened(name).trailer.ID
    assert len(bytes(first)) == len(bytes(second)) == 16


XMP: Final = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "pdf": "http://ns.adobe.com/pdf/1.3/",
    "pdfxid": "http://www.npes.org/pdfx/ns/id/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "xmpMM": "http://ns.adobe.com/xap/1.0/mm/",
}


def said(name: str, key: str) -> str:
    """Read a property of the XMP; of a list its first entry."""
    metadata = opened(name).Root.Metadata
    assert "/Filter" not in metadata, "the metadata cannot be found by a program that reads no PDF"
    (found,) = ElementTree.fromstring(metadata.read_bytes()).iterfind(f".//{key}", XMP)
    return "".join(found.itertext())


@every
def test_metadata_says_which_standard_it_keeps(name: str):
    assert said(name, "pdfxid:GTS_PDFXVersion") == "PDF/X-4"


@every
def test_metadata_and_document_information_agree(name: str):
    info = opened(name).docinfo
    assert said(name, "dc:title") == str(info["/Title"]) == title(name)
    assert said(name, "xmp:CreatorTool") == str(info["/Creator"])
    assert said(name, "pdf:Producer") == str(info["/Producer"])
    assert said(name, "pdf:Trapped") == str(info["/Trapped"]).removeprefix("/") == "False"
    for key, of_info in (("xmp:CreateDate", "/CreationDate"), ("xmp:ModifyDate", "/ModDate")):
        date = str(info[of_info])
        assert re.fullmatch(r"D:\d{14}Z", date)
        assert said(name, key) == said(name, "xmp:MetadataDate")
        assert re.sub(r"[-:T]", "", said(name, key)) == date.removeprefix("D:")


@each
def test_metadata_tells_documents_and_versions_apart(name: str):
    assert re.fullmatch(r"uuid:[-0-9a-f]{36}", said(name, "xmpMM:DocumentID"))
    assert re.fullmatch(r"uuid:[-0-9a-f]{36}", said(name, "xmpMM:InstanceID"))
    assert said(name, "xmpMM:VersionID")
    assert said(name, "xmpMM:RenditionClass") == "default"
    assert len({said(other, "xmpMM:DocumentID") for other in NAMES}) == len(NAMES)


@every
def test_the_output_intent_holds_a_profile_of_a_press(name: str):
    (intent,) = opened(name).Root.OutputIntents
    assert str(intent.S) == "/GTS_PDFX"
    assert str(intent.OutputConditionIdentifier)
    assert str(intent.Info)
    assert "/RegistryName" not in intent, "nobody has registered this condition"
    assert int(intent.DestOutputProfile.N) == 4
    data = intent.DestOutputProfile.read_bytes()
    assert data == profile()
    read = ImageCms.ImageCmsProfile(BytesIO(data)).profile
    assert (read.device_class.strip(), read.xcolor_space.strip()) == ("prtr", "CMYK")


FORBIDDEN: Final = (
    *("/AcroForm", "/Outlines", "/Names", "/OpenAction", "/AA", "/StructTreeRoot", "/MarkInfo", "/AF", "/OCProperties"),
    *("/JavaScript", "/JS", "/Perms", "/Requirements", "/Collection", "/PageLabels", "/Threads", "/Legal"),
)


@every
def test_nothing_is_there_that_cannot_be_printed(name: str):
    """No annotation at all, so none inside the bleed; no action, script, form, attachment, transfer function."""
    for thing in objects(name):
        if isinstance(thing, Dictionary | Stream):
            keys = set(thing.keys())
            assert keys.isdisjoint({*FORBIDDEN, "/Annots", "/A", "/TR", "/TR2", "/HTP", "/Alternates", "/OPI", "/Ref"})
            assert str(thing.get("/Type", "")) not in ("/Annot", "/Action", "/EmbeddedFile", "/Filespec")


@every
def test_all_fonts_are_embedded(name: str):
    fonts = [thing for thing in objects(name) if isinstance(thing, Dictionary) and thing.get("/Type") == "/Font"]
    simple = [font for font in fonts if font.Subtype not in ("/Type0", "/Type3")]
    assert simple
    for font in simple:
        assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(font.FontDescriptor.keys()), font.BaseFont


def objects(name: str) -> Iterator[pikepdf.Object]:
    """Return every object of a file, and every one inside it."""
    for thing in opened(name).objects:
        yield from inside(thing)


def inside(thing: Any) -> Iterator[Any]:
    yield thing
    if isinstance(thing, Array):
        kids: Sequence[Any] = list(thing)
    elif isinstance(thing, Dictionary | Stream):
        kids = [thing[key] for key in thing.keys() if key != "/Parent"]  # noqa: SIM118 – a stream is no mapping
    else:
        return
    for kid in kids:
        if isinstance(kid, pikepdf.Object) and not kid.is_indirect:
            yield from inside(kid)
        elif not isinstance(kid, pikepdf.Object):
            yield kid


# Boxes


@dataclass(frozen=True)
class Boxes:
    media: list[float]
    bleed: list[float]
    trim: list[float]


def boxes(name: str) -> list[Boxes]:
    return [
        Boxes(*([float(value) for value in leaf.obj[key]] for key in ("/MediaBox", "/BleedBox", "/TrimBox")))
        for leaf in opened(name).pages
    ]


@every
def test_boxes_are_exact(name: str):
    width, height = map(mm, TRIM_MM["booklet" if "booklet" in name else "checklist"])
    for page in boxes(name):
        left, bottom, right, top = page.trim
        assert (right - left, top - bottom) == pytest.approx((width, height), abs=0.001)
        assert page.bleed == pytest.approx([left - BLEED, bottom - BLEED, right + BLEED, top + BLEED], abs=0.001)
        assert page.media[:2] == [0, 0]
        assert page.media[2] > page.bleed[2]
        assert page.media[3] > page.bleed[3]
        assert min(page.bleed) > 0
    for leaf in opened(name).pages:
        assert {"/CropBox", "/ArtBox", "/Rotate", "/UserUnit"}.isdisjoint(leaf.obj.keys())


@each
def test_all_but_the_marks_is_cut_off_at_the_bleed(name: str):
    for leaf, box in zip(opened(name).pages, boxes(name), strict=True):
        first, clip, clipped, emptied, *rest = pikepdf.parse_content_stream(leaf)
        assert [str(one.operator) for one in (first, clip, clipped, emptied)] == ["q", "re", "W", "n"]
        x, y, width, height = (float(value) for value in clip.operands)
        assert [x, y, x + width, y + height] == pytest.approx(box.bleed, abs=0.001)
        depth = 1
        for one in rest:
            depth += {"q": 1, "Q": -1}.get(str(one.operator), 0)
            assert depth or str(one.operator) in MARKING, "something is painted outside the bleed"


MARKING: Final = frozenset({"Q", "q", "CS", "SCN", "w", "m", "l", "c", "S"})


@each
def test_marks_stand_outside_the_bleed_on_every_plate(name: str):
    """Eight crop marks in line with the trim, four registration marks; each hair-thin and in all four inks."""
    for leaf, box in zip(opened(name).pages, boxes(name), strict=True):
        marks = leaf.Contents.read_bytes().decode().rpartition("\nq /")[2]
        colour, space = marks.split()[0], marks.split()[1:4]
        assert space == ["CS", "1", "SCN"]
        separation = leaf.Resources.ColorSpace[f"/{colour}"]
        assert [str(part) for part in list(separation)[:3]] == ["/Separation", "/All", "/DeviceCMYK"]
        assert [float(part) for part in separation[3].C1] == [1, 1, 1, 1]
        assert "0.25 w" in marks
        points = [(float(x), float(y)) for x, y in re.findall(r"([\d.]+) ([\d.]+) [mlc]", marks)]
        left, bottom, right, top = box.bleed
        assert len(points) >= 2 * 8 + 4 * (4 + 5)
        assert all(x < left or x > right or y < bottom or y > top for x, y in points)
        assert all(0 < x < box.media[2] and 0 < y < box.media[3] for x, y in points)
        for x in (box.trim[0], box.trim[2]):
            assert sum(abs(point[0] - x) < 0.001 for point in points) >= 4
        for y in (box.trim[1], box.trim[3]):
            assert sum(abs(point[1] - y) < 0.001 for point in points) >= 4


# Colours


def painting(name: str) -> Iterator[tuple[str, Any]]:
    """Return every stream of a file that paints: pages, forms, tiling patterns, drawings of fonts."""
    for number, leaf in enumerate(opened(name).pages, start=1):
        yield f"page {number}", leaf
    for thing in opened(name).objects:
        if isinstance(thing, Stream) and (thing.get("/Subtype") == "/Form" or "/PatternType" in thing):
            yield "a form", thing
        if isinstance(thing, Dictionary) and "/CharProcs" in thing:
            for glyph in thing.CharProcs.keys():  # noqa: SIM118
                yield "a glyph", thing.CharProcs[glyph]


@every
def test_no_operator_paints_in_a_screens_colours(name: str):
    found = set()
    for place, stream in painting(name):
        for one in pikepdf.parse_content_stream(stream):
            operator = str(one.operator)
            found.add(operator)
            assert operator not in ("g", "G", "rg", "RG", "sc", "SC", "sh", "BI", "INLINE IMAGE", "ri"), place
            if operator in ("cs", "CS"):
                assert str(one.operands[0]) in ("/Pattern", "/Registration"), place
    assert {"k", "f*"} <= found


@every
def test_no_object_names_a_screens_colours(name: str):
    spaces = {"/DeviceRGB", "/DeviceGray", "/CalRGB", "/CalGray", "/Lab", "/ICCBased", "/DefaultRGB", "/DefaultGray"}
    names = {str(thing) for thing in objects(name) if isinstance(thing, pikepdf.Name)}
    assert "/DeviceCMYK" in names
    assert names & spaces == set()


@every
def test_every_page_blends_in_inks(name: str):
    for leaf in opened(name).pages:
        assert str(leaf.obj.Group.CS) == "/DeviceCMYK"
    groups = [thing for thing in objects(name) if isinstance(thing, Dictionary) and thing.get("/S") == "/Transparency"]
    assert groups
    assert {str(group.get("/CS", "")) for group in groups} == {"/DeviceCMYK"}


@every
def test_nothing_takes_more_than_300_percent_of_ink(name: str):
    seen = set()
    for _, stream in painting(name):
        for one in pikepdf.parse_content_stream(stream):
            if str(one.operator) in ("k", "K"):
                seen.add(tuple(float(part) for part in one.operands))
    assert len(seen) >= 4
    assert all(len(ink) == 4 and sum(ink) <= 3 and all(0 <= part <= 1 for part in ink) for ink in seen)
    assert all(ink[3] == 1 or max(ink[:3]) > 0 or ink[3] < 0.9 for ink in seen), "black that is not full"


@each
def test_no_pixel_takes_more_than_300_percent_of_ink(name: str):
    pictures = [
        thing for thing in opened(name).objects if isinstance(thing, Stream) and thing.get("/Subtype") == "/Image"
    ]
    assert pictures
    for picture in pictures:
        assert {"/SMask", "/Mask", "/Alternates"}.isdisjoint(picture.keys())
        space = picture.ColorSpace
        table = bytes(space[3]) if isinstance(space, Array) else picture.read_bytes()
        assert max(sum(table[at : at + 4]) for at in range(0, len(table), 4)) <= 765
        if isinstance(space, Array):
            assert [str(part) for part in list(space)[:2]] == ["/Indexed", "/DeviceCMYK"]


# Looking at it


def rendered(pdf: bytes, number: int, dpi: int = DPI) -> Image.Image:
    with pypdfium2.PdfDocument(pdf) as document:
        picture: Image.Image = document[number].render(scale=dpi / 72).to_pil().convert("RGB")
    return picture


def trimmed(name: str, number: int, dpi: int = DPI, beyond: float = 0.0) -> Image.Image:
    """Show a page for the press as it is after cutting."""
    box, page = boxes(name)[number], rendered(press_pdf(name), number, dpi)
    left, bottom, right, top = box.trim
    edges = (left - beyond, box.media[3] - top - beyond, right + beyond, box.media[3] - bottom + beyond)
    x, y, u, v = (round(edge * dpi / 72) for edge in edges)
    return page.crop((x, y, u, v))


PAGES: Final = [("booklet", 0), ("booklet", 5), ("booklet", 7), ("booklet", -1), ("checklist", 0)]


@pytest.mark.parametrize(("name", "number"), PAGES)
def test_a_page_looks_as_it_does_on_the_screen(name: str, number: int):
    """Colours are near, and nothing is lost or moved: what is left after both are blurred a little."""
    number %= len(opened(name).pages)
    ours = trimmed(name, number).filter(ImageFilter.GaussianBlur(3))
    theirs = rendered(screen_pdf(name), number).resize(ours.size).filter(ImageFilter.GaussianBlur(3))
    apart = ImageChops.difference(ours.convert("L"), theirs.convert("L"))
    assert ImageStat.Stat(apart).mean[0] < 4
    assert max(apart.tobytes()) < 60


def test_the_cover_bleeds():
    """The picture goes on to the edge of the bleed at the top and at both sides, and ends there."""
    cover = trimmed("booklet", 0, beyond=BLEED)
    middle = cover.height // 4
    for x, y in ((2, middle), (cover.width - 3, middle), (cover.width // 2, 2)):
        assert max(pixel(cover, x, y)) < 140, "there is white where the trim may fall"
    beyond = trimmed("booklet", 0, beyond=BLEED + 6)
    for x, y in ((2, middle), (beyond.width - 3, middle), (beyond.width // 3, 2)):
        assert min(pixel(beyond, x, y)) > 240


def pixel(picture: Image.Image, x: int, y: int) -> bytes:
    return picture.crop((x, y, x + 1, y + 1)).tobytes()


def test_codes_can_be_read():
    found = {code.text for code in zxingcpp.read_barcodes(trimmed("checklist", 0, 300))}
    assert found == {code.text for code in zxingcpp.read_barcodes(rendered(screen_pdf("checklist"), 0, 300))}
    assert found


# Plates


needs_gs = pytest.mark.skipif(shutil.which("gs") is None, reason="gs is not installed")


@cache
def plates(name: str, number: int) -> dict[str, Image.Image]:
    """Separate a page with Ghostscript into one picture an ink: 0 is paper, 255 a full coat."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "press.pdf"
        path.write_bytes(press_pdf(name))
        pages = (f"-dFirstPage={number + 1}", f"-dLastPage={number + 1}")
        output = ("-sDEVICE=tiffsep", f"-r{DPI}", f"-sOutputFile={folder}/plate.tif")
        command = ("gs", "-q", "-dBATCH", "-dNOPAUSE", "-dSAFER", *pages, *output, str(path))
        subprocess.run(command, check=True, timeout=120)
        found = {ink: Path(folder) / f"plate({ink}).tif" for ink in ("Cyan", "Magenta", "Yellow", "Black")}
        return {ink: ImageChops.invert(Image.open(plate).convert("L")) for ink, plate in found.items()}


def black_text(name: str, number: int) -> Iterator[tuple[int, int, int, int]]:
    """Return where characters in the colour of text stand on white paper, in pixels of the plates."""
    tint = rendered(screen_pdf(name), number)
    box = boxes(name)[number]
    with pypdfium2.PdfDocument(screen_pdf(name)) as document:
        leaf = document[number]
        text = leaf.get_textpage()
        height = leaf.get_height()
        for at in range(text.count_chars()):
            if colour_of(text, at) != (0x1C, 0x1C, 0x1C):
                continue
            left, bottom, right, top = text.get_charbox(at)
            corner = (pixels(left - 1), pixels(height - top - 1))
            if right > left and pixel(tint, *corner) == bytes((255, 255, 255)):
                x, y = box.trim[0], box.media[3] - box.trim[1]
                yield pixels(left + x), pixels(y - top), pixels(right + x), pixels(y - bottom)


def pixels(length: float) -> int:
    return round(length * DPI / 72)


def colour_of(text: Any, at: int) -> tuple[int, ...]:
    """Read a character's colour; the end of a line, which is not in the file, has none."""
    parts = tuple(ctypes.c_uint() for _ in range(4))
    found = pdfium.FPDFText_GetFillColor(text.raw, at, *map(ctypes.byref, parts))
    return tuple(part.value for part in parts[:3]) if found else ()


TEXT_PAGES: Final = [("booklet", 5), ("booklet", 9), ("checklist", 0)]


@needs_gs
@pytest.mark.parametrize(("name", "number"), TEXT_PAGES)
def test_body_text_is_on_the_black_plate_alone(name: str, number: int):
    separated = plates(name, number)
    places = list(black_text(name, number))
    assert len(places) > 150
    inked = 0
    for place in places:
        for ink in ("Cyan", "Magenta", "Yellow"):
            assert max(separated[ink].crop(place).tobytes(), default=0) == 0, f"{ink} under text at {place}"
        inked += max(separated["Black"].crop(place).tobytes(), default=0) > 200
    assert inked / len(places) > 0.95


@needs_gs
@pytest.mark.parametrize(("name", "number"), TEXT_PAGES)
def test_ghostscript_draws_the_same_characters(name: str, number: int):
    """A printer's program must find each character by the number that the file gives: no empty boxes."""
    black = plates(name, number)["Black"]
    ours = ImageChops.invert(rendered(press_pdf(name), number).convert("L")).resize(black.size)
    unlike = 0
    places = [(x, y, u, v) for x, y, u, v in black_text(name, number) if min(u - x, v - y) > 12]
    assert len(places) > 100
    for place in places:
        first, second = (picture.crop(place).filter(ImageFilter.GaussianBlur(1)) for picture in (black, ours))
        unlike += ImageStat.Stat(ImageChops.difference(first, second)).mean[0] > 50
    assert unlike / len(places) < 0.1


# The same input, the same bytes

AGAIN: Final = """
import sys
from hashlib import sha256
from pathlib import Path
from taiyaku.model.tokens import press_palette
from taiyaku.prepress.inks import read_profile
from taiyaku.prepress.pdfx import Press, prepress
screen, profile, tokens = (Path(path).read_bytes() for path in sys.argv[1:4])
press = Press(read_profile(profile), press_palette({"tokens.css": tokens}), sys.argv[4], ("zh-Hans", "ja"), sys.argv[5])
print(sha256(prepress(screen, press).pdf).hexdigest())
"""


@each
def test_the_same_bytes_anywhere_at_any_time(name: str, tmp_path: Path):
    (tmp_path / "screen.pdf").write_bytes(screen_pdf(name))
    (tmp_path / "profile.icc").write_bytes(profile())
    paths = (tmp_path / "screen.pdf", tmp_path / "profile.icc", ROOT / "styles" / "tokens.css")
    arguments = (*map(str, paths), title(name), f"{PATHS[name]}-press.pdf")
    digests = set()
    for zone, seed in (("Asia/Tokyo", "1"), ("America/Lima", "2")):
        environment = {**os.environ, "TZ": zone, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
        command = (sys.executable, "-c", AGAIN, *arguments)
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, cwd=tmp_path)
        digests.add(done.stdout.strip())
    assert digests == {sha256(press_pdf(name)).hexdigest()}
