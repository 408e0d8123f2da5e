"""The structure tree: what a listener meets, in which language, whole over the ends of pages; and what is not read."""

from collections.abc import Iterator
from io import BytesIO
from types import SimpleNamespace
from typing import Any, Final
from xml.etree import ElementTree

import page as validator
import pikepdf
import pypdfium2
import pytest

from taiyaku.pdf.text import reading_order, text_runs
from taiyaku.typeset.engine import Layout
from taiyaku.typeset.tree import ContentMark, Node, PlacedBox, build_tree, language
from taiyaku.typeset.weasyprint_inside import _mark_artifacts, drop_strays
from tests.making import small_layout

PICTURE: Final = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9"/></svg>'
ROWS: Final = "".join(f"<tr><td>{number}</td><td>円</td></tr>" for number in range(20, 36))
TABLE: Final = f"<table><thead><tr><th scope='col'>数</th><th scope='col'>額</th></tr></thead>{ROWS}</table>"


def written(body: str, css: str = "", lang: str = "ja") -> bytes:
    return small_layout(body, css=css, lang=lang, a_svg=PICTURE).write()


def opened(pdf: bytes) -> pikepdf.Pdf:
    return pikepdf.open(BytesIO(pdf))


def marked(pdf: bytes) -> dict[tuple[int, int], str]:
    """Return the text of each marked content by page and mark."""
    found: dict[tuple[int, int], str] = {}
    with pypdfium2.PdfDocument(pdf) as document:
        for number, page in enumerate(document):
            for run in text_runs(page):
                found[number, run.mcid] = found.get((number, run.mcid), "") + run.text.strip()
    return found


class Drawn:
    """A tagged PDF, and its structure as text: an element is its type and, in brackets, what it holds."""

    def __init__(self, pdf: bytes) -> None:
        self.bytes = pdf
        self.pdf = opened(pdf)
        self._texts = marked(pdf)
        self.pages: dict[Any, int] = {page.objgen: number for number, page in enumerate(self.pdf.pages)}

    @property
    def root(self) -> Any:
        return self.pdf.Root.StructTreeRoot

    @property
    def inside(self) -> str:
        """Return what is in the document's element."""
        whole = self._draw(self.root.K[0], None)
        return whole.removeprefix("Document[").removesuffix("]")

    def all(self, kind: str) -> list[Any]:
        return [one for one in self._below(self.root.K[0]) if one.get("/S") == f"/{kind}"]

    def _below(self, element: Any) -> Iterator[Any]:
        yield element
        for kid in element.K:
            if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
                yield from self._below(kid)

    def _draw(self, kid: Any, page: int | None) -> str:
        if not isinstance(kid, pikepdf.Dictionary):
            assert page is not None
            return self._texts.get((page, int(kid)), "")
        page = self.pages[kid.Pg.objgen] if "/Pg" in kid else page
        if kid.get("/Type") in ("/MCR", "/OBJR"):
            return self._draw(kid.MCID, page) if "/MCID" in kid else "→"
        lang = f" {kid.Lang}" if "/Lang" in kid else ""
        return f"{str(kid.S)[1:]}{lang}[{' '.join(part for one in kid.K if (part := self._draw(one, page)))}]"


def drawn(body: str, css: str = "", lang: str = "ja") -> Drawn:
    return Drawn(written(body, css, lang))


# What an element is


