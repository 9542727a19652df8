"""Inquiries and other contacts as inputs of ``custseg run``."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]

COMPLAINED = 60


def write_orders(path: Path, header: str = "会員番号") -> None:
    path.parent.mkdir(exist_ok=True)
    lines = [f"{header},注文日,金額"]
    lines += [f"M{who:03},2025-{1 + who % 9:02}-{1 + who % 28:02},1000" for who in range(200)]
    path.write_text("\n".join(lines) + "\n", "utf-8")


def write_contacts(path: Path, complaints: int = COMPLAINED, header: str = "会員番号") -> None:
    path.parent.mkdir(exist_ok=True)
    with path.open("w", encoding="cp932", newline="") as file:
        writer = csv.writer(file)
        writer.writerow((header, "受付日", "種別", "対応状況"))
        for who in range(100):
            kind = "苦情" if who < complaints else "来店"
            writer.writerow((f"M{who:03}", f"2025/06/{1 + who % 28:02}", kind, "対応中"))


@pytest.fixture
def shop(tmp_path: Path, run: Run) -> Path:
    """A folder with orders and contacts in files of one name, and a rule on the contacts."""
    write_orders(tmp_path / "orders" / "2025-09.csv")
    write_contacts(tmp_path / "contacts" / "2025-09.csv")
    (tmp_path / "custseg.toml").write_text(
        '[chain]\norders = ["orders/*.csv"]\nevents = ["contacts/*.csv"]\n'
        '[rules]\nunhappy = "open_complaints > 0"\n',
        "utf-8",
    )
    return tmp_path


def told(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "runs" / "last-run.json").read_text("utf-8"))
    return found


def read(folder: Path) -> dict[str, int]:
    return {each["kind"]: each["rows"] for each in told(folder)["run"]["inputs"]}


def test_rules_see_them(shop: Path, run: Run) -> None:
    assert run("run", "--day", "2026-01-31").code == 0
    assert read(shop)["events"] == 100
    assert told(shop)["run"]["lists"]["rules/unhappy.csv"] == COMPLAINED
    segment = json.loads((shop / "runs/latest/segment/summary.json").read_text("utf-8"))
    assert segment["events"]["open_complaints"] == COMPLAINED


def test_new_contacts_make_segments_anew_and_fewer_of_them_stop_nothing(
    shop: Path, run: Run
) -> None:
    assert run("run", "--day", "2026-01-31").code == 0
    assert run("run", "--day", "2026-02-01").code == 0
    assert told(shop)["status"] == "unchanged"
    write_contacts(shop / "contacts" / "2025-09.csv", COMPLAINED - 5)
    assert run("run", "--day", "2026-02-28").code == 0
    assert [step["reused"] for step in told(shop)["run"]["steps"]] == [False]
    (shop / "contacts" / "2025-09.csv").write_text("会員番号,受付日,種別,対応状況\n", "utf-8")
    ran = run("run", "--day", "2026-03-31", "--max-list-change", "100")
    assert ran.code == 0, ran.err
    assert read(shop)["events"] == 0


def test_a_pattern_that_names_no_contacts_is_a_missing_input(shop: Path, run: Run) -> None:
    (shop / "contacts" / "2025-09.csv").unlink()
    ran = run("run", "--day", "2026-01-31")
    assert ran.code == 1
    assert "input_missing" in ran.err


def test_without_orders_there_is_nobody_to_add_them_to(shop: Path, run: Run) -> None:
    (shop / "custseg.toml").write_text('[chain]\nevents = ["contacts/*.csv"]\n', "utf-8")
    assert run("run").code == 2
    config = '[chain]\ncustomers = ["orders/*.csv"]\nevents = ["contacts/*.csv"]\n'
    (shop / "custseg.toml").write_text(config, "utf-8")
    ran = run("run")
    assert ran.code == 2
    assert "no orders" in ran.err


def test_init_knows_them_from_customers(shop: Path, run: Run) -> None:
    (shop / "custseg.toml").unlink()
    assert run("init", "orders", "contacts").code == 0
    text = (shop / "custseg.toml").read_text("utf-8")
    assert 'events = ["contacts/*.csv"]' in text
    assert "# customers = []" in text
    assert '"受付日" = "event_date"' in text
    assert run("run", "--day", "2026-01-31").code == 0
    assert read(shop)["events"] == 100


def test_init_without_orders_takes_numbers_and_days_for_people(shop: Path, run: Run) -> None:
    assert run("init", "contacts", "--write", "people.toml").code == 0
    assert 'customers = ["contacts/*.csv"]' in (shop / "people.toml").read_text("utf-8")


@pytest.mark.parametrize("role", ["zz=customer_id", "yy=customer_id"])
def test_a_role_finds_the_customer_in_events_alone(tmp_path: Path, run: Run, role: str) -> None:
    write_orders(tmp_path / "orders.csv", "会員番号" if role[0] == "z" else "yy")
    write_contacts(tmp_path / "contacts.csv", header="zz" if role[0] == "z" else "会員番号")
    files = ("--orders", "orders.csv", "--events", "contacts.csv", "--role", role)
    ran = run("segment", *files, "--k", "none", "-o", "seg")
    assert ran.code == 0, ran.err
    told = json.loads((tmp_path / "seg" / "summary.json").read_text("utf-8"))
    assert told["events"]["open_complaints"] == COMPLAINED


def test_a_role_of_a_column_that_neither_has_is_refused(tmp_path: Path, run: Run) -> None:
    write_orders(tmp_path / "orders.csv")
    write_contacts(tmp_path / "contacts.csv")
    files = ("--orders", "orders.csv", "--events", "contacts.csv", "--role", "zz=customer_id")
    ran = run("segment", *files, "-o", "seg")
    assert ran.code == 2
    assert "zz" in ran.err


def test_a_rule_on_contacts_without_any_says_what_is_missing(tmp_path: Path, run: Run) -> None:
    write_orders(tmp_path / "orders.csv")
    (tmp_path / "custseg.toml").write_text('[rules]\nunhappy = "open_complaints > 0"\n')
    ran = run("segment", "--orders", "orders.csv", "-o", "seg")
    assert ran.code == 2
    assert "--events" in ran.err
