"""Show reports on standard output."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from custseg.cli.command import Session

if TYPE_CHECKING:
    from custseg.report import Report


def show(session: Session, report: Report, style: Literal["text", "json"] = "text") -> None:
    """Print a report."""
    from custseg.report import render

    session.monitor.close()
    render(report, sys.stdout, language=session.language, style=style)


def show_run(session: Session, folder: Path) -> None:
    """Print the report of the run in `folder`, unless the user wants it quiet."""
    if session.quiet:
        return
    from custseg.jobs.report import report

    show(session, report(folder))


def show_if_run(session: Session, output: str) -> None:
    """Print the report, where `output` is the folder of a run; else say what would stand in it."""
    if output != "-" and Path(output).is_dir():
        show_run(session, Path(output))
    else:
        session.monitor.say_warnings()
