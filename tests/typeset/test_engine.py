"""The typesetter: it reads nothing that was not handed in, says what it refused, and gives the same bytes each time."""

import hashlib
import logging
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import page
import pikepdf
import pypdfium2
import pytest
import segno

from bootstrap.main import find_font
from taiyaku.language.linebreak import BREAK, JOINER, LONGEST_PHRASE, compose, visible
from taiyaku.model.documents import PlacedText
from taiyaku.model.findings import Place, format_finding
from taiyaku.typeset.engine import Layout
from tests.making import ROOT, small_layout

NAME = "mini_ja_booklet-screen.pdf"
OUTSIDE = "file:///etc/passwd"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9">{}</svg>'


def png() -> bytes:
    out = BytesIO()
    segno.make("110").save(out, kind="png")
    return out.getvalue()


def said(layout: Layout) -> list[str]:
    return [finding.facts["message"] for finding in layout.findings(NAME)]


def opened(pdf: bytes) -> pikepdf.Pdf:
    return pikepdf.open(BytesIO(pdf))


def dictionaries(pdf: pikepdf.Pdf) -> Iterator[Any]:
    return (found for found in pdf.objects if isinstance(found, (pikepdf.Dictionary, pikepdf.Stream)))


def pictures(pdf: bytes) -> int:
    with opened(pdf) as document:
        return sum(found.get("/Subtype") == "/Image" for found in dictionaries(document))


def fonts(pdf: bytes) -> set[str]:
    with opened(pdf) as document:
        return {str(found.FontName).removeprefix("/") for found in dictionaries(document) if "/FontName" in found}


# The fetcher


@pytest.mark.parametrize(
    ("address", "named"),
    [
        (OUTSIDE, OUTSIDE),
        ("http://127.0.0.1:9/a.png", "http://127.0.0.1:9/a.png"),
        ("https://example.org/a.png", "https://example.org/a.png"),
        ("ftp://example.org/a.png", "ftp://example.org/a.png"),
        ("data:image/png;base64,iVBORw0KGgo=", "data:image/png;base64,iVBORw0KGgo="),
        ("../../../etc/passwd", "https://taiyaku.invalid/etc/passwd"),
        ("/etc/passwd", "https://taiyaku.invalid/etc/passwd"),
        ("other.png", "https://taiyaku.invalid/other.png"),
        ("https://taiyaku.invalid.example.org/fonts.css", "https://taiyaku.invalid.example.org/fonts.css"),
    ],
)
def test_no_picture_comes_from_outside(address: str, named: str):
    layout = small_layout(f'<p>文</p><img alt="a" src="{address}">')
    assert pictures(layout.write()) == 0
    assert said(layout) == [f"Failed to load image at '{named}': ValueError: {named} is not part of the document"]


@pytest.mark.parametrize(
    ("body", "head", "css"),
    [
        ("", f'<link rel="attachment" href="{OUTSIDE}">', ""),
        (f'<p>文<a rel="attachment" href="{OUTSIDE}">書</a></p>', "", ""),
        ("", f'<link rel="stylesheet" href="{OUTSIDE}">', ""),
        ("", f"<style>@import url({OUTSIDE});</style>", ""),
        ("", "", f"p {{ background: url({OUTSIDE}) }}"),
        ("", "", f"p::before {{ content: url({OUTSIDE}) }}"),
        (f'<object data="{OUTSIDE}"></object>', "", ""),
        (f'<embed src="{OUTSIDE}">', "", ""),
        (SVG.format(f'<image href="{OUTSIDE}" width="5" height="5"/>'), "", ""),
    ],
)
def test_nothing_else_comes_from_outside_either(body: str, head: str, css: str):
    layout = small_layout(f"<p>文</p>{body}", head=head, css=css)
    pdf = layout.write()
    with opened(pdf) as document:
        assert list(document.attachments) == []
        assert not any("/EmbeddedFile" in str(found.get("/Type")) for found in dictionaries(document))
    (message,) = said(layout)
    assert f"{OUTSIDE} is not part of the document" in message


@pytest.mark.parametrize("attribute", ["href", "xlink:href"])
def test_a_given_drawing_reads_nothing_from_outside(attribute: str):
    drawing = SVG.format(f'<image {attribute}="{OUTSIDE}" width="5" height="5"/>').encode()
    layout = small_layout('<p>文</p><img alt="a" src="a.svg">', a_svg=drawing)
    assert pictures(layout.write()) == 0
    assert said(layout) == [f"Failed to load image at '{OUTSIDE}': ValueError: {OUTSIDE} is not part of the document"]


