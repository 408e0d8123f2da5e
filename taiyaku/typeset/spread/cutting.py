"""A spread → two pages, and what became of its marks."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import pikepdf
from pikepdf import Array, Dictionary, Name

from taiyaku.typeset.spread.parts import Half, Planner, SpreadPart, size_of
from taiyaku.typeset.spread.pen import SpreadBox
from taiyaku.typeset.spread.writing import Writer, move_patterns

ROUNDING_PT: Final = 0.1
"""Lengths that differ by less are the same."""


@dataclass(frozen=True, slots=True)
class SpreadMark:
    """A marked content after the cut: its page, its MCID there, and where it shows on the spread."""

    page: Any
    mcid: int
    box: SpreadBox | None


@dataclass(frozen=True, slots=True)
class Cut:
    """A spread after the cut: its two pages, and what became of each of its marks by their old MCID.

    ``left`` is the spread's own page object, so that what names it goes on naming the left page.
    """

    number: int
    left: Any
    right: Any
    width: float
    marks: Mapping[int, tuple[SpreadMark, ...]]
    order: tuple[tuple[int, ...], tuple[int, ...]]

    def side(self, x: float) -> tuple[Any, float]:
        """Return the page on which a place of the spread lies, and how far that page's own places are moved."""
        return (self.left, 0.0) if x < self.width else (self.right, self.width)


def cut_in_two(document: pikepdf.Pdf, page: pikepdf.Page, number: int) -> Cut:
    """Cut a spread, the document's page of that number from 1. The right half is not yet among its pages.

    Raises:
        ValueError: as ``cut_spreads`` does.
    """
    _refuse_bleed(page, number)
    width, height = size_of(page)[0] / 2, size_of(page)[1]
    whole = Planner(page, number).plan()
    patterns = page.resources.get(Name.Pattern, Dictionary())
    writers = (Writer(Half.LEFT, 0.0, patterns), Writer(Half.RIGHT, width, patterns))
    contents = [document.make_stream(writer.write(whole)) for writer in writers]
    move_patterns(document, patterns, writers[1].used, width)
    left, right = page.obj, document.make_indirect(Dictionary(dict(page.obj.items())))
    for half, content in zip((left, right), contents, strict=True):
        half.Contents = content
        _set_boxes(half, width, height)
    _share_annotations(document, left, right, width)
    boxes = dict(_boxes(whole))
    marks: dict[int, tuple[SpreadMark, ...]] = {}
    for half, writer in zip((left, right), writers, strict=True):
        for mcid, old in enumerate(writer.marks):
            marks[old] = (*marks.get(old, ()), SpreadMark(half, mcid, boxes[old]))
    return Cut(number, left, right, width, marks, (tuple(writers[0].marks), tuple(writers[1].marks)))


def _refuse_bleed(page: pikepdf.Page, number: int) -> None:
    media, trim = _floats(page.mediabox), _floats(page.trimbox)
    if media[:2] != [0, 0] or any(abs(a - b) > ROUNDING_PT for a, b in zip(media, trim, strict=True)):
        raise ValueError(f"page {number} is a spread with a bleed: only pages that end at the trim can be cut")


def _floats(box: Any) -> list[float]:
    return [float(value) for value in box]


def _set_boxes(page: Any, width: float, height: float) -> None:
    for key in (Name.MediaBox, Name.CropBox, Name.BleedBox, Name.TrimBox, Name.ArtBox):
        if key in page or key == Name.MediaBox:
            page[key] = Array([0, 0, width, height])


def _boxes(part: SpreadPart) -> Iterator[tuple[int, SpreadBox | None]]:
    if part.mark is not None:
        yield part.mark, part.box
    for inner in part.parts:
        yield from _boxes(inner)


def _share_annotations(document: pikepdf.Pdf, left: Any, right: Any, width: float) -> None:
    """Return each half its links and other annotations: the half on which the middle of one lies."""
    shares: tuple[list[Any], list[Any]] = ([], [])
    for annotation in left.get(Name.Annots, ()):
        x1, y1, x2, y2 = _floats(annotation.Rect)
        is_right = (x1 + x2) / 2 >= width
        if is_right:
            annotation.Rect = Array([x1 - width, y1, x2 - width, y2])
        annotation.P = right if is_right else left
        shares[is_right].append(annotation)
    for page, share in zip((left, right), shares, strict=True):
        if Name.Annots in page:
            del page[Name.Annots]
        if share:
            page.Annots = Array(share)


Spreads: TypeAlias = Mapping[tuple[int, int], Cut]
