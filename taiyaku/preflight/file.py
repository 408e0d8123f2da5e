"""Checks of the file as a whole: what must not be in it, what it says of itself, whether two builds give the same."""

import re
from collections.abc import Iterator
from typing import Any, Final

import pikepdf

from taiyaku.language.tags import is_tag
from taiyaku.model.findings import Finding
from taiyaku.pdf.broken import plain
from taiyaku.pdf.metadata import DATES, TWINS, date_of, has_clock
from taiyaku.pdf.objects import entry, listed, part, spelt
from taiyaku.preflight.document import PdfDocument


def encrypted(subject: PdfDocument) -> Iterator[Finding]:
    """A printing house and a screen reader must get at the text (ISO 15930-7; ISO 14289-1, 7.16)."""
    if subject.pdf.is_encrypted:
        yield from subject.found("pdf.encrypted")


def damaged(subject: PdfDocument) -> Iterator[Finding]:
    """A file that one reader mends silently another refuses (ISO 32000-2, 7.5)."""
    warnings = [str(warning) for warning in subject.pdf.get_warnings()]
    if warnings:
        yield from subject.found("pdf.damaged", why=plain(warnings[0]))


def scripts(subject: PdfDocument) -> Iterator[Finding]:
    """No JavaScript: not when the file opens, not in an action (ISO 32000-2, 12.6.4.17)."""
    root = subject.pdf.Root
    by_page = {
        page.number
        for page in subject.pages
        if any(map(_acts, page.notes)) or _acts(subject.pdf.pages[page.number - 1].obj)
    }
    if by_page or "/JavaScript" in part(root, "/Names") or _acts(root) or _script(root.get("/OpenAction")):
        yield from subject.found("pdf.javascript", by_page)


def _acts(holder: Any) -> bool:
    """Tell whether an annotation, a page or the catalogue starts a script."""
    return _script(holder.get("/A")) or any(_script(action) for _, action in part(holder, "/AA").items())


def _script(action: Any) -> bool:
    if not isinstance(action, pikepdf.Dictionary):
        return False
    return any(entry(one, "/S") == "/JavaScript" for one in (action, *listed(action, "/Next")))


def attachments(subject: PdfDocument) -> Iterator[Finding]:
    """No file inside the file: nobody sees it in print (ISO 32000-2, 7.11.4)."""
    notes = {page.number for page in subject.pages for note in page.notes if note.get("/Subtype") == "/FileAttachment"}
    if notes or "/EmbeddedFiles" in part(subject.pdf.Root, "/Names") or "/AF" in subject.pdf.Root:
        yield from subject.found("pdf.attachment", notes)


def size(subject: PdfDocument) -> Iterator[Finding]:
    """The file is as small as was asked."""
    limit = subject.expect.max_bytes
    if limit is not None and subject.size > limit:
        yield from subject.found("pdf.too-large", size=_kib(subject.size), limit=_kib(limit))


def _kib(size: int) -> str:
    return f"{-(-size // 1024)} KiB"


def title(subject: PdfDocument) -> Iterator[Finding]:
    """The file has a title, and a window shows it rather than the file's name (ISO 14289-1, 7.1)."""
    if not (subject.info.get("Title") or subject.xmp.get("dc:title", "")).strip():
        yield from subject.found("pdf.title")
    shown = part(subject.pdf.Root, "/ViewerPreferences").get("/DisplayDocTitle", False)
    if subject.expect.tagged and not shown:
        yield from subject.found("pdf.title-hidden")


def language(subject: PdfDocument) -> Iterator[Finding]:
    """A tagged file names its language (ISO 14289-1, 7.2), and every language tag is one of BCP 47."""
    said = spelt(subject.pdf.Root.get("/Lang", ""))
    if subject.expect.tagged and not said:
        yield from subject.found("pdf.language")
    tags: dict[str, tuple[int, ...]] = {said: ()} if said else {}
    for at, element in enumerate(subject.tree.elements if subject.tree else ()):
        if element.language and element.language not in tags:
            tags[element.language] = _page_number(subject, at)
    for tag in sorted(tags):
        if not is_tag(tag):
            yield from subject.found("pdf.language-tag", tags[tag], tag=tag)


def _page_number(subject: PdfDocument, at: int) -> tuple[int, ...]:
    number = subject.numbers.get(subject.tree.page_of(at)) if subject.tree else None
    return () if number is None else (number,)


def dates(subject: PdfDocument) -> Iterator[Finding]:
    """The file says when it was made: on the day that was asked, not at a time of day, which no build says twice."""
    said = {name: subject.info.get(name, "") for name in DATES}
    read = {name: date_of(text) for name, text in said.items()}
    wanted = subject.expect.date
    wrong = [name for name, date in read.items() if date is None or (wanted and date.date() != wanted)]
    if wrong:
        what = ", ".join(f"{name} {said[name]}".strip() for name in wrong)
        yield from subject.found("pdf.date", what=what, wanted=str(wanted or "a date of ISO 32000-2, 7.9.4"))
    clocks = [f"{name} {text}" for name, text in said.items() if has_clock(text)]
    if clocks:
        yield from subject.found("pdf.clock", what=", ".join(clocks))


def twins(subject: PdfDocument) -> Iterator[Finding]:
    """XMP and information dictionary say the same (ISO 32000-2, 14.3.3), and both are there."""
    if subject.unread:
        yield from subject.found("pdf.metadata", what=subject.unread)
        return
    if not subject.xmp:
        yield from subject.found("pdf.metadata", what="there is no XMP")
        return
    differ = [name for name, twin in TWINS.items() if not _same(name, subject.info.get(name), subject.xmp.get(twin))]
    if differ:
        yield from subject.found("pdf.metadata", what=f"XMP and Info differ in {', '.join(differ)}")


def _same(name: str, info: str | None, xmp: str | None) -> bool:
    """Compare two entries; one that stands nowhere, or in the XMP only, is no contradiction."""
    if info is None:
        return True
    return xmp is not None and (date_of(info) == date_of(xmp) if name in DATES else info.strip() == xmp.strip())


def producer(subject: PdfDocument) -> Iterator[Finding]:
    """The file names the program that wrote it: whoever finds a fault in it knows where to report it."""
    if not (subject.info.get("Producer") or subject.xmp.get("pdf:Producer", "")).strip():
        yield from subject.found("pdf.producer")


def identifiers(subject: PdfDocument) -> Iterator[Finding]:
    """No identifier is made of chance or of the clock: UUIDs of versions 1, 4, 6 and 7 (RFC 9562, 5)."""
    keys = ("xmpMM:DocumentID", "xmpMM:InstanceID", "xmpMM:OriginalDocumentID")
    chance = [key for key in keys if _CHANCE.search(subject.xmp.get(key, ""))]
    if chance:
        yield from subject.found("pdf.random-id", what=", ".join(chance))


_CHANCE: Final = re.compile(r"[\da-f]{8}-?[\da-f]{4}-?[1467][\da-f]{3}-?[89ab][\da-f]{3}-?[\da-f]{12}", re.IGNORECASE)

CHECKS: Final = (
    encrypted, damaged, scripts, attachments, size, title, language, dates, twins, producer, identifiers,
)  # fmt: skip
