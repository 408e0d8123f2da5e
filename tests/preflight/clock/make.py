"""The time of day."""

from tests.preflight.tiny import tiny


def wrong() -> bytes:
    return tiny(info={"ModDate": "D:20261122093000Z"})


def right() -> bytes:
    return tiny(info={"ModDate": "D:20261122000000Z"})
