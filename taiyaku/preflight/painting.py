"""A page's content streams → what is painted on it (ISO 32000-2, 8 and 9).

Each stream is parsed once; a form XObject's instructions are kept and carried out as often as they are called (8.10).
A clip is taken as the box around it, a pattern is carried out once, wherever it falls.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import hypot
from typing import Any, Final

import pikepdf

from taiyaku.preflight.geometry import EVERYWHERE, IDENTITY, Box, Matrix, around, placed, scale_of, sides_of, times
from taiyaku.preflight.inks import BLACK, CMYK, GREY, RGB, Colour, Kind, Space, colour, first_colour, space_of
from taiyaku.preflight.objects import listed, part
from taiyaku.preflight.painted import Mark, Painted, Picture, Run, Shape
from taiyaku.preflight.streams import INLINE_IMAGE, Instruction, Library, instructions, values
from taiyaku.preflight.typefaces import Said, Typeface


def paint(page: pikepdf.Page, library: Library) -> Painted:
    """Carry out a page's content streams.

    Raises:
        pikepdf.PdfError: a stream cannot be parsed.
        ValueError: it names what is not there.
    """
    painted = Painted()
    _note_group(page.obj, painted)
    if "/Contents" in page.obj:
        painter = _Painter(painted, library, page.resources, Mark(page.obj.objgen), _State(IDENTITY, EVERYWHERE))
        painter.carry_out(instructions(page))
    return painted


def _note_group(thing: Any, painted: Painted) -> None:
    """Note the colour space in which a transparency group blends (ISO 32000-2, 11.6.6)."""
    space = part(thing, "/Group").get("/CS")
    if space is not None:
        painted.groups.add(space_of(space, thing.get("/Resources")))


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
        *, depth: int = 0, loose: bool = False,
    ) -> None:  # fmt: skip
        if depth > _DEEPEST:
            raise ValueError("forms call each other without end")
        self._painted = painted
        self._library = library
        self._resources = resources
        self._base = state.ctm
        self._depth = depth
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
        for operator, operands in wanted:
            _DO[operator](self, *operands)

    def _inside(self, resources: Any, mark: Mark, state: _State, *, loose: bool) -> "_Painter":
        return _Painter(self._painted, self._library, resources, mark, state, depth=self._depth + 1, loose=loose)

    def _resource(self, kind: str, name: Any) -> Any:
        found = part(self._resources, kind).get(str(name))
        if found is None:
            raise ValueError(f"there is no {name} among the resources ({kind})")
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
        self._state.ctm = times(_matrix(matrix), self._state.ctm)

    def set_several(self, name: Any) -> None:
        given = self._resource("/ExtGState", name)
        if "/LW" in given:
            self._state.line = float(given["/LW"])
        if "/Font" in given:
            self._state.face = self._library.face(given["/Font"][0])
            self._state.size = float(given["/Font"][1])
        mask = part(given, "/SMask").get("/G")
        if mask is not None and mask.objgen not in self._painted.masks:
            self._carry_out_mask(mask)

    def _carry_out_mask(self, group: Any) -> None:
        """Carry out a soft mask's group apart from the page: it leaves no ink, but has colours and fonts (11.6.5.2)."""
        apart = self._painted.masks[group.objgen] = Painted()
        inside = _Painter(
            apart,
            self._library,
            self._resources,
            self._marks[-1],
            self._state.copy(),
            depth=self._depth + 1,
            loose=True,
        )
        inside._carry_out_form(group)

    # Colour

    def take_space(self, pen: str, name: Any) -> None:
        space = space_of(name, self._resources)
        setattr(self._state, pen, _Pen(space, first_colour(space)))

    def take_colour(self, pen: str, *parts: Any) -> None:
        space = getattr(self._state, pen).space
        if parts and isinstance(parts[-1], pikepdf.Name):
            found = _Pen(space, Colour(Kind.PATTERN, ()), self._resource("/Pattern", parts[-1]))
        else:
            found = _Pen(space, colour(space, parts))
        setattr(self._state, pen, found)

    def _carry_out_pattern(self, pen: _Pen) -> None:
        """Carry out a tiling pattern once, or note a shading's colours: where they fall is not followed (8.7)."""
        if pen.pattern is None:
            return
        if int(pen.pattern.get("/PatternType", 1)) == 2:
            self._shade(pen.pattern["/Shading"])
            return
        state = _State(times(_matrix(pen.pattern.get("/Matrix", IDENTITY)), self._base), EVERYWHERE)
        inside = self._inside(pen.pattern.get("/Resources", self._resources), self._marks[-1], state, loose=True)
        inside.carry_out(self._library.instructions(pen.pattern))

    def shade(self, name: Any) -> None:
        self._shade(self._resource("/Shading", name))

    def _shade(self, shading: Any) -> None:
        space = space_of(shading["/ColorSpace"], self._resources)
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
        found = self._faces.get(str(name))
        if found is None:
            found = self._faces[str(name)] = self._library.face(self._resource("/Font", name))
        self._state.face, self._state.size = found, size

    def move(self, x: float, y: float) -> None:
        self._text = self._line = times((1, 0, 0, 1, x, y), self._line)

    def move_and_lead(self, x: float, y: float) -> None:
        self._state.leading = -y
        self.move(x, y)

    def next_line(self) -> None:
        self.move(0, -self._state.leading)

    def place_text(self, *matrix: float) -> None:
        self._text = self._line = _matrix(matrix)

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
            raise ValueError("text is shown before there is a font")
        said = state.face.read(b"".join([one for one in parts if isinstance(one, bytes)]))
        kerns = sum([one for one in parts if not isinstance(one, bytes)]) / 1000
        spaces = said.glyphs * state.char_space + said.spaces * state.word_space
        advance = ((said.width - kerns) * state.size + spaces) * state.stretch / 100
        if said.glyphs:
            self._paint_run(said, state.face, advance)
        self._text = times((1, 0, 0, 1, advance, 0), self._text)

    def _paint_run(self, said: Said, face: Typeface, advance: float) -> None:
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
        run = Run(said, face, size, start, end, across, pen.colour, shown, self._marks[-1])
        self._painted.runs.append(run)

    # Marked content

    def mark(self, tag: Any, properties: Any = None) -> None:
        outer = self._marks[-1]
        if isinstance(properties, pikepdf.Name):
            properties = self._resource("/Properties", properties)
        mcid = properties.get("/MCID") if properties is not None else None
        artifact = outer.artifact or str(tag) == "/Artifact"
        self._marks.append(Mark(outer.owner, outer.mcid if mcid is None else int(mcid), artifact))

    def unmark(self) -> None:
        if len(self._marks) > 1:
            self._marks.pop()

    # Forms and pictures

    def call(self, name: Any) -> None:
        thing = self._resource("/XObject", name)
        if thing.get("/Subtype") == "/Image":
            self._paint_picture(thing, thing.get("/ColorSpace"), stencil=bool(thing.get("/ImageMask", False)))
        elif thing.get("/Subtype") == "/Form":
            self._carry_out_form(thing)

    def paint_inline(self, image: pikepdf.PdfInlineImage) -> None:
        self._paint_picture(image, image.obj.get("/ColorSpace", image.obj.get("/CS")), stencil=image.image_mask)

    def _paint_picture(self, image: Any, space: Any, *, stencil: bool) -> None:
        box = placed(Box(0, 0, 1, 1), self._state.ctm).cut(self._state.clip)
        if box.thickness <= 0:
            return
        if stencil:  # it lets the fill colour through (8.9.6.2)
            self._paint_shape(box, self._state.fill.colour, -1.0)
        own = None if stencil or space is None else space_of(space, self._resources)
        picture = Picture(box, sides_of(self._state.ctm), image, own, self._marks[-1], self._loose)
        self._painted.pictures.append(picture)

    def _carry_out_form(self, form: Any) -> None:
        _note_group(form, self._painted)
        state = self._state.copy()
        state.ctm = times(_matrix(form.get("/Matrix", IDENTITY)), state.ctm)
        state.clip = placed(Box(*(float(edge) for edge in form["/BBox"])), state.ctm).cut(state.clip)
        mark = self._marks[-1]
        if "/StructParents" in form:  # its marks are numbered by itself (14.7.5.4)
            mark = Mark(form.objgen, -1, mark.artifact)
        inside = self._inside(form.get("/Resources", self._resources), mark, state, loose=self._loose)
        inside.carry_out(self._library.instructions(form))


_DUST: Final = 0.02
"""pt of a filled area that a clip leaves by rounding, where the two only touch."""


def _is_left(cut: Box, whole: Box) -> bool:
    """Say whether a clip leaves something of a filled area: a thin line is left, the edge of a neighbour is not."""
    return cut.thickness > 0 and (cut.thickness > _DUST or whole.thickness <= _DUST)


def _matrix(numbers: Any) -> Matrix:
    a, b, c, d, e, f = (float(number) for number in numbers)
    return a, b, c, d, e, f


def _ends(shading: Any) -> list[list[float]]:
    """Give the colours between which a shading runs, where its function tells them (7.10.3, 7.10.4)."""
    function = part(shading, "/Function")
    pieces = listed(function, "/Functions") or [function]
    return [values(piece[key]) for piece in pieces for key in ("/C0", "/C1") if key in piece]


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
