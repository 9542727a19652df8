"""How Japanese cells are written: phones, postal codes, addresses, dates, in all their forms."""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custseg.demo.dates import calendar, iso_dates, wrong_dates
from custseg.demo.japanese_people import Addresses, Phone
from custseg.demo.noise import digit_typo, emptied, wide
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

EMPTY_WORDS: Final = ("なし", "不明", "-", "未登録", "ー", "N/A")
"""What people write into a cell that must not be empty."""

SHOP_PHONE: Final = "03-3550-0100"
NO_PHONES: Final = ("000-0000-0000", "0000000000", "09000000000", "03-0000-0000", "999-9999-9999")

_KANJI_DIGITS: Final = words(["", *"一二三四五六七八九"])
_ERAS: Final = (
    (np.datetime64("2019-05-01"), 2018, "令和", "R"),
    (np.datetime64("1989-01-08"), 1988, "平成", "H"),
    (np.datetime64("1926-12-25"), 1925, "昭和", "S"),
    (np.datetime64("1912-07-30"), 1911, "大正", "T"),
)


def phone_cells(
    rng: np.random.Generator, phone: Phone, shares: Shares, missing: float, spoiled: float
) -> pa.Array:
    """Write phones in the ways people do, with the errors they make.

    Parameters
    ----------
    missing
        Share that is left out.
    spoiled
        1 for a file that has been through a spreadsheet, 0 for one that has not.
    """
    count = len(phone.area)
    area, exchange, line = phone.area, phone.exchange, phone.line

    def separated(between: str) -> pa.Array:
        return join(area, exchange, line, sep=between)

    plain, hyphens = separated(""), separated("-")
    short = pc.utf8_slice_codeunits(plain, 1)
    code = draw(rng, (50, 26, 6, 3, 3, 2), count)
    code = np.where(chance(rng, count, shares.lost_zero * spoiled), 6, code)
    cells = mixed(
        code,
        lambda rows: take(hyphens, rows),
        lambda rows: take(plain, rows),
        lambda rows: join(take(area, rows), "(", take(exchange, rows), ")", take(line, rows)),
        lambda rows: take(separated(" "), rows),
        lambda rows: join("+81 ", pc.utf8_slice_codeunits(take(hyphens, rows), 1)),
        lambda rows: join("TEL:", take(hyphens, rows)),
        lambda rows: take(short, rows),
    )
    cells = edited(cells, chance(rng, count, 0.05), wide, rng)
    cells = edited(cells, chance(rng, count, shares.typo_phone), digit_typo, rng)
    cells = where(~filled(plain), None, cells)
    cells = where(
        filled(plain) & chance(rng, count, shares.placeholder), picked(rng, NO_PHONES, count), cells
    )
    return emptied(rng, cells, missing, shares, EMPTY_WORDS)


def postal_cells(rng: np.random.Generator, code: pa.Array, shares: Shares) -> pa.Array:
    """Write postal codes; some have lost their zero, some a digit is wrong."""
    count = len(code)
    hyphen = join(pc.utf8_slice_codeunits(code, 0, 3), pc.utf8_slice_codeunits(code, 3, 7), sep="-")
    cells = mixed(
        draw(rng, (62, 25, 7), count),
        lambda rows: take(hyphen, rows),
        lambda rows: take(code, rows),
        lambda rows: join("〒", take(hyphen, rows)),
    )
    cells = edited(cells, chance(rng, count, 0.04), wide, rng)
    cells = where(chance(rng, count, shares.lost_zero), pc.utf8_ltrim(code, "0"), cells)
    cells = edited(cells, chance(rng, count, shares.typo_postal), digit_typo, rng)
    return emptied(rng, cells, shares.missing_postal, shares, EMPTY_WORDS)


