"""One text of a block: its HTML, the words that must be found in print, and what it refers to."""

import re
from html import unescape
from string import punctuation
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taiyaku.content.inline import Converted, read_inline, set_notes
from taiyaku.model.content import Inline
from taiyaku.model.findings import Place
from tests.content.test_parse import parsed
from tests.making import codes, told

PLACE = Place("content/mini/ja/01-start.md", 7)
LAW = '<a class="cite" href="#source-law"></a>'
BANK = '<a class="cite" href="#source-bank"></a>'


def read(text: str) -> Converted:
    return read_inline(text, PLACE)


def html(text: str) -> str:
    return read(text).inline.html


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("在留カード", "在留カード"),
        ("**本人**が*必ず*`eSIM`", "<strong>本人</strong>が<em>必ず</em><code>eSIM</code>"),
        ("[第9章](09-changes.md)", '<a href="09-changes.md">第9章</a>'),
        ("一行目  \nabc", "一行目<br />\nabc"),
        ("~~x~~ \"y\" 'z'", "~~x~~ \"y\" 'z'"),
    ],
)
def test_plain_markdown(text: str, expected: str):
    assert html(text).replace("<br />\n", "<br />").replace("<br />", "<br />\n") == expected


# Ruby and languages


@pytest.mark.parametrize(
    ("text", "expected", "plain", "readings"),
    [
        ("{SIM|シム}", "<ruby>SIM<rt>シム</rt></ruby>", "SIM", ("シム",)),
        ("{ 電話 | でん }", "<ruby>電話<rt>でん</rt></ruby>", "電話", ("でん",)),
        ("{ja:電話|でん}", '<ruby lang="ja">電話<rt>でん</rt></ruby>', "電話", ("でん",)),
        ("{en:R&D}", '<span lang="en">R&amp;D</span>', "R&D", ()),
        ("{zh-Hans:你好}。", '<span lang="zh-Hans">你好</span>。', "你好。", ()),
        ("**{電話|でん}**", "<strong><ruby>電話<rt>でん</rt></ruby></strong>", "電話", ("でん",)),
        ("{電|で}と{池|い}", "<ruby>電<rt>で</rt></ruby>と<ruby>池<rt>い</rt></ruby>", "電と池", ("で", "い")),
        ("{A & <B>|エー}", "<ruby>A &amp; &lt;B&gt;<rt>エー</rt></ruby>", "A & <B>", ("エー",)),
        ("`{電話|でんわ}`", "<code>{電話|でんわ}</code>", "{電話|でんわ}", ()),
    ],
)
def test_ruby_and_languages(text: str, expected: str, plain: str, readings: tuple[str, ...]):
    inline = read(text).inline
    assert (inline.html, inline.text, inline.readings) == (expected, plain, readings)


@pytest.mark.parametrize("mark", ["{|よみ}", "{本|}", "{本}", "{}", "{ | }", "{本|ほん", "{本", "{ja:本|ほん"])
def test_ruby_that_is_empty_or_open_is_told(mark: str):
    assert told(read(f"前{mark}").findings) == [
        f"{PLACE}: error: the ruby mark `{mark}` is not closed or empty [parse.ruby]"
    ]


@pytest.mark.parametrize(("text", "tag"), [("{qq:本}", "qq"), ("{xx-yyyy:本|ほん}", "xx-yyyy")])
def test_an_unknown_language_is_told(text: str, tag: str):
    assert told(read(text).findings) == [f"{PLACE}: error: `{tag}` is not a language tag [parse.language]"]


# Citations


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("文[@law]", ("law",)),
        ("文[@law; @bank]", ("law", "bank")),
        ("文[@law;@bank ;@law]", ("law", "bank", "law")),
        ("文[@law]と文[@bank]", ("law", "bank")),
        ("**文[@law]**", ("law",)),
        ("`[@law]`", ()),
        ("文", ()),
    ],
)
def test_citations_are_read_in_order(text: str, keys: tuple[str, ...]):
    assert read(text).inline.cites == keys


