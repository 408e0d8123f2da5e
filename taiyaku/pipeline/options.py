"""What a build is asked for."""

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from taiyaku.model.documents import Edition, Form, Paper
from taiyaku.prepress.imposition import Imposition


@dataclass(frozen=True)
class BuildOptions:
    """What the command line asks for; empty means all. ``today`` decides which facts have expired (min: none)."""

    root: Path
    content: Path
    out: Path
    guides: tuple[str, ...] = ()
    pair: tuple[str, ...] = ()
    form: Form | None = None
    edition: Edition | None = None
    host: str = ""
    jobs: int = 1
    draft: bool = False
    today: dt.date = dt.date.min
    paper: Paper | Literal[""] = ""
    imposition: Imposition = field(default_factory=Imposition)
    profile: Path | None = None
    bleed_mm: float = 3.0
