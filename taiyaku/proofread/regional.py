"""Which region's form of a character a finished PDF really draws. Pure.

Chinese, Japanese and Korean share characters whose forms differ (骨, 直, 角). The name of a font does not tell
which form was drawn: a Japanese face draws the Chinese one where the text says its language (OpenType, ``locl``). So
the outline in the PDF is compared with those of the installed fonts.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from io import BytesIO
from typing import Any, Final

import pikepdf
import uharfbuzz as hb
from fontTools.cffLib import CFFFontSet
from fontTools.pens.recordingPen import RecordingPen

from taiyaku.language.faces import BY_SCRIPT, Face, faces
from taiyaku.system_files import find_font

Outline = tuple[tuple[float, float], ...]
"""The ends of a glyph's lines and curves, in em."""

_FACES: Final[dict[str, Face]] = {
    face.family[-2:]: face for face in (*BY_SCRIPT.values(), *faces("zh-HK")) if " CJK " in face.family
}
"""The installed face of each region: JP, KR, SC, TC, HK."""

_NAMED: Final = re.compile(r"(?:CJK|Han|Noto)[-\w ]*?[- ]?(JP|KR|SC|TC|HK)(?![a-z])|(?:CJK|Han\w+)(jp|kr|sc|tc|hk)\b")
_SAME: Final = 0.004
"""How far in em two points may lie apart and still be the same: a PDF rounds to a thousandth of an em."""

_SHOWS: Final = "Tf Tj TJ ' \" BDC BMC EMC q Q Do"


def region_of(language: str) -> str:
    """Return the region whose forms a language is written in: JP, KR, SC, TC or HK; empty where it has none."""
    family = faces(language)[0].family
    return family[-2:] if " CJK " in family else ""


class DrawnGlyph:
    """The glyphs of a PDF by the marked content in which they stand."""

    def __init__(self, pdf: bytes) -> None:
        self._pdf = pikepdf.open(BytesIO(pdf))
        self._fonts: dict[tuple[int, int], _Font] = {}
        self._pages: dict[int, dict[tuple[int, str], set[tuple[_Font, int]]]] = {}

    def wrong(self, char: str, region: str, page: int, mcid: int) -> bool:
        """Tell whether a character is drawn in another region's form.

        Args:
            char: The character, as the text has it.
            region: What ``region_of`` gives for the text's language.
            page: The page's index.
            mcid: The marked content that it stands in; -1 where there is none.
        """
        if not differs(char):
            return False
        glyphs = self._on(page).get((mcid, char), set())
        return bool(glyphs) and all(font.draws_wrong(code, char, region) for font, code in glyphs)

    def _on(self, page: int) -> dict[tuple[int, str], set[tuple["_Font", int]]]:
        if page not in self._pages:
            found: dict[tuple[int, str], set[tuple[_Font, int]]] = {}
            source = self._pdf.pages[page]
            for mcid, font, shown in self._shown(source, source.resources, -1):
                for code in font.codes(shown):
                    char = font.text.get(code, "")
                    if char and differs(char):
                        found.setdefault((mcid, char), set()).add((font, code))
            self._pages[page] = found
        return self._pages[page]

    def _shown(self, source: Any, resources: Any, mcid: int) -> Iterator[tuple[int, "_Font", bytes]]:
        """Return every string that a content stream shows: its marked content, its font, its codes."""
        font: _Font | None = None
        marks = [mcid]
        saved: list[_Font | None] = []
        steps: Any = pikepdf.parse_content_stream(source, _SHOWS)
        for operands, operator in steps:
            name = str(operator)
            if name == "Tf":
                font = self._font(resources.Font[str(operands[0])])
            elif name in ("q", "Q"):
                font = _keep(saved, font, name)
            elif name in ("BDC", "BMC"):
                marks.append(_mcid(operands, resources, marks[-1]))
            elif name == "EMC":
                marks.pop()
            elif name == "Do":
                yield from self._inside(resources.XObject[str(operands[0])], resources, marks[-1])
            elif font is not None:
                yield marks[-1], font, b"".join(_strings(operands))

    def _inside(self, form: Any, resources: Any, mcid: int) -> Iterator[tuple[int, "_Font", bytes]]:
        if form.get("/Subtype") == "/Form":
            yield from self._shown(form, form.get("/Resources", resources), mcid)

    def _font(self, source: Any) -> "_Font":
        key = source.objgen if source.is_indirect else (0, id(source))
        if key not in self._fonts:
            self._fonts[key] = _Font(source)
        return self._fonts[key]


def _keep(saved: list["_Font | None"], font: "_Font | None", name: str) -> "_Font | None":
    """Keep the font at ``q``, give it back at ``Q`` (ISO 32000-2, 8.4.2)."""
    if name == "q":
        saved.append(font)
        return font
    return saved.pop() if saved else font


