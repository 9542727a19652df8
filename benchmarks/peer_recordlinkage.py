"""recordlinkage: its ECM classifier on the union of selective blocks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from placeholders import without_placeholders

BLOCKS = (
    ["birth_date"],
    ["family_name", "given_name"],
    ["family_name", "postal_code"],
    ["given_name", "postal_code"],
    ["phone"],
    ["phone_2"],
    ["email"],
    ["identifier"],
    ["street", "block"],
)
NAMES = ("family_name", "given_name", "family_kana", "given_kana", "street", "town", "city")
EXACT = (
    "birth_date",
    "phone",
    "phone_2",
    "email",
    "postal_code",
    "block",
    "identifier",
    "gender",
    "birth_place",
    "occupation",
)


def clusters(folder: Path, about: dict[str, Any]) -> Iterator[tuple[str, npt.NDArray[Any]]]:
    """Block, compare, classify without labels, and join what is connected."""
    import recordlinkage
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    del about
    table = without_placeholders(pd.read_parquet(folder / "standard.parquet"))
    index = recordlinkage.Index()
    for block in BLOCKS:
        if set(block) <= set(table.columns):
            index.block(block)
    pairs = index.index(table)
    compare = recordlinkage.Compare()
    for column in NAMES:
        if column in table:
            compare.string(column, column, method="jarowinkler", threshold=0.85)
    for column in EXACT:
        if column in table:
            compare.exact(column, column)
    features = compare.compute(pairs, table)
    links = recordlinkage.ECMClassifier(binarize=0.5).fit_predict(features)
    left, right = links.get_level_values(0), links.get_level_values(1)
    graph = coo_array((np.ones(len(links)), (left, right)), shape=(len(table),) * 2)
    yield "recordlinkage", connected_components(graph, directed=False)[1]
