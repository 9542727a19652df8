"""Order lines made ready: typed, judged, each with its money, as SQL over the lines given.

Every later query (orders, favorite categories, baskets) begins with the same two steps:
``typed`` reads the columns by role, ``judged`` says of each line why it is left out, or null
where it counts. Nothing is copied: the steps are text that runs with the query.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Literal, TypeAlias

import pyarrow as pa

from custseg.engine import Engine, ParquetScan, quoted
from custseg.errors import InputError
from custseg.segment import columns as sql
from custseg.segment.carried import are_carried, carried_steps, spread_steps
from custseg.segment.currencies import column_currencies, sign_currencies
from custseg.segment.repeats import REPEATED, may_repeat, repeats_steps

Lines: TypeAlias = "pa.Table | ParquetScan"
"""An Arrow table, or Parquet files that stay on disk."""

Reader = Callable[[Sequence[str]], Sequence[str | None]]
"""Reads distinct texts that DuckDB cannot: to ISO dates, or to plain decimal numbers."""

LABELS: Final = ("product_id", "product_name", "category", "channel", "campaign", "store")
NUMBERS: Final = {
    "quantity": sql.QUANTITY,
    "unit_price": sql.MONEY,
    "amount": sql.MONEY,
    "discount": sql.MONEY,
    "cost": sql.MONEY,
}
ROLES: Final = (
    *("customer_id", "order_id", "order_date", "cancelled", "currency", "source"),
    *NUMBERS,
    *LABELS,
)

NEEDED: Final = frozenset({"customer_id", "order_date", "amount"})
"""Roles that lines of customers need; lines of baskets can do without."""

REASONS: Final = (
    *("empty", "repeated", "no_customer", "cancelled", "undated", "future"),
    *("quantity", "no_amount", "price"),
)
"""Why a line is left out; the first that holds is the one counted."""

NUMBERED: Final = "numbered"
"""A negative line whose order has a number like C536379: cancelled, or a return, as all tell."""

_CODES: Final = {reason: code for code, reason in enumerate((*REASONS, NUMBERED), start=1)}
REASON_OF: Final = {code: reason for reason, code in _CODES.items()}
"""What the column ``reason`` of judged lines means; null is a line that counts."""

_DECIMAL_COMMA: Final = re.compile(r"\d,\d{1,2}\D*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class LineSettings:
    """How lines are read.

    Attributes
    ----------
    as_of
        Lines dated after this day are left out; None keeps all.
    free
        Whether lines that cost nothing (samples, prizes) count.
    order_key
        What an order is where lines have no order number: each ``"row"``, or all lines of a
        customer on one ``"day"``.
    needed
        Roles that a line cannot do without; ``"amount"`` is also had from a unit price.
    spread
        Whether the one amount of an order is shared out among its lines.
    """

    as_of: date | None = None
    free: bool = False
    order_key: Literal["row", "day"] = "row"
    needed: frozenset[str] = NEEDED
    spread: bool = False


@dataclass(frozen=True, slots=True)
class Stage:
    """Typed and judged lines, ready to be queried.

    Attributes
    ----------
    sql
        ``WITH typed AS (…), judged AS (…)``; a query's text follows it.
    tables
        The Arrow tables that the text refers to.
    roles
        The roles at hand.
    columns
        Role to column of the table ``lines``.
    mapped
        Whether orders were mapped to customers, some of whom may be unknown.
    parts
        Whether lines without a number of their order are told apart by ``part``.
    numbered
        Whether numbers of orders are text, and may be like C536379.
    currency
        ISO code of the money; empty where nothing tells.
    carried
        Whether lines without a customer or day have those of their order.
    """

    sql: str
    tables: Mapping[str, Any] = field(repr=False)
    roles: frozenset[str]
    columns: Mapping[str, str] = field(default_factory=dict)
    mapped: bool = False
    parts: bool = True
    numbered: bool = False
    currency: str = ""
    carried: bool = False

    def run(self, engine: Engine, query: str, /, **tables: pa.Table) -> pa.Table:
        """Run `query`, which selects from ``judged``, and give its result."""
        return engine.sql(f"{self.sql} {query}", **self.tables, **tables)

    def run_in_batches(
        self, engine: Engine, query: str, take: Callable[[pa.RecordBatch], None]
    ) -> None:
        """Run `query` as :meth:`run` does, and hand its result over a batch at a time."""
        engine.batches(f"{self.sql} {query}", take, **self.tables)

    def keeps_order(self, engine: Engine, query: str) -> bool:
        """Tell whether what `query` selects from ``judged`` comes in the order of the lines."""
        return engine.keeps_order(f"{self.sql} {query}", **self.tables)


def stage_lines(
    engine: Engine,
    lines: Lines,
    columns: Mapping[str, str],
    *,
    settings: LineSettings | None = None,
    customers: pa.Table | None = None,
    readers: Mapping[str, Reader] | None = None,
) -> Stage:
    """Prepare order lines for querying.

    Parameters
    ----------
    engine
        Runs the look at values that need reading.
    lines
        Order lines, any column types.
    columns
        Role to column. Needed, if the settings say nothing else: ``customer_id``,
        ``order_date``, and ``amount`` or ``unit_price``.
    settings
        How lines are read.
    customers
        ``source_id`` (as written in the orders) to ``customer_id``, one row a `source_id`.
        Customers that it does not hold keep their own id and are marked unknown.
    readers
        ``"date"`` and ``"number"``: read texts that DuckDB cannot.

    Raises
    ------
    InputError
        If a needed column is missing, or the money is in several currencies.
    """
    settings = settings or LineSettings()
    check_roles(columns, columns.values(), settings.needed)
    kinds = {role: lines.schema.field(name).type for role, name in columns.items()}
    tables: dict[str, Any] = {"lines": lines}
    joins: list[str] = []
    signs = column_currencies(engine, lines, columns)
    expressions: dict[str, str] = {}
    for role, name in columns.items():
        expression = _expression(role, name, kinds[role])
        if role in NUMBERS or role == "order_date":
            unread = _unread(engine, lines, name, kinds[role], expression)
            if role in NUMBERS:
                signs |= {sign for text in unread for sign in sign_currencies(text)}
            reader = (readers or {}).get("date" if role == "order_date" else "number")
            if unread and reader is not None:
                if role in NUMBERS and any(_DECIMAL_COMMA.search(text) for text in unread):
                    # 1.234 is no longer certain: the whole column goes to the reader.
                    unread = _unread(engine, lines, name, kinds[role], "NULL")
                    expression = "NULL"
                tables[f"read_{role}"] = _readings(unread, reader(unread))
                joins.append(_join(role, name))
                expression = f"COALESCE({expression}, {_read_expression(role)})"
        if role == "order_date":
            expression = sql.plausible(expression)
        expressions[role] = expression
    if len(signs) > 1:
        raise InputError("segment.currencies", currencies=", ".join(sorted(signs)))
    if customers is not None:
        tables["customer_map"] = customers
    carried = are_carried(engine, lines, columns, kinds)
    first, told = _names_of_steps(carried=carried, spread=settings.spread)
    return Stage(
        sql=" ".join(
            [
                f"WITH {first} AS (SELECT",
                ", ".join(_read_columns(lines, expressions, columns, kinds, settings)),
                "FROM lines",
                *joins,
                "),",
                *(carried_steps(columns, first, told) if carried else []),
                *(spread_steps(columns, told, "read") if settings.spread else []),
                *_mapped(customers is not None),
                *repeats_steps(columns),
                "judged AS (SELECT *,",
                "COALESCE(line_number, CASE WHEN order_key IS NULL",
                "THEN epoch(date_trunc('day', ordered_at))::BIGINT END) AS part,",
                _reason(frozenset(columns), settings),
                "AS reason FROM typed)",
            ]
        ),
        tables=tables,
        roles=frozenset(columns),
        columns=columns,
        mapped=customers is not None,
        parts=not _always(lines, columns, kinds, "order_id"),
        numbered="order_id" in columns and sql.is_text(kinds["order_id"]),
        currency=next(iter(signs), ""),
        carried=carried,
    )


def _names_of_steps(*, carried: bool, spread: bool) -> tuple[str, str]:
    """Name lines as they are read, and those told of their orders; the last are ``read``."""
    told = "told" if spread else "read"
    return ("raw" if carried else told), told


def check_roles(
    roles: Container[str], columns: Iterable[str], needed: frozenset[str] = NEEDED
) -> None:
    """Refuse orders that lack a needed role; `columns` are named, to choose from.

    Raises
    ------
    InputError
        If who ordered, when, or for how much is in no column.
    """
    found = ", ".join(columns)
    for role in ("customer_id", "order_date"):
        if role in needed and role not in roles:
            raise InputError("segment.role_missing", role=role, found=found)
    if "amount" in needed and "amount" not in roles and "unit_price" not in roles:
        raise InputError("segment.role_missing", role="amount", found=found)


def _expression(role: str, name: str, kind: pa.DataType) -> str:
    if role == "order_date":
        return sql.moment(name, kind)
    if role == "cancelled":
        return sql.truth(name, kind)
    if role in NUMBERS:
        return sql.number(name, NUMBERS[role])
    if role == "customer_id":
        return sql.customer(name, kind)
    return sql.identifier(name, kind)


def _unread(
    engine: Engine, lines: Lines, name: str, kind: pa.DataType, expression: str
) -> list[str]:
    """Distinct non-blank texts of a text column that its expression makes nothing of."""
    if not sql.is_text(kind):
        return []
    query = [
        "SELECT DISTINCT",
        quoted(name),
        "AS text FROM lines WHERE NOT",
        sql.blank(name, kind),
        "AND (",
        expression,
        ") IS NULL ORDER BY 1",
    ]
    found = engine.sql(" ".join(query), lines=lines)
    return [str(text) for text in found["text"].to_pylist()]


def _readings(texts: Sequence[str], values: Sequence[str | None]) -> pa.Table:
    return pa.table(
        {"text": pa.array(texts, pa.string()), "value": pa.array(list(values), pa.string())}
    )


def _join(role: str, name: str) -> str:
    text = f"CAST(lines.{quoted(name)} AS VARCHAR)"
    return f"LEFT JOIN read_{role} ON read_{role}.text = {text}"


def _read_expression(role: str) -> str:
    kind = "TIMESTAMP" if role == "order_date" else NUMBERS[role]
    return f"TRY_CAST(read_{role}.value AS {kind})"


def _read_columns(
    lines: Lines,
    expressions: Mapping[str, str],
    columns: Mapping[str, str],
    kinds: Mapping[str, pa.DataType],
    settings: LineSettings,
) -> list[str]:
    price = "unit_price" in columns
    quantity = "quantity" in columns
    if "amount" in columns:
        money = expressions["amount"]
    elif quantity:
        money = sql.product(expressions["quantity"], expressions["unit_price"])
    else:
        money = expressions.get("unit_price", f"CAST(NULL AS {sql.MONEY})")
    number = "NULL"
    if "order_id" not in columns and settings.order_key == "row":
        number = "row_number() OVER ()"
    read = [
        f"{expressions.get('customer_id', 'CAST(NULL AS VARCHAR)')} AS source_id",
        f"{expressions.get('order_id', 'CAST(NULL AS VARCHAR)')} AS order_id",
        f"{_key('customer_id', columns, kinds, expressions)} AS source_key",
        f"{_key('order_id', columns, kinds, expressions)} AS order_key",
        f"{number} AS line_number",
        f"{expressions.get('order_date', 'CAST(NULL AS TIMESTAMP)')} AS ordered_at",
        f"{expressions['quantity'] if quantity else 'CAST(NULL AS ' + sql.QUANTITY + ')'}"
        " AS quantity",
        f"{expressions['unit_price'] if price else 'CAST(NULL AS ' + sql.MONEY + ')'} AS price",
        f"{money} AS money",
        f"{expressions.get('cancelled', 'FALSE')} AS cancelled",
        f"{_numbered(columns, kinds, expressions)} AS numbered",
        f"{_empty(lines, columns, kinds)} AS empty",
    ]
    others = ("source", "discount", "cost", *LABELS)
    return [*read, *(f"{expressions[role]} AS {role}" for role in others if role in columns)]


def _empty(lines: Lines, columns: Mapping[str, str], kinds: Mapping[str, pa.DataType]) -> str:
    """Whether every cell is empty; no line is where a column of days or numbers has no null."""
    roles = [role for role in columns if role != "source"]
    if any(_always(lines, columns, kinds, role) for role in roles):
        return "FALSE"
    return " AND ".join(sql.blank(columns[role], kinds[role]) for role in roles)


def _always(
    lines: Lines, columns: Mapping[str, str], kinds: Mapping[str, pa.DataType], role: str
) -> bool:
    """Whether every line is known to have a value: texts may be blank, numbers and days not."""
    if role not in columns or sql.is_text(kinds[role]) or pa.types.is_floating(kinds[role]):
        return False
    if isinstance(lines, ParquetScan):
        return columns[role] in lines.filled
    return not lines[columns[role]].null_count


def _key(
    role: str,
    columns: Mapping[str, str],
    kinds: Mapping[str, pa.DataType],
    expressions: Mapping[str, str],
) -> str:
    """What tells ids apart: numbers as they are, which is far less work than their text."""
    if role in columns and pa.types.is_integer(kinds[role]):
        return quoted(columns[role])
    return expressions.get(role, "CAST(NULL AS VARCHAR)")


def _numbered(
    columns: Mapping[str, str], kinds: Mapping[str, pa.DataType], expressions: Mapping[str, str]
) -> str:
    """Whether an order's number is one like C536379, which may mark a cancelled order."""
    if "order_id" not in columns or not sql.is_text(kinds["order_id"]):
        return "FALSE"
    return f"COALESCE(regexp_matches({expressions['order_id']}, '^[Cc]\\d'), FALSE)"


