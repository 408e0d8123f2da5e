"""Arguments, progress, exit codes. The only module of the package that prints (set-up aside)."""

import argparse
import datetime as dt
import gc
import json
import logging
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any, Final

from taiyaku.cli.arguments import ROOT, parser
from taiyaku.errors import ExitCode, MachineError, TaiyakuError, UsageError
from taiyaku.model.findings import Finding, errors, finding_to_dict, format_finding, plain
from taiyaku.pipeline import options as options_room
from taiyaku.pipeline.check import check_guides, list_before_printing

COMMANDS = (
    "build",
    "release",
    "plan",
    "check",
    "preflight",
    "status",
    "freshness",
    "accept",
    "before-printing",
    "new",
    "impose",
    "test-sheet",
    "test",
)

HOW_TO_PRINT = """\
How to print:
  *_booklet-print*.pdf    print these double-sided, flip on short edge, at 100 % (no scaling);
                          fold the stack in the middle and staple twice on the fold
  *_booklet-large*.pdf    large print: double-sided on A4, flip on long edge, staple at the corner
  *-press*.pdf            for a printing house: PDF/X-4 with bleed and crop marks
  *_checklist-print*.pdf  print single-sided on A4, at 100 % (smaller paper: docs/printing.md)
  *-screen*.pdf           for phones, tablets and screen readers"""


def main(arguments: Sequence[str]) -> int:
    """Run a command and give its exit code. Errors are one message, never a traceback."""
    logging.getLogger("pikepdf").addHandler(logging.NullHandler())  # what it mends in a file is told as a finding
    gc.set_threshold(100_000, 50, 50)  # a short run that makes little garbage: collecting costs more than it frees
    try:
        return _run(_with_default(arguments))
    except TaiyakuError as error:
        _tell(f"error: {plain(error.message)}")
        if error.hint:
            _tell(f"  hint: {plain(error.hint)}")
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
    """Return the day that decides which facts have expired, and that a new guide has: SOURCE_DATE_EPOCH's, else today.

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
    from taiyaku.pipeline import build as pipeline

    first_run = not (options.out / "manifest.json").exists()
    order = options_room.BuildOptions(
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
        options.paper or "",
        _imposition(options),
        options.profile,
        options.bleed,
    )
    with _progress(options) as progress:
        outcome = pipeline.build(order, progress)
    _report(outcome.findings)
    if outcome.failed:
        _tell(f"nothing was written to {options.out}: {_count(outcome.findings)}")
        return ExitCode.FINDINGS
    if not options.quiet:
        _summary(options, outcome, first_run)
        _print_unseen(outcome.unseen)
    return ExitCode.DONE


def _print_unseen(unseen: Sequence[str]) -> None:
    """Say what was not looked at: a clean report says nothing of it."""
    if unseen:
        print(f"not looked at, because this order does not make it: {', '.join(unseen)}")


def _imposition(options: argparse.Namespace, **more: Any) -> Any:
    """Gather how pages are laid on sheets.

    Raises:
        UsageError: the options do not go together.
    """
    from taiyaku.prepress.imposition import Imposition

    try:
        return Imposition(
            flip=options.flip,
            gsm=options.gsm,
            bulk=options.bulk,
            sheets_per_signature=options.signature,
            **more,
        )
    except ValueError as error:
        raise UsageError(str(error), "see: python3 build.py impose --help") from error


def _summary(options: argparse.Namespace, outcome: Any, first_run: bool) -> None:
    if options.verbose:
        for document in outcome.documents:
            size = f"{len(document.pdf) / 1024:.0f} KiB"
            print(f"{document.title.file_name(document.edition)}: {_number(document.pages, 'page')}, {size}")
    print(f"{_number(outcome.made, 'document')} made, {outcome.kept} up to date, in {options.out}/")
    if first_run and outcome.made:
        print(HOW_TO_PRINT)


def _release(options: argparse.Namespace) -> int:
    from taiyaku.pipeline.output import publish_folder, require_release_folder
    from taiyaku.release.release import ReleaseOptions, make_release

    folder = options.out / "release"
    build = options_room.BuildOptions(ROOT, options.content.resolve(), folder, jobs=options.jobs, today=_today())
    order = ReleaseOptions(build, tuple(options.hosts), options.since, options.url or "")
    require_release_folder(folder)
    with _progress(options) as progress:
        made = make_release(order, progress)
    _report(made.findings)
    if not made.files:
        _tell(f"nothing was written to {folder}: {_count(made.findings)}")
        return ExitCode.FINDINGS
    publish_folder(folder, made.files)
    if not options.quiet:
        _told_release(folder, made)
    return ExitCode.DONE


def _told_release(folder: Path, made: Any) -> None:
    weight = sum(map(len, made.files.values())) / 1_000_000
    print(f"{_number(made.documents, 'document')}, {len(made.files)} files, {weight:.1f} MB, in {folder}/")
    if made.delta is not None:
        again = [one for one in made.delta.documents if one.to_print]
        print(f"to print again: {_number(len(again), 'document')}, see {folder}/REPRINT.md")
        for one in again:
            print(f"  {one.path}: {len(one.to_print)} of {_number(len(one.sheets), 'sheet')}")
    print(f"look at it: {folder}/index.html")


def _plan(options: argparse.Namespace) -> int:
    from taiyaku.pipeline.output import recover
    from taiyaku.prepress import print_request, print_run
    from taiyaku.release.earlier import load_release

    recover(options.out)
    folder = options.out if (options.out / "manifest.json").exists() else options.out / "release"
    if not (folder / "manifest.json").exists():
        raise UsageError(f"nothing was built in {options.out}", f"build it first: python3 build.py --out {options.out}")
    wish = print_request.PrintRequest(
        readers=print_request.readers(options.pair, options.people),
        guide=options.guide,
        host=options.host,
        paper=options.paper or "",
        checklists=options.checklists,
        large=options.large,
        spare_percent=options.spare,
        folder=folder.as_posix(),
        build=f"python3 build.py --out {options.out}",
    )
    runs = print_run.in_printing_order(print_request.runs(wish, *load_release(folder)))
    if options.json:
        _print_json(print_run.as_record(runs, wish.readers, wish.folder, options.queue))
    else:
        print(print_run.told(runs, wish.readers, wish.folder, options.queue), end="")
    return ExitCode.DONE


def _check(options: argparse.Namespace) -> int:

    guides = tuple(options.guides)
    order = options_room.BuildOptions(
        ROOT, options.content.resolve(), Path("dist"), guides, options.pair, draft=options.draft, today=_today()
    )
    checked = check_guides(order)
    findings = checked.findings
    if options.json:
        _print_json([finding_to_dict(finding) for finding in findings])
    else:
        _report(findings)
        if not options.quiet:
            _print_unseen(checked.unseen)
            print(_count(findings) if findings else "no findings")
    return ExitCode.FINDINGS if errors(findings) else ExitCode.DONE


def _preflight(options: argparse.Namespace) -> int:
    files = [(path.name, _read(path)) for path in options.files]
    findings = tuple(chain.from_iterable(_checked(options, name, data) for name, data in files))
    if options.json:
        _print_json([finding_to_dict(finding) for finding in findings])
    elif options.sarif:
        from taiyaku.cli.sarif import sarif

        _print_json(sarif(findings))
    else:
        _report(findings)
        if not options.quiet:
            print(_count(findings) if findings else "no findings")
    return ExitCode.FINDINGS if errors(findings) else ExitCode.DONE


def _read(path: Path) -> bytes:
    """Read a file that was named on the command line.

    Raises:
        UsageError: it cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: cannot read: {error.strerror or error}", "name a PDF that is there") from error


