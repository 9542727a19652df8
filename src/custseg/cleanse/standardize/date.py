"""Dates: 昭和55年3月1日, S55.3.1, 1980/3/1, Mar 1, 1980, 29281 all become 1980-03-01.

Whether 03/01/1980 is in January or March is decided by the column as a whole; where nothing
in it proves one order, the cell is flagged. Years of two digits are read only where one
century is possible.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custseg.cleanse.standardize.base import Cell, Context, Settled, Standardizer, Status
from custseg.cleanse.standardize.date_text import MONTHS, Reading, read
from custseg.cleanse.standardize.words import words
from custseg.fields.roles import Role

_LONGEST: Final = 60

_FOLLOWS: Final = {
    "day_month_order": Status.AMBIGUOUS,
    "two_digit_year": Status.AMBIGUOUS,
    "lunar_calendar": Status.AMBIGUOUS,
    "zero": Status.MISSING,
}
"""Status of a cell without a date, by problem; INVALID for the others."""

_AS_WRITTEN: Final = frozenset({"two_digit_year", "era_code"})
"""Problems that are a manner of writing, not damage."""

_ISO: Final = (
    r"[12]\d{3}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)"
    r"|(?:0[13578]|1[02])-31)"
)
"""Every day of the calendar but 29 February."""

_ISO_CELL: Final = re.compile(_ISO, re.ASCII)
_YEAR_FIRST: Final = (
    r"^(?P<y>[12]\d{3})[-/](?P<m>\d{1,2})[-/](?P<d>\d{1,2})"
    r"(?:[ T](?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?)?$"
)
_YEAR_LAST: Final = {
    "mdy": r"^(?P<m>\d{1,2})/(?P<d>\d{1,2})/(?P<y>[12]\d{3})$",
    "dmy": r"^(?P<d>\d{1,2})/(?P<m>\d{1,2})/(?P<y>[12]\d{3})$",
}
_NAMED_MONTH: Final = (
    r"^(?P<m>[A-Za-z]{3,9}) (?P<d>\d{1,2}),? (?P<y>[12]\d{3})$",
    r"^(?P<d>\d{1,2}) (?P<m>[A-Za-z]{3,9}) (?P<y>[12]\d{3})$",
)
_TWO_SEPARATORS: Final = r"^\d+(?:-\d+/|/\d+-)"
_THREE_NUMBERS: Final = (
    r"^\D{0,4}(?P<a>\d{1,2})(?:[-/ ])(?P<b>\d{1,2})(?:[-/ ])(?P<c>\d{4}|\d{1,2})(?:\D|$)"
)

_CENTURY: Final = ("1950-01-01", "2049-12-31")
"""Where two-digit years of business dates lie."""
_ORDERS: Final = ("1980-01-01", "2049-12-31")
"""Where two-digit years of orders lie: no order of 25/03/04 is of 1950 (昭和25)."""
_LATEST_BIRTH: Final = "2049-12-31"
"""Bound on two-digit years of birth where the day of the run is not given."""
_OLDEST: Final = 125
"""No one living was born more years ago."""
_PLACEHOLDERS: Final = frozenset({"1900-01-01", "1899-12-30", "1899-12-31", "1111-11-11"})


def standardize_date(value: str, context: Context) -> Cell:
    """Read a date of business: when something was ordered, registered, sent."""
    return _cell(value, context, _business_year)


def standardize_order_date(value: str, context: Context) -> Cell:
    """Read the day of an order."""
    return _cell(value, context, _order_year)


def standardize_birth_date(value: str, context: Context) -> Cell:
    """Read a date of birth: not in the future, nor older than anyone lives to be."""
    cell = _cell(value, context, _birth_year)
    if cell.value is None:
        return cell
    if context.as_of and cell.value > context.as_of:
        return Cell(None, Status.INVALID, "in_the_future")
    if cell.status == Status.VALID and cell.value in _PLACEHOLDERS:
        return cell._replace(reason="placeholder")
    return cell


def standardize_timestamp(value: str, context: Context) -> Cell:
    """Read a date and, where one is written, keep its time: 2024-03-01T12:30:00+09:00."""
    return _cell(value, context, _business_year, timed=True)


def _cell(
    value: str,
    context: Context,
    resolve: Callable[[tuple[str, ...], Context], str],
    *,
    timed: bool = False,
) -> Cell:
    if _ISO_CELL.fullmatch(value):
        return Cell(value)
    if len(value) > _LONGEST:
        return Cell(None, Status.INVALID, "not_a_date")
    reading = read(value, context.date_order)
    if reading.centuries:
        reading = reading._replace(day=resolve(reading.centuries, context))
    if not reading.day:
        status = _FOLLOWS.get(reading.problem or "", Status.INVALID)
        return Cell(None, status, None if reading.problem == "zero" else reading.problem)
    text = f"{reading.day}T{reading.time}" if timed and reading.time else reading.day
    if reading.problem and reading.problem not in _AS_WRITTEN:
        return Cell(text, Status.CORRECTED, reading.problem)
    return Cell(text, Status.VALID if text == value else Status.STANDARDIZED, reading.problem)


def _business_year(days: tuple[str, ...], context: Context) -> str:
    del context
    return _only([day for day in days if _CENTURY[0] <= day <= _CENTURY[1]])


def _order_year(days: tuple[str, ...], context: Context) -> str:
    del context
    return _only([day for day in days if _ORDERS[0] <= day <= _ORDERS[1]])


def _birth_year(days: tuple[str, ...], context: Context) -> str:
    latest = context.as_of or _LATEST_BIRTH
    earliest = f"{int(latest[:4]) - _OLDEST:04}{latest[4:]}"
    return _only([day for day in days if earliest <= day <= latest])


def _only(days: list[str]) -> str:
    return days[0] if len(days) == 1 else ""


def survey(values: Sequence[str], context: Context) -> Context:
    """Find the order of day, month and year that some cells prove and none contradicts."""
    array = pa.array(values, pa.string())
    parts = pc.drop_null(pc.extract_regex(array, _THREE_NUMBERS))
    if not len(parts):
        return context
    first, second, last = (
        pc.cast(pc.struct_field(parts, name), pa.int32()).to_numpy(zero_copy_only=False)
        for name in "abc"
    )
    digits = pc.binary_length(pc.struct_field(parts, "c")).to_numpy(zero_copy_only=False)
    possible = {
        # A year has two digits at least: 25/1/3 begins with it.
        "dmy": (digits >= 2) & (first <= 31) & (second <= 12),
        "mdy": (digits >= 2) & (first <= 12) & (second <= 31),
        "ymd": (digits <= 2) & (second <= 12) & (last <= 31),
    }
    count = sum(fits.astype(np.int8) for fits in possible.values())
    proven = [order for order, fits in possible.items() if (fits & (count == 1)).any()]
    return replace(context, date_order=proven[0]) if len(proven) == 1 else context


def _settle(values: pa.Array, order: str, *, timed: bool) -> Settled:
    """Settle ISO dates; without a time those, too, that are plain in another way.

    That is with the year first, with a month by its name, or in an order that the column proves.
    """
    standard = pc.match_substring_regex(values, f"^{_ISO}$").to_numpy(zero_copy_only=False)
    status = np.zeros(len(values), dtype=np.int8)
    others = np.flatnonzero(~standard)
    if timed or not len(others):
        return Settled(standard, values, status)
    left = values.take(pa.array(others))
    left = pc.if_else(pc.match_substring_regex(left, _TWO_SEPARATORS), "", left)
    patterns = (_YEAR_FIRST, *_NAMED_MONTH, *filter(None, [_YEAR_LAST.get(order)]))
    dates = pc.coalesce(*(_dates(left, pattern) for pattern in patterns))
    good = pc.fill_null(pc.match_substring_regex(dates, f"^{_ISO}$"), False)
    found = others[good.to_numpy(zero_copy_only=False)]
    status[found] = Status.STANDARDIZED
    mask = standard.copy()
    mask[found] = True
    written = np.zeros(len(values), dtype=np.bool_)
    written[found] = True
    return Settled(
        mask, pc.replace_with_mask(values, pa.array(written), dates.filter(good)), status
    )


def _dates(values: pa.Array, pattern: str) -> pa.Array:
    """Write what a pattern finds with the year first; days that no calendar has as well."""
    parts = pc.extract_regex(values, pattern)
    if parts.null_count == len(parts):
        return pa.nulls(len(parts), pa.string())
    month = pc.struct_field(parts, "m")
    named = pc.index_in(pc.utf8_lower(month), value_set=pa.array(list(MONTHS)))
    month = pc.coalesce(pa.array(list(MONTHS.values())).take(named).cast(pa.string()), month)
    return pc.binary_join_element_wise(
        pc.struct_field(parts, "y"),
        pc.utf8_lpad(month, 2, "0"),
        pc.utf8_lpad(pc.struct_field(parts, "d"), 2, "0"),
        "-",
    )


def shortcut(values: pa.Array, context: Context) -> Settled:
    """Settle the plain dates of a column."""
    return _settle(values, context.date_order, timed=False)


def birth_shortcut(values: pa.Array, context: Context) -> Settled:
    """Settle plain dates of birth, unless they lie in the future or stand for none."""
    settled = _settle(values, context.date_order, timed=False)
    doubtful = pc.is_in(settled.value, value_set=pa.array(sorted(_PLACEHOLDERS)))
    if context.as_of:
        doubtful = pc.or_(doubtful, pc.greater(settled.value, context.as_of))
    return settled._replace(mask=settled.mask & ~doubtful.to_numpy(zero_copy_only=False))


def timestamp_shortcut(values: pa.Array, context: Context) -> Settled:
    """Settle the dates that have no time."""
    return _settle(values, context.date_order, timed=True)


def likeness(values: Sequence[str]) -> float:
    """Share of values that are surely dates; bare numbers of five digits are not."""
    return sum(_surely_a_date(value) for value in values) / len(values)


def _surely_a_date(value: str) -> bool:
    if len(value) > _LONGEST:
        return False
    reading: Reading = read(value, "")
    doubtful = reading.problem in ("excel_serial", "unix_time", "era_code")
    ambiguous = reading.problem == "day_month_order" or bool(reading.centuries)
    return (bool(reading.day) and not doubtful) or ambiguous


DATE: Final = Standardizer(cell=standardize_date, shortcut=shortcut, survey=survey)
ORDER_DATE: Final = Standardizer(cell=standardize_order_date, shortcut=shortcut, survey=survey)
BIRTH_DATE: Final = Standardizer(
    cell=standardize_birth_date, shortcut=birth_shortcut, survey=survey
)
TIMESTAMP: Final = Standardizer(
    cell=standardize_timestamp, shortcut=timestamp_shortcut, survey=survey
)

_EXAMPLES: Final = (("昭和55年3月1日", "1980-03-01"), ("1980/3/1", "1980-03-01"))

ROLES: Final = (
    Role(
        name="birth_date",
        label={"en": "date of birth", "ja": "生年月日"},
        about="When the person was born, as ISO 8601; not after the day of the run.",
        headers=words(
            """
            birth_date birthdate birthday date_of_birth dob d.o.b. born birth bday birth_day
            生年月日 誕生日 お誕生日 生まれ 出生日 出生年月日 生年月日(西暦) 生年月日(和暦)
            ご生年月日 バースデー 誕生年月日
            """
        ),
        likeness=likeness,
        standardizer=BIRTH_DATE,
        examples=(*_EXAMPLES, ("S55.3.1", "1980-03-01"), ("0000-00-00", None)),
        telling=0.5,
    ),
    Role(
        name="order_date",
        label={"en": "order date", "ja": "注文日"},
        about="The day of an order, as ISO 8601.",
        headers=words(
            """
            order_date ordered_at ordered_on order_time order_datetime order_created_at
            purchase_date purchased_at purchase_time invoice_date invoicedate transaction_date
            transaction_time trans_date tran_date transaction_dt order_dt t_dat sale_date
            sales_date sold_at checkout_date receipt_date billing_date bill_date day_of_purchase
            date_purchased date_ordered processed_at order_timestamp order_purchase_timestamp
            purchase_timestamp transaction_timestamp close_date order_day purchase_day
            注文日 注文日時 注文年月日 ご注文日 受注日 受注日時
            受注年月日 購入日 購入日時 購入年月日 お買上日 お買い上げ日 買上日 売上日 売上年月日
            売上日時 販売日 販売日時 取引日 取引日時 決済日 決済日時 会計日 会計日時 伝票日付
            来店日 来店日時 利用日 ご利用日 請求日 計上日 オーダー日 発注日 申込日 注文日付
            受注日付 購入日付 購買日 購買日時 売上日付 販売日付 取引日付 取引年月日 伝票日
            お買上日時 お買い上げ日時 お買上げ日 ご購入日 ご購入日時 ご注文日時 精算日 精算日時
            """
        ),
        likeness=likeness,
        standardizer=ORDER_DATE,
        tables=frozenset({"orders"}),
        examples=(("2024/3/1 12:30", "2024-03-01"), ("12/25/2024", "2024-12-25")),
        telling=0.87,
    ),
    Role(
        name="updated_at",
        label={"en": "last update", "ja": "更新日時"},
        about="When the record was last changed; a time is kept. The latest record is trusted.",
        headers=words(
            """
            updated_at update_date updated last_updated last_update last_modified modified
            modified_at modified_date date_modified date_updated updated_on update_time
            last_modified_date last_changed changed_at system_modstamp 更新日 更新日時 最終更新日
            最終更新日時 更新年月日 変更日 変更日時 修正日 修正日時 最終変更日 最終修正日
            データ更新日 情報更新日
            """
        ),
        standardizer=TIMESTAMP,
        examples=(
            ("2024/3/1 12:30", "2024-03-01T12:30:00"),
            ("2024-03-01", "2024-03-01"),
        ),
        telling=0.0,
    ),
    Role(
        name="date",
        label={"en": "date", "ja": "日付"},
        about="Any other date, as ISO 8601.",
        headers=words(
            """
            date day created_at created create_date created_date date_created created_on
            registered_at registration_date register_date registered signup_date sign_up_date
            signed_up_at joined_at join_date joined member_since start_date end_date expiry_date
            expiration_date last_login last_login_at last_visit first_order_date last_order_date
            last_purchase_date first_purchase_date entry_date contract_date cancel_date 日付
            年月日 日時 日 登録日 登録日時 登録年月日 入会日 入会年月日 会員登録日 会員登録日時
            作成日 作成日時 加入日 契約日 契約年月日 退会日 解約日 開始日 終了日 有効期限
            最終購入日 最終購入日時 初回購入日 最終来店日 初回来店日 最終ログイン
            最終ログイン日時 最終利用日 入社日 記念日 結婚記念日 受付日 受付日時 申込日時 発行日
            """
        ),
        header_patterns=(r"(年月日|日時|日付)$", r"(date|datetime|timestamp)$"),
        likeness=likeness,
        standardizer=DATE,
        tables=frozenset({"people", "orders", "events"}),
        examples=(
            *_EXAMPLES,
            ("平成32年1月1日", "2020-01-01"),
            ("Mar 1, 1980", "1980-03-01"),
            ("29281", "1980-03-01"),
            ("03/01/1980", None),
        ),
        telling=0.85,
        several=True,
    ),
)
