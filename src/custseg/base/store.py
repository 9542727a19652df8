"""The base at work: locked, read as it was, written anew beside it, put in its place.

A run never changes the file: what it leaves is a new file, complete and checked by the
database's keys, that takes the old one's place in one step. A run that dies leaves the old one,
byte for byte; rows that are gone are in no free block of a file.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

import pyarrow as pa

import custseg
from custseg.base.model import RunEntry
from custseg.base.pending import NEW, Entry, Pending, Stamp
from custseg.base.schema import MIGRATIONS, NUMBERED, TABLES, VERSION, create
from custseg.engine import interruptible
from custseg.errors import InputError, LimitError, LockedError, UsageError
from custseg.tables.files import Staging, staging_name, stale_folders, sync_folder, writing

if TYPE_CHECKING:
    import duckdb

_NEVER: Final = -1
_MEMORY: Final = "1500MB"
"""What the database may take; past it, it writes to disk."""
_HEADERS: Final = 3 * 4096
"""Bytes of a DuckDB file before its blocks."""


class Base:
    """A base, locked while this object is entered. One run at a time.

    Parameters
    ----------
    path
        Its file; made where there is none.
    command
        Who holds the lock, for others to read.
    must_exist
        Whether a missing file is an error.

    Attributes
    ----------
    run, run_id
        Number and id of the run that was begun last.
    unlogged
        What runs that died did, so that the audit log may miss it, each with when they began.

    Raises
    ------
    LockedError
        On entering, if another run, or another program, has the base open.
    InputError
        If the file is no base, is damaged, or is of a newer custseg.
    """

    def __init__(self, path: str | Path, command: str, *, must_exist: bool = False) -> None:
        self._given = Path(path)
        self._path = self._given.resolve()
        self._must_exist = must_exist
        self._staging = Staging(self._path, command=command)
        self._new = self._staging.folder / NEW
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._stamp: Stamp | None = None
        self._current: dict[str, str] = {}
        self._made: list[str] = []
        self._views = False
        self._prepared = False
        self._pending: Pending | None = None
        self._committed = False
        self.run: int = _NEVER
        self.run_id = ""
        self.unlogged: tuple[tuple[str, Entry], ...] = ()

    def __enter__(self) -> Self:
        if self._path.is_dir():
            raise UsageError("base.is_folder", path=str(self._given))
        if self._must_exist and not self._path.exists():
            raise InputError("base.not_found", path=str(self._given))
        with writing(self._path):
            self._staging.__enter__()
        try:
            self._end_earlier()
            self._open()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        if self._pending is not None and not self._committed:
            # Asked to end between the two steps: what is published is also remembered.
            self._put_in_place(self._staging.folder, self._pending)
        self._staging.__exit__(kind, error, trace)

    def sql(self, query: str, parameters: Sequence[object] = (), /, **tables: pa.Table) -> pa.Table:
        """Query the base, with what this run has written already, and the given tables.

        Tables of the base stand in braces: ``SELECT * FROM {customers}``.
        """
        with self._registered(tables), self._readable():
            done = self._execute(query.format_map(self._current), list(parameters))
            return done.to_arrow_table()

    def begin(self, run: RunEntry) -> None:
        """Begin a run: what is written from here on is its own."""
        last = self.sql("SELECT coalesce(max(run), 0) AS last FROM {runs}")["last"][0].as_py()
        self.run, self.run_id = last + 1, run.run_id
        entry = asdict(run) | {
            "run": self.run,
            "counts": json.dumps(dict(run.counts), sort_keys=True),
        }
        self.replace(
            "runs",
            "SELECT * FROM {runs} UNION ALL BY NAME SELECT * FROM entry",
            entry=pa.Table.from_pylist([entry]),
        )

    def count(self, counts: Mapping[str, int], run: int | None = None) -> None:
        """Say what a run did in numbers; this one, or an earlier one that has to be corrected."""
        right = {
            "run": self.run if run is None else run,
            "right": json.dumps(dict(counts), sort_keys=True),
        }
        self.replace(
            "runs",
            'SELECT * EXCLUDE ("right") REPLACE (coalesce("right", counts) AS counts) '
            "FROM {runs} LEFT JOIN corrected USING (run)",
            corrected=pa.Table.from_pylist([right]),
        )

    def prepare(self, pending: Pending | None = None) -> None:
        """Write the new base whole, beside the old one; the database checks its keys.

        Parameters
        ----------
        pending
            The run that is published next. If this process dies after that and before
            :meth:`commit`, whoever opens the base next puts the new one in its place.
        """
        import duckdb

        new = f"ATTACH '{_quoted(self._new)}' AS fresh"
        with writing(self._path):
            try:
                self._execute(new)
                self.replace(
                    "meta",
                    f"SELECT {VERSION} AS schema_version, '{custseg.__version__}' AS written_by",
                )
                self._create("fresh")
                for table in TABLES:
                    self._execute(self._copy(table).format_map(self._current))
                self._execute("CHECKPOINT fresh")
                self._execute("DETACH fresh")
            except duckdb.IOException as error:
                # Which of the system's errors it was, only the text would say.
                raise OSError(errno.ENOSPC, "write") from error
            self._new.chmod(0o600)
            with self._new.open("rb") as file:
                os.fsync(file.fileno())
            if pending is not None:
                pending.write(self._staging.folder, self._stamp)
                self._pending = replace(pending, stamp=self._stamp)
        self._prepared = True

    def commit(self) -> None:
        """Put the new base in the old one's place; :meth:`prepare` if that was not done."""
        if not self._prepared:
            self.prepare()
        if self._stamp != _stamp(self._path):
            raise InputError("base.changed_meanwhile", path=str(self._given))
        with writing(self._path):
            self._new.replace(self._path)
            sync_folder(self._path.parent)
        self._stamp = _stamp(self._path)
        self._committed = True

    def _end_earlier(self) -> None:
        """End what processes that died had begun: all of a run that was published, else nothing."""
        for name, folder in list(stale_folders(self._path.parent)):
            if name != staging_name(self._path):
                continue
            pending = Pending.read(folder)
            if pending is not None:
                self._put_in_place(folder, pending)
            shutil.rmtree(folder, ignore_errors=True)

    def _put_in_place(self, staging: Path, pending: Pending) -> None:
        """Let the new base take the old one's place, if the run it waits for is published.

        Not so where another program has changed the base since.
        """
        new = staging / NEW
        if not pending.published():
            return
        if new.exists():
            if _stamp(self._path) != pending.stamp:
                return
            new.replace(self._path)
            sync_folder(self._path.parent)
        self.unlogged += tuple((pending.started, each) for each in pending.entries)

    @property
    def _db(self) -> duckdb.DuckDBPyConnection:
        if self._connection is None:
            raise RuntimeError("the base is not open")
        return self._connection

    def _execute(self, query: str, parameters: Sequence[object] = ()) -> duckdb.DuckDBPyConnection:
        with interruptible():
            return self._db.execute(query, parameters)

    def _open(self) -> None:
        import duckdb

        self._connection = duckdb.connect(
            ":memory:",
            config={
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
                "python_scan_all_frames": "false",
                "temp_directory": str(self._staging.folder / "spill"),
                "memory_limit": _MEMORY,
            },
        )
        if self._path.with_name(self._path.name + ".wal").exists():
            raise InputError("base.unfinished", path=str(self._given))
        self._stamp = _stamp(self._path)
        if self._stamp is None:
            self._execute("ATTACH ':memory:' AS old")
            self._create("old")
        else:
            self._attach(self._path)
            self._migrate()
            self._check_shape()
        self._current = {table: f"old.{table}" for table in TABLES}

    def _create(self, database: str) -> None:
        self._execute(f"USE {database}")  # a foreign key names a table without its database
        for table in TABLES:
            self._execute(create(table))
        self._execute("USE memory")

    def _attach(self, path: Path) -> None:
        import duckdb

        try:
            with self._readable():
                self._execute(f"ATTACH '{_quoted(path)}' AS old (READ_ONLY)")
                size = self._execute(
                    "SELECT total_blocks * block_size FROM pragma_database_size() "
                    "WHERE database_name = 'old'"
                ).fetchone()
        except duckdb.IOException as error:
            raise LockedError("base.in_use", path=str(self._given)) from error
        except duckdb.Error as error:
            raise InputError("base.damaged", path=str(self._given)) from error
        if size is None or path.stat().st_size < _HEADERS + size[0]:
            raise InputError("base.damaged", path=str(self._given))

    def _check_shape(self) -> None:
        """Look whether every table is there with its columns: a database may be anything."""
        columns = (
            "SELECT table_name, column_name, data_type FROM duckdb_columns() "
            "WHERE database_name = ? ORDER BY ALL"
        )
        self._execute("ATTACH ':memory:' AS shape")
        self._create("shape")
        wanted, found = (self._execute(columns, [name]).fetchall() for name in ("shape", "old"))
        self._execute("DETACH shape")
        if not set(wanted) <= set(found):
            raise InputError("base.not_a_base", path=str(self._given))

    @contextlib.contextmanager
    def _readable(self) -> Iterator[None]:
        """Turn what the database says of a file it cannot read into words."""
        import duckdb

        try:
            yield
        except duckdb.IOException as error:
            said = str(error).lower()
            if "set lock" in said:
                raise
            if "no space" in said:
                raise LimitError("tables.disk_full", path=str(self._given)) from error
            raise InputError("base.damaged", path=str(self._given)) from error
        except (
            duckdb.FatalException,
            duckdb.InternalException,
            duckdb.SerializationException,
        ) as error:
            raise InputError("base.damaged", path=str(self._given)) from error

    def _migrate(self) -> None:
        """Bring a base of an older custseg to this one's version, in a copy."""
        version = self._version()
        if version == VERSION:
            return
        if version > VERSION:
            raise InputError("base.newer", path=str(self._given))
        if version < 1:
            raise InputError("base.not_a_base", path=str(self._given))
        self._execute("DETACH old")
        copy = self._staging.folder / "older"
        with writing(self._path):
            copy.write_bytes(self._path.read_bytes())
        self._execute(f"ATTACH '{_quoted(copy)}' AS old")
        self._execute("USE old")
        for step in range(version + 1, VERSION + 1):
            for statement in MIGRATIONS[step]:
                self._execute(statement)
            self._execute("UPDATE meta SET schema_version = ?", [step])
        self._execute("USE memory")

    def _version(self) -> int:
        import duckdb

        try:
            row = self._execute("SELECT max(schema_version) FROM old.meta").fetchone()
        except duckdb.Error as error:
            raise InputError("base.not_a_base", path=str(self._given)) from error
        if row is None or row[0] is None:
            raise InputError("base.not_a_base", path=str(self._given))
        return int(row[0])

    def replace(self, table: str, query: str, /, **tables: pa.Table) -> None:
        """Let a table of the base be the result of a query from here on."""
        made = f"memory.main.{table}_{len(self._made)}"
        self._made.append(made)
        before = self._current[table]
        with self._registered(tables), self._readable():
            self._execute(f"CREATE TABLE {made} AS " + query.format_map(self._current))
        self._current[table] = made
        if before.startswith("memory.") and not self._views:
            self._execute(f"DROP TABLE {before}")

    def replace_at_the_end(self, table: str, query: str, /, **tables: pa.Table) -> None:
        """Let a table be the result of a query that is asked for when the new base is written.

        Like :meth:`replace`, but what is large is not copied before.
        """
        if not self._current[table].startswith("old."):
            self.replace(table, query, **tables)  # a view of a view would be asked many times
            return
        number = len(self._made)
        view = f"memory.main.{table}_{number}"
        self._made.append(view)
        for name, rows in tables.items():
            self._db.register(f"{name}_{number}", rows)
        given = ", ".join(f"{name} AS (FROM {name}_{number})" for name in tables)
        asked = query.format_map(self._current)
        self._execute(f"CREATE VIEW {view} AS WITH {given} SELECT * FROM ({asked})")
        self._views = True
        self._current[table] = view

    @contextlib.contextmanager
    def _registered(self, tables: Mapping[str, pa.Table]) -> Iterator[None]:
        for name, table in tables.items():
            self._db.register(name, table)
        try:
            yield
        finally:
            for name in tables:
                self._db.unregister(name)

    def _copy(self, table: str) -> str:
        """Give the statement that writes a table of the new base, in the order of its key."""
        if table not in NUMBERED:
            return f"INSERT INTO fresh.{table} BY NAME SELECT * FROM {{{table}}} ORDER BY ALL"
        key, order = NUMBERED[table]
        have = self.sql(f"SELECT * FROM {{{table}}} LIMIT 0").column_names
        rest = f"* EXCLUDE ({key})" if key in have else "*"
        # Numbered in a second step: one sorting of wide rows is enough.
        return (
            f"INSERT INTO fresh.{table} BY NAME SELECT row_number() OVER () AS {key}, * "
            f"FROM (SELECT {rest} FROM {{{table}}} ORDER BY {order})"
        )


def _stamp(path: Path) -> Stamp | None:
    """Tell one file from another that took its place, or was written to."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
