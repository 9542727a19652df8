"""From standardized columns and their roles to the fields that are compared."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
import pyarrow as pa

from custseg.cleanse.match.coding import (
    encode,
)
from custseg.cleanse.match.columns import Columns, Found, Parts
from custseg.cleanse.match.compare import Field
from custseg.cleanse.match.compare_places import (
    AttributeField,
    GenderField,
)
from custseg.cleanse.match.compare_values import DateField
from custseg.cleanse.match.prepare_names import name_fields, persons_of
from custseg.cleanse.match.prepare_places import address_fields
from custseg.cleanse.match.prepare_values import value_fields
from custseg.cleanse.match.types import Codes, Ints, MatchWarning
from custseg.engine import Engine

NO_DATES: Final = frozenset({"00010101", "18991230", "18991231", "19000101", "99991231"})
"""Dates that programs write where they know none."""


@dataclass(frozen=True)
class Prepared:
    """Everything matching works on, in canonical record order.

    Attributes
    ----------
    fields
        The fields to compare.
    parts
        Codes by name, from which blocking keys are made; -1 for none.
    source
        Codes of the sources.
    warnings
        Placeholders found.
    """

    records: int
    fields: tuple[Field, ...]
    parts: Parts
    source: Codes
    warnings: tuple[MatchWarning, ...]


def prepare(
    records: pa.Table,
    roles: Mapping[str, str],
    order: Ints,
    *,
    engine: Engine,
    shared_by: int,
    variants: Callable[[Sequence[str]], Ints],
) -> Prepared:
    """Code, fold and group the columns into fields.

    Parameters
    ----------
    records
        Standardized text columns.
    roles
        Role by column.
    order
        Canonical order of the records, in which the result is.
    engine
        Its threads code the columns.
    shared_by
        Different names from which a contact is a placeholder.
    variants
        Gives the packed pairs of forms of one given name among keys.
    """
    columns = Columns(records, roles, order)
    columns.load(engine)
    fields: list[Field] = []
    parts: dict[str, Codes | Ints] = {}
    warnings: list[MatchWarning] = []
    name_fields(columns, fields, parts, variants)
    birth = columns.first("birth_date").derive(_digits)
    if birth.filled:
        fields.append(DateField("birth_date", birth))
        parts["birth_date"] = birth.codes
        parts["birth_year"] = birth.derive(lambda key: key[:4]).codes
    persons = persons_of(parts)
    found: list[Found] = engine.map_threads(
        lambda find: find(),
        [
            *(
                partial(value_fields, columns, role, persons, shared_by)
                for role in ("identifier", "corporate_number", "phone", "email")
            ),
            partial(address_fields, columns),
        ],
    )
    for each in found:
        fields += each.fields
        parts |= each.parts
        warnings += each.warnings
    gender = columns.first("gender")
    if gender.filled:
        fields.append(GenderField("gender", gender))
        parts["gender"] = gender.codes
    for name in (*columns.names("attribute"), *columns.names("company")):
        column = columns.coded(name, "attribute")
        if column.filled and len(column.keys) > 1:
            fields.append(AttributeField(name, column))
            parts[name] = column.codes
    source = (
        encode(records.column("source"), "source", order)
        if "source" in records.column_names
        else None
    )
    return Prepared(
        records.num_rows,
        tuple(fields),
        parts,
        source.codes if source else np.zeros(records.num_rows, np.int32),
        tuple(warnings),
    )


def _digits(key: str) -> str:
    digits = re.sub(r"\D", "", key)
    return "" if digits in NO_DATES else digits
