"""A process killed between publishing a run and letting the base know: the next one ends it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from custseg.base.check import check
from custseg.jobs.kept import open_base

Run = Callable[..., Any]

PLATFORM = """
channel = "email"
[[columns]]
name = "email"
from = "email"
steps = ["email"]
identifier = true
"""

KILLED = textwrap.dedent(
    """
    import os, signal, sys
    from custseg.base import Base
    from custseg.tables import RunFolder

    moment, word = sys.argv[1], sys.argv[2:]

    def end(*_):
        os.kill(os.getpid(), signal.SIGTERM if moment == "asked" else signal.SIGKILL)

    if moment == "before":
        publish = RunFolder.publish
        RunFolder.publish = lambda self, manifest: end()
    elif moment in ("between", "asked"):
        Base.commit = end
    elif moment == "after":
        commit = Base.commit
        Base.commit = lambda self: (commit(self), end())
    from custseg.cli.main import main
    sys.argv = ["custseg", *word]
    main()
    """
)


def killed(moment: str, *words: object) -> int:
    command = [sys.executable, "-c", KILLED, moment, *map(str, words)]
    return subprocess.run(command, capture_output=True, check=False).returncode


@pytest.fixture(autouse=True)
def place(tmp_path: Path) -> None:
    (tmp_path / "p.toml").write_text(PLATFORM)
    (tmp_path / "members.csv").write_text(
        "会員番号,氏名,メールアドレス\n"
        + "".join(f"{n:04},苗字{n} 名前{n},p{n}@x.jp\n" for n in range(6)),
        encoding="utf-8",
    )
    for day, who in (("1", "012345"), ("2", "1234")):
        lines = (f"p{n}@x.jp,email,granted,2026-01-01\n" for n in who)
        (tmp_path / f"ledger{day}.csv").write_text(
            "identifier,channel,status,at\n" + "".join(lines)
        )


CLEAN = ("clean", "members.csv", "-o", "run", "--base", "base.duckdb", "--quiet")


def audience(day: int, output: str) -> tuple[str, ...]:
    return (
        *("audience", "make", "--customers", "run", "--consent", f"ledger{day}.csv"),
        *("--platform-file", "p.toml", "--list", "all", "--as-of", "2026-06-30"),
        *("--base", "base.duckdb", "-o", output, "--quiet", "--force", "--max-change", "9"),
    )


def lists(folder: str) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(Path(folder).rglob("*.csv"))
    }


def state() -> list[Any]:
    with duckdb.connect("base.duckdb", read_only=True) as client:
        return client.execute(
            "SELECT command, l.members FROM runs LEFT JOIN list_runs l USING (run) ORDER BY run"
        ).fetchall()


def sound() -> None:
    with open_base("base.duckdb", "test") as base:
        assert not [each for each in check(base) if each.broken]


def log() -> list[tuple[str, str]]:
    lines = Path("base.audit.jsonl").read_text(encoding="utf-8").splitlines()
    return [(each["action"], each["run"]) for each in map(json.loads, lines)]


def left_behind() -> list[str]:
    return [path.name for path in Path().iterdir() if path.name.endswith(".partial")]


@pytest.mark.parametrize("output", ["day1", "day2"])
@pytest.mark.parametrize("moment", ["before", "between", "asked", "after"])
def test_killed_around_the_moment_of_publishing(moment: str, output: str, run: Run) -> None:
    """Day 2, over the folder of day 1 or beside it; day 2 again must be as if never killed."""
    assert run(*CLEAN).code == 0
    assert run(*audience(1, "day1")).code == 0
    first, before, logged = lists("day1"), state(), log()
    code = killed(moment, *audience(2, output))
    assert code != 0
    if moment == "before":
        assert lists("day1") == first
        assert state() == before
    else:
        assert len(lists(output)) == len(first)
        assert lists(output) != first
    # Whoever opens the base next sees the run whole, or not at all.
    sound()
    done = [("clean", None), ("audience", 6)] + [("audience", 4)] * (moment != "before")
    assert state() == done
    assert not left_behind()
    assert len(log()) == len(logged) + (moment != "before")
    assert run("audit", "verify", "--base", "base.duckdb").code == 0
    assert run(*audience(2, "again")).code == 0
    removed = Path("again/lists/all/p/removed.csv").read_text().splitlines()
    assert removed == ["email", "p0@x.jp", "p5@x.jp"]
    if moment != "before":
        assert lists("again") == lists(output)
    sound()


@pytest.mark.parametrize("moment", ["before", "between", "after"])
def test_a_clean_run_killed_there(moment: str, run: Run) -> None:
    assert run(*CLEAN).code == 0
    ids = Path("run/records.csv").read_bytes()
    assert killed(moment, *CLEAN, "--force") == -signal.SIGKILL
    assert Path("run/records.csv").read_bytes() == ids
    sound()
    assert len(state()) == (1 if moment == "before" else 2)
    assert run(*CLEAN, "--force").code == 0
    assert Path("run/records.csv").read_bytes() == ids
    assert not left_behind()
    assert [action for action, _ in log()] == ["clean"] * (2 if moment == "before" else 3)
    sound()


def test_another_run_in_the_folder_since_then_is_not_taken_for_it(run: Run) -> None:
    """Killed before publishing, then the same folder is made by a run without the base."""
    assert run(*CLEAN).code == 0
    assert killed("before", *audience(1, "day1")) == -signal.SIGKILL
    words = [word for word in audience(2, "day1") if word not in ("--base", "base.duckdb")]
    assert run(*words).code == 0
    sound()
    assert state() == [("clean", None)]
    assert not left_behind()


def test_a_base_that_another_program_changed_is_left_as_it_is(run: Run) -> None:
    assert run(*CLEAN).code == 0
    assert killed("between", *audience(1, "day1")) == -signal.SIGKILL
    with duckdb.connect("base.duckdb") as client:
        client.execute("UPDATE runs SET version = 'changed'")
    sound()
    assert state() == [("clean", None)]
    assert run(*audience(1, "day1")).code == 0


def test_what_a_killed_run_left_stays_until_the_base_is_opened(run: Run) -> None:
    """Other runs in the same folder sweep it; the base's word is not theirs to take away."""
    assert run(*CLEAN).code == 0
    assert killed("between", *audience(1, "day1")) == -signal.SIGKILL
    assert run("clean", "members.csv", "-o", "other", "--quiet").code == 0
    assert len(left_behind()) == 1
    sound()
    assert state() == [("clean", None), ("audience", 6)]
