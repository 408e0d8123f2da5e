"""Makes several documents at a time, in processes: layout gains nothing from threads."""

import multiprocessing
import signal
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.pool import IMapIterator
from types import TracebackType
from typing import Generic, Self, TypeVar

from taiyaku.errors import MachineError

W = TypeVar("W")
R = TypeVar("R")


class Workers(Generic[W, R]):
    """Processes that are started early and import the typesetter while this one still parses.

    Where the system forks, one worker is used even for one job. Elsewhere (macOS, Windows) workers
    start anew, and one job is done right here.
    """

    def __init__(self, make: Callable[[W], R], warm_up: Callable[[], None], jobs: int) -> None:
        self._make = make
        forks = multiprocessing.get_start_method(allow_none=False) != "spawn"
        context = multiprocessing.get_context("fork" if forks else "spawn")
        self._pool = context.Pool(jobs, _begin, (warm_up,)) if forks or jobs > 1 else None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the workers, whatever they are doing."""
        if self._pool is not None:
            self._pool.terminate()
            self._pool.join()

    def start(self, works: Sequence[W]) -> Iterator[R]:
        """Begin at once; results come in the order of the works."""
        if self._pool is None:
            return map(self._make, works)
        alive = _alive()
        return _watched(self._pool.imap(self._make, works), len(works), alive)


def _alive() -> set[int | None]:
    return {process.pid for process in multiprocessing.active_children()}


def _watched(results: "IMapIterator[R]", count: int, alive: set[int | None]) -> Iterator[R]:
    """Give results; a worker that was killed never gives its own, and the pool would wait for ever."""
    while count:
        try:
            yield results.next(timeout=1)
            count -= 1
        except multiprocessing.TimeoutError:
            if _alive() != alive:
                hint = "free memory, or use --jobs 1"
                raise MachineError("a process that made documents was killed", hint) from None


def _begin(warm_up: Callable[[], None]) -> None:
    """Leave Ctrl-C to the parent, and get ready."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    warm_up()
