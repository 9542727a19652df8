"""Feed readers and standardizers what a coverage-guided fuzzer invents, for as long as you like.

    pip install atheris
    python scripts/fuzz.py tables -max_total_time=600
    python scripts/fuzz.py phone -max_total_time=60 corpus/

Targets: ``tables`` (any bytes as a file), ``config`` (any text as custseg.toml), ``rules`` (any
text as a rule), and every role by name (any text as a cell). Only errors that custseg has words
for may come out, and a standard value must stand as it is when it is standardized again. What is
found becomes a case of the tests.
"""

from __future__ import annotations

import io
import sys
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import atheris

with atheris.instrument_imports(include=["custseg"]):
    import pyarrow as pa

    from custseg.cleanse.standardize.base import Context
    from custseg.cleanse.standardize.cells import run_cells
    from custseg.cleanse.standardize.nulls import is_blank, is_null_marker
    from custseg.config import load
    from custseg.errors import CustsegError
    from custseg.fields.registry import roles
    from custseg.segment.rules import read_rule
    from custseg.tables import ReadOptions, read_table

    roles()  # loads the module of every role

Target = Callable[[bytes], Any]

SCHEMA = pa.schema([("r", pa.int64()), ("name", pa.string()), ("day", pa.date32())])
CONTEXT = Context()
LONGEST = 1000


def tables(data: bytes) -> None:
    read_table(io.BytesIO(data), ReadOptions(allow_empty=True, max_bytes=1 << 22), name="x")


def config(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "custseg.toml"
        file.write_bytes(data)
        load({}, file=file, environ={})


def rules(data: bytes) -> None:
    read_rule("x", data.decode("utf-8", "replace"), SCHEMA, date(2024, 3, 31))


def role(name: str) -> Target:
    """Standardize text as a cell of a role, twice."""
    known = roles().get(name)
    standardizer = known.standardizer if known else None
    if standardizer is None:
        raise SystemExit(f"no target, and nothing is standardized in a role, is called {name}")

    def cell(text: str) -> str | None:
        if is_null_marker(text) if standardizer.null_markers else is_blank(text):
            return None
        table = run_cells(
            tuple(pa.array([each]) for each in (text, *([""] * len(standardizer.neighbors)))),
            standardizer=standardizer,
            context=CONTEXT,
        )
        value: str | None = table.column("value")[0].as_py()
        return value

    def twice(data: bytes) -> None:
        once = cell(data.decode("utf-8", "replace")[:LONGEST])
        if once is not None and (again := cell(once)) != once:
            raise AssertionError(f"{once!r} becomes {again!r}")

    return twice


def main() -> None:
    name, *arguments = sys.argv[1:]
    targets: dict[str, Target] = {"tables": tables, "config": config, "rules": rules}
    target = targets.get(name) or role(name)

    def once(data: bytes) -> None:
        try:
            target(data)
        except CustsegError:
            return

    atheris.Setup([sys.argv[0], *arguments], once)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
