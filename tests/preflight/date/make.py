"""Another day than the guide's."""

import datetime as dt

from taiyaku.preflight.preflight import PreflightProfile
from tests.preflight.tiny import tiny

EXPECT = PreflightProfile(date=dt.date(2026, 11, 22))


def wrong() -> bytes:
    return tiny(info={"CreationDate": "D:20261123"})


def right() -> bytes:
    return tiny()
