"""Everything that a release holds, by its path in the folder. Pure."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.message import Message
from functools import cached_property, partial
from typing import Any, Final

from taiyaku.checks.prepare import Prepared, manuscripts
from taiyaku.model.content import Content, Role
from taiyaku.model.documents import Edition, Form, Publication
from taiyaku.model.theme import Theme
from taiyaku.pipeline.locking import MANIFEST
from taiyaku.pipeline.output import SUMS, Artifact
from taiyaku.release.catalogue import Catalogue, PublicationFile
from taiyaku.release.changes import as_record, changes_for_readers, reprint, reprint_for_offices
from taiyaku.release.delta import Delta
from taiyaku.release.download_page import INDEX, PageLinks, PagePicture, download_page
from taiyaku.release.leaflets import how_to_print_name, leaflets, poster_name
from taiyaku.release.packs import pack, pack_name, packed, sums
from taiyaku.release.provenance import FontFile
from taiyaku.release.sbom import BOM, LICENCES, bill, licences, packages
from taiyaku.release.thumbnails import Shown, show
from taiyaku.release.web_edition import reading_edition, reading_name

Files = dict[str, bytes]
"""Files by their paths in the folder of the release."""

PICTURES: Final = "pictures"


@dataclass(frozen=True)
class ReleaseInputs:
    """What a release is gathered from: its documents, guides by name, words and templates, and what changed."""

    theme: Theme
    guides: Mapping[str, Prepared]
    made: tuple[Artifact, ...]
    manifest: Mapping[str, Any]
    delta: Delta | None
    lock: str
    metadata: Mapping[str, Message]
    fonts: tuple[FontFile, ...] = ()
    profile: bytes = b""
    url: str = ""

    @cached_property
    def shelf(self) -> Catalogue:
        """Return the documents with what the guides say of themselves."""
        contents = {name: one.content for name, one in self.guides.items()}
        newest = max((content.guide for content in contents.values()), key=lambda guide: guide.date)
        return Catalogue(
            version=newest.version,
            date=newest.date,
            volumes=tuple(sorted(map(_volume, self.made), key=partial(_place, contents))),
            titles={name: content.guide.title for name, content in contents.items()},
            subtitles={name: content.guide.subtitle for name, content in contents.items()},
            names=dict(_names(self.guides)),
            checked={
                name: min(source.checked for source in content.sources.values())
                for name, content in contents.items()
                if content.sources
            },
            reviewed={
                (name, tag): _review(content.guide, tag)
                for name, content in contents.items()
                for tag in content.guide.languages
            },
            url=self.url,
        )


def _place(contents: Mapping[str, Content], volume: PublicationFile) -> tuple[object, ...]:
    """Return where a document stands on the shelf: plain ones first, pairs in the order of their guide."""
    pairs = contents[volume.guide].guide.pairs
    at = pairs.index(volume.languages) if volume.languages in pairs else len(pairs)
    return volume.host, volume.guide, at, volume.path


def _volume(made: Artifact) -> PublicationFile:
    one = made.document
    title = one.title
    return PublicationFile(
        title.file_name(one.edition),
        title.guide,
        title.name,
        title.form,
        one.edition,
        title.languages,
        title.host,
        one.heading,
        one.pages,
        one.sheets,
        one.pdf,
        str(title.paper_of(one.edition)),
    )


def _names(guides: Mapping[str, Prepared]) -> Iterator[tuple[tuple[str, str], dict[str, str]]]:
    """Return the titles of checklists by guide and name, in every language."""
    for guide, prepared in guides.items():
        names: dict[str, dict[str, str]] = {}
        for text in prepared.texts:
            if text.manuscript.role is Role.CHECKLIST and text.title is not None:
                names.setdefault(text.manuscript.name, {})[text.manuscript.language] = text.title.inline.text
        yield from (((guide, name), words) for name, words in names.items())


def _review(guide: Any, tag: str) -> str:
    if tag == guide.source:
        return "original"
    return str(guide.translations[tag].status) if tag in guide.translations else "draft"


def gather(stock: ReleaseInputs) -> Files:
    """Return all files of a release."""
    shelf = stock.shelf
    files: Files = {volume.path: volume.pdf for volume in shelf.volumes}
    shown = {volume.path: show(volume.pdf) for volume in shelf.volumes if volume.edition is not Edition.PRESS}
    files |= dict(_pictures(shown))
    files |= dict(_words(stock))
    files |= dict(_readings(stock))
    files |= dict(leaflets(shelf, stock.theme, dict(_covers(stock))))
    files |= dict(_packs(shelf, files))
    files |= dict(_licences(stock))
    files[MANIFEST] = _json(stock.manifest)
    files[INDEX] = download_page(shelf, _beside(stock, files, shown), stock.theme).encode()
    files[SUMS] = sums(files).encode()
    return files


def _picture(path: str, kind: str = "") -> str:
    return f"{PICTURES}/{path.removesuffix('.pdf')}{kind}.png"


def _pictures(shown: Mapping[str, Shown]) -> Iterator[tuple[str, bytes]]:
    for path, its in shown.items():
        yield _picture(path), its.thumbnail
        yield _picture(path, "-pages"), its.sheet


def _packs(shelf: Catalogue, files: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    for tag, paths in packed(shelf).items():
        names = (*paths, *(name for name in (how_to_print_name(tag),) if name in files))
        yield pack_name(tag), pack({name: files[name] for name in names}, shelf.date)


def _readings(stock: ReleaseInputs) -> Iterator[tuple[str, bytes]]:
    """Return the reading editions: those of pairs whose reader's language has the words for it."""
    for name, guide in stock.guides.items():
        for pair in guide.content.guide.pairs:
            words = stock.theme.strings[pair[0]]
            if words.page is not None and words.reading is not None:
                titles = (Publication(name, one, Form.CHECKLIST, pair) for one in guide.content.names(Role.CHECKLIST))
                lists = {title.name: manuscripts(guide, title) for title in titles}
                texts = manuscripts(guide, Publication(name, name, Form.BOOKLET, pair))
                html = reading_edition(guide.content, stock.theme, pair, texts, lists)
                yield reading_name(name, pair), html.encode()


