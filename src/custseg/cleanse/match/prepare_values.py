"""Phones, e-mail addresses and numbers as fields; placeholders among them are taken out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from custseg.cleanse.match.coding import Coded, common_codes, distinct
from custseg.cleanse.match.columns import Columns, Found
from custseg.cleanse.match.compare_values import ValueField
from custseg.cleanse.match.types import Codes, Ints, MatchWarning

SHARED: Final = 4
"""People from which a phone, e-mail or number says less than another."""


def value_fields(
    columns: Columns, role: str, persons: Sequence[Codes | Ints], shared_by: int
) -> Found:
    """Contacts and numbers; every column of a role with the same codes."""
    found = Found()
    names = [name for name in columns.names(role) if columns.coded(name, role).filled]
    if not names:
        return found
    groups = [[name] for name in names] if role == "identifier" else [names]
    for group in groups:
        coded = common_codes([columns.coded(name, role) for name in group])
        people = _people(coded, persons)
        noise = (people >= shared_by) & bool(persons)
        if noise.any():
            records = sum(int(one.counts[noise].sum()) for one in coded)
            found.warnings.append(
                MatchWarning(
                    "match.placeholders",
                    {"columns": ", ".join(group), "values": int(noise.sum()), "records": records},
                )
            )
            coded = [one.without(noise) for one in coded]
        shared = np.append(people >= SHARED, False)
        label = group[0] if role == "identifier" else role
        values = ValueField(label, tuple(coded), shared, "email" if role == "email" else "value")
        found.fields.append(values)
        for position, one in enumerate(coded):
            found.parts[label if not position else f"{label} {position + 1}"] = one.codes
        if role == "email":
            found.parts["email local"] = values.local.codes[coded[0].codes + 1]
    return found


def _people(coded: Sequence[Coded], persons: Sequence[Codes | Ints]) -> Ints:
    """Count the people behind each value by their names; the least of several ways to count.

    One person is written in several ways, and a family shares its phone: names differ in both,
    family names do in neither.
    """
    size = len(coded[0].keys)
    counts = sum((one.counts for one in coded), start=np.zeros(size, np.int64))
    several = np.append(counts >= SHARED, False)
    at = [np.flatnonzero(several[one.codes]) for one in coded]
    codes = np.concatenate([one.codes[rows] for one, rows in zip(coded, at, strict=True)])
    for person in persons:
        people = np.concatenate([person[rows] for rows in at])
        known = people >= 0
        _, ranks = np.unique(people[known], return_inverse=True)
        named = distinct(codes[known].astype(np.int64) << 32 | ranks) >> 32
        counts = np.minimum(counts, np.bincount(named, minlength=size))
    return counts
