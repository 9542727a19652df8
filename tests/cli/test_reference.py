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
    [("cli_reference", "cli.md"), ("configuration_reference", "configuration.md")],
)
def test_the_page_says_what_the_commands_say(maker: str, page: str) -> None:
    code = f"import write_reference as made; print(made.{maker}(), end='')"
    paths = os.pathsep.join([str(ROOT / "scripts"), str(ROOT / "src")])
    environ = {**os.environ, "PYTHONPATH": paths, "PYTHONIOENCODING": "utf-8"}
    made = subprocess.run(
        [sys.executable, "-c", code], env=environ, capture_output=True, text=True, check=True
    ).stdout
    written = (ROOT / "docs" / page).read_text(encoding="utf-8")
    assert made == written, f"run: python scripts/write_reference.py (docs/{page} is out of date)"


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
