"""What cannot be read, and what stumbles on it, is a finding too: no file ends the run, no fault hides another.

A file that no reader opens has the one finding ``pdf.unreadable``. Where a check of ours raises, the fault is ours: the
findings so far are kept, and it is told as ``preflight.fault``, with the place in the program.
"""

import re
import traceback
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import pikepdf
import pypdfium2

from taiyaku.model.findings import Finding, Place

BROKEN: Final = (pikepdf.PikepdfError, pikepdf.QpdfRuntimeError)
"""What opening a file or unpacking a part of it raises: it is damaged, locked, or packed as nothing here knows."""


def unreadable(name: str, error: Exception) -> Finding:
    """Say in one line over what a reader stumbled."""
    return Finding("pdf.unreadable", Place(name), {"why": why_not(error)})


def why_not(error: Exception) -> str:
    """Say in a few words why a file cannot be opened."""
    if isinstance(error, pikepdf.PasswordError):
        return "a password is asked for"
    if isinstance(error, pikepdf.DependencyError):
        return "it is packed in a way that a program which is not installed unpacks"
    return plain(str(error)) or "it is damaged"


def kept(name: str, what: str, found: Iterable[Finding]) -> Iterator[Finding]:
    """Return findings as they are made; a fault of ours that ends that is told as the last, and stays with this file.

    Args:
        name: The file.
        what: What makes the findings, as a message says it.
        found: The findings, not yet made.

    Raises:
        pypdfium2.PdfiumError: the file cannot be drawn.
    """
    try:
        yield from found
    except pypdfium2.PdfiumError:
        raise
    except BROKEN as error:
        yield unreadable(name, error)
    except Exception as error:  # whatever it is: the fault is ours, and the other checks and files go on
        yield fault(name, what, error)


def fault(name: str, what: str, error: Exception) -> Finding:
    """Say that we have stumbled, and where in the program."""
    return Finding("preflight.fault", Place(name), {"what": what, "where": where(error)})


def undrawn(name: str, what: str, error: Exception) -> Finding:
    """Say that a file can be read but not drawn, and what was left out for that."""
    return Finding("preflight.undrawn", Place(name), {"what": what, "why": plain(str(error))})


def where(error: Exception) -> str:
    """Return the last place in our program that an error came through: module and line."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if _OURS in Path(frame.filename).parents]
    return f"{Path(frames[-1].filename).relative_to(_OURS.parent).as_posix()}:{frames[-1].lineno}" if frames else "?"


_OURS: Final = Path(__file__).parents[1]


def plain(said: str) -> str:
    """Take out of a reader's message how it was given the file: that is another one each time."""
    return " ".join(_ADDRESS.sub("", _HOLDER.sub("", said)).split())[:200]


_HOLDER: Final = re.compile(r"^(?:stream )?<[^>]*>(?: \([^)]*\))?: ")
_ADDRESS: Final = re.compile(r"(?:stream )?<[^<>]* at 0x[0-9a-fA-F]+>")
