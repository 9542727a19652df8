"""The currency of the orders, put to every amount of a report."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from custseg.report.model import MONEY, Block, Figure, Item, Joined, Table, Toned, Words


def in_currency(blocks: Iterable[Block], currency: str) -> tuple[Block, ...]:
    """Give the same blocks, with each amount of money in `currency` (an ISO code)."""
    return tuple(_block(block, currency) for block in blocks)


def _block(block: Block, currency: str) -> Block:
    if isinstance(block, Table):
        rows = tuple(tuple(_item(item, currency) for item in row) for row in block.rows)
        return replace(block, rows=rows)
    return replace(block, rows=tuple((label, _item(item, currency)) for label, item in block.rows))


def _item(item: Item, currency: str) -> Item:
    if isinstance(item, Figure) and item.kind in MONEY:
        return replace(item, currency=currency)
    if isinstance(item, Toned):
        return replace(item, item=_item(item.item, currency))
    if isinstance(item, Joined):
        return replace(item, items=tuple(_item(each, currency) for each in item.items))
    if isinstance(item, Words):
        params = {name: _item(value, currency) for name, value in item.params.items()}
        return replace(item, params=params)
    return item
