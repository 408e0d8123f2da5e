"""Our booklet against plain WeasyPrint on the same HTML with the uncut fonts, side by side in one run.

    .venv/bin/python benchmarks/against_plain.py [--runs 3] [--guide phone-number] [--pair zh-Hans,ja]

Whole processes, in turn (A B A B …), after a warm-up; medians. Ours is the build command with
everything that it does besides: parsing, checks, cutting fonts, reading the PDF back.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # run from a checkout; hence the late imports

from taiyaku.checks.prepare import (
    manuscripts,
    prepare,
)
from taiyaku.content import load
from taiyaku.content.theme import load_theme
from taiyaku.language.faces import faces
from taiyaku.model.documents import Edition, Form
from taiyaku.pipeline import targets
from taiyaku.pipeline import title as make
from taiyaku.pipeline.options import BuildOptions
from taiyaku.render.htmltext import language_texts


def plain_folder(folder: Path, guide: str, pair: tuple[str, ...]) -> Path:
    """Write the same HTML with stylesheets that name the installed fonts."""
    order = BuildOptions(ROOT, ROOT / "content", folder / "out", (guide,), pair, Form.BOOKLET, Edition.SCREEN)
    theme = load_theme(order.content).theme
    content = load.load_guide(order.content, guide).content
    if content is None:
        raise SystemExit(f"{guide} cannot be read")
    (title,) = targets.plan(content, order)
    prepared = prepare(content, draft=False)
    texts = manuscripts(prepared, title)
    assets = make.assets_of(content, theme, b"")
    work = make.Job(title, (Edition.SCREEN,), content, theme, texts, None, assets, {}, draft=False)
    html = make.set_in_html(work).html
    rules = [
        f":lang({tag}) {{ font-family: {', '.join(repr(face.family) for face in faces(tag))} }}"
        for tag in language_texts(html)
    ]
    files = {**assets, "fonts/fonts.css": "\n".join(rules).encode(), "in.html": html.encode()}
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def timed(command: list[str], folder: Path) -> float:
    """Run a command and give its wall time in seconds."""
    clean = {key: value for key, value in os.environ.items() if key != "FONTCONFIG_FILE"}
    start = time.perf_counter()
    subprocess.run(command, cwd=folder, check=True, capture_output=True, env=clean)
    return time.perf_counter() - start


def pages(path: Path) -> int:
    """Count a PDF's pages."""
    import pikepdf

    with pikepdf.open(path) as pdf:
        return len(pdf.pages)


def main() -> None:
    """Measure and print a table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--guide", default="phone-number")
    options.add_argument("--pair", default="zh-Hans,ja")
    chosen = options.parse_args()
    pair = tuple(chosen.pair.split(","))
    with tempfile.TemporaryDirectory() as name:
        folder = plain_folder(Path(name), chosen.guide, pair)
        plain = [sys.executable, "-m", "weasyprint", "--pdf-variant", "pdf/ua-1", "in.html", "plain.pdf"]
        ours = [
            sys.executable,
            "-m",
            "taiyaku",
            "build",
            chosen.guide,
            "--pair",
            chosen.pair,
            "--form",
            "booklet",
            "--edition",
            "screen",
            "--out",
        ]
        walls: dict[str, list[float]] = {"taiyaku": [], "plain": []}
        for run in range(chosen.runs + 1):
            walls["taiyaku"].append(timed([*ours, str(folder / f"run-{run}")], ROOT))
            walls["plain"].append(timed(plain, folder))
        results = {"taiyaku": next((folder / "run-0").glob("*.pdf")), "plain": folder / "plain.pdf"}
        print(f"{'':<10}{'wall s':>8}{'pages':>7}{'KiB':>8}{'KiB/page':>10}")
        for who, path in results.items():
            kib, count = path.stat().st_size / 1024, pages(path)
            wall = statistics.median(walls[who][1:])
            print(f"{who:<10}{wall:>8.2f}{count:>7}{kib:>8.0f}{kib / count:>10.2f}")


if __name__ == "__main__":
    main()
