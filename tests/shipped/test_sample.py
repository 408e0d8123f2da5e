"""Two sample guides in languages that the real guide has not: Arabic, Vietnamese, Korean, traditional Chinese.

`sample` holds every kind of block, and what goes wrong in text from right to left: telephone numbers, dates, brackets,
words in Latin letters. `glyphs` holds characters that each region draws in its own form. The finished PDFs are read
back letter by letter: where each stands, and in which font.
"""

import ctypes
import datetime as dt
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import page as validator
import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium
import pytest

from taiyaku.checks.prepare import manuscripts, prepare
from taiyaku.content.load import LoadedHost, load_guide
from taiyaku.content.theme import load_theme
from taiyaku.language.faces import missing
from taiyaku.language.tags import direction
from taiyaku.model.content import Content, Role
from taiyaku.model.documents import Edition, Form, Publication
from taiyaku.model.findings import errors
from taiyaku.pipeline.check import check_guides
from taiyaku.pipeline.options import BuildOptions
from taiyaku.pipeline.targets import plan
from taiyaku.pipeline.title import Job, assets_of, make, set_in_html
from taiyaku.typeset.fonts import CUT
from tests.making import ROOT, told

SAMPLES: Final = ROOT / "tests" / "sample"
ARABIC: Final = ("ar", "ja")
VIETNAMESE: Final = ("vi", "ja")
PHONE: Final = "03-1234-5678"
ABROAD: Final = "+81 3-1234-5678"
DAY: Final = "2026-12-24"
FORMS: Final = "骨直曜誤角今令化入"
TONES: Final = "ếềểễệốồổỗộắằẳẵặứừửữựớờởỡợấầẩẫậđĐẾỘẴỮ"

BOOKLETS: Final = (
    ("sample", ARABIC),
    ("sample", VIETNAMESE),
    ("sample", ("ja",)),
    ("glyphs", ("zh-Hans", "ja")),
    ("glyphs", ("zh-Hant", "ko")),
)
CHECKLISTS: Final = (("sample", ARABIC), ("sample", VIETNAMESE), ("sample", ("ja",)))


# Building, once a title


@dataclass(frozen=True)
class Built:
    """A document with the HTML that it was made from, and what was found in it."""

    html: str
    pdf: bytes
    findings: tuple[str, ...]


@cache
def content(guide: str) -> Content:
    read = load_guide(SAMPLES, guide).content
    assert read is not None
    return read


@cache
def order() -> BuildOptions:
    """Ask for everything, on the day of the guides themselves."""
    return BuildOptions(ROOT, SAMPLES, Path("unused"), today=dt.date(2026, 11, 22))


@cache
def built(guide: str, languages: tuple[str, ...], form: Form = Form.BOOKLET) -> Built:
    """Make one title's screen edition, whatever is found in it: a test of its own asks for that."""
    theme, own = load_theme(SAMPLES).theme, content(guide)
    title = next(t for t in plan(own, order()) if (t.languages, t.form) == (languages, form))
    work = Job(
        title=title,
        editions=(Edition.SCREEN,),
        content=own,
        theme=theme,
        texts=manuscripts(prepare(own, draft=False), title),
        host=LoadedHost(None, b"", ()).host,
        assets=assets_of(own, theme, b""),
        inputs={},
        draft=False,
    )
    made = make(work)
    return Built(set_in_html(work).html, made.documents[0].pdf, tuple(told(errors(made.findings))))


