"""The pairing law: every block of both languages in exactly one pair, in order; and what is told where it breaks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from taiyaku.content.pair import WHAT, Paired, align, alone, pair
from taiyaku.model.content import Block, BlockKind, Inline, Pair, Text, walk
from taiyaku.model.findings import Place, format_finding
from taiyaku.model.wordings import WORDINGS
from tests.making import codes, manuscript, text, told

ZH, JA = "content/mini/zh-Hans/01-start.md", "content/mini/ja/01-start.md"


# What is paired: skeletons of texts, set in two languages


@dataclass(frozen=True)
class Bone:
    """A block without its language: its number stands in both languages, its words differ."""

    kind: BlockKind
    number: int = 0
    solo: bool = False
    level: int = 0
    children: tuple["Bone", ...] = ()


INSIDE = {
    BlockKind.BULLETS: BlockKind.ITEM,
    BlockKind.STEPS: BlockKind.ITEM,
    BlockKind.TASKS: BlockKind.ITEM,
    BlockKind.ITEM: BlockKind.BULLETS,
    BlockKind.TABLE: BlockKind.ROW,
    BlockKind.ROW: BlockKind.CELL,
    BlockKind.BOX: BlockKind.PARAGRAPH,
    BlockKind.QUOTE: BlockKind.PARAGRAPH,
}
TOP = tuple(WHAT)


def bone(kind: BlockKind, solo: bool, level: int, widths: Sequence[int]) -> Bone:
    """Make a block with as many blocks inside it, and inside the first of these, as ``widths`` say."""
    inner, width, rest = INSIDE.get(kind), sum(widths[:1]), widths[1:]
    children = [bone(inner, False, level, rest if i == 0 else ()) for i in range(width)] if inner else []
    return Bone(kind, 0, solo, level, tuple(children))


bones = st.builds(
    bone,
    st.sampled_from(TOP),
    st.sampled_from([False, False, True]),
    st.integers(0, 1),
    st.lists(st.integers(0, 3), max_size=3),
)
skeletons = st.lists(bones, max_size=6).map(lambda made: numbered(made, count(1)))
shared = skeletons.map(lambda bones: tuple(replace(b, solo=False, level=0) for b in bones))


def numbered(bones: Sequence[Bone], numbers: Iterator[int]) -> tuple[Bone, ...]:
    return tuple(replace(b, number=next(numbers), children=numbered(b.children, numbers)) for b in bones)


def blocks(bones: Sequence[Bone], path: str, words: str) -> tuple[Block, ...]:
    return tuple(
        Block(
            b.kind,
            Place(path, b.number),
            Inline(f"{b.number}00 {words}", f"{b.number}00 {words}", cites=(f"source-{b.number}",)),
            level=b.level,
            solo=b.solo,
            children=blocks(b.children, path, words),
        )
        for b in bones
    )


def chinese(bones: Sequence[Bone]) -> Text:
    return Text(manuscript("", "zh-Hans", ZH), blocks(bones, ZH, "先打电话预约"))


def japanese(bones: Sequence[Bone]) -> Text:
    return Text(manuscript("", "ja", JA), blocks(bones, JA, "最初に電話をかけて予約をします"))


def flat(pairs: Sequence[Pair]) -> Iterator[Pair]:
    for one in pairs:
        yield one
        yield from flat(one.children)


def firsts(paired: Paired) -> list[int]:
    return [id(one.first) for one in flat(paired.pairs) if one.first is not None]


def seconds(paired: Paired) -> list[int]:
    return [id(one.second) for one in flat(paired.pairs) if one.second is not None]


def in_order(text: Text) -> list[int]:
    return [id(block) for block in walk(text.blocks)]


# The laws


@given(skeletons, skeletons)
@example((Bone(BlockKind.BULLETS, 1, children=(Bone(BlockKind.ITEM, 2),)),), (Bone(BlockKind.PARAGRAPH, 1),))
def test_every_block_is_in_exactly_one_pair_in_order(left: tuple[Bone, ...], right: tuple[Bone, ...]):
    first, second = chinese(left), japanese(right)
    paired = pair(first, second)
    assert (firsts(paired), seconds(paired)) == (in_order(first), in_order(second))


@given(skeletons, skeletons)
def test_only_blocks_of_one_kind_stand_side_by_side(left: tuple[Bone, ...], right: tuple[Bone, ...]):
    for one in flat(pair(chinese(left), japanese(right)).pairs):
        assert one.blocks
        assert len({block.kind for block in one.blocks}) == 1
        assert not one.solo or len(one.blocks) == 1


@given(skeletons, skeletons)
def test_what_stands_alone_is_solo_or_told(left: tuple[Bone, ...], right: tuple[Bone, ...]):
    paired = pair(chinese(left), japanese(right))
    lonely = {one.blocks[0].place for one in paired.pairs if len(one.blocks) == 1 and not one.solo}
    assert lonely <= {place for finding in paired.findings for place in (finding.place, finding.also)}


@given(skeletons, skeletons)
def test_every_finding_can_be_told_and_names_both_files(left: tuple[Bone, ...], right: tuple[Bone, ...]):
    for finding in pair(chinese(left), japanese(right)).findings:
        assert finding.also is not None
        assert {finding.place.path, finding.also.path} == {ZH, JA}
        assert finding.place.line
        assert format_finding(finding)


@given(skeletons)
def test_equal_texts_break_no_law(bones: tuple[Bone, ...]):
    paired = pair(chinese(bones), japanese(bones))
    assert paired.findings == ()
    assert [[block.place.line for block in one.blocks] for one in paired.pairs if not one.solo] == [
        [b.number, b.number] for b in bones if not b.solo
    ]


@given(shared.filter(bool), st.data())
def test_equal_kinds_have_no_missing_block_whatever_they_say(bones: tuple[Bone, ...], data: st.DataObject):
    numbers = data.draw(st.permutations([b.number for b in bones]))
    shuffled = tuple(replace(b, number=number) for b, number in zip(bones, numbers, strict=True))
    paired = pair(chinese(bones), japanese(shuffled))
    assert codes(paired.findings) == []
    assert all(len(one.blocks) == 2 for one in paired.pairs)


@given(shared.filter(bool), st.data(), st.booleans())
def test_a_removed_block_is_named(bones: tuple[Bone, ...], data: st.DataObject, from_first: bool):
    gone = data.draw(st.integers(0, len(bones) - 1))
    rest = bones[:gone] + bones[gone + 1 :]
    paired = pair(chinese(rest), japanese(bones)) if from_first else pair(chinese(bones), japanese(rest))
    (finding,) = paired.findings
    there, lacks = (JA, ZH) if from_first else (ZH, JA)
    assert (finding.code, finding.place) == ("pair.missing", Place(there, bones[gone].number))
    assert finding.facts == {"what": WHAT[bones[gone].kind], "language": "zh-Hans" if from_first else "ja"}
    assert finding.also == Place(lacks, bones[gone - 1].number if gone else 0)


@given(st.integers(2, 6), st.data())
def test_a_removed_item_is_named_inside_its_list(length: int, data: st.DataObject):
    items = tuple(Bone(BlockKind.ITEM, number) for number in range(2, length + 2))
    gone = data.draw(st.integers(0, length - 1))
    rest = items[:gone] + items[gone + 1 :]
    paired = pair(
        chinese([Bone(BlockKind.STEPS, 1, children=items)]), japanese([Bone(BlockKind.STEPS, 1, children=rest)])
    )
    assert told(paired.findings) == [f"{ZH}:{gone + 2}: error: the list item has no partner in ja [pair.missing]"]
    assert paired.findings[0].also == Place(JA, gone + 1)


@given(st.lists(st.sampled_from(TOP), max_size=6), st.lists(st.sampled_from(TOP), max_size=6))
def test_alignment_takes_each_index_once_in_order(left: list[BlockKind], right: list[BlockKind]):
    steps = align([Block(k, Place(ZH, 1)) for k in left], [Block(k, Place(JA, 1)) for k in right])
    assert [i for i, _ in steps if i is not None] == list(range(len(left)))
    assert [j for _, j in steps if j is not None] == list(range(len(right)))
    assert (None, None) not in steps


# What is told, word for word

FAULTS = [
    ("# 题\n\n文\n", "# 題\n", 3, "the paragraph has no partner in ja [pair.missing]", 1),
    ("# 题\n\n- 110\n- 119\n", "# 題\n\n- 119\n", 3, "the list item has no partner in ja [pair.missing]", 3),
    ("# 题\n\n文\n", "# 題\n\n- 文\n", 3, "the paragraph stands beside the list [pair.kind]", 3),
    ("# 题\n\n1. 文\n", "# 題\n\n- [ ] 文\n", 3, "the list of steps stands beside the list of boxes [pair.kind]", 3),
    ("# 题\n\n## 节\n", "# 題\n\n\n### 節\n", 3, "heading of level 2 stands beside level 3 [pair.level]", 4),
    ("# 题\n!!! tip\n    文", "# 題\n!!! scam\n    文", 2, "box `tip` stands beside box `scam` [pair.box]", 2),
    (
        '# 题\n!!! phrase "はい"\n',
        '# 題\n\n!!! phrase "いいえ"\n',
        2,
        "the phrase card shows another sentence [pair.phrase]",
        3,
    ),
    (
        "# 题\n\n1. 一\n2. 二\n\n文\n\n3. 三\n",
        "# 題\n\n1. 一\n2. 二\n\n文\n\n1. 三\n",
        8,
        "steps from 3 on stand beside steps from 1 on [pair.steps]",
        8,
    ),
    (
        "# 题\n\n- 一\n\n  4. 中\n  5. 中\n",
        "# 題\n\n- 一\n\n  5. 中\n  6. 中\n",
        5,
        "steps from 4 on stand beside steps from 5 on [pair.steps]",
        5,
    ),
    (
        "# 题\n\n1. [ ] 一\n",
        "# 題\n\n- [ ] 一\n",
        3,
        "steps from 1 on stand beside steps from no number on [pair.steps]",
        3,
    ),
]


@pytest.mark.parametrize(("first", "second", "line", "message", "other"), FAULTS)
def test_a_broken_law_names_both_files_and_lines(first: str, second: str, line: int, message: str, other: int):
    (finding,) = pair(text(first, "zh-Hans", ZH), text(second, "ja", JA)).findings
    assert format_finding(finding).splitlines()[:2] == [f"{ZH}:{line}: error: {message}", f"  see also: {JA}:{other}"]


def test_every_code_of_this_phase_has_a_case():
    said = " ".join(message for *_, message, _ in FAULTS)
    assert [code for code in WORDINGS if code.startswith("pair.") and f"[{code}]" not in said] == []


def test_a_missing_first_block_names_the_whole_file():
    (finding,) = pair(text("# 题\n\n文", "zh-Hans", ZH), text("", "ja", JA)).findings[:1]
    assert format_finding(finding) == (
        f"{ZH}:1: error: the heading has no partner in ja [pair.missing]\n"
        f"  see also: {JA}\n"
        "  hint: translate it, remove it, or mark it with {: .solo }"
    )


def test_the_other_language_may_be_the_one_that_has_more():
    paired = pair(text("# 题\n", "zh-Hans", ZH), text("# 題\n\n文\n", "ja", JA))
    assert told(paired.findings) == [f"{JA}:3: error: the paragraph has no partner in zh-Hans [pair.missing]"]
    assert paired.pairs[1].first is None


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ('# 题\n!!! phrase "{契約|けいやく}"\n    签约', '# 題\n!!! phrase "{契約|けいやく}"\n'),
        ("# 题\n![图](figures/a.svg)", "# 題\n![図](figures/b.svg)"),
        ("# 题\n- [x] 一", "# 題\n- [ ] 一"),
    ],
)
def test_what_may_differ(first: str, second: str):
    assert pair(text(first, "zh-Hans", ZH), text(second, "ja", JA)).findings == ()


# Standing alone


def test_a_solo_block_stands_where_it_was_written():
    first = text("# 题\n\n使馆\n{: .solo }\n\n文", "zh-Hans", ZH)
    second = text("# 題\n\n文\n\n役所\n{: .solo }\n", "ja", JA)
    paired = pair(first, second)
    assert [[block.inline.text for block in one.blocks] for one in paired.pairs] == [
        ["题", "題"],
        ["使馆"],
        ["文", "文"],
        ["役所"],
    ]
    assert [one.solo for one in paired.pairs] == [False, True, False, True]
    assert (paired.pairs[1].second, paired.pairs[3].first, paired.findings) == (None, None, ())


def test_a_solo_block_inside_a_box():
    first = text("# 题\n\n!!! tip\n    使馆\n    {: .solo }\n\n    文", "zh-Hans", ZH)
    second = text("# 題\n\n!!! tip\n    文", "ja", JA)
    paired = pair(first, second)
    assert [one.solo for one in paired.pairs[1].children] == [True, False]
    assert paired.findings == ()


def test_one_language_alone_has_pairs_of_one():
    one = text("# 題\n\n- 一\n    - 二\n", "ja", JA)
    paired = alone(one)
    assert [id(p.first) for p in flat(paired.pairs)] == in_order(one)
    assert (seconds(paired), paired.findings) == ([], ())


def test_a_pair_knows_its_kind():
    block = Block(BlockKind.QUOTE, Place(JA, 1))
    assert (Pair(None, block).kind, Pair(block, None).blocks) == (BlockKind.QUOTE, (block,))
