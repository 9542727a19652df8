"""Labels read beside the lines are those of their lines, however DuckDB and files are cut."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from custseg.engine import Engine, ParquetScan, ScanPart, encoded_columns
from custseg.engine import engine as engine_module
from custseg.errors import InputError
from custseg.segment.line_orders import orders_of_lines
from custseg.segment.lines import Lines, stage_lines
from custseg.segment.order_sql import lines_query

ROWS = 300_000
"""Of fewer, DuckDB's threads each take all."""

LABELS = ("category", "product_id", "channel")


def told_by_customer(rows: int = ROWS, first: int = 0) -> pa.Table:
    """Lines whose labels follow from their customer, or from whether they count."""
    who = np.arange(first, first + rows) * 7919 % 1_009
    return pa.table(
        {
            "customer_id": who,
            "order_id": np.arange(first, first + rows) // 2,
            "order_date": pa.array(np.datetime64("2024-01-01", "us") + who * 60_000_000),
            "amount": who * 10 + 1,
            "category": pa.array([f" c{each % 7}" for each in who], mask=who % 7 == 6),
            "product_id": who % 11,
            "channel": np.where(who % 5 == 0, "left out", "counts"),
            "cancelled": np.where(who % 5 == 0, "Cancelled", "open"),
        }
    )


def scanned(folder: Path, pieces: dict[str, pa.Table], **columns: str) -> ParquetScan:
    """Files of which one calls some columns otherwise, or lacks them."""
    parts = []
    for name, table in pieces.items():
        pq.write_table(table, folder / name, row_group_size=50_000)
        own = {columns.get(each, each): each for each in table.column_names}
        parts.append(ScanPart(folder / name, name, own))
    schema = next(iter(pieces.values())).schema
    return ParquetScan(tuple(parts), schema, sum(map(len, pieces.values())))


def values(pieces: Sequence[pa.DictionaryArray]) -> list[object]:
    return [value for piece in pieces for value in piece.to_pylist()]