def _checked(options: argparse.Namespace, name: str, pdf: bytes) -> Iterator[Finding]:
    """Check one file; with ``--photocopy`` the copy of its copy too. No fault in one file ends the run."""
    from taiyaku.pdf.broken import kept
    from taiyaku.preflight.preflight import preflight, read_lines

    most = options.max_kib * 1024 if options.max_kib else None
    found = preflight(pdf, name, edition=options.edition or "", max_bytes=most)
    yield from found
    if any(finding.code == "pdf.unreadable" for finding in found):
        return
    yield from read_lines(pdf, name)
    if options.photocopy:
        from taiyaku.preflight.photocopy.photocopy import photocopy

        yield from kept(name, "copying it", (one for _ in (0,) for one in photocopy(pdf, name)))


def _impose(options: argparse.Namespace) -> int:
    from taiyaku.files import write_file
    from taiyaku.model.findings import Place, of
    from taiyaku.pdf.broken import BROKEN, where, why_not
    from taiyaku.prepress.sheets import impose

    more = {"scheme": options.scheme, "binding": options.binding, "paper": options.paper, "copies": options.copies}
    how = _imposition(options, double_sided=not options.single_sided, marks=not options.no_marks, **more)
    source = _read(options.file)
    if options.out.exists() and options.out.samefile(options.file):
        raise UsageError(f"{options.out}: this is the file that is imposed", "name another file with --out")
    try:
        imposed = impose(source, how)
    except ValueError as error:
        raise UsageError(f"{options.file}: {error}", "see: python3 build.py impose --help") from error
    except BROKEN as error:
        raise UsageError(
            f"{options.file}: the file cannot be read: {why_not(error)}",
            "make it anew; a password must be taken off first",
        ) from error
    except Exception as error:  # a fault of ours: told as one, and nothing is written
        raise TaiyakuError(
            f"{options.file}: imposing it came to no end",
            f"this is a fault of Taiyaku, not yours: please report it, with the file and `{where(error)}`",
        ) from error
    _report([of("impose.left-behind", Place(str(options.file)), {"what": note}) for note in imposed.notes])
    write_file(options.out, imposed.pdf)
    if not options.quiet:
        folded = f", folded {' + '.join(map(str, imposed.signatures))}" if len(imposed.signatures) > 1 else ""
        scaled = f", scaled to {imposed.scale:.0%}" if imposed.scale < 1 else ""
        sheets = f"{_number(imposed.sheets, 'sheet')} of paper"
        print(f"{options.out}: {_number(imposed.pages, 'page')} on {sheets}{folded}{scaled}")
    return ExitCode.DONE


