"""What stands around the chapters: the words in the order of each language, where they stand, whose booklet it is."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taiyaku.content.pair import alone, pair
from taiyaku.language.collation import letter_of, sort_key
from taiyaku.model.content import Content, Host, TermEntry, Translation
from taiyaku.model.documents import Form
from taiyaku.render.backmatter import host_block, statuses
from taiyaku.render.index import MOST_POINTS, Index, indexes
from taiyaku.render.rows import RowBuilder, chapters
from tests.making import bare, text, theme, tiny_content

LANGUAGES = ("zh-Hans", "ja")


# The order of words


@pytest.mark.parametrize(
    ("tag", "words"),
    [
        ("zh-Hans", "110 本人确认 电话 密码 手机号 SIM卡 违约金 信用卡 银行 运营商 在留卡 重要"),
        ("zh-Hant", "電話 密碼 銀行 在留卡"),
        ("ja", "eSIM あんしん いんかん ウェブ かいやく きかん さいふ ぱすわーど ワイファイ"),
        ("ja", "ガード ガイド かいやく カイロ かんじ"),
        ("ja", "カード かいやく キーワード ギガ きぎょう"),
        ("ja", "さいよう さつ サッカー しよう しょうめい"),
        ("ja", "いんかん ヴァイオリン うめ"),
        ("en", "Contract credit éclair Edit ego émigré fee SIM"),
        ("vi", "Ấn Ảnh cấp dịch đăng điện eSIM hợp"),
    ],
)
def test_words_stand_in_the_order_of_their_language(tag: str, words: str):
    """Chinese by pinyin; Japanese by kana, whose marks, size and long vowels count last (JIS X 4061)."""
    expected = words.split()
    backwards = list(reversed(expected))
    assert sorted(backwards, key=lambda word: sort_key(word, tag)) == expected


@pytest.mark.parametrize(
    ("tag", "word", "letter"),
    [
        ("zh-Hans", "在留卡", "Z"),
        ("zh-Hans", "银行", "Y"),
        ("zh-Hans", "重要", "Z"),
        ("zh-Hans", "SIM卡", "S"),
        ("zh-Hans", "110", "1"),
        ("ja", "いんかん", "あ"),
        ("ja", "ァ", "あ"),
        ("ja", "ヴァイオリン", "あ"),
        ("ja", "ガラケー", "か"),
        ("ja", "ヶ月", "か"),
        ("ja", "ざいりゅう", "さ"),
        ("ja", "って", "た"),
        ("ja", "にゅうかん", "な"),
        ("ja", "パスワード", "は"),
        ("ja", "みまもり", "ま"),
        ("ja", "ゃ", "や"),
        ("ja", "ルーター", "ら"),
        ("ja", "ワイファイ", "わ"),
        ("ja", "ん", "わ"),
        ("ja", "eSIM", "E"),
        ("en", "credit card", "C"),
        ("en", "émigré", "E"),
        ("vi", "Ảnh", "A"),
        ("vi", "điện thoại", "Đ"),
        ("vi", "dịch vụ", "D"),
        ("ko", "계약", "ㄱ"),
        ("ko", "전화", "ㅈ"),
    ],
)
def test_the_letter_under_which_a_word_stands(tag: str, word: str, letter: str):
    assert letter_of(word, tag) == letter


@given(st.lists(st.text("あいうかがきぎくぐさざたっつはばぱやゃんカガーヴァABab", min_size=1, max_size=5)))
def test_words_of_one_letter_stand_together(words: list[str]):
    letters = [letter_of(word, "ja") for word in sorted(words, key=lambda word: sort_key(word, "ja"))]
    begins = [letter for at, letter in enumerate(letters) if at == 0 or letters[at - 1] != letter]
    assert begins == list(dict.fromkeys(letters))


# Where words stand

TERMS = (
    TermEntry("check", {"zh-Hans": "身份核验", "ja": "本人確認", "en": "identity check"}, "ほんにんかくにん"),
    TermEntry("card", {"zh-Hans": "在留卡", "ja": "在留カード", "en": "residence card"}, "ざいりゅうかーど"),
    TermEntry("sim", {"zh-Hans": "SIM卡（卡）", "ja": "SIMカード", "en": "SIM card"}, ""),
    TermEntry("plan", {"zh-Hans": "套餐 & 月租", "ja": "プラン", "en": "plan"}, "プラン"),
)


def content(*terms: TermEntry) -> Content:
    return replace(tiny_content(), glossary=terms or TERMS)


def made(*texts: str, languages: tuple[str, ...] = LANGUAGES, of: Content | None = None) -> tuple[Index, ...]:
    """Make the indexes of a booklet of one chapter."""
    parsed = [text(f"# 題\n\n{markdown}", tag, f"{tag}/a.md") for markdown, tag in zip(texts, languages, strict=True)]
    pairs = (pair(*parsed) if len(parsed) == 2 else alone(*parsed)).pairs
    builder = RowBuilder(of or content(), theme(), languages, {})
    return indexes(builder, of or content(), chapters(builder, ["01"], [pairs])[0].rows)


def unmarked(html: str) -> str:
    return re.sub("<[^>]*>", "", bare(html))


def words(index: Index) -> list[str]:
    """Return an index's words without the readings behind them."""
    return [re.sub(" <span.*", "", bare(entry.word.html)) for entry in index.entries]


def places(index: Index, word: str) -> tuple[str, ...]:
    (found,) = [entry.points for entry, name in zip(index.entries, words(index), strict=True) if name == word]
    return found


def test_each_language_has_its_own_order():
    first, second = made("文", "文")
    assert words(first) == ["身份核验", "SIM卡（卡）", "套餐 &amp; 月租", "在留卡"]
    assert words(second) == ["SIMカード", "在留カード", "プラン", "本人確認"]
    assert [entry.letter for entry in first.entries] == ["S", "", "T", "Z"]
    assert [entry.letter for entry in second.entries] == ["S", "さ", "は", ""]


