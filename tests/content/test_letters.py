"""The law of text: every letter that is no mark is in exactly one block; what breaks it is told with file and line."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taiyaku.content import parse as parser
from taiyaku.content.blocks import _MAKERS
from taiyaku.content.letters import check_letters
from taiyaku.content.load import load_guide
from taiyaku.model.content import Block, Inline, Manuscript, walk
from taiyaku.model.findings import Finding
from tests.content.test_parse import KINDS, SHAPES, everything, numbered, parsed
from tests.making import PATH, ROOT, codes, manuscript, tiny_guide, told

WHOLE = """\
# 題 {本人|ほんにん}

文の**一**と*二*、`code <b> {x|y} [@no] &amp;`と&copy; &amp; AT&T、1986\\. \\*x\\* \\{ja:y\\}。[@law; @bank]
続く行[リンク [内]](02-next.md)と{ja:在留}{zh-Hans:卡|kǎ}注[^1]と注[^two]。¥1,000–2,000 ☎ 👍🏽 é

!!! note "見出し {語|ご}"
    箱の文。

    1. 一
    2. 二
       - 中
         - 奥

!!! phrase "言う**こと**"
    意味

- [x] 済み
- [ ] まだ

| 会社 | 月額 |
|:--|--:|
| 甲 \\| 乙 | 1 [@law] |
| `a|b` | {電話|でんわ} |

語
:   意味の一
:   意味の二
    続き

![絵 & 図](figures/a_b.svg "題の *絵*")

- 札
{: .labels }

> 引用
>
> 7. 七
> 8. 八
> 9. 九

<!-- 内緒 -->
[//]: # (内緒)
文 <!-- 内緒 --> 末
{: .solo }

[^1]: 注の一[@law]
    続き

[^two]: 注の`二`
"""


def test_ordinary_marks_are_no_false_alarm():
    result = parsed(WHOLE)
    assert told(result.findings) == []
    assert "内緒" not in everything(result.text.blocks)


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_of_block_keeps_the_law(name: str):
    result = parsed(KINDS[name][0])
    assert list(check_letters(result.text.manuscript, result.text.blocks)) == []


def test_the_shipped_guide_and_the_samples_keep_the_law():
    for folder, guide in ((ROOT / "content", "phone-number"), (ROOT / "tests" / "sample", "sample")):
        content = load_guide(folder, guide).content
        assert content is not None
        for one in content.manuscripts:
            assert list(check_letters(one, parser.parse(one).text.blocks)) == []


# What breaks it


def broken(blocks: tuple[Block, ...]) -> list[Finding]:
    return list(check_letters(manuscript(WHOLE), blocks))


def test_a_lost_text_is_told_wherever_it_stands():
    """Each text of the file is taken out once: from its block, from its title, from what it shows."""
    blocks = parsed(WHOLE).text.blocks

    def without(block: Block, gone: Block, name: str) -> Block:
        children = tuple(without(child, gone, name) for child in block.children)
        made = replace(block, children=children)
        if block is not gone:
            return made
        if name == "alt":
            return replace(made, alt="")
        return replace(made, title=Inline()) if name == "title" else replace(made, inline=Inline())

    lost = 0
    for block in walk(blocks):
        for name, text in (("inline", block.inline.html), ("title", block.title.html), ("alt", block.alt)):
            if text:
                lost += 1
                (finding,) = broken(tuple(without(one, block, name) for one in blocks))
                assert finding.code == "parse.letters"
                assert finding.place.path == PATH
                assert finding.place.line >= block.place.line
    assert lost > 25


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (lambda blocks: blocks[:-1], 43),
        (lambda blocks: (*blocks, blocks[-1]), 43),
        (lambda blocks: (blocks[0], *blocks[2:]), 3),
        (lambda blocks: (blocks[1], blocks[0], *blocks[2:]), 1),
        (lambda blocks: (*blocks[:2], blocks[3], blocks[2], *blocks[4:]), 6),
    ],
    ids=["lost", "doubled", "lost in between", "moved", "moved further on"],
)
def test_lost_doubled_and_moved_blocks_are_told_at_the_first_line(
    change: Callable[[tuple[Block, ...]], tuple[Block, ...]], line: int
):
    (finding,) = broken(change(parsed(WHOLE).text.blocks))
    assert finding.place.line == line


def test_another_number_of_a_step_is_told():
    made = parsed("# 題\n\n4. 四\n5. 五\n")
    title, steps = made.text.blocks
    items = tuple(replace(item, number=number) for number, item in enumerate(steps.children, 1))
    (finding,) = check_letters(made.text.manuscript, (title, replace(steps, children=items)))
    assert (finding.place.line, finding.facts["written"], finding.facts["read"]) == (3, "4. 四", "1 四 2 五")


@pytest.mark.parametrize("name", ["_list", "_table", "_quote", "_box", "_definitions"])
def test_a_slip_of_the_parser_is_told(name: str, monkeypatch: pytest.MonkeyPatch):
    """A maker that drops the last block inside its block, as a list without items once was."""
    kind, maker = next((kind, made) for kind, made in _MAKERS.items() if made.__name__ == name)

    def drops(*given) -> Block | None:
        block = maker(*given)
        return replace(block, children=block.children[:-1]) if block is not None else None

    monkeypatch.setitem(_MAKERS, kind, drops)
    made = f"{WHOLE}\n\n末の{name}\n"
    assert codes(parser.parse(manuscript(made)).findings) == ["parse.letters"]


def test_a_slip_reaches_the_command(tmp_path, monkeypatch, capsys):
    from taiyaku.cli.commands import main
    from taiyaku.content.chunks import ChunkKind

    maker = _MAKERS[ChunkKind.PARAGRAPH]
    monkeypatch.setitem(
        _MAKERS, ChunkKind.PARAGRAPH, lambda *given: None if "札幌" in given[0].body[0] else maker(*given)
    )
    content = tiny_guide(tmp_path)
    chapter = content / "mini" / "ja" / "01-start.md"
    chapter.write_text(chapter.read_text("utf-8") + "\n札幌\n", "utf-8")
    assert main(["check", "mini", "--content", str(content), "--no-setup"]) == 1
    assert "01-start.md:15: error: the text is not kept from here on" in capsys.readouterr().err


# The law itself


@settings(max_examples=200)
@given(st.lists(st.sampled_from(SHAPES), min_size=1, max_size=9).map(numbered), st.data())
def test_a_letter_put_in_or_taken_out_is_told(markdown: str, data: st.DataObject):
    result = parsed(f"# 題\n\n{markdown}\n")
    if codes(result.findings):
        return
    text = result.text.manuscript.text
    at = data.draw(st.integers(text.index("\n"), len(text)))
    more = Manuscript(PATH, "ja", "a", result.text.manuscript.role, f"{text[:at]}字{text[at:]}")
    hidden = ("[@", "[^", "](", "<!", "{:")
    line = text[text.rindex("\n", 0, at + 1) + 1 : at] if "\n" in text[: at + 1] else ""
    if not any(mark in line for mark in hidden) and "!!!" not in line:
        assert codes(list(check_letters(more, result.text.blocks))) == ["parse.letters"]
