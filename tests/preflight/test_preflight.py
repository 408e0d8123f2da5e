"""The preflight: each code has a PDF that is wrong and the same one made right; whatever comes in, no traceback.

What is read from a PDF is held against pdfium, which shares no code with it.
"""

import ctypes
import datetime as dt
import random
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from io import BytesIO
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name

from taiyaku.model.findings import Finding, errors, finding_to_dict, format_finding
from taiyaku.model.units import mm
from taiyaku.model.wordings import WORDINGS, Severity
from taiyaku.pdf.colour import Kind, colour, first_colour, space_of
from taiyaku.pdf.fonts import typeface
from taiyaku.pdf.geometry import Box
from taiyaku.pdf.interpreter import _DO, paint
from taiyaku.pdf.metadata import date_of, has_clock
from taiyaku.pdf.objects import page_ranges
from taiyaku.pdf.operators import Library
from taiyaku.pdf.painted import Painted
from taiyaku.pdf.structure import read_tree
from taiyaku.preflight.preflight import CHECKS, PreflightProfile, preflight, read_lines
from taiyaku.preflight.profile import LARGE, PRESS, PRINT, SCREEN, Claims, expect_for, guess
from taiyaku.prepress.sheets import impose
from tests.making import codes, small_layout, told
from tests.preflight.tiny import (
    BLEED,
    BODY,
    SIDE,
    add_element,
    add_note,
    artifact,
    font,
    text,
    tiny,
    wanted,
)  # fmt: skip
from tests.preflight.tiny import (
    told as in_tree,
)

HERE: Final = Path(__file__).parent
CODES: Final = tuple(code for code in WORDINGS if code.startswith("pdf."))

MESSAGES: Final = {
    "pdf.unreadable": "the file cannot be read: root of pages tree has no /Kids array",
    "pdf.operator": "in the page's content `gs` names what is not there (page 1): /Absent in /ExtGState",
    "pdf.encrypted": "the file is encrypted",
    "pdf.damaged": "the file is damaged, and was mended to be read: file is damaged",
    "pdf.javascript": "the file runs JavaScript",
    "pdf.attachment": "another file is inside the file",
    "pdf.too-large": "the file has 16 KiB, the limit is 8 KiB",
    "pdf.title": "the file has no title",
    "pdf.title-hidden": "a window shows the file's name instead of its title",
    "pdf.language": "the file names no language",
    "pdf.language-tag": "`japanese` is no language tag (page 1)",
    "pdf.date": "the dates of the file are wrong: CreationDate D:20261123",
    "pdf.clock": "the file holds the time of day at which it was made: ModDate D:20261122093000Z",
    "pdf.metadata": "the metadata is not in order: XMP and Info differ in Title",
    "pdf.producer": "the file does not say which program wrote it",
    "pdf.random-id": "an identifier is made of chance: xmpMM:InstanceID",
    "pdf.page-count": "the number of pages, 3, is no multiple of 4",
    "pdf.page-size": "the trim is 42.0 × 40.0 mm, not 40.0 × 40.0 mm (page 2)",
    "pdf.boxes": "the page's boxes do not lie in one another: media, bleed, trim (page 1)",
    "pdf.origin": "the MediaBox does not begin at 0 0 (page 1)",
    "pdf.bleed": "the bleed is 2.0 mm wide, not 3 mm (page 1)",
    "pdf.bleed-empty": "something touches the trim and is not painted 3 mm beyond it (page 1)",
    "pdf.crop-marks": "crop marks are missing (page 1)",
    "pdf.mark-inside": "a printer's mark reaches into the bleed (page 1)",
    "pdf.blank-page": "the page is empty (page 2)",
    "pdf.text-outside": "text stands outside the trim (page 1): AbAbAb",
    "pdf.text-near-edge": "text stands less than 5 mm from the trim (page 1): Ab",
    "pdf.font-outside": "fonts are not in the file: Tiny-Sans (page 1)",
    "pdf.font-whole": "fonts are not cut to what is used: Tiny-Sans (page 1)",
    "pdf.font-strange": "fonts that are not ours: Strange-Sans (page 1)",
    "pdf.notdef": "a character is missing and drawn as an empty box: Tiny-Sans (page 1)",
    "pdf.unicode": "the file does not tell which characters it shows: Tiny-Sans (page 1)",
    "pdf.type-small": "type of 4.0 pt is smaller than 5 pt (page 1)",
    "pdf.cjk-small": "type of 6.0 pt is too small for Chinese, Japanese or Korean, which needs 8 pt (page 1)",
    "pdf.hairline": "a line of 0.10 pt is thinner than 0.25 pt (page 1)",
    "pdf.rgb": "colours are RGB (page 1)",
    "pdf.rich-black": "text is black with other inks under it (page 1)",
    "pdf.ink": "400 % of ink in one place are more than 300 % (page 1)",
    "pdf.picture-coarse": "a picture has 40 pixels an inch, 300 are needed (page 1)",
    "pdf.picture-broken": "pictures cannot be unpacked, their data are damaged or too short (page 1): /I",
    "pdf.code-small": "a code to be photographed is 9.9 mm wide, not 15 mm (page 1)",
    "pdf.output-intent": "the output intent is wrong: the profile is for RGB, not CMYK",
    "pdf.pdfx": "the file is no PDF/X-4, for lack of: Trapped",
    "pdf.annotation": "a link or field lies on what is printed (page 1)",
    "pdf.untagged": "the file is not tagged",
    "pdf.tree-ring": "elements of the structure tree stand in themselves, or in two places: 1",
    "pdf.unmarked": "something is neither tagged nor an artifact (page 1)",
    "pdf.alt": "figures without alternative text: 1 (page 1)",
    "pdf.table-head": "table heads without a Scope: 1 (page 1)",
    "pdf.heading": "after H1 comes H3 (page 1)",
    "pdf.face": "a text tagged as zh-Hans is drawn with a face of JP (page 1): 直",
    "pdf.language-absent": "no text is tagged as ja",
    "pdf.link-dead": "links lead nowhere (page 1): `there`",
    "pdf.field-name": "form fields without a name: 1 (page 1)",
    "pdf.field-tooltip": "form fields without a tooltip: 1 (page 1)",
    "pdf.field-loose": "form fields not in the structure tree: 1 (page 1)",
}
"""What a person reads of each wrong PDF."""


def folder(code: str) -> str:
    return code.removeprefix("pdf.").replace("-", "_")


def case(code: str) -> ModuleType:
    """Return the module that makes a code's PDFs."""
    return import_module(f"tests.preflight.{folder(code)}.make")


def checked(code: str, pdf: bytes) -> list[str]:
    return told(preflight(pdf, "a.pdf", getattr(case(code), "EXPECT", PreflightProfile())))


# Each code


def test_every_code_has_a_folder_and_every_folder_a_code():
    folders = {path.parent.name for path in HERE.glob("*/make.py")}
    assert folders == set(map(folder, CODES))


