"""Content → what a person opens and dials before a print run, as Markdown. Pure."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping

from taiyaku.language.fact_patterns import FactKind
from taiyaku.language.facts import facts
from taiyaku.model.content import Block, Content, Source, Text, walk

_HEAD = """\
# Before a print run: {title}

Made by `python3 build.py before-printing --out {out}` from `{sources}`. Change that file, not this one.

Every fact was true on the day on which it was checked. Before you print for others, a person opens each page below
and dials each number, compares, and sets `checked` to that day. Nobody can do this by a program: a page may be there
and say something else.
"""


def before_printing(content: Content, texts: Iterable[Text], out: str) -> str:
    """List a guide's pages to open, those with a question first, then by age, and its telephone numbers to dial."""
    known = tuple(texts)
    uses = dict(_uses(known))
    entries = sorted(content.sources.items(), key=lambda entry: (content.guide.good_until(entry[1]), entry[0]))
    asked = [entry for entry in entries if entry[1].verify]
    others = [entry for entry in entries if not entry[1].verify]
    numbers = _numbers(known)
    parts = [
        _HEAD.format(title=_english(content.guide.title), out=out, sources=content.sources_file.path),
        f"## Open first: a question is open ({len(asked)})\n",
        *(_page(key, source, content.guide.good_until(source), uses) for key, source in asked),
        f"\n## Open too, the oldest first ({len(others)})\n",
        *(_page(key, source, content.guide.good_until(source), uses) for key, source in others),
        f"\n## Dial ({len(numbers)})\n",
        *(f"- [ ] {number}: in {', '.join(names)}" for number, names in numbers.items()),
    ]
    return "\n".join(parts) + "\n"


def _english(words: Mapping[str, str]) -> str:
    return words.get("en") or next(iter(words.values()))


def _page(key: str, source: Source, until: dt.date, uses: Mapping[str, tuple[str, ...]]) -> str:
    lines = [
        f"- [ ] `{key}` {source.publisher}: {_english(source.title)}",
        f"      <{source.url}>",
        f"      checked {source.checked}, good until {until}; cited in {', '.join(uses.get(key, ())) or 'no text'}",
    ]
    if source.verify:
        lines.append(f"      note: {source.verify}")
    return "\n".join(lines)


def _uses(texts: Iterable[Text]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Return for each source the names of the texts that cite it, each once."""
    found: dict[str, dict[str, None]] = {}
    for text in texts:
        for block in walk(text.blocks):
            for inline in block.inlines:
                for key in inline.cites:
                    found.setdefault(key, {})[text.manuscript.name] = None
    return ((key, tuple(names)) for key, names in found.items())


def _numbers(texts: Iterable[Text]) -> dict[str, tuple[str, ...]]:
    """Return the telephone numbers as they are written, with the texts in which they stand."""
    found: dict[str, tuple[str, dict[str, None]]] = {}
    for text in texts:
        for block in walk(text.blocks):
            for value, written in _phones(block, text.manuscript.language):
                found.setdefault(value, (written, {}))[1][text.manuscript.name] = None
    return {written: tuple(names) for written, names in sorted(found.values(), key=lambda one: one[0])}


def _phones(block: Block, language: str) -> list[tuple[str, str]]:
    stated = facts(block.said, language)
    return [(fact.value, fact.written) for fact in sorted(stated) if fact.kind is FactKind.PHONE]
