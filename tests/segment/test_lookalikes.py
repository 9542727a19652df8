from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custseg.config import Settings
from custseg.config.schema import SegmentSettings
from custseg.engine import Engine
from custseg.jobs.segment import segment
from custseg.report.common import RunFacts
from custseg.segment import lookalikes
from custseg.segment.lookalikes import PENALTY, beginnings, check_list, likeness, most_alike
from custseg.segment.orders import read_orders
from custseg.tables import read_table

COLUMNS = {"customer_id": "who", "order_id": "n", "order_date": "day", "amount": "money"}


def test_only_the_first_order_and_the_person_count(engine: Engine) -> None:
    """Later orders move nobody: the definition of the top segment does not leak in."""
    rows = [("a", "1", "2024-01-01", "10"), ("b", "2", "2024-01-02", "99")]
    later = [("a", f"3{n}", f"2024-02-{n + 1:02}", "5000") for n in range(20)]
    known = pa.table({"customer_id": ["a", "b"], "gender": ["male", "female"]})
    found = []
    for each in (rows, rows + later):
        lines = pa.table(
            dict(zip(COLUMNS.values(), map(list, zip(*each, strict=True)), strict=True))
        )
        found.append(beginnings(read_orders(engine, lines, COLUMNS).timelines, known))
    assert found[0][1] == found[1][1] == ("first_amount", "gender")
    assert np.array_equal(found[0][0], found[1][0])
    # Two customers who differ in a word alone are one deviation apart.
    assert np.linalg.norm(np.diff(found[0][0][:, 1:], axis=0)) == pytest.approx(1)


@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=6, max_size=40),
    st.integers(1, 10),
)
def test_likeness_against_newtons_method(rows: list[tuple[int, int]], size: int) -> None:
    """The penalized likelihood, written down and climbed the plain way."""
    points = np.array(rows, dtype=float) / 5
    top = np.arange(len(rows)) % 3 == 0
    x = np.column_stack([np.ones(len(points)), points])
    penalty = np.diag([0.0, PENALTY, PENALTY])
    at = np.zeros(3)
    for _ in range(50):
        p = 1 / (1 + np.exp(-x @ at))
        slope = x.T @ (top - p) - penalty @ at
        at += np.linalg.solve(x.T @ (x * (p * (1 - p))[:, None]) + penalty, slope)
    plain = (1 / (1 + np.exp(-x @ at)))[~top]
    found = likeness(points, top, ~top)
    assert found == pytest.approx(plain, abs=1e-4)
    places, likest = most_alike(points, top, ~top, size)
    assert likest.tolist() == sorted(found.tolist(), reverse=True)[:size]
    assert [found[np.flatnonzero(~top).tolist().index(at)] for at in places] == likest.tolist()


def test_what_is_common_among_all_is_not_taken_for_what_is_common_in_the_top() -> None:
    """Nine in ten are of one kind, and the top segment has most of them too; the other is it."""
    rng = np.random.default_rng(2)
    rare = rng.random(4_000) < 0.1
    noise = rng.normal(0, 1, (4_000, 3))
    points = np.column_stack([rare, ~rare, noise]) * np.sqrt([0.5, 0.5, 1, 1, 1])
    top = rng.random(4_000) < np.where(rare, 0.3, 0.1)
    assert top[rare].sum() < top[~rare].sum()
    places, _ = most_alike(points, top, ~top, 200)
    assert rare[places].mean() > 0.9


def test_customers_whom_the_regression_did_not_see_are_on_the_list_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rng = np.random.default_rng(3)
    points = rng.normal(0, 1, (5_000, 2))
    top = rng.random(5_000) < 1 / (1 + np.exp(2 - 2 * points[:, 0]))
    whole = likeness(points, top, ~top)
    monkeypatch.setattr(lookalikes, "_SAMPLE", 500)
    part = likeness(points, top, ~top)
    assert len(part) == len(whole) == np.count_nonzero(~top)
    assert part == pytest.approx(whole, abs=0.1)
    assert part.mean() == pytest.approx(whole.mean(), abs=0.03)


