"""What a campaign did: the numbers computed for Hillstrom's three arms, through the command."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Make = Callable[..., Any]

MENS, WOMENS = "Mens E-Mail", "Womens E-Mail"

EFFECTS = {
    (MENS, "visit"): "0.076590 0.069953 0.083227 22.486 1631.9",
    (MENS, "conversion"): "0.006805 0.005014 0.008641 7.38511 145.0",
    (MENS, "spend"): "0.769827 0.48514 1.054515 5.30014 16402.71",
    (WOMENS, "visit"): "0.045233 0.038894 0.051574 13.9492 967.4",
    (WOMENS, "conversion"): "0.003111 0.001502 0.004745 3.77956 66.5",
    (WOMENS, "spend"): "0.424412 0.168957 0.679868 3.25637 9076.90",
}
"""Difference, 95 % interval, z or t, extra; each to its last digit."""


@pytest.fixture(scope="module")
def hillstrom(shared_data: Path) -> tuple[object, ...]:
    outcomes = (word for name in ("visit", "conversion", "spend") for word in ("--outcome", name))
    file = shared_data / "segment" / "hillstrom.csv"
    return ("measure", "table", file, "--group", "segment", "--control", "No E-Mail", *outcomes)


def test_three_random_arms(make: Make, hillstrom: tuple[object, ...]) -> None:
    run = make(*hillstrom, "--random")
    found = {(each["arm"], each["outcome"]): each for each in run.summary["effects"]}
    assert found.keys() == EFFECTS.keys()
    for key, published in EFFECTS.items():
        for name, text in zip(
            ("difference", "low", "high", "statistic", "extra"), published.split(), strict=True
        ):
            places = len(text.partition(".")[2])
            assert found[key][name] == pytest.approx(float(text), abs=0.5 * 10**-places), key
    assert "Everyone assigned is counted" in run.shown
    assert "Effect" in run.shown
    assert sum(run.summary["assigned"].values()) == 64_000


def test_without_chance_it_is_a_comparison(make: Make, hillstrom: tuple[object, ...]) -> None:
    run = make(*hillstrom)
    assert "A comparison, not an effect" in run.shown
    assert "Effect" not in run.shown
