"""Checks of ink: colours, lines, pictures, and what a printing house asks for (PDF/X-4: ISO 15930-7)."""

import warnings
from collections.abc import Iterator, Mapping
from io import BytesIO
from itertools import chain
from math import ceil
from typing import Any, Final, NamedTuple

import pikepdf
from pikepdf.models.image import ImageDecompressionError
from PIL import Image, ImageCms

from taiyaku.model.findings import Finding
from taiyaku.model.units import PT_PER_MM
from taiyaku.pdf.broken import BROKEN
from taiyaku.pdf.colour import Kind
from taiyaku.pdf.geometry import Box
from taiyaku.pdf.objects import entry, listed, number, numbers, spelt
from taiyaku.pdf.painted import Painted, Picture, Shape
from taiyaku.preflight.document import PdfDocument

HAIR: Final = 0.005
"""pt that a line may be under its least: rounding."""


def hairlines(subject: PdfDocument) -> Iterator[Finding]:
    """No line is thinner than a plate or a copier can hold; 0 is a device's thinnest (ISO 32000-2, 8.4.3.2)."""
    least = subject.expect.min_line
    thin = [(page.number, width) for page, shape in subject.shapes if (width := _thickness(shape)) < least - HAIR]
    if thin:
        facts = {"width": f"{min(width for _, width in thin):.2f} pt", "least": f"{least:g} pt"}
        yield from subject.found("pdf.hairline", (page for page, _ in thin), **facts)


_DOT: Final = 3.0
"""How many times longer than thick a filled area must be to be a line: less is a dot, or a corner that a clip left."""


def _thickness(shape: Shape) -> float:
    """Return how thick a line is in pt; what is no line, or leaves no ink, is as thick as one likes."""
    if shape.colour.white or shape.loose:
        return float("inf")
    if shape.width >= 0:
        return shape.width
    thickness = shape.box.thickness
    return thickness if max(shape.box.width, shape.box.height) > _DOT * max(thickness, 1.0) else float("inf")


def colours(subject: PdfDocument) -> Iterator[Finding]:
    """For the press: no RGB or Lab, no text in rich black, no place with more ink than paper takes (ISO 12647-2)."""
    if not subject.expect.press:
        return
    screen = {page.number for page, shape in subject.shapes if shape.colour.kind is Kind.SCREEN}
    screen |= {page.number for page, run in subject.runs if run.colour.kind is Kind.SCREEN}
    screen |= {page.number for page, picture in subject.pictures if _is_of(picture, Kind.SCREEN)}
    screen |= {page.number for page in subject.pages if any(g.kind is Kind.SCREEN for g in page.painted.groups)}
    screen |= {page.number for page in subject.pages if any(map(_is_on_screen, page.painted.hidden))}
    if screen:
        yield from subject.found("pdf.rgb", screen)
    rich = [page.number for page, run in subject.runs if run.colour.rich_black]
    if rich:
        yield from subject.found("pdf.rich-black", rich)
    yield from _ink(subject)


def _is_on_screen(mask: Painted) -> bool:
    """Tell whether a soft mask is painted in a screen's colours: it leaves no ink, yet no press reads them."""
    spaces = [*(shape.colour.kind for shape in mask.shapes), *(run.colour.kind for run in mask.runs)]
    spaces += [group.kind for group in mask.groups]
    return Kind.SCREEN in spaces or any(_is_of(picture, Kind.SCREEN) for picture in mask.pictures)


def _is_of(picture: Picture, kind: Kind) -> bool:
    return picture.space is not None and picture.space.kind is kind


def _ink(subject: PdfDocument) -> Iterator[Finding]:
    """Find too much ink in one place; what is in the colour of crop marks is ``mark-inside``'s."""
    inks = [(page.number, shape.colour) for page, shape in subject.shapes] + [
        (page.number, run.colour) for page, run in subject.runs
    ]
    sums = [(page, colour.ink) for page, colour in inks if colour.kind is not Kind.ALL]
    sums += [(page.number, _inkiest(one)) for page, one in subject.pictures if _is_of(one, Kind.CMYK)]
    over = [(page, ink) for page, ink in sums if ink > subject.expect.ink + 0.5]
    if over:
        facts = {"ink": f"{max(ink for _, ink in over):.0f} %", "most": f"{subject.expect.ink:g} %"}
        yield from subject.found("pdf.ink", (page for page, _ in over), **facts)


def _inkiest(picture: Picture) -> float:
    """Return the most ink of a CMYK picture's pixels in percent."""
    pixels = _unpack(picture).pixels
    counted = pixels.getcolors(pixels.width * pixels.height) if pixels is not None and pixels.mode == "CMYK" else None
    return max((100 * sum(ink) / 255 for _, ink in counted or () if isinstance(ink, tuple)), default=0.0)


class _Unpacked(NamedTuple):
    """A picture's pixels; None where nothing here knows how it is packed, or where it is broken."""

    pixels: Image.Image | None = None
    broken: bool = False


