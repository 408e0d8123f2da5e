"""What is put between characters: spaces, joiners and breaks; and that nothing else ever changes."""

import re
from html import unescape
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taiyaku.language.linebreak import (
    BREAK,
    CARD_READING_SIZE,
    JOINER,
    LAST,
    LEFT_TO_RIGHT,
    LONGEST_PHRASE,
    QUARTER,
    READING_SIZE,
    SHORT_PHRASE,
    closed_up,
    compose,
    ruby_room,
)

SHOWN: Final = str.maketrans({QUARTER: "␣", JOINER: "⁀", BREAK: "|", "\u00a0": "~"})
HIDDEN: Final = str.maketrans("", "", QUARTER + JOINER + BREAK + LEFT_TO_RIGHT)
FILLER: Final = "これは長い文の終わりです"
"""Behind what a test looks at, so that the rule for the last line does not reach it."""

CITE: Final = '<span class="cites"><a class="cite" href="#source-law">1</a></span>'


def shown(html: str, language: str = "ja", *, phrases: int = 0, tight: bool = False) -> str:
    """Compose and write what is put in visibly: ␣ quarter space, ⁀ joiner, | break, ~ no-break space."""
    return compose(html, language, phrases=phrases, tight=tight).translate(SHOWN)


def inside(html: str, language: str = "ja") -> str:
    """Compose a text in the middle of a longer one."""
    made = shown(f"、{html}、{FILLER}", language)
    return made[1 : made.rindex(FILLER[:6]) - 1]


# Spaces between CJK and Latin


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("音声SIMの料金", "音声␣SIM␣の料金"),
        ("使用eSIM时", "使用␣eSIM␣时"),
        ("第A章", "第␣A␣章"),
        ("約café風", "約␣café␣風"),
        ("住Huế市", "住␣Huế␣市"),
        ("「SIM」、SIM。", "「SIM」、SIM。"),
        ("SIM（eSIM）", "SIM（eSIM）"),
        ("Wi-Fi SIM", "Wi⁀-⁀Fi SIM"),
        ("漢字かな", "漢字かな"),
        ("漢 A", "漢 A"),
        ("々A", "々␣A"),
        ("<b>音声</b>SIM", "<b>音声␣</b>SIM"),
        ("音声<b>SIM</b>", "音声␣<b>SIM</b>"),
    ],
)
def test_a_quarter_space_stands_between_cjk_and_latin(text: str, expected: str):
    assert inside(text) == expected


def test_korean_gets_no_quarter_space():
    assert QUARTER not in compose("전화 SIM카드 2개를 준비합니다.", "ko")


@pytest.mark.parametrize("language", ["en", "vi", "ne"])
def test_a_language_that_writes_spaces_gets_none(language: str):
    text = "SIM漢字SIM漢字 90日 123-4567 abc def ghijkl"
    assert compose(text, language) == text


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("اتصل 03-5253-5111 الآن هاتفيا", "اتصل <03-5253-5111 الآن هاتفيا"),
        ("ادفع ¥1,000 في المتجر", "ادفع <¥1,000 في المتجر"),
        ("<b>3</b> أيام في المكتب", "<b><3</b> أيام في المكتب"),
        ("في <b>eSIM 2</b> المكتب", "في <b>eSIM <2</b> المكتب"),
        ("قال &#39;نعم&#39; في المكتب", "قال &#39;نعم&#39; في المكتب"),
        ("A&amp;B في المكتب", "A&amp;B في المكتب"),
        ("mineo2 في المكتب", "mineo2 في المكتب"),
    ],
)
def test_a_number_in_a_text_from_right_to_left_is_marked(html: str, expected: str):
    """Where the expected text has ``<`` before a digit or ¥ stands a mark (UAX #9, LRM)."""
    assert compose(html, "ar") == re.sub(r"<(?=[\d¥])", LEFT_TO_RIGHT, expected)


