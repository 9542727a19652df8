"""Phones: every country's examples in every writing, and the damage that exports do."""

from __future__ import annotations

import random
import re
from pathlib import Path

import phonenumbers
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import PhoneMetadata

from custseg.cleanse.standardize.base import Cell, Context, Status
from custseg.cleanse.standardize.phone import standardize_phone
from custseg.cleanse.standardize.phone_bulk import _digits_alone, shortcut

JP = Context(country="JP")

READ = (
    ("03-1234-5678", "+81312345678", None),
    ("(03)1234-5678", "+81312345678", None),
    ("☎ 03-1234-5678", "+81312345678", None),
    ("携帯：090-1234-5678", "+819012345678", None),
    ("090-1234-5678(本人)", "+819012345678", None),
    ("03-1234-5678 代表", "+81312345678", None),
    ("Tel. 03.1234.5678", "+81312345678", None),
    ("٠٣-١٢٣٤-٥٦٧٨", "+81312345678", None),
    ("312345678.0", "+81312345678", "leading_zero_restored"),
    ("0312345678.0", "+81312345678", "decimal_removed"),
    ("9.012345678E+09", "+819012345678", "leading_zero_restored"),
    ("9.01E+09", None, "excel_precision_lost"),
    ("03-1234-5678/5679", "+81312345678", "several_values"),
    ("1234567890", None, "placeholder"),
    ("090-1111-1111x", "+819011111111", None),
    ("(999) 999-9999", None, "placeholder"),
    ("電話なし", None, "not_a_number"),
    ("03-1234-56789999", None, "not_in_numbering_plan"),
    ("090-1234-567", None, "not_in_numbering_plan"),
    ("110", None, "too_short"),
    ("1-800-FLOWERS", None, "not_in_numbering_plan"),
)


@pytest.mark.parametrize(("raw", "value", "reason"), READ)
def test_reading(raw: str, value: str | None, reason: str | None) -> None:
    cell = standardize_phone(raw, JP)
    assert (cell.value, cell.reason) == (value, reason)


def test_the_last_digits_of_a_second_number_complete_the_first() -> None:
    assert standardize_phone("03-1234-5678/5679", JP).also == ("+81312345679",)


def test_an_extension_is_a_part() -> None:
    for raw in ("03-1234-5678 内線 12", "03-1234-5678 (内線12)", "03-1234-5678 ext. 12"):
        assert standardize_phone(raw, JP) == Cell(
            "+81312345678", Status.STANDARDIZED, None, ("12",)
        )


def test_the_country_beside_it_decides() -> None:
    assert standardize_phone("020 7946 0958", JP, "United Kingdom").value == "+442079460958"
    assert standardize_phone("020 7946 0958", JP, "").value == "+812079460958"


def test_a_number_abroad_without_its_plus_is_proposed_only() -> None:
    cell = standardize_phone("8613800138000", JP)
    assert (cell.value, cell.status, cell.suggestion) == (None, Status.INVALID, "+8613800138000")


def test_letters_of_a_vanity_number() -> None:
    assert standardize_phone("1-800-FLOWERS", Context(country="US")).value == "+18003569377"


def examples(shared_data: Path) -> list[tuple[str, str, str, str]]:
    lines = (shared_data / "text" / "phone_examples.tsv").read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines)
    return [(region, e164, national, abroad) for region, _, e164, national, abroad in rows]


def test_every_country_in_four_writings(shared_data: Path) -> None:
    rows = examples(shared_data)
    assert len(rows) == 852
    read_back = dict.fromkeys(("e164", "international", "national", "dialed"), 0)
    for region, e164, national, abroad in rows:
        home, away = Context(country=region), Context(country="ZZ")
        read_back["e164"] += standardize_phone(e164, away).value == e164
        read_back["international"] += standardize_phone(abroad, away).value == e164
        read_back["national"] += standardize_phone(national, home).value == e164
        read_back["dialed"] += standardize_phone(f"00{e164[1:]}", home).value == e164
    # The one left is an example number that is a placeholder: 010-2000-0000 of Korea.
    assert read_back == dict.fromkeys(read_back, 851)


def numbers_of(region: str, seed: int) -> list[str]:
    """Write numbers near the examples of a region, right and wrong, in many ways."""
    random.seed(seed)
    data = PhoneMetadata.metadata_for_region(region)
    assert data is not None
    code, trunk = data.country_code, data.national_prefix or ""
    found = set()
    for kind in (data.fixed_line, data.mobile, data.toll_free):
        lengths = (kind.possible_length if kind else None) or (9,)
        pattern = (kind.national_number_pattern if kind else None) or r"\d"
        first = re.sub(r"\D", "", pattern[:12])[:2]
        for length in lengths:
            rest = "".join(random.choice("0123456789") for _ in range(max(length, 5)))
            number = (first + rest)[: max(length, 5)]
            found |= {f"+{code}{number}", f"{trunk}{number}", number, f"00{code}{number}"}
            found |= {f"{number}.0", f"{trunk} {number[:3]}-{number[3:]}", f"{code}{number}"}
            found |= {
                f"{trunk}{number} x12",
                f"+{code} {number} ext. 007",
                f"({number[:3]}) {number[3:]}x5",
            }
            found |= {f"{number}.0 x3", f"{trunk}{number} ext12345678", f"{trunk}{number} Ext 9"}
    return sorted(found)


@pytest.mark.parametrize("form", ["e164", "national"])
def test_the_bulk_way_is_the_library_in_every_country(form: str) -> None:
    settled_somewhere = 0
    for seed, region in enumerate(sorted(phonenumbers.SUPPORTED_REGIONS)):
        values = numbers_of(region, seed)
        context = Context(country=region, phone_format=form)
        settled = shortcut(pa.array(values), context, pa.array([""] * len(values)))
        reasons = settled.reason.to_pylist() if settled.reason else [None] * len(values)
        extensions = settled.parts[0].to_pylist() if settled.parts else [None] * len(values)
        for at in settled.mask.nonzero()[0].tolist():
            cell = standardize_phone(values[at], context)
            found = (settled.value[at].as_py(), settled.status[at], reasons[at])
            assert (cell.value, cell.status, cell.reason) == found, (region, values[at])
            assert cell.parts == (extensions[at],), (region, values[at])
            settled_somewhere += 1
    assert settled_somewhere > 500


@given(st.lists(st.text(alphabet="0123456789-() 　＋９x日", max_size=12), min_size=1))
def test_digits_are_what_a_pattern_leaves(texts: list[str]) -> None:
    values = pa.array(["before", *texts, "behind"], pa.string()).slice(1, len(texts))
    assert _digits_alone(values).to_pylist() == [re.sub("[^0-9]", "", text) for text in texts]


def test_a_whole_japanese_column_is_settled_at_once() -> None:
    values = [f"090-{number // 100:04d}-{number % 100:02d}67" for number in range(100_000, 300_000)]
    values += [f"９０{number:08d}" for number in range(10_000_000, 10_001_000)]
    values += [f"90{number:08d}.0" for number in range(10_000_000, 10_001_000)]
    settled = shortcut(pa.array(values), JP, pa.array([""] * len(values)))
    assert settled.mask.mean() > 0.99
