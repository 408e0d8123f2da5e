"""A page's content streams → what is painted on it (ISO 32000-2, 8 and 9).

Each stream is parsed once; a form XObject's instructions are kept and carried out as often as they are called (8.10).
A clip is taken as the box around it, a pattern is carried out once, wherever it falls.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import hypot
from typing import Any, Final

import pikepdf

from taiyaku.pdf.broken import BROKEN, plain, where
from taiyaku.pdf.colour import BLACK, CMYK, GREY, RGB, Colour, Kind, Space, colour, first_colour, space_of
from taiyaku.pdf.fonts import DecodedString, Typeface, typeface
from taiyaku.pdf.geometry import EVERYWHERE, IDENTITY, Box, Matrix, around, placed, scale_of, sides_of, times
from taiyaku.pdf.objects import OddError, entry, is_holder, key_of, listed, number, numbers, part, spelt
from taiyaku.pdf.operators import END, INLINE_IMAGE, UNKNOWN, Instruction, Library, instructions, values
from taiyaku.pdf.painted import GlyphRun, Key, Mark, Painted, Picture, Shape


def paint(page: pikepdf.Page, library: Library) -> Painted:
    """Carry out a page's content streams. What cannot be carried out is noted (``Painted.odd``) and passed over."""
    painted = Painted()
    _note_group(page.obj, painted)
    if "/Contents" in page.obj:
        painter = _Painter(painted, library, _resources(page.obj), Mark(page.obj.objgen), _State(IDENTITY, EVERYWHERE))
        try:
            painter.carry_out(instructions(page))
        except BROKEN as error:
            painted.pass_over("", "the content cannot be read", plain(str(error)))
    return painted


def _resources(page: Any) -> Any:
    """Return a page's resources: its own, or those of a node of the page tree above it (ISO 32000-2, 7.7.3.4)."""
    for _ in range(_DEEPEST):
        if "/Resources" in page or not is_holder(entry(page, "/Parent")):
            break
        page = page["/Parent"]
    return part(page, "/Resources")


def _note_group(thing: Any, painted: Painted) -> None:
    """Note the colour space in which a transparency group blends (ISO 32000-2, 11.6.6)."""
    space = part(thing, "/Group").get("/CS")
    if space is None:
        return
    try:
        painted.groups.add(space_of(space, thing.get("/Resources")))
    except OddError as odd:
        painted.pass_over("", f"a transparency group {odd.why}", odd.which)


@dataclass(frozen=True, slots=True)
class _Pen:
    """What fills or what strokes: a colour space, a colour of it, or a pattern."""

    space: Space = GREY
    colour: Colour = BLACK
    pattern: Any = None


_BLACK: Final = _Pen()


@dataclass(slots=True)
class _State:
    """The graphics state (ISO 32000-2, 8.4), as far as it decides what is seen."""

    ctm: Matrix
    clip: Box
    fill: _Pen = _BLACK
    stroke: _Pen = _BLACK
    line: float = 1.0
    face: Typeface | None = None
    size: float = 0.0
    char_space: float = 0.0
    word_space: float = 0.0
    stretch: float = 100.0
    leading: float = 0.0
    rise: float = 0.0
    mode: float = 0.0

    def copy(self) -> "_State":
        return _State(
            self.ctm, self.clip, self.fill, self.stroke, self.line, self.face, self.size, self.char_space,
            self.word_space, self.stretch, self.leading, self.rise, self.mode,
        )  # fmt: skip


_DEEPEST: Final = 20
"""Forms within forms: more is a file that calls itself."""


