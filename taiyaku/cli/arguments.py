"""The command line: commands, options and what they take."""

import argparse
import datetime as dt
import os
import re
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, TypeVar

from taiyaku import VERSION
from taiyaku.errors import UsageError
from taiyaku.model.documents import Binding, Edition, Form, Paper
from taiyaku.own_files import COMMAND, guides_folder
from taiyaku.prepress.imposition import Flip, PaperSize, Scheme

ROOT: Final = Path(__file__).resolve().parent.parent.parent
K = TypeVar("K", bound=StrEnum)


def parser() -> argparse.ArgumentParser:
    """Describe the command line."""
    top = argparse.ArgumentParser(
        prog=COMMAND.removeprefix("python3 "),
        description="Turn Markdown in two languages into booklets to fold and checklists to tick off.",
        epilog="Without a command: build. Exit codes: 0 done, 1 findings, 2 usage, 3 something is missing on this "
        "machine, 130 interrupted.",
    )
    top.add_argument("--version", action="version", version=f"Taiyaku {VERSION}")
    commands = top.add_subparsers(dest="command", metavar="command")
    common = _common()
    for add in (_add_build, _add_release, _add_plan, _add_reports, _add_tools):
        add(commands, common)
    commands.add_parser("test", help="run the tests: ruff, mypy, pytest", add_help=False)
    return top


Commands = Any
"""What argparse adds commands to."""


def _add_build(commands: Commands, common: argparse.ArgumentParser) -> None:
    build = commands.add_parser("build", parents=[common], help="make every document that is not up to date (default)")
    build.add_argument("guides", nargs="*", metavar="GUIDE", help="only these guides")
    build.add_argument("--pair", type=_pair, default=(), metavar="A,B", help="only this pair of languages: zh-Hans,ja")
    build.add_argument("--form", type=_one_of(Form), metavar="FORM", help="only booklets or only checklists")
    build.add_argument("--edition", type=_one_of(Edition), metavar="EDITION", help=f"only one: {', '.join(Edition)}")
    build.add_argument("--host", default="", metavar="NAME", help="print the block of content/hosts/NAME")
    build.add_argument("--out", type=Path, default=Path("dist"), metavar="DIR", help="where the documents go (dist)")
    build.add_argument("--jobs", type=_count, default=os.cpu_count() or 1, metavar="N", help="how many at a time")
    build.add_argument("--draft", action="store_true", help="print what is missing, stale or expired, marked")
    paper = f"the size of the finished pages: {', '.join(Paper)} (a booklet a5, a checklist a4)"
    build.add_argument("--paper", type=_one_of(Paper), metavar="SIZE", help=paper)
    build.add_argument("--profile", type=Path, metavar="FILE", help="press: the shop's own CMYK profile (.icc)")
    bleed = "press: mm of bleed that the shop wants, 3 to 5 (3)"
    build.add_argument("--bleed", type=_number(3, 5), default=3.0, metavar="MM", help=bleed)
    _add_paper_options(build)


def _add_release(commands: Commands, common: argparse.ArgumentParser) -> None:
    """Add what makes the folder that people download from."""
    command = commands.add_parser("release", parents=[common], help="build everything anew and gather a release")
    before = "compare with this earlier release, and say which sheets must be printed again"
    command.add_argument("--since", type=Path, metavar="DIR|MANIFEST", help=before)
    hosts = "make the documents for content/hosts/NAME too; may be given several times"
    command.add_argument("--host", action="append", default=[], dest="hosts", metavar="NAME", help=hosts)
    address = "where the download page will stand: posters lead there"
    command.add_argument("--url", type=_address, metavar="ADDRESS", help=address)
    command.add_argument("--out", type=Path, default=Path("dist"), metavar="DIR", help="DIR/release is made (dist)")
    command.add_argument("--jobs", type=_count, default=os.cpu_count() or 1, metavar="N", help="how many at a time")


