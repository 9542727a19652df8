"""SQL expressions that read a column of orders as an identifier, a number or a moment.

Orders come as text (from CSV and Excel) or typed (from Parquet); both give the same values.
"""

from __future__ import annotations

from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from custseg.engine import quoted

PLACES: Final = 4
"""Decimal places in which money is held: exact sums, rounded once, per line."""

MONEY: Final = f"DECIMAL(18,{PLACES})"
FIRST: Final = "1900-01-01 00:00:00"
LAST: Final = "2099-12-31 23:59:59.999999"
"""Moments outside are taken for no date at all."""

QUANTITY: Final = "DECIMAL(18,3)"

WHOLE_NUMBER: Final = r"^(\d+)\.0$"
"""An id that a program took for a number with a fraction: 17850.0, written for 17850."""

TRUE_WORDS: Final = (
    *("1", "-1", "true", "t", "yes", "y", "on", "x", "cancel", "void", "return", "refund"),
    *("済", "有", "あり", "はい", "○", "〇"),
)
"""Contents of a cancelled column that mean yes, in lower case."""

CANCELLED: Final = (
    r"(?:fully[ _-]|order[ _-])?(?:cancell?ed|voided|returned|refunded)(?:[ _-](?:by|at|on)\b.*)?"
    r"|(?:ご?注文|受注|出荷|発送|全額|全品|取引|顧客|お客様|店舗|自動)?(?:都合)?(?:による|の)?"
    r"(?:キャンセル|ｷｬﾝｾﾙ|取り?消し?|返品|返金|赤伝)"
    r"(?:済み?|完了|確定|成立|処理済み?|処理完了|受付済み?|承認済み?|扱い|伝票)?"
)
"""States of an order that mean the same; those still asked for (キャンセル申請中) do not."""


def is_text(kind: pa.DataType) -> bool:
    """Tell whether a column of this type holds text."""
    if pa.types.is_dictionary(kind):
        return is_text(kind.value_type)
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind)) or str(kind) == (
        "string_view"
    )


def is_number(kind: pa.DataType) -> bool:
    """Tell whether a column of this type holds numbers."""
    return bool(
        pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)
    )


def identifier(name: str, kind: pa.DataType) -> str:
    """Text of an identifier: trimmed, null where empty, 17850.0 read as 17850."""
    column = quoted(name)
    if pa.types.is_floating(kind):
        whole = f"TRY_CAST({column} AS BIGINT)"
        return (
            f"CASE WHEN {whole} = {column} THEN CAST({whole} AS VARCHAR) "
            f"ELSE CAST({column} AS VARCHAR) END"
        )
    if is_text(kind):
        return f"NULLIF(regexp_replace(TRIM({column}), '{WHOLE_NUMBER}', '\\1'), '')"
    return f"CAST({column} AS VARCHAR)"


def identifiers(ids: pa.ChunkedArray) -> pa.ChunkedArray:
    """Texts of identifiers as :func:`identifier` gives them, but that none becomes null."""
    return pc.replace_substring_regex(pc.utf8_trim_whitespace(ids), WHOLE_NUMBER, r"\1")


def customer(name: str, kind: pa.DataType) -> str:
    """Text of a customer's identifier; an e-mail address is one whatever its case."""
    text = identifier(name, kind)
    if not is_text(kind):
        return text
    return f"CASE WHEN contains({quoted(name)}, '@') THEN LOWER({text}) ELSE {text} END"


def customers(ids: pa.ChunkedArray) -> pa.ChunkedArray:
    """Texts of customers' identifiers as :func:`customer` gives them, but that none is null."""
    texts = identifiers(ids)
    address = pc.match_substring(texts, "@")
    return pc.if_else(address, pc.utf8_lower(texts), texts) if pc.any(address).as_py() else texts


def number(name: str, sql_type: str) -> str:
    """Exact decimal of a number; null where it cannot be read (or is not finite)."""
    return f"TRY_CAST({quoted(name)} AS {sql_type})"


def product(quantity: str, price: str) -> str:
    """Exact money of a quantity at a price; null past what money holds.

    In 64 bits where the product fits, else in 128: a quantity in the millions at a price in the
    millions does not.
    """
    wide = f"CAST({quantity} AS DECIMAL(19,3))"
    return (
        f"COALESCE(TRY_CAST(TRY(({quantity}) * ({price})) AS {MONEY}), "
        f"TRY_CAST({wide} * ({price}) AS {MONEY}))"
    )


def moment(name: str, kind: pa.DataType) -> str:
    """Timestamp as it is written: an offset from UTC is dropped, a zone's own clock is kept."""
    column = quoted(name)
    if pa.types.is_timestamp(kind):
        if kind.tz is not None:
            zone = kind.tz.replace("'", "''")
            return f"timezone('{zone}', {column})"
        return f"CAST({column} AS TIMESTAMP)"
    if pa.types.is_date(kind):
        return f"CAST({column} AS TIMESTAMP)"
    written = f"TRIM(CAST({column} AS VARCHAR))"
    # A year of two digits is none: DuckDB takes 25/01/03 for the year 25.
    digits = f"regexp_matches({written}, '^\\d{{4}}(\\D|\\d{{4}})')"
    local = _local(written)
    return (
        f"CASE WHEN {digits} THEN COALESCE(TRY_CAST({written} AS TIMESTAMP), "
        f"TRY_CAST({local} AS TIMESTAMP), "
        f"try_strptime({local}, ['%Y%m%d', '%Y.%m.%d', '%Y%m%d%H%M%S'])) END"
    )


def _local(written: str) -> str:
    """Text of a moment without its offset from UTC."""
    return f"regexp_replace({written}, '\\s*(Z|[+-]\\d\\d:?\\d\\d)$', '')"


def plausible(moment: str) -> str:
    """Keep a moment of which business can be; 0025-01-03 and 9999-12-31 stand for none."""
    return (
        f"CASE WHEN {moment} BETWEEN TIMESTAMP '{FIRST}' AND TIMESTAMP '{LAST}' THEN {moment} END"
    )


def blank(name: str, kind: pa.DataType) -> str:
    """Whether a cell holds nothing, or white space alone."""
    column = quoted(name)
    return f"({column} IS NULL OR TRIM({column}) = '')" if is_text(kind) else f"{column} IS NULL"


def truth(name: str, kind: pa.DataType) -> str:
    """Boolean of a mark such as cancelled; a day (cancelled at) means yes, the unknown no."""
    column = quoted(name)
    if pa.types.is_boolean(kind):
        return f"COALESCE({column}, FALSE)"
    if pa.types.is_temporal(kind):
        return f"{column} IS NOT NULL"
    words = ", ".join(f"'{word}'" for word in TRUE_WORDS)
    text = identifier(name, kind)  # 1.0, as programs of tables write 1, is 1
    written = f"TRY_CAST({_local(text)} AS TIMESTAMP) IS NOT NULL"
    digits = plausible(f"try_strptime({text}, ['%Y%m%d', '%Y年%m月%d日'])")
    state = f"regexp_full_match(LOWER({text}), '{CANCELLED}')"
    # Of more than a few values, IN is a join, which gives rows in another order.
    return (
        f"COALESCE(list_contains([{words}], LOWER({text})) OR {state}, FALSE) "
        f"OR {written} OR ({digits}) IS NOT NULL"
    )