def test_a_word_stands_with_its_other_names_and_its_reading():
    first, second = made("文", "文")
    entry = next(one for one in first.entries if bare(one.word.html) == "在留卡")
    assert [unmarked(cell.html) for cell in entry.others] == ["在留カード ざいりゅうかーど"]
    entry = next(one for one in second.entries if bare(one.word.html).startswith("在留カード"))
    assert unmarked(entry.word.html) == "在留カード ざいりゅうかーど"
    assert entry.others == (), "who looks a word up needs its number only"
    plan = next(one for one in second.entries if bare(one.word.html).startswith("プラン"))
    assert bare(plan.word.html) == "プラン", "a reading that says the same again is left out"


def test_the_first_list_says_each_word_in_the_language_of_the_staff_too():
    of = content()
    first, second = made("文", "文", languages=("zh-Hans", "en"), of=of)
    assert of.host_language == "ja"
    assert {tuple(cell.lang for cell in entry.others) for entry in first.entries} == {("en", "ja")}
    assert {entry.others for entry in second.entries} == {()}


def test_a_number_leads_to_the_block_that_says_the_word():
    first, second = made(
        "文\n\n出示在留卡\n\n- 身份核验\n- 文\n\n| 甲 | 乙 |\n|---|---|\n| 一 | 在留卡 |",
        "文\n\n在留カードを見せます\n\n- 本人確認\n- 文\n\n| 甲 | 乙 |\n|---|---|\n| 一 | 在留カード |",
    )
    assert (places(first, "在留卡"), places(first, "身份核验"), places(first, "SIM卡（卡）")) == (
        ("2", "5"),
        ("3",),
        (),
    )
    assert (places(second, "在留カード"), places(second, "本人確認")) == (("2", "5"), ("3",))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("在留卡", "文"),
        ("文", "在留カード"),
        ("文", "{在留|ざいりゅう}カード"),
        ("在**留**卡", "文"),
        ("请把在留卡", "文"),
        ("文", "これは在留カードです"),
    ],
)
def test_a_word_is_found_in_either_language_however_it_is_set(first: str, second: str):
    assert places(made(first, second)[0], "在留卡") == ("1",)


@pytest.mark.parametrize(
    ("markdown", "found"),
    [
        ("Bring your residence card.", True),
        ("Bring your Residence cards now", True),
        ("Bring the residence card itself", True),
        ("Bring your residence\ncard", True),
        ("The residence cardboard is here", False),
        ("Bring your residence", False),
    ],
)
def test_a_latin_word_is_found_whole(markdown: str, found: bool):
    first, _ = made(markdown, "文", languages=("en", "ja"))
    assert places(first, "residence card") == (("1",) if found else ())


@pytest.mark.parametrize("markdown", ["SIM卡", "套餐 & 月租"])
def test_a_word_is_found_without_its_brackets_and_with_its_signs(markdown: str):
    first, _ = made(markdown, "文")
    assert [points for points in (entry.points for entry in first.entries) if points] == [("1",)]


def test_a_reading_or_a_heading_is_no_place():
    first, _ = made("## 在留卡\n\n{文|在留卡}", "## 文\n\n文")
    assert places(first, "在留卡") == ()


@settings(deadline=None, max_examples=30)
@given(st.lists(st.booleans(), max_size=12))
def test_the_first_few_places_are_named(says: list[bool]):
    blocks = "\n\n".join("在留卡" if one else "文" for one in says)
    (index,) = made(blocks, languages=("zh-Hans",))
    there = tuple(str(number) for number, one in enumerate(says, 1) if one)
    assert places(index, "在留卡") == there[:MOST_POINTS]
    assert MOST_POINTS == 4


def test_without_a_glossary_there_is_no_index():
    assert made("文", "文", of=replace(content(), glossary=())) == ()


# Whose booklet it is


def builder() -> RowBuilder:
    return RowBuilder(tiny_content(), theme(), LANGUAGES, {})


def test_a_booklet_names_its_host_whole_a_checklist_by_name():
    host = Host(name={"ja": "留学生課"}, hours={"ja": "九時から"}, phone="03-0000", url="https://example.org/")
    booklet = host_block(builder(), host, "", Form.BOOKLET)
    checklist = host_block(builder(), host, "", Form.CHECKLIST)
    assert booklet is not None
    assert checklist is not None
    assert [bare(cell.html) for cell in booklet["hours"]] == ["九時から"] * 2
    assert "hours" not in checklist
    assert [bare(cell.html) for cell in checklist["name"]] == ["留学生課"] * 2
    assert booklet["desk"] == ()
    assert host_block(builder(), None, "", Form.BOOKLET) is None


def test_a_hosts_logo_is_named_in_a_language_of_the_page():
    host = Host(name={"vi": "Đại học", "ja": "留学生課"})
    block = host_block(builder(), host, "", Form.BOOKLET)
    assert block is not None
    assert block["plain_name"] == "留学生課"


@pytest.mark.parametrize(("status", "field"), [("draft", "draft"), ("reviewed", "reviewed")])
def test_each_language_says_how_far_it_is_to_be_trusted(status: str, field: str):
    translation = Translation.model_validate({"status": status, "reviewer": "山田"})
    guide = tiny_content().guide.model_copy(update={"translations": {"ja": translation}})
    source, other = statuses(builder(), replace(tiny_content(), guide=guide))
    assert (source["status"], source["reviewer"]) == (theme().strings["zh-Hans"].original, "")
    assert (other["status"], other["reviewer"]) == (getattr(theme().strings["ja"], field), "山田")
