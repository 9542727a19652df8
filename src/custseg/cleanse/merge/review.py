"""Pairs for a person to decide: the table they see, and what they decided."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from custseg.cleanse.match.components import components
from custseg.cleanse.match.types import Decisions
from custseg.cleanse.merge.codes import Ints, key_order, key_places, key_texts, keys_of
from custseg.errors import InputError
from custseg.fields.guess import field_label
from custseg.hashing import UInts
from custseg.messages import text

SAME: Final = "same"
DIFFERENT: Final = "different"

DECISIONS_SCHEMA: Final = pa.schema(
    [("left_key", pa.string()), ("right_key", pa.string()), ("decision", pa.string())]
)
"""What is remembered from run to run; the smaller key stands on the left."""

_WORDS: Final[Mapping[str, str]] = {
    **dict.fromkeys(
        (
            *("same", "s", "yes", "y", "match", "merge", "true", "1"),
            *("同じ", "同", "同一", "同一人物", "同じ人", "本人", "はい", "○", "〇", "◯", "o"),
        ),
        SAME,
    ),
    **dict.fromkeys(
        (
            *("different", "diff", "d", "no", "n", "distinct", "false", "0"),
            *("違う", "ちがう", "別", "別人", "異なる", "他人", "いいえ", "×", "✕", "x"),
        ),
        DIFFERENT,
    ),
}

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
        What was decided before (:data:`DECISIONS_SCHEMA`): those pairs are not asked again.
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
    swap = _later(keys[left], keys[right])
    left, right = np.where(swap, right, left), np.where(swap, left, right)
    sure = pairs.column("probability").to_numpy()
    order = np.lexsort((keys[right, 0], keys[left, 0], -sure))
    pairs, left, right = pairs.take(pa.array(order)), left[order], right[order]
    columns: dict[str, pa.Array | pa.ChunkedArray] = {
        "decision": pa.nulls(len(order), pa.string()),
        "now": _now(clusters[left] == clusters[right], language),
        "doubt": _doubts(pairs, language),
        "probability": pa.array([f"{min(share, 0.99):.0%}" for share in sure[order]], pa.string()),
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


def _later(one: UInts, other: UInts) -> npt.NDArray[np.bool_]:
    upper = one[:, 0] > other[:, 0]
    return np.asarray(upper | ((one[:, 0] == other[:, 0]) & (one[:, 1] > other[:, 1])))


def _safe(column: pa.ChunkedArray, rows: Ints) -> pa.ChunkedArray:
    """Take cells as text that no spreadsheet runs: one that looks like a formula is quoted."""
    cells = column.take(pa.array(rows)).cast(pa.string())
    risky = pc.match_substring_regex(cells, _FORMULA)
    return pc.if_else(risky, pc.binary_join_element_wise("'", cells, ""), cells)


def _now(joined: npt.NDArray[np.bool_], language: str) -> pa.Array:
    words = [text(key, language) for key in ("merge.review.apart", "merge.review.joined")]
    return pa.array(words, pa.string()).take(pa.array(joined.astype(np.int64)))


def _doubts(pairs: pa.Table, language: str) -> pa.Array:
    fields = [
        name.removeprefix("agree_") for name in pairs.column_names if name.startswith("agree_")
    ]
    rank = {field: place for place, field in enumerate(_WEIGHTY)}
    fields.sort(key=lambda field: (rank.get(field, len(rank)), field))
    levels = [pairs.column(f"agree_{field}").cast(pa.string()).to_pylist() for field in fields]
    names = [field_label(field, language) for field in fields]
    nothing = text("merge.review.little", language)
    said = []
    for pair in range(pairs.num_rows):
        weights = [_CONFLICTS.get(level[pair] or "", 0) for level in levels]
        order = sorted(
            (place for place, weight in enumerate(weights) if weight),
            key=lambda place: (-weights[place], place),
        )
        said.append(", ".join(names[place] for place in order) or nothing)
    return pa.array(said, pa.string())


def read_decisions(table: pa.Table) -> pa.Table:
    """Read what a person decided in a review table.

    Parameters
    ----------
    table
        ``left_key``, ``right_key`` and ``decision``; other columns and rows without a decision
        do not matter. Words are taken in any case and width.

    Returns
    -------
    Schema :data:`DECISIONS_SCHEMA`, sorted, each pair once.

    Raises
    ------
    InputError
        If a column is missing, a word is unknown, a key was changed, or one pair is decided
        both ways.
    """
    missing = [name for name in DECISIONS_SCHEMA.names if name not in table.column_names]
    if missing:
        raise InputError("merge.decisions_columns", columns=", ".join(missing))
    left, left_sound = keys_of(table.column("left_key"))
    right, right_sound = keys_of(table.column("right_key"))
    swap = _later(left, right)
    texts = [key_texts(np.where(swap[:, None], a, b)) for a, b in ((right, left), (left, right))]
    decided: dict[tuple[str, str], tuple[str, int]] = {}
    rows = zip(*(each.to_pylist() for each in (*texts, table.column("decision"))), strict=True)
    for number, (one, other, word) in enumerate(rows, start=1):
        decision = _decision(word, number)
        if decision is None:
            continue
        if not (left_sound[number - 1] and right_sound[number - 1]):
            raise InputError("merge.decision_key", row=number)
        known, first = decided.setdefault((one, other), (decision, number))
        if known != decision:
            raise InputError("merge.decision_twice", first=first, second=number)
    return pa.Table.from_pylist(
        [
            {"left_key": one, "right_key": other, "decision": decision}
            for (one, other), (decision, _) in sorted(decided.items())
        ],
        schema=DECISIONS_SCHEMA,
    )


def _decision(word: str | None, row: int) -> str | None:
    folded = unicodedata.normalize("NFKC", word or "").strip().lstrip("'").casefold()
    if not folded:
        return None
    if folded not in _WORDS:
        raise InputError("merge.decision_word", row=row)
    return _WORDS[folded]


def remember(old: pa.Table, new: pa.Table) -> pa.Table:
    """Join earlier decisions with new ones, which win."""
    joined = {
        (row["left_key"], row["right_key"]): row["decision"]
        for row in (*old.to_pylist(), *new.to_pylist())
    }
    return pa.Table.from_pylist(
        [
            {"left_key": one, "right_key": other, "decision": decision}
            for (one, other), decision in sorted(joined.items())
        ],
        schema=DECISIONS_SCHEMA,
    )


@dataclass(frozen=True, slots=True)
class DecidedPairs:
    """Decisions about records of this run.

    Attributes
    ----------
    pairs
        As matching takes them.
    elsewhere
        How many decisions are about records that are not in this run.
    """

    pairs: Decisions
    elsewhere: int


def decided_pairs(decisions: pa.Table, keys: UInts) -> DecidedPairs:
    """Find the records that decisions are about.

    Parameters
    ----------
    decisions
        Schema :data:`DECISIONS_SCHEMA`.
    keys
        Fingerprints of the records, shape (records, 2).
    """
    if not decisions.num_rows:
        return DecidedPairs(Decisions(), 0)
    order = key_order(keys)
    ends = []
    for side in ("left_key", "right_key"):
        wanted, _ = keys_of(decisions.column(side))
        place = key_places(keys[order], wanted)
        ends.append(np.where(place >= 0, order[place], -1))
    pairs = np.column_stack(ends)
    here = (pairs >= 0).all(axis=1)
    same = pc.equal(decisions.column("decision"), SAME).to_numpy()
    found = Decisions(same=pairs[here & same], different=pairs[here & ~same])
    return DecidedPairs(found, int((~here).sum()))


def questions(links: pa.Table, clusters: Ints, keys: UInts) -> pa.Table:
    """Keep, of the links to review, those whose answer changes something.

    Of each two customers the likeliest link is asked: one question is enough. Within one
    customer those are asked without which links to trust would not hold it together. Matches
    are kept as they are.

    Parameters
    ----------
    links
        As matching gives them.
    clusters
        Cluster of each record.
    keys
        Fingerprints of the records, shape (records, 2): ties do not depend on the rows' order.
    """
    left, right = (links.column(side).to_numpy() for side in ("left", "right"))
    keep = pc.not_equal(links.column("decision"), "review").to_numpy()
    likely = links.column("probability").to_numpy()
    together = clusters[left] == clusters[right]
    asked = np.flatnonzero(~keep)
    swap = _later(keys[left[asked]], keys[right[asked]])
    one = np.where(swap, right[asked], left[asked])
    other = np.where(swap, left[asked], right[asked])
    asked = asked[np.lexsort((keys[other, 0], keys[one, 0], -likely[asked]))]
    apart = asked[~together[asked]]
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
