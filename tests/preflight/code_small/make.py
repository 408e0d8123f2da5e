"""A picture of two colours, 10 mm wide; 15 mm can be photographed."""

import pikepdf
from pikepdf import Name

from taiyaku.preflight.profile import SCREEN
from tests.preflight.tiny import BODY, add_image, artifact, tiny


def code(pdf: pikepdf.Pdf) -> None:
    add_image(pdf, 21, 21, [255 * (at % 2) for at in range(21 * 21)], space=Name.DeviceGray)


def wrong() -> bytes:
    return tiny(SCREEN, BODY + artifact(b"28 0 0 28 30 20 cm /I Do"), change=code)


def right() -> bytes:
    return tiny(SCREEN, BODY + artifact(b"43 0 0 43 30 15 cm /I Do"), change=code)
