"""A checklist in the viewer that most people have, their browser's: boxes are ticked and lines written by hand."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import pikepdf
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page

from tests.shipped import SCREEN, Built

WINDOW: Final = (900, 1300)
"""Wide and high, in CSS px: a page of A4 or Letter stands in it whole."""
SHARP: Final = 1
WAIT: Final = 100
LOOKS: Final = 200
CHECKLISTS: Final = [path for path in SCREEN if "_checklist-" in path and ".bring_" in path]

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Viewed:
    """A page in the viewer, and where it lies there: its left and top edge and the size of 1 pt, in CSS px."""

    page: Page
    height: float
    left: float
    top: float
    scale: float

    def seen(self, box: Box) -> Box:
        """Return left, top, right, bottom in CSS px of a box in pt from the page's lower left corner."""
        left, bottom, right, top = box
        across = [self.left + x * self.scale for x in (left, right)]
        down = [self.top + (self.height - y) * self.scale for y in (top, bottom)]
        return across[0], down[0], across[1], down[1]

    def click(self, box: Box) -> None:
        left, top, right, bottom = self.seen(box)
        self.page.mouse.click((left + right) / 2, (top + bottom) / 2)

    def space(self) -> None:
        """Press the space bar as a keyboard sends it: the key first, then what it writes."""
        session = self.page.context.new_cdp_session(self.page)
        key: Any = {"key": " ", "code": "Space", "windowsVirtualKeyCode": 32}
        for event in ({"type": "rawKeyDown", **key}, {"type": "char", "text": " ", **key}, {"type": "keyUp", **key}):
            session.send("Input.dispatchKeyEvent", event)
        session.detach()

    def ink(self, box: Box) -> int:
        """Count the dark pixels inside a box, its outline left out."""
        left, top, right, bottom = self.seen(box)
        inside = ((left + 3) * SHARP, (top + 3) * SHARP, (right - 3) * SHARP, (bottom - 3) * SHARP)
        grey = look(self.page).convert("L").crop(inside)
        return sum(grey.histogram()[:200])


def look(page: Page) -> Image.Image:
    with Image.open(BytesIO(page.screenshot())) as drawn:
        return drawn.convert("RGB")


def settled(page: Page) -> Image.Image:
    """Look until two looks are the same and something is white: the viewer has drawn the page."""
    last = look(page)
    for _ in range(LOOKS):
        page.wait_for_timeout(WAIT)
        now = look(page)
        if now.tobytes() == last.tobytes() and paper(now) is not None:
            return now
        last = now
    pytest.fail("the viewer never came to rest with a page in it")


def paper(drawn: Image.Image) -> tuple[int, int, int, int] | None:
    """Find the white page on the viewer's dark ground."""
    return drawn.convert("L").point(lambda grey: 255 if grey == 255 else 0).getbbox()


@contextmanager
def viewed(browser: Browser, path: Path) -> Iterator[Viewed]:
    """Open a file of one page in the browser's viewer, whole in its window and without the viewer's bars."""
    with pikepdf.open(path) as document:
        _, _, width, height = map(float, document.pages[0].mediabox)
    context = browser.new_context(viewport={"width": WINDOW[0], "height": WINDOW[1]}, device_scale_factor=SHARP)
    try:
        page = context.new_page()
        page.goto(f"{path.as_uri()}#toolbar=0&navpanes=0&view=Fit", wait_until="load")
        found = paper(settled(page))
        assert found is not None
        left, top, right, bottom = (edge / SHARP for edge in found)
        scale = (right - left) / width
        assert (bottom - top) / height == pytest.approx(scale, rel=0.01), "the page is not seen whole"
        yield Viewed(page, height, left, top, scale)
    finally:
        context.close()


def fields(path: Path) -> dict[str, Box]:
    with pikepdf.open(path) as document:
        every = list(document.Root.AcroForm.Fields)
        edges = {str(one.T): [float(edge) for edge in one.Rect] for one in every}
    return {name: (left, bottom, right, top) for name, (left, bottom, right, top) in edges.items()}


@pytest.mark.parametrize("path", CHECKLISTS)
def test_a_box_is_ticked_and_cleared_in_the_browsers_viewer(built: Built, browser: Browser, path: str):
    boxes = fields(built.out / path)
    here, next_one = boxes["tick-1"], boxes["tick-2"]
    with viewed(browser, built.out / path) as viewer:
        assert viewer.ink(here) == 0
        viewer.click(here)
        settled(viewer.page)
        assert viewer.ink(here) > 30
        assert viewer.ink(next_one) == 0
        viewer.click(here)
        settled(viewer.page)
        assert viewer.ink(here) == 0


@pytest.mark.parametrize("path", CHECKLISTS)
def test_lines_are_written_one_after_the_other_in_the_browsers_viewer(built: Built, browser: Browser, path: str):
    boxes = fields(built.out / path)
    lines = [boxes[name] for name in ("name", "date", "appointment")]
    with viewed(browser, built.out / path) as viewer:
        before = [viewer.ink(line) for line in lines]
        viewer.click(lines[0])
        for written in ("Yamada", "2026-11-23", "10:30"):
            viewer.page.keyboard.type(written)
            viewer.page.keyboard.press("Tab")
        viewer.space()
        settled(viewer.page)
        assert all(viewer.ink(line) - bare > 30 for line, bare in zip(lines, before, strict=True))
        assert viewer.ink(boxes["tick-1"]) > 30, "after the lines the first box has the keyboard"


def test_a_printed_edition_has_nothing_to_tick(built: Built, browser: Browser):
    path = CHECKLISTS[0]
    here = fields(built.out / path)["tick-1"]
    with viewed(browser, built.out / path.replace("-screen", "-print")) as viewer:
        before = settled(viewer.page)
        viewer.click(here)
        assert settled(viewer.page).tobytes() == before.tobytes()
