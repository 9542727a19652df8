"""``custseg evaluate``: a run against known truth."""

from __future__ import annotations

from typing import Annotated

import typer

from custseg.cli.command import Session, command
from custseg.cli.options import RunFolder, Shown, words

Truth = Annotated[str, typer.Option("--truth", help=words("help.option.truth"))]
TruthId = Annotated[str | None, typer.Option("--truth-id", help=words("help.option.truth_id"))]
TruthKey = Annotated[str | None, typer.Option("--truth-key", help=words("help.option.truth_key"))]


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""

    @command(app, "evaluate", settings=("input.*",))
    def run(
        session: Session,
        *,
        folder: RunFolder,
        truth: Truth,
        truth_id: TruthId = None,
        truth_key: TruthKey = None,
        output: Shown = "text",
    ) -> None:
        from custseg.cli.show import show
        from custseg.jobs.evaluate import evaluate
        from custseg.report.evaluation import evaluation_report

        evaluation = evaluate(
            folder,
            truth,
            person=truth_id,
            key=truth_key,
            settings=session.loaded.settings,
            monitor=session.monitor,
        )
        show(session, evaluation_report(evaluation), output)