def test_several_sources_are_one_group():
    assert f"{LAW}{BANK}" in html("文[@law; @bank]")


def test_a_citation_is_no_text_and_no_link():
    inline = read("文[@law]。[第9章](09-changes.md)").inline
    assert (inline.text, inline.links, inline.cites) == ("文。第9章", ("09-changes.md",), ("law",))


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("身分を確かめます。[@law]", f"す。{LAW}"),
        ("a contract[@law]", f"contract{LAW}"),
        ("料金は1,000[@law]円", f"1,000{LAW}"),
        ("about ¥0–5,000.[@law]", f"¥0\u2060–\u20605,000.{LAW}"),
        ("「確認」（本人）[@law]", f"人）{LAW}"),
        ("文[@law; @bank]", f"文{LAW}{BANK}"),
        ("カードと**同じ**[@law]", f"\u2060{LAW}"),
        ("（{ja:不備|ふび}[@law]）", f"\u2060{LAW}"),
        ("電話は03-1234-5678。[@law]", f"03-1234-5678。{LAW}"),
        ("dial +81 3 1234 5678 [@law]", f"+81 3 1234 5678{LAW}"),
        ("+81 (0)3 1234 5678 [@law]", f"+81 (0)3 1234 5678{LAW}"),
    ],
)
def test_a_number_keeps_with_the_word_before_it(text: str, kept: str):
    assert f'<span class="keep">{kept}</span>' in html(text)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("ที่นี่มีคนช่วยอ่านเอกสาร [@law]", "ร"),
        ("รับเอกสารที่เคาน์เตอร์ได้ฟรีทุกที่ [@law]", "ที่"),
        ("ขอความช่วยเหลือที่บ้านของเขา [@law]", "เขา"),
        ("ຢູ່ນີ້ມີຄົນຊ່ວຍອ່ານເອກະສານໃຫ້ທ່ານ [@law]", "ນ"),
        ("នៅទីនេះមានអ្នកជួយអានឯកសារជូនខ្ញុំ [@law]", "ខ្ញុំ"),
        ("ဒီမှာစာရွက်ဖတ်ပေးသူရှိသည်။ [@law]", "။"),
        ("ဒီမှာစာရွက်ဖတ်ပေးသူရှိသည် [@law]", "သည်"),
        ("여기에서서류를읽어드리는사람이있습니다. [@law]", "다."),
        ("Rindfleischetikettierungsüberwachung. [@law]", "g."),
        ("https://example.org/one/two/three/four/five [@law]", "e"),
        ("يستحيلانفصالهذهالحروفعنبعضها [@law]", ""),
    ],
)
def test_of_what_is_too_long_for_a_line_the_last_letter_is_kept(text: str, kept: str):
    """With all that belongs to it; of letters that join across no element nothing is, but a joiner stands there."""
    made = html(text)
    assert f'<span class="keep">{kept}{LAW}</span>' in made
    assert kept or f'\u2060<span class="keep">{LAW}' in made


@pytest.mark.parametrize(
    ("text", "plain"), [("A &[@law]", "A &"), ("&copy;[@law]", "©"), ("5 <[@law]", "5 <"), ("&#12354;[@law]", "あ")]
)
def test_a_number_behind_an_entity_leaves_it_whole(text: str, plain: str):
    inline = read(text).inline
    assert inline.text == plain
    assert not any(f"&{piece}" in inline.html for piece in ("<", "#<"))


# Notes


def test_a_note_is_called():
    converted = read("文[^1]と文[^way]。")
    assert (converted.calls, converted.inline.text) == (("1", "way"), "文と文。")


def test_a_note_is_set_where_it_is_called():
    note = Inline(html="<em>注</em>", text="注", cites=("bank",))
    converted = read("前[^1]後[@law]")
    inline = set_notes(converted.inline, {"1": note}, converted.calls)
    assert '前<span class="footnote"><em>注</em></span>' in inline.html
    assert (inline.notes, inline.cites, inline.text) == ((note,), ("law", "bank"), "前後")


