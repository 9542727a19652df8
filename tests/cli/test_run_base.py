"""The chain with a base: both know the same runs, whatever happens."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

Run = Callable[..., Any]

COMMAND = [sys.executable, "-c", "from custseg.cli.main import main; main()"]
LISTS = '\n[lists]\nbest = "r >= 2"\n[audience]\nplatforms = ["mailchimp"]\nmax_change = 9\n'


@pytest.fixture
def chain(shop: Path, run: Run) -> Path:
    """A shop whose chain has lists and a base."""
    assert run("init", "exports").code == 0
    config = shop / "custseg.toml"
    text = config.read_text("utf-8").replace("[chain]", '[chain]\nbase = "base.duckdb"')
    config.write_text(text + LISTS, "utf-8")
    return shop


def ask(query: str) -> list[Any]:
    with duckdb.connect("base.duckdb", read_only=True) as client:
        return client.execute(query).fetchall()


def runs() -> list[tuple[str, str]]:
    here = str(Path.cwd() / "runs")
    found = ask("SELECT command, folder FROM runs ORDER BY run")
    return [(command, folder.removeprefix(here + "/")) for command, folder in found]


def fewer_orders(shop: Path, part: float = 0.01) -> None:
    orders = shop / "exports" / "orders.csv"
    lines = orders.read_bytes().splitlines(keepends=True)
    orders.write_bytes(b"".join(lines[: int(len(lines) * (1 - part))]))


def day(name: str) -> list[tuple[str, str]]:
    return [(step, f"{name}/{step}") for step in ("clean", "segment", "audience")] + [("run", name)]


def sound(run: Run) -> None:
    ran = run("base", "check", "base.duckdb")
    assert ran.code == 0, ran.out
    ran = run("audit", "verify", "--base", "base.duckdb")
    assert ran.code == 0, ran.out


def delivered(name: str) -> bool:
    """Tell whether the base holds exactly what stands in the list of a published run."""
    path = Path(f"runs/{name}/audience/lists/best/mailchimp/full.csv")
    with path.open(encoding="utf-8", newline="") as file:
        wanted = sorted([cell or None for cell in row] for row in list(csv.reader(file))[1:])
    cells = ask("SELECT cells FROM deliveries WHERE until IS NULL")
    return sorted(([c or None for c in row[0]] for row in cells), key=str) == sorted(
        wanted, key=str
    )


def test_the_base_knows_what_was_published(chain: Path, run: Run) -> None:
    ran = run("run", "--day", "2026-01-31")
    assert ran.code == 0, ran.err
    assert runs() == day("2026-01-31")
    assert delivered("2026-01-31")
    sizes = dict(
        ask("SELECT name, members FROM list_runs JOIN lists USING (list) WHERE kind = 'segment'")
    )
    text = Path("runs/latest/segment/scores.csv").read_text("utf-8")
    scores = list(csv.DictReader(text.splitlines()))
    named = [row["segment"] for row in scores if row["segment"]]
    assert sizes == {name: named.count(name) for name in set(named)}
    sound(run)
    log = [json.loads(line) for line in Path("base.audit.jsonl").read_text("utf-8").splitlines()]
    assert [each["action"] for each in log] == ["clean", "segment", "audience", "run"]
    (rows,) = ask("SELECT count(*) FROM deliveries")
    assert log[2]["counts"] == {"best/mailchimp": rows[0]}


def test_a_gate_leaves_the_base_as_it_was(chain: Path, run: Run) -> None:
    assert run("run", "--day", "2026-01-31").code == 0
    before = Path("base.duckdb").read_bytes()
    log = Path("base.audit.jsonl").read_bytes()
    fewer_orders(chain, 0.5)
    assert run("run", "--day", "2026-02-28").code == 1
    assert Path("base.duckdb").read_bytes() == before
    assert Path("base.audit.jsonl").read_bytes() == log
    assert run("run", "--day", "2026-02-28", "--dry-run").code == 0
    assert Path("base.duckdb").read_bytes() == before


def test_a_step_that_is_used_again_stands_where_it_was_published(chain: Path, run: Run) -> None:
    assert run("run", "--day", "2026-01-31").code == 0
    fewer_orders(chain)
    assert run("run", "--day", "2026-02-28").code == 0
    report = json.loads(Path("runs/last-run.json").read_text("utf-8"))
    assert [each["reused"] for each in report["run"]["steps"]] == [True, False, False]
    assert runs() == day("2026-01-31") + day("2026-02-28")
    assert delivered("2026-02-28")
    sound(run)
    before = Path("base.duckdb").read_bytes()
    assert run("run", "--day", "2026-03-31").code == 0  # the lists are asked for another day
    assert run("run", "--day", "2026-03-31").code == 0
    assert json.loads(Path("runs/last-run.json").read_text("utf-8"))["status"] == "unchanged"
    assert Path("base.duckdb").read_bytes() != before
    assert runs() == day("2026-01-31") + day("2026-02-28") + day("2026-03-31")


def ids(name: str) -> dict[str, str]:
    with Path(f"runs/{name}/clean/records.csv").open(encoding="utf-8", newline="") as file:
        return {row["record_key"]: row["customer_id"] for row in csv.DictReader(file)}


def test_a_base_that_comes_later_learns_everything(chain: Path, run: Run) -> None:
    config = chain / "custseg.toml"
    with_base = config.read_text("utf-8")
    config.write_text(with_base.replace('base = "base.duckdb"', ""), "utf-8")
    assert run("run", "--day", "2026-01-31").code == 0
    assert not Path("base.duckdb").exists()
    config.write_text(with_base, "utf-8")
    assert "(reused)" not in run("run", "--day", "2026-01-31", "--dry-run").out
    assert run("run", "--day", "2026-01-31").code == 0
    assert runs() == day("2026-01-31.2")
    assert ids("2026-01-31") == ids("2026-01-31.2")
    added = Path("runs/latest/audience/lists/best/mailchimp/added.csv").read_text("utf-8")
    assert added.count("\n") == 1, "what was sent before the base came is not new"
    assert delivered("latest")


def test_the_same_run_again_gives_the_same_lists(chain: Path, run: Run) -> None:
    assert run("run", "--day", "2026-01-31").code == 0
    fewer_orders(chain, 0.3)
    lists = []
    for _ in range(2):
        ran = run("run", "--day", "2026-02-28", "--full", "--fail-on", "rows_conserved")
        assert ran.code == 0, ran.err
        folder = Path("runs/latest/audience/lists")
        lists.append({p.relative_to(folder): p.read_bytes() for p in sorted(folder.rglob("*.csv"))})
    assert len(lists[0]) == 4
    assert lists[0] == lists[1]
    assert (chain / "runs" / "latest").readlink() == Path("2026-02-28.2")
    changes = [
        (chain / "runs" / name / "segment" / "summary.json").read_text("utf-8")
        for name in ("2026-02-28", "2026-02-28.2")
    ]
    migrations = [json.loads(each)["migration"] for each in changes]
    assert migrations[0] == migrations[1]
    assert delivered("latest")
    sound(run)


KILLED = textwrap.dedent(
    """
    import os, signal
    from custseg.base import Base
    Base.commit = lambda self: os.kill(os.getpid(), signal.SIGKILL)
    from custseg.cli.main import main
    main()
    """
)


def test_killed_between_the_folder_and_the_base(chain: Path, run: Run) -> None:
    assert run("run", "--day", "2026-01-31").code == 0
    fewer_orders(chain)
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, "run", "--day", "2026-02-28"], check=False
    )
    assert killed.returncode == -signal.SIGKILL
    assert Path("runs/2026-02-28").is_dir()
    assert len(runs()) == 4
    sound(run)
    assert runs() == day("2026-01-31") + day("2026-02-28")
    assert delivered("2026-02-28")
    assert run("run", "--day", "2026-02-28").code == 0
    assert len(runs()) == 8, "nothing is left to do"


MOMENTS = [at / 50 for at in range(50)] if os.environ.get("CUSTSEG_LONG") else [0.6, 0.95]


@pytest.mark.slow
@pytest.mark.parametrize("moment", MOMENTS)
def test_killed_at_any_moment(moment: float, chain: Path, run: Run) -> None:
    assert run("run", "--day", "2026-01-31").code == 0
    start = time.monotonic()
    subprocess.run([*COMMAND, "run", "--day", "2026-02-28", "--full"], check=True)
    took = time.monotonic() - start
    known = len(runs())
    with subprocess.Popen([*COMMAND, "run", "--day", "2026-03-31", "--full"]) as process:
        time.sleep(moment * took)
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert len(runs()) in (known, known + 4)
    sound(run)
    published = Path("runs/2026-03-31").is_dir()
    assert len(runs()) == known + 4 * published
    assert delivered("2026-03-31" if published else "2026-02-28")
    assert run("run", "--day", "2026-03-31", "--full").code == 0
    assert delivered("latest")
    sound(run)
    assert not [
        p.name for p in (*Path("runs").iterdir(), *Path().iterdir()) if ".partial" in p.name
    ]


def test_forgetting_reaches_the_runs_of_a_chain_that_the_base_knows(
    chain: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CUSTSEG_KEY", "a key of the tests, long enough")
    assert run("run", "--day", "2026-01-31").code == 0
    fewer_orders(chain)
    assert run("run", "--day", "2026-02-28").code == 0
    sent = Path("runs/latest/audience/lists/best/mailchimp/full.csv").read_text("utf-8")
    who = sent.splitlines()[1].split(",")[0]
    assert "@" in who
    ran = run("forget", "-", "--base", "base.duckdb", "-o", "gone", data=who.encode())
    assert ran.code == 0, ran.err
    holding = [
        str(path)
        for path in Path("runs").rglob("*")
        if path.is_file() and who.encode() in path.read_bytes()
    ]
    assert holding == []
    sound(run)
    assert run("report", "runs/latest").code == 0
    # The exports still have them: what is made next does not, and its rows add up.
    fewer_orders(chain)
    ran = run("run", "--day", "2026-03-31", "--full")
    assert ran.code == 0, ran.err
    assert who not in Path("runs/latest/clean/customers.csv").read_text("utf-8")
    sound(run)


def test_two_at_once(chain: Path, run: Run) -> None:
    """A run of its own on the same base is told who has it."""
    with subprocess.Popen([*COMMAND, "run", "--day", "2026-01-31"]) as process:
        deadline = time.monotonic() + 60
        while not list(chain.glob(".base.duckdb.*.partial/holder")):
            assert time.monotonic() < deadline
            time.sleep(0.005)
        ran = run("clean", *sorted((chain / "exports").glob("*_members.csv")), "-o", "own",
                  "--base", "base.duckdb")  # fmt: skip
        assert (ran.code, f"{process.pid}" in ran.err) == (5, True), ran.err
        assert process.wait() == 0
    sound(run)
