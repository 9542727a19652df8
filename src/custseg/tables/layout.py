"""How a delimited text was written, so that the same table can be written that way again."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final, Literal

import pyarrow as pa
import pyarrow.compute as pc

from custseg.tables.records import Dialect, records
from custseg.tables.texts import bounded_batches, text_of_batch

Quotes = Literal["needed", "filled", "all"]

_SAMPLED_RECORDS: Final = 200
_SAMPLED_BYTES: Final = 1 << 20
_LINE_END: Final = re.compile(rb"\r\n|\n|\r")


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How a delimited text is written, its encoding aside.

    Attributes
    ----------
    separator
        What stands between cells: a delimiter, and the space behind it where there is one.
    line_end
        LF, CR LF or CR.
    quotes
        Which cells have quotes: those that need them, those that are not empty, or all.
    ended
        Whether the last line ends as the others do.
    """

    separator: str = ","
    line_end: str = "\n"
    quotes: Quotes = "needed"
    ended: bool = True


def layout_of(text: bytes, dialect: Dialect) -> Layout:
    """Find how a text was written.

    Parameters
    ----------
    text
        UTF-8, the header first.
    dialect
        As it was found for reading.
    """
    separator = dialect.delimiter + " " * dialect.spaced
    sample = list(islice(records(text[:_SAMPLED_BYTES], dialect), _SAMPLED_RECORDS))
    # The last may be cut short.
    whole = [each for each in sample[: max(1, len(sample) - 1)] if not each.problem]
    header = whole[0].text.encode()
    end = _LINE_END.match(text, text.find(header) + len(header))
    found: list[Quotes] = [
        quotes
        for quotes in ("needed", "filled", "all")
        if all(_line(each.fields, separator, quotes) == each.text for each in whole)
    ]
    return Layout(
        separator=separator,
        line_end=end[0].decode() if end else "\n",
        quotes=found[0] if found else "needed",
        ended=text.endswith((b"\n", b"\r")),
    )


def _line(fields: Sequence[str], separator: str, quotes: Quotes) -> str:
    return separator.join(
        '"' + field.replace('"', '""') + '"' if _quoted(field, separator, quotes) else field
        for field in fields
    )


def _quoted(field: str, separator: str, quotes: Quotes) -> bool:
    if quotes == "all" or (quotes == "filled" and field):
        return True
    return re.search(_needs_quotes(separator), field) is not None


def _needs_quotes(separator: str) -> str:
    return f'["\r\n{re.escape(separator[0])}]'


def laid_out(table: pa.Table, layout: Layout, encoding: str) -> Iterator[bytes]:
    """Give the bytes of a table of text, written as a layout says, piece by piece.

    Raises
    ------
    UnicodeEncodeError
        If the encoding cannot hold a character.
    """
    encoder = codecs.getincrementalencoder(encoding)()
    yield encoder.encode(_line(table.column_names, layout.separator, layout.quotes))
    for batch in bounded_batches(table):
        cells = [_written(text_of_batch(column), layout) for column in batch.columns]
        if len(cells) == 1:
            # A line of nothing would be no row.
            cells = [pc.if_else(pc.equal(cells[0], ""), '""', cells[0])]
        lines = pc.binary_join_element_wise(*cells, layout.separator)
        before = pc.binary_join_element_wise(layout.line_end, lines, "")
        whole = pa.ListArray.from_arrays(pa.array([0, len(before)], pa.int32()), before)
        yield encoder.encode(pc.binary_join(whole, "")[0].as_py())
    yield encoder.encode(layout.line_end if layout.ended else "", final=True)


def _written(column: pa.Array, layout: Layout) -> pa.Array:
    """Give the cells of a column with their quotes; nothing for null."""
    column = pc.fill_null(column, "")
    if layout.quotes == "all":
        quoted = pa.array([True]).take(pa.array([0] * len(column)))
    elif layout.quotes == "filled":
        quoted = pc.not_equal(column, "")
    else:
        quoted = pc.match_substring_regex(column, _needs_quotes(layout.separator))
    if not pc.any(quoted).as_py():
        return column
    doubled = pc.replace_substring(column, '"', '""')
    return pc.if_else(quoted, pc.binary_join_element_wise('"', doubled, '"', ""), column)
