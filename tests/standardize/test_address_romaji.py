"""Japanese addresses in Latin letters: their parts are named, the cell stays."""

from __future__ import annotations

import pytest

from custseg.cleanse.standardize.address import PARTS, standardize_address
from custseg.cleanse.standardize.base import Context, Status


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (
            "1-2-3 Marunouchi, Chiyoda-ku, Tokyo 100-0005, Japan",
            "東京都|千代田区|丸の内|1-2-3||100-0005",
        ),
        ("Marunouchi 1-2-3, CHIYODA-KU, TOKYO", "東京都|千代田区|丸の内|1-2-3||100-0005"),
        ("2-8-1 Nishi-Shinjuku, Shinjuku City, Tōkyō", "東京都|新宿区|西新宿|2-8-1||160-0023"),
        (
            "North Gate Bldg. 15F, 3-1-3 Umeda, Kita-ku, Osaka-shi, Osaka",
            "大阪府|大阪市北区|梅田|3-1-3|North Gate Bldg. 15F|530-0001",
        ),
        ("3-1-3 Umeda, Kita-ku, Osaka 530-0001 JAPAN", "大阪府|大阪市北区|梅田|3-1-3||530-0001"),
        (
            "1340-1 Naganohara, Naganohara-machi, Agatsuma-gun, Gunma",
            "群馬県|吾妻郡長野原町|長野原|1340-1||377-1304",
        ),
        ("1-chome 5-23 Oroku, Naha, Okinawa", "沖縄県|那覇市|小禄|1-5-23||901-0152"),
        ("Kita-ku, Tokyo", "東京都|北区||||"),
        # The city is not certain, so nothing is.
        ("Kita-ku, Osaka-fu Japan, 12", "|||||"),
        ("Nara", "|||||"),
    ],
)
def test_romaji(written: str, expected: str) -> None:
    found = standardize_address(written, Context())
    assert found.value == written
    names = ("prefecture", "city", "town", "block", "building", "postal_code")
    parts = dict(zip(PARTS, found.parts, strict=False))
    assert "|".join(parts.get(name) or "" for name in names) == expected


def test_a_romaji_address_is_checked_against_its_postal_code() -> None:
    found = standardize_address("1-2-3 Ginza, Chuo-ku, Tokyo 100-0005", Context())
    assert (found.status, found.reason) == (Status.AMBIGUOUS, "postal_conflict")
