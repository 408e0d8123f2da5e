"""Time to typeset a chapter with one pair of N characters each: it must grow in line with N.

    .venv/bin/python benchmarks/linear.py [--sizes 1500,3000,6000,12000]

Stylesheets that ask for the intrinsic width of running text take quadratic time in Chinese and
Japanese, where every character is a place to break: six rows in a careless grid took 517 s.
"""

import argparse
import datetime as dt
import statistics
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # run from a checkout; hence the late imports

from taiyaku.checks.prepare import (
    manuscripts,
    prepare,
)
from taiyaku.content.theme import load_theme
from taiyaku.model.content import Content, Guide, Manuscript, Role, TomlFile
from taiyaku.model.documents import Edition
from taiyaku.pipeline import targets
from taiyaku.pipeline import title as make
from taiyaku.pipeline.options import BuildOptions
from taiyaku.typeset.engine import Typesetter

SENTENCES = {
    "zh-Hans": "签约语音服务时，公司必须核实姓名、住址和出生日期，并保存记录。",
    "ja": "音声サービスの契約では、会社が氏名・住所・生年月日を確認し、記録を残します。",
}


def content(size: int) -> Content:
    """Make a guide whose one chapter has one pair of ``size`` characters each."""
    texts = {tag: (sentence * (size // len(sentence) + 1))[:size] for tag, sentence in SENTENCES.items()}
    words = dict.fromkeys(SENTENCES, "題")
    guide = Guide(
        title=words, subtitle=words, source="zh-Hans", languages=tuple(SENTENCES), pairs=(tuple(SENTENCES),),
        version="1", date=dt.date(2026, 11, 22),
    )  # fmt: skip
    empty = TomlFile("", "")
    chapters = tuple(Manuscript(f"{t}.md", t, "01", Role.CHAPTER, f"# 題\n\n{text}\n") for t, text in texts.items())
    return Content("long", guide, empty, {}, empty, (), empty, chapters, {})


def seconds(size: int) -> float:
    """Lay out and write the guide once."""
    made = content(size)
    theme = load_theme(ROOT / "content").theme
    order = BuildOptions(ROOT, ROOT / "content", ROOT)
    title = targets.plan(made, order)[0]
    texts = manuscripts(prepare(made, draft=False), title)
    work = make.Job(
        title, (Edition.SCREEN,), made, theme, texts, None, make.assets_of(made, theme, b""), {}, draft=False
    )
    html = make.set_in_html(work).html
    typesetter = Typesetter(make.files_of(work, html))
    start = time.perf_counter()
    typesetter.lay_out(html).write()
    return time.perf_counter() - start


def main() -> None:
    """Measure and print a table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--sizes", default="1500,3000,6000,12000")
    sizes = [int(size) for size in options.parse_args().sizes.split(",")]
    seconds(sizes[0])
    print(f"{'characters':>10}{'seconds':>9}{'µs/character':>14}")
    for size in sizes:
        taken = statistics.median(seconds(size) for _ in range(3))
        print(f"{size:>10}{taken:>9.2f}{taken / size * 1e6:>14.0f}")


if __name__ == "__main__":
    main()
