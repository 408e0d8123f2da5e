"""Pictures: what is one, the frames that hold labels, and labels set into them in print."""

import re
import time
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import pypdfium2
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageFile
from PIL.PngImagePlugin import PngInfo

from taiyaku.cli.commands import main
from taiyaku.content.figures import (
    ORIENTATION,
    Frame,
    aspect_of,
    bitmap_fault,
    figure_frames,
    holds_words,
    is_picture,
    svg_faults,
    way_up,
)
from taiyaku.release.picture_notes import without_notes
from tests.making import FRAMED, tiny_guide

PNG: Final = b"\x89PNG\r\n\x1a\n"


def svg(inside: str, box: str = "0 0 200 100") -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}">{inside}</svg>'.encode()


def rect(x: float, y: float, width: float, height: float, more: str = "") -> str:
    return f'<rect class="label" x="{x}" y="{y}" width="{width}" height="{height}"{more}/>'


# What a picture is


@pytest.mark.parametrize(
    ("name", "data", "right"),
    [
        ("a.svg", svg(""), True),
        ("a.SVG", b'\n<?xml version="1.0"?>\n<!-- by hand -->\n<svg>', True),
        ("a.png", PNG, True),
        ("a.jpg", b"\xff\xd8\xff\xe0", True),
        ("a.JPEG", b"\xff\xd8\xff\xe0", True),
        ("a.svg", PNG, False),
        ("a.png", svg(""), False),
        ("a.jpg", PNG, False),
        ("a.svg", b"<svgs>", False),
        ("a.svg", b"<p><svg></svg></p>", False),
        ("a.gif", b"GIF89a", False),
        ("a", PNG, False),
        ("a.png", b"", False),
    ],
)
def test_a_picture_is_what_its_name_promises(name: str, data: bytes, right: bool):
    assert is_picture(name, data) == right


@pytest.mark.parametrize(
    ("inside", "words"),
    [
        ("<text>9</text>", True),
        ('<svg:text x="1">9</svg:text>', True),
        ("<g><foreignObject/></g>", True),
        ("<textPath/>", False),
        ("<title>9</title>", False),
        (rect(0, 0, 1, 1), False),
    ],
)
def test_words_in_a_picture_are_found(inside: str, words: bool):
    assert holds_words(svg(inside)) == words


# Frames


def test_frames_are_measured_in_percent_of_the_picture():
    assert figure_frames(FRAMED.encode()) == (
        Frame(0, 0, 50, 100),
        Frame(50, 0, 50, 100, "start top"),
    )


@pytest.mark.parametrize(
    ("box", "frame"),
    [
        ("0 0 200 100", Frame(10, 30, 20, 40)),
        ("20 30 100 100", Frame(0, 0, 40, 40)),
        ("0,0,400,50", Frame(5, 60, 10, 80)),
        ("-20 0 200 100", Frame(20, 30, 20, 40)),
    ],
)
def test_frames_are_measured_against_the_view_box(box: str, frame: Frame):
    assert figure_frames(svg(rect(20, 30, 40, 40), box)) == (frame,)


def test_frames_come_in_document_order_wherever_they_stand():
    inside = rect(100, 0, 10, 10) + f"<g>{rect(0, 0, 10, 10)}</g>" + rect(50, 0, 10, 10)
    assert [frame.left for frame in figure_frames(svg(inside))] == [50, 0, 25]


def test_a_frame_begins_in_the_corner_where_nothing_else_is_said():
    assert figure_frames(svg('<rect class="label" width="20" height="10"/>')) == (Frame(0, 0, 10, 10),)


def test_how_a_frame_is_written_in_css():
    assert Frame(12.5, 0, 100 / 3, 50).style == "left: 12.500%; top: 0.000%; width: 33.333%; height: 50.000%"


@pytest.mark.parametrize(
    "data",
    [
        svg(""),
        svg('<rect x="0" width="9"/><circle class="label"/><rect class="label wide"/>'),
        svg(rect(0, 0, 9, 9), box=""),
        svg(rect(0, 0, 9, 9), box="0 0 0 9"),
        svg(rect(0, 0, 9, 9), box="0 0 9"),
        svg('<rect class="label" x="1cm"/>'),
        svg(rect(0, 0, 9, 9)).replace(b"</svg>", b""),
        svg(rect(0, 0, 9, 9)).replace(b' xmlns="http://www.w3.org/2000/svg"', b""),
        b'<?xml version="1.0" encoding="klingon"?>' + svg(rect(0, 0, 9, 9)),
        PNG + b"label",
        b"",
    ],
    ids=[
        *("no frame", "another shape or class", "no view box", "no width", "half a view box", "a unit"),
        *("not closed", "no SVG by its namespace", "an unknown encoding", "a photo", "no byte"),
    ],
)
def test_a_picture_without_frames(data: bytes):
    assert figure_frames(data) == ()


