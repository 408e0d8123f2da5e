"""A finished PDF → faults of composition, line by line. Pure.

It reads any tagged PDF, of whatever typesetter: every text that was to be set is found in it, each once, so that every
character has a page and a place; characters on one baseline are a line. Rules are those of JLReq (Requirements for
Japanese Text Layout) and CLReq (the same for Chinese); ``DefectKind`` names the paragraph of each.

``records`` are what goes in and comes out; ``marked`` makes texts of HTML. ``sheets`` reads the pages, ``wanted`` the
texts, ``search`` finds these on those and parts them into ``lines``. Then each module looks for faults of its own:
``presence`` (lost, doubled), ``breaks`` (between lines), ``areas`` (on the page), ``ink`` (all that is painted, in any
script: texts over texts, pictures, digits beside a telephone number; ``elements`` says whose it is), ``ruby``
(readings) and ``glyphs`` (regional forms, by the outlines that ``regional`` compares).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from taiyaku.pdf.characters import read_sheets
from taiyaku.proofread.areas import headings, outside, overlaps
from taiyaku.proofread.breaks import within
from taiyaku.proofread.collisions import Known, collisions, cut_pictures, dialled_too
from taiyaku.proofread.defects import Defect, DefectKind, Geometry, SetText
from taiyaku.proofread.glyphs import wrong_glyphs
from taiyaku.proofread.needles import looked_for
from taiyaku.proofread.presence import doubled, lost
from taiyaku.proofread.ruby import misplaced
from taiyaku.proofread.search import Search, reads_forth
from taiyaku.proofread.texts import set_texts

__all__ = ["Defect", "DefectKind", "Geometry", "SetText", "count", "read_composition", "set_texts"]


def read_composition(
    pdf: bytes,
    texts: Sequence[SetText],
    geometry: Geometry | None = None,
    *,
    repeats: Iterable[str] = (),
    numbers: Sequence[SetText] = (),
) -> tuple[Defect, ...]:
    """Count the faults of composition in a PDF.

    Of a text from right to left only AREA, MEASURE and CLIPPED are looked for: where its letters stand in the order of
    painting it may not be found, and that is no fault.

    Args:
        pdf: The file; tagged, if readings and running heads are to be told from text (else as it is painted).
        texts: What was to be set, in reading order; running heads and folios left out.
        geometry: The type area; without it AREA is not looked for.
        repeats: Texts that may stand on several pages: the heads of tables.
        numbers: Texts that are a telephone number and no more: others like it may stand on the pages.

    Returns:
        The faults, by page.
    """
    sheets = tuple(read_sheets(pdf))
    search = Search(sheets)
    blocks = search.find(tuple(looked_for(texts)))
    lines = [line for block in blocks for line in block.lines]
    known = Known((*texts, *numbers), blocks)
    tagged = any(sheet.ink for sheet in sheets)
    found = [
        *lost(texts, blocks),
        *doubled(texts, search, repeats),
        *(defect for block in blocks if reads_forth(block) for defect in within(block)),
        *headings(blocks),
        *outside(blocks, sheets, geometry),
        *(collisions(sheets, known) if tagged else overlaps(blocks)),
        *cut_pictures(sheets, known),
        *dialled_too(sheets, blocks, numbers, known),
        *(defect for block in blocks for defect in misplaced(block, lines)),
        *wrong_glyphs(pdf, blocks),
    ]
    return tuple(sorted(found, key=lambda defect: (defect.page, defect.fault)))


def count(defects: Iterable[Defect]) -> Mapping[DefectKind, int]:
    """Count mishaps by fault; every fault is a key."""
    counted = Counter(defect.fault for defect in defects)
    return {fault: counted[fault] for fault in DefectKind}
