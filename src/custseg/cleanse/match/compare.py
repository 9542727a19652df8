"""Agreement levels of pairs of records, over all their fields."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from custseg.cleanse.match.coding import contains
from custseg.cleanse.match.compare_names import (
    NAME_CLOSE,
    SWAPPED,
    VARIANT,
    Exchange,
    NameField,
    graded_names,
    packed,
)
from custseg.cleanse.match.compare_places import (
    AreaField,
    AttributeField,
    GenderField,
    StreetField,
)
from custseg.cleanse.match.compare_values import DateField, ValueField
from custseg.cleanse.match.levels import LEVELS, MISSING
from custseg.cleanse.match.types import Bools, Codes, Floats, Ints, Levels

Field = NameField | DateField | ValueField | StreetField | AreaField | GenderField | AttributeField


def compare_all(fields: Sequence[Field], left: Ints, right: Ints) -> tuple[Levels, ...]:
    """Levels of every field for pairs of records, with exchanged names found."""
    levels = [field.compare(left, right) for field in fields]
    at = {field.name: position for position, field in enumerate(fields)}
    if "given_name" in at and "family_name" in at:
        given, family = fields[at["given_name"]], fields[at["family_name"]]
        if isinstance(given, NameField) and isinstance(family, NameField):
            _whole_readings(
                family.whole, levels[at["given_name"]], levels[at["family_name"]], left, right
            )
            _exchange(
                given, family, levels[at["given_name"]], levels[at["family_name"]], left, right
            )
    return tuple(levels)


def _whole_readings(whole: Codes | None, g: Levels, f: Levels, left: Ints, right: Ints) -> None:
    """Take names for forms of one another where the readings of the whole names are equal."""
    if whole is None:
        return
    equal = (whole[left] == whole[right]) & (whole[left] >= 0)
    for level in (g, f):
        level[equal & ((level > NAME_CLOSE) | (level == MISSING))] = VARIANT


def _exchange(
    given: NameField, family: NameField, g: Levels, f: Levels, left: Ints, right: Ints
) -> None:
    """Mark names that stand in each other's column, where nothing agrees in their own.

    Where one record has a single name, it may be the other's family name. An exchange counts
    once: the level goes to the family name, and the given name says nothing more.
    """
    doubt = np.flatnonzero((g > NAME_CLOSE) & ((f > NAME_CLOSE) | (f == MISSING)))
    if not len(doubt) or family.exchange is None:
        return
    names = family.exchange
    a, b = left[doubt], right[doubt]
    crossed = []
    for x, y in ((a, b), (b, a)):
        first, second = given.written.codes[x], family.written.codes[y]
        alike = _crossed(names, names.from_given[first], names.from_family[second])
        other = names.as_given[second]
        nicknames = contains(given.variants, packed(first, other))
        crossed.append(alike | (nicknames & (first >= 0) & (other >= 0)))
    none = [family.written.codes[x] < 0 for x in (b, a)]
    swapped = doubt[(crossed[0] & crossed[1]) | (crossed[0] & none[1]) | (crossed[1] & none[0])]
    g[swapped], f[swapped] = MISSING, SWAPPED


def _crossed(names: Exchange, a: Codes, b: Codes) -> Bools:
    known = (a >= 0) & (b >= 0)
    alike: Bools = known & (a == b)
    at = np.flatnonzero(known & ~alike)
    alike[at] = graded_names(names.keys, names.letters, a[at], b[at]) == NAME_CLOSE
    return alike


def random_levels(field: Field, records: int) -> Floats:
    """Share of each level among pairs of unrelated records, the missing left out.

    Pairs at many fixed distances in the canonical order stand for random ones; exact
    agreement, too rare to be sampled, comes from the frequencies of the values.
    """
    share = np.zeros(len(LEVELS[field.kind]))
    steps = [1 + (records * k) // 41 for k in range(1, 21)]
    size = min(records, 10_000)
    start = np.arange(0, records, max(records // size, 1), dtype=np.int64)
    left = np.tile(start, len(steps))
    right = np.concatenate([(start + step) % records for step in steps])
    apart = left != right
    share += np.bincount(field.compare(left[apart], right[apart]), minlength=len(share))
    share[MISSING] = 0
    return share