def test_a_list_that_works_is_seen_to() -> None:
    rng = np.random.default_rng(1)
    points = np.concatenate([rng.normal(0, 1, (600, 2)), rng.normal(8, 1, (1_400, 2))])
    top_then = np.arange(2_000) < 200
    top_now = np.arange(2_000) < 500
    found = check_list(points, (top_then, ~top_then), top_now, 300, "2024-01-01")
    assert found is not None
    assert (found.picked, found.others) == (300, 1_500)
    assert found.became / found.picked > 0.6
    assert found.others_became < 100
    assert found.better
    idle = replace(found, became=30, others_became=140)
    assert not idle.better
    assert check_list(points, (top_then, ~top_then), top_now, 100, "2024-01-01") is None


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    rng = np.random.default_rng(7)
    rows = ["order_id,customer_id,order_date,amount,channel"]
    for who in range(900):
        web = who % 3 == 0
        count = 1 + rng.poisson(4 if web else 1)
        for number in range(count):
            day = np.datetime64("2024-01-01") + int(rng.integers(0, 330))
            rows.append(f"{who}-{number},M{who:03},{day},{who % 90 + 5},{'Web' if web else 'shop'}")
    path = tmp_path / "orders.csv"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_the_list_holds_the_likest_first_under_the_same_consent(
    orders: Path, tmp_path: Path
) -> None:
    ids = [f"M{who:03}" for who in range(900)]
    consent = ["false" if who % 10 == 0 else "true" for who in range(900)]
    people = pa.table(
        {"customer_id": ids, "email": [f"{each}@example.com" for each in ids], "consent": consent}
    )
    settings = Settings(segment=SegmentSettings(clusters="none", lookalikes=200))
    found = segment(orders, people, tmp_path / "run", settings=settings)
    alike = found.summary.lookalikes
    assert alike is not None
    assert (alike.segment, alike.customers) == ("champions", 200)
    assert alike.features == ("first_amount", "first_channel")
    assert found.summary.segments is not None
    champions = next(row for row in found.summary.segments.rows if row.name == "champions")
    assert alike.candidates == 900 - champions.customers
    (listed,) = [each for each in found.summary.lists if each.file == alike.file]
    assert listed.customers + listed.declined == 200
    assert listed.declined > 0
    written = read_table(tmp_path / "run" / "segments" / "lookalikes" / "champions.csv").table
    likest = [float(each) for each in written["likeness"].to_pylist()]
    assert likest == sorted(likest, reverse=True)
    assert all(0 < each < 1 for each in likest)
    assert "email" in written.column_names
    on_list = set(written["customer_id"].to_pylist())
    assert not on_list & {each for each, said in zip(ids, consent, strict=True) if said == "false"}
    assert "likeness" not in found.scores.column_names


def test_lists_as_sheets_of_one_file(orders: Path, tmp_path: Path) -> None:
    people = pa.table(
        {
            "customer_id": [f"M{who:03}" for who in range(900)],
            "phone": ["090-0000-0000"] * 900,
            "person_name": ["=1+1"] * 900,
            "consent": ["true"] * 900,
        }
    )
    settings = Settings(segment=SegmentSettings(clusters="none", lists="xlsx"))
    found = segment(orders, people, tmp_path / "run", settings=settings)
    segments = tmp_path / "run" / "segments"
    assert [each.name for each in segments.iterdir()] == ["segments.xlsx"]
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(str(segments / "segments.xlsx"))
    assert book.sheet_names == [each.file for each in found.summary.lists]
    rows = book.get_sheet_by_name("champions").to_python()
    names = rows[0]
    assert len(rows) - 1 == next(
        each.customers for each in found.summary.lists if each.segment == "champions"
    )
    assert {row[names.index("phone")] for row in rows[1:]} == {"090-0000-0000"}
    assert {row[names.index("person_name")] for row in rows[1:]} == {"=1+1"}
    assert {type(row[names.index("rfm")]) for row in rows[1:]} == {str}
    # Money that can be added up.
    assert found.summary.segments is not None
    top = next(each for each in found.summary.segments.rows if each.name == "champions")
    assert sum(row[names.index("monetary")] for row in rows[1:]) == pytest.approx(top.money)
    listed = frozenset({"segments/segments.xlsx"})
    facts = RunFacts(folder="run", inputs=(), seconds=0.0, peak_memory=0, files=listed)
    assert facts.list_file("champions") == "segments/segments.xlsx [champions]"
    assert facts.list_file("rules/x") == "segments/segments.xlsx [rules_x]"
