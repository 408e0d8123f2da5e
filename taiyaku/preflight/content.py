"""Checks of what the pages' content streams ask for: what cannot be carried out as it stands (ISO 32000-2, 7.8.2)."""

from collections.abc import Iterator
from typing import Final

from taiyaku.model.findings import Finding, Place
from taiyaku.pdf.objects import page_ranges
from taiyaku.pdf.painted import Odd
from taiyaku.preflight.document import Page, PdfDocument


def odd(subject: PdfDocument) -> Iterator[Finding]:
    """Every operator can be carried out: viewers pass over one that cannot, each in its own way. Told once a kind."""
    kinds: dict[Odd, tuple[list[int], int, str]] = {}
    for page in subject.pages:
        for painted in (page.painted, *page.painted.hidden):
            for kind, count in painted.odd.items():
                pages, times, example = kinds.get(kind, ([], 0, painted.examples[kind]))
                kinds[kind] = ([*pages, page.number], times + count, example)
    for kind, (pages, times, example) in kinds.items():
        said = f"`{kind.operator}` {kind.why}" if kind.operator else kind.why
        first = f", first {example}" if example and times > 1 else f": {example}" if example else ""
        more = (f", {times} times" if times > 1 else "") + first
        yield from subject.found("pdf.operator", pages, what=said, more=more)


def stumbled(subject: PdfDocument) -> Iterator[Finding]:
    """What our own reader could not do, though the file may be right."""
    places: dict[tuple[str, str], list[Page]] = {}
    for page in subject.pages:
        for painted in (page.painted, *page.painted.hidden):
            for where, operator in painted.stumbled.items():
                places.setdefault((where, operator), []).append(page)
    for (where, operator), pages in places.items():
        what = f"`{operator}` on page {page_ranges(page.number for page in pages)}"
        yield Finding("preflight.fault", Place(subject.name), {"what": what, "where": where})


CHECKS: Final = (odd, stumbled)
