"""Names of people: Japanese with readings, English with frequencies, nicknames.

Made by ``scripts/build_name_data.py``; sources, licenses and the making of the weights stand
in ``PROVENANCE.md`` beside this file. Weights are approximate shares of the population.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa


@cache
def japanese_family_names() -> pa.Table:
    """Give Japanese family names: (name, kana, weight), a row a reading, sorted by name."""
    return _table("japanese_family_names")


@cache
def japanese_given_names() -> pa.Table:
    """Give Japanese given names: (name, kana, weight, gender), sorted by name.

    A row is a reading; `gender` is ``"male"``, ``"female"``, or null for both or unknown.
    """
    return _table("japanese_given_names")


@cache
def english_given_names() -> pa.Table:
    """Give English given names: (name, weight, gender), sorted by name.

    `gender` is ``"male"`` or ``"female"`` where nine bearers in ten are, else null.
    """
    return _table("english_given_names")


@cache
def english_surnames() -> pa.Table:
    """Give English surnames: (name, weight), sorted by name."""
    return _table("english_surnames")


@cache
def nicknames() -> dict[str, frozenset[str]]:
    """Give the nicknames of a given name, both in lower case (robert: bob, rob, …).

    A nickname may belong to several names, and a name may itself be another's nickname.
    """
    table = _table("nicknames").to_pydict()
    pairs = zip(table["name"], table["nicknames"], strict=True)
    return {name: frozenset(short.split()) for name, short in pairs}


def _table(stem: str) -> pa.Table:
    """Read one shipped list; the empty cell is null."""
    import pyarrow as pa
    from pyarrow import csv

    with (
        (files(__name__) / f"{stem}.tsv.gz").open("rb") as packed,
        pa.CompressedInputStream(packed, "gzip") as content,
    ):
        return csv.read_csv(
            content,
            parse_options=csv.ParseOptions(delimiter="\t", quote_char=False),
            convert_options=csv.ConvertOptions(
                column_types={
                    "name": pa.string(),
                    "kana": pa.string(),
                    "weight": pa.float64(),
                    "gender": pa.string(),
                    "nicknames": pa.string(),
                },
                null_values=[""],
                strings_can_be_null=True,
            ),
        )
