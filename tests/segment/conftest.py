"""Orders of the real data sets, read once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from custseg.engine import Engine
from custseg.segment.orders import Orders, read_orders
from custseg.segment.rfm import Customers

RETAIL_COLUMNS = {
    "customer_id": "cid",
    "order_id": "InvoiceNo",
    "order_date": "ts",
    "quantity": "q",
    "unit_price": "p",
    "product_id": "StockCode",
    "product_name": "Description",
}


@pytest.fixture(scope="session")
def retail_columns() -> dict[str, str]:
    return RETAIL_COLUMNS


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    with Engine(threads=2) as engine:
        yield engine


@pytest.fixture(scope="session")
def retail_lines(shared_data: Path) -> pa.Table:
    return pq.read_table(shared_data / "segment" / "online_retail.parquet")


@pytest.fixture(scope="session")
def retail(engine: Engine, retail_lines: pa.Table) -> Orders:
    return read_orders(engine, retail_lines, RETAIL_COLUMNS)


@pytest.fixture(scope="session")
def retail_customers(engine: Engine, retail: Orders) -> Customers:
    return Customers.from_table(retail.customers)


@pytest.fixture(scope="session")
def r_package_customers(engine: Engine, shared_data: Path) -> Customers:
    """The orders of R's rfm package, as text."""
    from pyarrow import csv

    text = csv.ConvertOptions(
        column_types=dict.fromkeys(["customer_id", "order_date", "revenue"], pa.string())
    )
    lines = csv.read_csv(shared_data / "segment" / "r_rfm_orders.csv", convert_options=text)
    columns = {"customer_id": "customer_id", "order_date": "order_date", "amount": "revenue"}
    orders = read_orders(engine, lines, columns)
    assert str(orders.as_of) == "2006-12-31"
    return Customers.from_table(orders.customers)
