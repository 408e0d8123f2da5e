"""The commands for finished PDFs and for a print day: preflight, impose, plan."""

import argparse
from collections.abc import Iterator
from itertools import chain

from taiyaku.cli.arguments import imposition, read_named
from taiyaku.cli.terminal import counted, number, print_json, report
from taiyaku.errors import ExitCode, TaiyakuError, UsageError
from taiyaku.model.findings import Finding, errors, finding_to_dict


def plan_command(options: argparse.Namespace) -> int:
    """Print what a print day takes."""
    from taiyaku.pipeline.locking import recover
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
        print_json(print_run.as_record(runs, wish.readers, wish.folder, options.queue))
    else:
        print(print_run.told(runs, wish.readers, wish.folder, options.queue), end="")
    return ExitCode.DONE


def preflight_command(options: argparse.Namespace) -> int:
    """Check finished PDFs."""
    files = [(path.name, read_named(path)) for path in options.files]
    findings = tuple(chain.from_iterable(_checked(options, name, data) for name, data in files))
    if options.json:
        print_json([finding_to_dict(finding) for finding in findings])
    elif options.sarif:
        from taiyaku.cli.sarif import sarif

        print_json(sarif(findings))
    else:
        report(findings)
        if not options.quiet:
            print(counted(findings) if findings else "no findings")
    return ExitCode.FINDINGS if errors(findings) else ExitCode.DONE


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


def impose_command(options: argparse.Namespace) -> int:
    """Lay the pages of a PDF on sheets."""
    from taiyaku.files import write_file
    from taiyaku.model.findings import Finding, Place
    from taiyaku.pdf.broken import BROKEN, where, why_not
    from taiyaku.prepress.sheets import impose

    more = {"scheme": options.scheme, "binding": options.binding, "paper": options.paper, "copies": options.copies}
    how = imposition(options, double_sided=not options.single_sided, marks=not options.no_marks, **more)
    source = read_named(options.file)
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
    report([Finding("impose.left-behind", Place(str(options.file)), {"what": note}) for note in imposed.notes])
    write_file(options.out, imposed.pdf)
    if not options.quiet:
        folded = f", folded {' + '.join(map(str, imposed.signatures))}" if len(imposed.signatures) > 1 else ""
        scaled = f", scaled to {imposed.scale:.0%}" if imposed.scale < 1 else ""
        sheets = f"{number(imposed.sheets, 'sheet')} of paper"
        print(f"{options.out}: {number(imposed.pages, 'page')} on {sheets}{folded}{scaled}")
    return ExitCode.DONE
