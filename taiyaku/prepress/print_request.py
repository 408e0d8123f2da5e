"""Which finished files are printed on a print day, for whom, and how often: from the manifest to runs. Pure."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from taiyaku.errors import UsageError
from taiyaku.model.documents import Edition, Form, Paper, own_paper
from taiyaku.prepress.print_run import PrintJob, Readers, copies_for, needs_of

Entry = Mapping[str, Any]
"""A document as the manifest has it."""


@dataclass(frozen=True, slots=True)
class PrintRequest:
    """What is wanted of a print day. An empty guide is every guide; an empty paper is each document's own.

    ``checklists`` is ``all``, ``none`` or names with commas; ``large`` is how many copies of large print each pair gets
    besides. ``folder`` holds the documents, ``build`` is the command that makes them.
    """

    readers: tuple[Readers, ...]
    guide: str
    host: str
    paper: str
    checklists: str
    large: int
    spare_percent: float
    folder: str
    build: str

    @property
    def command(self) -> str:
        """Return the command that makes what is wanted."""
        host = f" --host {self.host}" if self.host else ""
        return self.build + host + (f" --paper {self.paper}" if self.paper else "")

    def copies(self, edition: Edition, people: int) -> int:
        """Return how many copies of an edition so many people need: some to spare of what everybody gets."""
        if edition is Edition.LARGE:
            return self.large
        return copies_for(people, self.spare_percent) if edition is Edition.PRINT else 0


def readers(pairs: Sequence[tuple[tuple[str, ...], int]], people: int | None) -> tuple[Readers, ...]:
    """Say how many people read which pair; a pair that has no number of its own is everybody's.

    Raises:
        UsageError: a pair has no number, stands twice, or there is none.
    """
    if not pairs:
        raise UsageError("a plan needs to know who reads what", "say it: --people 60 --pair zh-Hans,ja")
    if len({languages for languages, _ in pairs}) < len(pairs):
        raise UsageError("a pair is named twice", "name each pair once, with the number of its readers")
    found = tuple(Readers(languages, its or people or 0) for languages, its in pairs)
    if not all(one.people for one in found) or (len(pairs) > 1 and not all(its for _, its in pairs)):
        raise UsageError("how many people read which pair?", "say it of each: --pair zh-Hans,ja:40 --pair en,ja:20")
    said = sum(one.people for one in found)
    if people and said != people:
        raise UsageError(f"the pairs have {said} people, and --people says {people}", "leave out --people")
    return found


def runs(wish: PrintRequest, manifest: Mapping[str, Any], pdfs: Mapping[str, bytes]) -> tuple[PrintJob, ...]:
    """Choose what is printed, and how often.

    Raises:
        UsageError: a document that must be printed was not built, or is another one than the manifest says; or nothing
            at all is to be printed.
    """
    found = tuple(run for one in wish.readers for run in _runs_for(wish, one, manifest["documents"], pdfs))
    if not found:
        raise UsageError(
            "there is nothing to print in what was chosen", "leave out --checklists, or build every edition"
        )
    return found


def _runs_for(
    wish: PrintRequest, its_readers: Readers, documents: Sequence[Entry], pdfs: Mapping[str, bytes]
) -> Iterator[PrintJob]:
    for entry in _wanted(wish, its_readers, documents):
        form, edition = Form(entry["form"]), Edition(entry["edition"])
        copies = wish.copies(edition, its_readers.people)
        if copies:
            data = _whole(wish, entry, pdfs)
            yield PrintJob(entry["path"], form, edition, copies, needs_of(data, form, edition))


def _wanted(wish: PrintRequest, its_readers: Readers, documents: Sequence[Entry]) -> list[Entry]:
    """Return the documents of a pair that were asked for.

    Raises:
        UsageError: there are none, or a checklist is asked for that is not there.
    """
    its = [entry for entry in documents if tuple(entry["languages"]) == its_readers.languages and _fits(wish, entry)]
    booklets = [entry for entry in its if (entry["form"], entry["edition"]) == (Form.BOOKLET, Edition.PRINT)]
    if not its or (wish.paper and not booklets):
        pair = ",".join(its_readers.languages)
        of = f" of {wish.guide}" if wish.guide else ""
        raise UsageError(
            f"there is no document{of} in {pair} in {wish.folder}", f"make them: {wish.command} --pair {pair}"
        )
    there = {entry["name"] for entry in its if entry["form"] == Form.CHECKLIST}
    listed = there if wish.checklists == "all" else {name.strip() for name in wish.checklists.split(",")} - {"none"}
    if listed - there:
        raise UsageError(f"there is no checklist `{min(listed - there)}`", f"there are: {', '.join(sorted(there))}")
    return [entry for entry in its if entry["form"] == Form.BOOKLET or entry["name"] in listed]


def _fits(wish: PrintRequest, entry: Entry) -> bool:
    """Tell whether a document is of the host, the guide and the paper that were asked for."""
    host = entry.get("host", "") == wish.host
    return host and wish.guide in ("", entry["guide"]) and _is_on(wish.paper, entry)


def _is_on(paper: str, entry: Entry) -> bool:
    """Tell whether a document is on the paper that was asked for, or on its own; large print is on office paper."""
    own = own_paper(Form(entry["form"]), Edition(entry["edition"]))
    wanted = Paper(paper) if paper else own
    if paper and (entry["edition"] == Edition.LARGE or entry["form"] == Form.CHECKLIST):
        wanted = wanted.office
    return str(entry.get("paper", own)) == wanted


def _whole(wish: PrintRequest, entry: Entry, pdfs: Mapping[str, bytes]) -> bytes:
    """Return a document's bytes.

    Raises:
        UsageError: they are not what the manifest says.
    """
    data = pdfs.get(entry["path"], b"")
    if hashlib.sha256(data).hexdigest() != entry["sha256"]:
        raise UsageError(f"{entry['path']} is not the file that was built", f"make it again: {wish.command}")
    return data
