"""Postal codes and the columns of an address: each fills the other, or contradicts it."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from custseg.cleanse.standardize.base import Context, Standardizer, Status
from custseg.cleanse.standardize.characters import IDEOGRAPH
from custseg.cleanse.standardize.column_cells import (
    by_role,
    fill_empty,
    learn_reason,
    mask_of,
    whole,
)
from custseg.cleanse.standardize.columns import Column
from custseg.cleanse.standardize.distinct import distinct, settle
from custseg.cleanse.standardize.japan_address.gazetteer import PREFECTURES
from custseg.cleanse.standardize.postal_place import PostalPlace, place_of_code
from custseg.engine import Engine
from custseg.fields.registry import roles as registered_roles

_FROM_CODE: Final = ("prefecture", "city", "town")
_JAPANESE_CODE: Final = "^[0-9]{3}-[0-9]{4}$"
_BY_NUMBER: Final = "^[0-9０-９]"
_WITH_PREFECTURE: Final = f"^(?:{'|'.join(PREFECTURES)})"
_CONFLICT: Final = "postal_conflict"


def fill_from_code(
    code: Column, beside: dict[str, Column], added: Container[str]
) -> npt.NDArray[np.bool_]:
    """Fill prefecture, city and town from a postal code, where it leaves no choice.

    Codes of other countries stand for no place here. Nothing is filled beside an address: what
    that says of its place stands there, or is in doubt. The town is left open where the number may
    have it before it. Parts of addresses that become columns, `added` in any of them, are filled
    as well, where there is no address.
    """
    columns: dict[str, Column] = {role: beside[role] for role in _FROM_CODE if role in beside}
    address = beside.get("address")
    parts = []
    if address is not None and any(part in added for part in _FROM_CODE):
        parts = [part for part in _FROM_CODE if part not in columns]
    wanted = np.full(len(code.status), bool(parts))
    for column in columns.values():
        wanted |= column.status == Status.MISSING
    wanted &= code.status <= Status.CORRECTED
    for column in columns.values():
        wanted &= _in_no_doubt(column)
    if address is not None:
        wanted &= address.status == Status.MISSING
    if wanted.any():
        wanted &= in_japanese_form(code.after) & ~abroad(beside.get("country"), len(wanted))
    at = np.flatnonzero(wanted)
    if not len(at):
        return wanted
    found = _places(code, columns, pa.array(at))
    numbered = _numbered(beside, len(wanted))
    filled = np.zeros(len(wanted), dtype=np.bool_)
    place = np.full(len(wanted), -1, dtype=np.int64)
    place[at] = np.arange(len(at))
    spread = pa.array(place, mask=place < 0)
    for number, role in enumerate(_FROM_CODE):
        part = pa.array([each[number] or None for each in found], pa.string()).take(spread)
        certain = numbered if role == "town" else wanted
        if role in columns:
            filled |= fill_empty(columns[role], part, certain, "filled_from_postal_code")
        elif address is not None and role in parts:
            kept = pc.if_else(pa.array(certain), part, None)
            if role in address.added:
                address.added[role] = pc.coalesce(address.added[role], kept)
            elif kept.null_count < len(kept):
                address.added[role] = kept
    return filled


def in_japanese_form(cells: pa.Array | pa.ChunkedArray) -> npt.NDArray[np.bool_]:
    """Tell the cells with a place in Japanese, or a code in the form that Japan's alone have."""
    found = pc.match_substring_regex(whole(cells), f"{_JAPANESE_CODE}|{IDEOGRAPH}")
    return mask_of(pc.fill_null(found, False))


def abroad(country: Column | None, rows: int) -> npt.NDArray[np.bool_]:
    """Tell the rows whose country is another than Japan, or says nothing that can be read."""
    if country is None:
        return np.zeros(rows, dtype=np.bool_)
    japan = mask_of(pc.fill_null(pc.equal(whole(country.after), "JP"), False))
    return np.asarray(~japan & (country.status != Status.MISSING))


def _in_no_doubt(column: Column) -> npt.NDArray[np.bool_]:
    return np.asarray((column.status <= Status.CORRECTED) | (column.status == Status.MISSING))


def _numbered(beside: Mapping[str, Column], rows: int) -> npt.NDArray[np.bool_]:
    """Tell the rows whose number has no town before it."""
    numbered = np.ones(rows, dtype=np.bool_)
    for role in ("block", "street"):
        if role in beside:
            begins = pc.match_substring_regex(whole(beside[role].after), _BY_NUMBER)
            numbered &= mask_of(pc.fill_null(begins, True))
    return numbered


def _places(code: Column, columns: Mapping[str, Column], rows: pa.Array) -> list[PostalPlace]:
    """Give the places of the codes of some rows, beside prefectures and cities."""

    def cells(column: Column | None) -> list[str]:
        if column is None:
            return [""] * len(rows)
        taken: list[str] = pc.fill_null(whole(column.after).take(rows), "").to_pylist()
        return taken

    beside = (columns.get("prefecture"), columns.get("city"))
    return list(map(place_of_code, cells(code), *map(cells, beside)))


class Conflict(NamedTuple):
    """Cells of a column that name another place than the postal codes beside them."""

    column: Column
    rows: npt.NDArray[np.bool_]


