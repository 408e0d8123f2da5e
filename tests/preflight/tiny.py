"""PDFs of 40 mm, made in the test: right in everything for their edition, so that a test spoils one thing.

The font is our own, of five boxes; no file of the machine goes in.
"""

import struct
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from io import BytesIO
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

import pikepdf
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from pikepdf import Array, Dictionary, Name, String

from taiyaku.model.units import mm
from taiyaku.preflight.preflight import PreflightProfile, expect_for
from taiyaku.preflight.profile import PRESS, SCREEN

CHARS: Final = " Ab直あ1"
"""What the font has, as glyphs 1, 2, 3 …; glyph 0 is ``.notdef``."""

SIDE: Final = 40.0
"""The trim's side in mm."""

BLEED: Final = 3.0
ROOM: Final = 8.0
"""mm outside the trim of a page for the press: bleed, and marks."""

Change = Callable[[pikepdf.Pdf], Any]


def wanted(edition: str) -> PreflightProfile:
    """Return what a tiny PDF of an edition should be."""
    return expect_for(edition)


def text(said: str, *, size: float = 10, x: float = 30, y: float = 60, font: str = "F") -> bytes:
    """Write a line of text, in pt from the trim's corner."""
    glyphs = "".join(f"{CHARS.index(char) + 1:04x}" for char in said)
    return f"BT /{font} {size} Tf {x} {y} Td <{glyphs}> Tj ET".encode()


def told(body: bytes, mcid: int = 0, tag: str = "P") -> bytes:
    """Put content into the structure tree."""
    return b"/%s <</MCID %d>> BDC %s EMC" % (tag.encode(), mcid, body)


def artifact(body: bytes) -> bytes:
    """Mark content as an artifact."""
    return b"/Artifact BMC %s EMC" % body


BODY: Final = told(text("Ab"))
RULE: Final = artifact(b"1 w 30 50 m 60 50 l S")
"""A line, black and 1 pt wide."""


def tiny(
    edition: str = SCREEN,
    *bodies: bytes,
    change: Change | None = None,
    info: Mapping[str, str] | None = None,
    **save: Any,
) -> bytes:
    """Make a PDF with a page for each body; ``change`` spoils it, ``info`` overwrites what it says of itself."""
    with pikepdf.new() as pdf:
        for body in bodies or (BODY,):
            _add_page(pdf, body, press=edition == PRESS)
        _say(pdf, edition, info or {})
        if edition != PRESS:
            _tag(pdf)
        else:
            _intend(pdf)
        if change is not None:
            change(pdf)
        written = BytesIO()
        pdf.save(written, **({"deterministic_id": True} | save))
        return written.getvalue()


def _add_page(pdf: pikepdf.Pdf, body: bytes, *, press: bool) -> None:
    room = mm(ROOM) if press else 0.0
    side = mm(SIDE)
    page = pdf.add_blank_page(page_size=(side + 2 * room, side + 2 * room))
    page.obj.TrimBox = _box(room, room + side)
    page.obj.BleedBox = _box(room - (mm(BLEED) if press else 0), room + side + (mm(BLEED) if press else 0))
    page.obj.Resources = Dictionary(Font=Dictionary(F=font(pdf, "Tiny-Sans"), J=font(pdf, "Tiny-Sans-CJK-JP")))
    page.obj.Tabs = Name.S
    drawn = b"q 1 0 0 1 %f %f cm %s Q" % (room, room, body)
    if press:
        page.obj.Resources.ColorSpace = Dictionary(All=Array([Name.Separation, Name.All, Name.DeviceCMYK, _tint(pdf)]))
        drawn = b"0 0 0 1 k 0 0 0 1 K " + drawn + marks(room, side)
    page.obj.Contents = pdf.make_stream(drawn)


def _box(low: float, high: float) -> Array:
    return Array([low, low, high, high])


def _tint(pdf: pikepdf.Pdf) -> pikepdf.Object:
    function = Dictionary(FunctionType=2, Domain=[0, 1], C0=[0, 0, 0, 0], C1=[1, 1, 1, 1], N=1)
    return pdf.make_indirect(function)


def marks(room: float, side: float) -> bytes:
    """Draw crop marks, each 3 mm long and 1 mm outside the bleed."""
    lines = []
    for at in (room, room + side):
        for low in (room - mm(BLEED + 4), room + side + mm(BLEED + 1)):
            lines.append(f"{at} {low} m {at} {low + mm(3)} l S {low} {at} m {low + mm(3)} {at} l S")
    return f" q /All CS 1 SCN .25 w {' '.join(lines)} Q".encode()


@cache
def _font_file() -> bytes:
    """Make a font whose every character is a box, 1000 units to the em."""
    builder = FontBuilder(1000, isTTF=True)
    names = [".notdef", *(f"g{at}" for at in range(1, len(CHARS) + 1))]
    pen = TTGlyphPen(None)
    pen.moveTo((100, 0))
    for corner in ((100, 700), (600, 700), (600, 0)):
        pen.lineTo(corner)
    pen.closePath()
    box = pen.glyph()
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({ord(char): f"g{at}" for at, char in enumerate(CHARS, 1)})
    builder.setupGlyf(dict.fromkeys(names, box))
    builder.setupHorizontalMetrics(dict.fromkeys(names, (700, 100)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Tiny", "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    builder.updateHead(created=0, modified=0)
    written = BytesIO()
    builder.save(written)
    return written.getvalue()


def font(pdf: pikepdf.Pdf, name: str, *, embedded: bool = True, mark: str = "ABCDEF+") -> pikepdf.Object:
    """Return our font under a name, as a font of two-byte codes."""
    full = Name(f"/{mark}{name}")
    descriptor = Dictionary(
        Type=Name.FontDescriptor, FontName=full, Flags=4, FontBBox=[100, 0, 600, 700], ItalicAngle=0,
        Ascent=800, Descent=-200, CapHeight=700, StemV=80,
    )  # fmt: skip
    if embedded:
        descriptor.FontFile2 = pdf.make_stream(_font_file())
    cid = Dictionary(
        Type=Name.Font, Subtype=Name.CIDFontType2, BaseFont=full, CIDToGIDMap=Name.Identity, DW=700,
        CIDSystemInfo=Dictionary(Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0),
        FontDescriptor=pdf.make_indirect(descriptor),
    )  # fmt: skip
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Font, Subtype=Name.Type0, BaseFont=full, Encoding=Name("/Identity-H"),
            DescendantFonts=Array([pdf.make_indirect(cid)]), ToUnicode=pdf.make_stream(to_unicode(CHARS)),
        )
    )  # fmt: skip


