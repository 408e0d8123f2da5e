"""A field that is not in the structure tree."""

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from tests.preflight.tiny import add_element, add_note, tiny


def field(pdf: pikepdf.Pdf) -> pikepdf.Object:
    widget = add_note(pdf, "Widget", FT=Name.Tx, T=String("name"), TU=String("Your name"))
    pdf.Root.AcroForm = Dictionary(Fields=Array([widget]))
    return widget


def spoil(pdf: pikepdf.Pdf) -> None:
    field(pdf)


def mend(pdf: pikepdf.Pdf) -> None:
    add_element(pdf, "Form", Dictionary(Type=Name.OBJR, Obj=field(pdf)))


def wrong() -> bytes:
    return tiny(change=spoil)


def right() -> bytes:
    return tiny(change=mend)
