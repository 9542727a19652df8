"""Columns of orders that no header names outright: cid, q, p, a plain date, an e-mail address.

Such words mean too little to be taken on anywhere; in a table of orders, where no other column
says who ordered, when, how many or for how much, they mean just that. The content has to agree.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Final, NamedTuple

from custseg.fields.content import Profile
from custseg.fields.guess import Reason
from custseg.fields.headers import fold
from custseg.fields.options import Column, Option
from custseg.fields.registry import roles

_CONFIDENCE: Final = 0.6
_FITTING: Final = 0.5
"""Least share of values that look like the role."""

_BY_CONTENT: Final = 0.5
"""A role held with less than this, by content alone, gives way to a word for it."""

BY_EMAIL: Final = "fields.reason.by_email"
"""Reason of a column of addresses that tells who ordered."""

_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_ORDER_NAME: Final = re.compile(r"[#＃]?[A-Za-z]{0,5}[-_]?\d+")


class _Word(NamedTuple):
    """A header (folded), and what else must hold for it to be taken."""

    header: str
    fits: Callable[[Profile], bool] | None = None


def _share(pattern: re.Pattern[str], values: Sequence[str]) -> float:
    return sum(pattern.fullmatch(value.strip()) is not None for value in values) / len(values)


def _repeats(profile: Profile) -> bool:
    return profile.repeated_share > 0


def _like_an_order(profile: Profile) -> bool:
    return bool(profile.values) and _share(_ORDER_NAME, profile.values) >= _FITTING


def _plain(text: str) -> tuple[_Word, ...]:
    return tuple(_Word(fold(word)) for word in text.split())


_WORDS: Final[Mapping[str, tuple[_Word, ...]]] = {
    "order_date": _plain(
        """
        date 日付 datetime 日時 timestamp 年月日 day dt created_at created_at_utc created
        created_utc created_date create_date createdon 作成日時 作成日 登録日時 登録日 受付日時
        受付日 申込日時 paid_at payment_date 支払日 入金日 ts time d
        """
    ),
    "customer_id": (
        *_plain(
            """
            cid uid custid cust_ref customer_ref customerref kid カード番号 会員カード番号
            ポイントカード番号 card_no card_number card_id loyalty_card
            """
        ),
        _Word("id", _repeats),
    ),
    "order_id": (
        *_plain("oid ono ordno ord_id ord_no tid tx_id txid trx_id 番号 no"),
        _Word("name", _like_an_order),
        _Word("id"),
    ),
    "quantity": _plain("q qnt cnt n num 数 個 点"),
    "unit_price": _plain("p pr prc unit 値"),
    "amount": _plain("a amt am rev v val m gmv 額 計 総売上高 総売上"),
}
"""Words by role, the best first; a role is looked for only where no column has it."""

FALLBACKS: Final = {role: tuple(word.header for word in words) for role, words in _WORDS.items()}
"""The words themselves, folded."""

ORDERS_LOOKED_FOR: Final = frozenset(_WORDS)
"""Roles that are looked for in a table of orders."""

_GIVE_WAY: Final = {
    "order_date": {"date"},
    "order_id": {"person_name"},
}
"""Roles that a column loses to become what is missing."""


def fall_back(
    columns: Sequence[Column],
    chosen: Mapping[str, Option],
    given: Collection[str],
    missing: Collection[str],
    *,
    by_email: bool,
) -> dict[str, Option]:
    """Find columns for roles that no column has.

    Parameters
    ----------
    columns
        All but those whose role the user gave.
    chosen
        Roles shared out so far, by column.
    given
        Roles that the user gave.
    missing
        Roles to look for.
    by_email
        Whether an e-mail address may say who ordered where nothing else does.

    Returns
    -------
    New or changed roles by column.
    """
    found: dict[str, Option] = {}
    for role, words in _WORDS.items():
        if role not in missing or role in given or _held(role, {**chosen, **found}):
            continue
        priced = "unit_price" in given or _held("unit_price", {**chosen, **found})
        if role == "amount" and priced:
            continue
        free = [
            column
            for column in columns
            if column.name not in found
            and _gives_way(chosen.get(column.name), role)
            and _looks_like(role, column)
        ]
        column = _first(free, words)
        reason = Reason("fields.reason.fallback", {"role": role})
        if column is None and role == "order_date":
            column = _only_date(free, chosen)
        if (column is None or fold(column.name) == "id") and role == "customer_id" and by_email:
            addresses = [each for each in columns if _is_email(each, chosen)]
            if addresses:
                column = addresses[0]
                reason = Reason(BY_EMAIL, {"role": role})
        if column is not None:
            found[column.name] = Option(role, _CONFIDENCE, reason)
    return found


def _held(role: str, chosen: Mapping[str, Option]) -> bool:
    floor = _BY_CONTENT if role == "order_date" else 0.0
    return any(
        option.role == role and not option.other and option.confidence >= floor
        for option in chosen.values()
    )


def _gives_way(option: Option | None, role: str) -> bool:
    if option is None or option.role in _GIVE_WAY.get(role, ()):
        return True
    return option.role == role


def _looks_like(role: str, column: Column) -> bool:
    likeness = roles()[role].likeness
    values = column.profile.values
    return likeness is None or not values or likeness(values) >= _FITTING


def _first(free: Sequence[Column], words: Sequence[_Word]) -> Column | None:
    """Give the column with the best word: of those that hold something, else of the others."""
    for filled in (True, False):
        for word in words:
            for column in free:
                named = fold(column.name) == word.header
                fits = word.fits is None or word.fits(column.profile)
                if named and fits and bool(column.profile.values) is filled:
                    return column
    return None


def _only_date(free: Sequence[Column], chosen: Mapping[str, Option]) -> Column | None:
    """Give the one column that is known to be a date, where there is one alone."""
    dates = [
        column
        for column in free
        if (option := chosen.get(column.name)) is not None and option.role == "date"
    ]
    return dates[0] if len(dates) == 1 else None


def _is_email(column: Column, chosen: Mapping[str, Option]) -> bool:
    option = chosen.get(column.name)
    return (
        option is not None
        and option.role == "email"
        and not option.other
        and bool(column.profile.values)
        and _share(_EMAIL, column.profile.values) >= _FITTING
    )
