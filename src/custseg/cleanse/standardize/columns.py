"""Standardize the columns of a table one after another, once a distinct value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from custseg.cleanse.standardize.base import Context, Standardizer, Status
from custseg.cleanse.standardize.distinct import Distinct, Outcome, distinct, settle
from custseg.cleanse.standardize.plain_reasons import EMPTY
from custseg.engine import Engine, give_back_memory
from custseg.fields.registry import roles as registered_roles

_LARGE: Final = 50_000_000
"""Bytes of parts from which the memory of what a column leaves is given back at once."""

_OF_THE_WHOLE_ROW: Final = frozenset({"country"})
"""Neighbors that speak for every column of the row, not for the one beside them alone."""

_AHEAD: Final = 2
"""Columns whose distinct cells are found before it is their turn."""


@dataclass(slots=True)
class Column:
    """A column at work: its cells by row, and what is known of them."""

    name: str
    role: str
    standardizer: Standardizer
    before: pa.ChunkedArray
    after: pa.Array | pa.ChunkedArray
    status: npt.NDArray[np.int8]
    reason: npt.NDArray[np.int16]
    reasons: list[str | None]
    suggestion: pa.Array | None
    added: dict[str, pa.Array] = field(default_factory=dict)
    also: list[pa.Array] = field(default_factory=list)


def base_role(role: str) -> str:
    """Give a role's name without its channel: ``"consent"`` of ``"consent:email"``."""
    return role.partition(":")[0]


def standardized_columns(
    table: pa.Table, roles: Mapping[str, str], context: Context, engine: Engine
) -> list[Column]:
    """Standardize the columns one after another.

    What needs no worker, which is to find the distinct cells of the next columns and to give the
    rows those of the ones before, is done beside the workers.
    """
    jobs = list(_jobs(table, roles))
    ahead = [engine.beside(job.distinct) for job in jobs[:_AHEAD]]
    done = []
    for place, job in enumerate(jobs):
        found = ahead.pop(0).result()
        further = jobs[place + _AHEAD : place + _AHEAD + 1]
        ahead += [engine.beside(following.distinct) for following in further]
        outcome = settle(found, job.standardizer, context, engine)
        if sum(part.nbytes for part in outcome.parts) >= _LARGE:
            # What came from the workers piece by piece is whole now: the pieces go.
            give_back_memory()
        done.append(
            engine.beside(
                partial(_spread, job.name, job.role, job.standardizer, job.cells, found, outcome)
            )
        )
    return [each.result() for each in done]


@dataclass(frozen=True, slots=True)
class _Job:
    """A column to standardize, and what stands beside it."""

    name: str
    role: str
    standardizer: Standardizer
    cells: pa.ChunkedArray
    neighbors: Sequence[pa.ChunkedArray | None]

    def distinct(self) -> Distinct:
        """Find its distinct cells."""
        return distinct(self.cells, self.neighbors)


def _jobs(table: pa.Table, roles: Mapping[str, str]) -> Iterator[_Job]:
    known = registered_roles()
    by_role = _by_role(table, roles)
    for name in table.column_names:
        role = roles.get(name)
        standardizer = known[base_role(role)].standardizer if role else None
        if role is None or standardizer is None:
            continue
        place = by_role[base_role(role)].index(name)
        neighbors = [
            table.column(beside) if (beside := _beside(by_role, neighbor, place)) else None
            for neighbor in standardizer.neighbors
        ]
        yield _Job(name, role, standardizer, table.column(name), neighbors)


def _by_role(table: pa.Table, roles: Mapping[str, str]) -> dict[str, list[str]]:
    by_role: dict[str, list[str]] = {}
    for name in table.column_names:
        if name in roles:
            by_role.setdefault(base_role(roles[name]), []).append(name)
    return by_role


def _beside(by_role: Mapping[str, Sequence[str]], role: str, place: int) -> str | None:
    """Give the column of `role` that belongs to the `place`-th column of another role."""
    columns = by_role.get(role, ())
    if role in _OF_THE_WHOLE_ROW and columns:
        return columns[0]
    return columns[place] if place < len(columns) else None


def _spread(
    name: str,
    role: str,
    standardizer: Standardizer,
    before: pa.ChunkedArray,
    found: Distinct,
    outcome: Outcome,
) -> Column:
    """Give the outcome of distinct values to the rows."""
    values, codes, known = found.values, found.codes, len(found.values)
    empty = codes < 0
    places = pa.array(codes, mask=empty)

    def by_row(array: pa.Array) -> pa.Array:
        if array.null_count == len(array):
            return pa.nulls(len(codes), array.type)
        return array.take(places)

    # A last entry for empty cells: code -1 takes it.
    reason = outcome.reason.dictionary_encode()
    reason_codes = pc.fill_null(reason.indices, len(reason.dictionary)).to_numpy(
        zero_copy_only=False
    )
    reasons = [*reason.dictionary.to_pylist(), None]
    if EMPTY not in reasons:
        reasons.append(EMPTY)
    return Column(
        name=name,
        role=role,
        standardizer=standardizer,
        before=before,
        # Where nothing changed, one array serves for both.
        after=before if outcome.value.equals(values) else by_row(outcome.value),
        status=np.append(outcome.status, np.int8(Status.MISSING))[codes],
        reason=np.append(reason_codes, reasons.index(EMPTY)).astype(np.int16)[codes],
        reasons=reasons,
        suggestion=by_row(outcome.suggestion) if outcome.suggestion.null_count < known else None,
        added={
            part: by_row(array)
            for part, array in zip(standardizer.parts, outcome.parts, strict=True)
            if array.null_count < len(array)
        },
        also=[by_row(array) for array in _further(outcome.also)],
    )


def _further(also: pa.Array) -> Iterator[pa.Array]:
    """Give the second, third … values of each cell as arrays of their own."""
    longest = pc.max(pc.list_value_length(also)).as_py() or 0
    lists = pc.if_else(pc.is_valid(also), also, pa.scalar([], also.type))
    for place in range(longest):
        piece = pc.list_slice(lists, place, place + 1, return_fixed_size_list=True)
        yield pc.list_flatten(piece) if len(piece) else pa.nulls(0, pa.string())
