"""The tables of the base, in the order in which they refer to one another.

Numbers stand for customers, runs and lists: keys of numbers are a fifth as large as keys of
text, and a tenth as slow to check. A membership or delivery holds from run `since` until run
`until`, which is null while it lasts: a list can be told as it was after any run.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

VERSION: Final = 2

_TOMBSTONES: Final = """
        tombstone VARCHAR PRIMARY KEY,
        kind VARCHAR NOT NULL
    """

TABLES: Final[Mapping[str, str]] = {
    "meta": """
        schema_version INTEGER PRIMARY KEY,
        written_by VARCHAR NOT NULL
    """,
    "runs": """
        run INTEGER PRIMARY KEY,
        run_id VARCHAR NOT NULL,
        command VARCHAR NOT NULL,
        version VARCHAR NOT NULL,
        folder VARCHAR NOT NULL,
        started VARCHAR NOT NULL,
        counts VARCHAR NOT NULL
    """,
    "customers": """
        customer INTEGER PRIMARY KEY,
        customer_id VARCHAR NOT NULL,
        generation INTEGER NOT NULL,
        status VARCHAR NOT NULL CHECK (status IN ('active', 'absent', 'retired')),
        successor VARCHAR,
        household_id VARCHAR
    """,
    "records": """
        record INTEGER PRIMARY KEY,
        record_key VARCHAR NOT NULL,
        customer INTEGER NOT NULL REFERENCES customers (customer),
        source VARCHAR,
        "row" BIGINT,
        run INTEGER NOT NULL REFERENCES runs (run)
    """,
    "identifiers": """
        identifier INTEGER PRIMARY KEY,
        customer INTEGER NOT NULL REFERENCES customers (customer),
        kind VARCHAR NOT NULL,
        "value" VARCHAR NOT NULL
    """,
    "id_history": """
        run INTEGER NOT NULL REFERENCES runs (run),
        event VARCHAR NOT NULL,
        old VARCHAR NOT NULL,
        "new" VARCHAR NOT NULL,
        PRIMARY KEY (run, event, old, "new")
    """,
    "decisions": """
        left_key VARCHAR NOT NULL,
        right_key VARCHAR NOT NULL,
        decision VARCHAR NOT NULL CHECK (decision IN ('same', 'different')),
        PRIMARY KEY (left_key, right_key)
    """,
    "consents": """
        consent INTEGER PRIMARY KEY,
        kind VARCHAR NOT NULL,
        strict VARCHAR NOT NULL,
        loose VARCHAR NOT NULL,
        channel VARCHAR NOT NULL,
        moment BIGINT NOT NULL,
        granted BOOLEAN NOT NULL,
        why VARCHAR,
        run INTEGER NOT NULL REFERENCES runs (run)
    """,
    "suppressions": """
        file VARCHAR NOT NULL,
        run INTEGER NOT NULL REFERENCES runs (run),
        "rows" BIGINT NOT NULL,
        PRIMARY KEY (file, run)
    """,
    "lists": """
        list INTEGER PRIMARY KEY,
        kind VARCHAR NOT NULL CHECK (kind IN ('segment', 'audience')),
        name VARCHAR NOT NULL,
        UNIQUE (kind, name)
    """,
    "list_runs": """
        list INTEGER NOT NULL REFERENCES lists (list),
        run INTEGER NOT NULL REFERENCES runs (run),
        members BIGINT NOT NULL,
        PRIMARY KEY (list, run)
    """,
    "list_files": """
        list INTEGER NOT NULL REFERENCES lists (list),
        platform VARCHAR NOT NULL,
        columns VARCHAR[] NOT NULL,
        header BOOLEAN NOT NULL,
        PRIMARY KEY (list, platform)
    """,
    "memberships": """
        membership INTEGER PRIMARY KEY,
        list INTEGER NOT NULL REFERENCES lists (list),
        customer INTEGER NOT NULL REFERENCES customers (customer),
        since INTEGER NOT NULL REFERENCES runs (run),
        until INTEGER REFERENCES runs (run)
    """,
    "deliveries": """
        delivery INTEGER PRIMARY KEY,
        list INTEGER NOT NULL REFERENCES lists (list),
        platform VARCHAR NOT NULL,
        customer INTEGER NOT NULL REFERENCES customers (customer),
        "key" VARCHAR NOT NULL,
        cells VARCHAR[] NOT NULL,
        since INTEGER NOT NULL REFERENCES runs (run),
        until INTEGER REFERENCES runs (run)
    """,
    "tombstones": _TOMBSTONES,
}

NUMBERED: Final[Mapping[str, tuple[str, str]]] = {
    "records": ("record", "record_key"),
    "identifiers": ("identifier", 'customer, kind, "value"'),
    "consents": ("consent", "kind, strict, channel, moment, granted, why, run"),
    "memberships": ("membership", "list, customer, since"),
    "deliveries": ("delivery", 'list, platform, "key", since'),
}
"""Tables whose key is the place of a row in an order: their contents do not depend on how they
came about."""

MIGRATIONS: Final[Mapping[int, tuple[str, ...]]] = {
    2: (f"CREATE TABLE tombstones ({_TOMBSTONES})",),
}
"""What makes a base of one version one of the next, by the version reached."""


def create(table: str) -> str:
    """Give the statement that makes a table."""
    return f"CREATE TABLE {table} ({TABLES[table]})"
