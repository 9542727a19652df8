"""Families, placeholders, decisions: what must not, or must, become one customer."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from custseg.cleanse.match import Decisions, MatchSettings, evaluate, match_records


@pytest.fixture(scope="module")
def town(people):
    """People, a sixth of them twice with an error, a fifth in families of two, and twins."""
    rng = np.random.default_rng(11)
    frame = people(6_000, 11)
    shared = ["family", "street", "zip", "phone"]
    frame.loc[0:1199:2, shared] = frame.loc[1:1200:2, shared].to_numpy()
    frame.loc[0:59:2, "birth"] = frame.loc[1:60:2, "birth"].to_numpy()
    again = frame.iloc[rng.permutation(6_000)[:1_000]].copy()
    moved = again.index[:100]
    again.loc[moved, ["street", "zip"]] = people(100, 12)[["street", "zip"]].to_numpy()
    again.loc[again.index[100:300], "email"] = ""
    again.loc[again.index[300:400], ["given", "family"]] = again.loc[
        again.index[300:400], ["family", "given"]
    ].to_numpy()
    again.loc[again.index[400:500], "family"] = again.loc[again.index[400:500], "family"].str[:-1]
    again.loc[again.index[500:600], "birth"] = ""
    truth = pd.Series(np.append(np.arange(6_000), again.index))
    return pd.concat([frame, again], ignore_index=True), truth


def test_families_stay_apart_and_people_come_together(town, people_roles, as_table, engine):
    frame, truth = town
    found = match_records(as_table(frame), people_roles, engine=engine)
    together = [found.clusters[at] == found.clusters[at + 1] for at in range(0, 1200, 2)]
    assert np.mean(together) < 0.01
    assert found.household_pairs_kept_apart >= 600
    score = evaluate(found.clusters, as_table(truth.astype(str).to_frame("p"))["p"])
    assert score.pairwise.f1 >= 0.98


def test_a_placeholder_is_no_evidence_and_reported(town, people_roles, as_table, engine):
    frame, _ = town
    frame = frame.assign(phone=frame["phone"].where(frame.index % 3 > 0, "+10000000000"))
    found = match_records(as_table(frame), people_roles, engine=engine)
    assert "match.placeholders" in {warning.key for warning in found.warnings}
    assert np.unique(found.clusters, return_counts=True)[1].max() <= 4


def test_decisions_win_over_the_model(town, people_roles, as_table, engine):
    frame, _ = town
    records = as_table(frame)
    free = match_records(records, people_roles, engine=engine)
    joined = free.links.filter(free.links["probability"].to_numpy() > 0.99).slice(0, 5)
    apart = np.stack([joined["left"].to_numpy(), joined["right"].to_numpy()], axis=1)
    together = np.array([[0, 4000], [17, 5000]])
    decided = match_records(
        records,
        people_roles,
        engine=engine,
        model=free.model,
        decisions=Decisions(same=together, different=apart),
    )
    for left, right in together:
        assert decided.clusters[left] == decided.clusters[right]
    for left, right in apart:
        assert decided.clusters[left] != decided.clusters[right]


def test_a_copy_told_to_be_another_person_stays_apart(people, people_roles, as_table, engine):
    frame = people(300, 13)
    records = as_table(pd.concat([frame, frame.iloc[[0, 0]]], ignore_index=True))
    decided = match_records(
        records, people_roles, engine=engine, decisions=Decisions(different=np.array([[0, 300]]))
    )
    assert decided.clusters[0] != decided.clusters[300]
    assert decided.clusters[301] in (decided.clusters[0], decided.clusters[300])


def test_link_only_joins_sources_one_to_one(town, people_roles, as_table, engine):
    frame, _ = town
    frame = frame.assign(source=np.where(frame.index < 6_000, "a", "b"))
    found = match_records(
        as_table(frame), people_roles, engine=engine, settings=MatchSettings(link_only=True)
    )
    counted = pd.Series(found.clusters).groupby([found.clusters, frame["source"]]).size()
    assert counted.max() == 1
    assert len(np.unique(found.clusters)) < 6_100
