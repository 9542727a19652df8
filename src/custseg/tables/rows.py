"""Texts without a header as rows of cells, for who knows what such rows are."""

from __future__ import annotations

from itertools import islice
from typing import Final

import numpy as np
import pyarrow as pa

from custseg.tables.dialect import DELIMITERS, NO_DELIMITER
from custseg.tables.headerless import SPACES, tabs_for_spaces
from custseg.tables.model import RowsAs
from custseg.tables.parsed import BadRow, Parsed, damage
from custseg.tables.records import Dialect, records

_LOOKED_AT: Final = 2_000
_SAMPLE: Final = 1 << 20


def parse_rows(
    text: bytes, delimiter: str | None, first_line: int, known: RowsAs, name: str
) -> tuple[Parsed, Dialect] | None:
    """Cut a UTF-8 text into rows of any length; None where they are not of the kind `known`.

    Without a `delimiter` it is the one that cuts the first rows into most cells.
    """
    if delimiter == SPACES:
        text, delimiter = tabs_for_spaces(text), "\t"
    sample = text[:_SAMPLE]
    if len(sample) < len(text):
        # A line that is cut short is none; the cut may also stand within a character.
        sample = sample[: sample.rfind(b"\n") + 1]
    dialect = Dialect(delimiter or _cutting_most(sample), False)
    first = _cells(sample, dialect)
    if not first or not known.fit(first):
        return None
    rows: list[list[str]] = []
    bad: list[BadRow] = []
    for record in records(text, dialect, first_line):
        if problem := record.problem or damage(record.text):
            bad.append(BadRow(record.line, problem, record.text))
        else:
            rows.append(record.fields)
    table = known.table(rows, name)
    numbers = pa.array(np.arange(1, len(table) + 1))
    return Parsed(table.column_names, table.columns, numbers, bad), dialect


def _cutting_most(sample: bytes) -> str:
    cells = {
        delimiter: sum(map(len, _cells(sample, Dialect(delimiter, False))))
        for delimiter in (NO_DELIMITER, *DELIMITERS)
    }
    return max(cells, key=lambda delimiter: cells[delimiter])


def _cells(sample: bytes, dialect: Dialect) -> list[list[str]]:
    found = islice(records(sample, dialect), _LOOKED_AT)
    return [record.fields for record in found if not record.problem]
