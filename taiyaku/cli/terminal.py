"""What is printed: findings, counts, tables, progress. The only module of the package that prints (set-up aside)."""

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from taiyaku.model.findings import Finding, errors, format_finding, plain
from taiyaku.own_files import COMMAND


def print_unseen(unseen: Sequence[str]) -> None:
    """Say what was not looked at: a clean report says nothing of it."""
    if unseen:
        print(f"not looked at, because this order does not make it: {', '.join(unseen)}")


def print_json(value: object) -> None:
    """Print JSON; with escapes where the stream has no Unicode."""
    escaped = not (sys.stdout.encoding or "utf-8").lower().startswith("utf")
    print_text(json.dumps(value, ensure_ascii=escaped, indent=1) + "\n")


def print_text(text: str) -> None:
    """Print a text; what the stream does not have, and what a terminal would obey, becomes an escape."""
    encoding = sys.stdout.encoding or "utf-8"
    text = "".join(f"{plain(line)}\n" for line in text.split("\n")[:-1])
    print(text.encode(encoding, "backslashreplace").decode(encoding), end="")


def report(findings: Sequence[Finding]) -> None:
    """Print findings, one a line, on stderr."""
    for finding in findings:
        tell(format_finding(finding))


def counted(findings: Sequence[Finding]) -> str:
    """Return how many errors and warnings there are, in words."""
    wrong = len(errors(findings))
    return f"{number(wrong, 'error')}, {number(len(findings) - wrong, 'warning')}"


def number(count: int, noun: str) -> str:
    """Return a count with its noun."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def tell(message: str) -> None:
    """Print a line on stderr; it names the program as it is called here."""
    print(message.replace("python3 build.py", COMMAND), file=sys.stderr)


@contextmanager
def progress_bar(options: argparse.Namespace) -> Iterator[Callable[[str, int, int], None]]:
    """Show progress on a terminal; in a pipe, and where it is not wanted, stay silent."""
    if options.quiet or not sys.stderr.isatty():
        yield lambda _name, _done, _all: None
        return
    bar = _Bar()
    try:
        yield bar.show
    finally:
        bar.close()


class _Bar:
    """A progress bar that begins with the first document: its thread must not be there when workers fork."""

    def __init__(self) -> None:
        self._live: Any = None
        self._task: Any = None

    def show(self, name: str, done: int, total: int) -> None:
        """Show how far the build is."""
        if self._live is None:
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

            columns = (TextColumn("{task.description:<24}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
            self._live = Progress(*columns, console=Console(stderr=True), transient=True)
            self._live.start()
            self._task = self._live.add_task(name, total=total)
        self._live.update(self._task, description=name, completed=done, total=total)

    def close(self) -> None:
        """Take the bar away."""
        if self._live is not None:
            self._live.stop()
