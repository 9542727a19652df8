"""Take people out of the base: every row about them, and whatever said something of them."""

from __future__ import annotations

import json
from typing import Final

import pyarrow as pa

from custseg.base.store import Base
from custseg.privacy.person import Person, email_forms, phone_forms


def erase_people(base: Base, person: Person) -> int:
    """Write the base without them; give the number of rows that went.

    The file is written anew, so that nothing of them stays in a part that is free.
    """
    addresses = email_forms(person.emails - person.shared) | phone_forms(
        person.phones - person.shared
    )
    names = person.ids | person.numbers
    ids, keys, values = (_column(each) for each in (person.ids, person.keys, addresses))
    before = _rows(base)
    mine = base.sql(
        "SELECT customer FROM {customers} SEMI JOIN ids ON customer_id = ids.text", ids=ids
    )
    _correct_counts(base, mine)
    for table in ("records", "identifiers", "memberships", "deliveries"):
        base.replace(table, f"SELECT * FROM {{{table}}} ANTI JOIN mine USING (customer)", mine=mine)
    base.replace(
        "customers", "SELECT * FROM {customers} ANTI JOIN mine USING (customer)", mine=mine
    )
    base.replace("list_runs", _MEMBERS)
    base.replace(
        "id_history",
        'SELECT * FROM {id_history} WHERE old NOT IN (FROM ids) AND "new" NOT IN (FROM ids)',
        ids=ids,
    )
    base.replace(
        "decisions",
        "SELECT * FROM {decisions} "
        "WHERE left_key NOT IN (FROM keys) AND right_key NOT IN (FROM keys)",
        keys=keys,
    )
    base.replace(
        "consents",
        "SELECT * FROM {consents} WHERE strict NOT IN (FROM addresses) "
        "AND loose NOT IN (FROM addresses) AND strict NOT IN (FROM names)",
        addresses=values,
        names=_column(names),
    )
    return before - _rows(base)


def _correct_counts(base: Base, mine: pa.Table) -> None:
    """Count the records that go as forgotten in the run whose records they are."""
    runs = base.sql(
        "SELECT run, counts FROM {runs} WHERE command IN ('clean', 'dedupe') "
        "ORDER BY run DESC LIMIT 1"
    ).to_pylist()
    if not runs:
        return
    found = base.sql(
        "SELECT count(*) AS n FROM {records} SEMI JOIN mine USING (customer) "
        "WHERE source IS NOT NULL",
        mine=mine,
    )
    gone = found["n"][0].as_py()
    counts = json.loads(runs[0]["counts"])
    counts["records"] -= gone
    counts["forgotten"] += gone
    base.count(counts, runs[0]["run"])


# As if they had never been in a list.
_MEMBERS: Final = """
SELECT l.list AS list, l.run AS run, count(since) AS members
FROM {list_runs} l LEFT JOIN {memberships} m
ON m.list = l.list AND m.since <= l.run AND (m.until IS NULL OR m.until > l.run)
GROUP BY l.list, l.run
"""


def _rows(base: Base) -> int:
    counted = base.sql(
        "SELECT (SELECT count(*) FROM {customers}) + (SELECT count(*) FROM {records}) "
        "+ (SELECT count(*) FROM {identifiers}) + (SELECT count(*) FROM {memberships}) "
        "+ (SELECT count(*) FROM {deliveries}) + (SELECT count(*) FROM {id_history}) "
        "+ (SELECT count(*) FROM {decisions}) + (SELECT count(*) FROM {consents}) AS n"
    )
    return int(counted["n"][0].as_py())


def _column(values: frozenset[str]) -> pa.Table:
    return pa.table({"text": pa.array(sorted(values), pa.string())})
