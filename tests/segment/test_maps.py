from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custseg.errors import UsageError
from custseg.segment.maps import ALL_CODES, BUILT_IN, DEFAULT, segment_map, slugs
from custseg.segment.rfm import Customers, RfmSettings, fit_rfm, score_rfm

R_TEST_MAP = (
    ("[4-5][4-5][4-5]", "Champions"),
    ("[2-5][3-5][3-5]", "Loyal"),
    ("[3-5][1-3][1-3]", "Potential"),
    ("[4-5]11", "New"),
    ("[3-4]11", "Promising"),
    ("[2-3][2-3][2-3]", "Need Attention"),
    ("[2-3][1-2][1-2]", "About To Sleep"),
    ("[1-2][2-5][2-5]", "At Risk"),
    ("1[4-5][4-5]", "Can't Lose"),
    ("[1-2][1-2][1-2]", "Lost"),
)


def test_default_map_on_online_retail(retail_customers: Customers) -> None:
    model = fit_rfm(retail_customers, RfmSettings(method="rank-first"))
    found = segment_map(DEFAULT.items())
    index = found.segments(score_rfm(retail_customers, model))
    assert dict(zip(found.names, np.bincount(index).tolist(), strict=True)) == {
        "hibernating": 1071,
        "loyal": 819,
        "champions": 633,
        "at_risk": 593,
        "potential_loyalists": 484,
        "about_to_sleep": 352,
        "need_attention": 187,
        "promising": 94,
        "cant_lose": 63,
        "new": 42,
    }
    champions = retail_customers.monetary[index == found.names.index("champions")]
    assert champions.sum() / retail_customers.monetary.sum() == pytest.approx(0.4871, abs=5e-5)


def test_champions_of_the_r_package(r_package_customers: Customers) -> None:
    model = fit_rfm(r_package_customers, RfmSettings(method="r-package"))
    found = segment_map([*R_TEST_MAP, ("...", "Others")])
    champions = found.segments(score_rfm(r_package_customers, model)) == 0
    assert champions.sum() == 158
    assert r_package_customers.frequency[champions].sum() == 1_234
    assert r_package_customers.monetary[champions].sum() == 120_178


def test_the_checker_finds_what_the_r_test_map_misses() -> None:
    with pytest.raises(UsageError) as caught:
        segment_map(R_TEST_MAP)
    assert caught.value.key == "segment.map_uncovered"
    assert caught.value.params["number"] == 36
    found = segment_map([*R_TEST_MAP, ("...", "Others")])
    assert found.unreachable == ("New", "Promising", "Can't Lose")


@pytest.mark.parametrize("name", BUILT_IN)
def test_built_in_maps_cover_every_code_and_reach_every_segment(name: str) -> None:
    assert segment_map(BUILT_IN[name].items()).unreachable == ()


def test_the_map_of_all_codes_is_the_common_one(shared_data: Path) -> None:
    common = json.loads((shared_data / "segment" / "segment_map_125.json").read_text())
    ours = segment_map(ALL_CODES.items())
    short = {
        "Loyal Customers": "loyal",
        "Potential Loyalist": "potential_loyalists",
        "Recent/New Customers": "new",
        "Can't Lose Them": "cant_lose",
    }
    assert {
        code: short.get(name, name.lower().replace(" ", "_")) for code, name in common.items()
    } == {
        f"{r + 1}{f + 1}{m + 1}": ours.names[ours.table[r, f, m]] for r, f, m in np.ndindex(5, 5, 5)
    }


@pytest.mark.parametrize(
    ("pattern", "key"),
    [
        ("5", "segment.map_pattern"),
        ("5555", "segment.map_pattern"),
        ("5*", "segment.map_pattern"),
        ("[5-", "segment.map_pattern"),
        ("6.", "segment.map_score"),
        ("[0-2].", "segment.map_score"),
        ("[4-2].", "segment.map_score"),
    ],
)
def test_patterns_that_cannot_be_read_are_refused(pattern: str, key: str) -> None:
    with pytest.raises(UsageError) as caught:
        segment_map([(pattern, "a"), ("...", "b")])
    assert caught.value.key == key


def test_the_first_match_wins() -> None:
    found = segment_map([("[13].2", "odd"), ("..", "rest")], bins=3)
    assert found.names[found.table[0, 1, 1]] == "odd"
    assert found.names[found.table[1, 1, 1]] == "rest"
    assert (found.table == 0).sum() == 6


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Can't Lose Them", "cant_lose_them"),
        ("優良 顧客", "優良_顧客"),
        ("../../etc/passwd", "etc_passwd"),
        ("CON", "con_"),
        ("//", "segment"),
    ],
)
def test_slugs_are_safe_file_names(name: str, slug: str) -> None:
    assert slugs([name]) == {name: slug}


@given(st.lists(st.text(max_size=8), unique=True, max_size=12))
def test_slugs_never_collide(names: list[str]) -> None:
    given_slugs = slugs(names)
    assert len(set(given_slugs.values())) == len(names)
    assert all("/" not in slug and "." not in slug and slug for slug in given_slugs.values())
