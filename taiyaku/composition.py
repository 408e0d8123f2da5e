"""A finished PDF → faults of composition, line by line. Pure.

It reads any tagged PDF, of whatever typesetter: every text that was to be set is found in it, each once, so that every
character has a page and a place; characters on one baseline are a line. Rules are those of JLReq (Requirements for
Japanese Text Layout) and CLReq (the same for Chinese); ``Fault`` names the paragraph of each.
"""

import ctypes
import re
import unicodedata
from bisect import bisect, insort
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any, Final, NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

from taiyaku.htmltext import runs
from taiyaku.languages import direction, is_cjk
from taiyaku.readback import Pages, Span, is_long, reading_order, shorten, squeeze
from taiyaku.regional import Drawn, region_of
from taiyaku.units import mm

Box = tuple[float, float, float, float]
"""Left, bottom, right, top in pt from the page's lower left."""


@dataclass(frozen=True, slots=True)
class SetText:
    """One block of one language that was to be set.

    Attributes:
        text: Plain text as set; readings stand behind their bases (as ``htmltext.runs`` gives it).
        language: BCP 47, or the typesetter's tag.
        role: "paragraph", "item", "heading", "cell", "phrase" or "label".
        slot: The column: "first", "second" or "solo".
        readings: Base and reading of each ruby in the text, in order.
        foreign: Each stretch of the text that is marked as another language, in order: the stretch, its language.
    """

    text: str
    language: str
    role: str
    slot: str = "solo"
    readings: tuple[tuple[str, str], ...] = ()
    foreign: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Geometry:
    """A page and its margins in mm; a left-hand page (an even one) has the outer margin at its left.

    ``hang`` is how far a picture, and the labels in it, may reach over the type area at both sides.
    """

    width: float
    height: float
    top: float
    bottom: float
    inner: float
    outer: float
    hang: float = 0.0


class Fault(StrEnum):
    """What can be wrong with a line, and how it is counted.

    * KINSOKU, one a line end: in a Chinese, Japanese or Korean text, a line begins with a character that may not begin
      one, or a source's number; a line ends with one that may not end it; a pair (…… ——) or a number with its unit is
      parted (JLReq 3.1.7, 3.1.8, 3.1.10; CLReq 3.1.3).
    * LAST_LINE, one a text: the last of two or more lines of a Chinese, Japanese or Korean text holds fewer than two
      characters besides punctuation and sources' numbers (JLReq 3.1.12; CLReq 3.1.7). Not asked of table cells.
    * WIDOW, ORPHAN, one a text: one single line stands behind, or before, the page's end (CSS Fragmentation 3, 3.3).
    * HEADING, one a heading: no line of a text that follows stands below it on its page.
    * AREA, one a line: a letter stands above or below the type area. Readings may (JLReq 2.5.2).
    * MEASURE, one a line: a line reaches over the type area at a side, or into a line of another text.
    * RUBY, one a reading: it does not stand above its base: on another page, lower or far higher, over 0.6 em beside
      the base's centre, on top of the line above, or missing; or its base or itself is parted (JLReq 3.3.1, 3.3.5).
    * GLYPH, one a text: a character in the form of another region, as a Japanese 直 in Chinese (CLReq 2.1; UTR 50).
    * MISSING, one a text: not in the PDF. DOUBLED, one a text: a long one once more than it was to be set.
    * CLIPPED, one a line: it reaches over the edge of the page.
    """

    KINSOKU = "kinsoku"
    LAST_LINE = "last-line"
    WIDOW = "widow"
    ORPHAN = "orphan"
    HEADING = "heading-at-foot"
    AREA = "outside-area"
    MEASURE = "over-measure"
    RUBY = "ruby-parted"
    GLYPH = "wrong-glyph"
    MISSING = "missing"
    DOUBLED = "doubled"
    CLIPPED = "clipped"


@dataclass(frozen=True, slots=True)
class Mishap:
    """One fault: on which page (from 1; 0 where the text is nowhere), in which text, and where."""

    fault: Fault
    page: int
    text: str
    language: str
    box: Box | None