def test_a_note_without_text_leaves_nothing():
    converted = read("前[^1]後")
    assert set_notes(converted.inline, {}, converted.calls).html == "前後"


@pytest.mark.parametrize("name", ["1", "a b", "R&D", 'x"y', "(.*)", "注", "a<b"])
def test_a_note_may_have_any_name(name: str):
    converted = read(f"前[^{name}]")
    note = Inline(html="注の文", text="注の文")
    assert "注の文" in set_notes(converted.inline, {name: note}, converted.calls).html


# Lines, entities, escapes


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("日本\n語", "日本語"),
        ("日本 \n\t語", "日本語"),
        ("です、\n次に", "です、次に"),
        ("「はい」\n「いいえ」", "「はい」「いいえ」"),
        ("他说“好”\n然后走了", "他说“好”然后走了"),
        ("然后\n“好”", "然后“好”"),
        ("等等……\n然后", "等等……然后"),
        ("日本\nabc", "日本\nabc"),
        ("abc\ndef", "abc\ndef"),
        ("he said “yes”\nthen", "he said “yes”\nthen"),
        ("한국\n어", "한국\n어"),
    ],
)
def test_lines_are_joined_without_a_space_between_cjk(text: str, joined: str):
    assert read(text).inline.text == joined


@pytest.mark.parametrize(
    ("text", "expected", "plain"),
    [
        ("A & B", "A &amp; B", "A & B"),
        ("A &amp; B", "A &amp; B", "A & B"),
        ("1 < 2 > 0", "1 &lt; 2 &gt; 0", "1 < 2 > 0"),
        ("&lt;b&gt;", "&lt;b&gt;", "<b>"),
        ("&copy;", "&copy;", "©"),
        (r"\*a\* \{b\} \[@law\] \# \| \_", "*a* {b} [@law] # | _", "*a* {b} [@law] # | _"),
        ("`<b>`", "<code>&lt;b&gt;</code>", "<b>"),
    ],
)
def test_entities_and_escapes(text: str, expected: str, plain: str):
    converted = read(text)
    assert (converted.inline.html, converted.inline.text, converted.findings) == (expected, plain, ())


# What is refused


@pytest.mark.parametrize(
    ("text", "refused", "rest"),
    [
        ("a<br>b", ["<br>"], "ab"),
        ("<b>太字</b>", ["<b>", "</b>"], "太字"),
        ("x<!-- 隠す -->y", ["<!-- 隠す -->"], "xy"),
        ("<https://example.org/>", ["<https://example.org/>"], ""),
        ('<img src="x" onerror="y">', ['<img src="x" onerror="y">'], ""),
        ("<?php x ?>", ["<?php x ?>"], ""),
        ("<!DOCTYPE html>", ["<!DOCTYPE html>"], ""),
    ],
)
def test_raw_html_is_refused(text: str, refused: list[str], rest: str):
    converted = read(text)
    assert [finding.facts["html"] for finding in converted.findings] == refused
    assert set(codes(converted.findings)) == {"parse.html"}
    assert (converted.inline.html, converted.findings[0].place) == (rest, PLACE)


def test_a_picture_inside_a_line_is_refused():
    converted = read("前![図](figures/a.svg)後")
    assert told(converted.findings) == [f"{PLACE}: error: a picture inside a line [parse.image-inline]"]
    assert converted.inline.html == "前後"


@given(st.text("ab本&<>*_`[]()!^@;:{}|\\\"' \n#-1.", max_size=30))
def test_any_text_gives_html_that_is_closed(text: str):
    inline = read(text).inline
    for tag in ("ruby", "rt", "span", "a", "em", "strong", "code"):
        assert inline.html.count(f"<{tag}>") + inline.html.count(f"<{tag} ") == inline.html.count(f"</{tag}>")


@given(st.text("ab本語 ほん&1、。", min_size=1, max_size=20))
def test_what_has_no_mark_is_text_as_written(text: str):
    assert "".join(read(text).inline.text.split()) == "".join(text.split())


