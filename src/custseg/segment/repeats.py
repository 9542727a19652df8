"""Orders that were exported twice: in files that overlap, or line for line in one file.

Monthly exports share days, an order is exported again when its state changes, and a table joined
wrongly holds every line twice. What is certain is left out and counted; what is not is told.
"""

from __future__ import annotations

from collections.abc import Container
from typing import TYPE_CHECKING, Final

from custseg.engine import Engine

if TYPE_CHECKING:
    from custseg.segment.lines import Stage

_CONTENT: Final = ("source_id", "ordered_at", "quantity", "price", "money")
"""What makes lines of one order the same, beside their product; a mark of cancelling does not."""

_PRODUCTS: Final = ("product_id", "product_name")

_KEY: Final = "COALESCE('o' || order_id, 'd' || CAST(CAST(ordered_at AS DATE) AS VARCHAR))"
"""What is compared as a whole: an order; without its number, all lines of a day."""

REPEATED: Final = " ".join(["(", _KEY, ", source) IN (SELECT (key, source) FROM repeats)"])
"""Whether a line is of an order that another file holds, too."""

_ALL_LOOKED_AT: Final = 200_000
"""Lines up to which every order is looked at, and one in how many of longer tables."""

_ONE_IN: Final = 64

_DOUBLED: Final = """, alike AS (
  SELECT {key}, COUNT(*) AS n FROM {lines} AND hash({key}) % {one_in} = 0
  GROUP BY {key}, {content}
), whole AS (SELECT BOOL_AND(n % 2 = 0) AS doubled FROM alike GROUP BY {key})
SELECT COUNT(*) AS seen, COUNT(*) FILTER (doubled) AS doubled FROM whole"""

_DIFFERING: Final = """
SELECT COUNT(*) AS n FROM (
  SELECT 1 FROM judged WHERE reason IS NULL AND order_key IS NOT NULL
  GROUP BY order_key, customer_key HAVING MIN(source) <> MAX(source)
)"""


def may_repeat(roles: Container[str]) -> bool:
    """Tell whether lines of several files have what orders are compared by."""
    return "source" in roles and ("order_id" in roles or "order_date" in roles)


def repeats_steps(roles: Container[str]) -> list[str]:
    """Find orders (or days, where orders have no number) that another file holds, too.

    One is left out where all its lines, as often as they stand there, stand in another file,
    too. Of two that are the same, the one with more lines cancelled stays, then that of the
    first file by name.
    """
    if not may_repeat(roles):
        return []
    content = ", ".join([*_CONTENT, *_product(roles)])
    return [
        *("keyed AS (SELECT", _KEY, "AS key, source, cancelled,"),
        *("hash(", content, ") AS print FROM typed),"),
        "shared AS (SELECT key FROM keyed WHERE key IS NOT NULL",
        "GROUP BY key HAVING MIN(source) <> MAX(source)),",
        "prints AS (SELECT key, source, print, COUNT(*) AS n,",
        "COUNT(*) FILTER (cancelled) AS cancelled",
        "FROM keyed WHERE key IN (SELECT key FROM shared) GROUP BY key, source, print),",
        "sizes AS (SELECT key, source, SUM(n) AS n, SUM(cancelled) AS cancelled",
        "FROM prints GROUP BY key, source),",
        "common AS (SELECT a.key, a.source, b.source AS other, SUM(LEAST(a.n, b.n)) AS n",
        "FROM prints AS a JOIN prints AS b ON a.key = b.key AND a.print = b.print",
        "AND a.source <> b.source GROUP BY a.key, a.source, b.source),",
        "repeats AS (SELECT DISTINCT common.key, common.source FROM common",
        "JOIN sizes AS mine ON mine.key = common.key AND mine.source = common.source",
        "JOIN sizes AS theirs ON theirs.key = common.key AND theirs.source = common.other",
        "WHERE common.n = mine.n AND (theirs.n > mine.n",
        "OR theirs.cancelled > mine.cancelled",
        "OR theirs.cancelled = mine.cancelled AND common.other < common.source)),",
    ]


def doubled_orders(engine: Engine, stage: Stage, rows: int) -> tuple[int, int]:
    """Count orders, and those of them each line of which stands an even number of times.

    Without order numbers, lines of a customer and moment are. Of long tables, of `rows` lines,
    only some are looked at, by number.
    """
    one_in = 1 if rows <= _ALL_LOOKED_AT else _ONE_IN
    # Within an order, product and money tell lines apart; each column more is read of all lines.
    content = ", ".join(["money", *_product(stage.roles)])
    key = "order_key" if "order_id" in stage.roles else "source_key, ordered_at"
    # To judge lines takes more than all else; it is needed where some are left out as repeated.
    judged = may_repeat(stage.roles)
    lines = "judged WHERE reason IS NULL" if judged else "typed WHERE money IS NOT NULL"
    query = _DOUBLED.format(key=key, one_in=one_in, content=content, lines=lines)
    found = stage.run(engine, query)
    return found["seen"][0].as_py(), found["doubled"][0].as_py()


def differing_orders(engine: Engine, stage: Stage) -> int:
    """Count orders that count from more than one file, since their lines differ."""
    if not {"source", "order_id"} <= stage.roles:
        return 0
    return int(stage.run(engine, _DIFFERING)["n"][0].as_py())


def _product(roles: Container[str]) -> list[str]:
    return [role for role in _PRODUCTS if role in roles][:1]
