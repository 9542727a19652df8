"""Amounts of money and other numbers: ¥1,234, 1万2千円, (1,234), 1.234,56 €, 金壱萬円也.

The standard value is the exact decimal text, as precise as it was written: 1234.50 keeps its
zero. The currency, where one is named, is a part of its own (ISO 4217).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custseg.cleanse.standardize.base import Cell, Context, Settled, Standardizer, Status
from custseg.cleanse.standardize.numerals import EXACT, NUMERAL_CHARACTERS, japanese_number
from custseg.cleanse.standardize.text import fold
from custseg.cleanse.standardize.words import words
from custseg.fields.roles import Role

_LONGEST: Final = 80
"""No amount is longer; what is costs no time."""

CURRENCIES: Final = {
    **{code: code for code in words("JPY USD EUR GBP CNY KRW AUD CAD CHF HKD TWD SGD THB INR")},
    **{code: code for code in words("BRL MXN NZD SEK NOK DKK PLN CZK HUF PHP IDR MYR VND ZAR")},
    **{code: code for code in words("RUB TRY ILS AED SAR")},
    "¥": "JPY",
    # The yen sign of Shift_JIS is the byte that ASCII shows as a backslash: Excel writes \1,200.
    "\\": "JPY",
    "円": "JPY",
    "圓": "JPY",
    "YEN": "JPY",
    "$": "USD",
    "US$": "USD",
    "ドル": "USD",
    "米ドル": "USD",
    "A$": "AUD",
    "AU$": "AUD",
    "豪ドル": "AUD",
    "C$": "CAD",
    "CA$": "CAD",
    "NZ$": "NZD",
    "HK$": "HKD",
    "香港ドル": "HKD",
    "NT$": "TWD",
    "台湾ドル": "TWD",
    "S$": "SGD",
    "R$": "BRL",
    "€": "EUR",
    "ユーロ": "EUR",
    "£": "GBP",
    "ポンド": "GBP",
    "₩": "KRW",
    "ウォン": "KRW",
    "元": "CNY",
    "人民元": "CNY",
    "RMB": "CNY",
    "₹": "INR",
    "฿": "THB",
    "バーツ": "THB",
    "₱": "PHP",
    "₫": "VND",
    "₽": "RUB",
    "₺": "TRY",
    "₪": "ILS",
    "FR.": "CHF",
    "ZŁ": "PLN",
    "KČ": "CZK",
}
"""Currency signs and words, in capitals; a bare ¥ is the yen, a bare $ the US dollar."""

_CURRENCY: Final = "|".join(map(re.escape, sorted(CURRENCIES, key=lambda sign: (-len(sign), sign))))

_SHELL: Final = re.compile(
    # Sign and currency in either order before the number; currency and words after it.
    rf"(?P<sign>[-+△▲▼]?)金?(?P<before>{_CURRENCY})?(?P<inner>[-+△▲▼]?)"
    r"(?P<number>[\d.,'’ _" + NUMERAL_CHARACTERS + r"]*(?:(?<=\d)E[-+]?\d{1,3})?)"
    # 100,- and 100.- say that no cents follow.
    r"(?:(?<=[.,])-{1,2})?"
    r"(?P<scale>K|M|MN|B|BN|THOUSAND|MILLION|BILLION)?"
    rf"(?P<after>{_CURRENCY})?(?P<late>-?)(?:個|点|枚|本|冊|台|袋|箱|着|足|名|人|回|セット|PCS|PIECES)?"
    r"(?:也|整|ナリ)?(?:[(]?(?:税込み?|税抜き?|税別|内税|外税|込|税)[)]?)?",
    re.IGNORECASE | re.ASCII,
)

_SCALES: Final = {
    "K": 10**3,
    "THOUSAND": 10**3,
    "M": 10**6,
    "MN": 10**6,
    "MILLION": 10**6,
    "B": 10**9,
    "BN": 10**9,
    "BILLION": 10**9,
}

_DASHES: Final = str.maketrans(dict.fromkeys("−‐‑‒–—―ー－", "-"))

_EXPONENT: Final = re.compile(r"(\d+)(?:[.,](\d+))?E([-+]?\d{1,3})", re.IGNORECASE | re.ASCII)

_STANDARD: Final = r"^(?:(?:0|-?[1-9]\d*)(?:\.\d+)?|-0\.\d*[1-9]\d*)$"
_STANDARD_TEXT: Final = re.compile(_STANDARD, re.ASCII)
_GROUPED: Final = r"^-?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?$"

_COMMA_DECIMALS: Final = r"\d\.\d{3},\d|^\D*\d+,\d{1,2}\D*$|^\D*0,\d+\D*$|\d[ '’]\d{3},\d"
_POINT_DECIMALS: Final = r"\d,\d{3}\.\d|^\D*\d+\.(?:\d{1,2}|\d{4,})\D*$|^\D*0\.\d+\D*$"


_POINT_GROUPED: Final = frozenset({"EUR", "BRL", "DKK", "TRY", "IDR", "VND"})
_POINT_AND_THREE: Final = re.compile(r"\D*[1-9]\d{0,2}\.\d{3}\D*")
"""1.234 € is a thousand in most countries of the euro, and one and a bit in the others."""


class Number(NamedTuple):
    """A number that was read: its exact text, and what was noticed on the way."""

    text: str
    currency: str | None = None
    reason: str | None = None


def standardize_amount(value: str, context: Context) -> Cell:
    """Read an amount; the value is its exact decimal text."""
    if len(value) > _LONGEST:
        return Cell(None, Status.INVALID, "not_a_number")
    if _STANDARD_TEXT.fullmatch(value) and context.decimal_mark == ".":
        return Cell(value)
    number, problem = read_number(value, context.decimal_mark)
    if number is None:
        return Cell(None, Status.INVALID, problem)
    if len(number.text) > _LONGEST:  # 1111…B: written out it is longer than any amount
        return Cell(None, Status.INVALID, "not_a_number")
    parts = (number.currency,)
    if number.currency in _POINT_GROUPED and _POINT_AND_THREE.fullmatch(value):
        return Cell(None, Status.AMBIGUOUS, "decimal_mark")
    if number.reason:
        return Cell(number.text, Status.CORRECTED, number.reason, parts)
    same = number.text == value
    return Cell(number.text, Status.VALID if same else Status.STANDARDIZED, None, parts)


def read_number(value: str, decimal_mark: str = ".") -> tuple[Number | None, str]:
    """Read a number as people write one.

    Returns
    -------
    tuple
        The number and ``""``, or None and why not.
    """
    text = fold(value).translate(_DASHES)
    if text in {"無料", "free", "Free", "FREE"}:
        return Number("0"), ""
    bracketed = len(text) > 2 and text[0] == "(" and text[-1] == ")" and text.count("(") == 1
    if bracketed:
        text = text[1:-1]
    found = _SHELL.fullmatch(re.sub(r"(?<!\d) | (?!\d)", "", text))
    if found is None or not found["number"]:
        return None, "not_a_number"
    sign = found["before"] or found["after"]
    currency = CURRENCIES[sign.upper()] if sign else None
    # ¥1,000- closes the amount, so that nobody writes more behind it; 1,000- is negative.
    late = "" if currency == "JPY" else found["late"]
    signs = [sign for sign in (found["sign"], found["inner"], late) if sign]
    if len(signs) + bracketed > 1:
        return None, "not_a_number"
    if _EXPONENT.fullmatch(found["number"]) and not found["scale"]:
        digits, problem = _expanded(found["number"])
    else:
        digits, problem = _digits(found["number"], decimal_mark)
    if digits is None:
        return None, problem
    if found["scale"]:
        digits = plain(EXACT.multiply(Decimal(digits), _SCALES[found["scale"].upper()]))
    negative = bracketed or any(sign != "+" for sign in signs)
    return Number(signed(digits, negative), currency, problem or None), ""


def plain(number: Decimal) -> str:
    """Write a decimal number without an exponent, and without zeros that nobody wrote."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def signed(digits: str, negative: bool) -> str:
    """Put the sign before a number, unless it is zero."""
    return f"-{digits}" if negative and digits.strip("0.") else digits


