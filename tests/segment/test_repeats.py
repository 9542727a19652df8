"""Orders exported twice: in overlapping files, with a newer state, or doubled in one file."""

from __future__ import annotations

from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from custseg.config import Settings
from custseg.config.schema import OutputSettings
from custseg.engine import Engine
from custseg.jobs import segment_orders
from custseg.jobs.segment import SegmentResult, rfm
from custseg.segment.orders import Orders, read_orders
from custseg.segment.repeats import doubled_orders

NAMES = ("file", "order", "who", "day", "good", "money", "state")
ROLES = {
    "source": "file",
    "order_id": "order",
    "customer_id": "who",
    "order_date": "day",
    "product_id": "good",
    "amount": "money",
    "cancelled": "state",
}
Row = tuple[str, str, str, str, str, str, str]


def read(engine: Engine, rows: list[Row], *, numbered: bool = True) -> Orders:
    columns = dict(zip(NAMES, map(list, zip(*rows, strict=True)), strict=True))
    table = pa.table({name: pa.array(cells, pa.string()) for name, cells in columns.items()})
    roles = {role: name for role, name in ROLES.items() if numbered or role != "order_id"}
    return read_orders(engine, table, roles)


def left_out(orders: Orders) -> dict[str, tuple[int, Decimal]]:
    return {each.reason: (each.rows, each.money) for each in orders.excluded}


@pytest.mark.parametrize("numbered", [True, False])
def test_files_that_overlap_count_once(engine: Engine, numbered: bool) -> None:
    january: list[Row] = [
        ("01", "1", "a", "2025-01-03", "x", "10", ""),
        ("01", "1", "a", "2025-01-03", "y", "10", ""),
        ("01", "2", "b", "2025-01-31", "x", "30", ""),
        ("01", "2", "b", "2025-01-31", "x", "30", ""),
    ]
    # The last day again, and what came in after the first export.
    february: list[Row] = [
        ("02", "2", "b", "2025-01-31", "x", "30", ""),
        ("02", "2", "b", "2025-01-31", "x", "30", ""),
        ("02", "3", "c", "2025-01-31", "z", "40", ""),
        ("02", "4", "a", "2025-02-01", "x", "10", ""),
    ]
    found = read(engine, january + february, numbered=numbered)
    assert found.money_used == Decimal(130)
    assert left_out(found) == {"repeated": (2, Decimal(60))}
    assert found.money_in == Decimal(190)


def test_the_same_day_in_two_shops_is_no_overlap(engine: Engine) -> None:
    rows: list[Row] = [
        ("one", "", "a", "2025-01-03", "x", "10", ""),
        ("one", "", "b", "2025-01-03", "x", "10", ""),
        ("two", "", "a", "2025-01-03", "x", "10", ""),
        ("two", "", "c", "2025-01-03", "x", "10", ""),
    ]
    found = read(engine, rows, numbered=False)
    assert (found.money_used, found.excluded) == (Decimal(40), ())


@pytest.mark.parametrize("first", ["01", "03"])
def test_an_order_cancelled_since_is_cancelled(engine: Engine, first: str) -> None:
    rows: list[Row] = [
        (first, "1", "a", "2025-01-03", "x", "10", "処理中"),
        ("02", "1", "a", "2025-01-03", "x", "10", "キャンセル"),
        ("02", "2", "b", "2025-02-03", "x", "20", "完了"),
    ]
    found = read(engine, rows)
    assert found.money_used == Decimal(20)
    assert left_out(found) == {"repeated": (1, Decimal(10)), "cancelled": (1, Decimal(10))}


def test_an_order_with_a_line_more_takes_the_place_of_the_order(engine: Engine) -> None:
    rows: list[Row] = [
        ("01", "1", "a", "2025-01-03", "x", "10", ""),
        ("02", "1", "a", "2025-01-03", "x", "10", ""),
        ("02", "1", "a", "2025-01-03", "y", "5", ""),
    ]
    found = read(engine, rows)
    assert (found.money_used, found.number) == (Decimal(15), 1)
    assert left_out(found) == {"repeated": (1, Decimal(10))}


def test_one_number_of_two_shops_is_two_orders(engine: Engine) -> None:
    rows: list[Row] = [
        ("one", "1", "a", "2025-01-03", "x", "10", ""),
        ("two", "1", "b", "2025-01-03", "x", "10", ""),
    ]
    assert read(engine, rows).excluded == ()


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["f1", "f2", "f3"]),
        st.sampled_from(["", "1", "2"]),
        st.sampled_from(["a", "b"]),
        st.sampled_from(["2025-01-03", "2025-01-04"]),
        st.sampled_from(["x", "y"]),
        st.sampled_from(["10", "20"]),
        st.sampled_from(["", "キャンセル"]),
    ),
    min_size=1,
    max_size=14,
)


