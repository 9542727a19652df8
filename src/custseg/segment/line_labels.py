"""What lines are called (category, channel and the like) as numbers, from their distinct texts.

Read beside the queries, which would copy a text for every line; each distinct one goes through the
very expression that the queries use.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from custseg.engine import Engine, encoded_columns
from custseg.segment.columns import identifier, is_text
from custseg.segment.grouped import Coded, coded, small
from custseg.segment.lines import Stage


def apart(stage: Stage, roles: Sequence[str]) -> list[str]:
    """Give the roles whose labels can be read beside lines that come in their order."""
    schema = stage.tables["lines"].schema
    kinds = {role: schema.field(stage.columns[role]).type for role in roles}
    return [role for role, kind in kinds.items() if is_text(kind) or pa.types.is_integer(kind)]


def labels_apart(engine: Engine, stage: Stage, roles: Sequence[str]) -> dict[str, Coded]:
    """Read the labels of all lines, in their order; `roles` as :func:`apart` gives them."""
    lines = stage.tables["lines"]
    names = [stage.columns[role] for role in roles]
    found = encoded_columns(lines, list(dict.fromkeys(names)))
    return {
        role: _cleaned(engine, found[name], name, lines.schema.field(name).type)
        for role, name in zip(roles, names, strict=True)
    }


def _cleaned(engine: Engine, labels: pa.ChunkedArray, name: str, kind: pa.DataType) -> Coded:
    known = labels.chunk(0).dictionary if labels.num_chunks else pa.array([], kind)
    written = pa.table({name: known})
    query = f"SELECT {identifier(name, kind)} AS word FROM written"  # noqa: S608
    words = coded(engine.sql(query, written=written)["word"])
    ranks = np.append(words.codes, np.int32(-1)).astype(small(len(words.words)))
    codes = np.empty(len(labels), ranks.dtype)
    start = 0
    for chunk in labels.chunks:
        places = chunk.indices.fill_null(len(known)) if chunk.null_count else chunk.indices
        np.take(ranks, places.to_numpy(), out=codes[start : start + len(chunk)], mode="clip")
        start += len(chunk)
    return Coded(codes, words.words)
