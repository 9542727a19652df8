"""How American cells are written: names, phones, streets, dates, in all their forms."""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custseg.demo.dates import calendar, iso_dates, wrong_dates
from custseg.demo.english_people import (
    CITIES,
    DIRECTIONS,
    STATES,
    STREET_TYPES,
    Homes,
    street_names,
)
from custseg.demo.noise import digit_typo, emptied, typo
from custseg.demo.people import Days
from custseg.demo.shares import Shares
from custseg.demo.text import (
    Ints,
    chance,
    digits,
    draw,
    edited,
    filled,
    join,
    mixed,
    picked,
    take,
    where,
    words,
)

NO_WORDS: Final = ("N/A", "n/a", "none", "unknown", "-", "NULL")
"""What people write into a cell that must not be empty."""

NO_PHONES: Final = ("000-000-0000", "999-999-9999", "1234567890", "0000000000")

_MONTHS: Final = words("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split())
_LONG_MONTHS: Final = words(
    "January February March April May June July August September October November December".split()
)


def first_name_cells(
    rng: np.random.Generator, given: pa.Array, short: pa.Array, middle: pa.Array, shares: Shares
) -> pa.Array:
    """Write first names: in full, short for it, with an initial or a title."""
    count = len(given)
    name = where(chance(rng, count, 6 * shares.homophone), short, given)
    initial = filled(middle)
    return mixed(
        np.where(initial, draw(rng, (60, 22, 12, 4, 2), count), draw(rng, (94, 0, 0, 4, 2), count)),
        lambda rows: take(name, rows),
        lambda rows: join(take(name, rows), " ", take(middle, rows), "."),
        lambda rows: join(take(name, rows), take(middle, rows), sep=" "),
        lambda rows: join(picked(rng, ("Mr. ", "Ms. ", "Dr. "), len(rows)), take(name, rows)),
        lambda rows: join(pc.utf8_slice_codeunits(take(given, rows), 0, 1), "."),
    )


def last_name_cells(
    rng: np.random.Generator, family: pa.Array, suffix: Ints, shares: Shares
) -> pa.Array:
    """Write last names; fathers and sons of one name are told apart in part of the cells."""
    count = len(family)
    told = np.where(suffix == 2, chance(rng, count, 0.6), chance(rng, count, 0.25))
    code = np.where(told, suffix, 0)
    senior = picked(rng, (" Sr.", " Sr", ", Sr."), count)
    junior = picked(rng, (" Jr.", " Jr", ", Jr.", " II"), count)
    cells = join(family, where(code == 1, senior, where(code == 2, junior, words([""] * count))))
    padded = chance(rng, count, shares.title)
    return where(padded, join(" ", cells, " "), cells)


def phone_cells(rng: np.random.Generator, number: pa.Array, shares: Shares) -> pa.Array:
    """Write ten digits in the ways people do, with the errors they make."""
    count = len(number)
    area, exchange, line = (
        pc.utf8_slice_codeunits(number, start, stop) for start, stop in ((0, 3), (3, 6), (6, 10))
    )
    cells = mixed(
        draw(rng, (34, 24, 10, 14, 8, 6, 2), count),
        lambda rows: join(
            "(", take(area, rows), ") ", take(exchange, rows), "-", take(line, rows)
        ),
        lambda rows: join(take(area, rows), take(exchange, rows), take(line, rows), sep="-"),
        lambda rows: join(take(area, rows), take(exchange, rows), take(line, rows), sep="."),
        lambda rows: take(number, rows),
        lambda rows: join("+1", take(area, rows), take(exchange, rows), take(line, rows), sep=" "),
        lambda rows: join("1", take(area, rows), take(exchange, rows), take(line, rows), sep="-"),
        lambda rows: join(
            take(area, rows), "-", take(exchange, rows), "-", take(line, rows), " x",
            digits(rng.integers(10, 99, len(rows))),
        ),
    )  # fmt: skip
    cells = edited(cells, chance(rng, count, shares.typo_phone), digit_typo, rng)
    some = filled(number)
    cells = where(~some, None, cells)
    cells = where(
        some & chance(rng, count, shares.placeholder), picked(rng, NO_PHONES, count), cells
    )
    return emptied(rng, cells, shares.missing_phone, shares, NO_WORDS)


def street_cells(
    rng: np.random.Generator, homes: Homes, at: Ints, shares: Shares
) -> tuple[pa.Array, pa.Array]:
    """Write streets, in full or short, and the flat beside them or in a column of its own."""
    count = len(at)
    brief = chance(rng, count, 0.55).astype(np.int64)
    kinds = words([form for pair in STREET_TYPES for form in pair])
    kind = where(
        chance(rng, count, 0.1),
        join(take(kinds, homes.kind[at] * 2 + 1), "."),
        take(kinds, homes.kind[at] * 2 + brief),
    )
    kind = where(chance(rng, count, 0.03), "", kind)
    ways = words([form for pair in DIRECTIONS for form in pair])
    direction = take(ways, homes.direction[at] * 2 + brief)
    name = take(street_names(), homes.street[at])
    name = edited(name, chance(rng, count, shares.typo_street), typo, rng)
    number = digits(homes.number[at])
    number = edited(number, chance(rng, count, shares.typo_street / 2), digit_typo, rng)
    direction = where(filled(direction), join(direction, " "), direction)
    street = join(join(number, " ", direction, name), where(filled(kind), join(" ", kind), kind))
    street = where(chance(rng, count, 0.06), pc.utf8_upper(street), street)
    unit = take(homes.unit, at)
    has_unit = filled(unit) & ~chance(rng, count, shares.no_building)
    written = join(picked(rng, ("Apt ", "#", "Unit ", "Apt. ", "Suite "), count), unit)
    beside = chance(rng, count, 0.5)
    street = where(has_unit & beside, join(street, written, sep=", "), street)
    return street, where(has_unit & ~beside, written, "")


def city_cells(rng: np.random.Generator, city: Ints, shares: Shares) -> pa.Array:
    """Write cities, some mistyped, some in capitals."""
    count = len(city)
    cells = take(words([row[0] for row in CITIES]), city)
    cells = where(
        chance(rng, count, 0.5), pc.replace_substring_regex(cells, "^Saint ", "St. "), cells
    )
    cells = edited(cells, chance(rng, count, shares.typo_street), typo, rng)
    return where(chance(rng, count, 0.06), pc.utf8_upper(cells), cells)


def state_cells(rng: np.random.Generator, city: Ints) -> pa.Array:
    """Write states by their two letters, or in full."""
    count = len(city)
    codes = [row[1] for row in CITIES]
    in_full = chance(rng, count, 0.14)
    full = take(words([STATES[code] for code in codes]), city)
    cells = where(in_full, full, take(words(codes), city))
    return where(chance(rng, count, 0.04), pc.utf8_lower(cells), cells)


def zip_cells(rng: np.random.Generator, code: pa.Array, shares: Shares) -> pa.Array:
    """Write ZIP codes; some with four more digits, some without their zero."""
    count = len(code)
    longer = join(code, digits(rng.integers(1000, 9999, count)), sep="-")
    cells = where(chance(rng, count, 0.06), longer, code)
    cells = where(chance(rng, count, 3 * shares.lost_zero), pc.utf8_ltrim(cells, "0"), cells)
    cells = edited(cells, chance(rng, count, shares.typo_postal), digit_typo, rng)
    return emptied(rng, cells, shares.missing_postal, shares, NO_WORDS)


def date_cells(rng: np.random.Generator, birth: Days, shares: Shares) -> pa.Array:
    """Write dates month first, year first, or with the month's name."""
    day = wrong_dates(rng, birth, shares)
    year, month, of_month = calendar(day)
    cells = mixed(
        draw(rng, (40, 22, 14, 12, 12), len(day)),
        lambda rows: us_dates(day[rows]),
        lambda rows: iso_dates(day[rows]),
        lambda rows: join(
            take(_MONTHS, month[rows] - 1), " ", digits(of_month[rows]), ", ", digits(year[rows])
        ),
        lambda rows: join(
            digits(of_month[rows]), take(_LONG_MONTHS, month[rows] - 1), digits(year[rows]), sep=" "
        ),
        lambda rows: join(digits(month[rows]), digits(of_month[rows]), digits(year[rows]), sep="/"),
    )
    cells = where(chance(rng, len(day), shares.placeholder), "01/01/1900", cells)
    return emptied(rng, cells, shares.missing_birth, shares, NO_WORDS)


def us_dates(day: Days) -> pa.Array:
    """Write days as MM/DD/YYYY."""
    year, month, of_month = calendar(day)
    return join(digits(month, 2), digits(of_month, 2), digits(year), sep="/")