FACE = "<style>@font-face {{ font-family: 'Cut Noto Sans'; font-weight: 400; src: url({}) }}</style>"


@pytest.mark.parametrize(
    "inside",
    [FACE.format("own.ttf"), "<style>@import 'face.css';</style>", '<image href="a.png" width="5" height="5"/>'],
    ids=["a font", "a stylesheet", "a picture"],
)
def test_a_drawing_gets_nothing_even_of_what_the_document_has(inside: str):
    """A face that it brings would count for the whole document, under the name of one of ours."""
    bold = find_font("NotoSans-Bold.ttf")
    assert bold is not None
    files = {"own_ttf": bold.read_bytes(), "a_png": png(), "face_css": FACE.format("own.ttf")[7:-8].encode()}
    files["a_svg"] = SVG.format(inside).encode()
    layout = small_layout('<p>110</p><img alt="0" src="a.svg">', lang="en", css="", head="", **files)
    pdf = layout.write()
    assert embedded(pdf) == embedded(small_layout("<p>110</p>", lang="en").write())
    assert pictures(pdf) == 0


def embedded(pdf: bytes) -> set[bytes]:
    with opened(pdf) as document:
        keys = ("/FontFile2", "/FontFile3")
        return {found[key].read_bytes() for found in dictionaries(document) for key in keys if key in found}


@pytest.mark.parametrize("source", [f"url({OUTSIDE})", "local('Noto Sans CJK JP')"])
def test_no_font_comes_from_outside(source: str):
    layout = small_layout("<p>文</p>", css=f"@font-face {{ font-family: x; src: {source} }} p {{ font-family: x }}")
    assert {name.partition("+")[2] for name in fonts(layout.write())} == {"Cut-Noto-Sans-CJK-JP"}
    assert said(layout) == ["Font-face 'x' cannot be loaded"]


def test_given_files_are_served():
    layout = small_layout('<p>文</p><img alt="a" src="a.png"><img alt="b" src="/a.png">', a_png=png())
    assert (pictures(layout.write()), said(layout)) == (1, [])


def test_a_broken_picture_is_told():
    layout = small_layout('<p>文</p><img alt="a" src="a.png">', a_png=b"no picture")
    assert layout.pages == 1
    assert said(layout)[0].startswith("Failed to load image at 'https://taiyaku.invalid/a.png'")


# What is known of a layout


@pytest.mark.parametrize(
    ("lines", "pages", "over", "height"), [(1, 1, 0, 0.18), (5, 1, 0, 0.88), (6, 2, 1, 1.18), (12, 3, 7, 2.35)]
)
def test_pages_and_lines_behind_the_first_are_counted(lines: int, pages: int, over: int, height: float):
    layout = small_layout("<p>一行</p>" * lines)
    assert (layout.pages, layout.lines_behind(1), round(layout.height, 2)) == (pages, over, height)
    with opened(layout.write()) as document:
        assert len(document.pages) == pages


def test_folios_are_no_lines():
    layout = small_layout("<p>一行</p>" * 6, css="@page { @bottom-center { content: 'p.' counter(page) } }")
    assert (layout.pages, layout.lines_behind(1)) == (2, 1)


# The log


def test_the_log_of_one_layout_is_not_in_another():
    before = small_layout('<p>文</p><img alt="a" src="one.png">')
    after = small_layout("<p>文</p>")
    again = small_layout('<p>文</p><img alt="a" src="two.png">')
    after.write()
    before.write()
    assert ["one.png" in message for message in said(before)] == [True]
    assert said(after) == []
    assert ["two.png" in message for message in said(again)] == [True]


def test_a_complaint_is_kept_once():
    assert len(said(small_layout('<p>文</p><img alt="a" src="x.png"><img alt="b" src="x.png">' * 3))) == 1


def test_the_log_does_not_reach_the_program(caplog: pytest.LogCaptureFixture):
    before = list(logging.getLogger("weasyprint").handlers)
    with caplog.at_level(logging.DEBUG):
        assert said(small_layout("<p>文</p>", css="p { colour: red }"))
    assert [record for record in caplog.records if record.name.startswith("weasyprint")] == []
    assert logging.getLogger("weasyprint").handlers == before


def test_how_a_complaint_is_told():
    (finding,) = small_layout("<p>文</p>", css="p { colour: red }").findings(NAME)
    assert finding.place == Place(NAME)
    assert format_finding(finding).startswith(f"{NAME}: error: the typesetter says: Ignored `colour: red ` at 1:5")
    assert format_finding(finding).splitlines()[0].endswith("[typeset.log]")