# What no line may part


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("ja", "、90日以内", "、90␣⁀日以内"),
        ("ja", "、1,000円で", "、1⁀,⁀000␣⁀円で"),
        ("ja", "、約3か月で", "、約␣⁀3␣⁀か⁀月で"),
        ("ja", "、第2章で", "、第␣⁀2␣⁀章で"),
        ("ja", "、¥1,100で", "、¥⁀1⁀,⁀100␣で"),
        ("ja", "、2–3日で", "、2⁀–⁀3␣⁀日で"),
        ("ja", "、50%で", "、50⁀%で"),
        ("ja", "、20GBで", "、20GB␣で"),
        ("ja", "、20 GBで", "、20⁀ ⁀GB␣で"),
        ("zh-Hans", "，90天内", "，90␣⁀天内"),
        ("zh-Hans", "，1,000日元的", "，1⁀,⁀000␣⁀日⁀元的"),
        ("zh-Hans", "，每3个月里", "，每␣⁀3␣⁀个⁀月里"),
        ("zh-Hans", "，110号里", "，110␣⁀号里"),
        ("ja", "、03-5253-5111へ", "、03⁀-⁀5253⁀-⁀5111␣へ"),
        ("zh-Hans", "，0120-113-000里", "，0120⁀-⁀113⁀-⁀000␣里"),
        ("zh-Hans", "，手续——也里", "，手续⁀—⁀—也里"),
        ("ja", "、東京〜大阪の", "、東京⁀〜大阪の"),
        ("ja", "、和/洋の", "、和⁀/洋の"),
        ("ja", "、プランを", "、プ⁀ラ⁀ンを"),
        ("ja", "、データの", "、デ⁀ー⁀タの"),
        ("ja", "、カの", "、カの"),
    ],
)
def test_no_line_parts_what_belongs_together(language: str, text: str, expected: str):
    assert inside(text, language) == expected


def test_katakana_of_a_chinese_text_may_part():
    assert JOINER not in inside("，プラン", "zh-Hans")


def test_a_korean_word_is_whole():
    assert shown("약관을 확인합니다.", "ko").startswith("약⁀관⁀을 확⁀인⁀합")


@pytest.mark.parametrize("language", ["ja", "zh-Hans", "ko"])
@pytest.mark.parametrize("word", ["Mobile", "mineo2", "café", "naïve", "Nguyễn", "Ελλάδα"])
def test_a_joiner_never_stands_inside_a_latin_word(language: str, word: str):
    for text in (f"これ{word}です", f"これは{word}", f"これは{word}。"):
        assert word in compose(text, language, phrases=LONGEST_PHRASE)


# Quotation marks


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("称为“签约”的手续", "称为|“签约”|的手续"),
        ("称为‘签约’的手续", "称为|‘签约’|的手续"),
        ("他说：“签约”。然后", "他说：|“签约”。然后"),
        ("（“签约”）的手续", "（“签约”）的手续"),
        ("“甲”“乙”的手续", "|“甲”“乙”|的手续"),
        ("称为“SIM”的手续", "称为|“SIM”|的手续"),
    ],
)
def test_a_line_may_part_at_a_chinese_quotation_mark(text: str, expected: str):
    assert inside(text, "zh-Hans") == expected


# The last line


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("窓口へ行きます。", "窓口へ行⁀き⁀ま⁀す⁀。"),
        ("窓口へ行く（有料）。", "窓口へ行⁀く⁀（⁀有⁀料⁀）⁀。"),
        ("窓口へ「行く」", "窓⁀口⁀へ⁀「⁀行⁀く⁀」"),
        ("窓口へ<b>行く</b>。", "窓⁀口⁀へ⁀<b>行⁀く⁀</b>。"),
        ("文字の見本", "文⁀字⁀の⁀見⁀本"),
        ("見本。", "見本。"),
        ("。", "。"),
        ("", ""),
    ],
)
def test_the_last_characters_stay_together(text: str, expected: str):
    assert shown(text) == expected


@settings(deadline=None)
@given(st.text("漢字かな、。", min_size=1, max_size=30), st.sampled_from(["ja", "zh-Hans"]))
def test_a_last_line_has_three_characters_at_least(text: str, language: str):
    """Wherever a line may part, three characters that are no punctuation stand behind it, if the text has more."""
    made = compose(text, language)
    if len(real(text)) > LAST:
        ends = [at for at in range(1, len(made)) if real(made[at]) and made[at - 1] != JOINER]
        assert all(len(real(made[at:])) >= LAST for at in ends)


def real(text: str) -> str:
    return re.sub(r"[^漢字かな]", "", text)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("Bring the card now", "Bring the card~now"),
        ("See chapter 3.", "See chapter~3."),
        ("Call <b>first</b>, then go", "Call <b>first</b>, then~go"),
        ("Call <b>a friend</b>", "Call <b>a friend</b>"),
        ("Bring the residence card itself", "Bring the residence card itself"),
        ("Hello", "Hello"),
        ("– no", "– no"),
    ],
)
def test_a_short_last_word_stays_with_the_one_before(html: str, expected: str):
    assert shown(html, "en") == expected


# Phrases


