"""Running commands in this process."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from typer.testing import CliRunner

from custseg.cli.main import app
from custseg.demo import generate, write


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


@pytest.fixture(scope="session")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exports")
    write(generate(600, 5, "japanese"), folder)
    (folder / "truth.csv").unlink()
    return folder


@pytest.fixture
def shop(exports: Path, tmp_path: Path) -> Path:
    """A folder with exports and the config that `custseg init` makes of them."""
    shutil.copytree(exports, tmp_path / "exports")
    return tmp_path
