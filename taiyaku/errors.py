"""What stops a run: one base error, each kind with its exit code.

A problem in content is not an error but a value (see ``findings``): one run reports all of them.
"""

from enum import IntEnum


class ExitCode(IntEnum):
    """What the command tells the shell."""

    DONE = 0
    FINDINGS = 1
    USAGE = 2
    MACHINE = 3
    INTERRUPTED = 130


class TaiyakuError(Exception):
    """The run cannot go on."""

    exit_code = ExitCode.FINDINGS

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(TaiyakuError):
    """The command was given something that it does not know."""

    exit_code = ExitCode.USAGE


class MachineError(TaiyakuError):
    """Something is missing on this machine: a program, a font, space, a right to write."""

    exit_code = ExitCode.MACHINE
