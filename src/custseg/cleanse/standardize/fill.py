"""Fill empty cells from certain cells beside them, and read again what they are evidence of.

A filled prefecture says more of the city and the address beside it. Rows in which something was
filled are therefore standardized once more, from what they have become, until nothing changes:
a second run of the file finds the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from custseg.cleanse.standardize.base import Context, Status
from custseg.cleanse.standardize.characters import IDEOGRAPH
from custseg.cleanse.standardize.column_cells import (
    by_role,
    fill_empty,
    learn_reason,
    mask_of,
    whole,
)
from custseg.cleanse.standardize.columns import Column, base_role, standardized_columns
from custseg.cleanse.standardize.fill_code import (
    abroad,
    check_codes,
    fill_from_code,
    flag,
    in_japanese_form,
)
from custseg.engine import Engine

ALSO_IN: Final = {"state": "prefecture"}
"""Parts that a column of another role holds where the table has one."""

_OF_ADDRESSES: Final = ("postal_code", "prefecture", "state", "city", "town", "address", "country")
"""Roles whose cells say something of each other, with those that only say."""

_TELLING: Final = frozenset({"prefecture", "city"})
"""Those whose cell says more in its standard form."""

_ROUNDS: Final = 6
"""How often a row is read again at most; more than its columns can fill one after another."""

_EVIDENCE: Final = ("prefecture", "city", "postal_code")


def fill(columns: Sequence[Column], context: Context, engine: Engine) -> None:
    """Fill empty cells of standardized columns, and settle what hangs on them."""
    filled = _fill_all(columns)
    related = [column for column in columns if base_role(column.role) in _OF_ADDRESSES]
    if len(related) < 2:
        return
    told = _told_more(related, anywhere=context.country == "JP")
    _read_again(columns, related, filled | told | _told_by_address(related), context, engine)
    filled, conflicts = check_codes(columns, context, engine)
    if filled.any():
        _read_again(columns, related, filled | _fill_all(columns), context, engine)
    flag(conflicts)
    _withhold(columns)


def _read_again(
    columns: Sequence[Column],
    related: Sequence[Column],
    again: npt.NDArray[np.bool_],
    context: Context,
    engine: Engine,
) -> None:
    """Standardize rows from what they have become, until nothing in them changes."""
    for _ in range(_ROUNDS):
        at = np.flatnonzero(again)
        if not len(at):
            break
        rows = pa.array(at)
        cells = {each.name: each.after.take(rows) for each in related}
        roles = {each.name: each.role for each in related}
        for part, array in _found_beside(related).items():
            # They become columns, which the second run of the file will read.
            cells[part], roles[part] = array.take(rows), part
        changed = np.zeros(len(again), dtype=np.bool_)
        read = standardized_columns(pa.table(cells), roles, context, engine)
        for column, anew in zip(related, read, strict=False):
            changed[at] |= _take_over(column, anew, at)
        again = changed | _fill_all(columns)


def _found_beside(columns: Sequence[Column]) -> dict[str, pa.Array]:
    """Give what addresses say of other columns, and the table has no columns for."""
    of_role = by_role(columns)
    if "address" not in of_role:
        return {}
    names = {column.name for column in columns}
    return {
        part: array
        for part, array in of_role["address"][0].added.items()
        if part in _EVIDENCE and part not in of_role and part not in names
    }


def _told_by_address(columns: Sequence[Column]) -> npt.NDArray[np.bool_]:
    """Tell the rows in which a city that is another, or a town, has its evidence in the address."""
    told = np.zeros(len(columns[0].status), dtype=np.bool_)
    found = _found_beside(columns)
    of_role = by_role(columns)
    if not found:
        return told
    for array in found.values():
        told |= mask_of(pc.is_valid(array))
    if "city" not in of_role:
        towns = of_role.get("town")
        return told & (towns[0].status != Status.MISSING) if towns else np.zeros_like(told)
    city = whole(of_role["city"][0].after)
    same = pc.equal(city, of_role["address"][0].added.get("city", pa.nulls(len(told), pa.string())))
    return told & mask_of(pc.is_valid(city)) & ~mask_of(pc.fill_null(same, False))


def _withhold(columns: Sequence[Column]) -> None:
    """Take the city of doubtful addresses back, where it would say an open prefecture."""
    of_role = by_role(columns)
    prefectures = of_role.get("prefecture", [])
    for column, prefecture in zip(of_role.get("address", []), prefectures, strict=False):
        if "city" in column.added:
            open_ = (prefecture.status == Status.MISSING) & (column.status > Status.CORRECTED)
            if open_.any():
                city = column.added["city"]
                column.added["city"] = pc.if_else(pa.array(open_), None, city)


def _told_more(columns: Sequence[Column], *, anywhere: bool) -> npt.NDArray[np.bool_]:
    """Tell the rows in which a cell changed that is evidence of others.

    Places of Japan alone are: where not `anywhere`, those in their own writing.
    """
    more = np.zeros(len(columns[0].status), dtype=np.bool_)
    for column in columns:
        if base_role(column.role) in _TELLING and column.after is not column.before:
            same = pc.fill_null(pc.equal(column.before, column.after), True)
            changed = ~np.asarray(same.to_numpy(), dtype=np.bool_)
            if not anywhere and changed.any():
                written = whole(column.after).filter(pa.array(changed))
                changed[changed] = mask_of(pc.match_substring_regex(written, IDEOGRAPH))
            more |= changed
    return more


def _take_over(column: Column, anew: Column, at: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Take over what rows of a column have become; tell which of their cells changed.

    A cell that stays keeps what was done to it; one that no longer is in doubt is valid.
    """
    before = anew.before.combine_chunks()
    same = pc.if_else(
        pc.and_(pc.is_valid(before), pc.is_valid(anew.after)),
        pc.equal(before, anew.after),
        pc.equal(pc.is_valid(before), pc.is_valid(anew.after)),
    )
    stays = mask_of(same)
    old = column.status[at]
    done = (old == Status.STANDARDIZED) | (old == Status.CORRECTED) | (old == Status.MISSING)
    keeps = stays & (anew.status == Status.VALID) & (done | (old == Status.VALID))
    keeps |= stays & (anew.status == Status.MISSING)
    takes = ~keeps
    rows, stays_put = (np.zeros(len(column.status), dtype=np.bool_) for _ in range(2))
    rows[at[takes]] = True
    stays_put[at[keeps]] = True
    none = pa.nulls(len(rows), pa.string())
    nothing = pa.nulls(len(at), pa.string())

    def put(
        array: pa.Array | pa.ChunkedArray,
        piece: pa.Array | pa.ChunkedArray,
        where: npt.NDArray[np.bool_] = rows,
    ) -> pa.Array:
        return pc.replace_with_mask(
            whole(array), pa.array(where), whole(piece).filter(pa.array(where[at]))
        )

    for part, array in anew.added.items():
        # What was filled has no parts yet.
        old_part = column.added.get(part, none)
        column.added[part] = pc.coalesce(old_part, put(none, array, stays_put))
    if not takes.any():
        return ~stays
    column.after = put(column.after, anew.after)
    if column.suggestion is not None or anew.suggestion is not None:
        column.suggestion = put(
            none if column.suggestion is None else column.suggestion,
            nothing if anew.suggestion is None else anew.suggestion,
        )
    for part in dict.fromkeys((*column.added, *anew.added)):
        column.added[part] = put(column.added.get(part, none), anew.added.get(part, nothing))
    places = np.array([learn_reason(column, reason) for reason in anew.reasons], dtype=np.int16)
    column.status[rows] = anew.status[takes]
    column.reason[rows] = places[anew.reason[takes]]
    return ~stays


def _fill_all(columns: Sequence[Column]) -> npt.NDArray[np.bool_]:
    """Fill empty cells from certain parts of other columns; tell the rows."""
    filled = np.zeros(len(columns[0].status) if columns else 0, dtype=np.bool_)
    places: dict[str, int] = {}
    of_role = by_role(columns)
    elsewhere = abroad(of_role.get("country", [None])[0], len(filled))
    for column in columns:
        role = base_role(column.role)
        place = places[role] = places.get(role, -1) + 1
        for part in column.standardizer.fills:
            there = of_role.get(part) or of_role.get(ALSO_IN.get(part, ""), [])
            if place < len(there) and part in column.added:
                certain = column.status <= Status.CORRECTED
                if elsewhere.any():
                    certain &= ~(elsewhere & in_japanese_form(column.added[part]))
                filled |= fill_empty(
                    there[place], column.added[part], certain, f"filled_from_{role}"
                )
    added = {part for address in of_role.get("address", ()) for part in address.added}
    for place, column in enumerate(of_role.get("postal_code", ())):
        beside = {role: each[place] for role, each in of_role.items() if place < len(each)}
        if "country" in of_role:
            beside["country"] = of_role["country"][0]
        filled |= fill_from_code(column, beside, added)
    return filled
