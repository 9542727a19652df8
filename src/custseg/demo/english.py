"""One American CRM export: typed in by salespeople, imported from lists, never cleaned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custseg.demo.emails import ENGLISH, make_emails
from custseg.demo.english_cells import (
    NO_WORDS,
    city_cells,
    date_cells,
    first_name_cells,
    last_name_cells,
    phone_cells,
    state_cells,
    street_cells,
    us_dates,
    zip_cells,
)
from custseg.demo.english_people import Homes, make_homes, make_numbers
from custseg.demo.model import BrokenLine, DemoFile
from custseg.demo.noise import email_slip, emptied, thinned, typo
from custseg.demo.people import (
    CHILD,
    People,
    Places,
    Records,
    make_places,
    place_of,
    with_namesakes,
)
from custseg.demo.shares import Shares
from custseg.demo.text import (
    Ints,
    Mask,
    chance,
    digits,
    draw,
    edited,
    filled,
    join,
    picked,
    take,
    where,
    words,
)
from custseg.demo.vocabulary import EnglishVocabulary

CRM_FILE: Final = "crm_contacts.csv"

SHOP_PHONE: Final = "(212) 555-0100"
_CUT_OFF: Final = 'C9999001,Sample,"Person, moved away'


@dataclass(frozen=True, slots=True)
class Residents:
    """The people with their names, numbers and addresses; see the Japanese twin.

    Attributes
    ----------
    suffix
        0, or 1 for a father and 2 for a son of one name.
    middle
        Initial of a second name, empty where there is none.
    """

    people: People
    names: EnglishVocabulary
    family: Ints
    married_family: Ints
    given: Ints
    middle: pa.Array
    suffix: Ints
    mobile: pa.Array
    mobile_after: pa.Array
    email: pa.Array
    email_after: pa.Array
    homes: Homes
    places: Places


def settle(
    rng: np.random.Generator, people: People, names: EnglishVocabulary, shares: Shares
) -> Residents:
    """Give the people names, numbers and addresses."""
    count = len(people)
    family = draw(rng, names.family_weight, int(people.household[-1]) + 1)[people.household]
    man = draw(rng, names.given_weight * names.men, count)
    given = np.where(people.female, draw(rng, names.given_weight * names.women, count), man)
    given, suffix = _juniors(rng, people, given, shares)
    people, family, given = with_namesakes(rng, people, family, given, shares)
    first = pc.utf8_lower(take(names.given, given))
    last = pc.utf8_lower(take(names.family, family))
    places = make_places(people)
    homes = make_homes(rng, places.count, shares)
    city = homes.city[places.home]
    given_out = int(np.bincount(homes.city).max())
    mobile = make_numbers(rng, city, given_out, shares.mobile)
    given_out += int(np.bincount(city).max())
    email = make_emails(rng, ENGLISH, last, first, shares.email)
    own = np.arange(count)
    mail_with_head = chance(rng, count, shares.shared_email)
    return Residents(
        people=people,
        names=names,
        family=family,
        married_family=draw(rng, names.family_weight, count),
        given=given,
        middle=where(chance(rng, count, 0.4), picked(rng, tuple("ABCDEFGHJKLMNPRSTW"), count), ""),
        suffix=suffix,
        mobile=take(mobile, np.where(chance(rng, count, shares.shared_mobile), people.head, own)),
        mobile_after=make_numbers(rng, city, given_out, shares.mobile),
        email=take(email, np.where(mail_with_head, people.head, own)),
        email_after=make_emails(rng, ENGLISH, first, last, shares.email),
        homes=homes,
        places=places,
    )


def _juniors(
    rng: np.random.Generator, people: People, given: Ints, shares: Shares
) -> tuple[Ints, Ints]:
    """Name some sons after their father; the first son of a household only."""
    head = people.head
    son = (people.place == CHILD) & ~people.female & ~people.female[head] & (given != given[head])
    son &= chance(rng, len(people), shares.kin_name)
    at = np.flatnonzero(son)
    at = at[np.unique(head[at], return_index=True)[1]]
    result, suffix = given.copy(), np.zeros(len(people), dtype=np.int64)
    result[at] = given[head[at]]
    suffix[at], suffix[head[at]] = 2, 1
    return result, suffix


def crm_file(
    rng: np.random.Generator, residents: Residents, records: Records, shares: Shares
) -> DemoFile:
    """Write every contact into one file."""
    people, person, day = residents.people, records.person, records.day
    count = len(records)
    married = day >= people.married[person]
    last = last_name_cells(
        rng,
        take(
            residents.names.family,
            np.where(married, residents.married_family[person], residents.family[person]),
        ),
        residents.suffix[person],
        shares,
    )
    first = first_name_cells(
        rng,
        take(residents.names.given, residents.given[person]),
        take(residents.names.short, residents.given[person]),
        take(residents.middle, person),
        shares,
    )
    first, last = _misplaced(rng, first, last, shares)
    email = where(
        day >= people.new_email[person],
        take(residents.email_after, person),
        take(residents.email, person),
    )
    email = edited(email, chance(rng, count, shares.typo_email), email_slip, rng)
    email = where(chance(rng, count, 0.08), pc.utf8_upper(email), email)
    mobile = where(
        day >= people.new_mobile[person],
        take(residents.mobile_after, person),
        take(residents.mobile, person),
    )
    at = place_of(people, residents.places, records)
    landline = take(residents.homes.landline, at)
    phones = phone_cells(rng, landline, shares)
    mobiles = phone_cells(rng, mobile, shares)
    both = filled(phones) & filled(mobile) & chance(rng, count, shares.several_values)
    phones = where(both, join(phones, mobile, sep=" / "), phones)
    phones = where(chance(rng, count, shares.phone_shop), SHOP_PHONE, phones)
    street, unit = street_cells(rng, residents.homes, at, shares)
    away = chance(rng, count, shares.missing_address)
    city = residents.homes.city[at]
    table = pa.table(
        {
            "Contact ID": _contact_ids(records),
            "First Name": first,
            "Last Name": last,
            "Email": emptied(rng, email, shares.missing_email, shares, NO_WORDS),
            "Phone": phones,
            "Mobile": mobiles,
            "Street": where(away, None, street),
            "Unit": where(away, None, unit),
            "City": where(away, None, city_cells(rng, city, shares)),
            "State": where(away, None, state_cells(rng, city)),
            "ZIP Code": zip_cells(rng, take(residents.homes.zip_code, at), shares),
            "Date of Birth": date_cells(rng, people.birth[person], shares),
            "Gender": _genders(rng, people.female[person], shares),
            "Created": us_dates(day),
            "Email Opt In": picked(rng, ("Yes", "Yes", "No", "TRUE", "FALSE", "Y", "N", ""), count),
            "Lead Source": picked(rng, ("Web", "Store", "Referral", "Trade show", "Import"), count),
        }
    )
    table = thinned(
        rng,
        table,
        shares.sparse,
        contacts=("Email", "Mobile", "Phone"),
        others=("Street", "Unit", "City", "State", "ZIP Code", "Date of Birth", "Gender"),
    )
    return DemoFile(
        name=CRM_FILE,
        content="customers",
        table=table,
        encoding="utf-8",
        broken=(
            BrokenLine(count // 2, _CUT_OFF),
            BrokenLine(count, "-- end of export --"),
        ),
    )


def _contact_ids(records: Records) -> pa.Array:
    return join("C", digits(1001 + np.arange(len(records)) * 3 + records.person % 3, 7))


def _misplaced(
    rng: np.random.Generator, first: pa.Array, last: pa.Array, shares: Shares
) -> tuple[pa.Array, pa.Array]:
    """Swap some names, put some whole ones into one field, and mistype some."""
    count = len(first)
    swapped = chance(rng, count, shares.swapped)
    first, last = where(swapped, last, first), where(swapped, first, last)
    whole = chance(rng, count, shares.whole_name)
    order = chance(rng, count, 0.5)
    both = where(order, join(first, last, sep=" "), join(last, first, sep=", "))
    first, last = where(whole, both, first), where(whole, None, last)
    first = edited(first, chance(rng, count, shares.typo_name), typo, rng)
    last = edited(last, chance(rng, count, shares.typo_name), typo, rng)
    code = draw(rng, (86, 9, 5), count)
    for case, change in ((1, pc.utf8_upper), (2, pc.utf8_lower)):
        first, last = (where(code == case, change(cells), cells) for cells in (first, last))
    return first, last


def _genders(rng: np.random.Generator, female: Mask, shares: Shares) -> pa.Array:
    count = len(female)
    shown = (female ^ chance(rng, count, shares.gender_wrong)).astype(np.int64)
    cells = take(words(["M", "F", "Male", "Female"]), shown + 2 * chance(rng, count, 0.25))
    return where(chance(rng, count, shares.missing_gender), None, cells)
