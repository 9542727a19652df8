"""What is held of each customer, counted in bytes of arrays."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Iterator
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest

from custseg.engine import Engine
from custseg.segment import ledger
from custseg.segment.contacts import Contacts, contact_lists
from custseg.segment.orders import Orders, read_orders
from custseg.segment.profile import customer_profile

ROLES = ("customer_id", "order_id", "order_date", "amount", "channel", "category")
CUSTOMERS = 5_000


def lines(count: int, customers: int) -> pa.Table:
    rng = np.random.default_rng(3)
    begin = np.datetime64("2022-01-01T00:00:00")
    return pa.table(
        {
            "customer_id": [f"C{who}" for who in rng.integers(0, customers, count)],
            "order_id": [str(number) for number in range(count)],
            "order_date": begin + rng.integers(0, 900 * 86_400, count).astype("timedelta64[s]"),
            "amount": rng.integers(1, 10_000, count),
            "channel": rng.choice(["web", "store", "app"], count),
            "category": rng.choice(["tea", "coffee", "rice", "miso"], count),
        }
    )


def held() -> int:
    """Bytes of the arrays of Arrow and numpy."""
    gc.collect()
    return pa.total_allocated_bytes() + tracemalloc.get_traced_memory()[0]


@pytest.fixture(autouse=True)
def traced() -> Iterator[None]:
    tracemalloc.start()
    yield
    tracemalloc.stop()


def test_the_profile_of_portions_stays_on_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    with Engine(threads=1) as engine:

        def orders() -> Orders:
            columns = dict(zip(ROLES, ROLES, strict=True))
            return read_orders(engine, lines(3 * CUSTOMERS, CUSTOMERS), columns)

        whole, apart = orders(), orders()
        before = held()
        profile = customer_profile(engine, whole)
        assert held() - before > profile.nbytes / 2
        monkeypatch.setattr(ledger, "_BYTES", engine.memory // CUSTOMERS)
        before = held()
        found = customer_profile(engine, apart)
        assert held() - before < profile.nbytes / 5
        assert found.equals(profile)


def test_lists_hold_the_places_of_their_customers_alone() -> None:
    ids = [f"C{who:05}" for who in range(CUSTOMERS)]
    scores = pa.table(
        {
            "customer_id": ids,
            "monetary": [Decimal(who % 97) for who in range(CUSTOMERS)],
            "segment": [f"s{who % 5}" for who in range(CUSTOMERS)],
        }
    )
    nobody = np.zeros(CUSTOMERS, dtype=bool)
    addresses = pa.chunked_array([[f"{each}@example.com" for each in ids]])
    contacts = Contacts(
        scores["customer_id"], {"email": (addresses, ~nobody)}, nobody, nobody, nobody
    )
    before = held()
    lists = contact_lists(scores, {f"s{number}": f"s{number}" for number in range(5)}, contacts)
    # Two places, and whether they are left out.
    assert held() - before < 10 * CUSTOMERS
    assert sum(each.rows.nbytes for each in lists) == 4 * CUSTOMERS
    assert [each.table.num_rows for each in lists] == [CUSTOMERS // 5] * 5
    assert sum(each.table.nbytes for each in lists) > addresses.nbytes