def _add_plan(commands: Commands, common: argparse.ArgumentParser) -> None:
    """Add what says how much paper a print day takes."""
    command = commands.add_parser("plan", parents=[common], help="say what a print day takes: paper, staples, commands")
    command.add_argument("--people", type=_count, metavar="N", help="so many people get a booklet")
    pairs = "in these languages; several pairs each with their number: zh-Hans,ja:40"
    command.add_argument("--pair", action="append", type=_readers, default=[], metavar="A,B[:N]", help=pairs)
    command.add_argument("--host", default="", metavar="NAME", help="the documents of content/hosts/NAME")
    command.add_argument("--guide", default="", metavar="GUIDE", help="only this guide")
    spare = "so many percent more of what everybody gets, rounded up (0)"
    command.add_argument("--spare", type=_number(0, 100), default=0.0, metavar="PERCENT", help=spare)
    paper = "the paper of the finished pages (a booklet a5, a checklist a4)"
    command.add_argument("--paper", type=_one_of(Paper), metavar="SIZE", help=paper)
    lists = "all, none, or the names of some: bring,online (all)"
    command.add_argument("--checklists", default="all", metavar="WHICH", help=lists)
    command.add_argument(
        "--large", type=_none_or_more, default=0, metavar="N", help="so many of each pair get large print besides (0)"
    )
    command.add_argument("--queue", default="", metavar="NAME", help="the printer's queue, as lpstat -p names it")
    command.add_argument("--json", action="store_true", help="give the plan as JSON")
    command.add_argument("--out", type=Path, default=Path("dist"), metavar="DIR", help="where the documents are (dist)")


def _readers(text: str) -> tuple[tuple[str, ...], int]:
    languages, colon, people = text.partition(":")
    return _pair(languages), _count(people) if colon else 0


def _none_or_more(text: str) -> int:
    return 0 if text == "0" else _count(text)


def _address(text: str) -> str:
    if not re.fullmatch(r"https?://[^\s<>\"]+", text):
        raise argparse.ArgumentTypeError(f"`{text}` is no address such as https://example.org/guide/")
    return text


def _add_paper_options(command: argparse.ArgumentParser) -> None:
    """Add what must be known of paper and printer to lay pages on sheets."""
    command.add_argument("--gsm", type=_number(40, 400), default=80.0, metavar="G", help="the paper's g/m² (80)")
    bulk = "the paper's volume in cm³/g: 1.25 is uncoated, 0.9 coated"
    command.add_argument("--bulk", type=_number(0.5, 3), default=1.25, metavar="V", help=bulk)
    command.add_argument(
        "--flip", type=_one_of(Flip), default=Flip.SHORT, metavar="EDGE", help="the edge the printer flips on: short"
    )
    signature = "fold so many sheets into one another, and put the folded stacks on each other (all at once)"
    command.add_argument("--signature", type=_count, metavar="SHEETS", help=signature)


def _add_reports(commands: Commands, common: argparse.ArgumentParser) -> None:
    check = commands.add_parser("check", parents=[common], help="check everything that needs no typesetting")
    check.add_argument("guides", nargs="*", metavar="GUIDE", help="only these guides")
    check.add_argument("--pair", type=_pair, default=(), metavar="A,B", help="only this pair of languages: zh-Hans,ja")
    check.add_argument("--json", action="store_true", help="give the findings as JSON")
    check.add_argument("--draft", action="store_true", help="take what is missing, stale or expired as a warning")
    preflight = commands.add_parser("preflight", parents=[common], help="check finished PDFs, ours or any other")
    preflight.add_argument("files", nargs="+", type=Path, metavar="FILE", help="PDFs")
    preflight.add_argument(
        "--as", dest="edition", type=_one_of(Edition), metavar="EDITION", help="what they are for (else guessed)"
    )
    told = preflight.add_mutually_exclusive_group()
    told.add_argument("--json", action="store_true", help="give the findings as JSON")
    told.add_argument("--sarif", action="store_true", help="give the findings as SARIF 2.1.0")
    preflight.add_argument("--max-kib", type=_count, metavar="N", help="the most that a file may weigh")
    copier = "also copy each page twice, in grey, and read the copy"
    preflight.add_argument("--photocopy", action="store_true", help=copier)
    status = commands.add_parser("status", parents=[common], help="show how far the translations are")
    status.add_argument("guides", nargs="*", metavar="GUIDE", help="only these guides")
    status.add_argument("--json", action="store_true", help="give the same as JSON")
    _add_freshness(commands, common)


