"""Releases for tests: real guides, real words and templates, but documents of blank pages: so they take no time."""

from functools import cache
from io import BytesIO
from pathlib import Path

import pikepdf

from taiyaku.checks.prepare import prepare
from taiyaku.content.load import load_guide
from taiyaku.content.theme import load_theme
from taiyaku.model.documents import Document, Edition, Form, editions_of
from taiyaku.pipeline.options import BuildOptions
from taiyaku.pipeline.output import Artifact, manifest_entry
from taiyaku.pipeline.targets import plan
from taiyaku.release.bundle import Files, ReleaseInputs, gather
from taiyaku.release.delta import Delta
from taiyaku.release.provenance import load_fonts, load_packages
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


def stock(folder: Path, guide: str, *, url: str = URL, delta: Delta | None = None) -> ReleaseInputs:
    """Gather what a release of a guide is made from, with blank documents."""
    content = load_guide(folder, guide).content
    assert content is not None
    made = tuple(
        Artifact(Document(title, edition, title.name, blank(_pages(title.form)), _pages(title.form), 1), "")
        for title in plan(content, BuildOptions(ROOT, folder, Path("dist")))
        for edition in editions_of(title.form)
    )
    manifest = {"documents": [manifest_entry(one) for one in made]}
    prepared = {guide: prepare(content, draft=True)}
    theme = load_theme(folder).theme
    fonts = load_fonts(content.guide.languages)
    return ReleaseInputs(theme, prepared, made, manifest, delta, *load_packages(), fonts, b"profile", url)


def _pages(form: Form) -> int:
    return 8 if form is Form.BOOKLET else 1


@cache
def shipped_release() -> Files:
    """Return a release of the shipped guide: as many documents as it has, all of them blank."""
    return gather(stock(ROOT / "content", "phone-number"))


@cache
def arabic_release() -> Files:
    """Return a release of the sample guide, whose first language runs from right to left."""
    return gather(stock(SAMPLES, "sample"))


def put(files: Files, folder: Path) -> Path:
    """Write a release into a folder."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


PRINTED = (Edition.PRINT, Edition.LARGE)
