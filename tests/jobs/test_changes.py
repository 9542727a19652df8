"""The changed cells of a run are the same in memory and in its folder."""

from __future__ import annotations

import errno
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
import pytest

from custseg.config.schema import OutputSettings, RunSettings, Settings
from custseg.demo import generate, write
from custseg.errors import InputError, LimitError
from custseg.jobs.clean import clean


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("exports")
    data = generate(300, 3, "japanese")
    write(data, folder)
    return [str(folder / file.name) for file in data.of("customers")]


@pytest.mark.parametrize("format_", ["csv", "parquet"])
@pytest.mark.parametrize("threads", [1, 2])
def test_changes_are_read_back_from_the_run(
    exports: list[str], tmp_path: Path, format_: str, threads: int
) -> None:
    settings = Settings(
        output=OutputSettings(format=format_),  # type: ignore[arg-type]
        run=RunSettings(threads=threads),
    )
    kept = clean(exports).changes
    written = clean(exports, tmp_path / "run", settings=settings)
    assert kept.num_rows > 300
    assert written.changes.schema == kept.schema
    assert as_text(written.changes) == as_text(kept)
    (tmp_path / "run").rename(tmp_path / "elsewhere")
    with pytest.raises(InputError):
        written.listed.table()


@pytest.mark.parametrize("threads", [1, 2])
def test_a_full_disk_is_told_when_it_fills_beside_other_work(
    exports: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, threads: int
) -> None:
    def filled(schema: pa.Schema, parts: Iterable[pa.Table], file: BinaryIO, format_: str) -> int:
        file.write(b"source")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("custseg.tables.runs.write_parts", filled)
    with pytest.raises(LimitError):
        clean(exports, tmp_path / "run", settings=Settings(run=RunSettings(threads=threads)))
    assert list(tmp_path.iterdir()) == []


def as_text(table: pa.Table) -> pa.Table:
    return table.cast(pa.schema([(name, pa.string()) for name in table.column_names]))
