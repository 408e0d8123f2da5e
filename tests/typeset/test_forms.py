"""The form of a checklist: what is drawn can be filled in, by pointer and by keyboard, and keeps what was filled in."""

import ctypes
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import page as validator
import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from pikepdf.form import Form as Filling

from bootstrap.main import find_profile
from taiyaku.checks.prepare import manuscripts, prepare
from taiyaku.content.load import load_guide
from taiyaku.model.content import Content, Manuscript, Role
from taiyaku.model.documents import Edition, Form
from taiyaku.model.theme import Theme
from taiyaku.model.tokens import press_palette
from taiyaku.model.units import PT_PER_MM
from taiyaku.pipeline import targets
from taiyaku.pipeline import title as make
from taiyaku.pipeline.options import BuildOptions
from taiyaku.pipeline.title import Job, files_of, set_in_html
from taiyaku.prepress.inks import read_profile
from taiyaku.prepress.pdfx import Press, prepress
from taiyaku.render.html import RenderOptions
from taiyaku.typeset.engine import Layout, Typesetter
from taiyaku.typeset.forms import FONT_NAME, WIN_ANSI, Field, FieldKind, add_fields
from tests.making import ROOT, theme, tiny_content
from tests.shipped import SCREEN, Built

ITEMS: Final = {
    "zh-Hans": "- [ ] 先打电话预约 [@law]\n- [x] 在留卡原件\n- [ ] 银行存折\n",
    "ja": "- [ ] {先|さき}に電話で予約します [@law]\n- [x] 在留カードの原本\n- [ ] 銀行の通帳\n",
    "en": "- [ ] Call first [@law]\n- [x] The residence card itself\n- [ ] The bank book\n",
}
NAMES: Final = ["name", "date", "appointment", "tick-1", "tick-2", "tick-3"]
SAMPLES: Final = ROOT / "tests" / "sample"
TYPED: Final = "山田太郎 Yamada é"


def with_ticks(content: Content) -> Content:
    """Put a box that is ticked already between the others."""

    def more(one: Manuscript) -> Manuscript:
        return replace(one, text=f"# 紙\n\n{ITEMS[one.language]}") if one.role is Role.CHECKLIST else one

    return replace(content, manuscripts=tuple(map(more, content.manuscripts)))


def layout_of(content: Content, own: Theme, languages: tuple[str, ...], edition: Edition) -> Layout:
    order = BuildOptions(ROOT, ROOT / "content", ROOT / "out")
    title = next(t for t in targets.plan(content, order) if (t.languages, t.form) == (languages, Form.CHECKLIST))
    texts = manuscripts(prepare(content, draft=False), title)
    assets = make.assets_of(content, own, b"")
    work = Job(title, (edition,), content, own, texts, None, assets, {}, draft=False)
    html = set_in_html(work, RenderOptions(edition)).html
    return Typesetter(files_of(work, html)).lay_out(html)


@cache
def laid_out(*languages: str, edition: Edition = Edition.SCREEN) -> Layout:
    return layout_of(with_ticks(tiny_content(*languages)), theme(), languages, edition)


@cache
def bare(*languages: str) -> bytes:
    """Return a checklist as the typesetter writes it, without its form."""
    return laid_out(*languages).write()


@cache
def form(*languages: str) -> bytes:
    return add_fields(bare(*languages), laid_out(*languages).fields())


@pytest.fixture(name="checklist")
def _checklist() -> bytes:
    return form("zh-Hans", "ja")


def fields(*languages: str) -> dict[str, Field]:
    return {field.name: field for field in laid_out(*languages).fields()}


@contextmanager
def opened(pdf: bytes) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(BytesIO(pdf)) as document:
        yield document


def values(pdf: bytes) -> dict[str, str]:
    """Return what stands in each field."""
    with opened(pdf) as document:
        return {str(one.T): str(one.get("/V", "")) for one in document.Root.AcroForm.Fields}


# What is found on the page


