"""Faults of composition are counted: for each a page that is wrong, and the same page made right."""

from dataclasses import dataclass, replace
from functools import cache

import pytest

from taiyaku.proofread.composition import Defect, DefectKind, Geometry, SetText, count, read_composition, set_texts
from tests.making import small_layout

SENTENCE = "在留カードの原本を持って窓口へ行きます。"
AREA = Geometry(60, 40, 5, 5, 5, 5)
"""The type area of the small pages."""

RUBY = "ruby { display: inline-block; line-height: 1; position: relative } p { line-height: 2 }"
ABOVE = (
    "rt { font-size: .5em; left: -1em; line-height: 1; position: absolute; right: -1em; text-align: center; top: -1em }"
)


@cache
def pdf(body: str, css: str = "", lang: str = "ja") -> bytes:
    return small_layout(body, css=css, lang=lang).write()


def said(text: str, language: str = "ja", role: str = "paragraph", **more: object) -> SetText:
    return replace(SetText(text, language, role), **more)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Page:
    """A page to look at: its body, its style, the texts that it was to set."""

    body: str
    texts: tuple[SetText, ...]
    css: str = ""
    lang: str = "ja"
    repeats: tuple[str, ...] = ()
    numbers: tuple[SetText, ...] = ()

    def defects(self) -> tuple[Defect, ...]:
        file = pdf(self.body, self.css, self.lang)
        return read_composition(file, self.texts, AREA, repeats=self.repeats, numbers=self.numbers)

    def faults(self) -> dict[DefectKind, int]:
        return {fault: number for fault, number in count(self.defects()).items() if number}


def lines(*each: str, text: str = "", **more: object) -> Page:
    """Set a paragraph in these lines."""
    return Page(f"<p>{'<br>'.join(each)}</p>", (said(text or "".join(each), **more),))  # type: ignore[arg-type]


FILL = "<p>埋め草の行。</p>"
FILLED = said("埋め草の行。")
FREE = "p { orphans: 1; widows: 1 }"
READ = said("契約けいやくをします。", readings=(("契約", "けいやく"),))
BASE = "<ruby>契約<rt>けいやく</rt></ruby>をします。"


def filled(number: int, body: str, *texts: SetText, css: str = FREE) -> Page:
    """Set so many lines (five fill a page) and then a body."""
    return Page(FILL * number + body, (*(FILLED,) * number, *texts), css)


def ruby(css: str, body: str = BASE, text: SetText = READ) -> Page:
    return Page(f"<p>前の行のことば。</p><p>{body}</p>", (said("前の行のことば。"), text), RUBY + css)


THREE = said("一行目の文です、二行目の文です、三行目の文です。")
PARTED = "<p>一行目の文です、<br>二行目の文です、<br>三行目の文です。</p>"
BOTH = (said("左の欄の文です。"), said("右の欄の文です。"))


def columns(left: str) -> Page:
    body = "<p class='l'>左の欄の文です。</p><p class='r'>右の欄の文です。</p>"
    return Page(body, BOTH, f"p {{ font-size: 8pt; position: absolute; top: 0 }} .r {{ left: {left} }}")


HEAD = said("見出し", role="heading")


def drawing(height: int, *, top: int = 0) -> str:
    """Draw a dark picture of so many mm, 20 mm wide."""
    style = f"display: block; position: absolute; top: {top}mm"
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 20 {height}' style='{style}; height: {height}mm; "
        f"width: 20mm'><title>図</title><rect width='20' height='{height}' fill='#333'/></svg>"
    )


SMALL = ".n { font-size: 6pt } p { position: absolute; margin: 0; top: 0 } .a { left: 12mm }"


def beside(number: str, left: float) -> Page:
    """Set a telephone number, and another text's number so many mm from the page's left."""
    body = f"<p class='n' style='left: {left}mm' data-tag='Lbl'>{number}</p><p class='a'>110</p>"
    return Page(body, (), SMALL, numbers=(said("110", telephones=("110",)),))


def cited(gap: str) -> Page:
    css = f".c {{ font-size: 60%; line-height: 1; padding-left: {gap}; vertical-align: super }}"
    body = "<p>電話は03-1234-5678<a class='c' href='https://example.org'>9</a></p>"
    return Page(body, (said("電話は03-1234-56789", telephones=("03-1234-5678",)),), css)


