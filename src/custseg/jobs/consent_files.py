"""Where what people said about being contacted stands."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentFiles:
    """What people said, in files.

    Attributes
    ----------
    consent
        Ledgers: who, which channel, what, when.
    suppress
        Lists of those who opted out.
    """

    consent: tuple[str | Path, ...] = ()
    suppress: tuple[str | Path, ...] = ()

    @property
    def any(self) -> bool:
        """Whether there is one."""
        return bool(self.consent or self.suppress)
