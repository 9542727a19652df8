"""What a person decided about pairs, and which records it is about."""

from __future__ import annotations

import unicodedata
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from custseg.cleanse.match.types import Decisions
from custseg.cleanse.merge.codes import key_order, key_places, key_texts, keys_of, later_keys
from custseg.errors import InputError
from custseg.hashing import UInts

SAME: Final = "same"
DIFFERENT: Final = "different"

DECISIONS_SCHEMA: Final = pa.schema(
    [("left_key", pa.string()), ("right_key", pa.string()), ("decision", pa.string())]
)
"""What is remembered from run to run; the smaller key stands on the left."""

Pair = tuple[str, str]
"""Keys of two records, the smaller one first."""


class Answer(NamedTuple):
    """A decision, and the row in which it stands, from 1."""

    decision: str
    row: int


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


def read_decisions(table: pa.Table) -> pa.Table:
    """Read what a person decided in a review table: schema :data:`DECISIONS_SCHEMA`, sorted.

    Raises
    ------
    InputError
        As :func:`read_answers`.
    """
    answers = read_answers(table)
    return as_decisions({pair: answer.decision for pair, answer in answers.items()})


def read_answers(table: pa.Table) -> dict[Pair, Answer]:
    """Read what a person decided in a review table.

    Parameters
    ----------
    table
        ``left_key``, ``right_key`` and ``decision``; other columns and rows without a decision
        do not matter. Words are taken in any case and width.

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
    swap = later_keys(left, right)
    texts = [key_texts(np.where(swap[:, None], a, b)) for a, b in ((right, left), (left, right))]
    decided: dict[Pair, Answer] = {}
    rows = zip(*(each.to_pylist() for each in (*texts, table.column("decision"))), strict=True)
    for number, (one, other, word) in enumerate(rows, start=1):
        decision = _decision(word, number)
        if decision is None:
            continue
        if not (left_sound[number - 1] and right_sound[number - 1]):
            raise InputError("merge.decision_key", row=number)
        known, first = decided.setdefault((one, other), Answer(decision, number))
        if known != decision:
            raise InputError("merge.decision_twice", first=first, second=number)
    return decided


def _decision(word: str | None, row: int) -> str | None:
    folded = unicodedata.normalize("NFKC", word or "").strip().lstrip("'").casefold()
    if not folded:
        return None
    if folded not in _WORDS:
        raise InputError("merge.decision_word", row=row)
    return _WORDS[folded]


def as_decisions(decided: Mapping[Pair, str]) -> pa.Table:
    """Give decisions as a table: schema :data:`DECISIONS_SCHEMA`, sorted."""
    rows = [(*pair, decision) for pair, decision in sorted(decided.items())]
    columns = list(zip(*rows, strict=True)) or [(), (), ()]
    arrays = [pa.array(column, pa.string()) for column in columns]
    return pa.table(arrays, schema=DECISIONS_SCHEMA)


def follow(decisions: pa.Table, keys: UInts, known: UInts) -> pa.Table:
    """Give decisions about records that were corrected the keys that these have now.

    Parameters
    ----------
    decisions
        Schema :data:`DECISIONS_SCHEMA`.
    keys, known
        Fingerprints of the records, and those under which they were known in the run before.
    """
    changed = np.flatnonzero((keys != known).any(axis=1))
    if not len(changed):
        return decisions
    texts = (key_texts(each[changed]).to_pylist() for each in (known, keys))
    now = dict(zip(*texts, strict=True))
    ends = (decisions.column(side).to_pylist() for side in ("left_key", "right_key"))
    decided: dict[Pair, str] = {}
    for one, other, decision in zip(*ends, decisions.column("decision").to_pylist(), strict=True):
        moved = sorted((now.get(one, one), now.get(other, other)))
        decided[moved[0], moved[1]] = decision
    return as_decisions(decided)


def contradictions(decided: Mapping[Pair, str]) -> list[tuple[Pair, tuple[Pair, ...]]]:
    """Find pairs that are different, though a chain of pairs that are the same joins them.

    Returns
    -------
    Each such pair, with the shortest chain, in the order of the chain.
    """
    beside: dict[str, list[str]] = {}
    for (one, other), decision in sorted(decided.items()):
        if decision == SAME:
            beside.setdefault(one, []).append(other)
            beside.setdefault(other, []).append(one)
    found = []
    for pair, decision in sorted(decided.items()):
        if decision == DIFFERENT and (chain := _chain(beside, *pair)):
            found.append((pair, chain))
    return found


def _chain(beside: Mapping[str, Sequence[str]], start: str, end: str) -> tuple[Pair, ...]:
    before = {start: start}
    waiting = deque([start])
    while waiting and end not in before:
        at = waiting.popleft()
        for key in beside.get(at, ()):
            if key not in before:
                before[key] = at
                waiting.append(key)
    chain: list[Pair] = []
    while end != start and end in before:
        chain.append((min(end, before[end]), max(end, before[end])))
        end = before[end]
    return tuple(reversed(chain))


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
