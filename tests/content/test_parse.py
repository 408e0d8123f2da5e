"""Markdown to blocks: each kind with its lines, each fault with its words, and nothing lost without a word."""

from collections.abc import Iterable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from taiyaku.content.parse import Parsed, parse
from taiyaku.model.content import Block, BlockKind, Inline, walk
from taiyaku.model.findings import Finding, format_finding
from taiyaku.model.wordings import WORDINGS
from tests.content.test_chunks import FRAGMENTS
from tests.making import PATH, codes, manuscript, told


def parsed(markdown: str) -> Parsed:
    return parse(manuscript(markdown))


def shape(blocks: Iterable[Block]) -> list[str]:
    """Return every block as ``kind line text``, indented by its depth."""
    return [f"{'  ' * depth}{b.kind} {b.place.line} {said(b)}".rstrip() for depth, b in deep(blocks)]


def deep(blocks: Iterable[Block], depth: int = 0) -> Iterable[tuple[int, Block]]:
    for block in blocks:
        yield depth, block
        yield from deep(block.children, depth + 1)


def said(block: Block) -> str:
    return " | ".join(inline.text for inline in block.inlines)


KINDS = {
    "title": ("# 題", ["heading 1 題"]),
    "headings": ("# 題\n\n## 一\n### 二 ##", ["heading 1 題", "heading 3 一", "heading 4 二"]),
    "paragraph": ("# 題\n文の一\n文の二\n\n次", ["heading 1 題", "paragraph 2 文の一文の二", "paragraph 5 次"]),
    "bullets": ("# 題\n\n- 一\n- 二", ["heading 1 題", "bullets 3", "  item 3 一", "  item 4 二"]),
    "steps": ("# 題\n\n1. 一\n2. 二", ["heading 1 題", "steps 3", "  item 3 一", "  item 4 二"]),
    "tasks": ("# 題\n\n- [ ] 一\n- [x] 二", ["heading 1 題", "tasks 3", "  item 3 一", "  item 4 二"]),
    "a loose list": (
        "# 題\n\n\n- 一\n\n    続き\n\n\n- 二\n",
        ["heading 1 題", "bullets 4", "  item 4 一続き", "  item 9 二"],
    ),
    "a list indented by tabs": (
        "# 題\n\n- 一\n\n\t続き\n\n\t- 中\n",
        ["heading 1 題", "bullets 3", "  item 3 一続き", "    bullets 7", "      item 7 中"],
    ),
    "lists inside lists": (
        "# 題\n\n1. 一\n    - 中\n        - 奥\n    - 中\n\n2. 二\n    1. 下\n",
        [
            "heading 1 題",
            "steps 3",
            "  item 3 一",
            "    bullets 4",
            "      item 4 中",
            "        bullets 5",
            "          item 5 奥",
            "      item 6 中",
            "  item 8 二",
            "    steps 9",
            "      item 9 下",
        ],
    ),
    "table": (
        "# 題\n\n| 会社 | 月額 |\n|---|--:|\n| 甲 | 1 |\n| 乙 | 2 |",
        [
            "heading 1 題",
            "table 3",
            "  row 3",
            "    cell 3 会社",
            "    cell 3 月額",
            "  row 5",
            "    cell 5 甲",
            "    cell 5 1",
            "  row 6",
            "    cell 6 乙",
            "    cell 6 2",
        ],
    ),
    "ruby and bars inside a table": (
        "# 題\n\n| {会社|かいしゃ} |\n|---|\n| {本\\|ほん}と`a|b`と\\| |",
        ["heading 1 題", "table 3", "  row 3", "    cell 3 会社", "  row 5", "    cell 5 本とa|bと|"],
    ),
    "definitions": (
        "# 題\n\nSIM\n:   カード\n:   小さい\n    部品\n\nMNP\n:   引っ越し",
        [
            "heading 1 題",
            "definitions 3",
            "  term 3 SIM",
            "  definition 4 カード",
            "  definition 5 小さい部品",
            "  term 8 MNP",
            "  definition 9 引っ越し",
        ],
    ),
    "box": (
        '# 題\n\n!!! note "知らせ"\n    文\n\n    - 一\n    - 二\n\n    | a |\n    |---|\n    | b |\n',
        [
            "heading 1 題",
            "box 3 知らせ",
            "  paragraph 4 文",
            "  bullets 6",
            "    item 6 一",
            "    item 7 二",
            "  table 9",
            "    row 9",
            "      cell 9 a",
            "    row 11",
            "      cell 11 b",
        ],
    ),
    "a box that begins with a blank line": ("# 題\n!!! tip\n\n    文", ["heading 1 題", "box 2", "  paragraph 4 文"]),
    "a box inside a box": (
        "# 題\n\n!!! tip\n    !!! scam\n        文",
        ["heading 1 題", "box 3", "  box 4", "    paragraph 5 文"],
    ),
    "phrase": (
        '# 題\n\n!!! phrase "契約したいです。"\n    我想办号。',
        ["heading 1 題", "phrase 3 契約したいです。 | 我想办号。"],
    ),
    "figure": ('# 題\n\n![表](figures/a.svg "表の面")', ["heading 1 題", "figure 3 表の面"]),
    "labels in a picture": (
        "# 題\n\n![表](figures/a.svg)\n\n- 一\n- 二\n{: .labels }\n\n\n- 三",
        ["heading 1 題", "figure 3", "  item 5 一", "  item 6 二", "bullets 10", "  item 10 三"],
    ),
    "labels in two pictures": (
        "# 題\n![表](figures/a.svg)\n- 一\n{: .labels }\n![裏](figures/b.svg)\n- 二\n{: .labels }\n文",
        ["heading 1 題", "figure 2", "  item 3 一", "figure 5", "  item 6 二", "paragraph 8 文"],
    ),
    "labels in two lists": (
        "# 題\n\n![表](figures/a.svg)\n\n- 一\n{: .labels }\n\n- 二\n{: .labels }",
        ["heading 1 題", "figure 3", "  item 5 一", "  item 8 二"],
    ),
    "a picture inside a box, with labels": (
        "# 題\n\n!!! tip\n    ![表](figures/a.svg)\n\n    - 一\n    {: .labels }\n",
        ["heading 1 題", "box 3", "  figure 4", "    item 6 一"],
    ),
    "quote": (
        "# 題\n\n> 一\n>\n> - 二",
        ["heading 1 題", "quote 3", "  paragraph 3 一", "  bullets 5", "    item 5 二"],
    ),
    "note": ("# 題\n\n文[^1]。\n\n[^1]: 注", ["heading 1 題", "paragraph 3 文。"]),
    "a note under a list": ("# 題\n\n- 一[^1]\n[^1]: 注", ["heading 1 題", "bullets 3", "  item 3 一"]),
}


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_of_block_with_its_lines(name: str):
    markdown, expected = KINDS[name]
    result = parsed(markdown)
    assert (shape(result.text.blocks), told(result.findings)) == (expected, [])


