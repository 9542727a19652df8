"""The pages made from the commands are those in docs/; every command and option is in them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("maker", "page"),
    [
        ("write_reference.cli_reference", "cli.md"),
        ("write_reference.configuration_reference", "configuration.md"),
        ("write_codes_reference.codes_reference", "codes.md"),
    ],
)
def test_the_page_says_what_the_code_says(maker: str, page: str) -> None:
    module = maker.partition(".")[0]
    code = f"import {module}; print({maker}(), end='')"
    paths = os.pathsep.join([str(ROOT / "scripts"), str(ROOT / "src")])
    environ = {**os.environ, "PYTHONPATH": paths, "PYTHONIOENCODING": "utf-8"}
    made = subprocess.run(
        [sys.executable, "-c", code], env=environ, capture_output=True, text=True, check=True
    ).stdout
    written = (ROOT / "docs" / page).read_text(encoding="utf-8")
    assert made == written, f"run: python scripts/{module}.py (docs/{page} is out of date)"


def test_every_error_of_the_page_has_its_exit_code() -> None:
    lines = (ROOT / "docs" / "codes.md").read_text(encoding="utf-8").splitlines()
    errors = lines[lines.index("## Errors") : lines.index("## Cells")]
    rows = [line.split(" | ") for line in errors if line.startswith("| `")]
    assert len(rows) > 100
    assert [row[0] for row in rows if row[1] not in {"1", "2", "3", "4", "5"}] == []


def test_help_is_there_in_japanese() -> None:
    environ = {**os.environ, "CUSTSEG_LANG": "ja", "PYTHONIOENCODING": "utf-8"}
    for words in ([], ["clean"], ["segment"], ["config", "show"]):
        shown = subprocess.run(
            [sys.executable, "-c", "from custseg.cli.main import main; main()", *words, "--help"],
            env=environ,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        assert "例" in shown or "はじめに" in shown


def test_help_and_import_stay_light() -> None:
    code = (
        "import sys, custseg.cli.main; "
        "print(*sorted({'pandas', 'numpy', 'pyarrow', 'duckdb', 'rich', 'sklearn', 'scipy', "
        "'phonenumbers', 'email_validator', 'rapidfuzz'} & set(sys.modules)))"
    )
    heavy = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.strip()
    assert heavy == ""
