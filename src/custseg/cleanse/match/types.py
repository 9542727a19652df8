"""What goes into matching and what comes out: settings, decisions, the result."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

if TYPE_CHECKING:
    from custseg.cleanse.match.model import MatchModel

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]
Levels = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]

CERTAIN: Final = 60.0
"""Bits beyond which a probability is written as 1."""


def log_odds(probability: float) -> float:
    """Give the bits of a probability; certainty has as many as count as certain."""
    if probability in (0, 1):
        return CERTAIN if probability else -np.inf
    return float(np.log2(probability) - np.log2(1 - probability))


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchSettings:
    """What a user may change; the defaults need no data-specific tuning.

    Attributes
    ----------
    join_probability
        Links at or above it hold a customer together: by them each of its records is connected
        with the others. Lighter ones join nobody.
    match_probability
        A pair at or above it, in one cluster, is a link to trust.
    review_probability
        Pairs from here up, and not to be trusted or of two customers, are for a person to decide.
    cut
        Two groups of records become one customer where the mean weight of the pairs between
        them, in bits, is at least this.
    max_block
        Blocks of more records are subdivided, and what cannot be subdivided is skipped.
    pairs_per_record
        Budget of candidate pairs; small files get :data:`SMALL_FILE_PAIRS` in any case.
    max_component
        Groups of more records, before they are cut into clusters, are cut more strictly first.
    shared_by
        A phone, e-mail or identifier used under this many different names is no evidence.
    link_only
        Join records of different sources only, one a source.
    """

    join_probability: float = 0.5
    match_probability: float = 0.9
    review_probability: float = 0.2
    cut: float = 0.0
    max_block: int = 60
    pairs_per_record: int = 5
    max_component: int = 200
    shared_by: int = 6
    link_only: bool = False

    @property
    def hold(self) -> float:
        """Bits from which a link holds a customer together."""
        return max(self.cut, log_odds(self.join_probability))


@dataclass(frozen=True, slots=True)
class Decisions:
    """Pairs of record indices that a person has decided.

    Attributes
    ----------
    same, different
        Arrays of shape (pairs, 2).
    """

    same: Ints = field(default_factory=lambda: np.empty((0, 2), np.int64))
    different: Ints = field(default_factory=lambda: np.empty((0, 2), np.int64))


@dataclass(frozen=True, slots=True)
class MatchWarning:
    """Something the user should know: a message key and the parameters of its words."""

    key: str
    params: dict[str, object]


@dataclass(frozen=True, slots=True)
class KeyPlan:
    """One blocking key.

    Attributes
    ----------
    name
        The parts it is made of, such as ``"birth_date + family prefix"``.
    pairs
        Pairs it yields.
    largest
        Sizes of its largest blocks before subdivision, descending.
    skipped_blocks, skipped_records
        Blocks too large even after subdivision, and the records in them.
    """

    name: str
    pairs: int
    largest: tuple[int, ...]
    skipped_blocks: int = 0
    skipped_records: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """How candidate pairs are found.

    Attributes
    ----------
    records
        Records, and how many of them are `distinct` in every field compared.
    keys
        The keys in use, in the order they were chosen.
    left_out
        Keys that would have passed the budget of pairs.
    pairs
        Pairs of all keys together (an upper bound in an estimate: a pair may have many keys).
    """

    records: int
    distinct: int
    keys: tuple[KeyPlan, ...]
    left_out: tuple[KeyPlan, ...]
    pairs: int

    @property
    def memory_bytes(self) -> int:
        """Estimate of the peak memory of matching, the table of the records included."""
        return 150_000_000 + 600 * self.records + 60 * self.pairs

    @property
    def seconds(self) -> float:
        """Estimate of the processor time of matching, from 5,000 to five million records."""
        return 1.0 + 8e-6 * self.records + 0.9e-6 * self.pairs


@dataclass(frozen=True, slots=True)
class Matches:
    """Who is the same person.

    Attributes
    ----------
    links
        A pair a row: ``left`` < ``right`` (int64 record indices), ``weight`` (bits),
        ``probability``, ``decision`` (``match`` or ``review``), and ``agree_<field>`` for
        every field compared. Sorted by left, right.
    clusters
        Cluster label of each record: the smallest record index of the cluster.
    household_pairs_kept_apart
        Candidate pairs that look like two people of one household, and were not joined.
    model, plan
        What was fitted, and how pairs were found.
    warnings
        Fallbacks, placeholders, oversize clusters, skipped blocks.
    evidence
        Columns of role ``attribute`` that carried evidence.
    """

    links: pa.Table
    clusters: Ints
    household_pairs_kept_apart: int
    model: MatchModel
    plan: Plan
    warnings: tuple[MatchWarning, ...]
    evidence: tuple[str, ...]
