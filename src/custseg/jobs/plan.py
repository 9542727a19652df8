"""The job of ``custseg plan``: what matching would cost, before it is done."""

from __future__ import annotations

from custseg.cleanse.match import MatchSettings, Plan, plan_blocking
from custseg.cleanse.unify import unify
from custseg.config import Settings
from custseg.engine import Engine
from custseg.jobs.monitor import Monitor
from custseg.jobs.sources import Inputs, prepare, read_inputs


def plan(
    inputs: Inputs, *, settings: Settings | None = None, monitor: Monitor | None = None
) -> Plan:
    """Choose the blocking keys of tables, and estimate pairs, memory and time.

    Parameters
    ----------
    inputs
        Files, globs, ``"-"``, or frames by name.

    Raises
    ------
    InputError, UsageError
        If an input cannot be read, or a setting does not fit.
    """
    settings = settings or Settings()
    monitor = monitor or Monitor()
    with Engine(settings.run.threads, settings.run.memory_limit) as engine:
        reads = read_inputs(inputs, settings, monitor)
        prepared = prepare(reads, "people", settings, engine, monitor)
        records = unify([each.as_standard() for each in prepared.done])
        with monitor.stage("match"):
            return plan_blocking(
                records.table.drop_columns(["row"]),
                records.roles,
                engine=engine,
                settings=MatchSettings(link_only=settings.match.link_only),
            )
