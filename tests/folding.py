"""What a person does with printed sheets: fold, stack, cut. Each function gives the pages as they are then read.

Nothing is known here about how the sheets were imposed, so this can judge an imposition. A sheet's back is given as
one sees it after turning the sheet like the page of a book. Pure.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise
from typing import Final

from taiyaku.model.documents import Binding
from taiyaku.prepress.imposition import Sheet


@dataclass(frozen=True, slots=True)
class _Leaf:
    """Half of a sheet on the table: the page that one sees and the page beneath it."""

    up: int | None
    down: int | None

    def turned(self) -> "_Leaf":
        return _Leaf(up=self.down, down=self.up)


def fold(sheets: Sequence[Sheet], *, binding: Binding = Binding.LEFT) -> tuple[int | None, ...]:
    """Fold a signature and read it: its pages in reading order, None for a blank.

    ``sheets`` are listed from the outermost to the innermost; ``binding`` says on which side the reader expects the
    spine.
    """
    return _read(_folded(sheets, binding))


def fold_and_stack(signatures: Sequence[Sequence[Sheet]], *, binding: Binding = Binding.LEFT) -> tuple[int | None, ...]:
    """Fold each signature, lay the folded signatures on one another, the first uppermost, and read the pile."""
    pile: list[_Leaf] = []
    for signature in reversed(signatures):  # what is laid down first lies lowest
        pile += _folded(signature, binding)
    return _read(pile)


def _folded(sheets: Sequence[Sheet], binding: Binding) -> list[_Leaf]:
    """Return the leaves of a folded signature from the table upwards; its front cover lies on top, face up."""
    left, right = _opened(sheets)
    read, unread = (left, right) if binding is Binding.LEFT else (right, left)
    while read:  # close the booklet: its front cover comes to lie on top
        unread.append(read.pop().turned())
    return unread


def _read(pile: Iterable[_Leaf]) -> tuple[int | None, ...]:
    """Read a pile of leaves from the top: the page that one sees, then the one on its back."""
    return tuple(page for leaf in reversed(tuple(pile)) for page in (leaf.up, leaf.down))


def _opened(sheets: Sequence[Sheet]) -> tuple[list[_Leaf], list[_Leaf]]:
    """Stack the sheets and staple them: the leaves left and right of the spine, each pile from the table upwards.

    The outermost sheet lies lowest, each with its front on the table. A sheet turned over like that swaps its
    halves: beneath the left half of the back is the right half of the front.
    """
    left = [_Leaf(up=sheet.back.left, down=sheet.front.right) for sheet in sheets]
    right = [_Leaf(up=sheet.back.right, down=sheet.front.left) for sheet in sheets]
    return left, right


def cut(sheets: Sequence[Sheet]) -> tuple[int | None, ...]:
    """Cut a stack of sheets in the middle, put the left stack on the right one, and read it leaf by leaf.

    ``sheets`` are listed from the uppermost; all lie with their front up.
    """
    from_table = tuple(reversed(sheets))
    left = [_Leaf(up=sheet.front.left, down=sheet.back.right) for sheet in from_table]
    right = [_Leaf(up=sheet.front.right, down=sheet.back.left) for sheet in from_table]
    return _read((*right, *left))


@dataclass(frozen=True, slots=True)
class Panel:
    """An eighth of a zine's sheet: its page, and whether that stands upright."""

    page: int | None
    upright: bool = True


_ROUND: Final = ((1, 0), (0, 1), (-1, 0), (0, -1))
"""The four ways out of the spine, seen from above: right, away from the reader, left, towards the reader."""

_BENT: Final = {
    "lower": ((-1, 0), (0, 0), (0, -1), (0, 0), (1, 0)),
    "upper": ((-1, 0), (0, 0), (0, 1), (0, 0), (1, 0)),
}
"""Where the edges of a row's four panels stand once the sheet's ends are pushed together, seen from above.

The sheet was folded along its length first, its upper row to the back. Its outer panels still hang together there;
the middle ones, which the cut has parted, open into a cross: those of the lower row come towards the reader.
"""


def fold_zine(upper: Sequence[Panel], lower: Sequence[Panel], *, binding: Binding = Binding.LEFT) -> tuple[Panel, ...]:
    """Fold a sheet of two rows of four panels that is cut along its middle, but for the outer panels, and read it.

    The front cover is the panel that faces the reader at the right end of the cross, bound right at the left end.
    Each panel is given as the reader sees it.
    """
    on_its_head = [replace(panel, upright=not panel.upright) for panel in upper]  # folding it back turns it over
    faces = dict(chain(_faces("upper", on_its_head), _faces("lower", lower)))
    ahead = 1 if binding is Binding.LEFT else -1
    ways = _ROUND if binding is Binding.LEFT else (_ROUND[2], _ROUND[1], _ROUND[0], _ROUND[3])
    return tuple(faces[way, turn] for way in ways for turn in (-ahead, ahead))


def _faces(row: str, panels: Sequence[Panel]) -> Iterator[tuple[tuple[tuple[int, int], int], Panel]]:
    """Say on which leaf of the cross a panel is, and whether its print faces to the left (1) or the right (-1) of it.

    A leaf is named by its way out of the spine, and that is the direction in which one looks.
    """
    edges = _BENT[row]
    for panel, (start, end) in zip(panels, pairwise(edges), strict=True):
        outwards = end if start == (0, 0) else start
        along = (end[0] - start[0], end[1] - start[1])
        # from left to right, the lower row shows its print to the right of the way, the upper one to the left
        printed_left = (row == "upper") == (along == outwards)
        yield (outwards, 1 if printed_left else -1), panel
