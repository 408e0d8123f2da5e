"""A document's colours → inks, in all that it paints: content streams, forms, patterns, pictures. Changes it in place.

Whatever is not known to be an ink afterwards is a finding. Paragraphs without a standard are those of ISO 32000-2.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Operator, Page, PdfImage
from PIL import Image

from taiyaku.model.findings import Finding, Place
from taiyaku.model.tokens import Ink
from taiyaku.prepress.inks import BLACK, Inks, held, held_picture

BLACK_FIRST: Final = "0 0 0 1 k 0 0 0 1 K"
"""What a page's or pattern's content begins with: without it, what sets no colour is painted in DeviceGray."""

_KEPT_OF_FORM: Final = frozenset({"/Type", "/Subtype", "/BBox", "/Matrix", "/Resources", "/Group", "/FormType"})
_KEPT_OF_STATE: Final = frozenset(
    {"/Type", "/LW", "/LC", "/LJ", "/ML", "/D", "/CA", "/ca", "/BM", "/AIS", "/TK", "/SA", "/FL", "/Font"}
)


def strip(dictionary: Object, kept: frozenset[str]) -> None:
    """Take all out of a dictionary but what is kept."""
    for key in set(dictionary.keys()) - kept:
        del dictionary[key]


_FILLS: Final = {"rg": "k", "g": "k", "k": "k", "RG": "K", "G": "K", "K": "K"}
_SPACES: Final = {"cs": "k", "CS": "K"}
_COMPONENTS: Final = {"sc": "k", "scn": "k", "SC": "K", "SCN": "K"}
_DEVICE: Final = frozenset({"/DeviceGray", "/DeviceRGB", "/DeviceCMYK", "/G", "/RGB", "/CMYK"})
_MARKING: Final = frozenset({"BDC", "BMC", "EMC", "DP", "MP", "ri", "BX", "EX"})
"""Marked content (14.6), which nobody asks for on a press, and rendering intents: all is inks already."""


@dataclass(slots=True)
class Separation:
    """Rewrites all that a document paints, each object once however many pages share it."""

    inks: Inks
    document: str
    findings: dict[str, Finding] = field(default_factory=dict)
    _done: set[tuple[int, int]] = field(default_factory=set)

    def page(self, page: Page) -> bytes:
        """Rewrite a page's resources, and give its content in inks."""
        self._resources(page.resources)
        return self._draw(page)

    def _refuse(self, what: str) -> None:
        """Note what cannot be converted."""
        facts = {"what": what, "document": self.document}
        self.findings[what] = Finding("press.colour", Place(self.document), facts)

    def _is_new(self, thing: Object) -> bool:
        if not thing.is_indirect:
            return True
        new = thing.objgen not in self._done
        self._done.add(thing.objgen)
        return new

    def _resources(self, resources: Object) -> None:
        """Rewrite what a dictionary of resources names; colour spaces are used up (7.8.3)."""
        if not self._is_new(resources):
            return
        for key, convert in (
            ("/XObject", self._xobject),
            ("/Pattern", self._pattern),
            ("/Shading", self._shading),
            ("/ExtGState", self._state),
            ("/Font", self._font),
        ):
            things = resources.get(key, Dictionary())
            for name in sorted(things.keys()):
                if self._is_new(things[name]):
                    convert(things[name])
        for key in ("/ColorSpace", "/Properties", "/ProcSet"):
            if key in resources:
                del resources[key]

    def _xobject(self, thing: Object) -> None:
        if thing.Subtype == Name.Image:
            self._image(thing)
        elif thing.Subtype == Name.Form:
            self._form(thing)
        else:
            self._refuse(f"an XObject of the kind {thing.Subtype}")

    def _form(self, form: Object) -> None:
        _strip_stream(form, _KEPT_OF_FORM)
        if "/Group" in form:
            form.Group.CS = Name.DeviceCMYK
        self._resources(form.get("/Resources", Dictionary()))
        form.write(self._draw(form))

    def _pattern(self, pattern: Object) -> None:
        """Rewrite a tiling pattern in colours (8.7.3.2); it begins with black, as a page does."""
        if pattern.PatternType == 1 and pattern.PaintType == 1:
            self._resources(pattern.get("/Resources", Dictionary()))
            pattern.write(BLACK_FIRST.encode() + b"\n" + self._draw(pattern))
        elif pattern.PatternType == 2:
            self._shading(pattern.Shading)
        else:
            self._refuse("a pattern without colours of its own")

    def _shading(self, shading: Object) -> None:
        if shading.ColorSpace != Name.DeviceCMYK:
            self._refuse("a gradient")

    def _state(self, state: Object) -> None:
        """Keep of a graphics state what a press understands: no soft mask, no transfer function (8.4.5)."""
        if state.get("/SMask", Name("/None")) != Name("/None"):
            self._refuse("a soft mask")
        strip(state, _KEPT_OF_STATE)

    def _font(self, font: Object) -> None:
        """Rewrite the drawings of a font of Type 3 (9.6.4); all other fonts have no colour."""
        if font.Subtype == Name.Type3:
            self._resources(font.get("/Resources", Dictionary()))
            for name in sorted(font.CharProcs.keys()):
                font.CharProcs[name].write(self._draw(font.CharProcs[name]))

    def _draw(self, stream: Page | Object) -> bytes:
        """Write a content stream anew: in inks, without marked content."""
        instructions = ((str(one.operator), one) for one in pikepdf.parse_content_stream(stream))
        return pikepdf.unparse_content_stream(
            [self._in_ink(one, operator) for operator, one in instructions if operator not in _MARKING]
        )

    def _in_ink(self, instruction: Any, operator: str) -> Any:
        """Return an instruction in inks; what sets no colour as it is."""
        operands = instruction.operands
        if operator in _FILLS:
            return self._colour(operands, _FILLS[operator])
        if operator in _COMPONENTS and not isinstance(operands[-1], Name):
            return self._colour(operands, _COMPONENTS[operator])
        if operator in _SPACES and operands[0] != Name.Pattern:
            if str(operands[0]) not in _DEVICE:
                self._refuse(f"the colour space {operands[0]}")
            return _paint(BLACK, _SPACES[operator])
        if operator in _COMPONENTS and len(operands) > 1:
            self._refuse("a pattern without colours of its own")
        elif operator == "INLINE IMAGE":
            self._refuse("a picture inside a content stream")
        return instruction

    def _colour(self, operands: Iterable[Any], operator: str) -> Any:
        values = [float(value) for value in operands]
        return _paint(held(Ink(*(100 * v for v in values))) if len(values) == 4 else self.inks.ink(values), operator)

    # Pictures

    def _image(self, image: Object) -> None:
        """Put a picture into inks: of few colours exactly and with an index, else through the profile."""
        if image.get("/ImageMask", False):
            return
        try:
            picture = _on_white(image)
        except (pikepdf.PdfError, NotImplementedError, OSError) as error:
            self._refuse(f"a picture that cannot be read ({error})")
            return
        colours = picture.getcolors(256) if picture.mode == "RGB" else None
        _strip_stream(image, _KEPT_OF_IMAGE)
        if colours is None:
            _write_cmyk(image, held_picture(picture) if picture.mode == "CMYK" else self.inks.picture(picture))
        else:
            self._write_indexed(image, picture, sorted(colour for _, colour in colours))

    def _write_indexed(self, image: Object, picture: Image.Image, colours: Sequence[Any]) -> None:
        """Write a picture of few colours: a table of inks and a number a pixel (8.6.6.3)."""
        inks = [self.inks.ink([channel / 255 for channel in colour]) for colour in colours]
        table = bytes(round(part * 2.55) for ink in inks for part in ink)
        numbers = {bytes(colour): number for number, colour in enumerate(colours)}
        pixels = picture.tobytes()
        indexes = bytes(numbers[pixels[at : at + 3]] for at in range(0, len(pixels), 3))
        image.ColorSpace = Array([Name.Indexed, Name.DeviceCMYK, len(colours) - 1, pikepdf.String(table)])
        image.BitsPerComponent = 1 if len(colours) <= 2 else 8
        image.write(_packed(indexes, picture.size) if len(colours) <= 2 else indexes)


