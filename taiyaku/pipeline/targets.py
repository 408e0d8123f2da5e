"""Which documents an order asks for, what they are made from, and which old ones are still good."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import taiyaku
from taiyaku.content import load, lock
from taiyaku.errors import UsageError
from taiyaku.language.faces import fingerprint
from taiyaku.model.content import Content, Guide, Role
from taiyaku.model.documents import Edition, Form, Paper, Publication, editions_of
from taiyaku.model.theme import Theme
from taiyaku.own_files import own_file
from taiyaku.pipeline import output
from taiyaku.pipeline.options import BuildOptions


def guide_names(order: BuildOptions) -> tuple[str, ...]:
    """Return the names of the guides that an order means.

    Raises:
        UsageError: a guide that does not exist, or no guide at all.
    """
    known = load.guides(order.content)
    for name in order.guides:
        if name not in known:
            raise UsageError(f"there is no guide `{name}` in {order.content}", f"the guides are: {', '.join(known)}")
    if not known:
        raise UsageError(f"there is no guide in {order.content}", "make one: python3 build.py new NAME --languages a,b")
    return order.guides or known


def plan(content: Content, order: BuildOptions) -> tuple[Publication, ...]:
    """List the titles of a guide that an order asks for."""
    pairs = [languages for languages in content.guide.pairs if not order.pair or languages == order.pair]
    titles = [
        Publication(content.name, name, form, languages, order.host, _paper(order, form))
        for languages in pairs
        for form, names in ((Form.BOOKLET, (content.name,)), (Form.CHECKLIST, content.names(Role.CHECKLIST)))
        for name in names
        if order.form in (None, form)
    ]
    return tuple(titles)


def printed(order: BuildOptions, guide: Guide) -> tuple[str, ...]:
    """Return the languages of a guide that an order prints, in the guide's order."""
    tags = {tag for pair in guide.pairs if not order.pair or pair == order.pair for tag in pair}
    return tuple(tag for tag in guide.languages if tag in tags or not order.pair)


def asked(order: BuildOptions, guide: Guide) -> tuple[str, ...]:
    """Return the languages that an order looks at: what it prints, and the source that this is compared with."""
    its = printed(order, guide)
    return tuple(tag for tag in guide.languages if tag in its or (its and tag == guide.source))


def roles(order: BuildOptions) -> tuple[Role, ...]:
    """Return what texts an order looks at."""
    return {Form.BOOKLET: (Role.CHAPTER,), Form.CHECKLIST: (Role.CHECKLIST,), None: tuple(Role)}[order.form]


def unseen(order: BuildOptions, contents: Iterable[Content]) -> tuple[str, ...]:
    """Name the languages and texts that an order does not look at, each once."""
    tags = [tag for one in contents for tag in one.guide.languages if tag not in asked(order, one.guide)]
    texts = [f"{role}s" for role in Role if role not in roles(order)]
    return tuple(dict.fromkeys((*tags, *texts)))


def _paper(order: BuildOptions, form: Form) -> Paper | Literal[""]:
    """Return the paper of a form: checklists on a booklet's paper are made only where they are asked for by name."""
    if not order.paper or form is Form.BOOKLET or order.form is form:
        return order.paper
    return order.paper.office


def _digest(parts: Iterable[bytes | str]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)
    return digest.hexdigest()


def program_fingerprint(theme: Theme) -> str:
    """Return a hash of the program, its templates and styles, and its locked engines: another program, other PDFs."""
    package = Path(taiyaku.__file__).parent
    code = (path for path in sorted(package.rglob("*")) if path.suffix in (".py", ".toml") and path.is_file())
    files = {
        path.name: path.read_bytes() for path in (own_file("requirements.lock"), own_file("templates/testsheet.toml"))
    }
    parts = [(path.name, path.read_bytes()) for path in code]
    templates = {name: text.encode() for name, text in theme.templates.items()}
    parts += [part for more in (files, templates, theme.styles) for part in sorted(more.items())]
    return _digest(one for part in parts for one in part)


