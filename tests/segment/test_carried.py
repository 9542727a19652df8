"""Exports that tell who, when and for how much on the first line of an order alone."""

from __future__ import annotations

import random
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest

from custseg.config import Settings
from custseg.engine import Engine
from custseg.jobs.basket import basket
from custseg.jobs.segment import rfm, segment
from custseg.segment.lines import LineSettings
from custseg.segment.orders import read_orders
from custseg.tables import read_table

GOODS = {"tea": ("drinks", 12), "cup": ("ware", 25), "pot": ("ware", 48), "cake": ("food", 10)}
NAMES = ("order_id", "customer_id", "order_date", "cancelled", "amount")
LINE = ("product_name", "category", "quantity", "unit_price")


def export(*, full: bool, total: bool = True, orders: int = 300) -> list[dict[str, str]]:
    """Orders of a shop: each told on every line, or on its first."""
    rng = random.Random(7)
    rows = []
    for order in range(orders):
        items = rng.sample(sorted(GOODS), rng.randint(1, 4))
        pieces = [rng.randint(1, 3) for _ in items]
        money = sum(n * GOODS[item][1] for n, item in zip(pieces, items, strict=True))
        who, day = f"c{rng.randrange(90)}", f"2025-{rng.randint(1, 9):02}-{rng.randint(1, 28):02}"
        cancelled = "2025-10-01 09:00:00 +0900" if rng.random() < 0.05 else ""
        for place, (n, item) in enumerate(zip(pieces, items, strict=True)):
            head = [who, day, cancelled] if full or place == 0 else [""] * 3
            own = n * GOODS[item][1] if full else money if place == 0 else ""
            told = [f"#{order}", *head, str(own) if total or full else ""]
            line = [item, GOODS[item][0], str(n), str(GOODS[item][1])]
            rows.append(dict(zip((*NAMES, *LINE), [*told, *line], strict=True)))
    return rows


def table(rows: list[dict[str, str]], *without: str) -> pa.Table:
    names = [name for name in rows[0] if name not in without]
    return pa.table({name: pa.array([row[name] for row in rows]) for name in names})


def test_lines_below_the_first_count_as_if_they_told_all() -> None:
    first, full = table(export(full=False)), table(export(full=True))
    found, wanted = (segment({"orders": each}) for each in (first, full))
    assert found.scores.equals(wanted.scores)
    assert found.profile is not None
    assert found.profile.equals(wanted.profile)
    assert found.summary.orders.money_used == wanted.summary.orders.money_used
    excluded = [each.reason for each in found.summary.orders.excluded]
    assert excluded == ["cancelled"]
    keys = {each.key for each in found.summary.warnings}
    assert keys >= {"segment.warn.carried", "segment.warn.lines_for_first"}
    assert not keys & {"segment.warn.undated", "segment.warn.spread"}
    settings = Settings()
    bought, expected = (basket({"orders": each}, settings=settings) for each in (first, full))
    assert bought.itemsets.equals(expected.itemsets)
    assert bought.rules.equals(expected.rules)


def test_one_amount_is_shared_out_to_the_last_digit() -> None:
    rows = export(full=False)
    for row in rows:
        if row["amount"]:
            row["amount"] = str(Decimal(row["amount"]) + Decimal("4.99"))
    settings = Settings(roles={"amount": "amount"})
    found = segment({"orders": table(rows)}, settings=settings)
    told = sum(Decimal(row["amount"] or 0) for row in rows)
    orders = found.summary.orders
    left = sum(Decimal(str(each.money)) for each in orders.excluded)
    assert Decimal(str(orders.money)) == told
    assert Decimal(str(orders.money_used)) + left == told
    assert "segment.warn.spread" in {each.key for each in found.summary.warnings}
    turned = segment({"orders": table(rows[::-1])}, settings=settings)
    assert turned.scores.equals(found.scores)
    assert found.profile is not None
    assert found.profile.equals(turned.profile)


@pytest.mark.parametrize("without", [(), ("unit_price",), ("unit_price", "quantity")])
def test_the_parts_are_those_of_a_simple_count(engine: Engine, without: tuple[str, ...]) -> None:
    rows = export(full=False, orders=60)
    columns = {name: name for name in (*NAMES, *LINE) if name not in without}
    lines = table(rows, *without)
    found = read_orders(engine, lines, columns, settings=LineSettings(spread=True))
    query = (
        "SELECT order_id, product_name, money FROM judged "
        "WHERE order_id IS NOT NULL ORDER BY order_id, product_name"
    )
    got = found.stage.run(engine, query).to_pylist()
    for order in {row["order_id"] for row in rows}:
        own = [row for row in rows if row["order_id"] == order]
        total = Decimal(own[0]["amount"])
        weights = {
            row["product_name"]: Decimal(row["quantity"] if "quantity" not in without else 1)
            * Decimal(row["unit_price"] if "unit_price" not in without else 1)
            for row in own
        }
        parts = {row["product_name"]: row["money"] for row in got if row["order_id"] == order}
        assert sum(parts.values()) == total
        for name, weight in weights.items():
            exact = total * weight / sum(weights.values())
            assert abs(parts[name] - exact) <= Decimal("0.0001")


def test_lines_of_nobody_and_of_two_people_stay_what_they_are() -> None:
    rows = [
        *({"order": "1", "who": who, "day": "2025-01-05"} for who in ("a", "b", "")),
        *({"order": "2", "who": "", "day": "2025-01-05"} for _ in range(2)),
        *({"order": "3", "who": who, "day": day} for who, day in (("a", "2025-02-01"), ("", ""))),
        {"order": "4", "who": "c", "day": ""},
        {"order": "", "who": "", "day": "2025-01-05"},
    ]
    lines = table([{**row, "amount": "10"} for row in rows])
    roles = {"order": "order_id", "who": "customer_id", "day": "order_date"}
    found = rfm({"orders": lines}, settings=Settings(roles=roles)).summary.orders
    assert {each.reason: each.rows for each in found.excluded} == {
        "no_customer": 4,
        "undated": 1,
    }
    assert found.money_used == 40
    assert found.money == 90


def test_a_mark_on_one_of_full_lines_is_its_own() -> None:
    rows = export(full=True)
    for row in rows:
        row["cancelled"] = ""
    rows[0]["cancelled"] = "yes"
    # Another order makes the file one in which lines take from their order.
    rows[-1].update(order_id="#0", customer_id="", order_date="")
    found = rfm({"orders": table(rows)}).summary.orders
    assert [(each.reason, each.rows) for each in found.excluded] == [("cancelled", 1)]


def test_files_with_the_same_numbers_are_told_apart(tmp_path: Path) -> None:
    for name, who in (("a.csv", "ann"), ("b.csv", "bob")):
        lines = [f"1,{who},2025-01-01,tea,5", "1,,,cup,7", f"2,{who},2025-02-01,tea,5"]
        text = "\n".join(["order_id,customer_id,order_date,product_name,amount", *lines])
        (tmp_path / name).write_text(text + "\n", "utf-8")
    found = rfm([str(tmp_path / "a.csv"), str(tmp_path / "b.csv")], output=tmp_path / "out")
    scores = read_table(tmp_path / "out" / "scores.csv").table
    assert scores["customer_id"].to_pylist() == ["ann", "bob"]
    assert [float(each) for each in scores["monetary"].to_pylist()] == [17.0, 17.0]
    assert found.summary.orders.excluded == ()
