"""Builds every document; on a fresh machine it first sets up what is missing.

Parses on any Python from 3.8 on, so that an old one gets a sentence and not a SyntaxError.
"""

from __future__ import annotations

import sys
from pathlib import Path

if __name__ == "__main__":  # worker processes import this file once more: nothing may start then
    sys.path.insert(0, str(Path(__file__).resolve().parent))  # PYTHONSAFEPATH leaves the script's folder out
    from bootstrap.main import main

    sys.exit(main(sys.argv[1:]))