def read_composition(
    pdf: bytes, texts: Sequence[SetText], geometry: Geometry | None = None, *, repeats: Iterable[str] = ()
) -> tuple[Mishap, ...]:
    """Count the faults of composition in a PDF.

    Of a text from right to left only AREA, MEASURE and CLIPPED are looked for: where its letters stand in the order of
    painting it may not be found, and that is no fault.

    Args:
        pdf: The file; tagged, if readings and running heads are to be told from text (else as it is painted).
        texts: What was to be set, in reading order; running heads and folios left out.
        geometry: The type area; without it AREA is not looked for.
        repeats: Texts that may stand on several pages: the heads of tables.

    Returns:
        The faults, by page.
    """
    sheets = tuple(_read_sheets(pdf))
    search = _Search(sheets)
    blocks = search.find(tuple(_wanted(texts)))
    lines = [line for block in blocks for line in block.lines]
    found = [
        *_lost(texts, blocks),
        *_doubled(texts, search, repeats),
        *(mishap for block in blocks if _reads_forth(block) for mishap in _in_block(block)),
        *_headings(blocks),
        *_outside(blocks, sheets, geometry),
        *_overlaps(blocks),
        *(mishap for block in blocks for mishap in _ruby(block, lines)),
        *_wrong_glyphs(pdf, blocks),
    ]
    return tuple(sorted(found, key=lambda mishap: (mishap.page, mishap.fault)))


def count(mishaps: Iterable[Mishap]) -> Mapping[Fault, int]:
    """Count mishaps by fault; every fault is a key."""
    counted = Counter(mishap.fault for mishap in mishaps)
    return {fault: counted[fault] for fault in Fault}


# The characters of a page


class _Char(NamedTuple):
    """A character on the page: a tuple, because a booklet has a hundred thousand of them."""

    page: int
    mcid: int
    rank: int
    x: float
    y: float
    size: float
    box: Box


class _Sheet(NamedTuple):
    """A page: its size, its characters in reading order, and those that the structure tree does not order."""

    box: Box
    keys: str
    chars: list[_Char]
    edges: frozenset[int]


def _read_sheets(pdf: bytes) -> Iterator[_Sheet]:
    document = pypdfium2.PdfDocument(pdf)
    for number, page in enumerate(document):
        yield _read_sheet(page, number)
        page.close()
    document.close()


def _read_sheet(page: pypdfium2.PdfPage, number: int) -> _Sheet:
    """Read a page in the order of its structure tree; where there is none, in the order of painting."""
    marked: dict[int, list[tuple[str, _Char]]] = {}
    for key, char in _characters(page, number):
        marked.setdefault(char.mcid, []).append((key, char))
    owners = {mcid: owner for mcid, owner in reading_order(page) if mcid in marked} or dict.fromkeys(marked, 0)
    keys: list[str] = []
    chars: list[_Char] = []
    edges = {0}
    inside = -1
    for mcid, owner in owners.items():
        edges |= {len(chars)} if owner != inside else set()
        inside = owner
        for key, char in marked[mcid]:
            ranked = char._replace(rank=len(chars))
            keys.append(key)
            chars += [ranked] * len(key)
    return _Sheet(page.get_bbox(), "".join(keys), chars, frozenset(edges | {len(chars)}))


def _characters(page: pypdfium2.PdfPage, number: int) -> Iterator[tuple[str, _Char]]:
    """Give the characters of a page in the order of painting, each with the form in which it is compared.

    On a page with letters from right to left pdfium turns round what shares a line with them: there each text object's
    other characters are put from left to right again.
    """
    found = tuple(_painted(page, number))
    if not any(map(_backwards, (key for key, _, _ in found))):
        yield from ((key, char) for key, char, _ in found)
        return
    objects: dict[int, list[tuple[str, _Char, int]]] = {}
    for one in found:
        objects.setdefault(one[2], []).append(one)
    for chars in objects.values():
        turned = any(_backwards(key) for key, _, _ in chars)
        yield from ((key, char) for key, char, _ in (chars if turned else sorted(chars, key=lambda one: one[1].x)))


def _backwards(key: str) -> bool:
    return any(unicodedata.bidirectional(char) in ("R", "AL") for char in key)


