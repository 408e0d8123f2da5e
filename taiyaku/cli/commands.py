"""One command is run: arguments in, an exit code out. Errors are one message, never a traceback."""

import argparse
import gc
import logging
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from taiyaku.cli.arguments import parser
from taiyaku.cli.making import build_command, release_command, test_sheet_command
from taiyaku.cli.printing import impose_command, plan_command, preflight_command
from taiyaku.cli.reading import (
    accept_command,
    before_printing_command,
    check_command,
    freshness_command,
    new_command,
    status_command,
)
from taiyaku.cli.terminal import tell
from taiyaku.errors import ExitCode, TaiyakuError, UsageError
from taiyaku.model.findings import plain

_RUN: Final[Mapping[str, Callable[[argparse.Namespace], int]]] = {
    "build": build_command,
    "release": release_command,
    "plan": plan_command,
    "check": check_command,
    "preflight": preflight_command,
    "impose": impose_command,
    "test-sheet": test_sheet_command,
    "status": status_command,
    "freshness": freshness_command,
    "accept": accept_command,
    "before-printing": before_printing_command,
    "new": new_command,
}
COMMANDS: Final = (*_RUN, "test")
"""`test` is run by bootstrap, before this program."""


def main(arguments: Sequence[str]) -> int:
    """Run a command and give its exit code. Errors are one message, never a traceback."""
    logging.getLogger("pikepdf").addHandler(logging.NullHandler())  # what it mends in a file is told as a finding
    gc.set_threshold(100_000, 50, 50)  # a short run that makes little garbage: collecting costs more than it frees
    try:
        return _run(_with_default(arguments))
    except TaiyakuError as error:
        tell(f"error: {plain(error.message)}")
        if error.hint:
            tell(f"  hint: {plain(error.hint)}")
        return error.exit_code
    except KeyboardInterrupt:
        tell("\ninterrupted: the documents in the output folder are as they were")
        return ExitCode.INTERRUPTED
    except OSError as error:
        tell(f"error: {error.filename or 'this machine'}: {error.strerror or error}")
        return ExitCode.MACHINE


def run() -> int:
    """Run what the command `taiyaku` was given."""
    return main(sys.argv[1:])


def _with_default(arguments: Sequence[str]) -> list[str]:
    """Put the default command before options and guides that name none."""
    first = arguments[0] if arguments else ""
    asks_for_help = first in ("-h", "--help", "--version")
    return list(arguments) if first in COMMANDS or asks_for_help else ["build", *arguments]


def _run(arguments: list[str]) -> int:
    options = parser().parse_args(arguments)
    command = _RUN[options.command]
    if not options.content.is_dir() and options.command != "new":  # which makes it
        raise UsageError(f"{options.content}: there is no such folder", "give the folder of the guides with --content")
    return command(options)
