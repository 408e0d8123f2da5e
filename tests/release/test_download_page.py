"""The download page in a real browser: languages, keyboard, direction, widths, no word to anybody outside."""

import re
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from taiyaku.model.content import Content
from taiyaku.release.bundle import Files
from tests.browser import opened
from tests.making import theme
from tests.releases import arabic_release, put, shipped_release

WIDTHS: Final = (320, 375, 768, 1280, 1920)
LANGUAGES: Final = ("zh-Hans", "en", "ja")


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return put(shipped_release(), tmp_path_factory.mktemp("release")) / "index.html"


@pytest.fixture(scope="module")
def arabic_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return put(arabic_release(), tmp_path_factory.mktemp("arabic")) / "index.html"


def shown(page: Page) -> list[str]:
    return [part.get_attribute("lang") or "" for part in page.locator("main > [data-language]:visible").all()]


# Languages


@pytest.mark.parametrize(
    ("asks", "gets"),
    [
        ("zh-CN", "zh-Hans"),
        ("zh-SG", "zh-Hans"),
        ("ja-JP", "ja"),
        ("en-GB", "en"),
        ("zh-TW", "zh-Hans"),
        ("pt-BR", "en"),
        ("vi-VN", "en"),
    ],
)
def test_the_language_is_the_one_that_the_browser_asks_for(browser: Browser, page_file: Path, asks: str, gets: str):
    with opened(browser, page_file.as_uri(), locale=asks) as (page, heard):
        assert shown(page) == [gets]
        assert page.locator("html").get_attribute("lang") == gets
        assert page.locator(".languages [aria-current]").get_attribute("hreflang") == gets
        assert heard.said == []


@pytest.mark.parametrize("tag", LANGUAGES)
def test_a_visitor_chooses_another_language_and_keeps_it_in_the_address(browser: Browser, page_file: Path, tag: str):
    with opened(browser, page_file.as_uri(), locale="ko-KR") as (page, _):
        page.click(f".languages [hreflang={tag}]")
        page.wait_for_function(f"document.documentElement.lang === '{tag}'")
        assert shown(page) == [tag]
        assert page.url.endswith(f"#{tag}")
        page.reload()
        assert shown(page) == [tag]


def test_without_a_script_everything_is_there(browser: Browser, page_file: Path):
    with opened(browser, page_file.as_uri(), java_script_enabled=False) as (page, _):
        assert sorted(shown(page)) == sorted(LANGUAGES)
        links = {link.get_attribute("href") for link in page.locator("main a:visible").all()}
        assert {name for name in shipped_release() if name.endswith(".pdf") and "poster" not in name} <= links


@pytest.mark.parametrize("place", ["ja-phone-number-en-ja", "how-ja", "main-ja"])
def test_an_address_inside_a_language_shows_that_language_there(browser: Browser, page_file: Path, place: str):
    with opened(browser, f"{page_file.as_uri()}#{place}", locale="en-US") as (page, _):
        assert shown(page) == ["ja"]
        top = f"document.getElementById('{place}').getBoundingClientRect().top"
        page.wait_for_function(f"0 <= {top} + 1 && {top} < innerHeight")


@pytest.mark.parametrize("place", ["nowhere", "%E0%", "%"])
def test_an_address_that_is_not_there_does_no_harm(browser: Browser, page_file: Path, place: str):
    with opened(browser, f"{page_file.as_uri()}#{place}", locale="ja-JP") as (page, heard):
        assert shown(page) == ["ja"]
        assert heard.said == []


@pytest.mark.parametrize("tag", LANGUAGES)
def test_a_finger_meets_every_link(browser: Browser, page_file: Path, tag: str):
    """No link that stands by itself is lower than 24 px (WCAG 2.2, 2.5.8)."""
    with opened(browser, f"{page_file.as_uri()}#{tag}", viewport={"width": 375, "height": 800}) as (page, _):
        boxes = [(link.get_attribute("href"), link.bounding_box()) for link in page.locator("a:visible").all()]
        assert len(boxes) > 30
        assert [(href, box) for href, box in boxes if box is not None and box["height"] < 24] == []


# Keyboard


@pytest.mark.parametrize("tag", LANGUAGES)
def test_a_download_is_reached_by_the_keyboard_alone(browser: Browser, served: str, tag: str):
    with opened(browser, f"{served}#{tag}", accept_downloads=True) as (page, _):
        for _ in range(40):
            page.keyboard.press("Tab")
            here = page.evaluate("document.activeElement.getAttribute('href')") or ""
            if here.endswith(".pdf"):
                break
        assert here.endswith("_booklet-print.pdf"), "the first file is the one that most people came for"
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none", "who uses the keyboard sees where she is"
        with page.expect_download() as download:
            page.keyboard.press("Enter")
        assert download.value.suggested_filename == here


