"""A screen edition's PDF → the same pages as PDF/X-4, for a printer's press. Pure.

What PDF/X-4 (ISO 15930-7:2010, on top of PDF 1.6) asks for, and where it is done:

- an output intent ``GTS_PDFX`` with the press's ICC profile inside, and the condition's name (``_add_intent``;
  ISO 32000-2, 14.11.5);
- XMP with ``GTS_PDFXVersion``, title, dates, document, version and rendition, and whether it is trapped; the document
  information says the same (``_describe``; ISO 32000-2, 14.3);
- a trim box, inside a bleed box, inside a media box on every page (``_Frame``; ISO 32000-2, 14.11.2). There is no crop
  box: a page is seen with its marks. The media box begins at 0 0, because some programs misread any other;
- only colours that the output intent defines: ``separation`` makes all of them DeviceCMYK, and groups blend in it
  (ISO 32000-2, 11.6.6);
- all fonts embedded, as they are in what comes in (``fonts``);
- nothing that a press cannot print: no annotations, fields, actions, scripts, attachments, encryption, transfer
  functions. Only what is known to print is kept (``_KEPT_OF_CATALOGUE``, ``_KEPT_OF_PAGE``).

What cannot be converted is a finding: nothing is left in a screen's colours silently. The structure tree goes too:
nobody reads a page for the press aloud, and the screen edition is the accessible one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from typing import Final
from uuid import NAMESPACE_URL, uuid5
from xml.sax.saxutils import escape

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Page, Pdf, Rectangle, Stream

from taiyaku.model.documents import Binding
from taiyaku.model.findings import Finding
from taiyaku.model.tokens import Ink
from taiyaku.model.units import mm
from taiyaku.pdf.save import saved
from taiyaku.prepress.inks import Inks, Profile
from taiyaku.prepress.separation import BLACK_FIRST, Separation, strip

BLEED_MM: Final = 3.0
"""How far a page is printed beyond its trim, where a printer asks for nothing else."""

ROOM_MM: Final = 9.0
"""The room for marks around the bleed, in mm."""

MARK_GAP_MM: Final = 1.0
"""From the bleed's edge to a mark, in mm."""

MARK_MM: Final = 6.0
"""How long a crop mark is, and how wide a registration mark."""

MARK_WIDTH_PT: Final = 0.25

VERSION: Final = "PDF/X-4"


@dataclass(frozen=True, slots=True)
class Press:
    """What is known about the printing, and what the file says about itself.

    ``palette`` gives our own colours' inks by ``#rrggbb`` (see ``colours.press_palette``); ``document`` is the file's
    name for findings; ``languages`` are BCP 47 tags.
    """

    profile: Profile
    palette: Mapping[str, Ink]
    title: str
    languages: tuple[str, ...]
    document: str
    binding: Binding = Binding.LEFT
    bleed_mm: float = BLEED_MM


@dataclass(frozen=True, slots=True)
class Pressed:
    """A document for the press, and what was found while making it."""

    pdf: bytes
    findings: tuple[Finding, ...]


def prepress(pdf: bytes, press: Press) -> Pressed:
    """Make PDF/X-4 of a finished document with pages in reading order. The same input gives the same bytes.

    What a page paints beyond its trim is shown up to the bleed. Lengths in the file are pt.

    Raises:
        ValueError: The document does not say when it was made.
    """
    given = (
        sha256(pdf).hexdigest(),
        sha256(press.profile.data).hexdigest(),
        press.title,
        press.bleed_mm,
        press.palette,
    )
    identity = uuid5(NAMESPACE_URL, repr(given))
    with pikepdf.open(BytesIO(pdf)) as book:
        separation = Separation(Inks(press.profile, press.palette), press.document)
        marks = _registration(book)
        _draw_ticks(book)
        for page in book.pages:
            _frame_page(book, page, separation, marks, mm(press.bleed_mm))
        strip(book.Root, _KEPT_OF_CATALOGUE)
        _add_intent(book, press.profile)
        _describe(book, press, str(identity))
        return Pressed(saved(book, exactly=_PDF), tuple(separation.findings.values()))


_PDF: Final = "1.6"
"""The version of PDF on which PDF/X-4 stands (ISO 15930-7)."""

_KEPT_OF_CATALOGUE: Final = frozenset({"/Type", "/Pages"})
_KEPT_OF_PAGE: Final = frozenset({"/Type", "/Parent", "/Resources"})


# Pages and marks


