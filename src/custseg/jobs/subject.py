"""The job of ``custseg subject show``: everything that is held about a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from custseg.base import Base
from custseg.config import Settings
from custseg.engine import Engine
from custseg.jobs.audience_past import STATE
from custseg.jobs.audit import note
from custseg.jobs.kept import open_base
from custseg.jobs.person_search import Search, Wanted, country_of_phones
from custseg.jobs.run_files import (
    files_of,
    is_machine_file,
    is_table,
    known_folders,
    read_any,
    run_folders,
)
from custseg.privacy.erase import their_rows
from custseg.privacy.person import Person, email_forms, phone_forms

Rows = list[dict[str, Any]]

_MINE: Final = "SEMI JOIN named ON c.customer_id = named.customer_id ORDER BY ALL"
_IN_BASE: Final = {
    "customers": "SELECT c.customer_id, status, successor, household_id FROM {customers} c",
    "records": 'SELECT record_key, source, "row" FROM {records} '
    "JOIN {customers} c USING (customer)",
    "identifiers": 'SELECT kind, "value" FROM {identifiers} JOIN {customers} c USING (customer)',
    "memberships": "SELECT l.kind, name, b.started AS since, e.started AS until "
    "FROM {memberships} m JOIN {lists} l USING (list) JOIN {runs} b ON b.run = m.since "
    "LEFT JOIN {runs} e ON e.run = m.until JOIN {customers} c USING (customer)",
}
"""What the base holds about somebody, in words rather than in its own numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What is held about one person.

    Attributes
    ----------
    ids
        Every customer id they have had.
    base
        Table of the base → its rows about them.
    runs
        Run folder → file → its rows about them.
    sent
        What was sent, to which platform, in which list, when.
    """

    ids: tuple[str, ...]
    base: Mapping[str, Rows] = field(default_factory=dict)
    runs: Mapping[str, Mapping[str, Rows]] = field(default_factory=dict)
    sent: Rows = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """Give plain data."""
        return {
            "ids": list(self.ids),
            "base": dict(self.base),
            "runs": {name: dict(files) for name, files in self.runs.items()},
            "sent": self.sent,
        }


def subject(
    wanted: Wanted,
    base: str | Path,
    *,
    runs: Sequence[str | Path] = (),
    settings: Settings | None = None,
) -> tuple[Subject, ...]:
    """Gather everything held about people, one by one; nothing is changed but the audit log.

    Parameters and errors as :func:`custseg.jobs.forget.forget`, but that no key is needed.
    """
    chosen = settings or Settings()
    with (
        open_base(base, "subject", must_exist=True) as kept,
        Engine(chosen.run.threads, chosen.run.memory_limit) as engine,
    ):
        folders = run_folders([*runs, *known_folders(kept)])
        search = Search(kept, folders, country_of_phones(chosen), engine)
        found = tuple(_subject(kept, search, ids) for ids in search.ids(wanted))
    note(base, "subject", {"people": len(found)})
    return found


def _subject(base: Base, search: Search, ids: frozenset[str]) -> Subject:
    person = search.person(ids)
    return Subject(
        ids=tuple(sorted(ids)),
        base=_in_base(base, person),
        runs=_in_runs(search, person),
        sent=_sent(base, search, ids),
    )


def _in_base(base: Base, person: Person) -> dict[str, Rows]:
    named = pa.table({"customer_id": pa.array(sorted(person.ids), pa.string())})
    found = {table: base.sql(query, named=named).to_pylist() for table, query in _IN_BASE.items()}
    addresses = email_forms(person.emails) | phone_forms(person.phones)
    addresses |= person.ids | person.numbers
    values = pa.table({"text": pa.array(sorted(addresses), pa.string())})
    found["consents"] = base.sql(
        "SELECT kind, strict AS identifier, channel, granted, "
        "if(granted, NULL, why) AS why, "
        "if(abs(moment) < 1000000000000, CAST(make_timestamp(moment * 1000000) AS VARCHAR), NULL) "
        "AS at FROM {consents} "
        "WHERE strict IN (FROM addresses) OR loose IN (FROM addresses) ORDER BY ALL",
        addresses=values,
    ).to_pylist()
    return {table: rows for table, rows in found.items() if rows}


def _in_runs(search: Search, person: Person) -> dict[str, dict[str, Rows]]:
    runs: dict[str, dict[str, Rows]] = {}
    for unit in search.units:
        here = search.in_unit(person, unit)
        files: dict[str, Rows] = {}
        for path in files_of(unit.folder):
            inner = [each.folder for each in search.units if each.folder in path.parents]
            nearest = max(inner, key=lambda each: len(each.parts))
            if not is_table(path) or nearest != unit.folder:
                continue
            if is_machine_file(unit.folder, path) or path.parent.name == STATE:
                continue  # what they hold is told by what was sent
            rows = [
                row
                for table in read_any(path).sheets.values()
                for row in table.filter(pa.array(their_rows(table, here))).to_pylist()
            ]
            if rows:
                files[str(path.relative_to(unit.folder))] = rows
        if files:
            runs[str(unit.folder)] = files
    return runs


def _sent(base: Base, search: Search, ids: frozenset[str]) -> Rows:
    named = pa.table({"customer_id": pa.array(sorted(ids), pa.string())})
    dated: Rows = base.sql(
        "SELECT platform, name AS list, b.started AS first_sent, e.started AS removed, "
        "columns, cells FROM {deliveries} d JOIN {lists} USING (list) "
        "JOIN {list_files} USING (list, platform) JOIN {customers} USING (customer) "
        "JOIN {runs} b ON b.run = d.since LEFT JOIN {runs} e ON e.run = d.until "
        "SEMI JOIN named USING (customer_id) ORDER BY ALL",
        named=named,
    ).to_pylist()
    for row in dated:
        row["cells"] = [cell or "" for cell in row["cells"]]
    known = {(row["platform"], tuple(row["cells"])) for row in dated}
    return dated + [
        {"platform": platform, "columns": list(columns), "cells": list(cells)}
        for platform, columns, cells in search.sent(ids)
        if (platform, cells) not in known
    ]