@pytest.mark.parametrize("code", CODES)
def test_what_is_wrong_is_told(code: str):
    """Exactly that code, and in the words that a person reads."""
    severity = WORDINGS[code].severity
    assert checked(code, case(code).wrong()) == [f"a.pdf: {severity}: {MESSAGES[code]} [{code}]"]


@pytest.mark.parametrize("code", CODES)
def test_what_is_right_is_not(code: str):
    assert checked(code, case(code).right()) == []


def test_only_what_hurts_nobody_is_a_warning():
    warnings = {code for code in CODES if WORDINGS[code].severity is Severity.WARNING}
    assert warnings == {"pdf.clock", "pdf.producer", "pdf.random-id", "pdf.font-whole", "pdf.picture-coarse"}


# Findings


@pytest.mark.parametrize("edition", [SCREEN, PRINT, PRESS, LARGE])
def test_a_tiny_document_of_each_edition_is_right(edition: str):
    pdf = tiny(edition)
    assert told(preflight(pdf, "a.pdf", wanted(edition))) == []
    assert pdf == tiny(edition)


def test_one_finding_lists_all_pages():
    small = in_tree(text("Ab", size=4))
    (finding,) = preflight(tiny(SCREEN, small, BODY, small, small), "a.pdf", PreflightProfile())
    assert finding.facts["pages"] == "1, 3–4"
    assert finding_to_dict(finding)["pages"] == "1, 3–4"
    assert told([finding]) == ["a.pdf: error: type of 4.0 pt is smaller than 5 pt (page 1, 3–4) [pdf.type-small]"]


@given(st.sets(st.integers(1, 60)))
def test_page_ranges_name_every_page_once(pages: set[int]):
    said: list[int] = []
    for part in filter(None, page_ranges(pages).split(", ")):
        first, _, last = part.partition("–")
        said += range(int(first), int(last or first) + 1)
    assert said == sorted(pages)
    assert page_ranges([*pages, *pages]) == page_ranges(pages)


def test_the_same_file_gives_the_same_findings():
    """Also in another process: no address, no order of a set comes into a message."""
    code = (
        "import sys; from tests.preflight.unreadable.make import wrong;"
        "from taiyaku.preflight.preflight import preflight;"
        "from tests.preflight.tiny import tiny; from taiyaku.preflight.preflight import PreflightProfile;"
        "print(preflight(wrong(), 'a'), preflight(tiny('print'), 'a', PreflightProfile('press', families=('X',))))"
    )
    runs = [
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=HERE.parent.parent)
        for _ in range(2)
    ]
    assert runs[0].stdout == runs[1].stdout
    assert "0x" not in runs[0].stdout


# Whatever comes in


def test_anything_but_a_pdf_is_unreadable():
    for data in (b"", b"%PDF-1.7", b"\x00" * 5000, "日本".encode(), b"%PDF-1.7\ntrailer\n<< /Root 1 0 R >>\n%%EOF"):
        assert codes(preflight(data, "a.pdf")) == ["pdf.unreadable"]


def test_a_password_is_asked_for():
    locked = tiny(deterministic_id=False, encryption=pikepdf.Encryption(owner="a", user="b"))
    assert told(preflight(locked, "a.pdf")) == [
        "a.pdf: error: the file cannot be read: a password is asked for [pdf.unreadable]"
    ]


def test_a_file_cut_off_anywhere_gives_findings_only():
    pdf = tiny(PRESS)
    for end in range(0, len(pdf) - 20, 97):
        assert errors(preflight(pdf[:end], "a.pdf")), end
        assert set(codes(read_lines(pdf[:end], "a.pdf"))) <= {"pdf.unreadable"}, end


def _spoil_objects(chance: random.Random, pdf: pikepdf.Pdf) -> None:
    """Put something else in the place of a few entries of a few dictionaries."""
    others: list[Any] = [
        Name.Nonsense, -1, 0, 10**9, pikepdf.String("x"), Array(), Array([0]), Dictionary(), Array([Name.Lab, 3]), True,
    ]  # fmt: skip
    holders = [one for one in pdf.objects if isinstance(one, pikepdf.Dictionary | pikepdf.Stream)]
    for _ in range(3):
        holder = chance.choice(holders)
        keys = [key for key in holder.keys() if key not in ("/Length", "/Filter", "/Type")]  # noqa: SIM118
        if keys:
            holder[chance.choice(keys)] = chance.choice(others)


@pytest.mark.parametrize("edition", [SCREEN, PRESS])
def test_objects_that_are_not_what_they_should_be_give_findings_only(edition: str):
    """400 broken files, the same each time; no check stumbles on one, and none hides what the others find."""
    chance = random.Random(edition)
    found: set[str] = set()
    body = in_tree(text("Ab")) + artifact(b"q 9 0 0 9 30 20 cm /I Do Q")

    def break_it(pdf: pikepdf.Pdf) -> None:
        _furnish(pdf)
        _spoil_objects(chance, pdf)

    for _ in range(200):
        try:
            pdf = tiny(edition, body, change=break_it)
        except (pikepdf.PdfError, TypeError, ValueError, AttributeError):
            continue  # so broken that it cannot even be written
        found |= set(codes(preflight(pdf, "a.pdf", wanted(edition))))
    assert "preflight.fault" not in found
    assert len(found) > 15


def _furnish(pdf: pikepdf.Pdf) -> None:
    image = pdf.make_stream(bytes(12), Type=Name.XObject, Subtype=Name.Image, Width=2, Height=2, BitsPerComponent=8)
    image.ColorSpace = Name.DeviceRGB
    pdf.pages[0].obj.Resources.XObject = Dictionary(I=image)
    add_note(pdf, "Link", Dest=Array([pdf.pages[0].obj, Name.Fit]))


def test_forms_that_call_each_other_end():
    def ring(pdf: pikepdf.Pdf) -> None:
        form = pdf.make_stream(b"/X Do", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 99, 99])
        form.Resources = Dictionary(XObject=Dictionary(X=form))
        pdf.pages[0].obj.Resources.XObject = Dictionary(X=form)

    small = in_tree(text("Ab", size=4), 1)
    assert told(preflight(tiny(SCREEN, BODY + b" /X Do " + small, change=ring), "a.pdf"))[:1] == [
        "a.pdf: error: in the page's content `Do` calls what calls it again, without end (page 1) [pdf.operator]"
    ]
    assert "pdf.type-small" in codes(preflight(tiny(SCREEN, b"/X Do " + small, change=ring), "a.pdf"))


# A fault stays where it is

SMALL_TYPE: Final = in_tree(text("Ab", size=4))
"""A fault that every page here has behind another one: it must be found all the same."""