def _draw_ticks(book: Pdf) -> None:
    """Put the ticks of a form's boxes on the page, and take all other annotations away: there is nothing to fill in."""
    ticked = [_only_ticked(page) for page in book.pages]
    if any(ticked):
        book.flatten_annotations("print")


def _only_ticked(page: Page) -> bool:
    """Leave no annotation on a page but ticked boxes; say whether there are any."""
    kept = [one for one in page.obj.get(Name.Annots, ()) if one.get(Name.AS, Name.Off) != Name.Off]
    page.obj.Annots = Array(kept)
    return bool(kept)


@dataclass(frozen=True, slots=True)
class _Frame:
    """The boxes of a page for the press, in pt: the media begin at 0 0, the trim lies in their middle."""

    width: float
    height: float
    bleed: float

    @property
    def inset(self) -> float:
        """From the edge of the media to the trim."""
        return self.bleed + mm(ROOM_MM)

    def box(self, beyond: float) -> Rectangle:
        """Return the trim, and so much beyond it on every side."""
        low, width, height = self.inset - beyond, self.width + 2 * beyond, self.height + 2 * beyond
        return Rectangle(low, low, low + width, low + height)


def _frame_page(book: Pdf, page: Page, separation: Separation, marks: Object, bleed: float) -> None:
    """Turn a page into one for the press: its content in inks, cut off at the bleed, with boxes and marks."""
    trim = Rectangle(page.trimbox)
    frame = _Frame(trim.width, trim.height, bleed)
    content = separation.page(page)
    strip(page.obj, _KEPT_OF_PAGE)
    page.obj.MediaBox = _as_array(frame.box(frame.inset))
    page.obj.BleedBox = _as_array(frame.box(bleed))
    page.obj.TrimBox = _as_array(frame.box(0))
    page.obj.Group = Dictionary(Type=Name.Group, S=Name.Transparency, CS=Name.DeviceCMYK, I=True)
    shift = (frame.inset - trim.llx, frame.inset - trim.lly)
    before = f"q {_rectangle(frame.box(bleed))} re W n 1 0 0 1 {_numbers(*shift)} cm {BLACK_FIRST}\n"
    name = page.add_resource(marks, Name.ColorSpace, Name.Registration, replace_existing=True)
    after = f"\nQ\n{_draw_marks(frame, str(name))}"
    page.obj.Contents = book.make_stream(before.encode() + content + after.encode())


def _as_array(box: Rectangle) -> Array:
    return Array([round(length, 6) for length in (box.llx, box.lly, box.urx, box.ury)])


def _rectangle(box: Rectangle) -> str:
    return _numbers(box.llx, box.lly, box.width, box.height)


def _numbers(*values: float) -> str:
    return " ".join(f"{round(value, 6) + 0:.6f}".rstrip("0").rstrip(".") for value in values)  # + 0: never -0


def _registration(book: Pdf) -> Object:
    """Make the colour that prints on every plate (ISO 32000-2, 8.6.6.4)."""
    tint = Dictionary(FunctionType=2, Domain=[0, 1], C0=[0, 0, 0, 0], C1=[1, 1, 1, 1], N=1)
    return book.make_indirect(Array([Name.Separation, Name.All, Name.DeviceCMYK, tint]))


def _draw_marks(frame: _Frame, colour: str) -> str:
    """Draw crop marks at the corners and registration marks in the middle of the sides, all beyond the bleed."""
    near, far = frame.bleed + mm(MARK_GAP_MM), frame.bleed + mm(MARK_GAP_MM + MARK_MM)
    trim = frame.box(0)
    lines: list[str] = []
    for x, out in ((trim.llx, -1), (trim.urx, 1)):
        for y, up in ((trim.lly, -1), (trim.ury, 1)):
            lines.append(f"{_numbers(x + out * near, y)} m {_numbers(x + out * far, y)} l")
            lines.append(f"{_numbers(x, y + up * near)} m {_numbers(x, y + up * far)} l")
    reach = (near + far) / 2
    middle = ((trim.llx + trim.urx) / 2, (trim.lly + trim.ury) / 2)
    lines += (_target(x, middle[1]) for x in (trim.llx - reach, trim.urx + reach))
    lines += (_target(middle[0], y) for y in (trim.lly - reach, trim.ury + reach))
    return f"q {colour} CS 1 SCN {MARK_WIDTH_PT} w\n" + "\n".join(lines) + "\nS Q"


