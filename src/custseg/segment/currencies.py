"""Which currency the money of orders is in: signs in amounts, a column, names of columns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

import pyarrow as pa

from custseg.engine import Engine, ParquetScan
from custseg.segment import columns as sql

_CURRENCY_SIGN = re.compile(
    r"[$€£¥￥₩₹元円\\]|\b(?:USD|EUR|GBP|JPY|CNY|KRW|AUD|CAD|CHF|INR|TWD|HKD|SGD)\b", re.IGNORECASE
)
_ONE_SIGN: Final = {
    "￥": "JPY",
    "¥": "JPY",
    "\\": "JPY",
    "円": "JPY",
    "YEN": "JPY",
    "$": "USD",
    "€": "EUR",
    "£": "GBP",
    "₩": "KRW",
    "₹": "INR",
    "元": "CNY",
}
_HEADER_SIGN: Final = re.compile(
    r"[(（\[［_・ ]\s*([$€£¥￥₩₹元円\\]|USD|EUR|GBP|JPY|YEN|CNY|KRW|INR)\s*[)）\]］]?$",
    re.IGNORECASE,
)
"""A currency that ends a column's name: 金額（円）, amount_usd, Price ($)."""


def header_currency(names: Iterable[str]) -> str:
    """Currency that the names of columns of money say: the ISO code, where they say one."""
    found = {
        _ONE_SIGN.get(match[1].upper(), match[1].upper())
        for name in names
        if (match := _HEADER_SIGN.search(name.strip()))
    }
    return found.pop() if len(found) == 1 else ""


def sign_currencies(text: str) -> set[str]:
    """Currencies that signs in the text of an amount tell."""
    return {_ONE_SIGN.get(sign, sign.upper()) for sign in _CURRENCY_SIGN.findall(text)}


def column_currencies(
    engine: Engine, lines: pa.Table | ParquetScan, columns: Mapping[str, str]
) -> set[str]:
    """Currencies that the column of currencies holds, as ISO codes."""
    if "currency" not in columns:
        return set()
    name = columns["currency"]
    code = sql.identifier(name, lines.schema.field(name).type)
    query = ["SELECT DISTINCT UPPER(", code, ") AS code FROM lines WHERE", code, "IS NOT NULL"]
    found = engine.sql(" ".join(query), lines=lines)["code"].to_pylist()
    return {_ONE_SIGN.get(code, code) for code in found}
