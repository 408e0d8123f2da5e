"""The project's checks of itself: what `build.py test` runs, here and in CI alike."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

# The quick ones first; what they look at is said once, in pyproject.toml.
LINTERS = (("ruff", "check"), ("ruff", "format", "--check"), ("importlinter.cli",), ("mypy",))

# A file's tests stay together: they share what is dear to make, such as the real guide.
IN_PARALLEL = ("-n", "auto", "--dist", "loadfile")


def run_tests(root: Path, arguments: Sequence[str]) -> int:
    """Run the linters and then pytest, and stop at the first that fails.

    Args:
        root: The project's folder.
        arguments: What pytest is given besides.

    Returns:
        The exit code of the check that failed, or 0.
    """
    # pytest comes last so that its own closing line ends the output
    for check in (*LINTERS, ("pytest", *IN_PARALLEL, *arguments)):
        code = subprocess.run([sys.executable, "-m", *check], cwd=root, check=False).returncode
        if code:
            return code
    return 0
