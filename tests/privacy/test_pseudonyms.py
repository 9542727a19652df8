"""Tables without names: nothing that points to a person is left, and groups are counted."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custseg.privacy.pseudonyms import age_bands, anonymity, pseudonymize

KEY, OTHER = b"k" * 32, b"o" * 32
AS_OF = date(2026, 6, 30)
PEOPLE = pa.table(
    {
        "customer_id": ["C1", "C2", "C3"],
        "household_id": ["H1", "H1", None],
        "person_name": ["Ann Lee", "Bob Lee", "Cid Ray"],
        "email_2": ["a@example.com", None, "c@example.com"],
        "birth_date": ["1990-06-30", "1990-07-01", None],
        "prefecture": ["東京都", "東京都", "大阪府"],
        "既往症": ["x", "y", "z"],
        "points": ["10", "20", "30"],
    }
)


def test_what_points_to_a_person_is_gone() -> None:
    made = pseudonymize(PEOPLE, KEY, AS_OF)
    assert set(made.table.column_names) == {
        *("customer_id", "household_id", "age_band", "prefecture", "points"),
    }
    assert set(made.direct) == {"person_name", "email_2", "birth_date"}
    assert made.sensitive == ("既往症",)
    text = str(made.table.to_pylist())
    for name in ("customer_id", "person_name", "email_2", "birth_date", "既往症"):
        for value in PEOPLE.column(name).drop_null().to_pylist():
            assert value not in text or name == "既往症"


def test_pseudonyms_join_by_the_same_key_alone() -> None:
    first, again = (pseudonymize(PEOPLE, KEY, AS_OF).table for _ in range(2))
    assert first.equals(again)
    other = pseudonymize(PEOPLE, OTHER, AS_OF).table
    assert not set(first["customer_id"].to_pylist()) & set(other["customer_id"].to_pylist())
    shuffled = pseudonymize(PEOPLE.take(pa.array([2, 0, 1])), KEY, AS_OF).table
    assert shuffled.equals(first)
    houses = [house for house in first["household_id"].to_pylist() if house]
    assert len(houses) == 2
    assert len(set(houses)) == 1


@pytest.mark.parametrize(
    ("born", "band"),
    [
        ("2006-07-01", "0-19"),
        ("2006-06-30", "20-29"),
        ("1956-06-30", "70+"),
        ("1900-01-01", None),
        ("2027-01-01", None),
        ("unknown", None),
        (None, None),
    ],
)
def test_age_bands(born: str | None, band: str | None) -> None:
    assert age_bands(pa.chunked_array([pa.array([born], pa.string())]), AS_OF).to_pylist() == [band]


@given(
    st.lists(
        st.tuples(st.sampled_from(["m", "f", None]), st.sampled_from(["東京都", "", None])),
        max_size=40,
    ),
    st.integers(2, 6),
)
def test_groups_are_those_of_counting_by_hand(rows: list[tuple[str | None, ...]], k: int) -> None:
    table = pa.table(
        {
            "gender": pa.array([row[0] for row in rows], pa.string()),
            "prefecture": pa.array([row[1] for row in rows], pa.string()),
        }
    )
    found = anonymity(table, k)
    groups = Counter((gender or "", place or "") for gender, place in rows)
    assert found.k == min(groups.values(), default=0)
    assert found.small.tolist() == [groups[row[0] or "", row[1] or ""] < k for row in rows]
    if rows:
        listed = {
            (row["gender"], row["prefecture"]): row["rows"] for row in found.groups.to_pylist()
        }
        assert listed == {group: size for group, size in groups.items() if size < k}