@given(st.binary() | st.binary().map(lambda data: b"<svg " + data + b' class="label"/>'))
@example(b'<svg class="label" viewBox="0 0 1e999 1"/>')
@example(b'<?xml version="1.0" encoding="utf-7"?><svg class="label"/>')
def test_any_bytes_can_be_asked_for_frames(data: bytes):
    assert isinstance(figure_frames(data), tuple)


sides = st.integers(1, 1000)


@given(st.data(), sides, sides)
def test_a_frame_inside_the_picture_stays_inside(data: st.DataObject, width: int, height: int):
    x, y = data.draw(st.integers(0, width)), data.draw(st.integers(0, height))
    wide, high = data.draw(st.integers(0, width - x)), data.draw(st.integers(0, height - y))
    (frame,) = figure_frames(svg(rect(x, y, wide, high), f"0 0 {width} {height}"))
    assert 0 <= frame.left <= frame.left + frame.width <= 100 + 1e-9
    assert 0 <= frame.top <= frame.top + frame.height <= 100 + 1e-9


# Labels in print, with the real stylesheets

LABELS: Final = {"zh-Hans": ("机场", "市政府"), "ja": ("空港", "市役所")}
ROOMY: Final = svg(
    '<rect x="0" y="0" width="200" height="100" fill="#eee"/>' + rect(5, 5, 90, 40) + rect(105, 5, 90, 40)
).decode()


def booklet(folder: Path, picture: str, labels: Mapping[str, tuple[str, ...]]) -> int:
    """Build the booklet of a guide with a picture and labels, and give the exit code."""
    guide = tiny_guide(folder) / "mini"
    (guide / "figures").mkdir()
    (guide / "figures" / "way.svg").write_text(picture, encoding="utf-8")
    for tag, words in labels.items():
        with (guide / tag / "01-start.md").open("a", encoding="utf-8") as file:
            file.write("\n![図](figures/way.svg)\n\n" + "".join(f"- {word}\n" for word in words) + "{: .labels }\n")
    arguments = ("--content", str(guide.parent), "--out", str(folder / "out"), "--form", "booklet", "--jobs", "1")
    return main(["build", *arguments, "--edition", "screen"])


def page_with(word: str, pdf: Path) -> str:
    """Return the text of the one page on which a word stands."""
    with pypdfium2.PdfDocument(pdf) as document:
        texts = [str(page.get_textpage().get_text_range()) for page in document]
    (found,) = (text for text in texts if word in re.sub(r"\s", "", text))
    return found


def test_labels_of_both_languages_stand_in_the_picture(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert (booklet(tmp_path, ROOMY, LABELS), capsys.readouterr().err) == (0, "")
    page = page_with("市役所", tmp_path / "out" / "mini_zh-Hans_ja_booklet-screen.pdf")
    assert [word for words in LABELS.values() for word in words if page.count(word) != 1] == []


@pytest.mark.parametrize(
    ("words", "frame"),
    [
        ("住んでいる町の市役所の窓口で手続きをして書類をもらいます" * 8, rect(105, 5, 90, 40)),
        ("市役所", rect(105, 5, 90, 4)),
    ],
    ids=["a long label", "a low frame"],
)
def test_a_label_that_is_larger_than_its_frame_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: str, frame: str
):
    picture = svg(rect(5, 5, 90, 40) + frame).decode()
    assert booklet(tmp_path, picture, {**LABELS, "ja": ("空港", words)}) == 1
    first, hint, *_ = capsys.readouterr().err.splitlines()
    assert first.startswith(
        "content/mini/zh-Hans/01-start.md:18: error: the label does not fit into its frame "
        "(mini_zh-Hans_ja_booklet-screen.pdf): 市政府"
    )
    assert first.endswith(f"{words} [figure.full]")
    assert hint == "  hint: shorten it"
    assert not list((tmp_path / "out").iterdir())


