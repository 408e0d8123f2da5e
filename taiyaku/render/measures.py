"""Pairs and paper → the page's measures, and how they are shared by languages and by a table's columns. Pure.

The typesetter is never asked how wide running text would like to be, which in CJK takes quadratic time: lengths are
estimated here from the words.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from math import sqrt
from typing import Final

from taiyaku.language.tags import CJK, is_cjk
from taiyaku.model.content import BlockKind, Pair
from taiyaku.model.documents import Binding, Edition, Form, Publication, own_paper
from taiyaku.model.units import mm

WIDEST_SHARE: Final = 0.56
"""A column gets this share of the measure at most, so that the other one stays a column too."""

_CJK: Final = re.compile(CJK)


WIDEST_ON_LEAF: Final = 0.53
"""The same on a small leaf, whose columns are narrow: there the other one has no room to spare."""


def column_share(pairs: Sequence[Pair], widest: float = WIDEST_SHARE) -> float:
    """Share the measure between two languages by how much room their words take: the reader's part, 0 … 1."""
    sides = tuple(_sides(pairs))
    first, both = sum(_extent(a) for a, _ in sides), sum(_extent(a) + _extent(b) for a, b in sides)
    return min(max(first / both, 1 - widest), widest) if both else 0.5


def is_leaf(title: Publication, edition: Edition) -> bool:
    """Tell whether a document is a checklist on paper that is smaller than its own."""
    return title.form is Form.CHECKLIST and width_scale(title, edition) < 1


LEAST_CJK: Final = 16
LEAST_LETTERS: Final = 32
"""A column that holds fewer characters a line is too narrow to read: then one language stands above the other."""

_TOKEN: Final = re.compile(rb"--([\w-]+):\s*([\d.]+)(mm|pt|em)")


def tokens(styles: Mapping[str, bytes], sheet: str = "") -> dict[str, float]:
    """Read the measures out of the token file: mm, pt or em as they are written there.

    ``sheet`` is the stylesheet of a document ("large"), whose own measures go before.
    """
    read = styles.get("tokens.css", b"") + styles.get(f"{sheet}.css", b"")
    return {name.decode(): float(value) for name, value, _ in _TOKEN.findall(read)}


_ACROSS: Final = ("inner", "outer", "measure", "leaf", "cover", "picture", "bleed")
_DOWN: Final = ("top", "bottom")
"""The measures of a page that follow its width, and those that follow its height."""


def page_style(title: Publication, edition: Edition, styles: Mapping[str, bytes], sheet: str) -> str:
    """Return a paper's measures as custom properties for the root element, in mm; none on the document's own paper.

    Type grows on larger papers, so that a line does not get too long (see ``type_scale``).
    """
    lengths = page_lengths(title, edition, styles, sheet)
    if not lengths:
        return ""
    size = tokens(styles, sheet)["type-size"] * type_scale(title, edition)
    sizes = "; ".join(f"--page-{name}: {length:.2f}mm" for name, length in lengths.items())
    return f"{sizes}; --type-size: {size:.1f}pt; --type-ruby: {_OPEN}"


def page_lengths(title: Publication, edition: Edition, styles: Mapping[str, bytes], sheet: str) -> dict[str, float]:
    """Return a paper's measures in mm by their names; none on the document's own paper.

    Margins, measure and the cover's picture keep their part of the page, but for what ``_with_room`` needs.
    """
    paper, own, token = title.paper_of(edition), own_paper(title.form, edition), tokens(styles, sheet)
    if paper is own:
        return {}
    across = {name: token[f"page-{name}"] * paper.width / own.width for name in _ACROSS if f"page-{name}" in token}
    return {
        "width": paper.width,
        "height": paper.height,
        **(_on_a_leaf(across, token) if is_leaf(title, edition) else across),
        **(_with_room(across, token["page-measure"]) if sheet == "booklet" else {}),
        **{name: token[f"page-{name}"] * paper.height / own.height for name in _DOWN if f"page-{name}" in token},
    }


_UNPRINTED: Final = 5.0
"""So many mm at the paper's edge most printers leave empty: nothing that says something stands there."""

_NUMBERS: Final = 5.0
"""So many mm beside a table its numbers of three digits need."""


def _with_room(across: Mapping[str, float], drawn: float) -> dict[str, float]:
    """Keep room beside the text of a small page: for numbers in the margin, and for pictures that hang over the text.

    Pictures hold labels, whose type cannot shrink with the page: they keep the width that they are ``drawn`` for, as
    far as the paper goes.
    """
    outer = max(across["outer"], _UNPRINTED + _NUMBERS)
    measure = across["measure"] + across["outer"] - outer
    hang = min(max((drawn - measure) / 2, 0.0), outer - _UNPRINTED)
    return {**across, "outer": outer, "measure": measure, "hang": hang}


def pictures_shrink(lengths: Mapping[str, float], styles: Mapping[str, bytes], sheet: str) -> bool:
    """Tell whether pictures are narrower on a paper than they are drawn for, though they hang over the text."""
    drawn = tokens(styles, sheet)["page-measure"]
    return lengths.get("measure", drawn) + 2 * lengths.get("hang", 0.0) < drawn - 0.01


_BOX: Final = 3.0
"""So many mm a box hangs out of the text."""


