"""``custseg run`` the next time: what a killed, damaged or unchanged run leaves to be put right."""

from __future__ import annotations

import csv
import json
import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import custseg
from custseg.config import load

Run = Callable[..., Any]
FIRST, SECOND, THIRD = "2026-01-31", "2026-02-28", "2026-03-31"


def last_run(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "runs" / "last-run.json").read_text("utf-8"))
    return found


def runs(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "runs").glob("2026*"))


def ids(folder: Path, day: str) -> dict[str, str]:
    path = folder / "runs" / day / "clean" / "records.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {row["record_key"]: row["customer_id"] for row in csv.DictReader(file)}


@pytest.fixture
def ran(shop: Path, run: Run) -> Path:
    """A folder in which the chain has run once."""
    assert run("init", "exports").code == 0
    assert run("run", "--day", FIRST).code == 0
    return shop


@pytest.mark.parametrize("latest", ["older", "gone"])
def test_latest_names_the_last_run_also_where_nothing_changed(
    latest: str, ran: Path, run: Run
) -> None:
    assert run("run", "--day", SECOND, "--full").code == 0
    link = ran / "runs" / "latest"
    link.unlink()
    if latest == "older":
        # As where a run was killed after it was published.
        link.symlink_to(FIRST)
    assert run("run", "--day", THIRD).code == 0
    assert last_run(ran)["status"] == "unchanged"
    assert link.readlink() == Path(SECOND)


def test_what_is_called_latest_and_is_no_link_stops_the_run_before_it_publishes(
    shop: Path, run: Run
) -> None:
    assert run("init", "exports").code == 0
    (shop / "runs" / "latest").mkdir(parents=True)
    found = run("run", "--day", FIRST)
    assert (found.code, "latest" in found.err) == (3, True)
    assert runs(shop) == []


def test_runs_beyond_those_to_keep_go_also_where_nothing_changed(ran: Path, run: Run) -> None:
    assert run("run", "--day", SECOND, "--full").code == 0
    told = run("run", "--day", THIRD, "--keep", "1", "--dry-run")
    assert told.code == 0
    assert f"would remove: {FIRST}" in told.out
    assert THIRD not in told.out
    assert "nothing changed" in told.out
    assert runs(ran) == [FIRST, SECOND]
    assert run("run", "--day", THIRD, "--keep", "1").code == 0
    assert runs(ran) == [SECOND]


def test_a_dry_run_names_all_that_would_be_read(ran: Path, run: Run) -> None:
    config = ran / "custseg.toml"
    more = '[chain]\nsuppress = ["optout.csv"]\nconsent = ["said.csv"]\ndecisions = "review.csv"\n'
    config.write_text(config.read_text("utf-8").replace("[chain]\n", more), "utf-8")
    for name in ("optout.csv", "said.csv"):
        (ran / name).write_text("identifier\nnobody@example.com\n")
    (ran / "review.csv").write_text("left_key,right_key,decision\n")
    told = run("run", "--dry-run", "--full")
    assert told.code == 0, told.err
    for name in ("optout.csv", "said.csv", "review.csv"):
        assert name in told.out


