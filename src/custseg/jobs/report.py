"""The job of ``custseg report``: the report of a run that is there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from custseg.cleanse.summary import CleanSummary
from custseg.errors import InputError
from custseg.jobs.stored import read_summary
from custseg.report import Report
from custseg.report.clean import clean_report
from custseg.report.common import RunFacts
from custseg.tables import read_manifest

if TYPE_CHECKING:
    from custseg.jobs.chain import ChainResult


def report(run: str | Path, *, show_next: bool = True) -> Report:
    """Build the report of a run from its folder.

    `show_next` adds the command to run next to the report of a cleansing run.

    Raises
    ------
    InputError
        If the folder is no run, or one without a report.
    """
    folder = Path(run)
    manifest = read_manifest(folder)
    facts = run_facts(run)
    if manifest.command in ("clean", "dedupe", "standardize"):
        summary = read_summary(folder, CleanSummary)
        return clean_report(summary, facts, show_next=show_next)
    if manifest.command in ("segment", "rfm", "cluster"):
        from custseg.report.segment import segment_report
        from custseg.segment.summary import SegmentSummary

        return segment_report(read_summary(folder, SegmentSummary), facts)
    if manifest.command == "basket":
        from custseg.report.basket import basket_report
        from custseg.segment.basket_summary import BasketSummary

        return basket_report(read_summary(folder, BasketSummary), facts)
    if manifest.command == "run":
        return _chain_again(folder)
    if manifest.command == "audience":
        from custseg.audience.summary import AudienceSummary
        from custseg.report.audience import audience_report

        found = read_summary(folder, AudienceSummary)
        return audience_report(found, facts)
    if manifest.command == "measure":
        from custseg.measure.summary import MeasureSummary
        from custseg.report.measure import measure_report

        return measure_report(read_summary(folder, MeasureSummary), facts)
    raise InputError("report.unknown_run", path=str(folder), command=manifest.command)


def run_facts(run: str | Path) -> RunFacts:
    """Read what the manifest of a run says beside its summary."""
    manifest = read_manifest(Path(run))
    return RunFacts(
        folder=str(run),
        inputs=tuple(each.name for each in manifest.inputs),
        seconds=sum(manifest.seconds.values()),
        peak_memory=manifest.peak_memory,
        files=frozenset(each.name for each in manifest.outputs),
    )


def report_of_chain(result: ChainResult) -> Report:
    """Build the report of a run of the chain that has just ended."""
    from custseg.jobs.chain_place import facts_of
    from custseg.report.chain import chain_report

    facts = result.facts
    before = facts_of(result.root / facts.previous) if facts.previous else None
    return chain_report(
        facts,
        status=result.status,
        root=str(result.root),
        folder=str(result.folder or ""),
        removed=result.removed,
        also_read=result.also_read,
        before=before.segments if before else None,
    )


def _chain_again(folder: Path) -> Report:
    from custseg.jobs.chain import ChainResult
    from custseg.jobs.chain_place import facts_of

    facts = facts_of(folder.resolve())
    if facts is None:
        raise InputError("runs.damaged", path=str(folder / "summary.json"))
    named = folder.with_name(folder.readlink().name) if folder.is_symlink() else folder
    return report_of_chain(
        ChainResult(status="done", root=folder.parent, folder=named, facts=facts)
    )
