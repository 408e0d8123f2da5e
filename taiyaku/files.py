"""Files are written whole or not at all."""

import os
from pathlib import Path

from taiyaku.errors import MachineError


def write_file(path: Path, data: bytes) -> None:
    """Write one file whole: what stood there stays until the new one is complete.

    Raises:
        MachineError: it cannot be written.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        beside.unlink(missing_ok=True)
        write_synced(beside, data)
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise MachineError(f"{path}: cannot write: {error.strerror or error}", "choose another file") from error


def write_synced(path: Path, data: bytes) -> None:
    """Write a file that is not there yet, so that nothing is written through a link."""
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
