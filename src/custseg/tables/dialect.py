"""How a delimited text is written: its delimiter, and whether spaces follow it.

The standard library's sniffer guesses from character frequencies and is often wrong on
addresses and free text. Here each delimiter is tried for real on the first records, quotes
respected, and the one that cuts them into equally many fields as the header wins.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Final, NamedTuple

from custseg.tables.records import Dialect, records

DELIMITERS: Final = (",", "\t", ";", "|")
"""In the order that settles a tie."""

NO_DELIMITER: Final = "\x1f"
"""Stands for the delimiter of a text of one column: the unit separator, which it lacks."""

_SAMPLED_RECORDS: Final = 200
_SAMPLED_BYTES: Final = 1 << 20
_ENOUGH: Final = 0.5
"""Share of records that must agree before a delimiter is believed against the header."""

_DECLARED: Final = re.compile(rb"sep=([^\r\n])(?:\r\n|\n|\r)")


class _Fit(NamedTuple):
    """How well a delimiter cuts the sample."""

    header_fields: int
    usual_fields: int
    agreement: float
    spaced: bool


def declared_delimiter(data: bytes) -> tuple[str, int] | None:
    """Read the line ``sep=;`` that Excel understands: its character and its length in bytes."""
    match = _DECLARED.match(data)
    if match is None:
        return None
    return match[1].decode("ascii", "replace"), match.end()


def sniff_dialect(data: bytes, delimiter: str | None = None) -> Dialect:
    """Find the dialect of a UTF-8 text.

    Parameters
    ----------
    data
        The whole text; its first records are looked at.
    delimiter
        Where the user said it; only the spacing is then looked for.
    """
    sample = data[:_SAMPLED_BYTES]
    if len(sample) < len(data):
        whole_lines = sample[: sample.rfind(b"\n") + 1] or sample
        sample = whole_lines.decode("utf-8", "ignore").encode()
    if delimiter is not None:
        fit = _fit(sample, delimiter)
        return Dialect(delimiter, fit.spaced)
    fits = {candidate: _fit(sample, candidate) for candidate in DELIMITERS}
    cutting = [candidate for candidate, fit in fits.items() if fit.header_fields > 1]
    if not cutting:
        # A title above the table: the records agree on a delimiter that the header lacks.
        cutting = [
            candidate
            for candidate, fit in fits.items()
            if fit.usual_fields > 1 and fit.agreement > _ENOUGH
        ]
    if not cutting:
        return Dialect(NO_DELIMITER, False)
    best = max(cutting, key=lambda candidate: _rank(fits[candidate]))
    return Dialect(best, fits[best].spaced)


def _rank(fit: _Fit) -> tuple[float, int]:
    """Order of preference: cuts like the header, then more columns."""
    agrees = fit.agreement if fit.usual_fields == fit.header_fields else fit.agreement - 1
    return (round(agrees, 1), fit.header_fields)


def _fit(sample: bytes, delimiter: str) -> _Fit:
    counts: list[int] = []
    spaced = cells = 0
    for record in records(sample, Dialect(delimiter, False)):
        if record.problem:
            continue
        counts.append(len(record.fields))
        cells += len(record.fields) - 1
        spaced += sum(field.startswith(" ") for field in record.fields[1:])
        if len(counts) > _SAMPLED_RECORDS:
            break
    if not counts:
        return _Fit(1, 1, 0.0, False)
    usual = Counter(counts[1:] or counts)
    fields, agreeing = max(usual.items(), key=lambda item: (item[1], item[0]))
    return _Fit(counts[0], fields, agreeing / usual.total(), bool(cells) and spaced == cells)
