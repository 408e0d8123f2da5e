"""The commands that make documents: build, release, test-sheet."""

import argparse
from pathlib import Path
from typing import Any

from taiyaku.cli.arguments import ROOT, imposition, today
from taiyaku.cli.terminal import counted, number, print_unseen, progress_bar, report, tell
from taiyaku.errors import ExitCode
from taiyaku.pipeline.options import BuildOptions

HOW_TO_PRINT = """\
How to print:
  *_booklet-print*.pdf    print these double-sided, flip on short edge, at 100 % (no scaling);
                          fold the stack in the middle and staple twice on the fold
  *_booklet-large*.pdf    large print: double-sided on A4, flip on long edge, staple at the corner
  *-press*.pdf            for a printing house: PDF/X-4 with bleed and crop marks
  *_checklist-print*.pdf  print single-sided on A4, at 100 % (smaller paper: docs/printing.md)
  *-screen*.pdf           for phones, tablets and screen readers"""


def build_command(options: argparse.Namespace) -> int:
    """Make documents."""
    from taiyaku.pipeline import build as pipeline

    first_run = not (options.out / "manifest.json").exists()
    order = BuildOptions(
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
        today(),
        options.paper or "",
        imposition(options),
        options.profile,
        options.bleed,
    )
    with progress_bar(options) as progress:
        outcome = pipeline.build(order, progress)
    report(outcome.findings)
    if outcome.failed:
        tell(f"nothing was written to {options.out}: {counted(outcome.findings)}")
        return ExitCode.FINDINGS
    if not options.quiet:
        _summary(options, outcome, first_run)
        print_unseen(outcome.unseen)
    return ExitCode.DONE


def _summary(options: argparse.Namespace, outcome: Any, first_run: bool) -> None:
    if options.verbose:
        for document in outcome.documents:
            size = f"{len(document.pdf) / 1024:.0f} KiB"
            print(f"{document.title.file_name(document.edition)}: {number(document.pages, 'page')}, {size}")
    print(f"{number(outcome.made, 'document')} made, {outcome.kept} up to date, in {options.out}/")
    if first_run and outcome.made:
        print(HOW_TO_PRINT)


def release_command(options: argparse.Namespace) -> int:
    """Make the folder that people download."""
    from taiyaku.pipeline.output import publish_folder, require_release_folder
    from taiyaku.release.release import ReleaseOptions, make_release

    folder = options.out / "release"
    build = BuildOptions(ROOT, options.content.resolve(), folder, jobs=options.jobs, today=today())
    order = ReleaseOptions(build, tuple(options.hosts), options.since, options.url or "")
    require_release_folder(folder)
    with progress_bar(options) as progress:
        made = make_release(order, progress)
    report(made.findings)
    if not made.files:
        tell(f"nothing was written to {folder}: {counted(made.findings)}")
        return ExitCode.FINDINGS
    publish_folder(folder, made.files)
    if not options.quiet:
        _told_release(folder, made)
    return ExitCode.DONE


def _told_release(folder: Path, made: Any) -> None:
    weight = sum(map(len, made.files.values())) / 1_000_000
    print(f"{number(made.documents, 'document')}, {len(made.files)} files, {weight:.1f} MB, in {folder}/")
    if made.delta is not None:
        again = [one for one in made.delta.documents if one.to_print]
        print(f"to print again: {number(len(again), 'document')}, see {folder}/REPRINT.md")
        for one in again:
            print(f"  {one.path}: {len(one.to_print)} of {number(len(one.sheets), 'sheet')}")
    print(f"look at it: {folder}/index.html")


def test_sheet_command(options: argparse.Namespace) -> int:
    """Make the printer's test sheet."""
    from taiyaku.content.theme import load_theme
    from taiyaku.files import write_file
    from taiyaku.pipeline.testsheet import load_test_sheet, make_test_sheet

    theme = load_theme(options.content.resolve()).theme
    write_file(options.out, make_test_sheet(theme, load_test_sheet(), options.flip).pdf)
    if not options.quiet:
        print(f"{options.out}: print it double-sided, flip on {options.flip} edge, at 100 %")
    return ExitCode.DONE
