"""``custseg measure``: what a campaign did, channels and campaigns, and planning a test."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from custseg.cli.command import Session, command
from custseg.cli.options import BaseFile, Force, Shown, words
from custseg.cli.usage import Commands

if TYPE_CHECKING:
    from custseg.measure.summary import MeasureSummary

Orders = Annotated[
    list[str], typer.Option("--orders", metavar="FILE", help=words("help.option.orders"))
]
Customers = Annotated[str | None, typer.Option("--customers", help=words("help.option.customers"))]
Output = Annotated[
    Path | None, typer.Option("--output", "-o", help=words("help.option.output_folder"))
]
Correction = Annotated[
    Literal["holm", "bh"], typer.Option("--correction", help=words("help.option.correction"))
]
SETTINGS = ("roles", "input.*", "standardize.date_order", "run.*")


def _share(flag: str, help_text: str) -> Any:
    """Declare an option that takes a share, without nobody and everybody."""
    return typer.Option(flag, min=1e-6, max=1 - 1e-6, help=help_text)


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    group = typer.Typer(
        cls=Commands,
        name="measure",
        help=words("help.measure"),
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    app.add_typer(group)
    _campaign(group)
    _table(group)
    _channels(group)
    _plan(group)


def _shown(session: Session, summary: MeasureSummary, output: Path | None, style: str) -> None:
    from custseg.cli.show import show, show_run
    from custseg.report.measure import measure_report

    if output is not None and style == "text":
        show_run(session, output)
    elif not session.quiet:
        show(session, measure_report(summary), "json" if style == "json" else "text")


def _campaign(group: typer.Typer) -> None:
    @command(group, "campaign", settings=SETTINGS, group="measure")
    def campaign(
        session: Session,
        *,
        audience: Annotated[
            Path, typer.Argument(metavar="AUDIENCE", help=words("help.argument.audience"))
        ],
        orders: Orders,
        customers: Customers = None,
        output: Output = None,
        first_day: Annotated[
            datetime | None,
            typer.Option("--from", formats=["%Y-%m-%d"], help=words("help.option.from")),
        ] = None,
        last_day: Annotated[
            datetime | None,
            typer.Option("--to", formats=["%Y-%m-%d"], help=words("help.option.to")),
        ] = None,
        correction: Correction = "holm",
        cost: Annotated[
            float | None, typer.Option("--cost", min=0, help=words("help.option.cost"))
        ] = None,
        margin: Annotated[
            float | None,
            typer.Option("--margin", min=0, max=1, help=words("help.option.margin")),
        ] = None,
        base: BaseFile = None,
        style: Shown = "text",
        force: Force = False,
    ) -> None:
        from custseg.jobs.measure import Costs, measure_campaign

        summary = measure_campaign(
            audience,
            orders,
            customers,
            output,
            first_day=first_day.date() if first_day else None,
            last_day=last_day.date() if last_day else None,
            correction=correction,
            costs=Costs(cost=cost, margin=margin),
            base=base,
            settings=session.loaded.settings,
            origins=session.loaded.origins,
            force=force,
            monitor=session.monitor,
        )
        _shown(session, summary, output, style)


def _table(group: typer.Typer) -> None:
    @command(group, "table", settings=SETTINGS[1:], group="measure")
    def table(
        session: Session,
        *,
        file: Annotated[str, typer.Argument(metavar="FILE", help=words("help.argument.people"))],
        arms: Annotated[
            str, typer.Option("--group", metavar="COLUMN", help=words("help.option.group"))
        ],
        control: Annotated[str, typer.Option("--control", help=words("help.option.control"))],
        outcome: Annotated[
            list[str],
            typer.Option("--outcome", metavar="COLUMN", help=words("help.option.outcome")),
        ],
        segment: Annotated[
            str | None,
            typer.Option("--segment", metavar="COLUMN", help=words("help.option.segment")),
        ] = None,
        random: Annotated[bool, typer.Option("--random", help=words("help.option.random"))] = False,
        correction: Correction = "holm",
        output: Output = None,
        style: Shown = "text",
        force: Force = False,
    ) -> None:
        from custseg.jobs.measure import measure_table

        summary = measure_table(
            file,
            output,
            group=arms,
            control=control,
            outcomes=outcome,
            segment=segment,
            random=random,
            correction=correction,
            settings=session.loaded.settings,
            origins=session.loaded.origins,
            force=force,
            monitor=session.monitor,
        )
        _shown(session, summary, output, style)


def _channels(group: typer.Typer) -> None:
    @command(group, "channels", settings=SETTINGS, group="measure")
    def channels(
        session: Session,
        *,
        orders: Orders,
        customers: Customers = None,
        output: Output = None,
        style: Shown = "text",
        force: Force = False,
    ) -> None:
        from custseg.jobs.measure import measure_channels

        summary = measure_channels(
            orders,
            customers,
            output,
            settings=session.loaded.settings,
            origins=session.loaded.origins,
            force=force,
            monitor=session.monitor,
        )
        _shown(session, summary, output, style)


def _plan(group: typer.Typer) -> None:
    @command(group, "plan", group="measure")
    def plan(
        session: Session,
        *,
        rate: Annotated[float, _share("--rate", words("help.option.rate"))],
        expected: Annotated[float, _share("--expected", words("help.option.expected"))],
        alpha: Annotated[float, _share("--alpha", words("help.option.alpha"))] = 0.05,
        power: Annotated[float, _share("--power", words("help.option.power"))] = 0.8,
        style: Shown = "text",
    ) -> None:
        from custseg.cli.show import show
        from custseg.errors import UsageError
        from custseg.measure.sample_size import sample_size
        from custseg.report.measure import plan_report

        if rate == expected:
            raise UsageError("measure.same_rate")
        show(session, plan_report(sample_size(rate, expected, alpha=alpha, power=power)), style)
