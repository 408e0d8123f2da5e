"""Colours of a screen → inks of a press: ours by the palette, greys by black alone, all others by the profile. Pure.

Inks are percent of a full coat; colours of the screen are sRGB, 0 … 1. With black alone small type has sharp edges
however the plates lie on each other; with a limit on all four together the sheet dries.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

from PIL import Image, ImageCms, ImageMath

from taiyaku.errors import MachineError
from taiyaku.model.tokens import Ink

INK_LIMIT: Final = 300.0
"""All four inks together at most, in percent: what coated paper on a sheet-fed press takes."""

NEUTRAL: Final = 10 / 255
"""A colour whose channels differ by no more is meant as a grey: in four inks it would come out tinted."""

BLACK: Final = Ink(0, 0, 0, 100)

_REGISTERED: Final = (
    (re.compile(r"FOGRA ?(\d+)", re.IGNORECASE), "FOGRA{}"),
    (re.compile(r"CRPC ?(\d)", re.IGNORECASE), "CGATS21-2-CRPC{}"),
    (re.compile(r"Japan ?Color ?2001 ?Coated", re.IGNORECASE), "JC200103"),
    (re.compile(r"Japan ?Color ?2001 ?Uncoated", re.IGNORECASE), "JC200104"),
    (re.compile(r"Web Coated \(SWOP\) v2", re.IGNORECASE), "CGATS TR 001"),
)
"""Names in a profile's description, and the printing condition's name in the register of the ICC."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A printing condition as an output intent names it (ISO 32000-2, 14.11.5, table 401)."""

    identifier: str
    info: str
    registered: bool


@dataclass(frozen=True, slots=True)
class Profile:
    """An ICC profile of a press, and the printing condition that it describes."""

    data: bytes
    condition: Condition


def read_profile(data: bytes) -> Profile:
    """Read an ICC profile (ISO 15076-1): it must be one of an output device with four inks.

    Raises:
        MachineError: It is none.
    """
    try:
        profile = ImageCms.ImageCmsProfile(BytesIO(data))
    except OSError as error:
        raise MachineError("the colour profile cannot be read", "choose an ICC profile of a press") from error
    kind, space = profile.profile.device_class.strip(), profile.profile.xcolor_space.strip()
    if (kind, space) != ("prtr", "CMYK"):
        raise MachineError(
            f"the colour profile is of the kind `{kind}` for {space}", "choose an ICC profile of a press, for CMYK"
        )
    return Profile(data, _condition(ImageCms.getProfileDescription(profile).strip()))


def _condition(description: str) -> Condition:
    for pattern, name in _REGISTERED:
        if match := pattern.search(description):
            return Condition(name.format(*match.groups()), description, registered=True)
    return Condition(description, description, registered=False)


def held(ink: Ink) -> Ink:
    """Hold a colour to ``INK_LIMIT``: black stays, the other three give way in proportion."""
    if ink.total <= INK_LIMIT:
        return ink
    share = (INK_LIMIT - ink.black) / (ink.total - ink.black)
    return Ink(ink.cyan * share, ink.magenta * share, ink.yellow * share, ink.black)


class Inks:
    """Turns colours and pictures of the screen into inks, for one profile and one palette."""

    def __init__(self, profile: Profile, palette: Mapping[str, Ink]) -> None:
        """Take a profile and our own colours' inks by ``#rrggbb``."""
        self._palette = palette
        self._transform = ImageCms.buildTransform(
            ImageCms.createProfile("sRGB"),
            ImageCms.ImageCmsProfile(BytesIO(profile.data)),
            "RGB",
            "CMYK",
            ImageCms.Intent.RELATIVE_COLORIMETRIC,
            ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
        self._known: dict[tuple[int, ...], Ink] = {}

    def ink(self, colour: Sequence[float]) -> Ink:
        """Return the inks of a colour: of red, green and blue, or of grey alone, each 0 … 1."""
        channels = tuple(round(255 * min(max(value, 0.0), 1.0)) for value in colour)
        if channels not in self._known:
            self._known[channels] = self._convert(channels * 3 if len(channels) == 1 else channels)
        return self._known[channels]

    def _convert(self, channels: tuple[int, ...]) -> Ink:
        ours = self._palette.get("#{:02x}{:02x}{:02x}".format(*channels))
        if ours is not None:
            return ours
        if max(channels) - min(channels) <= NEUTRAL * 255:  # black is what grey lacks (ISO 32000-2, 10.4.2.3)
            return Ink(0, 0, 0, round(100 - sum(channels) / 7.65, 2))
        pixel = Image.new("RGB", (1, 1), channels)
        return _inks_of(self.picture(pixel).tobytes())

    def picture(self, picture: Image.Image) -> Image.Image:
        """Return a picture in RGB as one in CMYK, through the profile and held to ``INK_LIMIT``."""
        converted = ImageCms.applyTransform(picture, self._transform)
        assert converted is not None  # it is None only where a picture is changed in place
        return held_picture(converted)


def _inks_of(pixel: bytes) -> Ink:
    return Ink(*(round(part / 2.55, 2) for part in pixel))


def held_picture(picture: Image.Image) -> Image.Image:
    """Hold each pixel of a picture in CMYK to ``INK_LIMIT``, as ``held`` does."""
    *colours, black = picture.split()
    parts = {"cyan": colours[0], "magenta": colours[1], "yellow": colours[2], "black": black}
    return Image.merge("CMYK", [*(ImageMath.lambda_eval(_less, band=band, **parts) for band in colours), black])


def _less(at: Mapping[str, Any]) -> Any:
    """Return a band's share of the room that black leaves (an image in whole numbers, 0 … 255 a band)."""
    together = at["max"](at["cyan"] + at["magenta"] + at["yellow"], 1)
    return at["convert"](at["min"](at["band"], at["band"] * (_MOST - at["black"]) / together), "L")


_MOST: Final = int(INK_LIMIT * 2.55)