# Reading a page letter by letter


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter on a page: its box in pt from the page's lower left, its baseline, and its font's name."""

    char: str
    page: int
    left: float
    right: float
    base: float
    font: str


@cache
def letters(pdf: bytes) -> tuple[Letter, ...]:
    """Read every letter of a PDF; spaces and marks without a box are left out."""
    document = pypdfium2.PdfDocument(pdf)
    found = tuple(letter for number, page in enumerate(document) for letter in _on_page(page, number))
    document.close()
    return found


def _on_page(page: pypdfium2.PdfPage, number: int) -> Iterator[Letter]:
    textpage = page.get_textpage()
    left, right, bottom, top, x, y = (ctypes.c_double() for _ in range(6))
    for at in range(textpage.count_chars()):
        char = chr(pdfium.FPDFText_GetUnicode(textpage.raw, at))
        item = pdfium.FPDFText_GetTextObject(textpage.raw, at)
        if not item or unicodedata.category(char)[0] in "ZC":
            continue
        pdfium.FPDFText_GetCharBox(textpage.raw, at, left, right, bottom, top)
        pdfium.FPDFText_GetCharOrigin(textpage.raw, at, x, y)
        yield Letter(char, number, left.value, right.value, y.value, _font(item))
    textpage.close()


def _font(item: Any) -> str:
    """Return the name of a text's font without the tag of its subset (ISO 32000-2, 9.9.2)."""
    font = pdfium.FPDFTextObj_GetFont(item)
    length = pdfium.FPDFFont_GetBaseFontName(font, None, 0)
    buffer = ctypes.create_string_buffer(length)
    pdfium.FPDFFont_GetBaseFontName(font, buffer, length)
    return buffer.value.decode().split("+")[-1].replace("-", " ")


def face(letter: Letter) -> str:
    return letter.font.removeprefix(CUT).removesuffix(" Bold")


def seen(line: Sequence[Letter]) -> str:
    """Return a line as the eye meets it: from left to right."""
    return "".join(letter.char for letter in line)


@cache
def lines(pdf: bytes) -> tuple[tuple[Letter, ...], ...]:
    """Return each line of each page, its letters from left to right; columns on one baseline are one line."""

    def place(letter: Letter) -> tuple[int, float]:
        return letter.page, -round(letter.base, 1)

    sets = groupby(sorted(letters(pdf), key=place), key=place)
    return tuple(tuple(sorted(line, key=lambda letter: letter.left)) for _, line in sets)


def is_arabic(letter: Letter) -> bool:
    return unicodedata.bidirectional(letter.char) == "AL"


def is_japanese(letter: Letter) -> bool:
    return bool(re.match(r"[\u3040-\u30ff\u4e00-\u9fff]", letter.char))


def middle(pdf: bytes) -> float:
    """Return the x of the first page's middle in pt."""
    document = pypdfium2.PdfDocument(pdf)
    width: float = document[0].get_width()
    document.close()
    return width / 2


def at_right(pdf: bytes, text: str) -> list[bool]:
    """Say for each place where the eye reads a text on a line whether it stands in the page's right half."""
    half, found = middle(pdf), []
    for line in lines(pdf):
        shown = seen(line)
        for match in re.finditer(re.escape(text), shown):
            inside = line[match.start() : match.end()]
            found.append((inside[0].left + inside[-1].right) / 2 > half)
    return found


# The guides themselves


def test_the_samples_hold_no_fault_that_needs_no_typesetting():
    assert told(check_guides(order()).findings) == []


@pytest.mark.parametrize("language", ["ar", "vi", "ja", "en", "ko", "zh-Hans", "zh-Hant"])
def test_the_words_of_the_samples_are_complete(language: str):
    theme = load_theme(SAMPLES).theme
    assert language in theme.strings
    words = {name: text for name, text in theme.strings[language].model_dump().items() if isinstance(text, str)}
    ours = load_theme(ROOT / "content").theme.strings["en"].model_dump()
    assert words.keys() == {name for name, text in ours.items() if isinstance(text, str)}
    assert not missing("".join(words.values()), language)


def test_every_kind_of_block_is_there():
    """The sample is worth nothing if a block of the guide format is not in it."""
    html = "".join(built("sample", ARABIC, form).html for form in Form)
    lists = ("rows steps", "rows bullets", "item nested", "rows tasks", "ticked", "definitions", "table")
    boxes = ("box note", "box tip", "box warning", "box scam", "phrase", "quote", "in-picture", "caption")
    inside = (
        "level-1",
        "level-2",
        "level-3",
        "footnote",
        'class="cite"',
        'class="see"',
        "cell solo",
        "<ruby",
        "<strong>",
    )
    assert [name for name in (*lists, *boxes, *inside) if name not in html] == []
    assert '<span class="mark" data-tag="Lbl">11</span>' in html


