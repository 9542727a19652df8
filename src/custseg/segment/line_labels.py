"""What lines are called (category, channel and the like) as numbers, from their distinct texts.

Read beside the queries, which would copy a text for every line; each distinct one goes through the
very expression that the queries use.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

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


def _cleaned(
    engine: Engine, pieces: Sequence[pa.DictionaryArray], name: str, kind: pa.DataType
) -> Coded:
    values = kind.value_type if pa.types.is_dictionary(kind) else kind
    known = pa.chunked_array([each.dictionary.cast(values) for each in pieces], values).unique()
    written = pa.table({name: known})
    query = f"SELECT {identifier(name, kind)} AS word FROM written"  # noqa: S608
    words = coded(engine.sql(query, written=written)["word"])
    ranks = words.codes.astype(small(len(words.words)))
    codes = np.empty(sum(map(len, pieces)), ranks.dtype)
    start = 0
    for piece in pieces:
        own = pc.index_in(piece.dictionary.cast(values), value_set=known).to_numpy()
        # What has no place in the dictionary is none.
        table = np.append(ranks[own], ranks.dtype.type(-1))
        places = piece.indices
        if places.null_count:
            places = places.cast(pa.int32()).fill_null(len(own))
        np.take(table, places.to_numpy(), out=codes[start : start + len(piece)], mode="clip")
        start += len(piece)
    return Coded(codes, words.words)
