"""What goes into the base and comes out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

import pyarrow as pa

ListKind = Literal["segment", "audience"]

MEMBERS: Final = pa.schema([("customer_id", pa.string())])
"""Who is in a list."""

SENT: Final = pa.schema(
    [("customer_id", pa.string()), ("key", pa.string()), ("cells", pa.list_(pa.string()))]
)
"""A row of a platform's file: whose it is, by what it is told from others (two rows of one
file with the same key are one), and its cells exactly as they were written."""

IDENTIFIERS: Final = pa.schema(
    [("customer_id", pa.string()), ("kind", pa.string()), ("value", pa.string())]
)
"""What a customer can be found by: ``email``, ``phone``, ``line``, ``record_id``,
``identifier``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEntry:
    """A run, as the base remembers it.

    Attributes
    ----------
    run_id
        The same for the same command, settings and inputs: such a run takes the place of its
        earlier one where lists are compared.
    folder
        Where its files are; empty for none.
    started
        ISO time; only told, never compared.
    counts
        Numbers of the run by name.
    """

    run_id: str
    command: str
    version: str
    folder: str = ""
    started: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListState:
    """A list as an earlier run left it.

    Attributes
    ----------
    run_id
        Of that run.
    members
        By :data:`MEMBERS`, sorted.
    platforms
        For which files were written, sorted; see :meth:`custseg.base.Base.previous_file`.
    """

    run_id: str
    members: pa.Table
    platforms: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SentFile:
    """What was sent to a platform, row by row.

    Attributes
    ----------
    platform
        Its name.
    columns
        Header of the file, in order; one name a cell of `rows`.
    header
        Whether the file begins with it.
    rows
        By :data:`SENT`, sorted by key.
    """

    platform: str
    columns: tuple[str, ...]
    header: bool = True
    rows: pa.Table
