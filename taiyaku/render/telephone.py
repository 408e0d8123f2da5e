"""Telephone numbers in a text: marked, so that no line parts them, and to be dialled where a page can do that. Pure."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Final

from taiyaku.language.fact_patterns import FactKind
from taiyaku.language.facts import facts

_APART: Final = r"[ \u00a0\u2060‐‑–−ー-]"
_BEGINS: Final = r"(?<![\d+-])(?:(?<!\d[.,])|(?<=\d{4},))"
_ENDS: Final = r"(?![\d-]|[.,]\d+(?![\d-]))"
_SHAPES: Final = re.compile(
    rf"(?<![A-Za-z#]){_BEGINS}(?:\+\d{{1,3}}(?:{_APART}*\(?\d{{1,5}}\)?){{2,5}}"
    rf"|\(0\d{{1,4}}\){_APART}*\d{{1,4}}{_APART}\d{{3,4}}|0\d{{1,4}}\(\d{{1,4}}\)\d{{3,4}}"
    rf"|(?!\d\d-\d\d-(?:19|20)\d\d(?!\d))0\d{{1,4}}(?:{_APART}\d{{2,4}}){{2}}"
    rf"|0\d{{2,3}}{_APART}\d{{6}}|0\d{{9,10}}|\#\d{{4}}){_ENDS}"
)
"""Numbers as people write them: with hyphens or spaces, from abroad, with an area in brackets, short ones with #."""

_NARROW: Final = {wide: wide - 0xFEE0 for wide in map(ord, "０１２３４５６７８９＋＃（）－")}
"""Full-width signs, each as its narrow one."""

_FEWEST: Final = 9
"""A number with so many digits at least is one, whatever its shape; ``#`` alone says that of a shorter one."""

_URGENT: Final = frozenset({"110", "118", "119"})
"""Police, coast guard, fire brigade and ambulance: what is dialled in danger."""

_TAG: Final = re.compile(r"(<[^>]*>)")
_BEHIND: Final = r"(?:[”’.,;:!?)\u2060]|</(?:strong|em|span)>|<span class=\"keep\">)*"
_CITED: Final = re.compile(rf'(<(a|span) class="tel"[^>]*>[^<]*</\2>{_BEHIND}<a class="cite") ')
_BETWEEN: Final = r"(?:[\s\u2060(“‘]|</?(?:strong|em|span)\b[^>]*>)*"
_CITED_BEFORE: Final = re.compile(
    rf'(<a class="cite"(?: data-apart="")?)( [^>]*>[^<]*</a>{_BETWEEN}<(?:a|span) class="tel")'
)


def numbers(text: str, language: str) -> tuple[str, ...]:
    """Return the telephone numbers in a plain text as they are written, the longest first."""
    shaped = (text[slice(*match.span())] for match in _SHAPES.finditer(text.translate(_NARROW)))
    stated = (fact.written for fact in facts(text, language) if fact.kind is FactKind.PHONE)
    found = {one for one in shaped if one.startswith(("#", "＃")) or len(re.findall(r"\d", one)) >= _FEWEST} | set(
        stated
    )
    return tuple(sorted(found, key=lambda one: (-len(one), one)))


def address(written: str) -> str:
    """Return the address that dials a number (RFC 3966): its digits; a zero in brackets is not dialled from abroad."""
    narrow = written.translate(_NARROW)
    kept = re.sub(r"[^\d+#]", "", re.sub(r"(?<=\d)\s*\(0\)", "", narrow) if narrow.startswith("+") else narrow)
    return f"tel:{kept.replace('#', '%23')}"


def marked(html: str, language: str, *, links: bool = True) -> str:
    """Mark the telephone numbers in an HTML fragment, as links that dial them where ``links`` may stand.

    A source's number before or behind one stands apart, or it would be dialled too. A full stop of full width is room
    enough.
    """
    if not _MAY_HOLD.search(html):
        return html
    parts = tuple(_parts(html))
    found = numbers(unescape("".join(part for part, within in parts if within in ("", "a"))), language)
    if not found:
        return html
    number = re.compile(rf"{_BEGINS}(?:{'|'.join(map(re.escape, found))}){_ENDS}(?!\s?(?:{_COUNTED}))")

    def mark(part: str, within: str) -> str:
        if within not in ("", "a"):
            return part
        dialled = links and not within
        return number.sub(lambda m: _link(m[0]) if dialled else f'<span class="tel">{m[0]}</span>', part)

    told = _CITED.sub(r'\1 data-apart="" ', "".join(mark(part, within) for part, within in parts))
    return _CITED_BEFORE.sub(r'\1 data-before=""\2', told)


_MAY_HOLD: Final = re.compile(r"[\d(].?\d")
_COUNTED: Final = r"[円元¥%％年月日分]|日元|yen\b"


def _link(written: str) -> str:
    return f'<a class="tel" href="{address(written)}">{written}</a>'


def _parts(html: str) -> Iterator[tuple[str, str]]:
    """Part an HTML fragment into tags and texts; with each what it is inside: nothing, a link, or what is no text."""
    within = ""
    for part in filter(None, _TAG.split(html)):
        if not part.startswith("<"):
            yield part, within
            continue
        yield part, "tag"
        if part in (f"</{within}>", "</a>"):
            within = ""
        elif not within and (opened := re.match(r'<(a|rt)\b(?: class="(cite)")?', part)) and not part.endswith("/>"):
            within = opened[2] or opened[1]


_ALONE: Final = re.compile(
    r'(?:<[^>]*>)*<(a|span) class="tel"[^>]*>([^<]*)</\1>(?:<[^>]*>|\u2060)*(?:<a class="cite".*)?'
)


def alone(html: str) -> str:
    """Tell whether a marked text is a telephone number and no more: ``dial``, ``urgent`` or nothing."""
    number = _ALONE.fullmatch(html)
    return "" if number is None else "urgent" if number[2] in _URGENT else "dial"
