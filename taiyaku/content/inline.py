"""Convert one line of Markdown text into HTML, with our own marks: ruby, citations, languages. Pure.

Python-Markdown does the work; raw HTML is switched off, and what it refused is reported.
"""

import re
import unicodedata
import xml.etree.ElementTree as etree
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from html import unescape
from html.entities import html5
from string import punctuation
from typing import Any

from markdown import Markdown
from markdown.inlinepatterns import LINK_RE, InlineProcessor, LinkInlineProcessor
from markdown.util import AtomicString

from taiyaku.language.tags import CJK, is_tag
from taiyaku.model.content import Inline
from taiyaku.model.findings import Finding, Place

_JOIN = re.compile(rf"(?<={CJK})[ \t]*\n[ \t]*(?={CJK}|[“‘—…])|(?<=[”’—…])[ \t]*\n[ \t]*(?={CJK})")
_BEFORE_CITE = re.compile(r"(?<!\s)\s+(?=\[@)")
"""A source's number stands at its word, so that it never begins a line alone."""

_JOINER = "\u2060"
_WHOLE = re.compile(r"(?<=\d)[–〜～](?=[¥\d])|(?<=[A-Za-z])!(?=[A-Za-z])")
"""Where a range of numbers or a name such as Y!mobile would part: word joiners stand around it (UAX #14, WJ)."""

_HTML = r"(<!--.*?-->|<!--|</?[A-Za-z][^<>]*>|<[!?][^<>]*>)"
_CITE = r"\[@([^\]]+)\]"
_NOTE = r"\[\^([^\]]+)\]"
_NOTE_CALL = re.compile(r'<span class="note-call" id="([^"]*)"\s*(?:/>|></span>)')
_IMAGE = r"!\[[^\]]*\]\([^)]*\)"
_WORDS, _ADDRESS = r"(?:[^\[\]\\]++|\\.)*", r"[^()]*+"
for _ in range(4):
    _WORDS, _ADDRESS = rf"(?:[^\[\]\\]++|\\.|\[{_WORDS}\])*", rf"(?:[^()]++|\({_ADDRESS}\))*"
_LINK = re.compile(rf"\[{_WORDS}\]\({_ADDRESS}\)", re.DOTALL)
"""What may be a link: to try others would take a time that grows with the square of a text's length."""

_AMPERSAND = re.compile(r"&(?:(#[0-9]+|#[xX][0-9a-fA-F]+|[A-Za-z0-9]+);)?")
_CITES = re.compile(r'<span class="cites">((?:(?!</span>).)*)</span>')
_CLOSING = "。．，、！？）」』”’.,;:!?)"
_LAST = re.compile(
    rf"(?:(?:[+¥#(]?\d[\d,.()-]*[ \u00a0\u2060]){{0,4}}(?:(?!{CJK})[^\s<>&])+|&#?\w+;|{CJK}|[^\s<>])[{_CLOSING}]*$"
)
"""The last word of a text, with the number before it; of Chinese and Japanese the last character."""
_LONGEST = 16
"""So many characters are kept on one line at most: a column holds them."""
_LONGEST_NUMBER = 20
"""The same of a telephone number, so that it is whole: nothing of it may stand in another element."""
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u1950-\u19df\u1a20-\u1aaf\ua9e0-\ua9fe\uaa60-\uaadf]")
"""Scripts that write sentences without spaces (UAX #14, SA): Thai, Lao, Burmese, Khmer, and their neighbours."""
_JOINED_UP = re.compile(r"[\u0600-\u08ff\u1800-\u18af]")
"""Scripts whose letters join, but not across an element: Arabic, Syriac, N'Ko, Mongolian."""
_BEFORE = frozenset("เแโใไເແໂໃໄ")
_AFTER = frozenset("ะาำๅະາຳ")
"""Vowels of Thai and Lao that stand before and after their consonant, and belong to it."""
_VIRAMA = 9  # the combining class (UAX #44)
_ASAT = "\u103a"  # ends a syllable of Burmese: its consonant stands with the one before
_BARE = re.compile(r'(?<=>)<span class="keep">(?=<a class="cite")')
"""Sources' numbers behind an element, as a bold word: what could be kept with them is inside it."""

_RUBY = r"\{(?:([A-Za-z][A-Za-z0-9-]*):)?([^{}|]*)(?:\|([^{}]*))?(\}?)"


@dataclass
class _Seen:
    """What the patterns meet while one text is converted."""

    place: Place = field(default_factory=lambda: Place(""))
    findings: list[Finding] = field(default_factory=list)

    def report(self, code: str, **facts: Any) -> None:
        self.findings.append(Finding(code, self.place, facts))


class _Pattern(InlineProcessor):
    """An inline mark that turns each match into an element."""

    def __init__(self, pattern: str, make: Callable[[re.Match[str]], etree.Element | str]) -> None:
        super().__init__(pattern)
        self._make = make

    def handleMatch(  # type: ignore[override]  # the stubs know elements only; a string is allowed too
        self, m: re.Match[str], data: str
    ) -> tuple[etree.Element | str, int, int]:
        """Replace the whole match."""
        return self._make(m), m.start(0), m.end(0)


