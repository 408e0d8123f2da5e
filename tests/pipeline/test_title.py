"""One title made: a booklet keeps to its pages, its layouts, and the large edition."""

import ctypes
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pypdfium2
import pypdfium2.raw as pdfium
import pytest

from taiyaku.checks.prepare import manuscripts, prepare
from taiyaku.content.load import load_guide
from taiyaku.language.linebreak import visible
from taiyaku.model.content import Content
from taiyaku.model.documents import Edition, Form
from taiyaku.model.findings import format_finding
from taiyaku.model.units import PT_PER_MM
from taiyaku.pdf.text import squeeze
from taiyaku.pipeline import targets
from taiyaku.pipeline import title as make
from taiyaku.pipeline.options import BuildOptions
from taiyaku.pipeline.title import Job, JobResult, layout_of, set_in_html
from taiyaku.prepress.profile import load_profile
from taiyaku.render.htmltext import runs
from tests.making import ROOT, theme, tiny_guide

PARAGRAPH: Final = {
    "zh-Hans": "签约时要核对姓名、住址和出生日期，先打电话预约，再带上原件去。",
    "ja": "契約のときに名前と住所と生年月日を確かめます。先に電話で予約して、原本を持って行きます。",
    "en": "They look at your name, your address and your date of birth; call first and bring the card.",
}
LANGUAGES: Final = ("zh-Hans", "ja")
PRODUCTION: Final = make.PrintOptions(profile=load_profile(None))


def work(
    *,
    keys: str = "",
    blocks: int = 0,
    optional: int = 0,
    languages: tuple[str, ...] = LANGUAGES,
    editions: tuple[Edition, ...] = (Edition.SCREEN,),
) -> Job:
    """Make the work for the tiny guide's booklet, with more blocks and lines in guide.toml."""
    content = read(keys, blocks, optional, languages)
    order = BuildOptions(ROOT, ROOT / "content", ROOT / "out")
    (title,) = (one for one in targets.plan(content, order) if one.form is Form.BOOKLET)
    texts = manuscripts(prepare(content, draft=False), title)
    assets = make.assets_of(content, theme(), b"")
    return Job(title, editions, content, theme(), texts, None, assets, {}, draft=False, production=PRODUCTION)


@cache
def read(keys: str, blocks: int, optional: int, languages: tuple[str, ...]) -> Content:
    with TemporaryDirectory() as folder:
        root = tiny_guide(Path(folder), languages)
        with (root / "mini" / "guide.toml").open("a", encoding="utf-8") as file:
            file.write(keys)
        for tag in languages:
            more = [f"{PARAGRAPH[tag]}【{number}】\n" for number in range(1, blocks + 1)]
            more += [f"{PARAGRAPH[tag]}\n{{: .optional }}\n" for _ in range(optional)]
            with (root / "mini" / tag / "01-start.md").open("a", encoding="utf-8") as file:
                file.write("\n".join(["", *more]))
        content = load_guide(root, "mini").content
    assert content is not None
    return content


@cache
def made(
    keys: str = "",
    blocks: int = 0,
    optional: int = 0,
    languages: tuple[str, ...] = LANGUAGES,
    editions: tuple[Edition, ...] = (Edition.SCREEN,),
) -> JobResult:
    return make.make(work(keys=keys, blocks=blocks, optional=optional, languages=languages, editions=editions))


def texts_of(pdf: bytes) -> list[str]:
    """Return the text of each page."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [visible(page.get_textpage().get_text_range()) for page in document]


def notes_in(pdf: bytes) -> int:
    """Count the pages for notes."""
    heads = [theme().strings[tag].notes for tag in LANGUAGES]
    return sum(all(head in page for head in heads) for page in texts_of(pdf))


# The page budget


@pytest.mark.parametrize("blocks", [0, 3, 9, 20])
def test_a_booklet_has_a_multiple_of_four_pages(blocks: int):
    one = made(blocks=blocks)
    (document,) = one.documents
    assert one.findings == ()
    assert document.pages % 4 == 0
    assert len(texts_of(document.pdf)) == document.pages
    assert notes_in(document.pdf) <= 3


def test_pages_for_notes_fill_the_budget():
    """A page of notes more for each page that the budget is larger; all stand before the back cover."""
    four, eight, twelve = (made(f"pages = {pages}\n").documents[0].pdf for pages in (4, 8, 12))
    assert [len(texts_of(pdf)) for pdf in (four, eight, twelve)] == [4, 8, 12]
    assert [notes_in(pdf) - notes_in(four) for pdf in (eight, twelve)] == [4, 8]
    pages = texts_of(eight)
    heads = [at for at, page in enumerate(pages) if theme().strings["ja"].notes in page]
    assert heads == list(range(heads[0], len(pages) - 1))


def test_a_budget_is_no_reason_to_leave_a_text_out():
    for keys in ("pages = 4\n", "pages = 8\n"):
        assert made(keys).findings == ()
        wanted = [run for cell in set_in_html(work(keys=keys)).cells for run in runs(cell.html)]
        read = squeeze("".join(texts_of(made(keys).documents[0].pdf)))
        assert len(wanted) > 20
        assert [run for run in wanted if len(squeeze(run)) < 3 and squeeze(run) not in read] == []


BEFORE: Final = 5
"""So many numbers to point at the tiny guide's chapter has of its own."""


