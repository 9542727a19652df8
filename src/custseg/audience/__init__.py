"""Audiences: who may be contacted by which channel, target lists, and files for platforms."""

from __future__ import annotations

from custseg.callable_module import make_callable

make_callable(__name__)
