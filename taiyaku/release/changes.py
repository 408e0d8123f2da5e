"""What changed since the last release: for readers, and for those who print, in their language; in English why. Pure.

An office needs to know which sheets it prints again; why is for those who work on the guide (REPRINT.md).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from types import MappingProxyType
from typing import Any

from taiyaku.model.theme import ChangesWords, ReprintWords
from taiyaku.release.delta import Change, Delta, DocumentDelta, FactDelta, SaidDelta, SheetDelta, SheetStatus, TextDelta


def changes_for_readers(
    delta: Delta | None, words: ChangesWords, language: str, names: Mapping[str, str] = MappingProxyType({})
) -> str:
    """Say in a reader's language which texts changed, and which facts, by source (Markdown).

    ``delta`` is None for a first release; ``names`` are the languages' own.
    """
    return "\n".join((f"# {words.heading}", "", *_for_readers(delta, words, language, names))).rstrip() + "\n"


def _for_readers(delta: Delta | None, words: ChangesWords, language: str, names: Mapping[str, str]) -> Iterator[str]:
    if delta is None:
        yield words.first
        return
    yield words.since.format(before=delta.before, now=delta.now)
    told = [fact for fact in delta.facts if fact.state in (Change.CHECKED, Change.GONE) or language in fact.said]
    if delta.said is None:
        yield from ("", words.unknown)
    elif not told and not delta.said:
        yield from ("", words.none)
    if delta.said:
        yield from ("", f"## {words.said}", "", *_texts(delta.said, words, language, names))
    for state, heading in (
        (Change.CHANGED, words.changed),
        (Change.NEW, words.new),
        (Change.GONE, words.gone),
        (Change.CHECKED, words.checked),
    ):
        facts = [fact for fact in told if fact.state is state]
        if facts:
            yield from ("", f"## {heading}", "")
            for fact in facts:
                yield from _fact(fact, words, language)


def _texts(said: Iterable[SaidDelta], words: ChangesWords, language: str, names: Mapping[str, str]) -> Iterator[str]:
    """Name the texts that say something else, and in which languages how many of their paragraphs do."""
    texts: dict[tuple[str, str], list[SaidDelta]] = {}
    for one in said:
        texts.setdefault((one.guide, one.key), []).append(one)
    for its in texts.values():
        title = next((one.title for one in its if one.language == language), its[0].title)
        told = "; ".join(f"{names.get(one.language, one.language)}: {_counted(one, words)}" for one in its)
        yield f"- {title} — {told}"


def _counted(one: SaidDelta, words: ChangesWords) -> str:
    if one.state is not Change.CHANGED:
        return words.said_new if one.state is Change.NEW else words.said_gone
    counts = ((words.said_changed, one.changed), (words.said_more, one.new), (words.said_less, one.gone))
    return ", ".join(text.format(n=count) for text, count in counts if count)


def _fact(fact: FactDelta, words: ChangesWords, language: str) -> Iterator[str]:
    title = fact.title.get(language) or next(iter(fact.title.values()))
    yield f"- {title} (`{fact.key}`, <{fact.url}>, {fact.checked})"
    if fact.state is Change.GONE:
        return
    for before, now in fact.said.get(language, ()):
        if before:
            yield f"    - {words.before}: {_line(before)}"
        if now:
            yield f"    - {words.now}: {_line(now)}"


def reprint_for_offices(delta: Delta, words: ReprintWords, language: str) -> str:
    """Say in a language which sheets of its documents an office prints again, and which stay in stock (Markdown)."""
    its = [one for one in delta.documents if language in one.languages]
    hosts = groupby(sorted(its, key=lambda one: (one.host, one.form, one.path)), key=lambda one: one.host)
    parts = (line for host, group in hosts for line in _for_host(host, group, words))
    return "\n".join((f"# {words.heading.format(before=delta.before, now=delta.now)}", "", *parts)).rstrip() + "\n"


def _for_host(host: str, documents: Iterable[DocumentDelta], words: ReprintWords) -> Iterator[str]:
    if host:
        yield from (f"## {host}", "")
    for one in documents:
        yield from (f"### {one.title}", "", f"`{one.path}`", "", _told(one, words), "")
        if one.state is Change.CHANGED and 0 < len(one.to_print) < len(one.sheets):
            yield from (*(_told_sheet(sheet, words) for sheet in one.sheets if sheet.fate is SheetStatus.PRINT), "")


def _told(one: DocumentDelta, words: ReprintWords) -> str:
    whole = {Change.GONE: words.gone, Change.NEW: words.new, Change.UNKNOWN: words.unknown}
    if one.state in whole:
        return whole[one.state]
    if len(one.to_print) == len(one.sheets):
        return words.all
    stay = [sheet.number for sheet in one.sheets if sheet.fate is not SheetStatus.PRINT]
    feet = [sheet.number for sheet in one.sheets if sheet.fate is SheetStatus.FOOT]
    said = [words.again.format(sheets=_ranges(one.to_print), total=len(one.sheets)) if one.to_print else words.none]
    said += [words.stay.format(sheets=_ranges(stay))] if stay and one.to_print else []
    said += [words.foot.format(sheets=_ranges(feet))] if feet else []
    return "  \n".join(said)


def _told_sheet(sheet: SheetDelta, words: ReprintWords) -> str:
    pages = " | ".join(", ".join(map(str, side)) or words.blank for side in sheet.sides)
    return "- " + words.sheet.format(sheet=sheet.number, pages=pages, sides=_sides(sheet))


def _sides(sheet: SheetDelta) -> str:
    """Return the pages of the file that are a sheet's sides."""
    first = 2 * sheet.number - 1
    return f"{first}–{first + 1}" if len(sheet.sides) == 2 else f"{first}"


