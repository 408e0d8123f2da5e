"""A finished PDF read back: what was to be printed stands in it, once, inside the page."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taiyaku.model.findings import Finding, format_finding
from taiyaku.pdf.text import LONG, ReadBack, read_back, squeeze
from taiyaku.proofread.completeness import check_text
from taiyaku.render.htmltext import runs
from tests.making import codes, small_layout, theme, told

NAME = "mini_ja_booklet-screen.pdf"
SENTENCE = "在留カードの原本を持って窓口へ行きます。"
LATIN = "Bring the residence card itself to the counter."


def long_text(sentences: int) -> str:
    return "".join(f"第{i}の文をここに書いて、{i * 7}番と言います。" for i in range(1, sentences + 1))


def checked(body: str, *wanted: str, css: str = "", lang: str = "ja", repeats: tuple[str, ...] = ()) -> list[Finding]:
    return list(check_text(read_back(small_layout(body, css=css, lang=lang).write()), wanted, NAME, repeats))


# What is compared


@pytest.mark.parametrize(
    ("text", "squeezed"),
    [
        ("a b\n c\t", "abc"),
        ("在 留\u3000カード", "在留カード"),
        ("\u200bzero\u2060width\ufeff", "zerowidth"),
        ("soft\u00adhyphen", "softhyphen"),
        ("e-mail re\u2010enter\u2011", "emailreenter"),
        ("１２３ＡＢＣ", "123ABC"),
        ("ｶﾞ", "ガ"),
        ("ﬁne", "fine"),
        ("①", "1"),
        ("か\u3099", "が"),
        ("1–2—3", "1–2—3"),
        ("", ""),
    ],
)
def test_squeeze(text: str, squeezed: str):
    assert squeeze(text) == squeezed


@given(st.text("ab-\u00ad\u200b \n１ｱ漢がﬁ、é①"))
def test_squeezing_twice_changes_nothing(text: str):
    assert squeeze(squeeze(text)) == squeeze(text)


# What is found


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        (f"<p>{SENTENCE}</p>", SENTENCE),
        ("<p>在留カードの<b>原本</b>を持って<em>窓口</em>へ行きます。</p><p>次の文。</p>", SENTENCE),
        (f"<div style='display: table'><div style='display: table-cell'><p>{SENTENCE}</p></div></div>", SENTENCE),
        ("<ul><li><p>A &amp; B &lt;5</p></li></ul>", "A & B <5"),
    ],
)
def test_a_text_on_the_page_is_found(body: str, wanted: str):
    assert checked(body, wanted) == []


def test_the_pages_are_read_in_order():
    layout = small_layout("<p>一枚目</p><p style='break-before: page'>二枚目</p>")
    assert read_back(layout.write()) == ReadBack(("一枚目", "二枚目"), ())


def test_ruby_inside_a_paragraph_is_found():
    html = "<ruby>本人確認<rt>ほんにんかくにん</rt></ruby>をしてから契約します。"
    css = "ruby { display: inline-block; position: relative } rt { font-size: .57em; position: absolute; top: -1em }"
    assert runs(html) == ("本人確認ほんにんかくにんをしてから契約します。",)
    assert checked(f"<p>{html}</p>", *runs(html), css=css) == []


def test_a_text_and_its_footnote_are_found_apart():
    html = '原本を持って<span class="footnote">コピーでは受け付けません。</span>窓口へ行きます。'
    assert runs(html) == ("原本を持って", "コピーでは受け付けません。", "窓口へ行きます。")
    assert checked(f"<p>{html}</p>", *runs(html), css=".footnote { float: footnote }") == []


@pytest.mark.parametrize("word", ["antidisestablishment", "anti\u00addisestablish\u00adment"])
def test_a_hyphen_at_the_end_of_a_line_is_no_loss(word: str):
    layout = small_layout(f"<p>{word} {word}</p>", lang="en", css="p { hyphens: auto; width: 22mm }")
    (page,) = read_back(layout.write()).pages
    assert layout.height > 0.6  # four lines for two words: they were parted
    assert page == squeeze(word) * 2


# What is lost, stands twice, runs off


@pytest.mark.parametrize("css", ["display: none", "visibility: hidden"])
def test_a_text_that_is_not_set_is_lost(css: str):
    assert told(checked(f"<p>{SENTENCE}</p><p style='{css}'>{LATIN}</p>", SENTENCE, LATIN)) == [
        f"{NAME}: error: this text is not in the finished PDF ({NAME}): {LATIN} [text.lost]"
    ]


def test_a_text_that_was_changed_is_lost():
    assert codes(checked(f"<p>{SENTENCE}</p>", SENTENCE.replace("原本", "写し"))) == ["text.lost"]


def test_a_text_that_is_wanted_twice_must_stand_twice():
    assert codes(checked(f"<p>{SENTENCE}</p>", SENTENCE, SENTENCE)) == ["text.lost"]
    assert checked(f"<p>{SENTENCE}</p><p>{SENTENCE}</p>", SENTENCE, SENTENCE) == []


def test_a_text_that_stands_twice_is_told_once():
    assert told(checked(f"<p>{SENTENCE}</p><p>{SENTENCE}</p><p>{SENTENCE}</p>", SENTENCE)) == [
        f"{NAME}: error: this text stands twice in the finished PDF ({NAME}): {SENTENCE} [text.twice]"
    ]


@pytest.mark.parametrize(
    ("text", "found"), [("あ" * int(LONG), ["text.twice"]), ("あ" * (int(LONG) - 1), []), ("call 110 now", [])]
)
def test_a_short_text_may_stand_again_inside_another(text: str, found: list[str]):
    assert codes(checked(f"<p>{text}</p><p>{text}</p>", text)) == found


def test_a_shorter_text_does_not_take_the_place_of_a_longer_one():
    short, long = "在留カードの原本を持って", SENTENCE
    assert checked(f"<p>{long}</p><p>{short}</p>", short, long) == []
    assert [f.facts["text"] for f in checked(f"<p>{long}</p>", short, long)] == [short]


@pytest.mark.parametrize(
    ("css", "pages"),
    [
        ("white-space: nowrap", [1]),
        ("position: absolute; top: -60mm", [1]),
        ("position: absolute; top: 60mm", [1]),
        ("margin-left: -20mm", [1]),
        ("break-before: page; margin-left: -20mm", [2]),
    ],
)
def test_text_off_the_page_is_told_with_its_page(css: str, pages: list[int]):
    found = checked(f"<p>前の文。</p><p style='{css}'>{SENTENCE * 2}</p>", "前の文。")
    assert {finding.code for finding in found} == {"text.off-page"}
    assert sorted({finding.facts["page"] for finding in found}) == pages


def test_how_text_off_the_page_is_told():
    (finding,) = checked(f"<p style='white-space: nowrap'>{SENTENCE * 4}</p>", SENTENCE * 4)
    short = (SENTENCE * 4)[:59] + "…"
    assert format_finding(finding) == (
        f"{NAME}: error: text runs off page 1 of {NAME}: {short} [text.off-page]\n  hint: shorten the line or the word"
    )


def test_no_stylesheet_of_ours_clips():
    """Clipped text is in the file, and so is found: nothing may be clipped in the first place."""
    clips = re.compile(rb"overflow(?:-[xy])?\s*:\s*(?:hidden|clip)|clip-path|opacity")
    assert theme().styles
    printed = {name: css for name, css in theme().styles.items() if name.endswith(".css") and "web/" not in name}
    assert [name for name, css in printed.items() if clips.search(css)] == []


# Over several pages


def test_a_paragraph_that_goes_on_behind_the_page_is_found():
    text = long_text(5)
    layout = small_layout(f"<p>{text}</p>")
    read = read_back(layout.write())
    assert (layout.pages, text in "".join(read.pages)) == (2, True)
    assert check_text(read, [text], NAME) == ()


def test_a_paragraph_over_three_pages_is_found():
    text = long_text(60)
    layout = small_layout(f"<p>{text}</p>", css="p { font-size: 4pt }")
    read = read_back(layout.write())
    assert layout.pages == 3
    assert check_text(read, [text], NAME) == ()


def test_a_paragraph_whose_end_is_missing_is_lost():
    text = long_text(5)
    (finding,) = check_text(read_back(small_layout(f"<p>{text}</p>").write()), [text + "終わり。"], NAME)
    assert finding.code == "text.lost"


def test_parts_on_pages_that_do_not_follow_are_no_whole():
    text = "一つの文の前半と後半。"
    assert check_text(ReadBack((text[:5], text[5:]), ()), [text], NAME) == ()
    assert codes(check_text(ReadBack((text[:5], "別の頁", text[5:]), ()), [text], NAME)) == ["text.lost"]
    assert codes(check_text(ReadBack((text[5:], text[:5]), ()), [text], NAME)) == ["text.lost"]


def test_two_columns_go_on_side_by_side():
    chinese, japanese = "先打电话预约，再去窗口办理。" * 4, "先に電話で予約をして、窓口へ行きます。" * 4
    row = "".join(f"<div class='cell'><p>{text}</p></div>" for text in (chinese, japanese))
    css = "main { display: table; table-layout: fixed; width: 100% } .cell { display: table-cell }"
    layout = small_layout(f"<main>{row}</main>", css=css + "p { font-size: 8pt }")
    assert layout.pages == 2
    assert check_text(read_back(layout.write()), [chinese, japanese], NAME) == ()


def test_the_head_of_a_table_may_stand_on_every_page():
    head = "会社の名前と一か月の料金の額"
    rows = "".join(f"<tr><td>{i}番目の会社</td></tr>" for i in range(8))
    body = f"<table><thead><tr><th scope='col'>{head}</th></tr></thead>{rows}</table>"
    wanted = (head, *(f"{i}番目の会社" for i in range(8)))
    assert checked(body, *wanted) == [], "what is said again is an artifact"
    assert codes(checked(f"{body}<p>{head}</p>", *wanted)) == ["text.twice"]
    assert checked(f"{body}<p>{head}</p>", *wanted, repeats=(head,)) == []


# The law, without a typesetter

words = st.text("本人確認ほんabc", min_size=1, max_size=30)


@given(st.lists(words, min_size=1, max_size=8), st.data())
def test_texts_cut_into_two_pages_anywhere_are_found(texts: list[str], data: st.DataObject):
    whole = "".join(f"〈{i}〉{text}" for i, text in enumerate(texts))
    at = data.draw(st.integers(0, len(whole)))
    wanted = [f"〈{i}〉{text}" for i, text in enumerate(texts)]
    assert check_text(ReadBack((whole[:at], whole[at:]), ()), wanted, NAME) == ()


@given(st.lists(words, min_size=1, max_size=8), st.data())
def test_a_text_that_is_left_out_is_lost(texts: list[str], data: st.DataObject):
    wanted = [f"〈{i}〉{text}" for i, text in enumerate(texts)]
    gone = data.draw(st.integers(0, len(wanted) - 1))
    page = "".join(wanted[:gone] + wanted[gone + 1 :])
    assert [f.code for f in check_text(ReadBack((page,), ()), wanted, NAME)] == ["text.lost"]


def test_a_text_without_anything_to_see_is_not_looked_for():
    assert check_text(ReadBack(("",), ()), [" ", "\u200b", "-", ""], NAME) == ()
