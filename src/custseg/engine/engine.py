"""One executor with few verbs: `sql` for sets, `map_batches` for rows, `map_threads` for arrays.

DuckDB joins, groups and sorts, and spills to disk past its memory limit. Python functions run
on batches of rows, in worker processes where there is enough work to pay for starting them.
Batch functions know no engine: module-level, no global state, no reliance on seeing all rows.
"""

from __future__ import annotations

import contextlib
import errno
import itertools
import os
import re
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError
from datetime import date
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

import pyarrow as pa

from custseg.engine.memory import give_back_memory, keep_memory, resident_memory
from custseg.engine.plans import keeps_order
from custseg.engine.pools import Pools
from custseg.engine.put_away import PutAway
from custseg.engine.scan import ParquetScan
from custseg.engine.signals import interruptible
from custseg.engine.spilled import SPILL, sweep_spilled
from custseg.errors import InputError, LimitError

if TYPE_CHECKING:
    import duckdb

_PARAMETER: Final = re.compile(r"\$(\d+)")

_BYTES_OF: Final = {
    unit: 1024**power for power, unit in enumerate(("bytes", "KiB", "MiB", "GiB", "TiB", "PiB"))
}
"""Units in which DuckDB says how much memory it may take."""

_ERRORS: Final = {
    "Out of Memory Error": "OutOfMemoryException",
    "IO Error": "IOException",
    "Invalid Input Error": "InvalidInputException",
    "Serialization Error": "SerializationException",
}
"""How DuckDB's errors begin where Arrow hands them on, and what they are."""

_LEAST: Final = 256 << 20
"""What DuckDB has of a limit at least, whatever else is in memory."""

_BATCH: Final = 122_880
"""Rows that DuckDB takes as one piece of work."""

_INTERRUPTED: Final = 0.01
"""Seconds after which a query that still runs is interrupted again."""

_AHEAD: Final = 64 << 20
"""Bytes of a result that DuckDB makes ahead; with its own megabyte one thread alone is at work."""


