"""A picture that is higher than its room: scaled to fit, whole, on every page that it may stand on."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Final

import pytest
from PIL import Image

from taiyaku.checks.prepare import manuscripts, prepare
from taiyaku.checks.references import check_picture
from taiyaku.content.figures import NARROWEST, aspect_of
from taiyaku.content.load import load_guide
from taiyaku.model.content import Content
from taiyaku.model.documents import Edition, Form, Paper
from taiyaku.model.findings import Place
from taiyaku.pdf.characters import read_sheets
from taiyaku.pdf.geometry import Bounds
from taiyaku.pipeline import targets
from taiyaku.pipeline import title as make
from taiyaku.pipeline.options import BuildOptions
from tests.making import ROOT, codes, theme, tiny_guide, told

CAPTION: Final = {"zh-Hans": "设置的画面", "ja": "設定の画面"}
AFTER: Final = {"zh-Hans": "图后面的一段文字。", "ja": "図の後ろの段落です。"}


def svg(width: float, height: float, size: str = "", inside: str = "") -> bytes:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"{size}>'
        f'<rect width="{width}" height="{height}" fill="#eaf0f7"/>{inside}</svg>'
    ).encode()


def bitmap(width: int, height: int, kind: str = "PNG", turned: int = 1) -> bytes:
    out = BytesIO()
    exif = Image.Exif()
    exif[0x0112] = turned
    Image.new("RGB", (width, height), "#445566").save(out, kind, exif=exif)
    return out.getvalue()


def content(folder: Path, name: str, data: bytes, more: str = "", keys: str = "", *, where: str = "") -> Content:
    """Write a guide whose chapter and checklist show a picture; ``where`` is a box around it."""
    root = tiny_guide(folder)
    (root / "mini" / "figures").mkdir()
    (root / "mini" / "figures" / name).write_bytes(data)
    with (root / "mini" / "guide.toml").open("a", encoding="utf-8") as file:
        file.write(keys)
    for tag, words in CAPTION.items():
        shown = f'![{words}](figures/{name} "{words}")\n{more}'
        shown = f"{where}\n" + "".join(f"    {line}\n" for line in shown.splitlines()) if where else shown
        for path in ("01-start.md", "checklists/todo.md"):
            with (root / "mini" / tag / path).open("a", encoding="utf-8") as file:
                file.write(f"\n{shown}\n{AFTER[tag]}\n")
    read = load_guide(root, "mini").content
    assert read is not None
    return read


def made(own: Content, form: Form, edition: Edition, paper: str = "") -> make.JobResult:
    order = BuildOptions(ROOT, ROOT / "content", ROOT / "out")
    (title,) = (one for one in targets.plan(own, order) if one.form is form)
    texts = manuscripts(prepare(own, draft=False), title)
    title = replace(title, paper=Paper(paper) if paper else "")
    assets = make.assets_of(own, theme(), b"")
    return make.make(make.Job(title, (edition,), own, theme(), texts, None, assets, {}, draft=False))


def shown(one: make.JobResult) -> list[tuple[Bounds, Bounds]]:
    """Return each picture on the pages with its page's box."""
    return [(box, sheet.box) for sheet in read_sheets(one.documents[0].pdf) for _, box in sheet.pictures]


PAGES: Final = [
    *((Form.BOOKLET, Edition.SCREEN, f'layout = "{layout}"\n', "") for layout in ("side-by-side", "stacked", "facing")),
    (Form.BOOKLET, Edition.LARGE, "", ""),
    (Form.BOOKLET, Edition.SCREEN, "", "b6"),
    (Form.BOOKLET, Edition.SCREEN, "", "letter"),
    (Form.CHECKLIST, Edition.SCREEN, "", ""),
    (Form.CHECKLIST, Edition.PRINT, "", "b5"),
]


@pytest.mark.parametrize(("form", "edition", "keys", "paper"), PAGES)
def test_a_high_picture_stands_whole_on_its_page(tmp_path: Path, form: Form, edition: Edition, keys: str, paper: str):
    own = content(tmp_path, "shot.svg", svg(360, 800), keys=keys)
    one = made(own, form, edition, paper)
    assert told(one.findings) == []
    boxes = [(box, page) for box, page in shown(one) if box[3] - box[1] > 2 * (box[2] - box[0])]
    assert len(boxes) == (2 if "facing" in keys else 1)
    for (left, bottom, right, top), page in boxes:
        assert (right - left) / (top - bottom) == pytest.approx(360 / 800, abs=0.01)
        assert bottom > page[1] + 20
        assert top < page[3] - 20
        assert top - bottom > 0.2 * page[3], "it can still be read"


