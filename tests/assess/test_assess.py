"""Assessment: the score's arithmetic, the counts against slow twins, words for everything."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from custseg.cleanse.assess import Assessment, assess, checks, quality_score
from custseg.cleanse.assess.findings import _GRAVITY
from custseg.cleanse.assess.model import DIMENSIONS
from custseg.cleanse.assess.score import (
    DIMENSION_WEIGHTS,
    REASON_WORTH,
    WORTH,
    WORTH_CLEANED,
    column_qualities,
)
from custseg.cleanse.assess.support import _USES
from custseg.cleanse.standardize.base import Context, Status
from custseg.cleanse.standardize.table import QUALITY, StandardizedTable, standardize_table
from custseg.engine import Engine
from custseg.fields.registry import roles as registered_roles
from custseg.messages import LANGUAGES, catalog, text

TODAY = "2026-06-30"

ROLES = {
    "id": "record_id",
    "name": "person_name",
    "kana": "kana",
    "tel": "phone",
    "mail": "email",
    "zip": "postal_code",
    "addr": "address",
    "birth": "birth_date",
    "ok": "consent:email",
    "updated": "updated_at",
}

PEOPLE = {
    "id": ["1", "2", "2", "4"],
    "name": ["山田　太郎", "鈴木花子", "佐藤一郎", "山田 太郎"],
    "kana": ["ヤマダ タロウ", "スズキ ハナコ", "タカハシ イチロウ", "ヤマダ タロウ"],
    "tel": ["03-1234-5678", "090-1234-5678", "090-0000-0000", "03-1234-5678"],
    "mail": ["taro@example.co.jp", "hanako@gmial.com", "test@test.com", "taro@example.co.jp"],
    "zip": ["1000005", "1000005", None, None],
    "addr": ["東京都千代田区丸の内1-2-3", "大阪府大阪市北区梅田3-1-3", None, None],
    "birth": ["1980-03-01", "1985-07-03", "1900-01-01", "1980-03-01"],
    "ok": ["はい", "いいえ", None, None],
    "updated": ["2020-01-01", "2026-01-01", None, "2027-01-01"],
}


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine(threads=1) as engine:
        yield engine


def people() -> pa.Table:
    return pa.table({name: pa.array(cells, pa.string()) for name, cells in PEOPLE.items()})


def standardized(table: pa.Table, engine: Engine) -> StandardizedTable:
    return standardize_table(table, ROLES, Context(as_of=TODAY), engine, source="people")


def assessed(table: pa.Table, engine: Engine) -> Assessment:
    done = standardized(table, engine)
    return assess(table, done, engine, source="people", as_of=TODAY)


def quality(*cells: tuple[str, str, str, str | None, int]) -> pa.Table:
    names = ("column", "role", "status", "reason", "cells")
    rows = [{"source": "x", **dict(zip(names, each, strict=True))} for each in cells]
    return pa.Table.from_pylist(rows, schema=QUALITY)


@pytest.mark.parametrize(
    ("cells", "before", "after"),
    [
        ([("phone", "valid", None, 10)], 100, 100),
        ([("phone", "valid", None, 5), ("phone", "standardized", None, 5)], 90, 100),
        ([("phone", "valid", None, 5), ("phone", "missing", None, 5)], 50, 50),
        ([("company", "valid", None, 5), ("company", "missing", None, 5)], 100, 100),
        ([("company", "missing", None, 5)], None, None),
        ([("text", "valid", None, 5)], None, None),
        ([("email", "valid", "placeholder", 5), ("email", "valid", "disposable", 5)], 25, 25),
        ([("address", "corrected", None, 5), ("address", "ambiguous", "x", 5)], 45, 75),
        ([("email", "suggested", "x", 5), ("email", "invalid", "x", 5)], 30, 30),
    ],
)
def test_a_column_is_worth_what_its_cells_are(
    cells: list[tuple[str, str, str | None, int]], before: float | None, after: float | None
) -> None:
    table = quality(*(("c", *each) for each in cells))
    for cleaned, expected in ((False, before), (True, after)):
        (column,) = column_qualities(table, cleaned=cleaned)
        assert column.score == (None if expected is None else pytest.approx(expected))


def test_shares_of_a_column() -> None:
    table = quality(
        ("c", "phone", "valid", None, 4),
        ("c", "phone", "valid", "placeholder", 1),
        ("c", "phone", "standardized", None, 3),
        ("c", "phone", "missing", None, 2),
    )
    (column,) = column_qualities(table, cleaned=False)
    assert (column.filled, column.valid, column.standard) == (0.8, 7 / 8, 4 / 8)


def test_the_score_is_the_weighted_mean_of_what_was_measured(engine: Engine) -> None:
    done = standardized(people(), engine)
    score = quality_score(done.table, done.roles, done.quality, engine, as_of=TODAY)
    assert list(score.dimensions) == list(DIMENSIONS)
    # 13 comparisons disagree in 3; one of 4 records repeats another; 2 of 3 dates are not fresh.
    assert score.dimensions["consistency"] == pytest.approx(100 * (1 - 3 / 13))
    assert score.dimensions["uniqueness"] == 75
    assert score.dimensions["freshness"] == pytest.approx(100 / 3)
    expected = sum(DIMENSION_WEIGHTS[name] * value for name, value in score.dimensions.items())
    assert score.score == pytest.approx(expected)
    without = quality_score(done.table, done.roles, done.quality, engine)
    assert "freshness" not in without.dimensions


def test_cleaning_never_lowers_the_score(engine: Engine) -> None:
    done = standardized(people(), engine)
    before, after = (
        quality_score(done.table, done.roles, done.quality, engine, cleaned=cleaned, as_of=TODAY)
        for cleaned in (False, True)
    )
    assert after.score is not None
    assert before.score is not None
    assert after.score > before.score
    assert all(after.by_role()[role] >= score for role, score in before.by_role().items())


def test_every_status_has_a_worth_and_cleaning_lowers_none() -> None:
    assert set(WORTH) == set(WORTH_CLEANED) == {status.name.lower() for status in Status}
    assert all(WORTH_CLEANED[status] >= WORTH[status] for status in WORTH)
    assert sum(DIMENSION_WEIGHTS.values()) == pytest.approx(1)
    assert set(DIMENSION_WEIGHTS) == set(DIMENSIONS)
    assert all(0 <= worth < 1 for worth in REASON_WORTH.values())


def test_what_is_found_in_four_people(engine: Engine) -> None:
    found = {
        (finding.code, finding.columns): finding.rows
        for finding in assessed(people(), engine).findings
    }
    assert found == {
        ("id_not_unique", ("id",)): 1,
        ("repeated_people", ("name", "tel")): 1,
        ("placeholder", ("birth",)): 1,
        ("placeholder", ("mail",)): 1,
        ("placeholder", ("tel",)): 1,
        ("postal_address", ("zip", "addr")): 1,
        ("kana_name", ("name", "kana")): 1,
        ("age", ("birth",)): 1,
        ("future_update", ("updated",)): 1,
        ("stale", ("updated",)): 1,
    }


def test_what_four_people_can_carry(engine: Engine) -> None:
    found = {each.use: each for each in assessed(people(), engine).support}
    assert (found["email_campaign"].verdict, found["email_campaign"].records) == ("partly", 1)
    assert (found["birthday"].verdict, found["birthday"].share) == ("yes", 1.0)
    assert (found["age_gender"].verdict, found["age_gender"].missing) == ("no", ("gender",))
    assert (found["sms_campaign"].verdict, found["sms_campaign"].missing) == (
        "no",
        ("consent:sms",),
    )
    assert (found["households"].verdict, found["households"].records) == ("partly", 2)
    assert "rfm" not in found


def test_orders_carry_what_orders_can(engine: Engine) -> None:
    orders = pa.table({"c": ["1", "2"], "d": ["2026-01-01", None], "a": ["10", "20"]})
    roles = {"c": "customer_id", "d": "order_date", "a": "amount"}
    done = standardize_table(orders, roles, Context(), engine, source="orders")
    found = {each.use: each for each in assess(orders, done, engine, source="orders").support}
    assert (found["rfm"].verdict, found["rfm"].records) == ("partly", 1)
    assert found["baskets"].missing == ("order_id", "product_id")
    assert "email_campaign" not in found


def test_consent_is_never_taken_for_granted(engine: Engine) -> None:
    table = pa.table({"mail": ["a@example.jp", "b@example.jp"], "ok": ["はい", None]})
    for role, records in (("consent:email", 1), ("consent", 1), ("consent:dm", 0)):
        done = standardize_table(
            table, {"mail": "email", "ok": role}, Context(), engine, source="x"
        )
        uses = assess(table, done, engine, source="x").support
        assert next(use for use in uses if use.use == "email_campaign").records == records


def test_empty_tables_are_judged_without_a_score(engine: Engine) -> None:
    table = people().slice(0, 0)
    found = assessed(table, engine)
    assert (found.rows, found.quality.score, found.findings) == (0, None, ())
    assert {use.verdict for use in found.support} == {"no"}


def test_the_order_of_the_rows_changes_nothing(engine: Engine) -> None:
    table = pa.concat_tables([people()] * 7)
    order = np.random.default_rng(3).permutation(table.num_rows)
    assert assessed(table, engine) == assessed(table.take(pa.array(order)), engine)


def test_an_assessment_is_plain_json_without_a_cell(engine: Engine) -> None:
    found = json.dumps(assessed(people(), engine).as_json(), ensure_ascii=False)
    cells = {cell for column in people().to_pydict().values() for cell in column if cell}
    assert not [cell for cell in cells if len(cell) > 2 and cell in found]


@pytest.mark.parametrize(
    ("family", "kana", "fits"),
    [
        ("佐藤", "サトウ", True),
        ("髙橋", "タカハシ", True),
        ("中島", "ナカシマ", True),
        ("大野", "オーノ", True),
        ("佐藤", "タカハシ", False),
        ("龘龘", "タカハシ", None),
        ("さとう", "サトウ", True),
    ],
)
def test_a_reading_fits_a_name_or_not(family: str, kana: str, fits: bool | None) -> None:
    assert checks.reading_fits(family, kana) is fits


CELLS = st.sampled_from([None, "a", "b", "c"])
TABLES = st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=20)
SLOW = settings(
    deadline=None,
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def as_table(rows: list[tuple[str | None, ...]]) -> pa.Table:
    columns = zip(*rows, strict=True)
    return pa.table(
        {
            name: pa.array(cells, pa.string())
            for name, cells in zip(("who", 'ma"il', "tel"), columns, strict=True)
        }
    )


THREE = {"who": "person_name", 'ma"il': "email", "tel": "phone"}


@SLOW
@given(rows=TABLES)
def test_repetitions_are_those_of_a_plain_count(rows: list[Any], engine: Engine) -> None:
    expected = {}
    for at, contact in ((1, 'ma"il'), (2, "tel")):
        pairs = Counter((row[0], row[at]) for row in rows if row[0] and row[at])
        expected["who", contact] = sum(count - 1 for count in pairs.values())
    assert checks.repetitions(as_table(rows), THREE, engine) == expected


@SLOW
@given(rows=TABLES, least=st.integers(1, 3))
def test_shared_contacts_are_those_of_a_plain_count(
    rows: list[Any], least: int, engine: Engine
) -> None:
    owners: dict[str, set[str]] = {}
    counts: Counter[str] = Counter()
    for who, mail, _ in rows:
        if mail:
            counts[mail] += 1
            owners.setdefault(mail, set()).update([who] if who else [])
    shared = [counts[mail] for mail, names in owners.items() if len(names) >= least]
    found = checks.shared_contacts(as_table(rows), 'ma"il', THREE, least, engine)
    assert found == (len(shared), sum(shared), max(shared, default=0))


@SLOW
@given(rows=TABLES, least=st.integers(1, 5), times=st.sampled_from([1.0, 1.5, 2.0]))
def test_frequent_values_are_those_of_a_plain_count(
    rows: list[Any], least: int, times: float, engine: Engine
) -> None:
    counts = Counter(row[2] for row in rows if row[2])
    usual = float(np.median(list(counts.values()))) if counts else 0.0
    often = [count for count in counts.values() if count >= least and count > times * usual]
    found = checks.frequent_values(as_table(rows), "tel", engine, least=least, times=times)
    assert found == (len(often), sum(often))


@SLOW
@given(rows=TABLES)
def test_equal_rows_and_repeated_values_are_those_of_a_plain_count(
    rows: list[Any], engine: Engine
) -> None:
    table = as_table(rows)
    assert checks.equal_rows(table, table.column_names, engine) == len(rows) - len(set(rows))
    filled = [row[2] for row in rows if row[2]]
    assert checks.repeated_values(table, "tel", engine) == len(filled) - len(set(filled))


def test_a_burst_stands_out_of_ordinary_days(engine: Engine) -> None:
    days = [f"2026-01-{day:02}" for day in range(1, 29)] * 3 + ["2026-02-01"] * 60
    table = pa.table({"updated": days})
    done = standardize_table(table, {"updated": "updated_at"}, Context(), engine, source="x")
    bursts = [f for f in assess(table, done, engine, source="x").findings if f.code == "burst"]
    assert [(burst.rows, burst.numbers) for burst in bursts] == [(60, {"values": 1})]


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_words_for_everything(language: str) -> None:
    known = set(catalog(language))
    numbers = {"rows": 1, "share": 0.5, "columns": "a", "contacts": 1, "most": 2, "values": 1}
    for code in _GRAVITY:
        assert text(f"assess.finding.{code}", language, years=2, **numbers)
    needs = {
        each
        for use in _USES
        for need in use.needs
        for each in [need if isinstance(need, str) else need[0]]
    }
    assert {f"assess.use.{use.name}" for use in _USES} <= known
    assert {f"assess.dimension.{name}" for name in DIMENSIONS} <= known
    assert all(f"assess.need.{need}" in known or need in registered_roles() for need in needs)
