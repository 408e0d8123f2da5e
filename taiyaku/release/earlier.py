"""An earlier release, read back to be compared with."""

import json
from collections.abc import Mapping
from pathlib import Path, PurePath
from typing import Any

from taiyaku.errors import UsageError


def load_release(path: Path) -> tuple[Mapping[str, Any], Mapping[str, bytes]]:
    """Read an earlier release: its folder, or its manifest alone; give the manifest, and the PDFs that stand beside it.

    Raises:
        UsageError: there is no manifest that can be read.
    """
    place = path / "manifest.json" if path.is_dir() else path
    try:
        manifest = json.loads(place.read_text(encoding="utf-8"))
        names = [str(document["path"]) for document in manifest["documents"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        message = f"{place}: this is no manifest of a release: {getattr(error, 'strerror', None) or error}"
        raise UsageError(message, "name the folder of an earlier release, or its manifest.json") from error
    there = [name for name in names if PurePath(name).name == name and (place.parent / name).is_file()]
    return manifest, {name: (place.parent / name).read_bytes() for name in there}
