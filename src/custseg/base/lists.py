"""Lists in the base: who was in them after which run, and what was sent to whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Final

import numpy as np
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

_MEMBERS: Final = MEMBERS.append(pa.field("list", pa.int32()))
_SENT: Final = SENT.append(pa.field("list", pa.int32())).append(pa.field("platform", pa.string()))
_TURNS: Final = pa.schema([("list", pa.int32()), ("gone", pa.int32())])

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
# One pass over what is known: it may be much.
_MEMBERSHIPS: Final = """
WITH wanted AS (SELECT list, customer FROM members JOIN {customers} USING (customer_id))
SELECT m.list, m.customer, m.since,
       if(m.until IS NULL AND w.customer IS NULL, n.run, m.until) AS until
FROM {memberships} m LEFT JOIN numbers n ON n.list = m.list
LEFT JOIN wanted w ON w.list = m.list AND w.customer = m.customer
UNION ALL BY NAME
SELECT w.list, w.customer, n.run AS since, CAST(NULL AS INTEGER) AS until
FROM wanted w JOIN numbers n USING (list)
ANTI JOIN (SELECT list, customer FROM {memberships} WHERE until IS NULL) open
ON open.list = w.list AND open.customer = w.customer
"""

# A row that stays belongs to whoever carries it now.
_DELIVERIES: Final = """
WITH carried AS (
    SELECT list, platform, "key", customer FROM sent JOIN {customers} USING (customer_id)
)
SELECT d.list, d.platform, d."key", d.cells, d.since,
       if(d.until IS NULL, coalesce(c.customer, d.customer), d.customer) AS customer,
       if(d.until IS NULL AND c.customer IS NULL, n.run, d.until) AS until
FROM {deliveries} d LEFT JOIN numbers n ON n.list = d.list
LEFT JOIN carried c ON c.list = d.list AND c.platform = d.platform AND c."key" = d."key"
UNION ALL BY NAME
SELECT s.list, s.platform, s."key", s.cells, n.run AS since, k.customer,
       CAST(NULL AS INTEGER) AS until
FROM sent s JOIN {customers} k ON k.customer_id = s.customer_id
JOIN numbers n ON n.list = s.list
ANTI JOIN (SELECT list, platform, "key" FROM {deliveries} WHERE until IS NULL) open
ON open.list = s.list AND open.platform = s.platform AND open."key" = s."key"
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


@dataclass(frozen=True, slots=True)
class NewList:
    """What a list holds now.

    Attributes
    ----------
    members
        ``customer_id``, each once.
    files
        What is sent to each platform; a platform that is not named holds nothing any more.
    """

    members: pa.Table
    files: Sequence[SentFile] = ()


def write_lists(base: Base, kind: ListKind, lists: Mapping[str, NewList]) -> None:
    """Say what lists hold now, by name; what they held before is kept with its time.

    Raises
    ------
    ValueError
        If a file has two rows of one key.
    """
    numbers = _list_numbers(base, kind, list(lists))
    _take_back(base, list(numbers.values()))
    members = pa.concat_tables(
        [
            _MEMBERS.empty_table(),
            *(_of_list(each.members, MEMBERS, list=numbers[n]) for n, each in lists.items()),
        ]
    )
    sent = pa.concat_tables(
        [
            _SENT.empty_table(),
            *(
                _of_list(file.rows, SENT, list=numbers[n], platform=file.platform)
                for n, each in lists.items()
                for file in each.files
            ),
        ]
    )
    _know(base, pa.concat_tables([members.select(["customer_id"]), sent.select(["customer_id"])]))
    twice = 'SELECT 1 FROM sent GROUP BY list, platform, "key" HAVING count(*) > 1'
    if base.sql(twice, sent=sent.drop_columns(["cells"])).num_rows:
        raise ValueError("two rows of a file have one key")
    now = pa.table(
        {
            "list": pa.array(numbers.values(), pa.int32()),
            "run": pa.array([base.run] * len(numbers), pa.int32()),
            "members": pa.array([lists[n].members.num_rows for n in numbers], pa.int64()),
        }
    )
    base.replace_at_the_end("memberships", _MEMBERSHIPS, members=members, numbers=now)
    if kind == "audience":
        base.replace_at_the_end("deliveries", _DELIVERIES, sent=sent, numbers=now)
    forms = pa.Table.from_pylist(
        [
            {
                "list": numbers[name],
                "platform": file.platform,
                "columns": list(file.columns),
                "header": file.header,
            }
            for name, each in lists.items()
            for file in each.files
        ],
        schema=_FORMS,
    )
    base.replace(
        "list_files",
        "SELECT * FROM {list_files} ANTI JOIN forms USING (list, platform) "
        "UNION ALL BY NAME SELECT * FROM forms",
        forms=forms,
    )
    base.replace(
        "list_runs",
        "SELECT * FROM {list_runs} UNION ALL BY NAME SELECT list, run, members FROM numbers",
        numbers=now,
    )