def _covers(stock: ReleaseInputs) -> Iterator[tuple[str, bytes]]:
    """Return the pictures on the covers of the guides that have one."""
    for name, prepared in stock.guides.items():
        cover = prepared.content.guide.cover
        if cover.endswith(".svg") and cover in prepared.content.figures:
            yield name, prepared.content.figures[cover]


def _licences(stock: ReleaseInputs) -> Iterator[tuple[str, bytes]]:
    own = packages(stock.lock, stock.metadata)
    profile = hashlib.sha256(stock.profile).hexdigest() if stock.profile else ""
    shelf = stock.shelf
    made = bill(own, stock.fonts, version=shelf.version, date=shelf.date, profile_sha256=profile)
    yield BOM, made.encode()
    yield LICENCES, licences(own, stock.fonts).encode()


def _beside(stock: ReleaseInputs, files: Mapping[str, bytes], shown: Mapping[str, Shown]) -> PageLinks:
    tags = [tag for guide in stock.guides.values() for tag in guide.content.guide.languages]
    return PageLinks(
        thumbnails={path: PagePicture(_picture(path), its.width, its.height) for path, its in shown.items()},
        sheets={path: _picture(path, "-pages") for path in shown},
        sizes={path: len(data) for path, data in files.items()},
        packs={tag: pack_name(tag) for tag in tags if pack_name(tag) in files},
        leaflets={tag: how_to_print_name(tag) for tag in tags if how_to_print_name(tag) in files},
        changes={tag: f"changes_{tag}.md" for tag in tags if f"changes_{tag}.md" in files},
        reprints={tag: f"reprint_{tag}.md" for tag in tags if f"reprint_{tag}.md" in files},
        readings={
            (name, pair): reading_name(name, pair)
            for name, guide in stock.guides.items()
            for pair in guide.content.guide.pairs
            if reading_name(name, pair) in files
        },
        posters={
            (v.guide, v.languages): poster_name(v.guide, v.languages)
            for v in stock.shelf.volumes
            if poster_name(v.guide, v.languages) in files
        },
    )


def _words(stock: ReleaseInputs) -> Iterator[tuple[str, bytes]]:
    """Return what changed, in words: a file a language, all of them in one, and for who prints."""
    tags = dict.fromkeys(tag for one in stock.guides.values() for tag in one.content.guide.languages)
    names = {tag: strings.language for tag, strings in stock.theme.strings.items()}
    said = {
        tag: changes_for_readers(stock.delta, words, tag, names)
        for tag in tags
        if (words := stock.theme.strings[tag].changes) is not None
    }
    yield from ((f"changes_{tag}.md", text.encode()) for tag, text in said.items())
    yield "CHANGES.md", "\n".join(said.values()).encode()
    if stock.delta is not None:
        for tag in tags:
            if (office := stock.theme.strings[tag].reprint) is not None:
                yield f"reprint_{tag}.md", reprint_for_offices(stock.delta, office, tag).encode()
        yield "REPRINT.md", reprint(stock.delta).encode()
        yield "reprint.json", _json(as_record(stock.delta))


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()