def _unpack(picture: Picture) -> _Unpacked:
    """Unpack a picture.

    Pikepdf and Pillow raise nearly anything for what they do not know (spot colours, 16 bits, stencils in the content)
    and for what is broken. Broken is only what surely is: data that are too short, or no picture of their kind.
    """
    image = picture.image
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # what is only guessed at is not known
            opened = image if isinstance(image, pikepdf.PdfInlineImage) else pikepdf.PdfImage(image)
            return _Unpacked(opened.as_pil_image())
    except (OSError, pikepdf.DataDecodingError, ImageDecompressionError):
        return _Unpacked(broken=True)
    except Exception:  # no fault of the file, nor one that hides anything: what the pixels would tell is not known
        return _Unpacked()


def broken_pictures(subject: PdfDocument) -> Iterator[Finding]:
    """Every picture can be unpacked: of a broken one some programs draw a part, others nothing."""
    tried: dict[Any, bool] = {}
    broken: list[tuple[int, str]] = []
    masks = ((page, one) for page in subject.pages for mask in page.painted.hidden for one in mask.pictures)
    for page, picture in chain(subject.pictures, masks):
        key = _key(picture)
        if key not in tried:
            tried[key] = _is_broken(picture)
        if tried[key]:
            broken.append((page.number, picture.name))
    if broken:
        names = ", ".join(list(dict.fromkeys(name for _, name in broken))[:5])
        yield from subject.found("pdf.picture-broken", (page for page, _ in broken), pictures=names)


