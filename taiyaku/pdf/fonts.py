"""The fonts of a PDF: their names, whether they are in it, and what a string in them says (ISO 32000-2, 9)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import pikepdf
from fontTools import agl

from taiyaku.pdf.broken import BROKEN
from taiyaku.pdf.objects import listed, number, numbers, part, spelt

_REGION: Final = re.compile(
    r"(?:CJK[- ]?|Noto-?(?:Sans|Serif)-?|Source-?Han-?(?:Sans|Serif)-?)(JP|SC|TC|HK|KR|K(?=[-_]|$)|CN|TW)(?![A-Za-z])"
)
_SAME_REGION: Final = {"CN": "SC", "TW": "TC", "K": "KR"}

_CODECS: Final = {"/WinAnsiEncoding": "cp1252", "/MacRomanEncoding": "mac_roman"}


class DecodedString(NamedTuple):
    """What a string in a font says.

    Attributes:
        text: Its characters; U+FFFD where the file does not tell.
        width: The sum of its glyphs' widths, in em.
        glyphs: How many there are.
        spaces: How many are a single-byte code 32, which word spacing widens.
        missing: Whether it uses glyph 0, ``.notdef``.
        mute: Whether the file does not tell a character of it.
    """

    text: str
    width: float
    glyphs: int
    spaces: int
    missing: bool
    mute: bool


@dataclass(frozen=True)
class Typeface:
    """A font of a PDF.

    Attributes:
        name: Its PostScript name, without the mark of a subset.
        embedded, subset: Whether its outlines are in the file, and cut to what is used.
        region: "JP", "SC", "TC", "HK" or "KR", where it is a CJK face of one region; else empty.
    """

    name: str
    embedded: bool
    subset: bool
    region: str
    _bytes: int
    _texts: Mapping[int, str]
    _widths: Mapping[int, float]
    _default: float
    _absent: frozenset[int]
    _known: bool
    _cache: dict[bytes, DecodedString] = field(default_factory=dict)

    def read(self, string: bytes) -> DecodedString:
        """Read a string that is shown in this font."""
        said = self._cache.get(string)
        if said is None:
            said = self._cache[string] = self._read(string)
        return said

    def _read(self, string: bytes) -> DecodedString:
        wide = self._bytes
        codes = [int.from_bytes(string[at : at + wide], "big") for at in range(0, len(string) - wide + 1, wide)]
        texts = [self._texts.get(code) for code in codes]
        return DecodedString(
            "".join("\ufffd" if text is None else text for text in texts),
            sum(self._widths.get(code, self._default) for code in codes),
            len(codes),
            codes.count(32) if wide == 1 else 0,
            self._known and not self._absent.isdisjoint(codes),
            None in texts,
        )


def typeface(font: Any) -> Typeface:
    """Read a font dictionary. What it lacks is taken as a reader would take it."""
    if font.get("/Subtype") == "/Type0":
        return _composite(font)
    return _simple(font)


def _named(font: Any) -> tuple[str, bool, str]:
    """Return a font's name, whether it is marked as a subset (ISO 32000-2, 9.9.2), and its region."""
    full = spelt(font.get("/BaseFont", "")).removeprefix("/")
    subset = re.match(r"[A-Z]{6}\+", full) is not None
    name = full[7:] if subset else full
    region = _REGION.search(name)
    return name, subset, _SAME_REGION.get(region[1], region[1]) if region else ""


def _embedded(font: Any) -> bool:
    if font.get("/Subtype") == "/Type3":  # its glyphs are content streams of the file
        return True
    descriptor = part(font, "/FontDescriptor")
    return any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3"))


# Fonts of many glyphs: codes of two bytes


def _composite(font: Any) -> Typeface:
    descendant: Any = next((one for one in listed(font, "/DescendantFonts") if isinstance(one, pikepdf.Dictionary)), {})
    name, subset, region = _named(font)
    known = font.get("/Encoding") in ("/Identity-H", "/Identity-V")
    texts = _to_unicode(font)
    return Typeface(
        name, _embedded(descendant), subset, region, 2, texts, dict(_wide(listed(descendant, "/W"))),
        number(descendant.get("/DW"), 1000) / 1000, _absent(descendant), known,
    )  # fmt: skip


