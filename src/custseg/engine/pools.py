"""Threads and worker processes of an engine, for batches and for what is done beside other work."""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

from custseg.engine.workers import (
    available_processors,
    let_others_go_first,
    main_hidden,
    ready,
    start_worker,
)
from custseg.errors import LimitError

Batch = TypeVar("Batch")
Result = TypeVar("Result")


class Pools:
    """Runs functions in threads and processes, which are started when first needed.

    Parameters
    ----------
    threads
        How many of each; None for all the processors at hand.
    tight
        Whether memory is: then nothing is done beside other work, whose memory it would add to.

    Attributes
    ----------
    alone
        Whether nothing is done beside other work.
    given_up
        Is set when nobody will ask for what is still being done.
    """

    def __init__(self, threads: int | None = None, *, tight: bool = False) -> None:
        self.threads = threads or available_processors()
        self.alone = self.threads == 1 or tight
        self.given_up = threading.Event()
        self._pool: ProcessPoolExecutor | None = None
        self._beside: ThreadPoolExecutor | None = None
        self._behind: ThreadPoolExecutor | None = None

    def end(self) -> None:
        """Stop the workers, and wait for what runs beside."""
        self.end_workers()
        for pool in (self._beside, self._behind):
            if pool is not None:
                pool.shutdown(cancel_futures=True)
        self._beside = self._behind = None

    def map_threads(
        self, function: Callable[[Batch], Result], batches: Sequence[Batch]
    ) -> list[Result]:
        """Apply a function to each batch in threads; results in the order of the batches.

        For work that releases the interpreter's lock (numpy, Arrow, rapidfuzz) on large data
        that would cost too much to send to other processes.

        Parameters
        ----------
        function
            Pure: batches may run at the same time and in any order.
        batches
            A single batch, or one thread, runs in this thread.
        """
        if self.threads == 1 or len(batches) < 2:
            return [function(batch) for batch in batches]
        with ThreadPoolExecutor(self.threads) as pool:
            return list(pool.map(function, batches))

    def map_batches(
        self,
        function: Callable[[Batch], Result],
        batches: Sequence[Batch],
        *,
        parallel: bool = True,
    ) -> list[Result]:
        """Apply a module-level function to each batch; results in the order of the batches.

        Parameters
        ----------
        function
            Picklable; knows nothing of the engine.
        batches
            Picklable inputs. A single batch, or one thread, runs in this process.
        parallel
            False where starting workers would cost more than the work itself.

        Raises
        ------
        LimitError
            If a worker process was killed (usually for lack of memory).
        """
        if not parallel or self.threads == 1 or len(batches) < 2:
            return [function(batch) for batch in batches]
        try:
            with main_hidden():
                done = self._workers().map(function, batches)
            return list(done)
        except BrokenProcessPool as error:
            self._pool = None
            raise LimitError("engine.worker_died") from error

    def start_workers(self) -> None:
        """Start the worker processes while there is other work, where many rows will need them."""
        if self.threads > 1:
            with main_hidden():
                for _ in range(self.threads):
                    self._workers().submit(ready)

    def _workers(self) -> ProcessPoolExecutor:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                self.threads,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=start_worker,
            )
        return self._pool

    def beside(self, work: Callable[[], Result]) -> Future[Result]:
        """Begin work in a thread of its own, and give what its result is asked of.

        For work that other work need not wait for, such as writing a table that is finished.
        Pieces begin in their order; with one thread, or little memory, each is done at once.
        """
        if self.alone:
            return _done(work)
        if self._beside is None:
            self._beside = ThreadPoolExecutor(self.threads)
        return self._beside.submit(work)

    def behind(self, work: Callable[[], Result]) -> Future[Result]:
        """Begin work as :meth:`beside` does, but let all other work go first.

        What is asked for only at the end then fills the times in which a processor is idle, and
        takes none from what others wait for. One piece after another.
        """
        if self.alone:
            return _done(work)
        if self._behind is None:
            self._behind = ThreadPoolExecutor(1, initializer=let_others_go_first)
        return self._behind.submit(work)

    def end_workers(self) -> None:
        """Stop the worker processes, whose memory others need; the next batches start new ones."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None


def _done(work: Callable[[], Result]) -> Future[Result]:
    done: Future[Result] = Future()
    try:
        done.set_result(work())
    except Exception as error:  # is raised where the result is asked for, as of a thread
        done.set_exception(error)
    return done