def _is_broken(picture: Picture) -> bool:
    """Tell whether a picture's data are surely broken. A large JPEG is unpacked at an eighth, another is not tried."""
    if max(_size(picture)) <= _CODE_SIDE:
        return _unpack(picture).broken or _is_short(picture)
    image = picture.image
    if not isinstance(image, pikepdf.Stream) or [*map(spelt, listed(image, "/Filter"))] != ["/DCTDecode"]:
        return False
    try:
        with Image.open(BytesIO(image.read_raw_bytes())) as opened:
            opened.draft(None, (opened.width // 8, opened.height // 8))
            opened.load()
    except (OSError, *BROKEN):
        return True
    except Image.DecompressionBombError:
        return False
    return False


def _is_short(picture: Picture) -> bool:
    """Tell whether a picture that is packed without loss holds fewer bytes than its pixels need (8.9.5.2)."""
    image = picture.image
    if not isinstance(image, pikepdf.Stream) or not _LOSSLESS.issuperset(map(spelt, listed(image, "/Filter"))):
        return False
    channels = _channels(picture)
    width, height = _size(picture)
    bits = number(image.get("/BitsPerComponent"), 1)
    try:
        return len(image.read_bytes()) < height * ceil(width * channels * bits / 8)
    except BROKEN:
        return True


_LOSSLESS: Final = frozenset(["/FlateDecode", "/LZWDecode", "/RunLengthDecode", "/ASCIIHexDecode", "/ASCII85Decode"])


def _channels(picture: Picture) -> int:
    """Return how many numbers a pixel has; 0 where that is not known."""
    space = picture.image.get("/ColorSpace")
    indexed = isinstance(space, pikepdf.Array) and len(space) > 0 and space[0] == "/Indexed"
    if indexed or picture.image.get("/ImageMask"):
        return 1
    if picture.space is None or (isinstance(space, pikepdf.Name) and space not in _DEVICE):
        return 0
    return len(picture.space.plates) or {Kind.GREY: 1, Kind.SCREEN: 3, Kind.ALL: 1}.get(picture.space.kind, 0)


_DEVICE: Final = ("/DeviceGray", "/DeviceRGB", "/DeviceCMYK")
"""Spaces that a name tells; of what stands among the resources it is not told here whether it is a palette."""


def _key(picture: Picture) -> Any:
    """Tell pictures apart; inline images are no objects."""
    return getattr(picture.image, "objgen", id(picture.image))


def pictures(subject: PdfDocument) -> Iterator[Finding]:
    """A photograph has pixels enough; what has two colours, a QR code, has sharp edges, but must be large enough."""
    coarse: list[tuple[int, float]] = []
    small: list[tuple[int, float]] = []
    codes: dict[Any, bool] = {}
    for page, picture in subject.pictures:
        width, height = _size(picture)
        across, up = picture.sides
        if not across or not up or not width or not height:
            continue
        resolution = min(width * 72 / across, height * 72 / up)
        if resolution >= subject.expect.resolution - 1:
            continue
        key = _key(picture)
        if key not in codes:
            codes[key] = _is_bitmap(picture)
        if not codes[key]:
            coarse.append((page.number, resolution))
        elif width == height and min(picture.sides) / PT_PER_MM < subject.expect.code - 0.05:
            small.append((page.number, min(picture.sides) / PT_PER_MM))
    if coarse:
        facts = {"resolution": f"{min(r for _, r in coarse):.0f}", "least": f"{subject.expect.resolution:g}"}
        yield from subject.found("pdf.picture-coarse", (page for page, _ in coarse), **facts)
    if small:
        facts = {"size": f"{min(size for _, size in small):.1f} mm", "least": f"{subject.expect.code:g} mm"}
        yield from subject.found("pdf.code-small", (page for page, _ in small), **facts)


def _size(picture: Picture) -> tuple[int, int]:
    """Return how many pixels a picture is wide and high; 0 where the file does not say."""
    told = picture.image.obj if isinstance(picture.image, pikepdf.PdfInlineImage) else picture.image
    width, height = (number(told.get(long, told.get(short))) for long, short in (("/Width", "/W"), ("/Height", "/H")))
    return max(int(width), 0), max(int(height), 0)


_CODE_SIDE: Final = 1000
"""Pixels: a larger picture is not unpacked to count its colours."""


def _is_bitmap(picture: Picture) -> bool:
    """Tell whether a picture has one bit a pixel, or only two colours."""
    if _has_one_bit(picture):
        return True
    if max(_size(picture)) > _CODE_SIDE:
        return False
    pixels = _unpack(picture).pixels
    return pixels is not None and pixels.getcolors(2) is not None


def _has_one_bit(picture: Picture) -> bool:
    """Tell whether a picture is a stencil, or has one bit a pixel: so much is told without unpacking it."""
    told = picture.image.obj if isinstance(picture.image, pikepdf.PdfInlineImage) else picture.image
    if told.get("/ImageMask", told.get("/IM")) is True:
        return True
    alone = picture.space is not None and (picture.space.kind is Kind.GREY or len(picture.space.plates) == 1)
    return told.get("/BitsPerComponent", told.get("/BPC")) == 1 and alone


def output_intent(subject: PdfDocument) -> Iterator[Finding]:
    """A file for the press says for which press its colours are meant, with the profile (ISO 15930-7)."""
    if not subject.expect.press:
        return
    intents = [one for one in listed(subject.pdf.Root, "/OutputIntents") if entry(one, "/S") == "/GTS_PDFX"]
    if len(intents) != 1:
        yield from subject.found("pdf.output-intent", why=f"it has {len(intents)} of /GTS_PDFX, and one is needed")
    elif why := _unusable(intents[0]):
        yield from subject.found("pdf.output-intent", why=why)


def _unusable(intent: Any) -> str:
    if not spelt(intent.get("/OutputConditionIdentifier", "")):
        return "OutputConditionIdentifier is missing"
    profile = intent.get("/DestOutputProfile")
    if not isinstance(profile, pikepdf.Stream):
        return "the profile is not in the file"
    try:
        space = ImageCms.getOpenProfile(BytesIO(profile.read_bytes())).profile.xcolor_space.strip()
    except (OSError, ImageCms.PyCMSError, *BROKEN):
        return "the profile cannot be read"
    return "" if space == "CMYK" and profile.get("/N") == 4 else f"the profile is for {space}, not CMYK"


def standard(subject: PdfDocument) -> Iterator[Finding]:
    """A file for the press claims PDF/X-4 and keeps its smaller rules (ISO 15930-7)."""
    if not subject.expect.press:
        return
    lacking = [what for what, there in _rules(subject).items() if not there]
    if lacking:
        yield from subject.found("pdf.pdfx", what=", ".join(lacking))
    noted = [page.number for page in subject.pages for note in page.notes if _is_in_the_way(note, page.bleed)]
    if noted or "/AcroForm" in subject.pdf.Root:
        yield from subject.found("pdf.annotation", noted)


def _rules(subject: PdfDocument) -> Mapping[str, bool]:
    trapped = subject.info.get("Trapped", "").removeprefix("/") in ("True", "False")
    return {
        "GTS_PDFXVersion PDF/X-4 in the XMP": subject.xmp.get("pdfxid:GTS_PDFXVersion", "").startswith("PDF/X-4"),
        "Trapped": trapped or subject.xmp.get("pdf:Trapped") in ("True", "False"),
        "an ID in the trailer": "/ID" in subject.pdf.trailer,
        "xmpMM:DocumentID": bool(subject.xmp.get("xmpMM:DocumentID")),
    }


def _is_in_the_way(note: Any, bleed: Box) -> bool:
    """Tell whether an annotation lies on what is printed; printer's marks and trap nets may (ISO 15930-7)."""
    if note.get("/Subtype") in ("/PrinterMark", "/TrapNet", "/Popup"):
        return False
    x, y, right, top = numbers(note.get("/Rect"), 4) or (0.0, 0.0, 0.0, 0.0)
    return Box(min(x, right), min(y, top), max(x, right), max(y, top)).meets(bleed)


CHECKS: Final = (hairlines, colours, broken_pictures, pictures, output_intent, standard)
