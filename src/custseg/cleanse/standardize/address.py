"""Whole addresses: Japanese ones against the postal data, others by their form."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from custseg.cleanse.standardize.address_keys import address_key
from custseg.cleanse.standardize.base import Cell, Context, Settled, Standardizer, Status
from custseg.cleanse.standardize.characters import IDEOGRAPH
from custseg.cleanse.standardize.country import country_code, country_codes
from custseg.cleanse.standardize.english_address import looks_english, standardize_english
from custseg.cleanse.standardize.english_address_bulk import take_apart
from custseg.cleanse.standardize.japan_address import bulk as japan_address
from custseg.cleanse.standardize.japan_address.cell import standardize_japanese, standardize_romaji
from custseg.cleanse.standardize.japan_address.gazetteer import PREFECTURES
from custseg.cleanse.standardize.japan_address.parse import parse
from custseg.cleanse.standardize.japan_address.spelling import is_japanese
from custseg.cleanse.standardize.text import clean
from custseg.fields.roles import Role

PARTS: Final = (
    *("prefecture", "city", "town", "block", "building"),
    *("street", "unit", "state", "postal_code"),
)

_LETTERS: Final = re.compile(r"[^\W\d_]")
_BEGIN_PREFECTURES: Final = frozenset(name[0] for name in PREFECTURES)
_IN_JAPAN: Final = re.compile(r"\bjapan\W*$", re.IGNORECASE)
_OTHER_IDEOGRAPHS: Final = frozenset({"CN", "TW", "HK", "MO"})


def standardize_address(
    value: str,
    context: Context,
    postal_code: str = "",
    prefecture: str = "",
    city: str = "",
    country: str = "",
) -> Cell:
    """Standardize a whole address and take it apart.

    Parameters
    ----------
    value
        The cell.
    context
        Its country is that of rows that name none.
    postal_code, prefecture, city, country
        Cells of these columns in the same row; "" for none.

    Returns
    -------
    Cell
        With parts in the order of :data:`PARTS`.
    """
    if not country and value[:1] in _BEGIN_PREFECTURES:
        return standardize_japanese(value, postal_code, prefecture, city)
    named = country and country_code(country)
    where = named or context.country
    if (is_japanese(value) and named not in _OTHER_IDEOGRAPHS) or (
        where == "JP" and not _LETTERS.search(value)
    ):
        return standardize_japanese(value, postal_code, prefecture, city)
    if where == "JP" or _IN_JAPAN.search(value):
        return standardize_romaji(value) or standardize_english(value, where)
    return standardize_english(value, where)


def shortcut(
    values: pa.Array,
    context: Context,
    postal_code: pa.Array,
    prefecture: pa.Array,
    city: pa.Array,
    country: pa.Array,
) -> Settled:
    """Settle Japanese and American addresses in their usual forms."""
    named = country_codes(country, "")
    here = pc.if_else(pc.equal(named, ""), context.country, named)
    elsewhere = pc.is_in(named, value_set=pa.array(sorted(_OTHER_IDEOGRAPHS)))
    japanese = _true(pc.and_not(pc.match_substring_regex(values, IDEOGRAPH), elsewhere))
    american = _true(pc.equal(here, "US"))
    at = pa.array(japanese)
    usual = japan_address.take_apart(
        *(array.take(at) for array in (values, postal_code, prefecture, city))
    )
    whole = take_apart(values.take(pa.array(american)))
    settled = np.concatenate([japanese[usual.places], american[whole.places]])
    place = np.full(len(values), -1, dtype=np.int32)
    place[settled] = np.arange(len(settled))
    mask = place >= 0
    where = pa.array(place, mask=~mask)
    columns = (
        *((usual.value, whole.value), (usual.reason, None), (usual.prefecture, None)),
        *((usual.city, whole.city), (usual.town, None), (usual.block, None)),
        *((usual.building, None), (usual.street, whole.street), (None, whole.unit)),
        *((None, whole.state), (usual.postal_code, whole.postal_code)),
    )
    lengths = (len(usual.places), len(whole.places))
    value, reason, *parts = (
        pa.concat_arrays(
            [
                pa.nulls(length, pa.string()) if array is None else array
                for array, length in zip(pair, lengths, strict=True)
            ]
        ).take(where)
        for pair in columns
    )
    same = pc.fill_null(pc.equal(value, values), False).to_numpy(zero_copy_only=False)
    status = np.where(same, Status.VALID, Status.STANDARDIZED).astype(np.int8)
    return Settled(mask, value, status, tuple(parts), reason)


def _true(mask: pa.Array) -> npt.NDArray[np.int64]:
    return np.flatnonzero(mask.to_numpy(zero_copy_only=False))


def likeness(values: Sequence[str]) -> float:
    """Share of values that are whole addresses, or street lines in English."""
    return sum(_is_address(value) for value in values) / len(values)


def _is_address(value: str) -> bool:
    text = clean(value)[0]
    if not is_japanese(text):
        return looks_english(text)
    address = parse(text)
    return address.certain and bool(address.town or address.block)


ADDRESS: Final = Standardizer(
    cell=standardize_address,
    parts=PARTS,
    neighbors=("postal_code", "prefecture", "city", "country"),
    fills=("postal_code", "prefecture", "city", "state"),
    shortcut=shortcut,
    key=address_key,
)

ROLES: Final = (
    Role(
        name="address",
        label={"en": "address", "ja": "住所"},
        about=(
            "A whole address. A Japanese one is completed and spelled after Japan Post's list, "
            "taken apart, and checked against the postal code beside it."
        ),
        headers=(
            *("address", "full address", "addr", "mailing address", "postal address"),
            *("home address", "residential address", "complete address", "address full"),
            *("billing address", "customer address", "contact address", "location", "address text"),
            *(
                "住所",
                "ご住所",
                "御住所",
                "住所1",
                "現住所",
                "所在地",
                "自宅住所",
                "住所全体",
                "全住所",
            ),
            *(
                "会員住所",
                "顧客住所",
                "居住地",
                "連絡先住所",
                "登録住所",
                "アドレス(住所)",
                "本社所在地",
            ),
            *("住所(漢字)", "住所漢字", "送付先住所", "請求先住所", "住所1(都道府県〜番地)"),
        ),
        likeness=likeness,
        standardizer=ADDRESS,
        examples=(
            ("千代田区丸ノ内１丁目２－３", "東京都千代田区丸の内1-2-3"),
            ("北区平野上柳町61-1", "京都府京都市北区平野上柳町61-1"),
            (
                "大阪市北区梅田3丁目1番3号ノースゲートビル15F",
                "大阪府大阪市北区梅田3-1-3 ノースゲートビル15F",
            ),
            (
                "123 Main St. Apt. 4B, New York, NY 10001-1234",
                "123 Main St Apt 4B, New York, NY 10001-1234",
            ),
        ),
        telling=0.9,
        several=True,
    ),
)
