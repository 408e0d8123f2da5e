"""``freshness``: what expires when, in the three ways of telling it, and how the command ends."""

import datetime as dt
import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest

from taiyaku.checks import links
from taiyaku.checks.freshness import as_markdown, as_record, as_text, entries, report
from taiyaku.checks.links import Answer, LinkState
from taiyaku.cli.commands import main
from tests.making import SOURCES, tiny_content, tiny_guide

LAW: Final = "https://example.org/law"
LAST: Final = dt.date(2027, 5, 21)
"""The last good day of the tiny guide's only source: 180 days after 2026-11-22."""

PRICE: Final = """
[price]
title     = { ja = "料金表", zh-Hans = "价目 [注] @all" }
publisher = "甲の会社"
url       = "https://example.org/law"
checked   = 2026-11-22
kind      = "carrier"
good_for  = 30
"""


def made(today: dt.date, within: int = 30, state: LinkState | None = None, why: str = "", to: str = "") -> Any:
    answers = None if state is None else {LAW: Answer(LAW, state, why, to)}
    return report(entries([tiny_content()], today), today, within, answers)


@pytest.mark.parametrize(
    ("today", "expired", "expiring"),
    [
        (LAST - dt.timedelta(31), 0, 0),
        (LAST - dt.timedelta(30), 0, 1),
        (LAST, 0, 1),
        (LAST + dt.timedelta(1), 1, 0),
    ],
)
def test_a_source_is_good_to_the_end_of_its_last_day(today: dt.date, expired: int, expiring: int) -> None:
    told = made(today)
    assert (len(told.expired), len(told.expiring), told.found) == (expired, expiring, bool(expired or expiring))


def test_only_what_is_dead_asks_for_something() -> None:
    early = dt.date(2026, 11, 22)
    assert made(early, state=LinkState.DEAD).found
    assert not any(made(early, state=state).found for state in (LinkState.THERE, LinkState.MOVED, LinkState.UNKNOWN))


def test_text() -> None:
    told = made(LAST + dt.timedelta(1), state=LinkState.DEAD, why="there is no such page any more (404)")
    assert as_text(told) == (
        "content/mini/sources.toml:1: expired: law, checked 2026-11-22, good until 2027-05-21\n"
        "  https://example.org/law\n\n"
        "content/mini/sources.toml:1: dead: law: there is no such page any more (404)\n"
        "  https://example.org/law\n\n"
        "1 source: 1 expired, 0 expiring within 30 days, 1 lead nowhere, 0 could not be judged, 0 moved\n"
    )
    moved = as_text(made(LAST, state=LinkState.MOVED, why="it moved", to="https://example.org/new"))
    assert "moved: law: it moved\n  https://example.org/law\n  leads to https://example.org/new\n" in moved
    assert as_text(made(dt.date(2026, 11, 22))) == "1 source: 0 expired, 0 expiring within 30 days\n"


def test_markdown_says_what_to_do_and_where() -> None:
    told = as_markdown(made(LAST + dt.timedelta(1), state=LinkState.UNKNOWN, why="open it yourself"))
    assert "On 2027-05-22, of 1 source: 1 expired" in told
    assert "set `checked` in the file named here to the day on which you looked" in told
    assert "\n## Expired: not to be printed as they are (1)\n\n- [ ] **law** (mini) The phone law, 総務省\n" in told
    assert "      <https://example.org/law>\n" in told
    assert "checked 2026-11-22, good until 2027-05-21 (1 day ago); `content/mini/sources.toml`, line 1\n" in told
    assert "\n## Could not be judged: open it yourself (1)\n\n- [ ] **law** (mini): open it yourself\n" in told


def test_markdown_where_nothing_is_to_do() -> None:
    today = dt.date(2026, 11, 22)
    assert as_markdown(made(today)) == (
        "On 2026-11-22 nothing has expired, and nothing expires within 30 days. There is nothing to do.\n"
    )
    assert "and no address is known to lead nowhere. There is" in as_markdown(made(today, state=LinkState.THERE))


def test_a_source_that_was_checked_on_a_day_to_come_asks_for_something() -> None:
    """It would count as fresh for as long as the slip of the year makes it."""
    told = made(dt.date(2026, 11, 20))
    assert (told.found, [entry.key for entry in told.future]) == (True, ["law"])
    assert as_text(told) == (
        "content/mini/sources.toml:1: still to come: law, checked 2026-11-22, good until 2027-05-21\n"
        "  https://example.org/law\n\n"
        "1 source: 0 expired, 0 expiring within 30 days, 1 checked on a day to come\n"
    )
    assert "\n## Checked on a day that is still to come: correct `checked` (1)\n\n- [ ] **law**" in as_markdown(told)
    assert [one["key"] for one in as_record(told)["future"]] == ["law"]
    assert not made(dt.date(2026, 11, 21)).found