PAIRS: dict[DefectKind, tuple[tuple[Page, Page], ...]] = {
    DefectKind.KINSOKU: ((lines("窓口へ行きます", "。次の文です。"), lines("窓口へ行きます。", "次の文です。")),),
    DefectKind.LAST_LINE: ((lines("窓口へ行きま", "す。"), lines("窓口へ行き", "ます。")),),
    DefectKind.WIDOW: ((filled(3, PARTED, THREE), filled(2, PARTED, THREE)),),
    DefectKind.ORPHAN: ((filled(4, PARTED, THREE), filled(5, PARTED, THREE)),),
    DefectKind.HEADING: (
        (
            filled(
                4,
                f"<h2>見出し</h2><p>{SENTENCE}</p>",
                HEAD,
                said(SENTENCE),
                css="h2 { font-size: 10pt; margin: 0; break-after: auto }",
            ),
            filled(
                4,
                f"<h2>見出し</h2><p>{SENTENCE}</p>",
                HEAD,
                said(SENTENCE),
                css="h2 { font-size: 10pt; margin: 0; break-after: avoid }",
            ),
        ),
    ),
    DefectKind.AREA: (
        (
            Page("<p>上の文です。</p>", (said("上の文です。"),), "p { margin-top: -4mm }"),
            Page("<p>上の文です。</p>", (said("上の文です。"),)),
        ),
    ),
    DefectKind.MEASURE: (
        (columns("18mm"), columns("25mm")),
        (
            Page("<p>左の文です。</p>", (said("左の文です。"),), "p { margin-left: -2mm }"),
            Page("<p>左の文です。</p>", (said("左の文です。"),)),
        ),
    ),
    DefectKind.RUBY: tuple(
        (ruby(css), ruby(ABOVE))
        for css in (
            ABOVE.replace("top: -1em", "top: 2em"),
            ABOVE.replace("left: -1em; ", "left: 3em; ").replace("right: -1em", "right: -5em"),
            ABOVE.replace("top: -1em", "top: -2.6em"),
            "rt { font-size: .5em }",
        )
    ),
    DefectKind.GLYPH: (
        (
            Page("<p lang='ja'>直角在今天</p>", (said("直角在今天", "zh-CN"),)),
            Page("<p lang='zh-CN'>直角在今天</p>", (said("直角在今天", "zh-CN"),)),
        ),
    ),
    DefectKind.MISSING: (
        (
            Page(f"<p>{SENTENCE}</p>", (said(SENTENCE), said("もう一つの文。"))),
            Page(f"<p>{SENTENCE}</p><p>もう一つの文。</p>", (said(SENTENCE), said("もう一つの文。"))),
        ),
    ),
    DefectKind.DOUBLED: (
        (Page(f"<p>{SENTENCE}</p>" * 2, (said(SENTENCE),)), Page(f"<p>{SENTENCE}</p>" * 2, (said(SENTENCE),) * 2)),
    ),
    DefectKind.PICTURE: (
        (Page(drawing(60), ()), Page(drawing(30), ())),
        (
            Page(f"<p>上の文です。</p>{drawing(20, top=2)}", (said("上の文です。"),)),
            Page(f"<p>上の文です。</p>{drawing(20, top=8)}", (said("上の文です。"),)),
        ),
    ),
    DefectKind.TELEPHONE: (
        (beside("209", 8), beside("209", 5)),
        (beside("3", 18.5), beside("3", 22)),
        (cited("1mm"), cited("2.2mm")),
    ),
    DefectKind.CLIPPED: (
        (
            Page(f"<p>{SENTENCE}</p>", (said(SENTENCE),), "p { white-space: nowrap }"),
            Page(f"<p>{SENTENCE}</p>", (said(SENTENCE),)),
        ),
    ),
}


def test_every_fault_has_a_page_that_is_wrong():
    assert set(PAIRS) == set(DefectKind)


@pytest.mark.parametrize(("fault", "wrong"), [(fault, pair[0]) for fault, pairs in PAIRS.items() for pair in pairs])
def test_a_wrong_page_has_that_one_fault(fault: DefectKind, wrong: Page):
    assert wrong.faults() == {fault: 1}


@pytest.mark.parametrize(("fault", "right"), [(fault, pair[1]) for fault, pairs in PAIRS.items() for pair in pairs])
def test_the_same_page_made_right_has_none(fault: DefectKind, right: Page):
    assert right.faults() == {}, fault


def test_every_fault_is_counted():
    assert count(()) == dict.fromkeys(DefectKind, 0)


def test_a_mishap_says_where():
    (defect,) = PAIRS[DefectKind.KINSOKU][0][0].defects()
    assert (defect.page, defect.text, defect.language) == (1, "。次の文です。", "ja")
    assert defect.box is not None
    left, bottom, right, top = defect.box
    assert 14 <= left < 20 < 70 < right < 90  # seven characters of 10 pt from the margin of 5 mm
    assert 70 < bottom < top < 86  # the second line


