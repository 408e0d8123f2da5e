"""Cut spreads into pages: a page that is twice as wide as the cover becomes its left and its right half.

Facing pages are typeset as spreads, so that two texts keep step across the fold; a booklet, and a reader on a screen,
need pages. Each half gets its own content, with only what shows on it: text goes where it begins, and never to both;
a drawing that crosses the fold goes to both, and the page's edge cuts it off. Tags, links, destinations and the outline
follow what they belong to. Lengths are points. Nothing here knows fonts: a text that runs over the fold stays whole on
its own half and stands over that page's edge, where the completeness check finds it.

Sources: ISO 32000-2, 7.8.2 (content streams), 8.4 (graphics state), 8.7.3 (patterns), 9.4 (text objects),
12.3.2 (destinations), 14.6 (marked content), 14.7 (logical structure).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import IntFlag
from io import BytesIO
from typing import Any, Final, NamedTuple, TypeAlias

import pikepdf
from pikepdf import Array, Dictionary, Matrix, Name

HAIR_PT: Final = 0.05
"""How far a drawing may reach over the fold and still lie on one half: less than a printer's dot."""

ROUNDING_PT: Final = 0.1
"""Lengths that differ by less are the same."""

Instruction: TypeAlias = pikepdf.ContentStreamInstruction | pikepdf.ContentStreamInlineImage


class Half(IntFlag):
    """The halves of a spread on which something shows."""

    NONE = 0
    LEFT = 1
    RIGHT = 2
    BOTH = 3


def cut_spreads(pdf: bytes) -> bytes:
    """Cut every page that is twice as wide as the first into two; all other pages stay as they are.

    Both halves begin at 0 0. Structure elements name the page that holds their contents; the parent tree, links, named
    and other destinations, and page labels are brought up to date. The same input gives the same bytes.

    Raises:
        ValueError: A spread's page boxes differ (a bleed) or do not begin at 0 0, a transparent group of text
            crosses the fold, or a mark is not in its page's own content; the message names the page.
    """
    with pikepdf.open(BytesIO(pdf)) as document:
        pages = list(document.pages)
        cuts = [_cut(document, page, number) for number, page in enumerate(pages, 1) if _is_spread(page, pages[0])]
        if not cuts:
            return pdf
        spreads = {cut.left.objgen: cut for cut in cuts}
        _relabel(document, spreads)
        for before, cut in enumerate(cuts):
            document.pages.insert(cut.number + before, pikepdf.Page(cut.right))
        _move_destinations(document, spreads)
        _retag(document, spreads)
        return _saved(document)


def _is_spread(page: pikepdf.Page, cover: pikepdf.Page) -> bool:
    (width, height), (own_width, own_height) = _size(cover), _size(page)
    return abs(own_width - 2 * width) < ROUNDING_PT and abs(own_height - height) < ROUNDING_PT


def _size(page: pikepdf.Page) -> tuple[float, float]:
    box = pikepdf.Rectangle(page.trimbox)
    return float(box.width), float(box.height)


def _saved(document: pikepdf.Pdf) -> bytes:
    output = BytesIO()
    document.save(
        output,
        min_version=document.pdf_version,
        deterministic_id=True,
        compress_streams=True,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
    )
    return output.getvalue()


# Where an operator paints


class Box(NamedTuple):
    """A rectangle with its sides along the page's, in pt: a text's is the point at which it begins."""

    left: float
    bottom: float
    right: float
    top: float

    def with_(self, other: "Box") -> "Box":
        """Give the smallest box around both."""
        return Box(*map(min, self[:2], other[:2]), *map(max, self[2:], other[2:]))

    def within(self, other: "Box") -> "Box | None":
        """Give what both boxes cover, None where that is nothing."""
        shared = Box(*map(max, self[:2], other[:2]), *map(min, self[2:], other[2:]))
        return shared if shared.left <= shared.right and shared.bottom <= shared.top else None


def _around(matrix: Matrix, points: Iterable[tuple[float, float]]) -> Box:
    moved = [matrix.transform(point) for point in points]
    xs, ys = [float(x) for x, _ in moved], [float(y) for _, y in moved]
    return Box(min(xs), min(ys), max(xs), max(ys))


def _corners(box: Sequence[float]) -> tuple[tuple[float, float], ...]:
    left, bottom, right, top = box
    return ((left, bottom), (right, bottom), (right, top), (left, top))