@pytest.mark.parametrize("mapped", [False, True])
@pytest.mark.parametrize("cancelled", [False, True])
@pytest.mark.parametrize("stored", [False, True])
def test_each_line_has_its_own_labels(
    engine: Engine, tmp_path: Path, stored: bool, cancelled: bool, mapped: bool
) -> None:
    table = told_by_customer()
    lines: Lines = table
    if stored:
        renamed = table.slice(ROWS // 3).rename_columns(
            ["ラベル.1" if name == "category" else name for name in table.column_names]
        )
        pieces = {"a.parquet": table.slice(0, ROWS // 3), "b.parquet": renamed}
        lines = scanned(tmp_path, pieces, **{"ラベル.1": "category"})
    roles = {name: name for name in table.column_names if cancelled or name != "cancelled"}
    ids = pa.table({"source_id": ["7"], "customer_id": ["7"]})
    stage = stage_lines(engine, lines, roles, customers=ids if mapped else None)
    found = orders_of_lines(engine, stage, LABELS)
    who = np.array([int(each) for each in found.ids.to_pylist()])
    counted = (found.lines.money // 10_000 - 1) // 10
    assert len(counted) == np.count_nonzero(table["customer_id"].to_numpy() % 5) or not cancelled
    for role, expected in (
        ("category", [f"c{each % 7}" if each % 7 < 6 else None for each in counted]),
        ("product_id", [str(each % 11) for each in counted]),
    ):
        label = found.lines.labels[role]
        assert label.texts(label.codes).to_pylist() == expected
        assert label.codes.dtype == (np.int32 if mapped else np.int8)
    channel = found.labels["channel"]
    expected = ["counts" if each % 5 else "left out" for each in who[found.who]]
    assert channel.texts(channel.codes).to_pylist() == expected


def test_lines_out_of_order_are_known(engine: Engine) -> None:
    table = told_by_customer(100)
    roles = {name: name for name in table.column_names}
    ids = pa.table({"source_id": ["7"], "customer_id": ["7"]})
    plain, mapped = (
        stage_lines(engine, table, roles),
        stage_lines(engine, table, roles, customers=ids),
    )
    assert plain.keeps_order(engine, lines_query(plain, []))
    assert not mapped.keeps_order(engine, lines_query(mapped, []))


def test_a_label_that_a_file_lacks_is_none(engine: Engine, tmp_path: Path) -> None:
    table = told_by_customer(1_000)
    pieces = {"a.parquet": table, "b.parquet": table.drop_columns(["category"])}
    found = encoded_columns(scanned(tmp_path, pieces), ["category", "product_id"])
    whole = table["category"].to_pylist() + [None] * 1_000
    assert values(found["category"]) == whole
    assert values(found["product_id"]) == table["product_id"].to_pylist() * 2
    assert values(encoded_columns(table, ["category"])["category"]) == whole[:1_000]
    assert values(encoded_columns(table.slice(0, 0), ["category"])["category"]) == []


@pytest.mark.parametrize("number", [100, 127, 128, 129, 32_767, 32_768, 40_000])
def test_places_are_small_where_there_are_few(engine: Engine, tmp_path: Path, number: int) -> None:
    names = [f"P{each}" for each in range(number)]
    table = pa.table({"category": [*names, None, names[-1], names[0]]})
    scan = scanned(tmp_path, {"a.parquet": table})
    assert values(encoded_columns(scan, ["category"])["category"]) == table["category"].to_pylist()


def test_texts_that_are_none_are_an_error_of_the_file(tmp_path: Path) -> None:
    broken = pa.array([b"tea", b"\xff\xfe"]).view(pa.string())
    scan = scanned(tmp_path, {"a.parquet": pa.table({"category": broken})})
    with pytest.raises(InputError) as caught:
        encoded_columns(scan, ["category"])
    assert caught.value.key == "tables.parquet_damaged"
    (tmp_path / "a.parquet").write_bytes(b"PAR1")
    with pytest.raises(InputError) as caught:
        encoded_columns(scan, ["category"])
    assert caught.value.key == "tables.parquet_damaged"


@pytest.mark.parametrize("apart", [0, 1, 150_000, ROWS - 1])
def test_days_of_lines_are_kept_where_they_differ(engine: Engine, apart: int) -> None:
    # A line of an order is of the next day: the first one's second, one in the middle, the last.
    order = np.arange(ROWS) // 2
    moment = np.full(ROWS, np.datetime64("2024-01-01T10:00", "us"))
    if apart:
        moment[apart] += np.timedelta64(1, "D")
    table = pa.table(
        {
            "customer_id": order * 7919 % 1_009,
            "order_id": order,
            "order_date": pa.array(moment),
            "amount": order % 7 + 1,
            "category": pa.array([f"c{each % 5}" for each in range(ROWS)]),
        }
    )
    columns = {name: name for name in table.column_names}
    days = orders_of_lines(engine, stage_lines(engine, table, columns), ["category"]).lines.days
    if not apart:
        assert days is None
    else:
        np.testing.assert_array_equal(days, moment.astype("datetime64[D]").astype(np.int32))


@pytest.mark.parametrize("first", [1, 300_000, 10**13])
@pytest.mark.parametrize("later", [1, 300_000, 10**13])
def test_money_is_exact_where_an_order_goes_on_in_the_next_batch(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, first: int, later: int
) -> None:
    monkeypatch.setattr(engine_module, "_BATCH", 1_024)
    rows, batch = 10_000, 2_048
    order = np.arange(rows) // 3
    money = [
        (each % 7 + 1) * (first if each < batch else later if each < 2 * batch else 1)
        for each in range(rows)
    ]
    table = pa.table(
        {
            "customer_id": order % 11,
            "order_id": order,
            "order_date": pa.array(np.full(rows, np.datetime64("2024-01-01"))),
            "amount": pa.array([Decimal(each) for each in money], pa.decimal128(30, 0)),
            "category": pa.array(["tea"] * rows),
        }
    )
    columns = {name: name for name in table.column_names}
    found = orders_of_lines(engine, stage_lines(engine, table, columns), ["category"])
    sums: Counter[int] = Counter()
    for number, each in zip(order.tolist(), money, strict=True):
        sums[number] += each * 10_000
    numbers = found.keys.to_pylist()
    assert dict(zip(numbers, map(int, found.columns["amount"]), strict=True)) == sums
    assert [int(each) for each in found.lines.money] == [each * 10_000 for each in money]