def test_every_box_and_line_is_a_field_in_reading_order():
    found = laid_out("zh-Hans", "ja").fields()
    assert [field.name for field in found] == NAMES
    assert [field.kind for field in found] == [FieldKind.TEXT] * 3 + [FieldKind.TICK] * 3
    assert [field.checked for field in found] == [False] * 4 + [True, False]


def test_a_tooltip_says_in_both_languages_what_the_page_says():
    said = {name: field.tooltip for name, field in fields("zh-Hans", "ja").items()}
    assert said == {
        "name": "姓名 / 名前",
        "date": "日期和时间 / 日時",
        "appointment": "预约的地点 / 予約の場所",
        "tick-1": "先打电话预约 / 先に電話で予約します",
        "tick-2": "在留卡原件 / 在留カードの原本",
        "tick-3": "银行存折 / 銀行の通帳",
    }


def test_a_tooltip_in_one_language_is_said_once():
    assert fields("ja")["tick-3"].tooltip == "銀行の通帳"
    assert fields("ja")["name"].tooltip == "名前"


@pytest.mark.parametrize("languages", [("ar", "ja"), ("vi", "ja")])
def test_every_language_has_fields(languages: tuple[str, ...]):
    """From right to left a box stands at the other edge; its field goes with it."""
    own = load_guide(SAMPLES, "sample").content
    assert own is not None
    found = layout_of(own, make_house(), languages, Edition.SCREEN).fields()
    assert [field.name for field in found[:3]] == NAMES[:3]
    ticks = [field for field in found if field.kind is FieldKind.TICK]
    assert ticks
    assert all(" / " in field.tooltip for field in found)
    for tick in ticks:
        left, _, right, _ = tick.rect
        assert (left if languages[0] != "ar" else 210 * PT_PER_MM - right) == pytest.approx(15 * PT_PER_MM, abs=0.1)


@cache
def make_house() -> Theme:
    from taiyaku.content.theme import load_theme

    return load_theme(SAMPLES).theme


def test_the_print_edition_has_no_form():
    layout = laid_out("zh-Hans", "ja", edition=Edition.PRINT)
    assert layout.fields() == ()
    assert add_fields(b"any bytes", ()) == b"any bytes"


def test_a_box_to_tick_is_where_it_is_drawn():
    """The outline of the box is as dark as the page gets, all around the field's edge."""
    with pypdfium2.PdfDocument(bare("zh-Hans", "ja")) as document:
        height = document[0].get_height()
        drawn = document[0].render(scale=4, may_draw_forms=False).to_pil().convert("L")
    for name in ("tick-1", "tick-3"):
        left, bottom, right, top = fields("zh-Hans", "ja")[name].rect
        x, y = (left + right) / 2, height - (bottom + top) / 2
        inner = 0.5  # half of the line, in pt
        for at in ((left + inner, y), (right - inner, y), (x, height - top + inner), (x, height - bottom - inner)):
            assert drawn.getpixel((round(at[0] * 4), round(at[1] * 4))) < 60
        assert drawn.getpixel((round(x * 4), round(y * 4))) == 255


# What a field is


def test_a_field_can_be_printed_and_adds_no_colour(checklist: bytes):
    with opened(checklist) as document:
        form_of = document.Root.AcroForm
        assert [str(one.T) for one in form_of.Fields] == NAMES
        assert "/NeedAppearances" not in form_of
        for one in form_of.Fields:
            assert one.F == 4
            assert int(one.BS.W) == 0
            assert "/MK" not in one
            assert str(one.FT) == ("/Btn" if str(one.T).startswith("tick-") else "/Tx")
            assert str(one.TU) == fields("zh-Hans", "ja")[str(one.T)].tooltip


def test_a_tick_is_a_path_and_needs_no_font(checklist: bytes):
    with opened(checklist) as document:
        ticks = [one for one in document.Root.AcroForm.Fields if one.FT == "/Btn"]
        assert [(str(one.V), str(one.AS)) for one in ticks] == [("/Off", "/Off"), ("/Yes", "/Yes"), ("/Off", "/Off")]
        for one in ticks:
            on, off = one.AP.N.Yes, one.AP.N.Off
            assert off.read_bytes() == b"q Q"
            assert (list(on.Resources.keys()), list(off.Resources.keys())) == ([], [])
            assert [str(step.operator) for step in pikepdf.parse_content_stream(on)] == list("GwJjmllS")