_UNIT: Final = (0.0, 0.0, 1.0, 1.0)
_EVERYWHERE: Final = Box(-1e9, -1e9, 1e9, 1e9)


class Paint(NamedTuple):
    """What an operator puts on the page: where, and whether it is text."""

    box: Box
    text: bool = False


@dataclass(frozen=True, slots=True)
class _State:
    """What ``q`` saves and ``Q`` brings back, as far as it decides where something shows."""

    ctm: Matrix
    clip: Box = _EVERYWHERE
    line: float = 1.0


_PATH: Final = frozenset({"m", "l", "c", "v", "y", "re", "h"})
_CLIP: Final = frozenset({"W", "W*"})
_FILL: Final = frozenset({"f", "F", "f*"})
_STROKE: Final = frozenset({"S", "s", "B", "B*", "b", "b*"})
_SHOW: Final = frozenset({"Tj", "TJ", "'", '"'})
_PLACE: Final = frozenset({"Td", "TD", "Tm", "T*"})
"""Operators that are only allowed between BT and ET and mean nothing behind it (ISO 32000-2, table 106)."""


class Pen:
    """Follows the graphics state through a content stream and says where each operator paints."""

    def __init__(self, resources: Any, ctm: Matrix | None = None, clip: Box = _EVERYWHERE) -> None:
        """Begin a content stream: a page's, or a form's with the matrix and the clip with which it is drawn."""
        self._resources = resources
        self._state = _State(Matrix() if ctm is None else ctm, clip)
        self._saved: list[_State] = []
        self._path: Box | None = None
        self._clips = False
        self._line = Matrix()
        self._leading = 0.0

    def paints(self, operator: str, operands: Any) -> tuple[Paint, ...]:
        """Carry out an operator; give what it puts on the page. A form gives each of its parts."""
        if operator in _PATH:
            self._extend(operator, [float(number) for number in operands])
        elif operator in _CLIP:
            self._clips = True
        elif operator in _FILL or operator in _STROKE or operator == "n":
            return self._finish(operator)
        elif operator in _SHOW:
            return self._show(operator)
        elif operator in ("Do", "INLINE IMAGE", "sh"):
            return self._place(operator, operands)
        elif operator in _MOVES:
            _MOVES[operator](self, operands)
        return ()

    def _extend(self, operator: str, numbers: list[float]) -> None:
        if operator == "re":
            x, y, width, height = numbers
            points = _corners((x, y, x + width, y + height))
        else:
            points = tuple(zip(numbers[::2], numbers[1::2], strict=True))
        if points:
            box = _around(self._state.ctm, points)
            self._path = box if self._path is None else self._path.with_(box)

    def _finish(self, operator: str) -> tuple[Paint, ...]:
        """End a path: paint it, then make it the clip if W said so (ISO 32000-2, 8.5.4)."""
        path, clips = self._path, self._clips
        self._path, self._clips = None, False
        if path is None:
            return ()
        painted = () if operator == "n" else self._seen(self._inked(path) if operator in _STROKE else path)
        if clips:
            shared = path.within(self._state.clip)
            self._state = replace(self._state, clip=shared or Box(*path[:2], *path[:2]))
        return painted

    def _inked(self, path: Box) -> Box:
        """Widen a path by half of its line, which is as wide as the matrix makes it."""
        a, b, c, d = (abs(float(value)) for value in self._state.ctm.shorthand[:4])
        x, y = self._state.line / 2 * (a + c), self._state.line / 2 * (b + d)
        return Box(path.left - x, path.bottom - y, path.right + x, path.top + y)

    def _seen(self, box: Box) -> tuple[Paint, ...]:
        shared = box.within(self._state.clip)
        return (Paint(shared),) if shared else ()

    def _show(self, operator: str) -> tuple[Paint, ...]:
        """Say where a text begins. It is never clipped away: a text may be hidden, but not lost."""
        if operator in "'\"":
            self._down()
        return (Paint(_around(self._line @ self._state.ctm, [(0, 0)]), text=True),)

    def _place(self, operator: str, operands: Sequence[Any]) -> tuple[Paint, ...]:
        form = self._resources.XObject[str(operands[0])] if operator == "Do" else None
        if form is not None and form.Subtype == Name.Form:
            return tuple(self._inside(form))
        return self._seen(self._state.clip if operator == "sh" else _around(self._state.ctm, _corners(_UNIT)))

    def _inside(self, form: Any) -> Iterator[Paint]:
        """Give what a form paints: a transparent group's box is often the whole page, whatever is in it."""
        ctm = Matrix(form.get(Name.Matrix, Array([1, 0, 0, 1, 0, 0]))) @ self._state.ctm
        clip = _around(ctm, _corners([float(number) for number in form.BBox])).within(self._state.clip)
        pen = Pen(form.get(Name.Resources, self._resources), ctm, clip or Box(0, 0, 0, 0))
        for instruction in pikepdf.parse_content_stream(form):
            yield from pen.paints(str(instruction.operator), instruction.operands)

    def _save(self, _operands: Sequence[Any]) -> None:
        self._saved.append(self._state)

    def _restore(self, _operands: Sequence[Any]) -> None:
        self._state = self._saved.pop()

    def _transform(self, operands: Sequence[Any]) -> None:
        self._state = replace(self._state, ctm=Matrix(*map(float, operands)) @ self._state.ctm)

    def _set_line(self, operands: Sequence[Any]) -> None:
        self._state = replace(self._state, line=float(operands[0]))

    def _begin_text(self, _operands: Sequence[Any]) -> None:
        self._line = Matrix()

    def _set_text(self, operands: Sequence[Any]) -> None:
        self._line = Matrix(*map(float, operands))

    def _move_text(self, operands: Sequence[Any]) -> None:
        self._line = Matrix(1, 0, 0, 1, float(operands[0]), float(operands[1])) @ self._line

    def _move_and_lead(self, operands: Sequence[Any]) -> None:
        self._leading = -float(operands[1])
        self._move_text(operands)

    def _set_leading(self, operands: Sequence[Any]) -> None:
        self._leading = float(operands[0])

    def _down(self, _operands: Sequence[Any] = ()) -> None:
        self._move_text((0, -self._leading))


