"""Pairs for a person to decide: which, and the table they see."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from custseg.cleanse.match.components import components
from custseg.cleanse.merge.codes import Ints, key_texts, later_keys
from custseg.fields.guess import field_label
from custseg.hashing import UInts
from custseg.messages import text

_CONFLICTS: Final[Mapping[str, int]] = {
    "different": 3,
    **dict.fromkeys(
        ("near", "year", "part", "region", "other_number", "other_unit", "same_city"), 2
    ),
    **dict.fromkeys(("close", "similar", "swapped", "near_code", "same_local_part"), 1),
}
"""How much a level of agreement speaks against one person."""

_WEIGHTY: Final = (
    *("identifier", "given_name", "birth_date", "person_name", "family_name", "gender"),
    *("corporate_number", "email", "phone", "street", "area"),
)
"""Fields whose conflict decides most, first."""

_LIKELY: Final = 0.9
"""Probability from which two records alone leave no doubt."""

_HIDDEN: Final = frozenset({"source", "row"})
_FORMULA: Final = r"^[=+\-@\t\r\n]"


def review_table(
    links: pa.Table,
    records: pa.Table,
    roles: Mapping[str, str],
    keys: UInts,
    clusters: Ints,
    *,
    decisions: pa.Table | None = None,
    silent: Collection[str] = (),
    language: str = "en",
) -> pa.Table:
    """List the pairs whose decision is ``review``, both records side by side.

    Parameters
    ----------
    links
        ``left``, ``right`` (record indices), ``probability``, ``decision``, ``agree_<field>``.
    records
        ``source``, ``row`` and the records' columns.
    roles
        Role by column; columns without one are not shown.
    keys
        Fingerprints of the records, shape (records, 2).
    clusters
        Cluster of each record.
    decisions
        What was decided before (as ``read_decisions`` gives it): those pairs are not asked again.
    silent
        Fields that say nothing in these records.
    language
        Of the words in ``now`` and ``doubt``.

    Returns
    -------
    ``decision`` (empty, to be filled in), ``now`` (whether the two are one customer as long as
    nobody decides), ``doubt`` (the fields in conflict, the most decisive first),
    ``probability`` in percent, each column as ``left_…`` and ``right_…``, and both keys. The
    likeliest pairs come first. No cell can run as a formula in a spreadsheet.
    """
    pairs = links.filter(pc.equal(links.column("decision"), "review"))
    left, right = (pairs.column(side).to_numpy() for side in ("left", "right"))
    swap = later_keys(keys[left], keys[right])
    left, right = np.where(swap, right, left), np.where(swap, left, right)
    sure = pairs.column("probability").to_numpy()
    order = np.lexsort((keys[right, 0], keys[left, 0], -sure))
    pairs, left, right = pairs.take(pa.array(order)), left[order], right[order]
    columns: dict[str, pa.Array | pa.ChunkedArray] = {
        "decision": pa.nulls(len(order), pa.string()),
        "now": _now(clusters[left] == clusters[right], language),
        "doubt": _doubts(pairs, silent, clusters[left] != clusters[right], language),
        "probability": pa.array([_percent(share) for share in sure[order]], pa.string()),
    }
    shown = [name for name in records.column_names if name in _HIDDEN or name in roles]
    for name in shown:
        sides = [_safe(records.column(name), rows) for rows in (left, right)]
        if any(cells.null_count < len(order) for cells in sides):
            columns[f"left_{name}"], columns[f"right_{name}"] = sides
    columns["left_key"] = key_texts(keys[left])
    columns["right_key"] = key_texts(keys[right])
    table = pa.table(columns)
    return table if decisions is None else table.filter(pc.invert(_among(table, decisions)))


def _among(table: pa.Table, decisions: pa.Table) -> pa.ChunkedArray:
    one, other = (
        pc.binary_join_element_wise(each.column("left_key"), each.column("right_key"), " ")
        for each in (table, decisions)
    )
    return pc.is_in(one, value_set=other)


def _safe(column: pa.ChunkedArray, rows: Ints) -> pa.ChunkedArray:
    """Take cells as text that no spreadsheet runs: one that looks like a formula is quoted."""
    cells = column.take(pa.array(rows)).cast(pa.string())
    risky = pc.match_substring_regex(cells, _FORMULA)
    return pc.if_else(risky, pc.binary_join_element_wise("'", cells, ""), cells)


def _now(joined: npt.NDArray[np.bool_], language: str) -> pa.Array:
    words = [text(key, language) for key in ("merge.review.apart", "merge.review.joined")]
    return pa.array(words, pa.string()).take(pa.array(joined.astype(np.int64)))


def _percent(share: float) -> str:
    """Write a probability that is not yet the next percentage."""
    return f"{min(int(share * 100 + 1e-9), 99)}%"


def _doubts(
    pairs: pa.Table, silent: Collection[str], apart: npt.NDArray[np.bool_], language: str
) -> pa.Array:
    columns = (name for name in pairs.column_names if name.startswith("agree_"))
    names = (name.removeprefix("agree_") for name in columns)
    fields = [name for name in names if name not in silent]
    rank = {field: place for place, field in enumerate(_WEIGHTY)}
    fields.sort(key=lambda field: (rank.get(field, len(rank)), field))
    levels = [pairs.column(f"agree_{field}").cast(pa.string()).to_pylist() for field in fields]
    labels = [field_label(field, language) for field in fields]
    # Sure as they are, what they belong to keeps them apart.
    others = apart & (pairs.column("probability").to_numpy() >= _LIKELY)
    nothing = (text("merge.review.little", language), text("merge.review.others", language))
    said = []
    for pair in range(pairs.num_rows):
        weights = [_CONFLICTS.get(level[pair] or "", 0) for level in levels]
        order = sorted(
            (place for place, weight in enumerate(weights) if weight),
            key=lambda place: (-weights[place], place),
        )
        said.append(", ".join(labels[place] for place in order) or nothing[int(others[pair])])
    return pa.array(said, pa.string())


def questions(links: pa.Table, clusters: Ints, keys: UInts, *, least: float = 0.0) -> pa.Table:
    """Keep, of the links to review, those whose answer changes something.

    Of each two customers the likeliest link is asked, if it is likely enough: one question is
    enough. Within one customer those are asked without which links to trust would not hold it
    together. Matches are kept as they are.

    Parameters
    ----------
    links
        As matching gives them.
    clusters
        Cluster of each record.
    keys
        Fingerprints of the records, shape (records, 2): ties do not depend on the rows' order.
    least
        Probability from which a link of two customers is asked about.
    """
    left, right = (links.column(side).to_numpy() for side in ("left", "right"))
    keep = pc.not_equal(links.column("decision"), "review").to_numpy()
    likely = links.column("probability").to_numpy()
    together = clusters[left] == clusters[right]
    asked = np.flatnonzero(~keep)
    swap = later_keys(keys[left[asked]], keys[right[asked]])
    one = np.where(swap, right[asked], left[asked])
    other = np.where(swap, left[asked], right[asked])
    asked = asked[np.lexsort((keys[other, 0], keys[one, 0], -likely[asked]))]
    apart = asked[~together[asked] & (likely[asked] >= least)]
    ends = [clusters[side[apart]] for side in (left, right)]
    pair = np.minimum(*ends).astype(np.int64) << 32 | np.maximum(*ends)
    doubtful = asked[together[asked]]
    in_doubt = np.zeros(len(clusters), np.bool_)
    in_doubt[clusters[left[doubtful]]] = True
    sure = keep & together & in_doubt[clusters[left]]
    parts = components(len(clusters), left[sure], right[sure])
    keep[apart[np.unique(pair, return_index=True)[1]]] = True
    keep[doubtful[_bridges(parts[left[doubtful]], parts[right[doubtful]])]] = True
    return links.filter(pa.array(keep))


def _bridges(left: Ints, right: Ints) -> list[int]:
    """Which of these links, in their order, connect what those before them do not."""
    root: dict[int, int] = {}

    def top(part: int) -> int:
        while (above := root.get(part, part)) != part:
            root[part] = part = root.get(above, above)
        return part

    found = []
    for place, (a, b) in enumerate(zip(left.tolist(), right.tolist(), strict=True)):
        one, other = top(a), top(b)
        if one != other:
            root[other] = one
            found.append(place)
    return found
