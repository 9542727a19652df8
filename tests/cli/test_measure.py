"""``custseg measure`` from the command line: exit codes, words, and the campaign of an audience."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]


def write(name: str, *lines: str) -> None:
    Path(name).write_text("\n".join([*lines, ""]), encoding="utf-8")


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture
def people(run: Run) -> str:
    rows = [f"{'mail' if n % 2 else 'none'},{n % 3 == 0:d},{n % 7},{n % 2}x" for n in range(200)]
    write("people.csv", "arm,visit,spend,region", *rows)
    return "people.csv"


def test_without_random_control_it_is_called_a_comparison(run: Run, people: str) -> None:
    args = ("measure", "table", people, "--group", "arm", "--control", "none", "--outcome", "visit")
    said = flat(run(*args).out)
    assert "A comparison, not an effect" in said
    assert "Effect" not in said
    said = flat(run(*args, "--random").out)
    assert "Everyone assigned is counted" in said
    assert "効果ではなく比較です" in run(*args, lang="ja").out


@pytest.mark.parametrize(
    ("more", "code", "words"),
    [
        (("--outcome", "nothing"), 2, "has no column nothing"),
        (("--outcome", "region"), 3, "the column region is no number in row 1"),
        (("--outcome", "visit", "--segment", "nowhere"), 2, "has no column nowhere"),
    ],
)
def test_what_cannot_be_measured_says_why(
    more: tuple[str, ...], code: int, words: str, run: Run, people: str
) -> None:
    ran = run("measure", "table", people, "--group", "arm", "--control", "none", *more)
    assert (ran.code, words in flat(ran.err)) == (code, True)


def test_a_control_nobody_is_in(run: Run, people: str) -> None:
    ran = run("measure", "table", people, "--group", "arm", "--control", "x", "--outcome", "visit")
    assert ran.code == 2
    assert "mail, none" in ran.err


def test_a_plan(run: Run) -> None:
    said = run("measure", "plan", "--rate", 0.02, "--expected", 0.025).out
    assert "13,768" in said
    assert "13,809" in said
    assert run("measure", "plan", "--rate", 0.02, "--expected", 0.02).code == 2
    assert run("measure", "plan", "--rate", 0, "--expected", 0.02).code == 2


def campaign(run: Run, *more: object) -> None:
    """An audience of 200 customers and the orders of the weeks after."""
    write("customers.csv", "customer_id,email", *(f"C{n:03},p{n}@x.jp" for n in range(200)))
    write(
        "ledger.csv",
        "identifier,channel,status,at",
        *(f"C{n:03},email,granted,2026-01-01" for n in range(200)),
    )
    Path("key").write_text("0123456789abcdef")
    Path("key").chmod(0o600)
    made = run(
        *("audience", "make", "--customers", "customers.csv", "--consent", "ledger.csv"),
        *("--platform", "mailchimp", "--as-of", "2026-06-30", "-o", "aud", *more),
    )
    assert made.code == 0, made.err
    orders = ["order_id,customer_id,order_date,amount,channel,campaign"]
    for n in range(0, 200, 2):
        orders.append(f"A{n},C{n:03},2026-07-{n % 28 + 1:02},100,web,summer")
        orders.append(f"B{n},C{n:03},2026-06-15,900,shop,")
    write("orders.csv", *orders)


HOLDOUT = ("--campaign", "summer", "--holdout", 0.3, "--key", "key")


def test_a_campaign_counts_everyone_assigned(run: Run) -> None:
    campaign(run, *HOLDOUT)
    ran = run(
        *("measure", "campaign", "aud", "--orders", "orders.csv", "--customers", "customers.csv"),
        *("--cost", 10, "--margin", 0.5, "-o", "effect"),
    )
    assert ran.code == 0, ran.err
    with Path("aud/assignments.csv").open(newline="") as file:
        groups = {row["customer_id"]: row["group"] for row in csv.DictReader(file)}
    summary = json.loads(Path("effect/summary.json").read_text())
    (bought,) = [each for each in summary["effects"] if each["outcome"] == "bought"]
    (money,) = [each for each in summary["effects"] if each["outcome"] == "money"]
    treated = [name for name, group in groups.items() if group == "treated"]
    held = [name for name, group in groups.items() if group == "holdout"]
    assert summary["assigned"] == {"holdout": len(held), "treated": len(treated)}
    assert (bought["treated"], bought["control"]) == (len(treated), len(held))
    even = sum(int(name[1:]) % 2 == 0 for name in treated) / len(treated)
    assert bought["treated_value"] == pytest.approx(even)
    assert money["treated_value"] == pytest.approx(100 * even)
    assert summary["profit"] == pytest.approx(money["extra"] * 0.5 - 10)
    assert (summary["first_day"], summary["last_day"]) == ("2026-07-01", "2026-07-27")
    assert [(row["channel"], row["orders"]) for row in summary["channels"]] == [("web", 100)]
    assert run("report", "effect").out == ran.out
    assert {"effects.csv", "channels.csv", "campaigns.csv"} <= {
        each.name for each in Path("effect").iterdir()
    }


def test_without_a_holdout_group_nothing_is_called_an_effect(run: Run) -> None:
    campaign(run)
    said = flat(run("measure", "campaign", "aud", "--orders", "orders.csv").out)
    assert "Nobody was held out" in said
    assert "Effect" not in said


def test_days_without_orders(run: Run) -> None:
    campaign(run, *HOLDOUT)
    ran = run("measure", "campaign", "aud", "--orders", "orders.csv", "--from", "2030-01-01")
    assert (ran.code, "No order falls between" in ran.err) == (3, True)
    assert run("measure", "campaign", ".", "--orders", "orders.csv").code == 3


def test_channels(run: Run) -> None:
    campaign(run)
    run("measure", "channels", "--orders", "orders.csv", "-o", "channels")
    summary = json.loads(Path("channels/summary.json").read_text())
    assert summary["channels"] == [
        {"channel": "shop", "first": 100, "last": 0, "first_money": 100_000.0, "orders": 100,
         "money": 90_000.0},
        {"channel": "web", "first": 0, "last": 100, "first_money": 0.0, "orders": 100,
         "money": 10_000.0},
    ]  # fmt: skip
    none, summer = summary["campaigns"]
    assert (none["campaign"], none["new_customers"], none["later_money"]) == ("", 100, 10_000.0)
    assert (summer["campaign"], summer["share"]) == ("summer", 0.1)