class _Painter:
    """Carries out one stream and the forms in it."""

    def __init__(
        self, painted: Painted, library: Library, resources: Any, mark: Mark, state: _State,
        *, above: frozenset[Key] = frozenset(), loose: bool = False,
    ) -> None:  # fmt: skip
        self._painted = painted
        self._library = library
        self._resources = resources
        self._base = state.ctm
        self._above = above
        self._loose = loose
        self._state = state
        self._kept: list[_State] = []
        self._marks: list[Mark] = [mark]
        self._parts: list[list[tuple[float, float]]] = []
        self._clips = False
        self._text: Matrix = IDENTITY
        self._line: Matrix = IDENTITY
        self._faces: dict[str, Typeface] = {}

    def carry_out(self, wanted: Sequence[Instruction]) -> None:
        """Carry out instructions one by one; a state that is not restored ends with the stream."""
        for operator, operands, odd in wanted:
            if odd or operands is None:
                self._painted.pass_over(*_reproach(operator, odd))
                if operands is None:
                    continue
            try:
                _DO[operator](self, *operands)
            except OddError as error:
                self._painted.pass_over(operator, error.why, error.which)
            except BROKEN as error:
                self._painted.pass_over(operator, "uses what cannot be unpacked", plain(str(error)))
            except Exception as error:  # a fault of ours: it is told as such, and the rest of the page is looked at
                self._painted.stumbled.setdefault(where(error), operator)

    def _inside(self, stream: Any, painted: Painted, resources: Any, mark: Mark, state: _State, *, loose: bool) -> None:
        """Carry out a stream that this one calls.

        Raises:
            OddError: the stream is carried out already, or the calls are too deep.
        """
        key = key_of(stream)
        if key in self._above or len(self._above) >= _DEEPEST:
            raise OddError("calls what calls it again, without end")
        painter = _Painter(painted, self._library, resources, mark, state, above=self._above | {key}, loose=loose)
        painter.carry_out(self._library.instructions(stream))

    def _resource(self, kind: str, name: Any) -> Any:
        found = entry(part(self._resources, kind), name)
        if found is None:
            raise OddError("names what is not there", f"{spelt(name)} in {kind}")
        return found

    def _holder(self, kind: str, name: Any) -> Any:
        """Return a dictionary or stream among the resources."""
        found = self._resource(kind, name)
        if not is_holder(found):
            raise OddError("names what is of another kind", f"{spelt(name)} in {kind}")
        return found

    # Graphics state

    def set(self, name: str, value: Any) -> None:
        setattr(self._state, name, value)

    def save(self) -> None:
        self._kept.append(self._state.copy())

    def restore(self) -> None:
        if self._kept:
            self._state = self._kept.pop()

    def transform(self, *matrix: float) -> None:
        self._state.ctm = times(_sane(matrix), self._state.ctm)

    def set_several(self, name: Any) -> None:
        given = self._holder("/ExtGState", name)
        if "/LW" in given:
            self._state.line = number(given["/LW"], 1.0)
        match listed(given, "/Font"):
            case [font, size] if is_holder(font):
                self._state.face, self._state.size = self._library.face(font), number(size)
        mask = part(given, "/SMask").get("/G")
        if isinstance(mask, pikepdf.Stream) and key_of(mask) not in self._painted.masks:
            self._carry_out_mask(mask)

    def _carry_out_mask(self, group: Any) -> None:
        """Carry out a soft mask's group apart from the page: it leaves no ink, but has colours and fonts (11.6.5.2)."""
        apart = self._painted.masks[key_of(group)] = Painted()
        inside = _Painter(
            apart, self._library, self._resources, self._marks[-1], self._state.copy(), above=self._above, loose=True
        )
        inside._carry_out_form(group)

    # Colour

    def take_space(self, pen: str, name: Any) -> None:
        space = space_of(name, self._resources)
        setattr(self._state, pen, _Pen(space, first_colour(space)))

    def take_colour(self, pen: str, *parts: Any) -> None:
        space = getattr(self._state, pen).space
        if not isinstance(parts[-1], float):
            found = _Pen(space, Colour(Kind.PATTERN, ()), self._holder("/Pattern", parts[-1]))
        elif space.kind is Kind.PATTERN:
            raise OddError("has operands that it does not take", " ".join(f"{one:g}" for one in parts))
        else:
            found = _Pen(space, colour(space, parts))
        setattr(self._state, pen, found)

    def _carry_out_pattern(self, pen: _Pen) -> None:
        """Carry out a tiling pattern once, or note a shading's colours: where they fall is not followed (8.7)."""
        if pen.pattern is None:
            return
        if pen.pattern.get("/PatternType", 1) == 2:
            self._shade(pen.pattern.get("/Shading"))
            return
        if not isinstance(pen.pattern, pikepdf.Stream):
            raise OddError("paints with a pattern that paints nothing")
        state = _State(times(_matrix_of(pen.pattern), self._base), EVERYWHERE)
        own = part(pen.pattern, "/Resources") or self._resources
        self._inside(pen.pattern, self._painted, own, self._marks[-1], state, loose=True)

    def shade(self, name: Any) -> None:
        self._shade(self._resource("/Shading", name))

    def _shade(self, shading: Any) -> None:
        space = space_of(entry(shading, "/ColorSpace"), self._resources)
        for shown in [colour(space, end) for end in _ends(shading)] or [first_colour(space)]:
            self._paint_shape(self._state.clip, shown, -1.0)

    # Paths

    def begin(self, x: float, y: float) -> None:
        self._parts.append([(x, y)])

    def go_on(self, *numbers: float) -> None:
        if not self._parts:
            self._parts.append([])
        self._parts[-1] += zip(numbers[::2], numbers[1::2], strict=True)

    def rectangle(self, x: float, y: float, width: float, height: float) -> None:
        self._parts.append([(x, y), (x + width, y + height), (x + width, y), (x, y + height)])

    def clip(self) -> None:
        self._clips = True

    def end_path(self, *, fills: bool = False, strokes: bool = False) -> None:
        boxes = [around(points, self._state.ctm) for points in self._parts if len(points) > 1]
        if fills:
            self._fill(boxes)
        if strokes:
            self._stroke(boxes)
        if self._clips:
            corners = [corner for box in boxes for corner in (box[:2], box[2:])] or [(0.0, 0.0)]
            self._state.clip = self._state.clip.cut(around(corners))
        self._clips = False
        self._parts = []

    def _fill(self, boxes: Sequence[Box]) -> None:
        pen = self._state.fill
        self._carry_out_pattern(pen)
        for box in boxes:
            cut = box.cut(self._state.clip)
            if _is_left(cut, box):
                self._paint_shape(cut, pen.colour, -1.0)

    def _stroke(self, boxes: Sequence[Box]) -> None:
        pen = self._state.stroke
        self._carry_out_pattern(pen)
        width = self._state.line * scale_of(self._state.ctm)
        for box in boxes:
            cut = box.grown(width / 2).cut(self._state.clip)
            if cut.thickness >= 0:
                self._paint_shape(cut, pen.colour, width)

    def _paint_shape(self, box: Box, shown: Colour, width: float) -> None:
        self._painted.shapes.append(Shape(box, shown, width, self._marks[-1], self._loose))

    # Text

    def begin_text(self) -> None:
        self._text = self._line = IDENTITY

    def take_face(self, name: Any, size: float) -> None:
        self._state.face, self._state.size = _STAND_IN, size
        found = self._faces.get(spelt(name))
        if found is None:
            found = self._faces[spelt(name)] = self._library.face(self._holder("/Font", name))
        self._state.face = found

    def move(self, x: float, y: float) -> None:
        self._text = self._line = times((1, 0, 0, 1, x, y), self._line)

    def move_and_lead(self, x: float, y: float) -> None:
        self._state.leading = -y
        self.move(x, y)

    def next_line(self) -> None:
        self.move(0, -self._state.leading)

    def place_text(self, *matrix: float) -> None:
        self._text = self._line = _sane(matrix)

    def show(self, string: bytes) -> None:
        self.show_parts([string])

    def show_on_next_line(self, string: bytes) -> None:
        self.next_line()
        self.show(string)

    def show_spaced(self, word_space: float, char_space: float, string: bytes) -> None:
        self._state.word_space, self._state.char_space = word_space, char_space
        self.show_on_next_line(string)

    def show_parts(self, parts: Sequence[Any]) -> None:
        """Show strings with the kerns between them, which are thousandths of an em to the left (9.4.3)."""
        state = self._state
        if state.face is None:
            state.face = _STAND_IN
            self._painted.pass_over("Tf", "is missing: text is shown before there is a font")
        said = state.face.read(b"".join([one for one in parts if isinstance(one, bytes)]))
        kerns = sum([one for one in parts if isinstance(one, float)]) / 1000
        if any(not isinstance(one, bytes | float) for one in parts):
            self._painted.pass_over("TJ", "shows what is neither text nor a number")
        spaces = said.glyphs * state.char_space + said.spaces * state.word_space
        advance = ((said.width - kerns) * state.size + spaces) * state.stretch / 100
        if said.glyphs:
            self._paint_run(said, state.face, advance)
        self._text = times((1, 0, 0, 1, advance, 0), self._text)

    def _paint_run(self, said: DecodedString, face: Typeface, advance: float) -> None:
        state = self._state
        matrix = times(self._text, state.ctm)
        a, b, c, d, e, f = matrix
        start = (c * state.rise + e, d * state.rise + f)
        end = (a * advance + start[0], b * advance + start[1])
        size = abs(state.size) * scale_of(matrix)
        pen = state.stroke if state.mode in (1, 5) else state.fill
        self._carry_out_pattern(pen)
        height = hypot(c, d) or 1.0
        shown = state.mode not in (3, 7) and around((start, end)).grown(0.01).meets(state.clip.grown(size))
        across = (c / height, d / height)
        run = GlyphRun(said, face, size, start, end, across, pen.colour, shown, self._marks[-1])
        self._painted.runs.append(run)

    # Marked content

    def mark(self, tag: Any, properties: Any = None) -> None:
        outer = self._marks[-1]
        artifact = outer.artifact or tag == "/Artifact"
        self._marks.append(Mark(outer.owner, outer.mcid, artifact))  # whatever follows: EMC ends it
        if isinstance(properties, pikepdf.Name):
            properties = self._resource("/Properties", properties)
        mcid = entry(properties, "/MCID")
        if isinstance(mcid, int):
            self._marks[-1] = Mark(outer.owner, mcid, artifact)

    def unmark(self) -> None:
        if len(self._marks) > 1:
            self._marks.pop()

    # Forms and pictures

    def call(self, name: Any) -> None:
        thing = self._holder("/XObject", name)
        if thing.get("/Subtype") == "/Image":
            stencil = bool(thing.get("/ImageMask", False))
            self._paint_picture(thing, spelt(name), thing.get("/ColorSpace"), stencil=stencil)
        elif thing.get("/Subtype") == "/Form" and isinstance(thing, pikepdf.Stream):
            self._carry_out_form(thing)

    def paint_inline(self, image: pikepdf.PdfInlineImage) -> None:
        space = image.obj.get("/ColorSpace", image.obj.get("/CS"))
        stencil = bool(image.obj.get("/ImageMask", image.obj.get("/IM", False)))
        self._paint_picture(image, "in the page's own content", space, stencil=stencil)

    def _paint_picture(self, image: Any, name: str, space: Any, *, stencil: bool) -> None:
        box = placed(Box(0, 0, 1, 1), self._state.ctm).cut(self._state.clip)
        if box.thickness <= 0:
            return
        if stencil:  # it lets the fill colour through (8.9.6.2)
            self._paint_shape(box, self._state.fill.colour, -1.0)
        own = None
        try:
            own = None if stencil or space is None else space_of(space, self._resources)
        finally:  # a picture of a colour space that is not known is a picture still
            picture = Picture(box, sides_of(self._state.ctm), image, own, self._marks[-1], self._loose, name)
            self._painted.pictures.append(picture)

    def _carry_out_form(self, form: Any) -> None:
        _note_group(form, self._painted)
        state = self._state.copy()
        state.ctm = times(_matrix_of(form), state.ctm)
        box = numbers(form.get("/BBox"), 4)
        if box is None:
            raise OddError("calls a form without a box", "/BBox")
        state.clip = placed(Box(*box), state.ctm).cut(state.clip)
        mark = self._marks[-1]
        if "/StructParents" in form:  # its marks are numbered by itself (14.7.5.4)
            mark = Mark(form.objgen, -1, mark.artifact)
        own = part(form, "/Resources") if "/Resources" in form else self._resources
        self._inside(form, self._painted, own, mark, state, loose=self._loose)


