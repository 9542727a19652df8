"""The changed cells of a run are the same in memory and in its folder."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from custseg.config.schema import OutputSettings, RunSettings, Settings
from custseg.demo import generate, write
from custseg.errors import InputError
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


def as_text(table: pa.Table) -> pa.Table:
    return table.cast(pa.schema([(name, pa.string()) for name in table.column_names]))