# The file

EVERYTHING = (
    '<h1 data-outline="題">題</h1><h2>節</h2><p>{本}<ruby>本人<rt>ほんにん</rt></ruby><a href="#end">次</a></p>'
    "<ul><li>一</li><li>二</li></ul><ol><li>一</li></ol>"
    '<table><thead><tr><th scope="col">会社</th></tr></thead><tr><td>甲</td></tr></table>'
    '<img alt="絵" src="a.png"><p lang="en" id="end">The end <a href="https://example.org/">there</a>.</p>'
)


def test_two_runs_give_the_same_bytes():
    assert small_layout(EVERYTHING, a_png=png()).write() == small_layout(EVERYTHING, a_png=png()).write()


def test_another_process_gives_the_same_bytes(tmp_path: Path):
    program = (
        "import hashlib; from tests.making import small_layout; from tests.typeset.test_engine import EVERYTHING, png;"
        "print(hashlib.sha256(small_layout(EVERYTHING, a_png=png()).write()).hexdigest())"
    )
    surroundings = {"PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "LC_ALL": "C", "HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, **surroundings, "PYTHONPATH": str(ROOT)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == hashlib.sha256(small_layout(EVERYTHING, a_png=png()).write()).hexdigest()


@pytest.mark.parametrize("family", ["", "Noto Sans CJK JP", "DejaVu Sans", "sans-serif", "no such family"])
def test_only_our_own_cut_fonts_are_used(family: str):
    css = f'p, h1 {{ font-family: "{family}" }}' if family else ""
    found = fonts(small_layout("<h1>題</h1><p>漢字 <span lang='en'>Latin ☑</span></p>", css=css).write())
    assert found
    assert [name for name in found if not re.match(r"[A-Z]{6}\+Cut-", name)] == []


def test_each_language_has_its_own_face():
    body = "<p>直</p><p lang='zh-CN'>直</p><p lang='en'>straight</p>"
    assert {name.partition("+")[2] for name in fonts(small_layout(body).write())} == {
        "Cut-Noto-Sans-CJK-JP",
        "Cut-Noto-Sans-CJK-SC",
        "Cut-Noto-Sans",
    }


def test_a_document_can_be_read_by_everyone():
    data = small_layout(EVERYTHING, a_png=png()).write()
    report = page.validate_pdf_bytes(data, profile=page.ValidationProfile.PDF_UA_1)
    assert report.is_compliant, report.to_json()


def test_the_validator_finds_what_is_wrong():
    data = small_layout("<h1>題</h1><h3>段を飛ばす</h3>").write()
    assert not page.validate_pdf_bytes(data, profile=page.ValidationProfile.PDF_UA_1).is_compliant


# Labels in pictures

FRAME = """\
.frame { display: flex; flex-direction: column; height: 11mm; justify-content: center; left: 0; position: absolute; \
top: 5mm; width: 20mm }
.top { justify-content: flex-start }
"""


def overfull(words: str, css: str = "") -> list[str]:
    """Set words in a frame of 20 × 11 mm, which holds two lines of five characters, and say what does not fit."""
    body = f'<p>文</p><div class="frame top" data-place="ja/01-start.md:7"><div>{words}</div></div>'
    return [text for _, text in small_layout(body, css=FRAME + css).overfull]


@pytest.mark.parametrize(
    "words",
    [
        "<p>一</p>",
        "<p>一二三四五</p>",
        "<p>一二三四五六七八九十</p>",
        "<p>一</p><p>二</p>",
        "<p lang='en'>Look here</p>",
        "",
    ],
)
def test_a_label_that_fits_into_its_frame_is_right(words: str):
    for where in ("flex-start", "center", "flex-end"):
        assert overfull(words, f".top {{ justify-content: {where} }}") == []


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("<p>一二三四五六七八九十一</p>", "一二三四五六七八九十一"),
        ("<p>一</p><p>二</p><p>三</p>", "一二三"),
        ("<p lang='en'>Congratulations</p>", "Congratulations"),
        ("<p>一</p> <p>二三四五六七八九十</p>", "一 二三四五六七八九十"),
        ("<p style='font-size: 40pt'>一</p>", "一"),
    ],
    ids=["a third line", "three paragraphs", "a long word", "both languages", "large type"],
)
def test_a_label_that_is_larger_than_its_frame_is_found(words: str, text: str):
    for where in ("flex-start", "center", "flex-end"):
        assert overfull(words, f".top {{ justify-content: {where} }}") == [text]


