"""PDF + places of fields → PDF with a form: boxes to tick and lines to write on. Pure.

A box or a line is drawn on the page already; a field adds what a reader puts in, and nothing where it is empty, so that
an unfilled checklist prints as it did before (ISO 32000-2, 12.7). Every field is a Form element in the structure tree
(ISO 32000-2, 14.8.4.8.4) with a tooltip, which is what a screen reader says (ISO 14289-1, 7.18.1 and 7.18.4).
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from io import BytesIO
from typing import Final

import pikepdf
import uharfbuzz as hb
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream, String

from taiyaku.language.faces import LATIN
from taiyaku.pdf.save import saved
from taiyaku.typeset.fonts import CUT, cut_fonts


class FieldKind(StrEnum):
    """What a reader does with a field."""

    TICK = "tick"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Field:
    """A field to be: its place on the page is drawn, and the structure tree has an empty Form element of its name.

    ``page`` is counted from 0; ``rect`` is left, bottom, right, top in pt from the page's lower left;
    ``tooltip`` is what a screen reader says, in the document's languages.
    """

    name: str
    kind: FieldKind
    page: int
    rect: tuple[float, float, float, float]
    tooltip: str
    checked: bool = False


FONT_NAME: Final = Name("/" + (CUT + LATIN.family).replace(" ", "-"))
"""The font of what is written in fields. Without the tag of a subset (ISO 32000-2, 9.9.2): with one, viewers may refuse
to type with it, and it is whole as far as its encoding goes."""

TEXT_SIZE: Final = 0
"""The size of text in a field: 0 lets the viewer choose it by the field's height, and smaller for what would be cut."""

INK: Final = 0.11
"""The grey of ticks and text: that of the page's own text (styles/tokens.css, --color-text)."""

_PRINT: Final = 4
"""The annotation flag Print (ISO 32000-2, table 167): without it what is filled in stays on the screen."""

_ON: Final = Name("/Yes")
_OFF: Final = Name("/Off")


def add_fields(pdf: bytes, fields: Sequence[Field]) -> bytes:
    """Return a tagged PDF a form; where there are no fields, give it back as it is.

    The same PDF and fields give the same bytes.

    Raises:
        ValueError: two fields have one name, or the structure tree has no Form element of a field's name (its /T).
        MachineError: Noto Sans is not installed.
    """
    if not fields:
        return pdf
    if twice := sorted(name for name, count in Counter(field.name for field in fields).items() if count > 1):
        raise ValueError(f"two fields have the name {', '.join(twice)}: what is written in one would stand in both")
    with pikepdf.open(BytesIO(pdf)) as document:
        font = _font(document)
        looks = _Looks(document)
        widgets = [document.make_indirect(_widget(field, document, looks)) for field in fields]
        for field, widget in zip(fields, widgets, strict=True):
            page = document.pages[field.page].obj
            page.Annots = Array([*page.get(Name.Annots, ()), widget])
            page.Tabs = Name.S  # the structure tree's order is that of the tabulator key (ISO 14289-1, 7.18.3)
        document.Root.AcroForm = Dictionary(
            Fields=Array(widgets), DA=_text_style(), DR=Dictionary(Font=Dictionary({str(FONT_NAME): font}))
        )
        _tag(document, {field.name: widget for field, widget in zip(fields, widgets, strict=True)})
        _sort_annotations(document)
        return saved(document)


# Fields


def _widget(field: Field, document: Pdf, looks: "_Looks") -> Dictionary:
    """Make a field and its widget, one dictionary (ISO 32000-2, 12.5.6.19). No border: the page has drawn it."""
    widget = Dictionary(
        Type=Name.Annot,
        Subtype=Name.Widget,
        Rect=Array([round(edge, 3) for edge in field.rect]),
        P=document.pages[field.page].obj,
        F=_PRINT,
        T=String(field.name),
        TU=String(field.tooltip),
        BS=Dictionary(W=0),
    )
    left, bottom, right, top = field.rect
    return (_as_tick if field.kind is FieldKind.TICK else _as_text)(widget, field, looks, right - left, top - bottom)


