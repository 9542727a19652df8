"""The report of ``explain``: the sum that makes a pair's weight, field by field."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from custseg.cleanse.match import Explanation
from custseg.report.common import key_name
from custseg.report.model import (
    Column,
    FieldName,
    Figure,
    Item,
    Joined,
    Lines,
    Report,
    Table,
    Toned,
    Words,
)

_KEYS_SHOWN: Final = 3


def explanation_report(explanation: Explanation, left: str, right: str) -> Report:
    """Build the report of the records `left` and `right`, both as FILE:ROW."""
    headline = Words(
        "report.probability",
        {
            "left": left,
            "right": right,
            "probability": f"{explanation.probability:.4f}",
            "weight": Figure(explanation.weight, "bits"),
        },
    )
    rows: list[tuple[Item, ...]] = [
        (Words("report.prior"), "", Figure(explanation.prior, "bits")),
        *(
            (FieldName(each.field), Words(f"match.level.{each.level}"), _bits(each.weight))
            for each in explanation.fields
        ),
        (Words("report.kinds"), "", Figure(explanation.kinds, "bits")),
        (Words("report.sum"), "", Figure(explanation.weight, "bits")),
    ]
    likeliest = Words(f"match.kind.{explanation.likeliest}")
    return Report(
        "explain",
        (
            Lines((("", headline),)),
            Table(
                columns=(
                    Column(Words("report.field")),
                    Column(Words("report.agreement")),
                    Column(Words("report.bits"), right=True),
                ),
                rows=tuple(rows),
                note=Words("report.likeliest", {"kind": likeliest}),
            ),
            Lines(
                (
                    (Words("report.keys"), _keys(explanation.keys)),
                    (Words("report.bits"), Words("report.bits_note")),
                ),
                tone="quiet",
            ),
        ),
    )


def _bits(weight: float) -> Item:
    figure = Figure(weight, "bits")
    if weight >= 1:
        return Toned(figure, "good")
    return Toned(figure, "bad") if weight <= -1 else figure


def _keys(keys: Sequence[str]) -> Item:
    """Name the first keys, and how many more there are."""
    if not keys:
        return Words("report.no_keys")
    named = [key_name(key) for key in keys[:_KEYS_SHOWN]]
    if more := len(keys) - len(named):
        named.append(Words("report.and_more", {"count": Figure(more)}))
    return Joined(tuple(named), Words("report.list_separator"))
