"""Measure ``custseg standardize`` from CSV to CSV, role by role, beside the libraries alone.

    python benchmarks/standardize.py --rows 1000000 --kind japanese

Makes rows with nearly all values distinct, in the writings of real exports; standardizes the
file as a user would; measures each role by itself on part of the rows; and measures what
phonenumbers and email-validator cost when called for every cell. Memory is that of the command and
its workers together, as in the other benchmarks.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pyarrow as pa
from pipeline import Measured, run
from pyarrow import csv

CUSTSEG: Final = Path(sys.executable).with_name("custseg")
SAMPLE: Final = 100_000
"""Rows on which each role is measured by itself."""
CALLS: Final = 20_000
"""Cells on which a library is called, for its cost on all."""

ROLES: Final = {
    "japanese": {
        "氏名": "person_name",
        "フリガナ": "kana",
        "メールアドレス": "email",
        "電話番号": "phone",
        "郵便番号": "postal_code",
        "住所": "address",
        "生年月日": "birth_date",
        "性別": "gender",
        "会社名": "company",
        "メルマガ": "consent:email",
    },
    "english": {
        "name": "person_name",
        "email": "email",
        "phone": "phone",
        "zip": "postal_code",
        "address": "address",
        "date of birth": "birth_date",
        "gender": "gender",
        "opt in": "consent:email",
    },
}


def wide(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def narrow(kana: str) -> str:
    """Write katakana in half width."""
    marks = {"\u3099": "ﾞ", "\u309a": "ﾟ"}
    known = {unicodedata.normalize("NFKC", chr(code)): chr(code) for code in range(0xFF61, 0xFFA0)}
    spread = unicodedata.normalize("NFD", kana)
    return "".join(marks.get(c) or known.get(c, c) for c in spread)


def japanese_rows(rows: int, chance: random.Random) -> Iterator[tuple[str, ...]]:
    from custseg.resources.names import japanese_family_names, japanese_given_names
    from custseg.resources.postal import postal_table

    family = japanese_family_names().select(["name", "kana"]).to_pylist()
    given = japanese_given_names().select(["name", "kana"]).to_pylist()
    towns = postal_table(readings=False).to_pylist()
    pick = chance.choice
    for number in range(rows):
        last, first, town = pick(family), pick(given), pick(towns)
        kana = f"{last['kana']} {first['kana']}"
        domain = pick(
            ("gmail.com", "yahoo.co.jp", "docomo.ne.jp", "ezweb.ne.jp", f"firm{number % 9000}.jp")
        )
        domain = pick(("gmial.com", "docmo.ne.jp")) if chance.random() < 0.01 else domain
        email = f"user{number}.{number % 97}@{domain}"
        a, b = chance.randrange(1000, 10_000), chance.randrange(10_000)
        phone = pick(
            (
                f"090-{a}-{b:04}",
                f"080{a}{b:04}",
                wide(f"03-{3000 + a % 3000}-{b:04}"),
                f"06-6{a % 1000:03}-{b:04}",
                f"90{a}{b:04}",
            )
        )
        code = town["postal_code"]
        block = pick(
            (
                f"{a % 9 + 1}-{b % 40 + 1}-{a % 30 + 1}",
                f"{a % 9 + 1}丁目{b % 40 + 1}番{a % 30 + 1}号",
                wide(f"{a % 9 + 1}－{b % 40 + 1}"),
            )
        )
        building = pick(("", "", f" グランドハイツ{101 + b % 1200}", f"　メゾン{b % 900}号室"))
        prefecture = town["prefecture"] if chance.random() < 0.85 else ""
        year, month, day = 1935 + b % 73, a % 12 + 1, b % 28 + 1
        stem = f"{last['name']}{first['name']}{pick(('商店', '工業', '建設', 'システム'))}"
        yield (
            f"{last['name']}{pick((' ', '　', ''))}{first['name']}",
            narrow(kana) if chance.random() < 0.3 else kana,
            wide(email) if chance.random() < 0.02 else email,
            phone if chance.random() < 0.97 else "",
            pick((f"{code[:3]}-{code[3:]}", code, wide(f"〒{code[:3]}-{code[3:]}"))),
            f"{prefecture}{town['city']}{town['town']}{block}{building}",
            pick(
                (
                    f"{year}/{month}/{day}",
                    f"{year}-{month:02}-{day:02}",
                    f"S{year - 1925}.{month}.{day}",
                )
            )
            if year < 1989
            else f"{year}年{month}月{day}日",
            pick(("男", "女", "男性", "女性", "M", "F", "1", "2", "その他", "")),
            pick(
                (
                    f"株式会社{stem}",
                    f"㈱{stem}",
                    f"{stem}(株)",
                    f"（有）{stem}",
                    f"{stem}株式会社 東京支店",
                )
            ),
            pick(("希望する", "希望しない", "1", "0", "○", "×", "")),
        )


def english_rows(rows: int, chance: random.Random) -> Iterator[tuple[str, ...]]:
    from custseg.resources.names import english_given_names, english_surnames

    family = english_surnames().column("name").to_pylist()
    given = english_given_names().column("name").to_pylist()
    pick = chance.choice
    cities = (("New York", "NY", "100"), ("Boston", "MA", "021"), ("Austin", "TX", "787"))
    for number in range(rows):
        last, first = pick(family), pick(given)
        city, state, zone = pick(cities)
        code = f"{zone}{number % 100:02}"
        a, b = chance.randrange(200, 1000), chance.randrange(10_000)
        phone = pick(
            (f"(415) {a}-{b:04}", f"212-{a}-{b:04}", f"+1 617 {a} {b:04}", f"512{a}{b:04}")
        )
        street = pick(("Main St", "Oak Avenue", "2nd Street", "Park Blvd", "Elm Rd."))
        unit = pick(("", "", f", Apt {b % 90 + 1}", f" #{b % 40 + 1}B"))
        name = pick((f"{first} {last}", f"{last}, {first}", f"{first} {last}".upper()))
        yield (
            name,
            f"{first}.{last}{number}@{pick(('gmail.com', 'yahoo.com', 'Outlook.com', 'ibm.com'))}",
            phone,
            pick((code, code, f"{code}-{b:04}", code.lstrip("0"))),
            f"{number % 9999 + 1} {street}{unit}, {city}, {state} {code}",
            f"{a % 12 + 1:02}/{b % 28 + 1:02}/{1940 + b % 65}",
            pick(("M", "F", "Male", "Female", "")),
            pick(("Yes", "No", "TRUE", "FALSE", "")),
        )


def make(kind: str, rows: int, seed: int, path: Path) -> pa.Table:
    rows_of = japanese_rows if kind == "japanese" else english_rows
    columns = list(zip(*rows_of(rows, random.Random(seed)), strict=True))
    table = pa.table(
        {
            name: pa.array([cell or None for cell in cells], pa.string())
            for name, cells in zip(ROLES[kind], columns, strict=True)
        }
    )
    csv.write_csv(table, path)
    return table


def command(path: Path, target: Path, kind: str) -> Measured:
    """Run the command as a user would."""
    words: list[str | Path] = ["standardize", path, "-o", target, "--quiet", "--isolated"]
    return run(CUSTSEG, *words, "--country", "JP" if kind == "japanese" else "US")


def by_role(table: pa.Table, kind: str) -> Iterator[tuple[str, float]]:
    """Give the CPU microseconds a row that each role takes, its tables loaded."""
    from custseg.cleanse.standardize.base import Context
    from custseg.cleanse.standardize.table import standardize_table
    from custseg.engine import Engine

    context = Context(country="JP" if kind == "japanese" else "US")
    for column, role in ROLES[kind].items():
        one = table.select([column])
        with Engine(threads=1) as engine:
            standardize_table(one.slice(0, 10), {column: role}, context, engine, source="")
            part = one.slice(0, SAMPLE)
            start = time.process_time()
            standardize_table(part, {column: role}, context, engine, source="")
            yield role, (time.process_time() - start) / part.num_rows * 1e6


def alone(cells: list[str], call: Callable[[str], object]) -> float:
    """Give the CPU microseconds a cell of calling a library."""
    start = time.process_time()
    for cell in cells[:CALLS]:
        call(cell)
    return (time.process_time() - start) / len(cells[:CALLS]) * 1e6


def phone_library(region: str) -> Callable[[str], object]:
    import phonenumbers

    def call(cell: str) -> object:
        number = phonenumbers.parse(cell, region)
        if phonenumbers.is_valid_number(number):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        return None

    return call


def email_library(cell: str) -> object:
    from email_validator import EmailNotValidError, validate_email

    try:
        return validate_email(cell, check_deliverability=False).normalized
    except EmailNotValidError:
        return None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--kind", choices=sorted(ROLES), default="japanese")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.csv"
        table = make(chosen.kind, chosen.rows, chosen.seed, path)
        size = path.stat().st_size / 1e6
        print(f"{chosen.kind}: {chosen.rows:,} rows, {table.num_columns} columns, {size:.0f} MB")
        if CUSTSEG.exists():
            done = command(path, Path(folder) / "run", chosen.kind)
            print(
                f"custseg standardize: {done.seconds:.1f} s, CPU {done.cpu_seconds:.1f} s, "
                f"peak {done.peak_bytes / 1e6:.0f} MB with its workers"
            )
            manifest = json.loads((Path(folder) / "run" / "manifest.json").read_text())
            for stage, seconds in manifest["seconds"].items():
                print(f"  {stage:14}{seconds:8.1f}")
    print(f"\nCPU microseconds a row, by role alone ({min(SAMPLE, chosen.rows):,} rows)")
    for role, each in by_role(table, chosen.kind):
        print(f"  {role:14}{each:8.1f}")
    names = {role: column for column, role in ROLES[chosen.kind].items()}
    region = "JP" if chosen.kind == "japanese" else "US"
    libraries = {"phone": phone_library(region), "email": email_library}
    print("\nthe libraries alone, called for every cell")
    for role, call in libraries.items():
        each = alone(table.column(names[role]).drop_null().to_pylist(), call)
        print(f"  {role:14}{each:8.1f}   {each * chosen.rows / 1e6:.0f} s for all rows")


if __name__ == "__main__":
    main()
