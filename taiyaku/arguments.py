"""The command line: commands, options and what they take."""

import argparse
import os
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Final, TypeVar

from taiyaku import VERSION
from taiyaku.model import Edition, Form

ROOT: Final = Path(__file__).resolve().parent.parent
K = TypeVar("K", bound=StrEnum)


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
