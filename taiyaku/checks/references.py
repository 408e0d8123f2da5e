"""Parsed texts → findings that need no typesetting: sources, links, pictures, characters. Pure."""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Final

from taiyaku.content.chunks import BOX
from taiyaku.content.comments import without_comments
from taiyaku.content.figures import (
    MOST_PIXELS,
    NARROWEST,
    aspect_of,
    bitmap_fault,
    figure_frames,
    holds_words,
    is_picture,
    svg_faults,
)
from taiyaku.language.faces import faces, missing
from taiyaku.model.content import Block, BlockKind, Content, Host, Role, Text, TomlFile, is_to_come, walk
from taiyaku.model.findings import Finding, Place
from taiyaku.model.tokens import LEAST_CONTRAST, colour_tokens, faintest
from taiyaku.model.toml import line_of


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
                yield from _labels(block, content)
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


def check_ages(content: Content, today: dt.date) -> Iterator[Finding]:
    """Find the sources whose facts have expired: checked too long ago to be trusted on ``today``."""
    for key, source in content.sources.items():
        until = content.guide.good_until(source)
        if today > until:
            place = Place(content.sources_file.path, line_of(content.sources_file, (key, "checked")))
            facts = {"key": key, "checked": source.checked.isoformat(), "until": until.isoformat(), "url": source.url}
            yield Finding("source.expired", place, facts)


def check_days(content: Content, today: dt.date) -> Iterator[Finding]:
    """Find days that are still to come: of a source that nobody can have checked then, and of the guide.

    ``dt.date.min`` means that today is not known.
    """
    if today == dt.date.min:
        return
    for key, source in content.sources.items():
        if is_to_come(source.checked, today):
            place = Place(content.sources_file.path, line_of(content.sources_file, (key, "checked")))
            facts = {"key": key, "checked": source.checked.isoformat(), "url": source.url, "today": today.isoformat()}
            yield Finding("source.future", place, facts)
    if is_to_come(content.guide.date, today):
        place = Place(content.guide_file.path, line_of(content.guide_file, ("date",)))
        yield Finding("guide.future", place, {"date": content.guide.date.isoformat(), "today": today.isoformat()})


_SHORTENERS: Final = (
    r"amzn\.to|bit\.ly|bitly\.com|buff\.ly|cutt\.ly|dwz\.cn|goo\.gl|is\.gd|lin\.ee|lnkd\.in|onl\.la|onl\.sc|ow\.ly|qr\.ae"
    r"|rb\.gy|rebrand\.ly|reurl\.cc|s\.id|shorturl\.at|suo\.im|t\.cn|t\.co|t\.ly|tiny\.cc|tinyurl\.com|u\.to|url\.cn|v\.gd|x\.gd"
)
_SHORT: Final = re.compile(
    rf"(?<![A-Za-z0-9_./-])(?:https?://)?(?:www\.)?(?:{_SHORTENERS})(?:/[^\s)）、。，]*|(?![\w./-]))",
    re.IGNORECASE,
)
_APPS: Final = "LINE|WeChat|Weixin|微信|QQ|Telegram|WhatsApp|KakaoTalk|카카오톡|Zalo|Messenger|Viber|Signal|小红书|抖音"
_ACCOUNT: Final = "ID|[Aa]ccount|账号|帐号|号码?|群号?|アカウント|계정"
_HANDLE: Final = re.compile(
    rf"(?<![A-Za-z])(?:{_APPS})\s*(?:(?:{_ACCOUNT})\s*[:：]?|[:：])\s*@?[A-Za-z0-9][A-Za-z0-9_.-]{{3,}}"
    rf"|(?<![A-Za-z])(?:{_APPS})\s+@?(?=[A-Za-z_.-]*\d)[A-Za-z0-9_.-]{{5,}}"
    r"|(?<![A-Za-z0-9_.+@/;\[-])@[A-Za-z][A-Za-z0-9_.]{2,}"
    r"|(?:https?://)?(?<![A-Za-z0-9_.-])(?:t\.me|wa\.me|line\.me/(?:ti|R)|m\.me|zalo\.me|u\.wechat\.com|discord\.gg)/\S*"
)
_CITATION: Final = re.compile(r"\[@[^\]]*\]")