def reprint(delta: Delta) -> str:
    """Say host by host and document by document which sheets must be printed (Markdown)."""
    head = [f"# What to print again: {delta.before} → {delta.now}", ""]
    documents = sorted(delta.documents, key=lambda one: (one.host, one.path))
    hosts = groupby(documents, key=lambda one: one.host)
    parts = (line for host, its in hosts for line in (*_host(host), *(said for one in its for said in _document(one))))
    return "\n".join((*head, *parts)).rstrip() + "\n"


def _host(host: str) -> tuple[str, ...]:
    return (f"## For {host}" if host else "## Without a host", "")


def _document(one: DocumentDelta) -> Iterator[str]:
    yield f"### {one.path}"
    yield ""
    yield _verdict(one)
    yield ""
    for sheet in one.sheets:
        if sheet.fate is SheetStatus.PRINT and one.state is Change.CHANGED:
            yield from _sheet(sheet)
    if one.state is Change.CHANGED and one.to_print:
        yield ""


def _verdict(one: DocumentDelta) -> str:
    """Say in one paragraph what to do with the copies in stock."""
    if one.state is Change.GONE:
        return "It is no longer made: hand out no more of it."
    if one.state is Change.NEW:
        return "It is new: print it."
    if one.state is Change.UNKNOWN:
        return "The last release does not say how it looked: print it."
    stay = [sheet.number for sheet in one.sheets if sheet.fate is not SheetStatus.PRINT]
    feet = [sheet.number for sheet in one.sheets if sheet.fate is SheetStatus.FOOT]
    foot = f" At the foot of {_numbers(feet, 'sheet')} stands an older date; that does no harm." if feet else ""
    if not one.to_print:
        return f"Nothing to print: every sheet stays in stock.{foot}"
    kept = f"{_capital(_numbers(stay, 'sheet'))} stay{'s' if len(stay) == 1 else ''} in stock." if stay else ""
    return f"Print {_numbers(one.to_print, 'sheet')} of {len(one.sheets)}. {kept}{foot}".rstrip()