def _as_tick(widget: Dictionary, field: Field, looks: "_Looks", width: float, height: float) -> Dictionary:
    """Make a widget a box to tick (ISO 32000-2, 12.7.5.2.3)."""
    state = _ON if field.checked else _OFF
    widget.FT = Name.Btn
    widget.V = widget.AS = state
    on, off = looks.of(_tick(width, height), width, height), looks.of(_NOTHING, width, height)
    widget.AP = Dictionary(N=Dictionary({str(_ON): on, str(_OFF): off}))
    return widget


def _as_text(widget: Dictionary, _field: Field, looks: "_Looks", width: float, height: float) -> Dictionary:
    """Make a widget a line to write on (ISO 32000-2, 12.7.5.3)."""
    widget.FT = Name.Tx
    widget.DA = _text_style()
    widget.AP = Dictionary(N=looks.own(b"/Tx BMC\nEMC", width, height))
    return widget


def _text_style() -> String:
    """Write the default appearance: font, size and grey (ISO 32000-2, 12.7.4.3)."""
    return String(f"{FONT_NAME} {TEXT_SIZE} Tf {INK} g")


class _Looks:
    """The appearances of a document's fields (ISO 32000-2, 12.5.5): boxes that look the same share one.

    A line to write on has one of its own: programs write what is filled in into the appearance that is there.
    """

    def __init__(self, document: Pdf) -> None:
        self._document = document
        self._made: dict[tuple[bytes, float, float], Object] = {}

    def of(self, content: bytes, width: float, height: float) -> Object:
        """Return the appearance with this content, in a box of this size in pt."""
        key = (content, round(width, 3), round(height, 3))
        if key not in self._made:
            self._made[key] = self.own(content, width, height)
        return self._made[key]

    def own(self, content: bytes, width: float, height: float) -> Object:
        """Return an appearance that nothing else has."""
        stream = Stream(self._document, content)
        stream.Type, stream.Subtype = Name.XObject, Name.Form
        stream.BBox, stream.Resources = Array([0, 0, round(width, 3), round(height, 3)]), Dictionary()
        return self._document.make_indirect(stream)


_TICK: Final = ((0.21, 0.52), (0.42, 0.27), (0.81, 0.78))
"""The corners of a tick in a box of 1 by 1, from its lower left."""

_NOTHING: Final = b"q Q"
"""What a box shows that is not ticked. An empty stream would be compressed to nothing, which readers complain of."""

_STROKE: Final = 0.12
"""How thick a tick is, in widths of its box."""


def _tick(width: float, height: float) -> bytes:
    """Draw a tick as a path, so that it needs no font."""
    (first, *others) = (f"{x * width:.2f} {y * height:.2f}" for x, y in _TICK)
    lines = " ".join(f"{point} l" for point in others)
    return f"{INK} G {_STROKE * width:.2f} w 1 J 1 j {first} m {lines} S".encode()


# The structure tree


def _tag(document: Pdf, widgets: Mapping[str, Object]) -> None:
    """Put each widget into the Form element of its name, and that element into the parent tree.

    ISO 32000-2, 14.7.5.3 (object references) and 14.7.5.4 (the parent tree).
    """
    root = document.Root.StructTreeRoot
    elements = {str(kid.T): kid for kid in _tree(root) if kid.get(Name.S) == Name.Form and Name.T in kid}
    if untagged := sorted(widgets.keys() - elements.keys()):
        raise ValueError(f"the structure tree has no Form element for {', '.join(untagged)}")
    numbers = root.ParentTree.Nums
    first = max(int(key) for key in list(numbers)[::2]) + 1
    for number, (name, widget) in enumerate(widgets.items(), first):
        elements[name].K = Dictionary(Type=Name.OBJR, Obj=widget, Pg=widget.P)
        widget.StructParent = number
        numbers.append(number)
        numbers.append(elements[name])
    root.ParentTreeNextKey = first + len(widgets)


