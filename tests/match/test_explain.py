from __future__ import annotations

import pytest

from custseg.cleanse.match import MatchModel, explain_pair, match_records, weights_of_fields
from custseg.errors import InputError


@pytest.fixture(scope="module")
def run(febrl, engine):
    records, roles, _ = febrl("febrl3")
    return records, roles, match_records(records, roles, engine=engine)


def test_the_sum_is_the_weight_of_the_link(run, engine):
    records, roles, found = run
    for link in found.links.slice(100, 25).to_pylist():
        told = explain_pair(records, roles, found.model, link["left"], link["right"], engine=engine)
        assert told.weight == pytest.approx(link["weight"], abs=1e-5)
        assert told.prior + told.kinds + sum(f.weight for f in told.fields) == pytest.approx(
            told.weight
        )
        assert {f"agree_{f.field}": f.level for f in told.fields}.items() <= link.items()
        assert told.keys


def test_a_pair_never_compared_is_explained_too(run, engine):
    records, roles, found = run
    told = explain_pair(records, roles, found.model, 0, 1, engine=engine)
    assert told.weight < -20
    assert told.probability < 1e-6
    assert told.keys == ()


def test_keys_that_the_run_did_not_use_are_told_apart(run, engine):
    records, roles, found = run
    link = found.links.slice(100, 1).to_pylist()[0]
    pair = (records, roles, found.model, link["left"], link["right"])
    told = explain_pair(*pair, engine=engine)
    assert explain_pair(*pair, engine=engine, used=told.keys[:1]).keys == told.keys[:1]
    assert explain_pair(*pair, engine=engine, used=told.keys[:1]).unused == told.keys[1:]


def test_agreement_speaks_for_one_person_and_difference_against(run):
    weights = weights_of_fields(run[2].model)
    assert set(weights) == {field.name for field in run[2].model.fields}
    assert all(same > 0 > different for same, different in weights.values())


def test_a_model_survives_json_and_gives_the_same_links(run, engine):
    records, roles, found = run
    again = MatchModel.from_json(found.model.to_json())
    assert again.to_json() == found.model.to_json()
    assert match_records(records, roles, engine=engine, model=again).links == found.links


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 99}', '{"format": 1, "kinds": []}'])
def test_another_file_is_not_a_model(text):
    with pytest.raises(InputError):
        MatchModel.from_json(text)