@pytest.mark.parametrize(("guide", "languages"), BOOKLETS)
def test_a_booklet_has_no_fault(guide: str, languages: tuple[str, ...]):
    assert built(guide, languages).findings == ()


@pytest.mark.parametrize(("guide", "languages"), CHECKLISTS)
def test_a_checklist_has_no_fault(guide: str, languages: tuple[str, ...]):
    assert built(guide, languages, Form.CHECKLIST).findings == ()


@pytest.mark.parametrize(
    ("guide", "languages", "form"),
    [(*one, Form.BOOKLET) for one in BOOKLETS] + [(*one, Form.CHECKLIST) for one in CHECKLISTS],
)
def test_a_document_is_accessible(guide: str, languages: tuple[str, ...], form: Form):
    report = validator.validate_pdf_bytes(
        built(guide, languages, form).pdf, profile=validator.ValidationProfile.PDF_UA_1
    )
    assert report.is_compliant, report


# From right to left


@pytest.mark.parametrize("form", Form)
def test_every_text_says_its_direction(form: Form):
    """HTML 5, 3.2.6.4: a cell says its direction itself, whatever stands around it."""
    html = built("sample", ARABIC, form).html
    cells = re.findall(r'<[a-z0-9]+ [^>]*?lang="(ar|ja)" dir="(\w+)"', html)
    assert {("ar", "rtl"), ("ja", "ltr")} == set(cells)
    assert [tag for tag in re.findall(r'<(?:p|h\d)[^>]*lang="(?:ar|ja)"[^>]*>', html) if "dir=" not in tag] == []


def rows(pdf: bytes) -> list[tuple[float, float, Letter]]:
    """Return each line of chapters that both languages stand on: where Japanese ends, where Arabic begins, a letter.

    The two faces' baselines lie less than 2 pt apart. Left out: lines that say a Japanese word in Arabic, the foot.
    """
    found = []
    for line in lines(pdf):
        japanese = [letter.right for letter in line if is_japanese(letter)]
        near = [c for c in letters(pdf) if c.page == line[0].page and abs(c.base - line[0].base) < 2]
        arabic = [letter.left for letter in near if is_arabic(letter)]
        mixed = re.search("われも|の」と|荷物を送る|^\\d{4}", seen(line))
        if len(japanese) > 3 and len(arabic) > 3 and line[0].page in (0, 2, 3) and not mixed:
            found.append((max(japanese), min(arabic), line[0]))
    return found


@pytest.mark.parametrize(("form", "least"), [(Form.BOOKLET, 14), (Form.CHECKLIST, 3)])
def test_the_readers_column_stands_at_the_right(form: Form, least: int):
    """Arabic reads from the right: its column is the right one."""
    both = rows(built("sample", ARABIC, form).pdf)
    assert len(both) >= least
    assert [seen([letter]) for japanese, arabic, letter in both if japanese >= arabic] == []


@pytest.mark.parametrize(("form", "least"), [(Form.BOOKLET, 9), (Form.CHECKLIST, 3)])
def test_numbers_to_point_at_stand_between_the_columns(form: Form, least: int):
    """They belong to both languages: each stands left of the reader's words and right of the host's."""
    pdf = built("sample", ARABIC, form).pdf
    digits = [letter for letter in letters(pdf) if letter.char.isdigit()]
    spine = [
        letter
        for japanese, arabic, letter in rows(pdf)
        if any(
            c.page == letter.page and abs(c.base - letter.base) < 3 and japanese < c.left and c.right < arabic
            for c in digits
        )
    ]
    assert len(spine) >= least


