"""Cutting spreads: each text on its own page and only there, tags and links with it, nothing seen changes."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import page
import pikepdf
import pypdfium2
import pytest
from PIL import ImageChops

from taiyaku.model.units import mm
from taiyaku.pdf.text import read_back
from taiyaku.prepress.sheets import impose
from taiyaku.typeset.spread.cut import SpreadBox, SpreadPen, cut_spreads
from tests.making import ROOT, small_layout

CSS = """
@page { margin: 5mm; size: 60mm 50mm }
@page cover { margin: 0 }
@page spread {
  counter-increment: page 2 page-left 2; size: 120mm 50mm;
  @top-left { content: element(first); width: 40mm } @top-right { content: element(second); width: 40mm }
  @bottom-left { content: counter(page-left) } @bottom-right { content: counter(page) }
}
.cover { page: cover }
section { page: spread }
.head.first { position: running(first) }
.head.second { position: running(second) }
.row { break-inside: avoid; display: table; table-layout: fixed; width: 110mm }
.row > * { display: table-cell; vertical-align: top; width: 48mm }
.row > .fold { width: 14mm }
.box { background: #cde; border: 1mm solid red }
.icon { background: url(a.svg) no-repeat 0 0; background-size: 4mm 4mm; padding-left: 5mm }
.faint { opacity: .5 }
.l::after { content: target-counter(attr(href), page-left) }
.r::after { content: target-counter(attr(href), page) }
img { width: 8mm }
"""
SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><g opacity=".5"><circle cx="5" cy="5" r="4"/>'
    b'<rect width="3" height="3" fill="green"/></g></svg>'
)


def row(first: str, second: str, name: str = "", tag: str = "p") -> str:
    cells = f'<{tag}>{first}</{tag}><div class="fold"></div><{tag} lang="en">{second}</{tag}>'
    return f'<div class="row" id="{name or first}">{cells}</div>'


LINES = [(f"左{n}。<a href='#終'>次</a>", f'Right {n}. <a href="https://example.org/{n}">there</a>') for n in range(9)]
BODY = (
    '<div class="cover"><h1 data-outline="題">題</h1></div><section>'
    '<div class="head first">頭</div><div class="head second">Head</div><h2>目次</h2>'
    + row('<a class="l" href="#終">末</a>', '<a class="r" href="#the-end">End</a>', "目")
    + "".join(row(*line, name=f"row-{n}") for n, line in enumerate(LINES))
    + '<div class="box">'
    + row("箱", '<span class="icon">Box</span>')
    + "</div>"
    + row('<img alt="左の絵" src="a.svg">', '<img alt="right" src="a.svg"><h3 id="the-end">The end</h3>', "終", "div")
    + '</section><div class="cover"><p>奥付</p></div>'
)


def written(body: str = BODY, css: str = "") -> bytes:
    return small_layout(body, css=CSS + css, a_svg=SVG).write()


@cache
def whole() -> bytes:
    return written()


@cache
def halves() -> bytes:
    return cut_spreads(whole())


def opened(pdf: bytes) -> pikepdf.Pdf:
    return pikepdf.open(BytesIO(pdf))


def texts(pdf: bytes) -> list[str]:
    """Return everything that stands on each page, running heads and folios too."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [one.get_textpage().get_text_range() for one in document]


def pictures(pdf: bytes) -> list[Any]:
    with pypdfium2.PdfDocument(pdf) as document:
        return [one.render(scale=2).to_pil().convert("L") for one in document]


def letters(pages: Sequence[str]) -> list[str]:
    return sorted("".join("".join(pages).split()))


def elements(pdf: pikepdf.Pdf) -> Iterator[Any]:
    return (
        found
        for found in pdf.objects
        if isinstance(found, pikepdf.Dictionary) and found.get("/Type") == pikepdf.Name.StructElem
    )


def marks(pdf: pikepdf.Pdf) -> Iterator[tuple[Any, Any, int]]:
    """Return each marked content that the structure tree names: the element, the page's number, the MCID."""
    numbers = {one.obj.objgen: number for number, one in enumerate(pdf.pages)}
    for element in elements(pdf):
        kids = element.get("/K", pikepdf.Array())
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, int):
                yield element, numbers[element.Pg.objgen], kid
            elif kid.get("/Type") == pikepdf.Name.MCR:
                yield element, numbers[kid.Pg.objgen], int(kid.MCID)