def test_a_booklet_that_is_too_long_is_told_with_languages_blocks_and_lines():
    (finding,) = made("pages = 4\n", blocks=40).findings
    assert finding.code == "fit.pages"
    pages, lines = finding.facts["pages"], finding.facts["lines"]
    assert pages > 4
    first, last = map(int, finding.facts["blocks"].split("–"))
    assert BEFORE < first < last == BEFORE + 40
    assert 2 * (last - first + 1) <= lines <= 5 * (last - first + 1) + 20, "two lines a block at least; and the matter"
    assert format_finding(finding).splitlines()[0] == (
        f"content/mini/guide.toml: error: the booklet needs {pages} pages and has 4 (zh-Hans+ja): "
        f"{lines} lines are over, blocks {first}–{last} [fit.pages]"
    )


def test_the_blocks_that_are_named_stand_where_the_back_cover_ought_to_be():
    one = made("pages = 4\n", blocks=40)
    (finding,) = one.findings
    first = int(finding.facts["blocks"].split("–")[0]) - BEFORE
    pdf = one.documents[0].pdf
    assert boxes(pdf, f"【{first}】")[0] + 1 == 4
    assert boxes(pdf, f"【{first - 2}】")[0] + 1 < 4


def test_what_is_optional_goes_where_a_booklet_is_too_long():
    keys = "pages = 8\n"
    assert [one.code for one in made(keys, blocks=60).findings] == ["fit.pages"]
    one = made(keys, blocks=10, optional=50)
    assert one.findings == ()
    assert len(texts_of(one.documents[0].pdf)) == 8
    assert squeeze("".join(texts_of(one.documents[0].pdf))).count(squeeze(PARAGRAPH["zh-Hans"])) == 10


def test_what_is_optional_stays_where_there_is_room():
    one = made("pages = 8\n", blocks=1, optional=2)
    assert one.findings == ()
    assert squeeze("".join(texts_of(one.documents[0].pdf))).count(squeeze(PARAGRAPH["zh-Hans"])) == 3


def test_a_block_that_may_go_is_left_out_of_the_html():
    whole, needed = (set_in_html(work(blocks=1, optional=2), optional=optional) for optional in (True, False))
    count = [squeeze(visible(one.html)).count(squeeze(PARAGRAPH["ja"])) for one in (whole, needed)]
    assert count == [3, 1]
    assert [one.html.count('class="point"') for one in (whole, needed)] == [BEFORE + 3, BEFORE + 1]


# How the languages stand


def boxes(pdf: bytes, words: str) -> tuple[int, float, float]:
    """Return page, left edge and top of where words begin, in mm."""
    with pypdfium2.PdfDocument(pdf) as document:
        for number, page in enumerate(document):
            text = page.get_textpage()
            raw = text.get_text_range()
            at = raw.find(words)
            if at >= 0:
                left, _, _, top = text.get_charbox(at)
                return number, left / PT_PER_MM, top / PT_PER_MM
    raise AssertionError(f"{words} is not in the document")


@pytest.mark.parametrize("layout", ["side-by-side", "stacked", "facing"])
def test_a_guide_chooses_how_its_languages_stand(layout: str):
    keys = f'layout = "{layout}"\n'
    assert layout_of(work(keys=keys)) == layout
    one = made(keys)
    assert one.findings == ()
    assert one.documents[0].pages % 4 == 0
    first, second = (boxes(one.documents[0].pdf, words) for words in ("先打电话", "先に電話"))
    if layout == "stacked":
        assert first[0] == second[0]
        assert first[1] == pytest.approx(second[1], abs=4)
        assert first[2] > second[2] + 2
    elif layout == "side-by-side":
        assert first[0] == second[0]
        assert first[1] < second[1] - 40
        assert first[2] == pytest.approx(second[2], abs=1.5)
    else:
        assert first[0] % 2 == 1, "the reader's language stands on the left page, which has an even number"
        assert second[0] == first[0] + 1
        assert first[2] == pytest.approx(second[2], abs=1.5)


def test_the_languages_choose_themselves_where_a_guide_says_nothing():
    assert layout_of(work()) == "side-by-side"


# Large print


