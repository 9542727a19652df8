"""One basket a row: products in cells of their own, or all in one cell, become order lines."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from custseg.segment.columns import is_text

Rows = Sequence[Sequence[str]]

SEPARATORS: Final = ("、", "，", ",", ";", "；", "|", "｜", "\n")
"""What stands between products in one cell; the earlier of equals is taken."""

_NUMBERED: Final = re.compile(r"(.*?)[\s_.#(-]*(\d{1,3})\)?")
_PIECES: Final = re.compile(r"\s*(?:[x×✕*]\s*\d{1,4}|\d{1,4}\s*[個点本枚袋箱])\s*$", re.IGNORECASE)
_NUMBER: Final = re.compile(r"[\d\s.,:/¥￥$€+-]*\d[\d\s.,:/¥￥$€+-]*")
_SHARED: Final = 0.8
"""Share of cells whose product also stands elsewhere in a row, from which rows are baskets."""
_LISTED: Final = 0.2
"""The same of products in one cell: a name such as ``BAG, RED`` has no product behind a comma."""
_KNOWN_AGAIN: Final = 0.5
_SOME: Final = 0.05
_MONEY: Final = frozenset({"amount", "discount", "cost"})
_OF_LINES: Final = frozenset({"quantity", "unit_price"})
_PRODUCTS: Final = frozenset({"product_id", "product_name"})


@dataclass(frozen=True, slots=True)
class BasketRows:
    """Rows without a header that are baskets.

    Attributes
    ----------
    asked
        Whether the user said that they are; else it must show.
    is_title
        Tells whether a text is a name of a column, not a product.
    """

    asked: bool
    is_title: Callable[[str], bool]

    def fit(self, rows: Rows) -> bool:
        """Tell whether the first rows of a file, the first of all among them, are baskets."""
        titled = self._titled(rows)
        ragged = len({len(row) for row in rows[titled:]}) > 1
        baskets = split_cells(rows[titled:])
        if len(baskets) < 2 or max(map(len, baskets)) < 2 or (titled and not ragged):
            return False
        if self.asked:
            return True
        first = baskets[0] if baskets else []
        numbers = sum(_NUMBER.fullmatch(cell) is not None for cell in first)
        again = titled > 0 or _again(baskets) >= _KNOWN_AGAIN
        return again and 2 * numbers <= len(first) and shared(baskets) >= _SHARED

    def table(self, rows: Rows, name: str) -> pa.Table:
        """Give a line a product: ``order_id``, made of the file's name and the row, and it."""
        baskets = split_cells(rows[self._titled(rows) :])
        orders = [f"{name}:{at}" for at, basket in enumerate(baskets, 1) for _ in basket]
        items = [item for basket in baskets for item in basket]
        return pa.table(
            {"order_id": pa.array(orders, pa.string()), "product_name": pa.array(items)}
        )

    def _titled(self, rows: Rows) -> int:
        """Rows of titles: 1 where the first names columns, and no products of other rows."""
        known = any(self.is_title(cell) for cell in rows[0])
        return int(known and _again(rows) < _KNOWN_AGAIN)


def shared(rows: Rows) -> float:
    """Share of the cells beyond the first whose content also stands at another place of a row."""
    places: dict[str, set[int]] = {}
    for row in rows:
        for place, cell in enumerate(row):
            places.setdefault(cell, set()).add(place)
    later = [cell for row in rows for cell in row[1:] if cell]
    return sum(len(places[cell]) > 1 for cell in later) / max(len(later), 1)


def _again(rows: Rows) -> float:
    """Share of the first row's cells that stand in a later row, too."""
    first = {cell.strip() for cell in rows[0]} - {""}
    rest = {cell.strip() for row in rows[1:] for cell in row}
    return len(first & rest) / max(len(first), 1)


def split_cells(rows: Rows) -> list[list[str]]:
    """Give the products of each row that has any; rows of one cell are split at a separator."""
    if max((len(row) for row in rows), default=0) == 1:
        cells = [row[0] for row in rows if row]
        sign = separator(cells)
        rows = [cell.split(sign) if sign else [cell] for cell in cells]
    named = ([" ".join(cell.split()) for cell in row] for row in rows)
    return [kept for row in named if (kept := [cell for cell in row if cell])]


def separator(cells: Sequence[str]) -> str:
    """Give what stands between products in most cells; nothing where it is in few."""
    counts = Counter({sign: sum(sign in cell for cell in cells) for sign in SEPARATORS})
    sign, most = max(counts.items(), key=lambda each: each[1])
    return sign if most >= max(1, _SOME * len(cells)) else ""


def unfold(table: pa.Table, roles: Mapping[str, str], name: str, *, asked: bool) -> pa.Table | None:
    """Give a line a product, of a table with a basket a row; None where its rows are no baskets.

    Columns of the basket stand on each of its lines, but money on the first alone. A basket
    without a number gets one, made of the file's name and its row.

    Parameters
    ----------
    roles
        Column to role.
    asked
        Whether the user said that rows are baskets; else it must show.
    """
    made = _unfold_columns(table, roles, asked=asked) or _unfold_cells(table, roles, asked=asked)
    if made is None:
        return None
    rows, first, lines, used = made
    columns: dict[str, pa.ChunkedArray | pa.Array] = {}
    if "order_id" not in roles.values():
        orders = pa.array([f"{name}:{row + 1}" for row in rows.to_pylist()], pa.string())
        columns["order_id"] = orders
    for title in table.column_names:
        role = roles.get(title)
        if title not in used and role not in _OF_LINES and title not in (*columns, *lines):
            values = table[title].take(rows)
            columns[title] = pc.if_else(first, values, None) if role in _MONEY else values
    return pa.table({**columns, **lines})


