"""Pairs + Jinja → HTML. Pure.

Templates compute nothing: `rows` and `matter` prepare every row, number and address that they print.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain
from typing import Any, Final

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from taiyaku.content.pair import Manuscripts
from taiyaku.language.tags import direction, typesetter_tag
from taiyaku.model.content import Content, Host, TomlFile
from taiyaku.model.documents import Edition, Form, Publication
from taiyaku.model.theme import Theme
from taiyaku.render.backmatter import dates_legend, host_block, labels, source_entries, statuses
from taiyaku.render.index import indexes
from taiyaku.render.measures import (
    WIDEST_ON_LEAF,
    WIDEST_SHARE,
    chosen_layout,
    column_share,
    is_leaf,
    page_lengths,
    page_style,
    pictures_shrink,
    table_line,
)
from taiyaku.render.rows import Cell, Chapter, RowBuilder, chapters, number_sources


@dataclass(frozen=True, slots=True)
class RenderOptions:
    """How a document is set: its edition, its layout, what ``fit`` has chosen, and the host's colours.

    ``style`` carries custom properties for the root element; ``notes`` counts the pages for notes at the end.
    """

    edition: Edition = Edition.SCREEN
    layout: str = ""
    style: str = ""
    notes: int = 0


@dataclass(frozen=True, slots=True)
class Rendered:
    """A document as HTML, and what must be found in the PDF made of it.

    ``hang`` is how far in mm its pictures, and the labels in them, may hang over the text at both sides.
    """

    html: str
    heading: str
    cells: tuple[Cell, ...]
    repeats: tuple[Cell, ...]
    layout: str = ""
    hang: float = 0.0


@lru_cache(maxsize=4)
def environment(templates: tuple[tuple[str, str], ...]) -> Environment:
    """Make the Jinja environment: a misspelt name stops the build, every value is escaped."""
    return Environment(
        loader=DictLoader(dict(templates)),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@dataclass(frozen=True)
class Printed:
    """For whom and as what a document is printed: its host and the file of it, a draft or not, the expired sources."""

    host: Host | None = None
    logo: str = ""
    draft: bool = False
    expired: frozenset[str] = frozenset()
    host_file: TomlFile | None = None


_PRINTING: Final = Printed()
_DRESS: Final = RenderOptions()


def render(
    title: Publication,
    content: Content,
    theme: Theme,
    texts: Manuscripts,
    *,
    printing: Printed = _PRINTING,
    dress: RenderOptions = _DRESS,
) -> Rendered:
    """Set a document in HTML."""
    everything = tuple(chain.from_iterable(texts.pairs))
    numbers = number_sources(everything, content.sources)
    share = column_share(everything, WIDEST_ON_LEAF if is_leaf(title, dress.edition) else WIDEST_SHARE)
    layout = dress.layout or chosen_layout(content.guide.layout, title, dress.edition, theme.styles, share)
    share = 0.5 if layout == "facing" else share
    sheet = _sheet(title.form, dress.edition, layout)
    lengths = page_lengths(title, dress.edition, theme.styles, sheet)
    builder = RowBuilder(
        content,
        theme,
        title.languages,
        numbers,
        printing.expired,
        proof=printing.draft,
        large=dress.edition is Edition.LARGE,
        facing=layout == "facing",
        line=table_line(title, dress.edition),
        tight=pictures_shrink(lengths, theme.styles, sheet),
    )
    page = page_style(title, dress.edition, theme.styles, sheet)
    styles = (f"--column-first: {share:.0%}", _colours(printing.host), page, dress.style)
    its_chapters = chapters(builder, texts.names, texts.pairs)
    heading = (
        its_chapters[0].title.outline
        if title.form is Form.CHECKLIST
        else " / ".join(content.guide.title[tag] for tag in title.languages)
    )
    context: dict[str, Any] = {
        "title": heading,
        "lang": typesetter_tag(title.languages[0]),
        "dir": direction(title.languages[0]),
        "languages": tuple(map(typesetter_tag, title.languages)),
        "form": str(title.form),
        "edition": str(dress.edition),
        "layout": layout,
        "sheet": sheet,
        "root_style": "; ".join(filter(None, styles)),
        "notes": range(dress.notes),
        "draft": printing.draft,
        "guide_title": builder.words(content.guide.title, role="heading"),
        "subtitle": builder.words(content.guide.subtitle) if title.form is Form.BOOKLET else (),
        "version": content.guide.version,
        "date": content.guide.date.isoformat(),
        "guide": content.name,
        "cover": content.guide.cover,
        "labels": labels(builder),
        "dates_legend": dates_legend(builder) if title.form is Form.BOOKLET and numbers else (),
        "host": host_block(builder, printing.host, printing.logo, title.form, printing.host_file),
        "chapters": its_chapters,
        "sources": tuple(source_entries(builder, content, numbers)),
        "indexes": (
            indexes(builder, content, chain.from_iterable(chapter.rows for chapter in its_chapters))
            if title.form is Form.BOOKLET
            else ()
        ),
        "statuses": statuses(builder, content),
    }
    if title.form is Form.BOOKLET:  # the contents say every title once more
        builder.set += _contents(its_chapters)
    html = environment(tuple(theme.templates.items())).get_template(f"{title.form}.html.jinja").render(context)
    return Rendered(html, heading, tuple(builder.set), tuple(builder.repeats), layout, hang=lengths.get("hang", 0.0))


def _contents(its_chapters: Iterable[Chapter]) -> Iterator[Cell]:
    """Return the entries of the contents, each with its chapter's number: so it is not taken for the title itself."""
    for chapter in its_chapters:
        for cell in chapter.title.cells:
            yield replace(cell, html=Markup(f"{chapter.number} ") + cell.html, role="contents")


def _colours(host: Host | None) -> str:
    """Return a host's colours as custom properties."""
    return "; ".join(f"--color-{name}: {colour}" for name, colour in host.colors.items()) if host is not None else ""


def _sheet(form: Form, edition: Edition, layout: str) -> str:
    """Name the stylesheet of a document: large print and facing pages have pages of their own."""
    if form is Form.CHECKLIST:
        return str(form)
    return "large" if edition is Edition.LARGE else "facing" if layout == "facing" else str(form)
