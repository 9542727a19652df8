"""What the data can be used for: the uses, what each needs, and for how many records."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from custseg.cleanse.assess.columns import columns_of
from custseg.cleanse.assess.model import Support

ENOUGH: Final = 0.8
"""Share of records from which on a use is carried without reserve."""

_MOBILE: Final = r"^\+81[6-9]0|^0[6-9]0|^\+(?:[0-79]|8[02-9])"
"""Japanese mobile numbers; numbers of other countries do not tell."""

_CONTACTS: Final = ("email", "phone", "birth_date", "address", "postal_code")


@dataclass(frozen=True, slots=True)
class _Use:
    """One use: the kind of table it reads, and its needs, each a role or a choice of roles."""

    name: str
    needs: tuple[str | tuple[str, ...], ...]
    tables: str = "people"


_USES: Final = (
    _Use("email_campaign", ("email", "consent:email")),
    _Use("sms_campaign", ("mobile", "consent:sms")),
    _Use("direct_mail", ("name", "delivery", "consent:dm")),
    _Use("ad_audience", (("email", "phone"), "consent:ads")),
    _Use("area", (("prefecture", "state", "city", "postal_code"),)),
    _Use("birthday", ("birth_date",)),
    _Use("age_gender", ("birth_date", "gender")),
    _Use("matching", ("name", _CONTACTS)),
    _Use("households", ("name", "delivery")),
    _Use("rfm", ("customer_id", "order_date", "amount"), "orders"),
    _Use("cohorts", ("customer_id", "order_date"), "orders"),
    _Use("baskets", ("order_id", ("product_id", "product_name")), "orders"),
)


def support(table: pa.Table, roles: Mapping[str, str]) -> tuple[Support, ...]:
    """Tell for each use whether the table carries it, and for how many records.

    Parameters
    ----------
    table, roles
        The standardized table and the role of its columns.

    Notes
    -----
    Uses of orders are told of a table that has a column of orders, uses of people of every
    table that has one of people. A use of a contact needs consent: without a column of
    consent it is not carried.
    """
    masks = _Masks(table, roles)
    orders = any(columns_of(roles, role) for role in ("order_id", "order_date"))
    people = any(columns_of(roles, role) for role in (*_CONTACTS, "person_name", "family_name"))
    kinds = {kind for kind, present in (("orders", orders), ("people", people)) if present}
    return tuple(_judge(use, masks, table.num_rows) for use in _USES if use.tables in kinds)


def _judge(use: _Use, masks: _Masks, rows: int) -> Support:
    missing: list[str] = []
    having: list[pa.ChunkedArray] = []
    for need in use.needs:
        choice = need if isinstance(need, tuple) else (need,)
        found = [mask for each in choice if (mask := masks.of(each)) is not None]
        if found:
            having.append(reduce(pc.or_, found))
        else:
            missing.append(choice[0])
    if missing or not rows:
        return Support(use.name, "no", 0, 0.0, tuple(missing))
    records = pc.sum(reduce(pc.and_, having)).as_py() or 0
    share = records / rows
    return Support(
        use.name, "yes" if share >= ENOUGH else "partly" if records else "no", records, share
    )


class _Masks:
    """Which rows have what a use needs; None where no column could tell."""

    def __init__(self, table: pa.Table, roles: Mapping[str, str]) -> None:
        self._table = table
        self._roles = roles
        self._special: Mapping[str, Callable[[], pa.ChunkedArray | None]] = {
            "name": lambda: self._any(("person_name", "family_name", "given_name")),
            "mobile": self._mobile,
            "delivery": self._delivery,
            "customer_id": lambda: self._any(("customer_id", "record_id", "identifier", "email")),
        }

    def of(self, need: str) -> pa.ChunkedArray | None:
        """Give the rows that have a need."""
        if need.startswith("consent:"):
            return self._consent(need)
        special = self._special.get(need)
        return special() if special else self._any((need,))

    def _any(self, roles: Sequence[str]) -> pa.ChunkedArray | None:
        columns = [column for role in roles for column in columns_of(self._roles, role)]
        masks = [pc.is_valid(self._table.column(column)) for column in columns]
        return reduce(pc.or_, masks) if masks else None

    def _mobile(self) -> pa.ChunkedArray | None:
        phones = [self._table.column(column) for column in columns_of(self._roles, "phone")]
        masks = [pc.fill_null(pc.match_substring_regex(each, _MOBILE), False) for each in phones]
        return reduce(pc.or_, masks) if masks else None

    def _delivery(self) -> pa.ChunkedArray | None:
        """Rows with an address down to the block or the street."""
        exact = self._any(("block", "street"))
        if exact is None:
            return None
        place = self._any(("address", "city", "postal_code"))
        return exact if place is None else pc.and_(exact, place)

    def _consent(self, role: str) -> pa.ChunkedArray | None:
        """Rows with a yes to the channel, or to everything where no column names the channel.

        Who opted out of it, or of everything, has said no.
        """
        named = [column for column, each in self._roles.items() if each == role]
        columns = named or [column for column, each in self._roles.items() if each == "consent"]
        masks = [
            pc.fill_null(pc.equal(self._table.column(column), "true"), False) for column in columns
        ]
        if not masks:
            return None
        refusals = ("opt_out", role.replace("consent", "opt_out"))
        masks += [
            pc.fill_null(pc.equal(self._table.column(column), "false"), True)
            for column, each in self._roles.items()
            if each in refusals
        ]
        return reduce(pc.and_, masks)
