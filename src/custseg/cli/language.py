"""The language of what is said before a command line is parsed: its help, and its errors."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Literal

from custseg.messages import LANGUAGES, language_from_environment


def language_of(args: Sequence[str] | None = None) -> Literal["en", "ja"]:
    """Language that a command line asks for with ``--lang``, or else that of the environment.

    Parameters
    ----------
    args
        The words after the command; those of this process where not given.
    """
    wanted = value_of("--lang", sys.argv[1:] if args is None else args)
    for language in LANGUAGES:
        if language == wanted:
            return language
    return language_from_environment()


def value_of(option: str, args: Sequence[str]) -> str:
    """Value of an option on a command line that is not parsed; empty where it has none."""
    for number, word in enumerate(args):
        if word == option:
            return "".join(args[number + 1 : number + 2])
        if word.startswith(f"{option}="):
            return word.partition("=")[2]
    return ""
