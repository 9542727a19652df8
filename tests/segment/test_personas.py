from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from custseg.errors import InputError
from custseg.segment.dimensions import MOST_LEVELS, UNKNOWN, Dimension, attributes
from custseg.segment.personas import personas


def dimension(name: str, labels: np.ndarray, levels: int) -> Dimension:
    return Dimension(name, tuple(f"{name}{n}" for n in range(levels)), labels, labels)


def test_residuals_against_haberman_by_hand() -> None:
    segments = np.repeat([0, 0, 1, 1], [30, 10, 20, 40])
    labels = np.repeat([0, 1, 0, 1], [30, 10, 20, 40])
    found = personas(segments, ("x", "y"), [dimension("g", labels, 2)])
    (table,) = found.tables
    assert table.customers == ((30, 20), (10, 40))
    expected = 50 * 40 / 100
    residual = (30 - expected) / np.sqrt(expected * (1 - 0.5) * (1 - 0.4))
    assert table.residuals[0][0] == pytest.approx(residual)
    assert table.ratios[0][0] == pytest.approx(1.5)
    assert table.stands_out == ((1, -1), (-1, 1))
    assert all(all(row) for row in table.small)
    assert found.tested == 4


def test_residuals_of_two_by_two_agree_with_scipys_chi_square() -> None:
    from scipy.stats import chi2_contingency

    rng = np.random.default_rng(1)
    segments, labels = rng.integers(0, 2, 500), rng.integers(0, 2, 500)
    (table,) = personas(segments, ("x", "y"), [dimension("g", labels, 2)]).tables
    statistic = chi2_contingency(np.array(table.customers), correction=False).statistic
    assert table.residuals[0][0] ** 2 == pytest.approx(statistic)


def test_where_attribute_and_segment_have_nothing_to_do_little_stands_out() -> None:
    rng = np.random.default_rng(2)
    any_found = 0
    for _ in range(100):
        segments = rng.integers(0, 8, 8_000)
        tables = personas(
            segments, tuple("abcdefgh"), [dimension("p", rng.integers(0, 20, 8_000), 20)]
        ).tables
        any_found += any(cell for table in tables for row in table.stands_out for cell in row)
    assert any_found <= 10


def test_few_expected_are_not_judged_and_the_unknown_are_counted_apart() -> None:
    segments = np.repeat([0, 1], [4, 400])
    labels = np.concatenate([np.zeros(4), np.ones(390), np.full(10, UNKNOWN)]).astype(int)
    (table,) = personas(segments, ("x", "y"), [dimension("g", labels, 2)]).tables
    assert table.unknown == 10
    assert table.residuals[0][0] == 0
    assert table.stands_out[0][0] == 0
    assert sum(map(sum, table.customers)) + table.unknown == len(segments)


def test_attributes_are_columns_with_more_than_one_value() -> None:
    known = pa.table(
        {
            "customer_id": ["1", "2", "3", "4"],
            "gender": ["male", "female", None, " "],
            "prefecture": ["東京都"] * 4,
            "rank": [1, 2, 1, 1],
        }
    )
    (gender,) = attributes(known, ())
    assert (gender.levels, gender.now.tolist()) == (("female", "male"), [1, 0, -1, -1])
    (rank,) = attributes(known, ("rank",))
    assert rank.levels == ("1", "2")
    with pytest.raises(InputError) as caught:
        attributes(known, ("color",))
    assert caught.value.key == "segment.attribute"


def test_only_the_most_frequent_levels_are_told_apart() -> None:
    names = [f"s{n:03}" for n in range(MOST_LEVELS + 5)]
    (store,) = attributes(
        pa.table({"customer_id": names * 2, "first_store": names + names[:-1] + ["s000"]}), ()
    )
    assert len(store.levels) == MOST_LEVELS
    assert "s000" in store.levels
    assert names[-1] not in store.levels
