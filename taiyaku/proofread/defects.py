"""What was to be set, the page it was to be set on, and what can be wrong with it."""

from dataclasses import dataclass, field
from enum import StrEnum

from taiyaku.pdf.geometry import Bounds


@dataclass(frozen=True, slots=True)
class SetText:
    """One block of one language that was to be set.

    Attributes:
        text: Plain text as set; readings stand behind their bases (as ``htmltext.runs`` gives it).
        language: BCP 47, or the typesetter's tag.
        role: "paragraph", "item", "heading", "cell", "phrase" or "label".
        slot: The column: "first", "second" or "solo".
        readings: Base and reading of each ruby in the text, in order.
        foreign: Each stretch of the text that is marked as another language, in order: the stretch, its language.
        telephones: The telephone numbers in the text.
        at: Where it was written, for people.
    """

    text: str
    language: str
    role: str
    slot: str = "solo"
    readings: tuple[tuple[str, str], ...] = ()
    foreign: tuple[tuple[str, str], ...] = ()
    telephones: tuple[str, ...] = field(default=(), compare=False)
    at: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Geometry:
    """A page and its margins in mm; a left-hand page (an even one) has the outer margin at its left.

    ``hang`` is how far a picture, and the labels in it, may reach over the type area at both sides.
    """

    width: float
    height: float
    top: float
    bottom: float
    inner: float
    outer: float
    hang: float = 0.0


class DefectKind(StrEnum):
    """What can be wrong with a line, and how it is counted.

    * KINSOKU, one a line end: in a Chinese, Japanese or Korean text, a line begins with a character that may not begin
      one, or a source's number; a line ends with one that may not end it; a pair (…… ——) or a number with its unit is
      parted (JLReq 3.1.7, 3.1.8, 3.1.10; CLReq 3.1.3).
    * LAST_LINE, one a text: the last of two or more lines of a Chinese, Japanese or Korean text holds fewer than two
      characters besides punctuation and sources' numbers (JLReq 3.1.12; CLReq 3.1.7). Not asked of table cells.
    * WIDOW, ORPHAN, one a text: one single line stands behind, or before, the page's end (CSS Fragmentation 3, 3.3).
    * HEADING, one a heading: no line of a text that follows stands below it on its page.
    * AREA, one a line: a letter stands above or below the type area. Readings may (JLReq 2.5.2).
    * MEASURE, one a line: a line reaches over the type area at a side, or into a line of another text: whatever its
      script, and whether it is a text of the manuscript, a number beside it, or stands in the margin.
    * RUBY, one a reading: it does not stand above its base: on another page, lower or far higher, over 0.6 em beside
      the base's centre, on top of the line above, or missing; or its base or itself is parted (JLReq 3.3.1, 3.3.5).
    * GLYPH, one a text: a character in the form of another region, as a Japanese 直 in Chinese (CLReq 2.1; UTR 50).
    * MISSING, one a text: not in the PDF. DOUBLED, one a text: a long one once more than it was to be set.
    * CLIPPED, one a line: it reaches over the edge of the page.
    * PICTURE, one a picture: it reaches over the edge of the page, or over a text that is no label of its own.
    * TELEPHONE, one a number: a digit of another text, as the number to point at, or a source's number stands beside a
      telephone number, nearer than 2 mm: who dials what is printed there gets somebody else.
    """

    KINSOKU = "kinsoku"
    LAST_LINE = "last-line"
    WIDOW = "widow"
    ORPHAN = "orphan"
    HEADING = "heading-at-foot"
    AREA = "outside-area"
    MEASURE = "over-measure"
    RUBY = "ruby-parted"
    GLYPH = "wrong-glyph"
    MISSING = "missing"
    DOUBLED = "doubled"
    CLIPPED = "clipped"
    PICTURE = "picture-cut"
    TELEPHONE = "beside-telephone"


@dataclass(frozen=True, slots=True)
class Defect:
    """One fault: on which page (from 1; 0 where the text is nowhere), in which text, and where.

    ``at`` says where the text was written; empty for a text, or a picture, that is not known.
    """

    fault: DefectKind
    page: int
    text: str
    language: str
    box: Bounds | None
    at: str = ""
