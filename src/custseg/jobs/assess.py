"""The job of ``custseg assess``, and the quality before and after a run of ``clean``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from custseg.cleanse.assess import Assessment, QualityScore
from custseg.cleanse.assess import assess as assess_table
from custseg.cleanse.assess.checks import measure
from custseg.cleanse.assess.score import score_of
from custseg.cleanse.standardize.columns import base_role
from custseg.cleanse.standardize.table import StandardizedTable
from custseg.cleanse.summary import QualitySummary
from custseg.config import Settings
from custseg.engine import Engine
from custseg.jobs.days import read_day
from custseg.jobs.monitor import Monitor
from custseg.jobs.sources import Inputs, prepare, read_inputs

_NEVER: Final = "2100"
"""Days from here on are those of no update."""


@dataclass(frozen=True, slots=True)
class AssessResult:
    """The assessment of each input, and the day they were judged from (``""`` for none)."""

    assessments: tuple[Assessment, ...]
    as_of: str


def assess(
    inputs: Inputs,
    *,
    settings: Settings | None = None,
    as_of: str = "",
    monitor: Monitor | None = None,
) -> AssessResult:
    """Judge the quality of tables before anything is changed.

    Parameters
    ----------
    inputs
        Files, globs, ``"-"``, or frames by name.
    as_of
        ISO date from which ages and staleness are judged; ``""`` takes the latest date of an
        update that stands in the tables.

    Raises
    ------
    InputError, UsageError
        If an input cannot be read, or a setting does not fit.
    """
    settings = settings or Settings()
    monitor = monitor or Monitor()
    given = read_day(as_of).isoformat() if as_of else ""
    with Engine(settings.run.threads, settings.run.memory_limit) as engine:
        reads = read_inputs(inputs, settings, monitor)
        done = prepare(reads, "any", settings, engine, monitor).done
        day = given or latest_update([each.result for each in done])
        with monitor.stage("assess"):
            assessments = tuple(
                assess_table(
                    each.source.read.table,
                    each.result,
                    engine,
                    source=each.source.read.name,
                    as_of=day,
                )
                for each in done
            )
    return AssessResult(assessments, day)


def latest_update(done: Sequence[StandardizedTable]) -> str:
    """Give the latest day on which a record of the tables was updated; ``""`` for none.

    A day of the next century, such as 9999-12-31, stands for "never" and is passed over.
    """
    latest = ""
    for each in done:
        for name, role in each.roles.items():
            if base_role(role) in ("updated_at", "date"):
                days = each.table.column(name).cast(pa.large_string())
                found = pc.max(days.filter(pc.less(days, _NEVER))).as_py()
                latest = max(latest, (found or "")[:10])
    return latest


def quality_before_and_after(
    standardized: Sequence[StandardizedTable], engine: Engine
) -> QualitySummary | None:
    """Score what was read and what it has become; None where no column can be judged.

    Sources count by their rows. After merging no record repeats another. Both are judged from the
    day of the latest update, as :func:`assess` does.
    """
    day = latest_update(standardized)
    before: list[tuple[QualityScore, int]] = []
    after: list[tuple[QualityScore, int]] = []
    for each in standardized:
        table, roles, quality = each.table, each.roles, each.quality
        measures = measure(table, roles, quality, engine, as_of=day)
        before.append((score_of(quality, measures), table.num_rows))
        after.append((score_of(quality, measures, cleaned=True, unique=1.0), table.num_rows))
    overall = [_mean([(score.score, rows) for score, rows in scores]) for scores in (before, after)]
    if overall[0] is None or overall[1] is None:
        return None
    roles_before, roles_after = _by_role(before), _by_role(after)
    return QualitySummary(
        before=overall[0],
        after=overall[1],
        by_role={
            role: (roles_before[role], roles_after[role])
            for role in roles_before
            if role in roles_after
        },
    )


def _mean(scores: Sequence[tuple[float | None, int]]) -> float | None:
    known = [(score, rows) for score, rows in scores if score is not None]
    weight = sum(rows for _, rows in known)
    return sum(score * rows for score, rows in known) / weight if weight else None


def _by_role(scores: Sequence[tuple[QualityScore, int]]) -> Mapping[str, float]:
    gathered: dict[str, list[tuple[float | None, int]]] = {}
    for score, rows in scores:
        for role, value in score.by_role().items():
            gathered.setdefault(role, []).append((value, rows))
    means = {role: _mean(values) for role, values in gathered.items()}
    return {role: mean for role, mean in means.items() if mean is not None}
