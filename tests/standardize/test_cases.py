"""Every case of the shared table, one cell at a time, through the whole driver."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from custseg.cleanse.standardize.base import Context
from custseg.cleanse.standardize.reasons import reasons
from custseg.cleanse.standardize.table import StandardizedTable, standardize_table
from custseg.engine import Engine
from custseg.fields.registry import roles

ROLES = (
    *("text", "family_name", "given_name", "kana", "person_name", "company", "corporate_number"),
    *("phone", "postal_code", "address", "email", "date", "amount", "percent", "gender"),
    *("consent", "prefecture"),
)

ADDED = {
    "family": "family_name",
    "given": "given_name",
    "suffix": "name_suffix",
    "prefecture": "prefecture",
    "city": "city",
    "town": "town",
    "block": "block",
    "building": "building",
    "street": "street",
    "unit": "unit",
    "state": "state",
    "postal_code": "postal_code",
    "core": "company_core",
    "form": "company_form",
    "position": "company_position",
    "branch": "company_branch",
    "extension": "phone_extension",
    "currency": "currency",
}
CHECKED = {"value", "status", "reason", "also", "national", "key", "weak_key", "core_key"} | {
    "suggestion",
    *ADDED,
}


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine(threads=1) as engine:
        yield engine


@pytest.fixture(scope="module")
def cases(shared_cases: Path) -> list[dict[str, Any]]:
    text = (shared_cases / "standardize.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines() if line]


def one_cell(case: dict[str, Any], engine: Engine, **settings: str) -> StandardizedTable:
    context = Context(country=case.get("country", "JP"), **settings)
    table = pa.table({"cell": pa.array([case["in"] or None], pa.string())})
    return standardize_table(table, {"cell": case["role"]}, context, engine, source="case")


def found_in(case: dict[str, Any], engine: Engine) -> dict[str, Any]:
    """Give what the driver says of a case, under the case's own keys."""
    done = one_cell(case, engine)
    row = done.table.to_pylist()[0]
    change = done.changes.to_pylist()[0] if done.changes.num_rows else {}
    quality = done.quality.to_pylist()[0]
    standardizer = roles()[case["role"]].standardizer
    assert standardizer is not None
    assert quality["reason"] is None or quality["reason"] in reasons()
    found = {"value": row["cell"], "status": quality["status"], "reason": quality["reason"]}
    found["suggestion"] = change.get("suggestion")
    if found["status"] == "suggested":
        # What is proposed leaves the cell as it was: valid, for the reader of the case.
        assert (found["suggestion"] is not None, row["cell"]) == (True, case["in"])
        found["status"] = "valid"
    found["also"] = [row[f"cell_{n}"] for n in range(2, 9) if f"cell_{n}" in row]
    found.update({key: row.get(name) for key, name in ADDED.items() if name in row})
    if row["cell"] is not None:
        key, weak = standardizer.key, standardizer.weak_key
        found["key"] = key(row["cell"]) if key else row["cell"]
        found["weak_key"] = weak(row["cell"]) if weak else None
        found["core_key"] = found["weak_key"]
    if "national" in case:
        found["national"] = one_cell(case, engine, phone_format="national").table[0][0].as_py()
    return found


@pytest.mark.parametrize("role", ROLES)
def test_every_case_of_the_role(role: str, cases: list[dict[str, Any]], engine: Engine) -> None:
    failures = []
    for case in [case for case in cases if case["role"] == role]:
        found = found_in(case, engine)
        failures.extend(
            (case["in"], key, case[key], found.get(key))
            for key in CHECKED & case.keys()
            if found.get(key) != case[key]
        )
    assert not failures, "\n".join(map(str, failures))


def test_no_role_of_the_cases_is_forgotten(cases: list[dict[str, Any]]) -> None:
    assert {case["role"] for case in cases} == set(ROLES)
