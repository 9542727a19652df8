from __future__ import annotations

import pytest

from custseg.cleanse.match import MatchModel, explain_pair, match_records
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


def test_a_model_survives_json_and_gives_the_same_links(run, engine):
    records, roles, found = run
    again = MatchModel.from_json(found.model.to_json())
    assert again.to_json() == found.model.to_json()
    assert match_records(records, roles, engine=engine, model=again).links == found.links


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 99}', '{"format": 1, "kinds": []}'])
def test_another_file_is_not_a_model(text):
    with pytest.raises(InputError):
        MatchModel.from_json(text)
