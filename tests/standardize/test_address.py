"""Japanese addresses: read against the postal data, completed, checked, never guessed."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custseg.cleanse.standardize.address import PARTS, standardize_address
from custseg.cleanse.standardize.base import Cell, Context, Status
from custseg.cleanse.standardize.japan_address.cell import tidy
from custseg.cleanse.standardize.japan_address.gazetteer import PREFECTURES, gazetteer
from custseg.cleanse.standardize.japan_address.numerals import (
    NUMERALS,
    number_of,
    numeral_of,
    written_forms,
)
from custseg.cleanse.standardize.japan_address.parse import Address, parse
from custseg.cleanse.standardize.japan_address.spelling import HYPHENS, PLACE_FORMS, fold_place
from custseg.cleanse.standardize.text import clean
from custseg.resources.postal import postal_table

SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")


def read(text: str) -> Address:
    return parse(SELECTORS.sub("", clean(text)[0]))


def cell(value: str, **row: str) -> Cell:
    return standardize_address(value, Context(), **row)


def parts(found: Cell) -> dict[str, str]:
    return {name: part for name, part in zip(PARTS, found.parts, strict=False) if part}


@pytest.mark.parametrize(
    ("written", "value", "reason"),
    [
        (
            "千代田区丸ノ内1-2-3 丸の内ビル12階",
            "東京都千代田区丸の内1-2-3 丸の内ビル12階",
            "prefecture_added",
        ),
        ("東京 千代田区 丸の内 1-2-3", "東京都千代田区丸の内1-2-3", None),
        ("東京都千代田区丸の内一丁目２番３号", "東京都千代田区丸の内1-2-3", None),
        ("北区平野上柳町61-1", "京都府京都市北区平野上柳町61-1", "prefecture_added"),
        ("大阪府北区梅田3-1-3", "大阪府大阪市北区梅田3-1-3", "city_added"),
        ("横浜市みなとみらい2-2-1", "神奈川県横浜市西区みなとみらい2-2-1", "ward_added"),
        ("長野原町長野原1340-1", "群馬県吾妻郡長野原町長野原1340-1", "county_added"),
        ("埼玉県川越富士見町9-2", "埼玉県川越市富士見町9-2", "city_added"),
        ("京都府京都市 下京区上之町999", "京都府京都市下京区上之町999", None),
        ("吾妻郡 長野原町 大字 長野原1340", "群馬県吾妻郡長野原町長野原1340", "prefecture_added"),
        ("北海道札幌市中央区北３条西６丁目1", "北海道札幌市中央区北三条西6-1", None),
        ("札幌市中央区北3西6-1", "北海道札幌市中央区北三条西6-1", "prefecture_added"),
        ("北海道帯広市西十八条南３７－１－６", "北海道帯広市西十八条南37-1-6", None),
        ("東京都千代田区１番町１", "東京都千代田区一番町1", None),
        ("中央区八重洲二丁目1-1", "東京都中央区八重洲2-1-1", "prefecture_added"),
        ("和歌山県和歌山市7番町19", "和歌山県和歌山市七番丁19", None),
        ("東京都葛\U000e0100飾区立石5-13-1", "東京都葛飾区立石5-13-1", None),
        ("長野県長野市川中島町大字上氷鉋1368", "長野県長野市川中島町上氷鉋1368", None),
        ("滋賀県長浜市木之本西山123", "滋賀県長浜市木之本町西山123", None),
        (
            "京都市上京区下立売通新町西入薮ノ内町",
            "京都府京都市上京区下立売通新町西入藪之内町",
            "prefecture_added",
        ),
        (
            "京都府京都市下京区忠庵町柳馬場通松原下ル（忠庵町）３１６",
            "京都府京都市下京区柳馬場通松原下る忠庵町316",
            None,
        ),
        ("〒100-0005　東京都千代田区丸の内1-2-3", "東京都千代田区丸の内1-2-3", None),
        ("神奈川県横浜市緑区鴨居町2400", "神奈川県横浜市緑区鴨居町2400", None),
        ("東京都千代田区", "東京都千代田区", "town_missing"),
        ("岐阜県岐阜市薮田1番", "岐阜県岐阜市薮田1", "town_unknown"),
    ],
)
def test_whole_addresses(written: str, value: str, reason: str | None) -> None:
    found = cell(written)
    assert (found.value, found.reason) == (value, reason)
    assert found.status == (Status.VALID if value == written else Status.STANDARDIZED)


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("府中市", "city_ambiguous"),
        ("北区1-2-3", "city_ambiguous"),
        ("栄町3-5-7", "city_ambiguous"),
        ("横浜市1-2", "ward_ambiguous"),
        ("大阪府横浜市西区みなとみらい2-2-1", "prefecture_conflict"),
    ],
)
def test_doubt_leaves_the_cell_as_it_is(written: str, reason: str) -> None:
    found = cell(written)
    assert (found.value, found.status, found.reason) == (written, Status.AMBIGUOUS, reason)
    assert "town" not in parts(found)


@pytest.mark.parametrize("written", ["あああ", "山田 太郎", "１２３", "東京都"])
def test_no_address(written: str) -> None:
    found = cell(written)
    assert (found.value, found.status, found.reason) == (written, Status.INVALID, "city_unknown")


def test_a_ward_that_is_gone_is_replaced_where_the_town_tells() -> None:
    found = cell("静岡県浜松市中区板屋町111-2")
    assert found.value == "静岡県浜松市中央区板屋町111-2"
    assert (found.status, found.reason) == (Status.CORRECTED, "ward_changed")


def test_a_town_one_character_off_is_proposed_not_changed() -> None:
    found = cell("東京都千代田区丸の中1-2-3")
    assert (found.value, found.status) == ("東京都千代田区丸の中1-2-3", Status.SUGGESTED)
    assert found.suggestion == "東京都千代田区丸の内1-2-3"


@pytest.mark.parametrize(
    ("written", "row", "value", "status", "reason"),
    [
        (
            "府中市",
            {"postal_code": "183-0055"},
            "東京都府中市",
            Status.STANDARDIZED,
            "prefecture_added",
        ),
        (
            "丸の内1-2-3",
            {"postal_code": "100-0005"},
            "東京都千代田区丸の内1-2-3",
            Status.STANDARDIZED,
            "city_added",
        ),
        # What the row has in columns of its own is not said twice.
        (
            "丸ノ内1-2-3",
            {"prefecture": "東京", "city": "千代田区"},
            "丸の内1-2-3",
            Status.STANDARDIZED,
            None,
        ),
        ("府中市", {"prefecture": "広島県"}, "府中市", Status.VALID, None),
        ("1-2-3", {"prefecture": "東京都", "city": "千代田区"}, "1-2-3", Status.VALID, None),
        # Contradictions are flagged, and nothing is overwritten.
        (
            "千代田区丸ノ内1-2-3",
            {"prefecture": "大阪府"},
            "千代田区丸ノ内1-2-3",
            Status.AMBIGUOUS,
            "prefecture_conflict",
        ),
        (
            "東京都千代田区丸ノ内1",
            {"city": "港区"},
            "東京都千代田区丸ノ内1",
            Status.AMBIGUOUS,
            "city_conflict",
        ),
        (
            "東京都千代田区丸ノ内1",
            {"postal_code": "530-0001"},
            "東京都千代田区丸ノ内1",
            Status.AMBIGUOUS,
            "postal_conflict",
        ),
        (
            "〒100-0005東京都千代田区丸の内1",
            {"postal_code": "100-0013"},
            "〒100-0005東京都千代田区丸の内1",
            Status.AMBIGUOUS,
            "postal_conflict",
        ),
        (
            "〒530-0001東京都千代田区丸の内1",
            {},
            "〒530-0001東京都千代田区丸の内1",
            Status.AMBIGUOUS,
            "postal_conflict",
        ),
        # An office's own code, and a code nobody knows, contradict nothing.
        (
            "東京都千代田区丸の内1",
            {"postal_code": "100-8111"},
            "東京都千代田区丸の内1",
            Status.VALID,
            None,
        ),
        (
            "東京都千代田区丸の内1",
            {"postal_code": "999-9999"},
            "東京都千代田区丸の内1",
            Status.VALID,
            None,
        ),
    ],
)
def test_the_row_as_evidence(
    written: str, row: dict[str, str], value: str, status: Status, reason: str | None
) -> None:
    found = cell(written, **row)
    assert (found.value, found.status, found.reason) == (value, status, reason)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("東京都千代田区丸の内1-2-3", "100-0005"),
        ("北海道札幌市中央区大通西5丁目1", "060-0042"),
        ("北海道札幌市中央区大通西21丁目1-5", "064-0820"),
        ("東京都新宿区西早稲田3-17-23", "169-0051"),
        ("東京都千代田区霞が関3-2-5", "100-0013"),
        ("東京都千代田区霞が関3-2-5 霞が関ビルディング18階", "100-6018"),
        ("京都市下京区七条通新町西入夷之町707", "600-8310"),
        ("愛知県豊橋市高師町小野1-2", "441-8156"),
        ("山梨県北都留郡小菅村700", "409-0211"),
        ("東京都神津島村123", "100-0601"),
        ("岡谷市12-3", "394-0091"),
        # Not certain: which of several codes it is, or whether the town exists.
        ("京都市下京区夷之町707", None),
        ("北海道札幌市中央区大通西21", None),
        ("岡谷市", None),
        ("東京都西多摩郡檜原村467-1", None),
        ("東京都千代田区丸の中1-2-3", None),
    ],
)
def test_a_missing_postal_code_is_given_where_it_is_certain(written: str, code: str | None) -> None:
    assert parts(cell(written)).get("postal_code") == code


@given(
    st.sampled_from(PREFECTURES),
    st.text("縺繧繝螟東京都府山川０１-－ー１2２一丁目ケヶァａA 　、", max_size=16),
)
def test_the_quick_way_to_tidy_is_the_long_one(prefecture: str, rest: str) -> None:
    text, reason = clean(prefecture + rest)
    assert tidy(prefecture + rest) == (SELECTORS.sub("", text).strip(), reason)


# -- Published data ------------------------------------------------------------------------


def bare(town: str) -> str:
    """A town without 大字 and with its numbers in digits, in folded spelling."""
    digits = re.sub(
        f"[{NUMERALS}]+", lambda run: str(number_of(run[0]) or run[0]), fold_place(town)
    )
    return re.sub("^(?:大字|字)", "", digits)


def bare_rest(rest: str) -> str:
    """Block and building without separators and units, numbers in digits."""
    text = re.sub(f"[{re.escape(HYPHENS)}]", "-", clean(rest)[0])
    text = re.sub(f"[{NUMERALS}]+", lambda run: str(number_of(run[0]) or run[0]), text)
    return re.sub(r"[ ,.、・()-]|号|丁目?|番地?", "", text)


CHOME = re.compile(f"([{NUMERALS}]+)(?:丁目|丁)$")


def test_published_addresses(shared_data: Path) -> None:
    """Prefecture, city, town and block of the published answers.

    The answers write the 丁目 into the town; here it begins the block, and is compared there. A
    town of which the postal data has only the first part (木津池田: 木津) counts where the rest
    of its name begins the block. The rest of the line (building) has to be there as well.
    """
    with (shared_data / "japan" / "addresses.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    wrong: Counter[str] = Counter()
    for row in rows:
        found = read(row["住所"])
        wrong["prefecture"] += found.prefecture != row["都道府県"]
        wrong["city"] += fold_place(found.city) != fold_place(row["市区町村"])
        town, chome = row["町字"], ""
        if (numbered := CHOME.search(town)) and bare(found.town) != bare(town):
            town, chome = town[: numbered.start()], f"{number_of(numbered[1])}-"
        known = bool(found.town) and bare(town).startswith(bare(found.town))
        inner = "" if bare(town) == bare(found.town) else town[len(found.town) :]
        known = known and bare(found.block).startswith(bare(inner))
        wrong["town"] += not known
        answer = bare_rest(f"{inner}{chome}{row['番地号']}{row['その他']}")
        wrong["block"] += not known or bare_rest(found.block + found.building) != answer
    right = {name: 1 - wrong[name] / len(rows) for name in ("prefecture", "city", "town", "block")}
    assert len(rows) == 3656
    assert right["prefecture"] == right["city"] == 1
    assert right["town"] >= 0.9978
    assert right["block"] >= 0.9978


UNKNOWABLE = {
    "岐阜県岐阜市薮田1番": "only 薮田中, 薮田東, 薮田西 and 薮田南 have postal codes",
}
"""Published cases that a base of towns cannot know, and why."""


DESIGNATION = re.compile("字|丁目")


def published_cases(folder: Path) -> Iterator[dict[str, str]]:
    for path in sorted((folder / "japan" / "address_cases").glob("*.csv")):
        lines = path.read_text(encoding="utf-8").splitlines()
        yield from csv.DictReader(line for line in lines if not line.startswith("#"))


def test_published_cases(shared_data: Path) -> None:
    failures = {}
    count = 0
    for case in published_cases(shared_data):
        count += 1
        found = read(case["address"])
        got = bare(found.town) + bare_rest(found.block + found.building)
        answer = bare(case["town"]) + bare_rest(case["rest"])
        if (
            found.prefecture != case["prefecture"]
            or fold_place(found.city) != fold_place(case["city"])
            or not found.town_known
            or not bare(case["town"]).startswith(bare(found.town))
            or DESIGNATION.sub("", got) != DESIGNATION.sub("", answer)
        ):
            failures[case["address"]] = (found, case)
    assert count == 264
    assert set(failures) == set(UNKNOWABLE), failures


# -- Every town of the postal data ---------------------------------------------------------

TOWNS = [
    (row["prefecture"], row["city"], row["town"])
    for row in postal_table(readings=False).select(["prefecture", "city", "town"]).to_pylist()
    if row["town"]
]
NUMBERS = st.tuples(st.integers(1, 9), st.integers(1, 120), st.integers(1, 60))
BUILDINGS = st.sampled_from(
    ["", "コーポ山田203号室", "第一三番館2F", "丸山ビル3階", "101", "田中様方"]
)


def number_writings(a: int, b: int, c: int) -> list[str]:
    kanji = [numeral_of(number) for number in (a, b, c)]
    return [
        f"{a}-{b}-{c}",
        f"{a}丁目{b}番{c}号",
        f"{a}丁目{b}番地の{c}",
        f"{a}－{b}－{c}",
        "{}丁目{}番{}号".format(*kanji),
        "{}ー{}ー{}".format(*kanji),
    ]


def place_writings(prefecture: str, city: str, town: str) -> list[str]:
    county, _, without = city.partition("郡")
    ward = city.partition("市")[2] if city.endswith("区") else ""
    return [
        f"{prefecture}{city}{town}",
        f"{city}{town}",
        f"{prefecture} {city} {town}",
        f"{prefecture}{city}大字{town}",
        f"{prefecture}{city}{town}".replace("ケ", "ヶ").replace("沢", "澤"),
        *([f"{without}{town}"] if county and without and city[-1] in "町村" else []),
        *([f"{ward}{town}"] if ward else []),
    ]


@settings(max_examples=400, deadline=None)
@given(
    st.sampled_from(TOWNS),
    st.integers(0, 6),
    NUMBERS,
    st.integers(0, 5),
    BUILDINGS,
    st.sampled_from([" ", "\u3000"]),
)
def test_every_writing_of_a_town_reads_the_same_or_is_in_doubt(
    place: tuple[str, str, str],
    writing: int,
    numbers: tuple[int, int, int],
    number_writing: int,
    building: str,
    space: str,
) -> None:
    writings = place_writings(*place)
    head = writings[writing % len(writings)]
    end = f"{space}{building}" if building else ""
    found = read(head + number_writings(*numbers)[number_writing] + end)
    if not found.certain:
        assert found.reason in ("city_ambiguous", "ward_ambiguous")
        assert not head.startswith(place[0])
        return
    block = "-".join(map(str, numbers))
    assert found[:5] == (*place, block, building)


@settings(max_examples=400, deadline=None)
@given(
    st.sampled_from(TOWNS),
    st.integers(0, 6),
    st.text("12一二丁目番地号の-ー 字山ビル室階F上る西入東甲イ条線・方様", max_size=12),
)
def test_reading_what_was_written_changes_nothing_and_loses_nothing(
    place: tuple[str, str, str], writing: int, rest: str
) -> None:
    writings = place_writings(*place)
    written = writings[writing % len(writings)] + rest
    first = cell(written)
    assert first.value is not None
    second = cell(first.value)
    assert second.value == first.value
    if first.status in (Status.VALID, Status.STANDARDIZED):
        assert (second.status, second.parts) == (Status.VALID, first.parts)
        kept = letters("".join(part or "" for part in first.parts))
        assert not letters(written) - kept


SEPARATING = re.compile(
    "大字|字|丁目|番地|[上下]ケ?ル|入ル|"
    f"[{re.escape(HYPHENS)}丁番号ノ, 、.・〒0-9{NUMERALS}ケツ郡町]"
)
"""What may go: units and separators, small words, and the digits that numerals become."""


def letters(text: str) -> Counter[str]:
    return Counter(SEPARATING.sub("", fold_place(clean(text)[0])))


# -- Tables ----------------------------------------------------------------------------------


def test_folding_keeps_places_and_joins_every_group() -> None:
    for group in PLACE_FORMS:
        assert len({fold_place(form) for form in group}) == 1
    text = "".join(PLACE_FORMS)
    assert len(fold_place(text)) == len(text)
    assert fold_place(fold_place(text)) == fold_place(text)


def test_towns_that_fold_to_the_same_are_told_apart_by_their_spelling() -> None:
    base = gazetteer()
    same = [
        (city, towns)
        for number, city in enumerate(base.cities)
        for towns in base.towns(number).entries.values()
        if len(towns) > 1
    ]
    assert same
    for city, towns in same:
        for town in towns:
            assert read(f"{city.prefecture}{city.name}{town}12").town == town


@pytest.mark.parametrize(
    ("town", "forms"),
    [
        ("北十条西", {"北10条西", "北10西", "北一〇条西"}),
        ("一番町", {"1番町"}),
        ("八重洲", set()),
        ("三重", set()),
        ("東12線北", {"東十二線北"}),
    ],
)
def test_numbers_in_names(town: str, forms: set[str]) -> None:
    assert written_forms(town) == forms


@given(st.integers(1, 9999))
def test_numerals_read_back(number: int) -> None:
    assert number_of(numeral_of(number)) == number
