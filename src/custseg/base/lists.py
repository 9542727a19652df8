"""Lists in the base: who was in them after which run, and what was sent to whom."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile
from typing import Final

import pyarrow as pa

from custseg.base.model import MEMBERS, SENT, ListKind, ListState, SentFile
from custseg.base.store import Base

_NONE: Final = 0

_FORMS: Final = pa.schema(
    [
        ("list", pa.int32()),
        ("platform", pa.string()),
        ("columns", pa.list_(pa.string())),
        ("header", pa.bool_()),
    ]
)

_HELD: Final = "m.since <= ? AND (m.until IS NULL OR m.until > ?)"

_KNOWN: Final = """
SELECT * FROM {customers}
UNION ALL BY NAME
SELECT CAST((SELECT coalesce(max(customer), 0) FROM {customers})
            + row_number() OVER (ORDER BY customer_id) AS INTEGER) AS customer,
       customer_id,
       (SELECT coalesce(max(generation), 0) FROM {customers}) AS generation,
       'active' AS status
FROM fresh
"""

# What a list held and does not hold any more ends with this run; what it holds anew begins.
_MEMBERSHIPS: Final = """
WITH wanted AS (SELECT customer FROM members JOIN {customers} USING (customer_id)),
mine AS (SELECT * FROM {memberships} WHERE list = (SELECT list FROM numbers)),
open AS (SELECT * FROM mine WHERE until IS NULL)
SELECT * FROM {memberships} WHERE list <> (SELECT list FROM numbers)
UNION ALL BY NAME SELECT * FROM mine WHERE until IS NOT NULL
UNION ALL BY NAME SELECT * FROM open SEMI JOIN wanted USING (customer)
UNION ALL BY NAME
SELECT * REPLACE ((SELECT run FROM numbers) AS until) FROM open ANTI JOIN wanted USING (customer)
UNION ALL BY NAME
SELECT (SELECT list FROM numbers) AS list, customer, (SELECT run FROM numbers) AS since,
       CAST(NULL AS INTEGER) AS until
FROM wanted ANTI JOIN open USING (customer)
"""

# A row that stays belongs to whoever carries it now.
_DELIVERIES: Final = """
WITH wanted AS (
    SELECT platform, customer, "key", cells FROM sent JOIN {customers} USING (customer_id)
),
mine AS (SELECT * FROM {deliveries} WHERE list = (SELECT list FROM numbers)),
open AS (SELECT * FROM mine WHERE until IS NULL)
SELECT * FROM {deliveries} WHERE list <> (SELECT list FROM numbers)
UNION ALL BY NAME SELECT * FROM mine WHERE until IS NOT NULL
UNION ALL BY NAME
SELECT open.* REPLACE (wanted.customer AS customer)
FROM open JOIN wanted USING (platform, "key")
UNION ALL BY NAME
SELECT * REPLACE ((SELECT run FROM numbers) AS until)
FROM open ANTI JOIN wanted USING (platform, "key")
UNION ALL BY NAME
SELECT (SELECT list FROM numbers) AS list, platform, customer, "key", cells,
       (SELECT run FROM numbers) AS since, CAST(NULL AS INTEGER) AS until
FROM wanted ANTI JOIN open USING (platform, "key")
"""


def previous_list(base: Base, kind: ListKind, name: str) -> ListState | None:
    """Give a list as it was before this run; None where no earlier run made it."""
    run = _list_run(base, kind, name)
    if run is None:
        return None
    members = base.sql(
        f"SELECT customer_id FROM {{memberships}} m JOIN {{customers}} USING (customer) "
        f"JOIN {{lists}} USING (list) WHERE kind = ? AND name = ? AND {_HELD} ORDER BY ALL",
        [kind, name, run, run],
    )
    platforms = base.sql(
        "SELECT DISTINCT platform FROM {deliveries} m JOIN {lists} USING (list) "
        f"WHERE kind = ? AND name = ? AND {_HELD} ORDER BY ALL",
        [kind, name, run, run],
    )
    run_id = base.sql("SELECT run_id FROM {runs} WHERE run = ?", [run])["run_id"][0].as_py()
    return ListState(
        run_id=run_id,
        members=members.cast(MEMBERS),
        platforms=tuple(platforms["platform"].to_pylist()),
    )


def previous_file(base: Base, kind: ListKind, name: str, platform: str) -> SentFile | None:
    """Give what stood in a platform's file before this run; None where there was none."""
    run = _list_run(base, kind, name)
    form = base.sql(
        "SELECT columns, header FROM {list_files} JOIN {lists} USING (list) "
        "WHERE kind = ? AND name = ? AND platform = ?",
        [kind, name, platform],
    ).to_pylist()
    if run is None or not form:
        return None
    rows = base.sql(
        'SELECT customer_id, "key", cells FROM {deliveries} m '
        "JOIN {customers} USING (customer) JOIN {lists} USING (list) "
        f"WHERE kind = ? AND name = ? AND platform = ? AND {_HELD} "
        'ORDER BY "key"',
        [kind, name, platform, run, run],
    )
    return SentFile(
        platform=platform,
        columns=tuple(form[0]["columns"]),
        header=form[0]["header"],
        rows=rows.cast(SENT),
    )


