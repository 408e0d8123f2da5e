"""The page from which people download: one file that asks for nothing from anywhere. Pure.

Every language has its part of the page, in its own words, and shows the documents that hold it: those of which it is
the reader's language first. A small script shows the part that the browser asks for; without it all parts are there.
"""

import base64
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from taiyaku.language.tags import direction
from taiyaku.model.documents import Edition, Form
from taiyaku.model.theme import PageWords, Strings, Theme
from taiyaku.model.tokens import colour_tokens
from taiyaku.release.catalogue import Catalogue, PublicationFile
from taiyaku.render.html import environment

INDEX: Final = "index.html"


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A picture beside the page: its address, and its size in CSS px."""

    src: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class PageLinks:
    """What else a release holds, that the page links to: packs, leaflets, reading editions by what they are for."""

    thumbnails: Mapping[str, PagePicture]
    sheets: Mapping[str, str]
    sizes: Mapping[str, int]
    packs: Mapping[str, str]
    leaflets: Mapping[str, str]
    changes: Mapping[str, str]
    reprints: Mapping[str, str]
    readings: Mapping[tuple[str, tuple[str, ...]], str]
    posters: Mapping[tuple[str, tuple[str, ...]], str]


@dataclass(frozen=True, slots=True)
class Named:
    """A language with its own name, and how far its text is trusted."""

    lang: str
    name: str
    status: str = ""


@dataclass(frozen=True, slots=True)
class File:
    """A file to download, or to open: ``saved`` says which."""

    href: str
    text: str
    facts: str
    saved: bool = True


@dataclass(frozen=True, slots=True)
class Card:
    """A handout on the page: its picture, and its files."""

    title: str
    thumbnail: PagePicture
    sheet: str
    alt: str
    files: tuple[File, ...]


@dataclass(frozen=True, slots=True)
class PairPart:
    """What there is in one pair of languages for one host."""

    anchor: str
    names: tuple[Named, ...]
    host: str
    booklet: Card | None
    checklists: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class GuidePart:
    """A guide in the words of one language."""

    title: str
    subtitle: str
    version: str
    checked: str
    reviews: tuple[Named, ...]
    pairs: tuple[PairPart, ...]


@dataclass(frozen=True, slots=True)
class PagePart:
    """The page in one language."""

    lang: str
    dir: str
    name: str
    title: str
    words: PageWords
    guides: tuple[GuidePart, ...]
    pack: File | None
    leaflet: str
    links: tuple[File, ...]
    wrong_fact: str
    not_advice: str
    licence: str


def download_page(shelf: Catalogue, beside: PageLinks, theme: Theme) -> str:
    """Return the page: one HTML file with its style and its script inside.

    Languages whose strings have no ``[page]`` are left out.
    """
    style, script = inline_style(theme, "web", "download"), without_empty_lines(theme.templates["download.js.jinja"])
    strings = {tag: its for tag in shelf.languages if (its := theme.strings.get(tag)) is not None and its.page}
    parts = tuple(_PageWriter(shelf, beside, theme, tag).part() for tag in strings)
    context = {
        "parts": parts,
        "choose": " · ".join(dict.fromkeys(part.words.choose for part in parts)),
        "style": Markup(style),
        "style_hash": inline_hash(style),
        "script": Markup(script),
        "script_hash": inline_hash(script),
    }
    html = environment(tuple(theme.templates.items())).get_template("download.html.jinja").render(context)
    return without_empty_lines(html) + "\n"


def without_empty_lines(text: str) -> str:
    """Leave out empty lines."""
    return "\n".join(line for line in text.splitlines() if line.strip())


def inline_style(theme: Theme, *names: str) -> str:
    """Return stylesheets of the web as one, with the colours of the tokens."""
    tokens = "".join(f"{name}:{value};" for name, value in colour_tokens(theme.styles).items())
    sheets = "".join(theme.styles[f"web/{name}.css"].decode() for name in names)
    return without_empty_lines(f":root{{{tokens}}}\n{sheets}")


def inline_hash(text: str) -> str:
    """Return what a content security policy knows an inline style or script by (CSP 3, 2.3.1)."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def size(count: int) -> str:
    """Return a size as people say it: thousands of bytes, then millions."""
    return f"{count / 1_000_000:.1f} MB" if count >= 1_000_000 else f"{max(1, round(count / 1000))} KB"


_ORDER: Final = (Edition.PRINT, Edition.SCREEN, Edition.LARGE, Edition.PRESS)
"""What most people came for stands first."""


