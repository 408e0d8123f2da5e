"""``python -m taiyaku``: the same commands as build.py, without set-up."""

import sys

from taiyaku.cli import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
