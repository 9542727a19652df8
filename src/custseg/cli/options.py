"""Options made from the settings' schema, and those that every command has."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin

import typer

from custseg.cli.language import language_of
from custseg.config.load import Key, keys
from custseg.errors import UsageError
from custseg.messages import text

FLAG_NAMES = {
    "output.encoding": "output_encoding",
    "segment.clusters": "k",
}
"""Settings whose flag is not simply the last part of their name."""

FLAGS = {"output.reader": "--for", "basket.rules": "--rule"}
"""Flags that are not, or cannot be, the name of their parameter."""


def words(key: str) -> str:
    """Help text in the language of the command line, or of the environment."""
    return text(key, language_of())


def flag_name(setting: str) -> str:
    """Name of a setting's parameter, such as ``phone_format`` (``--phone-format``)."""
    return FLAG_NAMES.get(setting, setting.split(".", 1)[1])


def setting_parameters(settings: Iterable[str]) -> list[inspect.Parameter]:
    """Command-line parameters for settings, named by dotted name or by section (``input.*``)."""
    parameters = []
    for setting in expand(settings):
        if setting == "roles":
            annotation: Any = Annotated[
                list[str] | None,
                typer.Option("--role", metavar="COLUMN=ROLE", help=words("help.option.role")),
            ]
            parameters.append(_parameter("role", annotation, None))
        else:
            parameters.append(_setting_parameter(keys()[setting]))
    return parameters


def expand(settings: Iterable[str]) -> list[str]:
    """Dotted names of `settings`, sections written out."""
    names: list[str] = []
    for setting in settings:
        section = setting.removesuffix(".*")
        if section == setting:
            names.append(setting)
        else:
            names += [name for name, key in keys().items() if key.section == section]
    return names


def _setting_parameter(key: Key) -> inspect.Parameter:
    name = flag_name(key.name)
    flag = FLAGS.get(key.name, "--" + name.replace("_", "-"))
    arms = [arm for arm in get_args(key.hint) or (key.hint,) if arm is not type(None)]
    help_text = words(f"config.about.{key.name}")
    if key.default not in (None, (), False):
        help_text += f" [{key.default}]"
    if key.choices:
        annotation: Any = Literal[key.choices]
    elif get_origin(key.hint) is tuple:
        annotation = list[str]
    else:
        annotation = arms[0]
    declared = f"{flag}/--no-{name.replace('_', '-')}" if annotation is bool else flag
    option = typer.Option(declared, help=help_text, show_default=False)
    return _parameter(name, Annotated[annotation | None, option], None)


def _parameter(name: str, annotation: Any, default: object) -> inspect.Parameter:
    return inspect.Parameter(
        name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation
    )


def common_parameters() -> list[inspect.Parameter]:
    """Parameters that every command has: configuration, language, how much is said."""
    common: Mapping[str, tuple[Any, object, tuple[str, ...]]] = {
        "lang": (Literal["en", "ja"] | None, None, ("--lang",)),
        "config": (Path | None, None, ("--config",)),
        "isolated": (bool, False, ("--isolated",)),
        "quiet": (bool, False, ("--quiet", "-q")),
        "verbose": (bool, False, ("--verbose", "-v")),
        "log_format": (Literal["text", "json"], "text", ("--log-format",)),
    }
    return [
        _parameter(
            name,
            Annotated[
                annotation,
                typer.Option(*flags, help=words(f"help.option.{name}"), show_default=False),
            ],
            default,
        )
        for name, (annotation, default, flags) in common.items()
    ]


def split_roles(pairs: Iterable[str] | None) -> dict[str, str]:
    """Take ``COLUMN=ROLE`` apart, at the last sign of equality.

    Raises
    ------
    UsageError
        If one has no sign of equality.
    """
    roles = {}
    for pair in pairs or ():
        column, sign, role = pair.rpartition("=")
        if not sign or not column or not role:
            raise UsageError("cli.role_form", given=pair)
        roles[column] = role
    return roles


Files = Annotated[list[str], typer.Argument(metavar="FILE", help=words("help.argument.files"))]
OutputFolder = Annotated[
    Path, typer.Option("--output", "-o", help=words("help.option.output_folder"))
]
OutputFile = Annotated[str, typer.Option("--output", "-o", help=words("help.option.output_file"))]
Force = Annotated[bool, typer.Option("--force", "-f", help=words("help.option.force"))]
Consent = Annotated[
    list[Path] | None,
    typer.Option("--consent", metavar="FILE", help=words("help.option.consent")),
]
Suppress = Annotated[
    list[Path] | None,
    typer.Option("--suppress", metavar="FILE", help=words("help.option.suppress")),
]
BaseFile = Annotated[
    Path | None, typer.Option("--base", metavar="FILE", help=words("help.option.base"))
]
RunFolder = Annotated[Path, typer.Argument(metavar="RUN", help=words("help.argument.run"))]
Shown = Annotated[
    Literal["text", "json"],
    typer.Option("--format", help=words("help.option.format"), show_default=False),
]
