"""What follows the town: block and building."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custseg.cleanse.standardize.japan_address.block import read_rest, split_rest

CASES = [
    ("1丁目2番3号", "1-2-3", ""),
    ("一丁目二番三号", "1-2-3", ""),
    ("1丁目二番3号", "1-2-3", ""),
    ("二―八―一", "2-8-1", ""),
    ("三ー二十四ー五サンハイツ301", "3-24-5", "サンハイツ301"),
    ("千二百三十四", "1234", ""),
    ("千百番地", "1100", ""),
    ("655番地1", "655-1", ""),
    ("12番地の3", "12-3", ""),
    ("十四番地の三", "14-3", ""),
    ("2-1の5", "2-1-5", ""),
    ("6-1・2", "6-1・2", ""),
    ("2丁3-25", "2-3-25", ""),
    ("1 - 2 - 3", "1-2-3", ""),
    ("1丁目 2番 3号", "1-2-3", ""),
    ("15-", "15", ""),
    # A 丁目 alone is not the number of a block.
    ("2丁目", "2丁目", ""),
    ("一丁目", "1丁目", ""),
    ("二丁目三井ビル5階", "2丁目", "三井ビル5階"),
    # Where the block ends and the building begins.
    ("3丁目1番3号ノースゲートビル15F", "3-1-3", "ノースゲートビル15F"),
    ("1丁目5番23号1丁目マンション301", "1-5-23", "1丁目マンション301"),
    ("9番地7千代田21ビル7階", "9-7", "千代田21ビル7階"),
    ("6-10-1六本木ヒルズ", "6-10-1", "六本木ヒルズ"),
    ("1-2-3三井ビル", "1-2-3", "三井ビル"),
    ("3-5-7 第2山田ビル", "3-5-7", "第2山田ビル"),
    ("1-2-3 405", "1-2-3", "405"),
    ("1-2-405号室", "1-2", "405号室"),
    ("1-2-3F", "1-2", "3F"),
    ("1-2-3-B101", "1-2-3", "B101"),
    ("1-2-3 A", "1-2-3", "A"),
    ("1-2-3A", "1-2-3A", ""),
    ("1-2-3-A", "1-2-3-A", ""),
    ("1-5-3-401", "1-5-3-401", ""),
    ("1番2-403号", "1-2-403", ""),
    ("488番地 101", "488", "101"),
    ("488番地 2", "488-2", ""),
    ("25-33 A棟,25-2 B棟", "25-33", "A棟,25-2 B棟"),
    ("3号棟401", "", "3号棟401"),
    ("1番街201", "", "1番街201"),
    ("5番館", "", "5番館"),
    ("三番町ビル", "", "三番町ビル"),
    ("丸の内ビル12階", "", "丸の内ビル12階"),
    ("田中様方", "", "田中様方"),
    # Names before the number.
    ("字平山14番地1", "字平山14-1", ""),
    ("山本8", "山本8", ""),
    ("館ノ内12-3", "館ノ内12-3", ""),
    ("三の丸2-1", "三の丸2-1", ""),
    ("甲123-4", "甲123-4", ""),
    ("123番地イ", "123-イ", ""),
    ("123番地のイ", "123-イ", ""),
    ("三五十", "三五十", ""),
    ("無番地", "無番地", ""),
    ("10-1先", "10-1先", ""),
    # Roads, lots and directions inside the number.
    ("第2地割70番地1", "第2地割70-1", ""),
    ("東1線北12号3番地", "東1線北12号3番地", ""),
    ("3丁目中5-19", "3丁目中5-19", ""),
    ("1丁目南8-1", "1丁目南8-1", ""),
]


@pytest.mark.parametrize(("rest", "block", "building"), CASES)
def test_split(rest: str, block: str, building: str) -> None:
    assert split_rest(rest) == (block, building)


@pytest.mark.parametrize(("rest", "block", "building"), CASES)
def test_what_was_written_reads_the_same(rest: str, block: str, building: str) -> None:
    again = f"{block} {building}" if block and building else block + building
    assert split_rest(again) == (block, building)


@given(
    st.integers(1, 40),
    st.integers(1, 99),
    st.integers(1, 99),
    st.text(st.characters(categories=("Lu", "Ll", "Lo"), max_codepoint=0xFFFF), max_size=12),
)
def test_a_building_behind_a_space_is_kept_whole(a: int, b: int, c: int, name: str) -> None:
    assert split_rest(f"{a}丁目{b}番{c}号 {name}") == (f"{a}-{b}-{c}", name)


@given(
    st.text("1234一二三十百丁目番地号のノ-ー 　室階F棟館街字甲イA・北線条先地割(ビル", max_size=14)
)
def test_any_text_is_split_without_losing_a_letter(rest: str) -> None:
    block, building = split_rest(rest)
    kept = block + building
    for letter in "室階F棟館街字甲イA北線条先割(ビル":
        assert kept.count(letter) == rest.count(letter)


@given(st.text("12一二丁目番地号の-ー 室階F山アA", max_size=12))
def test_the_usual_form_is_read_as_any_other(rest: str) -> None:
    assert split_rest(rest) == read_rest(rest)


@given(
    st.sampled_from(["", "4丁目"]),
    st.lists(st.integers(1, 99).map(str), min_size=1, max_size=4).map("-".join),
    st.sampled_from(
        ["", "番", "番地", "番5", "番地5", "番5号", "番地5号", "番地の5", "番町", "号"]
    ),
    st.sampled_from(["", " コーポ山田203", " 号室", " 番地", " の1", " 1-2", " F", "F", " -3"]),
)
def test_usual_forms_are_read_as_any_other(chome: str, numbers: str, unit: str, end: str) -> None:
    rest = chome + numbers + unit + end
    assert split_rest(rest) == read_rest(rest)
