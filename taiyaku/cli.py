"""Arguments, progress, exit codes. The only module of the package that prints (set-up aside)."""

import argparse
import datetime as dt
import gc
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, TypeVar

from taiyaku import VERSION
from taiyaku.errors import ExitCode, TaiyakuError, UsageError
from taiyaku.findings import Finding, as_record, errors, word
from taiyaku.model import Edition, Form

ROOT = Path(__file__).resolve().parent.parent
K = TypeVar("K", bound=StrEnum)
COMMANDS = ("build", "check", "status", "accept", "before-printing", "new", "test")

HOW_TO_PRINT = """\
How to print:
  *_booklet-print*.pdf    print these double-sided, flip on short edge, at 100 % (no scaling);
                          fold the stack in the middle and staple twice on the fold
  *_booklet-large*.pdf    large print: double-sided on A4, flip on long edge, staple at the corner
  *_checklist-print*.pdf  print single-sided on A4, at 100 %
  *-screen*.pdf           for phones, tablets and screen readers"""


def parser() -> argparse.ArgumentParser:
    """Describe the command line."""
    top = argparse.ArgumentParser(
        prog="build.py",
        description="Turn Markdown in two languages into booklets to fold and checklists to tick off.",
        epilog="Without a command: build. Exit codes: 0 done, 1 findings, 2 usage, 3 something is missing on this "
        "machine, 130 interrupted.",
    )
    top.add_argument("--version", action="version", version=f"Taiyaku {VERSION}")
    commands = top.add_subparsers(dest="command", metavar="command")
    common = _common()
    build = commands.add_parser("build", parents=[common], help="make every document that is not up to date (default)")
    build.add_argument("guides", nargs="*", metavar="GUIDE", help="only these guides")
    build.add_argument("--pair", type=_pair, default=(), metavar="A,B", help="only this pair of languages: zh-Hans,ja")
    build.add_argument("--form", type=_one_of(Form), metavar="FORM", help="only booklets or only checklists")
    build.add_argument("--edition", type=_one_of(Edition), metavar="EDITION", help="only one: screen, print or large")
    build.add_argument("--host", default="", metavar="NAME", help="print the block of content/hosts/NAME")
    build.add_argument("--out", type=Path, default=Path("dist"), metavar="DIR", help="where the documents go (dist)")
    build.add_argument("--jobs", type=_jobs, default=os.cpu_count() or 1, metavar="N", help="how many at a time")
    build.add_argument("--draft", action="store_true", help="print what is missing, stale or expired, marked")
    check = commands.add_parser("check", parents=[common], help="check everything that needs no typesetting")
    check.add_argument("guides", nargs="*", metavar="GUIDE", help="only these guides")
    check.add_argument("--json", action="store_true", help="give the findings as JSON")
    check.add_argument("--draft", action="store_true", help="take what is missing, stale or expired as a warning")
    status = commands.add_parser("status", parents=[common], help="show how far the translations are")
    status.add_argument("guides", nargs="*", metavar="GUIDE", help="only these guides")
    status.add_argument("--json", action="store_true", help="give the same as JSON")
    accept = commands.add_parser("accept", parents=[common], help="say that translations now match their sources")
    accept.add_argument("names", nargs="+", metavar="FILE", help="translations, or a guide for all of its translations")
    before = commands.add_parser(
        "before-printing", parents=[common], help="list the pages to open and the numbers to dial before a print run"
    )
    before.add_argument("guides", nargs="*", metavar="GUIDE", help="only these guides")
    before.add_argument("--out", type=Path, metavar="FILE", help="write the list to this file (default: print it)")
    new = commands.add_parser("new", parents=[common], help="begin a guide that builds at once")
    new.add_argument("guide", metavar="GUIDE", help="its name: small letters, digits, hyphens")
    new.add_argument("--languages", type=_pair, required=True, metavar="A,B", help="the languages, the source first")
    commands.add_parser("test", help="run the tests: ruff, mypy, pytest", add_help=False)
    return top


