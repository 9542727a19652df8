"""Every role one column may have, from its header and its content, with a confidence."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

from custseg.cleanse.standardize.base import Context
from custseg.fields.consent_channels import CHANNELLED, with_channel
from custseg.fields.content import Profile
from custseg.fields.guess import Reason
from custseg.fields.headers import HeaderMatch, fold, nameless
from custseg.fields.registry import roles
from custseg.fields.roles import Likeness, Role

KNOWN: Final = 0.9
"""Least score of a header that is a known word, with no more than a prefix or a number to it."""

DENIED: Final = "fields.reason.denied"
"""Reason of a column whose header is a known word for a role that its content rules out."""

_AGREEING_SHARE: Final = 0.5
"""From this share of values that look like it, the content confirms the header."""

_DOUBTFUL_SHARE: Final = 0.15
"""Below this share the content speaks against the header. Between the two it says little:
lists of names and places are never complete."""

_CONTENT_SHARE: Final = 0.6
"""Least share of values that content alone needs."""

_GLANCE: Final = 16
_HOPELESS: Final = 0.25
"""Below this share of the first values, no more are looked at where the header says nothing:
a column of which :data:`_CONTENT_SHARE` look like the role shows so little once in a thousand."""

_ANY_WORDS: Final = frozenset({"person_name", "family_name", "given_name", "city", "town"})
"""Roles whose lists hold words of every day too: red and brown are family names."""

_ENOUGH_WORDS: Final = 12
"""Different values from which such a list can be told from words that happen to be names."""

_UNSAID: Final = 0.55
"""What is left of the content's weight where the header is a word of its own, but unknown."""

_NAMELESS: Final = 0.95
"""What is left of it where the header says nothing at all."""

_AGAINST_HEADER: Final = 0.8
"""What is left of the content's weight where the header is a known word for something else."""

_OF_A_PLACE: Final = frozenset({"address", "city", "town", "block", "street", "building", "unit"})
"""Roles whose columns may hold the number of a block or a house alone."""

_WORD_OF_A_PLACE: Final = re.compile("住所|番地|町名|丁目|address|street")
_HOUSE_NUMBER: Final = re.compile(
    r"(?!\d{3}-\d{4}$)[1-9]\d{0,3}(?:[-\u2010-\u2015\u2212ー][1-9]\d{0,3}){0,3}"
)

_NUMBER_WORD: Final = re.compile(r"(id|no|num|number|key|code|cd|番号|コード|ナンバー|キー)$")
_FEW_REPEATS: Final = 0.05
_TELLING_OF_BIRTHS: Final = 0.9
_YEARS_OF_BIRTHS: Final = 25
"""Least years between the first and the last tenth of dates of birth."""


