"""What the people of a Japanese shop are called, where they live, how they are reached."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa

from custseg.demo.shares import Shares
from custseg.demo.text import (
    Ints,
    Mask,
    chance,
    digits,
    draw,
    join,
    picked,
    take,
    where,
    words,
)

PREFECTURES: Final = {
    "北海道": (51, "011", "27"), "青森県": (12, "017", "7"), "岩手県": (12, "019", "6"),
    "宮城県": (23, "022", "23"), "秋田県": (9, "018", "8"), "山形県": (10, "023", "6"),
    "福島県": (18, "024", "5"), "茨城県": (28, "029", "2"), "栃木県": (19, "028", "6"),
    "群馬県": (19, "027", "2"), "埼玉県": (73, "048", "68"), "千葉県": (63, "043", "2"),
    "東京都": (140, "03", "356"), "神奈川県": (92, "045", "369"), "新潟県": (21, "025", "2"),
    "富山県": (10, "076", "4"), "石川県": (11, "076", "2"), "福井県": (7, "0776", "2"),
    "山梨県": (8, "055", "2"), "長野県": (20, "026", "2"), "岐阜県": (19, "058", "2"),
    "静岡県": (36, "054", "2"), "愛知県": (75, "052", "79"), "三重県": (17, "059", "2"),
    "滋賀県": (14, "077", "5"), "京都府": (25, "075", "37"), "大阪府": (88, "06", "6"),
    "兵庫県": (54, "078", "39"), "奈良県": (13, "0742", "2"), "和歌山県": (9, "073", "4"),
    "鳥取県": (5, "0857", "2"), "島根県": (6, "0852", "2"), "岡山県": (18, "086", "2"),
    "広島県": (27, "082", "25"), "山口県": (13, "083", "9"), "徳島県": (7, "088", "6"),
    "香川県": (9, "087", "8"), "愛媛県": (13, "089", "9"), "高知県": (7, "088", "8"),
    "福岡県": (51, "092", "47"), "佐賀県": (8, "0952", "2"), "長崎県": (13, "095", "8"),
    "熊本県": (17, "096", "3"), "大分県": (11, "097", "5"), "宮崎県": (10, "0985", "2"),
    "鹿児島県": (15, "099", "2"), "沖縄県": (15, "098", "8"),
}  # fmt: skip
"""By prefecture: people in 100,000, an area code, digits its exchanges begin with."""

_HOME: Final = ("東京都", "神奈川県", "埼玉県", "千葉県")
_HOME_WEIGHT: Final = 4

_BUILDING_FIRST: Final = (
    "メゾン", "コーポ", "グラン", "サンライズ", "パーク", "リバーサイド", "シティ", "ハイツ",
    "プレミア", "エスポワール", "フローラル", "ルミエール", "第二", "みどり", "あおぞら",
)  # fmt: skip
_BUILDING_LAST: Final = (
    "ハイツ", "マンション", "レジデンス", "コート", "ハイム", "荘", "ヒルズ", "テラス", "ビル",
    "ガーデン", "アネックス", "壱番館", "タワー",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Phone:
    """Numbers in three parts, as they are written in Japan; empty parts for none."""

    area: pa.Array
    exchange: pa.Array
    line: pa.Array

    def at(self, index: Ints) -> Phone:
        """The numbers at some positions."""
        return Phone(take(self.area, index), take(self.exchange, index), take(self.line, index))

    def otherwise(self, mask: Mask, other: Phone) -> Phone:
        """The numbers of `other` where `mask` is true."""
        return Phone(
            where(mask, other.area, self.area),
            where(mask, other.exchange, self.exchange),
            where(mask, other.line, self.line),
        )


@dataclass(frozen=True, slots=True)
class Addresses:
    """One entry an address; `chome` 0, `building` and `landline` empty where there is none."""

    postal_code: pa.Array
    prefecture: pa.Array
    city: pa.Array
    town: pa.Array
    chome: Ints
    ban: Ints
    go: Ints
    building: pa.Array
    room: Ints
    landline: Phone


def make_addresses(
    rng: np.random.Generator, postal: pa.Table, count: int, shares: Shares
) -> Addresses:
    """Make `count` addresses on real streets with invented numbers and buildings.

    Parameters
    ----------
    postal
        Columns ``postal_code``, ``prefecture``, ``city``, ``town``; one row a town.
    """
    prefecture = postal.column("prefecture").to_pylist()
    people = {
        name: size * (_HOME_WEIGHT if name in _HOME else 1)
        for name, (size, _, _) in PREFECTURES.items()
    }
    size = {name: prefecture.count(name) for name in people}
    weight = np.array([people[name] / size[name] for name in prefecture])
    pool = max(1, int(count * shares.building / 6))
    in_building = chance(rng, count, shares.building)
    site = np.where(in_building, rng.integers(0, pool, count), pool + np.arange(count))
    sites = pool + count
    street = draw(rng, weight, sites)
    chomes = rng.integers(-3, 9, len(postal)).clip(0)
    chome = (rng.random(sites) * chomes[street]).astype(np.int64) + (chomes[street] > 0)
    ban, go = rng.integers(1, 41, sites), rng.integers(1, 31, sites)
    names = join(picked(rng, _BUILDING_FIRST, pool), picked(rng, _BUILDING_LAST, pool))
    floor = 1 + (rng.random(count) ** 2 * 12).astype(np.int64)
    here = street[site]
    return Addresses(
        postal_code=take(_column(postal, "postal_code"), here),
        prefecture=take(_column(postal, "prefecture"), here),
        city=take(_column(postal, "city"), here),
        town=take(_column(postal, "town"), here),
        chome=chome[site],
        ban=ban[site],
        go=go[site],
        building=where(~in_building, "", take(names, np.where(in_building, site, 0))),
        room=floor * 100 + rng.integers(1, 13, count),
        landline=_landlines(rng, _column(postal, "prefecture"), here, shares),
    )


def _column(table: pa.Table, name: str) -> pa.Array:
    return table.column(name).combine_chunks()


def _landlines(rng: np.random.Generator, prefecture: pa.Array, here: Ints, shares: Shares) -> Phone:
    names = list(PREFECTURES)
    place = {name: index for index, name in enumerate(names)}
    which = np.array([place[name] for name in prefecture.to_pylist()])[here]
    width = np.array([len(PREFECTURES[name][1]) for name in names])[which]
    leads = np.array([[int(lead) for lead in (PREFECTURES[name][2] * 6)[:6]] for name in names])
    lead = leads[which, rng.integers(0, 6, len(here))]
    free = 10 ** (5 - width)
    scattered = (np.arange(len(here)) * 7_368_787 + rng.integers(0, 10**9)) % (free * 10_000)
    exchange = digits(lead * free + scattered // 10_000)
    none = ~chance(rng, len(here), shares.landline)
    return Phone(
        where(none, "", take(words([PREFECTURES[name][1] for name in names]), which)),
        where(none, "", exchange),
        where(none, "", digits(scattered % 10_000, 4)),
    )


def make_mobiles(rng: np.random.Generator, count: int, share: float) -> Phone:
    """Make `count` mobile numbers, no two alike, and none where the person has none."""
    scattered = (np.arange(count) * 61_234_567 + rng.integers(0, 10**9)) % 270_000_000
    rest = scattered // 3
    none = ~chance(rng, count, share)
    area = take(words(["090", "080", "070"]), scattered % 3)
    return Phone(
        where(none, "", area),
        where(none, "", digits(1000 + rest // 10_000)),
        where(none, "", digits(rest % 10_000, 4)),
    )
