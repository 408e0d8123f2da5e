"""The text's characters → font files cut to exactly them; a character that no font has is a finding.

Each language names its own faces, in order: never a Chinese glyph for a Japanese word. Cutting
before typesetting matters because the typesetter keeps glyph numbers: of a CJK font with 65,535
glyphs every PDF would carry the empty table.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Final

import uharfbuzz as hb

from taiyaku.errors import MachineError
from taiyaku.language.faces import Face, face_of, faces, open_face
from taiyaku.own_files import SET_UP
from taiyaku.system_files import find_font

ALWAYS: Final = "".join(map(chr, range(0x20, 0x7F))) + "\u00a0\u2002\u2009\u2060·•–—…←→“”‘’、。「」（）"
"""What stylesheets and templates may print: folios, leaders, brackets."""

CUT: Final = "Cut "
"""Before a cut font's family: under the installed font's own name Fontconfig would pick that one."""

_SPACES: Final = frozenset(" \u00a0\u2002\u2009")
"""Every cut font has them: a run of symbols is set together with the spaces beside it."""


@dataclass(frozen=True, slots=True)
class CutFont:
    """A font file cut to the characters of a document, and how a stylesheet calls it."""

    family: str
    weight: int
    data: bytes

    @property
    def path(self) -> str:
        """Return the path under which the typesetter finds the file."""
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
        raise MachineError(f"the font file {file} ({face.family}) is missing", SET_UP)
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
    return _by_glyph(bytes(hb.subset(open_face(path, index), request).blob.data))


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