def test_boxes_that_look_the_same_share_their_look(checklist: bytes):
    with opened(checklist) as document:
        ticks = [one for one in document.Root.AcroForm.Fields if one.FT == "/Btn"]
        assert len({one.AP.N.Yes.objgen for one in ticks}) == 1


def test_text_is_set_in_an_embedded_font(checklist: bytes):
    with opened(checklist) as document:
        form_of = document.Root.AcroForm
        for style in (form_of.DA, *(one.DA for one in form_of.Fields if one.FT == "/Tx")):
            name, size, operator, *_ = str(style).split()
            assert (size, operator) == ("0", "Tf")
            font = form_of.DR.Font[name]
        assert (str(font.Subtype), str(font.Encoding)) == ("/TrueType", "/WinAnsiEncoding")
        assert font.LastChar - font.FirstChar + 1 == len(font.Widths) == len(WIN_ANSI) == 224
        program = font.FontDescriptor.FontFile2
        assert program.Length1 == len(program.read_bytes())
        assert all(width > 0 for width in font.Widths)


def test_win_ansi_is_what_the_specification_lists():
    """ISO 32000-2, annex D.2: unused codes are bullets, A0 is a space, AD a hyphen."""
    characters = dict(enumerate(WIN_ANSI, 0x20))
    assert (characters[0x41], characters[0x80], characters[0xE9], characters[0xFF]) == ("A", "€", "é", "ÿ")
    assert [hex(code) for code, char in characters.items() if char == "•"] == [
        "0x7f",
        "0x81",
        "0x8d",
        "0x8f",
        "0x90",
        "0x95",
        "0x9d",
    ]
    assert (characters[0xA0], characters[0xAD]) == (" ", "-")


# The structure tree and the order


def elements(node: Any) -> Iterator[Any]:
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary):
            yield kid
            yield from elements(kid)


@pytest.mark.parametrize("languages", [("zh-Hans", "ja"), ("ja",)])
def test_a_form_is_accessible(languages: tuple[str, ...]):
    report = validator.validate_pdf_bytes(form(*languages), profile=validator.ValidationProfile.PDF_UA_1)
    assert report.is_compliant, report


def test_every_field_is_a_form_element_of_its_name(checklist: bytes):
    with opened(checklist) as document:
        root = document.Root.StructTreeRoot
        parents = dict(zip(*[iter(root.ParentTree.Nums)] * 2, strict=True))
        found = [one for one in elements(root) if one.get("/S") == "/Form"]
        assert [str(one.T) for one in found] == NAMES
        for one in found:
            widget = one.K.Obj
            assert (str(one.K.Type), str(widget.T)) == ("/OBJR", str(one.T))
            assert parents[int(widget.StructParent)].objgen == one.objgen
            assert one.K.Pg.objgen == widget.P.objgen == document.pages[0].obj.objgen
        assert root.ParentTreeNextKey == max(parents) + 1
        assert len(parents) == len(set(parents))


def annotations_in_order(pdf: bytes) -> None:
    """Assert that each page's links and fields are listed as they are read."""
    with opened(pdf) as document:
        read = [one.Obj.objgen for one in elements(document.Root.StructTreeRoot) if one.get("/Type") == "/OBJR"]
        listed = [one.objgen for page in document.pages for one in page.get("/Annots", [])]
        assert listed == read
        assert {str(page.Tabs) for page in document.pages if "/Annots" in page} == {"/S"}


def test_the_order_of_the_tabulator_is_that_of_reading(checklist: bytes):
    annotations_in_order(checklist)
    with opened(checklist) as document:
        kinds = [str(one.Subtype) for one in document.pages[0].Annots]
    assert kinds[:5] == ["/Widget"] * 4 + ["/Link"], "the first tick stands before the citation beside it"


