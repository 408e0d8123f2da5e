"""What a PDF says of itself: the information dictionary and the XMP, as plain values (ISO 32000-2, 14.3)."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

import pikepdf

from taiyaku.pdf.broken import BROKEN
from taiyaku.pdf.objects import OddError, part, spelt

_SPACES: Final = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "pdf": "http://ns.adobe.com/pdf/1.3/",
    "pdfx": "http://ns.adobe.com/pdfx/1.3/",
    "pdfxid": "http://www.npes.org/pdfx/ns/id/",
    "pdfuaid": "http://www.aiim.org/pdfua/ns/id/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "xmpMM": "http://ns.adobe.com/xap/1.0/mm/",
}
_PREFIXES: Final = {space: prefix for prefix, space in _SPACES.items()}

TWINS: Final = {
    "Title": "dc:title",
    "Author": "dc:creator",
    "Creator": "xmp:CreatorTool",
    "Producer": "pdf:Producer",
    "CreationDate": "xmp:CreateDate",
    "ModDate": "xmp:ModifyDate",
}
"""Each entry of the information dictionary and what must say the same in the XMP (ISO 32000-2, 14.3.3)."""

DATES: Final = ("CreationDate", "ModDate")


def read_info(pdf: pikepdf.Pdf) -> Mapping[str, str]:
    """Return the information dictionary: names without their slash."""
    told = part(pdf.trailer, "/Info").items()
    return {spelt(name)[1:]: spelt(value) for name, value in told if isinstance(value, pikepdf.String | pikepdf.Name)}


def read_xmp(pdf: pikepdf.Pdf) -> Mapping[str, str]:
    """Return the XMP as ``dc:title`` → text; entries of name spaces that nothing here asks for are left out.

    An entry may be there and hold nothing: an empty title, a list without members.

    Raises:
        OddError: the XMP cannot be read.
    """
    found: dict[str, str] = {}
    if "/Metadata" not in pdf.Root:
        return found
    try:
        told = dict(pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False))
    except (*BROKEN, SyntaxError, ValueError, TypeError, AttributeError, LookupError) as error:  # as XML, or at all
        raise OddError("the XMP cannot be read") from error
    for key, value in told.items():
        space, _, name = key.removeprefix("{").partition("}")
        if space in _PREFIXES:
            found[f"{_PREFIXES[space]}:{name}"] = _text(value)
    return found


def _text(value: Any) -> str:
    """Return an entry as text: one that is empty, or has empty members, is what is left of it."""
    if value is None or isinstance(value, str):
        return spelt(value or "")
    members = value if isinstance(value, Iterable) else [value]
    return ", ".join(spelt(one) for one in members if one is not None)


_DATE: Final = re.compile(
    r"(?:D:)?(\d{4})-?(\d\d)?-?(\d\d)?T?(?:(\d\d):?(\d\d)?:?(\d\d)?(?:\.\d+)?)?(?:(Z)|([+-])(\d\d)[':]?(\d\d)?'?)?'?"
)


def date_of(text: str) -> dt.datetime | None:
    """Read a date of a PDF (ISO 32000-2, 7.9.4) or of XMP (ISO 8601); None for anything else. Without a zone: UTC."""
    match = _DATE.fullmatch(text.strip())
    if match is None:
        return None
    year, month, day, hour, minute, second = (
        int(part or low) for part, low in zip(match.groups()[:6], _LOW, strict=True)
    )
    sign, zone_hours, zone_minutes = match[8], int(match[9] or 0), int(match[10] or 0)
    ahead = dt.timedelta(hours=zone_hours, minutes=zone_minutes) * (-1 if sign == "-" else 1)
    try:
        return dt.datetime(year, month, day, hour, minute, min(second, 59), tzinfo=dt.timezone(ahead))
    except ValueError:
        return None


_LOW: Final = (0, 1, 1, 0, 0, 0)
"""What a part that is left out stands for: January, the first, midnight."""


def has_clock(text: str) -> bool:
    """Tell whether a date holds a time of day other than midnight UTC."""
    date = date_of(text)
    return date is not None and date.astimezone(dt.UTC).time() != dt.time()
