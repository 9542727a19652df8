"""Who is who from month to month: ids stay, decisions hold, no value is lost."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "japanese"
FILES = ("store_members.csv", "web_members.csv")
OWN_COLUMNS = ("source", "row", "customer_id", "record_key")


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def export(folder: Path, *, without: slice = slice(0), seed: int | None = None) -> list[Path]:
    """Write the exports of a month: some rows of each are missing, the others in any order."""
    folder.mkdir()
    made = []
    for name in FILES:
        head, *body = (EXAMPLES / name).read_bytes().splitlines(keepends=True)
        del body[without]
        if seed is not None:
            random.Random(seed).shuffle(body)
        made.append(folder / name)
        made[-1].write_bytes(head + b"".join(body))
    return made


def ids(run: Path) -> dict[str, str]:
    return {row["record_key"]: row["customer_id"] for row in rows(run / "records.csv")}


@pytest.fixture(scope="module")
def january(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from custseg import clean

    folder = tmp_path_factory.mktemp("january")
    clean(export(folder / "exports", without=slice(-25, None)), folder / "run")
    return folder / "run"


def test_ids_stay_whatever_is_added_removed_and_shuffled(
    january: Path, run: Run, tmp_path: Path
) -> None:
    files = export(tmp_path / "february", without=slice(0, 15), seed=5)
    ran = run("clean", *files, "--previous", january, "-o", "run")
    assert ran.code == 0, ran.err
    before, after = ids(january), ids(tmp_path / "run")
    both = before.keys() & after.keys()
    assert len(both) > 200
    assert before.keys() - both
    assert after.keys() - both
    history = rows(tmp_path / "run" / "id_history.csv")
    told = {row[side] for row in history for side in ("old", "new")}
    changed = {key for key in both if before[key] != after[key]}
    assert {before[key] for key in changed} <= told
    assert {after[key] for key in changed} <= told
    assert len(changed) < len(both) / 50
    # An id that is gone is absent or merged, never somebody else's.
    gone = set(before.values()) - set(after.values())
    assert gone <= {row["old"] for row in history if row["event"] in ("absent", "merged")}
    new = set(after.values()) - set(before.values())
    assert new <= {row["new"] for row in history if row["event"] in ("new", "split")}


@pytest.mark.parametrize("decision", ["同じ", "違う"])
def test_a_decision_holds_in_every_later_run(
    january: Path, run: Run, tmp_path: Path, decision: str
) -> None:
    known = ids(january)
    sizes: dict[str, list[str]] = {}
    for key, customer in sorted(known.items()):
        sizes.setdefault(customer, []).append(key)
    several = [keys for keys in sizes.values() if len(keys) > 1]
    left, right = several[0][:2] if decision == "違う" else (several[0][0], several[-1][0])
    decided = tmp_path / "decided.csv"
    decided.write_text(f"left_key,right_key,decision\n{left},{right},{decision}\n", "utf-8")
    together = decision == "同じ"
    previous, months = january, ("february", "march", "april")
    for seed, month in enumerate(months):
        files = export(
            tmp_path / month, without=slice(0, 0) if seed else slice(-25, None), seed=seed
        )
        more = () if seed else ("--decisions", decided)
        ran = run("clean", *files, "--previous", previous, "-o", f"{month}-run", *more)
        assert ran.code == 0, ran.err
        previous = tmp_path / f"{month}-run"
        now = ids(previous)
        assert (now[left] == now[right]) is together


def test_a_model_used_again_finds_the_same_people(january: Path, run: Run, tmp_path: Path) -> None:
    files = export(tmp_path / "again", without=slice(-25, None))
    model = january / "match_model.json"
    ran = run("clean", *files, "--match-model", model, "-o", "run")
    assert ran.code == 0, ran.err
    assert ids(tmp_path / "run") == ids(january)
    assert (tmp_path / "run" / "match_model.json").read_bytes() == model.read_bytes()
    damaged = tmp_path / "damaged.json"
    damaged.write_bytes(model.read_bytes()[:-40])
    ran = run("clean", *files, "--match-model", damaged, "-o", "none")
    assert ran.code == 3
    assert not (tmp_path / "none").exists()


def test_no_value_is_lost_in_a_merge(january: Path) -> None:
    shown: dict[str, set[str]] = {}
    for customer in rows(january / "customers.csv"):
        shown[customer["customer_id"]] = set(customer.values())
    for value in rows(january / "further_values.csv"):
        shown[value["customer_id"]].add(value["value"])
    records = rows(january / "records.csv")
    merged = 0
    for record in records:
        values = {cell for name, cell in record.items() if name not in OWN_COLUMNS and cell}
        # A record's own number is no value of the customer: records.csv tells whose it is.
        values -= {record.get("record_id", "")}
        assert values <= shown[record["customer_id"]]
        merged += 1
    assert merged == len(records) > len(shown) > 0


def test_the_customers_in_a_run_mean_the_run(january: Path, run: Run, tmp_path: Path) -> None:
    members = (january.parent / "exports" / FILES[0]).read_text("cp932")
    numbers = [row["会員番号"] for row in csv.DictReader(members.splitlines())]
    bought = [f"{number},2025-01-{at % 28 + 1:02},100" for at, number in enumerate(numbers)]
    (tmp_path / "orders.csv").write_text("\n".join(["customer_id,order_date,amount", *bought]))
    for given, output in ((january, "by_run"), (january / "customers.csv", "by_file")):
        ran = run(
            *("segment", "--customers", given, "--orders", "orders.csv"),
            *("--k", "none", "-o", output),
        )
        assert ran.code == 0, ran.err
    known = set(ids(january).values())
    scores = rows(tmp_path / "by_file" / "scores.csv")
    assert len(known & {row["customer_id"] for row in scores}) > 100
    assert scores == rows(tmp_path / "by_run" / "scores.csv")