def sizes(pdf: bytes, words: str) -> Iterator[float]:
    """Return the type size in pt of each run that begins with words."""
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            text = page.get_textpage()
            for item in page.get_objects(filter=(pdfium.FPDF_PAGEOBJ_TEXT,)):
                size = ctypes.c_float()
                assert pdfium.FPDFTextObj_GetFontSize(item.raw, ctypes.byref(size))
                length = pdfium.FPDFTextObj_GetText(item.raw, text.raw, None, 0)
                buffer = ctypes.create_string_buffer(length * 2)
                pdfium.FPDFTextObj_GetText(
                    item.raw, text.raw, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), length
                )
                if visible(buffer.raw.decode("utf-16-le").rstrip("\0")).startswith(words):
                    yield size.value * abs(item.get_matrix().a)


def test_large_print_stands_on_a4_in_sixteen_points():
    one = made(editions=(Edition.LARGE,))
    assert one.findings == ()
    (document,) = one.documents
    with pypdfium2.PdfDocument(document.pdf) as pdf:
        sides = {tuple(round(length / PT_PER_MM) for length in page.get_size()) for page in pdf}
    assert sides == {(210, 297)}
    for words in ("先打电话", "先に", "在留カード"):
        found = list(sizes(document.pdf, words))
        assert found
        assert min(found) >= 16


def test_a_booklet_is_smaller():
    document = made().documents[0]
    assert 8 < min(sizes(document.pdf, "先打电话")) < 10


def test_large_print_is_one_column():
    document = made(editions=(Edition.LARGE,)).documents[0]
    first, second = (boxes(document.pdf, words) for words in ("先打电话", "先に電話"))
    assert first[0] == second[0]
    assert first[1] == pytest.approx(second[1], abs=4)
    assert first[2] > second[2] + 4


def test_the_editions_of_a_booklet_say_the_same():
    whole = made(editions=tuple(Edition))
    assert [document.edition for document in whole.documents] == list(Edition)
    assert whole.findings == ()
    for words in ("先打电话预约", "先に電話で", "1,000"):
        for document in whole.documents:
            assert squeeze(words) in squeeze("".join(texts_of(document.pdf)))


# One edition by itself


@pytest.mark.parametrize("editions", [(Edition.SCREEN,), (Edition.PRINT,), (Edition.PRESS,)], ids=str)
def test_a_checklist_is_the_same_made_by_itself_or_with_the_others(content: Content, editions: tuple[Edition, ...]):
    """This one's print could have larger type than its screen: it is fitted after it, whatever is asked for."""
    assert pdfs(checklist(content, editions)).items() <= pdfs(checklist(content, tuple(Edition))).items()


@pytest.mark.parametrize("edition", Edition)
def test_a_booklet_is_the_same_made_by_itself_or_with_the_others(edition: Edition):
    alone, together = (pdfs(work(blocks=9, editions=editions)) for editions in ((edition,), tuple(Edition)))
    assert list(alone) == [edition]
    assert alone.items() <= together.items()


def checklist(content: Content, editions: tuple[Edition, ...]) -> Job:
    order = BuildOptions(ROOT, ROOT / "content", ROOT / "out")
    wanted = ("at-the-shop", LANGUAGES)
    (title,) = (one for one in targets.plan(content, order) if (one.name, one.languages) == wanted)
    texts = manuscripts(prepare(content, draft=False), title)
    assets = make.assets_of(content, theme(), b"")
    own = tuple(edition for edition in editions if edition is not Edition.LARGE)
    return Job(title, own, content, theme(), texts, None, assets, {}, draft=False, production=PRODUCTION)


def pdfs(order: Job) -> dict[Edition, bytes]:
    done = make.make(order)
    assert done.findings == ()
    return {document.edition: document.pdf for document in done.documents}


def test_only_pictures_that_a_text_names_reach_the_typesetter():
    """And the cover: not what lies beside them, such as a font or a picture of another document."""
    pictures = dict.fromkeys((f"figures/{name}" for name in ("a.svg", "b.svg", "c.svg", "d.ttf")), b"<svg/>")
    content = read('cover = "figures/b.svg"\n', 0, 0, LANGUAGES)
    shown = [replace(one, text=f"{one.text}\n![図](figures/a.svg)\n") for one in content.manuscripts]
    content = replace(content, manuscripts=tuple(shown), figures=pictures)
    own = work(keys='cover = "figures/b.svg"\n')
    texts = manuscripts(prepare(content, draft=False), own.title)
    own = replace(own, content=content, texts=texts, assets=make.assets_of(content, theme(), b""))
    given = make.files_of(own, "<p>a</p>")
    assert {name for name in given if name.startswith("figures/")} == {"figures/a.svg", "figures/b.svg"}