class _PageWriter:
    """Writes the page's part in one language."""

    def __init__(self, shelf: Catalogue, beside: PageLinks, theme: Theme, tag: str) -> None:
        self._shelf, self._beside, self._house, self._tag = shelf, beside, theme, tag
        self._strings: Strings = theme.strings[tag]
        words = self._strings.page
        assert words is not None  # only such languages have a part
        self._words = words

    def part(self) -> PagePart:
        guides = tuple(self._guide(name) for name in self._shelf.titles if self._volumes(name))
        pack = self._beside.packs.get(self._tag, "")
        return PagePart(
            lang=self._tag,
            dir=direction(self._tag),
            name=self._strings.language,
            title=" · ".join(guide.title for guide in guides),
            words=self._words,
            guides=guides,
            pack=File(pack, "", self._size(self._beside.sizes[pack])) if pack else None,
            leaflet=self._beside.leaflets.get(self._tag, ""),
            links=tuple(self._links()),
            wrong_fact=self._strings.wrong_fact,
            not_advice=self._strings.not_advice,
            licence=self._strings.licence_text,
        )

    def _volumes(self, guide: str) -> list[PublicationFile]:
        return [v for v in self._shelf.volumes if v.guide == guide and self._tag in v.languages]

    def _guide(self, name: str) -> GuidePart:
        volumes = self._volumes(name)
        pairs = dict.fromkeys(
            (v.languages, v.host) for v in sorted(volumes, key=lambda v: (v.host, v.languages.index(self._tag)))
        )
        tags = dict.fromkeys(tag for languages, _ in pairs for tag in languages)
        return GuidePart(
            title=self._said(self._shelf.titles[name]),
            subtitle=self._said(self._shelf.subtitles[name]),
            version=self._shelf.version,
            checked=self._shelf.checked[name].isoformat(),
            reviews=tuple(self._named(tag, self._shelf.reviewed.get((name, tag), "")) for tag in tags),
            pairs=tuple(self._pair(name, languages, host, volumes) for languages, host in pairs),
        )

    def _said(self, words: Mapping[str, str]) -> str:
        return words.get(self._tag) or next(iter(words.values()), "")

    def _named(self, tag: str, status: str = "") -> Named:
        its = self._house.strings.get(tag)
        own = its.language if its is not None else tag
        said: Mapping[str, str] = {
            "original": self._strings.original,
            "reviewed": self._strings.reviewed,
            "draft": self._strings.draft,
        }
        return Named(tag, own, said.get(status, ""))

    def _pair(self, guide: str, languages: tuple[str, ...], host: str, volumes: Iterable[PublicationFile]) -> PairPart:
        its = [v for v in volumes if v.languages == languages and v.host == host]
        checklists = dict.fromkeys(v.name for v in its if v.form is Form.CHECKLIST)
        booklet = [v for v in its if v.form is Form.BOOKLET]
        parts = (self._tag, guide, *languages, *([host] if host else []))
        return PairPart(
            anchor="-".join(parts),
            names=tuple(map(self._named, languages)),
            host=host,
            booklet=self._card(booklet, self._words.booklet) if booklet else None,
            checklists=tuple(
                self._card([v for v in its if v.name == name and v.form is Form.CHECKLIST], self._name(guide, name))
                for name in checklists
            ),
        )

    def _name(self, guide: str, name: str) -> str:
        return self._said(self._shelf.names.get((guide, name), {})) or name

    def _card(self, volumes: Iterable[PublicationFile], title: str) -> Card:
        its = sorted(volumes, key=lambda v: _ORDER.index(v.edition))
        shown = next((v for v in its if v.edition is Edition.SCREEN), its[0])
        files = [self._file(v) for v in its]
        reading = self._beside.readings.get((shown.guide, shown.languages), "")
        if reading and shown.form is Form.BOOKLET and not shown.host:
            files.insert(2, File(reading, self._words.file_read, self._size(self._beside.sizes[reading]), saved=False))
        alt = self._words.preview.format(title=title)
        return Card(title, self._beside.thumbnails[shown.path], self._beside.sheets[shown.path], alt, tuple(files))

    def _file(self, volume: PublicationFile) -> File:
        return File(volume.path, self._label(volume), " · ".join(self._facts(volume)))

    def _label(self, volume: PublicationFile) -> str:
        words = self._words
        if volume.edition is Edition.PRINT:
            return words.file_print if volume.form is Form.BOOKLET else words.file_checklist
        return {
            Edition.SCREEN: words.file_screen if volume.form is Form.BOOKLET else words.file_form,
            Edition.LARGE: words.file_large,
            Edition.PRESS: words.file_press,
        }[volume.edition]

    def _facts(self, volume: PublicationFile) -> Iterator[str]:
        """Return what a person wants to know before she prints: pages, sheets of paper, and the file's size."""
        if volume.pages > 1:
            yield self._words.pages.format(n=volume.pages)
        if volume.edition in (Edition.PRINT, Edition.LARGE):
            one = volume.sheets == 1
            yield (self._words.sheet if one else self._words.sheets).format(n=volume.sheets)
        yield self._size(len(volume.pdf))

    def _size(self, count: int) -> str:
        """Return a size that keeps its order in a text from right to left too (Unicode, UAX 9: FSI and PDI)."""
        return f"\u2068{size(count)}\u2069" if direction(self._tag) == "rtl" else size(count)

    def _links(self) -> Iterator[File]:
        if self._tag in self._beside.changes:
            yield self._link(self._beside.changes[self._tag], self._words.changes)
        if self._tag in self._beside.reprints and self._strings.reprint is not None:
            yield self._link(self._beside.reprints[self._tag], self._strings.reprint.link)
        for (_, languages), path in self._beside.posters.items():
            if languages[0] == self._tag:
                yield self._link(path, self._words.poster)
        yield self._link("SHA256SUMS", self._words.sums)
        yield self._link("LICENCES.md", self._words.licences)
        yield self._link("sbom.cdx.json", self._words.bom)
        yield self._link("manifest.json", self._words.manifest)

    def _link(self, href: str, text: str) -> File:
        return File(href, text, "")