def _common() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--content", type=Path, default=ROOT / "content", metavar="DIR", help="where the guides are")
    loud = common.add_mutually_exclusive_group()
    loud.add_argument("-v", "--verbose", action="store_true", help="name every document")
    loud.add_argument("-q", "--quiet", action="store_true", help="print findings and errors only")
    common.add_argument("--no-setup", action="store_true", help="install nothing, even where something is missing")
    return common


def _pair(text: str) -> tuple[str, ...]:
    languages = tuple(part.strip() for part in text.split(",") if part.strip())
    if not languages:
        raise argparse.ArgumentTypeError("name languages, such as zh-Hans,ja")
    return languages


def _one_of(kind: type[K]) -> Callable[[str], K]:
    def read(text: str) -> K:
        if text not in tuple(kind):
            raise argparse.ArgumentTypeError(f"`{text}` is none of: {', '.join(kind)}")
        return kind(text)

    return read


def _jobs(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"`{text}` is not a number from 1")
    return int(text)


def main(arguments: Sequence[str]) -> int:
    """Run a command and give its exit code. Errors are one message, never a traceback."""
    gc.set_threshold(100_000, 50, 50)  # a short run that makes little garbage: collecting costs more than it frees
    try:
        return _run(_with_default(arguments))
    except TaiyakuError as error:
        _tell(f"error: {error.message}")
        if error.hint:
            _tell(f"  hint: {error.hint}")
        return error.exit_code
    except KeyboardInterrupt:
        _tell("\ninterrupted: the documents in the output folder are as they were")
        return ExitCode.INTERRUPTED
    except OSError as error:
        _tell(f"error: {error.filename or 'this machine'}: {error.strerror or error}")
        return ExitCode.MACHINE


def _with_default(arguments: Sequence[str]) -> list[str]:
    """Put the default command before options and guides that name none."""
    first = arguments[0] if arguments else ""
    asks_for_help = first in ("-h", "--help", "--version")
    return list(arguments) if first in COMMANDS or asks_for_help else ["build", *arguments]


def _run(arguments: list[str]) -> int:
    options = parser().parse_args(arguments)
    command = _COMMANDS[options.command]
    if not options.content.is_dir():
        raise UsageError(f"{options.content}: there is no such folder", "give the folder of the guides with --content")
    return command(options)


