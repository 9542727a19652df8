"""The job of ``custseg forget``: a person out of the base and every run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

import pyarrow as pa

from custseg.base import RunEntry
from custseg.base.erase import erase_people
from custseg.base.tombstones import add_tombstones, read_tombstones
from custseg.config import Settings
from custseg.engine import Engine
from custseg.jobs.audit import note
from custseg.jobs.clean_memory import checked_key
from custseg.jobs.kept import open_base
from custseg.jobs.monitor import Monitor
from custseg.jobs.person_search import Search, Unit, Wanted, country_of_phones
from custseg.jobs.run_files import (
    copy_private,
    files_of,
    is_machine_file,
    is_table,
    known_folders,
    manifest_data,
    read_any,
    run_folders,
)
from custseg.jobs.runs import WORKBOOK, RunContext
from custseg.privacy.erase import erase_lines, erase_table, erase_text, erase_workbook
from custseg.privacy.person import Person
from custseg.privacy.tombstones import make_tombstones
from custseg.tables import RunFolder
from custseg.tables.files import private_file, private_folder
from custseg.tables.manifest import MANIFEST
from custseg.tables.runs import replaced_run

_COUNTED = ("records", "customers", "links", "review", "changes")
"""Tables whose rows the manifest counts under their names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgetResult:
    """What was done; nothing in it tells who.

    Attributes
    ----------
    people
        How many were forgotten.
    runs
        Folder of each run that held something of them → rows and cells that went.
    base_rows
        Rows that went from the base.
    removals
        Platform's file → rows in it.
    tombstones
        Pieces of evidence by which the next import knows them.
    shared
        Addresses and numbers of theirs that stay, because somebody else has them too.
    """

    people: int
    runs: Mapping[str, int] = field(default_factory=dict)
    base_rows: int = 0
    removals: Mapping[str, int] = field(default_factory=dict)
    tombstones: int = 0
    shared: int = 0


def forget(
    wanted: Wanted,
    base: str | Path,
    output: str | Path,
    *,
    runs: Sequence[str | Path] = (),
    settings: Settings | None = None,
    origins: Mapping[str, str] = MappingProxyType({}),
    monitor: Monitor | None = None,
) -> ForgetResult:
    """Take people out of the base and of every run, and remember not to take them in again.

    Parameters
    ----------
    wanted
        Who.
    base
        The base; made where there is none, since what knows them again is kept there.
    output
        A new folder for the removal files: one a platform they were ever sent to, each row
        exactly as it was sent. It is written before anything is taken away.
    runs
        Folders of runs, or of runs side by side, beside those that the base knows.
    settings, origins
        Settings, and where each came from.
    monitor
        Is told of stages and warnings.

    Raises
    ------
    InputError, UsageError
        If somebody is not found, or not alone in having an address; if there is no key, or not
        the one of those forgotten before; if a run cannot be read.
    """
    chosen, monitor = settings or Settings(), monitor or Monitor()
    context = RunContext(command="forget", settings=chosen, origins=origins)
    with (
        open_base(base, "forget") as kept,
        RunFolder(Path(output)) as folder,
        Engine(chosen.run.threads, chosen.run.memory_limit) as engine,
    ):
        key = checked_key(read_tombstones(kept))
        with monitor.stage("search"):
            folders = run_folders([*runs, *known_folders(kept)])
            search = Search(kept, folders, country_of_phones(chosen), engine)
            people = search.ids(wanted)
            person = search.person(frozenset().union(*people))
            stones = make_tombstones(*search.evidence(person.ids), key)
            sent = search.sent(person.ids)
        with monitor.stage("write"):
            removals = _write_removals(folder, sent)
            counts = {"people": len(people), "removals": sum(removals.values())}
            context.publish(folder, (), counts, monitor)
        with monitor.stage("forget"):
            done = {str(each): _forget_in_run(each, search, person) for each in folders}
            kept.begin(
                RunEntry(
                    run_id="",
                    command="forget",
                    version="",
                    started=context.began,
                    counts=counts,
                )
            )
            base_rows = erase_people(kept, person)
            add_tombstones(kept, stones)
            kept.commit()
    result = ForgetResult(
        people=len(people),
        runs={name: rows for name, rows in done.items() if rows},
        base_rows=base_rows,
        removals=removals,
        tombstones=stones.num_rows - 1,
        shared=len(person.shared),
    )
    note(
        base,
        "forget",
        {
            "people": result.people,
            "runs": len(result.runs),
            "rows": sum(result.runs.values()),
            "base_rows": result.base_rows,
            "removals": sum(removals.values()),
        },
    )
    return result


