"""A finished PDF → findings: is it fit for its edition, whoever made it? Pure.

``painting`` carries the content streams out once and keeps what is painted where (``painted``); ``tree`` reads the
structure. The checks look at these records: ``whole`` at the file, ``content`` at what could not be carried out,
``sheets`` at pages and their boxes, ``type`` at fonts, ``press`` at colours and pictures, ``reading`` at what a screen
reader meets. ``composed`` reads the lines of a file whose source is not at hand. ``broken`` keeps a fault where it is.
Wordings and severities stand in ``wordings.toml``; docs/preflight.md lists them.
"""

from dataclasses import replace
from io import BytesIO
from itertools import chain
from typing import Final

import pikepdf

from taiyaku.model.findings import Finding
from taiyaku.pdf.broken import BROKEN, fault, kept, unreadable
from taiyaku.pdf.objects import page_ranges
from taiyaku.preflight import accessibility, content, file, ink, pages, type
from taiyaku.preflight.document import Check, read_document
from taiyaku.preflight.lines import read_lines
from taiyaku.preflight.profile import EDITIONS, Claims, PreflightProfile, expect_for, guess

__all__ = ["CHECKS", "EDITIONS", "PreflightProfile", "expect_for", "page_ranges", "preflight", "read_lines"]

CHECKS: Final[tuple[Check, ...]] = (
    *file.CHECKS, *content.CHECKS, *pages.CHECKS, *type.CHECKS, *ink.CHECKS, *accessibility.CHECKS,
)  # fmt: skip


def preflight(
    pdf: bytes, name: str, expect: PreflightProfile | None = None, *, edition: str = "", max_bytes: int | None = None
) -> tuple[Finding, ...]:
    """Find what is wrong with a PDF, one finding a code.

    Args:
        pdf: The file.
        name: What people call it; the place of each finding.
        expect: What it should be; guessed from what it says of itself, when left out.
        edition: For a guess: the edition, where it is known.
        max_bytes: For a guess: how large it may be.

    Returns:
        The findings in the order of the checks: never an exception. A file that cannot be opened has the one finding
        ``pdf.unreadable``; a check that stumbles has ``preflight.fault``, and the others go on.
    """

    def wanted(signs: Claims) -> PreflightProfile:
        return expect or replace(guess(signs, edition), max_bytes=max_bytes)

    try:
        with pikepdf.open(BytesIO(pdf), suppress_warnings=True) as opened:
            subject = read_document(opened, name, len(pdf), wanted)
            checks = (kept(name, f"the check `{check.__name__}`", check(subject)) for check in CHECKS)
            return tuple(chain.from_iterable(checks))
    except BROKEN as error:
        return (unreadable(name, error),)
    except Exception as error:  # a fault of ours stays with this file
        return (fault(name, "reading the file", error),)
