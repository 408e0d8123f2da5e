"""The printed test sheet: which edge a printer flips on, and whether it prints at 100 %.

Four pages are typeset and imposed like any booklet, so that the sheet proves the way that booklets take. Its words are
handed in by language; what is measured on paper is drawn here, in mm from the upper left corner of a page. Pure.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from markupsafe import Markup, escape

from taiyaku import VERSION
from taiyaku.language.linebreak import compose
from taiyaku.language.tags import typesetter_tag
from taiyaku.model.documents import Paper
from taiyaku.model.theme import Theme
from taiyaku.own_files import own_file
from taiyaku.prepress.imposition import Flip, Imposition
from taiyaku.prepress.sheets import Imposed, impose
from taiyaku.render.html import environment
from taiyaku.render.htmltext import language_texts
from taiyaku.typeset.fonts import cut_fonts, font_sheet

if TYPE_CHECKING:  # imported where it is used: it takes a second
    from taiyaku.typeset.engine import Layout

Words = Mapping[str, Mapping[str, str]]
"""What the sheet says: by language tag, then by key."""

RULER: Final = 100
"""Length of both rulers."""

SQUARE: Final = 50
"""Edge of the square."""

RINGS: Final = ((14, 14), (134, 14), (14, 196), (134, 196))
"""Middles of the rings on the front, and of the crosses behind them: alike on a page and on the page behind it."""

RING_RADIUS: Final = 3
"""So far may the back lie beside the front."""

FRAME: Final = 5
"""How far the frame lies inside the edge of the paper: what an office printer leaves empty at most."""

_ACROSS: Final = (24, 26)
_DOWN: Final = (24, 40)
_SQUARE: Final = (62, 62)
"""Where the rulers and the square begin."""

_ARROW: Final = ((74, 62), (96, 92), (84, 92), (84, 122), (64, 122), (64, 92), (52, 92))
_ARROW_WITHIN: Final = ((74, 69), (86, 86), (78, 86), (78, 116), (70, 116), (70, 86), (62, 86))
"""The arrow on the front, and the one on the back that shows inside it against the light."""


@dataclass(frozen=True, slots=True)
class _Label:
    """A number at a ruler: where its box of 14 mm begins, and along what it stands."""

    x: float
    y: float
    text: str
    ruler: str = "across"


def make_test_sheet(theme: Theme, words: Words, flip: Flip = Flip.SHORT) -> Imposed:
    """Make the test sheet for printers that flip on an edge: one sheet of A4, two sides."""
    return impose(_lay_out(theme, words, flip).write(), Imposition(flip=flip))


def _lay_out(theme: Theme, words: Words, flip: Flip) -> "Layout":
    from taiyaku.typeset.engine import Typesetter

    html = _html(theme, words, flip)
    fonts = cut_fonts(language_texts(html))
    files = {
        "fonts/fonts.css": font_sheet(fonts).encode(),
        **{font.path: font.data for font in fonts.fonts},
        **{f"styles/{name}": data for name, data in theme.styles.items()},
        **{f"testsheet/{name}.svg": drawing.encode() for name, drawing in _drawings()},
    }
    return Typesetter(files).lay_out(html)


def _html(theme: Theme, words: Words, flip: Flip) -> str:
    template = environment(tuple(theme.templates.items())).get_template("testsheet.html.jinja")
    languages = [_said(tag, its_words, flip) for tag, its_words in words.items()]
    return template.render(
        lang=languages[0]["lang"],
        title=" / ".join(its_words["title"] for its_words in words.values()),
        version=VERSION,
        languages=languages,
        ruler_labels=tuple(_ruler_labels()),
    )


def _said(tag: str, words: Mapping[str, str], flip: Flip) -> dict[str, str]:
    """Return a language's words ready to be set, for one edge."""
    other = Flip.LONG if flip is Flip.SHORT else Flip.SHORT
    said = {key: text.format(edge=words[flip], other=other) for key, text in words.items()}
    return {"lang": typesetter_tag(tag)} | {key: Markup(compose(str(escape(text)), tag)) for key, text in said.items()}


# What is drawn


def _drawings() -> Iterator[tuple[str, str]]:
    """Return the drawing of each page by its name, as SVG of the size of the page."""
    rings = "".join(f'<circle cx="{x}" cy="{y}" r="{RING_RADIUS}"/>' for x, y in RINGS)
    crosses = "".join(f'<path d="M{x - 2} {y}h4M{x} {y - 2}v4"/>' for x, y in RINGS)
    yield "arrow", _svg(rings, _frame("right"), f'<path stroke-width=".8" d="{_polygon(_ARROW)}"/>')
    yield "arrow-back", _svg(crosses, f'<path fill="#1c1c1c" d="{_polygon(_ARROW_WITHIN)}"/>')
    yield "answers", _svg(crosses)
    yield "rulers", _svg(rings, _frame("left"), _rulers())


def _svg(*parts: str) -> str:
    size = f'width="{Paper.A5.width}mm" height="{Paper.A5.height}mm" viewBox="0 0 {Paper.A5.width} {Paper.A5.height}"'
    group = '<g fill="none" stroke="#1c1c1c" stroke-width=".2">'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{group}{"".join(parts)}</g></svg>'


def _frame(outer: str) -> str:
    """Draw three sides of a frame inside the edges of the paper; the fold is no edge."""
    fold, edge = (0, Paper.A5.width - FRAME) if outer == "right" else (Paper.A5.width, FRAME)
    return f'<path d="M{fold} {FRAME}H{edge}V{Paper.A5.height - FRAME}H{fold}"/>'


def _polygon(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x} {y}" for x, y in points) + "Z"


def _rulers() -> str:
    """Draw a ruler across, one down, and the square."""
    across, down = _ACROSS, _DOWN
    ticks = [
        f"M{across[0] + at} {across[1]}v{_tick(at)}M{down[0]} {down[1] + at}h{_tick(at)}" for at in range(RULER + 1)
    ]
    edges = f"M{across[0]} {across[1]}h{RULER}M{down[0]} {down[1]}v{RULER}"
    square = f'<rect x="{_SQUARE[0]}" y="{_SQUARE[1]}" width="{SQUARE}" height="{SQUARE}"/>'
    return f'<path d="{edges}{"".join(ticks)}"/>{square}'


def _tick(at: int) -> float:
    return 6 if at % 10 == 0 else 4 if at % 5 == 0 else 2.5


def _ruler_labels() -> Iterator[_Label]:
    for at in (0, SQUARE, RULER):
        yield _Label(_ACROSS[0] + at - 7, _ACROSS[1] - 5, str(at))
        yield _Label(_DOWN[0] + 8, _DOWN[1] + at - 1.6, str(at), "down")
    yield _Label(_SQUARE[0] + SQUARE / 2 - 7, _SQUARE[1] + SQUARE / 2 - 2, str(SQUARE))


def load_test_sheet() -> Mapping[str, Mapping[str, str]]:
    """Read the words of the printed test sheet, by language."""
    return tomllib.loads(own_file("templates/testsheet.toml").read_text(encoding="utf-8"))
