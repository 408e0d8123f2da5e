"""Nobody knows what the file is called."""

from tests.preflight.tiny import tiny


def wrong() -> bytes:
    return tiny(info={"Title": ""})


def right() -> bytes:
    return tiny()
