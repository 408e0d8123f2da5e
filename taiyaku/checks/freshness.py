"""Guides → which sources have expired or soon will, and which addresses lead nowhere, as a report. Pure."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from taiyaku.checks.links import Answer, LinkState
from taiyaku.model.content import Content, is_to_come
from taiyaku.model.toml import line_of

_MOST_CHARACTERS: Final = 60_000
"""A GitHub issue holds 65 536 characters."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A source with its age: where it stands, its last good day, and the days that are left (none is negative)."""

    guide: str
    key: str
    title: str
    publisher: str
    url: str
    path: str
    line: int
    checked: dt.date
    good_until: dt.date
    days_left: int


@dataclass(frozen=True, slots=True)
class Link:
    """An address that was asked, and the entries that name it."""

    answer: Answer
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """How fresh guides are on a day.

    ``expired`` and ``expiring`` begin with the oldest; ``links`` is None where nobody was asked, else all addresses.
    ``future``: said to have been checked on a day that is still to come.
    """

    today: dt.date
    within_days: int
    sources: int
    expired: tuple[Entry, ...]
    expiring: tuple[Entry, ...]
    links: tuple[Link, ...] | None = None
    future: tuple[Entry, ...] = ()

    @property
    def dead(self) -> tuple[Link, ...]:
        """Return the addresses that lead nowhere."""
        return self.having(LinkState.DEAD)

    @property
    def found(self) -> bool:
        """Tell whether somebody has to do something."""
        return bool(self.expired or self.expiring or self.future or self.dead)

    def having(self, state: LinkState) -> tuple[Link, ...]:
        """Return the addresses in a state."""
        return tuple(link for link in self.links or () if link.answer.state is state)


def entries(contents: Iterable[Content], today: dt.date) -> tuple[Entry, ...]:
    """Return all sources of guides, those first that expire first."""
    found = (entry for content in contents for entry in _entries(content, today))
    return tuple(sorted(found, key=lambda one: (one.good_until, one.guide, one.key)))


def _entries(content: Content, today: dt.date) -> Iterator[Entry]:
    for key, source in content.sources.items():
        until = content.guide.good_until(source)
        title = source.title.get("en") or source.title.get(content.guide.source) or next(iter(source.title.values()))
        line = line_of(content.sources_file, (key,))
        path = content.sources_file.path
        left = (until - today).days
        yield Entry(content.name, key, title, source.publisher, source.url, path, line, source.checked, until, left)


def report(
    known: tuple[Entry, ...], today: dt.date, within_days: int, answers: Mapping[str, Answer] | None = None
) -> Report:
    """Sort sources by what has to be done.

    Args:
        known: all sources, as ``entries`` gives them.
        today: the day that decides.
        within_days: what expires in so many days is told too.
        answers: what came of asking for their addresses, where they were asked.
    """
    expired = tuple(entry for entry in known if entry.days_left < 0)
    expiring = tuple(entry for entry in known if 0 <= entry.days_left <= within_days)
    future = tuple(entry for entry in known if is_to_come(entry.checked, today))
    links = None
    if answers is not None:
        links = tuple(
            Link(answer, tuple(entry for entry in known if entry.url == url)) for url, answer in sorted(answers.items())
        )
    return Report(today, within_days, len(known), expired, expiring, links, future)


def as_record(made: Report) -> dict[str, Any]:
    """Return a report as plain values for JSON; days as ISO 8601 writes them."""
    links = None if made.links is None else [_link_record(link) for link in made.links]
    return {
        "today": made.today.isoformat(),
        "within_days": made.within_days,
        "sources": made.sources,
        "found": made.found,
        "expired": [_entry_record(entry) for entry in made.expired],
        "expiring": [_entry_record(entry) for entry in made.expiring],
        "future": [_entry_record(entry) for entry in made.future],
        "links": links,
    }


def _entry_record(entry: Entry) -> dict[str, Any]:
    return {**asdict(entry), "checked": entry.checked.isoformat(), "good_until": entry.good_until.isoformat()}


def _link_record(link: Link) -> dict[str, Any]:
    named = [{"guide": entry.guide, "key": entry.key} for entry in link.entries]
    told = asdict(link.answer)
    del told["reached"]
    return {**told, "state": str(link.answer.state), "sources": named}


def summary(made: Report) -> str:
    """Say in one line how many sources need what."""
    parts = [f"{len(made.expired)} expired", f"{len(made.expiring)} expiring within {made.within_days} days"]
    if made.future:
        parts.append(f"{len(made.future)} checked on a day to come")
    if made.links is not None:
        parts += (f"{len(made.having(state))} {name}" for state, name in _COUNTED.items())
    return f"{made.sources} {'source' if made.sources == 1 else 'sources'}: {', '.join(parts)}"


