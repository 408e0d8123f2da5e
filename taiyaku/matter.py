"""What a booklet holds besides its chapters: sources, the lists of words, host, colophon. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import unescape
from typing import Any, Final

from markupsafe import Markup
from pypinyin import lazy_pinyin

from taiyaku import telephone
from taiyaku.compose import compose, visible
from taiyaku.findings import Place
from taiyaku.languages import direction, is_cjk, language_of, typesetter_tag
from taiyaku.model import Content, Form, Host, Source, Strings, TermEntry, TomlFile
from taiyaku.rows import Cell, Row, Setter, walk_rows
from taiyaku.toml import line_of

LONGEST_ADDRESS: Final = 40
"""An address of more letters is not typed by hand: its QR code leads there, its beginning says whose it is."""

LONGEST_READING: Final = 11
"""A reading of more kana may part: it is longer than half a column of the index."""

MOST_POINTS: Final = 4
"""So many places of a word are named in the index."""


@dataclass(frozen=True, slots=True)
class SourceEntry:
    """A source in the list: what is printed beside its number."""

    number: int
    anchor: str
    title: Cell
    publisher: Cell
    url: str
    shown: str
    checked: str
    good_until: str
    expired: bool
    qr: str


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """A word in an index: its letter where a new one begins, what the others call it, and where it stands."""

    letter: str
    word: Cell
    others: tuple[Cell, ...]
    points: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Index:
    """The guide's words in the order of one language."""

    head: Cell
    entries: tuple[IndexEntry, ...]


def shown_address(url: str) -> str:
    """Give an address as it is printed: without its scheme, and only whose it is where it is long."""
    bare = url.split("://", 1)[1].removeprefix("www.").rstrip("/")
    return bare if len(bare) <= LONGEST_ADDRESS else f"{bare.split('/')[0]}/…"


def source_entries(setter: Setter, content: Content, numbers: Mapping[str, int]) -> Iterator[SourceEntry]:
    """Give the cited sources in the order of their numbers."""
    for key, number in numbers.items():
        source = content.sources[key]
        tag, title = _title(source, setter.languages)
        publisher = setter.cell("solo", content.host_language, str(Markup.escape(source.publisher)), role="cell")
        yield SourceEntry(
            number,
            f"source-{key}",
            setter.cell("solo", tag, str(Markup.escape(title)), phrases=True, role="cell"),
            publisher,
            source.url,
            shown_address(source.url),
            source.checked.isoformat(),
            content.guide.good_until(source).isoformat(),
            key in setter.expired,
            f"qr/{key}.png",
        )


def _title(source: Source, languages: Iterable[str]) -> tuple[str, str]:
    """Give a source's title in the reader's language, else in one that there is."""
    known = ((tag, source.title[tag]) for tag in languages if tag in source.title)
    return next(known, next(iter(source.title.items())))


def labels(setter: Setter) -> dict[str, tuple[Cell, ...]]:
    """Give each word of the strings files as cells, so that a template prints it in every language."""
    return {name: _label(setter, name) for name, its in Strings.model_fields.items() if its.annotation is str}


def _label(setter: Setter, name: str) -> tuple[Cell, ...]:
    before = len(setter.set)
    cells = setter.words({tag: getattr(setter.strings(tag), name) for tag in setter.languages})
    del setter.set[before:]  # a template may print it several times, or not at all
    return cells


_ARROWS: Final = {"ltr": "→", "rtl": "←"}


def dates_legend(setter: Setter) -> tuple[Cell, ...]:
    """Say once what the two dates beside each source are."""
    return setter.words(
        {
            tag: f"{setter.strings(tag).checked_on} {_ARROWS[direction(tag)]} {setter.strings(tag).good_until}"
            for tag in setter.languages
        }
    )


HOST_LINES: Final[Mapping[Form, tuple[str, ...]]] = {
    Form.BOOKLET: ("name", "desk", "hours", "event"),
    Form.CHECKLIST: ("name",),
}
"""What a document says of its host: all of it on a booklet's cover and again on its back, the name on a checklist."""


def host_block(
    setter: Setter, host: Host | None, logo: str, form: Form, file: TomlFile | None = None
) -> dict[str, Any] | None:
    """Make the host's block; ``file`` is where it is written."""
    if host is None:
        return None
    texts = {
        line: setter.words(getattr(host, line), at=str(Place(file.path, line_of(file, (line,)))) if file else "")
        for line in HOST_LINES[form]
    }
    if form is Form.BOOKLET:
        setter.set += [cell for cells in texts.values() for cell in cells if cell.html]
    return {
        **{line: cells if any(cell.html for cell in cells) else () for line, cells in texts.items()},
        "phone": Markup(compose(telephone.marked(str(Markup.escape(host.phone)), "en"), "en")),
        "url": host.url,
        "logo": logo,
        "plain_name": next((host.name[tag] for tag in (*setter.languages, *host.name) if tag in host.name), ""),
    }


def statuses(setter: Setter, content: Content) -> tuple[dict[str, Any], ...]:
    """Say of each language how far it is to be trusted (original, draft, reviewed), in that language."""
    lines = []
    for tag in setter.languages:
        strings = setter.strings(tag)
        translation = content.guide.translations.get(tag)
        status = strings.original if tag == content.guide.source else strings.draft
        if translation is not None and translation.status == "reviewed":
            status = strings.reviewed
        reviewer = translation.reviewer if translation is not None else ""
        name, words = Markup.escape(strings.language), Markup.escape(status)
        lines.append(
            {"lang": typesetter_tag(tag), "dir": direction(tag), "name": name, "status": words, "reviewer": reviewer}
        )
    return tuple(lines)


