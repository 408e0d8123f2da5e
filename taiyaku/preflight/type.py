"""Checks of fonts and type: in the file, of the house, every glyph there and told, nothing too small to read."""

import re
from collections.abc import Callable, Iterator
from typing import Final

from taiyaku.model.findings import Finding
from taiyaku.pdf.fonts import Typeface
from taiyaku.pdf.painted import GlyphRun
from taiyaku.preflight.document import Page, PdfDocument

SLACK: Final = 0.05
"""pt that a size may be under its least: a size in the PDF is rounded to the typesetter's unit (1/1024 pt)."""

READING: Final = 5.0
"""The smallest reading (ruby) in pt: half of a text of 10 pt (JLReq 3.3.3)."""


def fonts(subject: PdfDocument) -> Iterator[Finding]:
    """Every font is in the file, cut to what is used, and of the families of the house (ISO 15930-7)."""
    expect = subject.expect
    outside = _names(subject, lambda face: not face.embedded)
    whole = _names(subject, lambda face: face.embedded and not face.subset)
    strange = _names(subject, lambda face: bool(expect.families) and not face.name.startswith(expect.families))
    for code, names in (("pdf.font-outside", outside), ("pdf.font-whole", whole), ("pdf.font-strange", strange)):
        if names:
            yield from subject.found(code, _using(subject, names), fonts=", ".join(names))


def _names(subject: PdfDocument, wrong: Callable[[Typeface], bool]) -> tuple[str, ...]:
    return tuple(sorted({face.name or "(without a name)" for face in subject.faces if wrong(face)}))


def _using(subject: PdfDocument, names: tuple[str, ...]) -> set[int]:
    used = ((page.number, face.name or "(without a name)") for page in subject.pages for face in page.painted.faces)
    return {page for page, name in used if name in names}


def glyphs(subject: PdfDocument) -> Iterator[Finding]:
    """No glyph is ``.notdef`` (ISO 14289-1, 7.21.8), and the file tells which character each is (7.21.7)."""
    missing = [(page, run) for page, run in subject.runs if run.said.missing]
    if missing:
        yield from subject.found("pdf.notdef", (page.number for page, _ in missing), fonts=_fonts(missing))
    told = [(page, run) for page, run in subject.runs if not run.said.missing and not run.mark.artifact]
    mute = [(page, run) for page, run in told if run.said.mute]
    if mute:
        yield from subject.found("pdf.unicode", (page.number for page, _ in mute), fonts=_fonts(mute))


def _fonts(runs: list[tuple[Page, GlyphRun]]) -> str:
    return ", ".join(sorted({run.face.name for _, run in runs}))


def sizes(subject: PdfDocument) -> Iterator[Finding]:
    """Type can be read: 5 pt at least, Chinese, Japanese and Korean 8 pt; a reading above its base 5 pt."""
    expect = subject.expect
    small: list[tuple[int, float]] = []
    small_cjk: list[tuple[int, float]] = []
    for page in subject.pages:
        for run in page.shown:
            if run.size < expect.min_type - SLACK:
                small.append((page.number, run.size))
            elif run.size < expect.min_cjk - SLACK and is_cjk_text(run.said.text) and not _is_reading(run, page):
                small_cjk.append((page.number, run.size))
    yield from _smallest(subject, "pdf.type-small", small, expect.min_type)
    yield from _smallest(subject, "pdf.cjk-small", small_cjk, expect.min_cjk)


def _smallest(subject: PdfDocument, code: str, found: list[tuple[int, float]], least: float) -> Iterator[Finding]:
    if found:
        smallest = f"{min(size for _, size in found):.1f} pt"
        yield from subject.found(code, (page for page, _ in found), size=smallest, least=f"{least:g} pt")


def is_cjk_text(text: str) -> bool:
    """Tell whether a text holds a Han character, kana or hangul: punctuation alone is in every face."""
    return _CJK.search(text) is not None


_CJK: Final = re.compile(
    "[\u3041-\u3096\u30a1-\u30fa\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff]"
)


def _is_reading(run: GlyphRun, page: Page) -> bool:
    """Tell whether a small run is a reading: it stands above a larger one, of at least 5 pt itself."""
    return run.size >= READING - SLACK and any(_is_base(other, run) for other in page.painted.runs)


def _is_base(other: GlyphRun, run: GlyphRun) -> bool:
    """Tell whether a run stands right below a smaller one, so that the smaller one reads it."""
    if other.size < 1.4 * run.size:
        return False
    rise = (run.start[0] - other.start[0]) * other.across[0] + (run.start[1] - other.start[1]) * other.across[1]
    overlap = run.box.grown(run.size).cut(other.box.grown(other.size))
    return 0.5 * other.size <= rise <= 1.6 * other.size and overlap.width > 0 and overlap.height > 0


CHECKS: Final = (fonts, glyphs, sizes)