_Unfolded = tuple[pa.Array, pa.Array, dict[str, pa.ChunkedArray], set[str]]
"""Row of each line, whether it is the row's first, columns of lines, columns that these replace."""


def _repeats(table: pa.Table, roles: Mapping[str, str]) -> bool:
    """Tell whether a number of an order stands on several rows: they are its lines."""
    own = [table[title] for title, role in roles.items() if role == "order_id"]
    return any(len(column.drop_null().unique()) < len(column.drop_null()) for column in own)


def _unfold_columns(table: pa.Table, roles: Mapping[str, str], *, asked: bool) -> _Unfolded | None:
    """Unfold columns such as item_1, item_2, and with them those numbered alike."""
    groups: dict[str, dict[int, str]] = {}
    for title in table.column_names:
        found = _NUMBERED.fullmatch(unicodedata.normalize("NFKC", title))
        if found and found[1]:
            groups.setdefault(found[1], {})[int(found[2])] = title
    leading = [
        stem
        for stem, titles in groups.items()
        if len(titles) > 1 and any(roles.get(title) in _PRODUCTS for title in titles.values())
    ]
    if not leading or (not asked and _repeats(table, roles)):
        return None
    numbers = sorted({number for stem in leading for number in groups[stem]})
    texts = {title: _texts(table[title]) for stem in leading for title in groups[stem].values()}
    rows = list(
        zip(*(texts[groups[leading[0]][n]] for n in sorted(groups[leading[0]])), strict=True)
    )
    if not asked and shared([[cell or "" for cell in row] for row in rows]) < _SHARED:
        return None
    alike = [*leading, *(
        stem for stem in groups if stem not in leading and {*groups[stem]} == {*numbers}
    )]  # fmt: skip
    lines = [
        (row, number)
        for row in range(len(table))
        for number in numbers
        if any(texts[groups[stem][number]][row] for stem in leading if number in groups[stem])
    ]
    columns: dict[str, pa.ChunkedArray] = {}
    for stem in alike:
        values = {
            number: table[title].cast(pa.string()).to_pylist()
            for number, title in groups[stem].items()
        }
        cells = [values[number][row] if number in values else None for row, number in lines]
        columns[stem] = pa.chunked_array([pa.array(cells, pa.string())])
    used = {title for stem in alike for title in groups[stem].values()}
    return (*_places([row for row, _ in lines]), columns, used)


def _unfold_cells(table: pa.Table, roles: Mapping[str, str], *, asked: bool) -> _Unfolded | None:
    """Unfold a column whose cells list products; asked for, also a lone column of unknown use."""
    titles = [title for title, role in roles.items() if role == "product_name"]
    # A column of texts called items is no number of them.
    titles += [
        title
        for title, role in roles.items()
        if role == "quantity" and is_text(table.schema.field(title).type)
    ]
    if asked and not titles and table.num_columns == 1:
        titles = table.column_names
    for title in titles:
        kinds = [cell for cell in _texts(pa.chunked_array([table[title].unique()])) if cell]
        sign = separator(kinds)
        if not sign:
            continue
        if not asked and (
            not _listed([cell.split(sign) for cell in kinds]) or _repeats(table, roles)
        ):
            continue
        baskets = [_parts(cell, sign) for cell in _texts(table[title])]
        parts = [part for basket in baskets for part in basket]
        if 2 * sum(_PIECES.search(part) is not None for part in parts) > len(parts):
            baskets = [_plain(basket) for basket in baskets]
        lines = [(row, part) for row, basket in enumerate(baskets) for part in basket if part]
        column = pa.chunked_array([pa.array([part for _, part in lines], pa.string())])
        return (*_places([row for row, _ in lines]), {"product_name": column}, {title})
    return None


def _parts(cell: str, sign: str) -> list[str]:
    return [part for each in cell.split(sign) if (part := " ".join(each.split()))]


def _listed(cells: Rows) -> bool:
    """Tell whether cells list products: what stands behind a separator stands first elsewhere."""
    plain = [_plain([part.strip() for part in parts]) for parts in cells]
    firsts = {parts[0] for parts in plain}
    later = [part for parts in plain for part in parts[1:] if part]
    return bool(later) and sum(part in firsts for part in later) >= _LISTED * len(later)


def _plain(parts: Sequence[str]) -> list[str]:
    """Give products without the number of pieces behind them: ``tea x2``, ``緑茶×2``."""
    return [_PIECES.sub("", part) for part in parts]


def _texts(column: pa.ChunkedArray) -> list[str]:
    return [(cell or "").strip() for cell in column.cast(pa.string()).to_pylist()]


def _places(rows: Sequence[int]) -> tuple[pa.Array, pa.Array]:
    first = [at == 0 or rows[at - 1] != row for at, row in enumerate(rows)]
    return pa.array(rows, pa.int64()), pa.array(first, pa.bool_())
