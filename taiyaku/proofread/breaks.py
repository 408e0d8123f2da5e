"""Where the lines of a text part."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from taiyaku.language.tags import is_cjk
from taiyaku.proofread.defects import Defect, DefectKind
from taiyaku.proofread.lines import SetLine, defect_in
from taiyaku.proofread.search import FoundBlock


def within(block: FoundBlock) -> Iterator[Defect]:
    """Find what is wrong between the lines of a text."""
    if len(block.lines) < 2:
        return
    if is_cjk(block.source.language):
        for before, after in pairwise(block.lines):
            if _breaks_rule(block.source.text, before, after):
                yield defect_in(DefectKind.KINSOKU, after, block.source)
        if block.source.role != "cell" and _letters(block.lines[-1], block.source.text) < _FEWEST:
            yield defect_in(DefectKind.LAST_LINE, block.lines[-1], block.source)
    by_page = Counter(line.page for line in block.lines)
    first, last = block.lines[0], block.lines[-1]
    if first.page != last.page:
        if by_page[first.page] == 1:
            yield defect_in(DefectKind.ORPHAN, first, block.source)
        if by_page[last.page] == 1:
            yield defect_in(DefectKind.WIDOW, last, block.source)


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


def _breaks_rule(text: str, before: SetLine, after: SetLine) -> bool:
    """Tell whether two lines part where no line may."""
    if after.small[0]:
        return text[after.at[0]] in _DIGITS  # a source's number: JLReq 3.1.10, cl-20
    at, last = after.at[0], before.at[-1]
    first, end = text[at], text[last]
    if first in _NOT_FIRST or (end in _NOT_LAST and not before.small[-1]):
        return True
    return (first == end and first in _PAIRED) or (not before.small[-1] and _parts_number(text, last, at))


def _parts_number(text: str, last: int, first: int) -> bool:
    """Tell whether a line ends inside a number, or between it and its unit or its sign."""
    end, begin, between = text[last], text[first], text[last + 1 : first]
    if end in _PREFIXES:
        return begin in _DIGITS
    if end in ".," and text[last - 1 : last] and text[last - 1] in _DIGITS:
        return begin in _DIGITS and not between
    if end not in _DIGITS:
        return False
    return (begin in _DIGITS and not re.search(r"\s", between)) or bool(_UNIT.match(text, first))


def _letters(line: SetLine, text: str) -> int:
    """Count the characters of a line besides punctuation and sources' numbers."""
    full = {at for at, small in zip(line.at, line.small, strict=True) if not small}
    return sum(unicodedata.category(text[at])[0] in "LNM" for at in full)
