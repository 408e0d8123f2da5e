"""The text's characters → font files cut to exactly them; a character that no font has is a finding.

Each language names its own faces, in order: never a Chinese glyph for a Japanese word. Cutting
before typesetting matters because the typesetter keeps glyph numbers: of a CJK font with 65,535
glyphs every PDF would carry the empty table.
"""

import hashlib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from typing import Final

import uharfbuzz as hb

from taiyaku.errors import MachineError
from taiyaku.languages import script
from taiyaku.setup import find_font

ALWAYS: Final = "".join(map(chr, range(0x20, 0x7F))) + "\u00a0\u2002\u2009\u2060·•–—…←→“”‘’、。「」（）"
"""What stylesheets and templates may print: folios, leaders, brackets."""

CUT: Final = "Cut "
"""Before a cut font's family: under the installed font's own name Fontconfig would pick that one."""

_SPACES: Final = frozenset(" \u00a0\u2002\u2009")
"""Every cut font has them: a run of symbols is set together with the spaces beside it."""

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
    """Give the faces of a language, in the order in which they are asked for a character."""
    own = _REGIONAL.get(language) or BY_SCRIPT.get(script(language))
    return (*((own,) if own else ()), *(() if own and "CJK" in own.family else (LATIN,)), *SYMBOLS)


@lru_cache
def _open(path: Path, index: int) -> hb.Face:
    return hb.Face(hb.Blob.from_file_path(str(path)), index)


@lru_cache
def coverage(face: Face) -> frozenset[int]:
    """Give the code points that a face has in its regular weight; none where it is not installed."""
    path = find_font(face.regular)
    return frozenset(_open(path, face.index).unicodes) if path is not None else frozenset()


def needs_glyph(char: str) -> bool:
    """Say whether a character is drawn at all."""
    return unicodedata.category(char) not in _SHAPERS and not "\ufe00" <= char <= "\ufe0f"


def missing(text: str, language: str) -> tuple[str, ...]:
    """Give the characters of a text that no face of its language has, each once, in order."""
    wanted = dict.fromkeys(char for char in text if needs_glyph(char))
    return tuple(char for char in wanted if face_of(char, language) is None)


@cache
def face_of(char: str, language: str) -> Face | None:
    """Give the face that draws a character in a language."""
    return next((face for face in faces(language) if ord(char) in coverage(face)), None)


@dataclass(frozen=True, slots=True)
class CutFont:
    """A font file cut to the characters of a document, and how a stylesheet calls it."""

    family: str
    weight: int
    data: bytes

    @property
    def path(self) -> str:
        """Give the path under which the typesetter finds the file."""
        return f"fonts/{self.family.replace(' ', '-')}-{self.weight}.otf"


@dataclass(frozen=True, slots=True)
class FontSet:
    """The cut fonts of a document, and the families that each language asks in turn."""

    fonts: tuple[CutFont, ...]
    families: Mapping[str, tuple[str, ...]]


def cut_fonts(texts: Mapping[str, Iterable[str]]) -> FontSet:
    """Cut fonts to what each language's texts need.

    Raises:
        MachineError: a language's own face is not installed.
    """
    wanted: dict[Face, set[str]] = {}
    families: dict[str, tuple[str, ...]] = {}
    for language, parts in texts.items():
        used: dict[Face, None] = {}
        for char in sorted(set(ALWAYS).union(*parts)):
            face = face_of(char, language)
            if face is not None:
                wanted.setdefault(face, set()).add(char)
                used[face] = None
        families[language] = tuple(CUT + face.family for face in faces(language) if face in used)
    ordered = sorted(wanted.items(), key=lambda item: item[0].family)
    fonts = tuple(font for face, chars in ordered for font in _cut_both(face, "".join(sorted(chars | _SPACES))))
    return FontSet(fonts, families)


def _cut_both(face: Face, chars: str) -> tuple[CutFont, CutFont]:
    return (
        CutFont(CUT + face.family, 400, _cut(_path(face.regular, face), face.index, chars)),
        CutFont(CUT + face.family, 700, _cut(_path(face.bold, face), face.index, chars)),
    )


def _path(file: str, face: Face) -> Path:
    path = find_font(file)
    if path is None:
        raise MachineError(f"the font file {file} ({face.family}) is missing", "run: python3 build.py")
    return path


@lru_cache(maxsize=64)
def _cut(path: Path, index: int, chars: str) -> bytes:
    """Cut one face to its characters.

    What only vertical lines need goes, and so do the hints for coarse screens: they are a third of
    an outline's bytes. The other layout features stay, so kana and Arabic still join and shift.
    """
    request = hb.SubsetInput()
    request.sets(hb.SubsetInputSets.UNICODE).update(map(ord, chars))
    request.sets(hb.SubsetInputSets.LAYOUT_FEATURE_TAG).difference_update(hb.Set(map(_tag, _VERTICAL_FEATURES)))
    request.sets(hb.SubsetInputSets.DROP_TABLE_TAG).update(map(_tag, _VERTICAL_TABLES))
    request.flags = hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.DESUBROUTINIZE
    return _by_glyph(bytes(hb.subset(_open(path, index), request).blob.data))


def _by_glyph(font: bytes) -> bytes:
    """Let a CID-keyed font's CIDs be its glyph numbers; another font stays as it is.

    The typesetter writes glyph numbers where a PDF holds CIDs (ISO 32000-2, 9.7.4.2), and a cut font's glyphs have
    new numbers but their old CIDs. Readers that go by the standard (Ghostscript, MuPDF, presses) then find no glyph.
    """
    from fontTools.ttLib import TTFont

    opened = TTFont(BytesIO(font), recalcBBoxes=False, recalcTimestamp=False)
    top = opened["CFF "].cff.topDictIndex[0] if "CFF " in opened else None
    if top is None or not hasattr(top, "ROS"):
        return font
    outlines = top.CharStrings.charStrings
    cids = [".notdef", *(f"cid{number:05d}" for number in range(1, len(outlines)))]
    top.CharStrings.charStrings = dict(zip(cids, (outlines[name] for name in top.charset), strict=True))
    top.charset = cids
    out = BytesIO()
    opened.save(out)
    return out.getvalue()


_VERTICAL_FEATURES: Final = ("vert", "vrt2", "vhal", "valt", "vchw", "vkrn", "vpal", "vjmo")
_VERTICAL_TABLES: Final = ("vhea", "vmtx", "VORG")


def _tag(name: str) -> int:
    return int.from_bytes(name.encode(), "big")


def fingerprint(languages: Iterable[str]) -> str:
    """Give a hash of the font files that languages may use: other files, other PDFs."""
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


def font_sheet(fonts: FontSet) -> str:
    """Write the stylesheet that gives each language its own faces.

    Every language is named: with a generic family, Chinese and Korean would silently get Japanese glyphs.
    """
    rules = [
        f'@font-face {{ font-family: "{font.family}"; font-weight: {font.weight}; src: url(/{font.path}) }}'
        for font in fonts.fonts
    ]
    for language, families in fonts.families.items():
        names = ", ".join(f'"{family}"' for family in families)
        rules.append(f":lang({language}) {{ font-family: {names} }}")
    return "\n".join(rules)
