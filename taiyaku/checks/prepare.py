"""Manuscripts become paired texts with all that was found in them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from taiyaku.checks import stale
from taiyaku.content.pair import Manuscripts, Paired, alone, pair
from taiyaku.content.parse import parse
from taiyaku.model.content import Content, Manuscript, Role, Text
from taiyaku.model.documents import Form, Publication
from taiyaku.model.findings import Finding

PairedTexts = Mapping[tuple[Role, str, tuple[str, ...]], Paired]
"""Paired texts by role, name and languages."""


@dataclass(frozen=True)
class Prepared:
    """A guide that was read: its texts, their pairs by role, name and languages, what marks and pairs lack."""

    content: Content
    texts: tuple[Text, ...]
    paired: PairedTexts
    findings: tuple[Finding, ...] = ()


def prepare(content: Content, *, draft: bool, titles: Sequence[Publication] = (), compared: bool = False) -> Prepared:
    """Parse a guide's texts and pair them: all, or those of some titles. In a draft, mark what is stale.

    Texts of titles are ``compared`` with their sources, which are parsed too then.
    """
    parsed = [parse(manuscript) for manuscript in _needed(content, titles, compared=compared)]
    texts = tuple(one.text for one in parsed)
    pairs = dict.fromkeys(title.languages for title in titles) or content.guide.pairs
    paired = dict(_paired(texts, pairs))
    accepted = content.accepted
    reviews = tuple(review(content, texts, paired)) if accepted is not None else ()
    lacking = [finding for one in paired.values() for finding in one.findings]
    lacking += stale.check_stale(reviews, accepted or {})
    if draft and any(one.count(stale.Freshness.STALE) for one in reviews):
        texts = stale.marked(texts, reviews)
        paired = dict(_paired(texts, pairs))
    found = [finding for one in parsed for finding in one.findings]
    found += (finding.as_warning() for finding in lacking) if draft else lacking
    return Prepared(content, texts, paired, tuple(found))


def _needed(content: Content, titles: Sequence[Publication], *, compared: bool) -> Iterator[Manuscript]:
    """Return the manuscripts of titles, and the sources by which the accepted ones of them are judged."""
    source = () if content.accepted is None and not compared else (content.guide.source,)
    needed = [replace(title, languages=(*title.languages, *source)) for title in titles]
    return (m for m in content.manuscripts if not titles or any(title.is_made_from(m) for title in needed))


def _paired(
    texts: Sequence[Text], pairs: Iterable[tuple[str, ...]]
) -> Iterator[tuple[tuple[Role, str, tuple[str, ...]], Paired]]:
    """Pair texts in each pair of languages. An empty file has its own finding, and is paired with nothing."""
    known = {(text.manuscript.role, text.manuscript.name, text.manuscript.language): text for text in texts}
    for languages in pairs:
        for role, name in dict.fromkeys((role, name) for role, name, _ in known):
            there = [known[role, name, tag] for tag in languages if (role, name, tag) in known]
            if len(there) == len(languages) and all(text.blocks for text in there):
                yield (role, name, languages), alone(*there) if len(there) == 1 else pair(*there)


def compared_pairs(source: str, texts: Iterable[Text], paired: PairedTexts) -> Iterator[tuple[Text, Text, Paired]]:
    """Return every translation beside its source, whichever pairs are printed."""
    known = {(t.manuscript.role, t.manuscript.name, t.manuscript.language): t for t in texts}
    for (role, name, tag), text in known.items():
        first = known.get((role, name, source))
        if tag != source and first is not None and first.blocks and text.blocks:
            yield first, text, paired.get((role, name, (source, tag))) or pair(first, text)


def review(content: Content, texts: Iterable[Text], paired: PairedTexts) -> Iterator[stale.Review]:
    """Judge every translation by what was accepted of it."""
    for first, text, its in compared_pairs(content.guide.source, texts, paired):
        yield stale.review(first, text, its.pairs, its.findings, content.accepted or {})


def manuscripts(prepared: Prepared, title: Publication) -> Manuscripts:
    """Return the paired texts that a title consists of."""
    role = Role.CHAPTER if title.form is Form.BOOKLET else Role.CHECKLIST
    names = prepared.content.names(role) if role is Role.CHAPTER else (title.name,)
    return Manuscripts(names, tuple(prepared.paired[role, name, title.languages].pairs for name in names))
