"""The reading edition: a guide as one web page in two languages, from the same blocks as the printed pages. Pure.

What the blocks say to a listener of a PDF (``data-tag``) becomes roles and heading levels of HTML (WAI-ARIA 1.2); what
`compose` puts between characters for the typesetter is taken out again, so that a copied word is the word.
"""

import base64
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import chain, count
from typing import Final

from markupsafe import Markup

from taiyaku.content.pair import Manuscripts
from taiyaku.language.linebreak import visible
from taiyaku.language.tags import direction, typesetter_tag
from taiyaku.model.content import Content
from taiyaku.model.theme import Strings, Theme
from taiyaku.release.download_page import inline_hash, inline_style, without_empty_lines
from taiyaku.release.picture_notes import without_notes
from taiyaku.render.backmatter import source_entries
from taiyaku.render.html import environment
from taiyaku.render.rows import Chapter, Row, RowBuilder, chapters, number_sources, ticked


def reading_name(guide: str, languages: tuple[str, ...]) -> str:
    """Return the path of a reading edition in a release."""
    return f"read/{'_'.join((guide, *languages))}.html"


def reading_edition(
    content: Content,
    theme: Theme,
    languages: tuple[str, ...],
    texts: Manuscripts,
    checklists: Mapping[str, Manuscripts],
) -> str:
    """Return a guide as one HTML file with everything inside: styles, script, pictures.

    Args:
        content: the guide.
        theme: templates, styles and words; the first language has its ``[page]`` and ``[reading]`` words.
        languages: the reader's, and the one beside it.
        texts: its chapters, paired.
        checklists: its checklists by name, paired.
    """
    everything = [*chain.from_iterable(texts.pairs), *(pair for one in checklists.values() for pair in one.pairs[0])]
    numbers = number_sources(everything, content.sources)
    builder = RowBuilder(content, theme, languages, numbers)
    strings = theme.strings[languages[0]]
    script = without_empty_lines(theme.templates["reading.js.jinja"])
    context = {
        "lang": languages[0],
        "dir": direction(languages[0]),
        "layout": "side-by-side",
        "form": "booklet",
        "edition": "web",
        "title": " / ".join(content.guide.title[tag] for tag in languages),
        "words": _words(strings),
        "choices": _choices(theme, languages) if len(languages) > 1 else (),
        "guide_title": builder.words(content.guide.title),
        "subtitle": builder.words(content.guide.subtitle),
        "version": content.guide.version,
        "date": content.guide.date.isoformat(),
        "chapters": chapters(builder, texts.names, texts.pairs),
        "checklists": tuple(_checklists(builder, checklists)),
        "sources": tuple(source_entries(builder, content, numbers)),
        "style": Markup(inline_style(theme, "web", "reading")),
        "script": Markup(script),
        "script_hash": inline_hash(script),
    }
    html = environment(tuple(theme.templates.items())).get_template("reading.html.jinja").render(context)
    return without_empty_lines(_with_pictures(_for_the_web(html, content.guide.languages), content.figures)) + "\n"


def _words(strings: Strings) -> dict[str, str]:
    page, reading = strings.page, strings.reading
    assert page is not None  # a language without these words has no reading edition
    assert reading is not None
    own = ("contents", "sources", "checked_on", "good_until", "wrong_fact", "not_advice")
    return {
        **{name: getattr(strings, name) for name in own},
        **reading.model_dump(),
        "skip": page.skip,
        "licence": strings.licence_text,
    }


def _choices(theme: Theme, languages: tuple[str, ...]) -> tuple[dict[str, str], ...]:
    """Return what a reader may choose to see: both languages, or one of them, each said in its own words."""
    both = theme.strings[languages[0]].reading
    assert both is not None
    choices = [{"slot": "both", "lang": languages[0], "text": both.both}]
    for slot, tag in zip(("first", "second"), languages, strict=True):
        words = theme.strings[tag].reading or both
        choices.append({"slot": slot, "lang": tag, "text": words.only.format(language=theme.strings[tag].language)})
    return tuple(choices)


def _checklists(builder: RowBuilder, checklists: Mapping[str, Manuscripts]) -> Iterable[Chapter]:
    """Set the checklists. They have no numbers to point at, and their boxes are counted through all of them."""
    ticks = count(1)
    for number, (name, manuscripts) in enumerate(checklists.items(), 1):
        first, *rest = manuscripts.pairs[0]
        rows = tuple(_named(ticked(builder.row(pair), ticks)) for pair in rest)
        yield Chapter(number, f"checklist-{name}", builder.row(first), rows)


def _named(row: Row) -> Row:
    """Return boxes to tick the words that a listener hears: those beside them, without their readings."""
    words = " / ".join(Markup(_READING.sub("", cell.html)).striptags() for cell in row.cells) if row.field else row.alt
    return replace(row, alt=words, rows=tuple(map(_named, row.rows)))


_ROLES: Final[Mapping[str, str]] = {
    "L": ' role="list"',
    "LI": ' role="listitem"',
    "Artifact": ' aria-hidden="true"',
    "BlockQuote": ' role="group"',
    "Art": ' role="group"',
}
_TAGGED: Final = re.compile(r' data-tag="([A-Za-z0-9]+)"')
_RUBY: Final = re.compile(r'<ruby style="[^"]*"')
_READING: Final = re.compile(r"<rt>.*?</rt>")
_DEFINITIONS: Final = re.compile(r'(<div class="rows definitions") role="list"')
_NUMBERED: Final = re.compile(r' data-(?:numbering|outline|at|depth|place)="[^"]*"')
_LEVEL: Final = re.compile(r"(</?h)([1-5])(?=[ >])")
_CHAPTERS: Final = re.compile(r'<section class="chapter".*?</section>', re.DOTALL)
_LANG: Final = re.compile(r'\blang="([^"]+)"')
_SOURCE: Final = re.compile(r'<img src="([^"]+)"')


def _for_the_web(html: str, languages: Iterable[str]) -> str:
    """Turn what only a typesetter needs into what a browser needs."""
    tags = {typesetter_tag(tag): tag for tag in languages}
    html = _LANG.sub(lambda m: f'lang="{tags.get(m[1], m[1])}"', visible(html))
    html = _NUMBERED.sub("", _TAGGED.sub(lambda m: _ROLES.get(m[1], ""), html))
    html = _DEFINITIONS.sub(r"\1", html)  # its terms are no list items
    html = _RUBY.sub("<ruby", html)  # a browser makes room for a reading by itself
    return _CHAPTERS.sub(lambda m: _lower(m[0]), html)


def _lower(section: str) -> str:
    """Lower headings by one level: the page's own title stands above those of the chapters."""
    if 'id="sources"' in section[:60]:
        return section
    return _LEVEL.sub(lambda m: f"{m[1]}{int(m[2]) + 1}", section)


_KINDS: Final[Mapping[str, str]] = {
    "svg": "image/svg+xml",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
}


def _with_pictures(html: str, figures: Mapping[str, bytes]) -> str:
    """Put the pictures into the page (RFC 2397)."""

    def inside(match: re.Match[str]) -> str:
        data = figures.get(match[1])
        if data is None:
            return match[0]
        kind = _KINDS.get(match[1].rpartition(".")[2].lower(), "application/octet-stream")
        return f'<img src="data:{kind};base64,{base64.b64encode(without_notes(data)).decode()}"'

    return _SOURCE.sub(inside, html)