class Engine(Pools):
    """Runs SQL over Arrow tables and functions over batches.

    Parameters
    ----------
    threads
        Threads of DuckDB and worker processes; None for all the processors at hand.
    memory_limit
        Of DuckDB and, as far as possible, of all else in this process, such as ``"4GB"``; past
        it DuckDB spills to disk.
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
        sweep_spilled(Path(tempfile.gettempdir()))
        keep_memory(tight=memory_limit is not None)
        super().__init__(threads, tight=memory_limit is not None)
        self._memory_limit = memory_limit
        self._spill = (
            tempfile.TemporaryDirectory(prefix=f"{SPILL}{os.getpid()}-", ignore_cleanup_errors=True)
            if temporary is None
            else None
        )
        self._spill_folder = Path(self._spill.name) if self._spill else temporary
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._allowed = 0
        self._running: list[duckdb.DuckDBPyConnection] = []
        self._opening = threading.Lock()
        self._numbers = itertools.count(1)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is not None:
            self._give_up()
        self.close()

    def _give_up(self) -> None:
        """Have what runs beside end early: an error is said, or Ctrl-C obeyed, without delay."""
        self.given_up.set()
        while True:
            with self._opening:
                for cursor in self._running:
                    cursor.interrupt()
            if not self._running:
                return
            time.sleep(_INTERRUPTED)  # a query that has not begun yet is not interrupted

    def close(self) -> None:
        """Stop the workers, wait for what runs beside, close DuckDB, remove spilled data."""
        self.end()
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        if self._spill is not None:
            self._spill.cleanup()

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """The DuckDB connection, opened at first use, in memory and without the network."""
        with self._opening:
            if self._connection is None:
                self._connection = self._connect()
            return self._connection

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        """A cursor for one query, which is counted as running until the cursor is closed."""
        with self._opening:
            if self.given_up.is_set():
                raise CancelledError
            if self._connection is None:
                self._connection = self._connect()
            cursor = self._connection.cursor()
            self._running.append(cursor)
            return cursor

    @cached_property
    def scratch(self) -> Path:
        """The folder for spilled data, made when first asked for."""
        folder = self._spill_folder or Path()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder

    @cached_property
    def memory(self) -> int:
        """The limit of memory in bytes, as it was given or as DuckDB chose it."""
        with self._opening:
            if self._connection is None:
                self._connection = self._connect()
            return self._allowed

    def rest(self) -> None:
        """Give back the memory that queries took, and other memory that is free.

        The next query has what is then left of the limit. While one runs beside, all stay as
        they are.
        """
        with self._opening:
            if self._connection is not None and not self._running:
                self._connection.close()
                self._connection = None
        give_back_memory()

    def _connect(self) -> duckdb.DuckDBPyConnection:
        """Open DuckDB, with what this process leaves it of the limit."""
        import duckdb

        connection = duckdb.connect(
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
        found = connection.execute("SELECT current_setting('memory_limit')").fetchone()
        number, unit = str(found[0] if found else "").split()
        self._allowed = int(float(number) * _BYTES_OF[unit])
        if self._memory_limit:
            left = max(self._allowed - resident_memory(), self._allowed // 2, _LEAST)
            if left < self._allowed:
                connection.execute(f"SET memory_limit = '{left >> 20}MiB'")
        return connection

    def sql(
        self, query: str, parameters: Sequence[object] = (), /, **tables: pa.Table | ParquetScan
    ) -> pa.Table:
        """Run one query over the given tables and give its result as an Arrow table.

        Parameters
        ----------
        query
            SQL of DuckDB; refers to `tables` by their keyword.
        parameters
            Values of ``$1`` and so on, or of each ``?``, in the query.
        **tables
            Arrow tables, or Parquet files left where they are, visible to this query alone.

        Raises
        ------
        LimitError
            If memory (with the disk to spill to) is exhausted.
        InputError
            If a Parquet file is damaged.
        """
        with self._given(tables) as cursor:
            return cursor.execute(*_with_days(query, parameters)).to_arrow_table()

    def batches(
        self,
        query: str,
        take: Callable[[pa.RecordBatch], None],
        /,
        **tables: pa.Table | ParquetScan,
    ) -> None:
        """Run one query as :meth:`sql` does, and hand its rows over as they come, in their order.

        For results of which little is kept: they never stand in memory as a whole. The
        first batch is an empty one.

        Raises
        ------
        LimitError, InputError
            As :meth:`sql`.
        """
        with self._given(tables) as cursor:
            ahead = min(_AHEAD, self.memory // 16)
            cursor.execute(f"SET streaming_buffer_size = '{ahead} bytes'")
            reader = cursor.execute(query).to_arrow_reader(2 * _BATCH)
            take(pa.RecordBatch.from_pylist([], reader.schema))
            for batch in _read(reader):
                take(batch)

    def keeps_order(self, query: str, /, **tables: pa.Table | ParquetScan) -> bool:
        """Tell whether the rows that a query gives follow one another as those of its table do.

        DuckDB may turn as little as ``IN`` with a few values into a join, whose rows come as its
        threads end.
        """
        with self._given(tables) as cursor:
            found = cursor.execute(f"EXPLAIN (FORMAT json) {query}").fetchone()
        return found is not None and keeps_order(found[1])

    def put_away(self, table: pa.Table) -> PutAway:
        """Leave a table on disk, and give its place.

        For what is too large for memory. The file stands where DuckDB spills to, and goes away
        with the engine or, with `temporary`, with that folder.

        Raises
        ------
        LimitError
            If the disk is full.
        """
        try:
            return PutAway.write(table, self.scratch / f"away-{next(self._numbers)}.arrow")
        except OSError as error:
            if error.errno == errno.ENOSPC:
                raise LimitError("tables.disk_full", path=str(self._spill_folder)) from error
            raise

    @contextlib.contextmanager
    def _given(
        self, tables: Mapping[str, pa.Table | ParquetScan]
    ) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor for one query over some tables; its errors are said in our own words."""
        import duckdb

        cursor = self._cursor()
        try:
            for name, table in tables.items():
                if isinstance(table, ParquetScan):
                    cursor.execute(f"CREATE TEMP VIEW {name} AS {table.sql}")
                    continue
                # In batches, which DuckDB shares among its threads.
                batches = table.to_batches(max_chunksize=_BATCH)
                cursor.register(name, pa.Table.from_batches(batches, table.schema))
            with interruptible():
                yield cursor
        except duckdb.OutOfMemoryException as error:
            raise LimitError("engine.memory", limit=self._memory_limit or "80 %") from error
        except duckdb.Error as error:
            self._blame(error, [each for each in tables.values() if isinstance(each, ParquetScan)])
            raise
        finally:
            for name, table in tables.items():
                if not isinstance(table, ParquetScan):
                    cursor.unregister(name)
            with self._opening:
                self._running.remove(cursor)
                cursor.close()

    def _blame(self, error: Exception, scans: Sequence[ParquetScan]) -> None:
        """Say whose fault an error of DuckDB is, where it is the disk's or a file's."""
        import duckdb

        if isinstance(error, duckdb.IOException) and "No space left" in str(error):
            raise LimitError("tables.disk_full", path=str(self._spill_folder)) from error
        of_files = (duckdb.IOException, duckdb.InvalidInputException, duckdb.SerializationException)
        # What a decompressor says comes as an error of no kind.
        if scans and (isinstance(error, of_files) or type(error) is duckdb.Error):
            names = ", ".join(dict.fromkeys(part.name for scan in scans for part in scan.parts))
            raise InputError("tables.parquet_damaged", name=names) from error


def _read(reader: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
    """Read batches; what goes wrong in DuckDB is its own error, of which Arrow keeps the words."""
    import duckdb

    while True:
        try:
            batch = reader.read_next_batch()
        except StopIteration:
            return
        except (pa.ArrowException, OSError) as error:
            said = str(error)
            name = next(
                (name for words, name in _ERRORS.items() if said.startswith(words)), "Error"
            )
            raise getattr(duckdb, name)(said) from error
        yield batch


def _with_days(query: str, parameters: Sequence[object]) -> tuple[str, list[object]]:
    """Write days and numbers for ``$1`` and so on into the query itself.

    To look at any parameter DuckDB imports pandas, which takes half a second.
    """
    plain = all(type(each) in (int, date) for each in parameters)
    if not plain or not _PARAMETER.search(query):
        return query, list(parameters)
    written = [f"DATE '{each}'" if isinstance(each, date) else str(each) for each in parameters]
    return _PARAMETER.sub(lambda match: written[int(match[1]) - 1], query), []
