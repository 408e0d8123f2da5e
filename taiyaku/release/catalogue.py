"""What a release holds, as its page, packs and leaflets see it. All are frozen."""

import datetime as dt
from dataclasses import dataclass

from taiyaku.model.content import Words
from taiyaku.model.documents import Edition, Form


@dataclass(frozen=True, slots=True)
class PublicationFile:
    """One finished document on the shelf; ``name`` is the checklist's, or the guide's own for a booklet."""

    path: str
    guide: str
    name: str
    form: Form
    edition: Edition
    languages: tuple[str, ...]
    host: str
    heading: str
    pages: int
    sheets: int
    pdf: bytes
    paper: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """A release: its documents, the titles of its guides, and what is known of each language.

    ``titles`` and ``subtitles`` are the guides' words by guide; ``names`` the checklists' titles by (guide, name) and
    language; ``checked`` the oldest day on which a source of a guide was checked; ``reviewed`` says by guide and
    language whether the text was reviewed (the source language is original: "original" | "reviewed" | "draft").
    """

    version: str
    date: dt.date
    volumes: tuple[PublicationFile, ...]
    titles: dict[str, Words]
    subtitles: dict[str, Words]
    names: dict[tuple[str, str], Words]
    checked: dict[str, dt.date]
    reviewed: dict[tuple[str, str], str]
    url: str = ""

    @property
    def languages(self) -> tuple[str, ...]:
        """Return the languages of the documents, those of readers before those that only stand beside them."""
        columns = ([v.languages[at] for v in self.volumes if at < len(v.languages)] for at in (0, 1))
        return tuple(dict.fromkeys(tag for column in columns for tag in column))

    def printed_for(self, language: str) -> tuple[PublicationFile, ...]:
        """Return what an office prints for a language: where it is the reader's, else wherever it is the staff's."""
        printed = [v for v in self.volumes if v.edition in (Edition.PRINT, Edition.LARGE)]
        first = tuple(v for v in printed if v.languages[0] == language)
        return first or tuple(v for v in printed if language in v.languages)
