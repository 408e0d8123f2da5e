"""Which face sets which character of which language, and what no face has."""

import hashlib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

import uharfbuzz as hb

from taiyaku.language.tags import script
from taiyaku.system_files import find_font

_SHAPERS: Final = frozenset({"Cf", "Cc", "Zs", "Zl", "Zp"})
"""General categories that need no glyph: spaces, joiners, controls."""


@dataclass(frozen=True, slots=True)
class Face:
    """A family as a stylesheet names it, in two weights; ``index`` picks it from a collection."""

    family: str
    regular: str
    bold: str
    index: int = 0


def _noto(name: str) -> Face:
    stem = f"NotoSans{name.replace(' ', '')}"
    return Face(f"Noto Sans {name}".strip(), f"{stem}-Regular.ttf", f"{stem}-Bold.ttf")


def _cjk(region: str, index: int) -> Face:
    return Face(f"Noto Sans CJK {region}", "NotoSansCJK-Regular.ttc", "NotoSansCJK-Bold.ttc", index)


LATIN: Final = _noto("")
SYMBOLS: Final = (
    Face("Noto Sans Symbols", "NotoSansSymbols-Regular.ttf", "NotoSansSymbols-Bold.ttf"),
    Face("Noto Sans Symbols 2", "NotoSansSymbols2-Regular.ttf", "NotoSansSymbols2-Regular.ttf"),
    Face("Noto Sans Math", "NotoSansMath-Regular.ttf", "NotoSansMath-Regular.ttf"),
)
BY_SCRIPT: Final[Mapping[str, Face]] = {
    "Jpan": _cjk("JP", 0),
    "Kore": _cjk("KR", 1),
    "Hans": _cjk("SC", 2),
    "Hant": _cjk("TC", 3),
    "Arab": _noto("Arabic"),
    "Armn": _noto("Armenian"),
    "Beng": _noto("Bengali"),
    "Deva": _noto("Devanagari"),
    "Ethi": _noto("Ethiopic"),
    "Geor": _noto("Georgian"),
    "Hebr": _noto("Hebrew"),
    "Khmr": _noto("Khmer"),
    "Laoo": _noto("Lao"),
    "Mymr": _noto("Myanmar"),
    "Sinh": _noto("Sinhala"),
    "Taml": _noto("Tamil"),
    "Thai": _noto("Thai"),
}
"""The face of each script. Noto Sans covers Latin, Greek and Cyrillic."""

_REGIONAL: Final = {"zh-HK": _cjk("HK", 4), "zh-Hant-HK": _cjk("HK", 4), "zh-TW": _cjk("TC", 3), "zh-CN": _cjk("SC", 2)}


def faces(language: str) -> tuple[Face, ...]:
    """Return the faces of a language, in the order in which they are asked for a character."""
    own = _REGIONAL.get(language) or BY_SCRIPT.get(script(language))
    return (*((own,) if own else ()), *(() if own and "CJK" in own.family else (LATIN,)), *SYMBOLS)


@lru_cache
def open_face(path: Path, index: int) -> hb.Face:
    """Return a face of a font file; a collection has several."""
    return hb.Face(hb.Blob.from_file_path(str(path)), index)


@lru_cache
def coverage(face: Face) -> frozenset[int]:
    """Return the code points that a face has in its regular weight; none where it is not installed."""
    path = find_font(face.regular)
    return frozenset(open_face(path, face.index).unicodes) if path is not None else frozenset()


def needs_glyph(char: str) -> bool:
    """Tell whether a character is drawn at all."""
    return unicodedata.category(char) not in _SHAPERS and not "\ufe00" <= char <= "\ufe0f"


def missing(text: str, language: str) -> tuple[str, ...]:
    """Return the characters of a text that no face of its language has, each once, in order."""
    wanted = dict.fromkeys(char for char in text if needs_glyph(char))
    return tuple(char for char in wanted if face_of(char, language) is None)


@cache
def face_of(char: str, language: str) -> Face | None:
    """Return the face that draws a character in a language."""
    return next((face for face in faces(language) if ord(char) in coverage(face)), None)


def fingerprint(languages: Iterable[str]) -> str:
    """Return a hash of the font files that languages may use: other files, other PDFs."""
    files = sorted({name for tag in languages for face in faces(tag) for name in (face.regular, face.bold)})
    digest = hashlib.sha256()
    for name in files:
        path = find_font(name)
        digest.update(f"{name}:{_file_hash(path) if path is not None else 'none'}\n".encode())
    return digest.hexdigest()


@lru_cache
def _file_hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
