"""The report of ``explain``: the sum that makes a pair's weight, field by field."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from custseg.cleanse.match import Explanation, Verdict
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

_NAMED: Final = 3


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
                    *_result(explanation.verdict),
                    (Words("report.keys"), _keys(explanation)),
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


def _result(verdict: Verdict | None) -> tuple[tuple[Item, Item], ...]:
    """Say what became of the two, and why."""
    if verdict is None:
        return ()
    result = Words("report.result_one") if verdict.joined else Words("report.result_two")
    why = Words(
        f"verdict.{verdict.reason}",
        {
            "records": _some(verdict.records),
            "threshold": f"{verdict.threshold:g}",
            "weight": Figure(verdict.weight, "bits"),
            "pairs": Figure(verdict.pairs),
        },
    )
    return ((Words("report.result"), result), (Words("report.why"), why))


def _keys(explanation: Explanation) -> Item:
    """Say by which keys the records were compared, or would have been."""
    if explanation.keys:
        return _named(explanation.keys)
    if explanation.unused:
        return Words("report.unused_keys", {"keys": _named(explanation.unused)})
    return Words("report.no_keys")


def _named(keys: Sequence[str]) -> Item:
    return _some([key_name(key) for key in keys])


def _some(items: Sequence[Item]) -> Item:
    """Name the first, and how many more there are."""
    named = list(items[:_NAMED])
    if more := len(items) - len(named):
        named.append(Words("report.and_more", {"count": Figure(more)}))
    return Joined(tuple(named), Words("report.list_separator"))
