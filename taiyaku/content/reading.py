"""What is gathered while one manuscript is read: its findings, its notes, its converted texts."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from taiyaku.content.inline import Converted, read_inline, set_notes
from taiyaku.content.unread import unread_lines, unread_words
from taiyaku.model.content import Inline
from taiyaku.model.findings import Finding, Place

_STRONG: Final = "write **words** for what is important"
_LONGEST: Final = 10_000
"""So many characters may stand in one text: some pages. Longer ones would take minutes to be read."""

_DEEPEST: Final = 12
"""So many lists, boxes and quotations may stand in one another; no page has room for more."""


@dataclass
class Reading:
    """One file while it is parsed: findings and footnotes gather here."""

    path: str
    findings: list[Finding] = field(default_factory=list)
    notes: dict[str, Inline] = field(default_factory=dict)
    note_places: dict[str, Place] = field(default_factory=dict)
    called: set[str] = field(default_factory=set)
    depth: int = 0

    @contextmanager
    def inside(self, line: int) -> Iterator[bool]:
        """Go into a block that holds others; say whether there is room for them."""
        self.depth += 1
        if self.depth > _DEEPEST:
            mark = f"more than {_DEEPEST} lists, boxes and quotations in one another"
            self.report("parse.mark", line, mark=mark, hint=r"end some of them; write \- or \> if it is none")
        yield self.depth <= _DEEPEST
        self.depth -= 1

    def report(self, code: str, line: int, **facts: Any) -> None:
        """Note a finding at a line."""
        self.findings.append(Finding(code, Place(self.path, line), facts))

    def step(self, number: str | int, line: int, lowered: bool = False) -> None:
        """Report a line that is a step by its number only."""
        finding = Finding("parse.step", Place(self.path, line), {"number": number})
        self.findings.append(finding.as_warning() if lowered else finding)

    def prose(self, lines: Sequence[tuple[int, str]], line: int, inside: str = "") -> Inline:
        """Convert a text of numbered lines; what looks like a mark and was not read is told."""
        texts = [text for _, text in lines]
        for at, mark, hint in unread_lines(texts, inside):
            self.report("parse.mark", lines[at][0], mark=mark, hint=hint)
        return self.inline("\n".join(texts), line)

    def inline(self, text: str, line: int) -> Inline:
        """Convert a text and put its footnotes in."""
        converted = self.converted(text, line)
        for call in converted.calls:
            self.called.add(call)
            if call not in self.notes:
                self.report("parse.note", line, name=call)
        return set_notes(converted.inline, self.notes, converted.calls)

    def converted(self, text: str, line: int) -> Converted:
        """Convert a text; what looks like a mark and was not read is told."""
        if len(text) > _LONGEST:
            mark = f"a text of more than {_LONGEST:,} characters"
            self.report("parse.mark", line, mark=mark, hint="part it by blank lines")
            return Converted(Inline())
        converted = read_inline(text, Place(self.path, line))
        self.findings.extend(converted.findings)
        for title in converted.titles:
            mark = f"the title “{title}” of a link, which no page shows,"
            self.report("parse.mark", line, mark=mark, hint="write it as text, or take it away")
        for words in converted.doubtful:
            mark = f"emphasis of “{words}” at a number or a sign"
            self.report("parse.mark", line, mark=mark, hint=r"write \* for a star that is printed, as in \*100#")
        if words := unread_words(text, converted.inline.text):
            hint = "write [text](address), a picture on a line of its own" if words[0] == "]" else _STRONG
            self.report("parse.mark", line, mark=f"`{words}`", hint=hint)
        return converted
