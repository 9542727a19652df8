"""The job of ``custseg report``: the report of a run that is there."""

from __future__ import annotations

from pathlib import Path

from custseg.cleanse.summary import CleanSummary
from custseg.errors import InputError
from custseg.jobs.stored import read_stored_json
from custseg.report import Report
from custseg.report.clean import clean_report
from custseg.report.common import RunFacts
from custseg.tables import read_manifest


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
    facts = RunFacts(
        folder=str(run),
        inputs=tuple(each.name for each in manifest.inputs),
        seconds=sum(manifest.seconds.values()),
        peak_memory=manifest.peak_memory,
        files=frozenset(each.name for each in manifest.outputs),
    )
    if manifest.command in ("clean", "dedupe", "standardize"):
        summary = CleanSummary.from_json(read_stored_json(folder, "summary.json"))
        return clean_report(summary, facts, show_next=show_next)
    if manifest.command in ("segment", "rfm", "cluster"):
        from custseg.report.segment import segment_report
        from custseg.segment.summary import SegmentSummary

        return segment_report(
            SegmentSummary.from_json(read_stored_json(folder, "summary.json")), facts
        )
    raise InputError("report.unknown_run", path=str(folder), command=manifest.command)
