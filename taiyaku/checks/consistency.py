"""Pairs → findings: facts, sources, and glossary terms that two languages do not share. Pure.

A reader acts on a number whichever column it is read in. So the same facts stand in both, the same
sources are cited for them, and a term of the glossary is always said with the glossary's word.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Final

from taiyaku.language.agreement import Statement, beside, lacking, names_penalty, unsure
from taiyaku.language.cldr import marked, plain
from taiyaku.language.fact_patterns import FactKind
from taiyaku.language.facts import NEEDS_SOURCE, Fact, facts
from taiyaku.language.tags import language_of
from taiyaku.model.content import Block, BlockKind, Content, Pair, TermEntry, Text, walk
from taiyaku.model.findings import Finding, Place

_TOGETHER = frozenset({BlockKind.BOX, BlockKind.ROW})
"""What cites for all of its parts: a box, a row of a table."""

_FREE = frozenset({BlockKind.HEADING, BlockKind.PHRASE})
"""What cites nothing: a heading announces, a phrase card is said by the reader."""


def check_parity(content: Content, pairs: Iterable[Pair], languages: tuple[str, str]) -> Iterator[Finding]:
    """Compare the pairs of two texts in two languages. Blocks without partner have their own finding."""
    for pair in pairs:
        if pair.first is not None and pair.second is not None:
            yield from _facts(pair.first, pair.second, languages)
            yield from _cites(pair.first, pair.second)
            yield from _terms(content.glossary, pair.first, pair.second, languages)
        yield from check_parity(content, pair.children, languages)


def _facts(first: Block, second: Block, languages: tuple[str, str]) -> Iterator[Finding]:
    a, b = (Statement(block.said, tag) for block, tag in zip((first, second), languages, strict=True))
    missing, more = lacking(a, b), lacking(b, a)
    if missing or more:
        facts = {
            "first": _list(missing, languages) or "nothing",
            "second": _list(more, languages) or "nothing",
            "language": a.language,
            "other": b.language,
            "marks": _marks((*missing, *more), languages),
        }
        yield Finding("facts.differ", second.place, facts, first.place)
    for one, other in ((a, b), (b, a)):
        if doubtful := unsure(one, other):
            written = dict.fromkeys(said for fact in doubtful for said in beside(fact, other))
            facts = {"language": one.language, "said": _list(doubtful, languages), "other": other.language}
            yield Finding("facts.unit", second.place, {**facts, "written": ", ".join(written)}, first.place)


def _marks(found: Iterable[Fact], languages: tuple[str, str]) -> str:
    """Say how two languages write a number, where they do not write it alike and a mark was read."""
    first, second = (marked(tag) for tag in languages)
    if first == second or not any(fact.has_marks for fact in found if fact.kind is not FactKind.DATE):
        return ""
    return f"; {languages[0]} writes {first}, {languages[1]} writes {second}"


def _list(found: Iterable[Fact], languages: tuple[str, str]) -> str:
    """Name facts; with their writing, where it is read in another way in the other language."""
    first, second = (marked(tag) for tag in languages)
    read = {fact: fact.has_marks and (fact.kind is FactKind.DATE or first != second) for fact in found}
    return ", ".join(f"{fact} (`{fact.written}`)" if shown else str(fact) for fact, shown in read.items())


def _cites(first: Block, second: Block) -> Iterator[Finding]:
    """Compare what is cited; for a row of a table its cells are one."""
    if first.kind is BlockKind.CELL:
        return
    a, b = (_cited(block) for block in (first, second))
    if a != b:
        keys = ", ".join(f"@{key}" for key in sorted(a ^ b))
        yield Finding("cite.differ", second.place, {"keys": keys}, first.place)


def _cited(block: Block) -> frozenset[str]:
    blocks = tuple(walk((block,))) if block.kind is BlockKind.ROW else (block,)
    return frozenset(key for one in blocks for inline in one.inlines for key in inline.cites)


def _terms(
    glossary: tuple[TermEntry, ...], first: Block, second: Block, languages: tuple[str, str]
) -> Iterator[Finding]:
    """Where one text says a term, the other says the glossary's word for it."""
    if first.kind is BlockKind.PHRASE:
        return
    other = _folded(second.said, languages[1])
    for term in _used(glossary, first.said, languages[0]):
        word = term.names.get(languages[1], "")
        if word and not _pattern(word, languages[1]).search(other):
            facts = {"term": term.names[languages[0]], "word": word, "language": languages[1]}
            yield Finding("term.differ", second.place, facts, first.place)


def _used(glossary: tuple[TermEntry, ...], said: str, language: str) -> Iterator[TermEntry]:
    """Return the terms in a text; a longer one takes the place of a shorter one inside it."""
    text = _folded(said, language)
    for term in sorted(glossary, key=lambda term: -len(term.names.get(language, ""))):
        word = term.names.get(language, "")
        if word and _pattern(word, language).search(text):
            yield term
            text = _pattern(word, language).sub("\0", text)