def test_every_kind_has_a_case():
    assert {block.kind for markdown, _ in KINDS.values() for block in walk(parsed(markdown).text.blocks)} == set(
        BlockKind
    )


def test_what_a_block_says_of_itself():
    heading, box, phrase, figure, tasks, table = parsed(
        "# 題\n"
        '!!! scam "注意"\n    文\n'
        '!!! phrase "{契約|けいやく}"\n'
        '![表の面](figures/a.svg "説明")\n'
        "- [X] 一\n- [ ] 二\n\n"
        "| a |\n|---|\n| b |\n"
    ).text.blocks
    assert (heading.level, heading.place.path) == (1, PATH)
    assert (box.variant, box.title.html) == ("scam", "注意")
    assert (phrase.title.readings, phrase.inline) == (("けいやく",), Inline())
    assert (figure.variant, figure.alt, figure.title.text) == ("figures/a.svg", "表の面", "説明")
    assert [(item.checked, item.variant) for item in tasks.children] == [(True, ""), (False, "")]
    assert [row.variant for row in table.children] == ["header", ""]


def test_a_text_has_the_title_of_its_file():
    assert parsed("# 題\n文").text.title == parsed("# 題\n").text.blocks[0]
    assert parsed("文\n").text.title is None


@pytest.mark.parametrize(
    "markdown",
    [
        "文\n{: .solo }",
        "## 題\n{: .solo }",
        "- 一\n- 二\n{: .solo }",
        "!!! tip\n    文\n{: .solo }",
        "| a |\n|---|\n| b |\n{: .solo}",
        '!!! phrase "文"\n{:.solo}',
    ],
)
def test_solo_marks_the_whole_block(markdown: str):
    result = parsed(f"# 題\n\n{markdown}\n\n次\n")
    assert [block.solo for block in result.text.blocks] == [False, True, False]
    assert all(block.solo for block in walk(result.text.blocks[1:2]))
    assert result.findings == ()


