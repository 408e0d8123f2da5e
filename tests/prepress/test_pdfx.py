"""Colours into inks, and small documents into documents for the press. Inks are percent, lengths in the file pt."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from io import BytesIO
from typing import Any, Final

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, Stream
from PIL import Image, ImageCms

from bootstrap.main import find_profile
from taiyaku.errors import MachineError
from taiyaku.model.documents import Binding
from taiyaku.model.tokens import Ink, colour_tokens, press_palette
from taiyaku.model.units import mm
from taiyaku.prepress.inks import INK_LIMIT, Inks, Profile, held, held_picture, read_profile
from taiyaku.prepress.pdfx import Press, Pressed, prepress
from tests.making import theme, told

NEAR: Final = 12.0
"""How far our inks may lie from the screen's colour: a difference in CIE Lab that two printers make too."""

NAME: Final = "a_booklet-press.pdf"
CONTENT: Final = Mapping[str, Any]


@cache
def profile() -> Profile:
    path = find_profile()
    assert path is not None
    return read_profile(path.read_bytes())


@cache
def palette() -> Mapping[str, Ink]:
    return press_palette(theme().styles)


@cache
def inks() -> Inks:
    return Inks(profile(), palette())


PRESS: Final = Press(profile(), palette(), "题 & 題", ("zh-Hans", "ja"), NAME)


# The palette


def lab(picture: Image.Image, of: Any) -> tuple[float, float, float]:
    """Measure a picture of one pixel: lightness 0 … 100, and two chroma."""
    white_as_paper, deepest_as_black = ImageCms.Intent.RELATIVE_COLORIMETRIC, ImageCms.Flags.BLACKPOINTCOMPENSATION
    transform = ImageCms.buildTransform(
        of, ImageCms.createProfile("LAB"), picture.mode, "LAB", white_as_paper, deepest_as_black
    )
    measured = ImageCms.applyTransform(picture, transform)
    assert measured is not None
    light, red, yellow = measured.tobytes()
    return light / 2.55, red - 128, yellow - 128


def seen(colour: str) -> tuple[float, float, float]:
    pixel = Image.new("RGB", (1, 1), tuple(bytes.fromhex(colour.removeprefix("#"))))
    return lab(pixel, ImageCms.createProfile("sRGB"))


def printed(ink: Ink) -> tuple[float, float, float]:
    pixel = Image.new("CMYK", (1, 1), tuple(round(part * 2.55) for part in ink))
    return lab(pixel, ImageCms.ImageCmsProfile(BytesIO(profile().data)))


def difference(first: Sequence[float], second: Sequence[float]) -> float:
    return float(sum((one - other) ** 2 for one, other in zip(first, second, strict=True)) ** 0.5)


TOKENS: Final = colour_tokens(theme().styles)


def test_every_colour_of_ours_has_inks():
    assert len(TOKENS) >= 8
    assert palette().keys() == set(TOKENS.values())


@pytest.mark.parametrize("colour", TOKENS.values(), ids=TOKENS)
def test_our_inks_can_be_printed(colour: str):
    ink = palette()[colour]
    assert 0 < ink.total <= INK_LIMIT
    assert all(part == 0 or 3 <= part <= 100 for part in ink), "a dot under 3 % does not hold on the plate"


@pytest.mark.parametrize("colour", TOKENS.values(), ids=TOKENS)
def test_our_inks_look_like_the_screens_colour(colour: str):
    assert difference(printed(palette()[colour]), seen(colour)) <= NEAR


@pytest.mark.parametrize("name", ["text", "quiet", "rule"])
def test_text_and_rules_are_black_alone(name: str):
    cyan, magenta, yellow, black = palette()[TOKENS[f"--color-{name}"]]
    assert (cyan, magenta, yellow) == (0, 0, 0)
    assert black > 0
    assert name != "text" or black == 100


def test_a_palette_belongs_to_its_colours_by_name():
    sheet = b"--color-a: #102030; --press-a: 1 2 3 4; --press-b: 5 6 7 8; --color-c: #ffffff"
    assert press_palette({"tokens.css": sheet}) == {"#102030": Ink(1, 2, 3, 4)}
    assert press_palette({}) == {}


# Colours


def channels(colour: str) -> list[float]:
    return [value / 255 for value in bytes.fromhex(colour.removeprefix("#"))]


