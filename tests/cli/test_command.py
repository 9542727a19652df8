"""Declaring a command: settings, languages, errors to words and exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pytest
import typer
from rich.cells import cell_len
from typer.testing import CliRunner

from custseg.cli.command import Session, command
from custseg.cli.main import app as custseg_app
from custseg.cli.usage import help_in
from custseg.errors import (
    CustsegError,
    ExitCode,
    GateError,
    InputError,
    LimitError,
    LockedError,
    UsageError,
)


def app_that(raises: BaseException | None = None) -> typer.Typer:
    app = typer.Typer()

    @app.callback()
    def _root() -> None:
        pass

    @command(app, "clean", settings=("match.*", "roles", "output.encoding"))
    def run(session: Session, *, name: str = "") -> None:
        if raises is not None:
            raise raises
        settings = session.loaded.settings
        session.monitor.warn("cli.bug", place="a place")
        typer.echo(
            json.dumps(
                {
                    "name": name,
                    "threshold": settings.match.threshold,
                    "link_only": settings.match.link_only,
                    "priority": settings.match.source_priority,
                    "roles": dict(settings.roles),
                    "encoding": settings.output.encoding,
                    "language": session.language,
                }
            )
        )

    return app


def run(app: typer.Typer, *args: str, env: dict[str, str] | None = None) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["clean", *args], env={"LC_ALL": "C", **(env or {})})
    return result.exit_code, result.stdout, result.stderr


def test_flags_reach_the_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "custseg.toml").write_text('[roles]\nb = "phone"\n[output]\nlang = "ja"\n')
    flags = ["--threshold", "0.8", "--link-only", "--source-priority", "a", "--source-priority",
             "b", "--role", "x=y=email", "--output-encoding", "cp932", "--name", "n"]  # fmt: skip
    code, out, _ = run(app_that(), *flags)
    assert code == 0
    assert json.loads(out) == {
        "name": "n",
        "threshold": 0.8,
        "link_only": True,
        "priority": ["a", "b"],
        "roles": {"b": "phone", "x=y": "email"},
        "encoding": "cp932",
        "language": "ja",
    }


def test_isolated_sees_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "custseg.toml").write_text("[match]\nthreshold = 0.7\n")
    assert json.loads(run(app_that(), "--isolated")[1])["threshold"] == 0.5
    assert json.loads(run(app_that())[1])["threshold"] == 0.7


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (GateError("gates.failed", gate="a>1", value="2"), 1),
        (UsageError("cli.isolated_and_config"), 2),
        (InputError("cli.isolated_and_config"), 3),
        (LimitError("engine.worker_died"), 4),
        (LockedError("engine.worker_died"), 5),
        (MemoryError(), 4),
        (KeyboardInterrupt(), 130),
        (ZeroDivisionError("secret"), 70),
    ],
)
def test_every_error_has_its_exit_code_and_no_trace(error: BaseException, code: int) -> None:
    seen, out, err = run(app_that(error), "--isolated")
    assert (seen, out) == (code, "")
    assert "Traceback" not in err
    assert "secret" not in err
    if isinstance(error, CustsegError):
        assert "→" in err


def test_an_error_speaks_the_users_language() -> None:
    error = UsageError("cli.isolated_and_config")
    assert "エラー" in run(app_that(error), "--isolated", "--lang", "ja")[2]
    assert "error" in run(app_that(error), "--isolated", "--lang", "en")[2]


def test_a_log_of_json_lines() -> None:
    _, _, err = run(app_that(), "--isolated", "--log-format", "json")
    (line,) = [json.loads(line) for line in err.splitlines()]
    assert (line["level"], line["event"], line["place"]) == ("warning", "cli.bug", "a place")
    _, _, err = run(
        app_that(InputError("engine.worker_died")), "--isolated", "--log-format", "json"
    )
    (line,) = [json.loads(line) for line in err.splitlines()]
    assert (line["level"], line["event"], line["exit"]) == ("error", "engine.worker_died", 3)


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (("--role", "phone"), "names no role"),
        (("--isolated", "--config", "x.toml"), "exclude"),
        (("--config", "nowhere.toml"), "cannot be read"),
        (("--threshold", "2"), "match.threshold"),
    ],
)
def test_wrong_use(flags: tuple[str, ...], message: str) -> None:
    code, _, err = run(app_that(), *flags)
    assert code == ExitCode.USAGE
    assert message in err


WRONG = [
    ("cleen x", "clean"),
    ("clean a.csv --thresold 3", "--threshold"),
    ("clean a.csv -Z", "custseg clean -h"),
    ("clean", "FILE"),
    ("clean a.csv", "-o/--output"),
    ("clean a.csv -o", "-o"),
    ("clean a.csv -o o --quiet=3", "--quiet"),
    ("clean a.csv -o o --threshold secret", "--threshold"),
    ("clean a.csv -o o --format secret", "csv, parquet, xlsx"),
    ("report a b", "b"),
    ("measure campaign a --orders b --from secret", "--from"),
    ("measure campaign a --orders b --cost -3", "--cost"),
    ("audience mke", "make"),
]


@pytest.mark.parametrize(("line", "word"), WRONG)
@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_wrong_command_line_is_told_as_every_error_is(
    line: str, word: str, language: str
) -> None:
    environ = {"CUSTSEG_LANG": language}
    ran = CliRunner().invoke(custseg_app, line.split(), env=environ, prog_name="custseg")
    assert (ran.exit_code, ran.stdout) == (2, "")
    label, arrow = ran.stderr.splitlines()
    assert label.startswith("custseg: " + {"en": "error", "ja": "エラー"}[language])
    assert arrow.startswith("  → ")
    assert word in ran.stderr
    assert "secret" not in ran.stderr


def test_a_wrong_command_line_is_a_line_of_the_log_where_that_is_asked_for() -> None:
    line = "clean a.csv --log-format json --thresold 3".split()
    told = json.loads(CliRunner().invoke(custseg_app, line).stderr)
    assert (told["level"], told["event"], told["exit"]) == ("error", "usage.no_option", 2)


def test_the_language_of_a_wrong_command_line_may_stand_in_it() -> None:
    for words in (["--lang", "ja"], ["--lang=ja"]):
        ran = CliRunner().invoke(custseg_app, ["clean", *words], env={"CUSTSEG_LANG": "en"})
        assert "エラー" in ran.stderr


@pytest.mark.parametrize("words", [[], ["clean"], ["segment"], ["forget"], ["audience", "make"]])
def test_help_in_japanese_fits_the_screen_and_loses_no_word(words: list[str]) -> None:
    shown = {
        language: CliRunner()
        .invoke(custseg_app, [*words, "-h"], env={"CUSTSEG_LANG": language, "COLUMNS": "80"})
        .stdout
        for language in ("en", "ja")
    }
    made = shown["ja"]
    for title in ("Usage:", "Options:", "Arguments:", "Commands:", "[required]", "Show this"):
        assert title not in made
    _, _, rows = made.partition("オプション:")
    assert [line for line in rows.splitlines() if cell_len(line) > 80] == []
    page = (
        "a\n\nOptions:\n  -x, --long-name  " + "漢字" * 30 + "\n" + " " * 19 + "かな" * 10 + " b\n"
    )
    again = help_in("ja", page)
    assert "".join(again.split()).replace("オプション", "Options") == "".join(page.split())
    assert max(map(cell_len, again.splitlines())) <= 80


def test_more_text_than_one_array_can_hold_is_told_in_words() -> None:
    app = typer.Typer(callback=lambda: None)

    @command(app, "plan")
    def long(session: Session) -> None:
        long_ = pa.chunked_array([pa.array(["x" * (1 << 20)])] * 2049)
        long_.take(pa.array([0, 2048]))

    result = CliRunner().invoke(app, ["plan", "--lang", "en"])
    assert (result.exit_code, "2 GiB" in result.stderr) == (4, True)