@pytest.mark.parametrize(
    ("body", "inside"),
    [
        ("<p>文</p>", "P[文]"),
        ("<h1>題</h1><section><h2>節</h2></section>", "H1[題] Sect[H2[節]]"),
        ("<div><div><p>文</p></div></div><div></div>", "P[文]"),
        ("<div>文</div><div><span>句</span></div>", "P[文] P[句]"),
        ("<div>前<p>文</p>後</div>", "P[前] P[文] P[後]"),
        ("<section>文</section>", "Sect[P[文]]"),
        ("<p>文<strong>強</strong><span>句</span></p>", "P[文 強 句]"),
        ("<p><a>文</a></p>", "P[文]"),
        ("<p id='x'><a href='#x'>文</a></p>", "P[Link[→ 文]]"),
        ("<ul><li>一</li><li>二<ul><li>三</li></ul></li></ul>", "L[LI[LBody[一]] LI[LBody[二 L[LI[LBody[三]]]]]]"),
        (
            "<dl><dt>語</dt><dd>意</dd><dt>句</dt><dd>味</dd><dd>道</dd></dl>",
            "L[LI[Lbl[語] LBody[意]] LI[Lbl[句] LBody[味 道]]]",
        ),
        ("<blockquote>文</blockquote>", "BlockQuote[P[文]]"),
        ("<div data-tag='Art'><p data-tag='H1'>文</p></div>", "Art[H1[文]]"),
        ("<p><ruby>本人<rt>ほんにん</rt></ruby>です</p>", "P[Ruby[RB[本人] RT[ほんにん]] です]"),
        (
            "<div data-tag='TOC'><div data-tag='TOCI'><p data-tag='Reference'>章</p></div></div>",
            "TOC[TOCI[Reference[章]]]",
        ),
    ],
)
def test_an_element_is_what_its_name_or_its_tag_says(body: str, inside: str):
    assert drawn(body, css="li { list-style: none }").inside == inside


@pytest.mark.parametrize(
    ("body", "inside"),
    [
        (
            "<div class='row'><p lang='en'>One</p><div><span data-tag='Lbl'>7</span></div><p>一</p></div>",
            "P en[Lbl ja[7] One] P[一]",
        ),
        (
            "<div data-tag='L'><div data-tag='LI'><p lang='en'>One</p><div><span data-tag='Lbl'>1</span>"
            "<span data-tag='Lbl'>7</span></div><p>一</p></div></div>",
            "L[LI[Lbl[1] LBody[P en[Lbl ja[7] One] P[一]]]]",
        ),
        (
            "<div data-tag='L'><div data-tag='Lbl'><p>語</p><p lang='en'>word</p></div>"
            "<div data-tag='LBody'><p>意</p></div></div>",
            "L[LI[Lbl[Span[語] Span en[word]] LBody[P[意]]]]",
        ),
        (
            "<div data-tag='L'><div data-tag='LI'>一</div><div data-tag='LI' data-depth='1'>二</div>"
            "<div data-tag='LI' data-depth='1'>三</div><div data-tag='LI' data-depth='2'>四</div>"
            "<div data-tag='LI'>五</div></div>",
            "L[LI[LBody[一 L[LI[LBody[二]] LI[LBody[三 L[LI[LBody[四]]]]]]]] LI[LBody[五]]]",
        ),
        ("<section><span data-tag='Lbl'>7</span><p>文</p></section>", "Sect[P[Lbl[7] 文]]"),
        ("<p>文<span class='footnote'>注</span>。</p>", "P[文 Reference[1] Note[Lbl[1.] 注] 。]"),
    ],
    ids=["a number beside two languages", "an item", "a term", "nested items", "a number before", "a footnote"],
)
def test_numbers_stand_before_what_they_number(body: str, inside: str):
    one = drawn(body, css=".footnote { float: footnote }")
    assert one.inside == inside
    assert reads_well(one)


def reads_well(one: Drawn) -> bool:
    return validator.validate_pdf_bytes(one.bytes, profile=validator.ValidationProfile.PDF_UA_1).is_compliant


def test_a_number_does_not_run_into_a_text():
    one = drawn("<div><span data-tag='Lbl'>7</span><p>14 日</p></div><dl><dt>語</dt><dd>意</dd></dl>")
    number, term = one.all("Lbl")
    assert str(number.ActualText) == "7 "
    assert "/ActualText" not in term


def test_a_list_says_how_it_is_numbered():
    one = drawn("<div data-tag='L' data-numbering='Decimal'><div data-tag='LI'>一</div></div><ul><li>一</li></ul>")
    numbered, plain = one.all("L")
    assert (numbered.A.O, numbered.A.ListNumbering) == ("/List", "/Decimal")
    assert "/A" not in plain


def test_notes_have_names():
    body = "<p>文<span class='footnote'>注</span>句<span class='footnote'>釈</span></p>"
    one = drawn(body, css=".footnote { float: footnote }")
    assert [str(note.ID) for note in one.all("Note")] == ["note-1", "note-2"]
    names = pikepdf.NameTree(one.root.IDTree)
    assert [names[str(note.ID)].objgen for note in one.all("Note")] == [note.objgen for note in one.all("Note")]