_LATIN: Final = pikepdf.Dictionary(Encoding=pikepdf.Name.WinAnsiEncoding)
_STAND_IN: Final = replace(typeface(_LATIN), embedded=True, subset=True)
"""What a viewer takes where a font is not there: that it is missing is told once, as what it is."""


def _reproach(operator: str, odd: str) -> tuple[str, str, str]:
    """Say of an instruction what is wrong with it: operator, why, example."""
    if operator == UNKNOWN:
        return odd, "is no operator", ""
    if operator == END:
        return "", "the content ends in the middle", ""
    return operator, "has operands that it does not take", odd


_DUST: Final = 0.02
"""pt of a filled area that a clip leaves by rounding, where the two only touch."""


def _is_left(cut: Box, whole: Box) -> bool:
    """Tell whether a clip leaves something of a filled area: a thin line is left, the edge of a neighbour is not."""
    return cut.thickness > 0 and (cut.thickness > _DUST or whole.thickness <= _DUST)


def _matrix_of(thing: Any) -> Matrix:
    """Return the /Matrix of a form or pattern; what is none changes nothing."""
    found = numbers(thing.get("/Matrix"), 6)
    return IDENTITY if found is None else _sane(found)


def _sane(given: Sequence[float]) -> Matrix:
    """Return six numbers as a matrix.

    Raises:
        OddError: it moves everything beyond all measure: there is nothing to see, and nothing to reckon with.
    """
    a, b, c, d, e, f = given
    if max(map(abs, given)) > _FARTHEST:
        raise OddError("has operands that it does not take", " ".join(f"{one:g}" for one in given))
    return a, b, c, d, e, f


