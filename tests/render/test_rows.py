"""Pairs to rows: the numbers that two people point at, what is parted between phrases only, and what a cell knows."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taiyaku.content.pair import alone, pair
from taiyaku.language.linebreak import JOINER
from taiyaku.model.content import Content, Pair
from taiyaku.render.rows import Cell, Chapter, Row, RowBuilder, chapters, number_sources, pointed, walk_rows
from tests.making import FRAMED, bare, text, theme, tiny_content

LANGUAGES = ("zh-Hans", "ja")


@cache
def content() -> Content:
    return replace(tiny_content(), figures={"figures/framed.svg": FRAMED.encode()})


def pairs_of(*texts: str, languages: tuple[str, ...] = LANGUAGES) -> tuple[Pair, ...]:
    parsed = [text(markdown, tag, f"{tag}/a.md") for markdown, tag in zip(texts, languages, strict=True)]
    return (pair(*parsed) if len(parsed) == 2 else alone(*parsed)).pairs


def builder(
    languages: tuple[str, ...] = LANGUAGES, *, numbers: dict[str, int] | None = None, proof: bool = False
) -> RowBuilder:
    return RowBuilder(content(), theme(), languages, numbers or {}, proof=proof)


def book(*texts: tuple[str, ...], languages: tuple[str, ...] = LANGUAGES) -> tuple[Chapter, ...]:
    """Set chapters, each a text in each language; their titles are added."""
    made = [pairs_of(*(f"# 題\n\n{markdown}" for markdown in chapter), languages=languages) for chapter in texts]
    return chapters(builder(languages), [f"0{number}" for number in range(1, len(made) + 1)], made)


def alike(*markdown: str) -> tuple[Chapter, ...]:
    """Set chapters that both languages say alike."""
    return book(*((one, one) for one in markdown))


def rows_of(made: tuple[Chapter, ...]) -> Iterator[Row]:
    for chapter in made:
        yield chapter.title
        yield from walk_rows(chapter.rows)


def points(made: tuple[Chapter, ...]) -> list[tuple[str, str]]:
    """Return kind and number of every row that has one, in reading order."""
    return [(row.kind, row.point) for row in rows_of(made) if row.point]


# Numbers to point at

EVERYTHING = """\
文

## 節

1. 一
    - 二
2. 三

- [ ] 四

| 甲 | 乙 |
|---|---|
| 五 | 六 |
| 七 | 八 |

語
:   九

!!! tip "題"
    十

!!! phrase "十一"
    十一

> 十二

![路](figures/framed.svg "図")

