"""Leaflets of one page: how to print what is in a pack, and a poster whose code leads to the download page. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from markupsafe import Markup, escape

from taiyaku.errors import UsageError
from taiyaku.language.linebreak import compose
from taiyaku.language.tags import direction, typesetter_tag
from taiyaku.model.content import Words
from taiyaku.model.documents import Edition, Form
from taiyaku.model.theme import LeafletWords, Theme
from taiyaku.release.catalogue import Catalogue, PublicationFile
from taiyaku.render.html import environment
from taiyaku.render.htmltext import language_texts
from taiyaku.render.qr import qr_code
from taiyaku.typeset.fonts import cut_fonts, font_sheet

_DRAWINGS: Final = ("flip", "fold", "staple")


def how_to_print_name(language: str) -> str:
    """Return the file name of the sheet that says how to print."""
    return f"how-to-print_{language}.pdf"


def poster_name(guide: str, languages: tuple[str, ...]) -> str:
    """Return the file name of a poster."""
    return f"poster_{guide}_{'_'.join(languages)}.pdf"


def how_to_print(shelf: Catalogue, theme: Theme, language: str) -> bytes:
    """Say on one page of A4 how the pack of a language is printed, folded and stapled, and what is in it."""
    strings = theme.strings[language]
    words, page = strings.leaflet, strings.page
    assert words is not None  # only a language that has these words has a leaflet
    assert page is not None
    volumes = shelf.printed_for(language)
    titles = [_said(shelf.titles[guide], language) for guide in dict.fromkeys(v.guide for v in volumes)]
    said = {key: _set(text, language) for key, text in words.model_dump().items()}
    context: dict[str, Any] = {
        **said,
        "lang": typesetter_tag(language),
        "dir": direction(language),
        "title": words.title,
        "head": said["title"],
        "version": shelf.version,
        "date": shelf.date.isoformat(),
        "guide": _set(" · ".join(titles), language),
        "steps": [
            {"drawing": drawing, "text": _set(text, language)}
            for drawing, text in zip(_DRAWINGS, page.how_booklet, strict=False)
        ],
        "how_checklist": _set(page.how_checklist, language),
        "how_large": _set(page.how_large, language),
        "rows": [_row(shelf, theme, words, volume, language) for volume in volumes],
    }
    return _typeset(theme, "how-to-print.html.jinja", context, {})


def _row(shelf: Catalogue, theme: Theme, words: LeafletWords, volume: PublicationFile, language: str) -> dict[str, Any]:
    """Say what a file is, in which languages, and how much paper it takes."""
    if volume.form is Form.CHECKLIST:
        what = _said(shelf.names.get((volume.guide, volume.name), {}), language) or volume.name
    else:
        what = words.large if volume.edition is Edition.LARGE else words.booklet
    return {
        "what": _set(what, language),
        "languages": [{"lang": typesetter_tag(tag), "name": theme.strings[tag].language} for tag in volume.languages],
        "host": volume.host,
        "pages": volume.pages,
        "sheets": volume.sheets,
        "file": Markup(str(escape(volume.path)).replace("_", "_<wbr>")),
    }


def poster(shelf: Catalogue, theme: Theme, guide: str, languages: tuple[str, ...], cover: bytes = b"") -> bytes:
    """Make the poster of a guide in a pair of languages: its code leads to the address of the download page.

    ``cover`` is the picture of the guide's cover, as SVG.

    Raises:
        UsageError: the release has no address.
    """
    if not shelf.url:
        raise UsageError("a poster needs the address that its code leads to", "give it: --url https://…")
    slots = ("first", "second") if len(languages) > 1 else ("first",)
    said = [_poster_words(shelf, theme, guide, tag, slot) for tag, slot in zip(languages, slots, strict=True)]
    context = {
        "lang": typesetter_tag(languages[0]),
        "title": " / ".join(_said(shelf.titles[guide], tag) for tag in languages),
        "version": shelf.version,
        "date": shelf.date.isoformat(),
        "languages": said,
        "address": shelf.url,
        "cover": bool(cover),
    }
    files = {"qr/page.png": qr_code(shelf.url), **({"cover.svg": cover} if cover else {})}
    return _typeset(theme, "poster.html.jinja", context, files)


def _poster_words(shelf: Catalogue, theme: Theme, guide: str, tag: str, slot: str) -> dict[str, Any]:
    words = theme.strings[tag].leaflet
    assert words is not None
    texts = {
        "title": _said(shelf.titles[guide], tag),
        "subtitle": _said(shelf.subtitles[guide], tag),
        "poster": words.poster,
        "scan": words.scan,
    }
    return {
        "lang": typesetter_tag(tag),
        "dir": direction(tag),
        "slot": slot,
        **{key: _set(text, tag) for key, text in texts.items()},
    }


def _said(words: Words, language: str) -> str:
    return words.get(language) or next(iter(words.values()), "")


def _set(text: str, language: str) -> Markup:
    return Markup(compose(str(escape(text)), language))


def _typeset(theme: Theme, template: str, context: Mapping[str, Any], files: Mapping[str, bytes]) -> bytes:
    from taiyaku.typeset.engine import Typesetter

    html = environment(tuple(theme.templates.items())).get_template(template).render(**context)
    fonts = cut_fonts(language_texts(html))
    given = {
        "fonts/fonts.css": font_sheet(fonts).encode(),
        **{font.path: font.data for font in fonts.fonts},
        **{f"styles/{name}": data for name, data in theme.styles.items()},
        **files,
    }
    return Typesetter(given).lay_out(html).write()


def leaflets(shelf: Catalogue, theme: Theme, covers: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """Return all leaflets of a release by their file names; posters only where there is an address to lead to."""
    able = [tag for tag, its in theme.strings.items() if its.leaflet is not None and its.page is not None]
    for tag in shelf.languages:
        if tag in able:
            yield how_to_print_name(tag), how_to_print(shelf, theme, tag)
    if shelf.url:
        for guide, languages in dict.fromkeys((v.guide, v.languages) for v in shelf.volumes):
            if set(languages) <= set(able):
                yield poster_name(guide, languages), poster(shelf, theme, guide, languages, covers.get(guide, b""))
