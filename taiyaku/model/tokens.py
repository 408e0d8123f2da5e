"""Colours: the two that a host may change, in stylesheets and in our own pictures; and the inks of our own. Pure.

A picture of ours uses the tokens' colours to the letter, so that a host's colours reach it too.
"""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

LEAST_CONTRAST: Final = 5.0
"""Text stands at least so far from its ground (WCAG 2.2, 1.4.3 asks for 4.5:1)."""

PAPERS: Final = ("--color-paper-warm", "--color-paper-cool")
"""The tints that text stands on besides white."""

_TOKEN: Final = re.compile(rb"(--color-[\w-]+):\s*(#[0-9a-fA-F]{6})")
_INK: Final = re.compile(rb"--press-([\w-]+):\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*;")


class Ink(NamedTuple):
    """A colour as a press prints it: cyan, magenta, yellow and black, each in percent of a full coat."""

    cyan: float
    magenta: float
    yellow: float
    black: float

    @property
    def total(self) -> float:
        """All four together, in percent: what the paper has to take."""
        return sum(self)


def colour_tokens(styles: Mapping[str, bytes]) -> dict[str, str]:
    """Read the colours out of the token file: ``#rrggbb`` by custom property."""
    found = _TOKEN.findall(styles.get("tokens.css", b""))
    return {name.decode(): value.decode().lower() for name, value in found}


def press_palette(styles: Mapping[str, bytes]) -> dict[str, Ink]:
    """Read our own colours' inks out of the token file: by the colour ``#rrggbb`` on the screen.

    ``--press-NAME`` belongs to ``--color-NAME``. A host's own colours are not among them.
    """
    tokens = colour_tokens(styles)
    inks = {name.decode(): Ink(*map(float, parts)) for name, *parts in _INK.findall(styles.get("tokens.css", b""))}
    return {tokens[key]: ink for name, ink in inks.items() if (key := f"--color-{name}") in tokens}


def recoloured(picture: bytes, tokens: Mapping[str, str], chosen: Mapping[str, str]) -> bytes:
    """Return an SVG with a host's colours in place of the tokens'; ``chosen`` names them reader and host."""
    changed = {
        tokens[key].encode(): colour.encode() for name, colour in chosen.items() if (key := f"--color-{name}") in tokens
    }
    if not changed:
        return picture
    return re.sub(b"|".join(changed), lambda match: changed[match[0].lower()], picture, flags=re.IGNORECASE)


def contrast(first: str, second: str) -> float:
    """Return the contrast of two colours ``#rrggbb``, 1 … 21 (WCAG 2.2, relative luminance)."""
    darker, lighter = sorted((_luminance(first), _luminance(second)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def faintest(colour: str, tokens: Mapping[str, str]) -> float:
    """Return the least contrast of a text colour with white and with the tints of boxes."""
    return min(contrast(colour, ground) for ground in ("#ffffff", *(tokens[name] for name in PAPERS if name in tokens)))
