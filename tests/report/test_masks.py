"""Pages and workbooks tell whole sums, and no small group."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from custseg.report.groups import withheld_groups
from custseg.report.html.speaker import WITHHELD, Speaker
from custseg.report.html.time_charts import cohorts_chart, flow_chart
from custseg.report.insights import insights
from custseg.report.model import Counted, Figure, Item, Joined, Lines, Toned, Words
from custseg.report.segment_changes import what_changed
from custseg.report.words import say
from custseg.report.xlsx.behavior import cohorts_sheet
from custseg.report.xlsx.changes import moves_sheet
from custseg.report.xlsx.model import Grid
from custseg.segment.cpm import CpmRow, CpmSummary
from custseg.segment.migration import Migration, MigrationSummary, MoveRow
from custseg.segment.nlr import NlrRow, NlrSummary
from custseg.segment.periods import CohortRow
from custseg.segment.repeat import RepeatSummary, SecondPurchaseRow
from custseg.segment.summary import SegmentSummary, TablesSummary


def move(before: str, after: str, customers: int, money: float, direction: str) -> MoveRow:
    return MoveRow(
        before=before, after=after, customers=customers, yearly_money=money, direction=direction
    )


PEOPLE: list[tuple[Item, str]] = [
    (Figure(9, "people"), "<10"),
    (Figure(10, "people"), "10"),
    (Figure(0, "people"), "0"),
    (Figure(None, "people"), "–"),
    (Figure(1234, "people"), "1,234"),
    (Figure(9), "9"),
    (Toned(Figure(1, "people"), "bad"), "<10"),
    (Counted(9, "customer"), "<10 customers"),
    (Counted(9, "row"), "9 rows"),
    (Joined((Figure(9, "people"), Figure(55.5, "number", of=9)), " "), "<10 –"),
    (Figure(55.5, "number", of=10), "55.5"),
]


@pytest.mark.parametrize(("item", "told"), PEOPLE)
def test_small_numbers_of_people_are_masked_wherever_they_stand(item: Item, told: str) -> None:
    assert Speaker("en").say(item) == told
    line = Words("report.reached_line", {"reached": item, "median": "", "mean": ""})
    assert told in Speaker("en").say(line)


def test_a_terminal_tells_them() -> None:
    for item, _ in PEOPLE[:9]:
        assert "<" not in say(item, "en")


@pytest.fixture
def tables() -> TablesSummary:
    """Seven of everything."""
    month = NlrRow(
        month="2025-11", new=7, new_money=1.0, returned=7, returned_money=1.0, retained=7,
        retained_money=1.0, lapsed=7, lapsed_money=777.0, active=7, partial=False, early=False,
    )  # fmt: skip
    stage = CpmRow(stage="best", active=7, lapsed=7, active_money=77.0, lapsed_money=7.0)
    cohort = CohortRow(month="2025-10", customers=(100, 7, 0, 20), money=(1.0, 1.0, 0.0, 1.0))
    second = SecondPurchaseRow(days=90, share=0.5, naive=0.4, waiting=500)
    return TablesSummary(
        deciles=(),
        gini=0.5,
        abc=(),
        months=(),
        cohorts=(cohort,),
        repeat=RepeatSummary(
            second=(second,), median_days=None, reached=(50, 7), interval_mean=3.0,
            interval_median=3.0,
        ),
        nlr=NlrSummary(days=90, rows=(month,)),
        cpm=CpmSummary(money=1.0, money_given=True, short=1, long=2, lapsed=3, rows=(stage,)),
    )  # fmt: skip


def test_no_sentence_tells_of_a_small_group(tables: TablesSummary) -> None:
    """Who came and went, stages and steps: masked as the tables beside them."""
    (block,) = insights(tables, None)
    assert isinstance(block, Lines)
    for speaker, few in ((Speaker("en"), 7), (Speaker("ja", mask_below=5), 0)):
        said = " ".join(speaker.say(item) for _, item in block.rows)
        assert said.count("<10") == few
        assert ("7" not in said) == bool(few)
        assert ("777" in said) == (not few)


def test_a_cohort_of_which_few_came_back(tables: TablesSummary) -> None:
    svg = cohorts_chart(tables, Speaker("en")).svg
    texts = [each.text for each in ET.fromstring(svg).iter() if each.tag.endswith("text")]
    assert texts[-3:] == ["<10", "0", "20"]
    (grid,) = cohorts_sheet(tables.cohorts, Speaker("en")).parts
    assert isinstance(grid, Grid)
    assert grid.rows[-1][2:] == ("<10", Figure(0.0, "share"), Figure(0.2, "share"))


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


@pytest.fixture
def spoken(changed: MigrationSummary, segment_summary: SegmentSummary) -> Callable[[int], Speaker]:
    """Who says a page that has nothing but the moves, by its bound."""
    empty = replace(segment_summary, rfm=None, segments=None, clusters=None, personas=None)
    summary = replace(empty, migration=changed)

    def speaker(least: int) -> Speaker:
        return Speaker("en", "", least, withheld_groups(least, segments=summary))

    return speaker


def test_the_picture_has_whole_sizes(
    changed: MigrationSummary, spoken: Callable[[int], Speaker]
) -> None:
    chart = flow_chart(changed, spoken(10))
    for told in ("champions 59", "champions 76", "loyal customers 100", "lost 75"):
        assert f">{told}<" in chart.svg
    assert "lost → lost: 60" in chart.svg
    assert "loyal → champions" not in chart.svg
    assert chart.numbers is not None
    cells = {str(row[0]): [say(each, "en") for each in row[1:]] for row in chart.numbers.rows}
    # Of those who left, 5 are too few to be told; the 12 beside them would give them away.
    assert cells["loyal customers"][0] == "<10"
    assert cells["loyal customers"][-2:] == [WITHHELD, "100"]
    # Nor can the 4 newcomers among champions be those of all, less the 20 at risk.
    assert cells["newcomers"][:3] == ["<10", "", WITHHELD]


def test_a_small_segment_has_no_size(
    changed: MigrationSummary, spoken: Callable[[int], Speaker]
) -> None:
    svg = flow_chart(changed, spoken(60)).svg
    assert ">champions &lt;60<" in svg
    assert ">champions 76<" in svg


def test_sums_hold_the_moves_that_are_not_told(
    changed: MigrationSummary, spoken: Callable[[int], Speaker]
) -> None:
    def climbed(least: int) -> Words:
        (block,) = what_changed(changed, spoken(least).secret)
        assert isinstance(block, Lines)
        found = [item for _, item in block.rows if isinstance(item, Words)]
        return next(each for each in found if each.key == "report.climbed")

    def told(least: int, name: str) -> str:
        return spoken(least).say(climbed(least).params[name])

    assert told(0, "money") == told(10, "money") == "1,420"
    assert told(0, "net") == told(10, "net") == "+17"
    assert told(0, "sources") == "at risk 9, loyal customers 9"
    assert told(10, "sources") == "many small groups"
    # Too few in all: no money. A segment too small: no change.
    assert told(26, "money") == WITHHELD
    assert told(60, "net") == WITHHELD


def test_the_money_of_a_single_secret_move_is_in_no_sum(
    changed: MigrationSummary, spoken: Callable[[int], Speaker]
) -> None:
    one = replace(changed, moves=(changed.moves[3], changed.moves[4]))
    (block,) = what_changed(one, lambda count, _: count < 10)
    assert isinstance(block, Lines)
    said = [spoken(10).say(item) for _, item in block.rows]
    assert any("1,500" in each for each in said)
    assert not any("33" in each for each in said)


def test_the_workbook_hides_the_same_moves(
    changed: MigrationSummary, spoken: Callable[[int], Speaker]
) -> None:
    speaker = spoken(10)
    matrix, sizes, moves = moves_sheet(changed, speaker).parts
    chart = flow_chart(changed, speaker)
    assert chart.numbers is not None
    assert isinstance(matrix, Grid)
    assert isinstance(sizes, Grid)
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
    assert isinstance(moves, Grid)
    assert len(moves.rows) == 1
    none = replace(changed, moves=changed.moves[:3])
    assert len(moves_sheet(none, speaker).parts) == 2
