"""Columns that rules may look at, known before the orders are added up."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from custseg.config import Settings
from custseg.config.schema import SegmentSettings
from custseg.engine import Engine
from custseg.errors import UsageError
from custseg.jobs import segment_make
from custseg.jobs.segment import segment
from custseg.segment.lines import NEEDED, ROLES
from custseg.segment.overview import everything
from custseg.segment.possible_columns import possible_columns

SHOPPERS = 120

ROWS = 3 * SHOPPERS
CELLS: dict[str, list[Any]] = {
    "order_id": [f"O{n}" for n in range(ROWS)],
    "customer_id": [f"C{n * 7 % SHOPPERS:03}" for n in range(ROWS)],
    "order_date": [f"2025-{1 + n % 9:02}-{1 + n % 27:02}" for n in range(ROWS)],
    "amount": [str(100 + n * 37 % 900) for n in range(ROWS)],
    "quantity": [str(1 + n % 3) for n in range(ROWS)],
    "unit_price": [str(50 + n % 40) for n in range(ROWS)],
    "discount": [str(n % 20) for n in range(ROWS)],
    "cost": [str(20 + n % 20) for n in range(ROWS)],
    "currency": ["JPY"] * ROWS,
    "cancelled": ["yes" if n % 50 == 0 else "no" for n in range(ROWS)],
}
WORDS = {
    role: [f"{role} {n % 4}" for n in range(ROWS)]
    for role in ("product_id", "product_name", "category", "channel", "campaign", "store")
}
ALL = {**CELLS, **WORDS}
PEOPLE = pa.table(
    {
        "customer_id": [f"C{n:03}" for n in range(SHOPPERS - 20)],
        "gender": ["f", "m"] * (SHOPPERS // 2 - 10),
        "birth_date": ["1980-02-03"] * (SHOPPERS - 20),
        "town": ["Oita", "Nara"] * (SHOPPERS // 2 - 10),
    }
)
EVENTS = pa.table(
    {
        "customer_id": [f"C{n:03}" for n in range(40)],
        "event_date": ["2025-05-05"] * 40,
        "event_type": ["電話", "complaint", "Visit", "mail"] * 10,
        "event_status": ["open", "closed"] * 20,
    }
)


def orders_of(*roles: str, typed: bool = False) -> pa.Table:
    table = pa.table({role: ALL[role] for role in roles})
    if typed:
        for role, kind in (("order_date", pa.timestamp("us")), ("amount", pa.float64())):
            table = table.set_column(table.column_names.index(role), role, table[role].cast(kind))
    return table


def chosen(rules: dict[str, str], clusters: str = "none", *features: str) -> Settings:
    more = {"features": features} if features else {}
    return Settings(segment=SegmentSettings(clusters=clusters, **more), rules=rules)  # type: ignore[arg-type]


@pytest.mark.parametrize("typed", [False, True])
@pytest.mark.parametrize(
    "more",
    [
        (),
        ("order_id",),
        ("order_id", "channel", "discount"),
        ("store", "cost", "category"),
        tuple(role for role in ALL if role not in NEEDED),
    ],
)
@pytest.mark.parametrize("clusters", ["none", "2"])
def test_they_are_those_that_a_segmentation_makes(
    engine: Engine, more: tuple[str, ...], clusters: str, typed: bool
) -> None:
    """Names and kinds, in the same order but for the forecasts and clusters."""
    orders = orders_of(*sorted(NEEDED), *more, typed=typed)
    found = segment({"orders": orders}, PEOPLE, settings=chosen({}, clusters), events={"e": EVENTS})
    assert found.profile is not None
    made = everything(found.scores, found.profile, None).schema
    mentioned = [name for name in made.names if name.startswith("contacts_")]
    possible = possible_columns(
        engine,
        orders.column_names,
        PEOPLE,
        clusters=clusters != "none",
        shares=False,
        events=True,
        mentioned=mentioned,
    )
    assert {each.name: each.type for each in made}.items() <= {
        each.name: each.type for each in possible
    }.items()
    # What may come, and did not: all else is certain.
    assert set(possible.names) - set(made.names) == {"town", "birth_date"}


def test_every_role_of_orders_is_among_those_tried() -> None:
    assert set(ROLES) - {"source"} == ALL.keys()


@pytest.mark.parametrize(
    ("rule", "key"),
    [
        ("recency_dayz > 3", "segment.rule_column"),
        ("last_channel = 'web'", "segment.rule_column"),
        ("prefecture = 'Nara'", "segment.rule_column"),
        ("cluster = 1", "segment.rule_column"),
        ("category_share_tea > 0.5", "segment.rule_column"),
        ("contacts > 0", "segment.rule_needs_events"),
        ("contacts_visit > 0", "segment.rule_needs_events"),
        ("r >= 'x'", "segment.rule_kinds_number"),
    ],
)
def test_what_can_be_no_column_is_refused_before_orders_are_added_up(
    rule: str, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(segment_make, "add_up", None)
    with pytest.raises(UsageError) as error:
        segment({"orders": orders_of(*NEEDED)}, PEOPLE, settings=chosen({"a": rule}))
    assert error.value.key == key


@pytest.mark.parametrize(
    "rule",
    [
        "contacts_電話 > 0 or CONTACTS_visit > 0",
        "cluster_name is not null or alive > 0.5",
        "category_share_category_1 > 0.1",
        "town = 'Oita' and known = true",
        "ｒ ＞ 1 and open_complaints > 0 and days_since(last_contact) < 90",
    ],
)
def test_what_may_be_a_column_is_left_to_what_comes_of_the_orders(rule: str) -> None:
    settings = chosen({"a": rule}, "2", "recency_days", "category_shares")
    orders = orders_of(*NEEDED, "category")
    found = segment({"orders": orders}, PEOPLE, settings=settings, events={"e": EVENTS})
    assert found.summary.rules is not None


@pytest.mark.parametrize("rule", ["contacts_fax > 0", "category_share_coal > 0.1"])
def test_what_did_not_come_of_them_is_refused_then(rule: str) -> None:
    settings = chosen({"a": rule}, "2", "recency_days", "category_shares")
    orders = orders_of(*NEEDED, "category")
    with pytest.raises(UsageError) as error:
        segment({"orders": orders}, PEOPLE, settings=settings, events={"e": EVENTS})
    assert error.value.key == "segment.rule_column"


def test_nothing_is_left_of_the_orders_made_up_for_it(tmp_path: Path) -> None:
    """The same run, with a rule and without, but for the list of the rule."""
    for name, rules in (("with", {"a": "r >= 1"}), ("without", {})):
        segment({"orders": orders_of(*ALL)}, PEOPLE, tmp_path / name, settings=chosen(rules))
    left, right = (
        {
            path.name: path.read_bytes()
            for path in (tmp_path / name).iterdir()
            if path.stem in ("scores", "profile")
        }
        for name in ("with", "without")
    )
    assert len(left) == 2
    assert left == right