def test_solo_inside_a_box_marks_the_block_inside():
    box = parsed("# 題\n\n!!! tip\n    文\n    {: .solo }\n\n    次\n").text.blocks[1]
    assert (box.solo, [child.solo for child in box.children]) == (False, [True, False])


@pytest.mark.parametrize("mark", ["![表](a.svg)\n{: .solo }", "![表](a.svg)"])
def test_labels_stand_alone_with_their_picture(mark: str):
    figure = parsed(f"# 題\n\n{mark}\n\n- 一\n{{: .labels }}\n").text.blocks[1]
    assert [block.solo for block in walk((figure,))] == [mark.endswith(".solo }")] * 2


def test_labels_without_their_picture_are_told_and_leave_the_rest():
    result = parsed("# 題\n\n文\n\n- 一\n{: .labels }\n\n後\n")
    assert shape(result.text.blocks) == ["heading 1 題", "paragraph 3 文", "paragraph 8 後"]
    assert format_finding(result.findings[0]).splitlines()[-1] == (
        "  hint: put a list of - items right under its picture, and {: .labels } under the list"
    )


def test_a_note_is_set_with_what_it_cites():
    paragraph = parsed("# 題\n\n文[^1]。\n\n[^1]: 注の一\n    注の二[@law]\n").text.blocks[1]
    assert [note.text for note in paragraph.inline.notes] == ["注の一 注の二"]
    assert paragraph.inline.cites == ("law",)
    assert paragraph.inline.html.startswith('文<span class="footnote">注の一 ')


BOXES = "note, tip, warning, scam, phrase"
FAULTS = [
    ("", 1, "the file is empty", "parse.empty"),
    ("\n\n", 1, "the file is empty", "parse.empty"),
    ("文", 1, "the first block is not a title", "parse.title"),
    ("\n## 節", 2, "the first block is not a title", "parse.title"),
    ("# 題\n\n# また題", 3, "a second title in the same file", "parse.titles"),
    ("# 題\n\n### 節", 3, "the heading jumps from level 1 to level 3", "parse.level"),
    ("# 題\n\n文<br>", 3, "raw HTML `<br>`", "parse.html"),
    ("# 題\n\n- 一\n\n- 二\n    - <b>", 6, "raw HTML `<b>`", "parse.html"),
    ("# 題\n\n!!! tip\n    文\n\n    1. {本|}", 6, "the ruby mark `{本|}` is not closed or empty", "parse.ruby"),
    ("# 題\n\n!!! hint\n    文", 3, f"unknown kind of box `hint` (the kinds are: {BOXES})", "parse.admonition"),
    ("# 題\n\n!!! phrase\n    文", 3, "the phrase card has no sentence", "parse.phrase"),
    (
        "# 題\n\n文\n{: .wide }",
        3,
        "unknown block attribute `.wide` (known are: .solo, .optional, .labels)",
        "parse.attribute",
    ),
    ("# 題\n\n| a |\n|---|\n| {qq:b} |", 5, "`qq` is not a language tag", "parse.language"),
    ("# 題\n\nSIM\n:   ![a](b.svg)", 4, "a picture inside a line", "parse.image-inline"),
    ("# 題\n\n文[^1]", 3, "the footnote `1` has no text", "parse.note"),
    ("# 題\n\n[^1]: 注", 3, "the footnote `1` is never called", "parse.note-unused"),
    ("# 題\n\n![](figures/a.svg)", 3, "the picture `figures/a.svg` has no alternative text", "figure.alt"),
    ("# 題\n\n    四つ", 3, "a code block is not part of the guide format", "parse.mark"),
    ("# 題\n\n```\n四つ\n```", 3, "a code block is not part of the guide format", "parse.mark"),
    ("# 題\n\n---", 3, "a rule across the page is not part of the guide format", "parse.mark"),
    ("# 題\n\n##", 3, "a heading without words is not part of the guide format", "parse.mark"),
    ("# 題\n\n!!! tip", 3, "an empty box is not part of the guide format", "parse.mark"),
    ("# 題\n\n- [ ] 一\n- 二", 3, "a list with and without boxes is not part of the guide format", "parse.mark"),
    ("# 題\n\n- 一\n> 引用", 4, "a quotation inside a list item is not part of the guide format", "parse.mark"),
    ("# 題\n\n- 一\n{: .labels }", 3, "labels without a picture is not part of the guide format", "parse.mark"),
    (
        "# 題\n\n![表](a.svg)\n\n文\n\n- 一\n{: .labels }",
        7,
        "labels without a picture is not part of the guide format",
        "parse.mark",
    ),
    (
        "# 題\n\n![表](a.svg)\n\n1. 一\n{: .labels }",
        5,
        "labels without a picture is not part of the guide format",
        "parse.mark",
    ),
    (
        "# 題\n\n![表](a.svg)\n\n- 一\n    - 中\n{: .labels }",
        5,
        "a list inside a label is not part of the guide format",
        "parse.mark",
    ),
    (
        "# 題\n\n| a | b |\n|---|\n| 1 | 2 |",
        3,
        "a table that cannot be read is not part of the guide format",
        "parse.mark",
    ),
    ("# 題\n\n文 <!-- 注", 3, "this comment never ends", "parse.comment"),
    ("# 題\n\n24. Dezember", 3, "`24.` at the beginning of a line makes a step of its own", "parse.step"),
    ("# 題\n\n1. 一\n3. 三", 4, "step 3 stands behind step 1", "parse.steps"),
    (
        "# 題\n\n[文](02-next.md '話')",
        3,
        "the title “話” of a link, which no page shows, is not part of the guide format",
        "parse.mark",
    ),
    (
        "# 題\n\n!!! tip\n    文\n\n    [^1]: 注",
        6,
        "a footnote's text at this place is not part of the guide format",
        "parse.mark",
    ),
    ("# 題\n\n語\n:   意味\n語", 5, "a term without definition is not part of the guide format", "parse.mark"),
    ("# 題\n\n語\n:   意味\n\n    - 一", 6, "a list inside a definition is not part of the guide format", "parse.mark"),
    (
        "# 題\n\n| a | b |\n|---|---|\n| 1 | 2 |\n| 1 | 2 | 3 |",
        6,
        "a row with more cells than its table's head is not part of the guide format",
        "parse.mark",
    ),
]


