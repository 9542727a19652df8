"""The driver: every row and column in order, parts added, changes listed, all of it undone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custseg.cleanse.standardize import columns as driver
from custseg.cleanse.standardize.base import Cell, Context, Settled, Standardizer, Status
from custseg.cleanse.standardize.nulls import is_blank, is_null_marker, null_mask
from custseg.cleanse.standardize.table import CHANGES, StandardizedTable, standardize_table
from custseg.cleanse.standardize.undo import undo
from custseg.engine import Engine
from custseg.fields.roles import Role


def upper(value: str, context: Context, neighbor: str) -> Cell:
    """A role as small as can be, with every kind of outcome."""
    if value == "bad":
        return Cell(None, Status.INVALID, "bad_word")
    if value == "two":
        return Cell("TWO", Status.STANDARDIZED, "several_values", (neighbor or None,), ("B", "C"))
    if value == "odd":
        return Cell("odd", Status.SUGGESTED, "strange", suggestion="EVEN")
    text = value.upper()
    return Cell(
        text, Status.VALID if text == value else Status.STANDARDIZED, None, (neighbor or None,)
    )


def plain(value: str, context: Context) -> Cell:
    return Cell(value)


def shout(values: pa.Array, context: Context) -> Settled:
    mask = np.array([value.endswith("!") for value in values.to_pylist()], dtype=np.bool_)
    return Settled(mask, values, np.zeros(len(values), dtype=np.int8))


def not_shouted(value: str, context: Context) -> Cell:
    assert not value.endswith("!"), "the shortcut settled it"
    return Cell(value + "!", Status.STANDARDIZED)


def role(name: str, standardizer: Standardizer | None) -> Role:
    return Role(name=name, label={}, about="", standardizer=standardizer)


ROLES = MappingProxyType(
    {
        one.name: one
        for one in (
            role("upper", Standardizer(cell=upper, parts=("side",), neighbors=("country",))),
            role(
                "giving",
                Standardizer(cell=upper, parts=("side",), neighbors=("hint",), fills=("side",)),
            ),
            role("side", Standardizer(cell=plain)),
            role("loud", Standardizer(cell=not_shouted, shortcut=shout, null_markers=False)),
            role("consent", Standardizer(cell=plain)),
            role("country", None),
            role("hint", None),
        )
    }
)


@pytest.fixture(autouse=True)
def small_roles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(driver, "registered_roles", lambda: ROLES)


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine(threads=1) as engine:
        yield engine


def run(
    engine: Engine, roles: Mapping[str, str], /, **columns: list[str | None]
) -> StandardizedTable:
    table = pa.table({name: pa.array(cells, pa.string()) for name, cells in columns.items()})
    return standardize_table(table, roles, Context(), engine, source="a.csv")


def test_columns_keep_their_order_and_parts_come_last(engine: Engine) -> None:
    done = run(engine, {"x": "upper", "c": "country"}, x=["a", None], y=["k", "l"], c=["JP", "US"])
    assert done.table.column_names == ["x", "y", "c", "side"]
    assert done.table.to_pylist() == [
        {"x": "A", "y": "k", "c": "JP", "side": "JP"},
        {"x": None, "y": "l", "c": "US", "side": None},
    ]
    assert done.roles == {"x": "upper", "c": "country", "side": "side"}


def test_the_same_value_beside_another_neighbor_is_another_cell(engine: Engine) -> None:
    done = run(engine, {"x": "upper", "c": "country"}, x=["A", "A", "A"], c=["JP", "US", None])
    assert done.table.column("side").to_pylist() == ["JP", "US", None]
    assert done.changes.num_rows == 0


def test_changes_list_what_changed_or_is_in_doubt(engine: Engine) -> None:
    cells = ["a", "B", "bad", "odd", "なし", None, "\u3000", "a"]
    done = run(engine, {"x": "upper"}, x=cells)
    listed = [
        (row["row"], row["before"], row["after"], row["status"], row["reason"], row["suggestion"])
        for row in done.changes.to_pylist()
    ]
    assert listed == [
        (1, "a", "A", "standardized", "standard_form", None),
        (3, "bad", None, "invalid", "bad_word", None),
        (4, "odd", "odd", "suggested", "strange", "EVEN"),
        (5, "なし", None, "missing", "null_marker", None),
        (7, "\u3000", None, "missing", "empty", None),
        (8, "a", "A", "standardized", "standard_form", None),
    ]
    assert set(done.changes.column("source").to_pylist()) == {"a.csv"}
    assert done.changes.schema == CHANGES


def test_quality_counts_every_cell_once(engine: Engine) -> None:
    done = run(engine, {"x": "upper"}, x=["a", "B", "bad", "なし", None, "a"])
    counted = {(row["status"], row["reason"]): row["cells"] for row in done.quality.to_pylist()}
    assert counted == {
        ("valid", None): 1,
        ("standardized", "standard_form"): 2,
        ("invalid", "bad_word"): 1,
        ("missing", "null_marker"): 1,
        ("missing", "empty"): 1,
    }


def test_further_values_become_columns_behind_the_parts(engine: Engine) -> None:
    done = run(engine, {"x": "upper"}, x=["two", "a"], x_2=["taken", None])
    assert done.table.column_names == ["x", "x_2", "x_3", "x_4"]
    assert done.table.column("x_3").to_pylist() == ["B", None]
    assert done.table.column("x_4").to_pylist() == ["C", None]
    assert done.roles["x_3"] == "upper"


def test_two_columns_of_a_role_give_their_parts_to_two_columns(engine: Engine) -> None:
    done = run(engine, {"x": "upper", "y": "upper", "c": "country"}, x=["a"], y=["b"], c=["JP"])
    assert done.table.column_names == ["x", "y", "c", "side", "side_2"]
    assert done.roles["side_2"] == "side"


def test_a_part_is_not_added_where_the_table_has_its_role(engine: Engine) -> None:
    done = run(
        engine,
        {"x": "upper", "s": "side", "c": "country"},
        x=["a", "b"],
        s=["own", None],
        c=["JP", "US"],
    )
    assert done.table.column_names == ["x", "s", "c"]
    assert done.table.column("s").to_pylist() == ["own", None]


def test_a_certain_part_fills_an_empty_cell_and_no_other(engine: Engine) -> None:
    done = run(
        engine,
        {"x": "giving", "s": "side", "h": "hint"},
        x=["A", "A", "A", "bad"],
        s=["own", None, "なし", None],
        h=["p", "q", "r", "s"],
    )
    assert done.table.column("s").to_pylist() == ["own", "q", "r", None]
    rows = [row for row in done.changes.to_pylist() if row["column"] == "s"]
    assert [(row["row"], row["before"], row["after"], row["reason"]) for row in rows] == [
        (2, None, "q", "filled_from_giving"),
        (3, "なし", "r", "filled_from_giving"),
    ]
    before = pa.table({"s": ["own", None, "なし", None]})
    assert undo(done.table, done.changes).select(["s"]).equals(before)


def test_a_channel_is_no_other_role(engine: Engine) -> None:
    done = run(engine, {"m": "consent:email"}, m=["true"])
    assert done.roles == {"m": "consent:email"}
    assert done.quality.column("role").to_pylist() == ["consent:email"]


def test_what_the_shortcut_settles_is_not_called_again(engine: Engine) -> None:
    done = run(engine, {"x": "loud"}, x=["a!", "a", "なし", " "])
    assert done.table.column("x").to_pylist() == ["a!", "a!", "なし!", None]


def test_rows_are_numbered_as_told(engine: Engine) -> None:
    table = pa.table({"x": ["a", "B", "c"]})
    rows = pa.array([10, 20, 30])
    done = standardize_table(table, {"x": "upper"}, Context(), engine, source="a.csv", rows=rows)
    assert done.changes.column("row").to_pylist() == [10, 30]
    assert undo(done.table, done.changes, rows=rows).equals(table)


def test_undo_takes_text_from_a_file_and_one_source(engine: Engine) -> None:
    done = run(engine, {"x": "upper"}, x=["a", "b"])
    other = run(engine, {"x": "upper"}, x=["c", "d"])
    as_text = pa.concat_tables([done.changes, other.changes]).cast(
        pa.schema([(name, pa.string()) for name in done.changes.column_names])
    )
    as_text = as_text.set_column(0, "source", pa.array(["one", "one", "two", "two"]))
    assert undo(done.table, as_text, source="one").to_pydict() == {"x": ["a", "b"]}
    assert undo(done.table, as_text, source="two").to_pydict() == {"x": ["c", "d"]}
    assert undo(done.table, as_text, source="none").equals(done.table)


def test_an_empty_table_stays_one(engine: Engine) -> None:
    done = run(engine, {"x": "upper", "y": "loud"}, x=[], y=[])
    assert (done.table.num_rows, done.changes.num_rows, done.quality.num_rows) == (0, 0, 0)


CELLS = st.lists(
    st.tuples(
        st.sampled_from(["a", "B", "bad", "two", "odd", "なし", " ", None, "x y"]),
        st.sampled_from(["JP", "US", None]),
    ),
    min_size=1,
    max_size=30,
)


@settings(deadline=None, max_examples=60)
@given(CELLS, st.randoms(use_true_random=False))
def test_rows_decide_alone_whatever_their_order(
    cells: list[tuple[str | None, str | None]], random: object
) -> None:
    order = list(range(len(cells)))
    random.shuffle(order)  # type: ignore[attr-defined]
    with Engine(threads=1) as engine:

        def outcome(rows: list[int]) -> list[dict[str, object]]:
            columns = {
                "x": [cells[row][0] for row in rows],
                "c": [cells[row][1] for row in rows],
            }
            done = run(engine, {"x": "upper", "c": "country"}, **columns)
            original = pa.table({name: pa.array(v, pa.string()) for name, v in columns.items()})
            assert undo(done.table, done.changes).select(["x", "c"]).equals(original)
            return done.table.to_pylist()

        straight, mixed = outcome(list(range(len(cells)))), outcome(order)
    assert [straight[row] for row in order] == mixed


def test_workers_change_nothing() -> None:
    cells = [f"value {number}" for number in range(20_500)]
    with Engine(threads=1) as one, Engine(threads=2) as two:
        alone, together = (
            standardize_table(pa.table({"x": cells}), {"x": "loud"}, Context(), engine, source="a")
            for engine in (one, two)
        )
    assert alone.table.equals(together.table)
    assert alone.changes.equals(together.changes)


@given(st.lists(st.text(alphabet=" \u3000\u200b\x00-ーなしＮ/a無N?#.0＃1@ﾃﾞｰﾀ", max_size=6)))
def test_null_markers_one_by_one_and_at_once(values: list[str]) -> None:
    array = pa.array(values, pa.string())
    assert null_mask(array, markers=True).tolist() == [is_null_marker(value) for value in values]
    assert null_mask(array, markers=False).tolist() == [is_blank(value) for value in values]
