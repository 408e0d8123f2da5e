"""It does not say whether it is trapped."""

import pikepdf

from taiyaku.preflight.profile import PRESS
from tests.preflight.tiny import tiny, wanted

EXPECT = wanted(PRESS)


def spoil(pdf: pikepdf.Pdf) -> None:
    del pdf.docinfo["/Trapped"]
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as xmp:
        del xmp["{http://ns.adobe.com/pdf/1.3/}Trapped"]


def wrong() -> bytes:
    return tiny(PRESS, change=spoil)


def right() -> bytes:
    return tiny(PRESS)