def test_a_field_without_its_element_is_an_error():
    stray = Field("stray", FieldKind.TEXT, 0, (0, 0, 9, 9), "t")
    with pytest.raises(ValueError, match=re.escape("no Form element for stray")):
        add_fields(bare("zh-Hans", "ja"), (*laid_out("zh-Hans", "ja").fields(), stray))


# The file


def test_the_same_form_has_the_same_bytes(checklist: bytes):
    assert add_fields(bare("zh-Hans", "ja"), laid_out("zh-Hans", "ja").fields()) == checklist


def test_a_form_takes_little_room(checklist: bytes):
    assert len(checklist) - len(bare("zh-Hans", "ja")) < 20_000


def test_an_empty_form_looks_as_if_there_were_none():
    own = layout_of(tiny_content("zh-Hans", "ja"), theme(), ("zh-Hans", "ja"), Edition.SCREEN)
    before, after = own.write(), add_fields(own.write(), own.fields())
    assert picture(after) == picture(before)


def picture(pdf: bytes) -> bytes:
    """Draw the first page as it is printed."""
    with pypdfium2.PdfDocument(pdf) as document:
        document.init_forms()
        return bytes(document[0].render(scale=2).to_pil().tobytes())


# Filling in by program


def filled(pdf: bytes) -> bytes:
    """Fill a form in as programs do that know PDF: a value of its own for each field."""
    out = BytesIO()
    with opened(pdf) as document:
        filling = Filling(document)
        filling["name"].value = TYPED
        filling["date"].value = "2026-12-24 10:30"
        filling["tick-1"].checked = True
        filling["tick-2"].checked = False
        document.save(out)
    return out.getvalue()


FILLED: Final = {
    "name": TYPED,
    "date": "2026-12-24 10:30",
    "appointment": "",
    "tick-1": "/Yes",
    "tick-2": "/Off",
    "tick-3": "/Off",
}


def test_values_are_kept(checklist: bytes):
    assert values(filled(checklist)) == FILLED
    with opened(filled(checklist)) as document:
        (name,) = (one for one in document.Root.AcroForm.Fields if str(one.T) == "name")
        assert bytes(name.V).startswith(b"\xfe\xff"), "text that is not Latin is UTF-16 (ISO 32000-2, 7.9.2.2)"


def test_a_value_is_drawn_in_our_font(checklist: bytes):
    """A program that draws what it fills in finds the font, with widths; the result is accessible as before."""
    from pikepdf.form import DefaultAppearanceStreamGenerator

    out = BytesIO()
    with opened(checklist) as document:
        Filling(document, DefaultAppearanceStreamGenerator)["name"].value = "Yamada é"
        document.save(out)
    assert ink(out.getvalue(), "name") > 100
    assert validator.validate_pdf_bytes(out.getvalue(), profile=validator.ValidationProfile.PDF_UA_1).is_compliant


ENTRIES: Final = {"name": "Ada Lovelace", "date": "10 December", "appointment": "Counter 7"}


def written_in_place(pdf: bytes) -> bytes:
    """Fill the lines in as pypdf and PDFBox do: into the appearance that is there, to which they add the font."""
    out = BytesIO()
    with opened(pdf) as document:
        font = document.Root.AcroForm.DR.Font
        for one in document.Root.AcroForm.Fields:
            if (said := ENTRIES.get(str(one.T))) is not None:
                one.V = pikepdf.String(said)
                one.AP.N.Resources.Font = font
                one.AP.N.write(f"/Tx BMC q BT {FONT_NAME} 9 Tf 0 g 2 2 Td ({said}) Tj ET Q EMC".encode())
        document.save(out)
    return out.getvalue()


def shown_in(pdf: bytes) -> dict[str, list[str]]:
    """Read which of the entries the printed page shows inside each line."""
    flat = BytesIO()
    with opened(pdf) as document:
        document.flatten_annotations("print")
        document.save(flat)
    with pypdfium2.PdfDocument(flat.getvalue()) as document:
        text = document[0].get_textpage()
        boxes = {name: rect for name, rect in rects(pdf).items() if name in ENTRIES}
        seen = {name: text.get_text_bounded(*rect) for name, rect in boxes.items()}
    return {name: [said for said in ENTRIES.values() if said in text] for name, text in seen.items()}


