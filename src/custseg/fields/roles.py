"""What a role is: the meaning of a column, declared once, in the role's own module.

A role's module in :mod:`custseg.cleanse.standardize` (or in this package, for roles that need
no standardizing) ends in a :class:`Role`; :mod:`custseg.fields.registry` lists the modules.
Nothing else has to change to add one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from custseg.cleanse.standardize.base import Standardizer

Likeness = Callable[[Sequence[str]], float]
"""Share, from 0 to 1, of some non-empty sample values that look like the role."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """The meaning of a column.

    Attributes
    ----------
    name
        Its name in options, config and output columns, such as ``"postal_code"``.
    label
        What a person calls it, by language: ``{"en": "postal code", "ja": "郵便番号"}``.
    about
        One sentence for the reference, in English.
    headers
        Column headers that mean this role, in any language, as people write them. They are
        compared without case, width, spaces and punctuation.
    header_patterns
        Regular expressions over the same folded header, for families of headers.
    likeness
        Recognizes the role from content; None where content cannot tell.
    standardizer
        How cells of this role are standardized; None leaves them as they are.
    tables
        The kinds of table it belongs to: ``"people"``, ``"orders"``, ``"events"``.
    examples
        (input, standard value) pairs for the reference; each is also a test.
    telling
        How much content alone says, from 0 to 1, where the header says nothing: an e-mail
        address nearly everything, a plain number nearly nothing.
    least
        Share of values that look like the role below which no column has it, whatever its header
        says: what is done with it would be wrong.
    several
        Whether a table may have several columns of it (phones), or one at most (birth date).
    """

    name: str
    label: dict[str, str]
    about: str
    headers: tuple[str, ...] = ()
    header_patterns: tuple[str, ...] = ()
    likeness: Likeness | None = None
    standardizer: Standardizer | None = None
    tables: frozenset[str] = field(default_factory=lambda: frozenset({"people"}))
    examples: tuple[tuple[str, str | None], ...] = ()
    telling: float = 0.7
    least: float = 0.0
    several: bool = False
