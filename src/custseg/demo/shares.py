"""How messy the made exports are: every share in one place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

FIRST_DAY: Final = date(2014, 4, 1)
"""The day the invented shop opened: nobody registered before."""
ORDERS_FROM: Final = date(2023, 1, 1)
"""The first day of the order export; who bought before and never since has no order in it."""
LAST_DAY: Final = date(2025, 12, 31)
"""The day of the export: nothing happens after."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """Shares (of 1) and yearly rates of everything that makes an export hard.

    A share is of the records that have the thing at all: `phone_shop` is the share of the
    records with a phone that carry the shop's own. A rate is per person, or household, a year.

    Attributes
    ----------
    records_per_person
        Persons with 1, 2, 3 … records; 28.5 % have several.
    household_sizes
        Households with 1, 2, 3 … customers; about 30 % of persons share theirs.
    crossing
        A further record of a person stands in the other file (where there are two).
    registered_again
        A further record was made within a month, by someone who forgot the first.
    twin
        Children or siblings of one household born the same day as the one before.
    kin_name
        Given names that share their first character with kin (Japanese), or sons who have
        their father's name (English).
    namesake
        Persons with the full name and the birth date of a stranger.
    move_rate, move_out_rate, marriage_rate, email_rate, mobile_rate
        Yearly rates: a household moves, a grown child leaves it, a woman of 22 to 45 takes
        another family name, an address or number is changed.
    marriage_moves
        Marriages with which the person moves as well.
    building, landline, mobile, email
        Households in a building of flats, households with a landline, persons with the rest.
    shared_mobile, shared_email
        Members of a household who give the number, or the address, of its head.
    name_variant
        Records with an old or new form of a character of the family name (髙橋, 高橋).
    homophone
        Records with other characters for the same reading (裕子, 祐子); nicknames in English.
    swapped
        Family and given name the wrong way round.
    whole_name
        Web records with the whole name in the field of the family name.
    typo_name, typo_kana, typo_phone, typo_postal, typo_birth, typo_street, typo_email
        One typing error in the cell.
    missing_kana, missing_phone, missing_postal, missing_address, missing_birth, missing_email,
    missing_gender
        Cells that are empty, or hold a word that means so.
    sparse
        Records of people who gave a name and one way to reach them, nothing else.
    null_marker
        Of the empty cells, those that hold such a word (なし, 不明, N/A, -).
    no_prefecture, no_building, no_block
        Addresses without their first part, without the building, without the number.
    lost_zero
        Phones and postal codes that lost their leading zero to a spreadsheet.
    several_values
        Cells with two phones, or two addresses.
    placeholder
        Phones such as 000-0000-0000, birth dates such as 1900-01-01.
    phone_shop
        Records with the shop's own number.
    title
        Names with 様, Mr. or the like.
    gender_wrong
        Records with the other gender.
    buyers
        Persons with orders.
    order_no_customer, order_cancelled, order_returned, order_campaign
        Orders made without a card, cancelled, with a line sent back, under a campaign.
    """

    records_per_person: tuple[float, ...] = (0.715, 0.215, 0.05, 0.015, 0.005)
    household_sizes: tuple[float, ...] = (0.86, 0.08, 0.035, 0.02, 0.005)
    crossing: float = 0.7
    registered_again: float = 0.3
    twin: float = 0.1
    kin_name: float = 0.25
    namesake: float = 0.0006
    move_rate: float = 0.035
    move_out_rate: float = 0.03
    marriage_rate: float = 0.015
    email_rate: float = 0.06
    mobile_rate: float = 0.03
    marriage_moves: float = 0.6
    building: float = 0.42
    landline: float = 0.5
    mobile: float = 0.92
    email: float = 0.9
    shared_mobile: float = 0.07
    shared_email: float = 0.07
    name_variant: float = 0.25
    homophone: float = 0.02
    swapped: float = 0.008
    whole_name: float = 0.01
    typo_name: float = 0.015
    typo_kana: float = 0.015
    typo_phone: float = 0.015
    typo_postal: float = 0.012
    typo_birth: float = 0.02
    typo_street: float = 0.025
    typo_email: float = 0.015
    missing_kana: float = 0.12
    missing_phone: float = 0.12
    missing_postal: float = 0.08
    missing_address: float = 0.08
    missing_birth: float = 0.18
    missing_email: float = 0.1
    missing_gender: float = 0.1
    sparse: float = 0.03
    null_marker: float = 0.12
    no_prefecture: float = 0.2
    no_building: float = 0.35
    no_block: float = 0.02
    lost_zero: float = 0.03
    several_values: float = 0.01
    placeholder: float = 0.008
    phone_shop: float = 0.006
    title: float = 0.02
    gender_wrong: float = 0.006
    buyers: float = 0.75
    order_no_customer: float = 0.05
    order_cancelled: float = 0.025
    order_returned: float = 0.015
    order_campaign: float = 0.18
