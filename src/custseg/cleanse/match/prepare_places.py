"""Addresses as fields: the street with its numbers, and the area it lies in."""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custseg.cleanse.match.coding import Coded, Grams, common_codes, mixed
from custseg.cleanse.match.columns import PLACE_ROLES, Columns, Found
from custseg.cleanse.match.compare_places import AreaField, StreetField, district

GRAM_WORDS: Final = 4


def address_fields(columns: Columns) -> Found:
    """Street and area."""
    found = Found()
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
        in_order = common_codes([one.replaced(_numbers(one.keys)) for _, one in present])
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
