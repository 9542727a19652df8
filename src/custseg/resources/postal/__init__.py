"""Japan's postal codes, as shipped: 2 small files beside this module (see PROVENANCE.md)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import Final

import pyarrow as pa

READINGS: Final = ("prefecture_kana", "city_kana", "town_kana")


def postal_table(*, readings: bool = True) -> pa.Table:
    """Every postal code with its town, a row per code, town, and part of the town.

    Parameters
    ----------
    readings
        Whether to read the readings as well; without them it takes half the time.

    Returns
    -------
    pyarrow.Table
        Columns of text, none null: ``postal_code`` (7 digits), ``prefecture``, ``city`` (with
        its county, or its ward: 吾妻郡長野原町, 京都市北区), ``town`` (without 大字 and 丁目; empty
        where the code covers the rest of the city), ``area`` (the part of the town the code
        covers, in Japan Post's words: ``1〜19丁目``; empty for all of it; the floor for a
        building), ``building`` (for codes of one building), and ``prefecture_kana``,
        ``city_kana``, ``town_kana``.
    """
    return _read("towns.parquet", leave=() if readings else READINGS)


@cache
def office_table() -> pa.Table:
    """Postal codes of single offices: ``postal_code``, ``prefecture``, ``city``, ``town``."""
    return _read("offices.parquet")


def _read(name: str, *, leave: Sequence[str] = ()) -> pa.Table:
    # ParquetFile, not read_table: the latter imports the datasets, and pandas with them.
    from pyarrow.parquet import ParquetFile

    data = files("custseg.resources.postal").joinpath(name).read_bytes()
    file = ParquetFile(BytesIO(data))
    columns = [column for column in file.schema_arrow.names if column not in leave]
    return file.read(columns=columns, use_threads=False)