@pytest.mark.parametrize("colour", TOKENS.values(), ids=TOKENS)
def test_ours_are_taken_from_the_palette(colour: str):
    assert inks().ink([round(value, 6) for value in channels(colour)]) == palette()[colour]


@pytest.mark.parametrize(
    ("colour", "black"), [((0,), 100), ((1,), 0), ((0, 0, 0), 100), ((1, 1, 1), 0), ((0.36, 0.37, 0.39), 62.75)]
)
def test_greys_are_black_alone(colour: tuple[float, ...], black: float):
    assert inks().ink(colour) == Ink(0, 0, 0, black)


@pytest.mark.parametrize("colour", ["#0b6e4f", "#003366", "#7a1f5c", "#e0552b"])
def test_a_hosts_colour_goes_through_the_profile(colour: str):
    ink = inks().ink(channels(colour))
    assert colour not in palette()
    assert difference(printed(ink), seen(colour)) <= 6


@given(st.lists(st.floats(0, 1), min_size=3, max_size=3))
def test_no_colour_takes_too_much_ink(colour: list[float]):
    ink = inks().ink(colour)
    assert ink.total <= INK_LIMIT + 0.05
    assert all(0 <= part <= 100 for part in ink)


@given(st.builds(Ink, *[st.floats(0, 100)] * 4))
def test_what_takes_too_much_gives_way_but_for_black(ink: Ink):
    kept = held(ink)
    assert kept.total <= INK_LIMIT + 1e-9
    assert kept.black == ink.black
    assert kept == ink or ink.total > INK_LIMIT


def test_pixels_are_held_too():
    full, half = (255, 255, 255, 255), (100, 100, 100, 100)
    picture = Image.new("CMYK", (2, 1), full)
    picture.putpixel((1, 0), half)
    result = held_picture(picture).tobytes()
    assert (result[:4], result[4:]) == (bytes((170, 170, 170, 255)), bytes(half))


# The profile


def test_a_profile_names_its_printing_condition():
    condition = profile().condition
    assert (condition.identifier, condition.info) == ("Artifex CMYK SWOP Profile", "Artifex CMYK SWOP Profile")
    assert not condition.registered


@pytest.mark.parametrize(
    ("description", "name"),
    [
        ("Coated FOGRA39 (ISO 12647-2:2004)", "FOGRA39"),
        ("Japan Color 2001 Coated", "JC200103"),
        ("Japan Color 2001 Uncoated", "JC200104"),
        ("U.S. Web Coated (SWOP) v2", "CGATS TR 001"),
        ("GRACoL2013_CRPC6.icc", "CGATS21-2-CRPC6"),
    ],
)
def test_a_registered_condition_is_known_by_its_name(description: str, name: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(ImageCms, "getProfileDescription", lambda _: description)
    condition = read_profile(profile().data).condition
    assert (condition.identifier, condition.info, condition.registered) == (name, description, True)
    intent = opened(prepress(page(b""), replace(PRESS, profile=Profile(profile().data, condition)))).Root.OutputIntents
    assert str(intent[0].RegistryName) == "http://www.color.org"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"no profile", "cannot be read"),
        (ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(), "of the kind `mntr` for RGB"),
    ],
)
def test_any_other_profile_is_refused(data: bytes, message: str):
    with pytest.raises(MachineError, match=message):
        read_profile(data)


# Small documents

BOX: Final = (0.0, 0.0, 100.0, 200.0)


def page(
    content: bytes,
    box: Sequence[float] = BOX,
    made: str | None = "D:20261122",
    **resources: Mapping[str, Any],
) -> bytes:
    """Make a document of one page of 100 × 200 pt; what its resources name are objects, or streams as (keys, data)."""
    with pikepdf.new() as pdf:

        def thing(given: Any) -> Any:
            if not isinstance(given, tuple):
                return given
            keys, data = given
            inner = {key: thing(value) for key, value in keys.items()}
            return pdf.make_indirect(Stream(pdf, data, Dictionary({f"/{key}": value for key, value in inner.items()})))

        named = {
            f"/{kind}": Dictionary({f"/{name}": thing(value) for name, value in things.items()})
            for kind, things in resources.items()
        }
        leaf = Dictionary(
            Type=Name.Page, MediaBox=list(box), Resources=Dictionary(named), Contents=Stream(pdf, content)
        )
        leaf.Annots = Array([pdf.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9]))])
        leaf.StructParents, leaf.Tabs = 0, Name.S
        pdf.pages.append(pikepdf.Page(leaf))
        pdf.Root.Outlines = pdf.make_indirect(Dictionary(Type=Name.Outlines, Count=0))
        pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS="app.alert(1)")
        pdf.Root.AcroForm = Dictionary(Fields=[])
        if made is not None:
            pdf.docinfo["/CreationDate"] = made
        out = BytesIO()
        pdf.save(out, deterministic_id=True)
        return out.getvalue()


