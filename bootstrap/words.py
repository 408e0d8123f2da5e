"""Commands and lists in the words of a message."""

from __future__ import annotations

from collections.abc import Sequence

from bootstrap.machine import Outcome
from bootstrap.needs import Missing

LINES_OF_A_FAILURE = 15


def failure(command: Sequence[str], outcome: Outcome) -> str:
    """Word the failure of a command: what ran, how it ended, and the last that it said."""
    # pip may list a hundred versions in one line
    last = [f"  {line[:200]}" for line in outcome.output.strip().splitlines()[-LINES_OF_A_FAILURE:]]
    return "\n".join([f"`{typed_command(command)}` failed with exit code {outcome.code}", *last])


def listing(lacking: Sequence[Missing]) -> str:
    """List what is missing in one line."""
    return "; ".join(map(str, lacking))


def in_lines(first: str, others: Sequence[str]) -> str:
    """Put a line and those that follow it below one another."""
    return "\n".join([first, *others])


def typed(commands: Sequence[Sequence[str]]) -> list[str]:
    """Return commands as a person types them, each indented."""
    return [f"  {typed_command(command)}" for command in commands]


def typed_command(command: Sequence[str]) -> str:
    """Return a command as a person types it."""
    from shlex import join

    return join(command)
