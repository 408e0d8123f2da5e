"""Marks that the format does not know are told where they stand; what only resembles one is text."""

import pytest

from tests.content.test_parse import parsed
from tests.making import PATH, codes, told

UNREAD = [
    ("> [!TIP]\n> 文", 3, "a box that begins with [!…]"),
    ('???+ note "題"\n    文', 3, "a box that begins with ???"),
    ("::: warning\n文\n:::", 3, "a box that begins with :::"),
    (" !!! note\n    文", 3, "a box that is indented"),
    ("文\n\n[次の章]: 02-next.md", 5, "the address of a link on a line of its own"),
    ("節\n====", 4, "a line under a heading"),
    ("節\n---", 4, "a line under a heading"),
    ("###節", 3, "a heading without a space behind its #"),
    (" ## 節", 3, "a heading that is indented"),
    ("1) 一\n2) 二", 3, "a number with a bracket"),
    ("- 一\n\n  2) 二", 5, "a number with a bracket"),
    ("文\n| a |\n|---|\n| b |", 4, "a table without its head or right under a text"),
    ("| a |\n|---|\n| b |\n\n| c |", 7, "a table without its head or right under a text"),
    ("語\n: 意味", 4, "a definition without its term"),
    ("語\n語\n:   意味", 5, "a definition without its term"),
    ("文\n```\n文\n```", 4, "a code block"),
    ("%%注%%", 3, "a comment between %%"),
    ("一行目\\\n二行目", 3, "a line break"),
    ("- []傘", 3, "a box to tick without a space in it or behind it"),
    ("- [x]傘", 3, "a box to tick without a space in it or behind it"),
    ("- ［ ］ 傘", 3, "a box to tick without a space in it or behind it"),
    ("文\n> 引用", 4, "a quotation right under a text"),
    ("文\n- 一\n- 二", 4, "a list right under a text"),
    ("> 文\n> 5. 五", 4, "a list right under a text"),
    ("語\n:   文\n    - 一", 5, "a list inside a definition"),
    ("文[^1]\n\n[^1]: 注\n    - 一", 6, "a list inside a footnote"),
    ('!!! phrase "文"\n    意味\n    - 一', 5, "a list inside a phrase card"),
    ("これは~~ちがい~~ます", 3, "`~~ちがい~~`"),
    ("これは==大切==です", 3, "`==大切==`"),
    ("節\n--", 4, "a line under a heading"),
    ("節\n=", 4, "a line under a heading"),
    ("文\n***\n文", 4, "a rule across the page"),
    ("文\n--- -\n文", 4, "a rule across the page"),
    ("文\n_ _ _\n文", 4, "a rule across the page"),
    ("+++\ntitle = 1", 3, "a line of plus signs"),
    ("[次]:\n02-next.md", 3, "the address of a link on a line of its own"),
    ("[次]:/next", 3, "the address of a link on a line of its own"),
    ("[次\\]]: 02-next.md", 3, "the address of a link on a line of its own"),
    ("- [ x ] 傘", 3, "a box to tick without a space in it or behind it"),
    ("- [✓] 傘", 3, "a box to tick without a space in it or behind it"),
    ("\u200f## 節", 3, "a heading that is indented"),
    ("[一 [二 [三 [四 [五 [六 [七]]]]]]](02-next.md)", 3, "`](02-next.md)`"),
    ("・傘\n・靴", 4, "a list without its marks"),
    ("もの：\n• 傘\n• 靴", 5, "a list without its marks"),
    ("-傘\n-靴\n-帽子", 4, "a list without its marks"),
    ("1.傘\n2.靴", 4, "a list without its marks"),
    ("（1）傘\n（2）靴", 4, "a list without its marks"),
    ("①傘\n②靴", 4, "a list without its marks"),
    ("□ 傘\n□ 靴", 4, "a list without its marks"),
    ("- ・傘\n  ・靴", 4, "a list without its marks"),
    ("- 傘\n\n{: .solo }", 5, "`{: .solo }` under no block"),
    ("文\n<!-- 注 -->\n{: .solo }", 5, "`{: .solo }` under no block"),
    ("![絵](figures/a.svg)\n\n- 傘\n<!-- 注 -->\n{: .labels }", 7, "`{: .labels }` under no block"),
    ("文[^1]\n\n[^1]: 注\n{: .solo }", 5, "`{: .solo }` under no block"),
    ("傘\u2028- 靴", 3, "the control character U+2028"),
    ("傘\x0c靴", 3, "the control character U+000C"),
    ("字" * 10_001, 3, "a text of more than 10,000 characters"),
    (f"{'- ' * 13}傘", 3, "more than 12 lists, boxes and quotations in one another"),
    (f"{'> ' * 5000}文", 3, "more than 12 lists, boxes and quotations in one another"),
    ("| a |\n|---|\n| これは__大切__です |", 5, "`__大切__`"),
]


@pytest.mark.parametrize(("markdown", "line", "mark"), UNREAD)
def test_a_mark_that_was_not_read_is_told_once(markdown: str, line: int, mark: str):
    assert told(parsed(f"# 題\n\n{markdown}\n").findings) == [
        f"{PATH}:{line}: error: {mark} is not part of the guide format [parse.mark]"
    ]


@pytest.mark.parametrize(
    "markdown",
    [
        *(
            "#1 の店",
            "1）一つめ",
            "（1) 一つめ",
            "電話：: 110",
            ":)",
            "名前：______",
            "a_b__c",
            "`~~a~~`",
            r"\_\_a\_\_",
            "5 | 3",
        ),
        *(
            "- [次](02-next.md)",
            "- [x](02-next.md)",
            "[@law]",
            "[注]と[注]",
            "- 5 > 3",
            "!すぐ",
            "??",
            r"1\) 一",
            r"\- 一",
            "100%",
        ),
        *(
            "・傘",
            "-5 °C\n-10 °C",
            "1.5 km\n2.5 km",
            "*強く*\n*弱く*",
            "[注]：文",
            "a * b",
            "1 == 1",
            "① 傘",
            "文\n・傘",
        ),
        *("文\n5.5 km", "文\n-5 °C", "文\n*強く*", r"C:\\", "- ［あ］ 傘", "~5分~"),
    ],
)
def test_what_resembles_a_mark_is_text(markdown: str):
    assert codes(parsed(f"# 題\n\n{markdown}\n").findings) == []


@pytest.mark.parametrize(
    ("markdown", "lines"),
    [
        ("一丁目  \n二丁目", [3]),
        ("一丁目   \n二丁目  \n三丁目", [3, 4]),
        ("- 一丁目  \n  二丁目", [3]),
        ("!!! tip\n    一丁目  \n    二丁目", [4]),
        ("一丁目  \n\n二丁目", []),
        ("- 一  \n- 二  ", []),
        ("| a |  \n|---|  \n| b |  ", []),
        ("## 節  \n文", []),
    ],
)
def test_a_line_break_that_is_not_kept_is_told(markdown: str, lines: list[int]):
    found = parsed(f"# 題\n\n{markdown}\n").findings
    assert [(one.code, str(one.severity), one.place.line) for one in found] == [
        ("parse.break", "warning", line) for line in lines
    ]