def _painted(page: pypdfium2.PdfPage, number: int) -> Iterator[tuple[str, _Char, int]]:
    """Give a page's characters as pdfium has them, with the text object that holds each."""
    textpage = pdfium.FPDFText_LoadPage(page.raw)
    x, y = ctypes.c_double(), ctypes.c_double()
    edges = tuple(ctypes.c_double() for _ in range(4))
    left, right, bottom, top = edges
    objects: dict[int, tuple[int, float]] = {}
    lead = 0
    for at in range(pdfium.FPDFText_CountChars(textpage)):
        code = pdfium.FPDFText_GetUnicode(textpage, at)
        if 0xD800 <= code < 0xDC00:
            lead = code
            continue
        if lead and 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((lead - 0xD800) << 10) + code - 0xDC00
        lead = 0
        key = _key(chr(code))
        item = pdfium.FPDFText_GetTextObject(textpage, at) if key else None
        if not item:
            continue
        address = ctypes.cast(item, ctypes.c_void_p).value or 0
        if address not in objects:
            objects[address] = (pdfium.FPDFPageObj_GetMarkedContentID(item), _size(textpage, at))
        pdfium.FPDFText_GetCharOrigin(textpage, at, x, y)
        pdfium.FPDFText_GetCharBox(textpage, at, *edges)
        mcid, size = objects[address]
        box = (left.value, bottom.value, right.value, top.value)
        yield key, _Char(number, mcid, 0, x.value, y.value, size, box), address
    pdfium.FPDFText_ClosePage(textpage)


def _size(textpage: Any, at: int) -> float:
    """Give a character's size on the page in pt: the font's size under the text's matrix."""
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFText_GetMatrix(textpage, at, matrix)
    return float(pdfium.FPDFText_GetFontSize(textpage, at) * abs(matrix.a * matrix.d - matrix.b * matrix.c) ** 0.5)


@cache
def _key(char: str) -> str:
    """Give a character as it is compared: as ``squeeze``, but never joined with its neighbour."""
    return "".join(part for part in unicodedata.normalize("NFKD", char) if squeeze(part))


# The texts on the pages


@dataclass(frozen=True, slots=True)
class _Reading:
    """A ruby in a text: where its base and its reading stand in the compared text; no place, once it is taken out."""

    base: range
    inline: range
    base_text: str
    text: str


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A text as it is looked for: compared characters, and for each its index in the text."""

    number: int
    source: SetText
    key: str
    at: tuple[int, ...]
    readings: tuple[_Reading, ...]

    def bare(self) -> "_Wanted":
        """Give the text without the readings in it: as some typesetters put them behind the line."""
        inside = {at for reading in self.readings for at in reading.inline}
        kept = [at for at in range(len(self.key)) if at not in inside]
        moved = {at: new for new, at in enumerate(kept)}
        readings = tuple(
            _Reading(range(moved[r.base[0]], moved[r.base[-1]] + 1), range(0), r.base_text, r.text)
            for r in self.readings
        )
        key = "".join(self.key[at] for at in kept)
        return _Wanted(self.number, self.source, key, tuple(self.at[at] for at in kept), readings)


def _wanted(texts: Sequence[SetText]) -> Iterator[_Wanted]:
    for number, source in enumerate(texts):
        keyed = [(key, at) for at, char in enumerate(source.text) for key in _key(char)]
        key = "".join(char for char, _ in keyed)
        if key:
            yield _Wanted(number, source, key, tuple(at for _, at in keyed), tuple(_readings(key, source)))


def _readings(key: str, source: SetText) -> Iterator[_Reading]:
    """Find each base with its reading behind it; a reading of another run of the same cell is passed over."""
    at = 0
    for base, reading in source.readings:
        low, high = ("".join(map(_key, part)) for part in (base, reading))
        start = key.find(low + high, at)
        if start >= 0 and low and high:
            middle, at = start + len(low), start + len(low) + len(high)
            yield _Reading(range(start, middle), range(middle, at), base, high)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a text: its characters, and the index of each in the text; a source's number is small."""

    number: int
    language: str
    page: int
    y: float
    size: float
    chars: tuple[_Char, ...]
    at: tuple[int, ...]
    small: tuple[bool, ...]
    box: Box


@dataclass(frozen=True, slots=True)
class _Block:
    """A text that was found: its characters, its lines, its rubies (base, reading)."""

    wanted: _Wanted
    chars: tuple[_Char, ...]
    lines: tuple[_Line, ...]
    rubies: tuple[tuple[tuple[_Char, ...], tuple[_Char, ...], str], ...]

    @property
    def source(self) -> SetText:
        return self.wanted.source


