"""The rules of one platform, read from TOML and checked."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Final, Literal, get_args

from custseg.audience.ledger import CHANNELS
from custseg.errors import UsageError

Hash = Literal["sha256", "md5", "none"]

STEPS: Final = (
    *("trim", "lower", "upper", "no_spaces", "no_hyphens", "email", "gmail", "no_plus", "phone"),
    *("digits", "handle", "gender_letter", "date", "year", "month", "day"),
)
"""Steps by name, as :mod:`custseg.audience.platforms.steps` does them."""

DIGITS_OF: Final[Mapping[Hash, int]] = {"sha256": 64, "md5": 32}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformColumn:
    """A column of a platform's file.

    Attributes
    ----------
    name
        In the header.
    source
        The customers' column it is made of (``from`` in the file).
    steps
        How its values are written, in this order.
    hash
        What becomes of them then.
    identifier
        Whether the platform finds people by it: a row needs at least one such value.
    accept
        What a value must match to be written, where it is not hashed.
    """

    name: str
    source: str
    steps: tuple[str, ...] = ()
    hash: Hash = "none"
    identifier: bool = False
    accept: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """How a platform wants its file.

    Attributes
    ----------
    name, label, version
        What it is called by, what people call it, and which state of its rules this is.
    channel
        The consent a row needs.
    columns
        In the order of the file.
    least, most_rows, most_bytes
        Bounds of a file; 0 for none. A larger list is written in numbered parts.
    header
        Whether the file begins with the names of its columns.
    one_column_a_file
        Whether each kind of identifier goes to a file of its own.
    any_columns
        Whether a file may have some of the columns, in any order.
    first
        The column that must come first, if any.
    opt_outs
        Header of a further file with the addresses of those who refused; empty for none.
    """

    name: str
    label: str
    version: str
    channel: str
    columns: tuple[PlatformColumn, ...]
    least: int = 0
    most_rows: int = 0
    most_bytes: int = 0
    header: bool = True
    one_column_a_file: bool = False
    any_columns: bool = False
    first: str = ""
    opt_outs: str = ""


def read_platform(name: str, text: str) -> Platform:
    """Read the rules of a platform.

    Raises
    ------
    UsageError
        If they cannot be read, or say something that does not exist.
    """
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError("audience.platform_toml", name=name, problem=error) from error
    hashed = tree.pop("hash", "none")
    columns = tree.pop("columns", None)
    if not isinstance(columns, list) or not columns:
        raise _bad(name, "columns")
    made = tuple(_column(name, each, hashed) for each in columns)
    if not any(each.identifier for each in made):
        raise _bad(name, "identifier")
    whole = {"name": name, "label": name, "version": "", **tree, "columns": made}
    known = {each.name: each.type for each in fields(Platform)}
    for key, value in whole.items():
        wanted = {"str": str, "int": int, "bool": bool}.get(str(known.get(key)))
        if key not in known or (wanted is not None and type(value) is not wanted):
            raise _bad(name, key)
    if whole.get("channel") not in CHANNELS:
        raise _bad(name, "channel")
    return Platform(**whole)


def _column(platform: str, given: Mapping[str, Any], hashed: str) -> PlatformColumn:
    plain = {"hash": hashed, **given}
    unknown = plain.keys() - {"name", "from", "steps", "hash", "identifier", "accept"}
    for key in ("name", "from"):
        if not isinstance(plain.get(key), str) or unknown:
            raise _bad(platform, next(iter(sorted(unknown)), f"columns.{key}"))
    steps = plain.get("steps", [])
    for step in steps:
        if step not in STEPS:
            raise UsageError(
                "audience.platform_step", name=platform, step=step, known=", ".join(STEPS)
            )
    if plain["hash"] not in get_args(Hash):
        raise _bad(platform, "hash")
    try:
        re.compile(plain.get("accept", ""))
    except re.error as error:
        raise _bad(platform, "accept") from error
    return PlatformColumn(
        name=plain["name"],
        source=plain["from"],
        steps=tuple(steps),
        hash=plain["hash"],
        identifier=bool(plain.get("identifier", False)),
        accept=plain.get("accept", ""),
    )


def _bad(name: str, key: str) -> UsageError:
    return UsageError("audience.platform_key", name=name, setting=key)
