"""Steps by which a value becomes what a platform compares, a whole column at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from custseg.audience.identifiers import emails, phones, without_dots, without_plus
from custseg.engine import Engine

Step = Callable[[pa.Array], pa.Array]

_LETTERS: Final = {"female": "f", "male": "m", "f": "f", "m": "m", "女": "f", "男": "m"}
_ISO: Final = r"^(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})"


def _bare(pattern: str) -> Step:
    def remove(values: pa.Array) -> pa.Array:
        return pc.replace_substring_regex(values, pattern, "")

    return remove


def _part(name: str) -> Step:
    def take(values: pa.Array) -> pa.Array:
        return pc.struct_field(pc.extract_regex(values, _ISO), name)

    return take


def _gender(values: pa.Array) -> pa.Array:
    words = pc.utf8_lower(pc.utf8_trim_whitespace(values))
    place = pc.index_in(words, value_set=pa.array(list(_LETTERS)))
    return pa.array(list(_LETTERS.values())).take(place)


def _date(values: pa.Array) -> pa.Array:
    whole = pc.match_substring_regex(values, _ISO)
    return pc.if_else(whole, pc.utf8_slice_codeunits(values, 0, 10), None)


_STEPS: Final[Mapping[str, Step]] = {
    "trim": pc.utf8_trim_whitespace,
    "lower": pc.utf8_lower,
    "upper": pc.utf8_upper,
    "no_spaces": _bare(r"[\s　]+"),
    "no_hyphens": _bare(r"[-‐-―−－]+"),
    "email": emails,
    "gmail": without_dots,
    "no_plus": without_plus,
    "digits": _bare(r"\D+"),
    "handle": lambda values: pc.utf8_lower(_bare(r"^\s*[@＠]+|\s+")(values)),
    "gender_letter": _gender,
    "date": _date,
    "year": _part("y"),
    "month": _part("m"),
    "day": _part("d"),
}


def follow(steps: tuple[str, ...], values: pa.Array, country: str, engine: Engine) -> pa.Array:
    """Do the steps on values; what is empty in the end is null."""
    for step in steps:
        if step == "phone":
            read = phones(values, country, engine)
            values = pc.if_else(pc.starts_with(read, "+"), read, None)
        else:
            values = _STEPS[step](values)
    return pc.if_else(pc.equal(values, ""), None, values)