def _today() -> dt.date:
    """Give the day that decides which facts have expired: SOURCE_DATE_EPOCH's, else today.

    Raises:
        UsageError: SOURCE_DATE_EPOCH is not a number of seconds.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not epoch:
        return dt.date.today()
    try:
        return dt.datetime.fromtimestamp(int(epoch), dt.UTC).date()
    except (ValueError, OverflowError, OSError) as error:
        message = f"SOURCE_DATE_EPOCH is `{epoch}`, which is no number of seconds since 1970"
        raise UsageError(message, "correct it, or take it out of the environment") from error


def _build(options: argparse.Namespace) -> int:
    from taiyaku import pipeline, plan

    first_run = not (options.out / "manifest.json").exists()
    order = plan.Order(
        ROOT,
        options.content.resolve(),
        options.out,
        tuple(options.guides),
        options.pair,
        options.form,
        options.edition,
        options.host,
        options.jobs,
        options.draft,
        _today(),
    )
    with _progress(options) as progress:
        outcome = pipeline.build(order, progress)
    _report(outcome.findings)
    if outcome.failed:
        _tell(f"nothing was written to {options.out}: {_count(outcome.findings)}")
        return ExitCode.FINDINGS
    if not options.quiet:
        _summary(options, outcome, first_run)
    return ExitCode.DONE


def _summary(options: argparse.Namespace, outcome: Any, first_run: bool) -> None:
    if options.verbose:
        for document in outcome.documents:
            size = f"{len(document.pdf) / 1024:.0f} KiB"
            print(f"{document.title.file_name(document.edition)}: {_number(document.pages, 'page')}, {size}")
    print(f"{_number(outcome.made, 'document')} made, {outcome.kept} up to date, in {options.out}/")
    if first_run and outcome.made:
        print(HOW_TO_PRINT)


def _check(options: argparse.Namespace) -> int:
    from taiyaku import pipeline, plan

    guides = tuple(options.guides)
    order = plan.Order(
        ROOT, options.content.resolve(), Path("dist"), guides=guides, draft=options.draft, today=_today()
    )
    findings = pipeline.check_guides(order)
    if options.json:
        _print_json([as_record(finding) for finding in findings])
    else:
        _report(findings)
        if not options.quiet:
            print(_count(findings) if findings else "no findings")
    return ExitCode.FINDINGS if errors(findings) else ExitCode.DONE


def _print_json(value: object) -> None:
    """Print JSON; with escapes where the stream has no Unicode."""
    escaped = not (sys.stdout.encoding or "utf-8").lower().startswith("utf")
    print(json.dumps(value, ensure_ascii=escaped, indent=1))


def _status(options: argparse.Namespace) -> int:
    from taiyaku import plan, status

    order = plan.Order(ROOT, options.content.resolve(), Path("dist"), guides=tuple(options.guides), today=_today())
    guides, findings = status.survey(order)
    _report(findings)
    if options.json:
        _print_json([status.as_record(guide) for guide in guides])
    else:
        for guide in guides:
            _print_status(guide)
    return ExitCode.FINDINGS if errors(findings) else ExitCode.DONE


def _print_status(guide: Any) -> None:
    """Print a guide as a table of plain text, as wide as it is."""
    from rich.console import Console
    from rich.table import Table

    from taiyaku import status

    heads, rows = status.table(guide)
    table = Table(*heads, box=None, padding=(0, 3, 0, 0), header_style="bold")
    for row in rows:
        table.add_row(*row)
    console = Console(file=sys.stdout, width=_WIDE, markup=False, emoji=False, highlight=False)
    with console.capture() as drawn:
        console.print(table)
    for line in (status.heading(guide), *drawn.get().splitlines(), *status.notes(guide)):
        print(line.rstrip())


_WIDE: Final = 500
"""Characters a line: a table is not broken to fit a window, so that a pipe gets the same."""


def _accept(options: argparse.Namespace) -> int:
    from taiyaku.accept import accept

    done, findings = accept(options.content.resolve(), options.names)
    _report(findings)
    if errors(findings):
        _tell(f"nothing was accepted: {_count(findings)}")
        return ExitCode.FINDINGS
    if options.verbose:
        for one in done:
            print(f"{one.path}: {_number(one.blocks, 'block')}")
    if not options.quiet:
        before = f"{sum(one.stale for one in done)} had been stale, {sum(one.others for one in done)} changed or new"
        blocks = _number(sum(one.blocks for one in done), "block")
        print(f"{blocks} of {_number(len(done), 'file')} accepted: {before}")
    return ExitCode.DONE


def _new(options: argparse.Namespace) -> int:
    from taiyaku.scaffold import new_guide

    for path in new_guide(options.content.resolve(), options.guide, options.languages):
        if not options.quiet:
            print(path)
    return ExitCode.DONE


def _before_printing(options: argparse.Namespace) -> int:
    from taiyaku import pipeline, plan

    order = plan.Order(ROOT, options.content.resolve(), Path("dist"), guides=tuple(options.guides))
    text, findings = pipeline.list_before_printing(order, options.out.as_posix() if options.out else "FILE")
    _report(findings)
    if errors(findings):
        return ExitCode.FINDINGS
    if options.out is None:
        print(text, end="")
    else:
        options.out.write_text(text, encoding="utf-8")
    return ExitCode.DONE


_COMMANDS: Final[Mapping[str, Callable[[argparse.Namespace], int]]] = {
    "build": _build,
    "check": _check,
    "status": _status,
    "accept": _accept,
    "before-printing": _before_printing,
    "new": _new,
}


def _report(findings: Sequence[Finding]) -> None:
    for finding in findings:
        _tell(word(finding))


def _count(findings: Sequence[Finding]) -> str:
    wrong = len(errors(findings))
    return f"{_number(wrong, 'error')}, {_number(len(findings) - wrong, 'warning')}"


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _tell(message: str) -> None:
    print(message, file=sys.stderr)


@contextmanager
def _progress(options: argparse.Namespace) -> Iterator[Callable[[str, int, int], None]]:
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
