"""A PDF that cannot be read is a finding too: what reading it raises, and how that is told."""

import re
from typing import Final

import pikepdf
import pypdfium2

from taiyaku.findings import Finding, Place, of

BROKEN: Final = (
    pikepdf.PdfError,
    pikepdf.PasswordError,
    pypdfium2.PdfiumError,
    ArithmeticError,
    AttributeError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
)
"""What reading a file raises whose objects are not what they should be: a name where a number belongs."""


def unreadable(name: str, error: Exception) -> Finding:
    """Say in one line over what a reader stumbled."""
    why = "a password is asked for" if isinstance(error, pikepdf.PasswordError) else plain(str(error))
    return of("pdf.unreadable", Place(name), {"why": why or error.__class__.__name__})


def plain(said: str) -> str:
    """Take out of a reader's message how it was given the file: that is another one each time."""
    return " ".join(_HOLDER.sub("", said).split())[:200]


_HOLDER: Final = re.compile(r"^(?:stream )?<[^>]*>(?: \([^)]*\))?: ")
