"""The records that the phases hand on. All are frozen: a phase builds the next one, it fills in none."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from string import Formatter
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from taiyaku.findings import Place
from taiyaku.languages import direction


class Record(BaseModel):
    """A record read from TOML: frozen, and an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


def _holding(*names: str) -> Callable[[str], str]:
    """Check of a text that what stands in braces is one of these names: the program puts something in its place."""

    def check(text: str) -> str:
        found = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
        if strange := sorted(found - {*names}):
            raise ValueError(f"`{{{strange[0]}}}` is not known here; write {' or '.join(f'{{{n}}}' for n in names)}")
        return text

    return check


Words = Mapping[str, str]
"""One text a language tag."""


Layout = Literal["auto", "side-by-side", "stacked", "facing"]
"""How two languages stand: side by side, one above the other, or on facing pages; ``auto`` measures the columns."""


class Translation(Record):
    """How far a translation is trusted; printed in the colophon."""

    status: Literal["draft", "reviewed"] = "draft"
    reviewer: str = ""


class Guide(Record):
    """guide.toml."""

    title: Words
    subtitle: Words
    source: str
    languages: tuple[str, ...] = Field(min_length=1)
    pairs: tuple[Annotated[tuple[str, ...], Field(min_length=1, max_length=2)], ...] = Field(min_length=1)
    host_language: str = ""
    version: str
    date: dt.date
    max_source_age_days: int = Field(default=180, gt=0)
    cover: str = ""
    layout: Layout = "auto"
    pages: int | None = Field(default=None, gt=0, multiple_of=4)
    translations: Mapping[str, Translation] = Field(default_factory=dict)

    def good_until(self, source: "Source") -> dt.date:
        """Give the last day on which what a source says may be printed as a fact."""
        days = min(source.good_for or self.max_source_age_days, (dt.date.max - source.checked).days)
        return source.checked + dt.timedelta(days=days)


def is_to_come(day: dt.date, today: dt.date) -> bool:
    """Say whether a day is still to come; one day ahead it has begun somewhere."""
    return (day - today).days > 1


class Source(Record):
    """One entry of sources.toml: where a fact comes from and when it was last checked."""

    title: Words
    publisher: str
    url: str = Field(pattern=r"^https?://\S+$")
    checked: dt.date
    kind: Literal["official", "carrier", "press"]
    good_for: int | None = Field(default=None, gt=0)
    verify: str = ""


class Host(Record):
    """host.toml: who hands the booklet out."""

    name: Words
    desk: Words = Field(default_factory=dict)
    hours: Words = Field(default_factory=dict)
    phone: str = ""
    url: str = ""
    logo: str = ""
    event: Words = Field(default_factory=dict)
    colors: Mapping[Literal["reader", "host"], Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")]] = Field(
        default_factory=dict
    )


class PageWords(Record):
    """The words of the download page; ``pages`` and ``sheets`` hold ``{n}``, ``preview`` holds ``{title}``."""

    choose: str
    skip: str
    version: str
    checked: str
    host: str
    booklet: str
    checklists: str
    file_print: str
    file_checklist: str
    file_screen: str
    file_form: str
    file_read: str
    file_large: str
    file_press: str
    pages: Annotated[str, AfterValidator(_holding("n"))]
    sheet: Annotated[str, AfterValidator(_holding("n"))]
    sheets: Annotated[str, AfterValidator(_holding("n"))]
    preview: Annotated[str, AfterValidator(_holding("title"))]
    pack: str
    how: str
    how_booklet: tuple[str, ...]
    how_checklist: str
    how_large: str
    leaflet: str
    changes: str
    poster: str
    sums: str
    licences: str
    bom: str
    manifest: str


class LeafletWords(Record):
    """The words of the sheet that says how to print, and of the poster that leads to the download page."""

    title: str
    booklet: str
    checklist: str
    large: str
    what: str
    pages: str
    sheets: str
    file: str
    one_first: str
    poster: str
    scan: str


class ReadingWords(Record):
    """The words of the reading edition on the web; ``only`` holds ``{language}``."""

    back: str
    show: str
    both: str
    only: Annotated[str, AfterValidator(_holding("language"))]
    print: str
    checklists: str
    forgets: str


class ChangesWords(Record):
    """The words that say what a release changes; ``since`` names ``{before}`` and ``{now}``.

    ``said`` heads the texts that say something else; ``said_…`` count their paragraphs, or say that a text is new or
    gone; ``unknown`` is said where the last version does not tell what its texts were. A file that was written before
    they were asked for has signs instead, which no language has to translate.
    """

    heading: str
    first: str
    since: Annotated[str, AfterValidator(_holding("before", "now"))]
    none: str
    changed: str
    new: str
    gone: str
    checked: str
    before: str
    now: str
    said: str = "¶"
    said_changed: Annotated[str, AfterValidator(_holding("n"))] = "± {n}"
    said_more: Annotated[str, AfterValidator(_holding("n"))] = "+ {n}"
    said_less: Annotated[str, AfterValidator(_holding("n"))] = "− {n}"
    said_new: str = "+"
    said_gone: str = "−"
    unknown: str = "¶ ?"