def _on_a_leaf(across: Mapping[str, float], token: Mapping[str, float]) -> dict[str, float]:
    """Return a small leaf's text what its margins and its spine can spare: type does not shrink with the paper."""
    scale = across["measure"] / token["page-measure"]
    outer = max(across["outer"] * scale, _UNPRINTED + _BOX)
    measure = across["measure"] + 2 * (across["outer"] - outer)
    title = token["page-title"] * sqrt(scale)
    return {**across, "outer": outer, "measure": measure, "spine": token["page-spine"] * scale, "title": title}


_OPEN: Final = 1.78
"""The leading of rows with readings where lines break as nobody has looked at: no reading meets the line above."""


def width_scale(title: Publication, edition: Edition) -> float:
    """Say how many times as wide as the document's own paper its paper is."""
    return title.paper_of(edition).width / own_paper(title.form, edition).width


def type_scale(title: Publication, edition: Edition) -> float:
    """Say how many times as large as on the document's own paper its type is: never smaller, for it would be illegible.

    It grows with the root of the width: then a page twice as large holds lines that are longer by a fifth.
    """
    return max(1.0, sqrt(width_scale(title, edition)))


def table_line(title: Publication, edition: Edition) -> float:
    """Return the width of a table in em of its type, for ``table_widths``."""
    own = LARGE_LINE if edition is Edition.LARGE else LINE
    return own * width_scale(title, edition) / type_scale(title, edition)


def chosen_layout(choice: str, title: Publication, edition: Edition, styles: Mapping[str, bytes], share: float) -> str:
    """Choose how two languages stand: as the guide says, else side by side where both columns hold enough.

    Facing pages are for books that are bound at the left.
    """
    if title.form is Form.CHECKLIST:
        return "side-by-side"
    if edition is Edition.LARGE or len(title.languages) == 1:
        return "stacked"
    if choice == "facing" and title.binding is Binding.RIGHT:
        choice = "auto"
    return choice if choice != "auto" else _measured(title, edition, tokens(styles), share)


def _measured(title: Publication, edition: Edition, token: Mapping[str, float], share: float) -> str:
    measure = token["page-measure"] * width_scale(title, edition)
    size = token["type-size"] * type_scale(title, edition)
    holds = (
        _enough(tag, mm(part * measure - token["page-spine"] / 2) / size, token["type-cjk"])
        for tag, part in zip(title.languages, (share, 1 - share), strict=True)
    )
    return "side-by-side" if all(holds) else "stacked"


def _enough(language: str, ems: float, cjk: float) -> bool:
    return ems / cjk >= LEAST_CJK if is_cjk(language) else ems / 0.5 >= LEAST_LETTERS


LINE: Final = 38.0
LARGE_LINE: Final = 29.0
"""How many em of its type a whole line of a booklet holds, and of one in large print."""

_WORD: Final = re.compile(r"[A-Za-z0-9+#.,:–-]+")
_KATAKANA: Final = re.compile(r"[ァ-ヺー]+[、。）]*")


def table_widths(table: Pair, line: float = LINE) -> tuple[str, ...]:
    """Share a table's width between its columns by how much they hold, in percent; the longest word of each fits.

    ``line`` is the table's width in em of its type.
    """
    columns = tuple(zip_longest(*(tuple(map(_cell_texts, row.children)) for row in table.children), fillvalue=()))
    if not columns:
        return ()
    least = [
        min((max(_longest(texts, line) for texts in column) + 1.2) / line, _MOST / len(columns)) for column in columns
    ]
    held = [sum(_extent(text) for texts in column for text in texts) for column in columns]
    spare, whole, wide = max(1 - sum(least), 0), sum(held) or 1, max(sum(least), 1)
    return tuple(f"{100 * (low + spare * own / whole) / wide:.1f}%" for low, own in zip(least, held, strict=True))


_MOST: Final = 1.3
"""A column asks for this many times its even share of the table at most."""


def _cell_texts(cell: Pair) -> tuple[str, ...]:
    """Return a cell's texts; a source's number clings to its word, which is longer by about two digits.

    Behind a telephone number it stands apart, which takes about four more.
    """
    inlines = (block.inline for block in cell.blocks)
    return tuple(
        one.text + "00" * len(one.cites) + "0000" * bool(one.cites and _ENDS.search(one.text)) for one in inlines
    )


_ENDS: Final = re.compile(r"\d{3,}$")


def _longest(texts: tuple[str, ...], line: float) -> float:
    """Return the length in em of the longest word; a few CJK characters stay on a line too, more where it is short."""
    together = 6.0 if line >= LINE else 6.5
    words = (len(word) * 0.56 for text in texts for word in _WORD.findall(text))
    loans = (float(len(word)) for text in texts for word in _KATAKANA.findall(text))
    return max((*words, *loans, *(min(_extent(text), together) for text in texts)), default=0)


def _sides(pairs: Iterable[Pair]) -> Iterator[tuple[str, str]]:
    """Return what two languages say side by side."""
    for pair in pairs:
        if pair.first is not None and pair.second is not None and pair.kind is not BlockKind.CELL:
            yield pair.first.inline.text, pair.second.inline.text
        yield from _sides(pair.children)


def _extent(text: str) -> float:
    """Estimate the length of a text in em: a CJK character is one, another half of one."""
    wide = len(_CJK.findall(text))
    return wide + (len(text) - wide) * 0.5