# Where a line may part

RULES = [
    *((f"前の文です{char}", "次の文です。", 1) for char in "（「『【《〈“"),
    *(("前の文です", f"{char}次の文です。", 1) for char in "、。」』）！？・：；ーっョ々％"),
    ("前の文です—", "—次の文です。", 1),
    ("前の文です", "——次の文です。", 0),
    ("前の文です…", "…次の文です。", 1),
    ("電話は、", "「はい」と出ます。", 0),
    ("料金は1", "000円です。", 1),
    ("料金は1,", "000円です。", 1),
    ("料金は1000", "円です。", 1),
    ("料金は￥", "1000です。", 1),
    ("期限は2026年11", "月です。", 1),
    ("量は20", "GBです。", 1),
    ("電話は03-1234-", "5678です。", 1),
    ("番号は2", "日本の会社です。", 0),
    ("番号は2026 ", "2027です。", 0),
    ("期限は2026年", "11月です。", 0),
]


@pytest.mark.parametrize(("first", "second", "faults"), RULES)
def test_where_a_line_may_part(first: str, second: str, faults: int):
    assert lines(first, second).faults() == ({DefectKind.KINSOKU: faults} if faults else {})


def test_a_source_number_does_not_begin_a_line_nor_make_a_last_one():
    css = ".c { font-size: 68%; line-height: 1; vertical-align: super }"
    page = Page("<p>契約をします。<br><span class='c'>12</span></p>", (said("契約をします。12"),), css)
    assert page.faults() == {DefectKind.KINSOKU: 1, DefectKind.LAST_LINE: 1}
    page = Page("<p>契約をし<br>ます。<span class='c'>12</span></p>", (said("契約をします。12"),), css)
    assert page.faults() == {}


@pytest.mark.parametrize(("language", "role", "faults"), [("ja", "item", 1), ("ja", "cell", 0), ("en", "item", 0)])
def test_a_last_line_of_one_character_is_right_in_cells_and_in_other_scripts(language: str, role: str, faults: int):
    assert lines("窓口へ行きま", "す。", role=role, language=language).faults().get(DefectKind.LAST_LINE, 0) == faults


def test_a_paragraph_of_two_lines_that_is_parted_is_an_orphan_and_a_widow():
    text = said("一行目の文です、二行目の文です。")
    page = filled(4, "<p>一行目の文です、<br>二行目の文です。</p>", text)
    assert page.faults() == {DefectKind.WIDOW: 1, DefectKind.ORPHAN: 1}


def test_the_last_heading_of_all_needs_no_text():
    assert filled(1, "<h2>見出し</h2>", HEAD).faults() == {}


# Readings


def test_a_reading_that_a_base_parts_from():
    parted = BASE.replace("契約<rt>", "契<br>約<rt>")
    assert ruby(ABOVE, parted).faults() == {DefectKind.RUBY: 1}


def test_a_reading_is_found_where_the_file_has_it_behind_the_line():
    body = "<p class='b'>契約をします。</p><p class='a'>けいやく</p>"
    css = "p { position: absolute } .b { top: 10mm } .a { font-size: 5pt; line-height: 5pt; top: %s }"
    assert Page(body, (READ,), css % "9mm").faults() == {}
    assert Page(body, (READ,), css % "20mm").faults() == {DefectKind.RUBY: 1}
    assert Page("<p>契約をします。</p>", (READ,)).faults() == {DefectKind.RUBY: 1}


def test_a_reading_above_the_first_line_may_leave_the_type_area():
    assert Page(f"<p>{BASE}</p>", (READ,), RUBY + ABOVE + "p { line-height: 1.2 }").faults() == {}


# Forms of characters


def test_the_outline_decides_not_the_name_of_the_face():
    """A Japanese face draws Chinese forms where the text is marked as Chinese (OpenType, locl)."""
    body = "<p lang='zh-CN'>直角在今天</p><p lang='ja'>直角在今天</p>"
    css = ":lang(zh-CN) { font-family: 'Cut Noto Sans CJK JP' !important }"
    assert Page(body, (said("直角在今天", "zh-CN"), said("直角在今天")), css).faults() == {}
    assert Page(body, (said("直角在今天", "zh-CN"), said("直角在今天", "zh-CN"))).faults() == {DefectKind.GLYPH: 1}