@pytest.mark.parametrize("text", ["约0–5,000日元", "約0〜5,000円", "8:30–17:15", "Y!mobile"])
def test_a_range_and_a_name_are_never_parted(text: str):
    """A word joiner forbids the break (UAX #14, WJ); the text that is compared does not hold it."""
    inline = read(text).inline
    assert inline.text == text
    assert inline.html.replace("\u2060", "") == text
    assert re.search(r"[–〜!]\u2060", inline.html)


def test_what_needs_no_joiner_gets_none():
    for text in ("0570-013904", "2026-11-22", "1–つ", "はい！", "Yes!"):
        assert "\u2060" not in html(text)


# Stars that are no marks, escapes, names of characters


@pytest.mark.parametrize(
    "markdown",
    [
        "5*3*2",
        "*111*2#",
        "**21**031",
        "**3.**2",
        "料金*1と手数料*2",
        "円*（*税込み）",
        "円*、千円*（税込み）",
        "*100*#",
    ],
)
def test_stars_that_would_go_from_a_number_are_told(markdown: str):
    (finding,) = parsed(f"# 題\n\n{markdown}\n").findings
    assert (finding.code, finding.place.line) == ("parse.mark", 3)
    assert str(finding.facts["mark"]).startswith("emphasis of")


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("**14**日", "14日"),
        ("**重要：**2日", "重要：2日"),
        ("**5日**以内", "5日以内"),
        (r"\*111\*2#", "*111*2#"),
        ("*100# と *101#", "*100# と *101#"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("これは**「大切」**です", "これは「大切」です"),
    ],
)
def test_emphasis_beside_words_is_read(markdown: str, text: str):
    result = parsed(f"# 題\n\n{markdown}\n")
    assert (result.text.blocks[1].inline.text, codes(result.findings)) == (text, [])


def test_a_backslash_escapes_all_punctuation_of_ascii():
    """CommonMark 0.31, 2.4."""
    result = parsed("# 題\n\n文" + "".join(f"\\{char}" for char in punctuation) + "\n")
    assert (result.text.blocks[1].inline.text, codes(result.findings)) == (f"文{punctuation}", [])
    assert unescape(result.text.blocks[1].inline.html) == f"文{punctuation}"


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("&notice;", "&notice;"),
        ("a?b=1&region=2&copy=3", "a?b=1&region=2&copy=3"),
        ("&copy; &#x3042; &lt;", "© あ <"),
        (r"\&copy;", "&copy;"),
        ("&amp;copy;", "&copy;"),
        ("`&copy;`", "&copy;"),
    ],
)
def test_only_whole_names_stand_for_characters(markdown: str, text: str):
    result = parsed(f"# 題\n\n{markdown}\n")
    inline = result.text.blocks[1].inline
    assert (inline.text, unescape(re.sub("<[^>]*>", "", inline.html)), codes(result.findings)) == (text, text, [])


@pytest.mark.parametrize(
    "markdown",
    [
        "[一](a/b(c(d(e))).md)",
        "[一](a b.md)",
        "[一](<a b.md>)",
        "[一](a.md (b))",
        "[一 [二 [三]]](a.md)",
        '![絵 [一] 二](figures/a.svg "題 (一)")',
    ],
)
def test_an_address_may_hold_spaces_and_brackets(markdown: str):
    assert codes(parsed(f"# 題\n\n{markdown}\n").findings) == []


@pytest.mark.parametrize(
    "mark", ["[", "[a](", "[a](b ", " ", "\n", "[^", "[@", "{", "<!--", "*", "`", "\\", "- ", "> "]
)
def test_no_mark_takes_long_however_often_it_stands(mark: str):
    began = process_time()
    parsed(f"# 題\n\n字{mark * (100_000 // len(mark))}\n")
    parsed(f"# 題\n\n字{mark * (9_900 // len(mark))}字\n")
    assert process_time() - began < 5