def test_the_first_stop_skips_to_the_content(browser: Browser, page_file: Path):
    with opened(browser, page_file.as_uri(), locale="en-US") as (page, _):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('main') !== null")


def test_the_way_to_the_content_leads_to_no_other_language(browser: Browser, page_file: Path):
    with opened(browser, f"{page_file.as_uri()}#ja", locale="en-US") as (page, _):
        page.locator(".skip:not([hidden])").focus()
        page.keyboard.press("Enter")
        page.wait_for_function("location.hash === '#main-ja'")
        assert shown(page) == ["ja"]


# Width, direction, light and dark


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("tag", LANGUAGES)
def test_nothing_is_wider_than_the_window(browser: Browser, page_file: Path, width: int, tag: str):
    with opened(browser, f"{page_file.as_uri()}#{tag}", viewport={"width": width, "height": 800}) as (page, _):
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [320, 1280])
def test_a_page_from_right_to_left_begins_at_the_right(browser: Browser, arabic_file: Path, width: int):
    with opened(browser, arabic_file.as_uri(), locale="ar-EG", viewport={"width": width, "height": 800}) as (
        page,
        heard,
    ):
        assert page.locator("html").get_attribute("dir") == "rtl"
        assert shown(page) == ["ar"]
        name, languages = page.locator(".name").bounding_box(), page.locator(".languages").bounding_box()
        assert name is not None
        assert languages is not None
        if width > 600:
            assert name["x"] > languages["x"]
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert heard.said == []
        assert page.locator("time:visible").first.get_attribute("dir") == "ltr", "or a date is read backwards"
        assert "\u2068" in page.locator(".size:visible").first.inner_text(), "or 2 KB becomes KB 2"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("tag", LANGUAGES)
def test_axe_finds_nothing(browser: Browser, page_file: Path, tag: str, scheme: Any):
    with opened(browser, f"{page_file.as_uri()}#{tag}", color_scheme=scheme) as (page, _):
        assert_accessible(page)


def test_axe_finds_nothing_from_right_to_left(browser: Browser, arabic_file: Path):
    with opened(browser, f"{arabic_file.as_uri()}#ar", viewport={"width": 375, "height": 800}) as (page, _):
        assert_accessible(page)


def assert_accessible(page: Page) -> None:
    result = Axe().run(page)
    assert result.violations_count == 0, result.generate_report()


# What it asks for, and what it weighs


@pytest.fixture(scope="module")
def served(page_file: Path):
    class Handler(SimpleHTTPRequestHandler):
        def __init__(self, *args: Any) -> None:
            super().__init__(*args, directory=str(page_file.parent))

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/index.html"
    server.shutdown()


def test_no_request_leaves_the_page_s_own_place(browser: Browser, served: str):
    with opened(browser, served, viewport={"width": 1280, "height": 9000}) as (page, heard):
        page.wait_for_load_state("networkidle")
        assert any("pictures/" in address for address in heard.asked)
        assert all(address.startswith((served.rpartition("/")[0], "data:")) for address in heard.asked), heard.asked
        assert heard.said == []


def test_it_works_from_a_folder_without_a_server(browser: Browser, page_file: Path):
    with opened(browser, page_file.as_uri(), viewport={"width": 1280, "height": 9000}) as (page, heard):
        page.wait_for_load_state("networkidle")
        pictures = page.locator("main img:visible")
        assert pictures.count() > 0
        assert pictures.evaluate_all("all => all.every(one => one.complete && one.naturalWidth > 0)")
        assert heard.said == []


def test_the_page_is_light():
    assert len(shipped_release()["index.html"]) <= 60 * 1024


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name in ("href", "src") and value]
        self.ids += [value for name, value in attrs if name == "id" and value]


@pytest.mark.parametrize("files", [shipped_release, arabic_release])
def test_every_link_leads_to_a_file_of_the_release(files):
    held: Files = files()
    for name in (name for name in held if name.endswith(".html")):
        links = _Links()
        links.feed(held[name].decode())
        assert len(links.ids) == len(set(links.ids)), name
        for link in links.found:
            parts = urlsplit(link)
            if parts.scheme in ("data", "http", "https", "tel"):
                continue
            beside = Path("/", name).parent / unquote(parts.path)
            path = re.sub(r"[^/]+/\.\./", "", beside.as_posix().lstrip("/")) if parts.path else name
            assert path in held, f"{name}: {link}"
            if parts.fragment and path == name:
                assert parts.fragment in links.ids, f"{name}: {link}"


def test_the_page_says_what_a_person_wants_to_know(content: Content):
    page = shipped_release()["index.html"].decode()
    for tag in LANGUAGES:
        words = theme().strings[tag].page
        assert words is not None
        for text in (words.how_booklet[0], words.pages.format(n=8), words.sheet.format(n=1), words.checked, words.sums):
            assert text in page
    assert theme().strings["en"].draft in page
    assert content.guide.version in page