_FARTHEST: Final = 1e9
"""pt, and times: with larger numbers the sums end at infinity where forms stand in forms."""


def _ends(shading: Any) -> list[list[float]]:
    """Return the colours between which a shading runs, where its function tells them (7.10.3, 7.10.4)."""
    function = part(shading, "/Function")
    pieces = listed(function, "/Functions") or [function]
    ends = [values(listed(piece, key)) for piece in pieces for key in ("/C0", "/C1")]
    return [end for end in ends if end and all(isinstance(one, float) for one in end)]


# Operators


def _set(name: str) -> Callable[..., None]:
    return lambda painter, value: painter.set(name, value)


def _end(*, fills: bool = False, strokes: bool = False) -> Callable[..., None]:
    return lambda painter: painter.end_path(fills=fills, strokes=strokes)


def _take(pen: str, space: Space) -> Callable[..., None]:
    return lambda painter, *parts: painter.set(pen, _Pen(space, Colour(space.kind, parts)))


def _take_space(pen: str) -> Callable[..., None]:
    return lambda painter, name: painter.take_space(pen, name)


def _take_colour(pen: str) -> Callable[..., None]:
    return lambda painter, *parts: painter.take_colour(pen, *parts)


_PAINTS: Final = {
    "n": _end(),
    **dict.fromkeys(("S", "s"), _end(strokes=True)),
    **dict.fromkeys(("f", "F", "f*"), _end(fills=True)),
    **dict.fromkeys(("B", "B*", "b", "b*"), _end(fills=True, strokes=True)),
}
_COLOURS: Final = {
    "g": _take("fill", GREY), "rg": _take("fill", RGB), "k": _take("fill", CMYK),
    "G": _take("stroke", GREY), "RG": _take("stroke", RGB), "K": _take("stroke", CMYK),
    "cs": _take_space("fill"), "sc": _take_colour("fill"), "scn": _take_colour("fill"),
    "CS": _take_space("stroke"), "SC": _take_colour("stroke"), "SCN": _take_colour("stroke"),
}  # fmt: skip
_TEXT: Final[Mapping[str, Callable[..., None]]] = {
    "BT": _Painter.begin_text, "Tf": _Painter.take_face, "Td": _Painter.move,
    "TD": _Painter.move_and_lead, "Tm": _Painter.place_text, "T*": _Painter.next_line, "Tj": _Painter.show,
    "TJ": _Painter.show_parts, "'": _Painter.show_on_next_line, '"': _Painter.show_spaced,
    "Tc": _set("char_space"), "Tw": _set("word_space"), "Tz": _set("stretch"), "TL": _set("leading"),
    "Ts": _set("rise"), "Tr": _set("mode"),
}  # fmt: skip
_DO: Final[Mapping[str, Callable[..., None]]] = {
    "q": _Painter.save, "Q": _Painter.restore, "cm": _Painter.transform, "w": _set("line"),
    "gs": _Painter.set_several, "Do": _Painter.call, "sh": _Painter.shade, INLINE_IMAGE: _Painter.paint_inline,
    "m": _Painter.begin, "l": _Painter.go_on, "c": _Painter.go_on, "v": _Painter.go_on, "y": _Painter.go_on,
    "re": _Painter.rectangle, "W": _Painter.clip, "W*": _Painter.clip,
    "BMC": _Painter.mark, "BDC": _Painter.mark, "EMC": _Painter.unmark,
    **_PAINTS, **_COLOURS, **_TEXT,
}  # fmt: skip