def _test_sheet(options: argparse.Namespace) -> int:
    from taiyaku.content.theme import load_theme
    from taiyaku.files import write_file
    from taiyaku.pipeline.testsheet import load_test_sheet, make_test_sheet

    theme = load_theme(ROOT, options.content.resolve()).theme
    write_file(options.out, make_test_sheet(theme, load_test_sheet(ROOT), options.flip).pdf)
    if not options.quiet:
        print(f"{options.out}: print it double-sided, flip on {options.flip} edge, at 100 %")
    return ExitCode.DONE


def _print_json(value: object) -> None:
    """Print JSON; with escapes where the stream has no Unicode."""
    escaped = not (sys.stdout.encoding or "utf-8").lower().startswith("utf")
    _print_any(json.dumps(value, ensure_ascii=escaped, indent=1) + "\n")


def _status(options: argparse.Namespace) -> int:
    from taiyaku.pipeline import status

    order = options_room.BuildOptions(
        ROOT, options.content.resolve(), Path("dist"), guides=tuple(options.guides), today=_today()
    )
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

    from taiyaku.pipeline import status

    heads, rows = status.table(guide)
    table = Table(*heads, box=None, padding=(0, 3, 0, 0), header_style="bold")
    for row in rows:
        table.add_row(*row)
    console = Console(file=sys.stdout, width=_WIDE, markup=False, emoji=False, highlight=False)
    with console.capture() as drawn:
        console.print(table)
    for line in (status.heading(guide), *drawn.get().splitlines(), *status.notes(guide)):
        print(plain(line.rstrip()))


_WIDE: Final = 500
"""Characters a line: a table is not broken to fit a window, so that a pipe gets the same."""


def _freshness(options: argparse.Namespace) -> int:
    from taiyaku.checks import freshness
    from taiyaku.content import load
    from taiyaku.pipeline import targets

    today = _today()
    order = options_room.BuildOptions(
        ROOT, options.content.resolve(), Path("dist"), guides=tuple(options.guides), today=today
    )
    loaded = [load.load_guide(order.content, name) for name in targets.guide_names(order)]
    findings = [finding for one in loaded for finding in one.findings]
    _report(findings)
    if errors(findings):
        return ExitCode.FINDINGS
    known = freshness.entries((one.content for one in loaded if one.content is not None), today)
    answers = _asked(entry.url for entry in known) if options.links else None
    made = freshness.report(known, today, options.within, answers)
    if options.json:
        _print_json(freshness.as_record(made))
    elif options.markdown or made.found or not options.quiet:
        _print_any(freshness.as_markdown(made) if options.markdown else freshness.as_text(made))
    return ExitCode.FINDINGS if made.found else ExitCode.DONE


def _asked(urls: Iterable[str]) -> Mapping[str, Any]:
    """Ask addresses on the network.

    Raises:
        MachineError: no server at all was found: it is this machine that has no network.
    """
    from taiyaku.checks.links import ask_all

    answers = ask_all(urls)
    if answers and not any(answer.reached for answer in answers.values()):
        raise MachineError(
            "no server was found at all: this machine seems to have no network", "connect it, and try again"
        )
    return answers


def _print_any(text: str) -> None:
    """Print a text; what the stream does not have, and what a terminal would obey, becomes an escape."""
    encoding = sys.stdout.encoding or "utf-8"
    text = "".join(f"{plain(line)}\n" for line in text.split("\n")[:-1])
    print(text.encode(encoding, "backslashreplace").decode(encoding), end="")


def _accept(options: argparse.Namespace) -> int:
    from taiyaku.checks.accept import accept

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
    from taiyaku.cli.scaffold import new_guide

    for path in new_guide(options.content.resolve(), options.guide, options.languages, _today()):
        if not options.quiet:
            print(path)
    return ExitCode.DONE


def _before_printing(options: argparse.Namespace) -> int:
    from taiyaku.files import write_file

    order = options_room.BuildOptions(ROOT, options.content.resolve(), Path("dist"), guides=tuple(options.guides))
    text, findings = list_before_printing(order, options.out.as_posix() if options.out else "FILE")
    _report(findings)
    if errors(findings):
        return ExitCode.FINDINGS
    if options.out is None:
        _print_any(text)
    else:
        write_file(options.out, text.encode())
    return ExitCode.DONE


_COMMANDS: Final[Mapping[str, Callable[[argparse.Namespace], int]]] = {
    "build": _build,
    "release": _release,
    "plan": _plan,
    "check": _check,
    "preflight": _preflight,
    "impose": _impose,
    "test-sheet": _test_sheet,
    "status": _status,
    "freshness": _freshness,
    "accept": _accept,
    "before-printing": _before_printing,
    "new": _new,
}


def _report(findings: Sequence[Finding]) -> None:
    for finding in findings:
        _tell(format_finding(finding))


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