@pytest.mark.parametrize(("markdown", "line", "message", "code"), FAULTS)
def test_a_fault_is_told_with_its_file_and_line(markdown: str, line: int, message: str, code: str):
    message, _, known = message.partition(" (")
    (finding,) = parsed(markdown).findings
    assert told([finding]) == [f"{PATH}:{line}: error: {message} [{code}]"]
    assert known.removesuffix(")") in format_finding(finding).splitlines()[-1]


def test_every_code_of_this_phase_has_a_case():
    elsewhere = {"parse.break", "parse.letters"}  # test_unread, test_letters
    assert {code for code in WORDINGS if code.startswith("parse.")} <= {code for *_, code in FAULTS} | elsewhere


@pytest.mark.parametrize(
    ("markdown", "hint"),
    [
        ("# 題\n\n#### 節", "use ##"),
        ("# 題\n\n文[^way]", "add: [^way]: text"),
        ("# 題\n\n!!! phrase", 'write: !!! phrase "…"'),
        ("# 題\n\n{本}", "write {base|reading}"),
        ("# 題\n\n{qq:本}", "write {ja:…} with a tag such as ja or zh-Hans"),
        ("# 題\n\n!!! tip", "indent its text by four spaces"),
    ],
)
def test_a_fault_says_what_to_do(markdown: str, hint: str):
    assert format_finding(parsed(markdown).findings[0]).splitlines()[-1] == f"  hint: {hint}"


def test_all_faults_of_a_file_are_told_at_once():
    result = parsed("文<br>\n\n### 節\n\n!!! x\n\n{本}\n")
    assert codes(result.findings) == ["parse.html", "parse.admonition", "parse.ruby", "parse.title"]


def test_a_broken_block_leaves_the_others():
    assert shape(parsed("# 題\n\n---\n\n!!! x\n    文\n\n次").text.blocks) == ["heading 1 題", "paragraph 8 次"]


# Laws

markdown_lines = st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=10), max_size=12).map("\n".join)


def in_file(findings: Iterable[Finding], text: str) -> bool:
    return all(f.place.path == PATH and 1 <= f.place.line <= text.count("\n") + 1 for f in findings)


