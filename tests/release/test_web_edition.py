"""The reading edition: the same words as the printed pages, in a real browser, in both directions."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from taiyaku.checks.prepare import prepare
from taiyaku.language.linebreak import visible
from taiyaku.model.content import BlockKind, Role, walk
from tests.browser import opened
from tests.making import ROOT
from tests.releases import SAMPLES, arabic_release, put, shipped_release, stock

CHINESE: Final = "read/phone-number_zh-Hans_ja.html"
ENGLISH: Final = "read/phone-number_en_ja.html"
ASIDE: Final = re.compile(r'<(rt|a)\b[^>]*>.*?</\1>|<span class="footnote".*')
ARABIC: Final = "read/sample_ar_ja.html"


class _Reader(HTMLParser):
    """Reads a page: its texts by language, where it leads, what it loads."""

    VOID: Final = frozenset({"img", "br", "meta", "link", "hr", "input", "wbr", "col"})

    def __init__(self) -> None:
        super().__init__()
        self.said: dict[str, str] = {}
        self.links: list[str] = []
        self.loads: list[str] = []
        self.ids: list[str] = []
        self.levels: list[int] = []
        self._stack: list[tuple[str, bool]] = [("", False)]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        its = dict(attrs)
        self.links += [value for name, value in attrs if name == "href" and value]
        self.loads += [value for name, value in attrs if name == "src" and value]
        self.ids += [value for name, value in attrs if name == "id" and value]
        if re.fullmatch(r"h[1-6]", tag):
            self.levels.append(int(tag[1]))
        if tag not in self.VOID:
            aside = tag in ("style", "script", "rt") or its.get("class") == "cite"
            self._stack.append((its.get("lang") or self._stack[-1][0], self._stack[-1][1] or aside))

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            self._stack.pop()

    def handle_data(self, data: str) -> None:
        language, aside = self._stack[-1]
        if not aside:
            self.said[language] = self.said.get(language, "") + data


def read(html: bytes) -> _Reader:
    reader = _Reader()
    reader.feed(html.decode())
    return reader


def bare(text: str) -> str:
    return re.sub(r"\s", "", visible(text))


@pytest.mark.parametrize("pair", [("zh-Hans", "ja"), ("en", "ja"), ("zh-Hans", "en")])
def test_every_text_of_the_guide_is_there_in_its_language(pair):
    page = read(shipped_release()[f"read/phone-number_{'_'.join(pair)}.html"])
    own = stock(ROOT / "content", "phone-number").guides["phone-number"]
    for text in prepare(own.content, draft=False).texts:
        language = text.manuscript.language
        if language not in pair:
            continue
        anywhere = bare("".join(page.said.values()))
        for block in walk(text.blocks):
            for inline in block.inlines:
                asked = block.kind is BlockKind.PHRASE and inline is block.title
                for tag, piece in pieces(inline.html, own.content.host_language if asked else language):
                    if len(bare(piece)) > 6 and "&" not in piece:
                        # a name that both languages write alike stands once
                        where = anywhere if len(piece) < 25 and piece.isascii() else bare(page.said[tag])
                        assert bare(piece) in where, f"{block.place}: {piece}"


def pieces(html: str, language: str) -> Iterator[tuple[str, str]]:
    """Return the running text of a block's HTML, piece by piece, each with its language.

    What the page puts elsewhere parts it: notes, readings, links to chapters, numbers of sources.
    """
    tag = language
    for element, piece in re.findall(r"<([^>]*)>([^<]*)", "<>" + ASIDE.sub("<>", html)):
        named = re.search(r'\blang="([^"]+)"', element)
        tag = named[1] if named else language if element in ("/span", "/ruby") else tag
        yield tag, piece


@pytest.mark.parametrize("name", [CHINESE, ENGLISH])
def test_chapters_stand_in_order_and_languages_apart(name):
    page = read(shipped_release()[name])
    own = stock(ROOT / "content", "phone-number").guides["phone-number"]
    for tag in name.removesuffix(".html").split("_")[1:]:
        titles = [
            bare(text.title.inline.text)
            for text in sorted(own.texts, key=lambda one: one.manuscript.name)
            if text.manuscript.language == tag and text.manuscript.role is Role.CHAPTER and text.title
        ]
        said = bare(page.said[tag])
        at = said.rindex(titles[0])
        for title in titles[1:]:
            at = said.index(title, at)


@pytest.mark.parametrize(
    ("files", "name"), [(shipped_release, CHINESE), (shipped_release, ENGLISH), (arabic_release, ARABIC)]
)
def test_a_page_holds_all_that_it_needs(files, name):
    page = read(files()[name])
    assert all(one.startswith("data:") for one in page.loads)
    assert len(page.ids) == len(set(page.ids))
    inside = [link.removeprefix("#") for link in page.links if link.startswith("#")]
    assert inside
    assert set(inside) <= set(page.ids)
    outside = {link for link in page.links if not link.startswith("#")}
    assert all(re.match(r"https?://|tel:[\d+%]|data:,|\.\./index\.html", link) for link in outside)
    assert page.levels[0] == 1
    assert page.levels.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(page.levels, page.levels[1:], strict=False))


def test_nothing_of_the_typesetter_is_left():
    for name in (CHINESE, ENGLISH):
        html = shipped_release()[name].decode()
        assert not re.search("[\u2060\u200b\u2005]", html)
        assert "data-tag" not in html
        assert "zh-CN" not in html


def test_the_same_guide_gives_the_same_bytes():
    again = stock(SAMPLES, "sample")
    from taiyaku.release.bundle import gather

    assert gather(again) == arabic_release()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = put(shipped_release(), tmp_path_factory.mktemp("release"))
    return put({name: data for name, data in arabic_release().items() if name.startswith("read/")}, place)


@pytest.mark.parametrize("name", [CHINESE, ENGLISH, ARABIC])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser: Browser, folder: Path, name, scheme):
    with opened(browser, (folder / name).as_uri(), color_scheme=scheme, viewport={"width": 375, "height": 800}) as (
        page,
        heard,
    ):
        result = Axe().run(page)
        assert result.violations_count == 0, result.generate_report()
        assert heard.said == []
        assert [one for one in heard.asked if not one.startswith(("file:", "data:"))] == []


@pytest.mark.parametrize("width", [320, 768, 1280, 1920])
@pytest.mark.parametrize("name", [CHINESE, ENGLISH, ARABIC])
def test_nothing_is_wider_than_the_window(browser: Browser, folder: Path, name, width):
    with opened(browser, (folder / name).as_uri(), viewport={"width": width, "height": 800}) as (page, _):
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scripts", [True, False])
def test_a_reader_chooses_one_language(browser: Browser, folder: Path, scripts):
    with opened(browser, (folder / CHINESE).as_uri(), java_script_enabled=scripts) as (page, _):
        chinese, japanese = page.locator("h2.first").first, page.locator("h2.second").first
        assert chinese.is_visible()
        assert japanese.is_visible()
        page.check("#show-first")
        assert chinese.is_visible() != japanese.is_visible()
        label = page.locator("label:has(#show-first)").inner_text()
        kept = chinese if "简体中文" in label else japanese
        assert kept.is_visible()
        assert all(box.is_visible() for box in page.locator("input[type=checkbox]").all())
        page.emulate_media(media="print")
        assert chinese.is_visible(), "print shows both"
        assert japanese.is_visible(), "print shows both"


def test_who_reads_in_the_dark_prints_on_white(browser: Browser, folder: Path):
    with opened(browser, (folder / CHINESE).as_uri(), color_scheme="dark") as (page, _):
        ground = "getComputedStyle(document.body).backgroundColor"
        assert page.evaluate(ground) != "rgb(255, 255, 255)"
        page.emulate_media(media="print", color_scheme="dark")
        assert page.evaluate(ground) == "rgb(255, 255, 255)"


def test_a_box_to_tick_says_its_words_once():
    html = shipped_release()[CHINESE].decode()
    names = re.findall(r'<input type="checkbox"[^>]* aria-label="([^"]*)"', html)
    assert len(names) > 50
    assert all(" / " in name for name in names)
    assert not any("らいてんよやく" in name for name in names)
    assert "<rt>" in html
    assert "<ruby style" not in html


def test_languages_stand_side_by_side_where_there_is_room(browser: Browser, folder: Path):
    for width, beside in ((1280, True), (375, False)):
        with opened(browser, (folder / CHINESE).as_uri(), viewport={"width": width, "height": 800}) as (page, _):
            row = page.locator("#point-1")
            first, second = row.locator(".first").bounding_box(), row.locator(".second").bounding_box()
            assert first is not None
            assert second is not None
            assert first["height"] > 10, "without fonts a page proves nothing"
            assert (first["y"] == second["y"]) == beside


def test_arabic_stands_at_the_right(browser: Browser, folder: Path):
    with opened(browser, (folder / ARABIC).as_uri(), viewport={"width": 1280, "height": 800}) as (page, _):
        row = page.locator(".row:has(> .first):has(> .second)").first
        first, second = row.locator(".first").bounding_box(), row.locator(".second").bounding_box()
        assert first is not None
        assert second is not None
        assert first["x"] > second["x"]


def test_the_button_prints_and_boxes_can_be_ticked(browser: Browser, folder: Path):
    with opened(browser, (folder / ENGLISH).as_uri()) as (page, _):
        page.evaluate("window.print = () => { document.title = 'printed' }")
        page.click("#print")
        assert page.title() == "printed"
        box = page.locator("input[type=checkbox]").first
        box.check()
        assert box.is_checked()
        page.emulate_media(media="print")
        assert not page.locator(".masthead").is_visible()


def test_without_a_script_there_is_no_button(browser: Browser, folder: Path):
    with opened(browser, (folder / ENGLISH).as_uri(), java_script_enabled=False) as (page, _):
        assert not page.locator("#print").is_visible()


NEAR: Final = """
() => {
  // The boxes of digits: of telephone numbers, and of all that is no part of the same words
  const boxes = (node) => {
    const found = [], walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) for (const match of walker.currentNode.data.matchAll(/[0-9]+/g)) {
      const range = document.createRange();
      range.setStart(walker.currentNode, match.index);
      range.setEnd(walker.currentNode, match.index + match[0].length);
      for (const box of range.getClientRects()) found.push([match[0], box]);
    }
    return found;
  };
  const other = [...document.querySelectorAll(".point, .mark, .cite")].flatMap(boxes);
  const told = [], lines = [], links = [...document.querySelectorAll(".tel")].filter((one) => one.offsetParent);
  for (const link of links) {
    if (link.getClientRects().length != 1) lines.push(link.textContent);
    const around = link.closest("td, th, .cell, p, li") || document.body;
    const its = link.getBoundingClientRect(), column = around.getBoundingClientRect();
    if (its.right > column.right + 1 || its.left < column.left - 1) lines.push(link.textContent);
    for (const [digits, box] of other) {
      const across = Math.max(box.left - its.right, its.left - box.right);
      const up = Math.max(box.top - its.bottom, its.top - box.bottom);
      if (across < 7.55 && up < 0) told.push(link.textContent + " beside " + digits);
    }
  }
  return [links.length, told, lines];
}
"""
"""Counts telephone numbers; tells beside which another digit stands nearer than 2 mm, and which part or run over."""


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("name", [CHINESE, ENGLISH])
def test_no_digit_stands_beside_a_telephone_number(name: str, width: int, browser: Browser, folder: Path):
    address = (folder / name).as_uri()
    with opened(browser, address, viewport={"width": width, "height": 844}) as (page, _):
        numbers, told, lines = page.evaluate(NEAR)
        assert numbers > 8
        assert told == []
        assert lines == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.add_style_tag(content=".data .point { inset-inline-start: -1rem !important }")
        assert page.evaluate(NEAR)[1], "the measure finds what is wrong"


@pytest.mark.parametrize("width", [390, 1280])
def test_a_step_and_its_number_to_point_at_are_not_one_number(width: int, browser: Browser, folder: Path):
    address = (folder / CHINESE).as_uri()
    with opened(browser, address, viewport={"width": width, "height": 844}) as (page, _):
        steps = page.evaluate(
            """[...document.querySelectorAll(".steps .spine")].map((one) => {
              const [mark, point] = [...one.children].map((part) => part.getBoundingClientRect());
              return [mark.bottom, point.top, mark.width];
            })"""
        )
        assert len(steps) > 10
        assert all(bottom <= top and wide > 20 for bottom, top, wide in steps)


def test_a_telephone_number_is_dialled_where_it_is_touched():
    page = shipped_release()[ENGLISH].decode()
    for dialled in ("tel:110", "tel:119", "tel:%239110", "tel:0570013904", "tel:0357967112"):
        assert f'class="tel" href="{dialled}"' in page