_MOVES: Final[Mapping[str, Callable[[Pen, Sequence[Any]], None]]] = {
    "q": Pen._save,
    "Q": Pen._restore,
    "cm": Pen._transform,
    "w": Pen._set_line,
    "BT": Pen._begin_text,
    "Tm": Pen._set_text,
    "Td": Pen._move_text,
    "TD": Pen._move_and_lead,
    "TL": Pen._set_leading,
    "T*": Pen._down,
}


# The content of a page as a tree


@dataclass(slots=True)
class _Part:
    """A part of a content stream: one operator with its path, or what stands between two brackets.

    ``halves`` says where it paints. An operator that only sets something paints nowhere and is kept wherever its
    bracket is kept: ``sets``. ``mark`` is the MCID of a marked content, ``box`` where that shows.
    """

    instructions: list[Instruction]
    halves: Half = Half.NONE
    sets: bool = False
    bracket: str = ""
    mark: int | None = None
    box: Box | None = None
    parts: list["_Part"] = field(default_factory=list)

    @property
    def places(self) -> bool:
        """Say whether it only moves to where the next text begins."""
        return str(self.instructions[-1].operator) in _PLACE


_CLOSES: Final = {"q": "Q", "BT": "ET", "BDC": "EMC", "BMC": "EMC"}


