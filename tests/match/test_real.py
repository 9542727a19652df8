from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from custseg.cleanse.match import evaluate, match_records

FAKE_ROLES = {
    "first_name": "given_name",
    "surname": "family_name",
    "dob": "birth_date",
    "city": "city",
    "email": "email",
}


@pytest.mark.parametrize(
    ("files", "floor"), [(("febrl3",), 0.9996), (("febrl4a", "febrl4b"), 0.9996)]
)
def test_febrl_is_solved(febrl, engine, files, floor):
    records, roles, truth = febrl(*files)
    found = match_records(records, roles, engine=engine)
    assert evaluate(found.clusters, truth).pairwise.f1 >= floor


def test_historical_figures_without_a_giant_cluster(historical, engine):
    records, roles, truth = historical
    found = match_records(records, roles, engine=engine)
    score = evaluate(found.clusters, truth, found.links).pairwise
    assert score.f1 >= 0.91
    assert min(score.precision, score.recall) >= 0.86
    assert np.unique(found.clusters, return_counts=True)[1].max() <= 200
    assert set(found.evidence) == {"birth_place", "occupation"}


def test_small_file_with_little_evidence(shared_data, engine):
    frame = pd.read_csv(shared_data / "people" / "fake_1000.csv", dtype=str, keep_default_na=False)
    truth = pa.array(frame.pop("cluster").tolist())
    columns = {name: [value or None for value in frame[name]] for name in FAKE_ROLES}
    found = match_records(pa.table(columns), FAKE_ROLES, engine=engine)
    score = evaluate(found.clusters, truth).pairwise
    assert score.f1 >= 0.88
    assert score.precision >= 0.99


def test_links_at_nine_tenths_are_right_nine_times_in_ten(historical, febrl, engine):
    for records, roles, truth in (historical, febrl("febrl3"), febrl("febrl4a", "febrl4b")):
        links = match_records(records, roles, engine=engine).links
        sure = links["probability"].to_numpy() >= 0.9
        people = np.array(truth.to_pylist())
        right = people[links["left"].to_numpy()] == people[links["right"].to_numpy()]
        assert right[sure].mean() >= 0.9


def test_shuffled_rows_give_the_same_clusters(febrl, engine, as_sets):
    records, roles, _ = febrl("febrl3")
    order = np.random.default_rng(7).permutation(records.num_rows)
    straight = match_records(records, roles, engine=engine)
    shuffled = match_records(records.take(order), roles, engine=engine)
    back = {frozenset(int(order[at]) for at in members) for members in as_sets(shuffled.clusters)}
    assert back == as_sets(straight.clusters)
    assert shuffled.model.to_json() == straight.model.to_json()
    assert shuffled.links.num_rows == straight.links.num_rows
