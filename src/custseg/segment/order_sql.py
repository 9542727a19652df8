"""The queries that add judged lines up to orders, and orders to customers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from custseg.segment.lines import Stage

LABELS: Final = ("channel", "campaign", "store")
"""What an order has one of: of several the first by name."""

_ORDER: Final = ("customer_id", "ordered_at", "order_id", "amount", "n_lines")
ADDED: Final = ("discount", "cost")
_PLAIN: Final = "numbered AND COALESCE(quantity, money) > 0"


def customers_query(stage: Stage) -> str:
    """Add lines up to orders, and orders to customers, in one go; one row a reason beside."""
    sums = ["CAST(SUM(n_lines) AS BIGINT) AS n_lines"]
    if stage.numbered:
        sums.append("CAST(SUM(plainly_numbered) AS BIGINT) AS plainly_numbered")
    if stage.mapped:
        sums += [
            "BOOL_OR(known) AS known",
            "COUNT(*) FILTER (NOT known) AS unknown_orders",
            "SUM(amount) FILTER (NOT known) AS unknown_money",
        ]
    return " ".join(
        [
            ", orders AS (SELECT",
            ", ".join(["reason", *_keys(stage), *_sums(stage)]),
            "FROM judged GROUP BY reason,",
            f"{', '.join(_keys(stage))})",
            "SELECT reason, CAST(customer_key AS VARCHAR) AS customer_id,",
            "CAST(MIN(ordered_at) AS DATE) AS first_order,",
            "CAST(MAX(ordered_at) AS DATE) AS last_order,",
            "COUNT(*) AS frequency, SUM(amount) AS monetary,",
            ", ".join(sums),
            "FROM orders GROUP BY reason, customer_key ORDER BY reason, customer_id",
        ]
    )


def orders_query(stage: Stage) -> str:
    """Add lines that count up to orders, sorted by customer, time and order."""
    labels = [role for role in LABELS if role in stage.roles]
    return " ".join(
        [
            f", orders AS (SELECT {_order(stage)}",
            f"FROM judged WHERE reason IS NULL GROUP BY {', '.join(_keys(stage))})",
            "SELECT CAST(customer_key AS VARCHAR) AS customer_id,",
            "CAST(order_key AS VARCHAR) AS order_id,",
            ", ".join(
                [
                    "ordered_at",
                    "CAST(ordered_at AS DATE) AS order_date",
                    "amount",
                    "n_lines",
                    "known" if stage.mapped else "TRUE AS known",
                    *(role for role in ADDED if role in stage.roles),
                    *labels,
                ]
            ),
            "FROM orders",
            "ORDER BY",
            ", ".join([*_ORDER, *labels]),
        ]
    )


def lines_query(stage: Stage, labels: Sequence[str], lines: str = "TRUE") -> str:
    """Give judged `lines` themselves, with some of their labels."""
    money = ["money", *(role for role in ADDED if role in stage.roles)]
    columns = ["reason", *_keys(stage), "ordered_at", *money, *labels]
    if stage.numbered:
        columns.append(f"{_PLAIN} AS plainly_numbered")
    if stage.mapped:
        columns.append("known")
    return " ".join(["SELECT", ", ".join(columns), "FROM judged WHERE", lines])


def _order(stage: Stage) -> str:
    return ", ".join(
        [
            *_keys(stage),
            *_sums(stage),
            *(f"SUM({role}) AS {role}" for role in ADDED if role in stage.roles),
            *(f"MIN({role}) AS {role}" for role in LABELS if role in stage.roles),
        ]
    )


def _keys(stage: Stage) -> list[str]:
    """What makes lines one order."""
    return ["customer_key", "order_key", *(["part"] if stage.parts else [])]


def _sums(stage: Stage) -> list[str]:
    """What is added up for each order, whatever the orders are for."""
    sums = ["MIN(ordered_at) AS ordered_at", "SUM(money) AS amount", "COUNT(*) AS n_lines"]
    if stage.numbered:
        sums.append(f"COUNT(*) FILTER ({_PLAIN}) AS plainly_numbered")
    if stage.mapped:
        sums.append("BOOL_OR(known) AS known")
    return sums
