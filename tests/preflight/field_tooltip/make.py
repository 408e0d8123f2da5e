"""A field that does not say what to write."""

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from tests.preflight.tiny import add_element, add_note, tiny


def field(pdf: pikepdf.Pdf, **entries: str) -> None:
    widget = add_note(pdf, "Widget", FT=Name.Tx, **{name: String(said) for name, said in entries.items()})
    pdf.Root.AcroForm = Dictionary(Fields=Array([widget]))
    add_element(pdf, "Form", Dictionary(Type=Name.OBJR, Obj=widget))


def spoil(pdf: pikepdf.Pdf) -> None:
    field(pdf, T="name")


def mend(pdf: pikepdf.Pdf) -> None:
    field(pdf, T="name", TU="Your name")


def wrong() -> bytes:
    return tiny(change=spoil)


def right() -> bytes:
    return tiny(change=mend)