SHAPES: Final = {
    "a strip that just fits.svg": svg(100, 590),
    "no size.svg": svg(300, 900),
    "a size in mm.svg": svg(10, 30, ' width="300mm" height="900mm"'),
    "percent.svg": svg(30, 80, ' width="100%" height="100%"'),
    "neither.svg": b'<svg xmlns="http://www.w3.org/2000/svg"><rect width="300" height="900" fill="#445566"/></svg>',
    "shot.png": bitmap(1170, 2532),
    "on its side.jpg": bitmap(2400, 1200, "JPEG", turned=6),
    "very wide.svg": svg(1000, 100),
}


@pytest.mark.parametrize("name", SHAPES)
def test_a_picture_of_any_shape_stands_whole(tmp_path: Path, name: str):
    one = made(content(tmp_path, "a." + name.rpartition(".")[2], SHAPES[name]), Form.BOOKLET, Edition.SCREEN)
    assert [code for code in codes(one.findings) if code != "pdf.picture-coarse"] == []
    assert shown(one)
    for (left, bottom, right, top), page in shown(one):
        assert 20 < left < right < page[2] - 20
        assert 20 < bottom < top < page[3] - 20


def test_a_high_picture_in_a_box_stands_whole(tmp_path: Path):
    one = made(content(tmp_path, "a.svg", svg(360, 800), where="!!! tip"), Form.BOOKLET, Edition.SCREEN)
    assert told(one.findings) == []
    ((box, page),) = shown(one)
    assert box[1] > page[1] + 20


def test_labels_keep_their_places_in_a_high_picture(tmp_path: Path):
    """The frames are in the picture's lower third: there the labels stand."""
    frame = '<rect class="label" x="0" y="600" width="360" height="200" fill="none"/>'
    own = content(tmp_path, "a.svg", svg(360, 800, inside=frame), "\n- 駅\n{: .labels }\n")
    one = made(own, Form.BOOKLET, Edition.SCREEN)
    assert told(one.findings) == []
    (sheet,) = (sheet for sheet in read_sheets(one.documents[0].pdf) if sheet.pictures)
    ((group, box),) = sheet.pictures
    (label,) = (ink for ink in sheet.ink if ink.key == "駅" and ink.owner and ink.owner.group == group)
    middle = (label.char.box[0] + label.char.box[2]) / 2, (label.char.box[1] + label.char.box[3]) / 2
    assert middle[0] == pytest.approx((box[0] + box[2]) / 2, abs=1.5)
    assert middle[1] == pytest.approx(box[1] + (box[3] - box[1]) / 8, abs=2)


@pytest.mark.parametrize(("size", "found"), [((100, 1000), ["figure.narrow"]), ((100, 590), []), ((1000, 100), [])])
def test_a_picture_that_would_be_a_strip_is_told(size: tuple[int, int], found: list[str], tmp_path: Path):
    own = content(tmp_path, "a.svg", svg(*size))
    place = Place("mini/ja/01-start.md", 7)
    assert codes(tuple(check_picture("figures/a.svg", place, own))) == found


def test_how_a_strip_is_told(tmp_path: Path):
    own = content(tmp_path, "a.svg", svg(100, 1000))
    (message,) = told(tuple(check_picture("figures/a.svg", Place("mini/ja/01-start.md", 7), own)))
    assert message == (
        "mini/ja/01-start.md:7: error: the picture `figures/a.svg` is 10 times as high as wide: made to fit a page, "
        "it is too narrow to be read [figure.narrow]"
    )


@pytest.mark.parametrize(
    ("data", "aspect"),
    [
        (svg(30, 60), 0.5),
        (svg(30, 60, ' width="2in" height="144pt"'), 1.0),
        (svg(30, 60, ' width="100%" height="9"'), 0.5),
        (bitmap(30, 60), 0.5),
        (bitmap(30, 60, "JPEG"), 0.5),
        (bitmap(30, 60, "JPEG", turned=8), 2.0),
        (b"\x89PNG\r\n\x1a\n", 2.0),
        (b"<svg", 2.0),
        (svg(0, 0), 2.0),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', 2.0),
    ],
)
def test_how_wide_a_picture_is_for_its_height(data: bytes, aspect: float):
    assert aspect_of(data) == pytest.approx(aspect)
    assert aspect > NARROWEST