def _target(x: float, y: float) -> str:
    """Draw a registration mark: a cross in a circle (of four Bézier curves)."""
    arm, r = mm(MARK_MM) / 2, mm(MARK_MM) / 4
    bend = 0.5523 * r
    cross = f"{_numbers(x - arm, y)} m {_numbers(x + arm, y)} l {_numbers(x, y - arm)} m {_numbers(x, y + arm)} l"
    circle = [f"{_numbers(x + r, y)} m"]
    for (a, b), (c, d) in zip(_QUARTERS, [*_QUARTERS[1:], _QUARTERS[0]], strict=True):
        start, end = (x + a * r, y + b * r), (x + c * r, y + d * r)
        curve = (start[0] + c * bend, start[1] + d * bend, end[0] + a * bend, end[1] + b * bend, *end)
        circle.append(f"{_numbers(*curve)} c")
    return " ".join((cross, *circle))


_QUARTERS: Final = ((1, 0), (0, 1), (-1, 0), (0, -1))


# What the file says about itself


def _add_intent(book: Pdf, profile: Profile) -> None:
    """Say for which press the file is, with its profile (ISO 32000-2, 14.11.5)."""
    condition = profile.condition
    intent = Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFX,
        OutputConditionIdentifier=condition.identifier,
        OutputCondition=condition.info,
        Info=condition.info,
        DestOutputProfile=Stream(book, profile.data, N=4),
    )
    if condition.registered:
        intent.RegistryName = "http://www.color.org"
    book.Root.OutputIntents = Array([book.make_indirect(intent)])


def _describe(book: Pdf, press: Press, identity: str) -> None:
    """Write the document information, and XMP that says the same (ISO 32000-2, 14.3)."""
    created, program = _date(book.docinfo.get("/CreationDate")), str(book.docinfo.get("/Creator", PROGRAM))
    stamp = f"D:{''.join(filter(str.isdigit, created))}Z"
    strip(book.docinfo, frozenset())
    said = {"Title": press.title, "Creator": program, "Producer": PROGRAM, "CreationDate": stamp, "ModDate": stamp}
    for key, value in said.items():
        book.docinfo[f"/{key}"] = value
    book.docinfo.Trapped = Name("/False")
    xmp = _xmp(press, program, created, identity)
    book.Root.Metadata = Stream(book, xmp.encode(), Type=Name.Metadata, Subtype=Name.XML)
    if press.binding is Binding.RIGHT:
        book.Root.ViewerPreferences = Dictionary(Direction=Name.R2L)


PROGRAM: Final = "Taiyaku"


def _date(given: Object | None) -> str:
    """Read a date of PDF (ISO 32000-2, 7.9.4) and give it as XMP has it; what is not said is the first of its kind."""
    if given is None:
        raise ValueError("the document does not say when it was made")
    digits = "".join(filter(str.isdigit, str(given)))[:14]
    whole = digits + "00000101000000"[len(digits) :]
    day, time = (whole[:4], whole[4:6], whole[6:8]), (whole[8:10], whole[10:12], whole[12:])
    return f"{'-'.join(day)}T{':'.join(time)}Z"


_XMP: Final = """\
<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about=""
  xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
  xmlns:pdfxid="http://www.npes.org/pdfx/ns/id/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
  xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:language><rdf:Bag>{languages}</rdf:Bag></dc:language>
<xmp:CreateDate>{date}</xmp:CreateDate>
<xmp:ModifyDate>{date}</xmp:ModifyDate>
<xmp:MetadataDate>{date}</xmp:MetadataDate>
<xmp:CreatorTool>{creator}</xmp:CreatorTool>
<pdf:Producer>{producer}</pdf:Producer>
<pdf:Trapped>False</pdf:Trapped>
<pdfxid:GTS_PDFXVersion>{version}</pdfxid:GTS_PDFXVersion>
<xmpMM:DocumentID>uuid:{identity}</xmpMM:DocumentID>
<xmpMM:InstanceID>uuid:{identity}</xmpMM:InstanceID>
<xmpMM:VersionID>1</xmpMM:VersionID>
<xmpMM:RenditionClass>default</xmpMM:RenditionClass>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>
"""


def _xmp(press: Press, program: str, date: str, identity: str) -> str:
    return _XMP.format(
        title=escape(press.title),
        languages="".join(f"<rdf:li>{escape(tag)}</rdf:li>" for tag in press.languages),
        date=date,
        creator=escape(program),
        producer=PROGRAM,
        version=VERSION,
        identity=identity,
    )