def painted_marks(one: pikepdf.Page) -> list[int]:
    steps = (step for step in pikepdf.parse_content_stream(one) if str(step.operator) == "BDC")
    return [int(step.operands[1].MCID) for step in steps if "/MCID" in step.operands[1]]


# Pages


def test_a_spread_becomes_two_pages_of_the_covers_size():
    with opened(whole()) as before, opened(halves()) as after:
        spreads = sum(float(one.mediabox[2]) > mm(100) for one in before.pages)
        assert spreads >= 2
        assert len(after.pages) == len(before.pages) + spreads
        for one in after.pages:
            for box in (one.mediabox, one.trimbox, one.obj.BleedBox):
                assert [float(value) for value in box] == pytest.approx([0, 0, mm(60), mm(50)], abs=0.01)


def test_a_document_without_spreads_stays_as_it_is():
    pdf = small_layout("<p>文</p>" * 9).write()
    assert cut_spreads(pdf) is pdf


def test_pages_that_are_not_twice_the_cover_stay_whole():
    css = "@page wide { size: 110mm 50mm } @page tall { size: 120mm 60mm }"
    body = '<div class="cover">表</div><p style="page: wide">広</p><p style="page: tall">高</p>'
    pdf = written(body, css)
    assert cut_spreads(pdf) is pdf


def test_a_spread_with_a_bleed_is_refused():
    with pytest.raises(ValueError, match="page 2 is a spread with a bleed"):
        cut_spreads(written(css="@page spread { bleed: 3mm }"))


