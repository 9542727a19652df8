"""Orders as arrays beside the queries they stand for, and the profile beside one in SQL."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custseg.engine import Engine
from custseg.segment import ledger as module
from custseg.segment import likes as likes_module
from custseg.segment.customer_sums import customer_sums
from custseg.segment.keys import named, numbered, picked_keys
from custseg.segment.ledger import Ledger, portions
from custseg.segment.line_orders import orders_of_lines
from custseg.segment.lines import LineSettings, Stage, stage_lines
from custseg.segment.order_sql import customers_query, orders_query
from custseg.segment.orders import Orders, read_orders
from custseg.segment.profile import customer_profile, rounded

START = np.datetime64("2024-01-01T00:00:00", "us")


def messy(kind: str, rows: int = 6_000, worth: int = 1) -> pa.Table:
    """Lines of few customers and moments, so that ties, gaps and lines left out are common."""
    rng = np.random.default_rng(5)
    order = rng.integers(0, rows // 2, rows)
    who, day = order * 7 % 211, order * 13 % 90
    second = rng.integers(0, 2, rows) * (kind != "days")
    texts = kind in ("texts", "no ids")

    def label(number: int, name: str) -> pa.Array:
        codes = rng.integers(0, number + 1, rows)
        return pa.array([f"{name}{code}" for code in codes], mask=codes == number)

    def ids(numbers: np.ndarray, name: str, missing: int) -> pa.Array:
        values = [f"{name}{number}" for number in numbers] if texts else numbers
        return pa.array(values, mask=numbers % missing == 0)

    cents = rng.integers(-200, 9_000, rows) * worth
    table = pa.table(
        {
            "customer_id": ids(who, "c", 29),
            "order_id": ids(order, "A", 3 if kind == "no ids" else rows),
            "order_date": pa.array(
                START + day * np.timedelta64(1, "D") + second * np.timedelta64(1, "us"),
                mask=order % 31 == 0,
            ),
            "amount": pa.array(cents // 100 * 100, pa.int64()),
            "discount": pa.array(rng.integers(0, 500, rows), mask=rng.random(rows) < 0.7),
            "cost": pa.array(cents // 3, mask=(who % 2 == 0) | (rng.random(rows) < 0.3)),
            "channel": label(3, "web "),
            "campaign": label(9, "mail "),
            "store": label(1, "店"),
            "category": label(4, "茶"),
            "product_id": label(40, "P"),
        }
    )
    return table.drop_columns(["store", "product_id"]) if kind == "days" else table


KINDS = ("numbers", "texts", "no ids", "days")


def staged(engine: Engine, table: pa.Table, **more: Any) -> Stage:
    return stage_lines(engine, table, {name: name for name in table.column_names}, **more)


def orders_of(engine: Engine, table: pa.Table, ledger: bool, **more: Any) -> Orders:
    columns = {name: name for name in table.column_names}
    return read_orders(engine, table, columns, ledger=ledger, **more)


MAP = pa.table({"source_id": ["c7", "c8", "14"], "customer_id": ["g1", "g1", "g2"]})


@pytest.mark.parametrize("golden", [None, MAP], ids=["own ids", "mapped"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_ledger_gives_what_the_queries_give(
    engine: Engine, kind: str, golden: pa.Table | None
) -> None:
    stage = staged(engine, messy(kind), customers=golden)
    found = Ledger.read(engine, stage)
    orders = stage.run(engine, orders_query(stage))
    assert found.table().schema == orders.schema
    compared = [name for name in orders.column_names if name not in ("discount", "cost")]
    # Orders without ids that agree in all that sorts them may stand in any order.
    assert found.table().select(compared).equals(orders.select(compared))
    every = stage.run(engine, customers_query(stage))
    used = every.filter(every["reason"].is_null())
    orders = orders_of_lines(engine, stage, [])
    customers = customer_sums(orders.ids, orders.who, orders.columns)
    assert customers.select(used.column_names[1:]).equals(used.drop_columns(["reason"]))
    added = [("n_lines", "sum"), ("monetary", "sum")]
    left = found.found.left_out.group_by("reason").aggregate(added)
    whole = every.filter(every["reason"].is_valid()).group_by("reason")
    expected = whole.aggregate(added)
    assert left.sort_by("reason").equals(expected.sort_by("reason"))


def too_large(engine: Engine, monkeypatch: pytest.MonkeyPatch, portion: int) -> None:
    """Let no more than so many lines fit into memory."""
    monkeypatch.setattr(module, "_BYTES", engine.memory // 2 // portion)


@pytest.mark.parametrize("ledger", [True, False], ids=["kept", "sums alone"])
@pytest.mark.parametrize("kind", KINDS)
def test_the_account_of_lines_is_that_of_queries_where_they_do_not_fit(
    engine: Engine, kind: str, ledger: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = LineSettings(as_of=np.datetime64("2024-03-01").astype(object))
    one = orders_of(engine, messy(kind), ledger, settings=settings)
    too_large(engine, monkeypatch, 100)
    other = orders_of(engine, messy(kind), ledger, settings=settings)
    assert (one.ledger is not None, other.ledger) == (ledger, None)
    assert (one.left_out is None, other.left_out) == (False, None)
    for name in (
        *("as_of", "rows_in", "rows_used", "money_in", "money_used", "excluded", "unknown"),
        *("customers_left_out", "orders_left_out"),
    ):
        assert getattr(one, name) == getattr(other, name)
    assert one.orders_left_out > 0
    assert one.customers.equals(other.customers)


PROFILE = """
lists AS (
  SELECT customer_id, list(DISTINCT order_date ORDER BY order_date) AS days,
    list({'at': ordered_at, 'id': COALESCE(order_id, ''), 'amount': amount, 'n': n_lines,
      'a': COALESCE(channel, '~'), 'b': COALESCE(campaign, '~'), 'c': COALESCE(store, '~')}
      ORDER BY ordered_at, order_id NULLS LAST, amount, n_lines, channel, campaign, store) AS own,
    COUNT(*) AS frequency, SUM(amount) AS monetary,
    CAST(SUM(amount) AS DOUBLE) / COUNT(*) AS average_order,
    CAST(SUM(ABS(discount)) AS DOUBLE)
      / CAST(SUM(amount + ABS(COALESCE(discount, 0))) AS DOUBLE) AS discount_rate
  FROM orders GROUP BY ALL
), margins AS (
  SELECT customer_id, SUM(money - cost) AS margin, CAST(SUM(money - cost) AS DOUBLE)
    / CAST(SUM(money) FILTER (cost IS NOT NULL) AS DOUBLE) AS margin_rate
  FROM judged WHERE reason IS NULL GROUP BY ALL
)
SELECT customer_id, days[1] AS first_order, days[2] AS second_order, days[-1] AS last_order,
  frequency, CAST(monetary AS DOUBLE) AS monetary, average_order, discount_rate, margin,
  margin_rate, CAST(days[2] - days[1] AS BIGINT) AS days_to_second,
  list_median(list_transform(range(2, len(days) + 1), i -> days[i] - days[i - 1])) AS interval_days,
