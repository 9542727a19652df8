"""The fitted model: shares of each level in each kind of pair, and the weight they make."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from custseg.cleanse.match.compare import Field
from custseg.cleanse.match.kinds import EQUAL, KINDS, NEAR
from custseg.cleanse.match.levels import LEVELS
from custseg.cleanse.match.types import Bools, Floats, Levels
from custseg.errors import InputError

FORMAT = 2
POINTS: Final = {
    "name": 1.0,
    "date": 1.0,
    "value": 1.0,
    "email": 1.0,
    "street": 1.0,
    "area": 0.5,
    "attribute": 0.5,
    "gender": 0.0,
}
NEAR_POINTS: Final = 0.7
"""Share of the points of a name that names which are merely near get."""
ENOUGH: Final = 1.5
TOO_LITTLE: Final = -3.0
"""Highest weight, in bits, of a pair that agrees in too little."""


@dataclass(frozen=True)
class FieldModel:
    """One field of a model.

    Attributes
    ----------
    name, kind, levels
        What the field is called, how it is compared, and the names of its levels.
    shares
        Shape (kinds, levels): share of each level in each kind of pair.
    used
        False where the fit shows that the field says nothing.
    """

    name: str
    kind: str
    levels: tuple[str, ...]
    shares: Floats
    used: bool = True


@dataclass(frozen=True)
class MatchModel:
    """A mixture of kinds of pair.

    Attributes
    ----------
    kinds
        Names of the kinds of pair, in the order of :data:`custseg.cleanse.match.kinds.KINDS`.
    mix
        Share of each kind among candidate pairs.
    fields
        The fields compared.
    fallback
        True where the data could not carry a fit and expectations alone are used.
    """

    kinds: tuple[str, ...]
    mix: Floats
    fields: tuple[FieldModel, ...]
    fallback: bool = False

    @cached_property
    def is_match(self) -> Bools:
        """Which kinds are one person."""
        matches = {kind.name for kind in KINDS if kind.match}
        return np.array([name in matches for name in self.kinds])

    @cached_property
    def tables(self) -> tuple[Floats, ...]:
        """Per field, log2 shares of shape (levels, kinds); zero for the missing level."""
        tables = []
        for field in self.fields:
            table = np.zeros((len(field.levels), len(self.kinds)))
            if field.used:
                table[1:] = np.log2(field.shares[:, 1:].T)
            tables.append(table)
        return tuple(tables)

    @property
    def prior(self) -> float:
        """Log2 odds that a candidate pair is one person, before looking at it."""
        return float(np.log2(self.mix[self.is_match].sum() / self.mix[~self.is_match].sum()))

    def kind_bits(self, fields: Sequence[Field], levels: Sequence[Levels]) -> Floats:
        """Log2 of share times likelihood, of shape (pairs, kinds).

        Parameters
        ----------
        fields, levels
            The fields at hand and the levels of the pairs in each. Fields that the model does
            not know, and fields of the model that are not at hand, say nothing.
        """
        tables = {
            (field.name, field.kind): table
            for field, table in zip(self.fields, self.tables, strict=True)
        }
        bits = np.tile(np.log2(self.mix), (len(levels[0]) if levels else 0, 1))
        for field, level in zip(fields, levels, strict=True):
            table = tables.get((field.name, field.kind))
            if table is not None:
                bits += table[level]
        return bits

    def telling(self, fields: Sequence[Field], levels: Sequence[Levels]) -> Floats:
        """How much each pair agrees in, in fields that tell people apart.

        A name, birth date, phone, e-mail or street counts one, a postal code or an attribute
        half, a personal number two, a name that is merely near less than one, two names that
        changed places two. One of them alone is shared by too many, whatever a fit on thin data
        says. Nothing counts where no field agrees exactly. In a file without names an e-mail
        stands for a person.
        """
        unnamed = not any(field.kind == "name" for field in fields)
        score = np.zeros(len(levels[0]) if levels else 0)
        exact = np.zeros(len(score))
        for field, level in zip(fields, levels, strict=True):
            points = POINTS[field.kind]
            number = field.kind == "value" and field.name not in ("phone", "corporate_number")
            if number or (field.kind == "email" and unnamed):
                points = 2.0
            near = NEAR_POINTS if field.kind == "name" else 1.0
            agrees = np.array(
                [
                    (name in EQUAL) + (name == "swapped") + near * (name in NEAR)
                    for name in LEVELS[field.kind]
                ]
            )
            score += points * agrees[level]
            firm = EQUAL | NEAR if field.kind in ("street", "area") else EQUAL
            exact += points * np.array([name in firm for name in LEVELS[field.kind]])[level]
        return np.where(exact > 0, score, 0.0)

    def weights(self, fields: Sequence[Field], levels: Sequence[Levels]) -> tuple[Floats, Levels]:
        """Weight of each pair in bits, and its likeliest kind of non-match.

        The weight is the log2 odds that the pair is one person: the prior, plus what every
        field adds.
        """
        bits = self.kind_bits(fields, levels)
        other = bits[:, ~self.is_match]
        likeliest = np.flatnonzero(~self.is_match)[other.argmax(axis=1)].astype(np.uint8)
        weight: Floats = np.logaddexp2.reduce(bits[:, self.is_match], axis=1)
        weight -= np.logaddexp2.reduce(other, axis=1)
        thin = self.telling(fields, levels) < ENOUGH
        weight[thin] = np.minimum(weight[thin], TOO_LITTLE)
        rounded: Floats = np.round(weight, 6)
        return rounded, likeliest

    def to_json(self) -> str:
        """Give the model as JSON text; :meth:`from_json` reads it back exactly."""
        return json.dumps(
            {
                "format": FORMAT,
                "fallback": self.fallback,
                "kinds": dict(zip(self.kinds, self.mix.tolist(), strict=True)),
                "fields": [
                    {
                        "name": field.name,
                        "kind": field.kind,
                        "used": field.used,
                        "shares": {
                            kind: dict(zip(field.levels[1:], row[1:], strict=True))
                            for kind, row in zip(self.kinds, field.shares.tolist(), strict=True)
                        },
                        "levels": list(field.levels),
                    }
                    for field in self.fields
                ],
            },
            ensure_ascii=False,
            indent=1,
        )

    @classmethod
    def from_json(cls, text: str) -> MatchModel:
        """Read a model that :meth:`to_json` wrote.

        Raises
        ------
        InputError
            If the text is not such a model, or of a later format.
        """
        try:
            data = json.loads(text)
            if data["format"] != FORMAT:
                raise InputError("match.model_format", format=str(data["format"]))
            kinds = tuple(data["kinds"])
            known = {kind.name for kind in KINDS}
            if not known.issuperset(kinds):
                raise KeyError("kinds")
            fields = tuple(
                FieldModel(
                    entry["name"],
                    entry["kind"],
                    tuple(entry["levels"]),
                    np.array(
                        [
                            [0.0, *(entry["shares"][kind][level] for level in entry["levels"][1:])]
                            for kind in kinds
                        ]
                    ),
                    bool(entry["used"]),
                )
                for entry in data["fields"]
            )
            mix = np.array([float(data["kinds"][kind]) for kind in kinds])
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise InputError("match.model_unreadable") from error
        return cls(kinds, mix, fields, bool(data["fallback"]))