class _Planner:
    """Reads a spread's content into parts and says for each on which half it shows."""

    def __init__(self, page: pikepdf.Page, number: int) -> None:
        self._page, self._number = page, number
        self._resources = page.resources
        self._fold = _size(page)[0] / 2
        self._pen = Pen(self._resources)
        self._path: list[Instruction] = []
        self._open = [_Part([], bracket="page")]
        self._last = Half.LEFT

    def plan(self) -> _Part:
        """Read the whole content."""
        for instruction in pikepdf.parse_content_stream(self._page):
            self._take(instruction)
        if len(self._open) != 1:
            raise ValueError(f"the content of page {self._number} ends inside `{self._open[-1].bracket}`")
        return self._open[0]

    def _take(self, instruction: Instruction) -> None:
        operator = str(instruction.operator)
        paints = self._pen.paints(operator, instruction.operands)
        if operator in _CLOSES:
            mark = self._mark(instruction) if operator == "BDC" else None
            self._open.append(_Part([instruction], bracket=operator, mark=mark))
        elif operator in _CLOSES.values():
            self._close(instruction, operator)
        elif operator in _PATH or operator in _CLIP:
            self._path.append(instruction)
        else:
            self._add(instruction, paints)

    def _add(self, instruction: Instruction, paints: tuple[Paint, ...]) -> None:
        """Add an operator, with the path before it. A clip is kept on both halves, whatever it also paints."""
        clips = any(str(step.operator) in _CLIP for step in self._path)
        ends = bool(self._path) or str(instruction.operator) in _FILL | _STROKE | {"n"}
        draws = bool(paints) or (ends and not clips) or str(instruction.operator) in ("Do", "INLINE IMAGE", "sh")
        part = _Part([*self._path, instruction], self._halves(paints), sets=clips or not draws)
        self._path = []
        self._open[-1].parts.append(part)
        for paint in paints:
            self._widen(paint.box)

    def _widen(self, box: Box) -> None:
        for part in self._open:
            if part.mark is not None:
                part.box = box if part.box is None else part.box.with_(box)

    def _halves(self, paints: Iterable[Paint]) -> Half:
        halves, texts = Half.NONE, False
        for paint in paints:
            halves |= self._half_of_text(paint.box) if paint.text else self._half(paint.box)
            texts = texts or paint.text
        if texts and halves == Half.BOTH:
            raise ValueError(f"a transparent group with text crosses the fold of page {self._number}")
        return halves

    def _half_of_text(self, start: Box) -> Half:
        return Half.LEFT if start.left < self._fold else Half.RIGHT

    def _half(self, box: Box) -> Half:
        left = Half.LEFT if box.left < self._fold - HAIR_PT else Half.NONE
        right = Half.RIGHT if box.right > self._fold + HAIR_PT else Half.NONE
        return (left | right) or Half.BOTH  # a hairline on the fold itself

    def _mark(self, instruction: Instruction) -> int | None:
        properties = self._properties(instruction)
        return int(properties.MCID) if Name.MCID in properties else None

    def _properties(self, instruction: Instruction) -> Any:
        given: Any = instruction.operands[1]
        return self._resources.Properties[str(given)] if isinstance(given, Name) else given

    def _close(self, instruction: Instruction, operator: str) -> None:
        part = self._open.pop()
        if _CLOSES.get(part.bracket) != operator:
            raise ValueError(f"the content of page {self._number} closes `{part.bracket}` with `{operator}`")
        for inner in part.parts:
            part.halves |= inner.halves
        if part.mark is not None and not part.halves:
            part.halves = self._last  # a space between two words: it stays with the text before it
        if part.mark is not None and part.halves != Half.BOTH:
            self._last = part.halves
        part.instructions.append(instruction)
        self._open[-1].parts.append(part)
        self._open[-1].halves |= part.halves


# Writing a half


@dataclass(slots=True)
class _Writer:
    """Writes one half's content and notes its marks: their MCIDs on the spread, in the order of their new ones."""

    half: Half
    shift: float
    patterns: Any
    marks: list[int] = field(default_factory=list)
    used: dict[str, str] = field(default_factory=dict)

    def write(self, whole: _Part) -> bytes:
        """Write what shows on the half, moved so that the half begins at 0 0."""
        content = pikepdf.unparse_content_stream(list(self._inside(whole)))
        if not self.shift:
            return bytes(content)
        return b"q 1 0 0 1 %s 0 cm\n%s\nQ" % (_number(-self.shift).encode(), content)

    def _inside(self, part: _Part, *, placing: bool = True) -> Iterator[Instruction]:
        for inner in part.parts:
            if inner.bracket:
                yield from self._bracket(inner)
            elif self.half in inner.halves or (inner.sets and (placing or not inner.places)):
                yield from map(self._with_pattern, inner.instructions)

    def _bracket(self, part: _Part) -> Iterator[Instruction]:
        """Write a bracket that shows here. Of one that does not, keep what it sets for what comes behind it."""
        if self.half in part.halves:
            first, last = part.instructions
            yield self._remarked(first, part.mark)
            yield from self._inside(part)
            yield last
        elif part.bracket != "q":
            yield from self._inside(part, placing=part.bracket != "BT")

    def _remarked(self, instruction: Instruction, mark: int | None) -> Instruction:
        if mark is None:
            return instruction
        self.marks.append(mark)
        tag, given = instruction.operands[0], instruction.operands[1]
        properties = Dictionary(dict(given.items())) if isinstance(given, Dictionary) else Dictionary()
        properties.MCID = len(self.marks) - 1
        return pikepdf.ContentStreamInstruction([tag, properties], instruction.operator)

    def _with_pattern(self, instruction: Instruction) -> Instruction:
        """Name a pattern's moved copy: patterns lie on the page, not under its matrix (ISO 32000-2, 8.7.3.1)."""
        name = str(instruction.operands[-1]) if str(instruction.operator) in ("scn", "SCN") else ""
        if not self.shift or name not in self.patterns:
            return instruction
        moved = self.used.setdefault(name, f"{name}-{_number(self.shift)}")
        return pikepdf.ContentStreamInstruction([*instruction.operands[:-1], Name(moved)], instruction.operator)