def opened(done: Pressed) -> pikepdf.Pdf:
    return read(done.pdf)


@cache
def read(pdf: bytes) -> pikepdf.Pdf:
    """Open a document and keep it open: what is read from a closed one is gone."""
    return pikepdf.open(BytesIO(pdf))


def pressed(content: bytes, **given: Any) -> Pressed:
    return prepress(page(content, **given), PRESS)


def written(done: Pressed) -> str:
    """Return what a page paints: without the cut-off at the bleed before it and the marks after it."""
    content = opened(done).pages[0].Contents.read_bytes().decode()
    return content.partition(" K\n")[2].rpartition("\nQ\nq /")[0]


def refused(done: Pressed) -> list[str]:
    assert {finding.code for finding in done.findings} <= {"press.colour"}
    return [finding.facts["what"] for finding in done.findings]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("0.109804 0.109804 0.109804 rg", "0 0 0 1 k"),
        ("0.105882 0.207843 0.368627 RG", "1 0.8 0.25 0.3 K"),
        ("0 g", "0 0 0 1 k"),
        ("0.5 G", "0 0 0 0.498 K"),
        ("1 1 1 rg", "0 0 0 0 k"),
        ("/DeviceRGB cs 1 1 1 sc", "0 0 0 1 k 0 0 0 0 k"),
        ("/DeviceGray CS 0 SCN", "0 0 0 1 K 0 0 0 1 K"),
        ("0.1 0.2 0.3 0.4 k", "0.1 0.2 0.3 0.4 k"),
        ("1 1 1 1 k", "0.6667 0.6667 0.6667 1 k"),
        ("/Span <</MCID 0>> BDC 0 g EMC /Artifact BMC EMC", "0 0 0 1 k"),
        ("q 1 0 0 1 2 3 cm 1 w 0 0 m 5 5 l S Q", "q 1 0 0 1 2 3 cm 1 w 0 0 m 5 5 l S Q"),
    ],
)
def test_colour_operators_become_inks(given: str, expected: str):
    done = pressed(given.encode())
    assert " ".join(written(done).split()) == expected
    assert done.findings == ()


def test_forms_are_converted_once_and_at_any_depth():
    inner = ({"Type": Name.XObject, "Subtype": Name.Form, "BBox": Array([0, 0, 9, 9])}, b"0 g 0 0 9 9 re f")
    group = Dictionary(S=Name.Transparency, CS=Name.DeviceRGB, I=True)
    keys = {"Type": Name.XObject, "Subtype": Name.Form, "BBox": Array([0, 0, 9, 9]), "Group": group, "StructParent": 1}
    source = page(b"/Outer Do /Outer Do", XObject={"Outer": (keys, b"1 g /Inner Do")})
    with pikepdf.open(BytesIO(source)) as pdf:
        outer = pdf.pages[0].Resources.XObject.Outer
        keys_of_inner = Dictionary({f"/{key}": value for key, value in inner[0].items()})
        outer.Resources = Dictionary(XObject=Dictionary(Inner=pdf.make_indirect(Stream(pdf, inner[1], keys_of_inner))))
        out = BytesIO()
        pdf.save(out)
    form = opened(prepress(out.getvalue(), PRESS)).pages[0].Resources.XObject.Outer
    assert form.read_bytes().split() == b"0 0 0 0 k /Inner Do".split()
    assert form.Resources.XObject.Inner.read_bytes().split() == b"0 0 0 1 k 0 0 9 9 re f".split()
    assert str(form.Group.CS) == "/DeviceCMYK"
    assert "/StructParent" not in form


