"""How reports look, in both languages. ``UPDATE_GOLDEN=1`` writes the files again."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
from rich.cells import cell_len

from custseg.cleanse.match import Evaluation, Explanation, Verdict
from custseg.cleanse.match.evaluate import Score
from custseg.cleanse.match.explain import FieldSum
from custseg.cleanse.summary import CleanSummary
from custseg.fields import FieldGuess
from custseg.fields.guess import Reason
from custseg.report import Report, render
from custseg.report.clean import clean_report
from custseg.report.common import RunFacts
from custseg.report.evaluation import evaluation_report
from custseg.report.explanation import explanation_report
from custseg.report.fields import GuessedTable, fields_report
from custseg.report.segment import segment_report
from custseg.segment.summary import SegmentSummary

GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture
def build(
    clean_summary: CleanSummary, segment_summary: SegmentSummary, facts: RunFacts
) -> Callable[[str, str], Report]:
    def made(kind: str, language: str) -> Report:
        builders: dict[str, Callable[[], Report]] = {
            "clean": lambda: clean_report(clean_summary, facts),
            "standardize": lambda: clean_report(standardize_summary(clean_summary), facts),
            "segment": lambda: segment_report(segment_summary, facts),
            "fields": lambda: fields_report([guessed()], language),
            "evaluate": lambda: evaluation_report(evaluation()),
            "explain": lambda: explanation_report(explanation(), "a.csv:1", "b.csv:7"),
        }
        return builders[kind]()

    return made


def standardize_summary(summary: CleanSummary) -> CleanSummary:
    data = summary.to_json() | {"command": "standardize", "matching": None, "quality": None}
    return CleanSummary.from_json(data | {"columns": data["columns"] * 5, "warnings": ()})


def guessed() -> GuessedTable:
    return GuessedTable(
        "store.csv",
        [
            FieldGuess("氏名", "person_name", 0.98, Reason("fields.reason.header", {})),
            FieldGuess("備考", None, 0.0, Reason("fields.reason.empty", {})),
            FieldGuess("地区", None, 0.0, Reason("fields.reason.empty", {}), attribute=True),
        ],
        [["佐*"], ["x"], []],
    )


def evaluation() -> Evaluation:
    pairs = {"left": [0], "right": [1], "weight": [4.25]}
    points = {"threshold": [5.0], "precision": [0.99], "recall": [0.5], "f1": [0.664]}
    score = Score(0.9931, 0.9875, 0.9903)
    missed = pa.table(pairs).slice(0, 0)
    names = pa.array(["a.csv:1", "b.csv:7"])
    found, curve = pa.table(pairs), pa.table(points)
    return Evaluation(score, score, 5_000, 6_538, 6_501, curve, found, missed, names)


def explanation() -> Explanation:
    return Explanation(
        weight=7.4,
        probability=0.9941,
        prior=-9.5,
        kinds=-0.2,
        fields=(
            FieldSum("family_name", "same_common", 3.1),
            FieldSum("area", "near_code", 6.0),
            FieldSum("好きな色", "missing", 0.0),
            FieldSum("phone", "different", -2.0),
        ),
        likeliest="parent_and_child",
        keys=("phone 2", "birth_date + family prefix", "both names", "好きな色 + family", "city"),
        verdict=Verdict(True, "through", ("a.csv:5", "b.csv:2")),
    )


KINDS = ("clean", "standardize", "segment", "fields", "evaluate", "explain")


def rendered(report: Report, language: str, style: str = "text") -> str:
    out = io.StringIO()
    render(report, out, language=language, style=style)  # type: ignore[arg-type]
    return out.getvalue()


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("kind", KINDS)
def test_reports_look_as_they_should(
    kind: str, language: str, build: Callable[[str, str], Report]
) -> None:
    text = rendered(build(kind, language), language)
    assert max(map(cell_len, text.splitlines())) <= 80
    path = GOLDEN / f"{kind}.{language}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", KINDS)
def test_json_has_the_same_numbers_in_every_language(
    kind: str, build: Callable[[str, str], Report]
) -> None:
    def numbers(value: object) -> list[object]:
        if isinstance(value, dict):
            return [n for key in sorted(value) if key != "text" for n in numbers(value[key])]
        if isinstance(value, list):
            return [n for each in value for n in numbers(each)]
        return [value] if isinstance(value, int | float) else []

    english, japanese = (
        json.loads(rendered(build(kind, language), language, "json")) for language in ("en", "ja")
    )
    assert numbers(english) == numbers(japanese)
    assert english["report"] == kind
    assert numbers(english)