_KEPT_OF_IMAGE: Final = frozenset({"/Type", "/Subtype", "/Width", "/Height", "/Interpolate"})
_OF_STREAM: Final = frozenset({"/Length", "/Filter", "/DecodeParms"})


def _strip_stream(stream: Object, kept: frozenset[str]) -> None:
    strip(stream, kept | _OF_STREAM)


def _paint(ink: Ink, operator: str) -> Any:
    """Write a colour operator of DeviceCMYK (table 73)."""
    return pikepdf.ContentStreamInstruction([round(part / 100, 4) for part in ink], Operator(operator))


def _on_white(image: Any) -> Image.Image:
    """Read a picture, in RGB or CMYK, with what shines through laid on white.

    Raises:
        NotImplementedError: It has a mask or inverted values.
    """
    if "/Mask" in image or "/Decode" in image:
        raise NotImplementedError("it is masked or inverted")
    picture = PdfImage(image).as_pil_image()
    if picture.mode == "CMYK":
        return picture
    picture = picture.convert("RGB")
    if "/SMask" not in image:
        return picture
    mask = PdfImage(image.SMask).as_pil_image().convert("L").resize(picture.size)
    return Image.composite(picture, Image.new("RGB", picture.size, "white"), mask)


def _write_cmyk(image: Object, picture: Image.Image) -> None:
    image.ColorSpace = Name.DeviceCMYK
    image.BitsPerComponent = 8
    image.write(picture.tobytes())


def _packed(indexes: bytes, size: tuple[int, int]) -> bytes:
    """Pack numbers 0 and 1 to eight a byte, each row from a new byte (8.9.3)."""
    return Image.frombytes("L", size, bytes(255 * index for index in indexes)).convert("1").tobytes()
