"""Which numbers of people to withhold, so that no small group can be computed from the others.

A group of fewer than k people is masked; where it is the only part of a sum that is masked, the
sum less the other parts gives it away. So the next smallest part is withheld with it, until no
withheld number follows from those that are told (complementary cell suppression; Gusfield, "A
graph theoretic approach to statistical data security", 1988, gives the test for tables, of
which the rank of the sums here is the general form).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from fractions import Fraction
from itertools import islice
from typing import NamedTuple

Group = tuple[str, ...]
"""Names a group of people, of which several places may tell."""


class Sum(NamedTuple):
    """Groups that make up another one, or one whose number everybody knows (None)."""

    parts: tuple[Group, ...]
    total: Group | None = None


def withheld(counts: Mapping[Group, int], sums: Sequence[Sum], least: int) -> frozenset[Group]:
    """Give the groups whose number must not be told.

    Parameters
    ----------
    counts
        People by group.
    sums
        What a reader can add up.
    least
        Groups of fewer people are withheld, and what they could be computed from.
    """
    told = _Told(counts, sums, least)
    waiting = list(range(len(sums)))
    while waiting:
        for at in waiting:
            told.close(at)
        waiting = [at for at in range(len(sums)) if told.exposed(at)]
        if not waiting:
            found = (told.hide_beside(group) for group in sorted(_computable(told.hidden, sums)))
            waiting = list(islice((at for at in found if at is not None), 1))
    told.give_back()
    return frozenset(told.hidden)


class _Told:
    """What is told, and what is hidden so far."""

    def __init__(self, counts: Mapping[Group, int], sums: Sequence[Sum], least: int) -> None:
        self._counts = counts
        self._sums = sums
        self._least = least
        self._places: dict[Group, list[int]] = {}
        for at, each in enumerate(sums):
            for group in (*each.parts, *((each.total,) if each.total else ())):
                self._places.setdefault(group, []).append(at)
        self.hidden = {group for group, count in counts.items() if 0 < count < least}

    def exposed(self, at: int) -> bool:
        """Tell whether one sum gives away what of it is hidden, and something can be done."""
        return self._exposed(self._sums[at]) and self._also(at) is not None

    def close(self, at: int) -> None:
        """Hide what it takes that a sum gives nothing away."""
        while self._exposed(self._sums[at]):
            also = self._also(at)
            if also is None:
                return
            self.hidden.add(also)

    def hide_beside(self, group: Group) -> int | None:
        """Hide one more of the sums that a group is in; give which, None where nothing is left."""
        found = [
            (self._cost(also, at), also, at)
            for at in self._places[group]
            if (also := self._also(at)) is not None
        ]
        if not found:
            return None
        _, also, at = min(found)
        self.hidden.add(also)
        return at

    def give_back(self) -> None:
        """Tell again what there is no need to hide, the largest first."""
        also = [group for group in self.hidden if not self._small(group)]
        for group in sorted(also, key=lambda each: (-self._counts[each], each)):
            kept = set(self.hidden)
            if group in kept and not self._without(group):
                self.hidden = kept

    def _without(self, group: Group) -> bool:
        """Tell a group, and those that its number gives away; whether no small one is of these."""
        waiting = [group]
        while waiting:
            each = waiting.pop()
            self.hidden.discard(each)
            for at in self._places[each]:
                found = self._sums[at]
                if not self._exposed(found):
                    continue
                unknown = [one for one in (*found.parts, found.total) if one in self.hidden]
                if len(unknown) != 1 or not unknown[0] or self._small(unknown[0]):
                    return False
                waiting.append(unknown[0])
        return next(_computable(self.hidden, self._sums), None) is None

    def _small(self, group: Group) -> bool:
        return 0 < self._counts[group] < self._least

    def _exposed(self, found: Sum) -> bool:
        unknown = [group for group in found.parts if group in self.hidden]
        if found.total in self.hidden:
            return not unknown
        if not unknown:
            return False
        left = sum(self._counts[group] for group in unknown)
        small = all(map(self._small, unknown))
        # Each is at least 1, and less than the bound: sums at either end leave one answer.
        ends = (len(unknown), len(unknown) * (self._least - 1))
        return len(unknown) == 1 or left < self._least or (small and left in ends)

    def _also(self, at: int) -> Group | None:
        """Give what to hide next of a sum; nobody, only where nothing else is left."""
        found = self._sums[at]
        shown = [group for group in found.parts if group not in self.hidden]
        if found.total is not None and found.total not in self.hidden:
            shown.append(found.total)
        return min(shown, key=lambda group: (self._cost(group, at), group), default=None)

    def _cost(self, group: Group, at: int) -> tuple[bool, int]:
        """Give how many people it takes to hide a group: its own, and those to be hidden with it.

        A sum that nothing is hidden of yet would need another one; its smallest is counted.
        """
        more = 0
        for other in self._places[group]:
            members = (*self._sums[other].parts, self._sums[other].total)
            if other == at or any(each in self.hidden for each in members):
                continue
            more += min(
                (n for each in members if each and each != group and (n := self._counts[each])),
                default=0,
            )
        return not self._counts[group], self._counts[group] + more


def _computable(hidden: Set[Group], sums: Iterable[Sum]) -> Iterator[Group]:
    """Give the hidden groups that several sums together give away.

    Sums are equations of what is hidden. A group follows from them where one of their reduced
    form has no other in it.
    """
    reduced: dict[Group, dict[Group, Fraction]] = {}
    for each in sums:
        row = _unknown(each, hidden)
        for pivot in [group for group in row if group in reduced]:
            _subtract(row, reduced[pivot], row[pivot])
        if not row:
            continue
        pivot = min(row)
        scale = row[pivot]
        row = {group: share / scale for group, share in row.items()}
        for other in reduced.values():
            if pivot in other:
                _subtract(other, row, other[pivot])
        reduced[pivot] = row
    yield from (pivot for pivot, row in reduced.items() if len(row) == 1)


def _unknown(found: Sum, hidden: Set[Group]) -> dict[Group, Fraction]:
    row = {group: Fraction(1) for group in found.parts if group in hidden}
    if found.total is not None and found.total in hidden:
        row[found.total] = Fraction(-1)
    return row


def _subtract(row: dict[Group, Fraction], other: Mapping[Group, Fraction], times: Fraction) -> None:
    for group, share in other.items():
        left = row.get(group, Fraction(0)) - times * share
        if left:
            row[group] = left
        else:
            row.pop(group, None)
