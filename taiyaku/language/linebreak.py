"""What stands between two characters: spaces, joiners and breaks that the typesetter does not know. Pure.

The typesetter breaks lines by UAX #14 and has no rule of its own for Chinese, Japanese and Korean. So each text gets
invisible characters before it is set: a quarter space between CJK and Latin, word joiners where no line may part, a
break where one is allowed. A reader of the PDF's text meets none of them but the spaces.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from html import unescape
from itertools import pairwise
from typing import Final

import budoux
from markupsafe import escape

from taiyaku.language.tags import CJK, direction, is_cjk, language_of

QUARTER: Final = "\u2005"
"""A quarter of an em between CJK and Latin or digits (JLReq 3.2.6, CLReq 3.2.2)."""

JOINER: Final = "\u2060"
"""No line may part here (UAX #14, WJ)."""

BREAK: Final = "\u200b"
"""A line may part here (UAX #14, ZW)."""

_INVISIBLE: Final = str.maketrans("", "", QUARTER + JOINER + BREAK + "\u200e")

READING_SIZE: Final = 0.59
"""A reading's size in em of its base: 5 pt above 8.6 pt, the least that is legible."""

CARD_READING_SIZE: Final = 0.5
"""The same on a phrase card, whose sentence is larger (JLReq 3.3.3: half the size of the base)."""

_OVERHANG: Final = 0.45
"""How far in em of its base a reading may stand over kana or punctuation on one side (JLReq 3.3.8)."""

_ATOM: Final = "\ufffc"
"""What has no letters of its own, as a source's number: nothing is put beside it."""

_TAG: Final = re.compile(r"(<[^>]*>)")
_FROZEN: Final = re.compile(r'<(rt|a class="cite")')
_RUBY: Final = re.compile(r"<ruby([^>]*)>([^<]*)<rt>([^<]*)</rt></ruby>")

_LETTER: Final = r"[\u3041-\u30fa\u30fc-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff々〇]"
_LATIN: Final = r"[0-9A-Za-z\u00c0-\u024f\u0370-\u03ff\u1e00-\u1eff]"
_SPACED: Final = re.compile(rf"(?<={_LETTER})(?={_LATIN})|(?<={_LATIN})(?={_LETTER})")

_UNITS: Final = (
    r"万円|千円|円|万日元|日元|か月|ヶ月|週間|日間|年間|年度|年|月|日|時間|時|分間|分|秒|回|本|枚|名|人|歳|章|節|ページ|階|件|度|番|号|社|種類|つ|桁|台|通|項|"
    r"個月|个月|小时|分钟|元|天|周|次|张|位|页|个|岁|家|种|步|项|部|日|级|條|条|倍|割|%|％|GB|MB|kbps|Mbps"
)
_NUMBER: Final = r"[¥￥]?\d[\d,.]*"
_WHOLE: Final = (
    re.compile(rf"[第约約每毎各]?{_NUMBER}(?:[–〜～~-]{_NUMBER})?(?:{_UNITS})?"),
    re.compile(r"\d+(?:[-‐]\d+)+"),
    re.compile(rf"{_NUMBER} [A-Za-z]{{1,3}}(?![A-Za-z])"),
    re.compile(r"(?<![\w-])(?:[A-Za-z]{1,3}|\d)-[A-Za-z]+"),
    re.compile(r"[^\s](?:—+|–|〜|～|·|/)"),
)
"""What no line may part: a number with its unit, a telephone number, a mark that may not begin a line (CLReq 3.1.3)."""

_KATAKANA: Final = re.compile(r"[ァ-ヺー]{2,7}")
_HEADS: Final = "カード|データ|サービス|センター|ショップ|プラン|メール|ネット|パスワード"
_JOINT: Final = re.compile(rf"(?<=[ァ-ヺー]{{4}})(?=(?:{_HEADS})(?![ァ-ヺー]))|(?<=\d年)(?=\d+月)")
"""Where a label may part in a narrow frame: before the last word of a long loan word, between a year and its month."""

_HANGUL: Final = re.compile(r"(?<![\uac00-\ud7a3])[\uac00-\ud7a3]{1,12}(?![\uac00-\ud7a3])[.,!?)]*")
"""A word; what is longer was written without spaces, and parts where it must."""
_QUOTES: Final = re.compile(
    rf"(?<={CJK})(?<![（「『【《〈])(?=[“‘])|(?<=[”’])(?={CJK})(?![。，、．：；！？）」』】》〉])"
)
"""Where a line may part at a Chinese quotation mark; by UAX #14 (QU) none may."""

_PUNCTUATION: Final = frozenset("、。，．：；！？）」』】》〉”’…—・·,.;:!?)（「『【《〈“‘([ \u00a0")
LAST: Final = 3
"""So many characters at least stand on a text's last line, punctuation not counted (JLReq 3.1.12: no widow of one)."""

_PARTS: Final = re.compile(r"(?<=[：:、，,；;])|(?=[（「『])")
"""A phrase ends behind these marks and before those, whatever the parser says."""

LONGEST_PHRASE: Final = 9
SHORT_PHRASE: Final = 7
"""A phrase of more characters may part inside; in large print sooner, for a narrow column holds fewer."""


@dataclass(frozen=True, slots=True)
class _Text:
    """An HTML text as the line breaker sees it: its letters, and the token of the HTML that holds each."""

    tokens: tuple[str, ...]
    letters: str
    owners: tuple[int, ...]


def visible(text: str) -> str:
    """Return a text without what `compose` has put into it."""
    return text.translate(_INVISIBLE)


def compose(html: str, language: str, *, phrases: int = 0, reading: float = READING_SIZE, tight: bool = False) -> str:
    """Put spaces, joiners and breaks into the text of an HTML fragment; tags, readings and sources' numbers stay.

    ``phrases`` parts lines between phrases only, as titles, labels and table cells want it: those of so many characters
    at most, 0 for running text. ``reading`` is the size of a reading in em of its base. ``tight`` is for a label whose
    frame is narrow: long loan words and dates part at their joints, and a last word may stand alone.
    """
    if not html:
        return html
    html = _hold_telephones(html)
    if direction(language) == "rtl":
        return _hold_last_word(_turn_numbers(html), tight=tight)
    if not is_cjk(language):
        return _hold_last_word(html, tight=tight)
    text = _read(_space_ruby(html, reading))
    puts = _puts(text.letters, language_of(language), phrases=phrases, tight=tight)
    return _write(text, puts)


def _read(html: str) -> _Text:
    """Take an HTML fragment apart; what is frozen counts as one object, or as nothing (a reading)."""
    tokens = tuple(token for token in _TAG.split(html) if token)
    letters: list[tuple[str, int]] = []
    frozen = ""
    for index, token in enumerate(tokens):
        if frozen:
            frozen = "" if token == frozen else frozen
        elif start := _FROZEN.match(token):
            frozen = f"</{start[1].split()[0]}>" if not token.endswith("/>") else ""
            letters += [(_ATOM, index)] if start[1] != "rt" else []
        elif token.startswith("<"):
            letters += [(_ATOM, index)] if 'class="footnote"' in token else []
        else:
            letters += [(char, index) for char in unescape(token)]
    return _Text(tokens, "".join(char for char, _ in letters), tuple(index for _, index in letters))


def _write(text: _Text, puts: dict[int, str]) -> str:
    """Put together again; ``puts[i]`` stands before letter ``i``, in the token of the letter before it."""
    built: dict[int, list[str]] = {}
    behind: dict[int, str] = {}
    for at, (char, owner) in enumerate(zip(text.letters, text.owners, strict=True)):
        if put := puts.get(at):
            before = text.owners[at - 1]
            if not "".join(text.tokens[before + 1 : before + 2]).startswith("<rt"):
                built.setdefault(before, []).append(put)
            elif before != owner:  # inside a base nothing parts, and letter-spacing would widen what is put there
                behind[text.tokens.index("</ruby>", before)] = put
        if not text.tokens[owner].startswith("<"):
            built.setdefault(owner, []).append(char)
    return "".join(
        (str(escape("".join(built[i]))) if i in built else token) + behind.get(i, "")
        for i, token in enumerate(text.tokens)
    )


def _puts(letters: str, language: str, *, phrases: int, tight: bool) -> dict[int, str]:
    """Say what stands before each letter: a space, a break or a joiner, the joiner last."""
    joined = set(_joined(letters, language)) | set(_last_joins(letters, "" if phrases else language))
    held = _phrase_joins(letters, language, phrases) if phrases else ()
    joined |= {at for at in held if " " not in letters[at - 1 : at + 1]}
    joined -= {match.start() for match in _JOINT.finditer(letters)} if tight else set()
    spaced = {match.start() for match in _SPACED.finditer(letters)}
    breaks = {match.start() for match in _QUOTES.finditer(letters)} - joined
    places = sorted(joined | spaced | breaks)
    free = {at for at in places if at == 0 or _ATOM in letters[at - 1 : at + 1]}
    return {
        at: (QUARTER if at in spaced else "") + (JOINER if at in joined else "") + (BREAK if at in breaks else "")
        for at in places
        if at not in free
    }


def _joined(letters: str, language: str) -> Iterator[int]:
    """Return the places where no line may part."""
    patterns = (*_WHOLE, *((_KATAKANA,) if language == "ja" else (_HANGUL,) if language == "ko" else ()))
    for pattern in patterns:
        for match in pattern.finditer(letters):
            yield from _inside(letters, match.start(), match.end())


def _inside(letters: str, start: int, end: int) -> Iterator[int]:
    """Return the places inside a stretch where a line could part: not inside a Latin word."""
    for at in range(start + 1, end):
        if not _IN_WORD.fullmatch(letters, at - 1, at + 1):
            yield at


_IN_WORD: Final = re.compile(rf"{_LATIN}{{2}}")


def _last_joins(letters: str, language: str) -> Iterator[int]:
    """Hold the last characters together, so that a last line holds ``LAST`` of them and begins with a whole phrase."""
    at, real = len(letters), 0
    while at > 0 and real < LAST:
        at -= 1
        real += letters[at] not in _PUNCTUATION and letters[at] not in (_ATOM, JOINER)
    if real == LAST and at > 0:
        yield from _inside(letters, _phrase_start(letters, at, language), len(letters))


_TAIL: Final = 24
"""So many characters at a text's end are enough to tell where its last phrase begins."""


def _phrase_start(letters: str, at: int, language: str) -> int:
    """Return where the phrase begins in which a place lies; the place itself where the phrase is long."""
    parser, start = _phrase_parser(language), max(0, len(letters) - _TAIL)
    for phrase in parser.parse(letters[start:]) if parser is not None else ():
        if start < at < start + len(phrase) <= start + LONGEST_PHRASE:
            return start
        start += len(phrase)
    return at


def _phrase_joins(letters: str, language: str, longest: int) -> Iterator[int]:
    """Return the places inside phrases (bunsetsu in Japanese, words in Chinese)."""
    parser = _phrase_parser(language)
    if parser is None or len(letters) < 2:
        return
    at = 0
    for phrase in (part for long in parser.parse(letters) for part in _PARTS.split(long)):
        if len(phrase) <= longest:
            yield from _inside(letters, at, at + len(phrase))
        at += len(phrase)


@cache
def _phrase_parser(language: str) -> budoux.Parser | None:
    parsers = {"ja": budoux.load_default_japanese_parser, "zh": budoux.load_default_simplified_chinese_parser}
    return parsers[language]() if language in parsers else None


_HYPHEN: Final = re.compile(r"(?<![\w-])(?:[A-Za-z]{1,3}|\d)-(?=[A-Za-z])|(?<=[a-z])-(?=[a-z]{1,3}\b)")
"""A hyphen behind which so little stands that no line parts there: Wi-Fi, 3-D, top-ups."""


_TELEPHONE: Final = re.compile(r'(<(a|span) class="tel"[^>]*>)([^<]*)(?=</\2>)')
_INSIDE: Final = re.compile(r"(?<=[^\w\s\u2060#+])(?!$|\u2060)|(?<=[\w)])(?=[^\w\s\u2060])")


def _hold_telephones(html: str) -> str:
    """Hold a telephone number on one line: it parts nowhere, but where a column is narrower than it is."""
    return _TELEPHONE.sub(lambda match: match[1] + _INSIDE.sub(JOINER, match[3].replace(" ", "\u00a0")), html)


def _hold_last_word(html: str, *, tight: bool) -> str:
    """Hold a short last word to the one before it, and short parts of a word together, where words have spaces."""
    html = "".join(part if part.startswith("<") else _HYPHEN.sub(rf"\g<0>{JOINER}", part) for part in _TAG.split(html))
    return html if tight else re.sub(r"(?<=[\w,;:)]) (?=[^\s<>]{1,5}$)", "\u00a0", html)


LEFT_TO_RIGHT: Final = "\u200e"
"""Before a number: it reads from left to right, its hyphens, commas and units with it (UAX #9, W7: LRM)."""

_RUN: Final = re.compile(r"(?<![\w+¥#.,:/&-])(?=[+¥#]?\d)")


def _turn_numbers(html: str) -> str:
    """Mark where numbers begin in a text from right to left.

    Behind an Arabic letter digits are Arabic numbers, whose groups hyphens do not join (UAX #9, W2, W4): a telephone
    number would be read backwards.
    """
    return "".join(part if part.startswith("<") else _RUN.sub(LEFT_TO_RIGHT, part) for part in _TAG.split(html))


def _space_ruby(html: str, size: float) -> str:
    """Return each base the room that its reading needs; kana beside it lend some of theirs (JLReq 3.3.8)."""
    plain = re.compile(r"<rt>[^<]*</rt>|<[^>]*>")

    def spaced(match: re.Match[str]) -> str:
        before, after = html[: match.start()], html[match.end() :]
        lent = (
            bool(plain.sub("", before))
            * _OVERHANG
            * (
                (not before.endswith("</ruby>") and _lends(plain.sub("", before)[-1:]))
                + (not after.startswith("<ruby") and _lends(plain.sub("", after)[:1]))
            )
        )
        room = ruby_room(unescape(match[2]), unescape(match[3]), lent, size)
        style = f' style="{room}"' if room else ""
        return f"<ruby{match[1]}{style}>{match[2]}<rt>{match[3]}</rt></ruby>"

    return _RUBY.sub(spaced, html)


def _lends(char: str) -> bool:
    return bool(re.match(r"[\u3041-\u30ff、。，．」』）]", char)) if char else False


def ruby_room(base: str, reading: str, lent: float = 0.0, size: float = READING_SIZE) -> str:
    """Return the CSS that widens a base under a longer reading: a gap between its characters, half of it at its ends.

    ``lent`` is what the neighbours lend, in em of the base. Empty where the base is wide enough by itself.
    """
    wide = len(re.findall(CJK, reading))
    needed = size * (wide + (len(reading) - wide) * 0.56)
    own = len(re.findall(CJK, base)) + len(re.sub(CJK, "", base)) * 0.5
    gap = round((needed - lent - own) / max(len(base), 1), 3)
    return f"letter-spacing: {gap}em; padding-left: {gap / 2:.3f}em; margin-right: {-gap / 2:.3f}em" if gap > 0 else ""


def closed_up(text: str) -> tuple[int, ...]:
    """Return the punctuation marks that lose their empty half beside another mark (JLReq 3.1.4, CLReq 3.1.6)."""
    seen = ((at, char) for at, char in enumerate(text) if char not in _UNSEEN)
    return tuple(
        there if second in _OPENING and first in _OPENING else here
        for (here, first), (there, second) in pairwise(seen)
        if (first in _CLOSING and second in _CLOSING | _OPENING | _MIDDLE) or (first in _OPENING and second in _OPENING)
    )


_UNSEEN: Final = frozenset((JOINER, BREAK))
_MIDDLE: Final = frozenset("：；？！")
_OPENING: Final = frozenset("（「『【《〈〔")
_CLOSING: Final = frozenset("、。，．）」』】》〉〕")
