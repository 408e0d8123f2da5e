"""A copier in an office: a page's greys → the greys of its copy, without chance in it.

The page is drawn in grey as a printer does, 600 dots to the inch, and scanned at 200. A copy is three steps on that
picture:

* The scanner blurs (``_OPTICS``). Blur and tone together decide how far an edge moves and which gaps close (E. H.
  Barney Smith, ICDAR 2001, doi:10.1109/ICDAR.2001.953968, who names repeated photocopying; H. S. Baird, "Document image
  defect models", 1992). Their hard threshold is a tone curve here: a copier keeps greys.
* The exposure control takes what is nearly white for paper (``GROUND``). So pale lines and tints go.
* The toner spreads: dot gain (``DOT_GAIN``), as tone value increase is defined in ISO 12647-1, on a parabola.

Grey is read as the share of paper that ink covers (Murray and Davies 1936): 0 paper, 1 full ink; a pixel's value is
255 times the share of paper. The screen of a copier is left out: its dots are an average here.
"""

from typing import Final

from PIL import Image, ImageFilter

from taiyaku.model.units import PT_PER_MM

DPI: Final = 200
"""Pixels to the inch at which a page is scanned."""

FINER: Final = 3
"""So many times finer it is printed."""

GENERATIONS: Final = 2
"""A copy of a copy."""

DOT_GAIN: Final = 0.20
"""What should cover half of the paper covers so much more: an ordinary value of print on uncoated paper."""

GROUND: Final = 0.10
"""What covers less of the paper than this is taken for paper by the exposure control."""

_OPTICS: Final = ImageFilter.Kernel((3, 3), (1, 4, 1, 4, 16, 4, 1, 4, 1))
"""The scanner's blur: a standard deviation of 0.58 pixels (0.07 mm); of lines two to the mm it keeps two thirds."""

PX_PER_PT: Final = DPI / 72
"""Pixels of the scanned page."""

FINE_PER_PT: Final = FINER * PX_PER_PT
"""Pixels of the printed page."""

PX_PER_MM: Final = PX_PER_PT * PT_PER_MM

PAPER: Final = 255
"""The grey of bare paper."""


def copied(page: Image.Image) -> Image.Image:
    """Copy a page once: blur, exposure control, dot gain. Takes and gives greys, 0 ink … 255 paper."""
    return page.filter(_OPTICS).point(_TONES)


def _printed(value: int) -> int:
    """Return the grey that is printed where the scanner reads ``value``."""
    ink = max(0.0, 1 - value / PAPER - GROUND) / (1 - GROUND)
    return round(PAPER * (1 - ink - 4 * DOT_GAIN * ink * (1 - ink)))


_TONES: Final = tuple(map(_printed, range(PAPER + 1)))


def copy_of_copy(page: Image.Image) -> Image.Image:
    """Copy a page, and copy the copy."""
    for _ in range(GENERATIONS):
        page = copied(page)
    return page


Colour = tuple[int, int, int]
"""Red, green and blue, 0 … 255."""


def grey_on_copy(colour: Colour) -> int:
    """Return the grey 0 … 255 of an area of a colour on a copy of a copy."""
    red, green, blue = colour
    grey = round(0.299 * red + 0.587 * green + 0.114 * blue)  # ITU-R BT.601, as pdfium draws grey
    for _ in range(GENERATIONS):
        grey = _TONES[grey]
    return grey
