"""Releases for tests: real guides, real words and templates, but documents of blank pages: so they take no time."""

from functools import cache
from io import BytesIO
from pathlib import Path

import pikepdf

from taiyaku.load import load_fonts, load_guide, load_house, load_packages
from taiyaku.model import Document, Edition, Form, editions_of
from taiyaku.pipeline import prepare
from taiyaku.plan import Order, plan
from taiyaku.release import Made, entry
from taiyaku.releasing.delta import Delta
from taiyaku.releasing.together import Files, Stock, gather
from tests.making import ROOT

URL = "https://example.org/guides/"
SAMPLES = ROOT / "tests" / "sample"


@cache
def blank(pages: int) -> bytes:
    """Make a PDF of blank pages."""
    out = BytesIO()
    with pikepdf.new() as pdf:
        for _ in range(pages):
            pdf.add_blank_page(page_size=(420, 595))
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


def stock(folder: Path, guide: str, *, url: str = URL, delta: Delta | None = None) -> Stock:
    """Gather what a release of a guide is made from, with blank documents."""
    content = load_guide(folder, guide).content
    assert content is not None
    made = tuple(
        Made(Document(title, edition, title.name, blank(_pages(title.form)), _pages(title.form), 1), "")
        for title in plan(content, Order(ROOT, folder, Path("dist")))
        for edition in editions_of(title.form)
    )
    manifest = {"documents": [entry(one) for one in made]}
    prepared = {guide: prepare(content, draft=True)}
    house = load_house(ROOT, folder).house
    fonts = load_fonts(content.guide.languages)
    return Stock(house, prepared, made, manifest, delta, *load_packages(ROOT), fonts, b"profile", url)


def _pages(form: Form) -> int:
    return 8 if form is Form.BOOKLET else 1


@cache
def shipped_release() -> Files:
    """Give a release of the shipped guide: as many documents as it has, all of them blank."""
    return gather(stock(ROOT / "content", "phone-number"))


@cache
def arabic_release() -> Files:
    """Give a release of the sample guide, whose first language runs from right to left."""
    return gather(stock(SAMPLES, "sample"))


def put(files: Files, folder: Path) -> Path:
    """Write a release into a folder."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


PRINTED = (Edition.PRINT, Edition.LARGE)
