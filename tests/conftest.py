"""Where the real data stands, for every test that needs it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from custseg.own_process import calculate_alike

calculate_alike()  # before anything imports numpy: tests compare what processes give

# How long a test takes is for benchmarks to say, and a failure must come again.
settings.register_profile(
    "custseg",
    deadline=None,
    derandomize=not os.environ.get("CUSTSEG_LONG"),
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("custseg")

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of real data, from ``$CUSTSEG_DATA``; skips where it is absent."""
    folder = Path(os.environ.get("CUSTSEG_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no real data at {folder}: set CUSTSEG_DATA to the folder that holds it")
    return folder


@pytest.fixture(scope="session")
def shared_cases(shared_data: Path) -> Path:
    """Folder of input → output cases, which stands beside the real data."""
    folder = shared_data.parent / "cases"
    if not folder.is_dir():
        pytest.skip(f"no cases at {folder}")
    return folder