FROM lists JOIN margins USING (customer_id) ORDER BY customer_id
"""


def favorite_twin(engine: Engine, stage: Stage, label: str) -> list[tuple[str, str, float]]:
    """The favorite of each customer, one window over all their labels."""
    query = f"""
    , sums AS (
      SELECT customer_id, {label} AS label, SUM(money) AS money FROM judged
      WHERE reason IS NULL AND {label} IS NOT NULL GROUP BY 1, 2
    )
    SELECT customer_id, label, CAST(money AS DOUBLE)
        / CAST(SUM(money) OVER (PARTITION BY customer_id) AS DOUBLE) AS share FROM sums
    QUALIFY row_number() OVER (PARTITION BY customer_id ORDER BY money DESC, label) = 1
    ORDER BY customer_id
    """
    return [tuple(row.values()) for row in stage.run(engine, query).to_pylist()]


def preferred_twin(engine: Engine, orders: pa.Table, label: str) -> dict[str, str]:
    query = f"""
    SELECT customer_id, {label} AS label FROM orders WHERE {label} IS NOT NULL GROUP BY 1, 2
    QUALIFY row_number() OVER (PARTITION BY customer_id ORDER BY COUNT(*) DESC, label) = 1
    """
    rows = engine.sql(query, orders=orders).to_pylist()
    return {row["customer_id"]: row["label"] for row in rows}


def ends_twin(orders: pa.Table, label: str) -> dict[str, tuple[str, str]]:
    """First and last label by a loop over the orders, which stand as the query sorts them."""
    ends: dict[str, list[dict[str, Any]]] = {}
    for row in orders.to_pylist():
        key = row["ordered_at"], row["order_id"] or "", row["amount"]
        first, last = ends.setdefault(
            row["customer_id"], [{**row, "key": key}, {**row, "key": key}]
        )
        if key < first["key"]:
            first.update(row, key=key)
        if key > last["key"]:
            last.update(row, key=key)
    return {who: (first[label], last[label]) for who, (first, last) in ends.items()}


@pytest.mark.parametrize("worth", [1, 10**11], ids=["money", "more money than integers hold"])
@pytest.mark.parametrize("kind", KINDS)
def test_the_profile_agrees_with_slow_queries(engine: Engine, kind: str, worth: int) -> None:
    table = messy(kind, worth=worth)
    orders = orders_of(engine, table, ledger=True)
    profile = customer_profile(engine, orders)
    plain = orders_of(engine, table, ledger=False)
    rows = plain.table
    for name in ("channel", "campaign", "store"):
        if name not in rows.column_names:
            rows = rows.append_column(name, pa.nulls(len(rows), pa.string()))
    found = rounded(plain.stage.run(engine, f", {PROFILE}", orders=rows))
    for name in found.column_names:
        if name == "monetary":
            assert [float(each) for each in profile[name].to_pylist()] == found[name].to_pylist()
        elif worth == 1 or name not in ("average_order", "discount_rate", "margin_rate"):
            assert profile[name].to_pylist() == found[name].to_pylist(), name
        else:
            shares = [each or 0.0 for each in found[name].to_pylist()]
            assert [each or 0.0 for each in profile[name].to_pylist()] == pytest.approx(
                shares, abs=1e-6
            )
    ids = profile["customer_id"].to_pylist()
    for label in set(orders.table.column_names) & {"channel", "campaign", "store"}:
        ends, preferred = ends_twin(plain.table, label), preferred_twin(engine, plain.table, label)
        assert profile[f"first_{label}"].to_pylist() == [ends[who][0] for who in ids]
        assert profile[f"last_{label}"].to_pylist() == [ends[who][1] for who in ids]
        assert profile[f"preferred_{label}"].to_pylist() == [preferred.get(who) for who in ids]
    for name, role in (("category", "category"), ("product", "product_id")):
        if role in table.column_names:
            liked = {who: rest for who, *rest in favorite_twin(engine, plain.stage, role)}
            shares = [liked[who][1] if who in liked else None for who in ids]
            best = [liked[who][0] if who in liked else None for who in ids]
            assert profile[f"favorite_{name}"].to_pylist() == best
            assert profile[f"favorite_{name}_share"].to_pylist() == pytest.approx(shares, abs=1e-6)


@pytest.mark.parametrize("kind", KINDS)
def test_a_portion_of_the_customers_at_a_time_gives_the_same_profile(
    engine: Engine, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = customer_profile(engine, orders_of(engine, messy(kind), ledger=True))
    too_large(engine, monkeypatch, 2_000)
    apart = orders_of(engine, messy(kind), ledger=True)
    assert apart.ledger is None
    assert portions(engine, apart.rows_used) > 2
    assert customer_profile(engine, apart).equals(whole)


@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize("kind", KINDS)
def test_some_customers_at_a_time_have_the_same_favorites(
    engine: Engine, kind: str, together: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = messy(kind).sort_by("order_id") if together else messy(kind)
    ledger = Ledger.read(engine, staged(engine, table))
    assert (ledger.found.lines.places is None) == (together and kind != "no ids")
    whole = likes_module.likes(engine, ledger)
    monkeypatch.setattr(likes_module, "_LINES", 400)
    asked: list[int] = []
    some_customers = Ledger.some_customers

    def watched(ledger: Ledger, orders: int) -> list[slice]:
        found = some_customers(ledger, orders)
        asked.append(len(found))
        assert [each for some in found for each in range(*some.indices(1 << 60))] == list(
            range(len(ledger.ids))
        )
        return found

    monkeypatch.setattr(Ledger, "some_customers", watched)
    assert likes_module.likes(engine, ledger) == whole
    assert min(asked) > 5


IDS = st.one_of(
    st.lists(st.integers(0, 30), max_size=40),
    st.lists(st.one_of(st.none(), st.integers(-3, 12)), max_size=40),
    st.lists(st.integers(-(2**63), 2**63 - 1), max_size=40),
    st.lists(st.sampled_from([0, 1, 9, 10, 99, 100, 10**16, 10**17, 10**18]), max_size=40),
)


@given(ids=IDS, cut=st.integers(0, 40), rows=st.lists(st.integers(0, 39), max_size=12))
def test_some_keys_are_picked_from_their_chunks(
    ids: list[int | None], cut: int, rows: list[int]
) -> None:
    keys = pa.chunked_array([ids[:cut], [], ids[cut:]], pa.int64())
    places = np.array([each for each in rows if each < len(ids)], np.int64)
    assert picked_keys(keys, places).to_pylist() == [ids[each] for each in places]


@given(IDS, st.integers(0, 40))
def test_ids_are_numbered_in_the_order_of_their_texts(ids: list[int | None], cut: int) -> None:
    texts = [None if each is None else str(each) for each in ids]
    for keys in (pa.array(ids, pa.int64()), pa.array(texts, pa.string())):
        column = pa.chunked_array([keys[:cut], keys[cut:]], keys.type)
        numbers, distinct = numbered(column)
        values = dict(zip(numbers.tolist(), keys.to_pylist(), strict=True))
        assert [values[at] for at in numbers] == keys.to_pylist()
        assert distinct == len(values.keys() - {-1}) == len(set(ids) - {None})
        assert values.get(-1) is None
        if None not in ids:
            names, ranks = named(column)
            assert [names[at].as_py() for at in ranks] == texts
            assert names.to_pylist() == sorted(set(texts))


@pytest.mark.parametrize("kind", [pa.int8(), pa.uint8(), pa.int16(), pa.uint64()], ids=str)
def test_small_whole_numbers_are_numbered_to_their_bounds(kind: pa.DataType) -> None:
    low = 0 if pa.types.is_unsigned_integer(kind) else -(2 ** (kind.bit_width - 1))
    high = low + 2**kind.bit_width - 1
    ids = [high, low, high - 1, low + 1] * 40
    column = pa.chunked_array([ids], kind)
    numbers, distinct = numbered(column)
    assert distinct == len(set(numbers.tolist())) == 4
    names, places = named(column)
    assert [int(names[at].as_py()) for at in places] == ids


@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 2), st.integers(0, 1)), max_size=30),
    st.booleans(),
)
@settings(max_examples=40)
def test_lines_are_the_same_orders_in_any_order(
    engine: Engine, rows: list[tuple[int, int, int]], text: bool
) -> None:
    """Orders whose lines stand apart, that several customers share, and that have no number."""
    numbers = [None if order == 0 else f"A{order}" if text else order for order, _, _ in rows]
    table = pa.table(
        {
            "customer_id": pa.array([who for _, who, _ in rows], pa.int64()),
            "order_id": pa.array(numbers, pa.string() if text else pa.int64()),
            "order_date": pa.array([START + day * np.timedelta64(1, "D") for *_, day in rows]),
            "amount": pa.array(range(1, len(rows) + 1), pa.int64()),
        }
    )
    if rows:
        stage = staged(engine, table)
        found = Ledger.read(engine, stage)
        assert found.table().equals(stage.run(engine, orders_query(stage)))


def test_of_orders_that_cost_nothing_no_share_is_known(engine: Engine) -> None:
    table = messy("numbers")
    free = pa.array(np.zeros(len(table), np.int64))
    table = table.set_column(3, "amount", free).drop_columns(["cost"])
    orders = orders_of(engine, table, ledger=True, settings=LineSettings(free=True))
    profile = customer_profile(engine, orders)
    assert profile["favorite_category_share"].null_count == len(profile)
    liked = {who: name for who, name, _ in favorite_twin(engine, orders.stage, "category")}
    ids = profile["customer_id"].to_pylist()
    assert profile["favorite_category"].to_pylist() == [liked.get(who) for who in ids]