def _digits(number: str, decimal_mark: str) -> tuple[str | None, str]:
    """Read the number itself: digits with marks, or numerals."""
    if re.search(f"[{NUMERAL_CHARACTERS}]", number):
        read = japanese_number(re.sub(r"(?<=\d),(?=\d{3})|[ _]", "", number))
        return (None, "not_a_number") if read is None else (plain(read), "")
    groups = re.sub(r"(?<=\d)[ '’_](?=\d{3}(?!\d))", "\x00", number)
    if not re.fullmatch(r"\d[\d.,\x00]*|\.\d+", groups):
        return None, "not_a_number"
    mark = _mark(groups.replace("\x00", ""), decimal_mark)
    if mark is None:
        return None, "not_a_number"
    whole, _, fraction = groups.rpartition(mark) if mark else (groups, "", "")
    if not _well_grouped(whole) or (fraction and not fraction.isdigit()):
        return None, "not_a_number"
    whole = re.sub(r"\D", "", whole).lstrip("0") or "0"
    return (f"{whole}.{fraction}" if fraction else whole), ""


def _mark(number: str, preferred: str) -> str | None:
    """Tell which of ``.`` and ``,`` is the decimal mark; ``""`` for neither."""
    points, commas = number.count("."), number.count(",")
    if points and commas:
        last = "." if number.rindex(".") > number.rindex(",") else ","
        return last if number.count(last) == 1 else None
    if not points and not commas:
        return ""
    mark = "." if points else ","
    if max(points, commas) > 1:
        return ""
    behind = len(number) - 1 - number.index(mark)
    if mark == preferred:
        return mark
    if behind == 3 and 1 <= number.index(mark) <= 3 and number[0] != "0":
        return ""
    return mark if mark == "." or behind <= 2 or number[0] == "0" else None


