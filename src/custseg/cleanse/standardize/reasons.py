"""The words behind the codes of statuses and reasons, for people."""

from __future__ import annotations

from typing import Final

from custseg.messages import catalog, text

_STATUS: Final = "standardize.status."
_REASON: Final = "standardize.reason."


def status_text(status: str, language: str = "en") -> str:
    """Say what a status means: ``"corrected"`` and the others of ``changes``."""
    return text(f"standardize.status.{status}", language)


def reason_text(reason: str, language: str = "en") -> str:
    """Say what a reason means, such as ``"leading_zero_restored"``."""
    return text(f"standardize.reason.{reason}", language)


def statuses() -> tuple[str, ...]:
    """Give every status there is, the best first."""
    return tuple(key.removeprefix(_STATUS) for key in catalog("en") if key.startswith(_STATUS))


def reasons() -> tuple[str, ...]:
    """Give every reason there is, in the order of the reference."""
    return tuple(key.removeprefix(_REASON) for key in catalog("en") if key.startswith(_REASON))