@pytest.mark.parametrize("languages", [("zh-Hans", "ja"), ("en",)])
def test_every_line_shows_what_was_written_into_it(languages: tuple[str, ...]):
    assert shown_in(written_in_place(form(*languages))) == {name: [said] for name, said in ENTRIES.items()}


def test_an_empty_line_stays_empty_beside_one_that_was_written_into(checklist: bytes):
    out = BytesIO()
    with opened(checklist) as document:
        (line,) = (one for one in document.Root.AcroForm.Fields if str(one.T) == "date")
        line.AP.N.write(b"/Tx BMC q 0 g 0 0 500 500 re f Q EMC")
        document.save(out)
    assert [ink(out.getvalue(), name) > 100 for name in NAMES[:3]] == [False, True, False]


def test_two_lines_share_nothing_that_a_program_writes_into(checklist: bytes):
    """Of all objects that two lines reach, only the page and its surroundings are the same."""
    with opened(checklist) as document:
        lines = [one for one in document.Root.AcroForm.Fields if one.FT == "/Tx"]
        reached = [reach(one) for one in lines]
    for at, one in enumerate(reached):
        assert len(one) >= 2, "a widget and its appearance"
        assert all(one.isdisjoint(other) for other in reached[:at])


def reach(holder: Any) -> set[tuple[int, int]]:
    """Return the objects that a field is made of."""
    found = {holder.objgen} if holder.is_indirect else set()
    kids = holder if isinstance(holder, pikepdf.Array) else (kid for key, kid in holder.items() if key not in _AROUND)
    for kid in kids:
        if isinstance(kid, pikepdf.Array | pikepdf.Dictionary | pikepdf.Stream):
            found |= reach(kid)
    return found


_AROUND: Final = ("/P", "/Parent", "/StructParent")


def test_two_fields_of_one_name_are_refused():
    """They would be one field (ISO 32000-2, 12.7.4.2): what is written in one stands in the other."""
    found = laid_out("zh-Hans", "ja").fields()
    with pytest.raises(ValueError, match="two fields have the name date"):
        add_fields(bare("zh-Hans", "ja"), (*found, replace(found[1], tooltip="again")))


@pytest.mark.skipif(shutil.which("pdftk") is None, reason="pdftk is not installed")
def test_pdftk_fills_it_in(checklist: bytes, tmp_path: Path):
    """A tool that shares no code with us: it finds the fields by name, fills them in from FDF, and reads them again."""
    (tmp_path / "a.pdf").write_bytes(checklist)
    (tmp_path / "a.fdf").write_text(fdf(FILLED), encoding="ascii")
    subprocess.run(["pdftk", "a.pdf", "fill_form", "a.fdf", "output", "b.pdf"], cwd=tmp_path, check=True, timeout=120)
    assert values((tmp_path / "b.pdf").read_bytes()) == FILLED


def fdf(wanted: dict[str, str]) -> str:
    """Write values as FDF (ISO 32000-2, 12.7.8): states as names, texts in UTF-16."""
    written = {
        name: value if value.startswith("/") else f"<feff{value.encode('utf-16-be').hex()}>"
        for name, value in wanted.items()
    }
    entries = (f"<< /T ({name}) /V {value} >>" for name, value in written.items())
    return (
        f"%FDF-1.2\n1 0 obj\n<< /FDF << /Fields [ {' '.join(entries)} ] >> >>\nendobj\n"
        "trailer\n<< /Root 1 0 R >>\n%%EOF\n"
    )


# Filling in by hand, in the engine of Chromium's viewer


