"""A graphics state that is not among the resources."""

from tests.preflight.tiny import BODY, tiny


def wrong() -> bytes:
    return tiny("screen", BODY + b" /Absent gs")


def right() -> bytes:
    return tiny()