@given(st.text() | markdown_lines)
@example("\x0b\x0c\u2028{x")
@example("- a\n\n\t- b\n\n-\n")
@example("!!! tip\n{: .solo }\n    {x\n")
def test_any_text_can_be_parsed_and_its_findings_told(text: str):
    result = parsed(text)
    assert all(format_finding(finding) for finding in result.findings)
    assert in_file(result.findings, text)
    assert all(1 <= block.place.line <= text.count("\n") + 1 for block in walk(result.text.blocks))


SHAPES = (
    *("", "", "# {}", "## {}", "{}", "{} {}", "| {} | {} |", "|---|---|", "| {} |", "| {} | {} | {} |", "a {} | {}"),
    *("- {}", "- [ ] {}", "* {}", "1. {}", "  - {}", "    - {}", "        - {}", "    {}", "  {}", "\t{}", "-", "1."),
    *("> {}", '!!! note "{}"', "!!! tip", "!!! {}", '!!! phrase "{}"', ":   {}", "{}\n:   {}\n    {}", "{}:"),
    *("[^{}]: {}", "{}[^{}]", "![{}]({}.svg)", '![]({}.png "{}")', "---", "===", "* * *", "```", "{{: .solo }}"),
    *("{{: .labels }}", "![{}]({}.svg)\n- {}\n{{: .labels }}", "- {}\n{{: .labels }}\n\n"),
    *("<div>{}", "{{{}|{}}}", "| {} | {{{}|{}}} |", "[@{}]", "[{}]({}.md)", "[{}]: {}", "`{}`", "{{{}"),
)
STILL_WHOLE = frozenset({"parse.title", "parse.titles", "parse.level", "parse.attribute", "figure.alt"})


def numbered(shapes: list[str]) -> str:
    """Fill each gap of the lines with a word of its own."""
    words = iter(range(1, 1000))
    return "\n".join(shape.format(*(f"w{next(words)}q" for _ in range(shape.count("{}")))) for shape in shapes)


def everything(blocks: tuple[Block, ...]) -> str:
    texts = [part for b in walk(blocks) for part in (b.alt, b.variant)]
    for inline in (i for b in walk(blocks) for own in (b.inline, b.title) for i in (own, *own.notes)):
        texts += (inline.text, *inline.readings, *inline.cites, *inline.links)
    return "\n".join(texts)


@settings(max_examples=300)
@given(st.lists(st.sampled_from(SHAPES), min_size=1, max_size=9).map(numbered))
@example("- w1q\n[^w2q]: w3q")
@example("- w1q\n[w2q]: w3q")
@example("- w1q\n---")
@example("- w1q\n===\n- w2q")
@example("- w1q\n\n\tw2q")
@example("- w1q\n\n-\nw2q")
@example("| w1q | w2q |\n|---|\n| w3q | w4q |")
@example("| w1q |\n|---|\n| w2q | w3q |")
@example("| w1q |\n|---|\n| {w2q|w3q} |")
def test_no_word_is_lost_without_a_finding(markdown: str):
    result = parsed(markdown)
    if {finding.code for finding in result.findings} <= STILL_WHOLE:
        whole = everything(result.text.blocks)
        numbers = range(1, markdown.count("q") + 1)
        assert [number for number in numbers if f"w{number}q" in markdown and f"w{number}q" not in whole] == []


nested: st.SearchStrategy[list] = st.recursive(  # type: ignore[type-arg]
    st.just([]),
    lambda inner: st.lists(st.tuples(st.sampled_from(["- ", "1. "]), inner), min_size=1, max_size=4),
    max_leaves=8,
)


def written(items: list, indent: int, lines: list[str], *, loose: bool) -> None:  # type: ignore[type-arg]
    """Write a list whose items say their line; one marker for each list, loose items behind a blank line."""
    for _, inner in items:
        lines += [""] if loose and lines else []
        lines.append(f"{' ' * indent}{items[0][0]}at {len(lines) + 1}")
        written(inner, indent + 4, lines, loose=loose)


@given(nested, st.booleans())
def test_items_of_any_list_know_their_lines(items: list, loose: bool):  # type: ignore[type-arg]
    lines: list[str] = []
    written(items, 0, lines, loose=loose)
    found = [block for block in walk(parsed("\n".join(lines)).text.blocks) if block.kind is BlockKind.ITEM]
    assert [block.inline.text for block in found] == [f"at {block.place.line}" for block in found]
    assert len(found) == sum("at " in line for line in lines)
