"""Reads a finished document back: completeness and composition. Pure.

In a draft what is found is a warning, and is drawn on the page where it stands.
"""

from collections.abc import Iterable
from itertools import chain

from taiyaku.language.linebreak import visible
from taiyaku.model.findings import Finding, Place
from taiyaku.pdf.text import read_back
from taiyaku.proofread import annotate
from taiyaku.proofread.completeness import check_text
from taiyaku.proofread.composition import Defect, DefectKind, Geometry, SetText, read_composition
from taiyaku.proofread.composition import set_texts as texts_of
from taiyaku.render.html import Rendered
from taiyaku.render.htmltext import runs

_PROVED = frozenset({DefectKind.MISSING, DefectKind.DOUBLED, DefectKind.CLIPPED})
"""What the completeness proof has found already."""


def proofread(
    pdf: bytes, rendered: Rendered, geometry: Geometry, name: str, *, draft: bool
) -> tuple[bytes, tuple[Finding, ...]]:
    """Return a document, marked where it is a draft, and what is wrong with it."""
    repeats = tuple(text for cell in rendered.repeats for text in runs(cell.html))
    texts = _cell_texts(rendered)
    numbers = tuple(text for text in texts if text.telephones and not _says(text))
    defects = read_composition(pdf, tuple(filter(_says, texts)), geometry, repeats=repeats, numbers=numbers)
    findings = (*_lost(pdf, rendered, name, repeats), *_composed(defects, name))
    if not draft or not defects:
        return pdf, findings
    return annotate.mark(pdf, defects), findings


def set_texts(rendered: Rendered) -> tuple[SetText, ...]:
    """Return the texts of a document as the composition check wants them.

    A bare number has no composition, and too many others like it stand on the pages; an entry of the contents is a
    title that stands once more behind a numeral. The completeness proof has both.
    """
    return tuple(filter(_says, _cell_texts(rendered)))


def _cell_texts(rendered: Rendered) -> tuple[SetText, ...]:
    cells = (cell for cell in rendered.cells if cell.role != "contents")
    return tuple(chain.from_iterable(texts_of(cell.html, cell.lang, cell.role, cell.slot, cell.at) for cell in cells))


def _says(text: SetText) -> bool:
    return any(map(str.isalpha, text.text))


def _lost(pdf: bytes, rendered: Rendered, name: str, repeats: Iterable[str]) -> tuple[Finding, ...]:
    wanted = [text for cell in rendered.cells if cell.dir == "ltr" for text in runs(cell.html)]
    painted = [text for cell in rendered.cells if cell.dir == "rtl" for text in runs(cell.html)]
    return check_text(read_back(pdf), wanted, name, repeats, painted)


def _composed(defects: Iterable[Defect], name: str) -> Iterable[Finding]:
    for one in defects:
        if one.fault not in _PROVED:
            facts = {"document": name, "page": one.page, "text": visible(one.text)[:60]}
            path, _, line = one.at.rpartition(":")
            yield Finding(f"set.{one.fault}", Place(path, int(line)) if path else Place(name), facts)
