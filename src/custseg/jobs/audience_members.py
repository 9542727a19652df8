"""Who is meant by a list: a named segment, a cluster, or a rule over all that is known."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from custseg.engine import Engine
from custseg.errors import InputError, UsageError
from custseg.jobs.rule_columns import rule_of_columns
from custseg.jobs.stored import find_stored, read_stored
from custseg.segment.profile import joined
from custseg.segment.rules import matching
from custseg.tables import read_manifest

Mask = npt.NDArray[np.bool_]

_NUMBER: Final = r"^-?\d+(\.\d+)?$"
_DAY: Final = r"^\d{4}-\d{2}-\d{2}$"
_TEXT: Final = frozenset({"customer_id", "rfm", "segment", "cluster_name", "cluster"})
"""Columns of the scores that stay text whatever they look like."""

EVERYONE: Final = "all"

_RULES: Final = "rules."
"""How the manifest's names of rules begin."""


def read_known(customers: pa.Table, segments: str | Path | None) -> pa.Table:
    """Give all that is known of each customer, in their order: scores and profile with types.

    Raises
    ------
    InputError
        If the folder is no segmentation.
    """
    if segments is None:
        return customers
    folder = Path(segments)
    command = read_manifest(folder).command
    if command not in ("segment", "rfm", "cluster"):
        raise InputError("audience.not_a_segmentation", path=str(segments), command=command)
    known = customers
    for name in ("scores", "profile"):
        if find_stored(folder, name) is not None:
            known = joined(known, _typed(read_stored(folder, name)))
    return known


def _typed(table: pa.Table) -> pa.Table:
    columns = {}
    for name in table.column_names:
        column = table[name]
        if name not in _TEXT:
            if _all_match(column, _NUMBER):
                column = pc.cast(column, pa.float64())
            elif _all_match(column, _DAY):
                column = pc.cast(column, pa.date32())
        columns[name] = column
    return pa.table(columns)


def _all_match(column: pa.ChunkedArray, pattern: str) -> bool:
    return column.null_count < len(column) and bool(
        pc.all(pc.match_substring_regex(column.drop_null(), pattern)).as_py()
    )


def members(
    lists: Mapping[str, str], known: pa.Table, as_of: date, engine: Engine
) -> dict[str, Mask]:
    """Tell for each list who of the customers is meant.

    Parameters
    ----------
    lists
        Name → ``segment:NAME``, ``cluster:NUMBER``, ``all``, or a rule.

    Raises
    ------
    UsageError
        If a segment or a cluster is not there, or a rule cannot be read.
    """
    return {name: _members(name, wanted, known, as_of, engine) for name, wanted in lists.items()}


def columns_asked(lists: Mapping[str, str], known: pa.Table, as_of: date) -> dict[str, str]:
    """Give the columns that rules of lists look at, each with the first list that does."""
    found: dict[str, str] = {}
    for name, wanted in lists.items():
        if wanted == EVERYONE or wanted.partition(":")[0] in ("segment", "cluster"):
            continue
        for column in sorted(rule_of_columns(name, wanted, known.schema, as_of).columns):
            found.setdefault(column, name)
    return found


def _members(name: str, wanted: str, known: pa.Table, as_of: date, engine: Engine) -> Mask:
    kind, colon, which = wanted.partition(":")
    if wanted == EVERYONE:
        return np.ones(len(known), dtype=bool)
    if colon and kind in ("segment", "cluster"):
        return _labeled(kind, which.strip(), known)
    rule = rule_of_columns(name, wanted, known.schema, as_of)
    return matching(engine, known, rule)


def _labeled(kind: str, which: str, known: pa.Table) -> Mask:
    if kind not in known.column_names:
        raise UsageError("audience.no_labels", kind=kind)
    there = known[kind].drop_null().unique().to_pylist()
    if which not in there:
        nearest = get_close_matches(which, there, n=1, cutoff=0.0)
        known_names = ", ".join(sorted(there))
        raise UsageError(
            "audience.label_unknown",
            kind=kind,
            name=which,
            nearest="".join(nearest),
            known=known_names,
        )
    mask: Mask = np.asarray(pc.fill_null(pc.equal(known[kind], which), False))
    return mask


def default_lists(known: pa.Table) -> dict[str, str]:
    """Give a list for each named segment; one of everyone where there are none."""
    if "segment" not in known.column_names:
        return {EVERYONE: EVERYONE}
    return {name: f"segment:{name}" for name in segments_of(known)}


def segments_of(known: pa.Table) -> list[str]:
    """Give the named segments that there are."""
    if "segment" not in known.column_names:
        return []
    names: list[str] = sorted(known["segment"].drop_null().unique().to_pylist())
    return names


def rules_of_run(segments: str | Path | None) -> dict[str, str]:
    """Give the rules that a segmentation was made with, by name."""
    if segments is None:
        return {}
    config = read_manifest(Path(segments)).config
    return {
        name.removeprefix(_RULES): str(entry["value"])
        for name, entry in config.items()
        if name.startswith(_RULES)
    }


@dataclass(frozen=True, slots=True)
class Named:
    """What may be called a list by its name alone.

    Attributes
    ----------
    lists, rules
        Of the settings.
    rules_of_run
        Those that the segmentation was made with: the settings at hand may be others.
    segments
        Named segments of the customers.
    """

    lists: Mapping[str, str]
    rules: Mapping[str, str]
    rules_of_run: Mapping[str, str]
    segments: Collection[str]

    def wanted(self, name: str) -> str:
        """Give what is meant.

        Raises
        ------
        UsageError
            If nothing is called that.
        """
        for known in (self.lists, self.rules, self.rules_of_run):
            if name in known:
                return known[name]
        own = {**self.rules_of_run, **self.rules, **self.lists}
        if name in self.segments or not (own or self.segments):
            return f"segment:{name}"
        names = [*sorted(self.segments), *own]
        raise UsageError(
            "audience.list_unknown",
            name=name,
            nearest="".join(get_close_matches(name, names, n=1, cutoff=0.0)),
            segments=", ".join(sorted(self.segments)) or "–",
            rules=", ".join(own) or "–",
        )


def wanted_list(text: str, named: Named) -> tuple[str, str]:
    """Read ``NAME`` (of a list or rule, else a segment) or ``NAME=WHAT``.

    Raises
    ------
    UsageError
        If nothing is called ``NAME``.
    """
    name, sign, wanted = text.partition("=")
    if sign and name.strip().replace("_", "").replace("-", "").isalnum():
        return name.strip(), wanted.strip()
    kind, colon, which = text.partition(":")
    if colon and kind in ("segment", "cluster"):
        return (which.strip() if kind == "segment" else f"cluster_{which.strip()}"), text
    if text == EVERYONE:
        return EVERYONE, EVERYONE
    return text, named.wanted(text)
