"""Colour spaces and colours, as a printing house counts them (ISO 32000-2, 8.6)."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, Final, NamedTuple

import pikepdf

from taiyaku.pdf.objects import OddError, entry, part, spelt


class Kind(StrEnum):
    """What a colour is made of.

    ALL is the colour of crop marks, every ink at once; SPOT an ink of its own; SCREEN RGB or Lab: no press prints them.
    """

    GREY = "grey"
    CMYK = "cmyk"
    SCREEN = "rgb"
    SPOT = "spot"
    ALL = "all"
    PATTERN = "pattern"


_PROCESS: Final = {"/Cyan": 0, "/Magenta": 1, "/Yellow": 2, "/Black": 3}


class Space(NamedTuple):
    """A colour space: its kind; ``plates`` says on which process plate each component prints (-1: on none of them)."""

    kind: Kind
    plates: tuple[int, ...] = ()


class Colour(NamedTuple):
    """A colour that something is painted in: its kind, and its parts, 0 to 1. Black is 0 in grey, 0 0 0 1 in CMYK."""

    kind: Kind
    parts: tuple[float, ...]

    @property
    def ink(self) -> float:
        """Return the sum of the inks in percent."""
        if self.kind is Kind.GREY:
            return 100.0 * (1 - self.parts[0])
        return 100.0 * sum(self.parts) * (4 if self.kind is Kind.ALL else 1)

    @property
    def white(self) -> bool:
        """Tell whether it leaves the paper as it is."""
        if self.kind in (Kind.GREY, Kind.SCREEN):
            return all(part >= 0.999 for part in self.parts)
        return self.kind is not Kind.PATTERN and sum(self.parts) <= 0.001

    @property
    def rich_black(self) -> bool:
        """Tell whether it is a black, or nearly, with other inks under it: on text they show at the edges."""
        if self.kind is Kind.ALL:
            return self.parts[0] > 0.5
        return self.kind is Kind.CMYK and self.parts[3] >= 0.85 and sum(self.parts[:3]) > 0.02


GREY: Final = Space(Kind.GREY)
RGB: Final = Space(Kind.SCREEN)
CMYK: Final = Space(Kind.CMYK, (0, 1, 2, 3))
PATTERN: Final = Space(Kind.PATTERN)
BLACK: Final = Colour(Kind.GREY, (0.0,))

_NAMED: Final = {
    "/DeviceGray": GREY, "/G": GREY, "/CalGray": GREY,
    "/DeviceRGB": RGB, "/RGB": RGB, "/CalRGB": RGB, "/Lab": RGB,
    "/DeviceCMYK": CMYK, "/CMYK": CMYK,
    "/Pattern": PATTERN,
}  # fmt: skip
"""The spaces that a name alone tells; the short names stand in inline images."""


def space_of(space: Any, resources: Any = None) -> Space:
    """Read a colour space: a name, a name among the resources, or an array.

    Raises:
        OddError: it is no colour space of ISO 32000-2.
    """
    if isinstance(space, pikepdf.Name):
        name = spelt(space)
        own = entry(part(resources, "/ColorSpace"), space)
        if name in _NAMED:
            return _NAMED[name]
        if own is None:
            raise OddError("names what is not there", f"{name} in /ColorSpace")
        return space_of(own)
    parts = list(space) if isinstance(space, pikepdf.Array) else []
    match [spelt(parts[0]) if parts else "", *parts[1:]]:
        case ["/Indexed" | "/I", base, *_] if not _is_indexed(base):
            return space_of(base, resources)
        case ["/ICCBased", pikepdf.Stream() as profile, *_] if profile.get("/N") in _OF_PROFILE:
            return _OF_PROFILE[int(profile["/N"])]
        case ["/Separation" | "/DeviceN", pikepdf.Name() | pikepdf.Array() as names, *_]:
            return _inks(names)
        case [family, *_] if family in _NAMED:
            return _NAMED[family]
        case [family, *_]:
            raise OddError("uses what is no colour space", str(family))
        case _:
            raise OddError("uses what is no colour space")


def _is_indexed(space: Any) -> bool:
    """Tell whether a space that a palette stands on is a palette itself, which none may be (ISO 32000-2, 8.6.6.3)."""
    return isinstance(space, pikepdf.Array) and len(space) > 0 and space[0] in ("/Indexed", "/I")


_OF_PROFILE: Final = {1: GREY, 3: RGB, 4: CMYK}
"""The spaces of profiles, by how many components they have."""


def _inks(names: Any) -> Space:
    """Read the inks of a Separation or DeviceN space; ``All`` is every plate, process colours are CMYK (8.6.6.4)."""
    inks = [spelt(names)] if isinstance(names, pikepdf.Name) else [spelt(name) for name in names]
    if inks == ["/All"]:
        return Space(Kind.ALL)
    plates = tuple(_PROCESS.get(ink, -1) for ink in inks)
    process = all(plate >= 0 or ink == "/None" for plate, ink in zip(plates, inks, strict=True))
    return Space(Kind.CMYK if process else Kind.SPOT, plates)


def colour(space: Space, parts: Sequence[float]) -> Colour:
    """Return a colour of a space."""
    values = tuple(min(max(value, 0.0), 1.0) for value in parts)
    if space.kind is not Kind.CMYK:
        return Colour(space.kind, values)
    plates = [0.0] * 4
    for plate, value in zip(space.plates, values, strict=False):
        if plate >= 0:
            plates[plate] = value
    return Colour(Kind.CMYK, tuple(plates))


def first_colour(space: Space) -> Colour:
    """Return the colour that a space begins with: black, or every ink in full (ISO 32000-2, 8.6.3)."""
    if space == CMYK:
        return Colour(Kind.CMYK, (0.0, 0.0, 0.0, 1.0))
    if space.kind is Kind.CMYK:
        return colour(space, [1.0] * len(space.plates))
    return Colour(space.kind, _FIRST[space.kind] or (1.0,) * len(space.plates))


_FIRST: Final[Mapping[Kind, tuple[float, ...]]] = {
    Kind.GREY: (0.0,), Kind.SCREEN: (0.0, 0.0, 0.0), Kind.ALL: (1.0,), Kind.SPOT: (), Kind.PATTERN: (),
}  # fmt: skip