def test_titles_part_between_phrases_only():
    assert (
        shown("在留カードの原本を持って行きます", phrases=LONGEST_PHRASE)
        == "在⁀留⁀カ⁀ー⁀ド⁀の原⁀本⁀を持⁀っ⁀て⁀行⁀き⁀ま⁀す"
    )
    assert shown("在留カードの原本を持って行きます") == "在留カ⁀ー⁀ドの原本を持⁀っ⁀て⁀行⁀き⁀ま⁀す"


def test_a_phrase_ends_at_a_comma():
    assert "、⁀" not in shown("電話、住所、名前、生年月日の欄", phrases=LONGEST_PHRASE)


@pytest.mark.parametrize("longest", [SHORT_PHRASE, LONGEST_PHRASE])
def test_a_long_phrase_may_part(longest: int):
    """Behind the last joiner of a stretch that no line may part, no more characters stand than are allowed."""
    text = "日本国籍離脱者名簿登録申請書類提出期限延長願を出す人のこと"
    whole = shown(text, phrases=longest).replace("⁀", "")
    assert whole == text
    stretches = re.split(r"(?<!⁀).(?!⁀)", shown(text, phrases=longest))
    assert max(len(one.replace("⁀", "")) for one in stretches) <= longest
    assert "⁀" in shown(text, phrases=longest)


def test_large_print_parts_sooner():
    text = "外国人登録証を持つ人が見せるもの"
    assert shown(text, phrases=SHORT_PHRASE).count("⁀") <= shown(text, phrases=LONGEST_PHRASE).count("⁀")


def test_a_phrase_begins_at_an_opening_mark():
    assert "⁀（" not in shown("届出（市役所）を出す人のこと", phrases=LONGEST_PHRASE)


@pytest.mark.parametrize(
    ("text", "language", "wide", "tight"),
    [
        ("マイナンバーカード", "ja", "マ⁀イ⁀ナ⁀ン⁀バ⁀ー⁀カ⁀ー⁀ド", "マ⁀イ⁀ナ⁀ン⁀バ⁀ーカ⁀ー⁀ド"),
        ("カードサービス", "ja", "カ⁀ー⁀ド⁀サ⁀ー⁀ビ⁀ス", "カ⁀ー⁀ド⁀サ⁀ー⁀ビ⁀ス"),
        ("2027年5月末まで", "ja", "2027␣⁀年␣⁀5␣⁀月⁀末⁀ま⁀で", "2027␣⁀年␣5␣⁀月⁀末⁀ま⁀で"),
        ("Identity check", "en", "Identity~check", "Identity check"),
        ("Wi-Fi first", "en", "Wi-⁀Fi~first", "Wi-⁀Fi first"),
    ],
)
def test_a_label_parts_at_its_joints_where_its_frame_is_narrow(text: str, language: str, wide: str, tight: str):
    assert shown(text, language, phrases=SHORT_PHRASE) == wide
    assert shown(text, language, phrases=SHORT_PHRASE, tight=True) == tight


def test_korean_has_no_phrases():
    text = "약관을 확인하고 서명합니다."
    assert compose(text, "ko", phrases=LONGEST_PHRASE) == compose(text, "ko")


# What stays as it was


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (f"文{CITE}字は3日", f"文{CITE}字は␣3␣⁀日"),
        (f"SIM{CITE}文字", f"SIM{CITE}文字"),
        ('<a class="see" href="#c">第2章</a>を見る', '<a class="see" href="#c">第␣⁀2␣⁀章</a>を見る'),
        ('<a class="cite" data-expired="" href="#s">12!</a>日', '<a class="cite" data-expired="" href="#s">12!</a>日'),
        ('字<span class="footnote">3日</span>字', '字<span class="footnote">3␣⁀日</span>字'),
    ],
)
def test_numbers_of_sources_stay(html: str, expected: str):
    assert inside(html) == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("Q&amp;Aを読む", "Q&amp;A␣を読む"),
        ("&lt;b&gt;を読む", "&lt;b&gt;を読む"),
        ("&amp;lt;を読む", "&amp;lt;を読む"),
        ("&amp;copyを読む", "&amp;copy␣を読む"),
        ("3&lt;5日を読む", "3&lt;5␣⁀日を読む"),
    ],
)
def test_entities_stay_right(html: str, expected: str):
    assert inside(html) == expected


def test_a_language_inside_the_text_keeps_its_tags():
    assert inside('「<span lang="zh-CN">签约</span>」') == '「<span lang="zh-CN">签约</span>」'


# Ruby


def ruby(base: str, reading: str) -> str:
    return f"<ruby>{base}<rt>{reading}</rt></ruby>"


