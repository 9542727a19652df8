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
from custseg.segment.grouped import Coded, coded
from custseg.segment.lines import Stage


def apart(stage: Stage, roles: Sequence[str]) -> list[str]:
    """Give the roles whose labels can be read apart: judged lines are then the lines as given."""
    if not stage.in_order:
        return []
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


def _cleaned(engine: Engine, labels: pa.DictionaryArray, name: str, kind: pa.DataType) -> Coded:
    written = pa.table({name: labels.dictionary})
    query = f"SELECT {identifier(name, kind)} AS word FROM written"  # noqa: S608
    words = coded(engine.sql(query, written=written)["word"])
    codes = np.append(words.codes, np.int32(-1))
    places = labels.indices
    if labels.null_count:
        places = places.fill_null(len(written))
    return Coded(codes[places.to_numpy()], words.words)
