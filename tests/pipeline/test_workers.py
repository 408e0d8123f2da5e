"""The processes that make documents: results in order, errors where they belong, and an end at any time."""

import multiprocessing
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from taiyaku.errors import MachineError, UsageError
from taiyaku.pipeline.workers import Workers
from tests.making import ROOT


def nothing() -> None:
    """Need no warming up."""


def double(number: int) -> int:
    time.sleep(0.05 if number % 2 else 0)
    return 2 * number


def refuse(number: int) -> int:
    raise UsageError(f"no {number}", "take another")


def die(_: int) -> int:
    os._exit(9)


def sleep(_: Any) -> None:
    time.sleep(600)


def workers(make: Callable[[Any], Any], jobs: int = 2) -> Workers[Any, Any]:
    return Workers(make, nothing, jobs)


@pytest.mark.parametrize("jobs", [1, 2, 5])
def test_results_come_in_the_order_of_the_works(jobs: int):
    with workers(double, jobs) as some:
        assert list(some.start(range(9))) == [2 * number for number in range(9)]
        assert list(some.start([])) == []
    assert multiprocessing.active_children() == []


def test_an_error_is_raised_where_its_result_is_wanted():
    with workers(refuse) as some, pytest.raises(UsageError, match="no 1") as raised:
        list(some.start([1, 2]))
    assert raised.value.hint == "take another"
    assert "in refuse" in "".join(raised.value.__notes__), "where it happened in the worker"


@pytest.mark.parametrize("jobs", [1, 3])
def test_a_worker_that_is_gone_is_told(jobs: int):
    with workers(die, jobs) as some, pytest.raises(MachineError, match="was killed"):
        list(some.start(range(4)))


def test_what_is_begun_is_stopped():
    with workers(sleep) as some:
        some.start(range(4))
        started = multiprocessing.active_children()
        assert len(started) == 2
    assert not any(process.is_alive() for process in started)


SLOW = """
import time
from taiyaku.pipeline.workers import Workers
from tests.pipeline.test_workers import nothing, sleep

class Large:
    '''A job that takes long to be written down, and does not fit into a pipe.'''
    def __reduce__(self):
        time.sleep({wait})
        return len, (bytes(1 << 22),)

with Workers(sleep, nothing, 2) as some:
    some.start([Large() for _ in range(4)])
    time.sleep({before})
print("ended")
"""


@pytest.mark.parametrize(("wait", "before"), [(0.3, 0.0), (0.3, 0.75), (0.3, 1.05), (0.0, 0.3)])
def test_it_ends_while_a_large_job_is_on_its_way(wait: float, before: float):
    """A pool of the library waited for ever here."""
    program = SLOW.format(wait=wait, before=before)
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert (done.stdout, done.stderr, done.returncode) == ("ended\n", "", 0)


def test_workers_end_with_their_parent():
    """Also where it was killed, and could stop nobody."""
    program = (
        "import os, multiprocessing\nfrom tests.pipeline.test_workers import nothing, double, workers\n"
        "workers(double, 3)\nprint(*(one.pid for one in multiprocessing.active_children()), flush=True)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True, timeout=60)
    pids = done.stdout.split()
    assert len(pids) == 3
    for _ in range(200):
        if not any(is_there(int(pid)) for pid in pids):
            break
        time.sleep(0.05)
    assert [pid for pid in pids if is_there(int(pid))] == []


def is_there(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