def check_codes(
    columns: Sequence[Column], context: Context, engine: Engine
) -> tuple[npt.NDArray[np.bool_], list[Conflict]]:
    """Hold addresses, put together of their columns, against the postal codes beside them.

    An empty postal code is filled where the address is certain of it.

    Returns
    -------
    tuple
        The rows in which one was filled; and the cells against which the others speak, the
        town's where there is one, else the city's.
    """
    of_role = by_role(columns)
    filled = np.zeros(len(columns[0].status), dtype=np.bool_)
    conflicts = []
    codes = of_role.get("postal_code") or _codes_of_addresses(of_role.get("address", ()))
    for place, (city, code) in enumerate(zip(of_role.get("city", ()), codes, strict=False)):
        beside = {role: each[place] for role, each in of_role.items() if place < len(each)}
        country = of_role["country"][0] if "country" in of_role else None
        at = np.flatnonzero(_certain(code, city, beside) & ~abroad(country, len(filled)))
        if not len(at):
            continue
        part, against = _held_against(code, country, beside, context, engine, at)
        filled |= fill_empty(code, part, ~against, "filled_from_address")
        if against.any():
            town = beside.get("town")
            has_town = np.zeros_like(against) if town is None else town.status != Status.MISSING
            conflicts.append(Conflict(city, against & ~has_town))
            if town is not None:
                conflicts.append(Conflict(town, against & has_town))
    for address, code in zip(of_role.get("address", ()), codes, strict=False):
        if "postal_code" not in of_role:
            address.added["postal_code"] = whole(code.after)
    return filled, conflicts


def _codes_of_addresses(addresses: Iterable[Column]) -> list[Column]:
    """Give the postal codes of addresses, which become columns, as columns at work."""
    codes = []
    for address in addresses:
        part = address.added.get("postal_code")
        if part is None:
            break
        empty = mask_of(pc.is_null(part))
        status = np.where(empty, Status.MISSING, Status.VALID).astype(np.int8)
        nothing = np.zeros(len(status), dtype=np.int16)
        code = replace(
            address, role="postal_code", before=part, after=part, status=status, reason=nothing
        )
        codes.append(replace(code, reasons=[None], added={}, also=[]))
    return codes


def flag(conflicts: Iterable[Conflict]) -> None:
    """Leave cells that a postal code speaks against as they were, in doubt."""
    for column, rows in conflicts:
        if rows.any():
            column.after = pc.if_else(pa.array(rows), whole(column.before), whole(column.after))
            column.status[rows] = Status.AMBIGUOUS
            column.reason[rows] = learn_reason(column, _CONFLICT)


def _certain(code: Column, city: Column, beside: Mapping[str, Column]) -> npt.NDArray[np.bool_]:
    """Tell the rows with a Japanese city and no cell in doubt, that no whole address speaks for."""
    japanese = pc.match_substring_regex(whole(city.after), IDEOGRAPH)
    certain = mask_of(pc.fill_null(japanese, False)) & (city.status <= Status.CORRECTED)
    for column in (code, *(beside[role] for role in ("prefecture", "town") if role in beside)):
        certain &= _in_no_doubt(column)
    if "address" in beside:
        certain &= beside["address"].status == Status.MISSING
    return certain


def _held_against(
    code: Column,
    country: Column | None,
    beside: Mapping[str, Column],
    context: Context,
    engine: Engine,
    at: npt.NDArray[np.int64],
) -> tuple[pa.Array, npt.NDArray[np.bool_]]:
    """Give the postal code of the addresses of some rows, and the rows in which it is another."""
    rows = pa.array(at)
    address = _address()
    neighbors = {"postal_code": code, "country": country}
    taken = [neighbors.get(role) for role in address.neighbors]
    found = distinct(
        pa.chunked_array([_written(beside, rows)]),
        [each and pa.chunked_array([whole(each.after).take(rows)]) for each in taken],
    )
    outcome = settle(found, address, context, engine)
    status = outcome.status[found.codes]
    known = outcome.parts[address.parts.index("postal_code")].take(pa.array(found.codes))
    known = pc.if_else(pa.array(status <= Status.CORRECTED), known, None)
    conflict = pc.fill_null(pc.equal(outcome.reason, _CONFLICT), False).take(pa.array(found.codes))
    place = np.full(len(code.status), -1, dtype=np.int64)
    place[at] = np.arange(len(at))
    against = np.zeros(len(place), dtype=np.bool_)
    against[at] = mask_of(conflict)
    return known.take(pa.array(place, mask=place < 0)), against


def _address() -> Standardizer:
    standardizer = registered_roles()["address"].standardizer
    if standardizer is None:
        raise LookupError("addresses have no standardizer")
    return standardizer


def _written(beside: Mapping[str, Column], rows: pa.Array) -> pa.Array:
    """Write the addresses of some rows whole."""

    def cells(role: str) -> pa.Array:
        if role not in beside:
            return pa.repeat(pa.scalar(""), len(rows))
        return pc.fill_null(whole(beside[role].after).take(rows), "")

    city, street = cells("city"), cells("street")
    prefecture = pc.if_else(
        pc.match_substring_regex(city, _WITH_PREFECTURE), "", cells("prefecture")
    )
    # A way through Kyoto stands before the town, a number behind it.
    number = pc.match_substring_regex(street, _BY_NUMBER)
    way, line = pc.if_else(number, "", street), pc.if_else(number, street, "")
    building = pc.if_else(
        pc.equal(cells("building"), ""), "", pc.binary_join_element_wise("", cells("building"), " ")
    )
    return pc.binary_join_element_wise(
        prefecture, city, way, cells("town"), cells("block"), line, building, ""
    )