def test_words_of_another_language_keep_its_forms():
    body = "<p>请说<span lang='ja'>直通</span>今天</p>"
    text = said("请说直通今天", "zh-CN")
    assert Page(body, (replace(text, foreign=(("直通", "ja"),)),), lang="zh-CN").faults() == {}
    (defect,) = Page(body, (text,), lang="zh-CN").defects()
    assert (defect.fault, defect.text) == (DefectKind.GLYPH, "直通")


# How texts are found


def test_a_file_without_tags_is_read_as_it_is_painted():
    layout = small_layout("<p>窓口へ行きます<br>。次の文です。</p><p>三つ目の文。</p>")
    untagged = layout._document.write_pdf()
    texts = (said("窓口へ行きます。次の文です。"), said("三つ目の文。"))
    assert [defect.fault for defect in read_composition(untagged, texts)] == [DefectKind.KINSOKU]


def test_a_text_is_found_by_its_lines_where_the_order_of_the_file_is_another():
    body = "<p class='b'>二つ目の行。</p><p class='a'>一つ目の行、</p>"
    css = "p { position: absolute } .a { top: 0 } .b { top: 5mm }"
    assert Page(body, (said("一つ目の行、二つ目の行。"),), css).faults() == {}


def test_the_same_words_in_a_contents_list_are_not_the_heading():
    body = f"<p>見出し 2</p><h2 style='break-before: page'>見出し</h2><p>{SENTENCE}</p>"
    defects = Page(body, (HEAD, said(SENTENCE)), "h2 { font-size: 10pt; margin: 0 }").defects()
    assert defects == ()


def test_a_text_from_right_to_left_is_never_missing():
    texts = (said("مرحبا بالعالم", "ar"), said("ليست هنا", "ar"))
    assert Page("<p lang='ar' dir='rtl'>مرحبا بالعالم</p>", texts).faults() == {}


def test_the_head_of_a_table_may_stand_again():
    page = PAIRS[DefectKind.DOUBLED][0][0]
    assert replace(page, repeats=(SENTENCE,)).faults() == {}


def test_invisible_characters_and_spaces_count_for_nothing():
    text = said("在\u2060留カードの\u2005SIM\u200bを 使います。")
    assert Page("<p>在留カードのSIMを使います。</p>", (text,)).faults() == {}


def test_without_a_geometry_the_type_area_is_not_looked_at():
    wrong = PAIRS[DefectKind.AREA][0][0]
    assert read_composition(pdf(wrong.body, wrong.css), wrong.texts) == ()


def test_the_margins_change_sides():
    geometry = Geometry(60, 40, 5, 5, 20, 0)
    pages = "<p>右の頁。</p><p style='break-before: page'>左の頁。</p>"
    css = "@page :right { margin-left: 20mm; margin-right: 0 } @page :left { margin-left: 0; margin-right: 20mm }"
    texts = (said("右の頁。"), said("左の頁。"))
    assert read_composition(pdf(pages, css), texts, geometry) == ()
    moved = read_composition(pdf(pages, ""), texts, geometry)
    assert [(defect.fault, defect.page) for defect in moved] == [(DefectKind.MEASURE, 1)]


@pytest.mark.parametrize(
    ("role", "hang", "out", "fault"),
    [("label", 3, 2.5, False), ("label", 3, 4, True), ("label", 0, 2.5, True), ("paragraph", 3, 2.5, True)],
)
def test_only_labels_hang_over_the_text_with_their_picture(role: str, hang: float, out: float, fault: bool):
    css = f"p {{ margin-left: -{out}mm }}"
    found = read_composition(pdf("<p>駅の窓口</p>", css), (said("駅の窓口", role=role),), replace(AREA, hang=hang))
    assert [defect.fault for defect in found] == [DefectKind.MEASURE] * fault


# All that is painted


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("th", "ข้อความนี้ยาวกว่าคอลัมน์ของมันมาก"),
        ("ar", "مرحبا بالعالم الكبير كله"),
        ("en", "Unbelievablylongword"),
        ("ko", "띄어쓰지않은아주긴낱말입니다"),
    ],
)
@pytest.mark.parametrize("known", [True, False], ids=["found", "not found"])
def test_a_text_over_another_is_found_in_every_script(language: str, text: str, known: bool):
    """Whether its letters are found as they were written or not, as those of scripts that are shaped."""
    direction = "rtl" if language == "ar" else "ltr"
    body = f"<p class='l' dir='{direction}' lang='{language}'>{text}</p><p class='r'>右の欄の文です。</p>"
    css = "p { font-size: 9pt; position: absolute; top: 0; white-space: nowrap } .l { left: 0 } .r { left: %dmm }"
    texts = (said(text if known else text[::2], language, at="g/x.md:7"), BOTH[1])
    over = Page(body, texts, css % 12).defects()
    faults = [defect for defect in over if defect.fault is DefectKind.MEASURE]
    assert len(faults) == 1
    assert faults[0].at in ("g/x.md:7", "")
    assert [m for m in Page(body, texts, css % 60).defects() if m.fault is DefectKind.MEASURE and m.at == ""] == []


