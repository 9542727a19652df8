"""What the people in an American export are called, where they live, how they are reached."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa

from custseg.demo.shares import Shares
from custseg.demo.text import Ints, chance, digits, draw, join, picked, take, where, words

CITIES: Final = (
    ("New York", "NY", "100", "212", 80), ("Brooklyn", "NY", "112", "718", 50),
    ("Buffalo", "NY", "142", "716", 6), ("Albany", "NY", "122", "518", 4),
    ("Newark", "NJ", "071", "973", 10), ("Jersey City", "NJ", "073", "201", 9),
    ("Trenton", "NJ", "086", "609", 4), ("Philadelphia", "PA", "191", "215", 30),
    ("Pittsburgh", "PA", "152", "412", 8), ("Boston", "MA", "021", "617", 30),
    ("Worcester", "MA", "016", "508", 6), ("Springfield", "MA", "011", "413", 5),
    ("Providence", "RI", "029", "401", 5), ("Hartford", "CT", "061", "860", 5),
    ("New Haven", "CT", "065", "203", 5), ("Manchester", "NH", "031", "603", 3),
    ("Portland", "ME", "041", "207", 3), ("Burlington", "VT", "054", "802", 2),
    ("Baltimore", "MD", "212", "410", 12), ("Washington", "DC", "200", "202", 14),
    ("Richmond", "VA", "232", "804", 7), ("Charlotte", "NC", "282", "704", 9),
    ("Raleigh", "NC", "276", "919", 7), ("Charleston", "SC", "294", "843", 4),
    ("Atlanta", "GA", "303", "404", 13), ("Savannah", "GA", "314", "912", 3),
    ("Jacksonville", "FL", "322", "904", 6), ("Miami", "FL", "331", "305", 12),
    ("Tampa", "FL", "336", "813", 7), ("Orlando", "FL", "328", "407", 6),
    ("Birmingham", "AL", "352", "205", 4), ("Nashville", "TN", "372", "615", 6),
    ("Memphis", "TN", "381", "901", 5), ("Louisville", "KY", "402", "502", 4),
    ("Columbus", "OH", "432", "614", 6), ("Cleveland", "OH", "441", "216", 5),
    ("Cincinnati", "OH", "452", "513", 4), ("Detroit", "MI", "482", "313", 6),
    ("Grand Rapids", "MI", "495", "616", 3), ("Indianapolis", "IN", "462", "317", 6),
    ("Chicago", "IL", "606", "312", 24), ("Springfield", "IL", "627", "217", 3),
    ("Milwaukee", "WI", "532", "414", 5), ("Madison", "WI", "537", "608", 3),
    ("Minneapolis", "MN", "554", "612", 6), ("Saint Paul", "MN", "551", "651", 4),
    ("Des Moines", "IA", "503", "515", 3), ("Saint Louis", "MO", "631", "314", 5),
    ("Kansas City", "MO", "641", "816", 5), ("Omaha", "NE", "681", "402", 3),
    ("Wichita", "KS", "672", "316", 3), ("Tulsa", "OK", "741", "918", 3),
    ("Dallas", "TX", "752", "214", 12), ("Houston", "TX", "770", "713", 14),
    ("Austin", "TX", "787", "512", 10), ("San Antonio", "TX", "782", "210", 8),
    ("New Orleans", "LA", "701", "504", 4), ("Little Rock", "AR", "722", "501", 2),
    ("Denver", "CO", "802", "303", 8), ("Salt Lake City", "UT", "841", "801", 4),
    ("Phoenix", "AZ", "850", "602", 9), ("Tucson", "AZ", "857", "520", 4),
    ("Albuquerque", "NM", "871", "505", 3), ("Las Vegas", "NV", "891", "702", 5),
    ("Boise", "ID", "837", "208", 3), ("Seattle", "WA", "981", "206", 12),
    ("Spokane", "WA", "992", "509", 3), ("Portland", "OR", "972", "503", 8),
    ("San Francisco", "CA", "941", "415", 20), ("Los Angeles", "CA", "900", "213", 30),
    ("San Diego", "CA", "921", "619", 12), ("Sacramento", "CA", "958", "916", 6),
    ("San Jose", "CA", "951", "408", 10), ("Oakland", "CA", "946", "510", 7),
)  # fmt: skip
"""City, state, first digits of its ZIP codes, an area code, weight."""

STATES: Final = {
    "NY": "New York", "NJ": "New Jersey", "PA": "Pennsylvania", "MA": "Massachusetts",
    "RI": "Rhode Island", "CT": "Connecticut", "NH": "New Hampshire", "ME": "Maine",
    "VT": "Vermont", "MD": "Maryland", "DC": "District of Columbia", "VA": "Virginia",
    "NC": "North Carolina", "SC": "South Carolina", "GA": "Georgia", "FL": "Florida",
    "AL": "Alabama", "TN": "Tennessee", "KY": "Kentucky", "OH": "Ohio", "MI": "Michigan",
    "IN": "Indiana", "IL": "Illinois", "WI": "Wisconsin", "MN": "Minnesota", "IA": "Iowa",
    "MO": "Missouri", "NE": "Nebraska", "KS": "Kansas", "OK": "Oklahoma", "TX": "Texas",
    "LA": "Louisiana", "AR": "Arkansas", "CO": "Colorado", "UT": "Utah", "AZ": "Arizona",
    "NM": "New Mexico", "NV": "Nevada", "ID": "Idaho", "WA": "Washington", "OR": "Oregon",
    "CA": "California",
}  # fmt: skip

_STREETS: Final = (
    "Main", "Oak", "Maple", "Park", "Cedar", "Elm", "Pine", "Washington", "Lake", "Hill",
    "Walnut", "Spring", "Ridge", "Church", "Willow", "Mill", "River", "Sunset", "Highland",
    "Jefferson", "Center", "Chestnut", "Franklin", "Meadow", "Forest", "Jackson", "Birch",
    "Lincoln", "Cherry", "Orchard", "Dogwood", "Hickory", "Valley", "Summit", "Laurel", "Locust",
    "Prospect", "Grant", "Madison", "Poplar", "Harbor", "Bayview", "Canyon", "Juniper", "Aspen",
    "Magnolia", "Sycamore", "Spruce", "Fairview", "Clinton", "Monroe", "Pleasant", "Liberty",
    "Garden", "Union", "Railroad", "Adams", "Rosewood", "Beech", "Winding Brook", "Stone Creek",
    "Old Mill", "Quail Hollow", "Fox Run", "Deer Path", "Eagle Crest", "Silver Lake",
)  # fmt: skip
STREET_TYPES: Final = (
    ("Street", "St"), ("Avenue", "Ave"), ("Road", "Rd"), ("Drive", "Dr"), ("Lane", "Ln"),
    ("Court", "Ct"), ("Boulevard", "Blvd"), ("Place", "Pl"), ("Circle", "Cir"), ("Terrace", "Ter"),
)  # fmt: skip
DIRECTIONS: Final = (("", ""), ("North", "N"), ("South", "S"), ("East", "E"), ("West", "W"))


@dataclass(frozen=True, slots=True)
class Homes:
    """One entry an address; positions in the lists above; texts empty where there is none.

    Attributes
    ----------
    site
        The house: different flats of one building share it.
    """

    site: Ints
    number: Ints
    direction: Ints
    street: Ints
    kind: Ints
    city: Ints
    zip_code: pa.Array
    unit: pa.Array
    landline: pa.Array


def make_homes(rng: np.random.Generator, count: int, shares: Shares) -> Homes:
    """Make `count` addresses: real cities, invented streets."""
    pool = max(1, int(count * shares.building / 6))
    in_building = chance(rng, count, shares.building)
    site = np.where(in_building, rng.integers(0, pool, count), pool + np.arange(count))
    sites = pool + count
    city = draw(rng, [city[4] for city in CITIES], sites)
    postal = join(
        take(words([city[2] for city in CITIES]), city), digits(rng.integers(1, 60, sites), 2)
    )
    number = 1 + (rng.random(sites) ** 2 * 9_800).astype(np.int64)
    direction = draw(rng, (76, 6, 6, 6, 6), sites)
    street, kind = (
        rng.integers(0, len(_STREETS), sites),
        draw(rng, (30, 22, 15, 12, 8, 4, 4, 2, 2, 1), sites),
    )
    floor = 1 + (rng.random(count) ** 2 * 12).astype(np.int64)
    letter = picked(rng, tuple("ABCDEFGH"), count)
    return Homes(
        site=site,
        number=number[site],
        direction=direction[site],
        street=street[site],
        kind=kind[site],
        city=city[site],
        zip_code=take(postal, site),
        unit=where(in_building, join(digits(floor), letter), ""),
        landline=make_numbers(rng, city[site], 0, shares.landline),
    )


def make_numbers(rng: np.random.Generator, city: Ints, start: int, share: float) -> pa.Array:
    """Give ten digits under exchanges from 555 on, kept free for fiction; no two alike.

    Parameters
    ----------
    city
        Whose area code is used.
    start
        Numbers given out before, in every city.
    """
    order = np.argsort(city, kind="stable")
    opens = np.searchsorted(city[order], city[order])
    serial = np.empty(len(city), dtype=np.int64)
    serial[order] = np.arange(len(city)) - opens
    serial += start
    scattered = serial * 7_919 % 10_000
    exchange = 555 + serial // 10_000
    number = join(
        take(words([row[3] for row in CITIES]), city), digits(exchange), digits(scattered, 4)
    )
    return where(chance(rng, len(city), share), number, "")


def street_names() -> pa.Array:
    """Every invented street's name."""
    return words(_STREETS)
