"""What the program brings besides code: templates, styles, words, the list of its packages.

They stand once, at the top level of a checkout (templates/, styles/, content/strings/, requirements.lock); a wheel
takes them in as ``taiyaku/own`` (see ``force-include`` in pyproject.toml).
"""

from pathlib import Path
from typing import Final

_PACKAGE: Final = Path(__file__).resolve().parent
_INSTALLED: Final = _PACKAGE / "own"
_IN_CHECKOUT: Final = {"strings": "content/strings"}


COMMAND: Final = "taiyaku" if _INSTALLED.is_dir() else "python3 build.py"
"""How a person calls the program here."""

SET_UP: Final = "install what the README names" if COMMAND == "taiyaku" else "run: python3 build.py"
"""What a person does where the machine lacks a font or a colour profile."""


def own_file(name: str) -> Path:
    """Return where something that the program brings stands, such as ``templates`` or a file below it."""
    if _INSTALLED.is_dir():
        return _INSTALLED / name
    first, slash, rest = name.partition("/")
    return _PACKAGE.parent / (_IN_CHECKOUT.get(first, first) + slash + rest)


def guides_folder() -> Path:
    """Return where guides are looked for when nobody names a folder: a checkout's content/, else the one right here."""
    return Path("content") if _INSTALLED.is_dir() else _PACKAGE.parent / "content"