_LETTERS: Final = (
    r"A-Za-z\u00aa\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02af"
    r"\u1e00-\u1eff\u2c60-\u2c7f\ua720-\ua7ff\uab30-\uab6f"  # Latin
    r"\u0370-\u03ff\u1f00-\u1fff\u0400-\u052f\u1c80-\u1c8f\u2de0-\u2dff\ua640-\ua69f"  # Greek, Cyrillic
    r"\u0531-\u0587\u10a0-\u10ff\u1c90-\u1cbf\u2d00-\u2d2f"  # Armenian, Georgian
    r"\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff"  # marks on any of them
)
"""Letters of the scripts that have capitals, and part words by spaces (Unicode 15, Blocks)."""

_ENDINGS: Final[Mapping[str, str]] = {
    "LATIN": "s|es",
    "GREEK": "σ",
    "CYRILLIC": "а|у|ом|ем|е|ы|и|ов|ев|ам|ами|ах|ям|ями|ях|м|ми|х|та|то|те|ът|ят",
    "ARMENIAN": "ը|ն|ի|ին|ից|ով|ում|եր|երը|երի|ներ|ները|ների",
    "GEORGIAN": "ს|თ|ზე|ში|დან|სთვის|ც",
}
"""What the words of a script may end in besides, after ``_folded``: plurals, cases, articles."""


@lru_cache(maxsize=4096)
def _pattern(word: str, language: str) -> re.Pattern[str]:
    """Find a word in a folded text: where its script has capitals as a whole word, in the plural too."""
    *stem, last = (re.escape(part) for part in _folded(word, language).split() or [word])
    ending = _ENDINGS.get(unicodedata.name(last[-1], "").split(" ")[0], "")
    whole = rf"{last}(?:{ending})?" if ending else last
    if ending and last.endswith("y"):
        whole = rf"(?:{whole}|{last[:-1]}ies)"
    return re.compile(_edge(word[0], "<") + r"[\s-]+".join((*stem, whole)) + _edge(word[-1], ""))


def _edge(char: str, behind: str) -> str:
    """Let no letter stand beside a word's first or last letter, and no digit beside a digit."""
    same = next((same for same in (rf"[{_LETTERS}]", r"\d") if re.match(same, unicodedata.normalize("NFKC", char))), "")
    return rf"(?{behind}!{same})" if same else ""


@lru_cache(maxsize=8192)
def _folded(text: str, language: str) -> str:
    """Write a text as its words are compared: in small letters, composed, ß as ss; in Turkish I is the capital of ı."""
    said = plain(text)
    if language_of(language) in ("tr", "az"):
        said = said.replace("İ", "i").replace("I", "ı")
    said = said.casefold().replace("i\u0307", "i")
    if language_of(language) == "el":  # capitals have no accent
        said = unicodedata.normalize("NFD", said).replace("\u0301", "")
    return unicodedata.normalize("NFKC", said)


def check_sourced(text: Text, date: dt.date) -> Iterator[Finding]:
    """Find blocks that state an amount, a date, a time span, a penalty or a telephone number and cite nothing.

    ``date`` is the guide's own: it stands on every page and needs no source.
    """
    own = {date.isoformat(), date.isoformat()[:7]}
    for block in _citing(text.blocks):
        parts = tuple(walk((block,))) if block.kind in _TOGETHER else (block,)
        if any(inline.cites for part in parts for inline in part.inlines):
            continue
        what = tuple(_acted_on("\n".join(part.said for part in parts), text.manuscript.language, own))
        if what:
            yield Finding("facts.unsourced", block.place, {"what": ", ".join(what)})


def _acted_on(text: str, language: str, own: set[str]) -> Iterator[str]:
    """Name what a text states that a reader acts on."""
    stated = facts(text, language)
    for kind in sorted(NEEDS_SOURCE):
        if any(fact.kind is kind and not (kind is FactKind.DATE and fact.value in own) for fact in stated):
            yield str(kind)
    if names_penalty(text, language):
        yield "penalty"


def _citing(blocks: Iterable[Block]) -> Iterator[Block]:
    """Return the blocks that cite for themselves: boxes and rows whole, headings and phrase cards not at all."""
    for block in blocks:
        if block.kind not in _FREE:
            yield block
        if block.kind not in _TOGETHER:
            yield from _citing(block.children)


def check_ticks(first: Text, second: Text) -> Iterator[Finding]:
    """Compare how many boxes there are to tick."""
    a, b = (
        sum(len(block.children) for block in walk(t.blocks) if block.kind is BlockKind.TASKS) for t in (first, second)
    )
    if a != b:
        place, also = Place(second.manuscript.path), Place(first.manuscript.path)
        yield Finding("facts.ticks", place, {"first": a, "second": b}, also)
