"""One build at a time in a folder, and what a killed one left behind."""

import errno
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from taiyaku.errors import MachineError

MANIFEST: Final = "manifest.json"
_STAGE: Final = ".building-"
_NEW, _OLD, _DONE = "new", "old", "done"
"""In a stage: what comes, what stood there, and the same once it is not needed any more."""

_ABANDONED_AFTER_S: Final = 3600.0
_PATIENCE_S: Final = 60.0
"""So long another build may take to move its files."""


def _refuse_foreign(out: Path) -> None:
    """Refuse a folder with a manifest.json that says something, but not what ours say. A broken one says nothing."""
    try:
        said = json.loads((out / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return
    if said and not (isinstance(said, dict) and "schema" in said):
        message = f"{out / MANIFEST} is another program's, and ours would take its place"
        raise MachineError(message, "choose another folder with --out DIR, or move the file away")


_held: set[str] = set()
"""The folders that this process holds."""


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold a folder, which is made where it is missing, for this process; within it as often as wanted.

    Another process waits until this one is done with it, or gone. On a disk that has no locks nobody waits.

    Raises:
        MachineError: another process holds it for a minute.
    """
    folder.mkdir(parents=True, exist_ok=True)
    name = os.path.realpath(folder)
    if name in _held:
        yield
        return
    until = time.monotonic() + _PATIENCE_S
    while True:
        with _flock(folder) as held:
            if held:
                _held.add(name)
                try:
                    yield
                finally:
                    _held.discard(name)
                return
        if time.monotonic() > until:
            owner = _owner(folder)
            by = f" (process {owner})" if owner else ""
            raise MachineError(f"{folder}: another build{by} is writing there", "wait until it has ended, or end it")
        time.sleep(0.05)


@contextmanager
def _flock(folder: Path) -> Iterator[bool]:
    """Lock a folder if nobody has; say whether somebody has. The lock ends with the process (flock(2))."""
    try:
        import fcntl

        descriptor = os.open(folder, os.O_RDONLY)
    except (ImportError, PermissionError):  # Windows has neither
        yield True
        return
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            yield error.errno not in (errno.EWOULDBLOCK, errno.EACCES)
        else:
            yield True
    finally:
        os.close(descriptor)


def _owner(folder: Path) -> str:
    """Name the process that has locked a folder (proc_locks(5)); empty where the system does not say."""
    with suppress(OSError):
        its = f":{folder.stat().st_ino}"
        for line in Path("/proc/locks").read_text(encoding="ascii").splitlines():
            fields = line.split()
            if "FLOCK" in fields and "->" not in fields and fields[5].endswith(its):
                return fields[4]
    return ""


@contextmanager
def scratch(out: Path) -> Iterator[Path]:
    """Return an empty folder beside ``out``, which is gone afterwards: for what is made on the way.

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
        with _flock(stage):
            made = stage / _NEW  # who builds in there locks it too
            made.mkdir()
            yield made
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def require_writable(out: Path) -> None:
    """Find out before the work whether the result can be written.

    Raises:
        MachineError: it cannot.
    """
    _refuse_foreign(out)
    try:
        out.mkdir(parents=True, exist_ok=True)
        _sweep(out)
        shutil.rmtree(tempfile.mkdtemp(prefix=_STAGE, dir=out))
    except OSError as error:
        raise _cannot_write(out, error) from error


def recover(out: Path) -> None:
    """Put back what a command that was killed had taken away from a folder, before anybody looks there.

    Raises:
        MachineError: it cannot be put back.
    """
    try:
        _sweep(out)
    except OSError as error:
        raise _cannot_write(out, error) from error


def _sweep(out: Path) -> None:
    """Take care of what a killed build left behind: put back what it had taken away; later remove the rest.

    A stage that its process still holds is left alone.
    """
    for stage in out.glob(f"{_STAGE}*"):
        with suppress(FileNotFoundError), _flock(stage) as dead:
            if dead:
                age = time.time() - stage.stat().st_mtime
                _put_back(stage / _OLD, out)
                if age > _ABANDONED_AFTER_S:
                    shutil.rmtree(stage, ignore_errors=True)


def _put_back(old: Path, folder: Path) -> None:
    """Put back what stood in a folder; a whole folder only where none has come in its place."""
    for path in old.iterdir() if old.is_dir() else ():
        if path.is_symlink() or not path.is_dir() or not os.path.lexists(folder / path.name):
            os.replace(path, folder / path.name)  # noqa: PTH105  # not the call that may have failed just now
    with suppress(OSError):
        old.rename(old.with_name(_DONE))


def _cannot_write(out: Path, error: OSError) -> MachineError:
    why = error.strerror or str(error)
    return MachineError(f"{out}: cannot write: {why}", "free space or choose another folder with --out DIR")
