"""Makes several documents at a time, in processes: layout gains nothing from threads.

The library's pools wait for ever where they are stopped while a large job is on its way to a worker: their feeders
write to a pipe that nobody reads any more (python/cpython issues 73945 and, until Python 3.12, 94777). Here every
worker has a pipe of its own, and a thread that waits for it: when the worker is gone, the pipe breaks.
"""

import multiprocessing
import signal
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from queue import SimpleQueue
from types import TracebackType
from typing import Any, Final, Generic, Self, TypeVar

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
        context: Any = multiprocessing.get_context("fork" if forks else "spawn")
        self._processes: list[BaseProcess] = []
        self._ours: list[Connection] = []
        for _ in range(jobs if forks or jobs > 1 else 0):
            ours, its = context.Pipe()
            inherited = (*self._ours, ours) if forks else ()
            process = context.Process(target=_work, args=(its, inherited, make, warm_up), daemon=True)
            process.start()
            its.close()  # only the worker has it now: when it is gone, our end breaks
            self._processes.append(process)
            self._ours.append(ours)
        self._idle: SimpleQueue[Connection] = SimpleQueue()
        for connection in self._ours:
            self._idle.put(connection)
        # threads come with the first job: processes that fork must not have them
        self._threads = ThreadPoolExecutor(max(1, len(self._processes)))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the workers, whatever they are doing."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            process.join()
        self._threads.shutdown()
        for connection in self._ours:
            connection.close()

    def start(self, works: Sequence[W]) -> Iterator[R]:
        """Begin at once; results come in the order of the works.

        Raises:
            MachineError: a worker was killed.
        """
        if not self._processes:
            return map(self._make, works)
        return map(_result, [self._threads.submit(self._handed_on, work) for work in works])

    def _handed_on(self, work: W) -> R:
        """Let an idle worker do a job, and wait for it."""
        connection = self._idle.get()
        try:
            connection.send(work)
            result, error = connection.recv()
        except (OSError, EOFError):
            hint = "free memory, or use --jobs 1"
            raise MachineError("a process that made documents was killed", hint) from None
        finally:
            self._idle.put(connection)  # a broken one too: nobody waits for it in vain
        if error is not None:
            raise error
        made: R = result
        return made


_MOMENT: Final = 1.0


def _result(future: "Future[R]") -> R:
    """Wait for a result, and let Ctrl-C in between: on Windows nothing else would."""
    while not future.done():
        with suppress(TimeoutError):
            return future.result(timeout=_MOMENT)
    return future.result()


def _work(
    connection: Connection, inherited: Sequence[Connection], make: Callable[[W], R], warm_up: Callable[[], None]
) -> None:
    """Do jobs until there is nobody to give any. Ctrl-C is left to the parent.

    ``inherited`` are the parent's ends of pipes: while a worker held them, nobody could tell that the parent is gone.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for end in inherited:
        end.close()
    warm_up()
    with suppress(OSError, EOFError):
        while True:
            connection.send(_tried(make, connection.recv()))


def _tried(make: Callable[[W], R], work: W) -> tuple[R | None, Exception | None]:
    try:
        return make(work), None
    except Exception as error:  # it is raised again where the result is wanted
        error.add_note(traceback.format_exc())
        return None, error
