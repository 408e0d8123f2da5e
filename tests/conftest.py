"""One day for the whole run, so that no fact expires meanwhile; and the real guide, built once for all."""

import datetime as dt
import os
import tomllib
from collections.abc import Iterator
from pathlib import Path

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


LEVELS = ("unit", "typeset", "shipped")
SHIPPED = {"forms", "reading_order", "paper", "photocopy", "print_run", "packs", "release_command", "web_edition"}
"""Files outside shipped/ that want the real guide, or a browser."""

UNIT = {"imposition", "pdfx", "workers", "sarif", "main", "weasyprint_inside", "copyfit"}
"""Files that typeset nothing, in rooms that otherwise do."""

PURE = {"language", "content", "model", "checks", "render", "bootstrap"}
TYPESET = {"accept", "tools", "before_printing", "html"}
"""Files that typeset small documents, in rooms that otherwise do not."""


def level_of(path: Path) -> str:
    """Return the level of a file of tests: what stands highest of what it needs."""
    room, name = path.parent.name, path.stem.removeprefix("test_")
    if room == "shipped" or name in SHIPPED:
        return "shipped"
    return "unit" if name in UNIT or (room in PURE and name not in TYPESET) else "typeset"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the level that `build.py test` may be given."""
    parser.addoption("--level", choices=LEVELS, help="only the tests of a level")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out the files of other levels."""
    level = config.getoption("--level")
    return True if level and collection_path.name.startswith("test_") and level_of(collection_path) != level else None


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