def _number(value: float) -> str:
    return f"{value:.4f}".rstrip("0").rstrip(".")


def _move_patterns(document: pikepdf.Pdf, patterns: Any, used: Mapping[str, str], shift: float) -> None:
    for name, moved in used.items():
        if moved not in patterns:
            patterns[moved] = _moved_pattern(document, patterns[name], shift)


def _moved_pattern(document: pikepdf.Pdf, pattern: Any, shift: float) -> Any:
    entries = {key: value for key, value in pattern.items() if key != "/Length"}
    if isinstance(pattern, pikepdf.Stream):
        copy: Any = document.make_stream(pattern.read_raw_bytes(), entries)
    else:
        copy = document.make_indirect(Dictionary(entries))
    matrix = Matrix(pattern.get(Name.Matrix, Array([1, 0, 0, 1, 0, 0])))
    copy.Matrix = (matrix @ Matrix(1, 0, 0, 1, -shift, 0)).as_array()
    return copy


# Cutting a page


@dataclass(frozen=True, slots=True)
class _Mark:
    """A marked content after the cut: its page, its MCID there, and where it shows on the spread."""

    page: Any
    mcid: int
    box: Box | None


@dataclass(frozen=True, slots=True)
class _Cut:
    """A spread after the cut: its two pages, and what became of each of its marks by their old MCID.

    ``left`` is the spread's own page object, so that what names it goes on naming the left page.
    """

    number: int
    left: Any
    right: Any
    width: float
    marks: Mapping[int, tuple[_Mark, ...]]
    order: tuple[tuple[int, ...], tuple[int, ...]]

    def side(self, x: float) -> tuple[Any, float]:
        """Give the page on which a place of the spread lies, and how far that page's own places are moved."""
        return (self.left, 0.0) if x < self.width else (self.right, self.width)


def _cut(document: pikepdf.Pdf, page: pikepdf.Page, number: int) -> _Cut:
    _refuse_bleed(page, number)
    width, height = _size(page)[0] / 2, _size(page)[1]
    whole = _Planner(page, number).plan()
    patterns = page.resources.get(Name.Pattern, Dictionary())
    writers = (_Writer(Half.LEFT, 0.0, patterns), _Writer(Half.RIGHT, width, patterns))
    contents = [document.make_stream(writer.write(whole)) for writer in writers]
    _move_patterns(document, patterns, writers[1].used, width)
    left, right = page.obj, document.make_indirect(Dictionary(dict(page.obj.items())))
    for half, content in zip((left, right), contents, strict=True):
        half.Contents = content
        _set_boxes(half, width, height)
    _share_annotations(document, left, right, width)
    boxes = dict(_boxes(whole))
    marks: dict[int, tuple[_Mark, ...]] = {}
    for half, writer in zip((left, right), writers, strict=True):
        for mcid, old in enumerate(writer.marks):
            marks[old] = (*marks.get(old, ()), _Mark(half, mcid, boxes[old]))
    return _Cut(number, left, right, width, marks, (tuple(writers[0].marks), tuple(writers[1].marks)))


def _refuse_bleed(page: pikepdf.Page, number: int) -> None:
    media, trim = _floats(page.mediabox), _floats(page.trimbox)
    if media[:2] != [0, 0] or any(abs(a - b) > ROUNDING_PT for a, b in zip(media, trim, strict=True)):
        raise ValueError(f"page {number} is a spread with a bleed: only pages that end at the trim can be cut")


def _floats(box: Any) -> list[float]:
    return [float(value) for value in box]


def _set_boxes(page: Any, width: float, height: float) -> None:
    for key in (Name.MediaBox, Name.CropBox, Name.BleedBox, Name.TrimBox, Name.ArtBox):
        if key in page or key == Name.MediaBox:
            page[key] = Array([0, 0, width, height])


