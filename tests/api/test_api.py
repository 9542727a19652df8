"""The public names: there, light, and the same at the second call."""

from __future__ import annotations

import importlib
import inspect
import pydoc
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

import custseg
from custseg.errors import UsageError

ORDERS = pd.DataFrame(
    {
        "order_id": [str(number) for number in range(60)],
        "customer_id": [f"c{number % 25}" for number in range(60)],
        "order_date": [f"2025-{1 + number % 12:02}-15" for number in range(60)],
        "amount": [str(100 + 7 * number) for number in range(60)],
    }
)


@pytest.mark.parametrize("name", custseg.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(custseg, name) is not None


def test_an_unknown_name_is_said() -> None:
    with pytest.raises(AttributeError, match="no attribute 'segmentt'"):
        _ = custseg.segmentt  # type: ignore[attr-defined]


def test_a_function_and_a_package_of_one_name_do_not_clash() -> None:
    first = custseg.segment({"orders": ORDERS})
    second = custseg.segment({"orders": ORDERS})
    assert first.scores.equals(second.scores)
    assert first.frame()["customer_id"].nunique() == 25


def test_frames_in_frames_out() -> None:
    people = pd.DataFrame(
        {
            "name": ["Ann Lee", "Lee, Ann", "Bob Ray"],
            "email": ["ann@example.com", "ANN@example.com", "bob@example.com"],
            "phone": ["(415) 555-2671", "415-555-2671", "(415) 555-0199"],
        }
    )
    result = custseg.clean({"people": people})
    assert len(result.customers()) == result.summary.matching.customers  # type: ignore[union-attr]
    assert result.records.num_rows == 3
    assert people["phone"].iloc[0] == "(415) 555-2671"


def test_importing_costs_nothing(tmp_path: Path) -> None:
    code = "import sys, custseg; print(len([m for m in sys.modules if m.startswith('custseg')]))"
    shown = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path
    ).stdout
    assert shown.strip() == "1"


@pytest.mark.parametrize("name", ["segment", "audience"])
def test_help_on_a_package_that_is_a_function_is_the_functions(name: str) -> None:
    package = importlib.import_module(f"custseg.{name}")
    function = getattr(importlib.import_module(f"custseg.jobs.{name}"), name)
    assert inspect.signature(package) == inspect.signature(function)
    page = pydoc.render_doc(package, renderer=pydoc.plaintext)
    words = inspect.getdoc(function).split()
    assert " ".join(words) in " ".join(page.split())


PEOPLE = pd.DataFrame({"name": ["Ann Lee", "Bob Ray"], "email": ["ann@x.com", "bob@x.com"]})


def test_a_table_alone_is_an_input() -> None:
    result = custseg.clean(PEOPLE)
    assert result.records["source"].to_pylist() == ["table"] * 2
    assert custseg.segment(ORDERS).scores.num_rows == 25
    assert custseg.standardize(pa.Table.from_pandas(PEOPLE)).frame().shape[0] == 2


def test_several_tables_in_a_list_are_inputs_too() -> None:
    halves = [ORDERS.iloc[:30], ORDERS.iloc[20:]]
    found = custseg.rfm(halves)
    assert [each.name for each in found.summary.inputs] == ["table_1", "table_2"]
    assert found.scores.equals(custseg.rfm(ORDERS).scores)


def test_a_notebook_completes_the_public_names_alone() -> None:
    assert dir(custseg) == sorted(custseg.__all__)


@pytest.mark.parametrize("wrong", [{}, [], 5, None, {"a": 5}, {"a": "path.csv"}])
def test_what_is_no_input_is_said(wrong: Any) -> None:
    with pytest.raises(UsageError):
        custseg.clean(wrong)


def test_a_result_is_shown_in_a_line_without_anybodys_data() -> None:
    assert repr(custseg.clean(PEOPLE)) == "CleanResult(2 records, 2 customers)"
    assert repr(custseg.standardize(PEOPLE)) == "StandardizeResult(table: 2 rows)"
    assert repr(custseg.rfm(ORDERS)) == "SegmentResult(25 customers, 7 lists)"