def _element(tag: str, text: str = "", **attributes: str) -> etree.Element:
    element = etree.Element(tag, {name.rstrip("_"): value for name, value in attributes.items()})
    element.text = AtomicString(text)
    return element


def _cites(match: re.Match[str]) -> etree.Element:
    group = _element("span", class_="cites")
    for key in re.split(r"\s*;\s*", match[1]):
        group.append(_element("a", class_="cite", href=f"#source-{key.strip().lstrip('@')}"))
    return group


def _note(match: re.Match[str]) -> etree.Element:
    return _element("span", class_="note-call", id=match[1])


class _Link(LinkInlineProcessor):
    """A link of Python-Markdown's, where there may be one."""

    def handleMatch(  # type: ignore[override]  # as above
        self, m: re.Match[str], data: str
    ) -> tuple[etree.Element | str | None, int | None, int | None]:
        """Read the link that begins here, if any."""
        return super().handleMatch(m, data) if _LINK.match(data, m.start()) else (None, None, None)


class _Reader:
    """A Markdown converter for single texts. One a process: building it is the slow part."""

    def __init__(self) -> None:
        self._seen = _Seen()
        self._markdown = Markdown(extensions=["attr_list", "tables", "def_list"], output_format="xhtml")
        patterns = self._markdown.inlinePatterns
        for name in ("html", "entity", "autolink", "automail", "image_link", "image_reference", "short_image_ref"):
            patterns.deregister(name)
        for name in ("reference", "short_reference", "link"):
            patterns.deregister(name)
        self._markdown.ESCAPED_CHARS = list(punctuation)
        self._markdown.preprocessors.deregister("html_block")
        for name in ("reference", "setextheader", "hr"):
            self._markdown.parser.blockprocessors.deregister(name)
        patterns.register(_Pattern(r"\\&", lambda _: "&amp;"), "ampersand", 181)
        patterns.register(_Link(LINK_RE, self._markdown), "link", 160)
        patterns.register(_Pattern(_HTML, self._html), "raw-html", 90)
        patterns.register(_Pattern(_IMAGE, self._image), "inline-image", 169)
        patterns.register(_Pattern(_CITE, _cites), "citation", 168)
        patterns.register(_Pattern(_NOTE, _note), "note-call", 167)
        patterns.register(_Pattern(_RUBY, self._ruby), "ruby", 166)

    def _html(self, match: re.Match[str]) -> str:
        self._seen.report("parse.html", html=match[1])
        return ""

    def _image(self, match: re.Match[str]) -> str:
        self._seen.report("parse.image-inline")
        return ""

    def _ruby(self, match: re.Match[str]) -> etree.Element | str:
        language, base, reading = match[1], match[2].strip(), match[3]
        said = language if reading is None else reading.strip()
        if not (base and said and match[4]):
            self._seen.report("parse.ruby", mark=match[0])
            return ""
        if language is not None and not is_tag(language):
            self._seen.report("parse.language", tag=language)
            return ""
        spoken = {"lang": language} if language else {}
        if reading is None:
            return _element("span", base, **spoken)
        ruby = _element("ruby", base, **spoken)
        ruby.append(_element("rt", reading.strip()))
        return ruby

    def elements(self, lines: tuple[str, ...]) -> etree.Element:
        """Convert a list, a table or definitions into elements whose texts are still Markdown."""
        self._markdown.reset()
        root = self._markdown.parser.parseDocument([line.expandtabs(4) for line in lines]).getroot()
        return root if root is not None else etree.Element("div")

    def convert(self, text: str, place: Place) -> tuple[etree.Element, tuple[Finding, ...]]:
        """Convert one text into an element that holds it."""
        self._seen = _Seen(place)
        self._markdown.reset()
        root = etree.Element("div")
        holder = etree.SubElement(root, "p")
        holder.text = _WHOLE.sub(rf"{_JOINER}\g<0>{_JOINER}", _JOIN.sub("", _BEFORE_CITE.sub("", text)))
        for name in ("inline", "attr_list", "unescape"):
            self._markdown.treeprocessors[name].run(root)
        return holder, tuple(self._seen.findings)

    def html(self, holder: etree.Element) -> str:
        """Write an element's inside as HTML."""
        whole = self._markdown.serializer(holder)
        inside = whole[whole.index(">") + 1 : whole.rindex("<")] if not whole.endswith("/>") else ""
        return _BARE.sub(rf"\g<0>{_JOINER}", "".join(_kept(_CITES.split(_entities(inside.strip())))))


def _entities(text: str) -> str:
    """Write & as an entity where none is meant; HTML would read `&region` as `®ion` (13.5, names without semicolon)."""
    return _AMPERSAND.sub(
        lambda found: (
            found[0] if found[1] and (found[1][0] == "#" or f"{found[1]};" in html5) else f"&amp;{found[0][1:]}"
        ),
        text,
    )