def _boxes(part: _Part) -> Iterator[tuple[int, Box | None]]:
    if part.mark is not None:
        yield part.mark, part.box
    for inner in part.parts:
        yield from _boxes(inner)


def _share_annotations(document: pikepdf.Pdf, left: Any, right: Any, width: float) -> None:
    """Give each half its links and other annotations: the half on which the middle of one lies."""
    shares: tuple[list[Any], list[Any]] = ([], [])
    for annotation in left.get(Name.Annots, ()):
        x1, y1, x2, y2 = _floats(annotation.Rect)
        is_right = (x1 + x2) / 2 >= width
        if is_right:
            annotation.Rect = Array([x1 - width, y1, x2 - width, y2])
        annotation.P = right if is_right else left
        shares[is_right].append(annotation)
    for page, share in zip((left, right), shares, strict=True):
        if Name.Annots in page:
            del page[Name.Annots]
        if share:
            page.Annots = Array(share)


# What points at a page

Spreads: TypeAlias = Mapping[tuple[int, int], _Cut]

_X_AT: Final = {"/XYZ": (2,), "/FitV": (2,), "/FitBV": (2,), "/FitR": (2, 4)}
"""Where a destination's x stands (ISO 32000-2, table 149)."""


def _move_destinations(document: pikepdf.Pdf, spreads: Spreads) -> None:
    root = document.Root
    if Name.Names in root and Name.Dests in root.Names:
        for _, target in pikepdf.NameTree(root.Names.Dests).items():
            _move(target, spreads)
    for holder in (root, *_outline(root.get(Name.Outlines)), *_annotations(document)):
        for key in (Name.Dest, Name.OpenAction, Name.A):
            _move(holder.get(key), spreads)


def _outline(item: Any) -> Iterator[Any]:
    """Give the items below an outline's item."""
    child = item.get(Name.First) if item is not None else None
    while child is not None:
        yield child
        yield from _outline(child)
        child = child.get(Name.Next)


def _annotations(document: pikepdf.Pdf) -> Iterator[Any]:
    for page in document.pages:
        yield from page.obj.get(Name.Annots, ())


def _move(target: Any, spreads: Spreads) -> None:
    """Let a destination, or the action or dictionary that holds one, name the half on which its place lies."""
    while isinstance(target, Dictionary):
        target = target.get(Name.D)
    if not isinstance(target, Array) or not isinstance(target[0], Dictionary) or target[0].objgen not in spreads:
        return
    places = [at for at in _X_AT.get(str(target[1]), ()) if at < len(target) and target[at] is not None]
    if places:
        page, shift = spreads[target[0].objgen].side(float(target[places[0]]))
        target[0] = page
        for at in places:
            target[at] = float(target[at]) - shift


def _relabel(document: pikepdf.Pdf, spreads: Spreads) -> None:
    """Move page labels to where their pages are once each spread is two (ISO 32000-2, 12.4.2)."""
    if Name.PageLabels not in document.Root:
        return
    starts, count = [], 0
    for page in document.pages:
        starts.append(count)
        count += 2 if page.obj.objgen in spreads else 1
    labels = pikepdf.NumberTree(document.Root.PageLabels).items()
    document.Root.PageLabels = _number_tree((starts[index], label) for index, label in labels if index < len(starts))


def _number_tree(entries: Iterable[tuple[int, Any]]) -> Dictionary:
    return Dictionary(Nums=Array([value for entry in entries for value in entry]))


# Tags


def _retag(document: pikepdf.Pdf, spreads: Spreads) -> None:
    """Let the structure tree name the new pages and marks, and make its parent tree anew."""
    tree = document.Root.get(Name.StructTreeRoot)
    if tree is None:
        return
    elements = [found for found in document.objects if _is_element(found)]
    for element in elements:
        _move_kids(element, spreads)
    settled: dict[tuple[int, int], Any] = {}
    for element in elements:
        _settle(element, spreads, settled)
    _grow_parent_tree(document, tree, spreads)


def _is_element(found: Any) -> bool:
    return isinstance(found, Dictionary) and found.get(Name.Type) == Name.StructElem


def _kids(element: Any) -> list[Any]:
    kids = element.get(Name.K, Array())
    return list(kids) if isinstance(kids, Array) else [kids]


