"""Seconds of CPU that the preflight takes for each finished PDF, and its share of the build's time.

    .venv/bin/python benchmarks/preflight.py [FILE.pdf … | FOLDER] [--runs 3]

Without a file: all of dist/. The median of the runs counts; reading the file from disk does not. The bar: a booklet of
40 pages in less than 1.5 s.
"""

import argparse
import statistics
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # run from a checkout; hence the late imports

from taiyaku.preflight.preflight import preflight, read_lines


def seconds(pdf: bytes, runs: int) -> float:
    """Check a file so many times, and give the median of the CPU seconds."""
    taken = []
    for _ in range(runs):
        start = time.process_time()
        preflight(pdf, "a.pdf")
        taken.append(time.process_time() - start)
    return statistics.median(taken)


def of_lines(pdf: bytes) -> float:
    """Read a file's lines once, and give the CPU seconds: the command does, a build does not."""
    start = time.process_time()
    read_lines(pdf, "a.pdf")
    return time.process_time() - start


def main() -> None:
    """Measure and print a table: the slowest first, then the sum."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("files", nargs="*", type=Path, default=[ROOT / "dist"])
    options.add_argument("--runs", type=int, default=3)
    given = options.parse_args()
    files = [path for one in given.files for path in (sorted(one.glob("*.pdf")) if one.is_dir() else [one])]
    taken = {path.name: seconds(path.read_bytes(), given.runs) for path in files}
    print(f"{'CPU s':>7}  file")
    for name, spent in sorted(taken.items(), key=lambda item: -item[1])[:12]:
        print(f"{spent:>7.2f}  {name}")
    print(f"{sum(taken.values()):>7.2f}  all {len(taken)} files")
    if files:
        slowest = max(files, key=lambda path: taken[path.name])
        print(f"{of_lines(slowest.read_bytes()):>7.2f}  the lines of {slowest.name}, which the command reads besides")


if __name__ == "__main__":
    main()