def inputs_of(title: Publication, content: Content, theme: Theme, program: str, *parts: str | bytes) -> str:
    """Return a hash of everything that a title is made from.

    Where translations are accepted, of their sources too: a translation goes stale by a change of its source, also
    where that is not printed beside it.
    """
    languages = {*title.languages, content.host_language}
    compared = title if content.accepted is None else replace(title, languages=(*title.languages, content.guide.source))
    texts = [part for m in content.manuscripts if compared.is_made_from(m) for part in (m.path, m.text)]
    return _digest(
        (
            program,
            repr(title),
            content.guide_file.text,
            content.sources_file.text,
            content.glossary_file.text,
            *texts,
            *(part for name, data in sorted(content.figures.items()) for part in (name, data)),
            *(theme.strings[tag].model_dump_json() for tag in sorted(languages) if tag in theme.strings),
            *(theme.strings_files[tag].text for tag in sorted(languages) if tag in theme.strings_files),
            fingerprint(sorted({*languages, "en"})),  # fields and addresses are set in Latin letters
            *parts,
        )
    )


def expired(content: Content, order: BuildOptions) -> frozenset[str]:
    """Return the sources that get a mark in print: a draft shows which facts have expired.

    The day itself goes into no document: on two days with the same expired sources the bytes are the same.
    """
    if not order.draft:
        return frozenset()
    sources = content.sources.items()
    return frozenset(key for key, source in sources if order.today > content.guide.good_until(source))


def accepted(title: Publication, content: Content, order: BuildOptions) -> str:
    """Return what decides which blocks of a title get a mark in print: a draft shows what is stale.

    A strict build prints nothing that is stale, so that what was accepted is in none of its documents.
    """
    if not order.draft or content.accepted is None:
        return ""
    texts = (lock.section(m) for m in content.manuscripts if title.is_made_from(m))
    return repr([content.accepted.get(name) for name in texts])


@dataclass(frozen=True)
class Target:
    """A document that an order asks for, and the fingerprint of what it is made from."""

    title: Publication
    edition: Edition
    inputs: str


def targets_of(
    order: BuildOptions, contents: Iterable[Content], theme: Theme, host: load.LoadedHost, profile: bytes
) -> list[Target]:
    """List the documents that an order asks for."""
    program = program_fingerprint(theme)
    parts = (repr(host.host), host.logo, "draft" if order.draft else "")
    produced = {Edition.PRINT: (repr(order.imposition),), Edition.PRESS: (profile, repr(order.bleed_mm))}
    return [
        Target(title, edition, _digest((inputs, *produced.get(edition, ()))))
        for content in contents
        for marks in (",".join(sorted(expired(content, order))),)
        for title in plan(content, order)
        for inputs in (inputs_of(title, content, theme, program, *parts, marks, accepted(title, content, order)),)
        for edition in editions_of(title.form)
        if order.edition in (None, edition)
    ]


def kept(
    order: BuildOptions,
    contents: Sequence[Content],
    known: Mapping[str, Mapping[str, object]],
    made: Sequence[output.Artifact],
) -> list[Mapping[str, object]]:
    """Choose the manifest's old entries that still hold: documents of today's plan that stand as they were written.

    Entries of other guides or hosts are kept; those of a title that is no longer planned are not.
    """
    new = {one.document.title.file_name(one.document.edition) for one in made}
    names = {content.name for content in contents}
    planned = {
        replace(title, host="", paper=paper).file_name(edition)
        for content in contents
        for title in plan(content, BuildOptions(order.root, order.content, order.out))
        for edition in editions_of(title.form)
        for paper in ("", *Paper)
    }
    still_good: list[Mapping[str, object]] = []
    for path, document in known.items():
        host = f"_{document.get('host')}.pdf" if document.get("host") else ".pdf"
        still = document.get("guide") not in names or path.removesuffix(host) + ".pdf" in planned
        if path not in new and still and output.stands(order.out, document):
            still_good.append(document)
    return still_good