class _Stream:
    """The characters of a document in one order, from which found texts are taken away."""

    def __init__(self, sheets: Sequence[_Sheet]) -> None:
        self._sheets = sheets
        self.pages = Pages(sheet.keys for sheet in sheets)
        self._places: list[tuple[int, tuple[int, int]]] = []
        self.taken: set[_Char] = set()

    def take(self, key: str, number: int) -> tuple[_Char, ...]:
        """Take a text away: where it fills elements, behind the text before it, else wherever it stands."""
        spans = tuple(self.pages.find(key))
        before, after = self._near(number)
        if before is None and after is not None:  # a contents list may stand before the first text
            spans = (*(span for span in reversed(spans) if span[:2] < after), *spans)
        else:
            spans = tuple(sorted(spans, key=lambda span: span[:2] < (before or (0, 0))))
        whole = min(spans, key=lambda span: not self._fills(span), default=None)
        got = self.pages.take_at(whole) if whole else self.pages.take_parted(key)
        if not got:
            return ()
        insort(self._places, (number, (got[-1][0], got[-1][1] + got[-1][2])))
        chars = tuple(char for page, at, length in got for char in self._sheets[page].chars[at : at + length])
        self.taken.update(chars)
        return chars

    def take_near(self, key: str, base: Sequence[_Char]) -> tuple[_Char, ...]:
        """Take the reading that stands nearest to its base, on its page."""
        spans = [span for span in self.pages.find(key) if span[0] == base[0].page]
        if not spans:
            return ()
        centre = _middle(_around(base))
        page, at, length = min(spans, key=lambda span: abs(self._chars(span)[0].x - centre) + self._rise(span, base))
        self.pages.take_at((page, at, length))
        return tuple(self._sheets[page].chars[at : at + length])

    def _chars(self, span: Span) -> list[_Char]:
        page, at, length = span
        return self._sheets[page].chars[at : at + length]

    def _rise(self, span: Span, base: Sequence[_Char]) -> float:
        return abs(self._chars(span)[0].y - base[0].y - base[0].size)

    def _fills(self, span: Span) -> bool:
        page, at, length = span
        edges = self._sheets[page].edges
        return at in edges and at + length in edges

    def _near(self, number: int) -> tuple[tuple[int, int] | None, tuple[int, int] | None]:
        """Give where the texts before and after this one stand, as far as they are found."""
        at = bisect(self._places, (number, (0, 0)))
        before, after = self._places[:at][-1:], self._places[at : at + 1]
        return (before[0][1] if before else None, after[0][1] if after else None)


class _Search:
    """Finds texts on the pages: in reading order first, then as they are painted, then as they stand."""

    def __init__(self, sheets: Sequence[_Sheet]) -> None:
        self._sheets = sheets
        self.stream = _Stream(sheets)

    def find(self, wanted: Sequence[_Wanted]) -> tuple[_Block, ...]:
        """Find each text once, the longest first; what is nowhere is left out."""
        got: dict[int, tuple[_Wanted, tuple[_Char, ...]]] = {}
        for rearranged in (False, True):
            missing = [text for text in wanted if text.number not in got]
            if rearranged and missing:
                self.stream = _Stream([_by_place(sheet, self.stream.taken) for sheet in self._sheets])
            for text in sorted(missing, key=lambda text: -len(text.key)):
                if found := self._take(text):
                    got[text.number] = found
        return tuple(self._block(*got[number]) for number in sorted(got))

    def _take(self, text: _Wanted) -> tuple[_Wanted, tuple[_Char, ...]] | None:
        """Take a text with its readings inline, or without them."""
        for form in (text, text.bare()) if text.readings else (text,):
            if chars := self.stream.take(form.key, form.number):
                return form, chars
        return None

    def _block(self, text: _Wanted, chars: tuple[_Char, ...]) -> _Block:
        rubies = []
        for reading in text.readings:
            base = tuple(chars[at] for at in reading.base)
            above = tuple(chars[at] for at in reading.inline) or self.stream.take_near(reading.text, base)
            rubies.append((base, above, reading.base_text))
        return _Block(text, chars, tuple(_lines(text, chars)), tuple(rubies))


def _by_place(sheet: _Sheet, taken: set[_Char]) -> _Sheet:
    """Give what is left of a page in the order of its lines, from the top left."""
    left = [(key, char) for key, char in zip(sheet.keys, sheet.chars, strict=True) if char not in taken]
    left.sort(key=lambda pair: (-round(pair[1].y / (pair[1].size or 1)), pair[1].x))
    chars = [char for _, char in left]
    edges = {at for at in range(1, len(chars)) if chars[at].mcid != chars[at - 1].mcid} | {0, len(chars)}
    return _Sheet(sheet.box, "".join(key for key, _ in left), chars, frozenset(edges))


