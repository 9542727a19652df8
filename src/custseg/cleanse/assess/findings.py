"""What a person should know of a table, beyond its columns one by one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import pyarrow as pa

from custseg.cleanse.assess import checks
from custseg.cleanse.assess.columns import columns_of
from custseg.cleanse.assess.model import Finding
from custseg.engine import Engine

SHARED_BY: Final = 3
"""Different names from which on one e-mail address or phone number is not a person's own."""

BURST_SHARE: Final = 0.01
BURST_ROWS: Final = 20
BURST_TIMES: Final = 10.0
"""A burst: at least this share and number of rows with one value, this often the usual."""

_BY_REASON: Final = {
    "placeholder": ("placeholder",),
    "mojibake": ("mojibake_fixed", "mojibake_lossy"),
    "excel": ("leading_zero_restored", "excel_precision_lost", "excel_serial"),
    "companies": ("is_company",),
    "names_open": ("name_split_ambiguous", "several_persons"),
}
"""Findings that the standardizers made, by the reasons they give."""

_GRAVITY: Final = (
    *("mojibake", "excel", "id_not_unique", "equal_rows", "repeated_people", "placeholder"),
    *("shared_contact", "postal_address", "kana_name", "age", "update_birth", "future_update"),
    *("burst", "stale", "companies", "names_open"),
)


def findings(
    before: pa.Table,
    table: pa.Table,
    roles: Mapping[str, str],
    quality: pa.Table,
    measures: checks.Measures,
    engine: Engine,
) -> tuple[Finding, ...]:
    """Find what is worth telling, the gravest kind first, then by rows.

    Parameters
    ----------
    before
        The table as it was read.
    table, roles, quality
        The standardized table, as in
        :class:`custseg.cleanse.standardize.table.StandardizedTable`.
    measures
        What :func:`custseg.cleanse.assess.checks.measure` counted of it.
    """
    rows = table.num_rows
    if not rows:
        return ()
    found = [
        *_by_reason(quality, rows),
        *_repeated(before, table, roles, measures, engine),
        *_shared(table, roles, engine),
        *_disagreeing(measures, before.column_names, roles),
        *_in_time(before, table, roles, measures.freshness, engine),
    ]
    found.sort(key=lambda each: (_GRAVITY.index(each.code), -each.rows, each.columns))
    return tuple(found)


def _finding(
    code: str, columns: tuple[str, ...], rows: int, of: int, **numbers: float
) -> Iterator[Finding]:
    if rows:
        yield Finding(code, columns, rows, rows / of, numbers)


def _by_reason(quality: pa.Table, rows: int) -> Iterator[Finding]:
    counts: dict[tuple[str, str], int] = {}
    code_of = {reason: code for code, reasons in _BY_REASON.items() for reason in reasons}
    for row in quality.to_pylist():
        code = code_of.get(row["reason"] or "")
        if code is not None:
            counts[code, row["column"]] = counts.get((code, row["column"]), 0) + row["cells"]
    for (code, column), cells in counts.items():
        yield from _finding(code, (column,), cells, rows)


def _repeated(
    before: pa.Table,
    table: pa.Table,
    roles: Mapping[str, str],
    measures: checks.Measures,
    engine: Engine,
) -> Iterator[Finding]:
    rows = table.num_rows
    ids = columns_of(roles, "record_id")
    for column in ids:
        yield from _finding(
            "id_not_unique", (column,), checks.repeated_values(table, column, engine), rows
        )
    others = tuple(column for column in before.column_names if column not in ids)
    if others:
        yield from _finding("equal_rows", (), checks.equal_rows(before, others, engine), rows)
    repeated = measures.repeated
    if repeated:
        columns = max(repeated, key=lambda each: (repeated[each], each))
        yield from _finding("repeated_people", columns, repeated[columns], rows)


def _shared(table: pa.Table, roles: Mapping[str, str], engine: Engine) -> Iterator[Finding]:
    for role in ("email", "phone"):
        for column in columns_of(roles, role):
            counted = checks.shared_contacts(table, column, roles, SHARED_BY, engine)
            if counted is not None:
                contacts, rows, most = counted
                yield from _finding(
                    "shared_contact", (column,), rows, table.num_rows, contacts=contacts, most=most
                )


def _disagreeing(
    measures: checks.Measures, given: Sequence[str], roles: Mapping[str, str]
) -> Iterator[Finding]:
    for check in measures.agreement.checks:
        columns = tuple(_origin(column, given, roles) for column in check.columns)
        yield from _finding(
            check.code, columns, check.against, measures.rows, checked=check.checked
        )


def _origin(column: str, given: Sequence[str], roles: Mapping[str, str]) -> str:
    """Give the column that a part was taken from, for a column that the reader does not have."""
    whole = {"family_name": "person_name", "family_kana": "kana"}.get(roles[column])
    columns = columns_of(roles, whole) if whole and column not in given else ()
    return columns[0] if columns else column


def _in_time(
    before: pa.Table,
    table: pa.Table,
    roles: Mapping[str, str],
    fresh: checks.Freshness,
    engine: Engine,
) -> Iterator[Finding]:
    rows = table.num_rows
    columns = (fresh.column,)
    yield from _finding("stale", columns, fresh.stale, rows, years=checks.FRESH_YEARS)
    yield from _finding("future_update", columns, fresh.future, rows)
    least = max(BURST_ROWS, int(BURST_SHARE * rows))
    for role in ("updated_at", "date", "birth_date"):
        for column in columns_of(roles, role):
            # As written: the time of day tells an import from a busy day.
            source = before if column in before.column_names else table
            values, touched = checks.frequent_values(
                source, column, engine, least=least, times=BURST_TIMES
            )
            yield from _finding("burst", (column,), touched, rows, values=values)
