"""A UUID of version 4."""

import pikepdf

from taiyaku.preflight.profile import PRESS
from tests.preflight.tiny import tiny, wanted

EXPECT = wanted(PRESS)


def spoil(pdf: pikepdf.Pdf) -> None:
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as xmp:
        xmp["{http://ns.adobe.com/xap/1.0/mm/}InstanceID"] = "uuid:f81d4fae-7dec-4c3b-a765-00a0c91e6bf6"


def wrong() -> bytes:
    return tiny(PRESS, change=spoil)


def right() -> bytes:
    return tiny(PRESS)
