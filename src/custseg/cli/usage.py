"""What the parser of the command line says, in the reader's language.

The parser (typer) speaks English alone, and tells an error of use in a way of its own. Its errors
are told here as custseg's own are, also as JSON where the log is. The titles of its help are
put into the language of the help itself, and the help is broken by the width of its characters.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Any, Final

import typer
from typer.core import TyperCommand, TyperGroup

from custseg.cli.language import language_of, value_of
from custseg.cli.monitor import TerminalMonitor
from custseg.errors import UsageError
from custseg.messages import error_text, text

_WRONG_USE: Final[type[Exception]] = typer.BadParameter.__bases__[0]
"""The parser's error of use, of which all others are kinds; typer gives it no public name."""

_NO_COMMAND: Final = re.compile(r"No such command '(.*?)'")
_NO_VALUE: Final = re.compile(r"Option '(.*?)' requires")
_VALUE_TOO_MUCH: Final = re.compile(r"Option '(.*?)' does not take")
_CHOICES: Final = re.compile(r"is not one of (.*?)\.?$")
_NUMBER: Final = re.compile(
    r"valid (?:integer|number|float)|(?:greater|less) than|not in the range"
)
_DAY: Final = "does not match the format"
_SURPLUS: Final = re.compile(r"unexpected extra arguments?(?:\(s\))? \((.*)\)")

_WIDTH: Final = 80
_TITLE: Final = re.compile(r"^(Usage|Arguments|Options|Commands):", re.MULTILINE)
_ROW: Final = re.compile(r"  (?:\S+ )*\S+(?:  +|$)")
_OWN_WORDS: Final = {
    "Show this message and exit.": "usage.show_help",
    "Install completion for the current shell.": "usage.install_completion",
    "Show completion for the current shell, to copy it or customize the installation.": (
        "usage.show_completion"
    ),
}


class Command(TyperCommand):
    """A command whose help is wholly in the reader's language."""

    def get_help(self, ctx: Any) -> str:
        """Give the help."""
        return help_in(language_of(), super().get_help(ctx))


class Commands(TyperGroup):
    """Commands whose help, and errors of use, are wholly in the reader's language."""

    def get_help(self, ctx: Any) -> str:
        """Give the help."""
        return help_in(language_of(), super().get_help(ctx))

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """Parse the command line and run the command; end the process with its exit code."""
        try:
            code = super().main(args, prog_name, complete_var, False, windows_expand_args, **extra)
        except _WRONG_USE as error:
            if not standalone_mode:
                raise
            code = _tell(error, sys.argv[1:] if args is None else args)
        if not standalone_mode:
            return code
        sys.exit(code if isinstance(code, int) else 0)


def _tell(error: Any, args: Sequence[str]) -> int:
    """Say what is wrong with a command line; give the exit code."""
    if type(error).__name__ == "NoArgsIsHelpError":
        error.show()
        return int(error.exit_code)
    language = language_of(args)
    as_json = value_of("--log-format", args) == "json"
    monitor = TerminalMonitor(language=language, quiet=False, verbose=False, as_json=as_json)
    told = usage_error(error)
    monitor.failed(*error_text(told, language), told)
    return int(told.exit_code)


def usage_error(error: Any) -> UsageError:
    """Give an error of the parser as one of custseg's; a value is not repeated."""
    context, parameter = error.ctx, getattr(error, "param", None)
    command = context.command_path if context else "custseg"
    message = error.message
    kind = type(error).__name__
    if kind == "NoSuchOption":
        name = error.option_name
        known = [each for option in context.command.params for each in option.opts]
        if near := _nearest(name, known):
            return UsageError("usage.no_option", name=name, near=near, command=command)
        return UsageError("usage.strange_option", name=name, command=command)
    if kind == "MissingParameter":
        return UsageError("usage.missing", name=_name(parameter), command=command)
    if found := _NO_COMMAND.match(message):
        known = sorted(context.command.commands)
        near = _nearest(found[1], known) or ", ".join(known)
        return UsageError("usage.no_command", name=found[1], near=near, command=command)
    if found := _NO_VALUE.match(message):
        return UsageError("usage.no_value", name=found[1], command=command)
    if found := _VALUE_TOO_MUCH.match(message):
        return UsageError("usage.value_too_much", name=found[1], command=command)
    if found := _SURPLUS.search(message):
        return UsageError("usage.surplus", words=found[1], command=command)
    if parameter is not None and (found := _CHOICES.search(message)):
        choices = found[1].replace("'", "")
        return UsageError("usage.no_choice", name=_name(parameter), choices=choices)
    if parameter is not None and _DAY in message:
        return UsageError("usage.no_day", name=_name(parameter))
    if parameter is not None and _NUMBER.search(message):
        return UsageError("usage.no_number", name=_name(parameter), command=command)
    return UsageError("usage.other", why=error.format_message(), command=command)


def _name(parameter: Any) -> str:
    """Name of a parameter as people write it: ``-o, --output``, or ``FILE``."""
    if parameter is None:
        return ""
    if parameter.param_type_name == "option":
        return "/".join(sorted(parameter.opts, key=len))
    return str(parameter.metavar or parameter.name.upper())


def _nearest(word: str, known: Iterable[str]) -> str:
    return ", ".join(get_close_matches(word, sorted(known), n=3, cutoff=0.6))


def help_in(language: str, page: str) -> str:
    """Put a page of help into `language`; English ones are as the parser made them."""
    if language == "en":
        return page
    page = _TITLE.sub(lambda title: text(f"usage.title.{title[1].lower()}", language) + ":", page)
    page = page.replace("[required]", text("usage.required", language))
    for words, key in _OWN_WORDS.items():
        page = re.sub(r"\s+".join(map(re.escape, words.split())), text(key, language), page)
    return "\n".join(_fitted(page.split("\n")))


def _fitted(lines: Sequence[str]) -> list[str]:
    """Break the words beside options and commands anew: the parser counts characters, not cells."""
    from custseg.report.wrap import wrapped

    fitted: list[str] = []
    for head, words, column in _rows(lines):
        parts = wrapped(words, _WIDTH - column) if words else []
        if len(head) <= column - 2 and parts:
            fitted.append(head.ljust(column) + parts.pop(0))
        else:
            fitted.append(head)
        fitted += [" " * column + part for part in parts]
    return fitted


def _rows(lines: Sequence[str]) -> list[tuple[str, str, int]]:
    """Take a page apart: what stands at the left, the words beside it, and where they begin."""
    rows: list[tuple[str, str, int]] = []
    column = 0
    for at, line in enumerate(lines):
        if not line.startswith(" "):
            column = _column(lines[at + 1 :]) if line.endswith(":") else 0
        if column and line.startswith(" " * column):
            head, words, _ = rows.pop()
            rows.append((head, f"{words} {line.strip()}".strip(), column))
        elif column and line.startswith("  "):
            row = _ROW.match(line)
            end = row.end() if row else len(line)
            rows.append((line[:end].rstrip(), line[end:], column))
        else:
            rows.append((line, "", 0))
    return rows


def _column(lines: Sequence[str]) -> int:
    """Where the words begin in the section that starts here."""
    for line in lines:
        row = _ROW.match(line)
        if not line.startswith("  ") or row is None:
            return 0
        if row.end() < len(line):
            return row.end()
    return 0