def test_a_label_is_looked_for_on_every_page():
    frame = '<div class="frame" data-place="ja/01-start.md:{}"><p>一二三四五六七八九十一</p></div>'
    layout = small_layout("<p>一行</p>" * 9 + frame.format(7) + "<p>一行</p>" * 9 + frame.format(9), css=FRAME)
    assert layout.pages > 1
    assert [place for place, _ in layout.overfull] == ["ja/01-start.md:7", "ja/01-start.md:9"]


def test_how_a_label_that_is_too_long_is_told():
    body = '<div class="frame" data-place="ja/01-start.md:7"><p>一二三四五六七八九十一</p></div>'
    (finding,) = small_layout(body, css=FRAME).findings(NAME)
    assert format_finding(finding).splitlines() == [
        "ja/01-start.md:7: error: the label does not fit into its frame "
        f"({NAME}): 一二三四五六七八九十一 [figure.full]",
        "  hint: shorten it",
    ]


# Punctuation that is closed up


def boxes(pdf: bytes) -> list[tuple[int, str, float, float, float]]:
    """Return page, character, left edge, bottom and width to the next one on its line (0 for the last) in pt."""
    found: list[tuple[int, str, float, float]] = []
    with pypdfium2.PdfDocument(pdf) as document:
        for number, side in enumerate(document):
            text = side.get_textpage()
            for at in range(text.count_chars()):
                left, bottom, _, _ = text.get_charbox(at, loose=True)
                found.append((number, text.get_text_range(at, 1), left, bottom))
    following = [*found[1:], (-1, "", 0.0, 0.0)]
    return [
        (number, char, left, bottom, after[2] - left if after[0] == number and abs(after[3] - bottom) < 1 else 0.0)
        for (number, char, left, bottom), after in zip(found, following, strict=True)
    ]


def widths(text: str, css: str = "", lang: str = "ja") -> list[float]:
    """Set a text in 10 pt and give the width of each character but the last in em."""
    css = f"@page {{ size: 120mm 40mm }} {css}"
    made = boxes(small_layout(f"<p>{text}</p>", css=css, lang=lang).write())
    visible_ones = [one for one in made if one[1] not in "\u2060\u200b"]
    assert "".join(char for _, char, _, _, _ in visible_ones) == text.translate({0x2060: None, 0x200B: None})
    return [round(width / 10, 2) for *_, width in visible_ones][:-1]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("漢字かな漢", [1, 1, 1, 1]),
        ("漢」「漢", [1, 0.5, 1]),
        ("漢、「漢", [1, 0.5, 1]),
        ("漢」。漢", [1, 0.5, 1]),
        ("漢）、漢", [1, 0.5, 1]),
        ("漢（「漢", [1, 0.5, 1]),
        ("漢」漢「漢", [1, 1, 1, 1]),
        ("漢「」漢", [1, 1, 1]),
        ("漢」』）。漢", [1, 0.5, 0.5, 0.5, 1]),
        ("」「漢", [0.5, 1]),
    ],
)
@pytest.mark.parametrize("lang", ["ja", "zh-CN"])
def test_of_two_marks_side_by_side_one_takes_half_its_width(text: str, expected: list[float], lang: str):
    """JLReq 3.1.4, CLReq 3.1.6: measured in the finished file. An opening mark moves into its left half."""
    if lang == "zh-CN":
        text = text.replace("」", "）").replace("「", "（").replace("『", "（").replace("』", "）")
    assert widths(text, lang=lang) == pytest.approx(expected, abs=0.02)


@pytest.mark.parametrize("between", [JOINER, BREAK])
def test_a_joiner_keeps_no_two_marks_apart(between: str):
    """The last characters of each text are joined: most 」。 stand there."""
    assert widths(f"漢」{between}。{between}漢") == pytest.approx([1, 0.5, 1], abs=0.02)


def test_marks_are_closed_up_across_a_line_only_where_they_stand_side_by_side():
    """A mark that ends a line is followed by none."""
    first, second = lines_of(f"{'漢' * 13}」「{'漢' * 5}")
    assert (first, second) == (f"{'漢' * 13}」", f"「{'漢' * 5}")
    made = boxes(small_layout(f"<p>{first}{second}</p>").write())
    (opening,) = [left for _, char, left, _, _ in made if char == "「"]
    assert opening == pytest.approx(min(left for _, _, left, _, _ in made), abs=0.1)