def _mcid(operands: Any, resources: Any, outer: int) -> int:
    """Return the MCID of a BDC; without one it is that of the content around it (an artifact has -1)."""
    if str(operands[0]) == "/Artifact":
        return -1
    properties = operands[1] if len(operands) > 1 else {}
    if isinstance(properties, pikepdf.Name):
        properties = resources.get("/Properties", {}).get(str(properties), {})
    return int(properties.get("/MCID", outer))


def _strings(operands: Any) -> Iterator[bytes]:
    """Return the strings that a Tj, TJ, ' or " shows."""
    for operand in operands:
        if isinstance(operand, pikepdf.Array):
            yield from (bytes(part) for part in operand if isinstance(part, pikepdf.String))
        elif isinstance(operand, pikepdf.String):
            yield bytes(operand)


class _Font:
    """A font of a PDF: what its codes mean, and the outlines that it carries."""

    def __init__(self, source: Any) -> None:
        self._source = source
        self._kind = str(source.Subtype)
        self.text = _meanings(source.ToUnicode.read_bytes().decode("latin-1")) if "/ToUnicode" in source else {}
        self._judged: dict[tuple[int, str], bool] = {}
        self._glyphs: Any = None

    def codes(self, shown: bytes) -> Iterable[int]:
        """Return the codes in a shown string, each once: two bytes each in a composite font (Identity-H), else one."""
        if self._kind != "/Type0":
            return set(shown)
        return {high << 8 | low for high, low in zip(shown[::2], shown[1::2], strict=False)}

    def draws_wrong(self, code: int, char: str, region: str) -> bool:
        """Compare a glyph with the forms of all regions; where it is none of them, the font's name decides."""
        key = (code, region)
        if key not in self._judged:
            drawn = self._outline(code)
            matching = {name for name in _FACES if any(_same(drawn, form) for form in forms(char, name))}
            named = self._named()
            self._judged[key] = region not in matching if matching else named not in ("", region)
        return self._judged[key]

    def _named(self) -> str:
        """Return the region that the font's name says; empty where it says none."""
        described = self._descendant().get("/FontDescriptor", {})
        match = _NAMED.search(str(self._source.get("/BaseFont", "")) or str(described.get("/FontName", "")))
        match = match or _NAMED.search(str(described.get("/FontName", "")))
        return (match[1] or match[2]).upper() if match else ""

    def _descendant(self) -> Any:
        return self._source.DescendantFonts[0] if self._kind == "/Type0" else self._source

    def _outline(self, code: int) -> Outline:
        """Return a glyph's outline; empty where the font carries none that can be read."""
        if self._kind == "/Type3":
            return _procedure_outline(self._source, code)
        if self._kind != "/Type0":
            return ()
        if self._glyphs is None:
            self._glyphs = _Embedded(self._descendant())
        return self._glyphs.outline(code)  # type: ignore[no-any-return]


class _Embedded:
    """The glyphs of an embedded font file (ISO 32000-2, 9.9): a whole font, or bare outlines (CFF)."""

    def __init__(self, descendant: Any) -> None:
        self._whole: Any = None
        self._bare: Any = None
        descriptor = descendant.FontDescriptor
        file = descriptor.get("/FontFile2", descriptor.get("/FontFile3"))
        data = file.read_bytes() if file is not None else b""
        if data[:4] in (b"OTTO", b"\0\1\0\0", b"true"):
            self._whole = hb.Font(hb.Face(data))
        elif data:
            fonts = CFFFontSet()
            fonts.decompile(BytesIO(data), None)
            self._bare = fonts[0]
        gids = descendant.get("/CIDToGIDMap")
        self._gids = gids.read_bytes() if isinstance(gids, pikepdf.Stream) else b""

    def outline(self, code: int) -> Outline:
        """Draw the glyph of a CID; empty where the file has none."""
        gid = int.from_bytes(self._gids[2 * code : 2 * code + 2], "big") if self._gids else code
        if self._whole is not None:
            return _draw(self._whole, gid)
        return self._draw_bare(code) if self._bare is not None else ()

    def _draw_bare(self, code: int) -> Outline:
        """Draw from bare CFF: by the name of the CID where there are CIDs (Adobe TN 5176, 18), else by number."""
        names, glyphs = self._bare.charset, self._bare.CharStrings
        name = f"cid{code:05d}" if f"cid{code:05d}" in glyphs else names[code] if code < len(names) else ""
        if name not in glyphs:
            return ()
        pen = RecordingPen()
        glyphs[name].draw(pen)
        return _ends(((step, points[-1:]) for step, points in pen.value), 0.001, 0.001)


