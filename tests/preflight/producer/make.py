"""Nobody knows which program made it."""

from tests.preflight.tiny import tiny


def wrong() -> bytes:
    return tiny(info={"Producer": ""})


def right() -> bytes:
    return tiny()