# What a line may part


def lines_of(text: str, language: str = "ja", *, phrases: int = 0, css: str = "") -> list[str]:
    """Compose and set a text on lines of 14 characters, and read the lines back."""
    made = boxes(small_layout(f"<p>{compose(text, language, phrases=phrases)}</p>", css=css).write())
    lines: dict[tuple[int, int], str] = {}
    for number, char, _, bottom, _ in made:
        key = next((one for one in lines if one[0] == number and abs(one[1] - bottom) < 5), (number, round(bottom)))
        lines[key] = lines.get(key, "") + char
    return [visible(line).strip("\r\n\ufffe ") for line in lines.values()]


@pytest.mark.parametrize("length", range(15, 20))
def test_no_last_line_of_one_character(length: int):
    text = "漢" * length
    lines = lines_of(text)
    assert "".join(lines) == text
    assert len(lines[-1]) == max(length - 14, 3)


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("あいうえおかきくけこさ1,000円の文字", "1,000円"),
        ("あいうえおかきくけこさし90日以内の文字", "90日"),
        ("あいうえおかきくけ03-5253-5111の文字", "03-5253-5111"),
        ("あいうえおかきくけこさしプランの文字", "プラン"),
        ("あいうえおかきくけこさし20 GBの文字です", "20 GB"),
    ],
)
def test_what_belongs_together_stands_on_one_line(text: str, whole: str):
    lines = [re.sub(r"\s", "", line) for line in lines_of(text)]
    assert len(lines) == 2
    assert lines[1].startswith(whole.replace(" ", ""))


def test_a_line_may_part_at_a_chinese_quotation_mark():
    text = f"{'汉' * 12}称“签约的手续”的文字"
    assert lines_of(text, "zh-Hans")[0] == f"{'汉' * 12}称"


def test_a_title_parts_between_phrases():
    text = "携帯電話の番号を市役所の窓口で契約する"
    assert lines_of(text)[0] == "携帯電話の番号を市役所の窓口"
    assert lines_of(text, phrases=LONGEST_PHRASE)[0] == "携帯電話の番号を市役所の"


# Pages that are left out


def test_pages_before_the_last_one_are_left_out():
    layout = small_layout("".join(f"<p style='break-after: page'>頁{number}</p>" for number in range(6)) + "<p>末</p>")
    assert layout.pages == 7
    for count in range(4):
        kept = layout.without_last(count)
        with pypdfium2.PdfDocument(kept.write()) as document:
            found = [side.get_textpage().get_text_range().strip() for side in document]
        assert kept.pages == len(found) == 7 - count
        assert found == [*(f"頁{number}" for number in range(6 - count)), "末"]
    assert layout.pages == 7


def test_what_stands_behind_a_page_is_told():
    body = "".join(f"<div id='point-{number}'><p>一</p><p>二</p></div>" for number in range(1, 8))
    layout = small_layout(body + "<p style='break-before: page'>末</p>", css="div { break-inside: avoid }")
    assert layout.pages == 5
    assert layout.behind(2) == (("point-5", "point-6", "point-7"), 6)
    assert layout.behind(3) == (("point-7",), 2)
    assert layout.behind(4) == ((), 0)


# What stands on which page


def test_a_layout_says_where_its_texts_stand():
    body = (
        '<section class="cover">表紙</section>'
        '<div id="point-7" style="break-before: page"><p lang="ja" data-at="ja/a.md:3"><ruby>紙<rt>かみ</rt></ruby>を'
        '<a class="cite">4</a>折る</p><p lang="en" data-at="en/a.md:3">Fold the paper</p></div>'
        '<p data-at="ja/a.md:5">長<br style="break-after: page">い</p>'
    )
    assert small_layout(body, css=".cover { break-after: page }").standing() == (
        PlacedText("cover", "", (1,), ""),
        PlacedText("ja/a.md:3", "7", (2,), "紙を折る"),
        PlacedText("en/a.md:3", "7", (2,), "Fold the paper"),
        PlacedText("ja/a.md:5", "", (2,), "長い"),
    )


def test_a_text_that_goes_on_stands_on_both_pages():
    body = '<p data-at="ja/a.md:1">' + "紙を折る。" * 400 + "</p>"
    (one,) = small_layout(body, css="@page { size: 60mm 80mm } p { orphans: 1; widows: 1 }").standing()
    assert one.pages == tuple(range(1, len(one.pages) + 1))
    assert len(one.pages) > 1
