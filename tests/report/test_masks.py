"""Pages and workbooks tell whole sums, and no small group."""

from __future__ import annotations

from dataclasses import replace

import pytest

from custseg.report.html.speaker import WITHHELD, Speaker
from custseg.report.html.time_charts import flow_chart
from custseg.report.model import Figure, Lines, Words
from custseg.report.segment_changes import what_changed
from custseg.report.words import say
from custseg.report.xlsx.changes import moves_sheet
from custseg.report.xlsx.model import Grid
from custseg.segment.migration import Migration, MigrationSummary, MoveRow


def move(before: str, after: str, customers: int, money: float, direction: str) -> MoveRow:
    return MoveRow(
        before=before, after=after, customers=customers, yearly_money=money, direction=direction
    )


@pytest.fixture
def changed() -> MigrationSummary:
    """Champions are 76 today: 47 in moves that may be told, 29 in others."""
    return MigrationSummary(
        first_day="2026-01-01",
        last_day="2026-07-01",
        between="days",
        table=Migration(
            segments=("champions", "loyal", "at_risk", "lost"),
            customers=((47, 12, 0, 0), (9, 50, 15, 14), (9, 13, 30, 18), (7, 0, 3, 60)),
            money=((0.0,) * 4,) * 4,
            new_customers=(4, 0, 20, 0),
            new_money=(0.0,) * 4,
            gone_customers=(0, 12, 0, 5),
        ),
        moves=(
            move("loyal", "champions", 9, 900.0, "up"),
            move("at_risk", "champions", 9, 450.0, "up"),
            move("lost", "champions", 7, 70.0, "up"),
            move("loyal", "at_risk", 15, 1500.0, "down"),
            move("lost", "at_risk", 3, 33.0, "up"),
        ),
    )


def test_the_picture_has_whole_sizes(changed: MigrationSummary) -> None:
    chart = flow_chart(changed, Speaker("en"))
    for told in (
        "champions 59",
        "champions 76",
        "loyal customers 100",
        "lost 75",
        "newcomers 24",
        "left 17",
    ):
        assert f">{told}<" in chart.svg
    assert "lost → lost: 60" in chart.svg
    assert "loyal → champions" not in chart.svg
    assert chart.numbers is not None
    cells = {str(row[0]): [say(each, "en") for each in row[1:]] for row in chart.numbers.rows}
    # Of those who left, 5 are too few to be told; the 12 beside them would give them away.
    assert cells["loyal customers"][0] == "<10"
    assert cells["loyal customers"][-2:] == [WITHHELD, "100"]


def test_a_small_segment_has_no_size(changed: MigrationSummary) -> None:
    svg = flow_chart(changed, Speaker("en", mask_below=60)).svg
    assert ">champions &lt;60<" in svg
    assert ">champions 76<" in svg


def test_sums_hold_the_moves_that_are_not_told(changed: MigrationSummary) -> None:
    def sentences(least: int) -> list[Words]:
        (block,) = what_changed(changed, least)
        assert isinstance(block, Lines)
        return [item for _, item in block.rows if isinstance(item, Words)]

    def climbed(least: int) -> Words:
        return next(each for each in sentences(least) if each.key == "report.climbed")

    whole, masked = climbed(0), climbed(10)
    assert whole.params["money"] == masked.params["money"] == Figure(1420.0, "rounded_money")
    assert whole.params["net"] == masked.params["net"] == Figure(17, "difference")
    assert say(whole.params["sources"], "en") == "at risk 9, loyal customers 9"
    assert say(masked.params["sources"], "en") == "many small groups"
    # Too few in all: no money. A segment too small: no change.
    assert climbed(26).params["money"] == Figure(None, "rounded_money")
    assert climbed(60).params["net"] == Figure(None, "difference")


def test_the_workbook_hides_the_same_moves(changed: MigrationSummary) -> None:
    speaker = Speaker("en")
    matrix, sizes, moves = moves_sheet(changed, speaker).parts
    chart = flow_chart(changed, speaker)
    assert chart.numbers is not None
    assert isinstance(matrix, Grid)
    assert isinstance(sizes, Grid)
    assert isinstance(moves, Grid)
    for mine, theirs in zip(matrix.rows, chart.numbers.rows[:-1], strict=True):
        assert (
            [say(each, "en") for each in mine[1:]]
            == [  # type: ignore[arg-type]
                say(each, "en") for each in theirs[1:-1]
            ]
        )
    assert ("champions", 59, 76) in [
        (say(row[0], "en"), row[1].value, row[2].value)  # type: ignore[arg-type,union-attr]
        for row in sizes.rows
    ]
    assert len(moves.rows) == 1
    none = replace(changed, moves=changed.moves[:3])
    assert len(moves_sheet(none, speaker).parts) == 2
