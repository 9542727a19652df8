"""From standardized columns and their roles to the fields that are compared."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from custseg.cleanse.match.coding import (
    Coded,
    Grams,
    by_role,
    distinct,
    encode,
    no_keys,
)
from custseg.cleanse.match.compare import Field
from custseg.cleanse.match.compare_names import Exchange, NameField, packed
from custseg.cleanse.match.compare_places import (
    AreaField,
    AttributeField,
    GenderField,
    StreetField,
    district,
)
from custseg.cleanse.match.compare_values import DateField, ValueField
from custseg.cleanse.match.names import before_comma, whole_family, whole_given
from custseg.cleanse.match.readings import (
    Written,
    complete_readings,
    either,
    known_readings,
)
from custseg.cleanse.match.types import Codes, Ints, MatchWarning
from custseg.engine import Engine

PLACE_ROLES: Final = ("town", "street", "block", "address", "building")
CODED_ROLES: Final = (
    *("phone", "email", "identifier", "corporate_number", "birth_date", *PLACE_ROLES),
    *("street_number", "postal_code", "city", "prefecture", "family_name", "given_name"),
    *("family_kana", "given_kana", "kana", "gender", "attribute"),
)
"""Roles whose columns are coded by their own match keys, those with most values first."""
GRAM_WORDS: Final = 4
SHARED: Final = 4
"""People from which a phone, e-mail or number says less than another."""
NO_DATES: Final = frozenset({"00010101", "18991230", "18991231", "19000101", "99991231"})
"""Dates that programs write where they know none."""

Parts = Mapping[str, Codes | Ints]
"""Codes of each record by the name of the part; -1 for none."""


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


class Columns:
    """Columns of a table by role, coded at most once."""

    def __init__(self, records: pa.Table, roles: Mapping[str, str], order: Ints) -> None:
        self._records = records
        self._order = order
        self._names = by_role(roles, records.column_names)
        self._coded: dict[str, Coded] = {}
        self.empty = no_keys(records.num_rows)

    def load(self, engine: Engine) -> None:
        """Code every column that is compared as it is, in threads."""
        wanted = [(name, role) for role in CODED_ROLES for name in self.names(role)]
        wanted += [(name, "attribute") for name in self.names("company")]
        engine.map_threads(lambda each: self.coded(*each), wanted)

    def names(self, role: str) -> list[str]:
        """Give the columns of a role."""
        return self._names.get(role, [])

    def coded(self, name: str, role: str) -> Coded:
        """Give a column, coded by its role's match key."""
        if name not in self._coded:
            self._coded[name] = encode(self._records.column(name), role, self._order)
        return self._coded[name]

    def first_as(self, role: str, other: str, part: Callable[[str], str]) -> Coded:
        """Give a part of the first column of a role, coded by another role's match key."""
        for name in self.names(role):
            column = encode(self._records.column(name), other, self._order, part)
            if column.filled:
                return column
        return self.empty

    def first(self, role: str) -> Coded:
        """Give the first column of a role that holds anything; an empty one if there is none."""
        for name in self.names(role):
            column = self.coded(name, role)
            if column.filled:
                return column
        return self.empty


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
    _names(columns, fields, parts, variants)
    birth = columns.first("birth_date").derive(_digits)
    if birth.filled:
        fields.append(DateField("birth_date", birth))
        parts["birth_date"] = birth.codes
        parts["birth_year"] = birth.derive(lambda key: key[:4]).codes
    persons = _persons(parts)
    found: list[_Found] = engine.map_threads(
        lambda find: find(),
        [
            *(
                partial(_values, columns, role, persons, shared_by)
                for role in ("identifier", "corporate_number", "phone", "email")
            ),
            partial(_address, columns),
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


def _names(
    columns: Columns,
    fields: list[Field],
    parts: dict[str, Codes | Ints],
    variants: Callable[[Sequence[str]], Ints],
) -> None:
    family, given = columns.first("family_name"), columns.first("given_name")
    family = either(family, columns.first_as("given_name", "family_name", before_comma))
    family_kana, given_kana = columns.first("family_kana"), columns.first("given_kana")
    if not family.filled and not given.filled:
        family = columns.first_as("person_name", "family_name", whole_family)
        given = columns.first_as("person_name", "given_name", whole_given)
    if not family_kana.filled and not given_kana.filled:
        family_kana = columns.first_as("kana", "family_kana", whole_family)
        given_kana = columns.first_as("kana", "given_kana", whole_given)
    whole = None
    if any(one.filled for one in (family_kana, given_kana)) or columns.names("kana"):
        readings = complete_readings(
            Written(family, given), Written(family_kana, given_kana), columns.first("kana")
        )
        family_kana, given_kana, whole = readings.family, readings.given, readings.whole
    both = all(
        one.filled or read.filled for one, read in ((family, family_kana), (given, given_kana))
    )
    exchange = Exchange.of(given, family) if both else None
    for name, written, reading in (
        ("family_name", family, family_kana),
        ("given_name", given, given_kana),
    ):
        if not written.filled and not reading.filled:
            continue
        pairs = variants(written.texts) if name == "given_name" else np.empty(0, np.int64)
        spoken = known_readings(name, written, reading) if reading.filled else pairs[:0]
        field = NameField(
            name,
            written,
            reading if reading.filled else None,
            pairs,
            spoken,
            whole if name == "family_name" else None,
            exchange if name == "family_name" else None,
        )
        fields.append(field)
        main = written if written.filled else reading
        short = "family" if name == "family_name" else "given"
        parts[short] = main.codes
        prefix = (
            main if main is reading or not _ideographic(main) or not reading.filled else reading
        )
        parts[f"{short} prefix"] = prefix.derive(lambda key: key[:3]).codes
        parts[f"{short} initial"] = prefix.derive(lambda key: key[:1]).codes
        if reading.filled and main is not reading:
            parts[f"{short} reading"] = reading.codes
    if "family" in parts and "given" in parts:
        parts["both names"] = _unordered(
            family if family.filled else family_kana, given if given.filled else given_kana
        )


def _ideographic(column: Coded) -> bool:
    return sum(key[:1] >= "\u2e80" for key in column.texts) * 2 > len(column.keys)


def _unordered(family: Coded, given: Coded) -> Ints:
    """One code for a set of two names, whichever is called which."""
    at = {key: code for code, key in enumerate(family.texts)}
    size = len(family.keys)
    renamed = np.array(
        [at.get(key, size + code) for code, key in enumerate(given.texts)] + [-1], np.int32
    )
    other = renamed[given.codes]
    both = packed(family.codes, other)
    both[(family.codes < 0) | (other < 0)] = -1
    return both


def _persons(parts: Parts) -> list[Codes | Ints]:
    """Ways to tell people apart by name."""
    names = ("both names", "family") if "both names" in parts else ("family", "given")
    return [parts[name] for name in names if name in parts]


@dataclass(frozen=True, slots=True)
class _Found:
    """Fields of one kind, with what is made of them."""

    fields: list[Field] = field(default_factory=list)
    parts: dict[str, Codes | Ints] = field(default_factory=dict)
    warnings: list[MatchWarning] = field(default_factory=list)


def _values(columns: Columns, role: str, persons: Sequence[Codes | Ints], shared_by: int) -> _Found:
    """Contacts and numbers; every column of a role with the same codes."""
    found = _Found()
    names = [name for name in columns.names(role) if columns.coded(name, role).filled]
    if not names:
        return found
    groups = [[name] for name in names] if role == "identifier" else [names]
    for group in groups:
        coded = _common_codes([columns.coded(name, role) for name in group])
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


def _common_codes(columns: Sequence[Coded]) -> list[Coded]:
    """Code several columns alike."""
    if len(columns) == 1:
        return list(columns)
    keys = pa.concat_arrays([column.keys for column in columns]).dictionary_encode()
    table = keys.indices.to_numpy(zero_copy_only=False)
    shared, begin = [], 0
    for column in columns:
        own = np.append(table[begin : begin + len(column.keys)], -1).astype(np.int32)
        shared.append(Coded(own[column.codes], keys.dictionary))
        begin += len(column.keys)
    return shared


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


def mixed(values: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Scatter integers over 64 bits (the finalizer of splitmix64)."""
    values = values + np.uint64(0x9E3779B97F4A7C15)
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def _address(columns: Columns) -> _Found:
    """Street and area."""
    found = _Found()
    fields, parts = found.fields, found.parts
    present = [
        (role, columns.coded(name, role)) for role in PLACE_ROLES for name in columns.names(role)
    ]
    if any(role in ("town", "street", "block") and one.filled for role, one in present):
        present = [(role, one) for role, one in present if role != "address"]
    numbers_only = [columns.coded(name, "street_number") for name in columns.names("street_number")]
    present += [("block", one) for one in numbers_only]
    present = [(role, one) for role, one in present if one.filled]
    size = len(columns.empty.codes)
    if present:
        grams = np.zeros((GRAM_WORDS, size), np.uint64)
        numbers = np.zeros(size, np.uint64)
        units = np.zeros(size, np.uint64)
        start: Coded | None = None
        in_order = _common_codes([one.replaced(_numbers(one.keys)) for _, one in present])
        for (role, one), number in zip(present, in_order, strict=True):
            words = one.replaced(pc.replace_substring_regex(one.keys, r"[^\pL]+", ""))
            bits = Grams.of(words.keys, 2, GRAM_WORDS).bits
            for word in range(GRAM_WORDS):
                grams[word] |= bits[word][words.codes]
            hashed = mixed(number.codes.astype(np.uint64))
            hashed[number.codes < 0] = 0
            if role == "building":
                units += hashed
            else:
                numbers += hashed
            if start is None and role in ("town", "street", "address"):
                start = words.replaced(pc.utf8_slice_codeunits(words.keys, 0, 6))
        fields.append(
            StreetField("street", Grams(grams), numbers.view(np.int64), units.view(np.int64))
        )
        if start is not None:
            parts["street"] = start.codes
        keyed = (numbers >> np.uint64(2)).astype(np.int64)
        parts["house number"] = np.where(numbers == 0, np.int64(-1), keyed)
    postal, city = columns.first("postal_code"), columns.first("city")
    region = columns.first("prefecture")
    if postal.filled or city.filled or region.filled:
        fields.append(AreaField("area", postal, city, region))
        if postal.filled:
            parts["postal code"] = postal.codes
            parts["postal prefix"] = postal.derive(district).codes
        if city.filled:
            parts["city"] = city.codes
    return found


def _numbers(keys: pa.StringArray) -> pa.StringArray:
    """Give the numbers in each text, without leading zeros, separated by spaces."""
    digits = pc.replace_substring_regex(keys, r"\D+", " ")
    digits = pc.replace_substring_regex(digits, r"\b0+(\d)", r"\1")
    return pc.utf8_trim_whitespace(digits)
