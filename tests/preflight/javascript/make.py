"""A script that runs when the file is opened."""

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from tests.preflight.tiny import tiny


def spoil(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("app.beep()"))


def mend(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = Dictionary(S=Name.GoTo, D=Array([pdf.pages[0].obj, Name.Fit]))


def wrong() -> bytes:
    return tiny(change=spoil)


def right() -> bytes:
    return tiny(change=mend)