def indexes(setter: Setter, content: Content, rows: Iterable[Row]) -> tuple[Index, ...]:
    """List the guide's words in the order of each language, each with the numbers where it stands.

    The first list serves as the glossary too: it gives every word in all languages, and the staff's with its reading.
    In the second a helper looks a word up and points at its number.
    """
    if not content.glossary:
        return ()
    texts = tuple((row.point, _own_texts(row)) for row in walk_rows(rows) if row.point)
    places = {term.key: _places(term, texts) for term in content.glossary}
    every = tuple(dict.fromkeys((*setter.languages, content.host_language)))
    return tuple(_index(setter, content, tag, every, places) for tag in setter.languages)


def _index(
    setter: Setter, content: Content, tag: str, every: Sequence[str], places: Mapping[str, tuple[str, ...]]
) -> Index:
    others = every if tag == setter.languages[0] else ()
    entries, letter = [], ""
    for term in sorted(content.glossary, key=lambda term: sort_key(_spelled(term, tag, content), tag)):
        begins = letter_of(_spelled(term, tag, content), tag)
        entries.append(
            IndexEntry(
                begins if begins != letter else "",
                _word(setter, content, term, tag),
                tuple(_word(setter, content, term, other) for other in others if other != tag),
                places[term.key],
            )
        )
        letter = begins
    words = setter.strings(tag)
    head = Cell("solo", typesetter_tag(tag), direction(tag), Markup.escape(f"{words.index} · {words.language}"))
    return Index(head, tuple(entries))


def _word(setter: Setter, content: Content, term: TermEntry, tag: str) -> Cell:
    """Set a word; the staff's with its reading above, as everywhere in the booklet."""
    name = str(Markup.escape(term.names[tag]))
    if tag == content.host_language and term.reading and term.reading != term.names[tag]:
        whole = " keep" if len(term.reading) <= LONGEST_READING else ""
        name = f'{name} <span class="reading{whole}">{Markup.escape(term.reading)}</span>'
    return setter.cell("solo", tag, name, phrases=True, role="cell")


def _spelled(term: TermEntry, tag: str, content: Content) -> str:
    return (term.reading if tag == content.host_language else "") or term.names[tag]


def sort_key(word: str, tag: str) -> tuple[str, str]:
    """Give what a word is sorted by: pinyin in Chinese, kana in Japanese, else letters without their marks."""
    if language_of(tag) == "zh":
        return " ".join(lazy_pinyin(word)).casefold(), word
    if language_of(tag) == "ja":
        return _hiragana(word), word
    bare = "".join(char for char in unicodedata.normalize("NFKD", word) if not unicodedata.combining(char))
    return bare.casefold().replace("đ", f"d{_LAST}"), word


_LAST: Final = "\u02ff"
"""Behind all letters: Vietnamese đ is a letter of its own, and follows d."""


_KANA: Final = (
    *("あいうえお", "かきくけこ", "さしすせそ", "たちつてと", "なにぬねの", "はひふへほ", "まみむめも"),
    *("や＿ゆ＿よ", "らりるれろ", "わゐ＿ゑを"),
)
_LARGE: Final = str.maketrans("ぁぃぅぇぉっゃゅょゎゕゖ", "あいうえおつやゆよわかけ")
_JAMO: Final = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"


def letter_of(word: str, tag: str) -> str:
    """Give the letter under which a word stands: a Latin one, the row of kana, or the first letter of a syllable."""
    key = sort_key(word, tag)[0]
    if language_of(tag) == "ja":
        return next((row[0] for row in (*_KANA, "わん") if key[:1] in row), key[:1].upper())
    if "\u1100" <= key[:1] <= "\u1112":
        return _JAMO[ord(key[0]) - 0x1100]
    return "Đ" if key[1:2] == _LAST else key[:1].upper()


def _hiragana(word: str) -> str:
    """Write kana as they are sorted: as large hiragana without marks, a long vowel as its vowel (JIS X 4061)."""
    kana = "".join(chr(ord(char) - 0x60) if "ァ" <= char <= "ヶ" else char for char in word.casefold())
    plain = re.sub("[\u3099\u309a]", "", unicodedata.normalize("NFD", kana)).translate(_LARGE)
    return re.sub("(?<=(.))ー", lambda match: _vowel(match[1]), plain)


def _vowel(kana: str) -> str:
    return next(("あいうえお"[row.index(kana)] for row in _KANA if kana in row), "ー")


_READING: Final = re.compile(r"<rt>.*?</rt>|<a class=\"cite\".*?</a>|<[^>]*>")


def _own_texts(row: Row) -> tuple[tuple[str, str], ...]:
    """Give a row's own texts by language, without readings and sources' numbers."""
    cells = row.texts if row.kind == "row" else (*row.title, *row.cells)
    return tuple(
        (cell.lang, " ".join(unescape(visible(_READING.sub("", cell.html))).split()).casefold()) for cell in cells
    )


def _places(term: TermEntry, texts: Sequence[tuple[str, tuple[tuple[str, str], ...]]]) -> tuple[str, ...]:
    """Give the numbers beside which a word stands in any of the languages, the first few."""
    names = {typesetter_tag(tag): _pattern(name, is_cjk(tag)) for tag, name in term.names.items()}
    found = (point for point, own in texts if any(lang in names and names[lang].search(text) for lang, text in own))
    return tuple(dict.fromkeys(found))[:MOST_POINTS]


@cache
def _pattern(name: str, cjk: bool) -> re.Pattern[str]:
    quoted = re.escape(re.sub(r"\s*[（(].*?[）)]", "", name).casefold())
    return re.compile(quoted if cjk else rf"\b{quoted}s?\b")