def block_cells(rng: np.random.Generator, at: Addresses, shares: Shares) -> pa.Array:
    """Write 丁目, 番 and 号, or hyphens, or full-width or Chinese digits."""
    count = len(at.chome)
    chome, ban, go = digits(at.chome), digits(at.ban), digits(at.go)
    kanji = take(_KANJI_DIGITS, at.chome)
    numbers = join(ban, go, sep="-")
    numbers = where(at.chome > 0, join(chome, numbers, sep="-"), numbers)
    form = np.where(
        at.chome > 0, draw(rng, (52, 20, 12, 16), count), draw(rng, (60, 25, 0, 0, 15), count)
    )
    cells = mixed(
        np.where((at.chome == 0) & (form == 1), 5, form),
        lambda rows: take(numbers, rows),
        lambda rows: join(take(chome, rows), "丁目", take(ban, rows), "番", take(go, rows), "号"),
        lambda rows: join(take(kanji, rows), "丁目", take(ban, rows), "-", take(go, rows)),
        lambda rows: join(take(chome, rows), "丁目", take(ban, rows), "-", take(go, rows)),
        lambda rows: join(take(ban, rows), "番地の", take(go, rows)),
        lambda rows: join(take(ban, rows), "番地", take(go, rows)),
    )
    cells = edited(cells, chance(rng, count, 0.15), wide, rng)
    cells = edited(cells, chance(rng, count, shares.typo_street), digit_typo, rng)
    return where(chance(rng, count, shares.no_block), "", cells)


def building_cells(rng: np.random.Generator, at: Addresses, shares: Shares) -> pa.Array:
    """Write the building and the flat, or leave them out."""
    count = len(at.room)
    room = digits(at.room)
    cells = mixed(
        draw(rng, (40, 30, 20, 10), count),
        lambda rows: join(take(at.building, rows), take(room, rows), "号室"),
        lambda rows: join(take(at.building, rows), take(room, rows), sep=" "),
        lambda rows: join(take(at.building, rows), take(room, rows)),
        lambda rows: join(take(at.building, rows), take(room, rows), sep="　"),
    )
    gone = ~filled(at.building) | chance(rng, count, shares.no_building)
    return where(gone, "", edited(cells, chance(rng, count, 0.1), wide, rng))


def address_cells(rng: np.random.Generator, at: Addresses, shares: Shares) -> pa.Array:
    """Write whole addresses into one cell."""
    count = len(at.room)
    prefecture = where(chance(rng, count, shares.no_prefecture), "", at.prefecture)
    building = building_cells(rng, at, shares)
    gap = where(filled(building), picked(rng, (" ", "　", ""), count), words([""] * count))
    cells = join(prefecture, at.city, at.town, block_cells(rng, at, shares), gap, building)
    return emptied(rng, cells, shares.missing_address, shares, EMPTY_WORDS)


def birth_cells(rng: np.random.Generator, birth: Days, shares: Shares, eras: float) -> pa.Array:
    """Write birth dates, a share `eras` of them by the Japanese calendar."""
    count = len(birth)
    day = wrong_dates(rng, birth, shares)
    year, month, of_month = calendar(day)
    era_name, era_letter, era_year = _era_parts(day, year)
    base = (0.0, 0.0, 0.0, 4 * eras / 10, 3 * eras / 10, 2 * eras / 10, eras / 10)
    plain = (0.6 * (1 - eras), 0.3 * (1 - eras), 0.1 * (1 - eras))
    cells = mixed(
        draw(rng, plain + base[3:], count),
        lambda rows: iso_dates(day[rows]),
        lambda rows: join(digits(year[rows]), digits(month[rows]), digits(of_month[rows]), sep="/"),
        lambda rows: pc.replace_substring(iso_dates(day[rows]), "-", ""),
        lambda rows: join(
            take(era_name, rows), take(era_year, rows), "年", digits(month[rows]), "月",
            digits(of_month[rows]), "日",
        ),
        lambda rows: join(
            join(take(era_letter, rows), take(era_year, rows)), digits(month[rows], 2),
            digits(of_month[rows], 2), sep=".",
        ),
        lambda rows: join(
            join(take(era_letter, rows), take(era_year, rows)), digits(month[rows]),
            digits(of_month[rows]), sep="/",
        ),
        lambda rows: join(
            digits(year[rows]), "年", digits(month[rows]), "月", digits(of_month[rows]), "日"
        ),
    )  # fmt: skip
    no_date = picked(rng, ("1900-01-01", "1900/1/1", "9999-12-31"), count)
    cells = where(chance(rng, count, shares.placeholder), no_date, cells)
    return emptied(rng, cells, shares.missing_birth, shares, EMPTY_WORDS)


def _era_parts(day: Days, year: Ints) -> tuple[pa.Array, pa.Array, pa.Array]:
    start = np.array([era[0] for era in _ERAS]).astype(np.int64)
    era = np.argmax(day[:, np.newaxis] >= start, axis=1)
    number = year - np.array([era[1] for era in _ERAS])[era]
    name, letter = words([era[2] for era in _ERAS]), words([era[3] for era in _ERAS])
    return take(name, era), take(letter, era), where(number == 1, "元", digits(number))