def _kept(parts: list[str]) -> Iterator[str]:
    """Put a text together whose every second part is sources' numbers: they never begin a line.

    Each stands with the word before it; where that is too long for a line, with its last letter.
    """
    for text, cites in zip(parts[::2], [*parts[1::2], ""], strict=True):
        at = _kept_from(text) if cites else len(text)
        yield text[:at]
        if cites:
            joined = _JOINER if at == len(text) and text[-1:].strip() not in ("", ">") else ""
            yield f'{joined}<span class="keep">{text[at:]}{cites}</span>'


def _kept_from(text: str) -> int:
    """Return where in a text begins what is kept on a line with the source's number behind it."""
    last = _LAST.search(text[-4 * _LONGEST :])
    if last is None:
        return len(text)
    word = last[0]
    longest = _LONGEST if re.search(r"[^\W\d_]", word) else _LONGEST_NUMBER
    if len(word.rstrip(_CLOSING)) <= longest and not _UNSPACED.search(word):
        return len(text) - len(word)
    return len(text) - (0 if _JOINED_UP.search(word) else len(_last_cluster(word)))


def _last_cluster(word: str) -> str:
    """Return the last letter of a word with all that stands on it and behind it (UAX #29, and what SA scripts ask)."""
    at = max(len(word.rstrip(_CLOSING)) - 1, 0)
    while at > 0 and (
        word[at] in _AFTER
        or unicodedata.category(word[at]).startswith("M")
        or _stacks(word[at - 1])
        or word[at - 1] in _BEFORE
        or word[at + 1 : at + 2] == _ASAT
    ):
        at -= 1
    return word[at:]


def _stacks(char: str) -> bool:
    """Tell whether a mark sets the next consonant under the one before it: a virama, but one that is seen."""
    return char != _ASAT and unicodedata.combining(char) == _VIRAMA


_reader: list[_Reader] = []


def reader() -> _Reader:
    """Return this process's converter."""
    if not _reader:
        _reader.append(_Reader())
    return _reader[0]


def _plain(element: etree.Element) -> Iterator[str]:
    """Return the text that a page shows in one run: readings, notes and citations stand apart."""
    if element.tag == "rt" or element.get("class") == "cites":
        return
    yield element.text or ""
    for child in element:
        yield from _plain(child)
        yield child.tail or ""


@dataclass(frozen=True, slots=True)
class Converted:
    """A text with what was wrong in it, its footnotes' names, its links' titles, and emphasis that may be none."""

    inline: Inline
    calls: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    doubtful: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


def read_inline(text: str, place: Place) -> Converted:
    """Convert one text of a block; a finding's line is that of ``place``."""
    holder, findings = reader().convert(text, place)
    inline = Inline(
        html=reader().html(holder),
        text=unescape(_entities("".join(_plain(holder)))).replace(_JOINER, ""),
        readings=tuple(unescape("".join(rt.itertext())) for rt in holder.iter("rt")),
        cites=tuple(a.get("href", "").removeprefix("#source-") for a in holder.iter("a") if a.get("class") == "cite"),
        links=tuple(a.get("href", "") for a in holder.iter("a") if a.get("class") != "cite"),
    )
    calls = tuple(span.get("id", "") for span in holder.iter("span") if span.get("class") == "note-call")
    titles = tuple(a.get("title", "") for a in holder.iter("a") if a.get("title"))
    return Converted(inline, calls, titles, tuple(_doubtful(holder)), findings)


def _doubtful(holder: etree.Element) -> Iterator[str]:
    """Find emphasis that is none: stars of a code to dial, a product, a footnote. They would go without a word."""
    for parent in holder.iter():
        before = parent.text or ""
        for child in parent:
            inner, behind = "".join(child.itertext()), child.tail or ""
            if child.tag in ("em", "strong") and (
                not any(map(str.isalnum, inner))
                or inner[0] in _CLOSING
                or re.search(r"\d\W?\n\d", f"{inner}\n{behind}")
                or re.search(r"\d\n\d", f"{before}\n{inner}")
                or (child.tag == "em" and re.match(r"[\d#]", behind))
            ):
                yield inner
            before = behind


def set_notes(inline: Inline, notes: dict[str, Inline], calls: tuple[str, ...]) -> Inline:
    """Put each called footnote's text where it is called (CSS GCPM 3, 2.1: the footnote element)."""

    def body(call: re.Match[str]) -> str:
        note = notes.get(unescape(call[1]))
        return f'<span class="footnote">{note.html}</span>' if note is not None else ""

    html = _NOTE_CALL.sub(body, inline.html)
    called = tuple(notes[call] for call in calls if call in notes)
    cites = inline.cites + tuple(key for note in called for key in note.cites)
    return replace(inline, html=html, notes=called, cites=cites)
