"""The jobs of ``custseg clean`` and ``custseg dedupe``: exports in, customers out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from custseg.cleanse.match import Matches, MatchSettings, match_records
from custseg.cleanse.merge.codes import key_texts
from custseg.cleanse.merge.corrections import known_as
from custseg.cleanse.merge.decisions import decided_pairs
from custseg.cleanse.merge.golden import Golden, golden_records
from custseg.cleanse.merge.households import household_ids
from custseg.cleanse.merge.ids import CustomerIds, IdBook, assign_ids
from custseg.cleanse.merge.records import record_keys
from custseg.cleanse.merge.review import questions, review_table
from custseg.cleanse.merge.rules import GoldenRules, read_rules
from custseg.cleanse.standardize.columns import base_role
from custseg.cleanse.summarize import summarize_columns, summarize_matching, summarize_regions
from custseg.cleanse.summary import CleanSummary
from custseg.cleanse.unify import Records, unify
from custseg.config import Settings
from custseg.engine import Engine, give_back_memory
from custseg.errors import InputError
from custseg.fields.registry import roles as known_roles
from custseg.hashing import UInts
from custseg.jobs.assess import quality_before_and_after
from custseg.jobs.changes import Changes
from custseg.jobs.clean_memory import CleanMemory, memory
from custseg.jobs.kept import BaseGiven
from custseg.jobs.kinds import IDENTITY, refuse_orders
from custseg.jobs.monitor import Monitor
from custseg.jobs.past import (
    Earlier,
    decisions_now,
    read_book,
    read_known_decisions,
    read_model,
)
from custseg.jobs.runs import RunContext, summarize_inputs, summarize_warnings
from custseg.jobs.sources import Inputs, prepare, read_inputs
from custseg.jobs.stored import read_stored
from custseg.jobs.write_clean import CleanWriter
from custseg.tables import RunFolder, TableRead

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, repr=False)
class CleanResult:
    """The customers, and everything that says how they came about.

    Attributes
    ----------
    records
        A row a record: ``source``, ``row``, ``customer_id``, ``record_key``, then its columns.
    compared
        The standard values that were compared; the same as `records` but for ``dedupe``.
    golden
        The customers, their further values, and where each value comes from.
    matches
        Links, clusters, the fitted model.
    ids
        Customer ids and what became of earlier ones.
    listed
        Every changed or doubtful cell.
    quality
        Counts of cells by column, status and reason.
    review
        Pairs for a person to decide: the likeliest one of each two customers.
    decided
        Every decision known, for the runs to come.
    quarantine
        Rows that could not be read.
    forgotten
        Rows of people who were forgotten, which are nowhere else.
    summary
        Everything the report shows.
    """

    records: pa.Table
    compared: Records
    golden: Golden
    matches: Matches
    ids: CustomerIds
    listed: Changes
    quality: pa.Table
    review: pa.Table
    decided: pa.Table
    quarantine: pa.Table
    forgotten: int
    summary: CleanSummary

    def __repr__(self) -> str:
        records, customers = self.records.num_rows, self.golden.customers.num_rows
        return f"CleanResult({records:,} records, {customers:,} customers)"

    @property
    def changes(self) -> pa.Table:
        """Every changed or doubtful cell; read from the run's folder where one was written."""
        return self.listed.table()

    def customers(self) -> pd.DataFrame:
        """Give the customers as a pandas frame."""
        frame: pd.DataFrame = self.golden.customers.to_pandas()
        return frame


def clean(
    inputs: Inputs,
    output: str | Path | None = None,
    *,
    settings: Settings | None = None,
    origins: Mapping[str, str] = MappingProxyType({}),
    previous: str | Path | None = None,
    decisions: str | Path | None = None,
    match_model: str | Path | None = None,
    base: BaseGiven = None,
    force: bool = False,
    monitor: Monitor | None = None,
) -> CleanResult:
    """Standardize tables of customers and merge the records of each person.

    Parameters
    ----------
    inputs
        Files, globs, ``"-"``, or frames by name.
    output
        Folder for the run. None writes nothing.
    settings, origins
        Settings, and where each came from.
    previous, decisions, match_model
        See :class:`custseg.jobs.past.Earlier`.
    base
        A base (``base.duckdb``): ids and decisions come from it where no `previous` is given,
        people who were forgotten are left out, and the run is remembered in it.
    force
        Whether an older run at `output` may be replaced.
    monitor
        Is told of stages and warnings.

    Raises
    ------
    InputError, UsageError, LimitError
        If an input cannot be read, nothing in it tells who a person is, a setting does not fit,
        or the output cannot be written.
    """
    job = _Job(
        RunContext(command="clean", settings=settings or Settings(), origins=origins),
        monitor or Monitor(),
        Earlier(previous, decisions, match_model),
    )
    with memory(base, job.context.command) as kept:
        return job.run(inputs, output, force, kept)


