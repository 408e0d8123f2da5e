"""A PDF as a printer prints it: what is filled in, stamped and noted is drawn into its pages; layers stay as they are.

An annotation is printed where it has the flag Print and is not hidden (ISO 32000-2, 12.5.3). What is not, and could be
missed on paper, is told. Works on the opened copy of a file; the file itself is not touched.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import pikepdf
from pikepdf import Dictionary, Name

_HIDDEN: Final = 2
_PRINT: Final = 4
"""Flags of an annotation (ISO 32000-2, table 167)."""

_NOT_FOR_PAPER: Final = ("/Link", "/Popup", "/Movie", "/Sound", "/Screen", "/RichMedia", "/3D")
"""What is there to be clicked: nobody misses it on paper."""


@dataclass(frozen=True, slots=True)
class Flattened:
    """What became of the annotations of a file: in words, what is not on its pages now."""

    notes: tuple[str, ...]


def draw_what_prints(document: pikepdf.Pdf) -> Flattened:
    """Draw filled fields, stamps and notes into their pages, and take all annotations away."""
    off = _layers_that_are_off(document)
    left: dict[str, set[int]] = {}
    doubtful = _write_looks(document)
    if doubtful:
        left["fields whose letters cannot be written here show what they showed before, or nothing"] = doubtful
    stay = False
    for number, page in enumerate(document.pages, 1):
        printed = []
        for note in _annotations(page.obj):
            if _flags(note) & _HIDDEN or getattr(note.get("/OC"), "objgen", None) in off:
                continue  # nobody sees it on a screen either
            why = _why_not(note)
            if why:
                left.setdefault(why, set()).add(number)
            elif _look(note) is not None:
                printed.append(note)
        if printed:
            page.obj.Annots = pikepdf.Array(printed)
            stay = True
        elif "/Annots" in page.obj:
            del page.obj.Annots
    if stay:  # else pages would lose the resources that they share
        document.flatten_annotations("print")
    return Flattened(tuple(f"{why} (page {', '.join(map(str, sorted(pages)))})" for why, pages in sorted(left.items())))


def _annotations(page: Any) -> Iterator[Any]:
    listed = page.get("/Annots")
    for note in listed if isinstance(listed, pikepdf.Array) else ():
        if isinstance(note, Dictionary) and note.get("/Subtype") not in _NOT_FOR_PAPER:
            yield note


def _why_not(note: Any) -> str:
    """Say why an annotation that shows something is not printed; empty where it is, or shows nothing."""
    field = note.get("/Subtype") == "/Widget"
    what = "fields" if field else "notes"
    if _look(note) is None:
        if field:
            return "what is written in fields has no appearance that could be printed" if _value(note) else ""
        return "notes without an appearance are not drawn"
    if not _flags(note) & _PRINT:
        return f"{what} that are not marked to be printed are left out" if not field or _value(note) else ""
    return ""


def _flags(note: Any) -> int:
    flags = note.get("/F", 0)
    return flags if isinstance(flags, int) else 0


def _look(note: Any) -> Any:
    """Return the stream that draws an annotation in its state (ISO 32000-2, 12.5.5); None where it has none."""
    looks = note.get("/AP")
    look = looks.get("/N") if isinstance(looks, Dictionary) else None
    state = note.get("/AS")
    if isinstance(look, Dictionary) and isinstance(state, Name):
        look = look.get(state)
    return look if isinstance(look, pikepdf.Stream) else None


def _inherited(field: Any, key: str) -> Any:
    """Return an entry of a field, or of a field that it is a part of (ISO 32000-2, 12.7.4.1)."""
    for _ in range(32):
        if not isinstance(field, Dictionary) or key in field:
            break
        field = field.get("/Parent")
    return field.get(key) if isinstance(field, Dictionary) else None


def _value(field: Any) -> str:
    """Return what is written in a field of text or chosen in one; nothing for a box, whose state is its look."""
    value = _inherited(field, "/V")
    return str(value) if isinstance(value, pikepdf.String) else ""


def _write_looks(document: pikepdf.Pdf) -> set[int]:
    """Write an appearance for fields that have none, or that ask for a new one (NeedAppearances).

    Qpdf writes Latin letters only, and writes into the appearance that is there, which other fields may share. So where
    it cannot write a text, and where nothing is asked for, the appearance that is there stays.

    Returns:
        The numbers of the pages with texts that it cannot write.
    """
    form = document.Root.get("/AcroForm")
    if not isinstance(form, Dictionary):
        return set()
    asked = bool(form.get("/NeedAppearances", False))
    placed = [
        (number, note)
        for number, page in enumerate(document.pages, 1)
        for note in _annotations(page.obj)
        if note.get("/Subtype") == "/Widget" and _inherited(note, "/FT") in ("/Tx", "/Ch")
    ]
    fields = [one for _, one in placed]
    wanted = [(number, one) for number, one in placed if _value(one) and (asked or _look(one) is None)]
    new = [one for _, one in wanted if _is_latin(_value(one))]
    if new:
        looks = [one.get("/AP") for one in fields]
        for one in fields:
            if "/AP" in one:
                del one.AP
        form.NeedAppearances = True
        document.generate_appearance_streams()
        written = {id(one) for one in new}
        for one, look in zip(fields, looks, strict=True):
            if id(one) in written and _look(one) is not None:
                continue
            if look is not None:
                one.AP = look
            elif "/AP" in one:
                del one.AP
    if "/NeedAppearances" in form:
        del form.NeedAppearances
    return {number for number, one in wanted if not _is_latin(_value(one))}


def _is_latin(text: str) -> bool:
    return text.isascii() or text.encode("cp1252", "ignore").decode("cp1252") == text


# Layers


def _layers_that_are_off(document: pikepdf.Pdf) -> frozenset[tuple[int, int]]:
    """Return the layers that do not show when the file is opened (ISO 32000-2, 8.11.4.3)."""
    properties = document.Root.get("/OCProperties")
    first = properties.get("/D") if isinstance(properties, Dictionary) else None
    if not isinstance(first, Dictionary):
        return frozenset()
    on, off = (_keys(first, key) for key in ("/ON", "/OFF"))
    return off | (_keys(properties, "/OCGs") - on if first.get("/BaseState") == "/OFF" else frozenset())


def _keys(holder: Any, key: str) -> frozenset[tuple[int, int]]:
    listed = holder.get(key)
    return frozenset(one.objgen for one in listed if isinstance(one, Dictionary)) if _is_array(listed) else frozenset()


def _is_array(thing: Any) -> bool:
    return isinstance(thing, pikepdf.Array)


def take_layers(source: pikepdf.Pdf, target: pikepdf.Pdf) -> None:
    """Carry over which layers there are and which of them show, so that what is hidden stays hidden."""
    properties = source.Root.get("/OCProperties")
    if isinstance(properties, Dictionary):
        whole = properties if properties.is_indirect else source.make_indirect(properties)
        target.Root.OCProperties = target.copy_foreign(whole)
