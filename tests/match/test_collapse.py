"""Files on which an unsupervised fit likes to fall apart."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from custseg.cleanse.match import evaluate, match_records


def test_no_duplicates_at_all(people, people_roles, as_table, engine):
    records = as_table(people(100_000, 1))
    found = match_records(records, people_roles, engine=engine)
    score = evaluate(found.clusters, pa.array(np.arange(records.num_rows)))
    assert score.found_pairs <= 10


def test_every_record_three_times(people, people_roles, as_table, engine):
    frame = people(2_000, 2)
    records = as_table(pd.concat([frame, frame, frame], ignore_index=True))
    found = match_records(records, people_roles, engine=engine)
    truth = pa.array(np.tile(np.arange(2_000), 3))
    assert evaluate(found.clusters, truth).pairwise.f1 == 1.0


def test_one_record_a_thousand_times(people, people_roles, as_table, engine):
    frame = people(500, 3)
    records = as_table(pd.concat([frame, *[frame.iloc[[0]]] * 1000], ignore_index=True))
    found = match_records(records, people_roles, engine=engine)
    assert np.unique(found.clusters, return_counts=True)[1].max() == 1001
    assert len(np.unique(found.clusters)) == 500


def test_four_cells_in_five_empty(people, people_roles, as_table, engine):
    frame = people(5_000, 4)
    frame = pd.concat([frame, frame.iloc[:1_000]], ignore_index=True)
    gone = np.random.default_rng(4).random(frame.shape) < 0.8
    records = as_table(frame.mask(gone, ""))
    found = match_records(records, people_roles, engine=engine)
    truth = pa.array(np.append(np.arange(5_000), np.arange(1_000)))
    score = evaluate(found.clusters, truth, found.links)
    assert score.pairwise.precision >= 0.8
    assert np.unique(found.clusters, return_counts=True)[1].max() <= 5


@pytest.mark.parametrize("column", ["given", "family", "birth", "phone", "email", "street", "zip"])
def test_one_field_alone_does_not_merge_the_file(people, people_roles, as_table, engine, column):
    records = as_table(people(5_000, 5)).select([column])
    found = match_records(records, {column: people_roles[column]}, engine=engine)
    assert np.unique(found.clusters, return_counts=True)[1].max() <= 3


@pytest.mark.parametrize("rows", [0, 1, 3])
def test_hardly_any_rows(people, people_roles, as_table, engine, rows):
    records = as_table(people(10, 6)).slice(0, rows)
    found = match_records(records, people_roles, engine=engine)
    assert found.clusters.tolist() == list(range(rows))
    assert found.links.num_rows == 0


def test_a_copy_among_three_rows_is_found(people, people_roles, as_table, engine):
    frame = people(2, 7)
    records = as_table(pd.concat([frame, frame.iloc[[0]]], ignore_index=True))
    found = match_records(records, people_roles, engine=engine)
    assert found.clusters.tolist() == [0, 1, 0]
    assert found.model.fallback
    assert [warning.key for warning in found.warnings] == ["match.fallback"]


def test_no_columns_that_say_anything(engine):
    records = pa.table({"note": pa.array(["a", "b", "a"])})
    assert match_records(records, {"note": "text"}, engine=engine).clusters.tolist() == [0, 1, 2]
