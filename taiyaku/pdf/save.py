"""Writes a PDF so that the same document gives the same bytes, and no more of them than it needs."""

from io import BytesIO

import pikepdf


def saved(document: pikepdf.Pdf, *, at_least: str | None = None, exactly: str = "") -> bytes:
    """Return a document's file: streams compressed, objects in streams (ISO 32000-2, 7.5.7), its ID from its content.

    Args:
        document: The document.
        at_least: The oldest PDF version that has all that is in it, such as ``1.7``; its own, where none is named.
        exactly: The version that the file states, whatever the document's own was.
    """
    file = BytesIO()
    document.save(
        file,
        min_version=at_least or document.pdf_version,
        force_version=exactly,
        deterministic_id=True,
        compress_streams=True,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
    )
    return file.getvalue()
