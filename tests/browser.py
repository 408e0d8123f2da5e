"""A real browser for tests of pages: Chromium without a window, and without anything of its own on the network."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from bootstrap.main import BROWSERS

QUIET = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def start() -> Iterator[Browser]:
    """Start the browser. Where there is none the tests are skipped, but not where the tests must run."""
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None and "CI" not in os.environ:
        pytest.skip("there is no browser on this machine: python3 build.py test installs one")
    # the typesetter's own Fontconfig knows no font of the machine: with it, every text would be of no height
    fonts: dict[str, str | float | bool] = {
        name: value for name, value in os.environ.items() if name != "FONTCONFIG_FILE"
    }
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(QUIET), env=fonts)
        yield browser
        browser.close()


@dataclass
class Heard:
    """What a page said and asked for while it was open."""

    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)


@contextmanager
def opened(browser: Browser, address: str, **options: Any) -> Iterator[tuple[Page, Heard]]:
    """Open a page in a context of its own, and listen to it: what it says on the console, and what it asks for."""
    heard = Heard()
    context = browser.new_context(**options)
    page = context.new_page()
    page.on("console", lambda message: heard.said.append(message.text))
    page.on("pageerror", lambda error: heard.said.append(str(error)))
    page.on("request", lambda request: heard.asked.append(request.url))
    try:
        page.goto(address)
        yield page, heard
    finally:
        context.close()
