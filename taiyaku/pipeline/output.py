"""Names, checksums, the manifest, atomic writes. The only writer of dist/.

A build is written beside the old one and moved into place when all of it is there: a build that is
killed leaves each file whole, old or new; one that fails leaves everything as it was. What is replaced is
kept until all that is new stands: the next command puts back what a killed one had taken away.

Of two builds into one folder the second waits while the first one moves its files. Nothing is written or
emptied through a link that lies in the folder, and nothing is deleted that was not written here.
"""

import ctypes
import hashlib
import json
import os
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any, Final

from taiyaku.errors import MachineError, UsageError
from taiyaku.files import write_synced
from taiyaku.model.documents import Document, Edition, Publication
from taiyaku.model.findings import Finding, finding_to_dict
from taiyaku.pipeline.locking import (
    _DONE,
    _NEW,
    _OLD,
    _STAGE,
    MANIFEST,
    _cannot_write,
    _flock,
    _put_back,
    _refuse_foreign,
    _sweep,
    locked,
    recover,
)

SCHEMA: Final = 1
SUMS: Final = "SHA256SUMS"

_LEFT_BY_FILE_MANAGERS: Final = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})


@dataclass(frozen=True, slots=True)
class Artifact:
    """A finished document with the fingerprint of what it was made from, and its warnings."""

    document: Document
    inputs: str
    findings: tuple[Finding, ...] = ()


def manifest_entry(made: Artifact) -> dict[str, Any]:
    """Return a document's entry in the manifest."""
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
        "findings": [finding_to_dict(finding) for finding in made.findings],
    }


def read_manifest(out: Path) -> dict[str, dict[str, Any]]:
    """Read the manifest's documents by path; none where there is no manifest that can be read."""
    try:
        manifest = json.loads((out / MANIFEST).read_text(encoding="utf-8"))
        documents = {str(document["path"]): dict(document) for document in manifest["documents"]}
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return {}
    # a path that leads elsewhere is not ours: publish would remove the file
    return {name: one for name, one in documents.items() if PurePath(name).name == name and name.endswith(".pdf")}


def up_to_date(
    out: Path, known: Mapping[str, Mapping[str, Any]], title: Publication, edition: Edition, inputs: str
) -> bool:
    """Tell whether a document was made from these inputs and still stands there as it was written."""
    document = known.get(title.file_name(edition))
    return document is not None and document.get("inputs") == inputs and stands(out, document)


def stands(out: Path, document: Mapping[str, Any]) -> bool:
    """Tell whether a document of the manifest still stands there as it was written."""
    try:
        return hashlib.sha256((out / str(document.get("path"))).read_bytes()).hexdigest() == document.get("sha256")
    except OSError:
        return False


def publish(
    out: Path, made: Sequence[Artifact], kept: Iterable[Mapping[str, Any]], *, version: str, source_date: str
) -> None:
    """Put finished documents and the manifest into ``out``; remove what no manifest names any more.

    Raises:
        UsageError: two documents would have one name.
        MachineError: the folder cannot be written, the disk is full, or it holds another program's manifest. Nothing
            has changed then.
    """
    entries = sorted((*map(manifest_entry, made), *kept), key=lambda document: str(document["path"]))
    for name, count in Counter(str(document["path"]).casefold() for document in entries).items():
        if count > 1:
            raise UsageError(f"two documents would have the name {name}", "rename a guide, a checklist or a host")
    manifest = {"schema": SCHEMA, "version": version, "source_date": source_date, "documents": entries}
    try:
        with locked(out):
            _refuse_foreign(out)
            _sweep(out)
            before = read_manifest(out)
            with _staged(out) as stage:
                for m in made:
                    write_synced(stage / _NEW / m.document.title.file_name(m.document.edition), m.document.pdf)
                text = json.dumps(manifest, ensure_ascii=False, indent=1) + "\n"
                write_synced(stage / _NEW / MANIFEST, text.encode())
                names = [m.document.title.file_name(m.document.edition) for m in made]
                _move(stage, out, (*names, MANIFEST))
            for name in before.keys() - {str(document["path"]) for document in entries}:
                if stands(out, before[name]):  # else it is somebody's own by now
                    (out / name).unlink(missing_ok=True)
    except OSError as error:
        raise _cannot_write(out, error) from error


