"""The table of wordings: every code can be told, and every code has a test."""

import ast
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from string import Formatter
from typing import Any, Final, TypeGuard

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taiyaku.model.findings import Finding, Place, errors, finding_to_dict, format_finding, in_order
from taiyaku.model.wordings import WORDINGS, Severity, read
from taiyaku.proofread.composition import Defect, DefectKind
from taiyaku.proofread.proofread import _composed
from tests.making import ROOT, told

HERE: Final = Path(__file__)
PLACE: Final = Place("content/mini/ja/01-start.md", 7)
FACTS: Final[Mapping[str, Any]] = {"scale": 0.8, "code": 0x20BB7, "line": 3, "level": 3, "before": 1, "page": 2}
"""Facts that are numbers; the others are words."""


def facts_of(code: str) -> dict[str, Any]:
    """Make up the facts that a wording asks for."""
    wording = WORDINGS[code]
    fields = {field for text in (wording.message, wording.hint) for _, field, _, _ in Formatter().parse(text) if field}
    return {field: FACTS.get(field, f"<{field}>") for field in fields}


# Every code

OF_COMPOSITION: Final = {
    finding.code for fault in DefectKind for finding in _composed((Defect(fault, 1, "文", "ja", None),), "a.pdf")
}
"""What the check of a finished page reports: its faults are codes."""


