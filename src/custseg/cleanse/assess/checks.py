"""What columns say of each other, and rows of each other: counts, by SQL over the table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import pyarrow as pa

from custseg.cleanse.assess.columns import columns_of, name_sql
from custseg.cleanse.standardize.characters import fold_variants
from custseg.cleanse.standardize.name_dictionary import family_names
from custseg.cleanse.standardize.reading import is_kana, kana_weak_key, plain_kana
from custseg.engine import Engine, quoted

FRESH_YEARS: Final = 2
"""Years after which a record that nobody updated counts as stale."""

OLDEST: Final = 120
"""Years beyond which an age is not plausible."""

PLACE_CONFLICTS: Final = ("postal_conflict", "prefecture_conflict", "city_conflict")

_CONTACTS: Final = ("email", "phone", "birth_date", "address")
"""Roles of which one with the name makes a repetition; thousands share a postal code."""


@dataclass(frozen=True, slots=True)
class Check:
    """One comparison: how many rows could be compared, and how many disagree."""

    code: str
    columns: tuple[str, ...]
    checked: int
    against: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """All comparisons of a table; `share` of the comparisons that agree, None for none."""

    checks: tuple[Check, ...]

    @property
    def share(self) -> float | None:
        """Share of comparisons that agree."""
        checked = sum(check.checked for check in self.checks)
        return 1 - sum(check.against for check in self.checks) / checked if checked else None


@dataclass(frozen=True, slots=True)
class Freshness:
    """When records were last updated: counts of rows with a date."""

    column: str
    dated: int
    stale: int
    future: int

    @property
    def share(self) -> float | None:
        """Share of dated records that are fresh."""
        return 1 - (self.stale + self.future) / self.dated if self.dated else None


@dataclass(frozen=True, slots=True)
class Measures:
    """What is counted once for the score and the findings.

    Attributes
    ----------
    repeated
        Rows that repeat a name and one contact, by the columns compared.
    """

    rows: int
    agreement: Agreement
    freshness: Freshness
    repeated: Mapping[tuple[str, ...], int]

    @property
    def unique(self) -> float | None:
        """Share of records that do not obviously repeat another; None without names.

        Of the contacts the one that finds most counts: a lower bound of the repetitions.
        """
        return 1 - max(self.repeated.values()) / self.rows if self.repeated and self.rows else None


def measure(
    table: pa.Table, roles: Mapping[str, str], quality: pa.Table, engine: Engine, *, as_of: str
) -> Measures:
    """Count what columns and rows of a standardized table say of each other."""
    return Measures(
        table.num_rows,
        consistency(table, roles, quality, engine, as_of=as_of),
        freshness(table, roles, engine, as_of=as_of),
        repetitions(table, roles, engine),
    )


NO_FRESHNESS: Final = Freshness("", 0, 0, 0)


def consistency(
    table: pa.Table, roles: Mapping[str, str], quality: pa.Table, engine: Engine, *, as_of: str
) -> Agreement:
    """Compare postal code with address, reading with name, ages with what is possible."""
    checks = [
        *_places(roles, quality),
        *_readings(table, roles, engine),
        *_births(table, roles, quality, engine, as_of),
    ]
    return Agreement(tuple(check for check in checks if check.checked))


def _places(roles: Mapping[str, str], quality: pa.Table) -> list[Check]:
    """Postal code against address, whole or in columns, as the standardizers found."""
    postal = columns_of(roles, "postal_code")
    addresses = [[column] for column in columns_of(roles, "address")]
    if not addresses:
        cities, towns = columns_of(roles, "city"), columns_of(roles, "town")
        addresses = [[city, *towns[place : place + 1]] for place, city in enumerate(cities)]
    found = []
    for columns in addresses if postal else ():
        rows = [row for row in quality.to_pylist() if row["column"] in columns]
        filled = sum(
            row["cells"]
            for row in rows
            if row["column"] == columns[0] and row["status"] != "missing"
        )
        against = sum(row["cells"] for row in rows if row["reason"] in PLACE_CONFLICTS)
        found.append(Check("postal_address", (postal[0], *columns), filled, against))
    return found


def _readings(table: pa.Table, roles: Mapping[str, str], engine: Engine) -> list[Check]:
    """Reading against family name, where the name list knows how the name is read."""
    found = []
    pairs = zip(columns_of(roles, "family_name"), columns_of(roles, "family_kana"), strict=False)
    for name, kana in pairs:
        counted = engine.sql(
            f"""select {quoted(name)} as name, {quoted(kana)} as kana, count(*) as records
            from people where name is not null and kana is not null group by all""",  # noqa: S608
            people=table.select([name, kana]),
        )
        checked = against = 0
        for row in counted.to_pylist():
            fits = reading_fits(row["name"], row["kana"])
            if fits is not None:
                checked += row["records"]
                against += 0 if fits else row["records"]
        found.append(Check("kana_name", (name, kana), checked, against))
    return found


def reading_fits(family: str, kana: str) -> bool | None:
    """Whether a family name can be read so; None where the name list does not know it.

    Voicing and the length of vowels make no difference (ナカジマ, ナカシマ).
    """
    readings = family_names().readings(fold_variants(family))
    plain = plain_kana(kana)
    if not readings or not is_kana(plain):
        return None
    return plain in readings or kana_weak_key(plain) in map(kana_weak_key, readings)


def _births(
    table: pa.Table, roles: Mapping[str, str], quality: pa.Table, engine: Engine, as_of: str
) -> list[Check]:
    """Birth dates against the day of the assessment, and against the last update."""
    found: list[Check] = []
    updated = columns_of(roles, "updated_at")
    if not (as_of or updated):
        return found
    for column in columns_of(roles, "birth_date"):
        # Empty by now, where the standardizer was told of the day.
        emptied = sum(
            row["cells"]
            for row in quality.to_pylist()
            if row["column"] == column and row["reason"] == "in_the_future"
        )
        counted = engine.sql(
            f"""with dates as (
              select try_cast({quoted(column)} as date) as born,
                try_cast(left({quoted(updated[0]) if updated else "null"}, 10) as date) as updated
              from people)
            select count(born) as dated,
              count(*) filter (born < $1 - interval {OLDEST} year or born > $1) as impossible,
              count(*) filter (updated is not null and born is not null) as both,
              count(*) filter (updated < born) as before
            from dates""",  # noqa: S608
            [date.fromisoformat(as_of) if as_of else date.min],
            people=table.select([column, *updated[:1]]),
        ).to_pylist()[0]
        if as_of:
            against = counted["impossible"] + emptied
            found.append(Check("age", (column,), counted["dated"] + emptied, against))
        if updated:
            against = counted["before"]
            found.append(Check("update_birth", (updated[0], column), counted["both"], against))
    return found


def freshness(
    table: pa.Table, roles: Mapping[str, str], engine: Engine, *, as_of: str
) -> Freshness:
    """Count the records that were not updated for years; needs a date and an update column."""
    columns = columns_of(roles, "updated_at")
    if not columns or not as_of:
        return NO_FRESHNESS
    row = engine.sql(
        f"""with dates as (
          select try_cast(left({quoted(columns[0])}, 10) as date) as updated, $1 as today
          from people)
        select count(updated) as dated,
          count(*) filter (updated < today - interval {FRESH_YEARS} year) as stale,
          count(*) filter (updated > today) as future
        from dates""",  # noqa: S608
        [date.fromisoformat(as_of)],
        people=table.select([columns[0]]),
    ).to_pylist()[0]
    return Freshness(columns[0], row["dated"], row["stale"], row["future"])


def repetitions(
    table: pa.Table, roles: Mapping[str, str], engine: Engine
) -> dict[tuple[str, ...], int]:
    """Count rows that repeat the name and one contact of another, by the columns compared.

    Names are compared without case and spaces alone: these are the obvious repetitions, far
    fewer than matching finds.
    """
    name, name_columns = name_sql(roles)
    contacts = [column for role in _CONTACTS for column in columns_of(roles, role)]
    if not name or not contacts:
        return {}
    values = ", ".join(f"{quoted(column)} as c{at}" for at, column in enumerate(contacts))
    pairs = ", ".join(map(_pair, range(len(contacts))))
    found = engine.sql(
        f"with named as (select {name} as who, {values} from people) select {pairs} from named",  # noqa: S608
        people=table.select(list(dict.fromkeys([*name_columns, *contacts]))),
    )
    return {
        (*name_columns, column): _repeated(found.column(at)) for at, column in enumerate(contacts)
    }


def _pair(at: int) -> str:
    """SQL: a number for name and contact; null where one of them is empty."""
    return f"case when who is not null and c{at} is not null then hash(who, c{at}) end as h{at}"


def _repeated(numbers: pa.ChunkedArray) -> int:
    """Count the cells that equal another one, less one of each kind."""
    # A sort is ten times as fast as DuckDB's own counting of what is distinct.
    ordered = np.sort(numbers.drop_null().to_numpy())
    return int((ordered[1:] == ordered[:-1]).sum())


def shared_contacts(
    table: pa.Table, column: str, roles: Mapping[str, str], least: int, engine: Engine
) -> tuple[int, int, int] | None:
    """Count contacts that stand with `least` different names or more.

    Returns
    -------
    tuple or None
        Different values, rows that have them, rows of the most frequent one; None for a
        table without names.
    """
    name, name_columns = name_sql(roles)
    if not name:
        return None
    row = engine.sql(
        f"""with shared as (
          select count(*) as records from (select {quoted(column)} as value, {name} as who
            from people) where value is not null
          group by value having count(distinct who) >= ?)
        select count(*) as contacts, coalesce(sum(records), 0)::bigint as records,
          coalesce(max(records), 0) as most from shared""",  # noqa: S608
        [least],
        people=table.select(list(dict.fromkeys([*name_columns, column]))),
    ).to_pylist()[0]
    return row["contacts"], row["records"], row["most"]


def frequent_values(
    table: pa.Table, column: str, engine: Engine, *, least: int, times: float
) -> tuple[int, int]:
    """Count values that stand far more often than values of the column usually do.

    Parameters
    ----------
    least
        Fewest rows of such a value.
    times
        How many times the median count of the column's values it has.

    Returns
    -------
    tuple
        Different values and the rows that have them.
    """
    row = engine.sql(
        f"""with counted as (
          select count(*) as records from people
          where {quoted(column)} is not null group by {quoted(column)}),
        usual as (select median(records) as records from counted)
        select count(*) as found, coalesce(sum(counted.records), 0)::bigint as records
        from counted, usual where counted.records >= ? and counted.records > ? * usual.records""",  # noqa: S608
        [least, times],
        people=table.select([column]),
    ).to_pylist()[0]
    return row["found"], row["records"]


def repeated_values(table: pa.Table, column: str, engine: Engine) -> int:
    """Count rows whose value stands in another row, too, less one row a value."""
    row = engine.sql(
        "select count(value) - count(distinct value) as repeated from people",
        people=pa.table({"value": table.column(column)}),
    ).to_pylist()[0]
    repeated: int = row["repeated"]
    return repeated


def equal_rows(table: pa.Table, columns: Sequence[str], engine: Engine) -> int:
    """Count rows that equal another in all the columns, less one row of each kind."""
    listed = ", ".join(map(quoted, columns))
    row = engine.sql(
        f"select count(*) - count(distinct hash({listed})) as repeated from people",  # noqa: S608
        people=table.select(list(columns)),
    ).to_pylist()[0]
    repeated: int = row["repeated"]
    return repeated
