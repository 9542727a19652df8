"""Keys of steps: equal keys mean that a step would give the same again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from custseg.chain.facts import InputFacts

_WITHOUT_EFFECT: Final = ("chain.", "gates.", "run.", "output.lang")
"""What settings begin with that change when and how a run is done and spoken of, never what
comes out of it."""

_LISTS: Final = ("lists.", "audience.")
_OF_LATER_STEPS: Final[Mapping[str, tuple[str, ...]]] = {
    "clean": ("segment.", "goals.", "cpm.", "maps.", "actions.", "rules.", "basket.", *_LISTS),
    "segment": ("basket.", *_LISTS),
    "basket": ("goals.", "cpm.", "maps.", "actions.", "rules.", *_LISTS),
}
"""What settings begin with that a step does not look at."""


def step_key(
    command: str,
    version: str,
    settings: Mapping[str, Any],
    inputs: Iterable[InputFacts],
    after: Iterable[str] = (),
) -> str:
    """Give 16 hexadecimal digits that stand for everything a step's result depends on.

    Parameters
    ----------
    settings
        By dotted name.
    inputs
        The files it reads.
    after
        Keys of the steps, and digests of other files, that it builds on.
    """
    without = (*_WITHOUT_EFFECT, *_OF_LATER_STEPS.get(command, ()))
    effective = {name: value for name, value in settings.items() if not name.startswith(without)}
    read = [(each.name, each.sha256) for each in inputs]
    parts = [command, version, effective, read, list(after)]
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
