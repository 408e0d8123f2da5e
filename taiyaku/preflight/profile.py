"""What a PDF is held against: the edition that it is for, and its measures."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from taiyaku.model.units import mm
from taiyaku.pdf.geometry import Box

SCREEN: Final = "screen"
PRINT: Final = "print"
PRESS: Final = "press"
LARGE: Final = "large"
EDITIONS: Final = (SCREEN, PRINT, PRESS, LARGE)

PRESS_BLEED: Final = 3.0
"""mm that printing houses ask for around the trim; ISO 15930-7 leaves it to the parties."""

OWN_FAMILIES: Final = ("Cut-Noto-Sans",)
"""How the names of our fonts begin (``fonts.CUT``)."""


@dataclass(frozen=True, slots=True)
class PreflightProfile:
    """What a PDF should be. What is empty or None is not looked at.

    Attributes:
        edition: "screen", "print", "press" or "large" (the values of ``model.Edition``).
        trim: Width and height of a page after cutting, in mm.
        bleed: How far colour must be painted beyond the trim, in mm.
        multiple: The number of pages is a multiple of this: 4 for what is folded, 2 for imposed sides.
        families: How the names of the fonts begin.
        languages: BCP 47; each is the tag of some text.
        date: The day on which the file says that it was made.
        max_bytes: How large the file may be.
        min_type: The smallest type in pt; readings may be as small.
        min_cjk: The smallest Chinese, Japanese or Korean type in pt, readings aside.
        min_line: The thinnest line in pt.
        margin: How near text may stand to the trim, in mm.
        resolution: Pixels an inch of a picture.
        code: The smallest side of a code to be photographed (a QR code), in mm.
        ink: The most ink in one place, in percent of all inks.
    """

    edition: str = SCREEN
    trim: tuple[float, float] | None = None
    bleed: float = 0.0
    multiple: int = 1
    families: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    date: dt.date | None = None
    max_bytes: int | None = None
    min_type: float = 5.0
    min_cjk: float = 8.0
    min_line: float = 0.25
    margin: float = 5.0
    resolution: float = 300.0
    code: float = 15.0
    ink: float = 300.0

    def __post_init__(self) -> None:
        """Refuse an edition that does not exist: ValueError."""
        if self.edition not in EDITIONS:
            raise ValueError(f"`{self.edition}` is none of: {', '.join(EDITIONS)}")

    @property
    def press(self) -> bool:
        """Tell whether the file goes to a printing house."""
        return self.edition == PRESS

    @property
    def tagged(self) -> bool:
        """Tell whether the file must be tagged: it is read on a screen, or by weak eyes."""
        return self.edition in (SCREEN, LARGE)


def expect_for(edition: str) -> PreflightProfile:
    """Return what every document of an edition should be."""
    return PreflightProfile(edition, bleed=PRESS_BLEED if edition == PRESS else 0.0)


@dataclass(frozen=True, slots=True)
class Claims:
    """What a file says of itself: the metadata's claims, who made it, its first trim, how many pages it has."""

    claims: frozenset[str]
    creator: str
    trim: Box
    pages: int


def guess(signs: Claims, edition: str = "") -> PreflightProfile:
    """Guess what a lone file should be: GTS_PDFXVersion is press, pdfuaid is screen, else print.

    Of our own files more is known: the fonts, and that a booklet's pages fill sheets.
    """
    if not edition:
        edition = PRESS if "pdfx" in signs.claims else SCREEN if "pdfua" in signs.claims else PRINT
    expect = expect_for(edition)
    if not signs.creator.startswith("Taiyaku"):
        return expect
    return replace(expect, families=OWN_FAMILIES, multiple=_multiple(signs, edition))


def _multiple(signs: Claims, edition: str) -> int:
    """A checklist is one page or a leaf; large print is stapled at the corner; an imposed sheet has two sides."""
    if signs.pages <= 2 or edition == LARGE:
        return 1
    lies_open = signs.trim.width > signs.trim.height
    if edition == PRINT:
        return 2 if lies_open else 1
    return 4 if signs.trim.width < mm(_NARROW) else 1


_NARROW: Final = 200.0
"""mm: a page that is narrower is a folded sheet's; A4 and Letter are bound singly."""


def claims_of(info: Mapping[str, str], xmp: Mapping[str, str], trim: Box, pages: int) -> Claims:
    """Gather what tells for which edition a file was made."""
    claims = {"pdfx": ("pdfxid:GTS_PDFXVersion", "pdfx:GTS_PDFXVersion"), "pdfua": ("pdfuaid:part",)}
    said = frozenset(claim for claim, keys in claims.items() if any(xmp.get(key) for key in keys))
    if info.get("GTS_PDFXVersion"):  # PDF/X-1a and PDF/X-3 say it here (ISO 15930-1, ISO 15930-3)
        said |= {"pdfx"}
    return Claims(said, info.get("Creator", ""), trim, pages)
