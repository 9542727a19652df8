"""Names as fields: written forms, readings, forms of one name, exchanged columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from custseg.cleanse.match.coding import Coded
from custseg.cleanse.match.columns import Columns, Parts
from custseg.cleanse.match.compare import Field
from custseg.cleanse.match.compare_names import Exchange, NameField, packed
from custseg.cleanse.match.names import before_comma, whole_family, whole_given
from custseg.cleanse.match.readings import Written, complete_readings, either, known_readings
from custseg.cleanse.match.types import Codes, Ints


def name_fields(
    columns: Columns,
    fields: list[Field],
    parts: dict[str, Codes | Ints],
    variants: Callable[[Sequence[str]], Ints],
) -> None:
    """Add the fields and parts that names make."""
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


def persons_of(parts: Parts) -> list[Codes | Ints]:
    """Ways to tell people apart by name."""
    names = ("both names", "family") if "both names" in parts else ("family", "given")
    return [parts[name] for name in names if name in parts]
