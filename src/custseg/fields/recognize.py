"""Recognize what columns mean, from their headers and from what stands in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

import pyarrow as pa

from custseg.fields.content import profiles
from custseg.fields.fallbacks import ORDERS_LOOKED_FOR, fall_back
from custseg.fields.guess import ATTRIBUTE, FieldGuess, Reason
from custseg.fields.headers import HeaderMatch, header_matches
from custseg.fields.options import DENIED, KNOWN, Column, Option, denied, options
from custseg.fields.overrides import check_overrides
from custseg.fields.registry import roles

Kind = Literal["people", "orders", "events", "any"]

ACCEPTED: Final = 0.45
"""Least confidence of a role that is taken on."""

_SECOND_BEST: Final = 0.6
"""Least confidence of a role that a column takes because its best one is taken."""

_WORTH_NAMING: Final = 0.35
"""Least confidence of a role that is named as an alternative."""

_ORDER_SIGNS: Final = frozenset({"order_id", "order_date"})
_ORDER_HINTS: Final = frozenset({"quantity", "unit_price", "product_id", "product_name"})


_NO_EVIDENCE: Final = frozenset({"record_id", "ignore", "text", ATTRIBUTE})
"""Roles of people whose words in a header do not keep a column from being an attribute."""


class Refusal(NamedTuple):
    """A role a column would have had, and the column that has it."""

    role: str
    holder: str


def recognize(
    table: pa.Table,
    *,
    kind: Kind = "any",
    overrides: Mapping[str, str] = MappingProxyType({}),
) -> list[FieldGuess]:
    """Guess what each column of a table means.

    Parameters
    ----------
    table
        Any table; cells that are not text are looked at as text.
    kind
        ``"people"``, ``"orders"`` or ``"events"`` where the caller knows what a row is; events are
        never guessed at, since their words (type, status, date) stand in every table.
    overrides
        Roles by column that the user gave. They stand, and no other column takes them.

    Returns
    -------
    One guess a column, in the order of the table. Neither the order of the rows nor that of
    the columns changes a guess.

    Raises
    ------
    UsageError
        If an override names an unknown column or role.
    """
    check_overrides(overrides, table.column_names)
    looked_at = profiles(table)
    matches = _beside_family_names(
        {name: _of_kind(header_matches(name), kind) for name in table.column_names}
    )
    columns = [
        Column(name, looked_at[name], matches[name])
        for name in table.column_names
        if name not in overrides
    ]
    orders = kind == "orders" or (kind == "any" and _is_of_orders(columns))
    home = "events" if kind == "events" else "orders" if orders else "people"
    homes = {kind} if kind != "any" else {"people", home}
    scope = {name: role for name, role in roles().items() if role.tables & homes}
    possible = {column.name: options(column, scope, home=home) for column in columns}
    chosen, refused = _share_out(possible, overrides)
    if home != "people":
        chosen |= fall_back(
            columns,
            chosen,
            given=overrides.values(),
            missing=ORDERS_LOOKED_FOR if home == "orders" else {"customer_id"},
            by_email=kind != "any",
        )
    guesses = {name: _given(name, role) for name, role in overrides.items()}
    for column in columns:
        guesses[column.name] = _guess(
            column,
            chosen.get(column.name),
            possible[column.name],
            refused.get(column.name),
            people=home == "people",
        )
    return [guesses[name] for name in table.column_names]


def get_ready() -> None:
    """Load the lists that recognizing looks into, where there is time for it beforehand."""
    for role in roles().values():
        header_matches(role.name)
        if role.likeness is not None:
            role.likeness([given for given, _ in role.examples])


def _of_kind(matches: dict[str, HeaderMatch], kind: Kind) -> dict[str, HeaderMatch]:
    """Leave out roles of events, unless the table is known to be one of events."""
    if kind == "events":
        return matches
    return {role: match for role, match in matches.items() if roles()[role].tables != {"events"}}


def _beside_family_names(
    matches: Mapping[str, dict[str, HeaderMatch]],
) -> Mapping[str, dict[str, HeaderMatch]]:
    """Read 注文者名 as a given name where a column such as 注文者姓 stands beside it."""
    if any(
        found["family_name"].score >= KNOWN for found in matches.values() if "family_name" in found
    ):
        for found in matches.values():
            whole, part = found.get("person_name"), found.get("given_name")
            if whole and part and part.score >= KNOWN:
                del found["person_name"]
    return matches


def _is_of_orders(columns: Iterable[Column]) -> bool:
    """Tell whether a row is an order, from headers that tables of people do not have."""
    only_orders = {name for name, role in roles().items() if role.tables == {"orders"}}
    signs: set[str] = set()
    for column in columns:
        sure = {match.role for match in column.headers.values() if match.score >= KNOWN}
        if sure <= only_orders:
            signs |= sure
    return bool(signs & _ORDER_SIGNS) or len(signs & _ORDER_HINTS) >= 2


def _share_out(
    possible: Mapping[str, list[Option]], overrides: Mapping[str, str]
) -> tuple[dict[str, Option], dict[str, Refusal]]:
    """Give each column its best role, the surest first, and single roles once."""
    holders = {role: name for name, role in overrides.items()}
    chosen: dict[str, Option] = {}
    refused: dict[str, Refusal] = {}
    queue = sorted(
        (-option.confidence, option.other, rank, name)
        for name, ranked in possible.items()
        for rank, option in enumerate(ranked)
        if option.confidence >= ACCEPTED
    )
    for _, _, rank, name in queue:
        option = possible[name][rank]
        if name in chosen or (name in refused and option.confidence < _SECOND_BEST):
            continue
        holder = holders.get(option.role)
        if holder is not None and (option.other or not _several(option.role)):
            refused.setdefault(name, Refusal(option.role, holder))
            continue
        chosen[name] = option
        holders.setdefault(option.role, name)
    return chosen, refused


def _several(role: str) -> bool:
    return roles()[role.partition(":")[0]].several


def _given(column: str, role: str) -> FieldGuess:
    reason = Reason("fields.reason.given", {"role": role})
    if role == ATTRIBUTE:
        return FieldGuess(column, None, 1.0, reason, attribute=True)
    return FieldGuess(column, role, 1.0, reason)


def _guess(
    column: Column,
    chosen: Option | None,
    possible: list[Option],
    refused: Refusal | None,
    *,
    people: bool,
) -> FieldGuess:
    alternatives = tuple(
        (option.role, round(option.confidence, 3))
        for option in possible
        if option is not chosen and option.confidence >= _WORTH_NAMING
    )[:3]
    if chosen is None:
        attribute, reason = _without_role(column, refused, people=people)
        return FieldGuess(column.name, None, 0.0, reason, alternatives, attribute)
    confidence = round(min(chosen.confidence, 1.0), 3)
    if chosen.role == ATTRIBUTE:
        return FieldGuess(column.name, None, confidence, chosen.reason, alternatives, True)
    return FieldGuess(column.name, chosen.role, confidence, chosen.reason, alternatives)


def _without_role(column: Column, refused: Refusal | None, *, people: bool) -> tuple[bool, Reason]:
    if refused is not None:
        return False, Reason("fields.reason.taken", {"role": refused.role, "by": refused.holder})
    if not column.profile.values:
        return False, Reason("fields.reason.no_values")
    known = column.known
    if people and known is not None and "people" not in roles()[known.role].tables:
        return False, Reason("fields.reason.other_table", {"role": known.role})
    if (role := denied(column, roles())) is not None:
        return False, Reason(DENIED, {"role": role})
    if people and column.profile.like_attribute and not _touches_a_role(column):
        return True, Reason("fields.reason.attribute")
    return False, Reason("fields.reason.none")


def _touches_a_role(column: Column) -> bool:
    """Tell whether a header has a word of a role that is evidence already: no double counting."""
    return any(
        "people" in roles()[match.role].tables
        for match in column.headers.values()
        if match.role not in _NO_EVIDENCE
    )