def _write_removals(
    folder: RunFolder, sent: Iterable[tuple[str, tuple[str, ...], tuple[str, ...]]]
) -> dict[str, int]:
    """Write a file a platform and form, each row as it was sent; give the rows of each."""
    rows: dict[tuple[str, tuple[str, ...]], list[tuple[str, ...]]] = {}
    for platform, columns, cells in sent:
        rows.setdefault((platform, columns), []).append(cells)
    written: dict[str, int] = {}
    for (platform, columns), lines in sorted(rows.items()):
        name = platform
        while f"{name}.csv" in written:
            stem, _, number = name.partition("_")
            name = f"{stem}_{int(number or 1) + 1}"
        table = pa.table([list(each) for each in zip(*lines, strict=True)], names=list(columns))
        folder.add_table(name, table)
        written[f"{name}.csv"] = len(lines)
    return written


def _forget_in_run(folder: Path, search: Search, person: Person) -> int:
    """Write a run anew without a person, where it holds something of them; count what went."""
    units = {
        unit.folder: unit for unit in search.units if folder in (unit.folder, *unit.folder.parents)
    }
    with replaced_run(folder) as new:
        fewer: dict[Path, int] = {}
        gone = 0
        for path in files_of(folder):
            unit = units[next(each for each in path.parents if each in units)]
            target = new / path.relative_to(folder)
            private_folder(target.parent)
            fewer[path], went = _forget_in_file(path, target, unit, search, person)
            gone += went
        for unit in units.values():
            _correct_manifest(new / unit.folder.relative_to(folder), unit, fewer)
    return gone


def _forget_in_file(
    path: Path, target: Path, unit: Unit, search: Search, person: Person
) -> tuple[int, int]:
    """Write a file without a person; give how many rows it has less, and what went."""
    if path.suffix == ".csv" and is_machine_file(unit.folder, path):
        data, gone = erase_lines(path.read_bytes(), person)
        with private_file(target) as file:
            file.write(data)
        return gone, gone
    if is_table(path):
        stored = read_any(path)
        here = search.in_unit(person, unit)
        erased = {name: erase_table(table, here) for name, table in stored.sheets.items()}
        if any(each.changed for each in erased.values()):
            stored.write({name: each.table for name, each in erased.items()}, target)
            rows = sum(each.rows for each in erased.values())
            return rows, rows + sum(each.cells for each in erased.values())
    elif path.suffix in (".json", ".html", ".txt", ".md"):
        text, gone = erase_text(path.read_text(encoding="utf-8"), person)
        if gone:
            with private_file(target) as file:
                file.write(text.encode())
            return 0, gone
    elif path.name == WORKBOOK:
        data, gone = erase_workbook(path.read_bytes(), person)
        if gone:
            with private_file(target) as file:
                file.write(data)
            return 0, gone
    copy_private(path, target)
    return 0, 0


def _correct_manifest(folder: Path, unit: Unit, fewer: Mapping[Path, int]) -> None:
    """Put the rows and sizes of the files as they are now into a run's manifest."""
    with manifest_data(folder / MANIFEST) as data:
        for output in data["outputs"]:
            path = folder / output["name"]
            if not path.is_file():
                continue
            output["bytes"] = path.stat().st_size
            gone = fewer.get(unit.folder / output["name"], 0)
            if not gone or output["rows"] is None:
                continue
            output["rows"] -= gone
            name = Path(output["name"]).stem
            if name in _COUNTED and name in data["counts"]:
                data["counts"][name] = output["rows"]
            if name == "records":
                data["counts"]["forgotten"] = data["counts"].get("forgotten", 0) + gone