def test_gates_do_not_pass_because_the_last_run_cannot_be_read(ran: Path, run: Run) -> None:
    before = ids(ran, FIRST)
    summary = ran / "runs" / FIRST / "summary.json"
    summary.write_bytes(summary.read_bytes()[:300])
    orders = ran / "exports" / "orders.csv"
    lines = orders.read_bytes().splitlines(keepends=True)
    orders.write_bytes(b"".join(lines[: len(lines) // 2]))
    found = run("run", "--day", SECOND)
    assert (found.code, "summary.json" in found.err, "--fail-on" in found.err) == (3, True, True)
    assert runs(ran) == [FIRST]
    assert run("run", "--day", SECOND, "--fail-on", "none").code == 0
    warned = {each["key"] for each in last_run(ran)["run"]["warnings"]}
    assert "chain.warn.last_unreadable" in warned
    assert ids(ran, SECOND) == before


def test_a_step_that_was_taken_away_is_no_first_run(ran: Path, run: Run) -> None:
    shutil.rmtree(ran / "runs" / FIRST / "clean")
    found = run("run", "--day", SECOND)
    assert (found.code, "clean" in found.err, "--fail-on" in found.err) == (3, True, True)
    assert runs(ran) == [FIRST]
    assert run("run", "--day", SECOND, "--fail-on", "none").code == 0
    warned = {each["key"] for each in last_run(ran)["run"]["warnings"]}
    assert "chain.warn.last_unreadable" in warned


def test_what_was_changed_in_a_published_run_is_made_anew(ran: Path, run: Run) -> None:
    customers = ran / "runs" / FIRST / "clean" / "customers.csv"
    whole = customers.read_bytes()
    customers.write_bytes(whole.splitlines(keepends=True)[0])
    assert run("run", "--day", SECOND).code == 0
    steps = {step["name"]: step["reused"] for step in last_run(ran)["run"]["steps"]}
    assert steps == {"clean": False, "segment": True}
    assert (ran / "runs" / SECOND / "clean" / "customers.csv").read_bytes() == whole


def test_a_rule_of_a_list_makes_the_lists_alone_anew(ran: Path, run: Run) -> None:
    config = ran / "custseg.toml"
    text = config.read_text("utf-8") + '\n[audience]\nplatforms = ["mailchimp"]\n'
    everyone = "\n[lists]\nall = \"customer_id <> ''\"\n"
    config.write_text(text + everyone, "utf-8")
    # A list of more than a hundred that was not there before has not changed by 100 %.
    assert run("run", "--day", SECOND).code == 0
    assert max(last_run(ran)["run"]["lists"].values()) > 101
    config.write_text(text + everyone.replace("<> ''", "<> 'x'"), "utf-8")
    assert run("run", "--day", SECOND).code == 0
    steps = {step["name"]: step["reused"] for step in last_run(ran)["run"]["steps"]}
    assert steps == {"clean": True, "segment": True, "audience": False}
    config.write_text(text + everyone + "[segment]\nperiod = 60\n", "utf-8")
    run("run", "--day", THIRD, "--fail-on", "none")
    steps = {step["name"]: step["reused"] for step in last_run(ran)["run"]["steps"]}
    assert steps["clean"] is True
    assert steps["segment"] is False


def test_who_interrupts_a_run_finds_that_in_the_last_word(
    ran: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(custseg, "clean", interrupted)
    assert run("run", "--day", SECOND, "--full").code == 130
    assert (last_run(ran)["status"], last_run(ran)["exit_code"]) == ("interrupted", 130)
    assert run("run", "--fail-on", "input_smal").code == 2
    assert (last_run(ran)["status"], last_run(ran)["exit_code"]) == ("failed", 2)
    assert runs(ran) == [FIRST]


def test_every_role_that_init_offers_can_be_taken(shop: Path, run: Run) -> None:
    assert run("init", "exports").code == 0
    config = shop / "custseg.toml"
    head, _, roles = config.read_text("utf-8").partition("[roles]")
    offered = [line.removeprefix("# ") for line in roles.splitlines() if line.startswith('# "')]
    taken = "\n".join(each for each in offered if '= ""' not in each)
    config.write_text(head + "[roles]\n" + taken + "\n", "utf-8")
    assert len(tomllib.loads(config.read_text("utf-8"))["roles"]) > 20
    load({}, file=config)
    # A column of one name that means two things in two files is told of, and offered once.
    assert sum(line.startswith('# # "') for line in roles.splitlines()) > 0
    assert run("run", "--dry-run").code == 0


def test_names_from_files_do_not_steer_the_terminal(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a\x1b[31mRED,a\x1b[31mRED\n1,2\n")
    (tmp_path / "x\x1b[31mRED.csv").write_bytes(b"%PDF-1.4 \n")
    for name in ("a.csv", "x\x1b[31mRED.csv"):
        found = run("clean", name, "-o", "out", "--verbose")
        assert found.code == 3
        assert "RED" in found.err
        assert "\x1b" not in found.err + found.out
