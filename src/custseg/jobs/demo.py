"""The job of ``custseg demo``: make exports with known truth, run the whole chain on them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final, Literal

from custseg.config import Settings
from custseg.demo import DemoData, Kind, generate, write
from custseg.errors import UsageError
from custseg.jobs.clean import clean
from custseg.jobs.evaluate import evaluate
from custseg.jobs.monitor import Monitor
from custseg.jobs.report import report
from custseg.jobs.segment import segment
from custseg.report import Report
from custseg.report.evaluation import demo_report

KINDS: Final[tuple[Kind, ...]] = ("japanese", "english")
TRUTH: Final = "truth.csv"


def demo(
    folder: str | Path,
    *,
    rows: int = 10_000,
    seed: int = 1,
    kind: Literal["japanese", "english", "both"] = "both",
    settings: Settings | None = None,
    force: bool = False,
    monitor: Monitor | None = None,
) -> Iterator[Report]:
    """Make exports and run the chain, giving each report as soon as it is there.

    Parameters
    ----------
    folder
        Where each kind gets a folder of its own: ``exports``, ``run`` and ``seg``.
    rows
        About how many customer records of each kind.
    seed
        Another seed makes other people.
    force
        Whether an earlier demo may be replaced.

    Raises
    ------
    UsageError
        If the folder is not empty and `force` is not given.
    """
    place = Path(folder)
    if not force and place.is_dir() and any(place.iterdir()):
        raise UsageError("demo.exists", path=str(folder))
    monitor = monitor or Monitor()
    given = settings or Settings()
    # Only what the machine may be used for is taken over: the data needs no other setting.
    settings = replace(Settings(), run=given.run)
    for each in KINDS if kind == "both" else (kind,):
        with monitor.stage("generate"):
            data = generate(rows, seed, each)
            exports = place / each / "exports"
            write(data, exports, force=force)
        yield from _chain(data, place / each, settings, force, monitor)


def _chain(
    data: DemoData, place: Path, settings: Settings, force: bool, monitor: Monitor
) -> Iterator[Report]:
    exports = place / "exports"
    customers = [exports / file.name for file in data.of("customers")]
    orders = [exports / file.name for file in data.of("orders")]
    run, seg = place / "run", place / "seg"
    clean(customers, run, settings=settings, force=force, monitor=_fresh(monitor))
    yield report(run, show_next=False)
    evaluation = evaluate(run, exports / TRUTH, person="person", monitor=monitor)
    yield demo_report(evaluation, str(exports))
    segment(orders, run, seg, settings=settings, force=force, monitor=_fresh(monitor))
    yield report(seg)


def _fresh(monitor: Monitor) -> Monitor:
    """Let each run of the chain have times and warnings of its own."""
    monitor.seconds.clear()
    monitor.warnings.clear()
    return monitor