class Viewer:
    """A person at a viewer: points, types, goes on with the tabulator key, saves."""

    def __init__(self, pdf: bytes) -> None:
        self._document = pypdfium2.PdfDocument(pdf)
        self._document.init_forms()
        self._form = self._document.formenv
        self._page = self._document[0]
        self._at = {str(name): rect for name, rect in rects(pdf).items()}

    def __enter__(self) -> "Viewer":
        return self

    def __exit__(self, *_: object) -> None:
        self._page.close()
        self._document.close()

    def click(self, name: str) -> None:
        left, bottom, right, top = self._at[name]
        here = (self._form.raw, self._page.raw, 0, (left + right) / 2, (bottom + top) / 2)
        pdfium.FORM_OnMouseMove(*here)
        assert pdfium.FORM_OnLButtonDown(*here), f"nothing to click at {name}"
        pdfium.FORM_OnLButtonUp(*here)

    def write(self, text: str) -> None:
        """Put a text where the cursor stands, as an input method does."""
        wide = ctypes.create_string_buffer(text.encode("utf-16-le") + b"\0\0")
        pdfium.FORM_ReplaceSelection(self._form.raw, self._page.raw, ctypes.cast(wide, pdfium.FPDF_WIDESTRING))

    def tab(self) -> None:
        pdfium.FORM_OnKeyDown(self._form.raw, self._page.raw, pdfium.FWL_VKEY_Tab, 0)

    def space(self) -> None:
        pdfium.FORM_OnChar(self._form.raw, self._page.raw, pdfium.FWL_VKEY_Space, 0)

    @property
    def focus(self) -> str:
        """Name the field that has the cursor."""
        number, annotation = ctypes.c_int(), pdfium.FPDF_ANNOTATION()
        assert pdfium.FORM_GetFocusedAnnot(self._form.raw, number, annotation)
        name = ctypes.create_string_buffer(200)
        length = pdfium.FPDFAnnot_GetFormFieldName(
            self._form.raw, annotation, ctypes.cast(name, ctypes.POINTER(pdfium.FPDF_WCHAR)), len(name)
        )
        pdfium.FPDFPage_CloseAnnot(annotation)
        return name.raw[: length - 2].decode("utf-16-le")

    def saved(self) -> bytes:
        pdfium.FORM_ForceToKillFocus(self._form.raw)
        out = BytesIO()
        self._document.save(out)
        return out.getvalue()


def rects(pdf: bytes) -> dict[str, tuple[float, ...]]:
    with opened(pdf) as document:
        return {str(one.T): tuple(map(float, one.Rect)) for one in document.Root.AcroForm.Fields}


def ink(pdf: bytes, name: str) -> int:
    """Count the dark pixels inside a field, its outline left out, as it is printed at 288 dpi."""
    return dark(pdf, rects(pdf)[name])


def dark(pdf: bytes, box: tuple[float, ...]) -> int:
    """Count the dark pixels inside a box in pt on the first page, its outline left out."""
    with pypdfium2.PdfDocument(pdf) as document:
        document.init_forms()
        height = document[0].get_height()
        drawn = document[0].render(scale=4).to_pil().convert("L")
    left, bottom, right, top = box
    inside = ((left + 1.5) * 4, (height - top + 1.5) * 4, (right - 1.5) * 4, (height - bottom - 1.5) * 4)
    return sum(count for count, grey in drawn.crop(tuple(map(round, inside))).getcolors() if grey < 128)


def test_a_box_is_ticked_and_cleared_by_clicking(checklist: bytes):
    with Viewer(checklist) as viewer:
        viewer.click("tick-3")
        viewer.click("tick-2")
        once = viewer.saved()
        viewer.click("tick-3")
        twice = viewer.saved()
    assert [values(once)[name] for name in NAMES[3:]] == ["/Off", "/Off", "/Yes"]
    assert [values(twice)[name] for name in NAMES[3:]] == ["/Off", "/Off", "/Off"]
    assert [ink(one, "tick-3") > 200 for one in (checklist, once, twice)] == [False, True, False]
    assert [ink(one, "tick-2") > 200 for one in (checklist, once, twice)] == [True, False, False]


