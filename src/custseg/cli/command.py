"""One way to declare a command: common options, settings, errors and exit codes in one place."""

from __future__ import annotations

import functools
import inspect
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, get_type_hints

import typer

from custseg.arrow_alone import start_arrow_without_pandas, take_less_memory
from custseg.cli.language import language_of
from custseg.cli.memory import check_address_space, lacks_memory, overflows
from custseg.cli.monitor import TerminalMonitor
from custseg.cli.options import (
    common_parameters,
    expand,
    flag_name,
    setting_parameters,
    split_roles,
    words,
)
from custseg.cli.usage import Command
from custseg.config import Loaded, find_file, load
from custseg.errors import CustsegError, ExitCode, LimitError, UsageError
from custseg.messages import error_text, language_from_environment

CONFIG_ARGUMENT = "config_file"
"""A parameter of a command of this name is another way to say ``--config``."""

COMMON = ("lang", "config", "isolated", "quiet", "verbose", "log_format")


@dataclass(frozen=True, slots=True)
class Session:
    """What a command is given beside its own arguments.

    `talks` tells whether somebody is there to read that all went well: a terminal for errors, or
    a wish for more words. Cron has neither.
    """

    loaded: Loaded
    monitor: TerminalMonitor
    language: str
    quiet: bool
    talks: bool


def command(
    app: typer.Typer, name: str, settings: Iterable[str] = (), group: str = ""
) -> Callable[[Callable[..., ExitCode | None]], Callable[..., None]]:
    """Declare a command of `app`.

    The function's first parameter is the :class:`Session`; its others are the command's own.
    Options for `settings` (dotted names, or ``"section.*"``) and the common ones are added.
    `group` is the word before it, as in ``config show``.
    """

    def declare(function: Callable[..., ExitCode | None]) -> Callable[..., None]:
        hints = get_type_hints(function, include_extras=True)
        _, *own = inspect.signature(function).parameters.values()
        parameters = [
            *(each.replace(annotation=hints[each.name]) for each in own),
            *setting_parameters(settings),
            *common_parameters(),
        ]

        @functools.wraps(function)
        def run(*args: Any, **given: Any) -> None:
            common = {key: given.pop(key) for key in COMMON}
            common["config"] = _one_config(common["config"], given.get(CONFIG_ARGUMENT))
            flags = _take_flags(given, settings)
            raise typer.Exit(guarded(function, args, given, flags, common))

        run.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
            sorted(parameters, key=lambda each: each.kind)
        )
        run.__annotations__ = {each.name: each.annotation for each in parameters}
        key = f"help.{group}.{name}" if group else f"help.{name}"
        help_text = words(key)
        short = help_text.partition("\n")[0]
        app.command(name, cls=Command, help=help_text, short_help=short)(run)
        return run

    return declare


def _one_config(option: Path | None, argument: Path | None) -> Path | None:
    if option and argument:
        raise typer.BadParameter(words("cli.two_configs"))
    return option or argument


def _take_flags(given: dict[str, Any], settings: Iterable[str]) -> dict[str, Any]:
    flags: dict[str, Any] = {}
    for setting in expand(settings):
        if setting == "roles":
            flags["roles"] = given.pop("role")
        else:
            flags[setting] = given.pop(flag_name(setting))
    return flags


own_process: ContextVar[bool] = ContextVar("own_process", default=False)
"""Whether the process serves this command alone, so that nobody's frames come in."""


def guarded(
    function: Callable[..., ExitCode | None],
    args: tuple[Any, ...],
    own: dict[str, Any],
    flags: dict[str, Any],
    common: dict[str, Any],
) -> int:
    """Run a command; give its exit code, whatever happens."""
    language = common["lang"] or language_from_environment()
    monitor = TerminalMonitor(
        language=language,
        quiet=common["quiet"],
        verbose=common["verbose"],
        as_json=common["log_format"] == "json",
    )
    try:
        if own_process.get():
            check_address_space()
            start_arrow_without_pandas()
            take_less_memory()
        _end_politely()
        loaded = _settings(flags, common)
        language = loaded.settings.output.lang or language
        monitor.language = language
        talks = not common["quiet"] and (sys.stderr.isatty() or common["verbose"])
        session = Session(loaded, monitor, language, common["quiet"], talks)
        code = function(session, *args, **own)
        sys.stdout.flush()
        return int(code or ExitCode.DONE)
    except CustsegError as error:
        if isinstance(error.__cause__, BrokenPipeError):
            _nobody_reads()
        monitor.failed(*error_text(error, language), error)
        return int(error.exit_code)
    except BrokenPipeError:
        # The reader went away (`| head`): not an error.
        _nobody_reads()
        return int(ExitCode.DONE)
    except MemoryError:
        return _out_of_memory(monitor, language)
    except KeyboardInterrupt:
        return 143 if _asked_to_end.is_set() else 130
    except _Terminated:
        return 143
    except Exception as error:
        if lacks_memory(error):
            return _out_of_memory(monitor, language)
        if overflows(error):
            return _limit(LimitError("engine.column_too_long"), monitor, language)
        if isinstance(error, OSError) and _disk_full(error):
            _nobody_reads()
            return _limit(LimitError("cli.output_full"), monitor, language)
        monitor.crashed(error)
        return int(ExitCode.BUG)
    finally:
        monitor.close()


def no_room_for_words(error: OSError) -> int:
    """Say that the disk has no room for what the parser writes, such as help; give the exit code.

    Raises
    ------
    OSError
        If it is another error.
    """
    if not _disk_full(error):
        raise error
    _nobody_reads()
    language = language_of()
    monitor = TerminalMonitor(language=language, quiet=False, verbose=False, as_json=False)
    return _limit(LimitError("cli.output_full"), monitor, language)


def _disk_full(error: OSError) -> bool:
    from custseg.tables.files import FULL

    return error.errno in FULL


def _nobody_reads() -> None:
    """Keep Python from trying once more to write what nobody takes."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _out_of_memory(monitor: TerminalMonitor, language: str) -> int:
    return _limit(LimitError("engine.out_of_memory"), monitor, language)


def _limit(limit: LimitError, monitor: TerminalMonitor, language: str) -> int:
    monitor.failed(*error_text(limit, language), limit)
    return int(ExitCode.LIMIT)


class _Terminated(BaseException):
    """The system asked the process to end (SIGTERM)."""


_asked_to_end: Final = threading.Event()
"""Whether it did: the engine tells an end in the middle of a query as one by Ctrl-C."""


def _end_politely() -> None:
    """Let SIGTERM unwind the run, so that nothing half-written stays; not in other threads."""

    def terminated(*_: object) -> None:
        _asked_to_end.set()
        raise _Terminated

    if threading.current_thread() is threading.main_thread():
        _asked_to_end.clear()
        signal.signal(signal.SIGTERM, terminated)


def _settings(flags: dict[str, Any], common: dict[str, Any]) -> Loaded:
    if common["isolated"] and common["config"]:
        raise UsageError("cli.isolated_and_config")
    file = None if common["isolated"] else common["config"] or find_file(Path.cwd())
    flags = {**flags, "output.lang": common["lang"]}
    if "roles" in flags:
        flags["roles"] = split_roles(flags["roles"])
    loaded = load(flags, file=file, environ=os.environ)
    if loaded.settings.output.lang is None:
        return loaded.with_language(language_from_environment(), "locale")
    return loaded