class Option(NamedTuple):
    """One role a column may have; `other` where the header speaks of another person or place."""

    role: str
    confidence: float
    reason: Reason
    other: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column with all that is known of it before roles are shared out."""

    name: str
    profile: Profile
    headers: Mapping[str, HeaderMatch]

    @property
    def known(self) -> HeaderMatch | None:
        """The role its header is a known word for, in any table."""
        sure = [match for match in self.headers.values() if match.score >= KNOWN]
        return max(sure, key=lambda match: (match.score, match.role), default=None)


def options(column: Column, scope: Mapping[str, Role], *, home: str) -> list[Option]:
    """Give every role the column may have, best first.

    Parameters
    ----------
    column
        The column.
    scope
        Roles that this kind of table has.
    home
        What a row is: of ``"people"``, ``"orders"`` or ``"events"``. In the last two a
        customer's number says whose.
    """
    found = [
        option
        for role in scope.values()
        if role.name not in ("record_id", "customer_id")
        and (role.likeness is not None or role.name in column.headers)
        and (option := _option(column, role)) is not None
    ]
    number = _person_number(column) if home == "people" else _customer_number(column)
    if number is not None:
        found.append(number)
    if denied(column, scope) is not None:
        # Codes under order_status are no numbers of orders either.
        found = [each for each in found if _score(column, each.role) >= KNOWN]
    # A role that only this kind of table has says more than one that others have too.
    special = {name for name, role in scope.items() if role.tables == {home}}
    return sorted(found, key=lambda each: (-each.confidence, each.role not in special, each.role))


def _option(column: Column, role: Role) -> Option | None:
    header = column.headers.get(role.name)
    values = column.profile.values
    share = _share(role, values, expected=header is not None)
    if header is None:
        return _by_content(column, role, share)
    if share is not None and share < role.least:
        return None
    name = with_channel(role.name, column.name) if role.name in CHANNELLED else role.name
    if share is None:
        key = "fields.reason.header" if values else "fields.reason.empty"
        confidence = header.score * (0.9 if values else 0.8)
        return Option(name, confidence, Reason(key, {"role": name}), header.other)
    if share >= _DOUBTFUL_SHARE:
        key = "both" if share >= _AGREEING_SHARE else "partly"
        confidence = header.score * (0.75 + 0.25 * share)
    else:
        key, confidence = "doubt", header.score * (0.5 + 0.5 * share)
    reason = Reason(f"fields.reason.{key}", {"role": name, "share": share})
    return Option(name, confidence, reason, header.other)


def denied(column: Column, scope: Mapping[str, Role]) -> str | None:
    """Give the role that the header is a known word for, and that the content rules out."""
    known = column.known
    role = scope.get(known.role) if known is not None else None
    if role is None:
        return None
    share = _share(role, column.profile.values, expected=True)
    return role.name if share is not None and share < role.least else None


def _share(role: Role, values: tuple[str, ...], *, expected: bool) -> float | None:
    """Give the share of values that look like the role; None where content cannot tell."""
    if role.likeness is None or not values:
        return None
    if not expected and len(values) > 2 * _GLANCE:
        glance = _likeness(role.likeness, values[:_GLANCE])
        if glance < _HOPELESS:
            return glance
    return _likeness(role.likeness, values)


@lru_cache(maxsize=4096)
def _likeness(likeness: Likeness, values: tuple[str, ...]) -> float:
    """Look once at columns that hold the same, and for roles that look alike (dates)."""
    return likeness(values)


def _by_content(column: Column, role: Role, share: float | None) -> Option | None:
    if share is None or share < _CONTENT_SHARE:
        return None
    if role.name not in _OF_A_PLACE and _may_be_house_numbers(column):
        return None
    confidence = share * (_telling_of_births(column) if role.name == "birth_date" else role.telling)
    if not confidence:
        return None
    if known := column.known:
        reason = Reason(
            "fields.reason.against",
            {"role": role.name, "header_role": known.role, "share": share},
        )
        return Option(role.name, _AGAINST_HEADER * confidence, reason)
    reason = Reason("fields.reason.content", {"role": role.name, "share": share})
    weight = _NAMELESS
    if not nameless(column.name):
        few = role.name in _ANY_WORDS and len(column.profile.values) < _ENOUGH_WORDS
        weight = 0.0 if few else _UNSAID
    if not weight:
        return None
    return Option(role.name, weight * confidence, reason)


def _may_be_house_numbers(column: Column) -> bool:
    """Whether the cells may well be what a header of an address says: 1-2-3 is a date, too."""
    if column.known is not None:
        of_a_place = column.known.role in _OF_A_PLACE
    else:
        of_a_place = _WORD_OF_A_PLACE.search(fold(column.name)) is not None
    values = column.profile.values
    if not of_a_place or not values:
        return False
    numbers = sum(
        _HOUSE_NUMBER.fullmatch(unicodedata.normalize("NFKC", value).strip()) is not None
        for value in values
    )
    return numbers >= _DOUBTFUL_SHARE * len(values)


def _telling_of_births(column: Column) -> float:
    """Tell dates of birth from other dates: they spread over the years of two generations."""
    standardizer = roles()["birth_date"].standardizer
    if standardizer is None or not nameless(column.name):
        return 0.0
    cells = [standardizer.cell(value, Context()).value for value in column.profile.values]
    years = sorted(int(value[:4]) for value in cells if value)
    tenth = len(years) // 10
    spread = years[-1 - tenth] - years[tenth] if years else 0
    return _TELLING_OF_BIRTHS if spread >= _YEARS_OF_BIRTHS else 0.0


def _customer_number(column: Column) -> Option | None:
    header = column.headers.get("customer_id")
    if header is None:
        return None
    reason = Reason("fields.reason.header", {"role": "customer_id"})
    return Option("customer_id", 0.95 * header.score, reason, header.other)


def _person_number(column: Column) -> Option | None:
    """Tell what a number is in a table of people: that depends on whether it repeats."""
    profile = column.profile
    own = _score(column, "record_id")
    person = _score(column, "customer_id")
    if not profile.values and (own or person):
        return _record_id(0.8 * max(own, person), "fields.reason.empty")
    if not profile.one_word:
        return None
    if not (own or person):
        return _unnamed_number(column)
    if profile.unique:
        return _record_id(0.95 * max(own, person), "fields.reason.unique_number")
    repeated = profile.repeated_share
    if not repeated:
        return _record_id(0.8 * max(own, person), "fields.reason.unique_where_filled")
    if person:
        reason = Reason("fields.reason.repeats", {"role": "identifier", "share": repeated})
        return Option("identifier", 0.75 * person, reason)
    if repeated <= _FEW_REPEATS:
        return _record_id(0.6 * own, "fields.reason.repeats", share=repeated)
    return None


def _unnamed_number(column: Column) -> Option | None:
    profile = column.profile
    if not (profile.like_codes and profile.unique):
        return None
    if nameless(column.name):
        return _record_id(0.55, "fields.reason.unique")
    if not column.headers and _NUMBER_WORD.search(fold(column.name)):
        return _record_id(0.7, "fields.reason.unique")
    return None


def _record_id(confidence: float, key: str, /, **params: object) -> Option:
    return Option("record_id", confidence, Reason(key, {"role": "record_id", **params}))


def _score(column: Column, role: str) -> float:
    header = column.headers.get(role)
    return header.score if header else 0.0
