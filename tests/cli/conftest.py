"""Running commands in this process."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from typer.testing import CliRunner

from custseg.cli.main import app


class Ran(NamedTuple):
    """What a command left: exit code, standard output, standard error."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in an empty folder, in English, without a config."""
    monkeypatch.chdir(tmp_path)

    def run_command(*args: object, lang: str = "en", data: bytes | None = None) -> Ran:
        result = CliRunner().invoke(
            app, [str(arg) for arg in args], env={"CUSTSEG_LANG": lang}, input=data
        )
        return Ran(result.exit_code, result.stdout, result.stderr)

    return run_command
