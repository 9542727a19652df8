"""Problem layers: groups of customers that fell against the period before, ranked by money.

Groups are all combinations of up to three dimensions (segment at the beginning of each period,
gender, age band, prefecture …). In each group three measures are compared between the periods:

- ``repeat_rate``: of its customers with an order, the share with two or more. At stake: the
  customers lost as repeat buyers × what a repeat buyer spent more than a one-time buyer.
- ``average_order``: money over orders. At stake: the difference × the orders now.
- ``new_customers``: how many came. At stake: the difference × what a new customer spent.

Rates and means are compared as :mod:`custseg.segment.layer_sums` says, numbers of new customers
as Poisson counts.

A group is a finding where it fell, and fell more than everyone outside it; both at the 5 % level
after Benjamini and Hochberg's correction for all groups and measures tested. A group of fewer
than 101 people in either period is not tested. Findings are taken one after the other, the clearest
first: its customers are set apart, and all is tested again without them, corrected as before. So
what overlaps with a finding is one only where it still falls without it; and the many groups that
fall along with a true finding do not lower the bar for others, as they would in one pass.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

import numpy as np

from custseg.segment.choice import Labels
from custseg.segment.dimensions import SEGMENT, Dimension
from custseg.segment.inference import Z95, adjusted, two_sided
from custseg.segment.layer_sums import (
    MEASURES,
    Cells,
    Change,
    Sums,
    change,
    codes,
    group_sums,
    large_groups,
    places_among,
    sums_of_cells,
)
from custseg.segment.rfm import Floats
from custseg.segment.windows import Activity

_Key: TypeAlias = tuple[tuple[str, str], ...]

LEVEL: Final = 0.05
LEAST_PEOPLE: Final = 101
MOST_TOGETHER: Final = 3
MOST_FINDINGS: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerRow:
    """One group that fell.

    Attributes
    ----------
    measure
        One of :data:`MEASURES`.
    group
        Dimension → level.
    before, now
        The measure in both periods.
    people_before, people_now
        Customers it rests on.
    low, high
        95 % interval of the difference, now less before; of this group alone.
    p_adjusted
        For all groups and measures tested, without the customers of clearer findings.
    money
        At stake in one period.
    """

    measure: str
    group: Mapping[str, str]
    before: float
    now: float
    people_before: int
    people_now: int
    low: float
    high: float
    p_adjusted: float
    money: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LayersSummary:
    """Groups that fell.

    Attributes
    ----------
    dimensions
        By what customers were grouped.
    tested
        Groups and measures with people enough.
    rows
        Findings, most money at stake first.
    days
        Of a period; 0 in summaries of earlier versions.
    """

    dimensions: tuple[str, ...]
    tested: int
    rows: tuple[LayerRow, ...]
    level: float = LEVEL
    least_people: int = LEAST_PEOPLE
    days: int = 0


def problem_layers(found: Activity, dimensions: Sequence[Dimension]) -> LayersSummary:
    """Find the groups that fell.

    Parameters
    ----------
    found
        What customers did.
    dimensions
        By what they are grouped; the one called ``"segment"`` holds who they were when each
        period began, and says nothing of new customers.
    """
    names = tuple(each.name for each in dimensions)
    days = found.periods.days
    nothing = LayersSummary(dimensions=names, tested=0, rows=(), days=days)
    if not dimensions or not found.periods.observed(found.periods.then):
        return nothing
    cells = sums_of_cells(found, dimensions)
    measures = [
        name
        for name in MEASURES
        if name != "new_customers" or found.periods.tells_new(found.periods.then)
    ]
    groups = [
        group
        for size in range(1, MOST_TOGETHER + 1)
        for together in itertools.combinations(range(len(dimensions)), size)
        if (group := _Groups.of(cells, together, dimensions)) is not None
    ]
    tests: dict[str, dict[_Key, _Test]] = {name: {} for name in measures}
    for group in groups:
        sums = group.sums(cells, measures)
        for name in measures:
            if not (name == "new_customers" and SEGMENT in group.names):
                tests[name] |= {test.key: test for test in group.tests(sums, name)}
    tested = sum(map(len, tests.values()))
    if not tested:
        return nothing
    rows = _findings(cells, groups, tests)
    rows.sort(key=lambda row: (-row.money, row.measure, sorted(row.group.items())))
    shown = tuple(rows[:MOST_FINDINGS])
    return LayersSummary(dimensions=names, tested=tested, rows=shown, days=days)


@dataclass(frozen=True, slots=True)
class _Test:
    """One group and measure with people enough."""

    measure: str
    key: _Key
    p: float
    fell: bool
    row: LayerRow

    @property
    def order(self) -> tuple[float, int, float, str, _Key]:
        """The clearest first; of equally clear ones the simplest, then the one with most money."""
        return self.p, len(self.key), -self.row.money, self.measure, self.key


@dataclass(frozen=True, slots=True)
class _Groups:
    """All groups of one combination of dimensions: the group of each cell, in either period."""

    names: tuple[str, ...]
    places: tuple[int, ...]
    levels: tuple[tuple[str, ...], ...]
    then: Labels
    now: Labels
    count: int

    @classmethod
    def of(
        cls, cells: Cells, together: tuple[int, ...], dimensions: Sequence[Dimension]
    ) -> _Groups | None:
        """Give those that have people enough for any measure; None where none has.

        Setting customers apart makes none larger: the others never come into question.
        """
        chosen = [dimensions[place] for place in together]
        sizes = [len(each.levels) for each in chosen]
        then, now = (codes(side[:, list(together)], sizes) for side in (cells.then, cells.now))
        known = large_groups(cells, then, now, LEAST_PEOPLE)
        if not len(known):
            return None
        then, now = places_among(known, then), places_among(known, now)
        places = np.unravel_index(known, sizes)
        levels = tuple(
            tuple(each.levels[at] for each, at in zip(chosen, row, strict=True))
            for row in zip(*(place.tolist() for place in places), strict=True)
        )
        names = tuple(each.name for each in chosen)
        return cls(names, together, levels, then, now, len(known))

    def sums(self, cells: Cells, measures: Iterable[str]) -> tuple[Sums, Sums]:
        """Sums over the customers of each group, and over those outside it."""
        return group_sums(cells, self.then, self.now, self.count, measures)

    def tests(self, sums: tuple[Sums, Sums], measure: str) -> list[_Test]:
        """Test each group that has people enough."""
        found, others = (change(measure, each) for each in sums)
        enough = np.flatnonzero(_enough(found, measure))
        if not len(enough):
            return []
        p = _p(found, others, measure)
        error = np.sqrt(found.variance)
        tests = []
        for at in enough.tolist():
            fall = float(found.fall[at])
            row = LayerRow(
                measure=measure,
                group=dict(zip(self.names, self.levels[at], strict=True)),
                before=float(found.before[at]),
                now=float(found.now[at]),
                people_before=int(found.people_before[at]),
                people_now=int(found.people_now[at]),
                low=fall - Z95 * float(error[at]),
                high=fall + Z95 * float(error[at]),
                p_adjusted=1.0,
                money=round(float(found.money[at]), 4),
            )
            tests.append(_Test(measure, tuple(row.group.items()), float(p[at]), fall < 0, row))
        return tests


def _findings(
    cells: Cells, groups: Sequence[_Groups], tests: Mapping[str, Mapping[_Key, _Test]]
) -> list[LayerRow]:
    """Take the clearest finding, and look again without its customers, until nothing is clear.

    Parameters
    ----------
    tests
        By measure and group, of all customers.
    """
    without = dict.fromkeys(tests, cells)
    current = {measure: dict(found) for measure, found in tests.items()}
    tested = sum(map(len, tests.values()))
    rows: list[LayerRow] = []
    while len(rows) < MOST_FINDINGS * len(tests):
        all_tests = [test for found in current.values() for test in found.values()]
        # Groups that the customers set apart left too small still count as tested.
        p = adjusted(np.array([*(test.p for test in all_tests), *[1.0] * tested])[:tested])
        clear = [
            (test, each)
            for test, each in zip(all_tests, p, strict=False)
            if each <= LEVEL and test.fell
        ]
        if not clear:
            break
        best, each = min(clear, key=lambda pair: pair[0].order)
        measure, key = best.measure, best.key
        # What is said of a group is said of all of it; what is left only decides whether.
        rows.append(replace(tests[measure][key].row, p_adjusted=float(each)))
        group = next(one for one in groups if one.names == tuple(name for name, _ in key))
        at = group.levels.index(tuple(level for _, level in key))
        without[measure] = without[measure].without(group.then == at, group.now == at)
        current[measure] = {
            test.key: test
            for one in groups
            for test in one.tests(one.sums(without[measure], [measure]), measure)
            if test.key in current[measure]
        }
    return rows


def _enough(found: Change, measure: str) -> np.ndarray:
    """Whether there are people enough: before, and for rates and means now too."""
    enough = found.people_before >= LEAST_PEOPLE
    return enough if measure == "new_customers" else enough & (found.people_now >= LEAST_PEOPLE)


def _p(found: Change, others: Change, measure: str) -> Floats:
    """The larger of two p-values: that the group did not change, and that it changed as others."""
    with np.errstate(divide="ignore", invalid="ignore"):
        own = _z(found.fall, found.variance)
        if measure == "new_customers":
            # The group's share of all new customers, then and now.
            then, now = found.before + others.before, found.now + others.now
            pooled = (found.before + found.now) / (then + now)
            spread = pooled * (1 - pooled) * (1 / then + 1 / now)
            excess = found.now / now - found.before / then
        else:
            spread = found.variance + others.variance
            excess = found.fall - others.fall
    p = np.maximum(two_sided(own), two_sided(_z(excess, spread)))
    return np.where(np.isfinite(p), p, 1.0)


def _z(value: Floats, variance: Floats) -> Floats:
    return np.where(variance > 0, value / np.sqrt(np.where(variance > 0, variance, 1)), 0.0)
