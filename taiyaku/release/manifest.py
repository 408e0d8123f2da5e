"""What a release says of itself, for the next one to be compared with: the manifest's further fields.

The manifest of a release is that of a build (``release.entry``) with these fields more:

- ``drawn_by``: what drew the pages whose fingerprints stand there;
- ``guides``: of each guide its ``texts`` (where each was written, and what it says), its ``facts`` by source, and by
  language what it ``said``: of each chapter, checklist and list its title, and a hash of each paragraph;
- of each document that is printed: ``sides`` (the pages on each side of paper), ``looks`` (of each page the
  fingerprints of its body and of its text, see ``looks``), ``texts`` (number in the guide's, point, pages).
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from taiyaku.content.lock import fingerprint
from taiyaku.model.content import Block, BlockKind, Content, Text, walk
from taiyaku.model.documents import Document, Edition
from taiyaku.pipeline.output import Artifact, manifest_entry
from taiyaku.release.fingerprints import DRAWN_BY, fingerprints_of

PRINTED: Final = (Edition.PRINT, Edition.LARGE)
"""The editions that an office prints and keeps in stock."""

Manifest = Mapping[str, Any]


def manifest_of(
    made: Sequence[Artifact], guides: Mapping[str, tuple[Content, Sequence[Text]]], *, version: str, source_date: str
) -> dict[str, Any]:
    """Return the manifest of a release."""
    texts = {name: _guide_texts(one.document for one in made if one.document.title.guide == name) for name in guides}
    return {
        "schema": 1,
        "version": version,
        "source_date": source_date,
        "drawn_by": DRAWN_BY,
        "guides": {
            name: {
                "texts": [list(key) for key in texts[name]],
                "facts": facts_of(content, its),
                "said": said_of(content, its),
            }
            for name, (content, its) in sorted(guides.items())
        },
        "documents": sorted(
            ({**manifest_entry(one), **stock_of(one.document, texts[one.document.title.guide])} for one in made),
            key=lambda document: str(document["path"]),
        ),
    }


def _guide_texts(documents: Iterable[Document]) -> dict[tuple[str, str], int]:
    """Number the texts of a guide's printed documents."""
    keys = dict.fromkeys((t.at, t.text) for one in documents if one.edition in PRINTED for t in one.texts)
    return {key: number for number, key in enumerate(sorted(keys))}


def stock_of(document: Document, texts: Mapping[tuple[str, str], int]) -> dict[str, Any]:
    """Return what is remembered of a document that somebody may have in stock."""
    if document.edition not in PRINTED:
        return {}
    return {
        **_drawn(document.pdf),
        "texts": [[texts[t.at, t.text], t.point, list(t.pages)] for t in document.texts],
    }


def with_looks(manifest: Manifest, pdfs: Mapping[str, bytes]) -> dict[str, Any]:
    """Return the manifest of an earlier build or release with the looks of its printed documents, drawn anew."""
    documents = [
        {**one, **_drawn(pdfs[one["path"]])} if one.get("edition") in PRINTED and one["path"] in pdfs else one
        for one in manifest["documents"]
    ]
    return {**manifest, "documents": documents, "drawn_by": DRAWN_BY}


def _drawn(pdf: bytes) -> dict[str, Any]:
    looks = fingerprints_of(pdf)
    return {
        "sides": [list(side) for side in looks.sides],
        "looks": {str(number): [look.body, look.text, look.words] for number, look in looks.pages.items()},
    }


def said_of(content: Content, texts: Sequence[Text]) -> dict[str, dict[str, Any]]:
    """Return by language what a guide says: each text's title, and a hash of each of its paragraphs."""
    said: dict[str, dict[str, Any]] = {tag: {} for tag in content.guide.languages}
    for text in sorted(texts, key=lambda one: (one.manuscript.role, one.manuscript.path)):
        title = text.title.inline.text if text.title is not None else text.manuscript.name
        blocks = [fingerprint(block) for block in _paragraphs(text.blocks)]
        key = f"{text.manuscript.role}/{text.manuscript.name}"
        said[text.manuscript.language][key] = {"title": title, "blocks": blocks}
    for tag, its in said.items():
        its |= {key: {"title": key, "blocks": [*map(_hash, lines)]} for key, lines in _lists(content, tag).items()}
    return said


def _lists(content: Content, tag: str) -> dict[str, list[str]]:
    """Return what a guide says in a language outside its texts: in guide.toml, glossary.toml and sources.toml."""
    guide = content.guide
    return {
        "guide.toml": [guide.title.get(tag, ""), guide.subtitle.get(tag, "")],
        "glossary.toml": [f"{term.names.get(tag, '')} {term.reading}" for term in content.glossary],
        "sources.toml": [f"{one.title.get(tag, '')} {one.publisher} {one.url}" for one in content.sources.values()],
    }


def _paragraphs(blocks: Iterable[Block]) -> Iterator[Block]:
    """Return the blocks that a reader takes for one: what says something, a row of a table with its cells."""
    for block in blocks:
        if block.inlines or block.kind in (BlockKind.BOX, BlockKind.FIGURE, BlockKind.ROW):
            yield block
        if block.kind is not BlockKind.ROW:
            yield from _paragraphs(block.children)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def facts_of(content: Content, texts: Sequence[Text]) -> dict[str, Any]:
    """Return by source key what a guide says with it, language by language, and until when that holds."""
    said: dict[str, dict[str, list[str]]] = {key: {} for key in content.sources}
    for text in sorted(texts, key=lambda one: (one.manuscript.role, one.manuscript.path)):
        for block in walk(text.blocks):
            for key in dict.fromkeys(key for inline in block.inlines for key in inline.cites if key in said):
                said[key].setdefault(text.manuscript.language, []).append(block.said)
    return {
        key: {
            "title": dict(source.title),
            "publisher": source.publisher,
            "url": source.url,
            "checked": source.checked.isoformat(),
            "good_until": content.guide.good_until(source).isoformat(),
            "said": {tag: list(dict.fromkeys(its)) for tag, its in sorted(said[key].items())},
        }
        for key, source in content.sources.items()
    }