def test_a_field_waits_for_its_annotation():
    one = drawn("<p><span data-tag='Form' data-name='tick-3'></span>文</p>")
    assert one.inside == "P[Form[] 文]"
    (form,) = one.all("Form")
    assert (str(form.T), len(form.K)) == ("tick-3", 0)


# Languages


def test_an_element_names_its_language_where_it_is_another():
    body = (
        "<div lang='zh-CN'><p>一</p><p lang='ja'>二<span lang='zh-CN'>三</span><b lang='ja'>四</b></p></div>"
        "<div lang='en'>five</div><p lang='zh-TW'>六<span lang='ko-KR'>칠</span></p>"
    )
    one = drawn(body)
    assert one.inside == ("P zh-Hans[一] P[二 Span zh-Hans[三] 四] P en[five] P zh-Hant[六 Span ko[칠]]")
    assert str(one.pdf.Root.Lang) == "ja"
    assert reads_well(one)


@pytest.mark.parametrize(("given", "shown"), [("zh-CN", "zh-Hans"), ("zh-TW", "zh-Hant"), ("ja", "ja"), ("vi", "vi")])
def test_a_voice_is_asked_for_by_its_tag(given: str, shown: str):
    assert language(given) == shown
    assert str(drawn("<p>x</p>", lang=given).pdf.Root.Lang) == shown


def test_a_ruby_is_read_once():
    one = drawn("<p><ruby lang='zh-CN'>签<b>约</b><rt>qian yue</rt></ruby>を</p>")
    assert one.inside == "P[Ruby zh-Hans[RB[签 约] RT[qian yue]] を]"
    (ruby,) = one.all("Ruby")
    assert str(ruby.ActualText) == "签约"


# Whole over the ends of pages


def test_a_table_is_one_over_all_its_pages():
    one = drawn(TABLE)
    assert len(one.pdf.pages) > 3
    rows = "".join(f" TR[TD[{number}] TD[円]]" for number in range(20, 36))
    assert one.inside == f"Table[THead[TR[TH[数] TH[額]]] TBody[{rows[1:]}]]"
    assert reads_well(one)


def test_cells_name_their_heads():
    one = drawn(TABLE + "<table><tr><th scope='row'>社</th><td>甲</td><td>乙</td></tr></table>")
    heads, cells = one.all("TH"), one.all("TD")
    assert [str(head.A.Scope) for head in heads] == ["/Column", "/Column", "/Row"]
    keys = [str(head.ID) for head in heads]
    assert len(set(keys)) == 3
    assert [[str(key) for key in cell.A.Headers] for cell in cells] == [[keys[at % 2]] for at in range(32)] + [
        [keys[2]]
    ] * 2
    names = pikepdf.NameTree(one.root.IDTree)
    assert [names[key].objgen for key in keys] == [head.objgen for head in heads]


def test_cells_that_span_name_the_heads_above_them():
    one = drawn(
        "<table><tr><th colspan='2'>甲</th><th>乙</th></tr><tr><td>一</td><td colspan='2'>二</td></tr>"
        "<tr><td>三</td><td></td><td>四</td></tr></table>"
    )
    first, second = (str(head.ID) for head in one.all("TH"))
    cells = [(one._draw(cell, None), [str(key) for key in cell.A.get("/Headers", ())]) for cell in one.all("TD")]
    assert cells == [
        ("TD[一]", [first]),
        ("TD[二]", [first, second]),
        ("TD[三]", [first]),
        ("TD[]", [first]),
        ("TD[四]", [second]),
    ]
    assert [int(cell.A.get("/ColSpan", 1)) for cell in one.all("TH")] == [2, 1]


def test_a_list_and_a_paragraph_are_one_over_all_their_pages():
    items = "".join(f"<li>項{number}</li>" for number in range(20, 32))
    long = "".join(f"句{number}、" for number in range(20, 90))
    one = drawn(f"<ul>{items}</ul><p lang='zh-CN'>{long}</p>", css="ul { list-style: none }")
    assert len(one.pdf.pages) > 3
    body = " ".join(f"LI[LBody[項{number}]]" for number in range(20, 32))
    assert one.inside.replace(" 句", "句").replace("、 ", "、").startswith(f"L[{body}] P zh-Hans[句20、句21、")
    assert len(one.all("P")) == 1