def test_a_reading_is_untouched():
    made = compose(f"この{ruby('電話', 'でんわ3日abcデータ')}", "ja")
    assert "<rt>でんわ3日abcデータ</rt>" in made


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (f"{ruby('90', 'く')}日以内", f"{ruby('90', 'く')}␣⁀日以内"),
        (f"{ruby('電話', 'で')}SIMを", f"{ruby('電話', 'で')}␣SIM␣を"),
        (f"第{ruby('22', 'に')}章を", f"第␣⁀{ruby('22', 'に')}␣⁀章を"),
    ],
)
def test_what_stands_behind_a_base_stands_outside_the_ruby(html: str, expected: str):
    assert inside(html) == expected


def test_a_joiner_between_a_base_and_the_last_text_stands_outside():
    assert shown(f"これは{ruby('本', 'も')}です。").endswith(f"{ruby('本', 'も')}⁀で⁀す⁀。")


@pytest.mark.parametrize("base", ["本人確認", "90日", "音声SIM", "プラン"])
def test_nothing_stands_inside_a_base(base: str):
    """A base is one box, which no line parts; letter-spacing would widen what is put into it."""
    for text in (f"これ{ruby(base, 'よ')}{FILLER}", f"これは{ruby(base, 'よみがながとてもながい')}"):
        assert f">{base}<rt>" in compose(text, "ja", phrases=LONGEST_PHRASE)


def gap(style: str) -> float:
    """Read the gap in em out of a ruby's style; 0 without one."""
    found = re.search(r"letter-spacing: ([\d.]+)em; padding-left: ([\d.]+)em; margin-right: -([\d.]+)em", style)
    if found is None:
        assert "letter-spacing" not in style
        return 0.0
    assert float(found[2]) == float(found[3]) == pytest.approx(float(found[1]) / 2, abs=0.001)
    return float(found[1])


@pytest.mark.parametrize(
    ("base", "reading", "lent", "room"),
    [
        ("電話", "でんわ", 0.0, 0.0),
        ("本", "ほん", 0.0, 0.18),
        ("本", "ほん", 0.45, 0.0),
        ("本人確認", "ほんにんかくにん", 0.0, 0.72),
        ("本人確認", "ほんにんかくにん", 0.45, 0.27),
        ("北京", "Beijing", 0.0, 0.313),
        ("在留期間", "ざい", 0.0, 0.0),
        ("AB", "えーびー", 0.0, 1.36),
    ],
)
def test_a_long_reading_makes_room_for_itself(base: str, reading: str, lent: float, room: float):
    style = ruby_room(base, reading, lent)
    assert len(base) * gap(style) == pytest.approx(room, abs=0.003)
    assert bool(style) == (room > 0)


def test_a_card_has_smaller_readings_that_need_less_room():
    assert CARD_READING_SIZE < READING_SIZE
    html = ruby("契約", "けいやく")
    assert "style" in compose(html, "ja")
    assert compose(html, "ja", reading=CARD_READING_SIZE) == html


@given(st.text("漢", min_size=1, max_size=6), st.text("か", min_size=1, max_size=16), st.sampled_from([0.0, 0.45, 0.9]))
def test_a_base_with_its_room_holds_the_reading(base: str, reading: str, lent: float):
    wide = len(base) * (1 + gap(ruby_room(base, reading, lent))) + lent
    assert wide >= READING_SIZE * len(reading) - 0.003 * len(base)


@pytest.mark.parametrize(
    ("before", "after", "lends"),
    [
        ("漢", "漢", 0),
        ("は", "漢", 1),
        ("漢", "は", 1),
        ("は", "は", 2),
        ("ア", "。", 2),
        ("<b>は</b>", "漢", 1),
        ("A", "1", 0),
        (ruby("漢", "は"), "漢", 0),
        ("漢", ruby("は", "は"), 0),
        (ruby("は", "は"), "漢", 0),
    ],
)
def test_kana_beside_a_base_lend_room_but_never_under_another_reading(before: str, after: str, lends: int):
    made = compose(f"{before}<ruby id='x'>確認<rt>かくにんかく</rt></ruby>{after}", "ja")
    found = re.search(r"<ruby id='x'([^>]*)>", made)
    assert found is not None
    assert 2 * gap(found[1]) == pytest.approx(max(READING_SIZE * 6 - 2 - 0.45 * lends, 0), abs=0.003)


# Punctuation that is closed up


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("」「", (0,)),
        ("、「", (0,)),
        ("」。", (0,)),
        ("）、", (0,)),
        ("（「", (1,)),
        ("『「（", (1, 2)),
        ("」』）。", (0, 1, 2)),
        ("、）「（", (0, 1, 3)),
        ("」「、「」。（「", (0, 2, 4, 5, 7)),
        ("「」", ()),
        ("漢「漢」漢", ()),
        ("A「", ()),
        ("」A", ()),
        ("・「", ()),
        ("”“", ()),
        (")(", ()),
        ("", ()),
        ("」", ()),
    ],
)
def test_of_two_marks_side_by_side_one_is_closed_up(text: str, marks: tuple[int, ...]):
    assert closed_up(text) == marks


