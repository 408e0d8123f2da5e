"""One day for the whole run, so that no fact expires meanwhile; and the real guide, built once for all."""

import datetime as dt
import os
import tomllib
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from taiyaku.content.load import load_guide
from taiyaku.model.content import Content
from tests.browser import start
from tests.shipped import GUIDE, ROOT, Built, shipped

SOURCES = tomllib.loads((ROOT / "content" / GUIDE / "sources.toml").read_text(encoding="utf-8"))
TODAY = dt.datetime.combine(max(source["checked"] for source in SOURCES.values()), dt.time(), dt.UTC)
"""The day on which somebody last compared a source of the real guide: no day of it is still to come."""

os.environ["SOURCE_DATE_EPOCH"] = str(int(TODAY.timestamp()))  # processes that a test starts inherit it


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The real guide as it was built."""
    return shipped(tmp_path_factory)


@pytest.fixture(scope="session")
def content() -> Content:
    """The real guide as it was read."""
    loaded = load_guide(ROOT / "content", GUIDE).content
    assert loaded is not None
    return loaded


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A browser that many tests use: each opens a context of its own."""
    yield from start()
