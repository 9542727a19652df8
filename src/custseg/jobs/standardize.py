"""The job of ``custseg standardize``: the same rows, standard formats, every change listed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from custseg.cleanse.standardize.table import StandardizedTable
from custseg.cleanse.summarize import summarize_columns
from custseg.cleanse.summary import CleanSummary
from custseg.config import Settings
from custseg.engine import Engine
from custseg.errors import UsageError
from custseg.jobs.changes import Changes
from custseg.jobs.given import add_given, refuse_without_text, with_types
from custseg.jobs.monitor import Monitor
from custseg.jobs.originals import add_originals
from custseg.jobs.runs import (
    RunContext,
    add_people,
    add_quarantine,
    file_format,
    output_format,
    stems,
    summarize_inputs,
    summarize_warnings,
    to_text,
    warn_unwritable,
)
from custseg.jobs.sources import Inputs, prepare, read_inputs
from custseg.tables import RunFolder, TableRead, atomic_file, write_table
from custseg.tables.files import STANDARD_OUTPUT
from custseg.tables.model import Format

if TYPE_CHECKING:
    import pandas as pd


TABLES: Final = "standardized"
"""Folder of the run that holds the standardized tables."""


@dataclass(frozen=True, slots=True, repr=False)
class StandardizeResult:
    """Standardized tables, by source, and what was done to get there.

    Attributes
    ----------
    standardized
        What standardizing did, by the name of the source.
    quality
        Counts of cells by column, status and reason.
    summary
        Everything the report shows.
    """

    standardized: Mapping[str, StandardizedTable]
    quality: pa.Table
    summary: CleanSummary

    def __repr__(self) -> str:
        rows = (f"{name}: {table.num_rows:,} rows" for name, table in self.tables.items())
        return f"StandardizeResult({', '.join(rows)})"

    @property
    def tables(self) -> dict[str, pa.Table]:
        """The standardized tables, by the name of the source."""
        return {name: each.table for name, each in self.standardized.items()}

    @property
    def changes(self) -> pa.Table:
        """Every changed or doubtful cell, listed when it is asked for."""
        return Changes(tuple(self.standardized.values())).table()

    def frame(self, source: str | None = None) -> pd.DataFrame:
        """Give the standardized table of a source (of the only one, if not named)."""
        name = source if source is not None else next(iter(self.tables))
        frame: pd.DataFrame = self.tables[name].to_pandas()
        return frame


def standardize(
    inputs: Inputs,
    output: str | Path | None = None,
    *,
    settings: Settings | None = None,
    origins: Mapping[str, str] = MappingProxyType({}),
    force: bool = False,
    monitor: Monitor | None = None,
) -> StandardizeResult:
    """Write the rows of tables in standard formats.

    Parameters
    ----------
    inputs
        Files, globs, ``"-"``, or frames by name.
    output
        A folder for the run; or a file (``.csv``, ``.parquet``, ``.xlsx``) or ``"-"`` for the one
        standardized table alone. None writes nothing.
    settings, origins
        Settings, and where each came from.
    force
        Whether an older run at `output` may be replaced.
    monitor
        Is told of stages and warnings.

    Raises
    ------
    InputError, UsageError, LimitError
        If an input cannot be read, a setting does not fit, or the output cannot be written.
    """
    settings = settings or Settings()
    monitor = monitor or Monitor()
    context = RunContext(command="standardize", settings=settings, origins=origins)
    with Engine(settings.run.threads, settings.run.memory_limit) as engine:
        reads = read_inputs(inputs, settings, monitor, keep=True)
        if output is not None and _is_one_table(output) and len(reads) > 1:
            raise UsageError("standardize.one_file", count=len(reads))
        if output is not None and _format(output, settings, reads) != "parquet":
            for read in reads:
                if read.given is not None:
                    refuse_without_text(read.given, read.name)
        prepared = prepare(reads, "any", settings, engine, monitor)
    texts = {each.source.read.name: each.result.table for each in prepared.done}
    result = StandardizeResult(
        standardized={
            name: replace(
                each.result, table=with_types(texts[name], each.source.read, each.result.roles)
            )
            for name, each in zip(texts, prepared.done, strict=True)
        },
        quality=pa.concat_tables([each.result.quality for each in prepared.done]),
        summary=CleanSummary(
            command="standardize",
            inputs=summarize_inputs(reads),
            columns=summarize_columns(each.result for each in prepared.done),
            warnings=summarize_warnings(monitor),
            country=prepared.country,
            country_guessed=prepared.country_guessed,
        ),
    )
    if output is not None:
        format_ = _format(output, settings, reads)
        tables = result.tables if format_ == "parquet" else texts
        _write(result, tables, format_, output, reads, context, force, monitor)
    return result


def _format(output: str | Path, settings: Settings, reads: Sequence[TableRead]) -> Format:
    """Give the format of the standardized tables."""
    named = file_format(output) if _is_one_table(output) else None
    return named or output_format(settings, reads)


def _is_one_table(output: str | Path) -> bool:
    """Tell whether the output is one table (a file, standard output), not a run folder."""
    return output == STANDARD_OUTPUT or file_format(output) is not None


def _write(
    result: StandardizeResult,
    tables: Mapping[str, pa.Table],
    format_: Format,
    output: str | Path,
    reads: Sequence[TableRead],
    context: RunContext,
    force: bool,
    monitor: Monitor,
) -> None:
    encoding = context.settings.output.encoding
    with monitor.stage("write"):
        if _is_one_table(output):
            (table,) = tables.values()
            with atomic_file(output, force=force) as file:
                lost = write_table(table, file, format=format_, encoding=encoding)
            warn_unwritable(monitor, str(output), lost)
            return
        with RunFolder(Path(output), force=force) as folder:
            files = stems(tables)
            named = {f"{TABLES}/{file}": tables[name] for name, file in files.items()}
            add_people(folder, named, format_, encoding, monitor)
            if format_ == "csv":
                add_originals(folder, named, encoding)
            add_given(folder, reads, files)
            listed = Changes(tuple(result.standardized.values()))
            changes = listed.write(folder, Path(output), format_)
            folder.add_table("quality", result.quality)
            folder.add_table("rows", _row_numbers(reads), "parquet")
            add_quarantine(folder, reads)
            # With what was found while writing: characters that an encoding lacks.
            summary = replace(result.summary, warnings=summarize_warnings(monitor))
            folder.add_text("summary.json", to_text(summary.to_json()))
            counts = {
                "rows": sum(read.table.num_rows for read in reads),
                "changes": changes,
            }
            context.publish(folder, reads, counts, monitor)


def _row_numbers(reads: Sequence[TableRead]) -> pa.Table:
    """Which row of its file each row is: quarantined rows leave gaps."""
    tables = [
        pa.table(
            {
                "source": pa.repeat(pa.scalar(read.name), len(read.rows)),
                "row": read.rows.cast(pa.int64()),
            }
        )
        for read in reads
    ]
    return pa.concat_tables(tables)
