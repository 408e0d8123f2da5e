"""Lists: what is in an item, whatever white space was typed; and the numbers of steps, which stay as written."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taiyaku.cli.commands import main
from taiyaku.content.lists import indent, read_list
from taiyaku.model.content import BlockKind, walk
from taiyaku.release.bundle import gather
from taiyaku.render.rows import walk_rows
from tests.content.test_parse import parsed, shape
from tests.making import codes, tiny_guide, told
from tests.releases import stock
from tests.render.test_rows import alike
from tests.typeset.test_tree import Drawn

# White space around markers

SPACES = [
    " ",
    "\u00a0",
    "\u3000",
    "\u2003",
    "\u2002",
    "\u2009",
    "\u202f",
    "\u205f",
    "\u200b",
    "\ufeff",
    "\t",
    "\u00a0 ",
]


@pytest.mark.parametrize("space", SPACES, ids=ascii)
@pytest.mark.parametrize("marker", ["-", "*", "+", "1."])
def test_any_space_may_stand_behind_a_marker(marker: str, space: str):
    second = "2." if marker == "1." else marker
    result = parsed(f"# 題\n\n{marker}{space}傘\n{second} 地図\n")
    kind = "steps" if marker == "1." else "bullets"
    assert (shape(result.text.blocks), told(result.findings)) == (
        ["heading 1 題", f"{kind} 3", "  item 3 傘", "  item 4 地図"],
        [],
    )


@pytest.mark.parametrize("space", SPACES, ids=ascii)
def test_any_space_may_stand_around_a_box_to_tick(space: str):
    inside = " " if space in "\u200b\ufeff\u00a0 " else space
    result = parsed(f"# 題\n\n-{space}[{inside}] 傘\n- [x]\u3000地図\n")
    tasks = result.text.blocks[1]
    assert (tasks.kind, [item.checked for item in tasks.children], codes(result.findings)) == (
        BlockKind.TASKS,
        [False, True],
        [],
    )
    assert [item.inline.text for item in tasks.children] == ["傘", "地図"]


@pytest.mark.parametrize("holder", ["!!! tip\n    -\u3000傘\n    -\u3000地図", "> -\u3000傘\n> -\u3000地図"])
def test_lists_inside_other_blocks_keep_their_items_too(holder: str):
    result = parsed(f"# 題\n\n{holder}\n")
    assert [b.inline.text for b in walk(result.text.blocks) if b.kind is BlockKind.ITEM] == ["傘", "地図"]
    assert result.findings == ()


@pytest.mark.parametrize("lead", ["\u3000", "\u00a0\u00a0", "\u2003\u2003"], ids=ascii)
def test_wide_spaces_before_a_marker_nest_it(lead: str):
    assert shape(parsed(f"# 題\n\n- 傘\n{lead}- 折りたたみ\n").text.blocks)[2:] == [
        "  item 3 傘",
        "    bullets 4",
        "      item 4 折りたたみ",
    ]


@pytest.mark.parametrize("empty", ["-", "- ", "-\u3000", "1.", "- 傘\n-\n- 地図"], ids=ascii)
def test_an_item_without_words_is_told(empty: str):
    (finding,) = parsed(f"# 題\n\n{empty}\n").findings[:1]
    assert finding.facts["mark"] == "a list item without words"


@pytest.mark.parametrize(
    "markdown", ["\u200f- א\n\u200f- ב", "-\u200f א\n-\u200f ב", "\u202b- א\n\u2067- ב", "\u200e1. א\n2.\u200e ב"]
)
def test_marks_of_direction_may_stand_around_a_marker(markdown: str):
    result = parsed(f"# 題\n\n{markdown}\n")
    (listed,) = result.text.blocks[1:]
    assert ([item.inline.text for item in listed.children], codes(result.findings)) == (["א", "ב"], [])


def test_marks_of_direction_may_stand_before_a_box_to_tick_and_stay_in_a_text():
    tasks = parsed("# 題\n\n- \u200f[ ] א\n\u200f- [x] ב\n").text.blocks[1]
    assert (tasks.kind, [item.checked for item in tasks.children]) == (BlockKind.TASKS, [False, True])
    assert parsed("# 題\n\n- \u200e+81\n").text.blocks[1].children[0].inline.text == "\u200e+81"
    assert parsed("# 題\n\n-\u200e5\n").text.blocks[1].inline.text == "-\u200e5"


# Nesting

NESTED = {
    "two spaces": "- 傘\n  - 大\n  - 小\n- 靴",
    "three spaces": "- 傘\n   - 大\n   - 小\n- 靴",
    "four spaces": "- 傘\n    - 大\n    - 小\n- 靴",
    "a tab": "- 傘\n\t- 大\n\t- 小\n- 靴",
    "loose, two spaces": "- 傘\n\n  - 大\n\n  - 小\n\n- 靴",
    "loose, a tab": "- 傘\n\n\t- 大\n\n\t- 小\n\n- 靴",
    "other markers": "* 傘\n  + 大\n  + 小\n* 靴",
    "wide markers": "-   傘\n    - 大\n    - 小\n-   靴",
    "one more space": "- 傘\n  - 大\n   - 小\n- 靴",
    "indented itself": "  - 傘\n    - 大\n    - 小\n  - 靴",
}


@pytest.mark.parametrize("name", NESTED)
def test_a_list_nests_by_any_indent_under_its_item(name: str):
    result = parsed(f"# 題\n\n{NESTED[name]}\n")
    items = [line.split(" ")[-1] for line in shape(result.text.blocks) if "item" in line]
    depths = [line.index("item") // 2 for line in shape(result.text.blocks) if "item" in line]
    assert (items, depths, told(result.findings)) == (["傘", "大", "小", "靴"], [1, 3, 3, 1], [])


@pytest.mark.parametrize(
    ("markdown", "depths"),
    [
        ("1. 一\n   - 二\n   - 三\n2. 四", [1, 3, 3, 1]),
        ("1. 一\n   1. 二\n   2. 三\n2. 四", [1, 3, 3, 1]),
        ("1. 一\n  - 二\n  - 三\n2. 四", [1, 1, 1, 1]),  # two spaces stand before the text of `1. `: CommonMark, 5.2
        ("9. 一\n10. 二\n    - 三\n11. 四", [1, 1, 3, 1]),
        ("- 一\n - 二\n  - 三", [1, 1, 1]),
        ("- 一\n  - 二\n    - 三\n      - 四\n  - 五", [1, 3, 5, 7, 3]),
        ("1. 一\n\t- 二\n\t\t- 三\n2. 四", [1, 3, 5, 1]),
        ("- [ ] 一\n  - [ ] 二\n  - [ ] 三\n- [ ] 四", [1, 3, 3, 1]),
        ("- 一\n\n  続き\n  - 二", [1, 3]),
    ],
)
def test_lists_nest_as_in_common_mark(markdown: str, depths: list[int]):
    result = parsed(f"# 題\n\n{markdown}\n")
    assert [line.index("item") // 2 for line in shape(result.text.blocks) if "item" in line] == depths
    assert told(result.findings) == []


def test_nested_boxes_stay_boxes():
    outer = parsed("# 題\n\n- [ ] 傘\n  - [x] 大\n- [ ] 靴\n").text.blocks[1]
    (inner,) = outer.children[0].children
    assert (outer.kind, inner.kind, inner.children[0].checked) == (BlockKind.TASKS, BlockKind.TASKS, True)


@pytest.mark.parametrize(
    ("markdown", "line"),
    [
        ("1. 選ぶ\n   - 赤\n   - 青\n\n   名前を書く\n2. 出す", 7),
        ("- 選ぶ\n    - 赤\n\n    名前を書く", 6),
        ("- [ ] 選ぶ\n  - [ ] 赤\n\n  名前を書く", 6),
        ("- 選ぶ\n  1. 赤\n\n     赤のこと\n\n  名前を書く", 8),
    ],
)
def test_text_behind_an_inner_list_is_told_and_moves_nowhere(markdown: str, line: int):
    assert told(parsed(f"# 題\n\n{markdown}\n").findings) == [
        f"content/mini/ja/01-start.md:{line}: error: a text behind a list inside an item is not part of the guide "
        "format [parse.mark]"
    ]


@pytest.mark.parametrize(
    ("inside", "what"),
    [
        ("> 引用", "a quotation"),
        ("!!! tip\n      文", "a box"),
        ("## 節", "a heading"),
        ("![絵](figures/a.svg)", "a picture"),
        ("| a |\n  |---|\n  | b |", "a table"),
        ("語\n  :   意味", "a list of definitions"),
        ("[^1]: 注", "a footnote's text"),
    ],
)
def test_what_an_item_cannot_hold_is_told_at_its_line(inside: str, what: str):
    (finding,) = parsed(f"# 題\n\n- 傘\n\n  {inside}\n").findings
    assert (finding.place.line, finding.facts["mark"]) == (5, f"{what} inside a list item")


def test_attributes_under_an_item_are_the_items():
    (item,) = parsed("# 題\n\n- 傘\n  {: .solo }\n").text.blocks[1].children
    assert (item.solo, item.inline.text) == (True, "傘")


@given(st.text(" \t\u3000\u00a0\u200b"), st.text("abc", min_size=1))
def test_an_indent_is_measured_without_the_text(lead: str, words: str):
    assert indent(lead + words) == indent(lead)
    assert indent("\u3000" + words) == 2
    assert indent("\t" + words) == 4


def test_a_list_knows_where_it_ends():
    items, end = read_list(["- 一\n", "\n", "  続き\n", "\n", "文\n"], 0, lambda _: False)
    assert ([(item.line, item.lines) for item in items], end) == ([(0, ("一", "", "続き", ""))], 4)


# Numbers of steps


def marks(markdown: str) -> list[str]:
    """Return the numerals that are printed beside the items, in reading order."""
    return [row.mark for chapter in alike(markdown) for row in walk_rows(chapter.rows) if row.kind == "item"]


@pytest.mark.parametrize(
    ("markdown", "printed"),
    [
        ("1. 一\n2. 二", ["1", "2"]),
        ("6. 一\n7. 二", ["6", "7"]),
        ("0. 一\n1. 二", ["0", "1"]),
        ("1. 一\n2. 二\n\n!!! tip\n    休む\n\n3. 三\n4. 四", ["1", "2", "3", "4"]),
        ("1. 一\n\n> 引用\n\n2. 二\n\n文\n\n3. 三", ["1", "2", "3"]),
        ("1. 一\n2. 二\n\n## 節\n\n3. 三", ["1", "2", "3"]),
        ("1. 一\n\n   4. 中\n   5. 中\n2. 二", ["1", "4", "5", "2"]),
        ("- 一\n  1. 中\n  2. 中\n- 二", ["", "1", "2", ""]),
        ("٢. 二\n٣. 三", ["2", "3"]),
        ("7.\u3000七\n8.\u00a0八", ["7", "8"]),
        ("1. [ ] 一\n2. [x] 二", ["1", "2"]),
        ("!!! note\n    3. 一\n    4. 二", ["3", "4"]),
        ("98. 一\n99. 二\n100. 三", ["98", "99", "100"]),
    ],
)
def test_steps_are_printed_with_the_numbers_that_are_written(markdown: str, printed: list[str]):
    assert marks(markdown) == printed


@pytest.mark.parametrize(
    ("markdown", "number", "line"),
    [
        ("17. März ist frei.", 17, 3),
        ("110. ist die Nummer.", 110, 3),
        ("2027. 5. 6. 에 문을 닫습니다.", 2027, 3),
        ("0. Etage", 0, 3),
        ("2024. 一\n2025. 二", 2024, 3),
        ("1. 一\n2. 二\n\n文\n\n25. Dezember", 25, 8),
        ("- 一\n25. Dezember", 25, 4),
        ("- 25. Dezember\n- 26. Dezember", 25, 3),
        ("- 1. Mai", 1, 3),
        ("!!! tip\n    12. April", 12, 4),
        ("> 12. April", 12, 3),
        ("- 一\n\n  12. April", 12, 5),
        ("01. 一\n02. 二", "01", 3),
    ],
)
def test_a_number_that_is_no_step_is_told_with_its_escape(markdown: str, number: int | str, line: int):
    finding = next(one for one in parsed(f"# 題\n\n{markdown}\n").findings if one.code == "parse.step")
    assert (finding.place.line, finding.facts["number"], str(finding.severity)) == (line, number, "error")


@pytest.mark.parametrize(
    "markdown",
    [
        "1. 一\n2. 二\n\n!!! warning\n    3. 三\n\n4. 四",
        "!!! tip\n    1. 一\n    2. 二\n\n3. 三",
        "> 1. 一\n> 2. 二\n\n3. 三\n\n> 4. 四",
    ],
)
def test_steps_go_on_into_a_box_and_out_of_it(markdown: str):
    assert codes(parsed(f"# 題\n\n{markdown}\n").findings) == []


@pytest.mark.parametrize("markdown", ["17\\. März ist frei.", "- 25\\. Dezember\n- 26\\. Dezember", "2027\\. 5. 6. 에"])
def test_an_escaped_number_is_text(markdown: str):
    result = parsed(f"# 題\n\n{markdown}\n")
    assert codes(result.findings) == []
    assert "".join(block.inline.text for block in walk(result.text.blocks[1:])) == markdown.replace("\\", "").replace(
        "- ", ""
    ).replace("\n", "")


@pytest.mark.parametrize(
    ("markdown", "told_of"),
    [
        ("1. 一\n1. 二", (1, 1, 4)),
        ("2. 一\n4. 二\n6. 三", (2, 4, 4)),
        ("1. 一\n2. 二\n2. 三\n3. 四", (2, 2, 5)),
        ("3. 一\n2. 二", (3, 2, 4)),
        ("1. 一\n2. 二\n\n1. 三\n2. 四", (2, 1, 6)),
        ("- 一\n  1. 二\n  3. 三", (1, 3, 5)),
        ("1. [ ] 一\n3. [ ] 二", (1, 3, 4)),
    ],
)
def test_steps_that_do_not_go_up_by_one_are_told(markdown: str, told_of: tuple[int, int, int]):
    (finding,) = parsed(f"# 題\n\n{markdown}\n").findings
    assert finding.code == "parse.steps"
    assert (finding.facts["before"], finding.facts["number"], finding.place.line) == told_of


def test_the_only_step_may_be_a_date_and_is_a_warning():
    (finding,) = parsed("# 題\n\n1. Mai ist frei.\n").findings
    assert (finding.code, str(finding.severity)) == ("parse.step", "warning")
    assert marks("1. Mai ist frei.") == ["1"]


@pytest.mark.parametrize("markdown", ["Wir öffnen am\n17. März.", "- Wir öffnen am\n  17. März."])
def test_a_number_in_the_middle_of_a_text_is_told_and_stays(markdown: str):
    result = parsed(f"# 題\n\n{markdown}\n")
    (finding,) = result.findings
    assert (finding.code, finding.place.line) == ("parse.mark", 4)
    assert "write 17\\. if it is none" in finding.facts["hint"]
    assert [b.inline.text.split()[-2] for b in walk(result.text.blocks[1:]) if b.inline.text] == ["17."]


# The same numbers wherever the guide is read

STEPS = """
4. {0}
5. {0}

