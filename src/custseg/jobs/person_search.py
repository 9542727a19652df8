"""Find a person in the base and in finished runs, by id, e-mail address or phone number."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from custseg.audience.identifiers import emails, is_email, is_phone_like, loosest_emails, phones
from custseg.audience.platforms.engine import identifiers
from custseg.base import Base
from custseg.base.model import IDENTIFIERS
from custseg.config import Settings
from custseg.engine import Engine
from custseg.errors import InputError, UsageError
from custseg.jobs.clean_memory import identifiers_of
from custseg.jobs.past import IDS_TABLE
from custseg.jobs.platforms import find_platforms, known_platforms
from custseg.jobs.run_files import files_of, read_any
from custseg.jobs.stored import find_stored
from custseg.privacy.evidence import evidence
from custseg.privacy.person import Person
from custseg.tables.manifest import MANIFEST

_STATE: Final = "state"
_NAMES: Final = (
    ("person_name",),
    ("kana",),
    ("family_name", "given_name"),
    ("given_name", "family_name"),
    ("family_kana", "given_kana"),
)


_NUMBERS: Final = ("record_id", "identifier", "line")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Who is looked for, and where they stand in what was given.

    Attributes
    ----------
    ids
        Customer ids.
    texts
        Ids, addresses or numbers, each with its line.
    """

    ids: tuple[str, ...] = ()
    texts: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Unit:
    """A run, or a run inside one, with its records where it has any."""

    folder: Path
    records: pa.Table | None


