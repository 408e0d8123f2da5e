"""Whoever opens it may read, but not print."""

import pikepdf

from tests.preflight.tiny import tiny


def wrong() -> bytes:
    return tiny(deterministic_id=False, encryption=pikepdf.Encryption(owner="owner", user=""))


def right() -> bytes:
    return tiny()