ODD: Final = {
    b"(x) w": "`w` has operands that it does not take (page 1): (x)",
    b"7 1 w": "`w` has operands that it does not take (page 1): 7 1",
    b"true 1 1 rg 1 1 rg": "`rg` has operands that it does not take (page 1), 2 times, first true 1 1",
    b"1 0 0 1 0 /A Tm": "`Tm` has operands that it does not take (page 1): 1 0 0 1 0 /A",
    b"3 zap": "`zap` is no operator (page 1)",
    b"/No sh": "`sh` names what is not there (page 1): /No in /Shading",
    b"/Pattern cs /No scn": "`scn` names what is not there (page 1): /No in /Pattern",
    b"scn": "`scn` has operands that it does not take (page 1): none",
    b"/F sh": "`sh` names what is not there (page 1): /F in /Shading",
    b"BT (A) Tj ET": "`Tf` is missing: text is shown before there is a font (page 1)",
    b"BT /F 9 Tf [/A <0002>] TJ ET": "`TJ` shows what is neither text nor a number (page 1)",
    b"1e9999999999999 w": "`1e9999999999999` is no operator (page 1)",
    b"9999999999999999999999999999999999999999 0 0 1 0 0 cm": "`cm` has operands that it does not take (page 1)",
    b"/Dull Do": "`Do` calls a form without a box (page 1): /BBox",
    b"/Strange cs": "`cs` uses what is no colour space (page 1): /Rainbow",
}


def _furnished(pdf: pikepdf.Pdf) -> None:
    resources = pdf.pages[0].obj.Resources
    dull = pdf.make_stream(b"0 0 9 9 re f", Type=Name.XObject, Subtype=Name.Form)
    resources.XObject = Dictionary(Dull=dull)
    resources.ColorSpace = Dictionary(Strange=Array([Name.Rainbow]))


@pytest.mark.parametrize("content", ODD)
def test_an_odd_operator_is_told_and_hides_nothing(content: bytes):
    body = artifact(b"q " + content + b" Q") + SMALL_TYPE
    found = told(preflight(tiny(SCREEN, body, change=_furnished), "a.pdf", PreflightProfile()))
    assert any(ODD[content] in line and line.endswith("[pdf.operator]") for line in found), found
    assert any("[pdf.type-small]" in line for line in found)
    assert not any(name in line for line in found for name in ("0x", "argument", "NoneType", "preflight.fault"))


def test_what_is_odd_on_many_pages_is_told_once_with_a_count():
    page = BODY + artifact(b"/No gs /No gs")
    assert told(preflight(tiny(SCREEN, page, page, BODY, page), "a.pdf", PreflightProfile())) == [
        "a.pdf: error: in the page's content `gs` names what is not there (page 1–2, 4), 6 times, "
        "first /No in /ExtGState [pdf.operator]"
    ]


def test_between_bx_and_ex_a_reader_may_meet_what_it_does_not_know():
    """ISO 32000-2, 7.8.2."""
    assert codes(preflight(tiny(SCREEN, BODY + b" BX 1 zap EX"), "a.pdf", PreflightProfile())) == []
    assert codes(preflight(tiny(SCREEN, BODY + b" BX EX 1 zap"), "a.pdf", PreflightProfile())) == ["pdf.operator"]


@pytest.mark.parametrize(
    ("end", "code"),
    [(b" 1 2 (no end", "pdf.damaged"), (b" BI /W 9 /H 9 ID", "pdf.damaged"), (b" 5 6", "pdf.operator")],
)
def test_a_page_whose_content_ends_in_the_middle_is_read_so_far(end: bytes, code: str):
    found = codes(preflight(tiny(SCREEN, SMALL_TYPE + end), "a.pdf", PreflightProfile()))
    assert found == [code, "pdf.type-small"]


GBK: Final = Name("/" + "x" * 4)


def _named_in_gbk(pdf: bytes) -> bytes:
    """Return names that are no UTF-8: the letters xxxx become two characters of GBK."""
    return pdf.replace(b"xxxx", b"\xcb\xce\xcc\xe5")


def test_names_are_bytes():
    """Of a font, of what stands in the resources, of a colour and of a tag."""

    def rename(pdf: pikepdf.Pdf) -> None:
        page = pdf.pages[0].obj
        made = font(pdf, "Tiny-Sans", embedded=False)
        made.BaseFont = GBK
        page.Resources.Font = Dictionary({str(GBK): made})
        tint = Dictionary(FunctionType=2, Domain=[0, 1], C0=[0, 0, 0, 0], C1=[1, 1, 1, 1], N=1)
        page.Resources.ColorSpace = Dictionary({str(GBK): Array([Name.Separation, GBK, Name.DeviceCMYK, tint])})
        pdf.Root.StructTreeRoot.RoleMap = Dictionary({str(GBK): Name.P})

    body = in_tree(b"/xxxx cs 1 scn " + text("Ab", size=4, font="xxxx"))
    plain = tiny(
        SCREEN, body, change=rename, compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable
    )
    assert told(preflight(_named_in_gbk(plain), "a.pdf", PreflightProfile())) == [
        "a.pdf: error: fonts are not in the file: #cb#ce#cc#e5 (page 1) [pdf.font-outside]",
        "a.pdf: error: type of 4.0 pt is smaller than 5 pt (page 1) [pdf.type-small]",
    ]


XMP_BODIES: Final = {
    "no text": '<dc:title><rdf:Alt><rdf:li xml:lang="x-default"/></rdf:Alt></dc:title>',
    "no member": "<dc:title><rdf:Alt/></dc:title>",
    "no value": "<dc:title/>",
    "an empty author": "<dc:creator><rdf:Seq><rdf:li/><rdf:li>A</rdf:li></rdf:Seq></dc:creator>",
    "a structure": '<dc:title rdf:parseType="Resource"><dc:x>1</dc:x></dc:title>',
    "an empty subject": "<dc:subject><rdf:Bag><rdf:li/></rdf:Bag></dc:subject>",
    "broken": "<dc:title><rdf:Alt>",
}


@pytest.mark.parametrize("body", XMP_BODIES)
def test_metadata_that_says_nothing_hides_nothing(body: str):
    def describe(pdf: pikepdf.Pdf) -> None:
        del pdf.docinfo["/Title"]
        packet = (
            '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
            '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">'
            f"{XMP_BODIES[body]}</rdf:Description></rdf:RDF></x:xmpmeta>"
        )
        pdf.Root.Metadata = pdf.make_stream(packet.encode(), Type=Name.Metadata, Subtype=Name.XML)

    found = codes(preflight(tiny(SCREEN, SMALL_TYPE, change=describe), "a.pdf", PreflightProfile()))
    assert {"pdf.title", "pdf.metadata", "pdf.type-small"} <= set(found)
    assert not {"pdf.unreadable", "preflight.fault"} & set(found)


def _device_n(pdf: pikepdf.Pdf) -> Array:
    tint = pdf.make_stream(b"{pop 0 0 0}", FunctionType=4, Domain=[0, 1, 0, 1], Range=[0, 1] * 4)
    return Array([Name.DeviceN, Array([Name.Red, Name.Gold]), Name.DeviceCMYK, tint])


