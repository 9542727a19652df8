"""Customers by the time of their first order, in spans long enough that their return is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from custseg.report.model import Date, Item, Words
from custseg.report.suppression import Group
from custseg.segment.periods import CohortRow

_SPANS: Final = (1, 3, 6, 12)
"""Months, that each make up a year."""

_LOOKED_AT: Final = 25
_MONTHS: Final = 12
_TOLD: Final = 0.5


@dataclass(frozen=True, slots=True)
class Cohort:
    """Customers whose first order fell in some months of a year.

    Attributes
    ----------
    months
        Those of them that have customers.
    span
        How many months it is long.
    customers
        All, then those who bought again so many months after their own first month; None where
        that has not come yet for all.
    """

    months: tuple[str, ...]
    span: int
    customers: tuple[int | None, ...]

    @property
    def group(self) -> Group:
        """Name of the customers."""
        return ("cohort", self.months[0])

    @property
    def label(self) -> Item:
        """What it is called: a month, or its first and its last one."""
        if self.span == 1:
            return Date(self.months[0])
        year, month = self.months[0].split("-")
        first = (int(month) - 1) // self.span * self.span + 1
        params: dict[str, Item] = {
            "year": year,
            "first": Words(f"chart.month_name.{first}"),
            "last": Words(f"chart.month_name.{first + self.span - 1}"),
        }
        return Words("chart.cohort_span", params)


def told_cohorts(rows: Sequence[CohortRow], least: int) -> list[Cohort]:
    """Put months together until half of the cells are of `least` customers, a year at most."""
    made: list[Cohort] = []
    for span in _SPANS:
        made = _by_span(rows, span)
        cells = [
            count
            for each in _by_span(rows[-_LOOKED_AT:], span)
            for count in each.customers[1 : _MONTHS + 1]
            if count
        ]
        if sum(count >= least for count in cells) >= _TOLD * len(cells):
            break
    return made


def cohorts_about(shown: Sequence[Cohort]) -> Item:
    """Say what the percentages are of."""
    grouped = bool(shown) and shown[0].span > 1
    return Words("chart.cohorts_grouped" if grouped else "chart.cohorts_about")


def _by_span(rows: Sequence[CohortRow], span: int) -> list[Cohort]:
    return [
        _together(list(found), span) for _, found in groupby(rows, lambda row: _part(row, span))
    ]


def _part(row: CohortRow, span: int) -> tuple[str, int]:
    year, month = row.month.split("-")
    return year, (int(month) - 1) // span


def _together(rows: Sequence[CohortRow], span: int) -> Cohort:
    known = min(len(row.customers) for row in rows)
    columns = [[row.customers[at] for row in rows] for at in range(known)]
    return Cohort(
        months=tuple(row.month for row in rows),
        span=span,
        customers=tuple(
            None if None in column else sum(each or 0 for each in column) for column in columns
        ),
    )
