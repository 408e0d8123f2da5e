"""Comments: no reader sees them, and every other line keeps its words and its number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taiyaku.checks.references import check_contacts
from taiyaku.content.comments import without_comments
from taiyaku.model.content import walk
from tests.content.test_parse import everything, parsed, shape
from tests.making import PATH, codes, text, tiny_content, told

NOTES = {
    "on a line": "<!-- 内緒 -->",
    "over lines": "<!--\n内緒\n-->",
    "over blank lines": "<!--\n\n内緒\n\n- 内緒\n\n-->",
    "with marks in it": "<!-- # 内緒 > - [ ] {内緒} `内緒 -->",
    "with three dashes": "<!--- 内緒 --->",
    "two on a line": "<!-- 内緒 --><!-- 内緒 -->",
    "an address, brackets": "[//]: # (内緒)",
    "an address, quotes": '[//]: # "内緒"',
    "an address, single quotes": "[//]: # '内緒'",
    "an address without a place": "[comment]: <> (内緒)",
    "an address, nothing around it": "[//]: # 内緒",
    "an address, capital": "[Comment]: # (内緒)",
    "an address, brackets inside": "[//]: # (内緒 (内緒) 内緒)",
    "an address over lines": "[//]: # (内緒\n内緒\n内緒)",
    "an address with any name": '[訳者へ]: # "内緒"',
    "an address with no name": "[]: # (内緒)",
    "an address for a symbol": "[_]: <#> (内緒)",
}


@pytest.mark.parametrize("name", NOTES)
def test_a_comment_between_blocks_is_left_out(name: str):
    result = parsed(f"# 題\n\n前\n\n{NOTES[name]}\n\n後\n")
    line = 7 + NOTES[name].count("\n")
    assert (shape(result.text.blocks), told(result.findings)) == (
        ["heading 1 題", "paragraph 3 前", f"paragraph {line} 後"],
        [],
    )


@pytest.mark.parametrize("name", ["on a line", "with marks in it", "with three dashes", "two on a line"])
@pytest.mark.parametrize(
    "around",
    [
        "前 {} 後",
        "- 前{}後",
        "| 前{}後 |\n|---|\n| 文 |",
        "> 前{}後",
        "## 前{}後",
        "!!! tip\n    前{}後",
        "語\n:   前{}後",
    ],
)
def test_a_comment_inside_a_text_is_left_out(name: str, around: str):
    result = parsed(f"# 題\n\n{around.format(NOTES[name])}\n")
    assert "内緒" not in everything(result.text.blocks)
    assert "前後" in "".join(everything(result.text.blocks).split())
    assert told(result.findings) == []


@pytest.mark.parametrize("around", ["前 {} 後", "- 前{}後"])
def test_a_comment_over_lines_inside_a_text_is_left_out(around: str):
    result = parsed("# 題\n\n" + around.format("<!-- 内緒\n内緒 -->"))
    assert (result.text.blocks[1].inline.text or result.text.blocks[1].children[0].inline.text) == "前後"
    assert told(result.findings) == []


@pytest.mark.parametrize("lead", ["    ", "  ", "\t"])
def test_a_comment_in_a_box_or_list_leaves_the_rest_in_it(lead: str):
    box = parsed(f"# 題\n\n!!! tip\n    前\n\n    <!-- 内緒\n    内緒 --> 後\n\n- 一\n{lead}<!-- 内緒 -->\n- 二\n")
    assert shape(box.text.blocks)[1:] == [
        "box 3",
        "  paragraph 4 前",
        "  paragraph 7 後",
        "bullets 9",
        "  item 9 一",
        "  item 11 二",
    ]
    assert told(box.findings) == []


def test_a_comment_before_a_mark_leaves_the_mark_at_the_beginning():
    assert shape(parsed("<!-- 内緒 --># 題\n\n<!-- 内緒 --> - 一\n<!-- 内緒 -->- 二\n").text.blocks) == [
        "heading 1 題",
        "bullets 3",
        "  item 3 一",
        "  item 4 二",
    ]


@pytest.mark.parametrize("code", ["`<!-- 見える -->`", "``<!-- `見える` -->``"])
def test_a_comment_inside_code_is_code(code: str):
    result = parsed(f"# 題\n\n前{code}<!-- 内緒 -->後\n")
    assert "<!--" in result.text.blocks[1].inline.text
    assert "内緒" not in result.text.blocks[1].inline.text
    assert told(result.findings) == []


@pytest.mark.parametrize(
    ("markdown", "line"), [("文\n<!-- 内緒", 4), ("- 一 <!-- 内緒\n- 二", 3), ("<!-- a --> <!-- 内緒\n\n文", 3)]
)
def test_a_comment_that_never_ends_is_told_and_hides_nothing(markdown: str, line: int):
    result = parsed(f"# 題\n\n{markdown}\n")
    assert told(result.findings)[0] == f"{PATH}:{line}: error: this comment never ends [parse.comment]"
    assert "内緒" in "".join(block.inline.text for block in walk(result.text.blocks))


@pytest.mark.parametrize(
    ("markdown", "code"),
    [("[次]: 02-next.md", "parse.mark"), ("[^comment]: # (内緒)", "parse.note-unused"), ("%% 内緒 %%", "parse.mark")],
)
def test_what_only_looks_like_a_comment_is_told(markdown: str, code: str):
    assert code in codes(parsed(f"# 題\n\n{markdown}\n").findings)


def test_nobody_asks_for_contacts_inside_a_comment():
    made = text("# 題\n\n<!-- LINE ID: abcdef -->\n\n文\n")
    assert list(check_contacts(tiny_content(), [made])) == []


@given(
    st.lists(st.sampled_from(["<!--", "-->", "a", "\n", "`", "[//]: # (", ")", " ", "\\", "    ", "-", "--->"])).map(
        "".join
    )
)
def test_lines_keep_their_numbers_and_what_is_outside_stays(made: str):
    rest, unclosed = without_comments(made)
    assert rest.count("\n") == made.count("\n")
    assert 0 <= unclosed <= made.count("\n") + 1
    if "<!--" not in made and "]:" not in made:
        assert rest == made


@pytest.mark.parametrize(
    ("markdown", "line"),
    [
        ("<!-- 一 <!-- 二 --> 内緒 -->", 3),
        ("文\n\n<!--\n一\n<!-- 二 -->\n内緒\n-->", 5),
        ("[//]: # (一\n\n内緒)", 3),
        ("文\n[comment]: <> (一\n\n内緒)", 4),
        ("[//]: # (一) 外", 3),
    ],
)
def test_a_comment_that_ends_too_early_is_told(markdown: str, line: int):
    assert f"{PATH}:{line}: error: this comment never ends [parse.comment]" in told(
        parsed(f"# 題\n\n{markdown}\n").findings
    )


@pytest.mark.parametrize("markdown", [r"\<!-- 見える -->", r"\[//]: # (見える)"])
def test_an_escaped_comment_is_text(markdown: str):
    result = parsed(f"# 題\n\n{markdown}\n")
    assert (result.text.blocks[1].inline.text, codes(result.findings)) == (markdown[1:], [])