def _move(stage: Path, out: Path, names: Sequence[str]) -> None:
    """Move files from a stage into a folder, in their order; where one cannot be moved, all of them are as before."""
    new, old, kept = stage / _NEW, stage / _OLD, stage / "kept"
    kept.mkdir()
    for name in names:
        if os.path.lexists(out / name):
            _keep(out / name, kept / name)
    kept.rename(old)  # from here on the next command puts it back, should this one be killed
    try:
        for name in names:
            (new / name).replace(out / name)
        old.rename(stage / _DONE)
    except BaseException:
        for name in names if old.is_dir() else ():
            if not os.path.lexists(old / name) and not (new / name).exists():
                (out / name).unlink(missing_ok=True)
        _put_back(old, out)
        raise


def _keep(path: Path, beside: Path) -> None:
    """Keep a file under a second name; where the disk has no second names, as a copy."""
    try:
        os.link(path, beside, follow_symlinks=False)
    except OSError:
        shutil.copy2(path, beside, follow_symlinks=False)


def publish_folder(out: Path, files: Mapping[str, bytes]) -> None:
    """Put a whole folder in the place of the one that stands there: all of it, or nothing.

    Where the system can (Linux), the two change places in one step; elsewhere the old one is put back if the new one
    cannot be moved.

    Args:
        out: the folder; what is in it and not in ``files`` is gone afterwards.
        files: the contents by their paths below it, such as ``read/guide.html``.

    Raises:
        MachineError: it cannot be written. The old folder stands as it was then.
    """
    try:
        with locked(out.parent):
            _sweep(out.parent)
            _refuse_no_folder(out)
            with _staged(out.parent) as stage:
                for name, data in sorted(files.items()):
                    (stage / _NEW / name).parent.mkdir(parents=True, exist_ok=True)
                    write_synced(stage / _NEW / name, data)
                _change_places(stage, out)
    except OSError as error:
        raise _cannot_write(out, error) from error


def _change_places(stage: Path, out: Path) -> None:
    new, old = stage / _NEW, stage / _OLD / out.name
    if not out.exists():
        new.replace(out)
    elif not _exchange(new, out):
        old.parent.mkdir()
        out.replace(old)
        try:
            new.replace(out)
        except BaseException:
            _put_back(old.parent, out.parent)
            raise
        old.parent.rename(stage / _DONE)  # should this fail, the old one goes with the next command: a newer one stands


_AT_FDCWD: Final = -100
_RENAME_EXCHANGE: Final = 2
"""Constants of Linux (renameat2(2))."""


def _exchange(first: Path, second: Path) -> bool:
    """Let two paths change places in one step; say whether the system has done so."""
    if sys.platform != "linux":
        return False
    rename = getattr(ctypes.CDLL(None), "renameat2", None)
    if rename is None:
        return False
    rename.argtypes = (ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint)
    paths = (os.fsencode(first.absolute()), os.fsencode(second.absolute()))
    return bool(rename(_AT_FDCWD, paths[0], _AT_FDCWD, paths[1], _RENAME_EXCHANGE) == 0)


def require_release_folder(out: Path) -> None:
    """Find out before the work whether a release may take the place of what stands there.

    Raises:
        MachineError: it is a link or a file, or it holds what no release has written.
    """
    recover(out.parent)
    _refuse_no_folder(out)
    written = set(_LEFT_BY_FILE_MANAGERS) | {SUMS}
    with suppress(OSError, ValueError):
        sums = (out / SUMS).read_text(encoding="utf-8")
        written |= {line.partition("  ")[2] for line in sums.splitlines()}
    there = (path for path in sorted(out.rglob("*")) if path.is_symlink() or not path.is_dir())
    names = (path.relative_to(out).as_posix() for path in there if path.name not in _LEFT_BY_FILE_MANAGERS)
    foreign = next((name for name in names if name not in written), "")
    if foreign:
        message = f"{out} holds {foreign}, which no release has written, and a release replaces the whole folder"
        raise MachineError(message, "move it away, or choose another folder with --out DIR")


def _refuse_no_folder(out: Path) -> None:
    if out.is_symlink() or (out.exists() and not out.is_dir()):
        what = "a link" if out.is_symlink() else "a file"
        hint = "move it away, or choose another folder with --out DIR (that one may be a link)"
        raise MachineError(f"{out} is {what}, and a release would take its place", hint)


@contextmanager
def _staged(folder: Path) -> Iterator[Path]:
    """Return an empty folder inside another one, with a place for what is new; gone afterwards.

    It stays while it holds the only copy of what stood there before.
    """
    stage = Path(tempfile.mkdtemp(prefix=_STAGE, dir=folder))
    try:
        with _flock(stage):
            (stage / _NEW).mkdir()
            yield stage
    finally:
        if not any((stage / _OLD).glob("*")):
            shutil.rmtree(stage, ignore_errors=True)
