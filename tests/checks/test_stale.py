"""Which translations are stale: what counts as a change, how blocks are known again, and the lock."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taiyaku.checks.stale import Freshness, Review, check_stale, judge, marked, review, units
from taiyaku.content.lock import FORMAT, fingerprint, read_lock, section, write_lock
from taiyaku.content.pair import pair
from taiyaku.model.content import Accepted, Block, BlockKind, Role, Text, TomlFile, walk
from taiyaku.model.findings import format_finding
from taiyaku.model.wordings import Severity
from tests.making import codes, manuscript, text, told

ZH_PATH: Final = "content/mini/zh-Hans/01-start.md"
JA: Final = "ja/01-start.md"


def block(markdown: str) -> Block:
    """Return the block that stands under the title."""
    return text(f"# 題\n\n{markdown}\n").blocks[1]


# What counts as a change


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("電話を  かけます。", "電話を かけます。"),
        ("A phone\nnumber", "A phone number"),
        ("電話を\nかけます。", "電話をかけます。"),
        ("- 一つ\n- 二つ", "*  一つ\n\n*  二つ"),
        ("## 節", "##   節 ##"),
        ("| 甲 | 乙 |\n|---|---|\n| 一 | 二 |", "|甲|乙|\n|:--|--:|\n|  一|二  |"),
        ("とても大事です。", "とても**大事**です。"),
        ("電話です。", "電話です。\n{: .solo }"),
        ("![絵](figures/a.svg)", "![絵](figures/a.svg)\n\n- 名\n{: .labels }"),
    ],
    ids=["spaces", "a line", "a line in Japanese", "markers", "marks", "a table", "how it is set", "solo", "labels"],
)
def test_a_block_that_says_the_same_has_the_same_hash(before: str, after: str) -> None:
    a, b = block(before), block(after)
    prints = [[fingerprint(one) for one in (first, *first.children)] for first in (a, b)]
    shared = min(map(len, prints))
    assert prints[0][:shared] == prints[1][:shared]


@pytest.mark.parametrize("lines", [1, 7])
def test_a_block_that_moves_down_has_the_same_hash(lines: int) -> None:
    assert fingerprint(text("# 題\n" + "\n" * lines + "電話です。\n").blocks[1]) == fingerprint(block("電話です。"))


CHANGES: Final = {
    "text": ("14日以内に行きます。", "15日以内に行きます。"),
    "a reading": ("{本人|ほんにん}です。", "{本人|ほんじん}です。"),
    "a reading more": ("本人です。", "{本人|ほんにん}です。"),
    "a source": ("電話です。[@law]", "電話です。[@act]"),
    "a source more": ("電話です。", "電話です。[@law]"),
    "where a link leads": ("[次](01-a.md)へ", "[次](02-b.md)へ"),
    "a heading's level": ("## 節", "### 節"),
    "a box's kind": ("!!! tip\n    先に。", "!!! warning\n    先に。"),
    "a box's title": ('!!! tip "一"\n    先に。', '!!! tip "二"\n    先に。'),
    "a picture": ("![絵](figures/a.svg)", "![絵](figures/b.svg)"),
    "alternative text": ("![絵](figures/a.svg)", "![図](figures/a.svg)"),
    "a caption": ('![絵](figures/a.svg "一")', '![絵](figures/a.svg "二")'),
    "a card's sentence": ('!!! phrase "はい"\n    是', '!!! phrase "いいえ"\n    是'),
    "a card's meaning": ('!!! phrase "はい"\n    是', '!!! phrase "はい"\n    否'),
    "a footnote": ("電話[^1]\n\n[^1]: 一", "電話[^1]\n\n[^1]: 二"),
    "a source in a footnote": ("電話[^1]\n\n[^1]: 一", "電話[^1]\n\n[^1]: 一[@law]"),
}


@pytest.mark.parametrize(("before", "after"), CHANGES.values(), ids=CHANGES.keys())
def test_a_block_that_says_something_else_has_another_hash(before: str, after: str) -> None:
    assert fingerprint(block(before)) != fingerprint(block(after))


def test_a_ticked_box_is_another() -> None:
    empty, ticked = (block(f"- [{mark}] 電話").children[0] for mark in " x")
    assert fingerprint(empty) != fingerprint(ticked)


def test_a_row_is_one_block_with_its_cells() -> None:
    table = "| 甲 | 乙 |\n|---|---|\n| 一 | {} |"
    a, b = (block(table.format(cell)) for cell in ("二", "三"))
    assert [fingerprint(x) == fingerprint(y) for x, y in zip(a.children, b.children, strict=True)] == [True, False]
    assert [one.kind for one in units((a,))] == [BlockKind.ROW, BlockKind.ROW]


def test_a_list_a_box_and_a_picture_are_accepted_in_parts() -> None:
    markdown = (
        "- 一\n    - 二\n\n!!! tip\n    三\n\n![絵](figures/a.svg)\n\n- 四\n{: .labels }\n\n日本だけ。\n{: .solo }"
    )
    kinds = [one.kind for one in units(text(f"# 題\n\n{markdown}\n").blocks)]
    assert kinds == ["heading", "item", "item", "box", "paragraph", "figure", "item"]


# How blocks are known again

OLD: Final = tuple(Accepted(BlockKind.PARAGRAPH, f"s{i}", f"t{i}") for i in range(6))
WORDS: Final = {Freshness.ACCEPTED: "=", Freshness.STALE: "S", Freshness.CHANGED: "C", Freshness.NEW: "N"}


def judged(now: Sequence[Accepted], before: Sequence[Accepted] = OLD, standing: Sequence[str] = ()) -> str:
    """Judge blocks, and give their states as letters."""
    return "".join(WORDS[state] for state in judge(before, now, standing))


def put(at: int, *blocks: Accepted, instead_of: int = 0) -> tuple[Accepted, ...]:
    return (*OLD[:at], *blocks, *OLD[at + instead_of :])


def one(source: str, translation: str, kind: BlockKind = BlockKind.PARAGRAPH) -> Accepted:
    return Accepted(kind, source, translation)


def test_nothing_changed() -> None:
    assert judged(OLD) == "======"


@pytest.mark.parametrize("at", range(6))
def test_another_source_makes_one_translation_stale(at: int) -> None:
    expected = "=" * at + "S" + "=" * (5 - at)
    assert judged(put(at, one("else", f"t{at}"), instead_of=1)) == expected


@pytest.mark.parametrize("at", range(6))
def test_a_touched_translation_of_another_source_is_stale_too(at: int) -> None:
    """It cannot be waved through by changing a comma."""
    assert judged(put(at, one("else", "other"), instead_of=1)) == "=" * at + "S" + "=" * (5 - at)


@pytest.mark.parametrize("at", range(6))
def test_another_translation_of_the_same_source_is_seen(at: int) -> None:
    assert judged(put(at, one(f"s{at}", "other"), instead_of=1)) == "=" * at + "C" + "=" * (5 - at)


@pytest.mark.parametrize("at", range(7))
def test_a_block_put_in_changes_nothing_for_the_others(at: int) -> None:
    assert judged(put(at, one("more", "mehr"))) == "=" * at + "N" + "=" * (6 - at)


def test_a_block_that_was_split_in_two_is_stale() -> None:
    assert judged(put(2, one("s2a", "t2a"), one("s2b", "t2b"), instead_of=1)) == "==SS==="


def test_a_block_of_another_kind_in_place_of_a_removed_one_is_new() -> None:
    assert judged(put(2, one("head", "kopf", BlockKind.HEADING), instead_of=1)) == "==N==="


def test_a_block_far_from_a_removed_one_is_new() -> None:
    assert judged((*OLD[1:], one("more", "mehr"))) == "=====N"


def test_a_paragraph_that_becomes_an_item_is_still_accepted() -> None:
    assert judged(put(2, replace(OLD[2], kind=BlockKind.ITEM), instead_of=1)) == "======"


def test_the_source_alone_was_put_in_another_order() -> None:
    """Then each translation stands beside what it does not translate."""
    assert judged((one("s1", "t0"), one("s0", "t1"), *OLD[2:])) == "SS===="


def test_a_repeated_block_counts_as_often_as_it_was_accepted() -> None:
    assert judged((OLD[0], OLD[0]), (OLD[0],)) == "=N"
    assert judged((OLD[0], one("else", "t0")), (OLD[0], OLD[0])) == "=S"


def test_beside_the_wrong_block_a_translation_is_not_stale() -> None:
    """Where a translation is missing, those behind it may stand one too high; the pairing law has its own finding."""
    shifted = (one("more", "t0"), *(one(f"s{i}", f"t{i + 1}") for i in range(5)))
    everything = [*(f"s{i}" for i in range(6)), "more"]
    assert judged(shifted) == "SSSSSS"
    assert judged(shifted, standing=everything) == "======"
    assert judged(shifted, standing=[name for name in everything if name != "s3"]) == "===S=="


blocks = st.builds(Accepted, st.sampled_from(list(BlockKind)), st.sampled_from("abcdef"), st.sampled_from("uvwxyz"))
different = st.lists(blocks, max_size=12, unique_by=(lambda b: b.source, lambda b: b.translation))


@given(st.lists(blocks, max_size=12), st.randoms(use_true_random=False))
def test_in_another_order_all_are_accepted(before: list[Accepted], random) -> None:
    now = list(before)
    random.shuffle(now)
    assert set(judge(before, now)) <= {Freshness.ACCEPTED}


@given(st.lists(blocks, max_size=12), st.data())
def test_what_is_removed_changes_nothing_for_the_rest(before: list[Accepted], data: st.DataObject) -> None:
    now = [one for one in before if data.draw(st.booleans())]
    assert set(judge(before, now)) <= {Freshness.ACCEPTED}


@given(different, st.data())
def test_whatever_is_put_in_the_accepted_stay_accepted(before: list[Accepted], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(before)))
    more = [Accepted(BlockKind.ITEM, f"more{i}", f"mehr{i}") for i in range(data.draw(st.integers(0, 4)))]
    states = judge(before, [*before[:at], *more, *before[at:]])
    assert states == (Freshness.ACCEPTED,) * at + (Freshness.NEW,) * len(more) + (Freshness.ACCEPTED,) * (
        len(before) - at
    )


@given(st.lists(blocks, max_size=12), st.lists(blocks, max_size=12))
def test_accepted_is_what_was_accepted_so(before: list[Accepted], now: list[Accepted]) -> None:
    """Whatever else happens: no block is called accepted that was not accepted with these very texts."""
    known = [(b.source, b.translation) for b in before]
    for block, state in zip(now, judge(before, now), strict=True):
        if state is Freshness.ACCEPTED:
            known.remove((block.source, block.translation))
        assert state is not Freshness.CHANGED or block.source in {b.source for b in before}


# Texts

ZH_TEXT: Final = "# 开始\n\n先打电话。\n\n| 甲 | 乙 |\n|---|---|\n| 一 | 二 |\n\n- 三\n- 四\n"
JA_TEXT: Final = "# はじめ\n\n先に電話。\n\n| 甲 | 乙 |\n|---|---|\n| 一 | 二 |\n\n- 三つ\n- 四つ\n"


def reviewed(zh: str, ja: str, accepted: dict[str, tuple[Accepted, ...]] | None = None) -> Review:
    """Review a Japanese text; by what was accepted of ``ZH_TEXT`` and ``JA_TEXT`` where nothing else is given."""
    a, b = text(zh, "zh-Hans", ZH_PATH), text(ja)
    paired = pair(a, b)
    return review(a, b, paired.pairs, paired.findings, lock() if accepted is None else accepted)


def lock() -> dict[str, tuple[Accepted, ...]]:
    return {JA: tuple(block.now for block in reviewed(ZH_TEXT, JA_TEXT, {}).blocks)}


def found(zh: str, ja: str) -> list[str]:
    return told(tuple(check_stale([reviewed(zh, ja)], lock())))


def swapped(markdown: str, old: str, new: str) -> str:
    assert old in markdown
    return markdown.replace(old, new)


def test_what_was_accepted_is_not_found() -> None:
    assert found(ZH_TEXT, JA_TEXT) == []
    assert reviewed(ZH_TEXT, JA_TEXT).count(Freshness.ACCEPTED) == 6


def test_a_stale_translation_names_both_files_and_what_to_do() -> None:
    (finding,) = check_stale([reviewed(swapped(ZH_TEXT, "先打", "请打"), JA_TEXT)], lock())
    assert format_finding(finding) == (
        "content/mini/ja/01-start.md:3: error: the source has changed since this translation was accepted "
        "[translation.stale]\n"
        "  see also: content/mini/zh-Hans/01-start.md:3\n"
        "  hint: compare the two, mend the translation, then: python3 build.py accept content/mini/ja/01-start.md"
    )


def test_a_changed_translation_is_a_warning() -> None:
    (finding,) = check_stale([reviewed(ZH_TEXT, swapped(JA_TEXT, "先に", "まず"))], lock())
    assert (finding.code, finding.severity) == ("translation.unaccepted", Severity.WARNING)
    assert format_finding(finding).splitlines()[0] == (
        "content/mini/ja/01-start.md:3: warning: this translation has changed since it was accepted "
        "[translation.unaccepted]"
    )


def test_a_new_block_is_a_warning() -> None:
    assert found(ZH_TEXT + "\n新的。\n", JA_TEXT + "\n新しい。\n") == [
        "content/mini/ja/01-start.md:12: warning: this translation was never accepted [translation.unaccepted]"
    ]


def test_a_file_of_which_nothing_was_accepted_is_told_once() -> None:
    findings = tuple(check_stale([reviewed(ZH_TEXT, JA_TEXT, {})], {"en/01-start.md": ()}))
    assert told(findings) == [
        "content/mini/ja/01-start.md: warning: this translation was never accepted [translation.unaccepted]"
    ]


def test_an_untranslated_paragraph_makes_nothing_stale() -> None:
    """It is missing; the blocks behind it keep their own sources, whatever they are set beside meanwhile."""
    zh = swapped(ZH_TEXT, "先打电话。\n", "新的一段。\n\n先打电话。\n\n再来一段。\n")
    one = reviewed(zh, JA_TEXT)
    assert (one.missing, one.count(Freshness.ACCEPTED), len(one.blocks)) == (2, 6, 6)
    assert codes(one.faults) == ["pair.missing", "pair.missing"]


def test_missing_counts_whole_lists_and_tables_and_no_solo() -> None:
    ja = JA_TEXT[: JA_TEXT.index("|")]
    assert reviewed(ZH_TEXT + "\n中文读者。\n{: .solo }\n", ja).missing == 4


STALE: Final[dict[str, tuple[str, str, list[str]]]] = {
    "a paragraph": ("先打", "请打", ["paragraph"]),
    "an item": ("三", "五", ["item"]),
    "a row with its cells": ("二", "五", ["row", "cell", "cell"]),
}


@pytest.mark.parametrize(("old", "new", "kinds"), STALE.values(), ids=STALE.keys())
def test_stale_blocks_are_marked_and_no_others(old: str, new: str, kinds: list[str]) -> None:
    one = reviewed(swapped(ZH_TEXT, old, new), JA_TEXT)
    source, translation = marked((one.source, one.translation), [one])
    assert [block.kind for block in walk(translation.blocks) if block.stale] == kinds
    assert source is one.source
    assert unmarked(translation) == one.translation


def unmarked(marked_text: Text) -> Text:
    def plain(block: Block) -> Block:
        return replace(block, stale=False, children=tuple(map(plain, block.children)))

    return replace(marked_text, blocks=tuple(map(plain, marked_text.blocks)))


def test_nothing_stale_leaves_texts_as_they_are() -> None:
    one = reviewed(ZH_TEXT, swapped(JA_TEXT, "先に", "まず"))
    assert marked((one.translation,), [one]) == (one.translation,)


# The lock

hashes = st.text("0123456789abcdef", min_size=16, max_size=16)
sections = st.sampled_from([JA, "en/01-start.md", "ja/checklists/to do.md", "zh-Hant/章.md"])
locks = st.dictionaries(sections, st.lists(st.builds(Accepted, st.sampled_from(list(BlockKind)), hashes, hashes)))


@given(locks)
def test_a_lock_is_read_as_it_was_written(made: dict[str, list[Accepted]]) -> None:
    accepted = {name: tuple(blocks) for name, blocks in made.items()}
    written = write_lock(accepted)
    assert read_lock(TomlFile("x", written)) == (accepted, ())
    assert write_lock(dict(reversed(accepted.items()))) == written


def test_a_lock_has_a_line_a_block() -> None:
    a, b = "0123456789abcdef", "fedcba9876543210"
    made = {JA: (one(a, b), one(b, a, BlockKind.ROW)), "en/01-start.md": (one(a, a),)}
    assert [line for line in write_lock(made).splitlines() if not line.startswith("#")] == [
        *(FORMAT, ""),
        *("[en/01-start.md]", f"paragraph {a} {a}", ""),
        *("[ja/01-start.md]", f"paragraph {a} {b}", f"row {b} {a}"),
    ]


def test_a_block_put_in_changes_one_line_of_the_lock() -> None:
    before = write_lock(lock()).splitlines()
    after = reviewed(swapped(ZH_TEXT, "先打", "新的。\n\n先打"), swapped(JA_TEXT, "先に", "新しい。\n\n先に"))
    lines = write_lock({JA: tuple(block.now for block in after.blocks)}).splitlines()
    (more,) = set(lines) - set(before)
    lines.remove(more)
    assert lines == before


BROKEN: Final[dict[str, tuple[Callable[[str], str], int, str]]] = {
    "empty": (lambda _: "", 1, "`format 1` is missing"),
    "another format": (lambda lock: lock.replace("format 1", "format 2"), 3, "it is not `format 1`"),
    "a merge": (lambda lock: lock.replace("[ja", "<<<<<<< HEAD\n[ja"), 5, "it belongs to no file"),
    "a merge inside": (lambda lock: lock.replace("row", "=======\nrow", 1), 8, "it is not a kind of block with"),
    "a hash too short": (lambda lock: lock[:-2] + "\n", 11, "it is not a kind of block with two hashes"),
    "a hash in capitals": (lambda lock: lock[:-17] + "A" * 16 + "\n", 11, "it is not a kind of block with two hashes"),
    "no such kind": (lambda lock: lock.replace("heading", "poem"), 6, "it is not a kind of block with two hashes"),
    "spaces": (lambda lock: lock.replace("heading ", "heading  "), 6, "it is not a kind of block with two hashes"),
    "a file twice": (lambda lock: lock + f"[{JA}]\n", 12, "its file is there twice"),
    "no lock at all": (lambda _: "TOKEN=secret\0HOME=/\n", 1, "it is not `format 1`"),
}


@pytest.mark.parametrize(("damage", "line", "why"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_lock_is_told_with_its_line(damage: Callable[[str], str], line: int, why: str) -> None:
    broken = damage(write_lock(lock()))
    accepted, findings = read_lock(TomlFile("content/mini/translations.lock", broken))
    assert accepted is None
    (first,) = told(findings)
    assert first.startswith(
        f"content/mini/translations.lock:{line}: error: this line was not written by `accept`: {why}"
    )
    assert first.endswith("[load.lock]")
    assert "secret" not in first


def test_a_file_is_named_by_its_path_inside_the_guide() -> None:
    assert section(manuscript("")) == JA
    assert (
        section(manuscript("", "en", "content/mini/en/checklists/todo.md", Role.CHECKLIST)) == "en/checklists/todo.md"
    )