def _procedure_outline(font: Any, code: int) -> Outline:
    """Read a glyph of a Type 3 font: its description is a content stream (ISO 32000-2, 9.6.4)."""
    at, names = 0, {}
    for entry in font.Encoding.get("/Differences", ()):
        if isinstance(entry, pikepdf.Name):
            names[at] = str(entry)
            at += 1
        else:
            at = int(entry)
    procedure = font.CharProcs.get(names.get(code, ""))
    if procedure is None:
        return ()
    drawn: Any = pikepdf.parse_content_stream(procedure, "m l c v y h")
    steps = ((_STEPS.get(str(operator), ""), _last_pair(operands)) for operands, operator in drawn)
    return _ends(steps, float(font.FontMatrix[0]), float(font.FontMatrix[3]))


_STEPS: Final = {"m": "moveTo", "h": "closePath"}


def _last_pair(operands: Any) -> list[tuple[float, float]]:
    return [(float(operands[-2]), float(operands[-1]))] if len(operands) >= 2 else []


def _ends(steps: Iterable[tuple[str, Any]], across: float, up: float) -> Outline:
    """Gather the ends of lines and curves; a contour's end that repeats its start is left out."""
    ends: list[tuple[float, float]] = []
    start = 0
    for step, points in steps:
        if step == "moveTo":
            start = len(ends)
        for x, y in points:
            point = (x * across, y * up)
            if len(ends) == start or not _near(point, ends[-1]):
                ends.append(point)
        if step == "closePath" and len(ends) > start + 1 and _near(ends[-1], ends[start]):
            ends.pop()
    return tuple(ends)


def _near(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return abs(one[0] - other[0]) < _SAME and abs(one[1] - other[1]) < _SAME


def _same(one: Outline, other: Outline) -> bool:
    return bool(one) and len(one) == len(other) and all(map(_near, one, other))


def _meanings(cmap: str) -> dict[int, str]:
    """Read a ToUnicode map (ISO 32000-2, 9.10.3): what each code means, in compatible form."""
    meant: dict[int, str] = {}
    for body in re.findall(r"beginbfchar(.*?)endbfchar", cmap, re.DOTALL):
        for code, text in re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", body):
            meant[int(code, 16)] = _utf16(text)
    for body in re.findall(r"beginbfrange(.*?)endbfrange", cmap, re.DOTALL):
        for first, last, text in re.findall(r"<(\w+)>\s*<(\w+)>\s*<(\w+)>", body):
            for step in range(int(last, 16) - int(first, 16) + 1):
                meant[int(first, 16) + step] = _utf16(f"{int(text, 16) + step:0{len(text)}x}")
        for first, listed in re.findall(r"<(\w+)>\s*<\w+>\s*\[(.*?)\]", body, re.DOTALL):
            for step, text in enumerate(re.findall(r"<(\w+)>", listed)):
                meant[int(first, 16) + step] = _utf16(text)
    return meant


def _utf16(digits: str) -> str:
    return unicodedata.normalize("NFKC", bytes.fromhex(digits).decode("utf-16-be", "replace"))


_FIRST: Final = 0x2E80
"""The first CJK code point."""


@cache
def differs(char: str) -> bool:
    """Tell whether any two regions' installed faces draw a character differently: their glyphs are shared otherwise."""
    if len(char) != 1 or ord(char) < _FIRST:
        return False
    glyphs = [font.get_nominal_glyph(ord(char)) for region in _FACES for font in _installed(region)[:1]]
    return len(set(glyphs) - {None}) > 1


@cache
def forms(char: str, region: str) -> tuple[Outline, ...]:
    """Return a character's outlines in a region's installed face: regular and bold."""
    return tuple(
        _draw(font, gid) for font in _installed(region) if (gid := font.get_nominal_glyph(ord(char))) is not None
    )


@cache
def _installed(region: str) -> tuple[Any, ...]:
    face = _FACES[region]
    paths = [path for path in map(find_font, (face.regular, face.bold)) if path is not None]
    return tuple(hb.Font(hb.Face(hb.Blob.from_file_path(str(path)), face.index)) for path in paths)


def _draw(font: Any, gid: int) -> Outline:
    steps: list[tuple[str, Any]] = []
    font.draw_glyph(gid, _pen(), steps)
    em = 1 / font.face.upem
    return _ends(steps, em, em)


@cache
def _pen() -> Any:
    """Make what HarfBuzz draws with: it notes the end of each step in a list."""
    pen = hb.DrawFuncs()
    pen.set_move_to_func(lambda x, y, steps: steps.append(("moveTo", ((x, y),))))
    pen.set_line_to_func(lambda x, y, steps: steps.append(("", ((x, y),))))
    pen.set_cubic_to_func(lambda a, b, c, d, x, y, steps: steps.append(("", ((x, y),))))
    pen.set_quadratic_to_func(lambda a, b, x, y, steps: steps.append(("", ((x, y),))))
    pen.set_close_path_func(lambda steps: steps.append(("closePath", ())))
    return pen