def test_markdown_is_no_longer_than_an_issue() -> None:
    one = entries([tiny_content()], LAST + dt.timedelta(1))[0]
    many = tuple(replace(one, key=f"law-{number}") for number in range(1000))
    told = as_markdown(report(many, LAST, 30))
    assert len(told) < 65_536
    listed = told.count("- [ ]")
    assert told.endswith(f"\n… and {1000 - listed} more: `python3 build.py freshness --links` lists all.\n")


def test_json_is_a_contract() -> None:
    told = made(LAST, state=LinkState.MOVED, why="it moved", to="https://example.org/new")
    assert json.loads(json.dumps(as_record(told))) == {
        "today": "2027-05-21",
        "within_days": 30,
        "sources": 1,
        "found": True,
        "expired": [],
        "expiring": [
            {
                "guide": "mini",
                "key": "law",
                "title": "The phone law",
                "publisher": "総務省",
                "url": LAW,
                "path": "content/mini/sources.toml",
                "line": 1,
                "checked": "2026-11-22",
                "good_until": "2027-05-21",
                "days_left": 0,
            }
        ],
        "future": [],
        "links": [
            {
                "url": LAW,
                "state": "moved",
                "why": "it moved",
                "leads_to": "https://example.org/new",
                "sources": [{"guide": "mini", "key": "law"}],
            }
        ],
    }
    assert as_record(made(LAST))["links"] is None


# The command


Told = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Told:
    content = tiny_guide(tmp_path)
    (content / "mini" / "sources.toml").write_text(SOURCES + PRICE, encoding="utf-8")

    def command(day: str, *options: str, answer: Callable[[str], Answer] | None = None) -> tuple[int, str, str]:
        epoch = dt.datetime.fromisoformat(day).replace(tzinfo=dt.UTC).timestamp()
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(epoch)))
        asked: list[str] = []

        def ask_all(urls: Iterable[str]) -> dict[str, Answer]:
            assert answer is not None, "nobody is asked without --links"
            asked.extend(urls)
            return {url: answer(url) for url in set(asked)}

        monkeypatch.setattr(links, "ask_all", ask_all)
        code = main(["freshness", "--content", str(content), *options])
        return code, *capsys.readouterr()

    return command


def test_the_command_ends_with_1_where_something_is_to_do(run: Told) -> None:
    assert run("2026-11-22", "--within", "29") == (0, "2 sources: 0 expired, 0 expiring within 29 days\n", "")
    assert run("2026-11-22", "--within", "29", "-q") == (0, "", "")
    code, out, err = run("2026-11-22")
    assert (code, err) == (1, "")
    assert "sources.toml:8: expires soon: price, checked 2026-11-22, good until 2026-12-22\n" in out
    code, out, _ = run("2026-12-23", "mini", "--json")
    assert (code, [one["key"] for one in json.loads(out)["expired"]]) == (1, ["price"])


def test_the_command_asks_only_when_told_to(run: Told) -> None:
    code, out, _ = run("2026-11-22", "--within", "0", "--links", answer=lambda url: Answer(url, LinkState.THERE, ""))
    assert (code, out.splitlines()[-1].split(", ")[2:]) == (0, ["0 lead nowhere", "0 could not be judged", "0 moved"])
    code, out, _ = run(
        "2026-11-22", "--within", "0", "--links", "--markdown", answer=lambda url: Answer(url, LinkState.DEAD, "x")
    )
    assert code == 1
    assert "**price** (mini), **law** (mini): x" in out, "two sources with one address: one question, one entry"


def test_no_network_is_no_finding(run: Told) -> None:
    gone = run("2026-11-22", "--links", answer=lambda url: Answer(url, LinkState.DEAD, "no name", reached=False))
    assert gone == (
        3,
        "",
        "error: no server was found at all: this machine seems to have no network\n  hint: connect it, and try again\n",
    )


def test_words_of_a_source_are_no_markdown(run: Told) -> None:
    assert "价目 \\[注\\] \\@all" in run("2026-11-22", "--markdown")[1]


def test_a_guide_that_cannot_be_read_is_told_and_nothing_reported(run: Told, tmp_path: Path) -> None:
    (tmp_path / "content" / "mini" / "sources.toml").write_text("[law", encoding="utf-8")
    code, out, err = run("2026-11-22", "--markdown")
    assert (code, out) == (1, "")
    assert "content/mini/sources.toml:1: error:" in err


@pytest.mark.parametrize("days", ["-1", "soon", "1.5", "²", "99999"])
def test_days_are_a_number(days: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["freshness", f"--within={days}"])
    assert stopped.value.code == 2
    assert f"`{days}` is not a number of days from 0 to 9999" in capsys.readouterr().err