def test_two_runs_give_the_same_bytes(tmp_path: Path):
    assert cut_spreads(written()) == halves()
    program = (
        "import hashlib; from tests.typeset.test_spread import halves; print(hashlib.sha256(halves()).hexdigest())"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONHASHSEED": "7", "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == hashlib.sha256(halves()).hexdigest()


def test_the_file_is_sound():
    with opened(halves()) as document:
        assert document.check_pdf_syntax() == []


# What shows


def test_each_text_stands_on_one_page_only_and_none_is_lost():
    assert letters(texts(halves())) == letters(texts(whole()))
    for pair in LINES:
        for text in (pair[0][:2], pair[1][:8]):
            assert sum(text in one for one in texts(halves())) == 1


def test_the_first_language_stands_left_and_the_second_right():
    inner = texts(halves())[1:-1]
    assert not any("Right" in one or "Head" in one for one in inner[::2])
    assert not any("左" in one or "頭" in one for one in inner[1::2])
    assert all("頭" in one for one in inner[::2])
    assert all("Head" in one for one in inner[1::2])


def test_folios_and_the_contents_count_the_pages_of_the_file():
    pages = texts(halves())
    for number, text in list(enumerate(pages, 1))[1:-1]:
        assert text.split()[-1].endswith(str(number))
    end = next(number for number, text in enumerate(pages, 1) if "The end" in text)
    assert f"末{end - 1}" in pages[1].replace("\r\n", "")
    assert f"End{end}" in pages[2].replace("\r\n", "")


def test_both_halves_look_as_they_did():
    """Backgrounds with patterns, transparent groups, frames over the fold: nothing moves or is missing."""
    looks = iter(pictures(halves()))
    for before in pictures(whole()):
        for left in range(0, before.width - 4, before.width if before.width < 400 else before.width // 2):
            after = next(looks)
            seen = before.crop((left, 0, left + after.width, after.height))
            # the fold falls between two pixels at times: what differs is a thin grey edge, never a letter
            different = ImageChops.difference(seen, after).crop((2, 0, after.width - 2, after.height))
            assert sum(different.histogram()[128:]) <= before.width * before.height // 2000
    assert next(looks, None) is None


def test_a_half_holds_only_what_is_on_it():
    """As a viewer sees it; what paints nothing has no width."""
    with pypdfium2.PdfDocument(halves()) as document:
        for number, one in enumerate(document):
            boxes = [item.get_bounds() for item in one.get_objects(max_depth=1)]
            assert boxes, f"something is painted on {number}"
            assert min(right for _, _, right, _ in boxes) > -0.1, number
            assert max(left for left, *_ in boxes) < one.get_width() + 0.1, number


def test_a_text_over_the_fold_stays_whole_and_is_found():
    wide = '<p lang="en" style="margin-left: 40mm; white-space: nowrap">from the left page over the fold</p>'
    pdf = cut_spreads(written(f'<div class="cover">表</div><section>{wide}</section>'))
    assert ["over" in one for one in texts(pdf)] == [False, True, False]
    assert [number for number, _ in read_back(pdf).off_page] == [2]


def test_transparent_text_goes_to_its_page_and_may_not_cross_the_fold():
    faint = '<div class="cover">表</div><section>{}</section>'
    kept = "<p>左</p><svg viewBox='0 0 9 9' width='9' height='9'><g opacity='.5'><rect width='9' height='9'/></g></svg>"
    with opened(cut_spreads(written(faint.format(kept)))) as document:
        contents = [b" Do" in b"\n".join(c.read_bytes() for c in [one.obj.Contents]) for one in document.pages]
    assert contents == [False, True, False]
    with pytest.raises(ValueError, match="crosses the fold of page 2"):
        cut_spreads(written(faint.format(f'<div class="faint">{row("左", "Right")}</div>')))


# Tags


def test_reading_order_stays():
    before = [text for one in read_back(whole()).pages for text in [one]]
    after = list(read_back(halves()).pages)
    assert letters(after) == letters(before)
    assert [one.index("左") < one.index("Right") for one in before if "Right" in one and "左" in one]
    order = [number for number, one in enumerate(after) if "左" in one or "Right" in one]
    assert order == sorted(order)
    for one in after:
        said = [one.index(f"左{n}。") for n in range(9) if f"左{n}。" in one]
        assert said == sorted(said)


def test_tags_and_contents_name_each_other():
    with opened(halves()) as document:
        tree = pikepdf.NumberTree(document.Root.StructTreeRoot.ParentTree)
        owners = dict(tree.items())
        named = {(number, mcid): element.objgen for element, number, mcid in marks(document)}
        for number, one in enumerate(document.pages):
            painted = painted_marks(one)
            assert painted == list(range(len(painted)))
            listed = owners[int(one.obj.StructParents)]
            assert [owner.objgen for owner in listed] == [named[number, mcid] for mcid in painted]
        assert sum(len(painted_marks(one)) for one in document.pages) == len(named)


def test_links_and_tags_name_each_other():
    with opened(whole()) as document:
        links = sum(len(one.obj.get("/Annots", ())) for one in document.pages)
    with opened(halves()) as document:
        owners = dict(pikepdf.NumberTree(document.Root.StructTreeRoot.ParentTree).items())
        seen = 0
        for one in document.pages:
            for link in one.obj.get("/Annots", ()):
                owner = owners[int(link.StructParent)]
                (reference,) = (k for k in owner.K if isinstance(k, pikepdf.Dictionary) and k.Type == "/OBJR")
                assert reference.Obj.objgen == link.objgen
                assert reference.Pg.objgen == link.P.objgen == one.obj.objgen
                seen += 1
        assert seen == links > 2 * len(LINES)


def test_every_number_of_the_parent_tree_is_used_once():
    with opened(halves()) as document:
        numbers = [number for number, _ in pikepdf.NumberTree(document.Root.StructTreeRoot.ParentTree).items()]
        used = [int(one.obj.StructParents) for one in document.pages]
        used += [int(link.StructParent) for one in document.pages for link in one.obj.get("/Annots", ())]
    assert sorted(used) == numbers == list(range(len(numbers)))


def test_an_element_on_both_pages_keeps_its_contents():
    """A paragraph whose words stand on both sides of the fold: its first page by number, the other by reference."""
    words = '<p lang="en"><span>left</span><span style="margin-left: 90mm">right</span></p>'
    pdf = cut_spreads(written(f'<div class="cover">表</div><section>{words}</section>'))
    assert [text.strip()[:5] for text in read_back(pdf).pages] == ["表", "left", "right"]
    with opened(pdf) as document:
        numbers = {one.obj.objgen: number for number, one in enumerate(document.pages)}
        kids = [(e, k) for e in elements(document) for k in e.K if isinstance(k, pikepdf.Dictionary)]
        ((element, reference),) = ((e, k) for e, k in kids if k.Type == pikepdf.Name.MCR)
        assert (numbers[element.Pg.objgen], numbers[reference.Pg.objgen]) == (1, 2)
        assert [kid if isinstance(kid, int) else int(kid.MCID) for kid in element.K] == [0, 0]


def test_figures_say_where_they_stand_on_their_page():
    with opened(halves()) as document:
        boxes = {str(e.Alt): [float(value) for value in e.A.BBox] for e in elements(document) if "/Alt" in e}
    for box in boxes.values():
        assert 0 <= box[0] < box[2] <= mm(60)
        assert 0 <= box[1] < box[3] <= mm(50)
    assert set(boxes) == {"左の絵", "right"}


def test_everyone_can_read_the_pages():
    report = page.validate_pdf_bytes(halves(), profile=page.ValidationProfile.PDF_UA_1)
    assert report.is_compliant, report.to_json()


# Links and destinations


def test_links_lie_on_their_page():
    with opened(halves()) as document:
        for one in document.pages:
            for link in one.obj.get("/Annots", ()):
                x1, y1, x2, y2 = (float(value) for value in link.Rect)
                assert 0 <= x1 < x2 <= mm(60) + 0.1
                assert 0 <= min(y1, y2) < max(y1, y2) <= mm(50)
        sides = [["/A" in link for link in one.obj.get("/Annots", ())] for one in list(document.pages)[3:-1]]
    assert not any(any(side) for side in sides[::2])  # web addresses stand right only
    assert all(all(side) for side in sides[1::2])


def test_destinations_point_at_their_half():
    with opened(halves()) as document:
        numbers = {one.obj.objgen: number for number, one in enumerate(document.pages, 1)}
        names = {str(k): v for k, v in pikepdf.NameTree(document.Root.Names.Dests).items()}
        left, right = names["終"], names["the-end"]
        assert numbers[right[0].objgen] == numbers[left[0].objgen] + 1
        assert float(right[2]) < mm(60)
        assert float(right[2]) == pytest.approx(mm(5 + 48 + 14 - 60), abs=0.1)


def test_the_outline_points_at_its_half():
    with opened(halves()) as document, document.open_outline() as outline:
        items = [item for top in outline.root for item in (top, *top.children)]
        everything = [*items, *(child for item in items[1:] for child in item.children)]
        numbers = {one.obj.objgen: number for number, one in enumerate(document.pages)}
        targets: list[tuple[str, Any]] = [(str(item.title), item.destination) for item in everything]
        found = {title: numbers[target[0].objgen] for title, target in targets}
        last = len(document.pages) - 1
    assert found["題"] == 0
    assert found["目次"] == 1
    assert found["The end"] % 2 == 0
    assert 2 < found["The end"] < last


def with_labels(pdf: bytes) -> bytes:
    with opened(pdf) as document:
        label = pikepdf.Dictionary(S=pikepdf.Name.D, St=1)
        back = pikepdf.Dictionary(P=pikepdf.String("back"))
        document.Root.PageLabels = pikepdf.Dictionary(Nums=pikepdf.Array([0, label, len(document.pages) - 1, back]))
        output = BytesIO()
        document.save(output)
        return output.getvalue()


def test_page_labels_stay_with_their_pages():
    with opened(cut_spreads(with_labels(whole()))) as document:
        labels = [str(one.label) for one in document.pages]
    assert labels == [*(str(number) for number in range(1, len(labels))), "back"]


def test_the_pages_can_be_imposed():
    imposed = impose(halves())
    with opened(halves()) as document:
        assert imposed.pages == len(document.pages)


# Where operators paint


def painted(content: bytes, **resources: Any) -> list[tuple[float, ...]]:
    with pikepdf.new() as pdf:
        one = pdf.add_blank_page(page_size=(100, 100))
        one.obj.Contents = pdf.make_stream(content)
        pen = SpreadPen(pikepdf.Dictionary(resources))
        steps = list(pikepdf.parse_content_stream(one))
        return [tuple(p.box) for step in steps for p in pen.paints(str(step.operator), step.operands)]


@pytest.mark.parametrize(
    ("content", "boxes"),
    [
        (b"1 2 3 4 re f", [(1, 2, 4, 6)]),
        (b"2 0 0 2 10 0 cm 1 2 3 4 re f", [(12, 4, 18, 12)]),
        (b"q 2 0 0 2 0 0 cm Q 1 2 3 4 re f", [(1, 2, 4, 6)]),
        (b"4 w 10 10 m 20 10 l S", [(8, 8, 22, 12)]),
        (b"0 0 5 5 re W n 1 2 30 40 re f", [(1, 2, 5, 5)]),
        (b"0 0 5 5 re W n 10 10 1 1 re f", []),
        (b"q 0 0 5 5 re W n Q 10 10 1 1 re f", [(10, 10, 11, 11)]),
        (b"0 0 m 0 9 9 9 9 0 c h f*", [(0, 0, 9, 9)]),
        (b"1 2 3 4 re n", []),
        (b"BT 1 0 0 1 7 8 Tm (a) Tj 5 -1 Td (b) Tj ET", [(7, 8, 7, 8), (12, 7, 12, 7)]),
        (b"BT 3 TL 1 0 0 1 7 8 Tm T* (a) Tj (b) ' 0 -2 TD T* [(c)] TJ ET", [(7, 5) * 2, (7, 2) * 2, (7, -2) * 2]),
        (b"BT 1 0 0 1 7 8 Tm ET BT (a) Tj ET", [(0, 0, 0, 0)]),
    ],
)
def test_where_an_operator_paints(content: bytes, boxes: list[tuple[float, ...]]):
    assert painted(content) == boxes


def test_boxes():
    assert SpreadBox(0, 0, 2, 2).with_(SpreadBox(1, 1, 3, 5)) == SpreadBox(0, 0, 3, 5)
    assert SpreadBox(0, 0, 2, 2).within(SpreadBox(1, 1, 3, 5)) == SpreadBox(1, 1, 2, 2)
    assert SpreadBox(0, 0, 2, 2).within(SpreadBox(3, 3, 4, 4)) is None


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"q BT Q ET", "closes `BT` with `Q`"), (b"q BT ET", "ends inside `q`")],
)
def test_a_content_that_is_not_nested_is_refused(content: bytes, told: str):
    with pikepdf.new() as pdf:
        for width in (50, 100):
            pdf.add_blank_page(page_size=(width, 50))
        pdf.pages[1].obj.Contents = pdf.make_stream(content)
        output = BytesIO()
        pdf.save(output)
    with pytest.raises(ValueError, match=told):
        cut_spreads(output.getvalue())


def test_what_is_set_in_a_text_of_the_other_half_still_holds():
    """Colours and fonts that a text sets hold for what comes behind it (ISO 32000-2, 9.3.1)."""
    content = b"BT /F 9 Tf 1 0 0 rg 1 0 0 1 10 10 Tm (a) Tj ET 60 10 20 20 re f BT 1 0 0 1 60 40 Tm (b) Tj ET"
    with pikepdf.new() as pdf:
        for width in (50, 100):
            one = pdf.add_blank_page(page_size=(width, 50))
        fount = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
        one.obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=fount))
        one.obj.Contents = pdf.make_stream(content)
        output = BytesIO()
        pdf.save(output)
    pdf_ = cut_spreads(output.getvalue())
    assert texts(pdf_) == ["", "a", "b"]
    with pypdfium2.PdfDocument(pdf_) as document:
        picture = document[2].render(scale=1).to_pil().convert("RGB")
    assert picture.getpixel((20, 30)) == (255, 0, 0)
