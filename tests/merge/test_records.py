"""Fingerprints of records: the same whatever the rows, another for every other record."""

from __future__ import annotations

import hashlib
import zlib

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custseg.cleanse.merge.codes import key_texts
from custseg.cleanse.merge.records import record_keys, source_labels
from custseg.hashing import row_hashes

ALL = 2**64 - 1


def slow_scatter(number):
    number = (number ^ (number >> 30)) * 0xBF58476D1CE4E5B9 & ALL
    number = (number ^ (number >> 27)) * 0x94D049BB133111EB & ALL
    return number ^ (number >> 31)


def slow_hash(row):
    """Hash one row, a dictionary of cells, byte by byte as the definition says."""
    total = [0, 0]
    for name, cell in row.items():
        if not cell:
            continue
        data = cell.encode()
        if len(data) > 4096:
            salt = zlib.crc32(name.encode()).to_bytes(4, "little")
            digest = hashlib.blake2b(data, digest_size=16, salt=salt).digest()
            for lane in (0, 1):
                number = int.from_bytes(digest[8 * lane : 8 * lane + 8], "little")
                total[lane] = (total[lane] + number) & ALL
            continue
        for lane, factor in enumerate((0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F)):
            state = (len(data) + zlib.crc32(name.encode())) * factor & ALL
            for place in range(0, len(data), 8):
                word = int.from_bytes(data[place : place + 8], "little")
                state = slow_scatter(((state ^ word) * factor + factor) & ALL)
            total[lane] = (total[lane] + state) & ALL
    return [slow_scatter(lane) for lane in total]


rows = st.lists(
    st.fixed_dictionaries(
        {
            "名前": st.one_of(st.none(), st.text(max_size=30)),
            "b": st.one_of(
                st.none(), st.sampled_from(["x", "12345678", "y" * 17, "y" * 4096, "長" * 1400])
            ),
        }
    ),
    max_size=6,
)


@settings(max_examples=80, deadline=None)
@given(rows, st.integers(0, 6))
def test_hashes_are_those_of_the_definition(table, cut):
    columns = {}
    for name in ("名前", "b"):
        whole = pa.array([None, *(row[name] for row in table)], pa.string()).slice(1)
        columns[name] = pa.chunked_array([whole.slice(0, cut), whole.slice(cut)])
    assert row_hashes(columns, len(table)).tolist() == [slow_hash(row) for row in table]


def records(*rows):
    names = dict.fromkeys(name for row in rows for name in row)
    return pa.table(
        {
            "source": pa.array([row.get("source", "a.csv") for row in rows], pa.string()),
            "row": pa.array(range(1, len(rows) + 1)),
            **{
                name: pa.array([row.get(name) for row in rows], pa.string())
                for name in names
                if name != "source"
            },
        }
    )


def texts(*rows):
    return key_texts(record_keys(records(*rows))).to_pylist()


def test_a_key_stays_the_same_for_ever():
    # Written in run folders: a change of this value breaks every --previous.
    assert texts({"name": "Ada", "city": "London"}) == ["r24a652433aa95ff90030f03c8964f6c5"]


def test_a_numbered_record_is_known_by_its_number_whatever_else_changes():
    assert texts({"record_id": "7", "name": "a"}) == texts({"record_id": "7", "name": "b"})
    assert texts({"record_id": "7"}) != texts({"record_id": "8"})
    assert texts({"record_id": "7", "source": "a.csv"}) != texts(
        {"record_id": "7", "source": "b.csv"}
    )
    may, june = ("shop_2024-05.csv", "shop_2024-06.csv.gz")
    assert texts({"record_id": "7", "source": may}) == texts({"record_id": "7", "source": june})


def test_a_record_without_a_number_is_known_by_what_it_holds():
    assert texts({"name": "a", "x": None}) == texts({"name": "a"})
    assert texts({"name": "a"}) != texts({"city": "a"})
    one, other = texts({"record_id": "7", "name": "a"}, {"record_id": None, "name": "a"})
    assert one != other


def test_equal_records_are_counted():
    keys = texts(*[{"name": "a"}] * 3, {"name": "b"})
    assert len(set(keys)) == 4
    assert set(texts(*[{"name": "a"}] * 2)) < set(keys)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "record_id": st.one_of(st.none(), st.sampled_from("12")),
                "source": st.sampled_from(["a.csv", "b.csv"]),
                "name": st.one_of(st.none(), st.sampled_from("xy")),
            }
        ),
        max_size=8,
    ),
    st.randoms(use_true_random=False),
)
def test_keys_are_unique_and_do_not_depend_on_the_order(table, random):
    keys = texts(*table) if table else []
    assert len(set(keys)) == len(keys)
    order = list(range(len(table)))
    random.shuffle(order)
    shuffled = texts(*(table[at] for at in order)) if table else []

    def by_content(rows, found):
        return sorted(
            (str(sorted(row.items(), key=str)), key) for row, key in zip(rows, found, strict=True)
        )

    assert by_content(table, keys) == by_content([table[at] for at in order], shuffled)


@pytest.mark.parametrize(
    ("names", "labels"),
    [
        (["customers_2024-05.csv"], ["customers"]),
        (["顧客 2024年5月.xlsx"], ["顧客"]),
        (["A-20240501-120000.csv.gz"], ["A"]),
        (["export (2).csv"], ["export"]),
        (["shop1.csv", "shop2.csv"], ["shop1", "shop2"]),
        (["a_2023.csv", "a_2024.csv"], ["a_2023.csv", "a_2024.csv"]),
        (["2024.csv"], ["2024"]),
    ],
)
def test_a_source_keeps_its_label_from_month_to_month(names, labels):
    assert list(source_labels(names).values()) == labels


def test_a_hundred_thousand_close_records_have_different_keys():
    count = 100_000
    table = pa.table(
        {
            "source": pa.array(["a"] * count),
            "row": pa.array(np.arange(count)),
            "name": pa.array([f"{number:06}" for number in range(count)]),
        }
    )
    keys = record_keys(table)
    assert len(np.unique(keys[:, 0])) == len(np.unique(keys[:, 1])) == count
