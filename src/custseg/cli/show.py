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
