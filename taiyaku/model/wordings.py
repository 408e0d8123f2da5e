"""The one table of what every code says, and how bad it is: ``wordings.toml``, read once."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Final


class Severity(StrEnum):
    """How bad a finding is: an error stops the build, a warning is told."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """A finding's sentence and what to do next, as format strings over its facts, and how bad it is by itself."""

    severity: Severity
    message: str
    hint: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "severity", Severity(self.severity))


def read(text: str) -> Mapping[str, Wording]:
    """Return the wording of each code of a table in TOML.

    Raises:
        ValueError: A code lacks a key or has an unknown one, or its severity is none.
    """
    table = {}
    for code, keys in tomllib.loads(text).items():
        try:
            table[code] = Wording(**keys)
        except (TypeError, ValueError) as error:
            raise ValueError(f"{code}: {error}") from error
    return MappingProxyType(table)


WORDINGS: Final = read(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
"""Every code with its wording. A code that is not here cannot be told."""
