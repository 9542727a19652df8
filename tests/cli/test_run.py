"""``custseg run`` and ``custseg init``: the chain, published whole or not at all."""

from __future__ import annotations

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
COMMAND = [sys.executable, "-c", "from custseg.cli.main import main; main()"]


def init(run: Run) -> None:
    assert run("init", "exports").code == 0


def last_run(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "runs" / "last-run.json").read_text("utf-8"))
    return found


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "runs").iterdir())


def test_the_first_run(shop: Path, run: Run) -> None:
    init(run)
    ran = run("run", "--day", "2026-01-31")
    assert (ran.code, ran.out, ran.err) == (0, "", ""), ran.err
    assert names(shop) == ["2026-01-31", "last-run.json", "latest"]
    assert (shop / "runs" / "latest").readlink() == Path("2026-01-31")
    latest = shop / "runs" / "latest"
    for name in ("manifest.json", "summary.json", "clean/customers.csv", "segment/scores.csv"):
        assert (latest / name).is_file()
        assert (latest / name).stat().st_mode & 0o077 == 0
    report = last_run(shop)
    assert (report["status"], report["exit_code"]) == ("done", 0)
    assert all(gate["passed"] for gate in report["run"]["gates"])
    assert run("report", "runs/latest").code == 0
    assert run("report", "runs/latest/clean").code == 0


def test_nothing_is_done_twice(shop: Path, run: Run) -> None:
    init(run)
    assert run("run", "--day", "2026-01-31").code == 0
    before = (shop / "runs" / "latest" / "manifest.json").read_bytes()
    assert run("run", "--day", "2026-02-28").code == 0
    assert names(shop) == ["2026-01-31", "last-run.json", "latest"]
    assert last_run(shop)["status"] == "unchanged"
    assert (shop / "runs" / "latest" / "manifest.json").read_bytes() == before
    assert run("run", "--day", "2026-02-28", "--full").code == 0
    assert (shop / "runs" / "latest").readlink() == Path("2026-02-28")
    steps = last_run(shop)["run"]["steps"]
    assert [step["reused"] for step in steps] == [False, False]


def test_only_what_changed_is_done_again(shop: Path, run: Run) -> None:
    init(run)
    assert run("run", "--day", "2026-01-31").code == 0
    orders = shop / "exports" / "orders.csv"
    lines = orders.read_bytes().splitlines(keepends=True)
    orders.write_bytes(b"".join(lines[:-2]))
    assert run("run", "--day", "2026-02-28").code == 0
    steps = {step["name"]: step["reused"] for step in last_run(shop)["run"]["steps"]}
    assert steps == {"clean": True, "segment": False}
    old, new = (shop / "runs" / day / "clean" for day in ("2026-01-31", "2026-02-28"))
    assert {path.name: path.read_bytes() for path in old.iterdir()} == {
        path.name: path.read_bytes() for path in new.iterdir()
    }


def test_customers_keep_their_ids(shop: Path, run: Run) -> None:
    init(run)
    assert run("run", "--day", "2026-01-31").code == 0
    members = shop / "exports" / "web_members.csv"
    lines = members.read_bytes().splitlines(keepends=True)
    members.write_bytes(b"".join([lines[0], *lines[12:], *lines[6:12]]))
    assert run("run", "--day", "2026-02-28").code == 0
    assert last_run(shop)["run"]["previous"] == "2026-01-31"
    ids = []
    for day in ("2026-01-31", "2026-02-28"):
        path = shop / "runs" / day / "clean" / "records.csv"
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        ids.append({row["record_key"]: row["customer_id"] for row in rows})
    before, now = ids
    shared = before.keys() & now.keys()
    assert len(shared) > 500
    same = sum(before[key] == now[key] for key in shared)
    assert same >= 0.99 * len(shared)
    assert (shop / "runs" / "latest" / "clean" / "id_history.csv").stat().st_size > 0


