"""Boxes to tick beside their texts: on facing pages, and in a list below a step."""

from pathlib import Path

import pytest

from taiyaku.content.load import load_guide
from taiyaku.model.documents import Edition, Form
from taiyaku.model.units import mm
from taiyaku.pdf.characters import read_sheets
from taiyaku.pipeline.title import JobResult
from tests.making import tiny_guide, told
from tests.typeset.test_tall_pictures import made

LISTS = "".join(f"第{at}段落。\n\n" for at in range(8)) + "1. 犬\n    - [ ] 牛\n    - [ ] 羊\n\n- [ ] 竹\n- [ ] 図\n"
"""The same words in both languages; of two digits are the numbers of what is ticked."""


def booklet(folder: Path, keys: str) -> JobResult:
    root = tiny_guide(folder)
    with (root / "mini" / "guide.toml").open("a", encoding="utf-8") as file:
        file.write(keys)
    for tag in ("zh-Hans", "ja"):
        with (root / "mini" / tag / "01-start.md").open("a", encoding="utf-8") as file:
            file.write(f"\n{LISTS}")
    read = load_guide(root, "mini").content
    assert read is not None
    return made(read, Form.BOOKLET, Edition.SCREEN)


@pytest.mark.parametrize("layout", ["side-by-side", "stacked", "facing"])
def test_a_box_stands_before_its_text_and_moves_nothing_off_its_page(tmp_path: Path, layout: str):
    one = booklet(tmp_path, f'layout = "{layout}"\n')
    assert told(one.findings) == []
    left: dict[str, float] = {}
    for sheet in read_sheets(one.documents[0].pdf):
        for ink in sheet.ink:
            left.setdefault(ink.key, ink.char.box[0])
    assert {char: left[char] - left["犬"] > mm(6) for char in "牛羊竹図"} == dict.fromkeys("牛羊竹図", True)