def test_a_telephone_number_reads_from_left_to_right():
    """UAX #9, W2 and W4: behind an Arabic letter a hyphen does not join digits; the number must not be turned round."""
    pdf = built("sample", ARABIC).pdf
    assert at_right(pdf, PHONE).count(True) >= 2, "a step, and whom to ask"
    assert at_right(pdf, ABROAD.replace(" ", ""))
    backwards = ("5678-1234-03", "5678-03-1234", "-5678", "81+", "5678-1234-3")
    rest = "\n".join(seen(line) for line in lines(pdf)).replace(PHONE, "").replace(ABROAD.replace(" ", ""), "")
    assert [text for text in backwards if text in rest] == []
    assert True in at_right(built("sample", ARABIC, Form.CHECKLIST).pdf, PHONE)


def test_dates_and_amounts_read_from_left_to_right():
    pdf = built("sample", ARABIC).pdf
    assert True in at_right(pdf, DAY)
    assert not any("24-12-2026" in seen(line) for line in lines(pdf))
    assert True in at_right(pdf, "25kg"), "a number stands before its unit"
    assert not any("kg25" in seen(line) or "cm160" in seen(line) or "cm60" in seen(line) for line in lines(pdf))
    assert True in at_right(pdf, "1,500")


def test_brackets_open_towards_their_words():
    """UAX #9, L4: in a line from right to left the one that opens stands at the right and bulges to the right."""
    pdf = built("sample", ARABIC, Form.CHECKLIST).pdf
    line = next(line for line in lines(pdf) if "25kg" in seen(line) and any(map(is_arabic, line)))
    at = seen(line).rindex("25kg")
    closing = next(letter for letter in reversed(line[:at]) if letter.char in "()")
    opening = next(letter for letter in line[at:] if letter.char in "()")
    assert (bulges_right(pdf, closing), bulges_right(pdf, opening)) == (False, True)


def bulges_right(pdf: bytes, bracket: Letter) -> bool:
    """Draw a bracket and say whether its middle stands further to the right than its ends."""
    document = pypdfium2.PdfDocument(pdf)
    page = document[bracket.page]
    width, height = page.get_size()
    size = 12.0
    crop = (bracket.left - 0.2, bracket.base - 4, width - bracket.right - 0.2, height - bracket.base - size)
    picture = page.render(scale=20, crop=crop).to_pil().convert("L")
    document.close()
    rows = [[x for x in range(picture.width) if picture.getpixel((x, y)) < 128] for y in range(picture.height)]
    inked = [sum(row) / len(row) for row in rows if row]
    return inked[len(inked) // 2] > (inked[0] + inked[-1]) / 2


def test_arabic_letters_are_drawn_by_their_own_face():
    for form in Form:
        drawn = [letter for letter in letters(built("sample", ARABIC, form).pdf) if is_arabic(letter)]
        assert len(drawn) > 100
        assert {face(letter) for letter in drawn} == {"Noto Sans Arabic"}


def test_arabic_letters_are_joined():
    """A letter has a form for each place in a word, so that one character is drawn by several glyphs."""
    glyphs: dict[str, set[str]] = {}
    with pikepdf.open(BytesIO(built("sample", ARABIC).pdf)) as pdf:
        for thing in pdf.objects:
            if _is_arabic_font(thing):
                for glyph, char in _unicodes(thing.ToUnicode.read_bytes().decode()):
                    glyphs.setdefault(char, set()).add(f"{thing.BaseFont}{glyph}")
    joining = "بتلي"
    assert {char: len(glyphs.get(char, ())) >= 2 for char in joining} == dict.fromkeys(joining, True)


def _is_arabic_font(thing: Any) -> bool:
    return isinstance(thing, pikepdf.Dictionary) and "/ToUnicode" in thing and "Arabic" in str(thing.get("/BaseFont"))


def _unicodes(cmap: str) -> Iterator[tuple[str, str]]:
    """Read which glyph stands for which single character (ISO 32000-2, 9.10.3)."""
    for glyph, code in re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]{4})>\s*(?=\n|<|e)", cmap):
        yield glyph, chr(int(code, 16))


@pytest.mark.parametrize("languages", [ARABIC, VIETNAMESE])
@pytest.mark.parametrize("form", Form)
def test_no_mark_parts_a_word(languages: tuple[str, ...], form: Form):
    """What keeps a source's number at its word takes the whole word: letters join across no element."""
    html = built("sample", languages, form).html
    other = "\n".join(re.findall(rf'lang="{languages[0]}"[^>]*>(.*?)</(?:p|h\d)>', html, re.DOTALL))
    assert 'class="keep"' in other
    assert re.findall(r"\w[\u064b-\u0652\u200e-]*<span class=\"keep\">\w+", other) == []


