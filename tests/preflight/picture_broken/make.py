"""A picture whose data end too early."""

import pikepdf

from tests.preflight.tiny import BODY, add_image, artifact, photograph, tiny

_BODY = BODY + artifact(b"q 4 0 0 4 30 20 cm /I Do Q")


def _furnish(pdf: pikepdf.Pdf, pixels: list[int]) -> None:
    add_image(pdf, 20, 20, pixels)


def wrong() -> bytes:
    return tiny("screen", _BODY, change=lambda pdf: _furnish(pdf, photograph(20)[:500]))


def right() -> bytes:
    return tiny("screen", _BODY, change=lambda pdf: _furnish(pdf, photograph(20)))
