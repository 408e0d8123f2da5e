"""A link to a place that has no such name."""

import pikepdf
from pikepdf import Array, Dictionary, Name

from tests.preflight.tiny import add_note, tiny


def link(pdf: pikepdf.Pdf, target: str) -> None:
    pdf.Root.Dests = Dictionary(here=Array([pdf.pages[0].obj, Name.Fit]))
    add_note(pdf, "Link", Dest=Name(f"/{target}"))


def spoil(pdf: pikepdf.Pdf) -> None:
    link(pdf, "there")


def mend(pdf: pikepdf.Pdf) -> None:
    link(pdf, "here")


def wrong() -> bytes:
    return tiny(change=spoil)


def right() -> bytes:
    return tiny(change=mend)
