"""A finished document read back: what is told of a page that is composed badly, and how a draft is marked."""

from collections.abc import Sequence
from typing import Final

import pytest
from markupsafe import Markup

from taiyaku.language.linebreak import JOINER, compose
from taiyaku.model.findings import format_finding
from taiyaku.proofread.composition import Defect, DefectKind, Geometry
from taiyaku.proofread.proofread import _composed, proofread
from taiyaku.render.html import Rendered
from taiyaku.render.rows import Cell
from tests.making import codes, small_layout

NAME: Final = "mini_ja_booklet-screen.pdf"
PAGE: Final = Geometry(60, 40, 5, 5, 5, 5)
LONG: Final = "漢字の文字を長く続けて二行にする文です"


def read(
    paragraphs: Sequence[tuple[str, str]], *, draft: bool = False, css: str = ""
) -> tuple[bytes, bytes, list[str], list[str]]:
    """Set paragraphs (role, text) and read them back: the file, what is given on, codes and pages of what is told."""
    body = "".join(f"<p>{text}</p>" for _, text in paragraphs)
    cells = tuple(Cell("solo", "ja", "ltr", Markup(text), role=role) for role, text in paragraphs)
    pdf = small_layout(body, css=css).write()
    marked, findings = proofread(pdf, Rendered("", "題", cells, ()), PAGE, NAME, draft=draft)
    return pdf, marked, codes(findings), [str(finding.facts.get("page", "")) for finding in findings]


def test_a_page_that_is_composed_well_is_told_nothing_of():
    for draft in (False, True):
        pdf, marked, found, _ = read([("paragraph", compose(LONG, "ja"))], draft=draft)
        assert (marked, found) == (pdf, [])


def test_a_last_line_of_one_character_is_told():
    text = "漢" * 15
    assert read([("paragraph", text)])[2] == ["set.last-line"]
    assert read([("paragraph", compose(text, "ja"))])[2] == []


def test_a_heading_at_the_foot_is_told_with_its_page():
    paragraphs = [("paragraph", f"文字の見本{number}") for number in "一二三四"]
    _, _, found, pages = read([*paragraphs, ("heading", "題の文字の見本"), ("paragraph", "次の文字の見本")])
    assert (found, pages) == (["set.heading-at-foot"], ["1"])


def test_a_text_that_is_not_in_the_file_is_told_once():
    cell = Cell("solo", "ja", "ltr", Markup("ここにない文字の見本"))
    pdf = small_layout("<p>文字</p>").write()
    _, findings = proofread(pdf, Rendered("", "題", (cell,), ()), PAGE, NAME, draft=False)
    assert codes(findings) == ["text.lost"]


def test_a_draft_is_marked_where_something_is_wrong():
    text = "漢" * 15
    pdf, marked, found, _ = read([("paragraph", text)], draft=True)
    assert found == ["set.last-line"]
    assert marked != pdf
    assert read([("paragraph", text)])[1] == pdf, "only a draft is"


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (DefectKind.KINSOKU, "a line begins or ends with what may not stand there ({}) [set.kinsoku]"),
        (DefectKind.LAST_LINE, "a last line holds a single character ({}) [set.last-line]"),
        (DefectKind.WIDOW, "a block's last line stands alone at the head of a page ({}) [set.widow]"),
        (DefectKind.ORPHAN, "a block's first line stands alone at the foot of a page ({}) [set.orphan]"),
        (DefectKind.HEADING, "a heading stands at the foot of a page ({}) [set.heading-at-foot]"),
        (DefectKind.AREA, "a text stands outside the type area ({}) [set.outside-area]"),
        (DefectKind.MEASURE, "a line is longer than its column, or stands on another text ({}) [set.over-measure]"),
        (DefectKind.PICTURE, "a picture is cut by the page's edge, or stands on a text ({}) [set.picture-cut]"),
        (
            DefectKind.TELEPHONE,
            "a digit stands so near to a telephone number that it would be dialled ({}) [set.beside-telephone]",
        ),
        (DefectKind.RUBY, "a reading does not stand above its base ({}) [set.ruby-parted]"),
        (DefectKind.GLYPH, "a text is drawn with the face of another language ({}) [set.wrong-glyph]"),
    ],
)
def test_how_each_fault_is_told(fault: DefectKind, told: str):
    (finding,) = _composed([Defect(fault, 7, f"文{JOINER}字", "ja", None)], NAME)
    before, _, after = told.partition("({})")
    assert format_finding(finding).splitlines()[0] == f"{NAME}: error: {before}({NAME}, page 7): 文字{after}"


def test_a_fault_is_told_where_its_text_was_written():
    (finding,) = _composed([Defect(DefectKind.MEASURE, 7, "文字", "ja", None, "g/ja/01-a.md:12")], NAME)
    assert format_finding(finding).startswith(
        "g/ja/01-a.md:12: error: a line is longer than its column, or stands on another"
    )
    assert f"({NAME}, page 7)" in format_finding(finding)


@pytest.mark.parametrize("fault", [DefectKind.MISSING, DefectKind.DOUBLED, DefectKind.CLIPPED])
def test_what_the_completeness_proof_tells_is_not_told_twice(fault: DefectKind):
    assert list(_composed([Defect(fault, 7, "文字", "ja", None)], NAME)) == []


def test_every_fault_is_told_or_proved():
    told = [finding.code for fault in DefectKind for finding in _composed([Defect(fault, 1, "文", "ja", None)], NAME)]
    assert len(set(told)) == len(told) == len(DefectKind) - 3
