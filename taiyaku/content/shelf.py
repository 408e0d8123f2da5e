"""The only opener of files below content/: what is too large, strange or unreadable is a finding."""

import os
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeVar

from taiyaku.model.content import Record, TomlFile
from taiyaku.model.findings import Finding, Place
from taiyaku.model.names import is_name
from taiyaku.model.toml import read_record, read_table

R = TypeVar("R", bound=Record)

MOST_TEXT: Final = 1024 * 1024
"""So many bytes has a text at most: a book of 300,000 Chinese characters."""

MOST_PICTURE: Final = 20 * 1024 * 1024
"""So many bytes has a picture at most: A5 in 600 dpi, hardly compressed."""

_WITHOUT_WAITING: Final = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
"""How a file is opened: a pipe with nobody at its other end is no reason to wait."""

_KINDS: Final = (
    (stat.S_ISREG, "a file"),
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (lambda _mode: True, "a device"),
)


@dataclass
class Shelf:
    """A content folder while it is read: paths as people name them, and the findings."""

    content: Path
    findings: list[Finding] = field(default_factory=list)

    def name(self, path: Path) -> str:
        """Return a path as findings name it: from the content folder's parent, with slashes."""
        return path.relative_to(self.content.parent).as_posix()

    def report(self, code: str, place: Place, **facts: Any) -> None:
        """Note a finding."""
        self.findings.append(Finding(code, place, facts))

    def holds(self, path: Path) -> bool:
        """Tell whether a path is really inside the content folder, whatever links it takes."""
        return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(self.content))

    def entries(self, folder: Path) -> list[Path]:
        """List what is in a folder, by name; nothing where there is none, and a finding where it cannot be looked into.

        The links by which Emacs marks a file that is being edited are left out.
        """
        place = Place(self.name(folder))
        if not self.holds(folder):
            self.report("load.outside", place)
        elif os.path.lexists(folder):
            try:
                there = sorted(folder.iterdir())
                return [path for path in there if not (path.name.startswith(".#") and path.is_symlink())]
            except FileNotFoundError:
                self.report("load.dangling", place)
            except NotADirectoryError:
                self.report("load.kind", place, what="no folder", wanted="a folder")
            except OSError as error:
                self.report("load.read", place, why=error.strerror or str(error))
        return []

    def data(self, path: Path, why: str = "", most: int = MOST_TEXT) -> bytes | None:
        """Read a file below the content folder: the only place where one is opened.

        It is a regular file, really inside the folder, and not too large; else None and a finding, and nothing of what
        stands in it is told.
        """
        place = Place(self.name(path))
        if not self.holds(path):
            self.report("load.outside", place)
            return None
        try:
            with open(os.open(os.path.realpath(path), os.O_RDONLY | _WITHOUT_WAITING), "rb") as file:  # noqa: PTH123
                mode = os.fstat(file.fileno()).st_mode
                data = file.read(most + 1) if stat.S_ISREG(mode) else None
        except FileNotFoundError:
            dangling = path.is_symlink()
            self.report(
                "load.dangling" if dangling else "load.file", place, **({} if dangling else {"why": why or "add it"})
            )
            return None
        except IsADirectoryError:
            mode, data = stat.S_IFDIR, None
        except OSError as error:
            self.report("load.read", place, why=error.strerror or str(error))
            return None
        if data is None:
            what = next(name for is_kind, name in _KINDS if is_kind(mode))
            self.report("load.kind", place, what=what, wanted="a file")
        elif len(data) > most:
            self.report("load.large", place, most=f"{most // 1024} KiB")
            return None
        return data

    def text(self, path: Path, why: str = "") -> str | None:
        """Read a UTF-8 file; None and a finding where that cannot be done."""
        data = self.data(path, why)
        if data is None:
            return None
        try:
            return data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
        except UnicodeDecodeError as error:
            line = data[: error.start].count(b"\n") + 1
            self.report("load.utf8", Place(self.name(path), line), byte=error.start)
        return None

    def named(self, name: str, path: Path) -> bool:
        """Tell whether something may be called so; report it where it may not."""
        if not is_name(name):
            why = "it begins or ends with a mark, or holds one that means something in a path, a log or a shell"
            self.report("load.name", Place(self.name(path)), name=name, why=why)
        return is_name(name)

    def toml(self, path: Path, why: str = "") -> tuple[TomlFile, dict[str, Any]]:
        """Read a TOML file; empty where it cannot be read."""
        file = TomlFile(self.name(path), self.text(path, why) or "")
        values, findings = read_table(file)
        self.findings.extend(findings)
        return file, values

    def record(self, kind: type[R], path: Path, why: str = "") -> tuple[TomlFile, R | None]:
        """Read a TOML file into a record; None where that cannot be done."""
        before = len(self.findings)
        file, values = self.toml(path, why)
        if len(self.findings) > before:  # what cannot be read lacks no key
            return file, None
        record, findings = read_record(kind, values, file)
        self.findings.extend(findings)
        return file, record
