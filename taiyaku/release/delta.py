"""Two releases → which sheets of paper must be printed anew, and why. Pure.

A sheet stays in stock where all its pages still have their numbers and look as they did, but for the foot and stamps:
there stand the guide's name, its version and date, and sheets of two dates may lie in one booklet. Its covers say of
which version it is: they are printed anew where anything else in it is. Sheets are compared as they are printed,
so whatever folding makes of a page more or less is counted.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import zip_longest
from typing import Any, Final

Manifest = Mapping[str, Any]


class SheetStatus(StrEnum):
    """What becomes of a sheet that somebody has in stock."""

    STAYS = "stays"
    FOOT = "foot"
    """It stays: only its foot or its stamp, where version and date stand, is another one."""
    PRINT = "print"


class Change(StrEnum):
    """What became of a document or of a fact since the last release."""

    NEW = "new"
    GONE = "gone"
    CHANGED = "changed"
    CHECKED = "checked"
    """A fact that says the same, and was looked at again."""
    SAME = "same"
    UNKNOWN = "unknown"
    """The last release does not say how it looked."""


@dataclass(frozen=True, slots=True)
class TextDelta:
    """A text that says something else: where it is written, its number and pages, what it said and says.

    ``before`` is empty where it is new, ``now`` where it is gone; then its number and pages are the old ones.
    """

    at: str
    point: str
    pages: tuple[int, ...]
    before: str
    now: str


@dataclass(frozen=True, slots=True)
class SheetDelta:
    """A sheet of paper, counted from 1 as it comes from the printer, with the pages on its sides.

    ``was`` is its number in the last release, where it stays. ``parts`` names what nobody wrote (``contents``) on pages
    that look different, ``moved`` says that texts came there from other pages or went away, ``words`` whether all that
    can be read there is the same (None: the last release does not say).
    """

    number: int
    sides: tuple[tuple[int, ...], ...]
    fate: SheetStatus
    was: int = 0
    pages: tuple[int, ...] = ()
    texts: tuple[TextDelta, ...] = ()
    parts: tuple[str, ...] = ()
    moved: bool = False
    words: bool | None = None


@dataclass(frozen=True, slots=True)
class DocumentDelta:
    """A printed document beside itself in the last release."""

    path: str
    title: str
    languages: tuple[str, ...]
    host: str
    form: str
    edition: str
    state: Change
    sheets: tuple[SheetDelta, ...] = ()

    @property
    def to_print(self) -> tuple[int, ...]:
        """Return the numbers of the sheets that must be printed."""
        return tuple(sheet.number for sheet in self.sheets if sheet.fate is SheetStatus.PRINT)


@dataclass(frozen=True, slots=True)
class FactDelta:
    """What a guide says with a source, beside what it said: by language pairs of a text before and now."""

    guide: str
    key: str
    state: Change
    title: Mapping[str, str]
    url: str
    checked: str
    said: Mapping[str, tuple[tuple[str, str], ...]]


@dataclass(frozen=True, slots=True)
class SaidDelta:
    """A chapter, checklist or list of a guide that says something else in a language: how many paragraphs."""

    guide: str
    key: str
    language: str
    title: str
    state: Change
    changed: int = 0
    new: int = 0
    gone: int = 0


@dataclass(frozen=True, slots=True)
class Delta:
    """What a release changes since another; ``said`` is None where the last one does not say what its texts were."""

    before: str
    now: str
    documents: tuple[DocumentDelta, ...]
    facts: tuple[FactDelta, ...]
    said: tuple[SaidDelta, ...] | None = ()


def compare(old: Manifest, new: Manifest) -> Delta:
    """Compare two releases by their manifests (see ``record``).

    Raises:
        KeyError, TypeError, ValueError: One of them is no manifest of a release.
    """
    known = {document["path"]: _Printed(old, document) for document in old["documents"]}
    made = {document["path"]: _Printed(new, document) for document in new["documents"] if "sides" in document}
    gone = (one for path, one in known.items() if path not in made and "sides" in one.entry)
    documents = (
        *(_compared(known.get(path), one) for path, one in sorted(made.items())),
        *(one.delta(Change.GONE) for one in gone),
    )
    told = all("said" in its for its in old.get("guides", {}).values())
    said = tuple(_texts_said(old, new)) if told else None
    return Delta(old["version"], new["version"], documents, tuple(_facts(old, new)), said)


def comparable(manifest: Manifest, drawn_by: str) -> bool:
    """Tell whether the fingerprints of a manifest were made by this very program."""
    return manifest.get("drawn_by") == drawn_by


class _Printed:
    """A document of a manifest, read."""

    def __init__(self, manifest: Manifest, entry: Mapping[str, Any]) -> None:
        self.entry = entry
        texts = manifest.get("guides", {}).get(entry["guide"], {}).get("texts", ())
        self.texts = [
            TextDelta(texts[number][0], point, tuple(pages), "", texts[number][1])
            for number, point, pages in entry.get("texts", ())
        ]
        self.sides = tuple(tuple(side) for side in entry.get("sides", ()))
        self.looks: Mapping[str, Sequence[str]] = entry.get("looks", {})

    def delta(self, state: Change, sheets: Iterable[SheetDelta] = ()) -> DocumentDelta:
        of = self.entry
        names = (of["path"], of["title"], tuple(of["languages"]), of.get("host", ""), of["form"], of["edition"])
        return DocumentDelta(*names, state, tuple(sheets))

    @property
    def sheets(self) -> list[tuple[tuple[int, ...], ...]]:
        """Return the pages on the sides of each sheet: front, and back where there is one."""
        return [self.sides[at : at + 2] for at in range(0, len(self.sides), 2)]

    def body(self, page: int) -> str:
        return self.looks[str(page)][0] if str(page) in self.looks else ""

    def text(self, page: int) -> str:
        return self.looks[str(page)][1] if str(page) in self.looks else ""

    def words(self, page: int) -> str:
        return "".join(self.looks.get(str(page), ())[2:3])

    def key(self, sides: tuple[tuple[int, ...], ...]) -> tuple[Any, ...]:
        """Return what a sheet is but for its foot: the pages on its sides, and how they look."""
        return tuple(tuple((page, self.body(page)) for page in side) for side in sides)

    def on(self, page: int) -> list[str]:
        """Return what stands on a page, in reading order."""
        return [text.now for text in self.texts if page in text.pages and text.now]

    def parts(self, pages: Iterable[int]) -> Iterator[str]:
        """Name the parts on pages that no author wrote."""
        wanted = set(pages)
        return (text.at for text in self.texts if not text.now and wanted & set(text.pages))


def _compared(old: _Printed | None, new: _Printed) -> DocumentDelta:
    if old is None:
        return new.delta(Change.NEW, (SheetDelta(n, sides, SheetStatus.PRINT) for n, sides in enumerate(new.sheets, 1)))
    if not old.looks:
        return new.delta(
            Change.UNKNOWN, (SheetDelta(n, sides, SheetStatus.PRINT) for n, sides in enumerate(new.sheets, 1))
        )
    texts = tuple(_text_deltas(old.texts, new.texts))
    stock = {old.key(sides): number for number, sides in enumerate(old.sheets, 1)}
    sheets = tuple(_sheet(old, new, n, texts, stock) for n, _ in enumerate(new.sheets, 1))
    if any(sheet.fate is SheetStatus.PRINT for sheet in sheets):
        sheets = tuple(_with_stamps(old, new, sheet) for sheet in sheets)
    changed = len(old.sheets) != len(new.sheets) or any(sheet.fate is not SheetStatus.STAYS for sheet in sheets)
    return new.delta(Change.CHANGED if changed else Change.SAME, sheets)


def _sheet(
    old: _Printed, new: _Printed, number: int, texts: Sequence[TextDelta], stock: Mapping[tuple[Any, ...], int]
) -> SheetDelta:
    """Say what becomes of a sheet."""
    sides = new.sheets[number - 1]
    pages = [page for side in sides for page in side]
    was = stock.get(new.key(sides), 0)
    if was:
        same = all(old.text(page) == new.text(page) for page in pages)
        return SheetDelta(number, sides, SheetStatus.STAYS if same else SheetStatus.FOOT, was)
    other = tuple(sorted(page for page in pages if old.body(page) != new.body(page)))
    made = SheetDelta(number, sides, SheetStatus.PRINT, pages=other)
    own = tuple(text for text in texts if set(other) & set(text.pages))
    parts = tuple(dict.fromkeys(new.parts(other)))
    known = all(old.words(page) and new.words(page) for page in other)
    words = all(old.words(page) == new.words(page) for page in other) if known else None
    return replace(made, texts=own, parts=parts, moved=any(_moved(old, new, page, own) for page in other), words=words)


STAMP: Final = "stamp"
"""A part that nobody wrote: the version and its date, on the covers of a booklet."""

_COVERS: Final = frozenset({"cover", "back"})


def _with_stamps(old: _Printed, new: _Printed, sheet: SheetDelta) -> SheetDelta:
    """Print the covers of a booklet anew where other sheets of it are: they say of which version it is."""
    pages = [page for side in sheet.sides for page in side]
    other = tuple(sorted(p for p in pages if old.text(p) != new.text(p) and _COVERS & set(new.parts((p,)))))
    return replace(sheet, fate=SheetStatus.PRINT, was=0, pages=other, parts=(STAMP,)) if sheet.was and other else sheet


def _moved(old: _Printed, new: _Printed, page: int, texts: Sequence[TextDelta]) -> bool:
    """Tell whether a page has texts that are not new, or lacks texts that are not gone."""
    said = {said for text in texts for said in (text.before, text.now)}
    return not set(old.on(page)) ^ set(new.on(page)) <= said


def _text_deltas(old: Sequence[TextDelta], new: Sequence[TextDelta]) -> Iterator[TextDelta]:
    """Return the texts that differ, file by file: a text is known by its place among the others, not by its line."""
    before, now = _by_file(old), _by_file(new)
    for path in dict.fromkeys((*now, *before)):
        yield from _in_file(before.get(path, []), now.get(path, []))


def _by_file(texts: Iterable[TextDelta]) -> dict[str, list[TextDelta]]:
    files: dict[str, list[TextDelta]] = {}
    for text in texts:
        path, colon, _ = text.at.rpartition(":")
        if colon:
            files.setdefault(path, []).append(text)
    return files


def _in_file(old: Sequence[TextDelta], new: Sequence[TextDelta]) -> Iterator[TextDelta]:
    matcher = SequenceMatcher(None, [text.now for text in old], [text.now for text in new], autojunk=False)
    for tag, i, i_end, j, j_end in matcher.get_opcodes():
        if tag == "equal":
            continue
        for gone, here in zip_longest(old[i:i_end], new[j:j_end]):
            if here is None:
                yield replace(gone, before=gone.now, now="")
            else:
                yield replace(here, before=gone.now if gone is not None else "")


def _texts_said(old: Manifest, new: Manifest) -> Iterator[SaidDelta]:
    """Return the texts of all guides that say something else, language by language."""
    for guide in dict.fromkeys((*new["guides"], *old["guides"])):
        before, now = ({**one["guides"].get(guide, {}).get("said", {})} for one in (old, new))
        for tag in dict.fromkeys((*now, *before)):
            was, here = before.get(tag, {}), now.get(tag, {})
            for key in dict.fromkeys((*here, *was)):
                title = (here.get(key) or was[key])["title"]
                yield from _text_said(SaidDelta(guide, key, tag, title, Change.CHANGED), was.get(key), here.get(key))


def _text_said(one: SaidDelta, old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> Iterator[SaidDelta]:
    if old is None or new is None:
        yield replace(one, state=Change.NEW if old is None else Change.GONE)
        return
    steps = SequenceMatcher(None, old["blocks"], new["blocks"], autojunk=False).get_opcodes()
    sizes = [(i_end - i, j_end - j) for step, i, i_end, j, j_end in steps if step != "equal"]
    if sizes:
        changed = sum(min(gone, come) for gone, come in sizes)
        gone, come = (sum(size[at] for size in sizes) - changed for at in (0, 1))
        yield replace(one, changed=changed, new=come, gone=gone)


def _facts(old: Manifest, new: Manifest) -> Iterator[FactDelta]:
    for guide, its in new["guides"].items():
        before: Mapping[str, Any] = old.get("guides", {}).get(guide, {}).get("facts", {})
        now: Mapping[str, Any] = its["facts"]
        for key in sorted({*before, *now}):
            yield from _fact(guide, key, before.get(key), now.get(key))


_NOTHING: Final[Mapping[str, Any]] = {"said": {}}


def _fact(guide: str, key: str, old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> Iterator[FactDelta]:
    of = new or old or {}
    said = {
        tag: pairs
        for tag in sorted({*(old or _NOTHING)["said"], *(new or _NOTHING)["said"]})
        if (pairs := tuple(_said((old or _NOTHING)["said"].get(tag, ()), (new or _NOTHING)["said"].get(tag, ()))))
    }
    if old is None or new is None:
        state = Change.NEW if old is None else Change.GONE
    elif said:
        state = Change.CHANGED
    elif old["checked"] != new["checked"]:
        state = Change.CHECKED
    else:
        return
    yield FactDelta(guide, key, state, of["title"], of["url"], of["checked"], said)


def _said(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Return what is said otherwise: a text before and now, either of them empty where there is none."""
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, i, i_end, j, j_end in matcher.get_opcodes():
        if tag != "equal":
            yield from zip_longest(old[i:i_end], new[j:j_end], fillvalue="")
