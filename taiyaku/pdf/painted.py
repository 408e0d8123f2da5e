"""What is painted on a page: runs of text, shapes and pictures, each with its place, size, colour and mark.

Places are pt in the page's own user space, so that they are held against its boxes.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from taiyaku.pdf.colour import Colour, Space
from taiyaku.pdf.fonts import DecodedString, Typeface
from taiyaku.pdf.geometry import Box, around

Key = tuple[int, int]
"""An object's number and generation."""

NOWHERE: Final[Key] = (0, 0)
"""The key of what is no object of its own."""


class Mark(NamedTuple):
    """The marked content that something stands in: the stream that numbers it, its MCID, whether it is an artifact."""

    owner: Key
    mcid: int = -1
    artifact: bool = False


class GlyphRun(NamedTuple):
    """A string of text as it is painted.

    Attributes:
        size: Its type size on the page in pt.
        start, end: Its origin, and the point behind its last glyph, both on the baseline.
        across: The unit vector that points upwards from the baseline.
        shown: Whether it leaves anything on the page: it is not invisible and not clipped away.
    """

    said: DecodedString
    face: Typeface
    size: float
    start: tuple[float, float]
    end: tuple[float, float]
    across: tuple[float, float]
    colour: Colour
    shown: bool
    mark: Mark

    @property
    def box(self) -> Box:
        """Return the box of its letters, from the baseline to the height of a capital: nothing that may be empty."""
        rise = 0.7 * self.size
        x, y = self.across
        tops = ((self.start[0] + rise * x, self.start[1] + rise * y), (self.end[0] + rise * x, self.end[1] + rise * y))
        return around((self.start, self.end, *tops))


class Shape(NamedTuple):
    """A part of a path as it is painted.

    Attributes:
        box: Its box inside its clip.
        width: How wide its line is in pt; -1 where it is filled.
        loose: Whether it is in a pattern: its place is not known.
    """

    box: Box
    colour: Colour
    width: float
    mark: Mark
    loose: bool


class Picture(NamedTuple):
    """An image as it is painted.

    Attributes:
        box: Its box inside its clip.
        sides: The lengths of its lower and its left side in pt, before it is clipped.
        image: The image itself, as pikepdf gives it.
        space: Its colour space; None of a stencil, which is painted in the fill colour (and is a shape too).
        loose: Whether it is in a pattern: its place is not known.
        name: Its name among the resources, as a message says it.
    """

    box: Box
    sides: tuple[float, float]
    image: Any
    space: Space | None
    mark: Mark
    loose: bool
    name: str = ""


class Odd(NamedTuple):
    """An operator that cannot be carried out as it stands; a viewer passes over it.

    Attributes:
        operator: Its name; empty where it is no single one.
        why: What is wrong, as the end of a sentence that begins with the operator.
    """

    operator: str
    why: str


@dataclass(frozen=True, slots=True)
class Painted:
    """What a page's streams paint, in the order of painting, and the spaces in which transparency groups blend.

    Attributes:
        masks: What the groups of soft masks paint, by their objects. None of it is ink on the page (11.6.5.2).
        odd: What was passed over, and how often; ``examples`` has the first of each.
        stumbled: Where in our program an operator came to a fault of ours, and which.
    """

    runs: list[GlyphRun] = field(default_factory=list)
    shapes: list[Shape] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    groups: set[Space] = field(default_factory=set)
    masks: dict[Key, "Painted"] = field(default_factory=dict)
    odd: Counter[Odd] = field(default_factory=Counter)
    examples: dict[Odd, str] = field(default_factory=dict)
    stumbled: dict[str, str] = field(default_factory=dict)

    def pass_over(self, operator: str, why: str, example: str = "") -> None:
        """Note what cannot be carried out."""
        odd = Odd(operator, why)
        self.odd[odd] += 1
        self.examples.setdefault(odd, example)

    @property
    def hidden(self) -> Iterator["Painted"]:
        """Return what the soft masks paint, and the masks in them."""
        for mask in self.masks.values():
            yield mask
            yield from mask.hidden

    @property
    def faces(self) -> Iterator[Typeface]:
        """Return the typefaces of all text, in soft masks too, each as often as it is used."""
        return (run.face for painted in (self, *self.hidden) for run in painted.runs)
