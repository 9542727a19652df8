"""The exports of a Japanese shop: the tills' member file and the web shop's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custseg.demo.dates import calendar, iso_dates
from custseg.demo.japanese_cells import (
    EMPTY_WORDS,
    SHOP_PHONE,
    address_cells,
    birth_cells,
    block_cells,
    building_cells,
    phone_cells,
    postal_cells,
)
from custseg.demo.japanese_people import (
    Addresses,
    Phone,
)
from custseg.demo.japanese_residents import Residents
from custseg.demo.model import BrokenLine, DemoFile
from custseg.demo.names import JapaneseNames
from custseg.demo.noise import email_slip, emptied, kana_slip, thinned, typo
from custseg.demo.people import (
    YEAR,
    Records,
    place_of,
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
    mixed,
    picked,
    take,
    where,
    words,
)

STORE_FILE: Final = "store_members.csv"
WEB_FILE: Final = "web_members.csv"

STORES: Final = ("本店", "駅前店", "みなと店", "さくら通り店", "中央店")
_ADDRESS: Final = ("都道府県", "市区町村", "番地", "建物名")
_UNQUOTED: Final = (
    "99999001,見本 一郎,ﾐﾎﾝ ｲﾁﾛｳ,,105-0011,東京都港区芝公園4-2-8,別館,2階,S55.1.1,男,2020/1/1,本店"
    ",0,1,可"
)
_CUT_OFF: Final = 'W9999001,見本,"花子,ミホン'


@dataclass(frozen=True, slots=True)
class _Now:
    """What is true of each record's person on the record's day."""

    family: Ints
    given: Ints
    old_form: Mask
    female: Mask
    mobile: Phone
    email: pa.Array
    address: Addresses


def _now(rng: np.random.Generator, residents: Residents, records: Records, shares: Shares) -> _Now:
    people, person, day = residents.people, records.person, records.day
    count = len(records)
    family = np.where(
        day >= people.married[person], residents.married_family[person], residents.family[person]
    )
    family = _homophones(rng, residents.family_names, family, shares.homophone / 4)
    given = _homophones(rng, residents.given_names, residents.given[person], shares.homophone)
    at = place_of(people, residents.places, records)
    every = residents.addresses
    child = (day - people.birth[person]) / YEAR < 12
    mobile = residents.mobile.at(np.where(child, people.head[person], person)).otherwise(
        day >= people.new_mobile[person], residents.mobile_after.at(person)
    )
    return _Now(
        family=family,
        given=given,
        old_form=residents.old_form[person] ^ chance(rng, count, shares.name_variant),
        female=people.female[person] ^ chance(rng, count, shares.gender_wrong),
        mobile=mobile,
        email=where(
            day >= people.new_email[person],
            take(residents.email_after, person),
            take(residents.email, person),
        ),
        address=Addresses(
            postal_code=take(every.postal_code, at),
            prefecture=take(every.prefecture, at),
            city=take(every.city, at),
            town=take(every.town, at),
            chome=every.chome[at],
            ban=every.ban[at],
            go=every.go[at],
            building=take(every.building, at),
            room=every.room[at],
            landline=every.landline.at(at),
        ),
    )


def _homophones(rng: np.random.Generator, names: JapaneseNames, index: Ints, share: float) -> Ints:
    return np.where(chance(rng, len(index), share), names.homophones.another(rng, index), index)


def store_file(
    rng: np.random.Generator, residents: Residents, records: Records, shares: Shares
) -> DemoFile:
    """Write the tills' members: cp932, one column a thing, filled in by hand at the counter."""
    now = _now(rng, residents, records, shares)
    count = len(records)
    prefers_mobile = chance(rng, count, 0.68)
    has_mobile, has_landline = filled(now.mobile.area), filled(now.address.landline.area)
    use_mobile = has_mobile & (prefers_mobile | ~has_landline)
    phone = now.address.landline.otherwise(use_mobile, now.mobile)
    phones = phone_cells(rng, phone, shares, shares.missing_phone, 1.0)
    second = join(now.mobile.area, now.mobile.exchange, now.mobile.line, sep="-")
    both = filled(phones) & has_mobile & ~use_mobile & chance(rng, count, 8 * shares.several_values)
    phones = where(both, join(phones, second, sep=" / "), phones)
    phones = where(chance(rng, count, shares.phone_shop), SHOP_PHONE, phones)
    names = _full_names(rng, residents, now, shares)
    reading = _readings(rng, residents, now, shares)
    visits = rng.integers(0, 400, count)
    table = pa.table(
        {
            "会員番号": member_numbers(records, 8, ""),
            "氏名": names,
            "フリガナ": emptied(rng, reading, shares.missing_kana, shares, EMPTY_WORDS),
            "電話番号": phones,
            "郵便番号": postal_cells(rng, now.address.postal_code, shares),
            "住所": address_cells(rng, now.address, shares),
            "生年月日": birth_cells(rng, residents.people.birth[records.person], shares, 0.55),
            "性別": _genders(rng, now.female, ("男", "女"), ("1", "2"), shares),
            "登録日": _slashed(records),
            "登録店舗": picked(rng, STORES, count),
            "ポイント残高": digits((rng.exponential(600, count)).astype(np.int64)),
            "来店回数": digits(1 + visits // 20),
            "DM可否": picked(rng, ("可", "可", "可", "可", "否", "否", ""), count),
        }
    )
    table = thinned(
        rng,
        table,
        shares.sparse,
        contacts=("電話番号", "住所"),
        others=("フリガナ", "郵便番号", "生年月日", "性別"),
    )
    table = _garbled(table, "氏名", "cp932")
    broken = (
        BrokenLine(count // 3, _UNQUOTED),
        BrokenLine(count, f"合計件数,{count}"),
        BrokenLine(count, "*** 出力終了 ***"),
    )
    return DemoFile(
        name=STORE_FILE,
        content="customers",
        table=table,
        encoding="cp932",
        line_end="\r\n",
        broken=broken,
    )


def web_file(
    rng: np.random.Generator, residents: Residents, records: Records, shares: Shares
) -> DemoFile:
    """Write the web shop's members: UTF-8 with a byte order mark, typed in by themselves."""
    now = _now(rng, residents, records, shares)
    count = len(records)
    family, given = _written(residents, now)
    family_kana = take(residents.family_names.kana, now.family)
    given_kana = take(residents.given_names.kana, now.given)
    swapped = chance(rng, count, shares.swapped)
    family, given = where(swapped, given, family), where(swapped, family, given)
    whole = chance(rng, count, shares.whole_name)
    family, given = where(whole, join(family, given), family), where(whole, None, given)
    family = edited(family, chance(rng, count, shares.typo_name / 2), typo, rng)
    given = edited(given, chance(rng, count, shares.typo_name / 2), typo, rng)
    kana = [
        edited(reading, chance(rng, count, shares.typo_kana / 2), kana_slip, rng)
        for reading in (family_kana, given_kana)
    ]
    no_kana = chance(rng, count, shares.missing_kana / 2)
    email = edited(now.email, chance(rng, count, shares.typo_email), email_slip, rng)
    email = where(chance(rng, count, 0.06), pc.utf8_upper(email), email)
    address = now.address
    away = chance(rng, count, shares.missing_address)
    table = pa.table(
        {
            "会員ID": member_numbers(records, 7, "W"),
            "姓": family,
            "名": given,
            "セイ": where(no_kana, None, kana[0]),
            "メイ": where(no_kana, None, kana[1]),
            "メールアドレス": emptied(rng, email, shares.missing_email, shares, EMPTY_WORDS),
            "電話番号": phone_cells(rng, address.landline, shares, shares.missing_phone, 0.3),
            "携帯電話番号": phone_cells(rng, now.mobile, shares, shares.missing_phone, 0.3),
            "郵便番号": postal_cells(rng, address.postal_code, shares),
            "都道府県": where(away, None, address.prefecture),
            "市区町村": where(away, None, address.city),
            "番地": where(away, None, join(address.town, block_cells(rng, address, shares))),
            "建物名": where(away, None, building_cells(rng, address, shares)),
            "生年月日": birth_cells(rng, residents.people.birth[records.person], shares, 0.0),
            "性別": _genders(rng, now.female, ("男性", "女性"), ("M", "F"), shares),
            "メルマガ": picked(rng, ("希望する", "希望する", "希望しない"), count),
            "会員登録日時": join(iso_dates(records.day), _times(rng, count), sep=" "),
        }
    )
    table = thinned(
        rng,
        table,
        shares.sparse,
        contacts=("メールアドレス", "携帯電話番号"),
        others=("電話番号", "郵便番号", *_ADDRESS, "生年月日", "性別"),
    )
    table = _garbled(table, "市区町村", "cp1252")
    return DemoFile(
        name=WEB_FILE,
        content="customers",
        table=table,
        encoding="utf-8-sig",
        broken=(BrokenLine(count // 2, _CUT_OFF),),
    )


def member_numbers(records: Records, width: int, prefix: str) -> pa.Array:
    """Number the records of a file as they came, with gaps where members were deleted."""
    number = 1001 + np.arange(len(records)) * 3 + records.person % 3
    return join(prefix, digits(number, width))


def _written(residents: Residents, now: _Now) -> tuple[pa.Array, pa.Array]:
    family = where(
        now.old_form,
        take(residents.family_names.variant, now.family),
        take(residents.family_names.written, now.family),
    )
    return family, take(residents.given_names.written, now.given)


def _full_names(
    rng: np.random.Generator, residents: Residents, now: _Now, shares: Shares
) -> pa.Array:
    count = len(now.family)
    family, given = _written(residents, now)
    rare = (shares.title, 0.012, 0.004, shares.swapped)
    cells = mixed(
        draw(rng, (0.45, 0.26, 0.29 - sum(rare), *rare), count),
        lambda rows: join(take(family, rows), take(given, rows), sep=" "),
        lambda rows: join(take(family, rows), take(given, rows), sep="　"),
        lambda rows: join(take(family, rows), take(given, rows)),
        lambda rows: join(take(family, rows), " ", take(given, rows), "様"),
        lambda rows: join(
            take(residents.family_names.kana, now.family[rows]),
            take(residents.given_names.kana, now.given[rows]),
            sep=" ",
        ),
        lambda rows: pc.utf8_upper(
            join(
                take(residents.family_names.latin, now.family[rows]),
                take(residents.given_names.latin, now.given[rows]),
                sep=" ",
            )
        ),
        lambda rows: join(take(given, rows), take(family, rows), sep=" "),
    )
    return edited(cells, chance(rng, count, shares.typo_name), typo, rng)


def _readings(
    rng: np.random.Generator, residents: Residents, now: _Now, shares: Shares
) -> pa.Array:
    count = len(now.family)
    family, given = residents.family_names, residents.given_names
    cells = mixed(
        draw(rng, (55, 12, 25, 8), count),
        lambda rows: join(
            take(family.half, now.family[rows]), take(given.half, now.given[rows]), sep=" "
        ),
        lambda rows: join(take(family.half, now.family[rows]), take(given.half, now.given[rows])),
        lambda rows: join(
            take(family.kana, now.family[rows]), take(given.kana, now.given[rows]), sep="　"
        ),
        lambda rows: join(
            take(family.hira, now.family[rows]), take(given.hira, now.given[rows]), sep=" "
        ),
    )
    return edited(cells, chance(rng, count, shares.typo_kana), kana_slip, rng)


def _genders(
    rng: np.random.Generator,
    female: Mask,
    usual: tuple[str, str],
    other: tuple[str, str],
    shares: Shares,
) -> pa.Array:
    code = female + 2 * chance(rng, len(female), 0.06)
    cells = take(words([*usual, *other]), code)
    return where(chance(rng, len(female), shares.missing_gender), None, cells)


def _slashed(records: Records) -> pa.Array:
    year, month, day = calendar(records.day)
    return join(digits(year), digits(month), digits(day), sep="/")


def _times(rng: np.random.Generator, count: int) -> pa.Array:
    second = rng.integers(6 * 3600, 24 * 3600, count)
    return join(
        digits(second // 3600, 2), digits(second // 60 % 60, 2), digits(second % 60, 2), sep=":"
    )


def _garbled(table: pa.Table, name: str, encoding: str) -> pa.Table:
    """Read the first two cells that allow it, from the middle on, in the wrong encoding."""
    column = table.column(name).combine_chunks()
    cells: list[str | None] = column.to_pylist()
    left = 2
    for row in range(len(cells) // 2, len(cells)):
        wrong = _misread(cells[row] or "", encoding)
        if left and wrong:
            cells[row], left = wrong, left - 1
        if not left:
            break
    return table.set_column(table.schema.get_field_index(name), name, pa.array(cells, pa.string()))


def _misread(cell: str, encoding: str) -> str | None:
    try:
        return cell.encode("utf-8").decode(encoding)
    except UnicodeDecodeError:
        return None