def _well_grouped(whole: str) -> bool:
    """Whether thousands are parted evenly: 1,234,567, and 12,34,567 as in India."""
    if whole.isdigit() or not whole:
        return True
    mark = next(character for character in whole if not character.isdigit())
    pieces = whole.split(mark)
    if not all(piece.isdigit() for piece in pieces) or not 1 <= len(pieces[0]) <= 3:
        return False
    middle = {len(piece) for piece in pieces[1:-1]}
    return len(pieces[-1]) == 3 and (middle <= {3} or (mark == "," and middle <= {2}))


def _expanded(number: str) -> tuple[str | None, str]:
    """Expand 1.5E+3; where the digits written do not reach the units, they are lost."""
    found = _EXPONENT.fullmatch(number)
    if found is None:
        return None, "not_a_number"
    whole, fraction, exponent = found[1], found[2] or "", int(found[3])
    if exponent > len(fraction):
        return None, "excel_precision_lost"
    if exponent < -30:
        return None, "not_a_number"
    written = Decimal(f"{whole}.{fraction or 0}")
    return plain(EXACT.scaleb(written, exponent)), "scientific_notation"


def survey(values: Sequence[str], context: Context) -> Context:
    """Find out which decimal mark the column writes, from cells that leave no doubt."""
    array = pa.array(values, pa.string())

    def some(pattern: str) -> bool:
        return bool(pc.any(pc.match_substring_regex(array, pattern)).as_py())

    if some(_COMMA_DECIMALS) and not some(_POINT_DECIMALS):
        return replace(context, decimal_mark=",")
    return context


def shortcut(values: pa.Array, context: Context) -> Settled:
    """Settle numbers that are standard already, or need no more than their commas removed."""
    count = len(values)
    status = np.zeros(count, dtype=np.int8)
    if context.decimal_mark != ".":
        return Settled(np.zeros(count, dtype=np.bool_), values, status)
    short = pc.less_equal(pc.binary_length(values), _LONGEST)
    grouped = pc.match_substring_regex(values, _GROUPED)
    standard = pc.match_substring_regex(values, _STANDARD)
    mask = pc.and_(short, pc.or_(standard, grouped)).to_numpy(zero_copy_only=False)
    status[grouped.to_numpy(zero_copy_only=False)] = Status.STANDARDIZED
    without = pc.if_else(grouped, pc.replace_substring(values, ",", ""), values)
    return Settled(mask, without, status)


AMOUNT: Final = Standardizer(
    cell=standardize_amount, parts=("currency",), shortcut=shortcut, survey=survey
)


_LIKE: Final = re.compile(
    r"[-+△▲(]*(?:[¥￥$€£₩]|[A-Z]{2,3})? ?-?\d[\d,.]*(?: ?(?:円|[¥$€£₩]|[A-Z]{3}))?[)-]?", re.ASCII
)


def likeness(values: Sequence[str]) -> float:
    """Share of values that look like money or another number."""
    return sum(_LIKE.fullmatch(fold(value)) is not None for value in values) / len(values)


ROLES: Final = (
    Role(
        name="amount",
        label={"en": "amount", "ja": "金額"},
        about="Money paid for an order or a line, as exact decimal text. Returns are negative.",
        headers=words(
            """
            amount total total_amount total_price order_total order_amount grand_total subtotal
            sub_total sales sales_amount revenue net_amount net_sales turnover
            line_total line_amount extended_price payment payment_amount amount_paid paid
            paid_amount purchase_amount spend spent dollars transaction_amount trans_amount
            invoice_amount invoice_total sum value order_value lineitem_total total_sales
            annual_income income balance monetary total_spent total_sum 金額 合計 合計金額 総額
            総合計 小計 税込金額 税抜金額 税込合計 購入金額 購入額 注文金額 注文合計 注文合計金額
            受注金額 受注合計 売上 売上金額 売上高 売上額 販売金額 取引金額 請求金額 支払金額
            お支払金額 お支払い金額 決済金額 利用金額 ご利用金額 明細金額 商品合計 商品合計金額
            商品金額 買上金額 お買上金額 累計金額 累計購入金額 入金額 入金金額 年収 残高 円 代金
            料金 支払合計 お支払合計 税込価格合計 購買金額 購入代金 純売上高 純売上
            合計額 会計金額 精算金額 お買い上げ金額 お買上げ金額 ご購入金額 ご注文金額 受注金額合計
            tran_amount payment_value purchase_revenue item_total order_sum amount_total
            """
        ),
        likeness=likeness,
        standardizer=AMOUNT,
        tables=frozenset({"people", "orders"}),
        examples=(
            ("¥1,234", "1234"),
            ("△1,234", "-1234"),
            ("1億2,000万円", "120000000"),
            ("1.234,56 €", "1234.56"),
            ("金壱萬円也", "10000"),
        ),
        telling=0.0,
        several=True,
    ),
    Role(
        name="currency",
        label={"en": "currency", "ja": "通貨"},
        about="Currency of the amount beside it, as an ISO 4217 code.",
        headers=words("currency currency_code ccy iso_currency 通貨 通貨コード 通貨単位"),
        examples=(("JPY", "JPY"),),
        tables=frozenset({"people", "orders"}),
        telling=0.0,
        several=True,
    ),
)
