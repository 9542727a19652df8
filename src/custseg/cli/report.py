"""``custseg report``: the report of a run again."""

from __future__ import annotations

import sys
from typing import Annotated, Literal

import typer

from custseg.cli.command import Session, command
from custseg.cli.options import Force, OutputFile, RunFolder, words
from custseg.errors import UsageError

ReportFormat = Annotated[
    Literal["text", "json", "html", "xlsx"],
    typer.Option("--format", help=words("help.option.report_format"), show_default=False),
]


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""

    @command(app, "report", settings=("output.mask_below",))
    def run(
        session: Session,
        *,
        folder: RunFolder,
        style: ReportFormat = "text",
        output: OutputFile = "-",
        force: Force = False,
    ) -> None:
        from custseg.jobs.report import report
        from custseg.tables import atomic_file

        mask_below = session.loaded.settings.output.mask_below
        if style == "html":
            from custseg.jobs.html import html_of

            page = html_of(folder, session.language, mask_below)
            with atomic_file(output, force=force) as file:
                file.write(page.encode())
            return
        if style == "xlsx":
            from custseg.jobs.xlsx import xlsx_of

            if output == "-" and sys.stdout.isatty():
                raise UsageError("xlsx.terminal")
            workbook = xlsx_of(folder, session.language, mask_below)
            with atomic_file(output, force=force) as file:
                file.write(workbook)
            return
        found = report(folder)
        if output == "-":
            from custseg.cli.show import show

            show(session, found, style)
            return
        import io

        from custseg.report import render

        text = io.StringIO()
        render(found, text, language=session.language, style=style)
        with atomic_file(output, force=force) as file:
            file.write(text.getvalue().encode())