@pytest.mark.parametrize("between", [JOINER, BREAK, JOINER + BREAK])
def test_what_cannot_be_seen_stands_between_no_two_marks(between: str):
    """The last characters of each text are joined: 」 before 。 is closed up there too."""
    width = len(between)
    assert closed_up(f"」{between}「") == (0,)
    assert closed_up(f"」{between}。") == (0,)
    assert closed_up(f"（{between}「") == (1 + width,)


@given(st.text("漢「」（）、。", max_size=20))
def test_a_mark_is_closed_up_for_its_neighbour_only(text: str):
    marks = closed_up(text)
    assert all(text[at] != "漢" for at in marks)
    for at in marks:
        opens = text[at] in "「（"
        assert text[at - 1 if opens else at + 1] != "漢"
    assert len(set(marks)) == len(marks)


# Laws

letters = st.text("漢字签约々ぁかなァカタナー약관ABcé12,.-–~/ 、。，：「」（）“”‘’—…・¥%日月円天", max_size=12)
escaped = st.one_of(letters, st.sampled_from(["&amp;", "&lt;b&gt;", "A&amp;B", "&amp;lt;", "&#39;"]))
parts = st.one_of(
    escaped,
    escaped.map(lambda text: f"<strong>{text}</strong>"),
    escaped.map(lambda text: f'<span lang="zh-CN">{text}</span>'),
    escaped.map(lambda text: f'<span class="footnote">{text}</span>'),
    escaped.map(lambda text: f'<span class="keep">{text}{CITE}</span>'),
    letters.map(lambda text: f'<a class="see" href="#chapter-x">{text}</a>'),
    st.just("<br />"),
    st.tuples(st.text("本人確認SIM3日", min_size=1, max_size=4), st.text("かナ3日a", min_size=1, max_size=8)).map(
        lambda pair: ruby(*pair)
    ),
)
fragments = st.lists(parts, max_size=8).map("".join)
languages = st.sampled_from(["ja", "zh-Hans", "zh-Hant", "ko", "en", "vi", "ar"])
lengths = st.sampled_from([0, SHORT_PHRASE, LONGEST_PHRASE])
STYLE: Final = re.compile(r'(<ruby[^>]*?) style="[^"]*"')


def tokens(html: str) -> list[str]:
    return [unescape(token) for token in re.split(r"(<[^>]*>)", html) if token]


@settings(deadline=None)
@given(fragments, languages, lengths)
def test_visible_text_and_tags_never_change(html: str, language: str, phrases: int):
    made = compose(html, language, phrases=phrases)
    seen = [token for token in tokens(STYLE.sub(r"\1", made).translate(HIDDEN).replace("\u00a0", " ")) if token]
    assert seen == tokens(html)


@settings(deadline=None)
@given(fragments, languages, lengths)
def test_readings_and_numbers_of_sources_are_untouched(html: str, language: str, phrases: int):
    frozen = re.compile(r'<rt>.*?</rt>|<a class="cite".*?</a>')
    made = compose(html, language, phrases=phrases).replace(LEFT_TO_RIGHT, "")
    assert [unescape(one) for one in frozen.findall(made)] == [unescape(one) for one in frozen.findall(html)]


@settings(deadline=None)
@given(fragments, languages, lengths)
def test_latin_words_are_never_parted(html: str, language: str, phrases: int):
    made = re.sub(r'<rt>.*?</rt>|<a class="cite".*?</a>', "\ufffc", compose(html, language, phrases=phrases))
    assert re.findall(r"[A-Za-zé0-9][\u2005\u2060\u200b]+[A-Za-zé0-9]", re.sub(r"<[^>]*>", "", made)) == []


@settings(deadline=None)
@given(fragments, languages, lengths)
def test_a_base_holds_what_was_written(html: str, language: str, phrases: int):
    bases = re.compile(r"<ruby[^>]*>([^<]*)<rt>")
    made = compose(html, language, phrases=phrases).replace(LEFT_TO_RIGHT, "")
    assert bases.findall(made) == bases.findall(html)


@settings(deadline=None)
@given(fragments, languages, lengths)
def test_the_same_text_is_composed_alike(html: str, language: str, phrases: int):
    assert compose(html, language, phrases=phrases) == compose(html, language, phrases=phrases)