def test_a_gate_keeps_the_last_run_in_place(shop: Path, run: Run) -> None:
    init(run)
    assert run("run", "--day", "2026-01-31").code == 0
    orders = shop / "exports" / "orders.csv"
    lines = orders.read_bytes().splitlines(keepends=True)
    orders.write_bytes(b"".join(lines[: len(lines) // 2]))
    ran = run("run", "--day", "2026-02-28")
    assert ran.code == 1
    assert "input_small" in ran.err
    assert "--fail-on" in ran.err
    assert "input_small" in ran.out
    assert names(shop) == ["2026-01-31", "last-run.json", "latest"]
    assert (shop / "runs" / "latest").readlink() == Path("2026-01-31")
    assert last_run(shop)["status"] == "stopped"
    assert run("run", "--day", "2026-02-28", "--fail-on", "rows_conserved").code == 0
    assert (shop / "runs" / "latest").readlink() == Path("2026-02-28")
    failed = {gate["gate"] for gate in last_run(shop)["run"]["gates"] if not gate["passed"]}
    assert "input_small" in failed


def test_gates_before_the_work(shop: Path, run: Run) -> None:
    init(run)
    assert run("run", "--day", "2026-01-31").code == 0
    os.utime(shop / "exports" / "orders.csv", (0, 0))
    ran = run("run", "--day", "2026-02-28", "--max-age", "30")
    assert (ran.code, "input_old" in ran.err) == (1, True)
    (shop / "exports" / "orders.csv").unlink()
    ran = run("run", "--day", "2026-02-28")
    assert (ran.code, "input_missing" in ran.err) == (1, True)
    shutil.rmtree(shop / "exports")
    ran = run("run", "--day", "2026-02-28")
    assert (ran.code, "[chain]" in ran.err) == (3, True)
    assert last_run(shop)["exit_code"] == 3
    assert names(shop) == ["2026-01-31", "last-run.json", "latest"]


def test_a_column_that_went(shop: Path, run: Run) -> None:
    init(run)
    assert run("run", "--day", "2026-01-31").code == 0
    orders = shop / "exports" / "orders.csv"
    text = orders.read_bytes().decode("utf-8-sig")
    orders.write_text(text.replace("チャネル", "経路", 1), encoding="utf-8")
    ran = run("run", "--day", "2026-02-28", "--lang", "ja")
    assert (ran.code, "columns_changed" in ran.err) == (1, True)
    assert "-チャネル" in ran.out
    assert "+経路" in ran.out


def test_old_runs_are_removed(shop: Path, run: Run) -> None:
    init(run)
    (shop / "runs").mkdir()
    (shop / "runs" / "2020-01-01").mkdir()
    (shop / "runs" / "2020-01-01" / "mine.txt").write_text("dear")
    for day in ("2026-01-31", "2026-02-28", "2026-03-31"):
        assert run("run", "--day", day, "--full", "--keep", "2").code == 0
    assert names(shop) == ["2020-01-01", "2026-02-28", "2026-03-31", "last-run.json", "latest"]


def test_a_clock_that_went_back(shop: Path, run: Run) -> None:
    init(run)
    assert run("run", "--day", "2026-03-31").code == 0
    assert run("run", "--day", "2026-01-01", "--full").code == 0
    assert (shop / "runs" / "latest").readlink() == Path("2026-03-31.2")
    (warned,) = [
        each for each in last_run(shop)["run"]["warnings"] if each["key"] == "chain.warn.clock"
    ]
    assert warned["params"]["last"] == "2026-03-31"


def test_a_dry_run_does_nothing(shop: Path, run: Run) -> None:
    init(run)
    before = sorted(path.name for path in shop.iterdir())
    ran = run("run", "--dry-run", "--day", "2026-01-31")
    assert ran.code == 0
    assert "runs/2026-01-31" in ran.out
    assert sorted(path.name for path in shop.iterdir()) == before


def test_paths_of_a_config_start_beside_it(
    shop: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    init(run)
    elsewhere = shop / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    assert run("run", shop / "custseg.toml", "--day", "2026-01-31").code == 0
    assert (shop / "runs" / "2026-01-31").is_dir()
    assert list(elsewhere.iterdir()) == []


def test_roles_of_both_kinds_stand_in_one_config(shop: Path, run: Run) -> None:
    init(run)
    config = shop / "custseg.toml"
    roles = '\n"フリガナ" = "kana"\n"チャネル" = "channel"\n'
    config.write_text(config.read_text("utf-8").replace("[roles]", "[roles]" + roles), "utf-8")
    assert run("run", "--day", "2026-01-31").code == 0
    ran = run("clean", *sorted((shop / "exports").glob("*_members.csv")), "-o", "own")
    assert ran.code == 0, ran.err
    config.write_text(config.read_text("utf-8").replace("フリガナ", "フリガナナ"), "utf-8")
    ran = run("run", "--day", "2026-02-28")
    assert (ran.code, "フリガナナ" in ran.err) == (2, True)


def test_what_is_wrong_with_the_words(shop: Path, run: Run) -> None:
    ran = run("run")
    assert (ran.code, "custseg init" in ran.err) == (2, True)
    init(run)
    assert run("init", "exports").code == 2
    assert run("run", "--fail-on", "input_smal").code == 2
    assert run("run", "--day", "31.1.2026").code == 2
    assert run("run", "custseg.toml", "--config", "custseg.toml").code == 2


@pytest.mark.parametrize("kind", ["nothing", "no tables", "of no use"])
def test_init_without_anything_to_name(kind: str, run: Run, tmp_path: Path) -> None:
    if kind == "of no use":
        (tmp_path / "a.csv").write_text("color,size\nred,1\nblue,2\n")
    if kind == "no tables":
        (tmp_path / "a.png").write_bytes(b"\x89PNG")
    ran = run("init")
    assert ran.code == 3
    assert not (tmp_path / "custseg.toml").exists()


def test_init_leaves_the_date_of_a_name_open(run: Run, tmp_path: Path) -> None:
    for day in ("20260131", "20260228"):
        (tmp_path / f"members_{day}.csv").write_text("name,email\nAnn Lee,ann@example.com\n")
    assert run("init").code == 0
    assert 'customers = ["members_*.csv"]' in (tmp_path / "custseg.toml").read_text("utf-8")


def test_two_at_once(shop: Path, run: Run) -> None:
    init(run)
    with subprocess.Popen([*COMMAND, "run", "--day", "2026-01-31"], cwd=shop) as process:
        deadline = time.monotonic() + 60
        while not list(shop.glob("runs/.chain.*.partial")):
            assert time.monotonic() < deadline
            time.sleep(0.005)
        assert run("run", "--day", "2026-01-31").code == 5
        assert process.wait() == 0
    assert names(shop) == ["2026-01-31", "last-run.json", "latest"]


MOMENTS = [at / 50 for at in range(50)] if os.environ.get("CUSTSEG_LONG") else [0.2, 0.6, 0.95]
"""Parts of the time a run takes, after which it is killed."""


@pytest.mark.slow
@pytest.mark.parametrize("moment", MOMENTS)
def test_killed_at_any_moment(moment: float, shop: Path, run: Run) -> None:
    init(run)
    start = time.monotonic()
    first = subprocess.run([*COMMAND, "run", "--day", "2026-01-31"], cwd=shop, check=True)
    took = time.monotonic() - start
    assert first.returncode == 0
    with subprocess.Popen([*COMMAND, "run", "--day", "2026-02-28", "--full"], cwd=shop) as process:
        time.sleep(moment * took)
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert (shop / "runs" / "latest").resolve().name in ("2026-01-31", "2026-02-28")
    assert run("report", "runs/latest").code == 0
    assert run("run", "--day", "2026-03-31").code == 0
    assert (shop / "runs" / "latest").resolve().name == max(names(shop)[:-2])
    assert not list(shop.glob("runs/.*"))
    for day in (name for name in names(shop) if name.startswith("2026")):
        assert (shop / "runs" / day / "manifest.json").is_file()


def with_lists(shop: Path, extra: str = "") -> None:
    config = shop / "custseg.toml"
    text = config.read_text("utf-8").replace("[chain]", f"[chain]\n{extra}")
    lists = '\n[lists]\nbest = "r >= 2"\n[audience]\nplatforms = ["mailchimp"]\n'
    config.write_text(text + lists, "utf-8")


def test_target_lists_are_the_last_step(shop: Path, run: Run) -> None:
    init(run)
    with_lists(shop)
    assert run("run", "--day", "2026-01-31").code == 0
    first = shop / "runs" / "latest" / "audience" / "lists" / "best" / "mailchimp"
    full = (first / "full.csv").read_bytes()
    assert full.count(b"\n") > 20
    assert (first / "added.csv").read_bytes() == full
    summary = json.loads((first.parents[2] / "summary.json").read_text("utf-8"))
    assert summary["as_of"] == "2026-01-31", "the day of the run, not of the clock"
    assert run("run", "--day", "2026-02-28").code == 0
    steps = {step["name"]: step["reused"] for step in last_run(shop)["run"]["steps"]}
    assert steps == {"clean": True, "segment": True, "audience": False}
    second = shop / "runs" / "latest" / "audience" / "lists" / "best" / "mailchimp"
    assert (second / "full.csv").read_bytes() == full
    assert (second / "added.csv").read_bytes().count(b"\n") == 1
    assert run("run", "--day", "2026-02-28").code == 0
    assert last_run(shop)["status"] == "unchanged"


def test_without_the_list_of_opt_outs_nothing_is_published(shop: Path, run: Run) -> None:
    init(run)
    with_lists(shop, 'suppress = ["optout.csv"]\n')
    ran = run("run", "--day", "2026-01-31")
    assert (ran.code, "optout.csv" in ran.err) == (3, True)
    assert not (shop / "runs" / "latest").exists()
    (shop / "optout.csv").write_text("")
    assert run("run", "--day", "2026-01-31").code == 3
    (shop / "optout.csv").write_text("identifier\nnobody@example.com\n")
    assert run("run", "--day", "2026-01-31").code == 0
    assert (shop / "runs" / "latest" / "audience").is_dir()


def test_a_list_that_changed_is_for_the_gate_to_judge(shop: Path, run: Run) -> None:
    init(run)
    with_lists(shop, "")
    config = shop / "custseg.toml"
    text = config.read_text("utf-8")
    config.write_text(text.replace('"r >= 2"', "\"customer_id <> ''\""), "utf-8")
    assert run("run", "--day", "2026-01-31").code == 0
    name = "audience/lists/best/mailchimp/full.csv"
    before = last_run(shop)["run"]["lists"][name]
    assert before > 101, "a gate judges no smaller list"
    config.write_text(text.replace('"r >= 2"', '"n_records >= 2"'), "utf-8")
    ran = run("run", "--day", "2026-02-28", "--max-list-change", "30")
    assert ran.code == 1, ran.err
    assert name in ran.out
    assert (shop / "runs" / "latest").readlink() == Path("2026-01-31")
    now = run("run", "--day", "2026-02-28", "--max-list-change", "99")
    assert now.code == 0, now.err
    found = last_run(shop)["run"]
    assert found["list_changes"][name] == round(1 - found["lists"][name] / before, 6)