def test_another_number_of_labels_than_frames_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert booklet(tmp_path, svg(rect(5, 5, 90, 40)).decode(), LABELS) == 1
    told = [line for line in capsys.readouterr().err.splitlines() if ": error: " in line]
    counted = "the picture `figures/way.svg` has 1 frames for labels, and there are 2 labels [figure.labels]"
    assert told == [f"content/mini/{tag}/01-start.md:15: error: {counted}" for tag in ("ja", "zh-Hans")]


# What an SVG may hold

XLINK: Final = ' xmlns:xlink="http://www.w3.org/1999/xlink"'
DOCTYPE: Final = '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">\n'


def faults(inside: str, before: str = "") -> list[tuple[int, str, str]]:
    drawing = f'{before}<svg xmlns="http://www.w3.org/2000/svg"{XLINK} xmlns:x="urn:x">\n{inside}\n</svg>'
    return [(fault.line, fault.code, fault.what) for fault in svg_faults("a.svg", drawing.encode())]


@pytest.mark.parametrize(
    ("inside", "what"),
    [
        ("<style>@font-face { font-family: 'Cut Noto Sans'; src: local(x) }</style>", "@font-face"),
        ("<style>@f\\6fnt-face { font-family: x }</style>", "@font-face"),
        ("<style><![CDATA[ @media print { @font-face { font-family: x } } ]]></style>", "@font-face"),
        ("<style>@import 'other.css';</style>", "@import"),
        ("<style>path { fill: url(other.svg#a) }</style>", "url(other.svg#a)"),
        ("<style>path { fill: u\\72l('//a.example/b') }</style>", "url(//a.example/b)"),
        ("<style>path { mask-image: image-set('a.png' 1x) }</style>", "image-set()"),
        ('<path style="fill: url(data:image/png;base64,AA)"/>', "url(data:image/png;base64,AA)"),
        ('<path filter="url(file:///etc/x.svg#a)"/>', "url(file:///etc/x.svg#a)"),
        ('<image width="9" height="9"/>', "<image>"),
        ('<x:image width="9" height="9"/>', "<image>"),
        ('<use xlink:href="icons.svg#a"/>', 'href="icons.svg#a"'),
        ('<linearGradient href="https://a.example/g.svg#a"/>', 'href="https://a.example/g.svg#a"'),
        ('<a href="javascript:alert(1)"><path/></a>', 'href="javascript:alert(1)"'),
        ('<g xml:base="https://a.example/"/>', 'xml:base="https://a.example/"'),
    ],
)
def test_what_a_picture_would_load_is_told_with_its_line(inside: str, what: str):
    assert faults(f"<g/>\n{inside}") == [(3, "figure.loads", what)]


@pytest.mark.parametrize(
    ("inside", "what"),
    [
        ("<script>x()</script>", "<script>"),
        ("<foreignObject/>", "<foreignObject>"),
        ("<font><glyph/></font>", "<font>"),
        ("<defs><font-face font-family='Cut Noto Sans'/></defs>", "<font-face>"),
        ('<animate attributeName="d"/>', "<animate>"),
        ('<h:iframe xmlns:h="http://www.w3.org/1999/xhtml"/>', "<iframe>"),
        ("<x:style>@font-face {}</x:style>", "<style>"),
        ('<path onload="x()"/>', "onload="),
    ],
)
def test_what_is_no_shape_is_told_with_its_line(inside: str, what: str):
    assert (2, "figure.element", what) in faults(inside)


@pytest.mark.parametrize(
    ("inside", "before", "fault"),
    [
        ("", '<?xml-stylesheet href="a.css"?>', (1, "figure.loads", "<?xml-stylesheet")),
        ("<g>&t;</g>", '<!DOCTYPE svg [\n<!ENTITY t "9">]>', (1, "figure.entities", "<!DOCTYPE … [")),
        ("<g>&t;</g>", "<!-- a -->\n<!DOCTYPE svg [<!ENTITY t '9'>]>", (2, "figure.entities", "<!DOCTYPE … [")),
        ("<g>&t;</g>", DOCTYPE, (3, "figure.entities", "&t;")),
        ("<g>", "", (3, "figure.xml", "mismatched tag")),
    ],
)
def test_what_is_hidden_or_broken_is_told_with_its_line(inside: str, before: str, fault: tuple[int, str, str]):
    assert faults(inside, before) == [fault]