def literals(node: ast.AST) -> Iterator[str]:
    """Return the strings of a piece of a program, without its docstrings."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    for child in ast.iter_child_nodes(node):
        if not (isinstance(node, ast.Expr) and isinstance(child, ast.Constant)):
            yield from literals(child)


def judged(module: ast.Module) -> Iterator[str]:
    """Return the strings that a test module asserts or is run with, there or in a table of the module named there."""
    written = [node for node in module.body if isinstance(node, ast.Assign | ast.AnnAssign)]
    tables = {one.id: node for node in written for one in ast.walk(node) if is_name(one) and stores(one)}
    nodes = [node for node in ast.walk(module) if isinstance(node, ast.Assert) or called(node) == "parametrize"]
    for node in nodes:
        yield from literals(node)
        names = {one.id for one in ast.walk(node) if is_name(one)}
        nodes += [tables.pop(name) for name in names & set(tables)]


def is_name(node: ast.AST) -> TypeGuard[ast.Name]:
    return isinstance(node, ast.Name)


def stores(name: ast.Name) -> bool:
    return isinstance(name.ctx, ast.Store)


def called(node: ast.AST) -> str:
    """Return the last name of what is called, as ``parametrize``."""
    function = node.func if isinstance(node, ast.Call) else node
    return function.attr if isinstance(function, ast.Attribute) else function.id if is_name(function) else ""


def parsed(paths: Iterable[Path]) -> list[ast.Module]:
    return [ast.parse(path.read_text(encoding="utf-8")) for path in sorted(paths)]


def names_in(text: str) -> set[str]:
    """Return what looks like a code in a text that a test expects."""
    return set(re.findall(r"[a-z]+(?:\.[a-z0-9-]+)+", text))


def test_every_code_is_judged_by_a_test():
    """A code without a test is a message that nobody has read."""
    modules = parsed(path for path in HERE.parent.parent.glob("**/test_*.py") if path != HERE)
    found = {name for module in modules for text in judged(module) for name in names_in(text)}
    assert set(WORDINGS) - found == set()


def test_a_code_in_a_comment_or_a_text_is_not_judged():
    module = ast.parse('A: int = ["x.table"]\nB = "x.idle"\ndef t():\n    "x.doc"\n    assert y in A  # x.note')
    assert set(judged(module)) == {"x.table"}
    assert set(literals(module)) == {"x.table", "x.idle"}


def test_every_code_is_reported_somewhere():
    """A wording that nothing reports is dead."""
    program = {text for module in parsed((ROOT / "taiyaku").rglob("*.py")) for text in literals(module)}
    assert set(WORDINGS) - program - OF_COMPOSITION == set()


def test_every_reported_code_has_a_wording():
    calls = [
        node
        for module in parsed((ROOT / "taiyaku").rglob("*.py"))
        for node in ast.walk(module)
        if isinstance(node, ast.Call) and called(node) in ("Finding", "report") and node.args
    ]
    found = {text for call in calls for text in literals(call.args[0]) if names_in(text) == {text}}
    assert len(found) > 50
    assert (found | OF_COMPOSITION) - set(WORDINGS) == set()


@pytest.mark.parametrize("code", WORDINGS)
def test_every_code_can_be_told(code: str):
    facts = facts_of(code)
    first, *rest = format_finding(Finding(code, PLACE, facts)).splitlines()
    assert first.startswith(f"{PLACE}: {WORDINGS[code].severity}: ")
    assert first.endswith(f" [{code}]")
    assert [line[:8] for line in rest] == ["  hint: "]
    assert not re.search(
        r"[{}]", re.sub(r"\{\{|\{(?:base|ja:|: \.solo|: \.optional|: \.labels)[^}]*\}", "", first + rest[0])
    )
    said = first + rest[0]
    assert [fact for fact in facts.values() if isinstance(fact, str) and fact not in said] == []


@pytest.mark.parametrize("code", WORDINGS)
def test_messages_begin_small_and_end_without_a_stop(code: str):
    for text in (WORDINGS[code].message, WORDINGS[code].hint):
        assert text == text.strip()
        assert not text.endswith(".")
        assert text[0] == text[0].lower() or text.split()[0] in ("BCP",)


@pytest.mark.parametrize("code", WORDINGS)
def test_every_code_becomes_json(code: str):
    finding = Finding(code, PLACE, facts_of(code), Place("content/mini/zh-Hans/01-start.md", 8)).as_warning()
    record = json.loads(json.dumps(finding_to_dict(finding)))
    assert record == {
        "code": code,
        "severity": "warning",
        "path": PLACE.path,
        "line": 7,
        "message": format_finding(finding)
        .splitlines()[0]
        .removeprefix(f"{PLACE}: warning: ")
        .removesuffix(f" [{code}]"),
        "hint": format_finding(finding).splitlines()[2].removeprefix("  hint: "),
        "also": {"path": "content/mini/zh-Hans/01-start.md", "line": 8},
    }


@pytest.mark.parametrize(
    ("keys", "why"),
    [
        ('message = "m"\nhint = "h"', "severity"),
        ('severity = "error"\nhint = "h"', "message"),
        ('severity = "error"\nmessage = "m"', "hint"),
        ('severity = "fatal"\nmessage = "m"\nhint = "h"', "fatal"),
        ('severity = "error"\nmessage = "m"\nhint = "h"\nhelp = "x"', "help"),
    ],
)
def test_a_wording_lacks_nothing_and_has_nothing_else(keys: str, why: str):
    with pytest.raises(ValueError, match=rf"^a\.b: .*{why}"):
        read(f'["a.b"]\n{keys}\n')


# One finding


def test_a_finding_is_told_on_three_lines():
    also = Place("content/mini/zh-Hans/01-start.md", 9)
    facts = {"what": "the table row", "language": "zh-Hans"}
    assert format_finding(Finding("pair.missing", PLACE, facts, also)) == (
        "content/mini/ja/01-start.md:7: error: the table row has no partner in zh-Hans [pair.missing]\n"
        "  see also: content/mini/zh-Hans/01-start.md:9\n"
        "  hint: translate it, remove it, or mark it with {: .solo }"
    )


def test_a_finding_of_a_whole_file_names_no_line():
    assert told([Finding("parse.empty", Place("a.md"))]) == ["a.md: error: the file is empty [parse.empty]"]
    assert "also" not in finding_to_dict(Finding("parse.empty", Place("a.md")))


def test_a_number_is_told_as_a_number():
    facts = {"char": "𠮷", "code": 0x20BB7, "name": "CJK UNIFIED IDEOGRAPH-20BB7", "language": "ja", "fonts": "Noto"}
    assert told([Finding("font.glyph", PLACE, facts)]) == [
        f"{PLACE}: error: no font of ja has 𠮷 (U+20BB7 CJK UNIFIED IDEOGRAPH-20BB7) [font.glyph]"
    ]


def test_a_fact_with_braces_is_told_as_it_is():
    assert told([Finding("parse.ruby", PLACE, {"mark": "{本|{0}"})]) == [
        f"{PLACE}: error: the ruby mark `{{本|{{0}}` is not closed or empty [parse.ruby]"
    ]


def test_only_errors_stop_a_build():
    error = Finding("parse.empty", PLACE)
    assert errors([error.as_warning(), error]) == (error,)
    assert (error.as_warning().severity, error.severity) == (Severity.WARNING, Severity.ERROR)


# Many findings

places = st.builds(Place, st.sampled_from(["a.md", "b.md"]), st.integers(0, 3))
findings = st.builds(
    Finding,
    st.sampled_from(["parse.html", "parse.image-inline"]),
    places,
    st.sampled_from([{"html": "<b>"}, {"html": "<i>"}]),
    st.none() | places,
)


@given(st.lists(findings))
def test_findings_are_put_in_order_each_once(made: list[Finding]):
    ordered = in_order(made)
    assert [(f.place, f.code) for f in ordered] == sorted((f.place, f.code) for f in ordered)
    assert all(finding in made for finding in ordered)
    assert all(finding in ordered for finding in made)
    assert len({repr(finding) for finding in ordered}) == len(ordered)


@given(st.lists(findings))
def test_ordering_twice_changes_nothing(made: list[Finding]):
    assert in_order(in_order(made)) == in_order(made)


def test_places_are_ordered_by_line_as_numbers():
    made = [Finding("parse.empty", Place("a.md", line)) for line in (10, 9, 100)]
    assert [finding.place.line for finding in in_order(made)] == [9, 10, 100]


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("a\x1b[31mb", r"a\x1b[31mb"),
        ("a\n::error::b", r"a\x0a::error::b"),
        ("a\r\u2028\x85b", r"a\x0d\u2028\x85b"),
        ("a\u202eb\udc80", r"a\u202eb\udc80"),
        ("漢字 café ภาษา می\u200cخواهم", "漢字 café ภาษา می\u200cخواهم"),
    ],
)
def test_content_gives_no_orders_to_a_terminal_or_a_log(said: str, shown: str) -> None:
    told = format_finding(Finding("load.host", Place(said, 1), {"name": said, "known": said}, also=Place(said)))
    assert told.splitlines() == [
        f"{shown}:1: error: there is no host `{shown}` [load.host]",
        f"  see also: {shown}",
        f"  hint: the hosts are: {shown}",
    ]


@pytest.mark.parametrize("name", ["::add-mask::a.pdf", "##[group]a.pdf"])
def test_a_file_name_is_no_order_to_a_log(name: str) -> None:
    said = format_finding(Finding("pdf.title", Place(name)))
    assert said.startswith("\\x")
    assert name[3:] in said
