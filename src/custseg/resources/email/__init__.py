"""E-mail domains; source and license stand in ``PROVENANCE.md`` beside this file."""

from __future__ import annotations

import gzip
from functools import cache
from importlib.resources import files


@cache
def disposable_domains() -> frozenset[str]:
    """Give the domains whose mailboxes are thrown away after minutes."""
    data = files("custseg.resources.email").joinpath("disposable.txt.gz").read_bytes()
    return frozenset(gzip.decompress(data).decode("ascii").split())