def tiling(paint: int) -> tuple[dict[str, Any], bytes]:
    box = Array([0, 0, 9, 9])
    keys = {"PatternType": 1, "PaintType": paint, "TilingType": 1, "BBox": box, "XStep": 9, "YStep": 9}
    return {**keys, "Resources": Dictionary()}, b"0.5 g 0 0 4 4 re f"


def test_patterns_are_converted():
    done = pressed(b"/Pattern cs /P scn 0 0 50 50 re f", Pattern={"P": tiling(1)})
    assert written(done).split()[:4] == ["/Pattern", "cs", "/P", "scn"]
    pattern = opened(done).pages[0].Resources.Pattern.P.read_bytes().split()
    assert pattern == b"0 0 0 1 k 0 0 0 1 K 0 0 0 0.498 k 0 0 4 4 re f".split()
    assert done.findings == ()


def test_drawings_of_a_font_are_converted():
    font = Dictionary(
        Type=Name.Font,
        Subtype=Name.Type3,
        FontBBox=[0, 0, 9, 9],
        FontMatrix=[1, 0, 0, 1, 0, 0],
        Encoding=Dictionary(Differences=[65, Name.A]),
        FirstChar=65,
        LastChar=65,
        Widths=[9],
    )
    with pikepdf.open(BytesIO(page(b"BT /F 9 Tf (A) Tj ET", Font={"F": font}))) as pdf:
        drawn = pdf.make_indirect(Stream(pdf, b"9 0 d0 0.5 g 0 0 9 9 re f"))
        pdf.pages[0].Resources.Font.F.CharProcs = Dictionary(A=drawn)
        out = BytesIO()
        pdf.save(out)
    glyphs = opened(prepress(out.getvalue(), PRESS)).pages[0].Resources.Font.F.CharProcs
    assert glyphs.A.read_bytes().split() == b"9 0 d0 0 0 0 0.498 k 0 0 9 9 re f".split()


AXIAL: Final = Dictionary(ShadingType=2, ColorSpace=Name.DeviceRGB, Coords=[0, 0, 1, 1])
LAB: Final = Array([Name.Lab, Dictionary(WhitePoint=[0.96, 1, 0.82])])


@pytest.mark.parametrize(
    ("content", "resources", "what"),
    [
        (b"/S sh", {"Shading": {"S": AXIAL}}, "a gradient"),
        (b"", {"Pattern": {"P": Dictionary(PatternType=2, Shading=AXIAL)}}, "a gradient"),
        (b"", {"Pattern": {"P": tiling(2)}}, "a pattern without colours of its own"),
        (b"/L cs 50 20 20 scn", {"ColorSpace": {"L": LAB}}, "the colour space /L"),
        (b"/G gs", {"ExtGState": {"G": Dictionary(SMask=Dictionary(S=Name.Luminosity))}}, "a soft mask"),
        (b"BI /W 1 /H 1 /BPC 8 /CS /G ID x EI", {}, "a picture inside a content stream"),
        (b"", {"XObject": {"X": ({"Subtype": Name.PS}, b"")}}, "an XObject of the kind /PS"),
    ],
)
def test_what_cannot_be_put_into_inks_is_told(content: bytes, resources: dict[str, Any], what: str):
    done = pressed(content, **resources)
    assert refused(done) == [what]
    (message,) = told(done.findings)
    assert message.startswith(f"{NAME}: error: {NAME} paints with something that cannot be put into inks: {what}")


def test_a_graphics_state_keeps_what_a_press_understands():
    state = Dictionary(Type=Name.ExtGState, ca=0.5, SMask=Name("/None"), TR=Name.Identity, HT=Name.Default)
    done = pressed(b"/G gs", ExtGState={"G": state})
    assert set(opened(done).pages[0].Resources.ExtGState.G.keys()) == {"/Type", "/ca"}
    assert done.findings == ()


# Pictures


def picture_of(picture: Image.Image, **keys: Any) -> tuple[dict[str, Any], bytes]:
    space = {"RGB": Name.DeviceRGB, "L": Name.DeviceGray, "CMYK": Name.DeviceCMYK}[picture.mode]
    size = {"Width": picture.width, "Height": picture.height}
    kind = {"Type": Name.XObject, "Subtype": Name.Image, "ColorSpace": space, "BitsPerComponent": 8}
    return {**kind, **size, **keys}, picture.tobytes()


