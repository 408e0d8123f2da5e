"""Parsed texts → findings that need no typesetting: sources, links, pictures, characters. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Final

from taiyaku.chunks import BOX
from taiyaku.findings import Finding, Place
from taiyaku.fonts import faces, missing
from taiyaku.model import Block, BlockKind, Content, Host, Role, Text, TomlFile
from taiyaku.parse import walk
from taiyaku.toml import line_of

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_JPEG: Final = b"\xff\xd8\xff"
_SVG_ROOT: Final = re.compile(rb"^\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*<svg[\s>]", re.DOTALL)


def check_references(content: Content, texts: Iterable[Text]) -> Iterator[Finding]:
    """Check what texts point at: sources, chapters, pages on the web, pictures."""
    cited: set[str] = set()
    chapters = set(content.names(Role.CHAPTER))
    for text in texts:
        for block in walk(text.blocks):
            cited.update(_cites(block))
            yield from _unknown_sources(block, content)
            yield from _links(block, content, chapters)
            if block.kind is BlockKind.FIGURE:
                yield from check_picture(block.variant, block.place, content)
    if content.guide.cover:
        place = Place(content.guide_file.path, line_of(content.guide_file, ("cover",)))
        yield from check_picture(content.guide.cover, place, content)
    for key in content.sources:
        if key not in cited:
            place = Place(content.sources_file.path, line_of(content.sources_file, (key,)))
            yield Finding("source.unused", place, {"key": key})


def _cites(block: Block) -> Iterator[str]:
    for inline in block.inlines:
        yield from inline.cites


def _unknown_sources(block: Block, content: Content) -> Iterator[Finding]:
    for key in _cites(block):
        if key not in content.sources:
            yield Finding("source.unknown", block.place, {"key": key})


def _links(block: Block, content: Content, chapters: set[str]) -> Iterator[Finding]:
    """A chapter link must lead to a chapter; a web page belongs into the sources, where its QR code is printed."""
    known = {source.url for source in content.sources.values()}
    for target in (target for inline in block.inlines for target in inline.links):
        if re.match(r"^[a-z]+:", target):
            if target not in known:
                yield Finding("link.source", block.place, {"target": target})
        elif PurePosixPath(target).stem not in chapters or not target.endswith(".md"):
            yield Finding("link.chapter", block.place, {"target": target})


def check_picture(src: str, place: Place, content: Content) -> Iterator[Finding]:
    """Check that a picture is one, lies in the guide, and holds no words."""
    folder = str(PurePosixPath(content.guide_file.path).with_name("figures"))
    data = content.figures.get(src)
    facts = {"src": src, "folder": folder}
    if data is None:
        outside = ".." in PurePosixPath(src).parts or re.match(r"^(?:[a-z]+:|/|\\)", src, re.IGNORECASE)
        yield Finding("figure.outside" if outside else "figure.missing", place, facts)
    elif not is_picture(src, data):
        yield Finding("figure.format", place, facts)
    elif src.endswith(".svg") and re.search(rb"<(?:\w+:)?(?:text|foreignObject)\b", data):
        yield Finding("figure.words", place, facts)


def is_picture(name: str, data: bytes) -> bool:
    """Say whether the bytes are what the file's name promises: SVG, PNG or JPEG."""
    suffix = PurePosixPath(name).suffix.lower()
    starts: Mapping[str, bool] = {
        ".svg": bool(_SVG_ROOT.match(data)),
        ".png": data.startswith(_PNG),
        ".jpg": data.startswith(_JPEG),
        ".jpeg": data.startswith(_JPEG),
    }
    return starts.get(suffix, False)


def check_characters(content: Content, texts: Iterable[Text]) -> Iterator[Finding]:
    """Find characters that no font of their language has, each at its line."""
    for text in texts:
        yield from _in_lines(text, content.host_language)
    for words, key in ((content.guide.title, "title"), (content.guide.subtitle, "subtitle")):
        for language, value in words.items():
            yield from _in_value(content.guide_file, (key, language), value, language)
    for term in content.glossary:
        for language, value in term.names.items():
            yield from _in_value(content.glossary_file, (term.key, language), value, language)
        yield from _in_value(content.glossary_file, (term.key, "reading"), term.reading, content.host_language)
    for key, source in content.sources.items():
        for language, value in source.title.items():
            yield from _in_value(content.sources_file, (key, "title"), value, language)
        yield from _in_value(content.sources_file, (key, "publisher"), source.publisher, content.host_language)


def check_host(host: Host, logo: bytes, file: TomlFile) -> Iterator[Finding]:
    """Check a host's block: every character can be printed, and the logo is a picture."""
    for line in ("name", "desk", "hours", "event"):
        for language, value in getattr(host, line).items():
            yield from _in_value(file, (line,), value, language)
    if logo and not is_picture(host.logo, logo):
        yield Finding("figure.format", Place(file.path, line_of(file, ("logo",))), {"src": host.logo})


_FOREIGN: Final = re.compile(r"\{([A-Za-z][A-Za-z0-9-]*):([^{}]*)\}")


def _in_lines(text: Text, host_language: str) -> Iterator[Finding]:
    """Check a manuscript line by line; what is marked as another language, as that language."""
    for number, line in enumerate(text.manuscript.text.split("\n"), 1):
        place = Place(text.manuscript.path, number)
        box = BOX.match(line)
        if box is not None and box[1] == "phrase":
            yield from _report(place, _bare(box[2] or ""), host_language)
            continue
        for match in _FOREIGN.finditer(line):
            yield from _report(place, _bare(match[2]), match[1])
        yield from _report(place, _FOREIGN.sub("", line), text.manuscript.language)


def _bare(text: str) -> str:
    return re.sub(r"[{}|]", "", text)


def _in_value(file: TomlFile, path: tuple[str, ...], value: str, language: str) -> Iterator[Finding]:
    if missing(value, language):
        yield from _report(Place(file.path, line_of(file, path)), value, language)


def _report(place: Place, text: str, language: str) -> Iterator[Finding]:
    for char in missing(text, language):
        name = unicodedata.name(char, "unnamed")
        tried = ", ".join(face.family for face in faces(language))
        facts = {"char": char, "code": ord(char), "name": name, "language": language, "fonts": tried}
        yield Finding("font.glyph", place, facts)
