"""One executor with few verbs: `sql` for sets, `map_batches` for rows, `map_threads` for arrays.

DuckDB joins, groups and sorts, and spills to disk past its memory limit. Python functions run
on batches of rows, in worker processes where there is enough work to pay for starting them.
Batch functions know no engine: module-level, no global state, no reliance on seeing all rows.
"""

from __future__ import annotations

import multiprocessing
import os
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

import duckdb
import pyarrow as pa

from custseg.arrow_alone import start_arrow_without_pandas
from custseg.errors import LimitError

Batch = TypeVar("Batch")
Result = TypeVar("Result")


class Engine:
    """Runs SQL over Arrow tables and functions over batches.

    Parameters
    ----------
    threads
        Threads of DuckDB and worker processes; None for all the processors at hand.
    memory_limit
        DuckDB's limit, such as ``"4GB"``; past it DuckDB spills to disk.
    temporary
        Folder for spilled data; None makes one, removed at the end.

    Notes
    -----
    Results never depend on `threads`: SQL that needs an order says so, and `map_batches`
    keeps the order of its batches.
    """

    def __init__(
        self,
        threads: int | None = None,
        memory_limit: str | None = None,
        temporary: Path | None = None,
    ) -> None:
        self.threads = threads or available_processors()
        self._memory_limit = memory_limit
        self._spill = (
            tempfile.TemporaryDirectory(prefix="custseg-", ignore_cleanup_errors=True)
            if temporary is None
            else None
        )
        self._spill_folder = Path(self._spill.name) if self._spill else temporary
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop the workers, close DuckDB, remove spilled data."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        if self._spill is not None:
            self._spill.cleanup()

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """The DuckDB connection, opened at first use, in memory and without the network."""
        if self._connection is None:
            self._connection = duckdb.connect(
                ":memory:",
                config={
                    "threads": str(self.threads),
                    "temp_directory": str(self._spill_folder),
                    "autoinstall_known_extensions": "false",
                    "autoload_known_extensions": "false",
                    "python_scan_all_frames": "false",
                    **({"memory_limit": self._memory_limit} if self._memory_limit else {}),
                },
            )
        return self._connection

    def sql(self, query: str, parameters: Sequence[object] = (), /, **tables: pa.Table) -> pa.Table:
        """Run one query over the given Arrow tables and give its result as an Arrow table.

        Parameters
        ----------
        query
            SQL of DuckDB; refers to `tables` by their keyword.
        parameters
            Values of ``?`` in the query.
        **tables
            Arrow tables, visible to this query alone.

        Raises
        ------
        LimitError
            If memory (with the disk to spill to) is exhausted.
        """
        cursor = self.connection.cursor()
        try:
            for name, table in tables.items():
                cursor.register(name, table)
            return cursor.execute(query, list(parameters)).to_arrow_table()
        except duckdb.OutOfMemoryException as error:
            raise LimitError("engine.memory", limit=self._memory_limit or "80 %") from error
        finally:
            for name in tables:
                cursor.unregister(name)
            cursor.close()

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
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                self.threads,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=start_arrow_without_pandas,
            )
        try:
            return list(self._pool.map(function, batches))
        except BrokenProcessPool as error:
            self._pool = None
            raise LimitError("engine.worker_died") from error


def available_processors() -> int:
    """Processors this process may use (its affinity, not the machine's count)."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
