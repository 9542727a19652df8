"""Tombstones in the base: by what people who were forgotten are known again."""

from __future__ import annotations

import pyarrow as pa

from custseg.base.store import Base
from custseg.privacy.tombstones import TOMBSTONES


def read_tombstones(base: Base) -> pa.Table:
    """Give every tombstone (:data:`custseg.privacy.tombstones.TOMBSTONES`)."""
    return base.sql("SELECT * FROM {tombstones} ORDER BY ALL").cast(TOMBSTONES)


def add_tombstones(base: Base, stones: pa.Table) -> None:
    """Remember somebody who was forgotten."""
    base.replace("tombstones", "SELECT * FROM {tombstones} UNION SELECT * FROM fresh", fresh=stones)