!!! tip
    {0}

6. {0}
   - {0}
     11. {0}
     12. {0}
7. {0}
"""


@pytest.fixture(scope="module")
def stepped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a guide whose chapter and checklist have steps that do not begin with 1."""
    content = tiny_guide(tmp_path_factory.mktemp("steps"))
    for tag, word in (("zh-Hans", "带伞"), ("ja", "傘を持つ")):
        for name in ("01-start.md", "checklists/todo.md"):
            file = content / "mini" / tag / name
            file.write_text(file.read_text("utf-8") + STEPS.format(word).replace("11.", "\n     11."), "utf-8")
    return content


@pytest.mark.parametrize(
    ("form", "labels"),
    [("booklet", "4 6 5 7 8 6 9 10 11 11 12 12 7 13"), ("checklist", "4 4 5 5 6 6 7 8 11 9 12 10 7 11")],
)
def test_print_and_its_tags_have_the_numbers_that_are_written(form: str, labels: str, stepped: Path, tmp_path: Path):
    """Each step has its own numeral and then the number to point at, on the page and for a screen reader."""
    given = ["--content", str(stepped), "--out", str(tmp_path), "--form", form, "--edition", "screen", "--jobs", "1"]
    assert main(["build", "mini", *given, "--no-setup", "-q"]) == 0
    (file,) = tmp_path.glob("*.pdf")
    made = Drawn(file.read_bytes())
    read = (made._draw(label, None).removeprefix("Lbl[").removesuffix("]") for label in made.all("Lbl"))
    assert f" {labels} " in f" {' '.join(read)} "


def test_the_reading_edition_has_the_numbers_that_are_written(stepped: Path):
    html = gather(stock(stepped, "mini"))["read/mini_zh-Hans_ja.html"].decode()
    found = re.findall(r'<span class="mark">(\d+)</span>', html)
    assert [number for number in found if number in {"4", "5", "6", "7", "11", "12"}] == [
        "4",
        "5",
        "6",
        "11",
        "12",
        "7",
    ] * 2