# The lines of a text

_SMALL: Final = 0.8
"""A character below this part of the text's size is a reading or a source's number."""


def _lines(text: _Wanted, chars: Sequence[_Char]) -> Iterator[_Line]:
    """Part a text into lines: where the baseline changes, or the text goes back to the left."""
    above = {at for reading in text.readings for at in reading.inline}
    body = [at for at in range(len(chars)) if at not in above]
    size = Counter(round(chars[at].size, 1) for at in body).most_common(1)[0][0] or 1.0
    backward = direction(text.source.language) == "rtl"
    line: list[int] = []
    for at in body:
        if line and _parts([chars[i] for i in line], chars[at], size, backward=backward):
            yield _line(text, chars, line, size)
            line = []
        line.append(at)
    yield _line(text, chars, line, size)


def _parts(line: Sequence[_Char], char: _Char, size: float, *, backward: bool) -> bool:
    """Say whether a character stands on another line than those before it."""
    full = next((one for one in line if one.size >= _SMALL * size), None)
    small = char.size < _SMALL * size or full is None
    apart = abs(char.y - (full or line[0]).y) > (0.75 if small else 0.4) * size
    back = not backward and char.x < line[-1].x - 0.7 * size
    return char.page != line[-1].page or apart or back


def _line(text: _Wanted, chars: Sequence[_Char], at: Sequence[int], size: float) -> _Line:
    here = tuple(chars[i] for i in at)
    small = tuple(char.size < _SMALL * size for char in here)
    body = [char for char, is_small in zip(here, small, strict=True) if not is_small] or list(here)
    return _Line(
        text.number,
        text.source.language,
        here[0].page,
        body[0].y,
        size,
        here,
        tuple(text.at[i] for i in at),
        small,
        _around(body),
    )


def _around(chars: Iterable[_Char]) -> Box:
    """Give the box around the ink of characters."""
    boxes = [char.box for char in chars]
    return (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )


def _middle(box: Box) -> float:
    return (box[0] + box[2]) / 2


# Lost and doubled


def _reads_forth(block: _Block) -> bool:
    return direction(block.source.language) == "ltr"


def _lost(texts: Sequence[SetText], blocks: Sequence[_Block]) -> Iterator[Mishap]:
    found = {block.wanted.number for block in blocks}
    for number, text in enumerate(texts):
        if number not in found and squeeze(text.text) and direction(text.language) == "ltr":
            yield Mishap(Fault.MISSING, 0, shorten(text.text), text.language, None)


def _doubled(texts: Sequence[SetText], search: _Search, repeats: Iterable[str]) -> Iterator[Mishap]:
    again = {squeeze(text) for text in repeats}
    for text in dict.fromkeys(texts):
        key = "".join(map(_key, text.text))
        squeezed = squeeze(text.text)
        if is_long(squeezed) and squeezed not in again:
            span = next(search.stream.pages.find(key), None)
            if span is not None:
                yield Mishap(Fault.DOUBLED, span[0] + 1, shorten(text.text), text.language, None)


# Within a text


def _mishap(fault: Fault, line: _Line, source: SetText) -> Mishap:
    shown = source.text[min(line.at) : max(line.at) + 1]
    return Mishap(fault, line.page + 1, shorten(shown), source.language, line.box)


def _in_block(block: _Block) -> Iterator[Mishap]:
    """Find what is wrong between the lines of a text."""
    if len(block.lines) < 2:
        return
    if is_cjk(block.source.language):
        for before, after in pairwise(block.lines):
            if _breaks_rule(block.source.text, before, after):
                yield _mishap(Fault.KINSOKU, after, block.source)
        if block.source.role != "cell" and _letters(block.lines[-1], block.source.text) < _FEWEST:
            yield _mishap(Fault.LAST_LINE, block.lines[-1], block.source)
    by_page = Counter(line.page for line in block.lines)
    first, last = block.lines[0], block.lines[-1]
    if first.page != last.page:
        if by_page[first.page] == 1:
            yield _mishap(Fault.ORPHAN, first, block.source)
        if by_page[last.page] == 1:
            yield _mishap(Fault.WIDOW, last, block.source)