def _add_freshness(commands: Commands, common: argparse.ArgumentParser) -> None:
    fresh = commands.add_parser("freshness", parents=[common], help="list the sources that expire, and dead addresses")
    fresh.add_argument("guides", nargs="*", metavar="GUIDE", help="only these guides")
    fresh.add_argument("--links", action="store_true", help="ask each address whether it still leads to a page")
    days = "tell what expires in so many days too (30)"
    fresh.add_argument("--within", type=_days, default=30, metavar="DAYS", help=days)
    told = fresh.add_mutually_exclusive_group()
    told.add_argument("--json", action="store_true", help="give the report as JSON")
    told.add_argument("--markdown", action="store_true", help="give the report as the body of an issue")


def _add_tools(commands: Commands, common: argparse.ArgumentParser) -> None:
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
    impose = commands.add_parser("impose", parents=[common], help="lay the pages of a PDF on sheets of paper")
    impose.add_argument("file", type=Path, metavar="FILE", help="a PDF whose pages stand in reading order")
    impose.add_argument("--out", type=Path, required=True, metavar="FILE", help="where the sheets go")
    impose.add_argument(
        "--scheme", type=_one_of(Scheme), default=Scheme.SADDLE, metavar="S", help=f"one of: {', '.join(Scheme)}"
    )
    paper = f"what lies in the printer: {', '.join(PaperSize)} (what two pages cover)"
    impose.add_argument("--paper", type=_one_of(PaperSize), metavar="SIZE", help=paper)
    copies = "with cut-stack: so many copies, side by side"
    impose.add_argument("--copies", type=_count, default=1, metavar="N", help=copies)
    single = "with cut-stack: print on the front only"
    impose.add_argument("--single-sided", action="store_true", help=single)
    impose.add_argument("--no-marks", action="store_true", help="without marks for folding, stapling and cutting")
    impose.add_argument("--binding", type=_one_of(Binding), default=Binding.LEFT, metavar="EDGE", help="left or right")
    _add_paper_options(impose)
    trial = commands.add_parser("test-sheet", parents=[common], help="make a sheet that shows how a printer flips")
    edge = "the edge the printer flips on: short or long (short)"
    trial.add_argument("--flip", type=_one_of(Flip), default=Flip.SHORT, metavar="EDGE", help=edge)
    trial.add_argument("--out", type=Path, default=Path("test-sheet.pdf"), metavar="FILE", help="where it goes")


def _common() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--content", type=Path, default=guides_folder(), metavar="DIR", help="where the guides are")
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


def _number(least: float, most: float) -> Callable[[str], float]:
    def read(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = float("nan")
        if not least <= value <= most:
            raise argparse.ArgumentTypeError(f"`{text}` is not a number from {least:g} to {most:g}")
        return value

    return read


def _days(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 4):
        raise argparse.ArgumentTypeError(f"`{text}` is not a number of days from 0 to 9999")
    return int(text)


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"`{text}` is not a number from 1")
    return int(text)


def today() -> dt.date:
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


def imposition(options: argparse.Namespace, **more: Any) -> Any:
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


def read_named(path: Path) -> bytes:
    """Read a file that was named on the command line.

    Raises:
        UsageError: it cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: cannot read: {error.strerror or error}", "name a PDF that is there") from error
