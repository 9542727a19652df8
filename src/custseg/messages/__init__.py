"""The words people read, in each language, by key.

Counts are written as in the reports, 27,108; numbers of lines and the like, by which something is
looked up, are not.

A message is a plain string with ``{named}`` fields, or, for an error, a pair of strings:
what is wrong and where, and how to fix it. Each language is a package with the same modules
(one a subject) holding a dictionary ``MESSAGES``; :func:`catalog` joins them. A key that
stands in one language only fails a test.
"""

from __future__ import annotations

import os
import pkgutil
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from numbers import Integral
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from custseg.errors import CustsegError

LANGUAGES: Final = ("en", "ja")

Message = str | tuple[str, str]

NUMBERED: Final = frozenset(
    {"exit", "first", "k", "line", "month", "pid", "place", "record", "row", "second"}
    | {"version", "year"}
)
"""Fields whose whole numbers count nothing: they say which one."""


class _Count(int):
    """A number of things, with commas between thousands unless a message says otherwise."""

    def __format__(self, spec: str) -> str:
        return format(int(self), spec or ",")


@cache
def catalog(language: str) -> Mapping[str, Message]:
    """Every message of one language by key.

    Raises
    ------
    ValueError
        If two modules of the language define the same key.
    """
    package = import_module(f"custseg.messages.{language}")
    joined: dict[str, Message] = {}
    for module in pkgutil.iter_modules(package.__path__):
        messages = import_module(f"{package.__name__}.{module.name}").MESSAGES
        if repeated := joined.keys() & messages.keys():
            raise ValueError(f"{language}: defined twice: {sorted(repeated)}")
        joined.update(messages)
    return joined


def text(key: str, language: str, /, **params: object) -> str:
    """Give the message under `key` in `language` with its fields filled in."""
    message = catalog(language)[key]
    template = message if isinstance(message, str) else " ".join(message)
    return template.format(**_counted(params))


def error_text(error: CustsegError, language: str) -> tuple[str, str]:
    """Give an error's two sentences: what is wrong, and how to fix it."""
    message = catalog(language)[error.key]
    what, fix = (message, "") if isinstance(message, str) else message
    params = _counted(error.params)
    return what.format(**params), fix.format(**params)


def _counted(params: Mapping[str, object]) -> dict[str, object]:
    return {
        name: _Count(value) if isinstance(value, Integral) and _counts(name, value) else value
        for name, value in params.items()
    }


def _counts(name: str, value: object) -> bool:
    return name not in NUMBERED and not isinstance(value, bool)


def language_from_environment(environ: Mapping[str, str] | None = None) -> Literal["en", "ja"]:
    """Choose the language: ``CUSTSEG_LANG``, else the locale, else English."""
    environ = os.environ if environ is None else environ
    for name in ("CUSTSEG_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = environ.get(name, "")
        if value:
            return "ja" if value.lower().startswith("ja") else "en"
    return "en"
