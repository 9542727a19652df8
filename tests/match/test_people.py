"""Families, placeholders, decisions: what must not, or must, become one customer."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from custseg.cleanse.match import Decisions, MatchSettings, evaluate, match_records, plan_blocking
from custseg.engine import Engine


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


def test_a_group_too_large_is_told_and_a_decision_holds_in_it(
    people, people_roles, as_table, engine
):
    # One person in eight writings; of the groups of more than three nothing is compared inside.
    frame = people(400, 23)
    again = pd.concat([frame.iloc[[0]]] * 7, ignore_index=True)
    again["email"] = [f"{at}.{email}" for at, email in enumerate(again["email"])]
    records = as_table(pd.concat([frame, frame.iloc[1:100], again], ignore_index=True))
    few = MatchSettings(max_component=3)
    free = match_records(records, people_roles, engine=engine, settings=few)
    told = {warning.key: warning.params for warning in free.warnings}
    assert told["match.oversize"] == {"count": 1, "largest": 8}
    for settings in (few, MatchSettings()):
        decided = match_records(
            records,
            people_roles,
            engine=engine,
            settings=settings,
            decisions=Decisions(different=np.array([[0, len(records) - 1]])),
        )
        assert decided.clusters[0] != decided.clusters[-1]


def test_link_only_joins_sources_one_to_one(town, people_roles, as_table, engine):
    frame, _ = town
    frame = frame.assign(source=np.where(frame.index < 6_000, "a", "b"))
    found = match_records(
        as_table(frame), people_roles, engine=engine, settings=MatchSettings(link_only=True)
    )
    counted = pd.Series(found.clusters).groupby([found.clusters, frame["source"]]).size()
    assert counted.max() == 1
    assert len(np.unique(found.clusters)) < 6_100


def test_only_columns_that_say_something_are_evidence(town, people_roles, as_table, engine):
    frame, truth = town
    rng = np.random.default_rng(17)
    frame = frame.assign(
        branch=rng.choice(["north", "south", "east"], len(frame)),
        birth_place=rng.choice([f"town {at}" for at in range(300)], 6_000)[truth],
    )
    roles = {**people_roles, "branch": "attribute", "birth_place": "attribute"}
    found = match_records(as_table(frame), roles, engine=engine)
    assert found.evidence == ("birth_place",)
    assert {field.name: field.used for field in found.model.fields}["branch"] is False


def test_rows_and_threads_change_nothing(town, people_roles, as_table, as_sets):
    frame, _ = town
    order = np.random.default_rng(3).permutation(len(frame))
    with Engine(threads=1) as one, Engine(threads=3) as three:
        straight = match_records(as_table(frame), people_roles, engine=one)
        shuffled = match_records(as_table(frame.iloc[order]), people_roles, engine=three)
    back = {frozenset(int(order[at]) for at in members) for members in as_sets(shuffled.clusters)}
    assert back == as_sets(straight.clusters)
    assert shuffled.model.to_json() == straight.model.to_json()


def test_the_plan_is_what_the_run_does(town, people_roles, as_table, engine):
    frame, _ = town
    records = as_table(frame)
    planned = plan_blocking(records, people_roles, engine=engine)
    assert planned == match_records(records, people_roles, engine=engine).plan
    assert planned.records == len(frame)
    assert planned.pairs == sum(key.pairs for key in planned.keys)


def test_blocks_too_large_to_compare_are_told(people, as_table, engine):
    frame = people(400, 19)[["given", "family"]].assign(number=np.arange(400).astype(str))
    frame["family"] = "same"
    frame["given"] = frame["given"].where(frame.index >= 200, "too")
    roles = {"given": "given_name", "family": "family_name", "number": "identifier"}
    found = match_records(as_table(frame), roles, engine=engine)
    told = {warning.key: warning.params for warning in found.warnings}
    assert told["match.skipped_blocks"]["records"] >= 200


@pytest.mark.parametrize(
    ("given", "family", "other_given", "other_family"),
    [
        ("Dr. Dick", "Muncy", "Richard", "Muncy"),
        ("Esther P.", "Long", "Esther", "Long"),
        ("Losada, David", "", "David", "Losada"),
        ("Neff", "Andre", "Andre", "Neff Sr"),
        ("Dick", "Muncy", "Muncy", "Richard"),
    ],
)
def test_titles_initials_commas_and_exchanges(
    people, people_roles, as_table, engine, given, family, other_given, other_family
):
    frame = people(500, 21)
    again = frame.iloc[:100].copy()
    frame = pd.concat([frame, again], ignore_index=True)
    frame.loc[200, ["given", "family"]] = [given, family]
    frame.loc[len(frame)] = frame.loc[200]
    frame.loc[len(frame) - 1, ["given", "family"]] = [other_given, other_family]
    frame.loc[[200, len(frame) - 1], "email"] = ""
    found = match_records(as_table(frame), people_roles, engine=engine)
    assert found.clusters[-1] == found.clusters[200]
