"""The country a table speaks of, from its values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow.csv as pa_csv
import pytest

from custseg.cleanse.country_guess import guess_country


@pytest.mark.parametrize(
    ("samples", "country"),
    [
        ({}, "US"),
        ({"text": ["nothing", "telling"]}, "US"),
        ({"person_name": ["ﾔﾏﾀﾞ"], "email": ["a@example.com"]}, "JP"),
        ({"address": ["東京都千代田区丸の内1-2-3"]}, "JP"),
        ({"postal_code": ["SW1A 1AA", "M1 1AE"]}, "GB"),
        ({"postal_code": ["10001", "94105-1234"], "prefecture": ["NY", "CA"]}, "US"),
        ({"phone": ["020 7946 0958", "0161 496 0000"]}, "GB"),
        ({"prefecture": ["Ontario", "Québec"]}, "CA"),
        ({"country": ["USA", "USA", "UK"], "phone": ["5551234567", "030 123456"]}, "US"),
        ({"phone": ["(415) 555-2671"], "postal_code": ["94105"]}, "US"),
        ({"postal_code": ["2119", "3165"], "prefecture": ["nsw", "vic"]}, "AU"),
        ({"postal_code": ["K1A 0B1"], "prefecture": ["ON"]}, "CA"),
        ({"phone": ["03-1234-5678", "090-1234-5678", "06-6345-1234"]}, "JP"),
        ({"phone": ["09012345678"]}, "JP"),
        ({"postal_code": ["105-0011", "1600022"]}, "JP"),
        ({"phone": ["2025550123", "2125550199"]}, "US"),
        ({"phone": ["0412 345 678", "(03) 9876 5432"]}, "AU"),
        ({"phone": ["021 555 123", "09 302 1234"]}, "NZ"),
    ],
)
def test_the_values_tell(samples: Mapping[str, Sequence[str]], country: str) -> None:
    assert guess_country(samples) == country


def test_japanese_headers_tell_where_the_values_do_not() -> None:
    assert guess_country({"email": ["a@example.com"]}, ["メールアドレス"]) == "JP"
    assert guess_country({"email": ["a@example.com"]}, ["email"]) == "US"
    assert guess_country({"phone": ["(415) 555-2671"]}, ["電話番号"]) == "US"


def test_febrl_is_australian(shared_data: Path) -> None:
    table = pa_csv.read_csv(shared_data / "people" / "febrl3.csv")
    samples = {
        "postal_code": [str(code) for code in table.column(" postcode").to_pylist()[:200]],
        "prefecture": [str(state) for state in table.column(" state").to_pylist()[:200]],
    }
    assert guess_country(samples) == "AU"