class Search:
    """Everything there is about people, in the base and in runs.

    Parameters
    ----------
    base
        None for none.
    folders
        Of finished runs.
    country
        To read phone numbers by.
    """

    def __init__(
        self, base: Base | None, folders: Iterable[Path], country: str, engine: Engine
    ) -> None:
        self.units = [unit for folder in folders for unit in _units(folder)]
        self._base = base
        self._phones = partial(phones, country=country, engine=engine)
        self._identifiers = self._all_identifiers()
        self._successors = self._all_successors()

    def ids(self, wanted: Wanted) -> list[frozenset[str]]:
        """Give every id of each person that is looked for.

        Raises
        ------
        InputError
            If somebody is nowhere.
        UsageError
            If an address or a number is that of several people.
        """
        known = set(self._identifiers["customer_id"].to_pylist()) | self._successors.keys()
        known |= set(self._successors.values())
        if self._base is not None:
            found = self._base.sql("SELECT customer_id FROM {customers}")
            known |= set(found["customer_id"].to_pylist())
        for unit in self.units:
            if unit.records is not None:
                known |= set(unit.records["customer_id"].to_pylist())
        people = []
        for place, given in enumerate(wanted.ids, start=1):
            if given not in known:
                raise InputError("privacy.nobody", place=place)
            people.append(self._every_id(given))
        for line, text in wanted.texts:
            owners = {text} & known or self._owners(text)
            if not owners:
                raise InputError("privacy.nobody", place=line)
            groups = {self._every_id(owner) for owner in owners}
            if len(groups) > 1:
                shown = ", ".join(sorted(owners))
                raise UsageError("privacy.several", place=line, count=len(groups), ids=shown)
            people.extend(groups)
        return list(dict.fromkeys(people))

    def person(self, ids: frozenset[str]) -> Person:
        """Gather what is known of people from all runs and the base; places are in each unit."""
        mine = _of(self._identifiers, ids)
        others = self._identifiers.filter(pc.invert(_among(self._identifiers, ids)))
        person = Person(
            ids=ids,
            emails=_values(mine, "email"),
            phones=_values(mine, "phone"),
            numbers=_numbers(mine) - _numbers(others),
            lines=frozenset(self.lines(ids)),
            sent=self._sent_cells(ids),
        )
        for unit in self.units:
            found = self.in_unit(person, unit)
            person = replace(
                person,
                keys=person.keys | found.keys,
                emails=person.emails | found.emails,
                phones=person.phones | found.phones,
                names=person.names | found.names,
            )
        return replace(person, shared=self._shared(person, others))

    def in_unit(self, person: Person, unit: Unit) -> Person:
        """Give the person with the places of their records in a run."""
        if unit.records is None:
            return replace(person, places=frozenset())
        rows = _of(unit.records, person.ids)
        rows_of = rows.select(["source", "row", "record_key"]).to_pylist()
        places = frozenset((row["source"], int(row["row"])) for row in rows_of)
        mails, calls = _raw(unit.folder, places)
        return replace(
            person,
            places=places,
            keys=person.keys | {row["record_key"] for row in rows_of},
            emails=person.emails | mails,
            phones=person.phones | calls,
            names=person.names | set(_names(rows)),
        )

    def lines(self, ids: frozenset[str]) -> set[tuple[str, ...]]:
        """Give the rows that were written for platforms about people, cell by cell."""
        found = {tuple(cell or "" for cell in cells) for _, _, cells in self.sent(ids)}
        return {line for line in found if any(line)}

    def sent(self, ids: frozenset[str]) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
        """Give what was sent about people: platform, columns and cells, each once."""
        found: dict[tuple[str, tuple[str, ...], tuple[str, ...]], None] = {}
        if self._base is not None:
            named = pa.table({"customer_id": pa.array(sorted(ids), pa.string())})
            rows = self._base.sql(
                "SELECT DISTINCT platform, columns, cells FROM {deliveries} "
                "JOIN {list_files} USING (list, platform) JOIN {customers} USING (customer) "
                "SEMI JOIN named USING (customer_id) ORDER BY ALL",
                named=named,
            )
            for row in rows.to_pylist():
                cells = tuple(cell or "" for cell in row["cells"])
                found[row["platform"], tuple(row["columns"]), cells] = None
        for path in self._states():
            table = _of(read_any(path).table, ids)
            columns = tuple(n for n in table.column_names if n != "customer_id")
            platform = path.stem.rpartition(".")[2]
            for row in table.select(list(columns)).to_pylist():
                cells = tuple(row[name] or "" for name in columns)
                found[platform, columns, cells] = None
        return sorted(found)

    def _sent_cells(self, ids: frozenset[str]) -> frozenset[str]:
        """Give the cells by which platforms found people, but for those of others too."""
        rules = find_platforms(known_platforms())
        mine: set[str] = set()
        for platform, columns, cells in self.sent(ids):
            by = identifiers(rules[platform]) if platform in rules else ()
            pairs = zip(columns, cells, strict=True)
            mine |= {cell for name, cell in pairs if cell and name in by}
        return frozenset(mine) - self._sent_to_others(ids, mine)

    def _sent_to_others(self, ids: frozenset[str], cells: set[str]) -> set[str]:
        """Give those of the cells that were sent about somebody else, too."""
        found: set[str] = set()
        values = pa.array(sorted(cells), pa.string())
        if self._base is not None:
            rows = self._base.sql(
                "SELECT DISTINCT cell FROM (SELECT customer_id, unnest(cells) AS cell "
                "FROM {deliveries} JOIN {customers} USING (customer)) "
                "ANTI JOIN named USING (customer_id) SEMI JOIN sought USING (cell)",
                named=pa.table({"customer_id": pa.array(sorted(ids), pa.string())}),
                sought=pa.table({"cell": values}),
            )
            found |= set(rows["cell"].to_pylist())
        for path in self._states():
            table = read_any(path).table
            table = table.filter(pc.invert(_among(table, ids)))
            for column in table.columns:
                column = column.cast(pa.string())
                found |= set(column.filter(pc.is_in(column, value_set=values)).to_pylist())
        return found

    def _states(self) -> list[Path]:
        """List the tables of what was sent in runs."""
        folders = [unit.folder / _STATE for unit in self.units]
        return [path for folder in folders for path in sorted(folder.glob("*.parquet"))]

    def evidence(self, ids: frozenset[str]) -> tuple[pa.Table, pa.Table]:
        """Give the evidence on people's records, and on everybody else's."""
        tables = [unit.records for unit in self.units if unit.records is not None]
        tables.append(_as_records(self._identifiers))
        own, others = [], []
        for table in tables:
            mask = _among(table, ids)
            own.append(evidence(table.filter(mask), self._phones, every=True))
            others.append(evidence(table.filter(pc.invert(mask)), self._phones, every=True))
        return pa.concat_tables(own), pa.concat_tables(others)

    def _all_identifiers(self) -> pa.Table:
        parts = [identifiers_of(unit.records) for unit in self.units if unit.records is not None]
        if self._base is not None:
            parts.append(
                self._base.sql(
                    'SELECT customer_id, kind, "value" FROM {identifiers} '
                    "JOIN {customers} USING (customer)"
                ).cast(IDENTIFIERS)
            )
        table = pa.concat_tables([IDENTIFIERS.empty_table(), *parts])
        return table.group_by(IDENTIFIERS.names).aggregate([]).combine_chunks()

    def _all_successors(self) -> dict[str, str]:
        found: dict[str, str] = {}
        tables = [
            read_any(path).table
            for unit in self.units
            if (path := find_stored(unit.folder, IDS_TABLE)) is not None
        ]
        if self._base is not None:
            tables.append(self._base.sql("SELECT customer_id, successor FROM {customers}"))
        for table in tables:
            merged = table.filter(pc.is_valid(table["successor"]))
            found |= dict(
                zip(merged["customer_id"].to_pylist(), merged["successor"].to_pylist(), strict=True)
            )
        return found

    def _every_id(self, given: str) -> frozenset[str]:
        """Give an id, those it was merged into, and those merged into any of them."""
        last = given
        seen = {given}
        while (last := self._successors.get(last, "")) and last not in seen:
            seen.add(last)
        before = len(seen) - 1
        while before != len(seen):
            before = len(seen)
            seen |= {old for old, new in self._successors.items() if new in seen}
        return frozenset(seen)

    def _owners(self, text: str) -> set[str]:
        value = pa.array([text])
        found = self._identifiers
        if is_email(value)[0].as_py():
            of_kind = found.filter(pc.equal(found["kind"], "email"))
            form = loosest_emails(emails(value))[0]
            same = pc.equal(loosest_emails(emails(_plain(of_kind["value"]))), form)
        elif is_phone_like(value)[0].as_py():
            of_kind = found.filter(pc.equal(found["kind"], "phone"))
            same = pc.equal(self._phones(_plain(of_kind["value"])), self._phones(value)[0])
        else:
            return set()
        return set(of_kind.filter(same)["customer_id"].to_pylist())

    def _shared(self, person: Person, others: pa.Table) -> frozenset[str]:
        """Give the values that somebody else carries too."""
        shared: set[str] = set()
        forms: dict[str, Callable[[pa.Array], pa.Array]] = {
            "email": lambda values: loosest_emails(emails(values)),
            "phone": self._phones,
        }
        for kind, mine in (("email", person.emails), ("phone", person.phones)):
            form = forms[kind]
            if not mine:
                continue
            own = pa.array(sorted(mine), pa.string())
            theirs = form(_plain(others.filter(pc.equal(others["kind"], kind))["value"]))
            both = pc.is_in(form(own), value_set=theirs.drop_null())
            shared |= set(own.filter(both).to_pylist())
        return frozenset(shared)


