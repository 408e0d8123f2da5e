"""The records that the phases hand on. All are frozen: a phase builds the next one, it fills in none."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from taiyaku.model.findings import Place


class Record(BaseModel):
    """A record read from TOML: frozen, and an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


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
        """Return the last day on which what a source says may be printed as a fact."""
        days = min(source.good_for or self.max_source_age_days, (dt.date.max - source.checked).days)
        return source.checked + dt.timedelta(days=days)


def is_to_come(day: dt.date, today: dt.date) -> bool:
    """Tell whether a day is still to come; one day ahead it has begun somewhere."""
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
        """Return the block's own texts, without its children's."""
        return tuple(inline for inline in (self.title, self.inline) if inline.html)

    @property
    def said(self) -> str:
        """Return all that the block says itself: its texts, their footnotes, its alternative text."""
        notes = (note.text for inline in self.inlines for note in inline.notes)
        return "\n".join((*(inline.text for inline in self.inlines), *notes, self.alt))


def walk(blocks: tuple[Block, ...]) -> Iterator[Block]:
    """Return blocks and everything inside them, in reading order."""
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
        """Return the blocks that are there, the reader's language first."""
        return tuple(block for block in (self.first, self.second) if block is not None)

    @property
    def kind(self) -> BlockKind:
        """Return the kind of the pair: its first block's."""
        return self.blocks[0].kind

    @property
    def solo(self) -> bool:
        """Tell whether the block stands in one language on purpose."""
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
        """Return the title, where the file has one."""
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
        """Return the language of the staff: phrase cards are set in it."""
        return self.guide.host_language or self.guide.pairs[0][-1]

    def names(self, role: Role) -> tuple[str, ...]:
        """Return the names of the chapters or checklists, in file-name order."""
        return tuple(sorted({m.name for m in self.manuscripts if m.role is role}))
