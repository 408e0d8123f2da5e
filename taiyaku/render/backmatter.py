"""What a booklet holds besides its chapters: sources, the lists of words, host, colophon. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from markupsafe import Markup

from taiyaku.language.linebreak import compose
from taiyaku.language.tags import direction, typesetter_tag
from taiyaku.model.content import Content, Host, Source, TomlFile
from taiyaku.model.documents import Form
from taiyaku.model.findings import Place
from taiyaku.model.theme import Strings
from taiyaku.model.toml import line_of
from taiyaku.render import telephone
from taiyaku.render.rows import Cell, RowBuilder

LONGEST_ADDRESS: Final = 40
"""An address of more letters is not typed by hand: its QR code leads there, its beginning says whose it is."""


@dataclass(frozen=True, slots=True)
class SourceEntry:
    """A source in the list: what is printed beside its number."""

    number: int
    anchor: str
    title: Cell
    publisher: Cell
    url: str
    shown: str
    checked: str
    good_until: str
    expired: bool
    qr: str


def shown_address(url: str) -> str:
    """Return an address as it is printed: without its scheme, and only whose it is where it is long."""
    bare = url.split("://", 1)[1].removeprefix("www.").rstrip("/")
    return bare if len(bare) <= LONGEST_ADDRESS else f"{bare.split('/')[0]}/…"


def source_entries(builder: RowBuilder, content: Content, numbers: Mapping[str, int]) -> Iterator[SourceEntry]:
    """Return the cited sources in the order of their numbers."""
    for key, number in numbers.items():
        source = content.sources[key]
        tag, title = _title(source, builder.languages)
        publisher = builder.cell("solo", content.host_language, str(Markup.escape(source.publisher)), role="cell")
        yield SourceEntry(
            number,
            f"source-{key}",
            builder.cell("solo", tag, str(Markup.escape(title)), phrases=True, role="cell"),
            publisher,
            source.url,
            shown_address(source.url),
            source.checked.isoformat(),
            content.guide.good_until(source).isoformat(),
            key in builder.expired,
            f"qr/{key}.png",
        )


def _title(source: Source, languages: Iterable[str]) -> tuple[str, str]:
    """Return a source's title in the reader's language, else in one that there is."""
    known = ((tag, source.title[tag]) for tag in languages if tag in source.title)
    return next(known, next(iter(source.title.items())))


def labels(builder: RowBuilder) -> dict[str, tuple[Cell, ...]]:
    """Return each word of the strings files as cells, so that a template prints it in every language."""
    return {name: _label(builder, name) for name, its in Strings.model_fields.items() if its.annotation is str}


def _label(builder: RowBuilder, name: str) -> tuple[Cell, ...]:
    before = len(builder.set)
    cells = builder.words({tag: getattr(builder.strings(tag), name) for tag in builder.languages})
    del builder.set[before:]  # a template may print it several times, or not at all
    return cells


_ARROWS: Final = {"ltr": "→", "rtl": "←"}


def dates_legend(builder: RowBuilder) -> tuple[Cell, ...]:
    """Say once what the two dates beside each source are."""
    return builder.words(
        {
            tag: f"{builder.strings(tag).checked_on} {_ARROWS[direction(tag)]} {builder.strings(tag).good_until}"
            for tag in builder.languages
        }
    )


HOST_LINES: Final[Mapping[Form, tuple[str, ...]]] = {
    Form.BOOKLET: ("name", "desk", "hours", "event"),
    Form.CHECKLIST: ("name",),
}
"""What a document says of its host: all of it on a booklet's cover and again on its back, the name on a checklist."""


def host_block(
    builder: RowBuilder, host: Host | None, logo: str, form: Form, file: TomlFile | None = None
) -> dict[str, Any] | None:
    """Make the host's block; ``file`` is where it is written."""
    if host is None:
        return None
    texts = {
        line: builder.words(getattr(host, line), at=str(Place(file.path, line_of(file, (line,)))) if file else "")
        for line in HOST_LINES[form]
    }
    if form is Form.BOOKLET:
        builder.set += [cell for cells in texts.values() for cell in cells if cell.html]
    return {
        **{line: cells if any(cell.html for cell in cells) else () for line, cells in texts.items()},
        "phone": Markup(compose(telephone.marked(str(Markup.escape(host.phone)), "en"), "en")),
        "url": host.url,
        "logo": logo,
        "plain_name": next((host.name[tag] for tag in (*builder.languages, *host.name) if tag in host.name), ""),
    }


def statuses(builder: RowBuilder, content: Content) -> tuple[dict[str, Any], ...]:
    """Say of each language how far it is to be trusted (original, draft, reviewed), in that language."""
    lines = []
    for tag in builder.languages:
        strings = builder.strings(tag)
        translation = content.guide.translations.get(tag)
        status = strings.original if tag == content.guide.source else strings.draft
        if translation is not None and translation.status == "reviewed":
            status = strings.reviewed
        reviewer = translation.reviewer if translation is not None else ""
        name, words = Markup.escape(strings.language), Markup.escape(status)
        lines.append(
            {"lang": typesetter_tag(tag), "dir": direction(tag), "name": name, "status": words, "reviewer": reviewer}
        )
    return tuple(lines)