def test_a_text_over_another_says_where_it_was_written():
    body = "<p class='l'>左の欄の文です。</p><p class='r'>右の欄の文です。</p>"
    texts = tuple(replace(text, at=f"ja/x.md:{line}") for line, text in enumerate(BOTH, 3))
    (defect,) = Page(body, texts, "p { font-size: 8pt; position: absolute; top: 0 } .r { left: 18mm }").defects()
    assert (defect.fault, defect.at) in {(DefectKind.MEASURE, "ja/x.md:3"), (DefectKind.MEASURE, "ja/x.md:4")}


def test_two_running_heads_do_not_run_into_one_another():
    css = (
        "@page { @top-left { content: element(a); width: 25mm } @top-right { content: element(b); width: 25mm } "
        "margin-top: 15mm } .a { position: running(a); white-space: nowrap } .b { position: running(b) }"
    )
    body = "<div class='a'>%s</div><div class='b'>右の柱です</div><p>本文です。</p>"
    texts = (said("本文です。"),)
    assert Page(body % "左の柱がとても長いので右へ出ます", texts, css).faults() == {DefectKind.MEASURE: 1}
    assert Page(body % "左の柱です", texts, css).faults() == {}


def test_the_labels_of_a_picture_stand_on_it():
    label = "<p style='position: absolute; top: 3mm'>駅の窓口</p>"
    inside = Page(f"<div data-tag='Div'>{drawing(20)}{label}</div>", (said("駅の窓口", role="label"),))
    assert inside.faults() == {}
    beside_it = replace(inside, body=f"<div data-tag='Div'>{drawing(20)}</div>{label}")
    assert beside_it.faults() == {DefectKind.PICTURE: 1}


def test_what_a_drawing_does_not_show_is_not_cut():
    """It ends at its view box, whatever stands outside of that."""
    shown = drawing(20).replace("<rect", "<rect y='-500' width='900' height='20' fill='#999'/><rect")
    assert Page(shown, ()).faults() == {}


def test_digits_of_the_same_text_may_stand_beside_a_telephone_number():
    text = said("8:30–17:15 03-1234-5678 9:00", telephones=("03-1234-5678",))
    assert Page("<p>8:30–17:15 03-1234-5678 9:00</p>", (text,), "p { font-size: 7pt }").faults() == {}


def test_a_number_in_the_margin_counts_too():
    """What is no part of the text (an artifact) is read by the eye all the same."""
    page = PAIRS[DefectKind.TELEPHONE][0][0]
    artifact = replace(page, body=page.body.replace("data-tag='Lbl'", "data-tag='Artifact'"))
    assert artifact.faults() == {DefectKind.TELEPHONE: 1}


def test_a_source_number_of_the_next_cell_counts_too():
    """The number is looked for without the source's number that it has itself."""
    css = ".c { font-size: 60% } p { position: absolute; margin: 0; top: 0 }"
    body = "<p>火事<span class='c'>7</span></p><p style='left: %smm'>#9110<span class='c' style='%s'>8</span></p>"
    number = (said("#91108", telephones=("#9110",)),)
    apart = "padding-left: 2.2mm"
    assert Page(body % (9.5, apart), (said("火事7"),), css, numbers=number).faults() == {DefectKind.TELEPHONE: 1}
    assert Page(body % (20, ""), (said("火事7"),), css, numbers=number).faults() == {DefectKind.TELEPHONE: 1}
    assert Page(body % (20, apart), (said("火事7"),), css, numbers=number).faults() == {}


def test_a_number_that_is_not_dialled_may_stand_near():
    page = PAIRS[DefectKind.TELEPHONE][0][0]
    assert replace(page, numbers=()).faults() == {}


# From HTML


def test_texts_from_html():
    html = '<b>契</b>約と<ruby>本人<rt>ほんにん</rt></ruby>と<span lang="zh-CN">身份</span><a class="cite">3</a>'
    (text,) = set_texts(html, "ja", "item", "second")
    assert text == SetText(
        "契約と本人ほんにんと身份3", "ja", "item", "second", (("本人", "ほんにん"),), (("身份", "zh-CN"),)
    )
    parts = set_texts("前<span class='footnote'>注</span>後", "ja", "item")
    assert [part.text for part in parts] == ["前", "注", "後"]
