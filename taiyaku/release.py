"""Names, checksums, the manifest, atomic writes. The only writer of dist/.

A build is written beside the old one and moved into place when all of it is there: a build that is
killed leaves each file whole, old or new; one that fails leaves everything as it was.
"""

import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any, Final

from taiyaku.errors import MachineError
from taiyaku.findings import Finding, as_record
from taiyaku.model import Document, Edition, Title

MANIFEST: Final = "manifest.json"
SCHEMA: Final = 1
_STAGE: Final = ".building-"
_ABANDONED_AFTER_S: Final = 3600.0


@dataclass(frozen=True, slots=True)
class Made:
    """A finished document with the fingerprint of what it was made from, and its warnings."""

    document: Document
    inputs: str
    findings: tuple[Finding, ...] = ()


def entry(made: Made) -> dict[str, Any]:
    """Give a document's entry in the manifest."""
    document = made.document
    title = document.title
    return {
        "path": title.file_name(document.edition),
        "guide": title.guide,
        "name": title.name,
        "form": str(title.form),
        "edition": str(document.edition),
        "languages": list(title.languages),
        "host": title.host,
        "title": document.heading,
        "paper": str(title.paper_of(document.edition)),
        "pages": document.pages,
        "sheets": document.sheets,
        "bytes": len(document.pdf),
        "sha256": hashlib.sha256(document.pdf).hexdigest(),
        "inputs": made.inputs,
        "findings": [as_record(finding) for finding in made.findings],
    }


def read_manifest(out: Path) -> dict[str, dict[str, Any]]:
    """Read the manifest's documents by path; none where there is no manifest that can be read."""
    try:
        manifest = json.loads((out / MANIFEST).read_text(encoding="utf-8"))
        documents = {str(document["path"]): dict(document) for document in manifest["documents"]}
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    # a path that leads elsewhere is not ours: publish would remove the file
    return {name: one for name, one in documents.items() if PurePath(name).name == name and name.endswith(".pdf")}


def up_to_date(out: Path, known: Mapping[str, Mapping[str, Any]], title: Title, edition: Edition, inputs: str) -> bool:
    """Say whether a document was made from these inputs and still stands there as it was written."""
    path = title.file_name(edition)
    document = known.get(path)
    if document is None or document.get("inputs") != inputs:
        return False
    try:
        return hashlib.sha256((out / path).read_bytes()).hexdigest() == document.get("sha256")
    except OSError:
        return False


def publish(
    out: Path, made: Sequence[Made], kept: Iterable[Mapping[str, Any]], *, version: str, source_date: str
) -> None:
    """Put finished documents and the manifest into ``out``; remove what no manifest names any more.

    Raises:
        MachineError: the folder cannot be written, or the disk is full. Nothing has changed then.
    """
    entries = sorted((*map(entry, made), *kept), key=lambda document: str(document["path"]))
    manifest = {"schema": SCHEMA, "version": version, "source_date": source_date, "documents": entries}
    before = read_manifest(out)
    try:
        out.mkdir(parents=True, exist_ok=True)
        _sweep(out)
        stage = Path(tempfile.mkdtemp(prefix=_STAGE, dir=out))
        try:
            names = [_write(stage / m.document.title.file_name(m.document.edition), m.document.pdf) for m in made]
            text = json.dumps(manifest, ensure_ascii=False, indent=1) + "\n"
            names.append(_write(stage / MANIFEST, text.encode()))
            for name in names:
                (stage / name).replace(out / name)
        finally:
            shutil.rmtree(stage, ignore_errors=True)
        for name in before.keys() - {str(document["path"]) for document in entries}:
            (out / name).unlink(missing_ok=True)
    except OSError as error:
        raise _cannot_write(out, error) from error


def publish_folder(out: Path, files: Mapping[str, bytes]) -> None:
    """Put a whole folder in the place of the one that stands there: all of it, or nothing.

    Args:
        out: the folder; what is in it and not in ``files`` is gone afterwards.
        files: the contents by their paths below it, such as ``read/guide.html``.

    Raises:
        MachineError: it cannot be written. The old folder stands as it was then.
    """
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        _sweep(out.parent)
        stage = Path(tempfile.mkdtemp(prefix=_STAGE, dir=out.parent))
        try:
            new, old = stage / "new", stage / "old"
            for name, data in sorted(files.items()):
                path = new / name
                path.parent.mkdir(parents=True, exist_ok=True)
                _write(path, data)
            if out.exists():
                out.replace(old)
            new.replace(out)
        finally:
            shutil.rmtree(stage, ignore_errors=True)
    except OSError as error:
        raise _cannot_write(out, error) from error


@contextmanager
def scratch(out: Path) -> Iterator[Path]:
    """Give an empty folder beside ``out``, which is gone afterwards: for what is made on the way.

    Raises:
        MachineError: it cannot be made.
    """
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        _sweep(out.parent)
        stage = Path(tempfile.mkdtemp(prefix=_STAGE, dir=out.parent))
    except OSError as error:
        raise _cannot_write(out, error) from error
    try:
        yield stage
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def require_writable(out: Path) -> None:
    """Find out before the work whether the result can be written.

    Raises:
        MachineError: it cannot.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        _sweep(out)
        shutil.rmtree(tempfile.mkdtemp(prefix=_STAGE, dir=out))
    except OSError as error:
        raise _cannot_write(out, error) from error


def write_file(path: Path, data: bytes) -> None:
    """Write one file whole: what stood there stays until the new one is complete.

    Raises:
        MachineError: it cannot be written.
    """
    beside = path.with_name(f".{path.name}.part")
    try:
        _write(beside, data)
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise MachineError(f"{path}: cannot write: {error.strerror or error}", "choose another file") from error


def _write(path: Path, data: bytes) -> str:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    return path.name


def _sweep(out: Path) -> None:
    """Remove what a killed build left behind, if it is old enough to be nobody's."""
    for path in out.glob(f"{_STAGE}*"):
        if time.time() - path.stat().st_mtime > _ABANDONED_AFTER_S:
            shutil.rmtree(path, ignore_errors=True)


def _cannot_write(out: Path, error: OSError) -> MachineError:
    why = error.strerror or str(error)
    return MachineError(f"{out}: cannot write: {why}", "free space or choose another folder with --out DIR")