def _absent(descendant: Any) -> frozenset[int]:
    """Return the codes that draw glyph 0: CID 0, and what the map from CIDs to glyphs sends there (9.7.4.2)."""
    to_glyph = descendant.get("/CIDToGIDMap")
    if not isinstance(to_glyph, pikepdf.Stream):
        return frozenset({0})
    glyphs = _unpacked(to_glyph)
    return frozenset(at // 2 for at in range(0, len(glyphs) - 1, 2) if glyphs[at : at + 2] == b"\0\0")


def _unpacked(stream: Any) -> bytes:
    """Return what is in a stream of a font; nothing, where it cannot be unpacked: the file does not tell it, then."""
    try:
        return bytes(stream.read_bytes())
    except BROKEN:
        return b""


def _wide(widths: Any) -> Iterator[tuple[int, float]]:
    """Read /W (ISO 32000-2, 9.7.4.3): ``first [w w …]`` or ``first last w``; widths in em."""
    parts = iter(widths)
    for first in parts:
        second = next(parts, None)
        if isinstance(second, pikepdf.Array):
            yield from ((_whole(first) + at, number(width, 1000) / 1000) for at, width in enumerate(second))
        elif second is not None:
            width = number(next(parts, 1000), 1000) / 1000
            yield from ((code, width) for code in range(max(_whole(first), 0), min(_whole(second), 0xFFFF) + 1))


def _whole(thing: Any) -> int:
    return int(number(thing))


# Fonts of at most 256 glyphs


def _simple(font: Any) -> Typeface:
    name, subset, region = _named(font)
    first = _whole(font.get("/FirstChar"))
    unit = _glyph_unit(font)
    widths = {first + at: number(width) * unit for at, width in enumerate(listed(font, "/Widths"))}
    names = _differences(font)
    texts = _base_texts(font) | {code: agl.toUnicode(glyph) or "\ufffd" for code, glyph in names.items()}
    texts = {code: text for code, text in texts.items() if text != "\ufffd"} | _to_unicode(font)
    absent = {code for code, glyph in names.items() if glyph == ".notdef"}
    if widths:  # a code without a width is no glyph of the font (ISO 32000-2, 9.6.2)
        absent |= set(range(256)) - set(widths)
    default = number(part(font, "/FontDescriptor").get("/MissingWidth"), 0 if widths else 500) / 1000
    return Typeface(name, _embedded(font), subset, region, 1, texts, widths, default, frozenset(absent), True)


def _glyph_unit(font: Any) -> float:
    """Return the length of a unit of /Widths in em: a thousandth, or what a Type 3 font's matrix says."""
    matrix = numbers(font.get("/FontMatrix"), 6) if font.get("/Subtype") == "/Type3" else None
    return 0.001 if matrix is None else matrix[0]


def _base_texts(font: Any) -> dict[int, str]:
    encoding = font.get("/Encoding")
    base = encoding.get("/BaseEncoding") if isinstance(encoding, pikepdf.Dictionary) else encoding
    if base is None and (font.get("/Subtype") == "/Type3" or _whole(part(font, "/FontDescriptor").get("/Flags")) & 4):
        return {}  # a symbolic font: its own encoding, which only the font file tells
    codec = _CODECS.get(spelt(base), "latin_1")
    return {code: bytes([code]).decode(codec, "replace") for code in range(32, 256)}


def _differences(font: Any) -> dict[int, str]:
    """Read /Differences (ISO 32000-2, 9.6.5): a code, then the names of the glyphs from there on."""
    names: dict[int, str] = {}
    code = 0
    for one in listed(part(font, "/Encoding"), "/Differences"):
        if isinstance(one, pikepdf.Name):
            names[code] = spelt(one)[1:]
            code += 1
        else:
            code = _whole(one)
    return names


# What codes mean


_BLOCK: Final = re.compile(rb"beginbf(char|range)(.*?)endbf", re.DOTALL)
_HEX: Final = re.compile(rb"<([0-9A-Fa-f\s]*)>|(\[)|(\])")


def _to_unicode(font: Any) -> dict[int, str]:
    """Read /ToUnicode (ISO 32000-2, 9.10.3): what each code says."""
    stream = font.get("/ToUnicode")
    if not isinstance(stream, pikepdf.Stream):
        return {}
    texts: dict[int, str] = {}
    for kind, body in _BLOCK.findall(_unpacked(stream)):
        parts = [match[0].strip(b"<>") for match in _HEX.finditer(body)]
        if kind == b"char":
            texts |= {_code(code): _text(text) for code, text in zip(parts[::2], parts[1::2], strict=False)}
        else:
            texts |= dict(_ranges(iter(parts)))
    return {code: text for code, text in texts.items() if text.strip("\0\ufffd")}


def _ranges(parts: Iterator[bytes]) -> Iterator[tuple[int, str]]:
    for low in parts:
        first, last, said = _code(low), _code(next(parts, low)), next(parts, b"")
        if said == b"[":
            texts = iter(lambda: next(parts, b"]"), b"]")
            yield from ((first + at, _text(text)) for at, text in enumerate(texts))
            continue
        text = _text(said)
        for code in range(first, min(last, 0xFFFF) + 1):
            if text:
                yield code, text[:-1] + chr(min(ord(text[-1]) + code - first, 0x10FFFF))


def _code(digits: bytes) -> int:
    return int(b"".join(digits.split()) or b"0", 16)


def _text(digits: bytes) -> str:
    packed = b"".join(digits.split())
    return bytes.fromhex(packed.decode() + "0" * (len(packed) % 2)).decode("utf-16-be", "replace")
