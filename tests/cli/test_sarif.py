"""Findings as SARIF 2.1.0: what the standard asks for (OASIS, 2020, paragraphs in brackets), and nothing lost."""

import json
from typing import Any, Final

from taiyaku import VERSION
from taiyaku.cli.sarif import sarif
from taiyaku.model.findings import Finding, Place
from taiyaku.model.wordings import WORDINGS

TEXT: Final = Finding(
    "pair.kind", Place("content/mini/ja/01 start.md", 7), {"first": "a table", "second": "a list"}, Place("b.md", 9)
)
SIZES: Final = {"pages": "1, 3–4", "at": " (page 1, 3–4)", "size": "4.0 pt", "least": "5 pt"}
SMALL: Final = Finding("pdf.type-small", Place("dist/本.pdf"), SIZES)
MUTE: Final = Finding("pdf.producer", Place("dist/本.pdf"), {})
OFF: Final = Finding("text.off-page", Place("a.pdf"), {"document": "a.pdf", "page": 2, "text": "x"}).as_warning()


def run_of(*findings: Finding) -> dict[str, Any]:
    log = sarif(findings)
    assert len(log["runs"]) == 1
    run: dict[str, Any] = json.loads(json.dumps(log))["runs"][0]
    return run


def test_a_log_says_what_it_is():
    """[3.13] version and runs are required; the address of the schema names the same version."""
    log = sarif([])
    assert set(log) == {"$schema", "version", "runs"}
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("/sarif-schema-2.1.0.json")


def test_a_run_names_its_tool():
    """[3.14, 3.18, 3.19] A run has a tool, a tool a driver, a driver a name; no results are an empty list."""
    run = run_of()
    assert run["tool"]["driver"] == {"name": "Taiyaku", "version": VERSION, "rules": []}
    assert run["results"] == []
    assert run["columnKind"] in ("unicodeCodePoints", "utf16CodeUnits")


def test_each_code_is_a_rule_once():
    """[3.49] A rule has an id, a description, a level of its own; [3.52.5] ruleIndex points at it."""
    run = run_of(SMALL, TEXT, SMALL, MUTE)
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["pair.kind", "pdf.producer", "pdf.type-small"]
    assert [rules[result["ruleIndex"]]["id"] for result in run["results"]] == [r["ruleId"] for r in run["results"]]
    assert [rule["defaultConfiguration"]["level"] for rule in rules] == ["error", "warning", "error"]
    assert rules[2]["shortDescription"]["text"] == "type of ‹size› is smaller than ‹least›"
    assert rules[2]["help"]["text"] == WORDINGS["pdf.type-small"].hint


def test_a_rule_shows_braces_as_they_are():
    finding = Finding("pair.missing", Place("a.md", 1), {"what": "the row", "language": "ja"})
    rule = run_of(finding)["tool"]["driver"]["rules"][0]
    assert rule["help"]["text"] == "translate it, remove it, or mark it with {: .solo }"


def test_a_result_says_what_where_and_what_to_do():
    """[3.27] A result has a message; its level is one of the standard's."""
    run = run_of(TEXT, OFF)
    first, second = run["results"]
    assert (first["level"], second["level"]) == ("error", "warning")
    assert first["message"] == {
        "text": "a table stands beside a list\nboth languages have the same blocks in the same order"
    }


def test_a_line_is_a_region():
    """[3.28, 3.29, 3.30] A place is a URI reference, so a space is written %20; lines count from 1."""
    result = run_of(TEXT)["results"][0]
    (location,) = result["locations"]
    assert location == {
        "physicalLocation": {
            "artifactLocation": {"uri": "content/mini/ja/01%20start.md"},
            "region": {"startLine": 7},
        }
    }
    (other,) = result["relatedLocations"]
    assert other["physicalLocation"]["region"] == {"startLine": 9}


def test_pages_are_logical_locations():
    """[3.33] A PDF has no lines: its pages are told, in the text, as locations, and as a property."""
    result = run_of(SMALL)["results"][0]
    (location,) = result["locations"]
    assert location["physicalLocation"] == {"artifactLocation": {"uri": "dist/%E6%9C%AC.pdf"}}
    assert [one["name"] for one in location["logicalLocations"]] == ["page 1", "page 3–4"]
    assert result["properties"] == {"pages": "1, 3–4"}
    assert result["message"]["text"].startswith("type of 4.0 pt is smaller than 5 pt (page 1, 3–4)\n")


def test_one_page_is_a_location_too():
    assert run_of(OFF)["results"][0]["locations"][0]["logicalLocations"] == [{"name": "page 2", "kind": "page"}]


def test_a_number_of_pages_is_no_page():
    facts = {"pages": 37, "budget": 36, "languages": "ja", "lines": 3, "blocks": "1"}
    assert "properties" not in run_of(Finding("fit.pages", Place("a.md"), facts))["results"][0]


def test_the_same_findings_give_the_same_log():
    assert sarif([SMALL, TEXT]) == sarif([SMALL, TEXT])