def _of_list(rows: pa.Table, schema: pa.Schema, *, list: int, platform: str = "") -> pa.Table:  # noqa: A002
    """Give rows with the number of their list, and where they are sent."""
    table = rows.select(schema.names).cast(schema)
    table = table.append_column("list", pa.array([list], pa.int32()).take(_zeros(rows)))
    if platform:
        table = table.append_column("platform", pa.array([platform]).take(_zeros(rows)))
    return table


def _zeros(rows: pa.Table) -> pa.Array:
    return pa.array(np.zeros(rows.num_rows, dtype=np.int64))


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


def _list_numbers(base: Base, kind: ListKind, names: Sequence[str]) -> dict[str, int]:
    """Give the numbers of lists, new ones where there are none of their names."""
    numbers = {name: _find_list(base, kind, name) for name in names}
    last = base.sql("SELECT coalesce(max(list), 0) AS last FROM {lists}")["last"][0].as_py()
    fresh = [name for name, number in numbers.items() if number == _NONE]
    numbers |= {name: last + place for place, name in enumerate(fresh, start=1)}
    if fresh:
        base.replace(
            "lists",
            "SELECT * FROM {lists} UNION ALL BY NAME SELECT * FROM entries",
            entries=pa.Table.from_pylist(
                [{"list": numbers[name], "kind": kind, "name": name} for name in fresh]
            ),
        )
    return numbers


def _know(base: Base, ids: pa.Table) -> None:
    """Add customers that the base does not know; a clean run may tell more of them."""
    fresh = base.sql(
        "SELECT DISTINCT customer_id FROM ids ANTI JOIN {customers} USING (customer_id) "
        "ORDER BY ALL",
        ids=ids,
    )
    if fresh.num_rows:
        base.replace("customers", _KNOWN, fresh=fresh)


def _take_back(base: Base, numbers: Sequence[int]) -> None:
    """Undo what this same run did to lists when they were last made."""
    gone = [
        {"list": number, "gone": run}
        for number in numbers
        for run, _ in takewhile(lambda each: each[1] == base.run_id, _list_runs(base, number))
    ]
    if not gone:
        return
    turns = pa.Table.from_pylist(gone, schema=_TURNS)
    for table in ("memberships", "deliveries"):
        base.replace(
            table,
            "SELECT t.* REPLACE (if(ended.gone IS NULL, until, NULL) AS until) "
            f"FROM {{{table}}} t LEFT JOIN turns ended ON ended.list = t.list "
            "AND ended.gone = t.until "
            "WHERE NOT EXISTS (FROM turns b WHERE b.list = t.list AND b.gone = t.since)",
            turns=turns,
        )
    base.replace(
        "list_runs",
        "SELECT * FROM {list_runs} l ANTI JOIN turns ON turns.list = l.list AND gone = l.run",
        turns=turns,
    )
