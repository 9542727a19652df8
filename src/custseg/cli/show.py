"""Show a finished run on standard output."""

from __future__ import annotations

import sys
from pathlib import Path

from custseg.cli.command import Session


def show_run(session: Session, folder: Path) -> None:
    """Print the report of the run in `folder`, unless the user wants it quiet."""
    if session.quiet:
        return
    from custseg.jobs.report import report
    from custseg.report import render

    session.monitor.close()
    render(report(folder), sys.stdout, language=session.language, style="text")


def show_if_run(session: Session, output: str) -> None:
    """Print the report, where `output` is the folder of a run and not standard output."""
    if output != "-" and Path(output).is_dir():
        show_run(session, Path(output))