def dedupe(
    inputs: Inputs,
    output: str | Path | None = None,
    *,
    settings: Settings | None = None,
    origins: Mapping[str, str] = MappingProxyType({}),
    previous: str | Path | None = None,
    decisions: str | Path | None = None,
    match_model: str | Path | None = None,
    base: BaseGiven = None,
    force: bool = False,
    monitor: Monitor | None = None,
) -> CleanResult:
    """Find the records of each person; their values stay as they were given.

    Parameters and errors as :func:`clean`. Records are compared in standard forms, but none is
    written; there are no ``changes``.
    """
    job = _Job(
        RunContext(command="dedupe", settings=settings or Settings(), origins=origins),
        monitor or Monitor(),
        Earlier(previous, decisions, match_model),
    )
    with memory(base, job.context.command) as kept:
        return job.run(inputs, output, force, kept)


@dataclass(frozen=True, slots=True)
class _Job:
    """One run of clean or dedupe."""

    context: RunContext
    monitor: Monitor
    earlier: Earlier

    def run(
        self, inputs: Inputs, output: str | Path | None, force: bool, kept: CleanMemory | None
    ) -> CleanResult:
        """Do it, and write it where asked."""
        settings, monitor = self.context.settings, self.monitor
        golden_rules(settings)  # what does not fit is said before the work is done
        if output is None:
            with Engine(settings.run.threads, settings.run.memory_limit) as engine:
                reads = self._read(inputs, engine, kept)
                result = self._result(reads, engine, kept)
            if kept is not None:
                kept.remember(self.context, reads, result, None)
                kept.commit()
            return result
        # The folder is opened first: what cannot be written is said before the work is done.
        with (
            RunFolder(Path(output), force=force) as folder,
            Engine(settings.run.threads, settings.run.memory_limit) as engine,
        ):
            reads = self._read(inputs, engine, kept)
            writer = CleanWriter(folder, Path(output), reads, self.context, engine)
            result = self._result(reads, engine, kept, writer)
            writer.write(result, monitor)
            if kept is not None:
                with monitor.stage("remember"):
                    kept.remember(self.context, reads, result, Path(output))
            writer.publish(result, monitor)
            if kept is not None:
                kept.commit()
        return result

    def _read(self, inputs: Inputs, engine: Engine, kept: CleanMemory | None) -> list[TableRead]:
        reads = read_inputs(inputs, self.context.settings, self.monitor, engine=engine)
        return kept.without_mentions(reads) if kept is not None else reads

    def _result(
        self,
        reads: list[TableRead],
        engine: Engine,
        kept: CleanMemory | None,
        writer: CleanWriter | None = None,
    ) -> CleanResult:
        settings, monitor = self.context.settings, self.monitor
        prepared = prepare(reads, "people", settings, engine, monitor)
        done = prepared.done
        refuse_orders([each.source for each in done])
        quarantine = pa.concat_tables([read.quarantine for read in reads])
        if kept is not None:
            done, quarantine = kept.leave_out(done, quarantine, prepared.country, engine, monitor)
        given = unify([each.source.as_given() for each in done])
        standard = unify([each.as_standard() for each in done])
        changes = Changes([each.result for each in done])
        standardized = [each.result.without_changes() for each in done]
        country, guessed = prepared.country, prepared.country_guessed
        # From here on nobody keeps the cells as they were, but for who still needs them.
        reads[:] = [read.without_cells() for read in reads]
        del prepared, done
        if not IDENTITY & {base_role(role) for role in standard.roles.values()}:
            names = ", ".join(read.name for read in reads)
            raise InputError("clean.no_people", name=names)
        keys_made = engine.behind(partial(record_keys, given.table))
        shown = standard if self.context.command == "clean" else given
        del given
        if self.context.command == "clean":
            judged = engine.behind(partial(quality_before_and_after, standardized, engine))
        if writer is not None:
            writer.begin(changes)
        with monitor.stage("match"):
            corrected = cache(lambda: self._known_as(shown, keys_made.result(), kept))
            known = read_known_decisions(self.earlier, monitor, kept.decisions if kept else None)
            decided = known.table
            if decided.num_rows:
                decided = decisions_now(known, keys_made.result(), corrected(), monitor)
            matches = self._matches(standard, decided, keys_made, engine)
            keys = keys_made.result()
        give_back_memory()
        with monitor.stage("merge"):
            # Beside giving out the ids and finding the households, which one thread does.
            review_made = engine.beside(
                lambda: review_table(
                    questions(matches.links, matches.clusters, keys, least=settings.match.review),
                    shown.table,
                    shown.roles,
                    keys,
                    matches.clusters,
                    decisions=decided,
                    silent={each.name for each in matches.model.fields if not each.used},
                    language=settings.output.lang or "en",
                )
            )
            ids = self._ids(matches, keys, self.context.run_id(reads), corrected, kept)
            give_back_memory()
            golden = self._golden(shown, ids, keys, engine)
            records_made = engine.beside(partial(_records, shown.table, keys, ids))
            if writer is not None:
                writer.begin_records(records_made)
            base = golden if shown is standard else self._golden(standard, ids, keys, engine)
            golden, households = with_households(golden, base, standard.roles, engine)
            del base
            records, review = records_made.result(), review_made.result()
        with monitor.stage("assess"):
            quality = judged.result() if self.context.command == "clean" else None
        return CleanResult(
            records=records,
            compared=standard,
            golden=golden,
            matches=matches,
            ids=ids,
            listed=changes,
            quality=pa.concat_tables([each.quality for each in standardized]),
            review=review,
            decided=decided,
            quarantine=quarantine,
            forgotten=sum(read.table.num_rows for read in reads) - shown.table.num_rows,
            summary=CleanSummary(
                command=self.context.command,
                inputs=summarize_inputs(reads),
                columns=summarize_columns(standardized),
                matching=summarize_matching(
                    matches,
                    sure=max(settings.match.sure, settings.match.threshold),
                    review=settings.match.review,
                    review_pairs=review.num_rows,
                    households=households,
                ),
                quality=quality,
                warnings=summarize_warnings(monitor),
                country=country,
                country_guessed=guessed,
                record_roles=standard.roles,
                regions=summarize_regions(golden.customers),
            ),
        )

    def _known_as(self, records: Records, keys: UInts, kept: CleanMemory | None) -> UInts | None:
        """Give the keys under which an earlier run knew the records; None without one."""
        if self.earlier.previous is not None:
            before: pa.Table | None = read_stored(Path(self.earlier.previous), "records")
        else:
            before = kept.records() if kept is not None else None
        return None if before is None else known_as(keys, records.table, records.roles, before)

    def _ids(
        self,
        matches: Matches,
        keys: UInts,
        run: str,
        corrected: Callable[[], UInts | None],
        kept: CleanMemory | None,
    ) -> CustomerIds:
        """Give each record its customer's id; an earlier run's ids stay."""
        if self.earlier.previous is not None:
            book: IdBook | None = read_book(self.earlier.previous)
        else:
            book = kept.book if kept is not None else None
        if book is None:
            return assign_ids(keys, matches.clusters, run=run)
        return assign_ids(keys, matches.clusters, previous=book, known_as=corrected(), run=run)

    def _golden(self, records: Records, ids: CustomerIds, keys: UInts, engine: Engine) -> Golden:
        """Merge each customer's records."""
        rules = golden_rules(self.context.settings)
        golden = golden_records(records.table, ids.coded, records.roles, keys, rules, engine=engine)
        give_back_memory()
        return golden

    def _matches(
        self, records: Records, decided: pa.Table, keys: Future[UInts], engine: Engine
    ) -> Matches:
        chosen = self.context.settings.match
        model = read_model(self.earlier.match_model) if self.earlier.match_model else None
        matches = match_records(
            records.table.drop_columns(["row"]),
            records.roles,
            engine=engine,
            settings=MatchSettings(
                join_probability=chosen.threshold,
                match_probability=max(chosen.sure, chosen.threshold),
                review_probability=chosen.review,
                link_only=chosen.link_only,
            ),
            # Without decisions there is no need to wait for the keys.
            decisions=decided_pairs(decided, keys.result()).pairs if decided.num_rows else None,
            model=model,
        )
        for warning in matches.warnings:
            self.monitor.warn(warning.key, **warning.params)
        return matches


def golden_rules(settings: Settings) -> GoldenRules:
    """Give the rules by which values are chosen, as the user wants them."""
    return read_rules(settings.golden, known_roles(), settings.match.source_priority)


def with_households(
    golden: Golden, base: Golden, roles: Mapping[str, str], engine: Engine
) -> tuple[Golden, int | None]:
    """Add the households, found by the standard values of `base`, and count them."""
    found = household_ids(base.customers, roles, engine=engine)
    if found.null_count == len(found):
        return golden, None
    customers = golden.customers.add_column(1, "household_id", found)
    return replace(golden, customers=customers), pc.count_distinct(found).as_py()


def _records(table: pa.Table, keys: UInts, ids: CustomerIds) -> pa.Table:
    """Give the records with their customer, whose columns come first."""
    columns = dict(zip(table.column_names, table.columns, strict=True))
    places = {name: columns.pop(name) for name in ("source", "row")}
    own = {"customer_id": ids.customer_id, "record_key": key_texts(keys)}
    return pa.table({**places, **own, **columns})
