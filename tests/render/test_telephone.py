"""Telephone numbers: found as people write them, marked as links, never parted, apart from sources' numbers."""

import re

import pytest

from taiyaku.content import pair
from taiyaku.language.linebreak import JOINER, compose
from taiyaku.model.content import BlockKind
from taiyaku.render.rows import RowBuilder, walk_rows
from taiyaku.render.telephone import address, alone, marked, numbers
from tests.making import text, theme, tiny_content

CITE = '<a class="cite" href="#source-law">7</a>'


@pytest.mark.parametrize(
    ("written", "dialled"),
    [
        ("03-1234-5678", "0312345678"),
        ("0570-012345", "0570012345"),
        ("0120 111 222", "0120111222"),
        ("(03) 1234-5678", "0312345678"),
        ("09012345678", "09012345678"),
        ("050‑1234‑5678", "05012345678"),
        ("06ー1234ー5678", "0612345678"),
        ("+81-3-1234-5678", "+81312345678"),
        ("+81 (0)3 1234 5678", "+81312345678"),
        ("+1 202-555-0143", "+12025550143"),
        ("#9110", "%239110"),
        ("０４５－１２３－４５６７", "0451234567"),
        ("０３（１２３４）５６７８", "0312345678"),
        ("＋81-45-123-4567", "+81451234567"),
        ("＃8000", "%238000"),
    ],
)
def test_a_number_is_found_and_dialled(written: str, dialled: str):
    assert address(written) == f"tel:{dialled}"
    html = marked(f"ask {written} first", "en")
    assert html == f'ask <a class="tel" href="tel:{dialled}">{written}</a> first'


@pytest.mark.parametrize(
    ("said", "language", "found"),
    [
        ("打110报警", "zh-Hans", ("110",)),
        ("Dial 119 for fire.", "en", ("119",)),
        ("料金は110円です", "ja", ()),
        ("2026-11-22 12:30", "en", ()),
        ("10,000,000 yen, 30 GB, 1–2 weeks", "en", ()),
        ("住所は〒100-0001です", "ja", ()),
        ("第03-1234条", "ja", ()),
        ("01-02-2026", "en", ()),
        ("ISBN 4-00-310101-4", "en", ()),
        ("tel.045-123-4567,045-123-4568.", "en", ("045-123-4567", "045-123-4568")),
        ("1,045-123-4567", "en", ()),
    ],
)
def test_what_is_a_telephone_number_and_what_is_not(said: str, language: str, found: tuple[str, ...]):
    links = re.findall(r'<a class="tel"[^>]*>([^<]*)</a>', marked(said, language))
    assert tuple(links) == found


def test_numbers_are_given_the_longest_first():
    assert numbers("#9110, +81 3 1234 5678, 03-1234-5678", "en") == ("+81 3 1234 5678", "03-1234-5678", "#9110")


def test_inside_a_link_and_in_a_title_a_number_is_no_link():
    html = marked('<a href="https://example.org">03-1234-5678</a>', "en")
    assert html == '<a href="https://example.org"><span class="tel">03-1234-5678</span></a>'
    assert marked("03-1234-5678", "en", links=False) == '<span class="tel">03-1234-5678</span>'
    assert marked(CITE + '<a href="tel:0">x</a><ruby>本<rt>0312345678</rt></ruby>', "ja").count("tel") == 1


@pytest.mark.parametrize("behind", ["", ".", "</strong>", "</strong>\u2060", '</strong>.<span class="keep">'])
def test_a_source_number_behind_it_stands_apart(behind: str):
    assert f'{behind}<a class="cite" data-apart="" href' in marked(f"03-1234-5678{behind}{CITE}", "en")


def test_a_source_number_behind_words_or_a_wide_full_stop_does_not():
    assert "data-apart" not in marked(f"03-1234-5678 says so{CITE} 03-1234-5678。{CITE}", "ja")


@pytest.mark.parametrize("between", ["", " ", "</span> ", " (", " <strong>", "</span> <em>“"])
def test_a_source_number_before_it_stands_apart(between: str):
    html = marked(f"x。{CITE}{between}119", "en")
    assert f'<a class="cite" data-before="" href="#source-law">7</a>{between}<' in html


def test_a_source_number_between_two_of_them_stands_apart_from_both():
    assert 'data-apart="" data-before="" href' in marked(f"119{CITE} 110", "en")
    assert "data-before" not in marked(f"x{CITE} or 110", "en")


@pytest.mark.parametrize("language", ["ja", "en", "zh-Hans", "ko", "th"])
@pytest.mark.parametrize("written", ["03-1234-5678", "+81 3 1234 5678", "(03) 1234-5678", "#9110"])
def test_no_line_parts_a_number(written: str, language: str):
    """But where a column is narrower than the number: it is held by joiners, not by ``nowrap``."""
    set_html = compose(marked(f"x {written} x", language), language)
    (number,) = re.findall(r'class="tel"[^>]*>([^<]*)<', set_html)
    assert " " not in number
    assert all(JOINER in number[at - 1 : at + 2] for at, char in enumerate(number) if char in "-()" and 0 < at < 12)


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ("110", "urgent"),
        (f"119{CITE}", "urgent"),
        ("03-1234-5678", "dial"),
        (f'<strong><span class="keep">#9110</span></strong>{CITE}', "dial"),
        ("Police 110", ""),
        ("2026", ""),
    ],
)
def test_a_text_that_is_a_number_and_no_more(html: str, said: str):
    assert alone(marked(html, "en")) == said


def test_a_cell_that_is_dialled_says_so_and_a_paragraph_does_not():
    builder = RowBuilder(tiny_content(), theme(), ("ja",), {"law": 7})
    written = text("# 題\n\n03-1234-5678 [@law]\n\n| 番号 | 話 |\n|---|---|\n| 119 | 火事 |\n| #9110 | 相談 |\n")
    rows = (builder.row(one) for one in pair.alone(written).pairs)
    cells = [cell for row in walk_rows(rows) for cell in row.cells if row.kind != str(BlockKind.HEADING)]
    assert [cell.dial for cell in cells] == ["", "", "", "urgent", "", "dial", ""]