def test_each_page_has_its_marks_in_the_order_of_the_whole():
    pdf = written(TABLE + "<p>" + "文" * 300 + "</p>")
    one = Drawn(pdf)
    pages = one.pages
    whole: list[tuple[int, int]] = []
    for element in one._below(one.root.K[0]):
        own = pages[element.Pg.objgen] if "/Pg" in element else -1
        for kid in element.K:
            if not isinstance(kid, pikepdf.Dictionary):
                whole.append((own, int(kid)))
            elif kid.get("/Type") == "/MCR":
                whole.append((pages[kid.Pg.objgen], int(kid.MCID)))
    with pypdfium2.PdfDocument(pdf) as document:
        for number, page in enumerate(document):
            assert [mcid for mcid, _ in reading_order(page)] == [mcid for at, mcid in whole if at == number]


def test_the_parent_tree_knows_who_holds_what():
    body = TABLE + "<p id='x'>文<a href='#x'>次</a>字</p><p><ruby>本<rt>ほん</rt></ruby></p>"
    one = Drawn(written(body, css="@page { @top-left { content: '頭' } }"))
    parents = dict(pikepdf.NumberTree(one.root.ParentTree).items())
    assert int(one.root.ParentTreeNextKey) == max(parents) + 1
    for element in one._below(one.root.K[0]):
        for kid in element.K:
            if not isinstance(kid, pikepdf.Dictionary):
                assert parents[int(element.Pg.StructParents)][int(kid)].objgen == element.objgen
            elif kid.get("/Type") == "/MCR":
                assert parents[int(kid.Pg.StructParents)][int(kid.MCID)].objgen == element.objgen
            elif kid.get("/Type") == "/OBJR":
                assert parents[int(kid.Obj.StructParent)].objgen == element.objgen
            else:
                assert kid.P.objgen == element.objgen


# What is no part of the text


def artifacts(pdf: bytes) -> list[dict[str, str]]:
    """Return the properties of each artifact that has some, in the order of painting."""
    found = []
    with opened(pdf) as document:
        for page in document.pages:
            for instruction in pikepdf.parse_content_stream(page):
                if str(instruction.operator) == "BDC" and instruction.operands[0] == "/Artifact":
                    found.append({key: str(value) for key, value in instruction.operands[1].items()})
    return found


def test_what_stands_in_the_margin_is_pagination():
    """ISO 14289-1, 7.8."""
    css = (
        "@page { @top-left { content: element(head) } @bottom-right { content: counter(page) } } "
        ".head { position: running(head) }"
    )
    pdf = written("<div class='head' lang='en'>Head</div><p>文</p><p style='break-before: page'>字</p>", css)
    assert drawn("<p>文</p>").inside == "P[文]"
    assert Drawn(pdf).inside == "P[文] P[字]"
    header, footer = ({"/Type": "/Pagination", "/Subtype": f"/{kind}"} for kind in ("Header", "Footer"))
    assert sorted(artifacts(pdf), key=str) == sorted([header, footer] * 2, key=str)
    assert reads_well(Drawn(pdf))


def test_the_head_of_a_table_is_read_once():
    pdf = written(TABLE)
    with opened(pdf) as document:
        later = len(document.pages) - 1
    assert artifacts(pdf) == [{"/Type": "/Pagination"}] * 2 * later
    texts = [text for (page, mcid), text in marked(pdf).items() if mcid < 0]
    assert texts == ["数額"] * later


def test_a_link_in_the_head_of_a_table_is_a_link_on_each_page():
    """It can be followed on each, so each annotation belongs to it (ISO 14289-1, 7.18.5)."""
    pdf = written(TABLE.replace("数", "<a href='#x'>数</a>") + "<p id='x'>文</p>")
    one = Drawn(pdf)
    assert one.inside.startswith(f"Table[THead[TR[TH[Link[→ 数{' →' * (len(one.pdf.pages) - 1)}")
    assert reads_well(one)


