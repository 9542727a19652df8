"""Effects against published numbers, an obvious twin, and what must hold of any data."""

from __future__ import annotations

from math import sqrt
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custseg.jobs.measure import measure_table
from custseg.measure.effect import effects
from custseg.measure.sample_size import sample_size
from custseg.measure.summary import MeasureSummary

MENS, WOMENS = "Mens E-Mail", "Womens E-Mail"

HILLSTROM = {
    (MENS, "visit"): (0.076590, 0.069953, 0.083227, 22.486, 1631.9),
    (MENS, "conversion"): (0.006805, 0.005014, 0.008641, 7.38511, 145.0),
    (MENS, "spend"): (0.769827, 0.48514, 1.054515, 5.30014, 16_402.71),
    (WOMENS, "visit"): (0.045233, 0.038894, 0.051574, 13.9492, 967.4),
    (WOMENS, "conversion"): (0.003111, 0.001502, 0.004745, 3.77956, 66.5),
    (WOMENS, "spend"): (0.424412, 0.168957, 0.679868, 3.25637, 9_076.90),
}
"""Difference, interval, z or t, extra."""


def measured(shared_data: Path, **more: object) -> MeasureSummary:
    return measure_table(
        shared_data / "segment" / "hillstrom.csv",
        group="segment",
        control="No E-Mail",
        outcomes=["visit", "conversion", "spend"],
        random=True,
        **more,  # type: ignore[arg-type]
    )


def test_hillstrom(shared_data: Path) -> None:
    found = {(each.arm, each.outcome): each for each in measured(shared_data).effects}
    assert found.keys() == HILLSTROM.keys()
    for key, (difference, low, high, statistic, extra) in HILLSTROM.items():
        each = found[key]
        assert each.difference == pytest.approx(difference, abs=1e-6)
        assert each.low == pytest.approx(low, abs=1e-6)
        assert each.high == pytest.approx(high, abs=1e-6)
        assert each.statistic == pytest.approx(statistic, abs=5e-5)
        assert each.extra == pytest.approx(extra, abs=0.05 if key[1] != "spend" else 0.005)
        assert each.p_adjusted == each.p


def test_segments_are_corrected_for_their_number(shared_data: Path) -> None:
    holm = measured(shared_data, segment="zip_code").effects
    bh = measured(shared_data, segment="zip_code", correction="bh").effects
    parts = [each for each in holm if each.segment and each.outcome == "conversion"]
    assert {each.segment for each in parts} == {"Rural", "Surburban", "Urban"}
    for arm in (MENS, WOMENS):
        of_arm = [each for each in parts if each.arm == arm]
        ranked = sorted(each.p or 0 for each in of_arm)
        expected, largest = {}, 0.0
        for place, p in enumerate(ranked):
            largest = max(largest, min(1.0, p * (len(ranked) - place)))
            expected[p] = largest
        for each in of_arm:
            assert each.p_adjusted == pytest.approx(expected[each.p or 0])
        assert sum(each.treated for each in of_arm) == 21_307 + 80 * (arm == WOMENS)
    for one, other in zip(holm, bh, strict=True):
        assert (other.p_adjusted or 0) <= (one.p_adjusted or 0) + 1e-15


def wilson(yes: int, people: int) -> tuple[float, float]:
    z, share = 1.959963984540054, yes / people
    middle = (share + z * z / (2 * people)) / (1 + z * z / people)
    reach = (
        z
        / (1 + z * z / people)
        * sqrt(share * (1 - share) / people + z * z / (4 * people * people))
    )
    return middle - reach, middle + reach


@given(
    st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
)
def test_newcombe_as_it_is_defined(treated: tuple[int, int], control: tuple[int, int]) -> None:
    groups = ["t"] * treated[1] + ["c"] * control[1]
    values = np.array(
        [1.0] * treated[0]
        + [0.0] * (treated[1] - treated[0])
        + [1.0] * control[0]
        + [0.0] * (control[1] - control[0])
    )
    (found,) = effects(groups, "c", {"yes": values})
    p1, p2 = treated[0] / treated[1], control[0] / control[1]
    (l1, u1), (l2, u2) = wilson(*treated), wilson(*control)
    assert found.low == pytest.approx(p1 - p2 - sqrt((p1 - l1) ** 2 + (u2 - p2) ** 2), abs=1e-9)
    assert found.high == pytest.approx(p1 - p2 + sqrt((u1 - p1) ** 2 + (p2 - l2) ** 2), abs=1e-9)


def test_groups_too_small_for_an_interval_have_none() -> None:
    (found,) = effects(["t", "c", "c"], "c", {"money": np.array([5.0, 1.0, 1.0])})
    assert (found.difference, found.low, found.p) == (4.0, None, None)
    (found,) = effects(["t", "c"], "c", {"yes": np.array([0.0, 0.0])})
    assert (found.difference, found.statistic, found.p_adjusted) == (0.0, None, None)


def test_sample_size() -> None:
    found = sample_size(0.02, 0.025)
    assert (found.cohen, found.pooled) == (13_768, 13_809)
    assert sample_size(0.025, 0.02).pooled == 13_809
