"""docs/roles.md says what the registry says, and every reason has words."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from custseg.cleanse.standardize.base import Status
from custseg.cleanse.standardize.reasons import statuses
from custseg.fields.registry import roles

ROOT = Path(__file__).resolve().parents[2]


def test_the_page_says_what_the_registry_says() -> None:
    code = "import write_roles_reference as made; print(made.reference(), end='')"
    paths = os.pathsep.join([str(ROOT / "scripts"), str(ROOT / "src")])
    environ = {**os.environ, "PYTHONPATH": paths, "PYTHONIOENCODING": "utf-8"}
    made = subprocess.run(
        [sys.executable, "-c", code], env=environ, capture_output=True, encoding="utf-8", check=True
    ).stdout
    written = (ROOT / "docs" / "roles.md").read_text(encoding="utf-8")
    assert made == written, "run: python scripts/write_roles_reference.py"


def test_every_part_and_neighbor_is_a_role() -> None:
    named = {
        name
        for role in roles().values()
        if role.standardizer is not None
        for name in (*role.standardizer.parts, *role.standardizer.neighbors)
    }
    assert named <= roles().keys()


def test_what_a_role_fills_is_one_of_its_parts() -> None:
    for role in roles().values():
        if role.standardizer is not None:
            assert set(role.standardizer.fills) <= set(role.standardizer.parts)


def test_every_status_has_words() -> None:
    assert statuses() == tuple(status.name.lower() for status in Status)


def test_every_role_has_an_example() -> None:
    assert [role.name for role in roles().values() if not role.examples] == []


def test_an_example_of_a_role_without_standardizer_is_carried_through() -> None:
    for role in roles().values():
        if role.standardizer is None:
            assert all(raw == value for raw, value in role.examples)