def test_decoration_is_not_read():
    pdf = written("<p>文<span data-tag='Artifact'>飾</span></p><img alt='' src='a.svg' width='9'>")
    assert Drawn(pdf).inside == "P[文]"
    assert artifacts(pdf) == [{"/Type": "/Layout"}] * 2
    assert reads_well(Drawn(pdf))


def test_an_artifact_that_is_drawn_elsewhere_stops_the_build():
    with pytest.raises(ValueError, match="in the content of their page: 2"):
        _mark_artifacts({ContentMark(1, 0): "Layout"}, [])


# Pictures


def test_a_picture_says_what_it_shows_and_where():
    css = "@page { size: 60mm 40mm; margin: 5mm } img { display: block; height: 10mm; width: 20mm }"
    one = drawn("<p>文</p><img alt='一枚の絵' src='a.svg'>", css)
    (figure,) = one.all("Figure")
    assert str(figure.Alt) == "一枚の絵"
    left, bottom, right, top = (float(edge) / 72 * 25.4 for edge in figure.A.BBox)
    assert [left, right, top - bottom] == pytest.approx([5, 25, 10], abs=0.01)
    assert 20 < top < 31, "below a line of text, from the foot of the page"


def test_a_drawing_in_the_text_says_its_title():
    drawing = PICTURE.decode().replace("<rect", "<title>四角</title><rect")
    one = drawn(f"<p>文</p>{drawing}")
    (figure,) = one.all("Figure")
    assert str(figure.Alt) == "四角"


def test_a_picture_that_says_nothing_is_told():
    layout = small_layout("<p>文</p><img src='a.svg' width='9'>", a_svg=PICTURE)
    layout.write()
    assert said(layout) == ["a picture says nothing to a listener: a.svg"]


def said(layout: Layout) -> list[str]:
    return [finding.facts["message"] for finding in layout.findings("x.pdf")]


# Links


def links(pdf: bytes) -> list[str]:
    with opened(pdf) as document:
        return [str(link.Contents) for page in document.pages for link in page.get("/Annots", ())]


def test_a_link_is_one_stop_and_says_its_words():
    css = ".see::after { content: '→ p.' target-counter(attr(href), page) } ruby { display: inline-block }"
    body = "<p id='x'>文<a class='see' href='#x'><ruby>第二章<rt>だいにしょう</rt></ruby></a></p>"
    pdf = written(body, css)
    assert Drawn(pdf).inside == "P[文 Link[→ Ruby[RB[第二章] RT[だいにしょう]] → p.1]]"
    assert links(pdf) == ["第二章"]


def test_a_link_over_two_lines_is_one_element():
    body = f"<p id='x'><a href='#x'>{'文' * 25}</a></p>"
    one = drawn(body)
    assert len(one.all("Link")) == 1
    assert len(links(one.bytes)) == 2


# Boxes of the typesetter


def test_what_is_carried_over_from_a_row_on_another_page_is_taken_off():
    root = ElementTree.fromstring("<html><body><p/></body></html>")
    (body,) = root
    boxes = [SimpleNamespace(element=element) for element in (body[0], body, root)]
    html = SimpleNamespace(element=root, children=boxes)
    drop_strays(SimpleNamespace(_page_box=SimpleNamespace(children=[html])))
    assert [box.element.tag for box in html.children] == ["body", "html"]


def test_what_is_found_is_planted_where_it_stands_in_the_text():
    """A box may be laid out late: its place is where its element is first met."""
    root = ElementTree.fromstring("<html lang='en'><body><p>a<b>c</b>d</p><p>e</p></body></html>")
    first, second = root.iter("p")
    found = [
        PlacedBox(0, first),
        PlacedBox(0, first, mcid=0),
        PlacedBox(0, first[0], mcid=1),
        PlacedBox(0, second),
        PlacedBox(1, first, mcid=0),
    ]
    body = build_tree(root, found).root.kids[0]
    assert isinstance(body, Node)
    one, two = body.kids
    assert isinstance(one, Node)
    assert isinstance(two, Node)
    assert [kid if isinstance(kid, ContentMark) else kid.type for kid in one.kids if not hasattr(kid, "words")] == [
        ContentMark(0, 0),
        "inline",
        ContentMark(1, 0),
    ]
    assert two.kids == []
