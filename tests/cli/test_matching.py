"""What the matching of a run says, through the commands."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from custseg.demo import generate
from custseg.demo import write as write_demo

Run = Callable[..., Any]

GIVEN = ("Anna", "Boris", "Clara", "Elena", "Jonas", "Greta", "Ines", "Felix", "Hugo", "Nora")
FAMILY = ("Becker", "Fowler", "Eriksen", "Dalton", "Abbott", "Castro", "Garcia", "Hansen")


def write(path: Path, header: str, lines: list[str]) -> Path:
    path.write_text("\n".join([header, *lines, ""]), encoding="utf-8")
    return path


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("command", ["dedupe", "clean"])
@pytest.mark.parametrize(("lang", "words"), [("en", "not compared by"), ("ja", "照合")])
def test_blocks_that_were_skipped_are_a_warning(
    run: Run, tmp_path: Path, command: str, lang: str, words: str
) -> None:
    people = [
        f"{given},{family},{10001 + 10 * a + b},415-555-{2000 + 10 * a + b}"
        for a, given in enumerate(GIVEN)
        for b, family in enumerate(FAMILY)
    ]
    guests = [f"Store,Customer,10001,212-736-{1500 + 7 * row:04}" for row in range(100)]
    file = write(tmp_path / "guests.csv", "First Name,Last Name,ZIP Code,Phone", people + guests)
    ran = run(command, file, "-o", "run", "-q", lang=lang)
    assert ran.code == 0, ran.err
    assert words in ran.err
    manifest = json.loads((tmp_path / "run/manifest.json").read_text(encoding="utf-8"))
    assert "match.skipped_blocks" in json.dumps(manifest["warnings"])


@pytest.mark.parametrize("truth", ["everybody apart", "as the run has it"])
def test_evaluate_lists_as_wrongly_joined_what_stands_in_one_customer(
    run: Run, tmp_path: Path, truth: str
) -> None:
    files = write_demo(generate(600, 3, "english"), tmp_path / "exports")
    crm = next(path for path in files if path.name == "crm_contacts.csv")
    assert run("dedupe", crm, "-o", "run", "--review", "0.001").code == 0
    records = rows(tmp_path / "run/records.csv")
    apart = truth == "everybody apart"
    people = write(
        tmp_path / "truth_here.csv",
        "source,row,person",
        [
            f"{row['source']},{row['row']},{place if apart else row['customer_id']}"
            for place, row in enumerate(records)
        ],
    )
    ran = run("evaluate", "run", "--truth", people, "--truth-id", "person")
    assert ran.code == 0, ran.err
    customer = {f"{row['source']}:{row['row']}": row["customer_id"] for row in records}
    named = re.findall(r"(\S+\.csv:\d+)\s+(\S+\.csv:\d+)", ran.out)
    assert len(named) == (10 if apart else 0)
    assert all(customer[left] == customer[right] for left, right in named)
    links = rows(tmp_path / "run/links.csv")
    assert any(customer[link["left"]] != customer[link["right"]] for link in links)