_COUNTED: Final = {LinkState.DEAD: "lead nowhere", LinkState.UNKNOWN: "could not be judged", LinkState.MOVED: "moved"}
_HEADS: Final = {
    LinkState.DEAD: "Leads nowhere",
    LinkState.UNKNOWN: "Could not be judged: open it yourself",
    LinkState.MOVED: "Leads to another address",
}


def as_text(made: Report) -> str:
    """Return a report for a terminal: a paragraph a kind, two lines a source."""
    parts = [
        _text_ages("expired", made.expired),
        _text_ages("expires soon", made.expiring),
        _text_ages("still to come", made.future),
        *(_text_links(state, made.having(state)) for state in _HEADS),
    ]
    return "\n".join((*filter(None, parts), summary(made))) + "\n"


def _text_ages(what: str, found: tuple[Entry, ...]) -> str:
    return "".join(
        f"{entry.path}:{entry.line}: {what}: {entry.key}, checked {entry.checked}, good until {entry.good_until}\n"
        f"  {entry.url}\n"
        for entry in found
    )


def _text_links(state: LinkState, links: tuple[Link, ...]) -> str:
    return "".join(
        f"{entry.path}:{entry.line}: {state}: {entry.key}: {link.answer.why}\n  {entry.url}{_leads(link)}\n"
        for link in links
        for entry in link.entries[:1]
    )


def _leads(link: Link) -> str:
    return f"\n  leads to {link.answer.leads_to}" if link.answer.leads_to else ""


_INTRO: Final = """\
Every fact in the guides has a source, and every source a day on which a person compared it.
On {today}, of {summary}.

**What to do with each:** open the page; compare it with every sentence that cites it; correct the text in all
languages if it changed; set `checked` in the file named here to the day on which you looked. Then run
`python3 build.py check` and, after a change of a text, `python3 build.py accept GUIDE`.
"""
_DONE: Final = """\
On {today} nothing has expired, and nothing expires within {within} days{links}. There is nothing to do.
"""


def as_markdown(made: Report) -> str:
    """Return a report as the body of an issue, short enough for one."""
    if not made.found:
        links = "" if made.links is None else ", and no address is known to lead nowhere"
        head = _DONE.format(today=made.today, within=made.within_days, links=links)
    else:
        head = _INTRO.format(today=made.today, summary=summary(made))
    items = [
        *_markdown_ages("Expired: not to be printed as they are", made.expired),
        *_markdown_ages(f"Expires within {made.within_days} days", made.expiring),
        *_markdown_ages("Checked on a day that is still to come: correct `checked`", made.future),
        *(line for state, title in _HEADS.items() for line in _markdown_links(title, made.having(state))),
    ]
    return _cut_short(head, items)


def _cut_short(head: str, items: list[str]) -> str:
    """Put the parts together until an issue is full, and say how many are left out."""
    text = head
    for number, item in enumerate(items):
        if len(text) + len(item) > _MOST_CHARACTERS:
            left = sum(item.startswith("- [ ]") for item in items[number:])
            return f"{text}\n… and {left} more: `python3 build.py freshness --links` lists all.\n"
        text += item
    return text


def _markdown_ages(title: str, found: tuple[Entry, ...]) -> Iterator[str]:
    if found:
        yield f"\n## {title} ({len(found)})\n\n"
    for entry in found:
        days = f"{_days(-entry.days_left)} ago" if entry.days_left < 0 else f"{_days(entry.days_left)} left"
        dates = f"checked {entry.checked}, good until {entry.good_until} ({days})"
        yield (
            f"- [ ] **{_plain(entry.key)}** ({_plain(entry.guide)}) {_plain(entry.title)}, {_plain(entry.publisher)}\n"
            f"      <{entry.url}>\n"
            f"      {dates}; `{entry.path}`, line {entry.line}\n"
        )


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"


def _markdown_links(title: str, links: tuple[Link, ...]) -> Iterator[str]:
    if links:
        yield f"\n## {title} ({len(links)})\n\n"
    for link in links:
        places = ", ".join(f"**{_plain(entry.key)}** ({_plain(entry.guide)})" for entry in link.entries)
        led = f"; it leads to <{link.answer.leads_to}>" if link.answer.leads_to else ""
        yield f"- [ ] {places}: {_plain(link.answer.why)}{led}\n      <{link.answer.url}>\n"


_MARKS: Final = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_[]<>#@|"})


def _plain(text: str) -> str:
    """Keep words from being read as Markdown: a title may hold what would be a link, or call a person by @."""
    return text.translate(_MARKS)
