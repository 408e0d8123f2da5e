"""What all guides share: templates, styles, and the words that templates print."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from string import Formatter
from typing import Annotated

from pydantic import AfterValidator

from taiyaku.model.content import Record, TomlFile


def _holding(*names: str) -> Callable[[str], str]:
    """Check of a text that what stands in braces is one of these names: the program puts something in its place."""

    def check(text: str) -> str:
        found = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
        if strange := sorted(found - {*names}):
            raise ValueError(f"`{{{strange[0]}}}` is not known here; write {' or '.join(f'{{{n}}}' for n in names)}")
        return text

    return check


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


@dataclass(frozen=True)
class Theme:
    """What all guides share: templates, styles, and the words that templates print."""

    templates: Mapping[str, str]
    styles: Mapping[str, bytes]
    strings: Mapping[str, Strings]
    strings_files: Mapping[str, TomlFile] = field(default_factory=dict)
