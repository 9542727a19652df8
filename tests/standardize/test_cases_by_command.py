"""Every case of the shared table, through ``custseg standardize`` from CSV to CSV."""

from __future__ import annotations

import csv
import json
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from typer.testing import CliRunner

from custseg.cli.main import app

SURVEYED: Final = frozenset({"date", "amount", "percent"})
"""Roles whose cells are read in the light of the whole column: a file for each case."""

PARTS: Final = {
    "family": "family_name",
    "given": "given_name",
    "suffix": "name_suffix",
    "core": "company_core",
    "form": "company_form",
    "position": "company_position",
    "branch": "company_branch",
    "extension": "phone_extension",
    **{
        name: name
        for name in (
            *("prefecture", "city", "town", "block", "building", "street", "unit", "state"),
            *("postal_code", "currency"),
        )
    },
}

Case = dict[str, Any]


def files(cases: list[Case]) -> list[list[Case]]:
    """Put cases that may stand in one file together."""
    found: list[list[Case]] = []
    order = sorted(range(len(cases)), key=lambda at: (cases[at]["role"], country(cases[at]), at))
    for (role, _), places in groupby(order, key=lambda at: (cases[at]["role"], country(cases[at]))):
        group = [cases[at] for at in places]
        found += [[case] for case in group] if role in SURVEYED else [group]
    return found


def country(case: Case) -> str:
    return str(case.get("country", "JP"))


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def standardized(group: list[Case], folder: Path, *options: str) -> Path:
    """Run the command over one file of cases; give the folder of the run."""
    folder.mkdir(parents=True)
    with (folder / "in.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["number", "cell"])
        writer.writerows([number, case["in"]] for number, case in enumerate(group))
    role, where = group[0]["role"], country(group[0])
    arguments = ["standardize", str(folder / "in.csv"), "-o", str(folder / "run")]
    arguments += ["--role", f"cell={role}", "--role", "number=ignore", "--country", where]
    result = CliRunner().invoke(
        app, [*arguments, "--encoding", "utf-8", "--threads", "1", *options]
    )
    assert result.exit_code == 0, result.output
    return folder / "run"


def wrong(group: list[Case], run: Path) -> list[tuple[object, ...]]:
    """List what of the cases did not come out: in table, changes, and counts of quality."""
    table = rows(run / "standardized" / "in.csv")
    changes = {int(row["row"]): row for row in rows(run / "changes.csv") if row["column"] == "cell"}
    counted = {(row["status"], row["reason"]) for row in rows(run / "quality.csv")}
    assert len(table) == len(group)
    failures: list[tuple[object, ...]] = []
    for number, (case, row) in enumerate(zip(group, table, strict=True), start=1):
        change = changes.get(number)
        assert row["number"] == str(number - 1)
        assert (change["before"] if change else row["cell"]) == case["in"]
        status = change["status"] if change else "valid" if row["cell"] else "missing"
        found: dict[str, object] = {"value": row["cell"] or None}
        found["status"] = "valid" if status == "suggested" else status
        found["suggestion"] = change["suggestion"] or None if change else None
        found["also"] = [row[name] for n in range(2, 9) if row.get(name := f"cell_{n}")]
        found["reason"] = change["reason"] if change else None
        if change is None and (status, case.get("reason")) in counted:
            found["reason"] = case["reason"]
        found.update({key: row.get(name) or None for key, name in PARTS.items()})
        failures += [
            (case["role"], case["in"], key, case[key], found[key])
            for key in found.keys() & case.keys()
            if found[key] != case[key]
        ]
    return failures


def test_every_case_through_the_command(shared_cases: Path, tmp_path: Path) -> None:
    text = (shared_cases / "standardize.jsonl").read_text(encoding="utf-8")
    cases = [json.loads(line) for line in text.splitlines() if line]
    assert len(cases) == 231
    failures = [
        failure
        for number, group in enumerate(files(cases))
        for failure in wrong(group, standardized(group, tmp_path / str(number)))
    ]
    assert not failures, "\n".join(map(str, failures))


def test_the_national_writing_of_phones(shared_cases: Path, tmp_path: Path) -> None:
    text = (shared_cases / "standardize.jsonl").read_text(encoding="utf-8")
    cases = [json.loads(line) for line in text.splitlines() if line]
    group = [case for case in cases if "national" in case]
    assert {country(case) for case in group} == {"JP"}
    run = standardized(group, tmp_path / "phones", "--phone-format", "national")
    found = [row["cell"] for row in rows(run / "standardized" / "in.csv")]
    assert found == [case["national"] for case in group]