_FEWEST: Final = 2
"""So many characters besides punctuation stand on a last line at least."""

_CLOSING: Final = "’”）〕］｝〉》」』】〙〗〟»)]}"
_NOT_FIRST: Final = frozenset(
    _CLOSING
    + "‐‑–〜～゠！？‼⁇⁈⁉!?・·：；:;。．、，.,々〻ゝゞヽヾー"
    + "ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶㇰㇱㇲㇳㇴㇵㇶㇷㇸㇹㇺㇻㇼㇽㇾㇿ"
    + "％‰℃°′″%/／"
)
"""What may not begin a line: JLReq 3.1.7, cl-02 … cl-07, cl-09 … cl-11, and the units of cl-13; CLReq 3.1.3."""

_NOT_LAST: Final = frozenset("‘“（〔［｛〈《「『【〘〖〝«([{")
"""What may not end a line: JLReq 3.1.8, cl-01."""

_PAIRED: Final = frozenset("—…‥―")
"""What may not be parted from itself: JLReq 3.1.10, cl-08."""

_DIGITS: Final = frozenset("0123456789０１２３４５６７８９")
_PREFIXES: Final = frozenset("¥￥$＄£￡€#＃№")
_UNIT: Final = re.compile(
    r"[万千百億亿]?(?:日元|円|元|圆)|[万億亿](?!一)|(?:個|个|か|ヶ|カ|ヵ)月|[年月]|日(?![本文语語元圆])|[时時分秒](?!别|別|か|け)"
    r"|小时|(?:GB|MB|KB|TB|[GMk]bps|km|cm|mm|kg)(?![A-Za-z])|[%％‰℃°]"
)
"""What is not parted from the number before it: JLReq 3.1.10 (cl-13), and the units of money and time."""


def _breaks_rule(text: str, before: _Line, after: _Line) -> bool:
    """Say whether two lines part where no line may."""
    if after.small[0]:
        return text[after.at[0]] in _DIGITS  # a source's number: JLReq 3.1.10, cl-20
    at, last = after.at[0], before.at[-1]
    first, end = text[at], text[last]
    if first in _NOT_FIRST or (end in _NOT_LAST and not before.small[-1]):
        return True
    return (first == end and first in _PAIRED) or (not before.small[-1] and _parts_number(text, last, at))


def _parts_number(text: str, last: int, first: int) -> bool:
    """Say whether a line ends inside a number, or between it and its unit or its sign."""
    end, begin, between = text[last], text[first], text[last + 1 : first]
    if end in _PREFIXES:
        return begin in _DIGITS
    if end in ".," and text[last - 1 : last] and text[last - 1] in _DIGITS:
        return begin in _DIGITS and not between
    if end not in _DIGITS:
        return False
    return (begin in _DIGITS and not re.search(r"\s", between)) or bool(_UNIT.match(text, first))


def _letters(line: _Line, text: str) -> int:
    """Count the characters of a line besides punctuation and sources' numbers."""
    full = {at for at, small in zip(line.at, line.small, strict=True) if not small}
    return sum(unicodedata.category(text[at])[0] in "LNM" for at in full)


# On the page


def _headings(blocks: Sequence[_Block]) -> Iterator[Mishap]:
    """Find headings below which nothing stands that follows them."""
    told = [line for block in blocks if block.source.role != "heading" for line in block.lines]
    lowest: dict[int, list[tuple[int, float]]] = {}
    for line in told:
        lowest.setdefault(line.page, []).append((line.chars[0].rank, line.y))
    end = max(((line.page, line.chars[0].rank) for line in told), default=(0, 0))
    for block in blocks:
        last = block.lines[-1]
        here = (last.page, last.chars[0].rank)
        if block.source.role == "heading" and here < end and _reads_forth(block):
            below = (rank > here[1] and y < last.y - 1 for rank, y in lowest.get(last.page, ()))
            if not any(below):
                yield _mishap(Fault.HEADING, last, block.source)


_EDGE: Final = 1.0
"""How far in pt a character's ink may reach over the page's edge, as in `readback`."""

_TOLERANCE: Final = 0.7
_HOOK: Final = 1.5
"""How far in pt a letter's ink may reach over the type area above or below, and at a side: round letters do by design,
and the hooks of f and J reach further."""