def successors(base: Base) -> pa.Table:
    """Give for every id that was merged into another (``id``) the one that counts ``now``."""
    return base.sql(
        "WITH RECURSIVE step AS ("
        "  SELECT customer_id AS id, successor AS now, 1 AS hops FROM {customers} "
        "  WHERE successor IS NOT NULL "
        "  UNION ALL SELECT step.id, c.successor, hops + 1 FROM step "
        "  JOIN {customers} c ON c.customer_id = step.now "
        "  WHERE c.successor IS NOT NULL AND hops < 10000) "
        "SELECT id, max_by(now, hops) AS now FROM step GROUP BY id ORDER BY id"
    )


def write_list(
    base: Base, kind: ListKind, name: str, members: pa.Table, files: Sequence[SentFile] = ()
) -> None:
    """Say what a list holds now; what it held before is kept with its time.

    Parameters
    ----------
    members
        ``customer_id``, each once.
    files
        What is sent to each platform; a platform that is not named holds nothing any more.

    Raises
    ------
    ValueError
        If a file has two rows of one key.
    """
    number = _list_number(base, kind, name)
    ids = [members.select(["customer_id"]), *(f.rows.select(["customer_id"]) for f in files)]
    _know(base, pa.concat_tables([each.cast(MEMBERS) for each in ids]))
    _take_back(base, number)
    sent = pa.concat_tables(
        [
            SENT.empty_table().append_column("platform", pa.array([], pa.string())),
            *(
                file.rows.select(SENT.names)
                .cast(SENT)
                .append_column(
                    "platform", pa.array([file.platform] * file.rows.num_rows, pa.string())
                )
                for file in files
            ),
        ]
    )
    twice = 'SELECT 1 FROM sent GROUP BY platform, "key" HAVING count(*) > 1'
    if base.sql(twice, sent=sent).num_rows:
        raise ValueError("two rows of a file have one key")
    numbers = pa.table(
        {"list": pa.array([number], pa.int32()), "run": pa.array([base.run], pa.int32())}
    )
    base.replace("memberships", _MEMBERSHIPS, members=members, numbers=numbers)
    base.replace("deliveries", _DELIVERIES, sent=sent, numbers=numbers)
    forms = pa.Table.from_pylist(
        [
            {
                "list": number,
                "platform": file.platform,
                "columns": list(file.columns),
                "header": file.header,
            }
            for file in files
        ],
        schema=_FORMS,
    )
    base.replace(
        "list_files",
        "SELECT * FROM {list_files} ANTI JOIN forms USING (list, platform) "
        "UNION ALL BY NAME SELECT * FROM forms",
        forms=forms,
    )
    entry = {"list": number, "run": base.run, "members": members.num_rows}
    base.replace(
        "list_runs",
        "SELECT * FROM {list_runs} UNION ALL BY NAME SELECT * FROM entry",
        entry=pa.Table.from_pylist([entry]),
    )


def _list_run(base: Base, kind: ListKind, name: str) -> int | None:
    """Give the run that last made a list, but for this one and its earlier turns."""
    runs = _list_runs(base, _find_list(base, kind, name))
    own = len(list(takewhile(lambda each: each[1] == base.run_id, runs)))
    return runs[own][0] if own < len(runs) else None


def _list_runs(base: Base, number: int) -> list[tuple[int, str]]:
    """Give the runs that made a list, the latest first."""
    found = base.sql(
        "SELECT run, run_id FROM {list_runs} JOIN {runs} USING (run) "
        "WHERE list = ? ORDER BY run DESC",
        [number],
    )
    return list(zip(found["run"].to_pylist(), found["run_id"].to_pylist(), strict=True))


def _find_list(base: Base, kind: ListKind, name: str) -> int:
    found = base.sql("SELECT list FROM {lists} WHERE kind = ? AND name = ?", [kind, name])
    return int(found["list"][0].as_py()) if found.num_rows else _NONE


def _list_number(base: Base, kind: ListKind, name: str) -> int:
    """Give the number of a list, a new one where there is none of its name."""
    number = _find_list(base, kind, name)
    if number != _NONE:
        return number
    last = base.sql("SELECT coalesce(max(list), 0) AS last FROM {lists}")["last"][0].as_py()
    entry = {"list": last + 1, "kind": kind, "name": name}
    base.replace(
        "lists",
        "SELECT * FROM {lists} UNION ALL BY NAME SELECT * FROM entry",
        entry=pa.Table.from_pylist([entry]),
    )
    return int(last + 1)


def _know(base: Base, ids: pa.Table) -> None:
    """Add customers that the base does not know; a clean run may tell more of them."""
    fresh = base.sql(
        "SELECT DISTINCT customer_id FROM ids ANTI JOIN {customers} USING (customer_id) "
        "ORDER BY ALL",
        ids=ids,
    )
    if fresh.num_rows:
        base.replace("customers", _KNOWN, fresh=fresh)


def _take_back(base: Base, number: int) -> None:
    """Undo what this same run did to a list when it was last made."""
    runs = takewhile(lambda each: each[1] == base.run_id, _list_runs(base, number))
    gone = ", ".join(str(run) for run, _ in runs)
    if not gone:
        return
    for table in ("memberships", "deliveries"):
        base.replace(
            table,
            f"SELECT * REPLACE (if(list = {number} AND until IN ({gone}), NULL, until) "
            f"AS until) FROM {{{table}}} WHERE list <> {number} OR since NOT IN ({gone})",
        )
    base.replace(
        "list_runs",
        f"SELECT * FROM {{list_runs}} WHERE list <> {number} OR run NOT IN ({gone})",
    )
