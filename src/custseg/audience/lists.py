"""Target lists: who of a segment may be reached by a channel, once, and who is held out."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Mask = npt.NDArray[np.bool_]

HIGHER: Final = "higher_list"
HOUSEHOLD: Final = "same_household"
HOLDOUT: Final = "holdout"

_FULL: Final = 2.0**64


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRules:
    """How lists share customers.

    Attributes
    ----------
    priority
        Whether a customer of several lists is on the first of them alone.
    one_per_household
        Whether a list has one customer a household.
    held_out
        Who is in the holdout group of the campaign.
    """

    priority: bool
    one_per_household: bool
    held_out: Mask


@dataclass(frozen=True, slots=True)
class Chosen:
    """One list for one channel.

    Attributes
    ----------
    kept
        Who is on it.
    reasons
        For each member why not; null for those on it, and for everyone else.
    """

    kept: Mask
    reasons: pa.Array

    def counts(self) -> dict[str, int]:
        """Members left off, by reason."""
        found = self.reasons.drop_null().value_counts().to_pylist()
        return {each["values"]: each["counts"] for each in sorted(found, key=_by_reason)}


def _by_reason(found: Mapping[str, object]) -> str:
    return str(found["values"])


def choose(
    members: Mapping[str, Mask],
    closed: pa.Array,
    households: pa.Array | None,
    order: npt.NDArray[np.int64],
    rules: ListRules,
) -> dict[str, Chosen]:
    """Choose who of each list is reached by one channel.

    Consent is asked first; then higher lists, then the household, last the holdout group: it
    is drawn from those who would have been reached, so that the two can be compared.

    Parameters
    ----------
    members
        Name of each list → its customers, the list of the highest priority first.
    closed
        For each customer why the channel is closed; null where it is open.
    households
        For each customer the household; null for none, or for none known.
    order
        Customers, the best first: of a household the best one stays.
    rules
        How lists share customers.
    """
    is_open = np.asarray(closed.is_null())
    taken = np.zeros(len(is_open), dtype=bool)
    made = {}
    for name, inside in members.items():
        reasons = np.full(len(inside), None, dtype=object)
        shut = inside & ~is_open
        reasons[shut] = closed.filter(pa.array(shut)).to_numpy(zero_copy_only=False)
        left = inside & is_open
        if rules.priority:
            reasons[left & taken] = HIGHER
            left &= ~taken
            taken |= left
        if rules.one_per_household and households is not None:
            second = left & ~_best_of_household(left, households, order)
            reasons[second] = HOUSEHOLD
            left &= ~second
        reasons[left & rules.held_out] = HOLDOUT
        made[name] = Chosen(left & ~rules.held_out, pa.array(reasons, pa.string()))
    return made


def _best_of_household(inside: Mask, households: pa.Array, order: npt.NDArray[np.int64]) -> Mask:
    codes = pc.fill_null(households.dictionary_encode().indices, -1).to_numpy(zero_copy_only=False)
    ranked = order[inside[order]]
    of_ranked = codes[ranked]
    alone = of_ranked < 0
    best = np.zeros(len(inside), dtype=bool)
    best[ranked[alone]] = True
    shared = ranked[~alone]
    _, first = np.unique(of_ranked[~alone], return_index=True)
    best[shared[first]] = True
    return best


def holdout(customers: Sequence[str], key: bytes, campaign: str, share: float) -> Mask:
    """Tell who is in the holdout group: HMAC(key, campaign ‖ customer) below the share.

    Stable from run to run, whoever else is on the list, and nobody chooses.
    """
    if not share:
        return np.zeros(len(customers), dtype=bool)
    started = hmac.new(key, campaign.encode(), hashlib.sha256)
    bound = int(share * _FULL)
    mask = np.empty(len(customers), dtype=bool)
    for place, customer in enumerate(customers):
        made = started.copy()
        made.update(customer.encode())
        mask[place] = int.from_bytes(made.digest()[:8], "big") < bound
    return mask


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """Customers in two lists; `jaccard` is their share of those in either."""

    left: str
    right: str
    customers: int
    jaccard: float


def overlaps(members: Mapping[str, Mask]) -> tuple[Overlap, ...]:
    """Compare each two lists."""
    names = list(members)
    made = []
    for at, left in enumerate(names):
        for right in names[at + 1 :]:
            both = int(np.count_nonzero(members[left] & members[right]))
            either = int(np.count_nonzero(members[left] | members[right]))
            made.append(
                Overlap(left=left, right=right, customers=both, jaccard=both / max(either, 1))
            )
    return tuple(made)
