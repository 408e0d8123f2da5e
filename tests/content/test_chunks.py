"""Cutting a file: its laws, and what each first line makes of a chunk."""

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from taiyaku.content.chunks import ChunkKind, split

FRAGMENTS = (
    "",
    "",
    "",
    "   ",
    "# はじめに",
    "## 店に行く前に ##",
    "#",
    "#hash without a space",
    "在留カードの原本を持って行きます。",
    "Bring the residence card itself. [@law]",
    "a line | with a bar",
    "| 会社 | 月額 |",
    "|---|---|",
    "| 甲 | 1,000円 |",
    "- 先に電話する",
    "- [ ] 在留カード",
    "* 銀行の通帳",
    "1. 受付",
    "12. 契約",
    "  - half an indent",
    "    - nested item",
    "    indented text",
    "\tindented by a tab",
    "        twice indented",
    "> 引用",
    '!!! note "お知らせ"',
    "!!! tip",
    '!!! phrase "{契約|けいやく}したいです。"',
    "!!!",
    "語音卡",
    ":   能接电话、收短信",
    "[^1]: 脚注",
    "![図](figures/card.svg)",
    '![](a.png "絵")',
    "---",
    "* * *",
    "```",
    "```python",
    "~~~",
    "{: .solo }",
    "{: .labels }",
    "{: }",
    "    {: .solo }",
    "<div>",
    "\\# escaped",
)

lines = st.sampled_from(FRAGMENTS) | st.text("# -*:>|![]{}1.`\t あa\x0b\x0c\u2028", max_size=8)
texts = (
    st.tuples(st.lists(lines, min_size=1, max_size=25), st.booleans())
    .map(lambda made: "\n".join(made[0]) + ("\n" if made[1] else ""))
    .filter(lambda text: bool(text.strip()))
)


@given(texts)
@example("\n\n  \n# a\n")
@example("```\n# in the code\n\n```\ntext")
@example("- a\n\n\n    b\n{: .solo }\n")
def test_joined_chunks_are_the_file(text: str):
    assert "".join(line for chunk in split(text) for line in chunk.lines) == text


@given(texts)
def test_a_chunk_stands_at_its_first_line_with_text(text: str):
    before = 0
    for chunk in split(text):
        blank = next(i for i, line in enumerate(chunk.lines) if line.strip())
        assert chunk.line == before + blank + 1
        assert text.split("\n")[chunk.line - 1].strip()
        before += len(chunk.lines)


@given(texts)
def test_lines_rise(text: str):
    found = [chunk.line for chunk in split(text)]
    assert all(a < b for a, b in pairwise(found))


@given(texts)
def test_a_body_is_text_of_its_chunk_without_blank_ends(text: str):
    for chunk in split(text):
        written = [line.rstrip() for line in chunk.lines]
        assert set(chunk.body) <= set(written)
        assert not chunk.body or (chunk.body[0] and chunk.body[-1])


@pytest.mark.parametrize("mark", ["\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029"])
def test_only_a_line_feed_ends_a_line(mark: str):
    assert [chunk.line for chunk in split(f"一{mark}行\n\n二行")] == [1, 3]


@pytest.mark.parametrize("text", ["", "\n", "  \n\t\n"])
def test_nothing_written_is_no_chunk(text: str):
    assert split(text) == ()