PICTURES: Final[dict[str, tuple[Callable[[pikepdf.Pdf], dict[str, Any]], set[str]]]] = {
    "inks": (lambda pdf: {"ColorSpace": _device_n(pdf), "data": bytes(800)}, {"pdf.picture-coarse"}),
    "16 bits": (lambda _: {"BitsPerComponent": 16, "data": bytes(2400)}, {"pdf.picture-coarse"}),
    "4 bits a channel": (lambda _: {"BitsPerComponent": 4, "data": bytes(600)}, {"pdf.picture-coarse"}),
    "no data": (lambda _: {"data": b""}, {"pdf.picture-coarse", "pdf.picture-broken"}),
    "damaged": (
        lambda _: {"Filter": Name.FlateDecode, "data": b"no zlib"},
        {"pdf.picture-coarse", "pdf.picture-broken"},
    ),
    "half a photograph": (
        lambda _: {"Filter": Name.DCTDecode, "data": b"\xff\xd8\xff\xdb\x00\x43"},
        {"pdf.picture-coarse", "pdf.picture-broken"},
    ),
    "a packing that is not known": (
        lambda _: {"Filter": Name.Unheard, "data": b"?"},
        {"pdf.picture-coarse"},
    ),
    "no size": (lambda _: {"Width": Name.Wide, "data": b""}, set()),
}


@pytest.mark.parametrize("kind", PICTURES)
def test_no_picture_hides_anything(kind: str):
    make, expected = PICTURES[kind]

    def furnish(pdf: pikepdf.Pdf) -> None:
        facts = {"Width": 20, "Height": 20, "BitsPerComponent": 8, "ColorSpace": Name.DeviceRGB, **make(pdf)}
        image = pdf.make_stream(facts.pop("data"), Type=Name.XObject, Subtype=Name.Image)
        for key, value in facts.items():
            image[f"/{key}"] = value
        pdf.pages[0].obj.Resources.XObject = Dictionary(I=image)

    body = artifact(b"q 50 0 0 50 30 50 cm /I Do Q") + SMALL_TYPE
    found = set(codes(preflight(tiny(SCREEN, body, change=furnish), "a.pdf", PreflightProfile())))
    assert found - {"pdf.damaged"} == expected | {"pdf.type-small"}


def test_a_stencil_in_the_content_is_a_picture_of_two_colours():
    body = artifact(b"q 50 0 0 50 30 50 cm BI /W 8 /H 4 /BPC 1 /IM true ID abcd EI Q") + SMALL_TYPE
    assert codes(preflight(tiny(SCREEN, body), "a.pdf", PreflightProfile())) == ["pdf.type-small"]


def test_a_check_of_ours_that_stumbles_says_so_and_the_others_go_on(monkeypatch: pytest.MonkeyPatch):
    def links(_subject: Any) -> Iterator[Finding]:
        nothing: dict[str, list[Finding]] = {}
        yield from nothing["no such key"]

    monkeypatch.setattr("taiyaku.preflight.preflight.CHECKS", (links, *CHECKS))
    first, second = preflight(tiny(SCREEN, SMALL_TYPE), "a.pdf", PreflightProfile())
    assert told([first]) == [
        "a.pdf: error: the check `links` came to no end: what it would have found is not known [preflight.fault]"
    ]
    assert "please report it" in format_finding(first)
    assert re.search(r"`taiyaku/pdf/broken\.py:\d+`", format_finding(first))
    assert second.code == "pdf.type-small"


def test_an_operator_of_ours_that_stumbles_says_so_and_the_page_is_read_on(monkeypatch: pytest.MonkeyPatch):
    def stumble(*_: Any) -> None:
        raise AttributeError("'int' object has no attribute 'get' at 0x7f")

    monkeypatch.setitem(_DO, "re", stumble)
    found = preflight(tiny(SCREEN, artifact(b"1 1 1 1 re") + SMALL_TYPE), "a.pdf", PreflightProfile())
    assert [one.code for one in found] == ["preflight.fault", "pdf.type-small"]
    assert "`re` on page 1 came to no end" in format_finding(found[0])
    assert "attribute" not in format_finding(found[0])


def test_a_file_that_cannot_be_drawn_has_no_lines_to_read(monkeypatch: pytest.MonkeyPatch):
    def refuse(*_: Any, **__: Any) -> None:
        raise pypdfium2.PdfiumError("Failed to load document (PDFium: Data format error).")

    monkeypatch.setattr("taiyaku.preflight.lines.read_composition", refuse)
    layout = small_layout("<p>A line of text</p>", lang="en").write()
    (found,) = read_lines(layout, "a.pdf")
    assert (found.code, found.severity) == ("preflight.undrawn", Severity.WARNING)


def test_a_structure_tree_that_holds_itself_ends():
    def ring(pdf: pikepdf.Pdf) -> None:
        document = pdf.Root.StructTreeRoot.K[0]
        document.K.append(document)
        add_element(pdf, "Figure", Alt=pikepdf.String(""))

    assert codes(preflight(tiny(change=ring), "a.pdf", PreflightProfile())) == ["pdf.tree-ring", "pdf.alt"]


def test_an_outline_that_runs_in_a_ring_ends():
    def ring(pdf: pikepdf.Pdf) -> None:
        item = pdf.make_indirect(Dictionary(Title=pikepdf.String("x"), Dest=Array([pdf.pages[0].obj, Name.Fit])))
        item.Next = item
        pdf.Root.Outlines = Dictionary(First=item)

    assert codes(preflight(tiny(change=ring), "a.pdf", PreflightProfile())) == []


# What a file should be


def _signs(claims: set[str], creator: str = "", *, width: float = 148, height: float = 210, pages: int = 40) -> Claims:
    return Claims(frozenset(claims), creator, Box(0, 0, mm(width), mm(height)), pages)


def test_a_file_says_for_which_edition_it_is():
    assert guess(_signs({"pdfx"})).edition == PRESS
    assert guess(_signs({"pdfua"})).edition == SCREEN
    assert guess(_signs(set())).edition == PRINT
    assert guess(_signs({"pdfua"}), LARGE).edition == LARGE
    assert guess(_signs({"pdfx"})).bleed == BLEED


def test_of_our_own_files_more_is_known():
    ours = "Taiyaku 2026.11.0"
    assert guess(_signs({"pdfua"}, ours)).families == ("Cut-Noto-Sans",)
    assert guess(_signs({"pdfua"})).families == ()
    assert guess(_signs({"pdfua"}, ours)).multiple == 4
    assert guess(_signs({"pdfx"}, ours)).multiple == 4
    assert guess(_signs(set(), ours, width=297)).multiple == 2
    assert guess(_signs({"pdfua"}, ours, width=210, height=297)).multiple == 1
    assert guess(_signs({"pdfua"}, ours, pages=1)).multiple == 1


def test_a_guess_comes_from_the_file():
    """No PDF/X claim: for a press it lacks nearly everything."""
    assert codes(preflight(tiny(PRINT), "a.pdf")) == []
    missing = codes(preflight(tiny(PRINT), "a.pdf", edition=PRESS))
    assert {"pdf.bleed", "pdf.crop-marks", "pdf.output-intent", "pdf.pdfx"} <= set(missing)
    assert codes(preflight(tiny(PRESS), "a.pdf")) == []
    assert codes(preflight(tiny(SCREEN), "a.pdf", max_bytes=1000)) == ["pdf.too-large"]


def test_an_edition_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match="`poster` is none of: screen, print, press, large"):
        expect_for("poster")


