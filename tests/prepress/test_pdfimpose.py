"""Our sheets beside those of pdfimpose, another imposer, compared as pictures: the same pages in the same places.

pdfimpose is a program of its own (AGPL): it is called, never imported. Where there is none, these tests are left out.
It is looked for on the path, and where the environment variable TAIYAKU_PDFIMPOSE says.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from io import BytesIO
from itertools import zip_longest
from pathlib import Path
from typing import Final

import pikepdf
import pypdfium2 as pdfium
import pytest
from PIL import Image, ImageChops

from taiyaku.model.documents import Binding
from taiyaku.model.units import mm
from taiyaku.prepress.imposition import Imposition, Scheme
from taiyaku.prepress.sheets import impose

PROGRAM: Final = shutil.which(os.environ.get("TAIYAKU_PDFIMPOSE") or "pdfimpose")
"""Where pdfimpose is."""

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="pdfimpose is not installed")

A5: Final = (148.0, 210.0)
A7: Final = (74.25, 105.0)
"""An eighth of A4, to the hair: so neither program scales it."""

SCALE: Final = 2 / mm(1) * (1 - 1e-6)
"""Two pixels a millimetre: the half millimetre by which A4 is wider than two pages is one pixel at each edge.

A hair less, because a picture gets whole pixels, and 594.0001 of them would be 595.
"""

SAME: Final = 48
"""Greys out of 255 that may differ at the edge of a letter. A page in another place differs by 255."""

PLAIN: Final = Imposition(gsm=0, marks=False)
"""Creep and marks are ours alone."""


@cache
def source_pdf(pages: int, size_mm: tuple[float, float] = A5) -> bytes:
    """Make pages with large numbers and frames; a wedge of another length in each, so that no two look alike."""
    width, height = map(mm, size_mm)
    with pikepdf.new() as pdf:
        helvetica = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name("/Helvetica-Bold")
        )
        for number in range(1, pages + 1):
            page = pdf.add_blank_page(page_size=(width, height))
            page.obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=helvetica))
            bar = f"20 20 m {20 + mm(number):.3f} 26 l 20 32 l f"  # slanting, so that its ends are drawn smoothly
            frame = f"2 w 8 8 {width - 16:.3f} {height - 16:.3f} re S"
            text = f"BT /F {width / 2:.3f} Tf 20 {height / 3:.3f} Td ({number}) Tj ET {bar}"
            page.obj.Contents = pdf.make_stream(f"{frame} {text}".encode())
        output = BytesIO()
        pdf.save(output)
        return output.getvalue()


def theirs(folder: Path, source: bytes, *arguments: str) -> bytes:
    """Impose with pdfimpose, which names each size in pages: 2x1 is two of them side by side."""
    (folder / "source.pdf").write_bytes(source)
    command = [str(PROGRAM), *arguments, "-o", str(folder / "imposed.pdf"), str(folder / "source.pdf")]
    subprocess.run(command, check=True, capture_output=True)
    return (folder / "imposed.pdf").read_bytes()


def pictures(pdf: bytes) -> Iterator[Image.Image]:
    with pdfium.PdfDocument(pdf) as document:
        for page in document:
            yield page.render(scale=SCALE, grayscale=True).to_pil()


def differences(ours: bytes, others: bytes, *, turned: bool = False) -> list[int]:
    """Return the greatest difference in grey of each side; 255 where one file has no such side, or it is smaller.

    ``turned`` gives the others' sides half a turn.
    """
    sides = (picture.rotate(180) if turned else picture for picture in pictures(others))
    pairs = zip_longest(pictures(ours), sides)
    return [difference(one, other) if one and other else 255 for one, other in pairs]


def difference(ours: Image.Image, other: Image.Image) -> int:
    """Lay two sides upon one another by their middles. What ours has beyond the other must be empty."""
    beyond, rest = divmod(ours.width - other.width, 2)
    if rest or beyond < 0 or ours.height != other.height:
        return 255
    canvas = Image.new("L", ours.size, 255)
    canvas.paste(other, (beyond, 0))
    return max(at for at, count in enumerate(ImageChops.difference(ours, canvas).histogram()) if count)


def assert_same(ours: bytes, others: bytes, *, turned: bool = False) -> None:
    found = differences(ours, others, turned=turned)
    assert found
    assert max(found) <= SAME


@pytest.mark.parametrize("pages", [*range(4, 65, 4), 5, 6, 7, 10, 33, 62, 63])
def test_saddle_stitch(tmp_path: Path, pages: int) -> None:
    source = source_pdf(pages)
    others = theirs(tmp_path, source, "saddle", "--signature", "2x1", "--group", "0", "--last", "1")
    assert_same(impose(source, PLAIN).pdf, others)


@pytest.mark.parametrize("pages", [8, 21])
def test_saddle_stitch_bound_right(tmp_path: Path, pages: int) -> None:
    """Bound right, pdfimpose gives whole sheets half a turn: the paper is the same."""
    source = source_pdf(pages)
    arguments = ("saddle", "--signature", "2x1", "--group", "0", "--last", "1", "--bind", "right")
    ours = impose(source, replace(PLAIN, binding=Binding.RIGHT))
    assert_same(ours.pdf, theirs(tmp_path, source, *arguments), turned=True)


@pytest.mark.parametrize(("pages", "sheets"), [(8, 1), (16, 2), (48, 4), (64, 4), (47, 4)])
def test_signatures(tmp_path: Path, pages: int, sheets: int) -> None:
    """Only where the signatures are full: of what is left over the two make different shares."""
    source = source_pdf(pages)
    arguments = ("hardcover", "--signature", "2x1", "--group", str(sheets), "--last", "1")
    ours = impose(source, replace(PLAIN, sheets_per_signature=sheets))
    assert_same(ours.pdf, theirs(tmp_path, source, *arguments))


@pytest.mark.parametrize("pages", [4, 6, 8, 9, 32])
def test_cut_and_stack(tmp_path: Path, pages: int) -> None:
    source = source_pdf(pages)
    ours = impose(source, replace(PLAIN, scheme=Scheme.CUT_STACK))
    assert_same(ours.pdf, theirs(tmp_path, source, "wire", "--signature", "2x1"))


@pytest.mark.parametrize("pages", [8, 6])
def test_zine(tmp_path: Path, pages: int) -> None:
    """Bound left only: bound right, pdfimpose folds the sheet at the feet of its pages, and we at their heads."""
    source = source_pdf(pages, A7)
    ours = impose(source, replace(PLAIN, scheme=Scheme.ZINE))
    assert_same(ours.pdf, theirs(tmp_path, source, "onepagezine", "--last", "1"))


def test_the_comparison_sees_one_page_in_another_place() -> None:
    source = source_pdf(16)
    ours, other = (impose(source, replace(PLAIN, binding=binding)).pdf for binding in Binding)
    assert min(differences(ours, other)) == 255


def test_the_comparison_sees_a_shift_by_a_millimetre() -> None:
    source = source_pdf(16)
    flat, crept = (impose(source, replace(PLAIN, gsm=gsm)).pdf for gsm in (0, 800))
    found = differences(flat, crept)
    assert found[:2] == [0, 0]
    assert min(found[2:]) > SAME