def _outside(blocks: Sequence[_Block], sheets: Sequence[_Sheet], geometry: Geometry | None) -> Iterator[Mishap]:
    for block in blocks:
        for line in block.lines:
            fault = _off(line, block.source, sheets[line.page].box, geometry)
            if fault is not None:
                yield _mishap(fault, line, block.source)
        for base, above, _ in block.rubies:
            if above and _over(_around(above), sheets[above[0].page].box, _EDGE):
                text = block.source.text[block.wanted.at[0] : block.wanted.at[-1] + 1]
                yield Mishap(Fault.CLIPPED, base[0].page + 1, shorten(text), block.source.language, _around(above))


def _off(line: _Line, source: SetText, page: Box, geometry: Geometry | None) -> Fault | None:
    """Say over what a line reaches: the page's edge, else the type area at a side, else above or below."""
    if _over(_around(line.chars), page, _EDGE):
        return Fault.CLIPPED
    kinds = (unicodedata.category(source.text[at])[0] for at in line.at)
    letters = [char for char, kind in zip(line.chars, kinds, strict=True) if kind in "LN"]
    if geometry is None or not letters:
        return None
    area, ink = _type_area(geometry, line.page), _around(letters)
    over = _HOOK + (mm(geometry.hang) if source.role == "label" else 0.0)
    if ink[0] < area[0] - over or ink[2] > area[2] + over:
        return Fault.MEASURE
    return Fault.AREA if ink[1] < area[1] - _TOLERANCE or ink[3] > area[3] + _TOLERANCE else None


def _over(ink: Box, edge: Box, by: float) -> bool:
    return ink[0] < edge[0] - by or ink[1] < edge[1] - by or ink[2] > edge[2] + by or ink[3] > edge[3] + by


def _type_area(geometry: Geometry, page: int) -> Box:
    """Give the type area of a page (from 0) in pt; the first page is a right-hand one."""
    left, right = (geometry.inner, geometry.outer) if page % 2 == 0 else (geometry.outer, geometry.inner)
    area = (left, geometry.bottom, geometry.width - right, geometry.height - geometry.top)
    return (mm(area[0]), mm(area[1]), mm(area[2]), mm(area[3]))


_OVERLAP: Final = 1.0
"""How far in pt two lines may reach into one another."""


def _overlaps(blocks: Sequence[_Block]) -> Iterator[Mishap]:
    """Find lines that run into a line of another text; each is told once."""
    sources = {line.number: block.source for block in blocks for line in block.lines}
    by_page: dict[int, list[_Line]] = {}
    for line in (line for block in blocks for line in block.lines):
        by_page.setdefault(line.page, []).append(line)
    for here in by_page.values():
        here.sort(key=lambda line: -line.box[3])
        told: set[int] = set()
        for at, upper in enumerate(here):
            for lower in here[at + 1 :]:
                if lower.box[3] <= upper.box[1] + _OVERLAP:
                    break
                if lower.number != upper.number and id(lower) not in told and _collide(upper, lower):
                    told.add(id(lower))
                    yield _mishap(Fault.MEASURE, lower, sources[lower.number])


def _collide(one: _Line, other: _Line) -> bool:
    """Say whether ink of two lines shares a place: a box first, then character by character."""
    return _share(one.box, other.box, _OVERLAP) and any(
        _share(mine.box, yours.box, _OVERLAP) for mine in one.chars for yours in other.chars
    )


def _share(one: Box, other: Box, by: float) -> bool:
    return min(one[2], other[2]) - max(one[0], other[0]) > by and min(one[3], other[3]) - max(one[1], other[1]) > by


# Readings

_LOWEST, _HIGHEST = 0.6, 1.5
"""Between these heights in em above its base's baseline a reading has its own."""

_BESIDE: Final = 0.6
"""How far in em a reading's centre may stand beside its base's: it may overhang its neighbours (JLReq 3.3.8)."""

_TOUCH: Final = 0.5
"""How far in pt a reading may reach into the line above."""


def _ruby(block: _Block, lines: Sequence[_Line]) -> Iterator[Mishap]:
    """Find readings that do not stand above their bases."""
    if not _reads_forth(block):
        return
    for base, above, name in block.rubies:
        if not above or _stands_wrong(base, above) or _hits(above, base, lines):
            yield Mishap(Fault.RUBY, base[0].page + 1, name, block.source.language, _around((*base, *above)))