def repeated_rows(rows: list[Row]) -> int:
    """The slow twin: how many lines are of orders (or days) that another file holds whole."""
    kept: dict[tuple[str, str], dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        key = ("order", row[1]) if row[1] else ("day", row[3])
        kept[key][row[0]].append(row)
    number = 0
    for files in kept.values():
        whole = {file: Counter((row[2:6]) for row in lines) for file, lines in files.items()}
        called_off = {file: sum(bool(row[6]) for row in lines) for file, lines in files.items()}
        for mine, lines in files.items():
            for theirs in files:
                if theirs == mine or whole[mine] - whole[theirs]:
                    continue
                larger = whole[theirs].total() > whole[mine].total()
                more = called_off[theirs] - called_off[mine]
                if larger or more > 0 or (more == 0 and theirs < mine):
                    number += len(lines)
                    break
    return number


@given(ROWS)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_what_is_left_out_is_what_a_slow_look_finds(engine: Engine, rows: list[Row]) -> None:
    # One line that always counts, so that there is something to read.
    rows = [*rows, ("f1", "3", "c", "2025-01-05", "z", "10", "")]
    found = left_out(read(engine, rows))
    assert found.get("repeated", (0, 0))[0] == repeated_rows(rows)


def run(paths: list[Path]) -> SegmentResult:
    return rfm([str(path) for path in paths], settings=Settings(output=OutputSettings(lang="en")))


def written(path: Path, numbers: range, *, times: int = 1, good: str = "x") -> Path:
    rows = [f"{n},c{n % 7},2025-01-{1 + n % 28:02d},{good},{100 + n}\n" for n in numbers] * times
    path.write_text("order_id,customer_id,order_date,product_id,amount\n" + "".join(rows))
    return path


def test_a_file_that_holds_everything_twice_is_told(tmp_path: Path) -> None:
    once = run([written(tmp_path / "once.csv", range(100))])
    twice = run([written(tmp_path / "twice.csv", range(100), times=2)])
    key = "segment.warn.doubled"
    assert key not in {each.key for each in once.summary.warnings}
    told = {each.key: each.params for each in twice.summary.warnings}
    assert told[key] == {"share": 100}


def test_a_file_that_holds_some_orders_twice_is_told(tmp_path: Path) -> None:
    orders = written(tmp_path / "orders.csv", range(100))
    header, *lines = orders.read_text().splitlines()
    shares = {}
    for number in (4, 5, 6, 30):
        orders.write_text("\n".join([header, *lines, *lines[:number]]))
        warned = {each.key: each.params for each in run([orders]).summary.warnings}
        shares[number] = warned.get("segment.warn.doubled", {}).get("share")
    assert shares == {4: None, 5: None, 6: 6, 30: 30}


def test_it_is_looked_for_only_where_money_may_stand_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def looked_for(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(segment_orders, "doubled_orders", looked_for)
    run([written(tmp_path / "once.csv", range(100))])
    with pytest.raises(AssertionError):
        run([written(tmp_path / "twice.csv", range(100), times=2)])


@pytest.mark.parametrize("owners", [("", ""), ("", "a")], ids=["pasted", "joined"])
@pytest.mark.parametrize("others", [0, 1_000])
def test_orders_that_stand_twice_are_told_whatever_else_the_file_holds(
    tmp_path: Path, owners: tuple[str, str], others: int
) -> None:
    # Joined to a table that holds each customer twice, an order is of two customers; sales without
    # a number say nothing of those that have one.
    lines = [f"{n},c{n % 7}{who},2025-01-03,{n + 100}" for n in range(30) for who in owners]
    lines += [f",d{n},2025-01-03,{n + 100}" for n in range(others)]
    path = tmp_path / "orders.csv"
    path.write_text("\n".join(["order_id,customer_id,order_date,amount", *lines]))
    told = {each.key: each.params for each in run([path]).summary.warnings}
    assert told["segment.warn.doubled"]["share"] == (97 if others else 100)


LINE = st.tuples(
    st.sampled_from("123"), st.sampled_from("ab"), st.sampled_from("xy"), st.integers(1, 3)
)


@given(st.lists(LINE, min_size=1, max_size=12), st.sampled_from([1, 10**5, 10**13]))
def test_orders_that_stand_twice_are_among_those_that_may(
    drawn: list[tuple[str, str, str, int]], scale: int
) -> None:
    names = ("order_id", "customer_id", "product_id", "amount")
    lines = pa.table(
        {
            **{name: [row[at] for row in drawn] for at, name in enumerate(names[:3])},
            "amount": pa.array([str(row[3] * scale) for row in drawn]),
            "order_date": ["2025-01-01"] * len(drawn),
        }
    ).sort_by("customer_id")
    # An order is of one customer.
    lines = lines.set_column(
        0, "order_id", pa.array([f"{o}{c}" for o, c in zip(*lines.columns[:2], strict=True)])
    )
    with Engine(threads=1) as engine:
        found = read_orders(engine, lines, {name: name for name in lines.column_names})
        seen, doubled = doubled_orders(engine, found.stage, found.rows_in)
    by_order = Counter(zip(*(lines[name].to_pylist() for name in names), strict=True))
    money: dict[str, Counter[str]] = defaultdict(Counter)
    for (order, _, _, amount), times in by_order.items():
        money[order][amount] += times
    assert seen == len(money)
    assert found.paired is not None
    assert doubled <= found.paired * seen
    even = sum(all(times % 2 == 0 for times in each.values()) for each in money.values())
    assert found.paired * seen >= even


def test_orders_that_differ_between_files_are_told(tmp_path: Path) -> None:
    first = written(tmp_path / "a.csv", range(60))
    second = written(tmp_path / "b.csv", range(50, 90), good="y")
    told = {each.key: each.params for each in run([first, second]).summary.warnings}
    assert told["segment.warn.differing"] == {"orders": 10}
    again = written(tmp_path / "c.csv", range(50, 90))
    assert "segment.warn.differing" not in {
        each.key for each in run([first, again]).summary.warnings
    }