class ReprintWords(Record):
    """The words that say which sheets must be printed again; numbers stand for what is in braces.

    ``heading`` names ``{before}`` and ``{now}``; ``again`` ``{sheets}`` and ``{total}``, ``stay`` and ``foot``
    ``{sheets}``; ``sheet`` ``{sheet}``, the booklet's ``{pages}``, and the file's ``{sides}``.
    """

    link: str
    heading: Annotated[str, AfterValidator(_holding("before", "now"))]
    none: str
    all: str
    again: Annotated[str, AfterValidator(_holding("sheets", "total"))]
    stay: Annotated[str, AfterValidator(_holding("sheets"))]
    foot: Annotated[str, AfterValidator(_holding("sheets"))]
    sheet: Annotated[str, AfterValidator(_holding("sheet", "pages", "sides"))]
    blank: str
    new: str
    gone: str
    unknown: str


class Strings(Record):
    """strings/<lang>.toml: the few words that templates print."""

    language: str
    contents: str
    sources: str
    glossary: str
    index: str
    point: str
    notes: str
    stale: str
    checked_on: str
    good_until: str
    expired: str
    as_of: str
    note: str
    tip: str
    warning: str
    scam: str
    name: str
    date: str
    appointment: str
    licence_text: str
    draft: str
    reviewed: str
    original: str
    wrong_fact: str
    not_advice: str
    handed_out_by: str
    untranslated: str
    page: PageWords | None = None
    reading: ReadingWords | None = None
    leaflet: LeafletWords | None = None
    changes: ChangesWords | None = None
    reprint: ReprintWords | None = None


class BlockKind(StrEnum):
    """What a block is. Only blocks of one kind may stand side by side."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    STEPS = "steps"
    BULLETS = "bullets"
    TASKS = "tasks"
    ITEM = "item"
    TABLE = "table"
    ROW = "row"
    CELL = "cell"
    DEFINITIONS = "definitions"
    TERM = "term"
    DEFINITION = "definition"
    BOX = "box"
    PHRASE = "phrase"
    FIGURE = "figure"
    QUOTE = "quote"


@dataclass(frozen=True, slots=True)
class Ruby:
    """A reading above its base: furigana or pinyin."""

    base: str
    reading: str


@dataclass(frozen=True, slots=True)
class Inline:
    """A line of text: as HTML, as the plain text that must be found in the PDF, and what it refers to."""

    html: str = ""
    text: str = ""
    readings: tuple[str, ...] = ()
    notes: tuple["Inline", ...] = ()
    cites: tuple[str, ...] = ()
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """A block of one language with its place.

    ``level`` is a heading's level; ``variant`` a box's kind or a picture's path; ``title`` a box's
    title, a phrase card's sentence or a picture's caption; ``alt`` what a picture shows; ``number`` a step's
    number as it was written. ``optional`` blocks go first where a booklet is too long for its pages.
    """

    kind: BlockKind
    place: Place
    inline: Inline = Inline()
    title: Inline = Inline()
    level: int = 0
    variant: str = ""
    alt: str = ""
    checked: bool = False
    solo: bool = False
    optional: bool = False
    number: int | None = None
    children: tuple["Block", ...] = ()
    stale: bool = False
    """The source has changed since this translation was accepted; set in a draft only, where it is shown."""

    @property
    def inlines(self) -> tuple[Inline, ...]:
        """Give the block's own texts, without its children's."""
        return tuple(inline for inline in (self.title, self.inline) if inline.html)

    @property
    def said(self) -> str:
        """Give all that the block says itself: its texts, their footnotes, its alternative text."""
        notes = (note.text for inline in self.inlines for note in inline.notes)
        return "\n".join((*(inline.text for inline in self.inlines), *notes, self.alt))


def walk(blocks: tuple[Block, ...]) -> Iterator[Block]:
    """Give blocks and everything inside them, in reading order."""
    for block in blocks:
        yield block
        yield from walk(block.children)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two blocks that say the same in two languages.

    Where ``second`` is None the block stands alone: it is solo, the document has one language, or
    its partner is missing (then there is a finding). The same holds for ``first``.
    """

    first: Block | None
    second: Block | None
    children: tuple["Pair", ...] = ()

    @property
    def blocks(self) -> tuple[Block, ...]:
        """Give the blocks that are there, the reader's language first."""
        return tuple(block for block in (self.first, self.second) if block is not None)

    @property
    def kind(self) -> BlockKind:
        """Give the kind of the pair: its first block's."""
        return self.blocks[0].kind

    @property
    def solo(self) -> bool:
        """Say whether the block stands in one language on purpose."""
        return any(block.solo for block in self.blocks)


class Role(StrEnum):
    """What a Markdown file of a guide becomes."""

    CHAPTER = "chapter"
    CHECKLIST = "checklist"


