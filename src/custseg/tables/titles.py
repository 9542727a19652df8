"""Where a table begins: below the titles that people write above it, and not in its data."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

import pyarrow as pa

LOOKED_AT: Final = 200
"""Rows from the first on that are looked at."""

_MOST_TITLES: Final = 10
_LEAST_COLUMNS: Final = 3

_NUMBER: Final = re.compile(r"[\d\s.,:/¥￥$€%()年月日時分秒+-]*\d[\d\s.,:/¥￥$€%()年月日時分秒+-]*")
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^\W\d_]{2,}")
_DIGIT: Final = re.compile(r"\d")
_DIGITS_OF_DATA: Final = 7
"""Digits from which a column's name is no year and no number of a column."""

_VALUES_LOOKED_AT: Final = 1000


def header_at(rows: Sequence[Sequence[str]]) -> int:
    """Give the place of the header among the first rows; what stands above it are titles.

    A title fills one cell of a wide table (the name of the list), or two with a number (the
    day it was made). The header fills more than half of the columns, with words that do not
    come again. In doubt, the first row it is.
    """
    width, _ = max(
        Counter(map(len, rows)).items(), key=lambda item: (item[1], item[0]), default=(0, 0)
    )
    if width < _LEAST_COLUMNS:
        return 0
    for at, row in enumerate(rows[: _MOST_TITLES + 1]):
        words = [cell.strip() for cell in row if cell.strip()]
        if len(row) == width and 2 * len(words) > width:
            return at if at and _are_names(words) and row not in rows[at + 1 :] else 0
        if not _is_title(words):
            return 0
    return 0


def _is_title(words: Sequence[str]) -> bool:
    return len(words) <= 1 or (len(words) == 2 and bool(_DIGIT.search("".join(words))))


def _are_names(words: Sequence[str]) -> bool:
    return len(set(words)) == len(words) and not any(
        _NUMBER.fullmatch(word) or _EMAIL.fullmatch(word) for word in words
    )


def data_in_header(header: Sequence[str], columns: Sequence[pa.ChunkedArray]) -> int | None:
    """Give the place of a column whose name is a value: the table lacks a row of names.

    An e-mail address is a value; so is a long number that is written as the column's own are,
    digit for digit: a telephone number over telephone numbers.
    """
    for place, (title, column) in enumerate(zip(header, columns, strict=True)):
        if _EMAIL.fullmatch(title):
            return place
        if len(_DIGIT.findall(title)) >= _DIGITS_OF_DATA and _NUMBER.fullmatch(title):
            shape = _DIGIT.sub("9", title)
            values = column.slice(0, _VALUES_LOOKED_AT).to_pylist()
            if any(shape == _DIGIT.sub("9", str(value).strip()) for value in values):
                return place
    return None