def _tree(element: Object) -> Iterator[Object]:
    """Return what is below an element in reading order: elements, and references to contents and objects."""
    kids = element.get(Name.K, Array())
    for kid in kids if isinstance(kids, Array) else (kids,):
        if isinstance(kid, Dictionary):
            yield kid
            yield from _tree(kid)


def _sort_annotations(document: Pdf) -> None:
    """Put each page's fields and links into reading order: some viewers go through them as they are listed."""
    tagged = (kid.Obj.objgen for kid in _tree(document.Root.StructTreeRoot) if kid.get(Name.Type) == Name.OBJR)
    place = {objgen: at for at, objgen in enumerate(tagged)}
    for page in document.pages:
        if Name.Annots in page:
            page.Annots = Array(sorted(page.Annots, key=lambda one: place.get(one.objgen, len(place))))


# The font


WIN_ANSI: Final = tuple(
    {0x7F: "•", 0xA0: " ", 0xAD: "-"}.get(code) or bytes([code]).decode("cp1252", "replace").replace("\ufffd", "•")
    for code in range(0x20, 0x100)
)
"""The character of each code from 32 in WinAnsiEncoding (ISO 32000-2, annex D.2, with its footnotes)."""


def _font(document: Pdf) -> Object:
    """Embed the font of the text fields: a simple font, the only kind that viewers can type with.

    What it does not have, as CJK, a viewer takes from the fonts of its machine.
    """
    data = _font_file()
    face = hb.Face(hb.Blob(data))
    font = hb.Font(face)
    font.scale = (1000, 1000)
    program = Stream(document, data)
    program.Length1 = len(data)
    extents = font.get_font_extents("ltr")
    glyphs = [font.get_nominal_glyph(ord(char)) or 0 for char in WIN_ANSI]
    capital = font.get_glyph_extents(font.get_nominal_glyph(ord("H")))
    return document.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.TrueType,
            BaseFont=FONT_NAME,
            Encoding=Name.WinAnsiEncoding,
            FirstChar=0x20,
            LastChar=0xFF,
            Widths=Array([font.get_glyph_h_advance(glyph) for glyph in glyphs]),
            FontDescriptor=document.make_indirect(
                Dictionary(
                    Type=Name.FontDescriptor,
                    FontName=FONT_NAME,
                    Flags=_NONSYMBOLIC,
                    FontBBox=Array(_box(font, glyphs)),
                    ItalicAngle=0,
                    Ascent=extents.ascender,
                    Descent=extents.descender,
                    CapHeight=capital.y_bearing,
                    StemV=_STEM,
                    FontFile2=document.make_indirect(program),
                )
            ),
        )
    )


_NONSYMBOLIC: Final = 32
_STEM: Final = 80
"""How thick an upright stem is, in thousandths of the size; the font file does not say."""


def _box(font: hb.Font, glyphs: Sequence[int]) -> tuple[int, int, int, int]:
    """Return the box that holds all glyphs: left, bottom, right, top, in thousandths of the size."""
    boxes = [found for glyph in glyphs if (found := font.get_glyph_extents(glyph)) is not None]
    return (
        min(one.x_bearing for one in boxes),
        min(one.y_bearing + one.height for one in boxes),
        max(one.x_bearing + one.width for one in boxes),
        max(one.y_bearing for one in boxes),
    )


@cache
def _font_file() -> bytes:
    """Cut Noto Sans to WinAnsiEncoding, without tables for shaping: a viewer shapes nothing in a field."""
    family = CUT + LATIN.family
    whole = next(
        one.data for one in cut_fonts({"en": WIN_ANSI}).fonts if one.family == family and one.weight == _REGULAR
    )
    request = hb.SubsetInput()
    request.sets(hb.SubsetInputSets.UNICODE).update(map(ord, WIN_ANSI))
    request.sets(hb.SubsetInputSets.DROP_TABLE_TAG).update(int.from_bytes(tag, "big") for tag in _SHAPING)
    return bytes(hb.subset(hb.Face(hb.Blob(whole)), request).blob.data)


_REGULAR: Final = 400
_SHAPING: Final = (b"GDEF", b"GPOS", b"GSUB", b"STAT")
