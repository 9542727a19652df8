"""The report of ``evaluate``: precision, recall, F1, the curve, the worst errors."""

from __future__ import annotations

from typing import Final

import pyarrow as pa

from custseg.cleanse.match import Evaluation
from custseg.report.model import Block, Column, Counted, Figure, Item, Lines, Report, Table, Words

_CURVE_ROWS: Final = 10


def evaluation_report(evaluation: Evaluation) -> Report:
    """Build the report; errors are listed where the names of the records are known."""
    names = evaluation.names
    counts = Words(
        "report.evaluated",
        {
            "records": Counted(evaluation.records, "record"),
            "found": Counted(evaluation.found_pairs, "pair"),
            "true": Counted(evaluation.true_pairs, "pair"),
        },
    )
    blocks: list[Block] = [Lines((("", counts),)), _scores(evaluation)]
    if evaluation.curve.num_rows:
        blocks.append(_curve(evaluation.curve))
    if names is not None:
        blocks.append(_errors("report.worst_false", evaluation.worst_false, names))
        blocks.append(_errors("report.worst_missed", evaluation.worst_missed, names))
    return Report("evaluate", tuple(blocks))


def demo_report(evaluation: Evaluation, exports: str) -> Report:
    """Say how well made records were matched, whose truth is known."""
    score = Words(
        "report.demo_score",
        {
            "f1": _exact(evaluation.pairwise.f1),
            "precision": _exact(evaluation.pairwise.precision),
            "recall": _exact(evaluation.pairwise.recall),
        },
    )
    rows: tuple[tuple[Item, Item], ...] = (
        (Words("report.demo_files"), exports),
        (Words("report.demo_truth"), score),
    )
    return Report("demo", (Lines(rows),))


def _exact(value: float) -> str:
    return f"{value:.4f}"


def _scores(evaluation: Evaluation) -> Table:
    return Table(
        columns=(
            Column(),
            Column(Words("report.precision"), right=True),
            Column(Words("report.recall"), right=True),
            Column(Words("report.f1"), right=True),
        ),
        rows=tuple(
            (Words(key), _exact(score.precision), _exact(score.recall), _exact(score.f1))
            for key, score in (
                ("report.pairwise", evaluation.pairwise),
                ("report.b_cubed", evaluation.b_cubed),
            )
            if score is not None
        ),
    )


def _curve(curve: pa.Table) -> Table:
    step = max(1, -(-curve.num_rows // _CURVE_ROWS))
    rows = curve.to_pylist()[::step]
    return Table(
        columns=(
            Column(Words("report.curve"), right=True),
            Column(Words("report.precision"), right=True),
            Column(Words("report.recall"), right=True),
            Column(Words("report.f1"), right=True),
        ),
        rows=tuple(
            (
                Figure(row["threshold"], "bits"),
                _exact(row["precision"]),
                _exact(row["recall"]),
                _exact(row["f1"]),
            )
            for row in rows
        ),
    )


def _errors(title: str, errors: pa.Table, names: pa.Array) -> Table:
    rows: list[tuple[Item, ...]] = [
        (
            names[row["left"]].as_py(),
            names[row["right"]].as_py(),
            Figure(row.get("weight"), "bits"),
        )
        for row in errors.to_pylist()
    ]
    return Table(
        columns=(Column(Words(title)), Column(), Column(Words("report.weight"), right=True)),
        rows=tuple(rows) or ((Words("report.none"), "", ""),),
    )
