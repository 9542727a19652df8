"""What is bought together and next as a step of ``custseg run``."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]

HEADER = ("注文番号", "会員番号", "注文日", "商品名", "金額")


def write_orders(path: Path, *, cups: int = 80, more: str = "") -> None:
    """A tea shop in which who buys tea takes a cup along, and others take other things."""
    path.parent.mkdir(exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for who in range(400):
            first = (
                ("緑茶", "湯のみ")
                if who < cups
                else (("緑茶",) if who < 120 else (f"品{who % 9}",))
            )
            for number, names in enumerate((first, (f"品{(who + 3) % 9}", f"品{who % 7}"))):
                day = f"2025-{1 + (who + 5 * number) % 9:02}-{1 + who % 28:02}"
                for name in dict.fromkeys(names):
                    writer.writerow((f"{who}-{number}", f"M{who:03}", day, name, "1000"))
        if more:
            writer.writerow(("9-9", "M009", "2025-09-28", more, "500"))


@pytest.fixture
def teas(tmp_path: Path, run: Run) -> Path:
    """A folder with orders, and a config in which the step is on."""
    write_orders(tmp_path / "exports" / "orders.csv")
    assert run("init", "exports").code == 0
    config = tmp_path / "custseg.toml"
    text = config.read_text("utf-8")
    assert "# basket = true" in text
    text = text.replace("# basket = true", "basket = true").replace("# lists = 5", "lists = 2")
    config.write_text(text, "utf-8")
    return tmp_path


def last_run(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "runs" / "last-run.json").read_text("utf-8"))
    return found


def steps(folder: Path) -> dict[str, bool]:
    return {step["name"]: step["reused"] for step in last_run(folder)["run"]["steps"]}


def test_it_is_made_and_told_of(teas: Path, run: Run) -> None:
    with (teas / "custseg.toml").open("a", encoding="utf-8") as file:
        file.write("\n[output]\nworkbook = true\n")
    ran = run("run", "--day", "2026-01-31")
    assert (ran.code, ran.err) == (0, "")
    assert steps(teas) == {"segment": False, "basket": False}
    latest = teas / "runs" / "latest"
    manifest = json.loads((latest / "manifest.json").read_text("utf-8"))
    assert "basket/manifest.json" in {each["name"] for each in manifest["outputs"]}
    own = json.loads((latest / "basket" / "manifest.json").read_text("utf-8"))
    made = {each["name"] for each in own["outputs"]}
    assert {"rules.csv", "next.csv", "report.html", "lists/01_緑茶_湯のみ.csv"} <= made
    assert len(manifest["inputs"]) == 1
    assert "湯のみ" in (latest / "report.html").read_text("utf-8")
    assert (latest / "report.xlsx").is_file()
    known = last_run(teas)["run"]["lists"]
    assert known["basket/緑茶_湯のみ.csv"] == 40
    assert run("report", "runs/latest/basket").code == 0


def test_only_what_it_depends_on_makes_it_anew(teas: Path, run: Run) -> None:
    assert run("run", "--day", "2026-01-31").code == 0
    assert run("run", "--day", "2026-02-28").code == 0
    assert last_run(teas)["status"] == "unchanged"
    config = teas / "custseg.toml"
    before = config.read_text("utf-8")
    config.write_text(before.replace("lists = 2", "lists = 1"), "utf-8")
    assert run("run", "--day", "2026-02-28").code == 0
    assert steps(teas) == {"segment": True, "basket": False}
    config.write_text(config.read_text("utf-8") + "\n[goals]\norders = 10\n", "utf-8")
    assert run("run", "--day", "2026-03-31").code == 0
    assert steps(teas) == {"segment": False, "basket": True}
    config.write_text(before.replace("basket = true", "basket = false"), "utf-8")
    assert run("run", "--day", "2026-04-30").code == 0
    assert "basket" not in steps(teas)
    assert not (teas / "runs" / "latest" / "basket").exists()


def test_a_list_that_turned_over_stops_the_run(teas: Path, run: Run) -> None:
    orders = teas / "exports" / "orders.csv"
    text = orders.read_text("utf-8")
    # Enough people wait for a cup to tell, and then they are others.
    extra = "".join(f"T{n}-0,T{n:03},2025-03-01,緑茶,1000\n" for n in range(90))
    orders.write_text(text + extra, "utf-8")
    assert run("run", "--day", "2026-01-31").code == 0
    assert last_run(teas)["run"]["lists"]["basket/緑茶_湯のみ.csv"] == 130
    orders.write_text(text + extra.replace("T", "U"), "utf-8")
    ran = run("run", "--day", "2026-02-28", "--max-list-change", "60", "--max-segment-change", 1000)
    assert ran.code == 1, ran.err
    assert "list_change" in ran.err
    assert "basket/緑茶_湯のみ.csv" in ran.out
    assert (teas / "runs" / "latest").readlink() == Path("2026-01-31")
    # A pair that is no longer worth an offer is no list that lost everyone.
    write_orders(orders, cups=0)
    args = ("--max-list-change", 60, "--max-segment-change", 1000)
    ran = run("run", "--day", "2026-02-28", *args, "--fail-on", "list_change")
    assert ran.code == 0, ran.err
    assert "basket/緑茶_湯のみ.csv" not in last_run(teas)["run"]["lists"]


def test_orders_without_products(teas: Path, run: Run) -> None:
    orders = teas / "exports" / "orders.csv"
    orders.write_text(orders.read_text("utf-8").replace("商品名", "備考", 1), "utf-8")
    ran = run("run", "--day", "2026-01-31")
    assert ran.code == 3
    assert "--role" in ran.err
    assert not (teas / "runs" / "latest").exists()
    (teas / "custseg.toml").unlink()
    assert run("init", "exports").code == 0
    assert "basket" not in (teas / "custseg.toml").read_text("utf-8")