def _mapped(mapped: bool) -> list[str]:
    """Source ids to customers; who is not in the map stays under the id of the orders."""
    if not mapped:
        return [
            "typed AS (SELECT *, source_id AS customer_id, source_key AS customer_key,",
            "TRUE AS known FROM read),",
        ]
    customer = "COALESCE(customer_map.customer_id, read.source_id)"
    return [
        f"typed AS (SELECT read.*, {customer} AS customer_id, {customer} AS customer_key,",
        "customer_map.customer_id IS NOT NULL AS known FROM read",
        "LEFT JOIN customer_map ON customer_map.source_id = read.source_id),",
    ]


def _reason(roles: frozenset[str], settings: LineSettings) -> str:
    below = "< 0" if settings.free else "<= 0"
    cases = [("empty", "empty")]
    if may_repeat(roles):
        cases.append((REPEATED, "repeated"))
    nobody = "customer_key IS NULL"
    if "customer_id" not in settings.needed:
        nobody += " AND order_key IS NULL"
    cases += [
        (nobody, "no_customer"),
        ("cancelled", "cancelled"),
        ("numbered AND COALESCE(quantity, money) < 0", NUMBERED),
    ]
    if "order_date" in roles:
        cases.append(("ordered_at IS NULL", "undated"))
        if settings.as_of is not None:
            after = f"CAST(ordered_at AS DATE) > DATE '{settings.as_of:%Y-%m-%d}'"
            cases.append((after, "future"))
    cases.append(("quantity <= 0", "quantity"))
    if {"amount", "unit_price"} & roles:
        cases.append(("money IS NULL", "no_amount"))
        cases.append((f"price {below} OR money {below}", "price"))
    whens = [f"WHEN {holds} THEN {_CODES[reason]}" for holds, reason in cases]
    return " ".join(["CAST(CASE", *whens, "END AS TINYINT)"])
