"""Checks of ink: colours, lines, pictures, and what a printing house asks for (PDF/X-4: ISO 15930-7)."""

from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any, Final

import pikepdf
from PIL import Image, ImageCms

from taiyaku.findings import Finding
from taiyaku.preflight.geometry import Box
from taiyaku.preflight.inks import Kind
from taiyaku.preflight.objects import listed
from taiyaku.preflight.painted import Painted, Picture, Shape
from taiyaku.preflight.subject import Subject
from taiyaku.units import PT_PER_MM

HAIR: Final = 0.005
"""pt that a line may be under its least: rounding."""


def hairlines(subject: Subject) -> Iterator[Finding]:
    """No line is thinner than a plate or a copier can hold; 0 is a device's thinnest (ISO 32000-2, 8.4.3.2)."""
    least = subject.expect.min_line
    thin = [(page.number, width) for page, shape in subject.shapes if (width := _thickness(shape)) < least - HAIR]
    if thin:
        facts = {"width": f"{min(width for _, width in thin):.2f} pt", "least": f"{least:g} pt"}
        yield from subject.found("pdf.hairline", (page for page, _ in thin), **facts)


_DOT: Final = 3.0
"""How many times longer than thick a filled area must be to be a line: less is a dot, or a corner that a clip left."""


def _thickness(shape: Shape) -> float:
    """Give how thick a line is in pt; what is no line, or leaves no ink, is as thick as one likes."""
    if shape.colour.white or shape.loose:
        return float("inf")
    if shape.width >= 0:
        return shape.width
    thickness = shape.box.thickness
    return thickness if max(shape.box.width, shape.box.height) > _DOT * max(thickness, 1.0) else float("inf")


def colours(subject: Subject) -> Iterator[Finding]:
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
    """Say whether a soft mask is painted in a screen's colours: it leaves no ink, yet no press reads them."""
    spaces = [*(shape.colour.kind for shape in mask.shapes), *(run.colour.kind for run in mask.runs)]
    spaces += [group.kind for group in mask.groups]
    return Kind.SCREEN in spaces or any(_is_of(picture, Kind.SCREEN) for picture in mask.pictures)


def _is_of(picture: Picture, kind: Kind) -> bool:
    return picture.space is not None and picture.space.kind is kind


def _ink(subject: Subject) -> Iterator[Finding]:
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
    """Give the most ink of a CMYK picture's pixels in percent."""
    pixels = _pixels(picture)
    counted = pixels.getcolors(pixels.width * pixels.height) if pixels is not None and pixels.mode == "CMYK" else None
    return max((100 * sum(ink) / 255 for _, ink in counted or () if isinstance(ink, tuple)), default=0.0)


def _pixels(picture: Picture) -> Image.Image | None:
    """Unpack a picture; None for a packing that pikepdf does not know, or an inline image of one pixel."""
    image = picture.image
    opened = image if isinstance(image, pikepdf.PdfInlineImage) else pikepdf.PdfImage(image)
    try:
        return opened.as_pil_image()
    except (NotImplementedError, ValueError, pikepdf.UnsupportedImageTypeError, pikepdf.DependencyError):
        return None


def pictures(subject: Subject) -> Iterator[Finding]:
    """A photograph has pixels enough; what has two colours, a QR code, has sharp edges, but must be large enough."""
    coarse: list[tuple[int, float]] = []
    small: list[tuple[int, float]] = []
    codes: dict[Any, bool] = {}
    for page, picture in subject.pictures:
        width, height = _size(picture)
        across, up = picture.sides
        if not across or not up:
            continue
        resolution = min(width * 72 / across, height * 72 / up)
        if resolution >= subject.expect.resolution - 1:
            continue
        key = getattr(picture.image, "objgen", id(picture.image))
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
    image = picture.image
    if isinstance(image, pikepdf.PdfInlineImage):
        return image.width, image.height
    return int(image["/Width"]), int(image["/Height"])


_CODE_SIDE: Final = 1000
"""Pixels: a larger picture is not unpacked to count its colours."""


def _is_bitmap(picture: Picture) -> bool:
    """Say whether a picture has one bit a pixel, or only two colours."""
    if max(_size(picture)) > _CODE_SIDE:
        return False
    pixels = _pixels(picture)
    return pixels is not None and pixels.getcolors(2) is not None


def output_intent(subject: Subject) -> Iterator[Finding]:
    """A file for the press says for which press its colours are meant, with the profile (ISO 15930-7)."""
    if not subject.expect.press:
        return
    intents = [one for one in listed(subject.pdf.Root, "/OutputIntents") if one.get("/S") == "/GTS_PDFX"]
    if len(intents) != 1:
        yield from subject.found("pdf.output-intent", why=f"it has {len(intents)} of /GTS_PDFX, and one is needed")
    elif why := _unusable(intents[0]):
        yield from subject.found("pdf.output-intent", why=why)


def _unusable(intent: Any) -> str:
    if not str(intent.get("/OutputConditionIdentifier", "")):
        return "OutputConditionIdentifier is missing"
    profile = intent.get("/DestOutputProfile")
    if not isinstance(profile, pikepdf.Stream):
        return "the profile is not in the file"
    try:
        space = ImageCms.getOpenProfile(BytesIO(profile.read_bytes())).profile.xcolor_space.strip()
    except (OSError, ImageCms.PyCMSError):
        return "the profile cannot be read"
    return "" if space == "CMYK" and int(profile.get("/N", 0)) == 4 else f"the profile is for {space}, not CMYK"


def standard(subject: Subject) -> Iterator[Finding]:
    """A file for the press claims PDF/X-4 and keeps its smaller rules (ISO 15930-7)."""
    if not subject.expect.press:
        return
    lacking = [what for what, there in _rules(subject).items() if not there]
    if lacking:
        yield from subject.found("pdf.pdfx", what=", ".join(lacking))
    noted = [page.number for page in subject.pages for note in page.notes if _is_in_the_way(note, page.bleed)]
    if noted or "/AcroForm" in subject.pdf.Root:
        yield from subject.found("pdf.annotation", noted)


def _rules(subject: Subject) -> Mapping[str, bool]:
    trapped = subject.info.get("Trapped", "").removeprefix("/") in ("True", "False")
    return {
        "GTS_PDFXVersion PDF/X-4 in the XMP": subject.xmp.get("pdfxid:GTS_PDFXVersion", "").startswith("PDF/X-4"),
        "Trapped": trapped or subject.xmp.get("pdf:Trapped") in ("True", "False"),
        "an ID in the trailer": "/ID" in subject.pdf.trailer,
        "xmpMM:DocumentID": bool(subject.xmp.get("xmpMM:DocumentID")),
    }


def _is_in_the_way(note: Any, bleed: Box) -> bool:
    """Say whether an annotation lies on what is printed; printer's marks and trap nets may (ISO 15930-7)."""
    if note.get("/Subtype") in ("/PrinterMark", "/TrapNet", "/Popup"):
        return False
    x, y, right, top = (float(edge) for edge in note.get("/Rect", (0, 0, 0, 0)))
    return Box(min(x, right), min(y, top), max(x, right), max(y, top)).meets(bleed)


CHECKS: Final = (hairlines, colours, pictures, output_intent, standard)
