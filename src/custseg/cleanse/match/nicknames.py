"""Which given names are forms of one another."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from custseg.cleanse.match.types import Ints
from custseg.resources.names import nicknames


def variants_of(keys: Sequence[str]) -> Ints:
    """Sorted packed pairs of the codes (places in `keys`) of forms of one given name.

    Forms are a name and its nickname, and two nicknames of one name. The list tells the names
    of a nickname too; those, longer than it, are no forms of each other.
    """
    code = {key: position for position, key in enumerate(keys)}
    packs: set[int] = set()
    for name, short in nicknames().items():
        forms = sorted(code[form] for form in short if form in code and len(form) <= len(name))
        for place, low in enumerate(forms):
            packs.update(low << 32 | high for high in forms[place + 1 :])
        if name in code:
            own = code[name]
            others = (code[form] for form in short if form in code and form != name)
            packs.update(min(own, other) << 32 | max(own, other) for other in others)
    return np.array(sorted(packs), np.int64)
