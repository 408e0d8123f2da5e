"""The commands that look at the texts of guides: check, status, freshness, accept, before-printing, new."""

import argparse
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from taiyaku.cli.arguments import ROOT, today
from taiyaku.cli.terminal import counted, number, print_json, print_text, print_unseen, report, tell
from taiyaku.errors import ExitCode, MachineError
from taiyaku.model.findings import errors, finding_to_dict, plain
from taiyaku.pipeline.check import check_guides, list_before_printing
from taiyaku.pipeline.options import BuildOptions


def check_command(options: argparse.Namespace) -> int:
    """Check the texts of guides, and make nothing."""
    guides = tuple(options.guides)
    order = BuildOptions(
        ROOT, options.content.resolve(), Path("dist"), guides, options.pair, draft=options.draft, today=today()
    )
    checked = check_guides(order)
    findings = checked.findings
    if options.json:
        print_json([finding_to_dict(finding) for finding in findings])
    else:
        report(findings)
        if not options.quiet:
            print_unseen(checked.unseen)
            print(counted(findings) if findings else "no findings")
    return ExitCode.FINDINGS if errors(findings) else ExitCode.DONE


def status_command(options: argparse.Namespace) -> int:
    """Print how far the translations of each guide are."""
    from taiyaku.pipeline import status

    order = BuildOptions(ROOT, options.content.resolve(), Path("dist"), guides=tuple(options.guides), today=today())
    guides, findings = status.survey(order)
    report(findings)
    if options.json:
        print_json([status.as_record(guide) for guide in guides])
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


def freshness_command(options: argparse.Namespace) -> int:
    """Print which sources have expired or will soon; with ``--links`` ask whether they can be reached."""
    from taiyaku.checks import freshness
    from taiyaku.content import load
    from taiyaku.pipeline import targets

    day = today()
    order = BuildOptions(ROOT, options.content.resolve(), Path("dist"), guides=tuple(options.guides), today=day)
    loaded = [load.load_guide(order.content, name) for name in targets.guide_names(order)]
    findings = [finding for one in loaded for finding in one.findings]
    report(findings)
    if errors(findings):
        return ExitCode.FINDINGS
    known = freshness.entries((one.content for one in loaded if one.content is not None), day)
    answers = _asked(entry.url for entry in known) if options.links else None
    made = freshness.report(known, day, options.within, answers)
    if options.json:
        print_json(freshness.as_record(made))
    elif options.markdown or made.found or not options.quiet:
        print_text(freshness.as_markdown(made) if options.markdown else freshness.as_text(made))
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


def accept_command(options: argparse.Namespace) -> int:
    """Accept translations as they stand."""
    from taiyaku.checks.accept import accept

    done, findings = accept(options.content.resolve(), options.names)
    report(findings)
    if errors(findings):
        tell(f"nothing was accepted: {counted(findings)}")
        return ExitCode.FINDINGS
    if options.verbose:
        for one in done:
            print(f"{one.path}: {number(one.blocks, 'block')}")
    if not options.quiet:
        before = f"{sum(one.stale for one in done)} had been stale, {sum(one.others for one in done)} changed or new"
        blocks = number(sum(one.blocks for one in done), "block")
        print(f"{blocks} of {number(len(done), 'file')} accepted: {before}")
    return ExitCode.DONE


def new_command(options: argparse.Namespace) -> int:
    """Begin a new guide."""
    from taiyaku.cli.scaffold import new_guide

    for path in new_guide(options.content.resolve(), options.guide, options.languages, today()):
        if not options.quiet:
            print(path)
    return ExitCode.DONE


def before_printing_command(options: argparse.Namespace) -> int:
    """Print what a person opens and dials before printing."""
    from taiyaku.files import write_file

    order = BuildOptions(ROOT, options.content.resolve(), Path("dist"), guides=tuple(options.guides))
    text, findings = list_before_printing(order, options.out.as_posix() if options.out else "FILE")
    report(findings)
    if errors(findings):
        return ExitCode.FINDINGS
    if options.out is None:
        print_text(text)
    else:
        write_file(options.out, text.encode())
    return ExitCode.DONE
