"""``python -m taiyaku``: the same commands as build.py, without set-up."""

import sys

if __name__ == "__main__":
    try:
        from taiyaku.cli.commands import main

        code = main(sys.argv[1:])
    except KeyboardInterrupt:  # while modules are still being imported
        code = 130
    sys.exit(code)
