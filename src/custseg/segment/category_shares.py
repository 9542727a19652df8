"""What part of their money customers spend on each category, as features of clusters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custseg.engine import Engine
from custseg.segment.lines import Stage
from custseg.segment.maps import slugs
from custseg.segment.profile import rounded
from custseg.segment.rfm import Floats, to_floats
from custseg.segment.summary import CATEGORY_SHARE

CATEGORY_SHARES: Final = "category_shares"
"""The feature that stands for one a category."""

MOST_CATEGORIES: Final = 10
"""Categories with most money that become features."""

_SUMS: Final = """
, sums AS (
  SELECT customer_id, category, SUM(money) AS money FROM judged
  WHERE reason IS NULL AND category IS NOT NULL AND customer_id IS NOT NULL GROUP BY 1, 2
)
SELECT customer_id, category, CAST(money AS DOUBLE) AS money FROM sums
ORDER BY customer_id, category"""


def category_shares(
    engine: Engine, stage: Stage, customers: pa.ChunkedArray, wanted: Sequence[str] = ()
) -> pa.Table:
    """Give the share of each customer's money by category.

    Parameters
    ----------
    stage
        Order lines with a ``category``.
    customers
        Ids of the customers, each once.
    wanted
        Columns to make; none takes the categories with most money, :data:`MOST_CATEGORIES` at
        most. A category that nobody bought is 0.

    Returns
    -------
    Columns such as ``category_share_tea``, in the order of `customers`; null where the category
    of nothing they bought is known.
    """
    sums = stage.run(engine, _SUMS)
    money = to_floats(sums["money"])
    codes = sums["category"].combine_chunks().dictionary_encode()
    labels = codes.dictionary.to_pylist()
    category = codes.indices.to_numpy()
    totals = np.bincount(category, money, len(labels))
    ranked = sorted(range(len(labels)), key=lambda at: (-totals[at], labels[at]))
    files = slugs(f"{CATEGORY_SHARE}{labels[at]}" for at in ranked)
    names = [files[f"{CATEGORY_SHARE}{labels[at]}"] for at in ranked]
    chosen = list(wanted) or names[:MOST_CATEGORIES]
    place = pc.index_in(sums["customer_id"], value_set=customers.combine_chunks()).to_numpy()
    known = ~np.isnan(place.astype(np.float64))
    own = place[known].astype(np.int64)
    whole = np.bincount(own, money[known], len(customers))
    nothing = whole <= 0
    shares = {}
    for name in chosen:
        part: Floats = np.zeros(len(customers))
        if name in names:
            inside = category[known] == ranked[names.index(name)]
            spent = np.bincount(own[inside], money[known][inside], len(customers))
            part = spent.astype(np.float64)
        shares[name] = pa.array(np.divide(part, whole, where=~nothing, out=part), mask=nothing)
    return rounded(pa.table({"customer_id": customers, **shares}))
