"""Whether the base holds together: its keys, and what must add up."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from custseg.base.schema import TABLES
from custseg.base.store import Base

_REFERENCES: Final = (
    ("records", "customer", "customers"),
    ("records", "run", "runs"),
    ("identifiers", "customer", "customers"),
    ("id_history", "run", "runs"),
    ("consents", "run", "runs"),
    ("suppressions", "run", "runs"),
    ("list_runs", "list", "lists"),
    ("list_runs", "run", "runs"),
    ("list_files", "list", "lists"),
    ("memberships", "list", "lists"),
    ("memberships", "customer", "customers"),
    ("deliveries", "list", "lists"),
    ("deliveries", "customer", "customers"),
)

_UNIQUE: Final = (
    ("runs", "run", "true"),
    ("customers", "customer", "true"),
    ("customers", "customer_id", "true"),
    ("records", "record_key", "true"),
    ("identifiers", 'customer, kind, "value"', "true"),
    ("memberships", "list, customer", "until IS NULL"),
    ("deliveries", 'list, platform, "key"', "until IS NULL"),
)

_RULES: Final[Mapping[str, str]] = {
    "retired": """
        SELECT count(*) AS n FROM {customers} c LEFT JOIN {customers} s
        ON c.successor = s.customer_id
        WHERE (c.status = 'retired') <> (c.successor IS NOT NULL)
           OR (c.successor IS NOT NULL AND (s.customer IS NULL OR s.customer = c.customer))
    """,
    "owners": """
        SELECT count(*) AS n FROM {records} JOIN {customers} USING (customer)
        WHERE status = 'retired'
    """,
    "history": """
        SELECT count(*) AS n FROM {id_history}
        WHERE "new" <> '' AND "new" NOT IN (SELECT customer_id FROM {customers})
    """,
    "members": """
        SELECT count(*) AS n FROM (
            SELECT any_value(l.members) AS said, count(since) AS held
            FROM {list_runs} l LEFT JOIN {memberships} m
            ON m.list = l.list AND m.since <= l.run AND (m.until IS NULL OR m.until > l.run)
            GROUP BY l.list, l.run
        ) WHERE said <> held
    """,
    "spans": """
        SELECT count(*) AS n FROM (
            SELECT since, until FROM {memberships} UNION ALL SELECT since, until FROM {deliveries}
        ) WHERE until <= since
           OR since NOT IN (SELECT run FROM {list_runs})
           OR (until IS NOT NULL AND until NOT IN (SELECT run FROM {list_runs}))
    """,
}


@dataclass(frozen=True, slots=True)
class Check:
    """A rule of the base, and how many rows break it.

    Attributes
    ----------
    rule
        ``reference``, ``unique``, ``retired``, ``owners``, ``history``, ``members``, ``spans``
        or ``rows``.
    what
        The table and columns it is about; empty where the rule says it.
    """

    rule: str
    what: str
    broken: int


def check(base: Base) -> list[Check]:
    """Check every rule."""
    checks = [Check("reference", f"{t}.{c}", _orphans(base, t, c, to)) for t, c, to in _REFERENCES]
    checks += [
        Check("unique", f"{table}: {columns}".replace('"', ""), _repeats(base, table, columns, of))
        for table, columns, of in _UNIQUE
    ]
    checks += [Check(rule, "", _number(base, query)) for rule, query in _RULES.items()]
    return [*checks, Check("rows", "", _lost_rows(base))]


def sizes(base: Base) -> dict[str, int]:
    """Count the rows of each table."""
    return {
        table: _number(base, f"SELECT count(*) AS n FROM {{{table}}}")
        for table in TABLES
        if table != "meta"
    }


def _orphans(base: Base, table: str, column: str, target: str) -> int:
    key = "run" if target == "runs" else column
    return _number(
        base,
        f"SELECT count(*) AS n FROM {{{table}}} t ANTI JOIN {{{target}}} k ON t.{column} = k.{key}",
    )


def _repeats(base: Base, table: str, columns: str, of: str) -> int:
    return _number(
        base,
        f"SELECT count(*) AS n FROM (SELECT 1 FROM {{{table}}} WHERE {of} "
        f"GROUP BY {columns} HAVING count(*) > 1)",
    )


def _lost_rows(base: Base) -> int:
    """Count the runs that merged records whose rows do not add up, and records that are gone."""
    broken = 0
    runs = base.sql(
        "SELECT run, counts FROM {runs} WHERE command IN ('clean', 'dedupe') ORDER BY run"
    ).to_pylist()
    for each in runs:
        said = json.loads(each["counts"])
        total = said["records"] + said["quarantined"] + said["forgotten"]
        broken += said["rows"] != total
    if runs:
        here = "SELECT count(*) AS n FROM {records} WHERE source IS NOT NULL"
        broken += _number(base, here) != json.loads(runs[-1]["counts"])["records"]
    return broken


def _number(base: Base, query: str) -> int:
    return int(base.sql(query)["n"][0].as_py())