def _stands_wrong(base: Sequence[_Char], above: Sequence[_Char]) -> bool:
    size = base[0].size
    rise = above[0].y - base[0].y
    beside = abs(_middle(_around(above)) - _middle(_around(base)))
    return (
        _parted(base)
        or _parted(above)
        or above[0].page != base[0].page
        or not _LOWEST * size <= rise <= _HIGHEST * size
        or beside > _BESIDE * size
    )


def _parted(chars: Sequence[_Char]) -> bool:
    """Say whether characters stand on several lines or pages."""
    first = chars[0]
    return any(char.page != first.page or abs(char.y - first.y) > 0.4 * first.size for char in chars)


def _hits(above: Sequence[_Char], base: Sequence[_Char], lines: Sequence[_Line]) -> bool:
    """Say whether a reading touches a line that is not its base's."""
    ink = _around(above)
    return any(
        _share(char.box, one.box, _TOUCH)
        for line in lines
        if line.page == base[0].page and abs(line.y - base[0].y) > 0.4 * line.size and _share(line.box, ink, _TOUCH)
        for char in line.chars
        for one in above
    )


# Forms of characters

_REGIONAL: Final = re.compile(r"[\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff]")
"""Han characters, kana, hangul, and their punctuation."""


def _wrong_glyphs(pdf: bytes, blocks: Sequence[_Block]) -> Iterator[Mishap]:
    drawn = Drawn(pdf)
    for block in blocks:
        if wrong := tuple(_wrong(block, drawn)):
            shown = "".join(dict.fromkeys(char for char, _ in wrong))
            first = wrong[0][1]
            yield Mishap(Fault.GLYPH, first.page + 1, shorten(shown), block.source.language, first.box)


def _wrong(block: _Block, drawn: Drawn) -> Iterator[tuple[str, _Char]]:
    """Give the characters of a text that are drawn in another region's form than that of their language.

    Latin letters, digits and the punctuation that Latin shares (“ ” …) are not looked at.
    """
    source = block.source
    regions = dict(_foreign(source))
    own = region_of(source.language)
    if not own and not regions:
        return
    for at, place in zip(block.wanted.at, block.chars, strict=True):
        region = regions.get(at, own)
        if _REGIONAL.match(source.text[at]) and region and drawn.wrong(source.text[at], region, place.page, place.mcid):
            yield source.text[at], place


def _foreign(source: SetText) -> Iterator[tuple[int, str]]:
    """Give the index of each character that is marked as another language, and that language's region."""
    end = 0
    for part, language in source.foreign:
        start = source.text.find(part, end)
        if start >= 0:
            end = start + len(part)
            yield from ((at, region_of(language)) for at in range(start, end))


# From HTML


class _Marked(HTMLParser):
    """Reads a block's HTML: its text, its readings, what is marked as another language."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[tuple[str, str, str]] = []
        self._open: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Enter an element."""
        self._open.append((tag, dict(attrs).get("lang") or ""))

    def handle_endtag(self, tag: str) -> None:
        """Leave an element, and what was never left inside it, as an image."""
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        """Note a piece of text with the element that it is in and the language that it is marked as."""
        ruby = next((tag for tag, _ in reversed(self._open) if tag in ("rt", "ruby")), "")
        self.pieces.append((data, ruby, next((marked for _, marked in reversed(self._open) if marked), "")))


def set_texts(html: str, language: str, role: str, slot: str = "solo") -> tuple[SetText, ...]:
    """Give what a block's HTML sets, as the check wants it: several texts where a footnote or a reference parts it.

    Args:
        html: The HTML inside the block.
        language: The block's language.
        role: The block's role, as in `SetText`.
        slot: The block's column.
    """
    marked = _Marked()
    marked.feed(str(html))
    marked.close()
    readings = [(base, reading) for (base, _, _), (reading, kind, _) in pairwise(marked.pieces) if kind == "rt"]
    foreign = [(text, other) for text, _, other in marked.pieces if other not in ("", language)]
    return tuple(
        SetText(text, language, role, slot, _of(text, readings, both=True), _of(text, foreign, both=False))
        for text in runs(html)
    )


def _of(text: str, parts: Iterable[tuple[str, str]], *, both: bool) -> tuple[tuple[str, str], ...]:
    return tuple((one, other) for one, other in parts if (one + other if both else one) in text)
