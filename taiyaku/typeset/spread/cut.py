"""Cut spreads into pages: a page that is twice as wide as the cover becomes its left and its right half.

Facing pages are typeset as spreads, so that two texts keep step across the fold; a booklet, and a reader on a screen,
need pages. Each half gets its own content, with only what shows on it: text goes where it begins, and never to both;
a drawing that crosses the fold goes to both, and the page's edge cuts it off. Tags, links, destinations and the outline
follow what they belong to. Lengths are points. Nothing here knows fonts: a text that runs over the fold stays whole on
its own half and stands over that page's edge, where the completeness check finds it.

``pen`` says where an operator paints, ``parts`` on which half, ``writing`` writes a half, ``cutting`` makes the two
pages. ``targets`` and ``retagging`` bring up to date what names them.
"""

from io import BytesIO

import pikepdf

from taiyaku.pdf.save import saved
from taiyaku.typeset.spread.cutting import ROUNDING_PT, cut_in_two
from taiyaku.typeset.spread.parts import size_of
from taiyaku.typeset.spread.pen import SpreadBox, SpreadPen
from taiyaku.typeset.spread.retagging import retag
from taiyaku.typeset.spread.targets import move_destinations, relabel

__all__ = ["SpreadBox", "SpreadPen", "cut_spreads"]


def cut_spreads(pdf: bytes) -> bytes:
    """Cut every page that is twice as wide as the first into two; all other pages stay as they are.

    Both halves begin at 0 0. Structure elements name the page that holds their contents; the parent tree, links, named
    and other destinations, and page labels are brought up to date. The same input gives the same bytes.

    Raises:
        ValueError: A spread's page boxes differ (a bleed) or do not begin at 0 0, a transparent group of text
            crosses the fold, or a mark is not in its page's own content; the message names the page.
    """
    with pikepdf.open(BytesIO(pdf)) as document:
        pages = list(document.pages)
        cuts = [
            cut_in_two(document, page, number) for number, page in enumerate(pages, 1) if _is_spread(page, pages[0])
        ]
        if not cuts:
            return pdf
        spreads = {cut.left.objgen: cut for cut in cuts}
        relabel(document, spreads)
        for before, cut in enumerate(cuts):
            document.pages.insert(cut.number + before, pikepdf.Page(cut.right))
        move_destinations(document, spreads)
        retag(document, spreads)
        return saved(document)


def _is_spread(page: pikepdf.Page, cover: pikepdf.Page) -> bool:
    (width, height), (own_width, own_height) = size_of(cover), size_of(page)
    return abs(own_width - 2 * width) < ROUNDING_PT and abs(own_height - height) < ROUNDING_PT
