"""The project's checks of itself: what `build.py test` runs, here and in CI alike."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

# The quick ones first; what they look at is said once, in pyproject.toml.
LINTERS = (
    ("-m", "ruff", "check"),
    ("-m", "ruff", "format", "--check"),
    ("-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"),
    ("-m", "mypy"),
)

# A file's tests stay together: they share what is dear to make, such as the real guide.
IN_PARALLEL = ("-n", "auto", "--dist", "loadfile")

# What a person runs while working; without a level all runs, linters first (tests/conftest.py says what is in which).
LEVELS = ("unit", "typeset", "shipped")


def run_tests(root: Path, arguments: Sequence[str]) -> int:
    """Run the linters and then pytest, and stop at the first that fails; of a level only its tests.

    Args:
        root: The project's folder.
        arguments: A level, or nothing, and what pytest is given besides.

    Returns:
        The exit code of the check that failed, or 0.
    """
    if arguments and arguments[0] in LEVELS:
        checks = [("-m", "pytest", *IN_PARALLEL, "--level", *arguments)]
    else:
        checks = [*LINTERS, ("-m", "pytest", *IN_PARALLEL, *arguments)]
    # pytest comes last so that its own closing line ends the output
    for check in checks:
        code = subprocess.run([sys.executable, *check], cwd=root, check=False).returncode
        if code:
            return code
    return 0
