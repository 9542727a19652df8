"""Addresses in Latin letters, by their form."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custseg.cleanse.standardize.address import PARTS, standardize_address
from custseg.cleanse.standardize.base import Context
from custseg.cleanse.standardize.regions import REGIONS, region_code


def parts(written: str, country: str) -> dict[str, str]:
    found = standardize_address(written, Context(country=country))
    return {name: part for name, part in zip(PARTS, found.parts, strict=False) if part}


@pytest.mark.parametrize(
    ("country", "written", "value", "expected"),
    [
        (
            "US",
            "123 Main St. Apt. 4B, New York, NY 10001-1234",
            "123 Main St Apt 4B, New York, NY 10001-1234",
            "street=123 Main St|unit=4B|city=New York|state=NY|postal_code=10001-1234",
        ),
        (
            "US",
            "123 Main St New York NY 10001",
            "123 Main St, New York, NY 10001",
            "street=123 Main St|city=New York|state=NY|postal_code=10001",
        ),
        (
            "US",
            "1600 Pennsylvania Avenue NW; Washington; DC 20500",
            "1600 Pennsylvania Avenue NW, Washington, DC 20500",
            "street=1600 Pennsylvania Avenue NW|city=Washington|state=DC|postal_code=20500",
        ),
        (
            "US",
            "5 Elm Rd, Suite #200, Springfield, Illinois 62704, USA",
            "5 Elm Rd, Suite #200, Springfield, IL 62704, USA",
            "street=5 Elm Rd|unit=200|city=Springfield|state=IL|postal_code=62704",
        ),
        (
            "US",
            "PO Box 123, Boston, MA 2139",
            "PO Box 123, Boston, MA 02139",
            "street=PO Box 123|city=Boston|state=MA|postal_code=02139",
        ),
        ("US", "Springfield, IL", "Springfield, IL", "city=Springfield|state=IL"),
        ("US", "742 Evergreen Terrace #3", None, "street=742 Evergreen Terrace|unit=3"),
        ("US", "London", None, ""),
        # A country behind the postal code without a comma; codes with a hyphen; a lost zero.
        (
            "AU",
            "Unit 5, 12 Smith Street Carlton VIC 3053 Australia",
            "Unit 5, 12 Smith Street, Carlton VIC 3053, Australia",
            "street=12 Smith Street|unit=5|city=Carlton|state=VIC|postal_code=3053",
        ),
        (
            "AU",
            "12 Darwin Rd, Darwin NT 800",
            "12 Darwin Rd, Darwin NT 0800",
            "street=12 Darwin Rd|city=Darwin|state=NT|postal_code=0800",
        ),
        (
            "GB",
            "1 High St., Leeds, W. Yorks., LS1-4AP UK",
            "1 High St, Leeds, W Yorks. LS1 4AP, UK",
            "street=1 High St|city=Leeds|postal_code=LS1 4AP",
        ),
        (
            "GB",
            "221B Baker Street London NW1 6XE",
            "221B Baker Street, London NW1 6XE",
            "street=221B Baker Street|city=London|postal_code=NW1 6XE",
        ),
        ("GB", "1 Park Lane W1K 1AA", None, "street=1 Park Lane|postal_code=W1K 1AA"),
        (
            "GB",
            "The Old Rectory, Church Lane, Little Snoring, Norfolk NR21 0HX",
            None,
            "street=The Old Rectory, Church Lane|city=Little Snoring|postal_code=NR21 0HX",
        ),
        (
            "CA",
            "10 Rue Saint-Paul, Montréal (Québec) h2y-1g9 Canada",
            "10 Rue Saint-Paul, Montréal, QC H2Y 1G9, Canada",
            "street=10 Rue Saint-Paul|city=Montréal|state=QC|postal_code=H2Y 1G9",
        ),
        (
            "JP",
            "123 Main St, Boston, MA 02134 USA",
            "123 Main St, Boston, MA 02134, USA",
            "street=123 Main St|city=Boston|state=MA|postal_code=02134",
        ),
        # A name of a street that begins with what may end one.
        (
            "US",
            "1 Park Avenue New York NY 10016",
            "1 Park Avenue, New York, NY 10016",
            "street=1 Park Avenue|city=New York|state=NY|postal_code=10016",
        ),
        (
            "US",
            "1 Park Avenue NY 10016",
            "1 Park Avenue, NY 10016",
            "street=1 Park Avenue|state=NY|postal_code=10016",
        ),
        (
            "US",
            "9 Hill St St Louis MO 63101",
            "9 Hill St, St Louis, MO 63101",
            "street=9 Hill St|city=St Louis|state=MO|postal_code=63101",
        ),
        (
            "CA",
            "100 Queen St. W, Toronto, Ontario m5h2n2",
            "100 Queen St W, Toronto, ON M5H 2N2",
            "street=100 Queen St W|city=Toronto|state=ON|postal_code=M5H 2N2",
        ),
        (
            "AU",
            "3/12 Smith St, Carlton VIC 3053",
            None,
            "street=12 Smith St|unit=3|city=Carlton|state=VIC|postal_code=3053",
        ),
        (
            "GB",
            "10 Downing Street, London sw1a2aa",
            "10 Downing Street, London SW1A 2AA",
            "street=10 Downing Street|city=London|postal_code=SW1A 2AA",
        ),
        (
            "GB",
            "Flat 2, 10 High St, Guildford, Surrey, GU1 3AA, UK",
            "Flat 2, 10 High St, Guildford, Surrey GU1 3AA, UK",
            "street=10 High St|unit=2|city=Guildford|postal_code=GU1 3AA",
        ),
        (
            "DE",
            "Hauptstr. 5, 10115 Berlin",
            None,
            "street=Hauptstr. 5|city=Berlin|postal_code=10115",
        ),
        # Unmistakable forms are read whatever the country of the table.
        (
            "JP",
            "123 Main St, Boston, MA 02139",
            None,
            "street=123 Main St|city=Boston|state=MA|postal_code=02139",
        ),
        (
            "US",
            "12 Smith St, Carlton VIC 3053",
            None,
            "street=12 Smith St|city=Carlton|state=VIC|postal_code=3053",
        ),
    ],
)
def test_english(country: str, written: str, value: str | None, expected: str) -> None:
    assert standardize_address(written, Context(country=country)).value == (value or written)
    wanted = dict(pair.split("=") for pair in expected.split("|") if pair)
    assert parts(written, country) == wanted


def test_the_country_of_the_row_is_used() -> None:
    found = standardize_address(
        "9 Oak Ave, Perth WA 6000", Context(country="JP"), country="Australia"
    )
    assert found.parts[PARTS.index("state")] == "WA"
    assert found.parts[PARTS.index("postal_code")] == "6000"


def test_every_state_is_read_by_code_and_by_name() -> None:
    for country, pairs in REGIONS.items():
        for pair in pairs:
            code, _, name = pair.partition("=")
            for written in (code, code.lower(), name.replace("_", " "), name.upper()):
                assert region_code(written, country) == code


WORDS = (
    "123 12 3/12 Main Oak St. Street Ave , ; . # NW N. Apt #4B Unit 5 Suite 100 Flat 2 PO Box New "
    "York Springfield Washington Georgia NY IL Ontario ON VIC NSW 10001 02139 2139 3053 M5V2A9 "
    "SW1A 1AA London Surrey USA UK Canada Japan é O'Brien 1-2-3 No. Lot Road "
    "Park Avenue Hill Australia NT 800 (ON) (Québec) LS1-4AP Yorks. Church Lane Jordan"
).split()


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join),
    st.sampled_from(["US", "GB", "AU", "CA", "DE", "JP"]),
)
def test_reading_what_was_written_changes_nothing(written: str, country: str) -> None:
    first = standardize_address(written, Context(country=country))
    if first.value is not None:
        second = standardize_address(first.value, Context(country=country))
        assert (second.value, second.parts) == (first.value, first.parts)
