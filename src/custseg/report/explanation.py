"""The report of ``explain``: the sum that makes a pair's weight, field by field."""

from __future__ import annotations

from custseg.cleanse.match import Explanation
from custseg.report.model import Column, Figure, Item, Lines, Report, Table, Toned, Words


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
        *((each.field, _level(each.level), _bits(each.weight)) for each in explanation.fields),
        (Words("report.kinds"), "", Figure(explanation.kinds, "bits")),
        (Words("report.sum"), "", Figure(explanation.weight, "bits")),
    ]
    keys: Item = ", ".join(explanation.keys) or Words("report.no_keys")
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
                note=Words("report.likeliest", {"kind": _kind(explanation.likeliest)}),
            ),
            Lines(((Words("report.keys"), keys),), tone="quiet"),
        ),
    )


def _bits(weight: float) -> Item:
    figure = Figure(weight, "bits")
    if weight >= 1:
        return Toned(figure, "good")
    return Toned(figure, "bad") if weight <= -1 else figure


def _level(level: str) -> Item:
    return level.replace("_", " ")


def _kind(kind: str) -> Item:
    return kind.replace("_", " ")
