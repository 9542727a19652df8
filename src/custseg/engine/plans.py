"""What DuckDB means to do for a query, where a caller has to know."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

_IN_ORDER: Final = frozenset(
    {"PROJECTION", "FILTER", "UNION", "STREAMING_WINDOW", "ARROW_SCAN", "READ_PARQUET"}
)
"""Operators that give rows in the order in which they come; a join gives them as threads end."""


def keeps_order(plan: str) -> bool:
    """Tell whether a plan, as ``EXPLAIN (FORMAT json)`` gives it, leaves rows in their order."""
    return all(name in _IN_ORDER for root in json.loads(plan) for name in _operators(root))


def _operators(node: dict[str, Any]) -> Iterator[str]:
    yield str(node["name"]).strip()
    for child in node.get("children", ()):
        yield from _operators(child)
