"""Real files: what each column is."""

from __future__ import annotations

import csv

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from custseg.fields import recognize, role_map

FEBRL = {
    "rec_id": "record_id",
    "given_name": "given_name",
    "surname": "family_name",
    "street_number": "block",
    "address_1": "street",
    "address_2": "building",
    "suburb": "city",
    "postcode": "postal_code",
    "state": "prefecture",
    "date_of_birth": "birth_date",
    "soc_sec_id": "identifier",
}
FILES = {
    "people/febrl3.csv": FEBRL,
    "people/febrl4a.csv": FEBRL,
    "people/febrl4b.csv": FEBRL,
    "people/fake_1000.csv": {
        "unique_id": "record_id",
        "first_name": "given_name",
        "surname": "family_name",
        "dob": "birth_date",
        "city": "city",
        "email": "email",
    },
    "people/historical_25k.parquet": {
        "unique_id": "record_id",
        "full_name": "person_name",
        "first_name": "given_name",
        "surname": "family_name",
        "dob": "birth_date",
        "birth_place": "attribute",
        "postcode_fake": "postal_code",
        "gender": "gender",
        "occupation": "attribute",
    },
    "segment/r_rfm_orders.csv": {
        "customer_id": "customer_id",
        "order_date": "order_date",
        "revenue": "amount",
        "first_name": "given_name",
        "last_name": "family_name",
        "email": "email",
    },
    "segment/online_retail.parquet": {
        "cid": "customer_id",
        "p": "unit_price",
        "q": "quantity",
        "InvoiceNo": "order_id",
        "StockCode": "product_id",
        "Description": "product_name",
        "ts": "order_date",
        "Country": "country",
    },
}


def read(path):
    if path.suffix == ".parquet":
        return pq.read_table(path).slice(0, 60_000)
    with path.open(encoding="utf-8", newline="") as lines:
        header, *rows = csv.reader(lines, skipinitialspace=True)
    columns = zip(*rows, strict=True)
    return pa.table(
        {
            name: pa.array([cell or None for cell in cells], pa.string())
            for name, cells in zip(header, columns, strict=True)
        }
    )


@pytest.mark.parametrize("name", FILES)
def test_every_column_of_a_real_file(shared_data, name):
    assert role_map(recognize(read(shared_data / name))) == FILES[name]


def test_only_the_columns_with_terse_names_need_help(shared_data):
    table = read(shared_data / "segment/online_retail.parquet")
    given = {"q": "quantity", "p": "unit_price", "cid": "customer_id"}
    assert role_map(recognize(table, kind="orders", overrides=given)) == {
        "InvoiceNo": "order_id",
        "StockCode": "product_id",
        "Description": "product_name",
        "q": "quantity",
        "ts": "order_date",
        "p": "unit_price",
        "cid": "customer_id",
        "Country": "country",
    }


@pytest.mark.parametrize("name", ["people/febrl3.csv", "people/fake_1000.csv"])
def test_without_headers_the_telling_columns_are_still_found(shared_data, name):
    table = read(shared_data / name)
    headers = {f"col{at}": column for at, column in enumerate(table.column_names)}
    found = role_map(recognize(table.rename_columns(list(headers)), kind="people"))
    right = {
        column: role for column, role in found.items() if FILES[name].get(headers[column]) == role
    }
    assert {"record_id", "birth_date"} <= set(right.values())
    wrong = {
        headers[column]: role
        for column, role in found.items()
        if column not in right and role != "attribute"
    }
    assert wrong == {}