def test_a_size_may_be_asked_for():
    pdf = tiny(PRINT)
    assert codes(preflight(pdf, "a.pdf", PreflightProfile(PRINT, trim=(SIDE, SIDE)))) == []
    assert told(preflight(pdf, "a.pdf", PreflightProfile(PRINT, trim=(148, 210)))) == [
        "a.pdf: error: the trim is 40.0 × 40.0 mm, not 148.0 × 210.0 mm (page 1) [pdf.page-size]"
    ]


# What is painted, held against pdfium


def painted(pdf: bytes) -> list[Painted]:
    with pikepdf.open(BytesIO(pdf)) as opened:
        library = Library()
        return [paint(page, library) for page in opened.pages]


MIXED: Final = """\
<h1>法律の話</h1>
<p lang="en">Call first, <b>then</b> book a time.</p>
<p style="transform: rotate(8deg) scale(.9)">先に電話で予約します</p>
<p style="letter-spacing: 2pt; word-spacing: 3pt" lang="en">Wide open letters</p>"""


@pytest.fixture(scope="module")
def mixed() -> bytes:
    return small_layout(MIXED, lang="ja").write()


@pytest.mark.parametrize("imposed", [False, True])
def test_text_stands_where_pdfium_finds_it(mixed: bytes, imposed: bool):
    """Each run begins at the origin of a character, in its size; imposed, through forms, clips and shifts."""
    pdf = impose(mixed).pdf if imposed else mixed
    document = pypdfium2.PdfDocument(pdf)
    for page, ours in zip(document, painted(pdf), strict=True):
        theirs = _characters(page)
        for run in ours.runs:
            if run.said.text[0].isspace() or not run.shown:
                continue
            at = (run.said.text[0], *run.start, run.size)
            assert any(_is_near(at, other) for other in theirs), at
        seen = "".join(run.said.text for run in ours.runs if run.shown)
        assert sorted(seen.replace(" ", "")) == sorted(char for char, *_ in theirs if char.strip())


def _characters(page: pypdfium2.PdfPage) -> list[tuple[str, float, float, float]]:
    textpage = page.get_textpage()
    x, y = ctypes.c_double(), ctypes.c_double()
    found = []
    for at in range(textpage.count_chars()):
        matrix = pdfium.FS_MATRIX()
        pdfium.FPDFText_GetCharOrigin(textpage.raw, at, x, y)
        pdfium.FPDFText_GetMatrix(textpage.raw, at, matrix)
        size = pdfium.FPDFText_GetFontSize(textpage.raw, at) * abs(matrix.a * matrix.d - matrix.b * matrix.c) ** 0.5
        found.append((chr(pdfium.FPDFText_GetUnicode(textpage.raw, at)), x.value, y.value, size))
    return found


def _is_near(one: tuple[str, float, float, float], other: tuple[str, float, float, float]) -> bool:
    return one[0] == other[0] and all(abs(a - b) < 0.02 for a, b in zip(one[1:], other[1:], strict=True))


def test_a_run_ends_where_the_next_one_begins(mixed: bytes):
    """The widths of glyphs, kerns and spaces add up: pdfium's last character stands one advance before the end."""
    page = pypdfium2.PdfDocument(mixed)[0]
    theirs = _characters(page)
    for run in painted(mixed)[0].runs:
        if len(run.said.text) > 3 and run.said.text[-1].strip():
            last = [(x, y) for char, x, y, _ in theirs if char == run.said.text[-1]]
            ahead = [((run.end[0] - x) ** 2 + (run.end[1] - y) ** 2) ** 0.5 for x, y in last]
            assert min(ahead) < 1.3 * run.size + 2


def test_a_turned_page_is_read_in_its_own_space():
    """Boxes and text are both in user space: /Rotate changes neither (ISO 32000-2, table 31)."""

    def turn(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].obj.Rotate = 90

    assert codes(preflight(tiny(change=turn), "a.pdf", PreflightProfile())) == []


# Colours, wherever they hide


def _form(pdf: pikepdf.Pdf) -> None:
    inner = pdf.make_stream(b"1 0 0 rg 0 0 5 5 re f", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 9, 9])
    outer = pdf.make_stream(
        b"/In Do", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 9, 9], Matrix=[1, 0, 0, 1, 9, 9]
    )
    outer.Resources = Dictionary(XObject=Dictionary(In=inner))
    pdf.pages[0].obj.Resources.XObject = Dictionary(X=outer)


def _tiling(pdf: pikepdf.Pdf) -> None:
    cell = pdf.make_stream(b"0 0 1 RG 0 0 m 5 5 l S", PatternType=1, PaintType=1, TilingType=1, BBox=[0, 0, 9, 9])
    cell.XStep, cell.YStep, cell.Resources = 9, 9, Dictionary()
    pdf.pages[0].obj.Resources.Pattern = Dictionary(P=cell)


def _shading(pdf: pikepdf.Pdf) -> None:
    function = Dictionary(FunctionType=2, Domain=[0, 1], C0=[1, 0, 0], C1=[0, 0, 1], N=1)
    pdf.pages[0].obj.Resources.Shading = Dictionary(
        S=Dictionary(ShadingType=2, ColorSpace=Name.DeviceRGB, Coords=[0, 0, 9, 9], Function=function)
    )