@pytest.mark.parametrize(
    ("inside", "before"),
    [
        ("", '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n<!-- Created with Inkscape -->\n' + DOCTYPE),
        (
            '<n:namedview xmlns:n="http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd" n:snap="on"><x:grid/>'
            '</n:namedview><metadata><r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
            '<x:Work><x:title>Drawing</x:title><x:type r:resource="http://purl.org/dc/dcmitype/StillImage"/></x:Work>'
            "</r:RDF></metadata>",
            "",
        ),
        (
            '<defs><linearGradient id="a"><stop offset="0" style="stop-color:#fff"/></linearGradient>'
            '<linearGradient id="b" xlink:href="#a"/></defs><use xlink:href="#c"/>'
            '<rect fill="url(#b)" style="stroke:url( \'#a\' );filter:url(&quot;#f&quot;)" transform="translate(1 2)"/>',
            "",
        ),
        (
            "<defs><style type='text/css'><![CDATA[@namespace svg url(http://www.w3.org/2000/svg);"
            "\n@media print { .cls-1 { fill: url(#b); font-family: 'Cut Noto Sans' } }"
            "\n.cls-2{clip-path:url(#c);fill:none;stroke:rgb(1,2,3)}]]></style></defs>",
            "",
        ),
        ('<switch><g x:extraneous="self"><path d="M0 0" aria-label="image url"/></g></switch>', ""),
    ],
    ids=["DOCTYPE", "Inkscape", "gradients", "Illustrator", "switch"],
)
def test_what_editors_write_besides_shapes_is_fine(inside: str, before: str):
    assert faults(inside, before) == []


def test_a_thousand_comments_are_read_in_no_time():
    """Before the root, and before none: a pattern would try every way to part them."""
    begun = time.perf_counter()
    assert is_picture("a.svg", b"<!-- a -->" * 1000 + svg(""))
    assert not is_picture("a.svg", b"<!-- a -->" * 1000)
    assert time.perf_counter() - begun < 2


def test_words_are_found_in_any_encoding_and_any_element_that_sets_text():
    assert holds_words('<?xml version="1.0" encoding="utf-16"?><svg><text>9</text></svg>'.encode("utf-16"))
    assert holds_words(svg("<a>9</a>"))
    assert holds_words(svg("<g><tspan>9</tspan></g>"))
    assert not holds_words(svg("<!-- <text>9</text> -->"))


def test_nothing_unsafe_is_set(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    bad = ROOMY.replace("<rect", '<style>@font-face{font-family:"Cut Noto Sans";src:url(a.ttf)}</style><rect', 1)
    assert booklet(tmp_path, bad, LABELS) == 1
    said = [line for line in capsys.readouterr().err.splitlines() if ": error: " in line]
    place = "content/mini/figures/way.svg:1: error: the picture `figures/way.svg` would load something from elsewhere: "
    assert said == [f"{place}{what} [figure.loads]" for what in ("@font-face", "url(a.ttf)")]


def test_a_hosts_logo_is_looked_at_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    content = tiny_guide(tmp_path)
    folder = content / "hosts" / "school"
    folder.mkdir(parents=True)
    (folder / "host.toml").write_text('name = { zh-Hans = "大学", ja = "大学" }\nlogo = "a.svg"\n', encoding="utf-8")
    (folder / "a.svg").write_bytes(svg('\n<use href="b.svg#a"/>'))
    out = tmp_path / "out"
    assert main(["build", "--content", str(content), "--out", str(out), "--host", "school", "--jobs", "1"]) == 1
    assert "content/hosts/school/a.svg:2: error: the picture `a.svg` would load" in capsys.readouterr().err


def uses(levels: int) -> bytes:
    """Return an SVG in which every part uses the one before it ten times."""
    parts = "".join(f'<g id="a{n}">{f"""<use href="#a{n - 1}"/>""" * 10}</g>' for n in range(1, levels))
    return svg(f'<defs><path id="a0"/>{parts}</defs><use href="#a{levels - 1}"/>')


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (uses(11), "46,913,580,235"),
        (svg('<g id="a"><g><use href="#b"/></g></g><g id="b"><use href="#a"/></g>'), "endless"),
        (svg("<g>" * 4000 + "</g>" * 4000), "200 in one another, and more"),
        (svg("<stop/>" * 200_000), "200,001"),
        (svg("".join(f'<g id="a{n}"><use href="#a{n + 1}"/></g>' for n in range(4000))), "endless"),
    ],
    ids=["powers of ten", "in a circle", "nested", "many", "a long chain"],
)
def test_a_picture_that_would_draw_for_hours_is_told(data: bytes, what: str):
    assert [(one.code, one.what) for one in svg_faults("a.svg", data)] == [("figure.heavy", what)]


