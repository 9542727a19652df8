"""The people of a Japanese shop, settled: names, numbers, addresses."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from custseg.demo.emails import JAPANESE, make_emails
from custseg.demo.japanese_people import (
    Addresses,
    Phone,
    make_addresses,
    make_mobiles,
)
from custseg.demo.names import JapaneseNames
from custseg.demo.people import (
    CHILD,
    SIBLING,
    People,
    Places,
    make_places,
    with_namesakes,
)
from custseg.demo.shares import Shares
from custseg.demo.text import (
    Ints,
    Mask,
    chance,
    draw,
    take,
)
from custseg.demo.vocabulary import JapaneseVocabulary


@dataclass(frozen=True, slots=True)
class Residents:
    """The people with their names, numbers and addresses.

    Attributes
    ----------
    family, married_family, given
        Positions in the name lists.
    old_form
        Officially written with the old form of a character.
    mobile, mobile_after, email, email_after
        Before and after the change.
    addresses, places
        Every address, and who lives where.
    """

    people: People
    family_names: JapaneseNames
    given_names: JapaneseNames
    family: Ints
    married_family: Ints
    given: Ints
    old_form: Mask
    mobile: Phone
    mobile_after: Phone
    email: pa.Array
    email_after: pa.Array
    addresses: Addresses
    places: Places


def settle(
    rng: np.random.Generator, people: People, names: JapaneseVocabulary, shares: Shares
) -> Residents:
    """Give the people names, numbers and addresses."""
    family_names, given_names = names.family, names.given
    count = len(people)
    family = draw(rng, family_names.weight, int(people.household[-1]) + 1)[people.household]
    man = draw(rng, given_names.weight * names.men, count)
    given = np.where(people.female, draw(rng, given_names.weight * names.women, count), man)
    given = _kin_names(rng, people, names, given, shares)
    people, family, given = with_namesakes(rng, people, family, given, shares)
    latin_family, latin_given = take(family_names.latin, family), take(given_names.latin, given)
    places = make_places(people)
    mobile = make_mobiles(rng, 2 * count, shares.mobile)
    email = make_emails(rng, JAPANESE, latin_family, latin_given, shares.email)
    head = people.head
    with_head = chance(rng, count, shares.shared_mobile)
    mail_with_head = chance(rng, count, shares.shared_email)
    first = mobile.at(np.where(with_head, head, np.arange(count)))
    return Residents(
        people=people,
        family_names=family_names,
        given_names=given_names,
        family=family,
        married_family=draw(rng, family_names.weight, count),
        given=given,
        old_form=chance(rng, count, shares.name_variant)[head],
        mobile=first,
        mobile_after=mobile.at(count + np.arange(count)),
        email=take(email, np.where(mail_with_head, head, np.arange(count))),
        email_after=make_emails(rng, JAPANESE, latin_given, latin_family, shares.email),
        addresses=make_addresses(rng, names.towns, places.count, shares),
        places=places,
    )


def _kin_names(
    rng: np.random.Generator,
    people: People,
    names: JapaneseVocabulary,
    given: Ints,
    shares: Shares,
) -> Ints:
    """Let some children, siblings and twins share a character with the one before."""
    count = len(people)
    kin = (people.place == CHILD) | (people.place == SIBLING)
    at = np.flatnonzero(
        (kin & chance(rng, count, shares.kin_name)) | (people.twin & chance(rng, count, 0.5))
    )
    new = names.given.kin.another(rng, given[at - 1])
    fits = np.where(people.female[at], names.women[new], names.men[new])
    result = given.copy()
    result[at[fits]] = new[fits]
    return result
