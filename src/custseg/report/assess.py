"""The report of ``assess``: a score and what it is made of, findings, possible uses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from custseg.cleanse.assess import Assessment, ColumnQuality, Finding, QualityScore, Support
from custseg.messages import text
from custseg.report.model import (
    Block,
    Column,
    Counted,
    Date,
    Figure,
    Item,
    Lines,
    Report,
    RoleName,
    Table,
    Tone,
    Toned,
    Words,
)

_TONES: Final[dict[str, Tone]] = {"yes": "good", "partly": "doubtful", "no": "bad"}
_POOR: Final = 70


def assess_report(assessments: Sequence[Assessment], as_of: str, language: str) -> Report:
    """Build the report; `as_of` is the day the tables were judged from."""
    blocks: list[Block] = []
    for each in assessments:
        blocks.append(_headline(each))
        blocks.append(_columns(each.quality))
        if each.findings:
            blocks.append(_findings(each.findings, language))
        blocks.append(_support(each.support))
        blocks += _needs(each.support)
    if as_of:
        blocks.append(Lines(((Words("report.as_of"), Date(as_of)),), tone="quiet"))
    data = {"as_of": as_of, "assessments": [each.as_json() for each in assessments]}
    return Report("assess", tuple(blocks), data)


def _headline(each: Assessment) -> Lines:
    size = Words("report.assess_size", _size(each))
    rows: list[tuple[Item, Item]] = [
        (each.source, size),
        (Words("assess.score"), Figure(each.quality.score, "score")),
    ]
    rows += [
        ("", Words("report.assess_part", {"name": Words(f"assess.dimension.{name}"),
                                          "score": Figure(score, "score")}))
        for name, score in each.quality.dimensions.items()
    ]  # fmt: skip
    return Lines(tuple(rows))


def _size(each: Assessment) -> dict[str, Item]:
    return {"rows": Counted(each.rows, "row"), "columns": Counted(each.columns, "column")}


def _columns(quality: QualityScore) -> Table:
    return Table(
        columns=(
            Column(Words("report.column")),
            Column(Words("report.role")),
            Column(Words("report.filled"), right=True),
            Column(Words("report.valid"), right=True),
            Column(Words("report.standard"), right=True),
            Column(Words("report.score"), right=True),
        ),
        rows=tuple(_column(each) for each in quality.columns),
    )


def _column(each: ColumnQuality) -> tuple[Item, ...]:
    score: Item = Figure(each.score, "score")
    if each.score is not None and each.score < _POOR:
        score = Toned(score, "doubtful")
    return (
        each.column,
        RoleName(each.role),
        Figure(each.filled, "share"),
        Figure(each.valid, "share"),
        Figure(each.standard, "share"),
        score,
    )


def _findings(findings: Sequence[Finding], language: str) -> Lines:
    between = text("report.list_separator", language)
    rows: list[tuple[Item, Item]] = [
        (
            Words("report.mind") if number == 0 else "",
            text(
                f"assess.finding.{each.code}",
                language,
                columns=between.join(each.columns),
                rows=each.rows,
                share=each.share,
                **each.numbers,
            ),
        )
        for number, each in enumerate(findings)
    ]
    return Lines(tuple(rows), tone="doubtful")


def _support(support: Sequence[Support]) -> Table:
    return Table(
        columns=(
            Column(Words("assess.uses")),
            Column(),
            Column(Words("report.records"), right=True),
            Column(right=True),
        ),
        rows=tuple(_use(each) for each in support),
    )


def _use(each: Support) -> tuple[Item, ...]:
    return (
        Words(f"assess.use.{each.use}"),
        Toned(Words(f"assess.verdict.{each.verdict}"), _TONES[each.verdict]),
        Figure(each.records),
        Figure(each.share, "rounded_share"),
    )


def _needs(support: Sequence[Support]) -> list[Block]:
    """Say what each use that cannot be made still needs."""
    rows: tuple[tuple[Item, Item], ...] = tuple(
        (
            Words(f"assess.use.{each.use}"),
            Words("assess.needs", {"roles": _need(each.missing)}),
        )
        for each in support
        if each.missing
    )
    return [Lines(rows, tone="quiet")] if rows else []


def _need(missing: Sequence[str]) -> Item:
    """Name what is missing: kinds of roles by their own words, roles by what people call them."""
    first = _named(missing[0])
    if len(missing) == 1:
        return first
    return Words("report.two_traits", {"first": first, "second": _need(missing[1:])})


def _named(need: str) -> Item:
    known = ("mobile", "name", "delivery")
    return Words(f"assess.need.{need}") if need in known or ":" in need else RoleName(need)