KINDS = [
    (ChunkKind.HEADING, "# 題"),
    (ChunkKind.HEADING, "###### 題 ##"),
    (ChunkKind.LIST, "- 一\n- 二"),
    (ChunkKind.LIST, "3. 三\n4. 四"),
    (ChunkKind.LIST, "+ 一\n\n    続き\n\n+ 二"),
    (ChunkKind.TABLE, "| a | b |\n|---|:-:|\n| 1 | 2 |"),
    (ChunkKind.TABLE, "a | b\n--- | ---\n1 | 2"),
    (ChunkKind.DEFINITIONS, "SIM\n:   小さいカード"),
    (ChunkKind.DEFINITIONS, "SIM\n:   小さいカード\n\nMNP\n:   番号を持って移ること"),
    (ChunkKind.BOX, '!!! note "題"\n    文\n\n    もう一つの文'),
    (ChunkKind.QUOTE, "> 一\n> 二"),
    (ChunkKind.NOTE, "[^1]: 注\n    注の続き"),
    (ChunkKind.FIGURE, '![図](figures/a.svg "説明")'),
    (ChunkKind.CODE, "    四つの空白"),
    (ChunkKind.CODE, "```\n# 題ではない\n\n```"),
    (ChunkKind.RULE, "---"),
    (ChunkKind.RULE, "* * *"),
    (ChunkKind.PARAGRAPH, "一行目\n二行目"),
    (ChunkKind.PARAGRAPH, "#番号"),
    (ChunkKind.PARAGRAPH, "a | b\nc | d"),
]


@pytest.mark.parametrize(("kind", "text"), KINDS)
def test_the_first_line_says_the_kind(kind: ChunkKind, text: str):
    assert [(chunk.kind, chunk.body) for chunk in split(text)] == [(kind, tuple(text.split("\n")))]


def test_every_kind_has_a_case():
    assert {kind for kind, _ in KINDS} == set(ChunkKind)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# 題\n文", [("heading", 1), ("paragraph", 2)]),
        ("文\n# 題", [("paragraph", 1), ("heading", 2)]),
        ("文\n\n\n文", [("paragraph", 1), ("paragraph", 4)]),
        ("文\n!!! tip\n    文", [("paragraph", 1), ("box", 2)]),
        ("!!! tip\n    文\n文", [("box", 1), ("paragraph", 3)]),
        ("- 一\n\n1. 一", [("list", 1), ("list", 3)]),
        ("- 一\n\n文", [("list", 1), ("paragraph", 3)]),
        ("[^1]: 注\n[^2]: 注", [("note", 1), ("note", 2)]),
        ("![a](a.svg)\n![b](b.svg)", [("figure", 1), ("figure", 2)]),
        ("---\n---", [("rule", 1), ("rule", 2)]),
        ("> 一\n\n> 二", [("quote", 1), ("quote", 3)]),
        ("\n\n文", [("paragraph", 3)]),
        ("- 一\n{: .labels }\n- 二", [("list", 1), ("list", 3)]),
        ("- 一\n{: .labels }\n\n- 二", [("list", 1), ("list", 4)]),
        ("- 一\n{: .labels }\n\n\n\n- 二", [("list", 1), ("list", 6)]),
        ("- 一\n{: .solo }\n{: .labels }\n\n- 二", [("list", 1), ("list", 5)]),
        ("文\n{: .solo }\n文", [("paragraph", 1), ("paragraph", 3)]),
        ("語\n:   文\n{: .solo }\n\n語\n:   文", [("definitions", 1), ("definitions", 5)]),
        ("!!! tip\n    文\n    {: .solo }\n\n    文", [("box", 1)]),
    ],
)
def test_where_a_chunk_ends(text: str, expected: list[tuple[str, int]]):
    assert [(str(chunk.kind), chunk.line) for chunk in split(text)] == expected


@pytest.mark.parametrize(
    ("text", "attributes", "body"),
    [
        ("文\n{: .solo }", ".solo", ("文",)),
        ("文\n{: .solo .wide }\n", ".solo .wide", ("文",)),
        ("- 一\n- 二\n{: .solo }", ".solo", ("- 一", "- 二")),
        ("# 題\n{: .solo }", ".solo", ("# 題",)),
        ("!!! tip\n    文\n{: .solo }", ".solo", ("!!! tip", "    文")),
        ("!!! tip\n    文\n    {: .solo }", "", ("!!! tip", "    文", "    {: .solo }")),
        ("文", "", ("文",)),
    ],
)
def test_attributes_stand_on_the_line_below(text: str, attributes: str, body: tuple[str, ...]):
    (chunk,) = split(text)
    assert (chunk.attributes, chunk.body) == (attributes, body)