def check_contacts(content: Content, texts: Iterable[Text]) -> Iterator[Finding]:
    """Find what leads nobody knows where: shortened links, and accounts of messaging apps."""
    for text in texts:
        bare = _CITATION.sub(lambda match: "\n" * match[0].count("\n"), without_comments(text.manuscript.text)[0])
        for number, line in enumerate(bare.split("\n"), 1):
            place = Place(text.manuscript.path, number)
            yield from _short_links(line, place)
            for match in _HANDLE.finditer(line):
                yield Finding("text.handle", place, {"handle": match[0]})
    for key, source in content.sources.items():
        yield from _short_links(
            source.url, Place(content.sources_file.path, line_of(content.sources_file, (key, "url")))
        )


def _short_links(text: str, place: Place) -> Iterator[Finding]:
    for match in _SHORT.finditer(text):
        yield Finding("link.short", place, {"target": match[0]})


def check_picture(src: str, place: Place, content: Content) -> Iterator[Finding]:
    """Check that a picture is one, lies in the guide, and holds shapes only: no words, nothing from elsewhere."""
    folder = str(PurePosixPath(content.guide_file.path).with_name("figures"))
    data = content.figures.get(src)
    facts = {"src": src, "folder": folder}
    if data is None:
        outside = ".." in PurePosixPath(src).parts or re.match(r"^(?:[a-z]+:|/|\\)", src, re.IGNORECASE)
        yield Finding("figure.outside" if outside else "figure.missing", place, facts)
    elif not is_picture(src, data):
        yield Finding("figure.format", place, facts)
    else:
        if src.lower().endswith(".svg") and holds_words(data):
            yield Finding("figure.words", place, facts)
        if (aspect := aspect_of(data)) < NARROWEST:
            yield Finding("figure.narrow", place, {**facts, "times": f"{1 / aspect:.0f}"})
        yield from _faults(src, data, PurePosixPath(content.guide_file.path).parent, place)


def _faults(src: str, data: bytes, folder: PurePosixPath, place: Place) -> Iterator[Finding]:
    """Return what an SVG holds besides shapes, each at its line of the picture; of a bitmap, why it is not whole.

    A bitmap has no lines: the place is the one that names it.
    """
    if (wrong := bitmap_fault(data)) is not None:
        code, what = wrong
        yield Finding(code, place, {"src": src, "what": what, "most": MOST_PIXELS // 1_000_000})
    for fault in svg_faults(src, data):
        yield Finding(fault.code, Place(str(folder / src), fault.line), {"src": src, "what": fault.what})


def _labels(figure: Block, content: Content) -> Iterator[Finding]:
    """A picture has as many frames as labels."""
    data = content.figures.get(figure.variant)
    if data is None or svg_faults(figure.variant, data):
        return
    labels, frames = len(figure.children), len(figure_frames(data))
    if labels != frames:
        yield Finding("figure.labels", figure.place, {"src": figure.variant, "labels": labels, "frames": frames})


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


HOST_LINES: Final = ("name", "desk", "hours", "event")


def check_host_words(host: Host, file: TomlFile, languages: Iterable[str]) -> Iterator[Finding]:
    """Check that what a host says, it says in every language that is printed."""
    for line in HOST_LINES:
        words = getattr(host, line)
        for tag in languages:
            if words and tag not in words:
                place = Place(file.path, line_of(file, (line,)))
                yield Finding("host.words", place, {"entry": line, "language": tag})


def check_host(host: Host, logo: bytes, file: TomlFile, styles: Mapping[str, bytes]) -> Iterator[Finding]:
    """Check a host's block: every character can be printed, the logo is a picture, the colours can be read."""
    tokens = colour_tokens(styles)
    for name, colour in host.colors.items():
        if (least := faintest(colour, tokens)) < LEAST_CONTRAST:
            facts = {"colour": colour, "contrast": f"{least:.1f}", "least": f"{LEAST_CONTRAST:g}"}
            yield Finding("host.contrast", Place(file.path, line_of(file, ("colors", name))), facts)
    for line in HOST_LINES:
        for language, value in getattr(host, line).items():
            yield from _in_value(file, (line,), value, language)
    if logo and not is_picture(host.logo, logo):
        yield Finding("figure.format", Place(file.path, line_of(file, ("logo",))), {"src": host.logo})
    elif logo:
        place = Place(file.path, line_of(file, ("logo",)))
        yield from _faults(host.logo, logo, PurePosixPath(file.path).parent, place)


_FOREIGN: Final = re.compile(r"\{([A-Za-z][A-Za-z0-9-]*):([^{}]*)\}")


def _in_lines(text: Text, host_language: str) -> Iterator[Finding]:
    """Check a manuscript line by line; what is marked as another language, as that language."""
    for number, line in enumerate(without_comments(text.manuscript.text)[0].split("\n"), 1):
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