def test_what_is_written_is_kept_and_drawn(checklist: bytes):
    with Viewer(checklist) as viewer:
        viewer.click("name")
        viewer.write("Yamada é")
        viewer.click("date")
        viewer.write(TYPED)
        saved = viewer.saved()
    assert (values(saved)["name"], values(saved)["date"]) == ("Yamada é", TYPED)
    assert [ink(saved, name) > 100 for name in NAMES[:3]] == [True, True, False]
    with Viewer(saved) as viewer:  # and again
        viewer.click("appointment")
        viewer.write("3F")
        again = viewer.saved()
    assert values(again) == {**values(saved), "appointment": "3F"}


def test_a_long_text_is_drawn_whole(checklist: bytes):
    """The viewer makes it smaller instead of cutting it: what is written is printed."""
    with Viewer(checklist) as viewer:
        viewer.click("appointment")
        viewer.write("W" * 40)
        saved = viewer.saved()
    assert values(saved)["appointment"] == "W" * 40
    left, _, right, _ = rects(saved)["appointment"]
    edges = [edge for edge in printed(saved, "W") if edge[2] > left]
    assert len(edges) == 40
    assert left <= min(edge[0] for edge in edges)
    assert max(edge[2] for edge in edges) <= right


def printed(pdf: bytes, char: str) -> list[tuple[float, float, float, float]]:
    """Return the box of each such character on the first page, fields made part of it, as for printing."""
    with pypdfium2.PdfDocument(pdf) as document:
        document.init_forms()
        document[0].flatten(pdfium.FLAT_PRINT)
        textpage = document[0].get_textpage()
        found = [at for at in range(textpage.count_chars()) if textpage.get_text_range(at, 1) == char]
        return [textpage.get_charbox(at) for at in found]


def test_the_tabulator_key_goes_through_the_fields_as_they_are_read(checklist: bytes):
    with Viewer(checklist) as viewer:
        viewer.click("name")
        seen = [viewer.focus]
        for _ in NAMES[1:]:
            viewer.tab()
            seen.append(viewer.focus)
        viewer.space()
        assert values(viewer.saved())["tick-3"] == "/Yes"
    assert seen == NAMES


# The press


def test_a_box_that_was_ticked_in_the_text_is_ticked_in_print_too(checklist: bytes):
    found = find_profile()
    assert found is not None
    palette, profile = press_palette(theme().styles), read_profile(found.read_bytes())
    pressed = prepress(checklist, Press(profile, palette, "紙", ("zh-Hans", "ja"), "a.pdf"))
    assert pressed.findings == ()
    with opened(pressed.pdf) as document:
        assert "/Annots" not in document.pages[0]
        x, y, *_ = (float(edge) for edge in document.pages[0].trimbox)
    boxes = {
        name: (left + x, low + y, right + x, top + y) for name, (left, low, right, top) in rects(checklist).items()
    }
    inked = {name: dark(pressed.pdf, box) for name, box in boxes.items() if name.startswith("tick")}
    assert inked["tick-2"] > 100
    assert inked["tick-1"] == inked["tick-3"] == 0


# What is shipped


@pytest.mark.parametrize("path", [path for path in SCREEN if "_checklist-" in path])
def test_every_shipped_checklist_has_its_form(built: Built, path: str):
    pdf = built.pdf(path)
    annotations_in_order(pdf)
    with opened(pdf) as document:
        named = {str(one.T): str(one.TU) for one in document.Root.AcroForm.Fields}
    ticks = list(named)[3:]
    assert list(named)[:3] == NAMES[:3]
    assert ticks == [f"tick-{number}" for number in range(1, len(ticks) + 1)]
    assert len(ticks) >= 5
    assert all(len(tooltip.split(" / ")) == 2 for tooltip in named.values())
    tops = [top for _, _, _, top in list(rects(pdf).values())[3:]]
    assert tops == sorted(tops, reverse=True), "from the head of the page to its foot"


@pytest.mark.parametrize("path", [path for path in SCREEN if "_checklist-" not in path])
def test_a_booklet_has_no_form(built: Built, path: str):
    with opened(built.pdf(path)) as document:
        assert "/AcroForm" not in document.Root
