"""Rules against the columns at hand, of which people know the names in their own files."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

import pyarrow as pa

from custseg.errors import UsageError
from custseg.fields.headers import header_matches
from custseg.fields.options import KNOWN
from custseg.segment.rules import Rule, read_rule

_OF_EVENTS: Final = re.compile(r"last_contact|open_complaints|contacts(_.+)?")
"""Columns that events alone add."""


def rule_of_columns(name: str, text: str, schema: pa.Schema, as_of: date) -> Rule:
    """Read a rule as :func:`custseg.segment.rules.read_rule` does.

    Raises
    ------
    UsageError
        As there; of a column that is not there, the one of its role is the nearest.
    """
    try:
        return read_rule(name, text, schema, as_of)
    except UsageError as error:
        column = str(error.params.get("column", ""))
        meant = _columns_meant(column, schema)
        if error.key != "segment.rule_column":
            raise
        if _OF_EVENTS.fullmatch(column) and "contacts" not in schema.names:
            raise UsageError("segment.rule_needs_events", **error.params) from error
        if not meant:
            raise
        raise UsageError(error.key, **{**error.params, "nearest": ", ".join(meant)}) from error


def _columns_meant(title: str, schema: pa.Schema) -> list[str]:
    """Columns of the roles that a title, such as 都道府県, is a word for; the surest first."""
    found = sorted(header_matches(title).values(), key=lambda match: (-match.score, match.role))
    return [match.role for match in found if match.score >= KNOWN and match.role in schema.names]
