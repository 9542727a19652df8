"""What people said, in the base: events of consent, and how long the lists of opt-outs were."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from custseg.base.store import Base


def suppression_sizes(base: Base) -> dict[str, int]:
    """Give the rows of each file of opt-outs when it was last read by another run."""
    found = base.sql(
        'SELECT file, max_by("rows", run) AS size FROM {suppressions} '
        "JOIN {runs} USING (run) WHERE run_id <> ? GROUP BY file ORDER BY file",
        [base.run_id],
    )
    return dict(zip(found["file"].to_pylist(), found["size"].to_pylist(), strict=True))


def write_suppressions(base: Base, sizes: Mapping[str, int]) -> None:
    """Remember how many rows each file of opt-outs had."""
    rows = [{"file": file, "run": base.run, "rows": size} for file, size in sizes.items()]
    if rows:
        base.replace(
            "suppressions",
            "SELECT * FROM {suppressions} UNION ALL BY NAME SELECT * FROM fresh",
            fresh=pa.Table.from_pylist(rows),
        )


def write_consents(base: Base, events: pa.Table) -> None:
    """Remember what people said (:data:`custseg.audience.ledger.EVENTS`), each once."""
    base.replace(
        "consents",
        "SELECT * FROM (SELECT * EXCLUDE (consent) FROM {consents} UNION ALL BY NAME "
        "SELECT kind, strict, loose, channel, moment, granted, why, run FROM events, now) "
        "QUALIFY row_number() OVER (PARTITION BY kind, strict, loose, channel, moment, granted "
        "ORDER BY run, why) = 1",
        now=pa.table({"run": pa.array([base.run], pa.int32())}),
        events=events,
    )