def _sheet(sheet: SheetDelta) -> Iterator[str]:
    holds = " | ".join(", ".join(map(str, side)) or "blank" for side in sheet.sides)
    head = f"- Sheet {sheet.number} (pages {holds} of the booklet; in the print dialogue pages {_sides(sheet)}): "
    yield f"{head}{_why(sheet)}"
    for text in sheet.texts:
        yield f"    - {_text(text)}"


def _why(sheet: SheetDelta) -> str:
    reasons = []
    if sheet.texts:
        reasons.append(f"{len(sheet.texts)} text{'s' if len(sheet.texts) > 1 else ''} changed")
    if sheet.moved:
        reasons.append("texts moved from page to page")
    reasons += [_PARTS.get(part, part) for part in sheet.parts]
    if not reasons:
        reasons.append(_LOOKS[sheet.words] if sheet.pages else "it lies elsewhere in the booklet")
    where = f"page {_list(sheet.pages)}: " if sheet.pages else ""
    return where + "; ".join(reasons)


_LOOKS: Mapping[bool | None, str] = {
    True: "the same words look different (a picture, a colour, the type or its place)",
    False: "what no author wrote there changed (numbers that point to other places, sources and their dates, labels)",
    None: "it looks different, though no text changed",
}

_PARTS: Mapping[str, str] = {
    "stamp": "the version and its date, since other sheets are new",
    "cover": "the cover",
    "contents": "the contents",
    "glossary": "the index",
    "sources": "the sources",
    "notes": "pages for notes",
    "back": "the back",
}


def _text(text: TextDelta) -> str:
    point = f"number {text.point}, " if text.point else ""
    if not text.before:
        said = f"new: {_line(text.now)}"
    elif not text.now:
        said = f"gone: {_line(text.before)}"
    else:
        said = f"{_line(text.before)} → {_line(text.now)}"
    return f"{point}{text.at}: {said}"


def _line(text: str) -> str:
    return " ".join(text.split())


def _numbers(numbers: Sequence[int], noun: str) -> str:
    """Name things by their numbers: ``sheets 1–3 and 5``."""
    return f"{noun}{'s' if len(numbers) != 1 else ''} {_list(numbers)}"


def _list(numbers: Iterable[int]) -> str:
    parts = _ranges(numbers).split(", ")
    return " and ".join((", ".join(parts[:-1]), parts[-1])) if len(parts) > 1 else parts[0]


def _ranges(numbers: Iterable[int]) -> str:
    """Name numbers in a row by the first and the last of them: ``1–3, 5``."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def as_record(delta: Delta) -> dict[str, Any]:
    """Return the reprint delta as JSON's values, for other programs."""
    return {
        "before": delta.before,
        "now": delta.now,
        "documents": [
            {
                "path": one.path,
                "host": one.host,
                "languages": list(one.languages),
                "form": one.form,
                "edition": one.edition,
                "state": str(one.state),
                "print": list(one.to_print),
                "sheets": [_sheet_record(sheet) for sheet in one.sheets],
            }
            for one in delta.documents
        ],
        "texts": [
            {"guide": one.guide, "text": one.key, "language": one.language, "state": str(one.state)}
            | {"changed": one.changed, "new": one.new, "gone": one.gone}
            for one in delta.said or ()
        ],
        "facts": [
            {"guide": one.guide, "key": one.key, "state": str(one.state), "url": one.url, "checked": one.checked}
            for one in delta.facts
        ],
    }


def _sheet_record(sheet: SheetDelta) -> dict[str, Any]:
    return {
        "sheet": sheet.number,
        "sides": [list(side) for side in sheet.sides],
        "fate": str(sheet.fate),
        "was": sheet.was,
        "pages": list(sheet.pages),
        "texts": [
            {"at": text.at, "point": text.point, "pages": list(text.pages), "before": text.before, "now": text.now}
            for text in sheet.texts
        ],
        "parts": list(sheet.parts),
        "moved": sheet.moved,
        "words": sheet.words,
    }