def _group(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.Group = Dictionary(S=Name.Transparency, CS=Name.DeviceRGB)


def _icc(pdf: pikepdf.Pdf) -> None:
    space = Array([Name.ICCBased, pdf.make_stream(b"profile", N=3)])
    pdf.pages[0].obj.Resources.ColorSpace.Own = space


def _lab(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.Resources.ColorSpace.Own = Array([Name.Lab, Dictionary(WhitePoint=[1, 1, 1])])


def _indexed(pdf: pikepdf.Pdf) -> None:
    palette = Array([Name.Indexed, Name.DeviceRGB, 1, pikepdf.String(b"\0\0\0\xff\xff\xff")])
    image = pdf.make_stream(b"\x40", Type=Name.XObject, Subtype=Name.Image, Width=2, Height=1, BitsPerComponent=1)
    image.ColorSpace = palette
    pdf.pages[0].obj.Resources.XObject = Dictionary(X=image)


def _masking(paint: bytes, **more: Any) -> Callable[[pikepdf.Pdf], None]:
    """Lay a soft mask over what follows on the first page: /G gs."""

    def furnish(pdf: pikepdf.Pdf) -> None:
        mask = pdf.make_stream(paint, Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 200, 200])
        mask.Group = Dictionary(S=Name.Transparency, CS=Name.DeviceGray)
        mask.Resources = Dictionary(Font=Dictionary(F=font(pdf, "Tiny-Mask", embedded=False)))
        for key, value in more.items():
            mask[f"/{key}"] = value
        state = Dictionary(SMask=Dictionary(S=Name.Luminosity, G=mask))
        pdf.pages[0].obj.Resources.ExtGState = Dictionary(G=state, Off=Dictionary(SMask=Name("/None")))

    return furnish


def _mask_in_a_mask(pdf: pikepdf.Pdf) -> None:
    _masking(b"1 0 0 rg 0 0 5 5 re f")(pdf)
    inner = pdf.pages[0].obj.Resources.ExtGState
    _masking(b"/G gs 0 0 5 5 re f", Resources=Dictionary(ExtGState=inner))(pdf)


HIDDEN: Final[dict[str, tuple[bytes, Callable[[pikepdf.Pdf], None]]]] = {
    "a form in a form": (b"/X Do", _form),
    "a tiling pattern": (b"/Pattern cs /P scn 30 30 9 9 re f", _tiling),
    "a shading": (b"/S sh", _shading),
    "a page's group": (b"", _group),
    "an ICC profile": (b"/Own cs 1 0 0 sc 30 30 9 9 re f", _icc),
    "Lab": (b"/Own CS 50 9 9 SCN 30 30 9 9 re S", _lab),
    "an image's palette": (b"q 43 0 0 43 30 30 cm /X Do Q", _indexed),
    "an inline image": (b"q 43 0 0 43 30 30 cm BI /W 1 /H 1 /BPC 8 /CS /RGB ID abc EI Q", lambda pdf: None),
    "a soft mask": (b"/G gs", _masking(b"1 0 0 rg 0 0 5 5 re f")),
    "a soft mask's text": (b"/G gs", _masking(b"1 0 0 rg " + text("A"))),
    "a soft mask's group": (b"/G gs", _masking(b"", Group=Dictionary(S=Name.Transparency, CS=Name.DeviceRGB))),
    "a soft mask in a soft mask": (b"/G gs", _mask_in_a_mask),
    "text": (b"1 0 0 rg " + text("A", y=30), lambda pdf: None),
    "a line of text": (b"1 0 0 RG 1 Tr " + text("A", y=30), lambda pdf: None),
}


@pytest.mark.parametrize("where", HIDDEN)
def test_rgb_is_found_wherever_it_is(where: str):
    body, furnish = HIDDEN[where]
    found = codes(preflight(tiny(PRESS, BODY + b" q " + body + b" Q", change=furnish), "a.pdf", wanted(PRESS)))
    assert "pdf.rgb" in found


def test_what_a_soft_mask_paints_is_no_ink_on_the_page():
    """Four inks and a hairline: the same on the page are two findings."""
    paint = b"1 1 1 1 k .1 w 30 30 m 60 30 l S 30 30 9 9 re f"
    masked = tiny(PRESS, BODY + b" q /G gs /G gs /Off gs Q", change=_masking(paint))
    assert codes(preflight(masked, "a.pdf", wanted(PRESS))) == []
    painted = tiny(PRESS, BODY + b" q " + paint + b" Q")
    assert codes(preflight(painted, "a.pdf", wanted(PRESS))) == ["pdf.hairline", "pdf.ink"]


def test_a_font_that_only_a_soft_mask_uses_must_be_in_the_file():
    unused = tiny(PRESS, BODY, change=_masking(text("A")))
    assert codes(preflight(unused, "a.pdf", wanted(PRESS))) == []

    def furnish(pdf: pikepdf.Pdf) -> None:
        _masking(text("A"))(pdf)
        pdf.pages[1].obj.Resources.ExtGState = pdf.pages[0].obj.Resources.ExtGState

    masked = tiny(PRESS, BODY, BODY + b" q /G gs Q", change=furnish)
    (found,) = (one for one in preflight(masked, "a.pdf", wanted(PRESS)) if one.code == "pdf.font-outside")
    assert found.facts["pages"] == "2"


def test_a_soft_mask_that_masks_itself_is_a_finding():
    def furnish(pdf: pikepdf.Pdf) -> None:
        _masking(b"/G gs")(pdf)
        state = pdf.make_indirect(pdf.pages[0].obj.Resources.ExtGState.G)
        state.SMask.G.Resources = Dictionary(ExtGState=Dictionary(G=state))

    found = preflight(tiny(PRESS, BODY + b" /G gs", change=furnish), "a.pdf", wanted(PRESS))
    assert codes(found) == ["pdf.operator"]


def test_colour_spaces_are_what_they_print():
    def kind(space: Any) -> Kind:
        return space_of(space).kind

    tint = Dictionary(FunctionType=2, Domain=[0, 1], N=1)
    black = Array([Name.Separation, Name.Black, Name.DeviceCMYK, tint])
    assert kind(Name.DeviceGray) is Kind.GREY
    assert kind(Array([Name.CalRGB, Dictionary()])) is Kind.SCREEN
    assert kind(Array([Name.Separation, Name.All, Name.DeviceCMYK, tint])) is Kind.ALL
    assert kind(Array([Name.Separation, Name("/Gold"), Name.DeviceCMYK, tint])) is Kind.SPOT
    assert colour(space_of(black), [0.5]).parts == (0, 0, 0, 0.5)
    assert first_colour(space_of(Name.DeviceCMYK)).parts == (0, 0, 0, 1)
    with pytest.raises(ValueError, match="/Nonsense"):
        space_of(Name.Nonsense)


def test_ink_is_counted_in_a_picture():
    """A pixel of four full inks among others."""

    def furnish(pdf: pikepdf.Pdf) -> None:
        pixels = bytes([0, 0, 0, 255] * 3 + [255] * 4)
        image = pdf.make_stream(pixels, Type=Name.XObject, Subtype=Name.Image, Width=2, Height=2, BitsPerComponent=8)
        image.ColorSpace = Name.DeviceCMYK
        pdf.pages[0].obj.Resources.XObject = Dictionary(I=image)

    pdf = tiny(PRESS, BODY + b" q 43 0 0 43 30 30 cm /I Do Q", change=furnish)
    assert told(preflight(pdf, "a.pdf", wanted(PRESS))) == [
        "a.pdf: error: 400 % of ink in one place are more than 300 % (page 1) [pdf.ink]"
    ]


def test_a_thin_area_is_a_line_too_but_a_clip_leaves_no_line():
    thin = artifact(b"30 50 30 .1 re f")
    assert codes(preflight(tiny(SCREEN, BODY + thin), "a.pdf", PreflightProfile())) == ["pdf.hairline"]
    touched = artifact(b"q 30 30 30 10 re W n 30 39.999 30 5 re f Q")
    assert codes(preflight(tiny(SCREEN, BODY + touched), "a.pdf", PreflightProfile())) == []
    white = artifact(b"1 g 30 50 30 .1 re f")
    assert codes(preflight(tiny(SCREEN, BODY + white), "a.pdf", PreflightProfile())) == []


# Boxes, bleed and marks

FAR: Final = mm(SIDE) - 20
SIDES: Final = {
    "left": (0, 30, 20, 10),
    "bottom": (30, 0, 10, 20),
    "right": (FAR, 30, 20, 10),
    "top": (30, FAR, 10, 20),
}
"""Bars that touch the trim from inside: left, bottom, width, height in pt."""


@pytest.mark.parametrize("side", SIDES)
def test_bleed_is_asked_for_on_each_side(side: str):
    bar = BODY + b" %f %f %f %f re f" % SIDES[side]
    assert codes(preflight(tiny(PRESS, bar), "a.pdf", wanted(PRESS))) == ["pdf.bleed-empty"]
    assert codes(preflight(tiny(SCREEN, in_tree(text("Ab")) + artifact(bar)), "a.pdf", PreflightProfile())) == []


def test_white_needs_no_bleed():
    bar = BODY + b" 0 0 0 0 k 0 0 30 30 re f"
    assert codes(preflight(tiny(PRESS, bar), "a.pdf", wanted(PRESS))) == []


def test_what_a_clip_cuts_off_does_not_bleed():
    bar = BODY + b" q 0 0 100 100 re W n -20 -20 60 60 re f Q"
    assert codes(preflight(tiny(PRESS, bar), "a.pdf", wanted(PRESS))) == ["pdf.bleed-empty"]


@pytest.mark.parametrize("missing", range(8))
def test_every_mark_counts(missing: int):
    """Two lines stand in line with each edge of the trim; of the eight none may be gone."""

    def rub_out(pdf: pikepdf.Pdf) -> None:
        page = pdf.pages[0].obj
        before, cut, marks = page.Contents.read_bytes().partition(b" q /All CS")
        setting, first, rest = marks.partition(b" w ")
        lines = rest.split(b" l S ")
        lines[missing] = b"0 0 m 0 0"
        page.Contents = pdf.make_stream(before + cut + setting + first + b" l S ".join(lines))

    assert codes(preflight(tiny(PRESS, change=rub_out), "a.pdf", wanted(PRESS)))[:1] == ["pdf.crop-marks"]


def test_what_is_written_between_the_marks_is_for_the_printer():
    slug = BODY + b" " + text("Ab", x=30, y=-mm(BLEED + 4), size=5)
    assert codes(preflight(tiny(PRESS, slug), "a.pdf", wanted(PRESS))) == []
    bleeding = BODY + b" " + text("Ab", x=30, y=-mm(2), size=5)
    assert codes(preflight(tiny(PRESS, bleeding), "a.pdf", wanted(PRESS))) == ["pdf.text-outside"]


def test_a_running_foot_may_stand_near_the_edge():
    """Where nothing is marked as an artifact, what stands on three pages at one height is a foot, or a folio."""
    pages = [in_tree(text("Ab") + b" " + text("A1", y=8) + b" " + text("1", x=60, y=8)) for _ in range(3)]
    assert codes(preflight(tiny(SCREEN, *pages), "a.pdf", PreflightProfile())) == []
    assert codes(preflight(tiny(SCREEN, *pages[:2]), "a.pdf", PreflightProfile())) == ["pdf.text-near-edge"]


@pytest.mark.parametrize("right_to_left", [False, True])
def test_text_may_stand_near_the_fold(right_to_left: bool):
    """The first page of a booklet bound left has the fold at its left, of one bound right at its right."""

    def bind(pdf: pikepdf.Pdf) -> None:
        pdf.Root.ViewerPreferences.Direction = Name.R2L if right_to_left else Name.L2R

    edges = (mm(SIDE) - 13, 6) if right_to_left else (6, mm(SIDE) - 13)
    bodies = [in_tree(text("A", x=edges[at % 2], y=40 + 9 * at)) for at in range(4)]
    folded = PreflightProfile(multiple=4)
    assert codes(preflight(tiny(SCREEN, *bodies, change=bind), "a.pdf", folded)) == []
    found = preflight(tiny(SCREEN, *reversed(bodies), change=bind), "a.pdf", folded)
    assert [finding.facts["pages"] for finding in found] == ["1–4"]
    assert codes(preflight(tiny(SCREEN, *bodies[:2], change=bind), "a.pdf", PreflightProfile())) == [
        "pdf.text-near-edge"
    ]


def test_a_blank_page_stands_before_the_back_cover_only():
    blank = b""
    for bodies, pages in (
        ((BODY, blank, blank, blank, BODY), None),
        ((BODY, blank, BODY, blank, BODY), "2"),
        ((BODY, BODY, blank), "3"),
    ):
        found = preflight(tiny(PRINT, *bodies), "a.pdf", wanted(PRINT))
        assert [f.facts["pages"] for f in found] == ([pages] if pages else []), bodies
    assert codes(preflight(tiny(SCREEN, BODY, artifact(b""), BODY), "a.pdf", PreflightProfile())) == ["pdf.blank-page"]


# Fonts


def test_widths_are_read_in_both_forms():
    with pikepdf.new() as pdf:
        made = font(pdf, "X")
        made.DescendantFonts[0].W = Array([1, Array([500, 250]), 4, 6, 100])
        face = typeface(made)
    assert face.read(b"\0\1\0\2").width == 0.75
    assert face.read(b"\0\4\0\5\0\6").width == pytest.approx(0.3)
    assert face.read(b"\0\3").width == 0.7  # /DW


def test_texts_are_read_from_ranges():
    with pikepdf.new() as pdf:
        made = font(pdf, "X")
        made.ToUnicode = pdf.make_stream(
            b"2 beginbfrange <0001> <0003> <3042> <0010> <0011> [<0066 0069> <D842DFB7>] endbfrange"
        )
        face = typeface(made)
    assert face.read(b"\0\1\0\2\0\3").text == "あぃい"
    assert face.read(b"\0\x10\0\x11").text == "fi𠮷"
    assert face.read(b"\0\x20").mute


def test_a_map_to_glyph_0_is_a_missing_character():
    with pikepdf.new() as pdf:
        made = font(pdf, "X")
        made.DescendantFonts[0].CIDToGIDMap = pdf.make_stream(b"\0\0\0\1\0\0\0\3")
        face = typeface(made)
    assert [face.read(bytes([0, code])).missing for code in range(4)] == [True, False, True, False]


def test_a_simple_font_says_what_its_encoding_says():
    names = [65, Name.eacute, Name("/.notdef"), 70, Name.f_i]
    encoding = Dictionary(BaseEncoding=Name.WinAnsiEncoding, Differences=names)
    made = Dictionary(
        Type=Name.Font, Subtype=Name.TrueType, BaseFont=Name("/ABCDEF+X"), Encoding=encoding, FirstChar=65,
        Widths=[500] * 10,
    )  # fmt: skip
    face = typeface(made)
    assert face.read(b"A").text == "é"
    assert face.read(b"F").text == "fi"
    assert face.read(b"D").text == "D"
    assert (face.read(b"B").missing, face.read(b"D").missing, face.read(b"z").missing) == (True, False, True)
    assert (face.name, face.subset, face.embedded) == ("X", True, False)


@pytest.mark.parametrize(
    ("name", "region"),
    [
        ("Cut-Noto-Sans-CJK-JP-Bold", "JP"),
        ("NotoSansCJKsc-Regular", ""),
        ("NotoSansSC-Regular", "SC"),
        ("Noto-Serif-CJK-TC", "TC"),
        ("SourceHanSansKR-Bold", "KR"),
        ("NotoSansHK-Regular", "HK"),
        ("Cut-Noto-Sans", ""),
        ("Noto-Sans-Symbols", ""),
        ("Noto-Sans-Khmer", ""),
    ],
)
def test_a_face_tells_its_region(name: str, region: str):
    with pikepdf.new() as pdf:
        assert typeface(font(pdf, name)).region == region


# Dates


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("D:20261122", dt.datetime(2026, 11, 22, tzinfo=dt.UTC)),
        ("2026-11-22", dt.datetime(2026, 11, 22, tzinfo=dt.UTC)),
        ("D:2026", dt.datetime(2026, 1, 1, tzinfo=dt.UTC)),
        ("D:20261122093000+09'00'", dt.datetime(2026, 11, 22, 0, 30, tzinfo=dt.UTC)),
        ("2026-11-22T09:30:00+09:00", dt.datetime(2026, 11, 22, 0, 30, tzinfo=dt.UTC)),
        ("2026-11-22T09:30:00Z", dt.datetime(2026, 11, 22, 9, 30, tzinfo=dt.UTC)),
        ("2026-13-22", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_dates_are_read(text: str, date: dt.datetime | None):
    assert date_of(text) == date


def test_midnight_is_no_clock():
    assert not has_clock("D:20261122")
    assert not has_clock("D:20261122000000Z")
    assert has_clock("D:20261122000001Z")
    assert not has_clock("D:20261122090000+09'00'")


# The structure tree


def test_marks_may_stand_in_another_pages_element():
    """An MCR names its page (ISO 32000-2, 14.7.5.2): a table that goes on overleaf."""

    def join(pdf: pikepdf.Pdf) -> None:
        first, second = pdf.Root.StructTreeRoot.K[0].K
        first.K.append(Dictionary(Type=Name.MCR, Pg=pdf.pages[1].obj, MCID=0))
        pdf.Root.StructTreeRoot.K[0].K = Array([first])
        del second

    assert codes(preflight(tiny(SCREEN, BODY, BODY, change=join), "a.pdf", PreflightProfile())) == []


def test_a_role_is_followed_to_a_standard_one():
    def rename(pdf: pikepdf.Pdf) -> None:
        pdf.Root.StructTreeRoot.RoleMap = Dictionary(Picture=Name.Image, Image=Name.Figure)
        add_element(pdf, "Picture", 1)

    picture = BODY + in_tree(b"30 30 9 9 re f", 1, "Picture")
    assert codes(preflight(tiny(SCREEN, picture, change=rename), "a.pdf", PreflightProfile())) == ["pdf.alt"]


def test_a_language_is_inherited():
    def tag(pdf: pikepdf.Pdf) -> None:
        section = add_element(pdf, "Sect", Lang=pikepdf.String("ja"))
        inner = Dictionary(Type=Name.StructElem, S=Name.P, P=section, Pg=pdf.pages[0].obj, K=Array([1]))
        section.K = Array([pdf.make_indirect(inner)])

    body = BODY + in_tree(text("直", y=40, font="J"), 1)
    assert codes(preflight(tiny(SCREEN, body, change=tag), "a.pdf", PreflightProfile(languages=("en", "ja")))) == []


def test_zh_cn_is_zh_hans():
    def tag(pdf: pikepdf.Pdf) -> None:
        pdf.Root.Lang = pikepdf.String("zh-CN")

    assert codes(preflight(tiny(change=tag), "a.pdf", PreflightProfile(languages=("zh-Hans",)))) == []


def test_a_printed_file_needs_no_tags():
    def strip(pdf: pikepdf.Pdf) -> None:
        for key in ("/StructTreeRoot", "/MarkInfo", "/Lang", "/ViewerPreferences"):
            del pdf.Root[key]

    assert codes(preflight(tiny(PRINT, change=strip), "a.pdf")) == []
    assert set(codes(preflight(tiny(SCREEN, change=strip), "a.pdf", PreflightProfile()))) == {
        "pdf.title-hidden", "pdf.language", "pdf.untagged",
    }  # fmt: skip


# Lines


def test_lines_are_read_from_a_tagged_file_alone():
    """A last line of one character, found without the source; a warning, since what was lost cannot be known."""
    css = "p { width: 60pt; font-size: 10pt }"
    pdf = small_layout("<p>先に電話で予約</p><p>電話</p>", css=css).write()
    found: tuple[Finding, ...] = read_lines(pdf, "a.pdf")
    assert codes(found) == ["set.last-line"]
    assert found[0].severity is Severity.WARNING
    assert codes(read_lines(small_layout("<p>先に電話で予約します</p>", css=css).write(), "a.pdf")) == []


def test_a_heading_over_lines_to_write_on_is_at_no_foot():
    """A page for notes says one word; the same heading below a text has lost what it heads."""
    css = "h2, .next { break-before: page } .foot { break-before: auto }"
    last = '<p class="next">電話をかけます</p>'
    notes = small_layout(f"<p>電話番号</p><h2>メモ</h2>{last}", css=css).write()
    foot = small_layout(f'<p>電話番号</p><h2 class="foot">メモ</h2>{last}', css=css).write()
    assert codes(read_lines(notes, "a.pdf")) == []
    assert codes(read_lines(foot, "a.pdf")) == ["set.heading-at-foot"]


def test_a_text_is_read_in_the_order_of_its_contents():
    """What stands before a link, the link, what stands behind it: else no text would be found in the file."""

    def tag(pdf: pikepdf.Pdf) -> None:
        document = pdf.Root.StructTreeRoot.K[0]
        link = Dictionary(Type=Name.StructElem, S=Name.Link, P=document, Pg=pdf.pages[0].obj, K=Array([1]))
        document.K[0].K = Array([0, pdf.make_indirect(link), 2])
        pdf.Root.Lang = pikepdf.String("ja")

    parts = [in_tree(text(said, x=30 + 10 * at, font="J"), at) for at, said in enumerate("直あ直")]
    with pikepdf.open(BytesIO(tiny(SCREEN, b" ".join(parts), change=tag))) as pdf:
        tree = read_tree(pdf)
        assert tree is not None
        assert [mcid for _, (_, mcid) in tree.contents] == [0, 1, 2]
        assert [tree.elements[at].kind for at, _ in tree.contents] == ["P", "Link", "P"]


def test_a_file_without_tags_has_no_lines_to_read():
    def strip(pdf: pikepdf.Pdf) -> None:
        del pdf.Root.StructTreeRoot

    assert read_lines(tiny(PRINT, change=strip), "a.pdf") == ()


def test_each_check_says_where_its_rule_comes_from():
    assert [check.__name__ for check in CHECKS if not (check.__doc__ or "").strip()] == []


# What people read


def test_the_documentation_lists_every_code_with_its_severity():
    lines = (HERE.parent.parent / "docs" / "preflight.md").read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in line.split("|")[1:3]] for line in lines if line.startswith("| `pdf.")]
    letters = {Severity.ERROR: "E", Severity.WARNING: "W"}
    assert {code.strip("`"): letter for code, letter in rows} == {
        code: letters[WORDINGS[code].severity] for code in CODES
    }
    assert len(rows) == len(CODES)