def _units(folder: Path) -> list[Unit]:
    places = [path.parent for path in files_of(folder) if path.name == MANIFEST]
    found = []
    for place in places:
        path = find_stored(place, "records")
        records = None if path is None else read_any(path).table
        if records is not None and "record_key" not in records.column_names:
            records = None
        found.append(Unit(place, records))
    return found


def _raw(folder: Path, places: frozenset[tuple[str, int]]) -> tuple[set[str], set[str]]:
    """Give the addresses and numbers as they stood in the inputs, from the list of changes."""
    path = find_stored(folder, "changes")
    if path is None or not places:
        return set(), set()
    table = read_any(path).table
    here = pc.binary_join_element_wise(
        table["source"].cast(pa.string()), table["row"].cast(pa.string()), ":"
    )
    names = pa.array(sorted(f"{source}:{row}" for source, row in places))
    mine = table.filter(pc.is_in(here, value_set=names))
    cells = pa.concat_arrays(
        [_plain(mine[name]) for name in ("before", "after") if name in mine.column_names]
    ).drop_null()
    mails = set(cells.filter(is_email(cells)).to_pylist())
    return mails, set(cells.filter(is_phone_like(cells)).to_pylist())


def _names(rows: pa.Table) -> set[str]:
    found: set[str] = set()
    for columns in _NAMES:
        if set(columns) <= set(rows.column_names):
            joined = pc.binary_join_element_wise(*(_plain(rows[each]) for each in columns), " ")
            found |= {each for each in joined.to_pylist() if each}
    return found


def _as_records(identifiers: pa.Table) -> pa.Table:
    """Give identifiers as records of their own, without names."""
    columns: dict[str, pa.Array] = {
        "source": pa.repeat(pa.scalar(""), identifiers.num_rows),
        "customer_id": _plain(identifiers["customer_id"]),
    }
    for kind in ("email", "phone"):
        of_kind = pc.equal(identifiers["kind"], kind)
        columns[kind] = _plain(pc.if_else(of_kind, identifiers["value"], None))
    return pa.table(columns)


def _values(identifiers: pa.Table, kind: str) -> frozenset[str]:
    return frozenset(identifiers.filter(pc.equal(identifiers["kind"], kind))["value"].to_pylist())


def _numbers(identifiers: pa.Table) -> frozenset[str]:
    return frozenset().union(*(_values(identifiers, kind) for kind in _NUMBERS))


def _among(table: pa.Table, ids: frozenset[str]) -> pa.ChunkedArray:
    return pc.is_in(table["customer_id"].cast(pa.string()), value_set=pa.array(sorted(ids)))


def _of(table: pa.Table, ids: frozenset[str]) -> pa.Table:
    return table.filter(_among(table, ids))


def _plain(column: pa.ChunkedArray) -> pa.Array:
    return column.cast(pa.string()).combine_chunks()


def read_wanted(ids: Sequence[str], text: str) -> Wanted:
    """Read who is looked for: ids given, and a text with one id, address or number a line."""
    lines = enumerate(text.splitlines(), start=1)
    found = tuple((line, each.strip()) for line, each in lines if re.search(r"\S", each))
    if not ids and not found:
        raise UsageError("privacy.whom")
    return Wanted(tuple(ids), found)


def country_of_phones(settings: Settings) -> str:
    """Give the country that numbers without a code are of."""
    return (settings.standardize.country or "JP").upper()
