"""Every case of the shared table through ``custseg standardize``: a file a role and country."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]

ADDED = {
    **{name: name for name in ("prefecture", "city", "town", "block", "building", "street")},
    **{name: name for name in ("unit", "state", "postal_code", "currency")},
    "family": "family_name",
    "given": "given_name",
    "suffix": "name_suffix",
    "core": "company_core",
    "form": "company_form",
    "position": "company_position",
    "branch": "company_branch",
    "extension": "phone_extension",
}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def groups(cases: Path) -> dict[tuple[str, str], list[dict[str, Any]]]:
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for line in cases.read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        found.setdefault((case["role"], case.get("country", "JP")), []).append(case)
    return found


def standardized(
    run: Run, folder: Path, role: str, country: str, cases: list[dict[str, Any]], *more: str
) -> Path:
    with (folder / "cases.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["id", "cell"], *((n, c["in"]) for n, c in enumerate(cases))])
    ran = run("standardize", "cases.csv", "-o", "out", "--force", "--country", country,
              "--role", f"cell={role}", "--role", "id=ignore", *more)  # fmt: skip
    assert ran.code == 0, ran.err
    return folder / "out"


def test_every_case(run: Run, shared_cases: Path, tmp_path: Path) -> None:
    wrong = []
    for (role, country), cases in groups(shared_cases / "standardize.jsonl").items():
        out = standardized(run, tmp_path, role, country, cases)
        table = rows(out / "standardized" / "cases.csv")
        changes = {int(change["row"]): change for change in rows(out / "changes.csv")}
        silent = Counter(
            {row["reason"]: int(row["cells"]) for row in rows(out / "quality.csv") if row["reason"]}
        )
        silent.subtract(change["reason"] for change in changes.values() if change["reason"])
        for number, case in enumerate(cases, start=1):
            row, change = table[number - 1], changes.get(number)
            status = change["status"] if change else "valid" if row["cell"] else "missing"
            found = {
                "value": row["cell"] or None,
                "status": "valid" if status == "suggested" else status,
                "suggestion": (change and change["suggestion"]) or None,
                "reason": change and change["reason"],
                "also": [row[f"cell_{n}"] for n in range(2, 9) if row.get(f"cell_{n}")],
                **{key: row.get(name) or None for key, name in ADDED.items()},
            }
            if change is None and silent[case.get("reason")] > 0:
                # A remark on a cell that is right stands in the quality table alone.
                silent[case["reason"]] -= 1
                found["reason"] = case["reason"]
            wrong += [
                (role, case["in"], key, case[key], found[key])
                for key in found.keys() & case.keys()
                if found[key] != case[key]
            ]
    assert not wrong, "\n".join(map(str, wrong))


def test_national_phones(run: Run, shared_cases: Path, tmp_path: Path) -> None:
    cases = [
        case
        for case in groups(shared_cases / "standardize.jsonl")["phone", "JP"]
        if "national" in case
    ]
    out = standardized(run, tmp_path, "phone", "JP", cases, "--phone-format", "national")
    table = rows(out / "standardized" / "cases.csv")
    assert [row["cell"] for row in table] == [case["national"] for case in cases]


@pytest.mark.parametrize("role", ["email", "phone", "address"])
def test_undo_gives_every_case_back(
    role: str, run: Run, shared_cases: Path, tmp_path: Path
) -> None:
    cases = groups(shared_cases / "standardize.jsonl")[role, "JP"]
    standardized(run, tmp_path, role, "JP", cases)
    assert run("undo", "out", "-o", "back.csv").code == 0
    assert [row["cell"] for row in rows(tmp_path / "back.csv")] == [case["in"] for case in cases]