def test_folios_follow_the_binding():
    """The booklet is bound at the right: its first page is a left one, even folios stand at the right."""
    pdf = built("sample", ARABIC).pdf
    half = middle(pdf)
    for number in (2, 3, 4):
        foot = [letter for letter in letters(pdf) if letter.page == number and letter.base < 36]
        folio = [letter for letter in foot if letter.char.isdigit() and "Bold" in letter.font]
        assert seen(folio) == str(number + 1)
        assert (folio[0].left < half) == (number % 2 == 0)


def test_the_running_heads_stand_over_their_columns():
    pdf = built("sample", ARABIC).pdf
    half = middle(pdf)
    top = max(letter.base for letter in letters(pdf)) - 20
    heads = [letter for letter in letters(pdf) if letter.page == 3 and letter.base > top]
    assert {letter.left > half for letter in heads if is_arabic(letter)} == {True}
    assert {letter.left > half for letter in heads if is_japanese(letter)} == {False}


def test_every_label_stands_in_its_frame():
    """Labels stand in their picture's frames, whichever way the reader reads: the first at the left."""
    pdf = built("sample", ARABIC).pdf
    starts = [
        line[match.start()].left
        for label in ("箱に詰める", "窓口に出す", "3日後に届く")
        for line in lines(pdf)
        if (match := re.search(label, seen(line)))
    ]
    assert len(starts) == 3
    assert starts == sorted(starts)
    assert all(letter.left > 0 and letter.right < 2 * middle(pdf) for letter in letters(pdf))


# Vietnamese, and the forms of each region


def test_vietnamese_letters_are_drawn_by_one_face():
    """Every letter, those with two marks too, stands in Noto Sans as one glyph; none is put together from others."""
    drawn = [letter for letter in letters(built("sample", VIETNAMESE).pdf) if letter.char in TONES]
    assert {letter.char for letter in drawn} == set(TONES)
    assert {face(letter) for letter in drawn} == {"Noto Sans"}
    assert not [c for c in letters(built("sample", VIETNAMESE).pdf) if "\u0300" <= c.char <= "\u036f"]


@pytest.mark.parametrize("languages", [ARABIC, VIETNAMESE, ("ja",)])
def test_japanese_is_drawn_in_japanese_forms(languages: tuple[str, ...]):
    drawn = [letter for letter in letters(built("sample", languages).pdf) if is_japanese(letter)]
    assert len(drawn) > 100
    assert {face(letter) for letter in drawn} == {"Noto Sans CJK JP"}


@pytest.mark.parametrize(
    ("languages", "regions"), [(("zh-Hans", "ja"), ("SC", "JP")), (("zh-Hant", "ko"), ("TC", "KR"))]
)
def test_each_language_has_the_forms_of_its_region(languages: tuple[str, ...], regions: tuple[str, str]):
    """CLReq 2.1: the same characters, drawn as the text's own region writes them; regular and bold."""
    found = []
    for line in lines(built("glyphs", languages).pdf):
        for match in re.finditer(FORMS, seen(line)):
            found.append({letter.font for letter in line[match.start() : match.end()]})
    faces = [f"{CUT}Noto Sans CJK {region}" for region in regions]
    assert [{name.removesuffix(" Bold") for name in names} for names in found] == [{one} for one in faces * 2]
    assert [any(name.endswith("Bold") for name in names) for names in found] == [False, False, True, True]


def test_the_samples_languages_have_a_direction():
    titles = {Publication("sample", "sample", Form.BOOKLET, languages) for languages in (ARABIC, VIETNAMESE)}
    assert {direction(title.languages[0]) for title in titles} == {"rtl", "ltr"}
    assert {m.language for m in content("sample").manuscripts if m.role is Role.CHAPTER} == {"ar", "vi", "ja"}
