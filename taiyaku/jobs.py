"""Makes several documents at a time, in processes: layout gains nothing from threads."""

import multiprocessing
import signal
from collections.abc import Callable, Iterator, Sequence
from types import TracebackType
from typing import Generic, Self, TypeVar

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
        return map(self._make, works) if self._pool is None else self._pool.imap(self._make, works)


def _begin(warm_up: Callable[[], None]) -> None:
    """Leave Ctrl-C to the parent, and get ready."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    warm_up()