@dataclass(frozen=True, slots=True)
class Manuscript:
    """A Markdown file as it was read: its path as people name it, its language, its text."""

    path: str
    language: str
    name: str
    role: Role
    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """A parsed manuscript."""

    manuscript: Manuscript
    blocks: tuple[Block, ...]

    @property
    def title(self) -> Block | None:
        """Give the title, where the file has one."""
        first = self.blocks[0] if self.blocks else None
        return first if first is not None and first.kind is BlockKind.HEADING else None


@dataclass(frozen=True, slots=True)
class Accepted:
    """A translated block as it was accepted: its kind, hashes of its source and of itself (see ``lock``)."""

    kind: BlockKind
    source: str
    translation: str


@dataclass(frozen=True, slots=True)
class TermEntry:
    """A glossary term: its name in each language and its reading in the host's."""

    key: str
    names: Words
    reading: str = ""


@dataclass(frozen=True, slots=True)
class TomlFile:
    """A TOML file as it was read, kept so that a finding can name the line."""

    path: str
    text: str


@dataclass(frozen=True)
class House:
    """What all guides share: templates, styles, and the words that templates print."""

    templates: Mapping[str, str]
    styles: Mapping[str, bytes]
    strings: Mapping[str, Strings]
    strings_files: Mapping[str, TomlFile] = field(default_factory=dict)


@dataclass(frozen=True)
class Content:
    """Everything that a guide consists of, as it was read."""

    name: str
    guide: Guide
    guide_file: TomlFile
    sources: Mapping[str, Source]
    sources_file: TomlFile
    glossary: tuple[TermEntry, ...]
    glossary_file: TomlFile
    manuscripts: tuple[Manuscript, ...]
    figures: Mapping[str, bytes]
    accepted: Mapping[str, tuple[Accepted, ...]] | None = None
    """The accepted blocks of each translation (see ``lock``); None without a lock: what is stale is not known then."""

    @cached_property
    def host_language(self) -> str:
        """Give the language of the staff: phrase cards are set in it."""
        return self.guide.host_language or self.guide.pairs[0][-1]

    def names(self, role: Role) -> tuple[str, ...]:
        """Give the names of the chapters or checklists, in file-name order."""
        return tuple(sorted({m.name for m in self.manuscripts if m.role is role}))


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
        """Give the width in mm."""
        return _PAPERS_MM[self][0]

    @property
    def height(self) -> float:
        """Give the height in mm."""
        return _PAPERS_MM[self][1]

    @property
    def office(self) -> "Paper":
        """Give the paper that lies in the printers where this one is used: large print is made on it."""
        return Paper.LETTER if self in (Paper.LETTER, Paper.HALF_LETTER) else Paper.A4

    @property
    def sides(self) -> int:
        """Give how many pages a checklist may fill: one on A4, else front and back; on B6 a sheet folded once."""
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
    """Give the paper of a document where nobody asks for another: A5 for a booklet, A4 for what is not folded."""
    return Paper.A5 if form is Form.BOOKLET and edition is not Edition.LARGE else Paper.A4


def editions_of(form: "Form") -> tuple[Edition, ...]:
    """Give the editions that a form is made in: only a booklet is printed large."""
    return tuple(edition for edition in Edition if form is Form.BOOKLET or edition is not Edition.LARGE)


@dataclass(frozen=True, slots=True, order=True)
class Title:
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
        """Give the edge on which the booklet is bound."""
        return binding_of(self.languages)

    def paper_of(self, edition: Edition) -> Paper:
        """Give the paper of one of its documents; large print is made on office paper."""
        own = own_paper(self.form, edition)
        paper = Paper(self.paper) if self.paper else own
        return paper.office if edition is Edition.LARGE else paper

    def is_made_from(self, manuscript: Manuscript) -> bool:
        """Say whether a manuscript of the same guide goes into the handout."""
        if manuscript.language not in self.languages:
            return False
        if self.form is Form.BOOKLET:
            return manuscript.role is Role.CHAPTER
        return manuscript.role is Role.CHECKLIST and manuscript.name == self.name

    def file_name(self, edition: Edition) -> str:
        """Give the file name that explains itself: ``guide.name_zh-Hans_ja_checklist-screen_letter_host.pdf``.

        The paper is named where it is not the document's own.
        """
        stem = self.guide if self.form is Form.BOOKLET else f"{self.guide}.{self.name}"
        paper = self.paper_of(edition)
        other = [str(paper)] if paper is not own_paper(self.form, edition) else []
        parts = [stem, *self.languages, f"{self.form}-{edition}", *other, *([self.host] if self.host else [])]
        return "_".join(parts) + ".pdf"


@dataclass(frozen=True, slots=True)
class Standing:
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

    title: Title
    edition: Edition
    heading: str
    pdf: bytes
    pages: int
    sheets: int
    texts: tuple[Standing, ...] = ()
