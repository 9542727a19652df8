"""A report as JSON: the same blocks, numbers as numbers, words in the reader's language.

A sentence with numbers in it is an object of its ``text``, its ``key`` (stable, whatever the
language) and its ``values``.
"""

from __future__ import annotations

import json
from typing import Any, TextIO

from custseg.report.model import (
    Block,
    Counted,
    Date,
    Figure,
    Item,
    Joined,
    Report,
    Table,
    Toned,
    Words,
)
from custseg.report.words import say


def render_json(report: Report, out: TextIO, language: str) -> None:
    """Write a report to `out` as one JSON object."""
    blocks = [_block(block, language) for block in report.blocks]
    data = {"report": report.kind, "blocks": blocks, **report.data}
    out.write(json.dumps(data, ensure_ascii=False, indent=2) + "\n")


def _block(block: Block, language: str) -> dict[str, Any]:
    if isinstance(block, Table):
        return {
            "columns": [say(column.title, language) for column in block.columns],
            "rows": [[_value(item, language) for item in row] for row in block.rows],
            **({"note": say(block.note, language)} if block.note else {}),
        }
    return {
        "lines": [
            {"label": say(label, language), "text": _value(item, language)}
            for label, item in block.rows
        ]
    }


def _value(item: Item, language: str) -> object:
    inner = item.item if isinstance(item, Toned) else item
    if isinstance(inner, Figure | Counted):
        return inner.value
    if isinstance(inner, Date):
        return inner.iso
    if isinstance(inner, Joined):
        return [_value(each, language) for each in inner.items]
    if isinstance(inner, Words) and inner.params:
        values = {name: _value(each, language) for name, each in inner.params.items()}
        return {"text": say(inner, language), "key": inner.key, "values": values}
    return say(inner, language)
