"""Findings: what a check has found.

Find, word, tell: a phase returns a ``Finding`` with a code and facts, ``format_finding`` turns it into a
sentence of ``wordings.toml``, and only ``cli`` prints it.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from taiyaku.model.wordings import WORDINGS, Severity


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a finding stands: a file as people name it, and a line from 1 (0: the whole file)."""

    path: str
    line: int = 0

    def __str__(self) -> str:
        return f"{self.path}:{self.line}" if self.line else self.path


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, with the facts that its wording needs; one that is ``lowered`` is only told."""

    code: str
    place: Place
    facts: Mapping[str, Any] = field(default_factory=dict)
    also: Place | None = None
    lowered: bool = False

    @property
    def severity(self) -> Severity:
        """Return how bad it is: as the table says of its code, unless it was lowered."""
        return Severity.WARNING if self.lowered else WORDINGS[self.code].severity

    def as_warning(self) -> "Finding":
        """Return the same finding as a warning (a draft may be incomplete)."""
        return self if self.severity is Severity.WARNING else replace(self, lowered=True)


def format_finding(finding: Finding) -> str:
    """Say a finding: place, severity, sentence, code; then the other place and the hint, a line each."""
    wording = WORDINGS[finding.code]
    lines = [f"{finding.place}: {finding.severity}: {wording.message.format(**finding.facts)} [{finding.code}]"]
    if finding.also is not None:
        lines.append(f"  see also: {finding.also}")
    lines.append(f"  hint: {wording.hint.format(**finding.facts)}")
    return "\n".join(map(plain, lines))


_OBEYED: Final = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]|^\s*(?:::|##\[)"
)
"""Controls, line breaks, changes of direction (UAX 9, 2), and how a line begins that GitHub takes for an order."""


def plain(line: str) -> str:
    """Return a line with an escape of Python for all that a terminal or a log would obey instead of showing it."""
    return _OBEYED.sub(lambda match: "".join(map(_escaped, match[0])), line)


def _escaped(char: str) -> str:
    return char if char == " " else f"\\x{ord(char):02x}" if ord(char) < 256 else f"\\u{ord(char):04x}"


def finding_to_dict(finding: Finding) -> dict[str, Any]:
    """Return a finding as plain values for JSON."""
    wording = WORDINGS[finding.code]
    record: dict[str, Any] = {
        "code": finding.code,
        "severity": str(finding.severity),
        "path": finding.place.path,
        "line": finding.place.line,
        "message": wording.message.format(**finding.facts),
        "hint": wording.hint.format(**finding.facts),
    }
    if finding.code.startswith(("pdf.", "copy.")) and pages_of(finding):
        record["pages"] = pages_of(finding)
    if finding.also is not None:
        record["also"] = {"path": finding.also.path, "line": finding.also.line}
    return record


def pages_of(finding: Finding) -> str:
    """Return the pages of a finished document on which something was found, as ``1, 3–4``; empty where it has none."""
    name = "pages" if finding.code.startswith(("pdf.", "copy.")) else "page"
    return str(finding.facts.get(name, ""))


def errors(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings that stop a build."""
    return tuple(finding for finding in findings if finding.severity is Severity.ERROR)


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings sorted by place, each once."""
    unique = {(f.code, f.place, f.also, tuple(sorted((k, str(v)) for k, v in f.facts.items()))): f for f in findings}
    return tuple(sorted(unique.values(), key=lambda finding: (finding.place, finding.code)))
