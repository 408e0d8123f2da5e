"""The shapes of WeasyPrint's inside that this program relies on: an upgrade that changes one fails here, by name."""

import inspect
import logging
import os
from typing import Any

import pytest
import weasyprint.pdf
from weasyprint import images
from weasyprint.text import line_break
from weasyprint.text.ffi import ffi, pango

from taiyaku.typeset import weasyprint_inside
from taiyaku.typeset.weasyprint_inside import ClosedUp, LineBox, MarginBox, Shapes, page_box, typesetting
from tests.making import small_layout

SMALL = "<p id='a'>文字、「文」。<a href='#a'>行<b>く</b></a></p><img alt='印' src='a.svg' width='9'>"

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'


@pytest.fixture(scope="module")
def document() -> Any:
    """Return a document of one page, laid out."""
    css = "@page { @bottom-center { content: counter(page) } }"
    files: dict[str, Any] = {"a.svg": SVG}
    return small_layout(SMALL, css=css, **files)._document


def names(function: Any) -> list[str]:
    return list(inspect.signature(function).parameters)


def below(box: Any) -> list[Any]:
    return list(weasyprint_inside.boxes_in(box))


def test_the_tree_is_written_by_one_function_with_four_arguments() -> None:
    assert (
        names(weasyprint.pdf.add_tags) == ["pdf", "document", "variant", "streams"]
        or len(names(weasyprint.pdf.add_tags)) == 4
    ), "weasyprint.pdf.add_tags takes other arguments: our tree would not be written"
    source = inspect.getsource(weasyprint.pdf)
    assert "add_tags(" in source, "weasyprint.pdf calls no add_tags: our tree would silently not be written"


def test_lines_are_shaped_by_layout_of_line_break() -> None:
    assert names(line_break.Layout.set_text)[:3] == ["self", "text", "justify"]
    assert "Layout(" in inspect.getsource(line_break.create_layout), "create_layout makes another kind of layout"


@pytest.mark.parametrize(
    "name",
    ["layout_get_attributes", "layout_set_attributes", "attr_list_new", "attr_list_unref", "attr_list_insert",
     "attr_font_features_new"],
)  # fmt: skip
def test_pango_is_declared_with_what_closing_up_calls(name: str) -> None:
    assert hasattr(pango, f"pango_{name}"), f"WeasyPrint declares no pango_{name}: punctuation cannot be closed up"
    assert ffi.NULL is not None


def test_pictures_of_shapes_are_made_by_svgimage_of_images() -> None:
    assert names(images.SVGImage.__init__)[1:] == ["tree", "base_url", "url_fetcher", "context"]
    assert "SVGImage(" in inspect.getsource(images), "images makes SVG in another way: a face in one would count"


def test_ours_are_in_place_while_typesetting_and_never_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FONTCONFIG_FILE", raising=False)

    def now() -> tuple[Any, ...]:
        touched = (weasyprint.pdf.add_tags, line_break.Layout, images.SVGImage)
        return (*touched, os.environ.get("FONTCONFIG_FILE", "").endswith("fonts.conf"))

    before = now()
    with pytest.raises(ZeroDivisionError), typesetting(logging.NullHandler()):
        assert now() == (weasyprint_inside.add_tags, ClosedUp, Shapes, True)
        raise ZeroDivisionError
    assert now() == before
    assert weasyprint_inside.add_tags not in before
    assert "FONTCONFIG_FILE" not in os.environ


def test_a_page_holds_boxes_with_elements_and_places(document: Any) -> None:
    root = page_box(document.pages[0])
    html, *edges = root.children
    assert html.element.tag == "html", "the first box of a page is not the element html"
    assert [edge.at_keyword for edge in edges if isinstance(edge, MarginBox)] == ["@bottom-center"]
    every = below(html)
    assert any(isinstance(box, LineBox) for box in every), "lines of text are other boxes"
    (picture,) = (box for box in every if hasattr(box, "replacement"))
    for place in ("content_box_x", "content_box_y", "border_box_x", "border_box_y", "margin_height", "margin_width"):
        assert getattr(picture, place)() >= 0
    for name in ("position_x", "position_y", "width", "height", "element_tag", "link_annotation"):
        assert hasattr(picture, name), f"a box has no {name}"


def test_a_link_of_a_page_ends_with_its_box(document: Any) -> None:
    links = document.pages[0].links
    assert links, "a page has no list of links"
    assert all(link[-1] in below(page_box(document.pages[0])) for link in links)


def test_the_marks_of_a_page_and_its_content_are_where_tags_are_written(
    document: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Any] = []

    def look(pdf: Any, _document: Any, _variant: object, streams: Any) -> None:
        seen.extend((dict(stream._tags), list(stream.stream)) for stream in streams)
        assert pdf.catalog is not None
        assert len(pdf.page_references) == len(streams)

    monkeypatch.setattr(weasyprint.pdf, "add_tags", look)
    document.write_pdf(pdf_variant="pdf/ua-1")
    ((marks, parts),) = seen
    assert marks, "a stream has no _tags: which mark shows which box is not known"
    assert all(isinstance(mark["mcid"], int) for mark in marks.values())
    numbers = {part["MCID"] for part in parts if isinstance(part, dict) and "MCID" in part}
    assert numbers == {mark["mcid"] for mark in marks.values()}, "marks stand in the content in another form"
