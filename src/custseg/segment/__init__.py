"""From orders to scores, segments, clusters, profiles and forecasts: pure functions."""

from __future__ import annotations

from custseg.callable_module import make_callable

make_callable(__name__)