def test_a_picture_that_uses_a_part_often_is_fine():
    assert svg_faults("a.svg", uses(5)) == ()
    assert svg_faults("a.svg", svg('<use href="#later"/><use href="#nowhere"/><path id="later"/>')) == ()


def bitmap(kind: str, size: tuple[int, int] = (60, 40), **more: Any) -> bytes:
    file = BytesIO()
    picture = Image.effect_noise(size, 80) if size[0] < 1000 else Image.new("1", size)
    picture.save(file, kind, **more)
    return file.getvalue()


def turned_bit(data: bytes, at: int) -> bytes:
    return data[:at] + bytes((data[at] ^ 1,)) + data[at + 1 :]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (bitmap("PNG"), None),
        (bitmap("JPEG"), None),
        (bitmap("JPEG", progressive=True), None),
        (bitmap("PNG") + b"behind its end", None),
        (bitmap("PNG")[:60], "figure.broken"),
        (bitmap("PNG")[:20], "figure.broken"),
        (bitmap("PNG")[:-4], "figure.broken"),
        (turned_bit(bitmap("PNG"), 300), "figure.broken"),
        (bitmap("JPEG")[:1500], "figure.broken"),
        (bitmap("JPEG")[:3], "figure.broken"),
        (bitmap("PNG", (9000, 8000)), "figure.large"),
        (bitmap("PNG", (20000, 20000)), "figure.large"),
    ],
)
@pytest.mark.parametrize("lenient", [False, True])
def test_a_bitmap_is_looked_at_whole(data: bytes, code: str | None, lenient: bool, monkeypatch: pytest.MonkeyPatch):
    """Whether or not the typesetter was imported, which lets Pillow pass what is cut off."""
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", lenient)
    bitmap_fault.cache_clear()
    fault = bitmap_fault(data)
    assert (fault and fault[0]) == code


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_any_damage_is_read_without_a_traceback_or_a_warning(kind: str, recwarn: pytest.WarningsRecorder):
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif[0x013B] = "somebody"
    whole = bitmap(kind, exif=exif)
    for at in range(len(_START[kind]), 400):
        for data in (turned_bit(whole, at), whole[:at]):
            bitmap_fault(data)
            aspect_of(data)
            without_notes(data)
    assert not recwarn.list


_START: Final = {"PNG": PNG, "JPEG": b"\xff\xd8\xff"}


@pytest.mark.parametrize("name", ["photo.png", "photo.jpg"])
def test_a_damaged_bitmap_is_told_where_it_stands(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    content = tiny_guide(tmp_path)
    (content / "mini" / "figures").mkdir()
    (content / "mini" / "figures" / name).write_bytes(bitmap("PNG" if name.endswith("png") else "JPEG")[:900])
    for tag in ("zh-Hans", "ja"):
        with (content / "mini" / tag / "01-start.md").open("a", encoding="utf-8") as file:
            file.write(f"\n![図](figures/{name})\n")
    assert main(["check", "--content", str(content)]) == 1
    said = capsys.readouterr()
    assert f"the picture `figures/{name}` is cut off or damaged" in said.out + said.err


@pytest.mark.parametrize(
    ("kind", "more"),
    [("PNG", {}), ("JPEG", {}), ("JPEG", {"progressive": True}), ("JPEG", {"comment": b"Secret"})],
)
@pytest.mark.parametrize("turned", [1, 6])
def test_what_a_camera_noted_is_not_published(kind: str, more: dict[str, Any], turned: int):
    exif = Image.Exif()
    exif[ORIENTATION] = turned
    exif[0x013B] = "Secret"  # Artist
    exif.get_ifd(0x8825)[1] = "Secret"  # GPSLatitudeRef
    if kind == "PNG":
        more = {"pnginfo": PngInfo()}
        more["pnginfo"].add_text("Author", "Secret")
        more["pnginfo"].add_itxt("XML:com.adobe.xmp", "Secret", zip=False)
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    given = bitmap(kind, exif=exif, icc_profile=profile, **more) + b"Secret"
    bare = without_notes(given)
    assert b"Secret" in given
    assert b"Secret" not in bare
    with Image.open(BytesIO(given)) as before, Image.open(BytesIO(bare)) as after:
        assert before.tobytes() == after.tobytes()
        assert after.info["icc_profile"] == profile
    assert way_up(bare) == turned
    assert bitmap_fault(bare) is None
