"""What is made: forms, editions, papers, bindings, publications and documents."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal

from taiyaku.language.tags import direction
from taiyaku.model.content import Manuscript, Role


class Form(StrEnum):
    """What a document is when it is in your hand."""

    BOOKLET = "booklet"
    CHECKLIST = "checklist"


class Binding(StrEnum):
    """On which edge of its front cover a booklet has the spine."""

    LEFT = "left"
    RIGHT = "right"


def binding_of(languages: Sequence[str]) -> Binding:
    """Bind a booklet as its reader reads: at the right where the first language runs from right to left."""
    return Binding.RIGHT if direction(languages[0]) == "rtl" else Binding.LEFT


class Paper(StrEnum):
    """The size of a finished page, upright.

    B sizes are those of JIS P 0138, Japan's office paper, which are larger than ISO's; A sizes are ISO 216, Letter is
    ANSI/ASME Y14.1. Two pages of A5, B6, B5, A4, Letter and half Letter lie on A4, B5, B4, A3, Tabloid and Letter.
    """

    A5 = "a5"
    B6 = "b6"
    B5 = "b5"
    A4 = "a4"
    LETTER = "letter"
    HALF_LETTER = "half-letter"

    @property
    def width(self) -> float:
        """Return the width in mm."""
        return _PAPERS_MM[self][0]

    @property
    def height(self) -> float:
        """Return the height in mm."""
        return _PAPERS_MM[self][1]

    @property
    def office(self) -> "Paper":
        """Return the paper that lies in the printers where this one is used: large print is made on it."""
        return Paper.LETTER if self in (Paper.LETTER, Paper.HALF_LETTER) else Paper.A4

    @property
    def sides(self) -> int:
        """Return how many pages a checklist may fill: one on A4, else front and back; on B6 a sheet folded once."""
        return {Paper.A4: 1, Paper.B6: 4}.get(self, 2)


_PAPERS_MM: Final[Mapping[Paper, tuple[float, float]]] = {
    Paper.A5: (148, 210),
    Paper.B6: (128, 182),
    Paper.B5: (182, 257),
    Paper.A4: (210, 297),
    Paper.LETTER: (215.9, 279.4),
    Paper.HALF_LETTER: (139.7, 215.9),
}
"""Width and height."""


class Edition(StrEnum):
    """For which way of reading a document is made."""

    SCREEN = "screen"
    PRINT = "print"
    PRESS = "press"
    LARGE = "large"


def own_paper(form: "Form", edition: Edition) -> Paper:
    """Return the paper of a document where nobody asks for another: A5 for a booklet, A4 for what is not folded."""
    return Paper.A5 if form is Form.BOOKLET and edition is not Edition.LARGE else Paper.A4


def editions_of(form: "Form") -> tuple[Edition, ...]:
    """Return the editions that a form is made in: only a booklet is printed large."""
    return tuple(edition for edition in Edition if form is Form.BOOKLET or edition is not Edition.LARGE)


@dataclass(frozen=True, slots=True, order=True)
class Publication:
    """One handout in one pair of languages for one host: what is typeset together.

    ``name`` is the guide's own name for a booklet, the checklist's for a checklist; ``paper`` is empty where each of
    its documents stands on its own paper (see ``own_paper``).
    """

    guide: str
    name: str
    form: Form
    languages: tuple[str, ...]
    host: str = ""
    paper: Paper | Literal[""] = ""

    @property
    def binding(self) -> Binding:
        """Return the edge on which the booklet is bound."""
        return binding_of(self.languages)

    def paper_of(self, edition: Edition) -> Paper:
        """Return the paper of one of its documents; large print is made on office paper."""
        own = own_paper(self.form, edition)
        paper = Paper(self.paper) if self.paper else own
        return paper.office if edition is Edition.LARGE else paper

    def is_made_from(self, manuscript: Manuscript) -> bool:
        """Tell whether a manuscript of the same guide goes into the handout."""
        if manuscript.language not in self.languages:
            return False
        if self.form is Form.BOOKLET:
            return manuscript.role is Role.CHAPTER
        return manuscript.role is Role.CHECKLIST and manuscript.name == self.name

    def file_name(self, edition: Edition) -> str:
        """Return the file name that explains itself: ``guide.name_zh-Hans_ja_checklist-screen_letter_host.pdf``.

        The paper is named where it is not the document's own.
        """
        stem = self.guide if self.form is Form.BOOKLET else f"{self.guide}.{self.name}"
        paper = self.paper_of(edition)
        other = [str(paper)] if paper is not own_paper(self.form, edition) else []
        parts = [stem, *self.languages, f"{self.form}-{edition}", *other, *([self.host] if self.host else [])]
        return "_".join(parts) + ".pdf"


@dataclass(frozen=True, slots=True)
class PlacedText:
    """A text in one language where it stands in a document.

    ``at`` says where it was written (``…/zh-Hans/03-x.md:24``), or names a part of the booklet that no author writes
    (``contents``); ``point`` is the number beside it; ``pages`` count from 1.
    """

    at: str
    point: str
    pages: tuple[int, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """A finished file with the facts that the manifest tells, and what stands on which of its pages."""

    title: Publication
    edition: Edition
    heading: str
    pdf: bytes
    pages: int
    sheets: int
    texts: tuple[PlacedText, ...] = ()
