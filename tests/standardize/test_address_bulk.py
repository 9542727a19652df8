"""Japanese addresses a column at a time, held to what the reader of one address says."""

from __future__ import annotations

import csv
import os
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from custseg.cleanse.standardize.address import PARTS, shortcut, standardize_address
from custseg.cleanse.standardize.base import Context
from custseg.cleanse.standardize.japan_address.gazetteer import gazetteer
from custseg.resources.postal import postal_table

EXAMPLES = 5_000 if os.environ.get("CUSTSEG_LONG") else 300
Row = tuple[str, str, str, str, str]
"""An address, and what stands beside it: postal code, prefecture, city, country."""


def check(rows: Sequence[Row]) -> int:
    """Compare every address that was settled with the slow reader; give how many were."""
    columns = [pa.array(cells, pa.string()) for cells in zip(*rows, strict=True)]
    values, *beside = columns
    settled = shortcut(values, Context(), *beside)
    assert settled.reason is not None
    for at in settled.mask.nonzero()[0].tolist():
        value, *cells = rows[at]
        cell = standardize_address(value, Context(), *cells)
        assert (settled.value[at].as_py(), settled.status[at]) == (cell.value, cell.status)
        assert settled.reason[at].as_py() == cell.reason, rows[at]
        assert (cell.suggestion, cell.also) == (None, ()), rows[at]
        given_parts = [part[at].as_py() for part in settled.parts]
        assert given_parts == [*cell.parts, *[None] * (len(PARTS) - len(cell.parts))], rows[at]
    return int(settled.mask.sum())


def alone(*values: str) -> list[Row]:
    return [(value, "", "", "", "") for value in values]


def test_usual_writings_are_settled() -> None:
    usual = (
        "東京都千代田区丸の内1-2-3",
        "千代田区丸ノ内１丁目２番３号",
        "東京都千代田区丸の内1-2-3　丸の内ビル12階",
        "京都府京都市左京区岩倉長谷町1234番地",
        "東京都千代田区霞が関3-2-5 霞が関ビルディング18階",
        "京都市下京区七条通新町西入夷之町707",
        "長野県長野市川中島町大字上氷鉋1368",
        "大阪府大阪市北区梅田3番1号 なし",
    )
    assert check(alone(*usual)) == len(usual)
    beside = ("丸の内1-2-3", "100-0005", "", "", "")
    assert check([(usual[0], "１０００００５", "東京", "千代田区", "日本"), beside]) == 1


def test_doubt_and_unusual_writings_are_left_to_the_reader_of_one_address() -> None:
    unusual = (
        "北海道札幌市中央区北1条西6-1",
        "北海道札幌市西区西野10条1-2",
        "京都市中京区寺町通御池上る1丁目5",
        "東京都千代田区丸の内一丁目2番3号",
        "東京都千代田区 丸の内1-2-3",
        "〒東京都千代田区丸の内1-2-3",
        "東京都千代田区丸の中1-2-3",
        "府中市1-2",
        "静岡県浜松市中区板屋町111-2",
        "東京都千代田区丸の内1-2-3 の1",
        "東京都千代田区丸の内1-2-3丸の内ビル",
        "あ1",
        "1-2-3",
    )
    assert check(alone(*unusual)) == 0
    conflict = ("東京都千代田区丸の内1-2-3", "530-0001", "", "", "")
    abroad = ("東京都千代田区丸の内1-2-3", "", "", "", "China")
    assert check([conflict, abroad]) == 0


def test_published_addresses(shared_data: Path) -> None:
    with (shared_data / "japan" / "addresses.csv").open(encoding="utf-8") as file:
        assert check(alone(*(row["住所"] for row in csv.DictReader(file)))) > 1_000


TOWNS = [
    (row["prefecture"], row["city"], row["town"], row["postal_code"])
    for row in postal_table(readings=False).to_pylist()
]


def test_a_town_of_every_kind() -> None:
    """Every hundredth town, with and without its prefecture, before numbers that may be its own."""
    rows = [
        (f"{head}{number}", code if at % 3 else "", "", "", "")
        for at, (prefecture, city, town, code) in enumerate(TOWNS[::97])
        for head in (f"{prefecture}{city}{town}", f"{city}{town}")
        for number in ("1-2-3", "10条2-3", "2丁目5番地 グランドハイツ101")
    ]
    assert check(rows) > len(rows) / 2


def numbered_towns() -> list[str]:
    """Heads behind which a digit may still belong to the name of a town."""
    base = gazetteer()
    return [
        f"{place.prefecture}{place.name}{before}"
        for number, place in enumerate(base.cities)
        for before in base.towns(number).before_digits
    ]


head = st.one_of(
    st.sampled_from(TOWNS).map(lambda town: "".join(town[:3])),
    st.sampled_from(TOWNS).map(lambda town: "".join(town[1:3])),
    st.sampled_from(TOWNS).map(lambda town: town[1].partition("市")[2] + town[2]),
    st.sampled_from(TOWNS).map(lambda town: f"{town[0]}{town[1]}大字{town[2]}"),
    st.sampled_from(TOWNS).map(lambda town: "".join(town[:3]).replace("ケ", "ヶ")),
    st.sampled_from(numbered_towns()),
    st.sampled_from(["京都市中京区寺町通御池上る", "京都市下京区七条通新町西入", "府中市", "北区"]),
)
number = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(["", "1丁目", "１丁目", "10条", "2丁目の", "三丁目"]),
    st.sampled_from(["1", "12", "１２", "7", "1番町", "3番4号", "3番地", "3番地4", "5号線"]),
    st.sampled_from(["", "-3", "－３", "-3-4", "の2", "ー5", "先", "A"]),
    st.sampled_from(
        ["", " コーポ山田203号室", "　メゾン", " の1", " なし", "ビル", " 字本町", " 団地 1"]
    ),
)
row = st.tuples(
    st.builds("{}{}{}".format, head, st.sampled_from(["", "字山田", "町", " "]), number),
    st.one_of(st.just(""), st.sampled_from(TOWNS).map(lambda town: town[3]), st.just("1000005")),
    st.sampled_from(["", "", "東京", "京都府", "北海道"]),
    st.sampled_from(["", "", "千代田区", "北区", "札幌市"]),
    st.sampled_from(["", "Japan", "CN"]),
)


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.lists(row, min_size=1, max_size=20))
def test_the_column_is_the_cell(rows: list[Row]) -> None:
    check(rows)