- 十三
- 十四
{: .labels }
"""


def test_every_kind_of_block_that_is_read_aloud_has_a_number():
    assert points(alike(EVERYTHING)) == [
        ("paragraph", "1"),
        ("item", "2"),
        ("item", "3"),
        ("item", "4"),
        ("item", "5"),
        ("row", "6"),
        ("row", "7"),
        ("definition", "8"),
        ("paragraph", "9"),
        ("phrase", "10"),
        ("paragraph", "11"),
    ]


@pytest.mark.parametrize("kind", ["heading", "table", "cell", "steps", "tasks", "term", "box", "figure", "quote"])
def test_what_only_holds_or_names_other_blocks_has_none(kind: str):
    found = [row for row in rows_of(alike(EVERYTHING)) if row.kind == kind]
    assert found
    assert {row.point for row in found} == {""}


def test_the_head_of_a_table_has_none():
    (table,) = [row for row in rows_of(alike("| 甲 |\n|---|\n| 一 |")) if row.kind == "table"]
    assert [(row.variant, row.point) for row in table.rows] == [("header", ""), ("", "1")]
    assert {cell.point for row in table.rows for cell in row.rows} == {""}


def test_numbers_go_on_through_the_chapters():
    made = alike("一\n\n二", "三", "- 四\n- 五")
    assert [number for _, number in points(made)] == ["1", "2", "3", "4", "5"]
    assert [chapter.number for chapter in made] == [1, 2, 3]
    assert [chapter.title.point for chapter in made] == ["", "", ""]


def test_a_step_keeps_its_own_numeral_beside_its_number():
    made = [row for row in rows_of(alike("一\n\n1. 二\n2. 三")) if row.kind == "item"]
    assert [(row.mark, row.point) for row in made] == [("1", "2"), ("2", "3")]


def test_both_languages_stand_beside_the_same_number():
    rows = [row for row in rows_of(book(("一\n\n- 二", "いち\n\n- に"))) if row.point]
    assert [(row.point, [(cell.slot, bare(cell.html)) for cell in row.cells]) for row in rows] == [
        ("1", [("first", "一"), ("second", "いち")]),
        ("2", [("first", "二"), ("second", "に")]),
    ]


@pytest.mark.parametrize("languages", [("zh-Hans", "ja"), ("en", "ja"), ("zh-Hans", "en"), ("ja", "zh-Hans")])
def test_a_number_is_the_same_whichever_languages_are_printed(languages: tuple[str, str]):
    assert points(book((EVERYTHING, EVERYTHING), languages=languages)) == points(alike(EVERYTHING))


def test_one_language_alone_has_the_same_numbers():
    assert points(book((EVERYTHING,), languages=("ja",))) == points(alike(EVERYTHING))


def test_what_stands_in_one_language_has_a_number_too():
    made = book(("一\n\n使馆\n{: .solo }\n\n二", "いち\n\nに"))
    assert [(row.point, len(row.cells)) for row in rows_of(made) if row.point] == [("1", 2), ("2", 1), ("3", 2)]


def test_an_item_that_only_holds_a_list_has_none():
    rows = (Row("item", (), rows=(Row("bullets", (), rows=(Row("item", (), title=(_cell(),)),)),)), Row("item", ()))
    made = [pointed(row, numbers) for numbers in (count(1),) for row in rows]
    assert [row.point for row in walk_rows(made)] == ["", "", "1", ""]


def _cell() -> Cell:
    return builder().cell("solo", "ja", "文")


blocks = st.sampled_from(
    ["文", "- 一\n- 二", "1. 一\n    - 二", "| 甲 |\n|---|\n| 一 |", "## 節", "> 文", "語\n:   文"]
)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.lists(blocks, max_size=4), min_size=1, max_size=4))
def test_numbers_are_one_sequence(texts: list[list[str]]):
    made = alike(*("\n\n".join(one) for one in texts))
    numbers = [int(number) for _, number in points(made)]
    assert numbers == list(range(1, len(numbers) + 1))


def test_a_block_that_may_go_takes_its_number_with_it():
    pairs = pairs_of("# 題\n\n一\n\n二\n{: .optional }\n\n三", "# 題\n\n一\n\n二\n{: .optional }\n\n三")
    assert [any(block.optional for block in one.blocks) for one in pairs] == [False, False, True, False]
    kept = tuple(one for one in pairs if not any(block.optional for block in one.blocks))
    assert [number for _, number in points(chapters(builder(), ["01"], [kept]))] == ["1", "2"]


# What a line may part


@pytest.mark.parametrize(
    "markdown",
    [
        "## 在留カードの原本",
        "| 在留カードの原本 |\n|---|\n| 文 |",
        "在留カードの原本\n:   文",
        '!!! phrase "在留カードの原本"',
    ],
)
def test_short_texts_part_between_phrases_only(markdown: str):
    made = [cell for row in rows_of(book((markdown,), languages=("ja",))) for cell in row.texts]
    (found,) = {cell.html for cell in made if bare(cell.html) == "在留カードの原本"}
    assert f"在{JOINER}留" in found


@pytest.mark.parametrize("markdown", ["在留カードの原本です", "- 在留カードの原本です", "> 在留カードの原本です"])
def test_running_text_parts_as_it_comes(markdown: str):
    made = [cell for row in rows_of(book((markdown,), languages=("ja",))) for cell in row.texts]
    (found,) = {cell.html for cell in made if bare(cell.html) == "在留カードの原本です"}
    assert f"在{JOINER}留" not in found


# What a cell knows


def test_a_reading_leads_both_sides_wider():
    ((row,),) = [chapter.rows for chapter in book(("身份", "{本人|ほんにん}"))]
    assert [cell.ruby for cell in row.cells] == [True, True]
    ((row,),) = [chapter.rows for chapter in alike("身份")]
    assert [cell.ruby for cell in row.cells] == [False, False]


def test_a_cell_says_what_its_text_is():
    roles = {(row.kind, cell.role) for row in rows_of(alike(EVERYTHING)) for cell in (*row.title, *row.cells)}
    assert roles == {
        ("heading", "heading"),
        ("paragraph", "paragraph"),
        ("item", "item"),
        ("cell", "cell"),
        ("term", "heading"),
        ("definition", "paragraph"),
        ("box", "heading"),
        ("phrase", "phrase"),
        ("figure", "cell"),
    }


def test_a_picture_has_its_labels():
    (figure,) = [row for row in rows_of(alike(EVERYTHING)) if row.kind == "figure"]
    assert [[bare(cell.html) for cell in label.cells] for label in figure.labels] == [["十三"], ["十四"]]
    assert {cell.role for label in figure.labels for cell in label.cells} == {"label"}


@pytest.mark.parametrize("proof", [True, False])
def test_a_proof_names_the_sources_that_a_row_cites(proof: bool):
    pairs = pairs_of(
        "# 題\n\n文[@law]\n\n| 甲 |\n|---|\n| 一[@law] |", "# 題\n\n文[@law]\n\n| 甲 |\n|---|\n| 一[@law] |"
    )
    made = chapters(builder(numbers=number_sources(pairs, content().sources), proof=proof), ["01"], [pairs])
    keys = [row.keys for row in rows_of(made) if row.point]
    assert keys == ([("law",)] * 2 if proof else [()] * 2)
