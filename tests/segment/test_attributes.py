"""Tables of customers, clustered by columns of their own instead of orders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from custseg.config import Settings
from custseg.config.schema import SegmentSettings
from custseg.errors import InputError
from custseg.jobs.segment import SegmentResult, cluster, segment
from custseg.segment.attributes import column_numbers, number_columns, read_customer_table

PEOPLE = [(f"A{number:02d}", 20 + number, 3_000_000 + 50_000 * number) for number in range(40)]


def nothing(texts: Sequence[str]) -> list[str | None]:
    return [None] * len(texts)


def written(path: Path, rows: Sequence[Sequence[Any]] = PEOPLE) -> Path:
    lines = ["会員番号,年齢,年収", *(",".join(map(str, row)) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def clustered(*paths: Path, k: str = "2", **chosen: Any) -> SegmentResult:
    settings = Settings(segment=SegmentSettings(clusters=k, features=("年齢,年収",)))
    return cluster([str(path) for path in paths], settings=settings, **chosen)


def test_customers_are_clustered_by_their_columns(tmp_path: Path) -> None:
    found = clustered(written(tmp_path / "people.csv"))
    table = found.scores
    assert table.column_names == ["customer_id", "年齢", "年収", "cluster", "cluster_name"]
    assert table["customer_id"].to_pylist() == [row[0] for row in PEOPLE]
    assert table["年齢"].to_pylist() == [row[1] for row in PEOPLE]
    summary = found.summary
    assert summary.orders is None
    assert summary.attributes is not None
    assert summary.attributes.id_column == "会員番号"
    assert summary.clusters is not None
    assert [row.money for row in summary.clusters.rows] == [None, None]
    young, old = sorted(summary.clusters.rows, key=lambda row: row.medians["年齢"] or 0)
    assert young.medians["年収"] < old.medians["年収"]  # type: ignore[operator]


def test_rows_files_types_and_writing_change_nothing(tmp_path: Path) -> None:
    plain = clustered(written(tmp_path / "people.csv"))
    backward = written(tmp_path / "backward.csv", PEOPLE[::-1])
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    odd = [(who, str(age).translate(wide), f'"¥{income:,}"') for who, age, income in PEOPLE]
    columns = dict(
        zip(("会員番号", "年齢", "年収"), map(list, zip(*PEOPLE, strict=True)), strict=True)
    )
    pq.write_table(pa.table(columns), tmp_path / "people.parquet")
    for paths in (
        [backward],
        [written(tmp_path / "people.csv"), backward],
        [written(tmp_path / "odd.csv", [*odd, ("", "", "")])],
        [tmp_path / "people.parquet"],
        [written(tmp_path / "first.csv", PEOPLE[:15]), written(tmp_path / "rest.csv", odd[15:])],
    ):
        assert clustered(*paths).scores.equals(plain.scores)


def test_the_saved_model_gives_the_same_labels_and_tells_drift(tmp_path: Path) -> None:
    path = written(tmp_path / "people.csv")
    fitted = clustered(path, k="3", output=tmp_path / "run")
    # Of a model the features are known, whatever the settings say.
    scored = cluster([str(path)], model=tmp_path / "run")
    assert scored.scores.equals(fitted.scores)
    assert scored.summary.clusters is not None
    assert scored.summary.clusters.drift == {"年齢": 0, "年収": 0}
    older = [(who, age + 30, income) for who, age, income in PEOPLE]
    moved = cluster([str(written(tmp_path / "older.csv", older))], model=tmp_path / "run")
    assert [each.params["feature"] for each in moved.summary.warnings] == ["年齢"]
    again = clustered(path, k="3", previous=tmp_path / "run")
    assert again.scores.equals(fitted.scores)


def test_what_is_missing_is_counted_and_the_median_stands_in(tmp_path: Path) -> None:
    rows = [*PEOPLE, ("A90", "unknown", 4_000_000), ("A91", 33, ""), ("", 50, 1), ("", "", "")]
    found = clustered(written(tmp_path / "people.csv", rows))
    summary = found.summary.attributes
    assert summary is not None
    assert (summary.rows, summary.customers, summary.unnamed, summary.empty) == (44, 42, 1, 1)
    assert summary.missing == {"年齢": 1, "年収": 1}
    assert {each.key for each in found.summary.warnings} == {"segment.warn.feature_missing"}
    assert found.scores["年齢"].null_count == 1


def test_without_ids_rows_are_numbered(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("age,income\n" + "".join(f"{20 + n},{n * n}\n" for n in range(30)))
    settings = Settings(segment=SegmentSettings(clusters="2", features=("age", "income")))
    found = cluster([str(path)], settings=settings)
    assert sorted(found.scores["customer_id"].to_pylist(), key=int) == [
        f"{n + 1}" for n in range(30)
    ]
    assert "segment.warn.rows_numbered" in {each.key for each in found.summary.warnings}


def test_orders_stay_orders(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    rows = "".join(f"{n},c{n % 31},2025-01-{1 + n % 28:02d},{n * 7 % 90 + 1}\n" for n in range(200))
    path.write_text("order_id,customer_id,order_date,amount\n" + rows)
    found = cluster([str(path)], settings=Settings(segment=SegmentSettings(clusters="2")))
    assert found.summary.orders is not None
    assert found.summary.attributes is None


@pytest.mark.parametrize(
    ("rows", "features", "key"),
    [
        ([*PEOPLE, ("A00", 99, 1)], ("年齢",), "segment.customers_differ"),
        ([(who, "?", income) for who, _, income in PEOPLE], ("年齢",), "segment.feature_no_number"),
        (PEOPLE, ("年齢", "身長"), "segment.cluster_of_what"),
        (PEOPLE, SegmentSettings().features, "segment.cluster_of_what"),
        ([(who, "?", "?") for who, _, _ in PEOPLE], ("身長",), "segment.role_missing"),
    ],
)
def test_tables_that_cannot_be_clustered_are_refused(
    tmp_path: Path, rows: Sequence[Sequence[Any]], features: tuple[str, ...], key: str
) -> None:
    path = written(tmp_path / "people.csv", rows)
    settings = Settings(segment=SegmentSettings(features=features))
    with pytest.raises(InputError) as refused:
        cluster([str(path)], settings=settings)
    assert refused.value.key == key
    if key == "segment.cluster_of_what":
        assert refused.value.params["features"] == "年齢,年収"
    if key == "segment.customers_differ":
        assert (refused.value.params["first"], refused.value.params["second"]) == (1, 41)


def test_files_without_the_same_columns_are_refused(tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("顧客コード,年齢,年収\nB1,20,300\nB2,30,500\n", encoding="utf-8")
    with pytest.raises(InputError) as refused:
        clustered(written(tmp_path / "people.csv"), other)
    assert (refused.value.key, refused.value.params["name"]) == (
        "segment.column_missing",
        "other.csv",
    )


def test_a_run_of_attributes_is_no_earlier_segmentation(tmp_path: Path) -> None:
    clustered(written(tmp_path / "people.csv"), output=tmp_path / "run")
    lines = pa.table({"customer_id": ["a"], "order_date": ["2025-01-01"], "amount": ["5"]})
    with pytest.raises(InputError) as refused:
        segment({"orders": lines}, previous=tmp_path / "run")
    assert refused.value.key == "segment.model_without"


def test_a_name_with_a_comma_is_one_column(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    rows = "".join(f"c{n},{20 + n},{n * n}\n" for n in range(30))
    path.write_text('customer_id,age,"income, yen"\n' + rows)
    settings = Settings(segment=SegmentSettings(clusters="2", features=("age", "income, yen")))
    found = cluster([str(path)], settings=settings)
    assert found.scores.column_names[1:3] == ["age", "income, yen"]


def test_scaling_may_be_left_out(tmp_path: Path) -> None:
    chosen = SegmentSettings(clusters="2", features=("年齢",), transform="none")
    path = str(written(tmp_path / "people.csv"))
    plain = cluster([path], settings=Settings(segment=replace(chosen, scale="none")))
    scaled = cluster([path], settings=Settings(segment=chosen))
    ages = np.array([float(row[1]) for row in PEOPLE])
    halves = np.split(ages, 2)
    assert plain.summary.clusters is not None
    assert scaled.summary.clusters is not None
    inertia = plain.summary.clusters.trials[0].inertia
    assert inertia == pytest.approx(sum(float(np.square(h - h.mean()).sum()) for h in halves))
    assert scaled.summary.clusters.trials[0].inertia == pytest.approx(inertia / ages.var())


def test_numbers_are_read_by_their_texts() -> None:
    texts = pa.chunked_array([[" 5 ", "x", None], ["", "1e3", "nan", "inf", "x"]])
    found = column_numbers(texts, lambda odd: ["7" if text == "x" else None for text in odd])
    assert np.array_equal(found, [5, 7, np.nan, np.nan, 1000, np.nan, np.nan, 7], equal_nan=True)
    assert np.isnan(column_numbers(pa.chunked_array([[True, False]]), nothing)).all()
    table = pa.table({"a": ["1", "2"], "b": ["1", "x"], "c": [1.5, None], "d": ["x", "y"]})
    assert number_columns(table, nothing) == ["a", "c"]


def test_one_customer_is_one_row_however_often_it_stands() -> None:
    table = pa.table({"n": [3, 1, 3, 2], "m": [None, 1.5, None, 2.5]})
    ids = pa.chunked_array([["b", "a", "b", None]])
    found = read_customer_table(table, ids, "id", ["n", "m"], nothing)
    assert found.table.to_pydict() == {"customer_id": ["a", "b"], "n": [1, 3], "m": [1.5, None]}
    assert (found.summary.customers, found.summary.unnamed) == (2, 1)
