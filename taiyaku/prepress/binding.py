"""Says in a finished PDF that it is read from right to left. Pure.

Last of all, because some readers then turn the text of each line round when they are asked for it (pdfium does): what
reads a document back reads it before.
"""

from io import BytesIO

import pikepdf

from taiyaku.pdf.save import saved


def bind_right(pdf: bytes) -> bytes:
    """Let a viewer turn the pages from right to left, two side by side (ISO 32000-2, 7.7.2 and 12.2)."""
    with pikepdf.open(BytesIO(pdf)) as document:
        preferences = document.Root.get(pikepdf.Name.ViewerPreferences, pikepdf.Dictionary())
        preferences.Direction = pikepdf.Name.R2L
        document.Root.ViewerPreferences = preferences
        document.Root.PageLayout = pikepdf.Name.TwoPageRight
        return saved(document)
