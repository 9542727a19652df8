"""The text of a ``custseg.toml`` for ``custseg run``, with every line explained."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from custseg.chain.facts import InputKind
from custseg.config.load import Key, keys
from custseg.fields.guess import FieldGuess
from custseg.messages import text
from custseg.segment.products import ROLES

_DATE: Final = re.compile(r"\d{4}[-_.年]?\d{1,2}(?:[-_.月]?\d{1,2}日?)?|\d{6,14}")


def pattern_of(path: str) -> str:
    """Give a glob for a file and those of other days: its date, if its name has one, is open."""
    folder, slash, name = path.rpartition("/")
    return folder + slash + _DATE.sub("*", name)


def template(
    patterns: Mapping[InputKind, Sequence[str]],
    guesses: Mapping[str, Iterable[FieldGuess]],
    language: str,
) -> str:
    """Write the config.

    Parameters
    ----------
    patterns
        Files or globs by kind.
    guesses
        What the columns of each file were recognized as. They stand as comments: a guess is
        made anew in every run, and a column of one name may mean two things in two files.
    language
        Of the comments.
    """
    goods = any(_tell_goods(found) for found in guesses.values())
    lines = [
        *_comment("init.title", language),
        *_comment("init.how", language),
        "",
        *_comment("init.chain", language),
        "[chain]",
    ]
    for key in _section("chain"):
        if key.attribute == "basket":
            lines += [*_setting(key, language)[:1], "# basket = true"] if goods else []
            continue
        given = patterns.get(key.attribute)  # type: ignore[call-overload]
        lines += _setting(key, language, tuple(given) if given else None)
    lines += ["", *_comment("init.gates", language), "[gates]"]
    for key in _section("gates"):
        lines += _setting(key, language)
    if goods:
        lines += ["", *_comment("init.basket", language), "[basket]"]
        for key in _section("basket"):
            lines += _setting(key, language)
    lines += ["", *_comment("init.roles", language), "[roles]"]
    named: set[str] = set()
    for name, found in guesses.items():
        lines.append(f"# {' '.join(name.split())}")
        for guess in found:
            # A setting stands once in a file: a name that comes again is told, not offered.
            line = _role(guess, language)
            lines.append(f"# {line}" if guess.column in named else line)
            named.add(guess.column)
    lines += ["", *_comment("init.others", language)]
    return "\n".join(lines) + "\n"


def _tell_goods(guesses: Iterable[FieldGuess]) -> bool:
    """Tell whether a file says what was in an order."""
    uses = {each.use for each in guesses}
    return "order_id" in uses and bool(uses & {*ROLES["product"], *ROLES["category"]})


def _section(name: str) -> list[Key]:
    return [key for key in keys().values() if key.section == name]


def _comment(key: str, language: str) -> list[str]:
    return [f"# {text(key, language)}"]


def _setting(key: Key, language: str, given: tuple[str, ...] | None = None) -> list[str]:
    """Write a setting below what it is for; as a comment where it has its default."""
    about = f"# {text(f'config.about.{key.name}', language)}"
    value = given if given is not None else key.default
    line = f"{key.attribute} = {_toml(value)}"
    return [about, line if given is not None else f"# {line}"]


def _toml(value: object) -> str:
    if value is None:
        return '""'
    if isinstance(value, tuple):
        return json.dumps(list(value), ensure_ascii=False)
    return json.dumps(value, ensure_ascii=False)


def _role(guess: FieldGuess, language: str) -> str:
    reason = " ".join(guess.reason.text(language).split())
    column = json.dumps(guess.column, ensure_ascii=False).replace("\x7f", "\\u007f")
    share = f"{guess.confidence:.0%}, " if guess.role else ""
    return f"# {column} = {json.dumps(guess.use or '')}  # {share}{reason}"