def shown(picture: Image.Image, **keys: Any) -> tuple[Pressed, Any]:
    """Show a picture, and give it back as it is in the file."""
    done = pressed(b"q 7 0 0 7 0 0 cm /I Do Q", XObject={"I": picture_of(picture, **keys)})
    return done, opened(done).pages[0].Resources.XObject.I


def checks(size: int, *colours: tuple[int, ...]) -> Image.Image:
    picture = Image.new("RGB", (size, size), colours[0])
    for at in range(size * size):
        picture.putpixel((at % size, at // size), colours[(at + at // size) % len(colours)])
    return picture


def test_a_bitmap_of_black_and_white_becomes_black_ink_alone():
    code = checks(10, (0, 0, 0), (255, 255, 255))
    done, image = shown(code)
    assert done.findings == ()
    assert list(image.ColorSpace)[:3] == [Name.Indexed, Name.DeviceCMYK, 1]
    assert bytes(image.ColorSpace[3]) == bytes((0, 0, 0, 255, 0, 0, 0, 0))
    assert image.BitsPerComponent == 1
    rows = image.read_bytes()
    read = [rows[2 * y + x // 8] >> (7 - x % 8) & 1 for y in range(10) for x in range(10)]
    assert [255 * bit for bit in read] == list(code.convert("L").tobytes())


def test_a_picture_of_few_colours_keeps_them():
    ours, black, host = (27, 53, 94), (28, 28, 28), (11, 110, 79)
    done, image = shown(checks(50, ours, black, host))
    assert done.findings == ()
    table = bytes(image.ColorSpace[3])
    inks_of = {tuple(table[at : at + 4]) for at in range(0, len(table), 4)}
    assert len(inks_of) == 3
    assert {(255, 204, 64, 76), (0, 0, 0, 255)} < inks_of
    assert len(image.read_bytes()) == 50 * 50


def rainbow(size: int = 40) -> Image.Image:
    channels = (value for y in range(size) for x in range(size) for value in (6 * x, 6 * y, x * y % 256))
    return Image.frombytes("RGB", (size, size), bytes(channels))


def test_a_picture_of_many_colours_goes_through_the_profile():
    done, image = shown(rainbow())
    assert done.findings == ()
    assert (image.ColorSpace, image.BitsPerComponent) == (Name.DeviceCMYK, 8)
    data = image.read_bytes()
    assert len(data) == 4 * 40 * 40
    assert max(sum(data[at : at + 4]) for at in range(0, len(data), 4)) <= INK_LIMIT * 2.55
    assert data == inks().picture(rainbow()).tobytes()


def test_what_shines_through_is_laid_on_white():
    with pikepdf.open(BytesIO(page(b"7 0 0 7 0 0 cm /I Do", XObject={"I": picture_of(checks(2, (0, 0, 0)))}))) as pdf:
        keys, alpha = picture_of(Image.frombytes("L", (2, 2), bytes((0, 255, 0, 255))))
        mask = Stream(pdf, alpha, Dictionary({f"/{key}": value for key, value in keys.items()}))
        pdf.pages[0].Resources.XObject.I.SMask = pdf.make_indirect(mask)
        out = BytesIO()
        pdf.save(out)
    image = opened(prepress(out.getvalue(), PRESS)).pages[0].Resources.XObject.I
    assert "/SMask" not in image
    assert bytes(image.ColorSpace[3]) == bytes((0, 0, 0, 255, 0, 0, 0, 0))
    assert image.read_bytes() == bytes((0b10000000, 0b10000000))


def test_a_picture_in_inks_is_held_to_the_limit():
    _, image = shown(Image.new("CMYK", (40, 40), (255, 255, 255, 255)))
    assert set(image.read_bytes()) == {170, 255}


def test_a_stencil_stays():
    stencil = {"Type": Name.XObject, "Subtype": Name.Image, "Width": 8, "Height": 1, "ImageMask": True}
    done = pressed(b"0 g /I Do", XObject={"I": ({**stencil, "BitsPerComponent": 1}, b"\xaa")})
    assert opened(done).pages[0].Resources.XObject.I.read_bytes() == b"\xaa"
    assert done.findings == ()


@pytest.mark.parametrize("keys", [{"Mask": Array([0, 1, 0, 1, 0, 1])}, {"Decode": Array([1, 0, 1, 0, 1, 0])}])
def test_a_masked_or_inverted_picture_is_told(keys: dict[str, Any]):
    done, _ = shown(rainbow(), **keys)
    assert refused(done) == ["a picture that cannot be read (it is masked or inverted)"]


def test_a_broken_picture_is_told():
    broken = picture_of(rainbow(), Filter=Name.DCTDecode)
    (what,) = refused(pressed(b"/I Do", XObject={"I": broken}))
    assert what.startswith("a picture that cannot be read")


# Pages


@pytest.mark.parametrize("bleed", [3.0, 5.0, 0.0])
@pytest.mark.parametrize("box", [BOX, (-20.0, 30.0, 80.0, 230.0)])
def test_boxes_lie_in_one_another(bleed: float, box: tuple[float, ...]):
    leaf = opened(prepress(page(b"", box), replace(PRESS, bleed_mm=bleed))).pages[0]
    media, bleeds, trim = ([float(value) for value in leaf.obj[key]] for key in ("/MediaBox", "/BleedBox", "/TrimBox"))
    assert media[:2] == [0, 0]
    assert (trim[2] - trim[0], trim[3] - trim[1]) == pytest.approx((100, 200), abs=0.001)
    assert bleeds == pytest.approx([trim[0] - mm(bleed), trim[1] - mm(bleed), trim[2] + mm(bleed), trim[3] + mm(bleed)])
    assert media[2:] == pytest.approx([trim[0] + trim[2], trim[1] + trim[3]])
    assert bleeds[0] > mm(6), "there is no room for marks"
    content = leaf.Contents.read_bytes().decode()
    assert re.match(r"q ([\d.]+ ){4}re W n 1 0 0 1 ", content)
    shift = [float(value) for value in content.split(" cm ")[0].split()[-2:]]
    assert shift == pytest.approx([trim[0] - box[0], trim[1] - box[1]], abs=0.001)


def test_nothing_for_screens_is_left():
    pdf = opened(pressed(b""))
    assert set(pdf.Root.keys()) == {"/Type", "/Pages", "/Metadata", "/OutputIntents"}
    assert set(pdf.pages[0].obj.keys()) == {
        *("/Type", "/Parent", "/Resources", "/Contents", "/Group"),
        *("/MediaBox", "/BleedBox", "/TrimBox"),
    }


@pytest.mark.parametrize(
    ("given", "info", "xmp"),
    [
        ("D:20261122", "D:20261122000000Z", "2026-11-22T00:00:00Z"),
        ("D:2026", "D:20260101000000Z", "2026-01-01T00:00:00Z"),
        ("D:20261122093015Z", "D:20261122093015Z", "2026-11-22T09:30:15Z"),
    ],
)
def test_a_file_is_as_old_as_its_guide(given: str, info: str, xmp: str):
    pdf = opened(pressed(b"", made=given))
    assert str(pdf.docinfo["/CreationDate"]) == str(pdf.docinfo["/ModDate"]) == info
    assert set(re.findall(r"Date>([^<\n]+)<", pdf.Root.Metadata.read_bytes().decode())) == {xmp}


def test_a_document_without_a_date_is_refused():
    with pytest.raises(ValueError, match="does not say when it was made"):
        pressed(b"", made=None)


def test_a_book_bound_at_the_right_says_so():
    assert "/ViewerPreferences" not in opened(pressed(b"")).Root
    right = opened(prepress(page(b""), replace(PRESS, binding=Binding.RIGHT)))
    assert right.Root.ViewerPreferences.Direction == Name.R2L


def identity(done: Pressed) -> list[str]:
    found = re.findall(
        r"(?:Document|Instance)ID>uuid:([-0-9a-f]{36})<", opened(done).Root.Metadata.read_bytes().decode()
    )
    assert len(found) == 2
    return found


def test_another_document_is_another_file():
    assert identity(pressed(b"")) == identity(pressed(b""))
    others = (
        pressed(b"0 g"),
        prepress(page(b""), replace(PRESS, bleed_mm=5)),
        prepress(page(b""), replace(PRESS, title="x")),
    )
    assert all(set(identity(other)).isdisjoint(identity(pressed(b""))) for other in others)