def to_unicode(chars: str) -> bytes:
    """Write what glyphs 1, 2, 3 … say."""
    lines = "\n".join(f"<{at:04x}> <{char.encode('utf-16-be').hex()}>" for at, char in enumerate(chars, 1))
    space = "1 begincodespacerange <0000> <ffff> endcodespacerange"
    return f"begincmap {space} {len(chars)} beginbfchar\n{lines}\nendbfchar endcmap".encode()


DATE: Final = "D:20261122"


def _say(pdf: pikepdf.Pdf, edition: str, info: Mapping[str, str]) -> None:
    """Write document information and XMP from the same values."""
    said = {"Title": "Tiny", "Producer": "tiny.py", "CreationDate": DATE, "ModDate": DATE, **info}
    for key, value in said.items():
        if value:
            pdf.docinfo[f"/{key}"] = value
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as xmp:
        xmp.load_from_docinfo(pdf.docinfo)
        if edition == PRESS:
            xmp["{http://www.npes.org/pdfx/ns/id/}GTS_PDFXVersion"] = "PDF/X-4"
            xmp["{http://ns.adobe.com/xap/1.0/mm/}DocumentID"] = UUID5
            xmp["{http://ns.adobe.com/pdf/1.3/}Trapped"] = "False"
    if edition == PRESS:
        pdf.docinfo["/Trapped"] = Name("/False")
    pdf.Root.Lang = String("en")
    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)


UUID5: Final = f"uuid:{uuid5(NAMESPACE_URL, 'tiny')}"
"""An identifier that is derived from a name (RFC 9562, 5.5)."""


def _tag(pdf: pikepdf.Pdf) -> None:
    """Return each page a paragraph, its marked content 0."""
    root = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    document = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Document, P=root))
    root.K = Array([document])
    document.K = Array([element(pdf, document, "P", page, 0) for page in pdf.pages])
    pdf.Root.StructTreeRoot = root
    pdf.Root.MarkInfo = Dictionary(Marked=True)


def element(pdf: pikepdf.Pdf, parent: Any, kind: str, page: pikepdf.Page, *kids: Any, **more: Any) -> pikepdf.Object:
    """Make a structure element; a kid that is a number is a marked content of the page."""
    made = Dictionary(Type=Name.StructElem, S=Name(f"/{kind}"), P=parent, Pg=page.obj, K=Array(list(kids)), **more)
    return pdf.make_indirect(made)


def add_element(pdf: pikepdf.Pdf, kind: str, *kids: Any, **more: Any) -> pikepdf.Object:
    """Add a structure element on the first page, behind what is there."""
    document = pdf.Root.StructTreeRoot.K[0]
    made = element(pdf, document, kind, pdf.pages[0], *kids, **more)
    document.K.append(made)
    return made


def _intend(pdf: pikepdf.Pdf) -> None:
    """Return the output intent that PDF/X-4 asks for."""
    profile = pdf.make_stream(cmyk_profile(), N=4)
    pdf.Root.OutputIntents = Array(
        [
            Dictionary(
                Type=Name.OutputIntent, S=Name("/GTS_PDFX"), OutputConditionIdentifier=String("Tiny"),
                Info=String("A press for tests"), DestOutputProfile=profile,
            )
        ]
    )  # fmt: skip


def cmyk_profile(space: bytes = b"CMYK") -> bytes:
    """Make the head of an ICC profile (ISO 15076-1, 7.2), which is all that says for which inks it is."""
    head = struct.pack(">I4sI4s4s4s12s4s", 132, b"none", 0x02400000, b"prtr", space, b"Lab ", b"", b"acsp")
    return head.ljust(128, b"\0") + struct.pack(">I", 0)


def add_note(pdf: pikepdf.Pdf, kind: str, **more: Any) -> pikepdf.Object:
    """Put an annotation on the first page."""
    note = pdf.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name(f"/{kind}"), Rect=[30, 30, 60, 45], **more))
    holder = pdf.pages[0].obj
    if "/Annots" not in holder:
        holder.Annots = Array()
    holder.Annots.append(note)
    return note


def add_image(
    pdf: pikepdf.Pdf, width: int, height: int, pixels: Sequence[int], *, space: Name = Name.DeviceRGB, name: str = "I"
) -> None:
    """Return the first page an image of 8 bits a component."""
    image = pdf.make_stream(
        bytes(pixels), Type=Name.XObject, Subtype=Name.Image, Width=width, Height=height, ColorSpace=space,
        BitsPerComponent=8,
    )  # fmt: skip
    pdf.pages[0].obj.Resources.XObject = Dictionary({f"/{name}": image})


def photograph(side: int) -> list[int]:
    """Return the pixels of a square RGB picture of many colours."""
    return [channel for at in range(side * side) for channel in (at % 256, (at * 7) % 256, (at * 31) % 256)]