def _move_kids(element: Any, spreads: Spreads) -> None:
    """Give an element the marks that its own have become: on its first mark's page a number, elsewhere an MCR."""
    old = element.get(Name.Pg)
    kids = [_moved(kid, old, spreads) for kid in _kids(element)]
    marks = [mark for kid in kids if isinstance(kid, tuple) for mark in kid]
    if not marks:
        return
    if old is None or old.objgen in spreads:
        element.Pg = marks[0].page
    flat = (part for kid in kids for part in (kid if isinstance(kid, tuple) else (kid,)))
    element.K = Array([_kid(part, element.Pg) if isinstance(part, _Mark) else part for part in flat])
    _measure(element, marks)


def _moved(kid: Any, page: Any, spreads: Spreads) -> Any:
    """Give the marks that a mark on a spread has become; an annotation's reference learns its page; all else stays."""
    if isinstance(kid, Dictionary) and kid.get(Name.Type) == Name.OBJR:
        kid.Pg = kid.Obj.get(Name.P, kid.get(Name.Pg))
        return kid
    if isinstance(kid, Dictionary) and kid.get(Name.Type) != Name.MCR:
        return kid
    page, mcid = (kid.get(Name.Pg, page), int(kid.MCID)) if isinstance(kid, Dictionary) else (page, int(kid))
    cut = spreads.get(page.objgen) if page is not None else None
    if cut is None:
        return kid
    if mcid not in cut.marks:
        raise ValueError(f"the mark {mcid} is not in the content of page {cut.number}")
    return cut.marks[mcid]


def _kid(mark: _Mark, page: Any) -> Any:
    return mark.mcid if mark.page.objgen == page.objgen else Dictionary(Type=Name.MCR, Pg=mark.page, MCID=mark.mcid)


def _measure(element: Any, marks: Sequence[_Mark]) -> None:
    """Say anew where a figure stands: its BBox is given on its page (ISO 32000-2, 14.8.5.4.3)."""
    attributes = element.get(Name.A)
    boxes = [mark.box for mark in marks if mark.box is not None]
    if not isinstance(attributes, Dictionary) or Name.BBox not in attributes or not boxes:
        return
    whole = boxes[0]
    for box in boxes[1:]:
        whole = whole.with_(box)
    x = float(element.Pg.MediaBox[2]) if whole.left >= float(element.Pg.MediaBox[2]) - HAIR_PT else 0.0
    attributes.BBox = Array([whole.left - x, whole.bottom, whole.right - x, whole.top])


def _settle(element: Any, spreads: Spreads, settled: dict[tuple[int, int], Any]) -> Any:
    """Let an element without marks of its own name the page of the first that it holds; give that page."""
    if element.objgen not in settled:
        settled[element.objgen] = element.get(Name.Pg)  # a tree that runs in a circle ends here
        kids = [kid for kid in _kids(element) if isinstance(kid, Dictionary)]
        if len(kids) == len(_kids(element)) and Name.Pg in element and element.Pg.objgen in spreads:
            pages = (_settle(kid, spreads, settled) if _is_element(kid) else kid.get(Name.Pg) for kid in kids)
            element.Pg = next((page for page in pages if page is not None), element.Pg)
        settled[element.objgen] = element.get(Name.Pg)
    return settled[element.objgen]


def _grow_parent_tree(document: pikepdf.Pdf, tree: Any, spreads: Spreads) -> None:
    """Number pages, then annotations, and list the elements that hold their contents (ISO 32000-2, 14.7.5.4)."""
    old = dict(pikepdf.NumberTree(tree.ParentTree).items())
    owners: list[Any] = []
    rights = {cut.right.objgen: cut for cut in spreads.values()}
    for page in document.pages:
        cut = spreads.get(page.obj.objgen) or rights.get(page.obj.objgen)
        if Name.StructParents in page.obj:
            listed = old[int(page.obj.StructParents)]
            order = None if cut is None else cut.order[page.obj.objgen in rights]
            page.obj.StructParents = len(owners)
            owners.append(listed if order is None else Array([listed[mcid] for mcid in order]))
    for annotation in _annotations(document):
        if Name.StructParent in annotation:
            owner = old[int(annotation.StructParent)]
            annotation.StructParent = len(owners)
            owners.append(owner)
    tree.ParentTree = document.make_indirect(_number_tree(enumerate(owners)))
    if Name.ParentTreeNextKey in tree:
        tree.ParentTreeNextKey = len(owners)
