"""``custseg audience``: target lists, the rules of platforms, and whether a file fits them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from custseg.cli.command import Session, command
from custseg.cli.options import BaseFile, Consent, Force, OutputFolder, Shown, Suppress, words
from custseg.cli.usage import Commands
from custseg.errors import ExitCode

Customers = Annotated[str, typer.Option("--customers", help=words("help.option.customers"))]
Segments = Annotated[Path | None, typer.Option("--segments", help=words("help.option.segments"))]
Lists = Annotated[
    list[str] | None,
    typer.Option("--list", metavar="NAME[=WHAT]", help=words("help.option.list")),
]
PlatformName = Annotated[
    list[str] | None,
    typer.Option("--platform", metavar="NAME", help=words("help.option.platform")),
]
PlatformFile = Annotated[
    list[Path] | None,
    typer.Option("--platform-file", metavar="FILE", help=words("help.option.platform_file")),
]
Previous = Annotated[
    Path | None, typer.Option("--previous", help=words("help.option.previous_audience"))
]
Checked = Annotated[Path, typer.Argument(metavar="FILE", help=words("help.argument.checked"))]

SETTINGS = (
    *("audience.as_of", "audience.priority", "audience.one_per_household", "audience.campaign"),
    *("audience.holdout", "audience.key", "audience.max_change", "audience.max_shrink"),
    *("input.encoding", "input.delimiter", "standardize.country", "run.*"),
)


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    group = typer.Typer(
        cls=Commands,
        name="audience",
        help=words("help.audience"),
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    app.add_typer(group)
    _make(group)
    _check(group)
    _platforms(group)


def _make(group: typer.Typer) -> None:
    @command(group, "make", settings=SETTINGS, group="audience")
    def make(
        session: Session,
        *,
        customers: Customers,
        output: OutputFolder,
        segments: Segments = None,
        lists: Lists = None,
        platform: PlatformName = None,
        platform_file: PlatformFile = None,
        consent: Consent = None,
        suppress: Suppress = None,
        previous: Previous = None,
        base: BaseFile = None,
        force: Force = False,
    ) -> None:
        from dataclasses import replace

        from custseg.cli.show import show_run
        from custseg.jobs.audience import audience
        from custseg.jobs.consent_files import ConsentFiles

        settings, origins = session.loaded.settings, session.loaded.origins
        if platform:
            chosen = replace(settings.audience, platforms=tuple(platform))
            settings = replace(settings, audience=chosen)
            origins = {**origins, "audience.platforms": "flag"}
        audience(
            customers,
            segments,
            output,
            settings=settings,
            origins=origins,
            lists=lists or (),
            platform_files=platform_file or (),
            consent=ConsentFiles(consent=tuple(consent or ()), suppress=tuple(suppress or ())),
            previous=previous,
            base=base,
            force=force,
            monitor=session.monitor,
        )
        show_run(session, output)


def _check(group: typer.Typer) -> None:
    @command(group, "check", group="audience")
    def check(
        session: Session,
        *,
        file: Checked,
        platform: PlatformName = None,
        platform_file: PlatformFile = None,
        output: Shown = "text",
    ) -> ExitCode:
        from custseg.cli.show import show
        from custseg.errors import UsageError
        from custseg.jobs.platforms import check as check_file
        from custseg.jobs.platforms import find_platforms
        from custseg.report.audience import check_report

        rules = find_platforms(platform or (), platform_file or ())
        if len(rules) != 1:
            raise UsageError("audience.one_platform")
        (wanted,) = rules.values()
        found = check_file(file, wanted)
        show(session, check_report(found, wanted, file.name), output)
        return ExitCode.DONE if found.accepted else ExitCode.GATE_FAILED


def _platforms(group: typer.Typer) -> None:
    @command(group, "platforms", group="audience")
    def platforms(
        session: Session, *, platform_file: PlatformFile = None, output: Shown = "text"
    ) -> None:
        from custseg.cli.show import show
        from custseg.jobs.platforms import find_platforms, known_platforms
        from custseg.report.audience import platforms_report

        rules = find_platforms(known_platforms(), platform_file or ())
        show(session, platforms_report(rules.values()), output)
