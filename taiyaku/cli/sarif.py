"""Findings → SARIF 2.1.0 (OASIS, 2020), the form in which code hosts show what a check has found. Pure."""

from collections.abc import Iterable
from string import Formatter
from typing import Any, Final
from urllib.parse import quote

from taiyaku import VERSION
from taiyaku.model.findings import Finding, Place, finding_to_dict, pages_of
from taiyaku.model.wordings import WORDINGS

SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def sarif(findings: Iterable[Finding]) -> dict[str, Any]:
    """Return findings as a SARIF log of one run.

    Each code among them is a rule, with the wording of the table. A finding in a text has a line; one in a PDF has its
    pages as logical locations, since SARIF knows no page (3.33).
    """
    found = tuple(findings)
    codes = sorted({finding.code for finding in found})
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "Taiyaku", "version": VERSION, "rules": [_rule(code) for code in codes]}},
                "columnKind": "unicodeCodePoints",
                "results": [_result(finding, codes.index(finding.code)) for finding in found],
            }
        ],
    }


def _rule(code: str) -> dict[str, Any]:
    """Describe a code: its sentence with the names of its facts in it (3.49)."""
    wording = WORDINGS[code]
    return {
        "id": code,
        "shortDescription": {"text": _in_general(wording.message)},
        "help": {"text": _in_general(wording.hint)},
        "defaultConfiguration": {"level": str(wording.severity)},
    }


def _in_general(wording: str) -> str:
    """Return a wording without a finding: each fact by its name; where it stands is another one each time."""
    parts = Formatter().parse(wording)
    return "".join(text + (f"‹{field}›" if field and field != "at" else "") for text, field, _, _ in parts)


def _result(finding: Finding, rule: int) -> dict[str, Any]:
    record = finding_to_dict(finding)
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": rule,
        "level": str(finding.severity),
        "message": {"text": f"{record['message']}\n{record['hint']}"},
        "locations": [_location(finding.place, pages_of(finding))],
    }
    if finding.also is not None:
        result["relatedLocations"] = [_location(finding.also, "")]
    if pages_of(finding):
        result["properties"] = {"pages": pages_of(finding)}
    return result


def _location(place: Place, pages: str) -> dict[str, Any]:
    """Return a place (3.28): the file, and a line or pages in it."""
    physical: dict[str, Any] = {"artifactLocation": {"uri": quote(place.path)}}
    if place.line:
        physical["region"] = {"startLine": place.line}
    location: dict[str, Any] = {"physicalLocation": physical}
    if pages:
        location["logicalLocations"] = [{"name": f"page {part}", "kind": "page"} for part in pages.split(", ")]
    return location
