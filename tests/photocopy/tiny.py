"""Pages of 60 × 40 mm, made in the test, with the two plain fonts that every PDF reader has built in."""

from io import BytesIO
from typing import Final

import pikepdf
from pikepdf import Dictionary, Name

from taiyaku.model.units import mm

WIDTH: Final = 60.0
HEIGHT: Final = 40.0
INDIGO: Final = (27, 53, 94)
VERMILION: Final = (163, 43, 24)


def document(*bodies: str) -> bytes:
    """Make a PDF with a page for each body of painting operators, in pt from the lower left."""
    with pikepdf.new() as pdf:
        fonts = Dictionary(F=_font("Helvetica"), B=_font("Helvetica-Bold"))
        for body in bodies:
            page = pdf.add_blank_page(page_size=(mm(WIDTH), mm(HEIGHT)))
            page.Resources = Dictionary(Font=fonts)
            page.Contents = pdf.make_stream(body.encode())
        written = BytesIO()
        pdf.save(written, deterministic_id=True)
        return written.getvalue()


def _font(name: str) -> Dictionary:
    return Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name(f"/{name}"), Encoding=Name.WinAnsiEncoding)


def fill(colour: tuple[int, int, int]) -> str:
    return f"{' '.join(f'{part / 255:.4f}' for part in colour)} rg "


def grey(value: int) -> str:
    """Fill and stroke with a grey, 0 black … 255 white."""
    return f"{value / 255:.4f} g {value / 255:.4f} G "


def text(said: str, *, size: float = 9, x: float = 20, y: float = 60, font: str = "F") -> str:
    return f"BT /{font} {size} Tf {x} {y} Td ({said}) Tj ET "


def area(x: float, y: float, width: float, height: float) -> str:
    """Fill a rectangle, in mm."""
    return f"{mm(x):.4f} {mm(y):.4f} {mm(width):.4f} {mm(height):.4f} re f "


def rule(width: float, *, length: float = 40, y: float = 20) -> str:
    """Fill a rule of a width and length in mm, as a stylesheet's border is drawn."""
    return area(10, y, length, width)


def frame(line: float, *, side: float = 4, x: float = 20, y: float = 20) -> str:
    """Fill a square frame, in mm: a box to tick."""
    outer = f"{mm(x)} {mm(y)} {mm(side)} {mm(side)} re "
    inner = f"{mm(x + line)} {mm(y + line)} {mm(side - 2 * line)} {mm(side - 2 * line)} re "
    return f"{outer}{inner}f* "
